"""Registries that a server opens anew for each question that it asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from gate.cli.reads.places import Access, configuration_of, folder_of
from gate.registry.client import RegistryClient
from gate.registry.http.exchange import Exchange
from gate.registry.http.question import Arrival, HttpQuestion, Transport
from gate.registry.http.transport import GuardedTransport
from gate.registry.login.credentials import FirstLogin, Logins
from gate.registry.login.sources import logins_from
from gate.registry.route import LayoutRegistry, RoutedRegistry


class Opener(Protocol):
    """Opens registries."""

    def __call__(self, first: Logins | None = None) -> RoutedRegistry:
        """Return registries that know nothing yet. `first` are logins that come before ours."""


def registry_opener(access: Access, *, seconds: float) -> Opener:
    """Return what opens registries anew. Raises UsageError.

    Connections and certificates are shared. What one opening fetched is forgotten with it, and
    logins are read anew, so that what changes while a server runs is seen. `seconds` bound all that
    one opening asks.
    """
    folders = dict(map(folder_of, access.layouts))
    configuration = configuration_of(access)
    bounds = replace(
        configuration.bounds,
        tries=2,
        longest_wait=1.0,
        connect_seconds=min(configuration.bounds.connect_seconds, seconds),
        try_seconds=min(configuration.bounds.try_seconds, seconds),
        request_seconds=seconds,
        run_seconds=seconds,
    )
    configuration = replace(configuration, bounds=bounds)
    shared = _Kept(GuardedTransport(configuration))

    def opened(first: Logins | None = None) -> RoutedRegistry:
        ours = logins_from(access.environ, Path.home())
        client = RegistryClient(
            configuration,
            logins=ours if first is None else FirstLogin((first, ours)),
            exchange=Exchange(configuration, transport=shared),
        )
        return RoutedRegistry(LayoutRegistry(folders), client)

    return opened


class _Kept:
    """Connections that outlive the client that uses them."""

    def __init__(self, inner: Transport) -> None:
        self._inner = inner

    def send(
        self, question: HttpQuestion, seconds: float, pieces: Iterable[bytes] | None = None
    ) -> Arrival:
        return self._inner.send(question, seconds, pieces)

    def close(self) -> None:
        """Leave them open for the next client."""
