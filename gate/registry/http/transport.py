"""Who is connected to: checked addresses, TLS that proves the name, or the configured proxy.

Each name is resolved here, every address of it is checked, and the connection goes to a
checked address: a name that changes between check and connect gains nothing. TLS still
proves the name.
"""

from __future__ import annotations

import functools
import socket
import ssl
import threading
from collections.abc import Iterable
from typing import Final

from gate.errors import RegistryError
from gate.registry.codes import Code
from gate.registry.configuration import RegistryConfiguration
from gate.registry.http.addresses import Address, is_public, look_up, written
from gate.registry.http.connections import Connections
from gate.registry.http.line import SocketLine, remaining
from gate.registry.http.question import Arrival, HttpQuestion, Transport
from gate.registry.http.url import Url
from gate.registry.wire import quote


def check_addresses(
    host: str, port: int, addresses: Iterable[Address], configuration: RegistryConfiguration
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


class GuardedTransport:
    """Sends questions over kept, checked connections, or through the configured proxy."""

    def __init__(self, configuration: RegistryConfiguration) -> None:
        """Take the configuration; certificates that it names are read now. Nothing is connected.

        What the system trusts is read with the first question that needs it: that takes as long
        as ten questions.
        """
        self._configuration: Final = configuration
        self._lock = threading.RLock()
        self._ways: dict[tuple[str, ...], Transport] = {}
        """By origin, or by scheme and proxy."""
        self._tls: ssl.SSLContext | None = None
        if configuration.ca_file is not None or configuration.client_certificate is not None:
            self._certificates()

    def send(
        self, question: HttpQuestion, seconds: float, pieces: Iterable[bytes] | None = None
    ) -> Arrival:
        """Send one question. Raises RegistryError for a refused address, and what no answer is."""
        url = question.url
        proxy = self._configuration.proxies.choose(*url.origin)
        if proxy:  # which resolves names itself, so that only written addresses can be checked
            check_addresses(url.host, url.port, written(url.host), self._configuration)
        return self._way(url, proxy).send(question, seconds, pieces)

    def close(self) -> None:
        """Close every connection."""
        for way in self._ways.values():
            way.close()

    def _way(self, url: Url, proxy: str | None) -> Transport:
        """Return the connections to one origin, or through one proxy, which go to all of them."""
        key = (url.scheme, proxy or url.authority)
        found = self._ways.get(key)
        if found is None:
            with self._lock:
                found = self._ways.get(key) or self._new_way(url, proxy)
                self._ways[key] = found
        return found

    def _new_way(self, url: Url, proxy: str | None) -> Transport:
        tls = self._certificates() if url.scheme == "https" else None
        if not proxy:
            return Connections(functools.partial(self._connected, url, tls))
        from gate.registry.http.proxied import Proxied  # noqa: PLC0415  # few have a proxy

        return Proxied(proxy, tls, self._configuration.bounds.connect_seconds)

    def _certificates(self) -> ssl.SSLContext:
        """Return what certificates are held against, read once."""
        with self._lock:
            if self._tls is None:
                self._tls = self._configuration.tls()
                self._tls.set_alpn_protocols(["http/1.1"])
            return self._tls

    def _connected(self, url: Url, tls: ssl.SSLContext | None, seconds: float) -> SocketLine:
        """Connect to the first address that takes it, of a host of which every one is checked."""
        most = min(seconds, self._configuration.bounds.connect_seconds)
        addresses = look_up(url.host, url.port, remaining(most))
        check_addresses(url.host, url.port, addresses, self._configuration)
        failure: OSError = OSError("the name has no address")
        for address in addresses:
            try:
                plain = _plain(address, url.port, remaining(most))
            except TimeoutError:
                raise
            except OSError as error:
                failure = error
            else:
                return SocketLine(_prepared(plain, tls, url.host, most))
        raise failure


def _plain(address: Address, port: int, seconds: float) -> socket.socket:
    """Return a connection to an address, made within so many seconds. Raises OSError."""
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET  # noqa: PLR2004  # IPv6
    plain = socket.socket(family, socket.SOCK_STREAM)
    try:
        plain.settimeout(seconds)
        plain.connect((str(address), port))
    except BaseException:
        plain.close()
        raise
    return plain


def _prepared(
    plain: socket.socket, tls: ssl.SSLContext | None, host: str, seconds: float
) -> socket.socket:
    """Return a connection that is ready to send on: over TLS, where that is spoken."""
    try:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if tls is None:
            return plain
        plain.settimeout(remaining(seconds))
        return tls.wrap_socket(plain, server_hostname=host.encode("ascii"))
    except BaseException:
        plain.close()
        raise
