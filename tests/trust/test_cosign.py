"""Layers of cosign's `.sig` and `.att` images, fresh ones, right and wrong in one way each."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import pytest

from gate.model.evidence import Attached, Clock
from gate.model.predicates import ImageSignature, Unrecognised
from gate.predicates.image_signature import SIMPLE_SIGNING
from gate.trust.bundle import MAX_DER
from gate.trust.cosign import MAX_PAYLOAD
from gate.trust.refusal import Reason
from tests.builders.cosign_layers import (
    CERTIFICATE,
    ENTRY,
    SIGNATURE,
    SIGNED,
    TIMESTAMP,
    S,
    attestation_layer,
    but,
    signature_layer,
    simple_signing,
)
from tests.fakes.sigstore import Holder, new_key
from tests.trust import given
from tests.trust.given import AT, DIGEST, OTHER, SLSA, identity, judged


def test_a_keyless_signature_with_a_log_entry_and_a_timestamp_counts() -> None:
    found = judged(SIGNED).accepted
    assert found.predicate == ImageSignature()
    assert found.predicate_type == SIMPLE_SIGNING
    assert {t.clock for t in found.times} == {Clock.LOG, Clock.AUTHORITY}
    assert found.logs == ("rekor1.local.test",)


def test_a_keyed_signature_counts_by_itself() -> None:
    key = new_key()
    found = signature_layer(simple_signing(), Holder(key), rekor=None)
    assert judged(found, given.key(key.public_key())).accepted.times == ()
    logged = given.key(key.public_key(), log_required=True)
    assert judged(found, logged).code is Reason.LOG_ENTRY_MISSING
    with_log = signature_layer(simple_signing(), Holder(key))
    assert judged(with_log, logged).accepted.logs == ("rekor1.local.test",)


@pytest.mark.parametrize("kind", ["dsse", "intoto"])
def test_an_attestation_layer_counts(kind: str) -> None:
    found = attestation_layer(given.statement(predicate_type=SLSA), kind=kind)
    assert judged(found).accepted.predicate == Unrecognised(SLSA)


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (signature_layer(simple_signing(OTHER)), Reason.SUBJECT_MISMATCH),
        (signature_layer(simple_signing(type="atomic container signature")), Reason.MALFORMED),
        (signature_layer(simple_signing(image={})), Reason.MALFORMED),
        (
            signature_layer(simple_signing(image={"docker-manifest-digest": DIGEST.hex})),
            Reason.MALFORMED,
        ),
        (signature_layer(b"{}"), Reason.MALFORMED),
        (signature_layer(b"x" * (1 << 21)), Reason.TOO_LARGE),
        (signature_layer(simple_signing(), rekor=None), Reason.LOG_ENTRY_MISSING),
        (attestation_layer(given.statement(OTHER)), Reason.SUBJECT_MISMATCH),
        (but(SIGNED, SIGNATURE, None), Reason.MALFORMED),
        (but(SIGNED, SIGNATURE, "AAAA"), Reason.SIGNATURE_INVALID),
        (but(SIGNED, SIGNATURE, "not base64"), Reason.MALFORMED),
        (but(SIGNED, CERTIFICATE, None), Reason.SIGNER_MISMATCH),
        (but(SIGNED, CERTIFICATE, "x"), Reason.MALFORMED),
        (but(SIGNED, CERTIFICATE, SIGNED.annotations[CERTIFICATE] * 2), Reason.MALFORMED),
        (but(SIGNED, ENTRY, "{}"), Reason.MALFORMED),
        (but(SIGNED, ENTRY, "x"), Reason.MALFORMED),
        (but(SIGNED, TIMESTAMP, "[]"), Reason.MALFORMED),
        (but(SIGNED, TIMESTAMP, '{"SignedRFC3161Timestamp":"AAAA"}'), Reason.MALFORMED),
    ],
)
def test_a_layer_that_is_wrong_in_one_way_is_refused(found: Attached, code: Reason) -> None:
    assert judged(found).code is code


def test_r044_the_log_entry_of_another_signature_is_refused() -> None:
    other = signature_layer(simple_signing(OTHER)).annotations[ENTRY]
    assert judged(but(SIGNED, ENTRY, other)).code is Reason.LOG_ENTRY_MISMATCH


def test_a_promise_that_the_log_did_not_make_is_refused() -> None:
    entry = json.loads(SIGNED.annotations[ENTRY])
    entry["Payload"]["integratedTime"] += 1
    assert judged(but(SIGNED, ENTRY, json.dumps(entry))).code is Reason.LOG_ENTRY_INVALID


def test_without_its_log_entry_a_timestamp_is_enough_where_the_policy_says_so() -> None:
    found = but(SIGNED, ENTRY, None)
    assert judged(found).code is Reason.LOG_ENTRY_MISSING
    assert judged(found, identity(log_required=False)).accepted.logs == ()


def test_cosign_s_timestamp_of_an_attestation_is_over_the_whole_envelope() -> None:
    found = attestation_layer(given.statement(predicate_type=SLSA))
    stamp = base64.b64encode(S.tsa.stamp(found.content, AT)).decode()
    stamped = but(found, TIMESTAMP, json.dumps({"SignedRFC3161Timestamp": stamp}))
    demanding = given.identity(timestamp_required=True)
    assert {t.clock for t in judged(stamped, demanding).accepted.times} == {
        Clock.LOG,
        Clock.AUTHORITY,
    }
    other = base64.b64encode(S.tsa.stamp(found.content + b" ", AT)).decode()
    of_other_bytes = but(found, TIMESTAMP, json.dumps({"SignedRFC3161Timestamp": other}))
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
    said = judged(signature_layer(payload, tsa=True))
    assert (said.code, said.message) == (Reason.MALFORMED, message)


def test_a_field_that_cosign_does_not_write_is_refused_in_its_envelope_and_its_timestamp() -> None:
    envelope = attestation_layer(given.statement())
    more = json.dumps({**json.loads(envelope.content), "more": 1}).encode()
    said = judged(replace(envelope, content=more))
    assert (said.code, "'more'" in said.message) == (Reason.MALFORMED, True)
    stamp = json.dumps({**json.loads(SIGNED.annotations[TIMESTAMP]), "more": 1})
    said = judged(but(SIGNED, TIMESTAMP, stamp))
    assert (said.code, "'more'" in said.message) == (Reason.MALFORMED, True)


def test_a_certificate_with_the_most_characters_before_it_is_read_and_one_more_is_not() -> None:
    pem = SIGNED.annotations[CERTIFICATE]
    longest = "\n" * (2 * MAX_DER - len(pem)) + pem
    assert judged(but(SIGNED, CERTIFICATE, longest)).accepted.signers == ("ci",)
    said = judged(but(SIGNED, CERTIFICATE, f"\n{longest}"))
    assert said.message == "the layer's certificate is not one certificate in PEM form"


def test_a_timestamp_of_the_most_characters_is_read_and_one_more_is_not() -> None:
    text = SIGNED.annotations[TIMESTAMP]
    longest = text + " " * (2 * MAX_DER - len(text))
    assert judged(but(SIGNED, TIMESTAMP, longest)).accepted.signers == ("ci",)
    assert judged(but(SIGNED, TIMESTAMP, f"{longest} ")).code is Reason.TOO_LARGE


def test_a_payload_of_the_most_bytes_is_read_and_one_more_is_too_large() -> None:
    least = len(simple_signing(more=""))
    longest = simple_signing(more="x" * (MAX_PAYLOAD - least))
    assert len(longest) == MAX_PAYLOAD
    assert judged(signature_layer(longest, tsa=True)).accepted.subject == DIGEST
    too_long = simple_signing(more="x" * (MAX_PAYLOAD - least + 1))
    assert judged(signature_layer(too_long, tsa=True)).code is Reason.TOO_LARGE


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
    assert said in judged(but(SIGNED, annotation, to)).message
