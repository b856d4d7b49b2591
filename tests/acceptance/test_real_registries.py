"""Every storage scheme, pushed to and read back from real registries."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gate.model.image import ImageReference
from gate.registry.client import RegistryClient
from gate.registry.configuration import RegistryConfiguration
from tests.acceptance.crane_registry import crane_registry
from tests.acceptance.debian_registry import LoopbackRegistry, debian_registry
from tests.acceptance.index_layout import write_index
from tests.acceptance.zot_registry import zot_registry
from tests.builders.cosign_publisher import CosignPublisher
from tests.builders.registries import read

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def client_of(registry: LoopbackRegistry) -> RegistryClient:
    return RegistryClient(RegistryConfiguration(insecure_hosts=frozenset((registry.host,))))


@pytest.mark.parametrize(
    ("serve", "where", "listed"),
    [
        pytest.param(debian_registry, "fallback-tag", 2, id="distribution"),
        pytest.param(crane_registry, "fallback-tag", 2, id="go-containerregistry"),
        pytest.param(zot_registry, "referrers", 0, id="zot"),
    ],
)
def test_every_storage_is_pushed_and_read_back(
    tmp_path: Path,
    serve: Callable[[Path], AbstractContextManager[LoopbackRegistry]],
    where: str,
    listed: int,
) -> None:
    write_index(tmp_path / "layout")
    with serve(tmp_path) as registry:
        registry.copy(f"oci:{tmp_path}/layout:1.0", "acme/shop:1.0", every_platform=True)
        reference = ImageReference.parse(f"{registry.host}/acme/shop:1.0")
        with client_of(registry) as client:
            image = client.resolve(reference)
            assert [str(p.platform) for p in image.platforms] == ["linux/amd64", "linux/arm64"]
            assert read(client.attached(image)) == ()
            publisher = CosignPublisher(client)
            for _ in range(2):
                publisher.push_bundle(image, b"b1", predicate_type="https://x", created=NOW)
                publisher.push_bundle(image, b"b2", predicate_type="https://y", created=NOW)
                publisher.push_attestation_legacy(image, b"envelope", predicate_type="https://x")
                publisher.push_signature_legacy(image, b"payload", annotations={"s": "1"})
                publisher.push_signature_legacy(image, b"payload", annotations={"s": "2"})
        with client_of(registry) as client:
            found = read(client.attached(client.resolve(reference)))
            assert sorted((a.storage, a.content) for a in found) == [
                ("att-tag", b"envelope"),
                (where, b"b1"),
                (where, b"b2"),
                ("sig-tag", b"payload"),
                ("sig-tag", b"payload"),
            ]
            assert [c.platform.architecture for c in client.configurations(image)] == [
                "amd64",
                "arm64",
            ]
            fallback = client.repository(reference).tagged(f"sha256-{image.digest.hex}")
            entries = json.loads(fallback.content)["manifests"] if fallback else []
            assert len(entries) == listed, "written only where there is no referrers API"
