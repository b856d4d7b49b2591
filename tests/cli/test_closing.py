"""Commands that ask registries let go of their connections, whatever comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gate.cli.reads.places import Access
from gate.cli.runs.pin import run_pin
from gate.cli.runs.sign import Signing, run_sign
from gate.errors import RegistryError
from gate.registry.client import RegistryClient
from tests.fakes.registry import FakeRegistry

SIGNING = Signing(key=None, trust_config=None, publish_private=False)


@pytest.fixture
def fake() -> Iterator[FakeRegistry]:
    with FakeRegistry() as registry:
        yield registry


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> list[RegistryClient]:
    seen: list[RegistryClient] = []
    close = RegistryClient.close

    def watched(client: RegistryClient) -> None:
        seen.append(client)
        close(client)

    monkeypatch.setattr(RegistryClient, "close", watched)
    return seen


def test_pin_says_what_it_wrote_and_closes_its_connections(
    fake: FakeRegistry,
    closed: list[RegistryClient],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    digest = fake.image("acme/shop", "1.0")
    pod = tmp_path / "pod.yaml"
    image = f"{fake.host}/acme/shop:1.0"
    pod.write_text(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: shop}\n"
        f"spec: {{containers: [{{name: shop, image: '{image}'}}]}}\n"
    )
    assert run_pin([str(pod)], Access(plain_http=[fake.host]), diff=False) == 0
    assert capsys.readouterr().out == f"pinned {pod}\n"
    assert str(digest) in pod.read_text()
    assert len(closed) == 1


def test_a_signing_that_fails_closes_its_connections(
    fake: FakeRegistry, closed: list[RegistryClient]
) -> None:
    with pytest.raises(RegistryError) as caught:
        run_sign(
            f"{fake.host}/acme/nothing:1.0",
            "https://example.test/any",
            {},
            SIGNING,
            access=Access(plain_http=[fake.host]),
        )
    assert caught.value.code == "not-found"
    assert len(closed) == 1
