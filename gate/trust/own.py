"""What gate signed itself, verified like anybody's before it is stored anywhere."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Final

from gate.errors import SigningError
from gate.keys.public import PublicKey
from gate.model.evidence import Attached, AttachedKind, Storage
from gate.model.image import ResolvedImage
from gate.policy.match_identity import IdentityPattern
from gate.trust.about import about
from gate.trust.bundle import Envelope, parse_bundle
from gate.trust.embedded import embedded_root
from gate.trust.identify import identify
from gate.trust.prove import prove
from gate.trust.refusal import Reason, Refusal
from gate.trust.root import TrustedRoot
from gate.trust.signer import TrustedIdentity, TrustedKey
from gate.trust.verify import AttachedVerifier

_OWN: Final = "own"


def verify_own(
    bundle: bytes,
    image: ResolvedImage,
    *,
    key: PublicKey | None,
    trust_config: bytes | None,
    now: datetime,
) -> None:
    """Verify a bundle that this run signed, about this image. Raises SigningError.

    `key` is the public half of the key that signed; None where a certificate did. Then
    `trust_config` is the Sigstore client trust config that was signed with, and None means
    Sigstore's public instance.
    """
    attached = Attached(AttachedKind.BUNDLE, bundle, Storage.FILE, image.digest)
    try:
        parsed = parse_bundle(bundle)
        prove(parsed, _root(trust_config), now=now, key=key)
        about(parsed.content, attached, image)
    except Refusal as refusal:
        raise SigningError(
            "own-signature-not-verified",
            f"what was signed does not verify, and was not stored: {refusal.message}",
            remedy="look at the service that signed: its key, certificate, log or clock is wrong",
        ) from refusal


def own_payload(bundle: bytes, image: ResolvedImage, *, key: PublicKey, now: datetime) -> bytes:
    """Return the statement of a stored bundle that a key of ours signed about this image.

    Raises Refusal for every other bundle.
    """
    attached = Attached(AttachedKind.BUNDLE, bundle, Storage.REFERRERS, image.digest)
    parsed = parse_bundle(bundle)
    prove(parsed, embedded_root(), now=now, key=key)
    about(parsed.content, attached, image)
    if not isinstance(parsed.content, Envelope):
        raise Refusal(Reason.NOT_UNDERSTOOD, "it holds no statement")
    return parsed.content.payload


def own_verifier(
    bundle: bytes,
    image: ResolvedImage,
    *,
    key: PublicKey | None,
    trust_config: bytes | None,
    now: datetime,
) -> AttachedVerifier | None:
    """Return what recognises everything by the signer of this bundle, which this run signed.

    By the same key, or by certificates of the same subject and issuer, under the same root. None
    where an identity cannot be compared as a policy compares it.
    """
    root = _root(trust_config)
    if key is not None:
        return AttachedVerifier((TrustedKey(name=_OWN, key=key, root=root),), now)
    attached = Attached(AttachedKind.BUNDLE, bundle, Storage.FILE, image.digest)
    try:
        claims = identify(attached, image, root, now).claims
        pattern = IdentityPattern(claims.identity.subject)
    except (Refusal, ValueError):
        return None
    if "*" in claims.identity.subject:
        return None
    signer = TrustedIdentity(name=_OWN, issuer=claims.identity.issuer, identity=pattern, root=root)
    return AttachedVerifier((signer,), now)


def _root(trust_config: bytes | None) -> TrustedRoot:
    if trust_config is None:
        return embedded_root()
    from gate.trust.trusted_root import parse_trusted_root  # noqa: PLC0415  # as EmbeddedRoot says

    return parse_trusted_root(json.dumps(json.loads(trust_config)["trustedRoot"]).encode())
