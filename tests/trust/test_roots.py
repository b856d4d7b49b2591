"""What of a trusted root is believed, and for which times; what is proven with it."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any, Final

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from gate.model.image import Digest
from gate.trust.bundle import parse_bundle
from gate.trust.claims import claims_of
from gate.trust.proto_json import Fields, decode_base64, parse_object
from gate.trust.prove import Artifact, check_signature
from gate.trust.refusal import Reason, Refusal
from gate.trust.root import Authority, Window
from gate.trust.timestamp import verified_times
from gate.trust.trusted_root import parse_trusted_root
from tests.fakes.sigstore import ALWAYS, WORKFLOW, Holder, new_key
from tests.fakes.sigstore import Window as Life
from tests.fakes.sigstore.authority import named, usage
from tests.fakes.sigstore.encoding import b64
from tests.fakes.sigstore.timestamps import TimestampAuthority
from tests.trust import given
from tests.trust.given import AT, changed, identity, judged

S: Final = given.sigstore()
CODE, TIME = ExtendedKeyUsageOID.CODE_SIGNING, ExtendedKeyUsageOID.TIME_STAMPING
SECOND: Final = timedelta(seconds=1)
YEAR: Final = timedelta(days=365)
ALWAYS_TRUSTED: Final = Window(ALWAYS.start, None)


def certificate(
    *extensions: tuple[x509.ExtensionType, bool],
    key: ec.EllipticCurvePrivateKey | None = None,
    by: ec.EllipticCurvePrivateKey | None = None,
    issuer: x509.Name | None = None,
) -> x509.Certificate:
    key = key or new_key()
    builder = x509.CertificateBuilder(
        issuer or named("a"), named("a"), key.public_key(), 7, AT - YEAR, AT + YEAR
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(by or key, hashes.SHA256())


def skipped(part: str, *chain: x509.Certificate) -> tuple[str, ...]:
    """Return why an authority of this chain is left out of a root."""
    document = given.root_document()
    raw = [{"rawBytes": b64(one.public_bytes(Encoding.DER))} for one in chain]
    document[part][0]["certChain"] = {"certificates": raw}
    return parse_trusted_root(json.dumps(document).encode()).skipped


AUTHORITY: Final = (x509.BasicConstraints(ca=True, path_length=None), True)


def test_r104_a_certificate_that_says_it_is_no_authority_is_no_anchor() -> None:
    assert skipped("certificateAuthorities", certificate(AUTHORITY)) == ()
    leaf = certificate((x509.BasicConstraints(ca=False, path_length=None), True))
    (why,) = skipped("certificateAuthorities", leaf)
    assert why.endswith("a certificate that is no authority cannot be trusted as one")


@pytest.mark.parametrize(
    ("purposes", "critical", "good"),
    [([TIME], True, True), ([TIME], False, False), ([TIME, CODE], True, False)],
)
def test_r100_a_timestamp_authority_is_for_time_stamping_alone_and_says_so(
    purposes: list[x509.ObjectIdentifier],
    critical: bool,  # noqa: FBT001  # the case
    good: bool,  # noqa: FBT001  # the answer
) -> None:
    key = new_key()
    leaf = certificate((x509.ExtendedKeyUsage(purposes), critical), key=key)
    assert bool(skipped("timestampAuthorities", leaf)) is not good


def test_a_chain_that_does_not_hold_together_is_told_as_that() -> None:
    stranger = certificate(AUTHORITY, by=new_key())
    (why,) = skipped("certificateAuthorities", stranger)
    assert why.endswith("its certificate chain does not hold together")


@pytest.mark.parametrize("name", ["start", "end"])
def test_a_validity_without_an_offset_is_left_out(name: str) -> None:
    document = given.root_document()
    window = {"start": "2020-01-01T00:00:00Z", "end": "2030-01-01T00:00:00Z"}
    window[name] = "2021-01-01T00:00:00"
    document["certificateAuthorities"][0]["validFor"] = window
    (why,) = parse_trusted_root(json.dumps(document).encode()).skipped
    assert why.endswith("its validity has a time without an offset")


MEDIA: Final = "application/vnd.dev.sigstore.trustedroot"


@pytest.mark.parametrize("media", [f"{MEDIA}+json;version=0.1", f"{MEDIA}.v0.2+json"])
def test_a_root_of_a_version_that_is_known_is_read(media: str) -> None:
    document = given.root_document() | {"mediaType": media}
    assert parse_trusted_root(json.dumps(document).encode()).skipped == ()


@pytest.mark.parametrize(
    ("media", "why"),
    [
        (f"{MEDIA}.v0.3+json", "a version that is not read"),
        (f"{MEDIA}+json;version=1", "a version that is not read"),
        (MEDIA, "a version that is not read"),
        ("application/json", "another"),
        ("", "another"),
    ],
)
def test_a_root_of_another_version_or_kind_is_refused(media: str, why: str) -> None:
    document = given.root_document() | {"mediaType": media}
    with pytest.raises(Refusal) as refused:
        parse_trusted_root(json.dumps(document).encode())
    assert (refused.value.reason, refused.value.message.rpartition(": ")[2]) == (
        Reason.MALFORMED,
        f"its media type is {why}",
    )


def test_a_window_holds_from_its_start_to_its_end() -> None:
    window = Window(AT, AT + YEAR)
    assert [window.holds(at) for at in (AT - SECOND, AT, AT + YEAR, AT + YEAR + SECOND)] == [
        *(False, True, True, False)
    ]
    assert Window(AT, None).holds(AT + 100 * YEAR)
    assert not Window(AT, None).holds(AT - SECOND)
    assert not Window(None, None).holds(AT)


def test_the_host_of_a_log_is_its_name_with_a_scheme_and_without() -> None:
    document = given.root_document()
    document["tlogs"][0]["baseUrl"] = "log.example"
    document["tlogs"][1].pop("baseUrl")
    logs = parse_trusted_root(json.dumps(document).encode()).logs
    assert [log.origin for log in logs] == ["log.example", ""]


def stamped(life: Life, at: Any = AT) -> object:  # noqa: ANN401  # a time
    """Return what a stamp by an authority whose certificates live so long is worth."""
    tsa = TimestampAuthority(life)
    trusted = Authority(tsa.chain, ALWAYS_TRUSTED, "tsa")
    times, refusal = verified_times([tsa.stamp(b"s", at)], b"s", [trusted])
    return refusal.reason if refusal else [time.at for time in times]


def test_a_stamp_counts_while_its_authoritys_certificates_live() -> None:
    assert stamped(Life(AT, AT + YEAR)) == [AT]
    assert stamped(Life(AT - YEAR, AT + SECOND)) == [AT]
    for life in (Life(AT + SECOND, AT + YEAR), Life(AT - YEAR, AT - SECOND)):
        assert stamped(life) in {Reason.OUTSIDE_VALIDITY, Reason.TIMESTAMP_MISSING}


def test_of_two_stamps_of_one_authority_the_older_counts() -> None:
    tsa = TimestampAuthority(ALWAYS)
    trusted = Authority(tsa.chain, ALWAYS_TRUSTED, "tsa")
    for times in ((AT, AT + YEAR), (AT + YEAR, AT)):
        found, _ = verified_times([tsa.stamp(b"s", at) for at in times], b"s", [trusted])
        assert [time.at for time in found] == [AT]


def test_bytes_that_are_no_stamp_are_told_as_that() -> None:
    with pytest.raises(Refusal, match="not an RFC 3161 response"):
        verified_times([b"words"], b"s", [])


def test_an_authority_of_one_certificate_made_no_stamp() -> None:
    tsa = TimestampAuthority(ALWAYS)
    alone = Authority((tsa.leaf,), ALWAYS_TRUSTED, "tsa")
    _, refusal = verified_times([tsa.stamp(b"s", AT)], b"s", [alone])
    assert refusal is not None
    assert refusal.reason is Reason.TIMESTAMP_MISSING


@pytest.mark.parametrize("between", [0, 1, 2, 3])
def test_a_stamp_counts_through_every_authority_between_its_own_and_the_root(between: int) -> None:
    tsa = TimestampAuthority(ALWAYS, between=between)
    chain = tsa.chain
    assert len(chain) == between + 2
    stamp = tsa.stamp(b"s", AT)
    (time,), _ = verified_times([stamp], b"s", [Authority(chain, ALWAYS_TRUSTED, "tsa")])
    assert time.at == AT
    for left_out in chain[1:-1]:
        broken = tuple(one for one in chain if one is not left_out)
        _, refusal = verified_times([stamp], b"s", [Authority(broken, ALWAYS_TRUSTED, "tsa")])
        assert refusal is not None
        assert refusal.reason is Reason.TIMESTAMP_MISSING


def test_a_signature_by_a_certificate_for_something_else_is_refused() -> None:
    """Everything else holds: the certificate's authority, its time, and what it signed."""
    key = new_key()
    issuer = S.fulcio.intermediate
    odd = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(issuer.certificate.subject)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(AT)
        .not_valid_after(AT + YEAR)
        .add_extension(usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([TIME]), critical=False)
        .add_extension(
            x509.SubjectAlternativeName([x509.UniformResourceIdentifier(WORKFLOW)]),
            critical=True,
        )
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()),
            critical=False,
        )
        .sign(issuer.key, hashes.SHA384())
    )
    holder = Holder(key, odd)
    bundle = S.bundle(holder.envelope(given.statement()), holder, AT, rekor=None, tsa=True)
    signer = identity(root=given.root_without("ctlogs"), log_required=False)
    said = judged(bundle, signer)
    assert said.code is Reason.CERTIFICATE_NOT_TRUSTED
    assert said.message.endswith("the certificate's key is not for signing code")


def test_a_bundle_that_brings_a_root_along_is_refused() -> None:
    older = json.loads(S.keyless_bundle(given.statement(), at=AT))
    older["mediaType"] = "application/vnd.dev.sigstore.bundle+json;version=0.2"
    material = older["verificationMaterial"]
    own = material.pop("certificate")
    between, root = ({"rawBytes": b64(c.public_bytes(Encoding.DER))} for c in S.fulcio.chain)
    material["x509CertificateChain"] = {"certificates": [own, between]}
    assert judged(json.dumps(older).encode()).accepted.signed_at == AT
    material["x509CertificateChain"] = {"certificates": [own, between, root]}
    said = judged(json.dumps(older).encode())
    assert said.message.endswith("the bundle carries a root certificate")


def test_a_certificate_timestamp_counts_its_milliseconds() -> None:
    at = AT + timedelta(milliseconds=123)
    assert judged(S.keyless_bundle(given.statement(), at=at)).accepted.signed_at == AT


def test_a_signature_counts_where_only_the_digest_of_the_bytes_is_at_hand() -> None:
    """ECDSA signs a digest. Ed25519 signs the bytes, so nothing can be said without them."""
    ecdsa, edwards = new_key(), Ed25519PrivateKey.generate()
    digest = Artifact(Digest.of(b"x"))
    check_signature(parse_bundle(S.keyed_signature(b"x", ecdsa, at=AT)), ecdsa.public_key(), digest)
    for signed, key, artifact, why in (
        (S.keyed_signature(b"x", edwards, at=AT), edwards.public_key(), digest, "is Ed25519"),
        (S.keyed_signature(b"y", ecdsa, at=AT), ecdsa.public_key(), None, "bytes that it does not"),
    ):
        with pytest.raises(Refusal, match=why) as refused:
            check_signature(parse_bundle(signed), key, artifact)
        assert refused.value.reason is Reason.NOT_UNDERSTOOD
    whole = Artifact(Digest.of(b"x"), b"x")
    signed = S.keyed_signature(b"x", edwards, at=AT)
    check_signature(parse_bundle(signed), edwards.public_key(), whole)
    bare = changed(
        S.keyed_signature(b"y", ecdsa, at=AT), "messageSignature", "messageDigest", to=...
    )
    with pytest.raises(Refusal) as refused:
        check_signature(parse_bundle(bare), ecdsa.public_key(), digest)
    assert refused.value.reason is Reason.SIGNATURE_INVALID


ISSUER: Final = x509.ObjectIdentifier("1.3.6.1.4.1.57264.1.8")
SAN: Final = x509.SubjectAlternativeName([x509.RFC822Name("a@b.example")])


def test_an_extension_of_another_arc_says_nothing_of_its_issuer() -> None:
    other = x509.ObjectIdentifier("1.3.6.1.4.1.57265.1.8")
    said = (x509.UnrecognizedExtension(other, b"\x0c\x01x"), False)
    with pytest.raises(Refusal):
        claims_of(certificate((SAN, False), said))
    own = (x509.UnrecognizedExtension(ISSUER, b"\x0c\x01y"), False)
    assert claims_of(certificate((SAN, False), said, own)).identity.issuer == "y"


@pytest.mark.parametrize("length", [1, 127, 128, 255, 256, 4000])
def test_a_text_of_any_length_is_read_in_its_one_form(length: int) -> None:
    text = "x" * length
    size = bytes([length]) if length < 128 else b""
    if length >= 128:
        raw = length.to_bytes((length.bit_length() + 7) // 8)
        size = bytes([0x80 | len(raw)]) + raw
    der = (x509.UnrecognizedExtension(ISSUER, b"\x0c" + size + text.encode()), False)
    assert claims_of(certificate((SAN, False), der)).identity.issuer == text


def test_an_other_name_of_another_kind_is_no_subject() -> None:
    other = x509.OtherName(x509.ObjectIdentifier("1.3.6.1.4.1.57264.1.9"), b"\x0c\x03a!b")
    issuer = (x509.UnrecognizedExtension(ISSUER, b"\x0c\x01x"), False)
    with pytest.raises(Refusal):
        claims_of(certificate((x509.SubjectAlternativeName([other]), False), issuer))


def test_a_list_that_is_absent_is_empty_and_one_that_is_none_is_malformed() -> None:
    assert Fields({"a": None}, "it").items("a", 1) == []
    assert Fields({}, "it").items("a", 1) == []
    with pytest.raises(Refusal, match=r"it\.a is not a list"):
        Fields({"a": {}}, "it").items("a", 1)


@pytest.mark.parametrize("number", [0, 1, 2**63 - 1])
def test_whole_numbers_of_64_bits_are_read_to_both_ends(number: int) -> None:
    assert Fields({"a": number}, "it").whole("a") == number
    with pytest.raises(Refusal, match="64 bits"):
        Fields({"a": 2**63}, "it").whole("a")


def test_an_object_of_the_most_bytes_is_read_and_one_more_is_too_large() -> None:
    assert parse_object(b"{}", "it", most=2).has("a") is False
    with pytest.raises(Refusal) as refused:
        parse_object(b"{ }", "it", most=2)
    assert refused.value.reason is Reason.TOO_LARGE


@pytest.mark.parametrize("text", ["", None, 7, "QUJ", "QUI\n", "QUJ=="])
def test_base64_that_is_none_is_refused(text: object) -> None:
    with pytest.raises(Refusal):
        decode_base64(text, "it")


def test_base64_of_many_pieces_is_compared_in_each_of_them() -> None:
    data = bytes(range(256)) * 4096
    text = base64.b64encode(data).decode()
    assert decode_base64(text, "it") == data
    with pytest.raises(Refusal):
        decode_base64(text[:-4] + "QR==", "it")
