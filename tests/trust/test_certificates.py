"""What a signing certificate and those above it have to be, each condition by itself."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from gate.trust.certificate import (
    certified_key,
    check_usage,
    issuer_at,
    parse_certificate,
    refuse_roots,
)
from gate.trust.refusal import Reason, Refusal
from gate.trust.root import Authority, Window
from gate.trust.sct import MAX_SCTS, check_scts
from gate.trust.trusted_root import parse_trusted_root
from tests.fakes.sigstore import ALWAYS
from tests.fakes.sigstore import Window as Life
from tests.fakes.sigstore.authority import Authority as Issuer
from tests.fakes.sigstore.authority import named, usage
from tests.trust import given
from tests.trust.given import AT

S: Final = given.sigstore()
CODE, TIME = ExtendedKeyUsageOID.CODE_SIGNING, ExtendedKeyUsageOID.TIME_STAMPING
YEAR: Final = timedelta(days=365)


def key_usage(*, digital_signature: bool) -> x509.KeyUsage:
    """Return the key usage of a leaf, or of an authority."""
    return usage(signs_certificates=not digital_signature)


def used_for(*extensions: x509.ExtensionType) -> x509.Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    builder = x509.CertificateBuilder(named("a"), named("a"), key.public_key(), 1, AT, AT + YEAR)
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(key, hashes.SHA256())


def refused(certificate: x509.Certificate) -> Refusal:
    with pytest.raises(Refusal) as caught:
        check_usage(certificate)
    return caught.value


def test_a_certificate_for_signing_code_may_sign() -> None:
    check_usage(used_for(key_usage(digital_signature=True), x509.ExtendedKeyUsage([TIME, CODE])))


@pytest.mark.parametrize(
    "extensions",
    [
        (key_usage(digital_signature=False), x509.ExtendedKeyUsage([CODE])),
        (key_usage(digital_signature=True), x509.ExtendedKeyUsage([TIME])),
    ],
)
def test_a_certificate_for_something_else_may_not(extensions: tuple[x509.ExtensionType]) -> None:
    refusal = refused(used_for(*extensions))
    assert refusal.reason is Reason.CERTIFICATE_NOT_TRUSTED
    assert refusal.message == "the certificate's key is not for signing code"


@pytest.mark.parametrize(
    "extension", [key_usage(digital_signature=True), x509.ExtendedKeyUsage([CODE])]
)
def test_a_certificate_that_does_not_say_what_it_is_for_may_not(
    extension: x509.ExtensionType,
) -> None:
    refusal = refused(used_for(extension))
    assert refusal.reason is Reason.CERTIFICATE_NOT_TRUSTED
    assert refusal.message == "the certificate does not say what its key is for"


def leaf(issuer: Issuer, *, names: Issuer | None = None, at: datetime = AT) -> x509.Certificate:
    """Return a certificate that one authority signed and that names another's key, if told."""
    key = ec.generate_private_key(ec.SECP256R1())
    by = (names or issuer).key.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(issuer.certificate.subject)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(at)
        .not_valid_after(at + timedelta(minutes=10))
        .add_extension(key_usage(digital_signature=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([CODE]), critical=False)
        .add_extension(
            x509.SubjectAlternativeName([x509.UniformResourceIdentifier("https://a.example")]),
            critical=True,
        )
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by), critical=False)
        .sign(issuer.key, hashes.SHA384())
    )


def authority(*issuers: Issuer) -> Authority:
    chain = tuple(issuer.certificate for issuer in issuers)
    return Authority(chain, Window(ALWAYS.start, None), "local")


def not_issued(certificate: x509.Certificate, trusted: Authority, at: datetime = AT) -> Reason:
    with pytest.raises(Refusal) as caught:
        issuer_at(certificate, [trusted], at)
    return caught.value.reason


ROOT: Final = Issuer.root("r", ALWAYS)
BETWEEN: Final = ROOT.intermediate("i", ALWAYS, CODE)


def test_the_authority_that_signed_it_and_that_it_names_is_its_issuer() -> None:
    assert issuer_at(leaf(BETWEEN), [authority(BETWEEN, ROOT)], AT) == BETWEEN.certificate


def test_a_certificate_that_names_another_key_than_the_one_that_signed_it_has_no_issuer() -> None:
    other = ROOT.intermediate("i", ALWAYS, CODE)
    forged = leaf(BETWEEN, names=other)
    assert not_issued(forged, authority(BETWEEN, ROOT)) is Reason.CERTIFICATE_NOT_TRUSTED


def test_a_certificate_that_another_key_signed_in_the_name_of_an_authority_has_no_issuer() -> None:
    other = ROOT.intermediate("i", ALWAYS, CODE)
    forged = leaf(other, names=BETWEEN)
    assert not_issued(forged, authority(BETWEEN, ROOT)) is Reason.CERTIFICATE_NOT_TRUSTED


def test_an_authority_without_a_name_for_its_key_is_named_by_nobody() -> None:
    bare = used_for(x509.BasicConstraints(ca=True, path_length=None))
    nameless = Authority((bare,), Window(ALWAYS.start, None), "local")
    assert not_issued(leaf(BETWEEN), nameless) is Reason.CERTIFICATE_NOT_TRUSTED


@pytest.mark.parametrize(
    ("starts", "ends", "good"),
    [
        (AT, AT + YEAR, True),
        (AT - YEAR, AT, True),
        (AT + timedelta(seconds=1), AT + YEAR, False),
        (AT - YEAR, AT - timedelta(seconds=1), False),
    ],
)
def test_r085_each_certificate_above_is_valid_when_it_was_signed(
    starts: datetime,
    ends: datetime,
    good: bool,  # noqa: FBT001  # the answer
) -> None:
    root = Issuer.root("r", Life(starts, ends))
    between = root.intermediate("i", ALWAYS, CODE)
    trusted = authority(between, root)
    if good:
        assert issuer_at(leaf(between), [trusted], AT) == between.certificate
    else:
        assert not_issued(leaf(between), trusted) is Reason.OUTSIDE_VALIDITY


def test_both_ends_of_a_certificates_life_are_in_it() -> None:
    signing = leaf(BETWEEN)
    trusted = authority(BETWEEN, ROOT)
    for at in (AT, AT + timedelta(minutes=10)):
        assert issuer_at(signing, [trusted], at) == BETWEEN.certificate
    for at in (AT - timedelta(seconds=1), AT + timedelta(minutes=10, seconds=1)):
        assert not_issued(signing, trusted, at) is Reason.CERTIFICATE_EXPIRED


def test_a_chain_may_carry_what_an_authority_issued_and_never_its_root() -> None:
    between, root = (c.public_bytes(Encoding.DER) for c in S.fulcio.chain)
    refuse_roots([between])
    with pytest.raises(Refusal, match="carries a root certificate"):
        refuse_roots([between, root])


def test_bytes_that_are_no_certificate_are_told_as_that() -> None:
    with pytest.raises(Refusal, match="the certificate cannot be read"):
        parse_certificate(b"\x30\x00")


def test_a_certificate_for_a_kind_of_key_that_nobody_signs_with_is_refused() -> None:
    key = dsa.generate_private_key(1024)  # noqa: S505  # made at once, and refused
    name = named("a")
    odd = x509.CertificateBuilder(name, name, key.public_key(), 1, AT, AT + YEAR)
    with pytest.raises(Refusal, match="the certificate's key") as caught:
        certified_key(odd.sign(key, hashes.SHA256()))
    assert caught.value.reason is Reason.MALFORMED


def test_a_time_of_another_century_is_outside_of_every_life() -> None:
    long_ago = datetime(1970, 1, 1, tzinfo=UTC)
    assert not_issued(leaf(BETWEEN), authority(BETWEEN, ROOT), long_ago) is (
        Reason.CERTIFICATE_EXPIRED
    )


def of_version_eleven() -> bytes:
    """Return a certificate whose version is one that there is not."""
    der = leaf(BETWEEN).public_bytes(Encoding.DER)
    assert der.count(b"\xa0\x03\x02\x01\x02") == 1
    return der.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x0a")


def test_a_certificate_of_a_version_that_there_is_not_is_told_as_that() -> None:
    with pytest.raises(Refusal, match="the certificate cannot be read"):
        parse_certificate(of_version_eleven())


UNKNOWN_NAMES: Final = (b"\x30\x02\xa3\x00", b"\x30\x08\xa5\x06\xa1\x04\x13\x02ab")
"""Subject alternative names of the two kinds that cryptography does not read: x400Address,
ediPartyName."""


def with_names(names: bytes) -> x509.Certificate:
    """Return a certificate of an authority with these subject alternative names."""
    oid = x509.SubjectAlternativeName.oid
    return used_for(
        x509.BasicConstraints(ca=True, path_length=None), x509.UnrecognizedExtension(oid, names)
    )


@pytest.mark.parametrize("names", UNKNOWN_NAMES)
def test_a_certificate_with_a_name_of_an_unknown_kind_is_told_as_that(names: bytes) -> None:
    with pytest.raises(Refusal, match="the certificate cannot be read") as caught:
        parse_certificate(with_names(names).public_bytes(Encoding.DER))
    assert caught.value.reason is Reason.MALFORMED


def test_a_certificate_with_a_name_of_a_known_kind_is_read() -> None:
    url = with_names(b"\x30\x03\x86\x01a").public_bytes(Encoding.DER)
    assert parse_certificate(url).public_bytes(Encoding.DER) == url


@pytest.mark.parametrize(
    ("der", "cause"),
    [
        (of_version_eleven(), "version"),
        *((with_names(names).public_bytes(Encoding.DER), "x400Address") for names in UNKNOWN_NAMES),
    ],
)
def test_a_root_leaves_out_an_authority_that_cannot_be_read(der: bytes, cause: str) -> None:
    document = given.root_document()
    raw = base64.b64encode(der).decode()
    document["certificateAuthorities"][0]["certChain"] = {"certificates": [{"rawBytes": raw}]}
    (why,) = parse_trusted_root(json.dumps(document).encode()).skipped
    assert cause in why


def stamped(count: int) -> x509.Certificate:
    """Return a certificate with so many certificate timestamps of a log that nobody knows."""
    stamp = bytes((0, *b"l" * 32, *bytes(8), 0, 0, 4, 3, 0, 2, 0x30, 0))
    listed = b"".join(len(stamp).to_bytes(2) + stamp for _ in range(count))
    body = len(listed).to_bytes(2) + listed
    oid = x509.ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2")
    octets = b"\x04\x82" + len(body).to_bytes(2) + body
    key = ec.generate_private_key(ec.SECP256R1())
    built = (
        x509.CertificateBuilder(x509.Name([]), x509.Name([]), key.public_key(), 1, AT, AT)
        .add_extension(x509.UnrecognizedExtension(oid, octets), critical=False)
        .sign(key, hashes.SHA256())
    )
    return x509.load_der_x509_certificate(built.public_bytes(Encoding.DER))


@pytest.mark.parametrize(
    ("count", "reason"),
    [(MAX_SCTS, Reason.SCT_INVALID), (MAX_SCTS + 1, Reason.TOO_LARGE)],
)
def test_so_many_certificate_timestamps_are_looked_at_and_no_more(
    count: int, reason: Reason
) -> None:
    with pytest.raises(Refusal) as refused:
        check_scts(stamped(count), stamped(0), [])
    assert refused.value.reason is reason
