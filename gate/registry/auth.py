"""Tokens: which host may hear which credentials, and for how long an answer holds.

https://distribution.github.io/distribution/spec/auth/token/
"""

from __future__ import annotations

import base64
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

import httpx

from gate.errors import RegistryError
from gate.registry.challenge import Challenge, parse_challenge
from gate.registry.codes import Code
from gate.registry.configuration import RegistryConfiguration
from gate.registry.credentials import Login, Logins
from gate.registry.exchange import Exchange
from gate.registry.locations import authority, join
from gate.registry.question import Answer, Question
from gate.registry.wire import errors, parse_object, quote

_TOKEN: Final = re.compile(r"[\x21-\x7e]{1,65536}")
_UNSAID_LIFE: Final = 60
"""Seconds that a token holds where its server does not say."""
_LONGEST_LIFE: Final = 3600
_MARGIN: Final = 10


@dataclass(frozen=True, slots=True)
class Scope:
    """What a token is for: one repository, and what is done there."""

    host: str
    repository: str
    """As the registry calls it, without the host."""
    actions: str
    """`pull` or `pull,push`."""

    def __str__(self) -> str:
        """Return it as token servers read it."""
        return f"repository:{self.repository}:{self.actions}"


class Authorizer:
    """Knows what to send to each host. Used from several threads.

    Each token is fetched once, however many threads wait for it, and is for one repository:
    scopes never pile up.
    """

    def __init__(
        self,
        exchange: Exchange,
        logins: Logins,
        configuration: RegistryConfiguration,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take what to ask with, and who we are."""
        self._exchange = exchange
        self._logins = logins
        self._configuration = configuration
        self._clock = clock
        self._lock = threading.Lock()
        self._challenges: dict[str, Challenge | None] = {}
        self._flights: dict[object, threading.Lock] = {}
        self._tokens: dict[Scope, tuple[str, float]] = {}

    def ask(self, scope: Scope, send: Callable[[str | None], Answer]) -> Answer:
        """Send a question with what the host wants to see, asking for a token where needed.

        One refusal is answered with a fresh token, and only where it came from the host
        that was asked. Raises RegistryError.
        """
        used: str | None = None
        if scope.host not in self._challenges:
            with self._flight(scope.host):
                if scope.host not in self._challenges:
                    return self._first(scope, send)
        used = self._authorization(scope, stale=None)
        answer = send(used)
        return self._again(scope, answer, used, send) if _refused(answer, used) else answer

    def who(self, scope: Scope) -> str:
        """Return, for a host that asked and still refuses, whether a login is known for it."""
        if self._challenges.get(scope.host) is None:
            return ""  # nobody was asked for a login yet, and none could have been used
        known = self._logins.find(scope.host, scope.repository) is not None
        return f", {'though a' if known else 'and no'} login is known for {scope.host}"

    def _first(self, scope: Scope, send: Callable[[str | None], Answer]) -> Answer:
        answer = send(None)
        if not _refused(answer, None):
            with self._lock:
                self._challenges.setdefault(scope.host, None)
            return answer
        return self._again(scope, answer, None, send)

    def _again(
        self,
        scope: Scope,
        answer: Answer,
        used: str | None,
        send: Callable[[str | None], Answer],
    ) -> Answer:
        if authority(answer.url) != scope.host:
            return answer  # a host that we were sent to may ask, and gets nothing
        if answer.status == httpx.codes.UNAUTHORIZED:
            challenge = parse_challenge(answer.headers.get("www-authenticate", ""), scope.host)
            with self._lock:
                self._challenges[scope.host] = challenge
        authorization = self._authorization(scope, stale=used)
        return answer if authorization is None else send(authorization)

    def _authorization(self, scope: Scope, *, stale: str | None) -> str | None:
        challenge = self._challenges[scope.host]
        if challenge is None:
            return None
        login = self._logins.find(scope.host, scope.repository)
        if challenge.scheme == "basic":
            header = None if login is None else _basic(login)
            return None if header == stale else header
        with self._flight(scope):
            held = self._tokens.get(scope)
            if held is not None and held[0] != stale and self._clock() < held[1]:
                return held[0]
            fresh = self._fetch(challenge, scope, login)
            self._tokens[scope] = fresh
            return fresh[0]

    def _fetch(self, challenge: Challenge, scope: Scope, login: Login | None) -> tuple[str, float]:
        url = self._realm(challenge, scope)
        told = self._configuration.may_hear(authority(url), scope.host)
        asked = self._clock()
        answer = self._exchange.ask(self._question(url, challenge, scope, login if told else None))
        if answer.status != httpx.codes.OK:
            kept = (
                ""
                if login is None or told
                else (
                    f"; the credentials for {scope.host} were not sent there,"
                    " because the call does not name it as that registry's token server"
                )
            )
            raise denied(scope, f"{quote(authority(url))} gives no token for it{kept}")
        document = parse_object(
            answer.content, what=f"the token from {quote(authority(url))}", depth=16
        )
        token = document.get("token") or document.get("access_token")
        if not isinstance(token, str) or not _TOKEN.fullmatch(token):
            raise denied(scope, f"{quote(authority(url))} answers without a token")
        return f"Bearer {token}", asked + _life(document.get("expires_in"))

    def _question(
        self, url: httpx.URL, challenge: Challenge, scope: Scope, login: Login | None
    ) -> Question:
        most = self._configuration.bounds.token_bytes
        asked = {"service": challenge.service, "scope": str(scope)}
        if login is not None and login.identity_token:
            form = {"grant_type": "refresh_token", "client_id": "gate", **asked}
            return Question(
                url=url,
                method="POST",
                content=urlencode({**form, "refresh_token": login.identity_token}).encode(),
                content_type="application/x-www-form-urlencoded",
                most=most,
            )
        parameters = {key: value for key, value in asked.items() if value}
        return Question(
            url=url.copy_merge_params(parameters),
            authorization=None if login is None else _basic(login),
            most=most,
        )

    def _realm(self, challenge: Challenge, scope: Scope) -> httpx.URL:
        url = join(httpx.URL(self._configuration.origin(scope.host)), challenge.realm)
        plain = url is not None and (
            authority(url) in self._configuration.insecure_hosts
            and scope.host in self._configuration.insecure_hosts
        )
        if url is None or url.fragment or (url.scheme != "https" and not plain):
            raise denied(scope, "its token server is not at an https URL")
        return url

    def _flight(self, key: object) -> threading.Lock:
        with self._lock:
            return self._flights.setdefault(key, threading.Lock())


def denied(scope: Scope, why: str) -> RegistryError:
    """Return the error of a host that does not let us in."""
    return RegistryError(
        Code.DENIED,
        f"{scope.host}/{scope.repository} is not for us to {scope.actions}: {why}",
        remedy=f"Log in to {scope.host} (docker login, or GATE_REGISTRY_USERNAME and"
        " GATE_REGISTRY_PASSWORD with GATE_REGISTRY), and check that the name exists.",
    )


def _refused(answer: Answer, used: str | None) -> bool:
    """Whether an answer says that credentials are missing or no longer good."""
    if answer.status == httpx.codes.UNAUTHORIZED:
        return True
    if used is None or answer.status not in (httpx.codes.BAD_REQUEST, httpx.codes.FORBIDDEN):
        return False
    return any(
        code in ("DENIED", "UNAUTHORIZED") and "token" in message.lower()
        for code, message in errors(answer.content)
    )


def _life(said: object) -> float:
    """Return for how many seconds to use a token, a little less than its server says."""
    seconds = said if isinstance(said, int) and not isinstance(said, bool) else _UNSAID_LIFE
    life = min(max(seconds, 0), _LONGEST_LIFE)
    return life - min(_MARGIN, life / 5)


def _basic(login: Login) -> str:
    pair = f"{login.username}:{login.password}".encode()
    return f"Basic {base64.b64encode(pair).decode()}"
