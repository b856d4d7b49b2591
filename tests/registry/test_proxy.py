"""Registries over https are reached through a proxy's tunnel, which shows it names and no more."""

from __future__ import annotations

import base64
import contextlib
import selectors
import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from gate.registry.bounds import Bounds
from gate.registry.client import RegistryClient
from gate.registry.configuration import RegistryConfiguration
from gate.registry.proxies import Proxies
from tests.builders.authorities import Authority, context
from tests.builders.registries import code_of, shop
from tests.fakes.registry import FakeRegistry
from tests.registry.conftest import FAST


@dataclass
class Tunnel:
    """A proxy that knows CONNECT, and remembers what it was told."""

    status: str = "200 Connected"
    port: int = 0
    heads: list[list[str]] = field(default_factory=list)

    def serve(self, ours: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head and (part := ours.recv(1)):
            head += part
        lines = head.decode().split("\r\n")
        self.heads.append(lines)
        if self.status == "silent":
            ours.recv(1)
            return
        ours.sendall(f"HTTP/1.1 {self.status}\r\n\r\n".encode())
        host, _, port = lines[0].split(" ")[1].rpartition(":")
        if self.status.startswith("200"):
            with socket.create_connection((host, int(port))) as theirs:
                _relay(ours, theirs)


def _relay(ours: socket.socket, theirs: socket.socket) -> None:
    with selectors.DefaultSelector() as waiting:
        waiting.register(ours, selectors.EVENT_READ, theirs)
        waiting.register(theirs, selectors.EVENT_READ, ours)
        while True:
            for key, _ in waiting.select():
                assert isinstance(key.fileobj, socket.socket)
                data = key.fileobj.recv(1 << 16)
                if not data:
                    return
                key.data.sendall(data)


@contextlib.contextmanager
def running(tunnel: Tunnel) -> Iterator[Tunnel]:
    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(OSError):
                tunnel.serve(self.request)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        tunnel.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield tunnel
        server.shutdown()


@pytest.fixture
def secure(authority: Authority) -> Iterator[FakeRegistry]:
    with FakeRegistry(tls=context(authority.issue("server"))) as registry:
        registry.image("acme/shop", "1.0")
        yield registry


def through(
    proxy: str, fake: FakeRegistry, authority: Authority, bounds: Bounds = FAST
) -> RegistryConfiguration:
    return RegistryConfiguration(
        private_hosts=frozenset((fake.host,)),
        ca_file=authority.certificate,
        proxies=Proxies(https=proxy),
        bounds=bounds,
    )


def test_r244_a_tunnel_is_asked_for_by_name_with_the_login_of_the_proxys_url_alone(
    secure: FakeRegistry, authority: Authority
) -> None:
    with running(Tunnel()) as tunnel:
        proxy = f"http://user:p%40ss%3A%2F@127.0.0.1:{tunnel.port}"
        with RegistryClient(through(proxy, secure, authority)) as client:
            assert client.resolve(shop(secure)).reference == shop(secure)
        (head,) = tunnel.heads
        login = base64.b64encode(b"user:p@ss:/").decode()
        assert head[0] == f"CONNECT {secure.host} HTTP/1.1"
        assert f"Proxy-Authorization: Basic {login}" in head
        assert not [line for line in head if line.lower().startswith(("authorization", "user-"))]
        (asked,) = secure.requests
        assert "proxy-authorization" not in asked.headers


@pytest.mark.parametrize("status", ["407 Login", "502 Bad", "301 Moved"])
def test_a_proxy_that_makes_no_tunnel_is_no_answer(
    secure: FakeRegistry, authority: Authority, status: str
) -> None:
    with running(Tunnel(status)) as tunnel:
        places = through(f"http://127.0.0.1:{tunnel.port}", secure, authority, Bounds(tries=1))
        with RegistryClient(places) as client:
            assert code_of(client, shop(secure)) == "unreachable"
    assert secure.requests == []


def test_a_proxy_that_says_nothing_is_given_up_in_time(
    secure: FakeRegistry, authority: Authority
) -> None:
    with running(Tunnel("silent")) as tunnel:
        short = Bounds(tries=1, try_seconds=0.1)
        places = through(f"http://127.0.0.1:{tunnel.port}", secure, authority, short)
        began = time.monotonic()
        with RegistryClient(places) as client:
            assert code_of(client, shop(secure)) == "timeout"
        assert time.monotonic() - began < 5


@pytest.mark.parametrize("proxy", ["127.0.0.1:1", "socks5://127.0.0.1:1", "http://", "http://a:b"])
def test_a_proxy_whose_url_cannot_be_read_is_no_way_past_it(
    secure: FakeRegistry, authority: Authority, proxy: str
) -> None:
    bounds = Bounds(tries=1)
    with RegistryClient(through(proxy, secure, authority, bounds)) as client:
        assert code_of(client, shop(secure)) == "unreachable"
    assert secure.requests == []
