"""What cosign hangs on images and gate reads, and the other way round, in a real registry."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from gate.keys.public import public_pem
from gate.model.image import ResolvedImage
from gate.registry.write.publish import RepositoryPublisher
from gate.signing.envelope import envelope_of
from gate.signing.key import sign_statement
from gate.signing.keyless import KeylessSigning
from tests.acceptance.debian_registry import debian_registry
from tests.acceptance.zot_registry import zot_registry
from tests.fakes.sigstore import WORKFLOW, RekorVersion
from tests.interop.bundles import LOGS
from tests.interop.passes import VSA
from tests.interop.workshop import Serve, Workshop, workshop

BOTH_LOGS = pytest.mark.parametrize("log", LOGS)
EITHER = pytest.mark.parametrize("keyed", [True, False], ids=["keyed", "keyless"])
SIGN = "https://sigstore.dev/cosign/sign/v1"


@pytest.fixture(
    scope="module",
    params=[debian_registry, zot_registry],
    ids=["distribution", "zot"],
)
def shop(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Workshop]:
    serve: Serve = request.param
    with workshop(tmp_path_factory.mktemp("workshop"), serve) as made:
        yield made


def read(shop: Workshop, image: ResolvedImage) -> list[tuple[str, ...]]:
    """Who signed what hangs on an image, what it is, and which logs know, as gate verifies it."""
    return [(*one.signers, one.predicate_type, *one.logs) for one in shop.read(image)]


def stated(image: ResolvedImage) -> bytes:
    """A statement of a pass about an image."""
    digest = {"sha256": image.digest.hex}
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": image.repository, "digest": digest}],
        "predicateType": VSA,
        "predicate": {"verificationResult": "PASSED"},
    }
    return json.dumps(statement).encode()


@EITHER
@BOTH_LOGS
def test_gate_reads_a_signature_that_cosign_makes(
    shop: Workshop, log: RekorVersion, *, keyed: bool
) -> None:
    image = shop.image(f"signed/{log}/{keyed}".lower())
    shop.sign(image, log, keyed=keyed)
    signer = "key" if keyed else "workflow"
    assert read(shop, image) == [(signer, SIGN, f"rekor{log}.local.test")]


@EITHER
@BOTH_LOGS
def test_gate_reads_an_attestation_that_cosign_makes(
    shop: Workshop, log: RekorVersion, *, keyed: bool
) -> None:
    image = shop.image(f"attested/{log}/{keyed}".lower())
    shop.attest(image, log, keyed=keyed)
    signer = "key" if keyed else "workflow"
    assert read(shop, image) == [(signer, "https://example.test/any", f"rekor{log}.local.test")]


def by_key(shop: Workshop) -> tuple[str, ...]:
    (shop.folder / "pass.pub").write_bytes(public_pem(shop.key.public_key()))
    # A pass that a key signed is in no log: nobody but its signer has to know of it.
    return ("--key", str(shop.folder / "pass.pub"), "--insecure-ignore-tlog")


def test_cosign_reads_a_keyed_pass_that_gate_publishes(shop: Workshop) -> None:
    image, other = shop.image("passed/keyed"), shop.image("passed/nothing")
    bundle = sign_statement(stated(image), shop.key)
    publisher = RepositoryPublisher(shop.client)
    publisher.push_bundle(image, bundle, predicate_type=VSA, created=datetime.now(UTC))
    assert shop.verify_pass(image, *by_key(shop)).accepted
    assert not shop.verify_pass(other, *by_key(shop)).accepted


def test_cosign_reads_a_keyed_pass_in_the_old_form(shop: Workshop) -> None:
    image = shop.image("passed/old")
    envelope = envelope_of(sign_statement(stated(image), shop.key))
    publisher = RepositoryPublisher(shop.client)
    publisher.push_attestation_legacy(image, envelope, predicate_type=VSA)
    assert shop.verify_pass(image, *by_key(shop)).accepted


@BOTH_LOGS
def test_cosign_reads_a_keyless_pass_that_gate_publishes(
    shop: Workshop, log: RekorVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = shop.image(f"passed/keyless{log}")
    for name, value in shop.sigstore.github_environment().items():
        monkeypatch.setenv(name, value)
    bundle = KeylessSigning(shop.sigstore.trust_config(rekor=log)).sign_statement(stated(image))
    publisher = RepositoryPublisher(shop.client)
    publisher.push_bundle(image, bundle, predicate_type=VSA, created=datetime.now(UTC))
    issuer = ("--certificate-oidc-issuer", shop.sigstore.url)
    accepted = shop.verify_pass(image, "--certificate-identity", WORKFLOW, *issuer)
    refused = shop.verify_pass(image, "--certificate-identity", f"{WORKFLOW}/other", *issuer)
    assert (accepted.accepted, refused.accepted) == (True, False)
    assert "no matching CertificateIdentity" in refused.output
