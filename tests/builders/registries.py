"""What several tests make of registries."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from gate.errors import RegistryError
from gate.model.evidence import Attached, Unread
from gate.model.image import ImageReference
from gate.registry.attempt import Told
from gate.registry.client import RegistryClient
from tests.fakes.fault_registry import FaultRegistry
from tests.fakes.registry import FakeRegistry


def shop(fake: FakeRegistry | FaultRegistry) -> ImageReference:
    return ImageReference.parse(f"{fake.host}/acme/shop:1.0")


def code_of(client: RegistryClient, reference: ImageReference) -> str:
    with pytest.raises(RegistryError) as caught:
        client.resolve(reference)
    assert caught.value.remedy
    return caught.value.code


def attached(client: RegistryClient, fake: FakeRegistry) -> tuple[Attached, ...]:
    return read(client.attached(client.resolve(shop(fake))))


def found_and_unread(
    items: Iterable[Told],
) -> tuple[tuple[Attached, ...], tuple[Unread, ...]]:
    """Return what was read, and what was not."""
    every = tuple(items)
    return (
        tuple(item for item in every if isinstance(item, Attached)),
        tuple(item for item in every if isinstance(item, Unread)),
    )


def read(items: Iterable[Told]) -> tuple[Attached, ...]:
    """Return what is attached, all of which could be read."""
    found, unread = found_and_unread(items)
    assert not unread
    return found


def first_code(items: Iterable[Told]) -> str:
    """Return why the first thing that could not be read was not."""
    return found_and_unread(items)[1][0].code


def attached_code(client: RegistryClient, fake: FakeRegistry) -> str:
    return first_code(client.attached(client.resolve(shop(fake))))
