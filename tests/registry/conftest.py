"""What every test of the registry room starts from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import pytest

from gate.registry.bounds import Bounds
from gate.registry.client import RegistryClient
from gate.registry.configuration import RegistryConfiguration
from gate.registry.http.exchange import Exchange
from gate.registry.login.credentials import ANONYMOUS, Logins
from tests.builders.authorities import authority
from tests.fakes.registry import FakeRegistry

__all__ = ["authority"]  # a fixture, for the tests of certificates

FAST = Bounds(request_seconds=5, try_seconds=2)


@pytest.fixture
def fake() -> Iterator[FakeRegistry]:
    with FakeRegistry() as registry:
        yield registry


class ClientOf(Protocol):
    def __call__(
        self,
        *hosts: str,
        logins: Logins = ANONYMOUS,
        bounds: Bounds = FAST,
        slept: list[float] | None = None,
        private: frozenset[str] = frozenset(),
    ) -> RegistryClient: ...


@pytest.fixture
def client_of() -> Iterator[ClientOf]:
    """Make clients that may ask hosts over plain http and never sleep."""
    made: list[RegistryClient] = []

    def make(
        *hosts: str,
        logins: Logins = ANONYMOUS,
        bounds: Bounds = FAST,
        slept: list[float] | None = None,
        private: frozenset[str] = frozenset(),
    ) -> RegistryClient:
        configuration = RegistryConfiguration(
            insecure_hosts=frozenset(hosts), private_hosts=private, bounds=bounds
        )
        exchange = Exchange(configuration, sleep=([] if slept is None else slept).append)
        made.append(RegistryClient(configuration, logins=logins, exchange=exchange))
        return made[-1]

    yield make
    for client in made:
        client.close()
