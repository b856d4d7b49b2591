"""A trusted root, read from its document.

https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_trustroot.proto
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from cryptography.x509.oid import ExtendedKeyUsageOID

from gate.keys.public import supported
from gate.keys.x509_errors import UNREADABLE
from gate.model.image import Digest
from gate.trust.proto_json import Fields, parse_object
from gate.trust.refusal import Refusal, malformed
from gate.trust.root import MAX_ROOT, Authority, Log, TrustedRoot, Window

_MAX_ITEMS: Final = 64
_MEDIA: Final = "application/vnd.dev.sigstore.trustedroot"
_READ: Final = (f"{_MEDIA}+json;version=0.1", f"{_MEDIA}.v0.1+json", f"{_MEDIA}.v0.2+json")
T = TypeVar("T")


def parse_trusted_root(data: bytes) -> TrustedRoot:
    """Read a TrustedRoot document. Raises Refusal.

    A key or chain that gate cannot use is left out and named in `skipped`, so that one new
    algorithm does not take the others away; a document that is not a root is refused.
    """
    top = parse_object(data, "the trusted root", most=MAX_ROOT)
    if (media := top.text("mediaType")) not in _READ:
        what = "a version that is not read" if media.startswith(_MEDIA) else "another"
        raise malformed(
            f"this is not a Sigstore trusted root of 0.1 or 0.2: its media type is {what}"
        )
    skipped: list[str] = []

    def read(field: str, parse: Callable[[Fields], T]) -> tuple[T, ...]:
        return tuple(_usable(top.items(field, _MAX_ITEMS), field, parse, skipped))

    return TrustedRoot(
        certificate_authorities=read("certificateAuthorities", _authority),
        timestamp_authorities=read("timestampAuthorities", _timestamp_authority),
        logs=read("tlogs", _log),
        ct_logs=read("ctlogs", _log),
        names_ct_logs=bool(top.items("ctlogs", _MAX_ITEMS)),
        skipped=tuple(skipped),
        digest=Digest.of(data),
    )


def _usable(
    items: Iterable[Any], field: str, parse: Callable[[Fields], T], skipped: list[str]
) -> Iterable[T]:
    for index, item in enumerate(items):
        fields = Fields(item, f"{field}[{index}]")
        try:
            yield parse(fields)
        except Refusal as refusal:
            skipped.append(f"{field}[{index}]: {refusal.message}")
        except UNREADABLE as error:
            # cryptography says with these that a key or certificate is of no form it knows.
            skipped.append(f"{field}[{index}]: {error}")


def _log(log: Fields) -> Log:
    key = log.object("publicKey")
    return Log(
        key=supported(load_der_public_key(key.base64("rawBytes"))),
        id=log.object("logId").base64("keyId"),
        window=_window(key),
        origin=_host(log, "baseUrl"),
    )


def _authority(authority: Fields) -> Authority:
    chain = _chain(authority)
    for certificate in chain:
        if not any(
            isinstance(extension.value, x509.BasicConstraints) and extension.value.ca
            for extension in certificate.extensions
        ):
            raise malformed("a certificate that is no authority cannot be trusted as one")
    return Authority(chain, _window(authority), _host(authority, "uri"))


def _timestamp_authority(authority: Fields) -> Authority:
    chain = _chain(authority)
    usage = chain[0].extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    if not usage.critical or list(usage.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise malformed("its first certificate is not one for time stamping alone")
    # Not its subject: reading names that break X.520's bounds makes cryptography warn.
    name = _host(authority, "uri") or f"sha256:{chain[0].fingerprint(SHA256()).hex()}"
    return Authority(chain, _window(authority), name)


def _chain(authority: Fields) -> tuple[x509.Certificate, ...]:
    items = authority.object("certChain").items("certificates", _MAX_ITEMS)
    fields = (Fields(item, "a certificate") for item in items)
    chain = tuple(x509.load_der_x509_certificate(field.base64("rawBytes")) for field in fields)
    if not chain:
        raise malformed("its certificate chain is empty")
    for certificate, issuer in zip(chain, (*chain[1:], chain[-1]), strict=True):
        try:
            certificate.verify_directly_issued_by(issuer)
        except InvalidSignature as error:
            raise malformed("its certificate chain does not hold together") from error
    return chain


def _window(fields: Fields) -> Window:
    if not fields.has("validFor"):
        return Window(None, None)
    # A misspelt end would be none, and what it ends would be believed for ever.
    window = fields.object("validFor", ("start", "end"))
    start, end = (
        datetime.fromisoformat(window.text(name)) if window.has(name) else None
        for name in ("start", "end")
    )
    if any(time is not None and time.tzinfo is None for time in (start, end)):
        raise malformed("its validity has a time without an offset")
    return Window(start, end)


def _host(fields: Fields, field: str) -> str:
    """Return the host of a URL, which some roots write without its scheme."""
    text = fields.text(field) if fields.has(field) else ""
    return urlsplit(text if "//" in text else f"//{text}").netloc
