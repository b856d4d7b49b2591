"""Conditions of the verifier that nothing but their own removal would show."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest

from gate.model.evidence import AttachedKind
from gate.model.image import Digest
from gate.predicates.image_signature import SIMPLE_SIGNING
from gate.predicates.statement import parse_statement
from gate.trust.about import MAX_TYPE, claimed_type
from gate.trust.attribute import _most_telling, attribute
from gate.trust.bundle import MAX_DER, bounded_der, parse_bundle
from gate.trust.checkpoint import MAX_CHARACTERS, MAX_SIGNATURES, parse_checkpoint
from gate.trust.prove import Artifact
from gate.trust.refusal import Reason, Refusal
from tests.fakes.sigstore import new_key
from tests.trust import given
from tests.trust.given import (
    AT,
    DIGEST,
    NOW,
    OTHER,
    attached,
    changed,
    identity,
    judged,
    key,
    statement,
)

S: Final = given.sigstore()
SIGNED: Final = S.keyless_bundle(statement(), at=AT)
KEY: Final = new_key()


def refusal(found: bytes) -> Refusal:
    with pytest.raises(Refusal) as refused:
        parse_bundle(found)
    return refused.value


def test_a_statement_about_what_it_hangs_on_counts_only_for_a_part_of_the_image() -> None:
    """A manifest that is no platform of the image may hold anything: it is not what runs."""
    bundle = S.keyless_bundle(statement(OTHER), at=AT)
    found = replace(attached(bundle), subject=OTHER)
    assert judged(found).code is Reason.SUBJECT_MISMATCH


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (3, "it is about sha256:00, sha256:01, sha256:02, and"),
        (4, "it is about sha256:00, sha256:01, sha256:02 and 1 more, and"),
        (6, "it is about sha256:00, sha256:01, sha256:02 and 3 more, and"),
    ],
)
def test_three_other_images_are_named_and_the_rest_are_counted(count: int, said: str) -> None:
    others = [Digest(f"{number:02d}" * 32) for number in range(count)]
    message = judged(S.keyless_bundle(statement(*others), at=AT)).message
    for other in others[:3]:
        message = message.replace(str(other), f"sha256:{other.hex[:2]}")
    assert message.startswith(said)


@pytest.mark.parametrize("length", [1, MAX_TYPE])
def test_the_type_that_bytes_claim_is_told_up_to_its_bound(length: int) -> None:
    said = json.dumps({"predicateType": "t" * length}).encode()
    assert claimed_type(attached(said)) == "t" * length


@pytest.mark.parametrize("claimed", ["", "t" * (MAX_TYPE + 1), 7, None])
def test_a_claimed_type_that_is_none_is_not_told(claimed: object) -> None:
    assert claimed_type(attached(json.dumps({"predicateType": claimed}).encode())) is None


def test_a_layer_of_cosigns_is_told_as_its_own_kind() -> None:
    found = attached(b"{}", AttachedKind.COSIGN_SIGNATURE)
    assert claimed_type(found) == SIMPLE_SIGNING


def test_a_signature_over_other_bytes_is_told_as_that_and_not_as_a_strangers() -> None:
    bundle = parse_bundle(S.keyed_signature(b"x", KEY, at=AT))
    with pytest.raises(Refusal) as refused:
        attribute(bundle, Artifact.of(b"y"), [key(KEY.public_key())], NOW)
    assert refused.value.reason is Reason.SUBJECT_MISMATCH


def test_what_is_wrong_with_its_time_is_told_before_the_log_that_it_is_not_in() -> None:
    late = S.keyless_bundle(
        statement(), at=AT, rekor=None, tsa=True, stamped_at=AT + timedelta(hours=1)
    )
    assert judged(late).code is Reason.CERTIFICATE_EXPIRED


def test_reasons_and_next_steps_of_another_kind_are_left_out() -> None:
    mine = Refusal(Reason.SIGNER_MISMATCH, "it is a's; 'b': no")
    near = Refusal(Reason.SIGNER_MISMATCH, "it is a's; 'c': nearly", remedy="write c")
    other = Refusal(Reason.CERTIFICATE_EXPIRED, "it is old; 'd'", remedy="write d")
    said = _most_telling([other, mine, near])
    assert (said.message, said.remedy) == ("it is a's; 'b': no; 'c': nearly", "write c")
    assert said.reason is Reason.SIGNER_MISMATCH


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a\n1\nAAAA\n" + "x" * MAX_CHARACTERS + "\n\n\N{EM DASH} a AAAA\n", "signed note"),
        ("a\n1\nAAAA\n\N{EM DASH} a AAAA\n", "signed note"),
        ("a\n1\nAAAA\n\n\N{EM DASH} a AAAA", "signed note"),
        ("a\n1\n\n\N{EM DASH} a AAAA\n", "origin, size or root"),
        ("\n1\nAAAA\n\n\N{EM DASH} a AAAA\n", "origin, size or root"),
        ("a\n01\nAAAA\n\n\N{EM DASH} a AAAA\n", "origin, size or root"),
        ("a\n1\nAAAA\n\n" + "\N{EM DASH} a AAAA\n" * (MAX_SIGNATURES + 1), "more than 16"),
    ],
)
def test_a_checkpoint_is_refused_for_the_part_that_is_wrong(text: str, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        parse_checkpoint(text)


def test_a_checkpoint_of_the_most_signatures_and_characters_is_read() -> None:
    many = "a\n1\nAAAA\n\n" + "\N{EM DASH} a AAAAAAAA\n" * MAX_SIGNATURES
    assert len(parse_checkpoint(many).signatures) == MAX_SIGNATURES
    head, tail = "a\n1\nAAAA\n", "\n\n\N{EM DASH} a AAAAAAAA\n"
    longest = head + "x" * (MAX_CHARACTERS - len(head) - len(tail)) + tail
    assert parse_checkpoint(longest).size == 1


def test_a_certificate_of_the_most_bytes_is_bounded_and_one_more_is_not() -> None:
    assert len(bounded_der(b"x" * MAX_DER)) == MAX_DER
    with pytest.raises(Refusal, match=f"at most {MAX_DER}"):
        bounded_der(b"x" * (MAX_DER + 1))


def test_an_empty_chain_is_told_as_that() -> None:
    older = json.loads(changed(SIGNED, "mediaType", to=f"{MEDIA}+json;version=0.2"))
    material = older["verificationMaterial"]
    del material["certificate"]
    material["x509CertificateChain"] = {"certificates": []}
    assert "chain is empty" in refusal(json.dumps(older).encode()).message


def test_a_bundle_needs_no_place_for_timestamps() -> None:
    bare = changed(SIGNED, "verificationMaterial", "timestampVerificationData", to=...)
    assert judged(bare).accepted.signed_at == AT


@pytest.mark.parametrize(
    ("payload", "message"), [(b"no JSON", "the text is not JSON"), (b"[]", "statement")]
)
def test_what_is_signed_and_is_no_statement_is_told_as_that(payload: bytes, message: str) -> None:
    said = judged(S.keyless_bundle(payload, at=AT))
    assert said.code is Reason.MALFORMED
    assert message in said.message


MANY: Final = [
    identity(f"s{number}", subject=f"https://a.example/x/y/z@{number}") for number in range(6)
]


@pytest.mark.parametrize(("count", "more"), [(5, ""), (6, "; and 1 more")])
def test_some_signers_whose_it_is_not_are_told_and_the_rest_counted(count: int, more: str) -> None:
    message = judged(SIGNED, *MANY[:count]).message
    assert [f"'s{n}'" in message for n in range(count)] == [n < 5 for n in range(count)]
    assert message.endswith(more)
    assert ("more" in message) is bool(more)


def test_of_two_reasons_the_one_nearest_to_a_signer_is_told() -> None:
    """It is the signer's own and lacks a timestamp; that it is not another's says less."""
    mine = identity("mine", timestamp_required=True)
    other = identity("other", subject="https://a.example/x/y/z@1")
    assert judged(SIGNED, other, mine).code is Reason.TIMESTAMP_MISSING
    assert judged(SIGNED, mine, other).code is Reason.TIMESTAMP_MISSING


MEDIA: Final = "application/vnd.dev.sigstore.bundle"


@pytest.mark.parametrize(
    ("media", "reason"),
    [
        (f"{MEDIA}.v0.9+json", Reason.NOT_UNDERSTOOD),
        ("application/json", Reason.MALFORMED),
        ("", Reason.MALFORMED),
    ],
)
def test_a_bundle_of_another_version_is_not_understood_and_of_another_kind_malformed(
    media: str, reason: Reason
) -> None:
    assert refusal(changed(SIGNED, "mediaType", to=media)).reason is reason


def test_the_certificates_beside_the_signers_are_kept_apart() -> None:
    older = json.loads(changed(SIGNED, "mediaType", to=f"{MEDIA}+json;version=0.2"))
    material = older["verificationMaterial"]
    own = material.pop("certificate")
    material["x509CertificateChain"] = {"certificates": [own, own]}
    read = parse_bundle(json.dumps(older).encode())
    assert read.certificate is not None
    assert read.others == (read.certificate,)
    assert read.proofs_required is True


def test_a_chain_in_a_bundle_of_the_newest_version_is_refused() -> None:
    newer = json.loads(SIGNED)
    material = newer["verificationMaterial"]
    material["x509CertificateChain"] = {"certificates": [material.pop("certificate")]}
    assert "0.3" in refusal(json.dumps(newer).encode()).message


@pytest.mark.parametrize(
    ("path", "to", "said"),
    [
        (("dsseEnvelope", "signatures"), [], "no signature"),
        (("dsseEnvelope", "signatures", 0, "keyid"), 7, "keyid"),
        (("verificationMaterial", "publicKey"), {"hint": 7}, "hint"),
    ],
)
def test_what_a_bundle_has_beside_is_read_strictly_too(
    path: tuple[str | int, ...], to: object, said: str
) -> None:
    bundle = S.keyed_bundle(statement(), KEY, at=AT)
    assert said in refusal(changed(bundle, *path, to=to)).message


def test_a_key_needs_no_hint_and_a_message_no_digest() -> None:
    bundle = S.keyed_signature(b"x", KEY, at=AT)
    bare = changed(bundle, "verificationMaterial", "publicKey", to={})
    bare = changed(bare, "messageSignature", "messageDigest", to=...)
    content: Any = parse_bundle(bare).content
    assert content.digest is None


def test_a_message_digest_of_an_unknown_kind_is_refused() -> None:
    bundle = S.keyed_signature(b"x", KEY, at=AT)
    path = ("messageSignature", "messageDigest", "algorithm")
    assert "digest" in refusal(changed(bundle, *path, to="SHA3_256")).message


def test_a_statement_that_is_read_names_what_it_is_about() -> None:
    assert parse_statement(statement(OTHER, DIGEST)).subjects == {OTHER, DIGEST}
