"""A whole private Sigstore in this process: it makes bundles of any shape at any time."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, Final, Literal, TypedDict, Unpack

from tests.fakes.sigstore.content import IN_TOTO, Content, Envelope, Holder
from tests.fakes.sigstore.encoding import Window, b64
from tests.fakes.sigstore.entries import Kind, body_v1, body_v2
from tests.fakes.sigstore.fulcio import Fulcio, Identity
from tests.fakes.sigstore.keys import SigningKey, new_key
from tests.fakes.sigstore.rekor import RekorV1, RekorV2
from tests.fakes.sigstore.timestamps import TimestampAuthority

BUNDLE_TYPE: Final = "application/vnd.dev.sigstore.bundle.v0.3+json"
ALWAYS: Final = Window(datetime(2020, 1, 1, tzinfo=UTC))
WORKFLOW: Final = "https://github.com/acme/ci/.github/workflows/gate.yml@refs/heads/main"
GITHUB: Final = "https://token.actions.githubusercontent.com"

RekorVersion = Literal[1, 2]


class Proof(TypedDict, total=False):
    """What vouches for when a signature was made. Left out: a log entry of Rekor v1 alone."""

    rekor: RekorVersion | None
    """The log; none for no entry. By default 1 for keyless signatures, none for keyed ones."""
    tsa: bool
    """Whether the timestamp authority stamps it; by default with Rekor v2 alone."""
    logged_at: datetime
    """When Rekor v1 says that it kept the entry; by default when the signature was made."""
    stamped_at: datetime
    """When the timestamp authority says that it saw it; by default likewise."""
    kind: Kind
    """The kind of the entry in Rekor v1."""
    logged: Content
    """What is logged instead of what is signed: an entry that belongs to something else."""
    logged_by: Holder
    """Whose key or certificate is logged, instead of the signer's."""
    stamped: bytes
    """What is stamped instead of the signature."""


class Certification(TypedDict, total=False):
    """Whom a keyless signer presents."""

    subject: str
    issuer: str
    extensions: dict[int, str]
    """Fulcio's further extensions, by the last number of their identifiers."""
    key: SigningKey
    """The ephemeral key; by default a new one on P-256."""
    sct: bool
    """Whether the certificate carries its timestamp of the transparency log."""


class Keyless(Proof, Certification, total=False):
    """All that a keyless signature can be told."""


class LocalSigstore:
    """Fulcio, both Rekors and a timestamp authority, with keys of their own."""

    def __init__(self, window: Window = ALWAYS) -> None:
        """Make new keys; certificates of authorities are good for `window`."""
        self.fulcio = Fulcio(window)
        self.rekor_v1 = RekorV1()
        self.rekor_v2 = RekorV2()
        self.tsa = TimestampAuthority(window)

    def holder(self, at: datetime, **told: Unpack[Certification]) -> Holder:
        """Return a key with a certificate for it from `at` on."""
        key = told.get("key") or new_key()
        identity = Identity(
            subject=told.get("subject", WORKFLOW),
            issuer=told.get("issuer", GITHUB),
            extensions=told.get("extensions", {}),
        )
        sct = told.get("sct", True)
        return Holder(key, self.fulcio.issue(key.public_key(), identity, at, sct=sct))

    def keyless_bundle(
        self,
        statement: bytes,
        *,
        at: datetime,
        payload_type: str = IN_TOTO,
        **told: Unpack[Keyless],
    ) -> bytes:
        """Return a bundle of a payload that an identity signed at a time."""
        holder = self.holder(at, **_certification(told))
        return self.bundle(holder.envelope(statement, payload_type), holder, at, **_proof(told))

    def keyless_signature(self, artifact: bytes, *, at: datetime, **told: Unpack[Keyless]) -> bytes:
        """Return a bundle of an artifact that an identity signed at a time."""
        holder = self.holder(at, **_certification(told))
        return self.bundle(holder.artifact(artifact), holder, at, **_proof(told))

    def keyed_bundle(
        self,
        statement: bytes,
        key: SigningKey,
        *,
        at: datetime,
        payload_type: str = IN_TOTO,
        **proof: Unpack[Proof],
    ) -> bytes:
        """Return a bundle of a payload that a bare key signed; by default nobody saw when."""
        holder = Holder(key)
        return self.bundle(holder.envelope(statement, payload_type), holder, at, **_unlogged(proof))

    def keyed_signature(
        self, artifact: bytes, key: SigningKey, *, at: datetime, **proof: Unpack[Proof]
    ) -> bytes:
        """Return a bundle of an artifact that a bare key signed; by default nobody saw when."""
        holder = Holder(key)
        return self.bundle(holder.artifact(artifact), holder, at, **_unlogged(proof))

    def bundle(
        self, content: Content, holder: Holder, at: datetime, **proof: Unpack[Proof]
    ) -> bytes:
        """Return a bundle v0.3 of a signature that was made at a time, by whomever."""
        rekor = proof.get("rekor", 1)
        entries = [] if rekor is None else [self._entry(rekor, content, holder, at, proof)]
        stamps = []
        if proof.get("tsa", rekor == 2):
            stamped = proof.get("stamped", content.signature)
            stamps = [self.tsa.stamp(stamped, proof.get("stamped_at", at))]
        name = "dsseEnvelope" if isinstance(content, Envelope) else "messageSignature"
        return json.dumps(
            {
                "mediaType": BUNDLE_TYPE,
                "verificationMaterial": {
                    **holder.material,
                    "tlogEntries": entries,
                    "timestampVerificationData": {
                        "rfc3161Timestamps": [{"signedTimestamp": b64(one)} for one in stamps]
                    },
                },
                name: content.to_json(),
            }
        ).encode()

    def _entry(
        self, rekor: RekorVersion, content: Content, holder: Holder, at: datetime, proof: Proof
    ) -> dict[str, Any]:
        logged, by = proof.get("logged", content), proof.get("logged_by", holder)
        if rekor == 2:
            return self.rekor_v2.entry(body_v2(logged, by))
        body = body_v1(logged, by, proof.get("kind"))
        return self.rekor_v1.entry(body, proof.get("logged_at", at))


def _certification(told: Keyless) -> Certification:
    return {key: told[key] for key in Certification.__annotations__ if key in told}  # type: ignore[return-value, literal-required]  # the keys are the type's own


def _proof(told: Keyless) -> Proof:
    return {key: told[key] for key in Proof.__annotations__ if key in told}  # type: ignore[return-value, literal-required]  # the keys are the type's own


def _unlogged(proof: Proof) -> Proof:
    return {"rekor": None, **proof}
