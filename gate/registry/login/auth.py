"""What each host may hear: no credentials, a login, or a token, and for how long an answer holds.

https://distribution.github.io/distribution/spec/auth/token/
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from gate.registry.configuration import RegistryConfiguration
from gate.registry.http.exchange import Exchange
from gate.registry.http.question import HttpAnswer
from gate.registry.http.status import BAD_REQUEST, FORBIDDEN, UNAUTHORIZED
from gate.registry.login.challenge import Challenge, parse_challenge
from gate.registry.login.credentials import Logins
from gate.registry.login.scope import TokenScope
from gate.registry.login.tokens import TokenServers, basic
from gate.registry.wire import errors


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
        self._servers = TokenServers(exchange, configuration, clock)
        self._logins = logins
        self._clock = clock
        self._lock = threading.Lock()
        self._challenges: dict[str, Challenge | None] = {}
        self._flights: dict[object, threading.Lock] = {}
        self._tokens: dict[TokenScope, tuple[str, float]] = {}

    def ask(self, scope: TokenScope, send: Callable[[str | None], HttpAnswer]) -> HttpAnswer:
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

    def who(self, scope: TokenScope) -> bool | None:
        """Return, for a host that asked and still refuses, whether a login is known for it.

        None for a host that asked for no login: none could have been used.
        """
        if self._challenges.get(scope.host) is None:
            return None
        return self._logins.find(scope.host, scope.repository) is not None

    def _first(self, scope: TokenScope, send: Callable[[str | None], HttpAnswer]) -> HttpAnswer:
        answer = send(None)
        if not _refused(answer, None):
            with self._lock:
                self._challenges.setdefault(scope.host, None)
            return answer
        return self._again(scope, answer, None, send)

    def _again(
        self,
        scope: TokenScope,
        answer: HttpAnswer,
        used: str | None,
        send: Callable[[str | None], HttpAnswer],
    ) -> HttpAnswer:
        if answer.url.authority != scope.host:
            return answer  # a host that we were sent to may ask, and gets nothing
        if answer.status == UNAUTHORIZED:
            challenge = parse_challenge(answer.headers.get("www-authenticate", ""), scope.host)
            with self._lock:
                self._challenges[scope.host] = challenge
        authorization = self._authorization(scope, stale=used)
        return answer if authorization is None else send(authorization)

    def _authorization(self, scope: TokenScope, *, stale: str | None) -> str | None:
        challenge = self._challenges[scope.host]
        if challenge is None:
            return None
        login = self._logins.find(scope.host, scope.repository)
        if challenge.scheme == "basic":
            header = None if login is None else basic(login)
            return None if header == stale else header
        with self._flight(scope):
            held = self._tokens.get(scope)
            if held is not None and held[0] != stale and self._clock() < held[1]:
                return held[0]
            fresh = self._servers.fetch(challenge, scope, login)
            self._tokens[scope] = fresh
            return fresh[0]

    def _flight(self, key: object) -> threading.Lock:
        with self._lock:
            return self._flights.setdefault(key, threading.Lock())


def _refused(answer: HttpAnswer, used: str | None) -> bool:
    """Whether an answer says that credentials are missing or no longer good."""
    if answer.status == UNAUTHORIZED:
        return True
    if used is None or answer.status not in (BAD_REQUEST, FORBIDDEN):
        return False
    return any(
        code in ("DENIED", "UNAUTHORIZED") and "token" in message.lower()
        for code, message in errors(answer.content)
    )
