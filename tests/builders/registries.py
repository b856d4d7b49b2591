"""What several tests make of registries."""

from __future__ import annotations

import pytest

from gate.errors import RegistryError
from gate.model.evidence import Attached
from gate.model.image import ImageReference
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
    return client.attached(client.resolve(shop(fake)))


def attached_code(client: RegistryClient, fake: FakeRegistry) -> str:
    image = client.resolve(shop(fake))
    with pytest.raises(RegistryError) as caught:
        client.attached(image)
    return caught.value.code
