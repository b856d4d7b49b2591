"""Asking a token server for a token: where, with which credentials, and for how long it holds.

https://distribution.github.io/distribution/spec/auth/token/
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Final
from urllib.parse import urlencode

from gate.errors import RegistryError
from gate.model.expressions import expression
from gate.registry.codes import Code
from gate.registry.configuration import RegistryConfiguration
from gate.registry.http.exchange import Exchange
from gate.registry.http.question import HttpQuestion
from gate.registry.http.status import INTERNAL_SERVER_ERROR, OK
from gate.registry.http.url import Url
from gate.registry.login.challenge import Challenge
from gate.registry.login.credentials import Login
from gate.registry.login.scope import TokenScope, denied
from gate.registry.wire import parse_object, quote

_TOKEN: Final = expression(r"[\x21-\x7e]{1,65536}")
_UNSAID_LIFE: Final = 60
"""Seconds that a token holds where its server does not say."""
_LONGEST_LIFE: Final = 3600
_MARGIN: Final = 10


class TokenServers:
    """Every registry's token server."""

    def __init__(
        self,
        exchange: Exchange,
        configuration: RegistryConfiguration,
        clock: Callable[[], float],
    ) -> None:
        """Take what to ask with, where things are, and what tells the time."""
        self._exchange = exchange
        self._configuration = configuration
        self._clock = clock

    def fetch(
        self, challenge: Challenge, scope: TokenScope, login: Login | None
    ) -> tuple[str, float]:
        """Return what to send with a fresh token, and until when by the clock it holds.

        The login is sent only to a token server that may hear it. Raises RegistryError.
        """
        url = self._realm(challenge, scope)
        told = self._configuration.may_hear(url.authority, scope.host)
        asked = self._clock()
        answer = self._exchange.ask(self._question(url, challenge, scope, login if told else None))
        if answer.status != OK:
            server = quote(url.authority)
            if login is not None and not told:
                raise _kept(server, scope)
            said = f"{server} gives no token for it: HTTP {answer.status}"
            if answer.status >= INTERNAL_SERVER_ERROR:
                raise RegistryError(
                    Code.UNEXPECTED_STATUS,
                    said,
                    remedy=f"Run again; if it stays so, look at the log of {server}.",
                )
            raise denied(scope, said, login=None if login is None else True)
        document = parse_object(
            answer.content, what=f"the token from {quote(url.authority)}", depth=16
        )
        token = document.get("token") or document.get("access_token")
        if not isinstance(token, str) or not _TOKEN.fullmatch(token):
            raise RegistryError(
                Code.MALFORMED_ANSWER,
                f"{quote(url.authority)} answers without a token that can be used",
                remedy="See that the registry names the right token server: its answer holds "
                "`token` or `access_token`.",
            )
        return f"Bearer {token}", asked + _life(document.get("expires_in"))

    def _question(
        self, url: Url, challenge: Challenge, scope: TokenScope, login: Login | None
    ) -> HttpQuestion:
        most = self._configuration.bounds.token_bytes
        if login is not None and login.identity_token:
            form = {"grant_type": "refresh_token", "client_id": "gate"}
            form |= {"service": challenge.service, "scope": str(scope)}
            return HttpQuestion(
                url=url,
                method="POST",
                content=urlencode({**form, "refresh_token": login.identity_token}).encode(),
                content_type="application/x-www-form-urlencoded",
                most=most,
            )
        service = [("service", challenge.service)] if challenge.service else []
        scopes = [("scope", one) for one in str(scope).split(" ")]
        return HttpQuestion(
            url=url.asking([*service, *scopes]),
            authorization=None if login is None else basic(login),
            most=most,
        )

    def _realm(self, challenge: Challenge, scope: TokenScope) -> Url:
        url = Url.parse(self._configuration.origin(scope.host)).join(challenge.realm)
        plain = url is not None and (
            url.authority in self._configuration.insecure_hosts
            and scope.host in self._configuration.insecure_hosts
        )
        if url is None or (url.scheme != "https" and not plain):
            raise denied(scope, "its token server is not at an https URL")
        return url


def _kept(server: str, scope: TokenScope) -> RegistryError:
    """Return the error of a token server on another host, which was not sent the credentials."""
    return RegistryError(
        Code.DENIED,
        f"{server} gives no token for {scope.host}/{scope.repository}; the credentials for"
        f" {scope.host} were not sent there, because the call does not name it as that"
        " registry's token server",
        remedy="If it is that registry's own, add this line to the file of --registries: "
        f"token-servers: {{{scope.host!r}: [{server!r}]}}",
    )


def _life(said: object) -> float:
    """Return for how many seconds to use a token, a little less than its server says."""
    seconds = said if isinstance(said, int) and not isinstance(said, bool) else _UNSAID_LIFE
    life = min(max(seconds, 0), _LONGEST_LIFE)
    return life - min(_MARGIN, life / 5)


def basic(login: Login) -> str:
    """Return what says a login to a host that asks for one without a token."""
    pair = f"{login.username}:{login.password}".encode()
    return f"Basic {base64.b64encode(pair).decode()}"
