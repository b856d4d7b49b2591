"""Layers of cosign's `.sig` and `.att` images, fresh ones, right and wrong in one way each."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from gate.model.evidence import Attached, AttachedKind, Clock, Storage
from gate.model.image import Digest
from gate.model.predicates import ImageSignature, Unrecognised
from gate.predicates.image_signature import SIMPLE_SIGNING
from gate.trust.bundle import MAX_DER
from gate.trust.cosign import MAX_PAYLOAD
from gate.trust.refusal import Reason
from tests.fakes.sigstore import Holder, new_key
from tests.trust import given
from tests.trust.given import AT, DIGEST, OTHER, SLSA, identity, judged

S: Final = given.sigstore()
SIGNATURE: Final = "dev.cosignproject.cosign/signature"
CERTIFICATE: Final = "dev.sigstore.cosign/certificate"
CHAIN: Final = "dev.sigstore.cosign/chain"
ENTRY: Final = "dev.sigstore.cosign/bundle"
TIMESTAMP: Final = "dev.sigstore.cosign/rfc3161timestamp"


def _payload(digest: Digest = DIGEST, **more: object) -> bytes:
    critical = {
        "identity": {"docker-reference": "any/name"},
        "image": {"docker-manifest-digest": str(digest)},
        "type": "cosign container image signature",
        **more,
    }
    return json.dumps({"critical": critical, "optional": None}).encode()


def _annotations(bundle: bytes, holder: Holder) -> dict[str, str]:
    """Say with annotations what a bundle says with JSON."""
    material = json.loads(bundle)["verificationMaterial"]
    found: dict[str, str] = {}
    if holder.certificate is not None:
        found[CERTIFICATE] = holder.certificate.public_bytes(Encoding.PEM).decode()
        found[CHAIN] = "whatever stands here is not read"
    for entry in material["tlogEntries"]:
        payload = {
            "body": entry["canonicalizedBody"],
            "integratedTime": int(entry["integratedTime"]),
            "logIndex": int(entry["logIndex"]),
            "logID": base64.b64decode(entry["logId"]["keyId"]).hex(),
        }
        promise = entry["inclusionPromise"]["signedEntryTimestamp"]
        found[ENTRY] = json.dumps({"SignedEntryTimestamp": promise, "Payload": payload})
    for stamp in material["timestampVerificationData"]["rfc3161Timestamps"]:
        found[TIMESTAMP] = json.dumps({"SignedRFC3161Timestamp": stamp["signedTimestamp"]})
    return found


def _signature(
    payload: bytes,
    holder: Holder | None = None,
    **proof: Any,  # noqa: ANN401  # the fake's own arguments
) -> Attached:
    holder = holder or S.holder(AT)
    signed = holder.artifact(payload)
    annotations = _annotations(S.bundle(signed, holder, AT, **proof), holder)
    annotations[SIGNATURE] = base64.b64encode(signed.signature).decode()
    kind = AttachedKind.COSIGN_SIGNATURE
    return Attached(kind, payload, Storage.SIG_TAG, DIGEST, annotations, SIMPLE_SIGNING)


def _attestation(
    payload: bytes,
    holder: Holder | None = None,
    **proof: Any,  # noqa: ANN401  # the fake's own arguments
) -> Attached:
    holder = holder or S.holder(AT)
    signed = holder.envelope(payload)
    annotations = _annotations(S.bundle(signed, holder, AT, **proof), holder) | {SIGNATURE: ""}
    content = json.dumps(signed.to_json()).encode()
    return Attached(AttachedKind.COSIGN_ATTESTATION, content, Storage.ATT_TAG, DIGEST, annotations)


def _but(found: Attached, annotation: str, to: str | None) -> Attached:
    annotations = {**found.annotations, annotation: to or ""}
    if to is None:
        del annotations[annotation]
    return Attached(found.kind, found.content, found.storage, found.subject, annotations)


SIGNED: Final = _signature(_payload(), tsa=True)


def test_a_keyless_signature_with_a_log_entry_and_a_timestamp_counts() -> None:
    found = judged(SIGNED).accepted
    assert found.predicate == ImageSignature()
    assert found.predicate_type == SIMPLE_SIGNING
    assert {t.clock for t in found.times} == {Clock.LOG, Clock.AUTHORITY}
    assert found.logs == ("rekor1.local.test",)


def test_a_keyed_signature_counts_by_itself() -> None:
    key = new_key()
    found = _signature(_payload(), Holder(key), rekor=None)
    assert judged(found, given.key(key.public_key())).accepted.times == ()
    logged = given.key(key.public_key(), log_required=True)
    assert judged(found, logged).code is Reason.LOG_ENTRY_MISSING
    with_log = _signature(_payload(), Holder(key))
    assert judged(with_log, logged).accepted.logs == ("rekor1.local.test",)


@pytest.mark.parametrize("kind", ["dsse", "intoto"])
def test_an_attestation_layer_counts(kind: str) -> None:
    found = _attestation(given.statement(predicate_type=SLSA), kind=kind)
    assert judged(found).accepted.predicate == Unrecognised(SLSA)


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (_signature(_payload(OTHER)), Reason.SUBJECT_MISMATCH),
        (_signature(_payload(type="atomic container signature")), Reason.MALFORMED),
        (_signature(_payload(image={})), Reason.MALFORMED),
        (_signature(_payload(image={"docker-manifest-digest": DIGEST.hex})), Reason.MALFORMED),
        (_signature(b"{}"), Reason.MALFORMED),
        (_signature(b"x" * (1 << 21)), Reason.TOO_LARGE),
        (_signature(_payload(), rekor=None), Reason.LOG_ENTRY_MISSING),
        (_attestation(given.statement(OTHER)), Reason.SUBJECT_MISMATCH),
        (_but(SIGNED, SIGNATURE, None), Reason.MALFORMED),
        (_but(SIGNED, SIGNATURE, "AAAA"), Reason.SIGNATURE_INVALID),
        (_but(SIGNED, SIGNATURE, "not base64"), Reason.MALFORMED),
        (_but(SIGNED, CERTIFICATE, None), Reason.SIGNER_MISMATCH),
        (_but(SIGNED, CERTIFICATE, "x"), Reason.MALFORMED),
        (_but(SIGNED, CERTIFICATE, SIGNED.annotations[CERTIFICATE] * 2), Reason.MALFORMED),
        (_but(SIGNED, ENTRY, "{}"), Reason.MALFORMED),
        (_but(SIGNED, ENTRY, "x"), Reason.MALFORMED),
        (_but(SIGNED, TIMESTAMP, "[]"), Reason.MALFORMED),
        (_but(SIGNED, TIMESTAMP, '{"SignedRFC3161Timestamp":"AAAA"}'), Reason.MALFORMED),
    ],
)
def test_a_layer_that_is_wrong_in_one_way_is_refused(found: Attached, code: Reason) -> None:
    assert judged(found).code is code


def test_r044_the_log_entry_of_another_signature_is_refused() -> None:
    other = _signature(_payload(OTHER)).annotations[ENTRY]
    assert judged(_but(SIGNED, ENTRY, other)).code is Reason.LOG_ENTRY_MISMATCH


def test_a_promise_that_the_log_did_not_make_is_refused() -> None:
    entry = json.loads(SIGNED.annotations[ENTRY])
    entry["Payload"]["integratedTime"] += 1
    assert judged(_but(SIGNED, ENTRY, json.dumps(entry))).code is Reason.LOG_ENTRY_INVALID


def test_without_its_log_entry_a_timestamp_is_enough_where_the_policy_says_so() -> None:
    found = _but(SIGNED, ENTRY, None)
    assert judged(found).code is Reason.LOG_ENTRY_MISSING
    assert judged(found, identity(log_required=False)).accepted.logs == ()


def test_cosign_s_timestamp_of_an_attestation_is_over_the_whole_envelope() -> None:
    found = _attestation(given.statement(predicate_type=SLSA))
    stamp = base64.b64encode(S.tsa.stamp(found.content, AT)).decode()
    stamped = _but(found, TIMESTAMP, json.dumps({"SignedRFC3161Timestamp": stamp}))
    demanding = given.identity(timestamp_required=True)
    assert {t.clock for t in judged(stamped, demanding).accepted.times} == {
        Clock.LOG,
        Clock.AUTHORITY,
    }
    other = base64.b64encode(S.tsa.stamp(found.content + b" ", AT)).decode()
    of_other_bytes = _but(found, TIMESTAMP, json.dumps({"SignedRFC3161Timestamp": other}))
    assert judged(of_other_bytes, demanding).code is Reason.TIMESTAMP_MISSING


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        (b"{}", "the payload's critical part is not an object"),
        (b"words", "the text is not JSON: Expecting value: line 1 column 1 (char 0)"),
        (b'{"critical": {"image": {}}}', "the payload's type is missing or not text"),
    ],
)
def test_what_is_signed_and_names_no_image_is_malformed(payload: bytes, message: str) -> None:
    """The signature holds: it is what was signed that says nothing."""
    said = judged(_signature(payload, tsa=True))
    assert (said.code, said.message) == (Reason.MALFORMED, message)


def test_a_field_that_cosign_does_not_write_is_refused_in_its_envelope_and_its_timestamp() -> None:
    envelope = _attestation(given.statement())
    more = json.dumps({**json.loads(envelope.content), "more": 1}).encode()
    said = judged(replace(envelope, content=more))
    assert (said.code, "'more'" in said.message) == (Reason.MALFORMED, True)
    stamp = json.dumps({**json.loads(SIGNED.annotations[TIMESTAMP]), "more": 1})
    said = judged(_but(SIGNED, TIMESTAMP, stamp))
    assert (said.code, "'more'" in said.message) == (Reason.MALFORMED, True)


def test_a_certificate_with_the_most_characters_before_it_is_read_and_one_more_is_not() -> None:
    pem = SIGNED.annotations[CERTIFICATE]
    longest = "\n" * (2 * MAX_DER - len(pem)) + pem
    assert judged(_but(SIGNED, CERTIFICATE, longest)).accepted.signers == ("ci",)
    said = judged(_but(SIGNED, CERTIFICATE, f"\n{longest}"))
    assert said.message == "the layer's certificate is not one certificate in PEM form"


def test_a_timestamp_of_the_most_characters_is_read_and_one_more_is_not() -> None:
    text = SIGNED.annotations[TIMESTAMP]
    longest = text + " " * (2 * MAX_DER - len(text))
    assert judged(_but(SIGNED, TIMESTAMP, longest)).accepted.signers == ("ci",)
    assert judged(_but(SIGNED, TIMESTAMP, f"{longest} ")).code is Reason.TOO_LARGE


def test_a_payload_of_the_most_bytes_is_read_and_one_more_is_too_large() -> None:
    least = len(_payload(more=""))
    longest = _payload(more="x" * (MAX_PAYLOAD - least))
    assert len(longest) == MAX_PAYLOAD
    assert judged(_signature(longest, tsa=True)).accepted.subject == DIGEST
    too_long = _payload(more="x" * (MAX_PAYLOAD - least + 1))
    assert judged(_signature(too_long, tsa=True)).code is Reason.TOO_LARGE


@pytest.mark.parametrize(
    ("annotation", "to", "said"),
    [
        (SIGNATURE, None, "has no signature"),
        (SIGNATURE, "", "has no signature"),
        (CERTIFICATE, "-----BEGIN x" * 2, "not one certificate in PEM form"),
        (CERTIFICATE, "-----BEGIN x" + "x" * 2 * MAX_DER, "not one certificate in PEM form"),
        (CERTIFICATE, "-----BEGIN x", "certificate cannot be read"),
    ],
)
def test_a_layer_is_refused_for_the_part_that_is_wrong(
    annotation: str, to: str | None, said: str
) -> None:
    assert said in judged(_but(SIGNED, annotation, to)).message
