"""cosign verifies at the destination what `gate promote` carried: registries and layouts."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from gate.cli.reads.places import Access
from gate.cli.runs.promote import Promotion, run_promote
from gate.model.image import ResolvedImage
from tests.acceptance.zot_registry import zot_registry
from tests.fakes.registry import FakeRegistry
from tests.fakes.sigstore import RekorVersion
from tests.interop.tools import COSIGN_V2, required, run
from tests.interop.workshop import Workshop, workshop

LOG: RekorVersion = 2


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    """One registry without the referrers API, and an image with evidence in every form."""
    with workshop(tmp_path_factory.mktemp("workshop")) as made:
        yield made


@pytest.fixture(scope="module")
def signed(shop: Workshop) -> ResolvedImage:
    image = shop.image("acme/shop")
    shop.sign(image, LOG, keyed=True)
    shop.attest(image, LOG, keyed=True)
    program = required("cosign-v2", COSIGN_V2)
    predicate = shop.folder / "predicate.json"
    for command in (
        ("sign", "--tlog-upload=false"),
        ("attest", "--tlog-upload=false", "--type", "vuln", "--predicate", predicate),
    ):
        old = run(
            *(
                program,
                *command,
                "--yes",
                "--allow-http-registry",
                "--key",
                shop.folder / "cosign.key",
            ),
            str(image),
            HOME=str(shop.folder),
            COSIGN_PASSWORD="a password",
        )
        assert old.accepted, old.output
    return image


def verified(shop: Workshop, name: str) -> list[bool]:
    """Whether cosign verifies each of the four, by the key and by none of another's."""
    by = ("--key", shop.folder / "cosign.pub", "--insecure-ignore-tlog=true")
    root = ("--trusted-root", shop.folder / "root.json")
    old = (*by, "--new-bundle-format=false")
    asked: tuple[tuple[str | Path, ...], ...] = (
        ("verify", *by, *root),
        ("verify-attestation", "--type", "https://example.test/any", *by, *root),
        ("verify", *old),
        ("verify-attestation", "--type", "vuln", *old),
    )
    return [shop.cosign(str(command), *more, name).accepted for command, *more in asked]


def test_cosign_verifies_after_each_stage_of_a_journey(
    shop: Workshop, signed: ResolvedImage, tmp_path: Path
) -> None:
    assert verified(shop, str(signed)) == [True] * 4
    with FakeRegistry() as other:
        access = Access(plain_http=(shop.host, other.host))
        stages = [
            f"{shop.host}/acme/shop:1",  # distribution, which lists referrers under a tag
            f"{other.host}/acme/staging:1",  # a registry with the referrers API
            f"oci:{tmp_path}/layout:1",
            f"{shop.host}/acme/production:1",
        ]
        for here, there in itertools.pairwise(stages):
            run_promote(Promotion(source=here, destination=there, access=access))
        digest = f"@{signed.digest}"
        assert verified(shop, stages[1].removesuffix(":1") + digest) == [True] * 4
        assert verified(shop, stages[3].removesuffix(":1") + digest) == [True] * 4


def test_cosign_verifies_what_went_through_zot(
    shop: Workshop, signed: ResolvedImage, tmp_path: Path
) -> None:
    with zot_registry(tmp_path) as zot:
        access = Access(plain_http=(shop.host, zot.host))
        stages = [
            f"{shop.host}/acme/shop:1",
            f"{zot.host}/acme/shop:1",
            f"oci:{tmp_path}/layout:1",
            f"{zot.host}/acme/again:1",
            f"{shop.host}/acme/back:1",
        ]
        for here, there in itertools.pairwise(stages):
            run_promote(Promotion(source=here, destination=there, access=access))
        for name in (f"{zot.host}/acme/shop", f"{zot.host}/acme/again", f"{shop.host}/acme/back"):
            assert verified(shop, f"{name}@{signed.digest}") == [True] * 4
