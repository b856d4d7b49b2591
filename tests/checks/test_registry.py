"""Which registries a policy allows."""

from __future__ import annotations

import pytest

from gate.checks.registry import run
from gate.model.image import ImageReference
from gate.model.verdict import Passed
from gate.policy.match import AllowedRegistry
from tests.checks.given import findings

ALLOWED = [AllowedRegistry(text) for text in ("ghcr.io/acme", "registry.k8s.io")]


@pytest.mark.parametrize("name", ["ghcr.io/acme/shop:1", "registry.k8s.io/pause:3.10"])
def test_an_image_of_any_allowed_registry_passes(name: str) -> None:
    assert run(ImageReference.parse(name), ALLOWED) == Passed()


@pytest.mark.parametrize("name", ["ghcr.io/acme-evil/shop", "registry.k8s.io.evil.example/pause"])
def test_an_image_of_no_allowed_registry_is_refused_for_that(name: str) -> None:
    (found,) = findings(run(ImageReference.parse(f"{name}:1"), ALLOWED))
    assert (found.code, found.message) == (
        "registry-not-allowed",
        f"{name} lies in none of the allowed registries (ghcr.io/acme, registry.k8s.io)",
    )
