"""From what is attached to an image to what is proven about it. `docs/trust.md` has every step.

The verifier computes and does nothing else: it asks no network and reads no clock.
"""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from gate.model.evidence import Attached, AttachedKind, Rejection, VerifiedAttestation
from gate.model.image import Digest, ResolvedImage
from gate.model.predicates import Predicate
from gate.model.records import dataclass
from gate.trust.attribute import attribute
from gate.trust.bundle import Bundle, Envelope, parse_bundle
from gate.trust.cosign import parse_layer
from gate.trust.prove import Artifact
from gate.trust.refusal import Reason, Refusal
from gate.trust.signer import TrustedSigner


@dataclass(frozen=True, slots=True)
class AttachedVerifier:
    """Judges what is attached to images by the signers of one policy. Used from several threads."""

    signers: tuple[TrustedSigner, ...]
    now: datetime
    """When the run began, UTC."""

    @property
    def roots(self) -> tuple[Digest, ...]:
        """The digests of the trusted roots that the signers are held against, sorted."""
        return tuple(sorted({s.root.digest for s in self.signers if s.root.digest is not None}))

    def verify(
        self, attached: Attached, image: ResolvedImage
    ) -> VerifiedAttestation[Predicate] | Rejection:
        """Verify what is attached to an image. Never raises on any bytes."""
        try:
            return self.judge(attached, image)
        except Refusal as refusal:
            reason, message, remedy = refusal.reason, refusal.message, refusal.remedy
        except Exception as error:  # noqa: BLE001  # a bug that foreign bytes reach must refuse them
            reason, remedy = Reason.MALFORMED, ""
            message = f"gate could not read it ({type(error).__name__})"
        from gate.trust.about import claimed_type  # noqa: PLC0415  # as in judge

        return Rejection(
            attached=attached.digest,
            code=reason.value,
            message=message,
            kind=attached.kind,
            storage=attached.storage,
            subject=attached.subject,
            predicate_type=claimed_type(attached),
            remedy=remedy,
        )

    def judge(self, attached: Attached, image: ResolvedImage) -> VerifiedAttestation[Predicate]:
        """Verify as `verify` does, and raise Refusal for what does not count."""
        # The parsers of predicates take longer to start than all the rest of verifying.
        from gate.trust.about import about  # noqa: PLC0415  # as said
        from gate.trust.carried import judge_carried  # noqa: PLC0415  # as said

        if attached.carrier is not None:
            return judge_carried(self.judge, attached, attached.carrier, image)
        bundle = parse_attached(attached)
        envelope = bundle.content if isinstance(bundle.content, Envelope) else None
        artifact = None if envelope else Artifact.of(attached.content)
        by = attribute(bundle, artifact, self.signers, self.now)
        said = about(bundle.content, attached, image)
        return VerifiedAttestation(
            predicate=said.predicate,
            predicate_type=said.predicate_type,
            signers=by.signers,
            identity=by.identity,
            subject=said.digest,
            times=by.times,
            attached=attached.digest,
            storage=attached.storage,
            logs=by.logs,
            statement=Digest.of(envelope.payload) if envelope else None,
            also=said.also,
        )


def parse_attached(attached: Attached) -> Bundle:
    """Read what is stored in any of the known wrappings, with nothing believed. Raises Refusal."""
    match attached.kind:
        case AttachedKind.BUNDLE:
            bundle = parse_bundle(attached.content)
            if not isinstance(bundle.content, Envelope):
                message = "it is a signature over bytes that it does not hold"
                raise Refusal(Reason.NOT_UNDERSTOOD, message)
            return bundle
        case AttachedKind.COSIGN_SIGNATURE | AttachedKind.COSIGN_ATTESTATION:
            return parse_layer(attached)
        case AttachedKind.BUILDKIT_STATEMENT:
            message = "it is a bare statement, and no signature that gate reads vouches for it"
            raise Refusal(Reason.UNSIGNED, message)
        case AttachedKind.UNKNOWN:
            message = f"gate has no name for what is stored as {attached.media_type!r}"
            raise Refusal(Reason.NOT_UNDERSTOOD, message)
        case unreachable:
            assert_never(unreachable)
