"""From a policy's signers and roots to the verifier that holds bundles against them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, assert_never

from gate.errors import PolicyError, TrustRootError
from gate.keys.public import MalformedKey, PublicKey, load_public_key
from gate.policy.document import Policy
from gate.policy.match_identity import IdentityPattern
from gate.policy.roots import RootSource
from gate.policy.signers import PUBLIC_GOOD, KeylessSigner, KeySigner, ProofRule
from gate.trust.embedded import EMBEDDED_AT, embedded_root
from gate.trust.refusal import Refusal
from gate.trust.root import TrustedRoot
from gate.trust.signer import TrustedIdentity, TrustedKey, TrustedSigner
from gate.trust.verify import AttachedVerifier

MAX_EMBEDDED_AGE: Final = timedelta(days=365)
"""After that it may trust keys that were withdrawn, and miss those that took their place."""


def verifier_of(policy: Policy, now: datetime, ca_file: Path | None) -> AttachedVerifier:
    """Return the verifier of a policy's signers. Raises PolicyError, TrustRootError.

    Keys and roots are read from `policy.files`. Only a root that some signer names is
    read, and only a `tuf` one asks the network; there the certificates of `ca_file` are trusted
    too.
    """
    roots: dict[str, TrustedRoot] = {}
    signers: list[TrustedSigner] = []
    for name, signer in policy.signers.items():
        if signer.root not in roots:
            roots[signer.root] = _root(signer.root, policy.roots, policy.files, ca_file)
        if signer.root not in policy.roots and _needs_fresh(signer):
            _check_embedded(now)
        signers.append(_trusted(name, signer, roots[signer.root], policy.files))
    return AttachedVerifier(tuple(signers), now)


def _trusted(
    name: str, signer: KeySigner | KeylessSigner, root: TrustedRoot, files: Mapping[str, bytes]
) -> TrustedSigner:
    log = signer.log is ProofRule.REQUIRED
    timestamp = signer.timestamp is ProofRule.REQUIRED
    match signer:
        case KeySigner():
            return TrustedKey(
                name=name,
                key=_key(name, signer, files),
                root=root,
                log_required=log,
                timestamp_required=timestamp,
            )
        case KeylessSigner():
            return TrustedIdentity(
                name=name,
                issuer=signer.issuer,
                identity=IdentityPattern(signer.identity),
                source_repository=signer.repository,
                repository_id=signer.repository_id,
                owner_id=signer.owner_id,
                ref=signer.ref,
                triggers=signer.trigger,
                runner_environment=signer.runner_environment,
                visibility=signer.visibility,
                root=root,
                log_required=log,
                timestamp_required=timestamp,
            )
        case unreachable:
            assert_never(unreachable)


def _key(name: str, signer: KeySigner, files: Mapping[str, bytes]) -> PublicKey:
    data = signer.key.encode() if signer.inline else files[signer.key]
    try:
        return load_public_key(data)
    except MalformedKey as error:
        raise PolicyError(
            "policy-key-malformed",
            f"the key of the signer {name!r} cannot be used: {error}",
            remedy=error.remedy or "give a public key in PEM form, such as cosign.pub",
        ) from error


def _needs_fresh(signer: KeySigner | KeylessSigner) -> bool:
    """Whether a signer's evidence depends on the root, and not on a pinned key alone."""
    keyed = isinstance(signer, KeySigner)
    return not keyed or ProofRule.REQUIRED in {signer.log, signer.timestamp}


def _root(
    name: str,
    roots: Mapping[str, RootSource],
    files: Mapping[str, bytes],
    ca_file: Path | None,
) -> TrustedRoot:
    source = roots.get(name)
    if source is not None:
        return _parsed(name, _content(name, source, files, ca_file))
    if name == PUBLIC_GOOD:
        return embedded_root()
    raise PolicyError(
        "policy-root-unknown",
        f"no trusted root is called {name!r}",
        remedy=f"define it under trusted-roots, or use {PUBLIC_GOOD}",
    )


def _content(
    name: str, source: RootSource, files: Mapping[str, bytes], ca_file: Path | None
) -> bytes:
    data = b"".join(files[path] for path in source.files())
    found = hashlib.sha256(data).hexdigest()
    if found != source.digest:
        raise TrustRootError(
            "trust-root-digest",
            f"the trusted root {name!r} has the digest sha256:{found}, and the policy pins "
            f"sha256:{source.digest}",
            remedy="find out who changed the file; pin the new digest only if it was you",
        )
    if source.tuf is None:
        return data
    from gate.trust.refresh import fetch_trusted_root  # noqa: PLC0415  # few policies name one

    return fetch_trusted_root(source.tuf, data, ca_file)


def _parsed(name: str, data: bytes) -> TrustedRoot:
    from gate.trust.trusted_root import parse_trusted_root  # noqa: PLC0415  # seldom named

    try:
        return parse_trusted_root(data)
    except Refusal as refusal:
        raise PolicyError(
            "policy-root-malformed",
            f"the trusted root {name!r} cannot be read: {refusal.message}",
            remedy="give a Sigstore TrustedRoot document, media type "
            "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
        ) from refusal


def _check_embedded(now: datetime) -> None:
    if now - EMBEDDED_AT > MAX_EMBEDDED_AGE:
        raise TrustRootError(
            "trust-root-too-old",
            f"the trusted root in this release of gate is from {EMBEDDED_AT:%Y-%m-%d}, "
            f"and is believed for {MAX_EMBEDDED_AGE.days} days",
            remedy="update gate, or pin a newer root in the policy under trusted-roots",
        )
