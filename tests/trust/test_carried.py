"""Bare statements count for who signed the manifest that holds them, and for nobody else."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any, Final

import pytest

from gate.model.evidence import Attached, AttachedKind, Carrier, Rejection, Storage
from gate.model.image import Digest
from gate.model.predicates import Provenance
from gate.trust.refusal import Reason
from tests.fakes.sigstore import new_key
from tests.fakes.sigstore.keys import signature_of
from tests.trust import given
from tests.trust.given import ARM, AT, DIGEST, IMAGE, OTHER, Judged, identity, judged, key

S = given.sigstore()
IN_TOTO: Final = "application/vnd.in-toto+json"
SLSA: Final = "https://slsa.dev/provenance/v1"
BUILT: Final = {
    "buildDefinition": {"buildType": "t", "externalParameters": {"source": "https://s.example"}},
    "runDetails": {"builder": {"id": "b"}},
}
STATEMENT: Final = given.statement(ARM, predicate_type=SLSA, predicate=BUILT)


def _layer(content: bytes, media_type: str = IN_TOTO) -> dict[str, Any]:
    return {"mediaType": media_type, "digest": str(Digest.of(content)), "size": len(content)}


def _manifest(*layers: dict[str, Any]) -> bytes:
    return json.dumps({"schemaVersion": 2, "config": {}, "layers": layers}).encode()


HOLDS: Final = _manifest(_layer(b"sbom"), _layer(STATEMENT))


def _signed(manifest: bytes = HOLDS, **told: Any) -> Attached:  # noqa: ANN401  # the fake's own
    payload = told.pop("payload", given.statement(Digest.of(manifest)))
    bundle = S.keyless_bundle(payload, at=AT, **told)
    return Attached(AttachedKind.BUNDLE, bundle, Storage.REFERRERS, Digest.of(manifest))


def _judged(
    signature: Attached,
    *signers: Any,  # noqa: ANN401  # trusted signers
    statement: bytes = STATEMENT,
    manifest: bytes = HOLDS,
) -> Judged:
    carrier = Carrier(manifest, signature)
    kind = AttachedKind.BUILDKIT_STATEMENT
    found = Attached(kind, statement, Storage.INDEX, ARM, {}, IN_TOTO, carrier)
    return judged(found, *signers)


def test_a_bare_statement_is_by_who_signed_the_manifest_that_holds_it() -> None:
    signature = _signed()
    found = _judged(signature).accepted
    assert isinstance(found.predicate, Provenance)
    assert (found.predicate.source, found.predicate_type) == ("https://s.example", SLSA)
    assert (found.signers, found.subject) == (("ci",), ARM)
    assert (found.attached, found.signature) == (Digest.of(STATEMENT), signature.digest)
    assert (found.storage, found.signed_at) == (Storage.INDEX, AT)
    assert found.logs == ("rekor1.local.test",)


def test_cosigns_older_signature_of_the_manifest_counts_too() -> None:
    signer = new_key()
    critical = {
        "identity": {"docker-reference": ""},
        "image": {"docker-manifest-digest": str(Digest.of(HOLDS))},
        "type": "cosign container image signature",
    }
    payload = json.dumps({"critical": critical, "optional": None}).encode()
    text = base64.b64encode(signature_of(signer, payload)).decode()
    annotations = {"dev.cosignproject.cosign/signature": text}
    kind = AttachedKind.COSIGN_SIGNATURE
    signature = Attached(kind, payload, Storage.SIG_TAG, Digest.of(HOLDS), annotations)
    found = _judged(signature, key(signer.public_key(), "hardened")).accepted
    assert (found.signers, found.subject) == (("hardened",), ARM)


def _refused(said: Judged) -> tuple[Reason, str]:
    return said.code, said.message


def test_a_signature_by_a_stranger_is_told_as_that() -> None:
    code, message = _refused(_judged(_signed(), identity(subject="https://e.example/other")))
    assert code is Reason.SIGNER_MISMATCH
    assert message.startswith(
        "the signature of the manifest that holds it does not count: it was signed by "
    )


def test_a_signature_of_another_manifest_does_not_count() -> None:
    elsewhere = replace(_signed(_manifest(_layer(b"x"))), subject=Digest.of(HOLDS))
    assert _judged(elsewhere).code is Reason.SUBJECT_MISMATCH


def test_a_signature_of_the_image_itself_is_none_of_the_manifest() -> None:
    assert _judged(_signed(payload=given.statement())).code is Reason.SUBJECT_MISMATCH


def test_another_statement_about_the_manifest_is_no_signature_of_it() -> None:
    payload = given.statement(Digest.of(HOLDS), predicate_type=SLSA, predicate=BUILT)
    assert _refused(_judged(_signed(payload=payload))) == (
        Reason.UNSIGNED,
        "what is attached to the manifest that holds it is no signature of that manifest",
    )


def test_a_statement_that_the_signed_manifest_does_not_hold_does_not_count() -> None:
    other = _manifest(_layer(b"sbom"))
    assert _refused(_judged(_signed(other), manifest=other)) == (
        Reason.UNSIGNED,
        "the signed manifest does not hold it",
    )


def test_a_signed_image_that_runs_vouches_for_no_statement_in_its_layers() -> None:
    layer = _layer(b"tar", "application/vnd.oci.image.layer.v1.tar+gzip")
    image = _manifest(layer, _layer(STATEMENT))
    assert _refused(_judged(_signed(image), manifest=image)) == (
        Reason.UNSIGNED,
        "the manifest that holds it holds something else than statements too",
    )


@pytest.mark.parametrize("manifest", [b"", b"[]", b'{"layers": 1}', b'{"layers": [{}]}'])
def test_a_manifest_that_cannot_be_read_vouches_for_nothing(manifest: bytes) -> None:
    assert _judged(_signed(manifest), manifest=manifest).code is Reason.MALFORMED


def test_a_statement_about_another_image_does_not_count_for_this_one() -> None:
    other = given.statement(OTHER, predicate_type=SLSA, predicate=BUILT)
    holds = _manifest(_layer(other))
    said = _judged(_signed(holds), statement=other, manifest=holds)
    assert _refused(said) == (
        Reason.SUBJECT_MISMATCH,
        f"it is about {OTHER}, and not about {IMAGE.digest}",
    )
    assert IMAGE.digest == DIGEST


def test_a_rejection_tells_the_type_that_the_statement_claims() -> None:
    said = _judged(_signed(), identity(subject="https://e.example/other")).said
    assert isinstance(said, Rejection)
    assert (said.predicate_type, said.kind) == (SLSA, AttachedKind.BUILDKIT_STATEMENT)
