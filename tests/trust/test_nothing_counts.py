"""What is empty, weak or unsigned in a bundle never counts, and is never told as a fact."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gate.model.evidence import Rejection
from gate.model.identity import KeyIdentity
from tests.fakes.sigstore import new_key
from tests.trust import given
from tests.trust.given import ARM, AT, DIGEST, OTHER, attached, changed, judged

S = given.sigstore()


def keyless(payload: bytes) -> bytes:
    return S.keyless_bundle(payload, at=AT)


def stated(**changes: Any) -> bytes:  # noqa: ANN401  # parts of a statement
    return json.dumps(json.loads(given.statement()) | changes).encode()


@pytest.mark.parametrize("subject", [[], [{}], [{"name": "web", "digest": {}}], None, {}])
def test_r007_a_statement_about_nothing_is_about_no_image(subject: object) -> None:
    said = judged(keyless(stated(subject=subject)))
    assert said.code in {"malformed", "subject-mismatch"}


@pytest.mark.parametrize("signatures", [[], [{"sig": ""}], [{}], None])
def test_r008_an_envelope_that_nobody_signed_does_not_count(signatures: object) -> None:
    bundle = changed(keyless(given.statement()), "dsseEnvelope", "signatures", to=signatures)
    assert judged(bundle).code == "malformed"


@pytest.mark.parametrize("predicate_type", ["", None, 1])
def test_r011_a_statement_without_a_type_says_nothing(predicate_type: object) -> None:
    assert judged(keyless(stated(predicateType=predicate_type))).code == "malformed"


@pytest.mark.parametrize("algorithm", ["sha1", "md5", "gitCommit", "SHA256"])
def test_r013_a_digest_of_another_kind_names_no_image(algorithm: str) -> None:
    subject = [{"name": "web", "digest": {algorithm: DIGEST.hex}}]
    assert judged(keyless(stated(subject=subject))).code in {"malformed", "subject-mismatch"}


def test_r021_a_timestamp_that_the_policy_demands_must_be_there() -> None:
    signer = given.identity(timestamp_required=True)
    assert judged(keyless(given.statement()), signer).code == "timestamp-missing"


def test_r039_who_signed_is_told_by_the_key_and_not_by_the_hint() -> None:
    key = new_key()
    bundle = S.keyed_bundle(given.statement(), key, at=AT)
    signer = given.key(key.public_key())
    lied = changed(bundle, "verificationMaterial", "publicKey", "hint", to="c29tZWJvZHk=")
    assert judged(lied, signer).accepted.identity == judged(bundle, signer).accepted.identity
    assert isinstance(judged(bundle, signer).accepted.identity, KeyIdentity)


def test_r040_the_bytes_that_are_parsed_are_the_bytes_that_were_signed() -> None:
    import base64  # noqa: PLC0415  # only here

    bundle = keyless(given.statement())
    payload = base64.b64decode(json.loads(bundle)["dsseEnvelope"]["payload"])
    spaced = base64.b64encode(payload + b" ").decode()
    said = judged(attached(changed(bundle, "dsseEnvelope", "payload", to=spaced)))
    assert said.code == "signature-invalid"


def test_r053_of_several_subjects_ours_alone_is_what_a_statement_is_about() -> None:
    assert judged(keyless(given.statement(OTHER, DIGEST))).accepted.subject == DIGEST
    assert judged(keyless(given.statement(DIGEST, ARM))).accepted.subject == DIGEST
    assert judged(keyless(given.statement(OTHER, OTHER))).code == "subject-mismatch"


def test_r069_a_signature_that_does_not_hold_names_no_signer() -> None:
    bundle = keyless(given.statement())
    wrong = changed(bundle, "dsseEnvelope", "signatures", 0, "sig", to="MAYCAQECAQE=")
    said = judged(wrong)
    assert isinstance(said.said, Rejection)
    assert said.code == "signature-invalid"
    assert not hasattr(said.said, "signers")
    assert not hasattr(said.said, "identity")
