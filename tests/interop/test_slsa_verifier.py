"""What gate signs, as slsa-verifier judges it. It reads envelopes that a key signed, alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gate.keys.public import public_pem
from gate.model.image import Digest
from gate.registry.write.publish import RepositoryPublisher
from gate.signing.envelope import envelope_of
from gate.signing.key import sign_statement
from tests.acceptance.debian_registry import debian_registry
from tests.acceptance.zot_registry import zot_registry
from tests.builders.registries import read
from tests.interop.bundles import altered, signed_pass
from tests.interop.passes import INDEX, OTHER, PLATFORM, RESOURCE, VERIFIER, VSA, stated_pass
from tests.interop.tools import SLSA_VERIFIER, Answer, required, run
from tests.interop.workshop import Serve, workshop


def slsa_verifier(
    folder: Path,
    *,
    key: bytes,
    envelope: bytes | None = None,
    verifier: str = VERIFIER,
    resource: str = RESOURCE,
    digest: Digest = INDEX,
    level: str = "GATE_SIGNATURE",
) -> Answer:
    attestation, public = folder / "pass.dsse.json", folder / "key.pub"
    attestation.write_bytes(envelope or signed_pass().envelope)
    public.write_bytes(key)
    return run(
        *(required("slsa-verifier", SLSA_VERIFIER), "verify-vsa"),
        *("--attestation-path", attestation, "--public-key-path", public),
        *("--verifier-id", verifier, "--resource-uri", resource),
        *("--subject-digest", str(digest), "--verified-level", level),
    )


@pytest.mark.parametrize("digest", [INDEX, PLATFORM])
def test_a_keyed_pass_of_an_image_is_accepted_for_its_index_and_its_platforms(
    tmp_path: Path, digest: Digest
) -> None:
    answer = slsa_verifier(tmp_path, key=signed_pass().key, digest=digest)
    assert (answer.accepted, "Verifying VSA: PASSED" in answer.output) == (True, True)


def test_a_pass_is_refused_by_another_key(tmp_path: Path) -> None:
    assert not slsa_verifier(tmp_path, key=signed_pass().other_key).accepted


def test_an_altered_pass_is_refused(tmp_path: Path) -> None:
    signed = signed_pass()
    assert not slsa_verifier(tmp_path, key=signed.key, envelope=altered(signed.envelope)).accepted


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"digest": OTHER}, "subject"),
        ({"verifier": f"{VERIFIER}/other"}, "verifier ID"),
        ({"resource": RESOURCE.replace("shop", "other")}, "resource URI"),
        ({"level": "GATE_SBOM"}, "verified levels"),
    ],
)
def test_a_pass_is_refused_for_what_it_does_not_say(
    tmp_path: Path, asked: dict[str, str], reason: str
) -> None:
    answer = slsa_verifier(tmp_path, key=signed_pass().key, **asked)  # type: ignore[arg-type]  # a table
    assert (answer.accepted, reason in answer.output) == (False, True), answer.output


@pytest.mark.parametrize("serve", [debian_registry, zot_registry], ids=["distribution", "zot"])
def test_a_keyed_pass_is_accepted_as_a_registry_gives_it_back(tmp_path: Path, serve: Serve) -> None:
    with workshop(tmp_path, serve) as shop:
        image = shop.image("passed/shop")
        resource = f"{image.repository}@{image.digest}"
        statement = json.loads(stated_pass())
        statement["subject"] = [{"name": image.repository, "digest": {"sha256": image.digest.hex}}]
        statement["predicate"]["resourceUri"] = resource
        bundle = sign_statement(json.dumps(statement).encode(), shop.key)
        publisher = RepositoryPublisher(shop.client)
        publisher.push_attestation_legacy(image, envelope_of(bundle), predicate_type=VSA)
        (stored,) = read(shop.client.attached(image))
        key = public_pem(shop.key.public_key())
        asked = {"key": key, "envelope": stored.content, "resource": resource}
        answer = slsa_verifier(tmp_path, **asked, digest=image.digest)  # type: ignore[arg-type]  # a table
        assert answer.accepted, answer.output
        assert not slsa_verifier(tmp_path, **asked, digest=OTHER).accepted  # type: ignore[arg-type]  # a table
