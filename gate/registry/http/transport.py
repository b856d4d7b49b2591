"""Connections: checked addresses, one deadline over every byte, and proxies.

Each name is resolved here, every address of it is checked, and the connection goes to a
checked address: a name that changes between check and connect gains nothing. TLS still
proves the name. A deadline holds for reading and writing each byte, because a timeout
for each read alone never fires while a server sends a byte now and then.
"""

from __future__ import annotations

import contextlib
import contextvars
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any

import httpcore
import httpx

from gate.errors import RegistryError
from gate.registry.codes import Code
from gate.registry.configuration import RegistryConfiguration
from gate.registry.http.addresses import is_public, look_up, written
from gate.registry.http.connections import Connections
from gate.registry.wire import quote

_UNTIL: contextvars.ContextVar[float] = contextvars.ContextVar("until")


@contextlib.contextmanager
def deadline(until: float) -> Iterator[None]:
    """Bound all that this thread sends and receives inside, by the monotonic clock."""
    token = _UNTIL.set(until)
    try:
        yield
    finally:
        _UNTIL.reset(token)


def _remaining(timeout: float | None) -> float:
    remaining = _UNTIL.get() - time.monotonic()
    if remaining <= 0:
        msg = "the deadline has passed"
        raise httpcore.ReadTimeout(msg)
    return remaining if timeout is None else min(timeout, remaining)


class _Stream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _remaining(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _remaining(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, _remaining(timeout)))

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    """Connects to checked addresses only."""

    def __init__(self, configuration: RegistryConfiguration, *, unchecked: bool = False) -> None:
        self._configuration = configuration
        self._unchecked = unchecked
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            addresses = look_up(host, port, _remaining(timeout))
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(str(error)) from error
        except OSError as error:
            msg = f"name resolution failed: {error.strerror}"
            raise httpcore.ConnectError(msg) from error
        if not self._unchecked:
            check_addresses(host, port, addresses, self._configuration)
        failure: Exception = httpcore.ConnectError("the name has no address")
        for address in addresses:
            try:
                return _Stream(
                    self._inner.connect_tcp(
                        str(address), port, _remaining(timeout), local_address, socket_options
                    )
                )
            except httpcore.ConnectError as error:
                failure = error
        raise failure


def check_addresses(
    host: str, port: int, addresses: Iterable[Any], configuration: RegistryConfiguration
) -> None:
    """Refuse a host of which any address is private, unless it was named as such."""
    shown = f"[{host}]" if ":" in host else host
    named = configuration.may_be_private(f"{shown}:{port}") or (
        configuration.may_be_private(shown) and port in (80, 443)
    )
    refused = [address for address in addresses if not is_public(address)]
    if refused and not named:
        raise RegistryError(
            Code.ADDRESS_REFUSED,
            f"{quote(shown)} is at {refused[0]}, which is not a public address",
            remedy=f"If that registry is yours, name {quote(shown)}:{port} under `private` in the "
            "file of --registries, or with --plain-http if it speaks plain http: "
            f"`gate doctor {quote(shown)}:{port}` prints the lines.",
        )


class GuardedTransport(httpx.BaseTransport):
    """Sends requests over pooled, checked connections, or through the configured proxy."""

    def __init__(self, configuration: RegistryConfiguration) -> None:
        """Take the configuration; certificates that it names are read now. Nothing is connected.

        What the system trusts is read with the first question that needs it: that takes as long
        as ten questions.
        """
        self._configuration = configuration
        self._lock = threading.RLock()
        self._pools: dict[str, Connections | httpcore.ConnectionPool] = {}
        """By origin, or by scheme and proxy."""
        self._tls: ssl.SSLContext | None = None
        if configuration.ca_file is not None or configuration.client_certificate is not None:
            self._certificates("https")

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request. Raises httpcore's exceptions and RegistryError."""
        url = request.url
        port = url.port or (443 if url.scheme == "https" else 80)
        proxy = self._configuration.proxies.choose(url.scheme, url.host, port)
        if proxy:  # which resolves names itself, so that only written addresses can be checked
            check_addresses(url.host, port, written(url.host), self._configuration)
        answer = self._pool(url, proxy).handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Body(answer), request=request
        )

    def close(self) -> None:
        """Close every connection."""
        for pool in self._pools.values():
            pool.close()

    def _pool(self, url: httpx.URL, proxy: str | None) -> Connections | httpcore.ConnectionPool:
        """Return the connections to one origin, or through one proxy, which go to all of them."""
        key = f"{url.scheme}://{proxy or url.netloc.decode('ascii')}"
        with self._lock:
            if key not in self._pools:
                tls = self._certificates(url.scheme)
                self._pools[key] = self._through(proxy, tls) if proxy else self._direct(url, tls)
            return self._pools[key]

    def _certificates(self, scheme: str) -> ssl.SSLContext | None:
        """Return what certificates are held against, read once; None where http is spoken."""
        with self._lock:
            if scheme == "https" and self._tls is None:
                self._tls = self._configuration.tls()
            return self._tls

    def _direct(self, url: httpx.URL, tls: ssl.SSLContext | None) -> Connections:
        port = url.port or (443 if url.scheme == "https" else 80)
        origin = httpcore.Origin(url.raw_scheme, url.raw_host, port)
        return Connections(origin, tls, _Backend(self._configuration))

    def _through(self, url: str, tls: ssl.SSLContext | None) -> httpcore.ConnectionPool:
        parsed = httpx.Proxy(url)
        return httpcore.HTTPProxy(
            proxy_url=httpcore.URL(
                scheme=parsed.url.raw_scheme,
                host=parsed.url.raw_host,
                port=parsed.url.port,
                target=b"/",
            ),
            proxy_auth=parsed.raw_auth,
            ssl_context=tls,
            max_connections=64,
            network_backend=_Backend(self._configuration, unchecked=True),
        )


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()
