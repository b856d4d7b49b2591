"""Who signed what is attached to an image, before there is a policy that names anyone.

It is how `gate init` proposes signers: the same proof as for a policy's own, and then a name
is read instead of compared. Nothing that comes from here clears anything.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from gate.model.evidence import Attached
from gate.model.image import ResolvedImage
from gate.model.predicates import Predicate
from gate.model.records import dataclass
from gate.trust.bundle import Envelope
from gate.trust.prove import Artifact, prove
from gate.trust.refusal import Reason, Refusal
from gate.trust.root import TrustedRoot
from gate.trust.verify import parse_attached

if TYPE_CHECKING:
    from gate.trust.claims import Claims


@dataclass(frozen=True, slots=True)
class Identified:
    """A signature under a trusted root, over a statement about the image."""

    claims: Claims
    predicate: Predicate


def identify(
    attached: Attached, image: ResolvedImage, root: TrustedRoot, now: datetime
) -> Identified:
    """Return whose certificate signed, and what was said of the image. Raises Refusal.

    A plain key tells nobody whose it is, so what it signed is refused as `signer-mismatch`.
    """
    # The parsers of predicates take longer to start than all the rest of verifying.
    from gate.trust.about import about  # noqa: PLC0415  # as said

    bundle = parse_attached(attached)
    artifact = None if isinstance(bundle.content, Envelope) else Artifact.of(attached.content)
    proof = prove(bundle, root, now=now, artifact=artifact)
    if proof.claims is None:
        raise Refusal(Reason.SIGNER_MISMATCH, "a plain key signed it, and tells no name")
    return Identified(proof.claims, about(bundle.content, attached, image).predicate)
