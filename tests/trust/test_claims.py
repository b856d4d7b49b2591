"""What a certificate says of its signer is read strictly, from older extensions and newer ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from gate.model.identity import CertificateIdentity
from gate.trust.claims import MAX_TEXT, Claims, claims_of
from gate.trust.refusal import Reason, Refusal
from tests.fakes.sigstore import new_key

KEY: Final = new_key()
AT: Final = datetime(2026, 11, 20, 12, tzinfo=UTC)
ISSUER: Final = "https://issuer.example"
OLD_ISSUER, OLD_TRIGGER, OLD_REPOSITORY, OLD_REF = 1, 2, 5, 6
NEW_ISSUER, OWNER_ID = 8, 17


def utf8(text: str) -> bytes:
    """Return a DER UTF8String in its shortest form."""
    raw = text.encode()
    if len(raw) < 0x80:
        return bytes((0x0C, len(raw))) + raw
    length = len(raw).to_bytes((len(raw).bit_length() + 7) // 8)
    return bytes((0x0C, 0x80 | len(length))) + length + raw


def certificate(
    extensions: dict[int, bytes], *, subject: x509.GeneralName | None = None
) -> x509.Certificate:
    """Return a certificate with Fulcio's extensions, by the last number of their OID."""
    names = [subject or x509.UniformResourceIdentifier("https://ci.example/build")]
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(x509.Name([]))
        .public_key(KEY.public_key())
        .serial_number(1)
        .not_valid_before(AT)
        .not_valid_after(AT + timedelta(minutes=10))
        .add_extension(x509.SubjectAlternativeName(names), critical=True)
    )
    for number, raw in extensions.items():
        oid = x509.ObjectIdentifier(f"1.3.6.1.4.1.57264.1.{number}")
        builder = builder.add_extension(x509.UnrecognizedExtension(oid, raw), critical=False)
    return builder.sign(KEY, hashes.SHA256())


def claims(extensions: dict[int, bytes], *, subject: x509.GeneralName | None = None) -> Claims:
    return claims_of(certificate(extensions, subject=subject))


def refusal(extensions: dict[int, bytes], *, subject: x509.GeneralName | None = None) -> str:
    with pytest.raises(Refusal) as refused:
        claims(extensions, subject=subject)
    assert refused.value.reason is Reason.MALFORMED
    return refused.value.message


@pytest.mark.parametrize(
    "extensions",
    [
        pytest.param({OLD_ISSUER: ISSUER.encode()}, id="the older extension"),
        pytest.param({NEW_ISSUER: utf8(ISSUER)}, id="the newer one"),
        pytest.param({OLD_ISSUER: ISSUER.encode(), NEW_ISSUER: utf8(ISSUER)}, id="both alike"),
    ],
)
def test_the_issuer_is_read_from_either_extension(extensions: dict[int, bytes]) -> None:
    assert claims(extensions) == Claims(
        identity=CertificateIdentity("https://ci.example/build", ISSUER)
    )


def test_two_issuers_that_differ_are_refused() -> None:
    said = refusal({OLD_ISSUER: ISSUER.encode(), NEW_ISSUER: utf8("https://other.example")})
    assert said == "the certificate names two issuers"


def test_a_certificate_without_an_issuer_is_refused() -> None:
    assert refusal({}) == "the certificate does not name who vouches for its subject"


def test_older_extensions_count_where_the_newer_ones_are_absent() -> None:
    older = {OLD_TRIGGER: b"push", OLD_REPOSITORY: b"acme/shop", OLD_REF: b"refs/heads/main"}
    said = claims({NEW_ISSUER: utf8(ISSUER), **older})
    assert (said.trigger, said.source_repository, said.ref) == (
        "push",
        "https://github.com/acme/shop",
        "refs/heads/main",
    )


def test_newer_extensions_count_before_the_older_ones() -> None:
    older = {OLD_TRIGGER: b"push", OLD_REPOSITORY: b"acme/shop", OLD_REF: b"refs/heads/main"}
    newer = {
        20: utf8("schedule"),
        12: utf8("https://github.com/acme/web"),
        14: utf8("refs/tags/v1"),
    }
    said = claims({NEW_ISSUER: utf8(ISSUER), **older, **newer})
    assert (said.trigger, said.source_repository, said.ref) == (
        "schedule",
        "https://github.com/acme/web",
        "refs/tags/v1",
    )


@pytest.mark.parametrize("length", [1, MAX_TEXT])
def test_a_subject_of_any_length_up_to_the_bound_is_taken(length: int) -> None:
    said = claims({NEW_ISSUER: utf8(ISSUER)}, subject=x509.RFC822Name("a" * length))
    assert said.identity.subject == "a" * length


@pytest.mark.parametrize("length", [0, MAX_TEXT + 1])
def test_a_subject_that_is_empty_or_too_long_is_refused(length: int) -> None:
    subject = x509.UniformResourceIdentifier("a" * length)
    said = refusal({NEW_ISSUER: utf8(ISSUER)}, subject=subject)
    assert said == "the certificate's subject name is empty or too long"


@pytest.mark.parametrize("length", [1, 0x7F, 0x80, 0x100, MAX_TEXT])
def test_a_text_of_any_length_up_to_the_bound_is_read(length: int) -> None:
    said = claims({NEW_ISSUER: utf8(ISSUER), OWNER_ID: utf8("7" * length)})
    assert said.owner_id == "7" * length


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "a certificate extension is not one UTF8String"),
        (b"\x0c", "a certificate extension is not one UTF8String"),
        (b"\x0c\x05", "a certificate extension is not one UTF8String"),
        (b"\x0c\x017x", "a certificate extension is not one UTF8String"),
        (b"\x04\x017", "a certificate extension is not one UTF8String"),
        (b"\x0c\x81\x017", "a certificate extension has an overlong length"),
        (
            b"\x0c\x83\x00\x01\x00" + b"7" * 0x100,
            "a certificate extension has an overlong length",
        ),
        (utf8("7" * (MAX_TEXT + 1)), "a certificate extension is too long"),
        (b"\x0c\x01\xff", "a certificate extension is not UTF-8"),
    ],
)
def test_an_extension_that_is_no_bounded_text_is_refused(raw: bytes, said: str) -> None:
    assert refusal({NEW_ISSUER: utf8(ISSUER), OWNER_ID: raw}) == said
