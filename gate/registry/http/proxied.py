"""Connections through a proxy, which httpcore makes: to ask it, or to tunnel through it."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import unquote

import httpcore

from gate.registry.http.addresses import look_up
from gate.registry.http.headers import by_name, sent_headers
from gate.registry.http.line import remaining
from gate.registry.http.question import Arrival, HttpQuestion
from gate.registry.http.url import Url

_MOST: Final = 64
"""Connections at the same time."""


class Proxied:
    """Asks every host through one proxy. Used from several threads."""

    def __init__(self, proxy: str, tls: ssl.SSLContext | None, connect_seconds: float) -> None:
        """Take the proxy's URL, which may name a user, and how certificates of hosts are checked.

        Raises ValueError where that is no such URL.
        """
        scheme, _, rest = proxy.partition("://")
        login, _, place = rest.rpartition("@")
        user, _, password = login.partition(":")
        at = Url.parse(f"{scheme}://{place}")
        self._connect_seconds = connect_seconds
        self._pool = httpcore.HTTPProxy(
            proxy_url=httpcore.URL(
                scheme=at.scheme.encode(), host=at.host.encode(), port=at.port, target=b"/"
            ),
            proxy_auth=(unquote(user).encode(), unquote(password).encode()) if login else None,
            ssl_context=tls,
            max_connections=_MOST,
            network_backend=_Backend(),
        )

    def send(
        self, question: HttpQuestion, seconds: float, pieces: Iterable[bytes] | None = None
    ) -> Arrival:
        """Send one question. Raises TimeoutError and httpcore's exceptions."""
        url = question.url
        timeout = dict.fromkeys(("read", "write", "pool"), seconds)
        request = httpcore.Request(
            method=question.method,
            url=httpcore.URL(
                scheme=url.scheme.encode(),
                host=url.host.encode(),
                port=url.port,
                target=url.target.encode(),
            ),
            headers=sent_headers(question, streamed=pieces is not None),
            content=question.content if pieces is None else pieces,
            extensions={"timeout": timeout | {"connect": min(seconds, self._connect_seconds)}},
        )
        with _ours():
            answer = self._pool.handle_request(request)
        return Arrival(answer.status, by_name(answer.headers), _content(answer), answer.close)

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()


def _content(answer: httpcore.Response) -> Iterator[bytes]:
    with _ours():
        yield from answer.iter_stream()


@contextlib.contextmanager
def _ours() -> Iterator[None]:
    """Say that a time ran out in Python's own words."""
    try:
        yield
    except httpcore.TimeoutException as error:
        raise TimeoutError(str(error)) from error


class _Stream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, remaining(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, remaining(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, remaining(timeout)))

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    """Connects to the proxy, whose address is for who runs this machine to say."""

    def __init__(self) -> None:
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectError("the name has no address")
        for address in look_up(host, port, remaining(timeout)):
            try:
                return _Stream(
                    self._inner.connect_tcp(
                        str(address), port, remaining(timeout), local_address, socket_options
                    )
                )
            except httpcore.ConnectError as error:
                failure = error
        raise failure
