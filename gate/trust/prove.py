"""The cryptography of one bundle under one trusted root, in the order of `docs/trust.md`.

What comes out is evidence: who signed, when, by whose clock, and in which logs. Whether
that is whom a policy wants, and about which image it is, is for `gate.trust.verify`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric import ed25519

from gate.keys.public import PublicKey, signed_by, signed_digest, spki
from gate.keys.schemes import signed_in_a_safe_scheme
from gate.model.clock import is_ahead
from gate.model.evidence import Clock, SigningTime
from gate.model.image import Digest
from gate.model.records import dataclass
from gate.model.words import timestamp
from gate.trust.bundle import Bundle, Envelope, MessageSignature
from gate.trust.log import Logged, find_logged
from gate.trust.log_body import SignedContent, check_about, digest_of
from gate.trust.refusal import Reason, Refusal, malformed
from gate.trust.root import TrustedRoot
from gate.trust.timestamp import verified_times

if TYPE_CHECKING:
    from cryptography import x509

    from gate.trust.claims import Claims


@dataclass(frozen=True, slots=True)
class Artifact:
    """Bytes that were signed and are not in the bundle, or their digest alone."""

    sha256: Digest
    data: bytes | None = None

    @classmethod
    def of(cls, data: bytes) -> Artifact:
        """Return the artifact of these bytes."""
        return cls(Digest(hashlib.sha256(data).hexdigest()), data)


@dataclass(frozen=True, slots=True)
class Proof:
    """What is proven of a bundle."""

    claims: Claims | None
    """Of the certificate; None where a plain key signed."""
    times: tuple[SigningTime, ...]
    """Verified, oldest first, one an authority."""
    logs: tuple[str, ...]
    """Origins of the logs that hold it, sorted, each once."""
    certificate_logged: bool = False
    """Whether a trusted certificate log holds the certificate. Only a root that names no such
    log leaves this open."""


def prove(
    bundle: Bundle,
    root: TrustedRoot,
    *,
    now: datetime,
    key: PublicKey | None = None,
    artifact: Artifact | None = None,
) -> Proof:
    """Verify a bundle, all but whose it is and what it is about. Raises Refusal.

    `key` is the plain key that is trusted: then a bundle with a certificate is a stranger's.
    `artifact` is what a message signature is over.
    """
    # The numbers are those of the steps in docs/trust.md; 1 and 2 are gate.trust.bundle's.
    # 3. Key.
    certificate = None
    if bundle.certificate is not None and key is not None:
        message = "it was signed with a certificate, and a plain key is trusted here"
        raise Refusal(Reason.SIGNER_MISMATCH, message)
    if bundle.certificate is not None:
        from gate.trust.certified import certificate_of  # noqa: PLC0415  # not of a plain key

        certificate, key = certificate_of(bundle, bundle.certificate)
    if key is None:
        message = "it was signed with a plain key, and no key is trusted here"
        raise Refusal(Reason.SIGNER_MISMATCH, message)
    # 4. Signature.
    check_signature(bundle, key, artifact)
    return prove_signed(bundle, root, now=now, key=key, artifact=artifact, certificate=certificate)


def prove_signed(
    bundle: Bundle,
    root: TrustedRoot,
    *,
    now: datetime,
    key: PublicKey,
    artifact: Artifact | None,
    certificate: x509.Certificate | None = None,
) -> Proof:
    """Verify as `prove` does, all but the signature: `check_signature` found it to be by `key`.

    `certificate` is the bundle's, which says that the key is somebody's. Raises Refusal.
    """
    # 5 and 6. Log entries, and that each is about this signature.
    logged = _logged(bundle, root, key, artifact)
    # 7 and 8. Times, and from when to when the root trusts who says them.
    times, unstamped = _times(bundle, root, logged)
    _check_windows(logged, times, now)
    if certificate is None:
        return Proof(None, times, _origins(logged))
    if not times:
        raise unstamped or Refusal(
            Reason.SIGNING_TIME_MISSING,
            "no log or authority says when the certificate's key was used",
        )
    # 9. Certificate. 10 to 13 are gate.trust.attribute, about and verify.
    from gate.trust.certified import certified_at  # noqa: PLC0415  # not of a plain key

    claims, certificate_logged = certified_at(certificate, root, times)
    return Proof(claims, times, _origins(logged), certificate_logged)


def check_signature(bundle: Bundle, key: PublicKey, artifact: Artifact | None) -> None:
    """Refuse a bundle whose signature the key did not make.

    A certificate's key signs in the scheme that Sigstore has for its kind, and a plain key in
    any that is safe.
    """
    content = bundle.content
    if isinstance(content, MessageSignature) and artifact is not None:
        sha256 = bytes.fromhex(artifact.sha256.hex)
        if content.digest not in {None, digest_of(artifact.data, sha256, content.algorithm)}:
            message = "the bundle's message digest is that of other bytes"
            raise Refusal(Reason.SUBJECT_MISMATCH, message)
    data = signed_bytes(bundle, artifact)
    if data is None and isinstance(key, ed25519.Ed25519PublicKey):
        message = "its key is Ed25519, which signs the bytes, and only their digest is at hand"
        raise Refusal(Reason.NOT_UNDERSTOOD, message)
    if data is None:
        made = artifact is not None and signed_digest(key, content.signature, artifact.sha256)
    else:
        verify = signed_in_a_safe_scheme if bundle.certificate is None else signed_by
        made = verify(key, content.signature, data)
    if not made:
        raise Refusal(Reason.SIGNATURE_INVALID, "the signature is not by the key, or not over this")


def signed_bytes(bundle: Bundle, artifact: Artifact | None) -> bytes | None:
    """Return what was signed; None where only its digest is at hand. Raises Refusal."""
    if isinstance(bundle.content, Envelope):
        return bundle.content.signed
    if artifact is None:
        message = "it is a signature over bytes that it does not hold"
        raise Refusal(Reason.NOT_UNDERSTOOD, message)
    return artifact.data


def _signed(bundle: Bundle, key: PublicKey, artifact: Artifact | None) -> SignedContent:
    message = artifact.data if artifact else None
    sha256 = bytes.fromhex(artifact.sha256.hex) if artifact else b""
    if isinstance(bundle.content, Envelope):
        message = bundle.content.signed
        sha256 = hashlib.sha256(message).digest()
    verifier = bundle.certificate or spki(key)
    return SignedContent(content=bundle.content, verifier=verifier, message=message, sha256=sha256)


def _logged(
    bundle: Bundle, root: TrustedRoot, key: PublicKey, artifact: Artifact | None
) -> tuple[Logged, ...]:
    if not bundle.entries:
        return ()
    if len({(entry.log_id, entry.body) for entry in bundle.entries}) != len(bundle.entries):
        raise malformed("one log entry is there twice")
    signed = _signed(bundle, key, artifact)
    found = []
    for entry in bundle.entries:
        found.append(find_logged(entry, root.logs, proof_required=bundle.proofs_required))
        check_about(entry, signed)
    return tuple(found)


def _times(
    bundle: Bundle, root: TrustedRoot, logged: Iterable[Logged]
) -> tuple[tuple[SigningTime, ...], Refusal | None]:
    """Return the verified times, oldest first, and why a timestamp gave none."""
    over = bundle.content.signature if bundle.stamped is None else bundle.stamped
    authorities = root.timestamp_authorities if bundle.timestamps else ()
    stamped, refusal = verified_times(bundle.timestamps, over, authorities)
    by_log: dict[str, SigningTime] = {}
    for entry in logged:
        if entry.at is not None:
            time = SigningTime(entry.at, Clock.LOG, entry.log.origin)
            by_log[entry.log.origin] = min(
                by_log.get(entry.log.origin, time), time, key=lambda t: t.at
            )
    times = sorted((*stamped, *by_log.values()), key=lambda t: (t.at, t.clock, t.authority))
    return tuple(times), refusal


def _check_windows(logged: Iterable[Logged], times: tuple[SigningTime, ...], now: datetime) -> None:
    """Refuse times ahead of now, and logs that were not trusted at the time.

    Where nobody vouches for a time, a log must be trusted now.
    """
    for time in times:
        if is_ahead(time.at, now):
            message = f"{time.authority} says that it was signed at {timestamp(time.at)}"
            raise Refusal(Reason.SIGNED_IN_THE_FUTURE, message)
    for entry in logged:
        for at in [time.at for time in times] or [now]:
            if not entry.log.window.holds(at):
                message = (
                    f"the trusted root does not trust the log {entry.log.origin} "
                    f"for {timestamp(at)}"
                )
                raise Refusal(Reason.OUTSIDE_VALIDITY, message)


def _origins(logged: Iterable[Logged]) -> tuple[str, ...]:
    return tuple(sorted({entry.log.origin for entry in logged}))
