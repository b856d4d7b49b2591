"""A private Sigstore, an image, and verifiers that trust them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final, TypeAlias

from gate.keys.public import PublicKey
from gate.model.evidence import Attached, AttachedKind, Rejection, Storage, VerifiedAttestation
from gate.model.image import Digest, ImageReference, Platform, PlatformManifest, ResolvedImage
from gate.model.predicates import Predicate
from gate.policy.match_identity import IdentityPattern
from gate.trust.refusal import Reason
from gate.trust.root import TrustedRoot
from gate.trust.signer import TrustedIdentity, TrustedKey, TrustedSigner
from gate.trust.trusted_root import parse_trusted_root
from gate.trust.verify import AttachedVerifier
from tests.fakes.sigstore import GITHUB, WORKFLOW, LocalSigstore, trusted_root

AT: Final = datetime(2026, 11, 20, 12, tzinfo=UTC)
NOW: Final = datetime(2026, 11, 21, tzinfo=UTC)
DIGEST: Final = Digest("ab" * 32)
ARM: Final = Digest("cd" * 32)
OTHER: Final = Digest("ef" * 32)
IMAGE: Final = ResolvedImage(
    ImageReference.parse("registry.example/shop/web:1"),
    DIGEST,
    (PlatformManifest(Platform("linux", "arm64"), ARM),),
)
SIGN: Final = "https://sigstore.dev/cosign/sign/v1"
Told: TypeAlias = dict[str, Any]
"""What a fake is told, by the names of its own arguments."""
SLSA: Final = "https://slsa.dev/nothing-that-gate-reads/v1"


@cache
def sigstore() -> LocalSigstore:
    """Return the one private Sigstore of this process."""
    return LocalSigstore()


def root_document(**windows: Any) -> dict[str, Any]:  # noqa: ANN401  # the fake's own arguments
    return trusted_root(sigstore(), **windows)


def root_without(part: str) -> TrustedRoot:
    return parse_trusted_root(json.dumps(root_document() | {part: []}).encode())


def root(**windows: Any) -> TrustedRoot:  # noqa: ANN401  # the fake's own arguments
    return parse_trusted_root(json.dumps(root_document(**windows)).encode())


ROOT: Final = root()


def statement(*digests: Digest, predicate_type: str = SIGN, **more: object) -> bytes:
    subjects = [{"name": "web", "digest": {"sha256": d.hex}} for d in digests or (DIGEST,)]
    return json.dumps(
        {
            "_type": "https://in-toto.io/Statement/v1",
            "subject": subjects,
            "predicateType": predicate_type,
            "predicate": {},
            **more,
        }
    ).encode()


def identity(
    name: str = "ci",
    subject: str = WORKFLOW,
    issuer: str = GITHUB,
    **more: Any,  # noqa: ANN401  # the signer's own fields
) -> TrustedIdentity:
    demands = {"root": ROOT, **more}
    return TrustedIdentity(name=name, issuer=issuer, identity=IdentityPattern(subject), **demands)


def key(
    public: PublicKey,
    name: str = "key",
    **more: Any,  # noqa: ANN401  # the signer's own fields
) -> TrustedKey:
    return TrustedKey(name=name, key=public, **{"root": ROOT, **more})


def attached(content: bytes, kind: AttachedKind = AttachedKind.BUNDLE, **more: str) -> Attached:
    return Attached(kind, content, Storage.REFERRERS, DIGEST, more)


@dataclass(frozen=True)
class Judged:
    """What a verifier said."""

    said: VerifiedAttestation[Predicate] | Rejection

    @property
    def accepted(self) -> VerifiedAttestation[Predicate]:
        assert isinstance(self.said, VerifiedAttestation), self.said
        return self.said

    @property
    def code(self) -> Reason:
        assert isinstance(self.said, Rejection), self.said
        return Reason(self.said.code)

    @property
    def message(self) -> str:
        assert isinstance(self.said, Rejection), self.said
        return self.said.message

    @property
    def remedy(self) -> str:
        assert isinstance(self.said, Rejection), self.said
        return self.said.remedy


def judged(
    found: Attached | bytes,
    *signers: TrustedSigner,
    now: datetime = NOW,
    image: ResolvedImage = IMAGE,
) -> Judged:
    """Judge what hangs on IMAGE by these signers, or by the workflow that signs by default."""
    it = attached(found) if isinstance(found, bytes) else found
    return Judged(AttachedVerifier(signers or (identity(),), now).verify(it, image))


def changed(bundle: bytes, *path: str | int, to: object) -> bytes:
    """Return the bundle with one part replaced; a value of ... removes it."""
    document = json.loads(bundle)
    target = document
    for part in path[:-1]:
        target = target[part]
    if to is ...:
        del target[path[-1]]
    else:
        target[path[-1]] = to
    return json.dumps(document).encode()
