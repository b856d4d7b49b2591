"""Hostile sizes and shapes, each refused for its own reason before anything is computed."""

from __future__ import annotations

import base64
import json
import time
import warnings
from datetime import timedelta
from typing import Any, Final

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from gate.trust.bundle import MAX_BYTES, MAX_DER, MAX_ENTRIES, MAX_TIMESTAMPS
from gate.trust.certificate import issuer_at, parse_certificate, refuse_roots
from gate.trust.checkpoint import parse_checkpoint
from gate.trust.claims import claims_of
from gate.trust.proto_json import Fields, decode_base64
from gate.trust.refusal import Reason, Refusal
from tests.trust import given
from tests.trust.given import AT, changed, identity, judged

BUNDLE: Final = given.sigstore().keyless_bundle(given.statement(), at=AT, tsa=True)
MATERIAL: Final = "verificationMaterial"
MINUTE: Final = timedelta(minutes=1)


def _parts(bundle: bytes = BUNDLE) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(bundle)
    return document


def test_the_bundle_that_is_changed_below_is_good() -> None:
    assert judged(BUNDLE).accepted.signers == ("ci",)


def test_r263_a_bundle_over_the_bound_is_refused_at_once() -> None:
    start = time.process_time()
    found = judged(b"[" * (MAX_BYTES + 1))
    assert found.code is Reason.TOO_LARGE
    assert str(MAX_BYTES) in found.message
    # A wide bound: it says that nothing was parsed, and not how fast the machine is.
    assert time.process_time() - start < 5


def test_deep_nesting_is_refused() -> None:
    assert judged(b'{"mediaType":' + b"[" * 100_000).code is Reason.MALFORMED


def test_r281_too_many_of_anything_is_refused_before_each_is_read() -> None:
    material = _parts()[MATERIAL]
    entries: list[object] = [{}] * (MAX_ENTRIES + 1)
    assert judged(changed(BUNDLE, MATERIAL, "tlogEntries", to=entries)).code is Reason.TOO_LARGE
    stamps: given.Told = {"rfc3161Timestamps": [{}] * (MAX_TIMESTAMPS + 1)}
    many = changed(BUNDLE, MATERIAL, "timestampVerificationData", to=stamps)
    assert judged(many).code is Reason.TOO_LARGE
    signatures = _parts()["dsseEnvelope"]["signatures"] * 2
    two = changed(BUNDLE, "dsseEnvelope", "signatures", to=signatures)
    assert judged(two).code is Reason.TOO_LARGE
    chain: given.Told = {"x509CertificateChain": {"certificates": [{}] * 9}}
    old = _parts() | {"mediaType": "application/vnd.dev.sigstore.bundle+json;version=0.2"}
    del material["certificate"]
    old[MATERIAL] = material | chain
    assert judged(json.dumps(old).encode()).code is Reason.TOO_LARGE


def test_r081_a_signature_beside_junk_ones_is_not_counted_more_than_once_or_at_all() -> None:
    good = _parts()["dsseEnvelope"]["signatures"][0]
    for junk in ({"sig": "AAAA"}, good, good | {"keyid": "another"}):
        for signatures in ([good, junk], [junk, good]):
            found = judged(changed(BUNDLE, "dsseEnvelope", "signatures", to=signatures))
            assert found.code is Reason.TOO_LARGE


def test_a_certificate_or_timestamp_that_is_too_long_is_refused() -> None:
    long = base64.b64encode(b"0" * (MAX_DER + 1)).decode()
    certificate = changed(BUNDLE, MATERIAL, "certificate", "rawBytes", to=long)
    assert judged(certificate).code is Reason.TOO_LARGE
    stamps = {"rfc3161Timestamps": [{"signedTimestamp": long}]}
    timestamp = changed(BUNDLE, MATERIAL, "timestampVerificationData", to=stamps)
    assert judged(timestamp).code is Reason.TOO_LARGE


def test_one_log_entry_twice_is_refused() -> None:
    entries = _parts()[MATERIAL]["tlogEntries"] * 2
    found = judged(changed(BUNDLE, MATERIAL, "tlogEntries", to=entries))
    assert (found.code, found.message) == (Reason.MALFORMED, "one log entry is there twice")


def test_of_two_entries_of_one_log_the_earlier_one_says_when() -> None:
    holder = given.sigstore().holder(AT)
    content = holder.envelope(given.statement())
    bundle = given.sigstore().bundle
    late = bundle(content, holder, AT, kind="dsse", logged_at=AT + 2 * MINUTE)
    early = bundle(content, holder, AT, kind="intoto", logged_at=AT + MINUTE)
    both = [json.loads(one)["verificationMaterial"]["tlogEntries"][0] for one in (late, early)]
    found = judged(changed(late, MATERIAL, "tlogEntries", to=both)).accepted
    assert [time.at for time in found.times] == [AT + MINUTE]


def test_r082_one_timestamp_twice_is_refused_and_two_of_one_authority_are_one_time() -> None:
    stamps = _parts()[MATERIAL]["timestampVerificationData"]["rfc3161Timestamps"]
    path = (MATERIAL, "timestampVerificationData", "rfc3161Timestamps")
    assert judged(changed(BUNDLE, *path, to=stamps * 2)).code is Reason.MALFORMED
    signature = base64.b64decode(_parts()["dsseEnvelope"]["signatures"][0]["sig"])
    again = base64.b64encode(given.sigstore().tsa.stamp(signature, AT)).decode()
    both = changed(BUNDLE, *path, to=[*stamps, {"signedTimestamp": again}])
    assert len(judged(both).accepted.times) == len(judged(BUNDLE).accepted.times) == 2


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("extra",), 1),
        ((MATERIAL, "extra"), 1),
        ((MATERIAL, "tlogEntries", 0, "extra"), 1),
        ((MATERIAL, "tlogEntries", 0, "inclusionProof", "extra"), 1),
        (("dsseEnvelope", "extra"), 1),
        (("dsseEnvelope", "signatures", 0, "extra"), 1),
        (("media_type",), "x"),
        (("messageSignature",), {"signature": "AAAA"}),
        ((MATERIAL, "publicKey"), {"hint": "x"}),
        ((MATERIAL, "tlogEntries", 0, "logIndex"), -1),
        ((MATERIAL, "tlogEntries", 0, "logIndex"), "1_0"),
        ((MATERIAL, "tlogEntries", 0, "logIndex"), "\u0661"),
        ((MATERIAL, "tlogEntries", 0, "logIndex"), True),
        ((MATERIAL, "tlogEntries", 0, "logIndex"), 1.0),
        ((MATERIAL, "tlogEntries", 0, "logIndex"), 1 << 63),
    ],
)
def test_unknown_fields_and_ambiguous_numbers_are_refused(path: Any, value: object) -> None:  # noqa: ANN401  # names and positions
    assert judged(changed(BUNDLE, *path, to=value)).code is Reason.MALFORMED


@pytest.mark.parametrize(
    "text", ["QR==", "QQ", "QQ= =", "Q-_=", "QQ==\n", "", "QQ==QQ==", "\u0661\u0661==", 7, None]
)
def test_r261_base64_has_one_form(text: object) -> None:
    assert decode_base64("QQ==", "it") == b"A"
    with pytest.raises(Refusal):
        decode_base64(text, "it")


def test_r252_r262_a_key_that_stands_twice_is_refused_everywhere() -> None:
    twice = BUNDLE[:-1] + b',"mediaType":"x"}'
    assert judged(twice).code is Reason.MALFORMED
    payload = given.statement()[:-1] + b',"predicateType":"x"}'
    inner = given.sigstore().keyless_bundle(payload, at=AT)
    assert judged(inner).code is Reason.MALFORMED


@pytest.mark.parametrize(
    "text",
    [
        "",
        "origin\n1\n",
        "origin\n01\nAAAA\n\n\u2014 origin AAAA\n",
        "origin\n1\nAAAA\n\n\u2014 origin AAAA",
        "origin\n1\nAAAA\n\n- origin AAAA\n",
        "origin\n1\nAAAA\n\n\u2014 origin\n",
        "\n1\nAAAA\n\n\u2014 origin AAAA\n",
        "origin\n\u0661\nAAAA\n\n\u2014 origin AAAA\n",
        "origin\n1\nAAAA\n\n" + "\u2014 origin AAAA\n" * 17,
        "origin\n1\nAAAA\n\n" + "x" * 70_000 + "\n",
    ],
)
def test_a_checkpoint_that_is_no_signed_note_is_refused(text: str) -> None:
    with pytest.raises(Refusal):
        parse_checkpoint(text)


def _certificate(
    *extensions: x509.ExtensionType, name: x509.Name | None = None
) -> x509.Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    builder = x509.CertificateBuilder(
        issuer_name=name or x509.Name([]),
        subject_name=name or x509.Name([]),
        public_key=key.public_key(),
        serial_number=1,
        not_valid_before=AT,
        not_valid_after=AT,
    )
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(key, hashes.SHA256())


def _fulcio(number: int, raw: bytes) -> x509.UnrecognizedExtension:
    return x509.UnrecognizedExtension(x509.ObjectIdentifier(f"1.3.6.1.4.1.57264.1.{number}"), raw)


ISSUER: Final = _fulcio(8, b"\x0c\x01x")
SAN: Final = x509.SubjectAlternativeName([x509.RFC822Name("a@b.example")])
USERNAME: Final = x509.ObjectIdentifier("1.3.6.1.4.1.57264.1.7")


def test_a_user_name_in_an_other_name_is_a_subject() -> None:
    name = x509.SubjectAlternativeName([x509.OtherName(USERNAME, b"\x0c\x03a!b")])
    assert claims_of(_certificate(name, ISSUER)).identity.subject == "a!b"
    assert claims_of(_certificate(SAN, ISSUER)).identity.subject == "a@b.example"


@pytest.mark.parametrize(
    "extensions",
    [
        (ISSUER,),
        (SAN,),
        (SAN, _fulcio(8, b"\x0c\x05x")),
        (SAN, _fulcio(8, b"\x0c\x01xy")),
        (SAN, _fulcio(8, b"\x16\x01x")),
        (SAN, _fulcio(8, b"\x0c\x01\xff")),
        (SAN, _fulcio(8, b"\x0c\x81\x01x")),
        (SAN, _fulcio(8, b"\x0c\x80x")),
        (SAN, _fulcio(8, b"\x0c")),
        (SAN, _fulcio(8, b"")),
        (SAN, _fulcio(8, b"\x0c\x00")),
        (SAN, _fulcio(1, b"\xff")),
        (SAN, ISSUER, _fulcio(12, b"\x0c\x82\x20\x00" + b"x" * 0x2000)),
        (x509.SubjectAlternativeName([x509.DNSName("a.example")]), ISSUER),
        (x509.SubjectAlternativeName([x509.RFC822Name("a@b.example")] * 2), ISSUER),
        (x509.SubjectAlternativeName([x509.RFC822Name("a@b.example")] * 5000), ISSUER),
        (x509.SubjectAlternativeName([x509.OtherName(USERNAME, b"\x0c\x01\xff")]), ISSUER),
        (x509.SubjectAlternativeName([x509.OtherName(USERNAME, b"\x16\x01x")]), ISSUER),
    ],
)
def test_r067_r282_odd_names_and_extensions_are_refused(extensions: Any) -> None:  # noqa: ANN401  # any extensions
    with pytest.raises(Refusal) as refusal:
        claims_of(_certificate(*extensions))
    assert refusal.value.reason is Reason.MALFORMED


def test_r067_a_certificate_without_key_usage_is_refused() -> None:
    der = _certificate(SAN, ISSUER).public_bytes(Encoding.DER)
    raw = base64.b64encode(der).decode()
    found = judged(changed(BUNDLE, MATERIAL, "certificate", "rawBytes", to=raw), identity())
    assert found.code is Reason.SIGNATURE_INVALID


def test_a_name_out_of_bounds_is_read_without_a_warning() -> None:
    # Sigstore's own scaffolding has a country of three letters, where X.520 has two.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        country = x509.NameAttribute(NameOID.COUNTRY_NAME, "USA", _validate=False)
        der = _certificate(SAN, ISSUER, name=x509.Name([country])).public_bytes(Encoding.DER)
    certificate = parse_certificate(der)
    assert claims_of(certificate).identity.subject == "a@b.example"
    with pytest.raises(Refusal) as refusal:
        issuer_at(certificate, given.ROOT.certificate_authorities, AT)
    assert refusal.value.reason is Reason.CERTIFICATE_NOT_TRUSTED
    with pytest.raises(Refusal, match="root certificate"):
        refuse_roots([der])


def test_a_field_that_is_null_is_absent() -> None:
    fields = Fields({"a": None}, "it", ("a",))
    assert not fields.has("a")
    with pytest.raises(Refusal, match="lacks the field 'a'"):
        fields.text("a")
