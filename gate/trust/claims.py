"""What Fulcio says about a signer in a certificate's extensions.

https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md
"""

from __future__ import annotations

from typing import Final

from cryptography import x509

from gate.model.identity import CertificateIdentity
from gate.model.records import dataclass
from gate.trust.refusal import malformed

MAX_TEXT: Final = 4096
_ARC: Final = "1.3.6.1.4.1.57264.1"
_USERNAME: Final = x509.ObjectIdentifier(f"{_ARC}.7")
_PLAIN_UP_TO: Final = 6
_UTF8_STRING: Final = 0x0C
_LONG_FORM: Final = 0x80
_OLD_ISSUER, _OLD_TRIGGER, _OLD_REPOSITORY, _OLD_REF = 1, 2, 5, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """Who signed, in which run of which repository. None where the certificate is silent."""

    identity: CertificateIdentity
    source_repository: str | None = None
    repository_id: str | None = None
    owner_id: str | None = None
    ref: str | None = None
    trigger: str | None = None
    runner_environment: str | None = None
    visibility: str | None = None


def claims_of(certificate: x509.Certificate) -> Claims:
    """Read what a certificate that has been verified says. Raises Refusal.

    Certificates from before 2023 have older extensions only; these count where the newer
    one is absent, and where both are there they must not differ on the issuer.
    """
    found = _extensions(certificate)
    old, new = found.get(_OLD_ISSUER), found.get(8)
    if old is not None and new is not None and old != new:
        raise malformed("the certificate names two issuers")
    issuer = new or old
    if not issuer:
        raise malformed("the certificate does not name who vouches for its subject")
    repository = found.get(_OLD_REPOSITORY)
    return Claims(
        identity=CertificateIdentity(_subject(certificate), issuer),
        source_repository=found.get(12)
        or (f"https://github.com/{repository}" if repository else None),
        repository_id=found.get(15),
        owner_id=found.get(17),
        ref=found.get(14) or found.get(_OLD_REF),
        trigger=found.get(20) or found.get(_OLD_TRIGGER),
        runner_environment=found.get(11),
        visibility=found.get(22),
    )


def _subject(certificate: x509.Certificate) -> str:
    """Return the one subject alternative name, which Fulcio writes in one of three kinds."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound as error:
        raise malformed("the certificate has no subject alternative name") from error
    if len(names) != 1:
        raise malformed(f"the certificate has {len(names)} subject names, and one is expected")
    match name := next(iter(names)):
        case x509.RFC822Name(value=text) | x509.UniformResourceIdentifier(value=text):
            pass
        case x509.OtherName(type_id=kind, value=der) if kind == _USERNAME:
            text = _utf8_string(der)
        case _:
            raise malformed(f"the certificate's subject name is a {type(name).__name__}")
    if not 0 < len(text) <= MAX_TEXT:
        raise malformed("the certificate's subject name is empty or too long")
    return text


def _extensions(certificate: x509.Certificate) -> dict[int, str]:
    """Return the text of Fulcio's extensions by the last number of their OID."""
    found: dict[int, str] = {}
    for extension in certificate.extensions:
        arc, _, last = extension.oid.dotted_string.rpartition(".")
        value = extension.value
        if arc != _ARC or not isinstance(value, x509.UnrecognizedExtension):
            continue
        number = int(last)
        raw = value.value
        found[number] = _text(raw) if number <= _PLAIN_UP_TO else _utf8_string(raw)
    return found


def _utf8_string(der: bytes) -> str:
    """Read a DER UTF8String and nothing after it."""
    length = der[1] if len(der) > 1 else 0
    start = 2
    if length & _LONG_FORM:
        start += length & ~_LONG_FORM
        length = int.from_bytes(der[2:start])
        if start > 4 or length < _LONG_FORM:  # noqa: PLR2004  # two bytes of length: up to 64 KiB
            raise malformed("a certificate extension has an overlong length")
    if der[:1] != bytes([_UTF8_STRING]) or len(der) != start + length:
        raise malformed("a certificate extension is not one UTF8String")
    return _text(der[start:])


def _text(raw: bytes) -> str:
    if len(raw) > MAX_TEXT:
        raise malformed("a certificate extension is too long")
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise malformed("a certificate extension is not UTF-8") from error
