"""Bare statements for which the signer of the manifest that holds them vouches.

BuildKit writes provenance and SBOMs as bare statements into a manifest of their own, and Docker's
GitHub Builder and Hardened Images sign that manifest. Such a statement counts for the signer, where

1. the manifest holds statements and nothing else, so that no image that somebody signed to run
   vouches for what lies in its layers;
2. the manifest names the statement by its digest;
3. a signature of an image (and no other statement) about the manifest's digest verifies;
4. the statement's own subject is the image or one of its platforms.

Example: the manifest sha256:aa holds provenance about linux/amd64, and a cosign signature of
sha256:aa by the builder's workflow refers to it: the provenance is the workflow's. The same
provenance in a manifest that nobody signed, or about another image, is nobody's.
https://github.com/moby/buildkit/blob/master/docs/attestations/attestation-storage.md
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final, TypeAlias

from gate.model.dsse import PAYLOAD_TYPE
from gate.model.evidence import Attached, Carrier, VerifiedAttestation
from gate.model.image import Digest, ResolvedImage
from gate.model.predicates import ImageSignature, Predicate
from gate.trust.about import stated
from gate.trust.proto_json import Fields, parse_object
from gate.trust.refusal import Reason, Refusal

_MAX_MANIFEST: Final = 4 * 1024 * 1024
_MAX_LAYERS: Final = 256

Judge: TypeAlias = Callable[[Attached, ResolvedImage], VerifiedAttestation[Predicate]]
"""What verifies one thing that is attached to an image. Raises Refusal."""


def judge_carried(
    judge: Judge, statement: Attached, carrier: Carrier, image: ResolvedImage
) -> VerifiedAttestation[Predicate]:
    """Verify a bare statement by one signature of the manifest that holds it. Raises Refusal."""
    _check_holds(carrier.manifest, statement.digest)
    held = Digest.of(carrier.manifest)
    try:
        signed = judge(replace(carrier.signature, subject=held), _only(image, held))
    except Refusal as refusal:
        message = f"the signature of the manifest that holds it does not count: {refusal.message}"
        raise Refusal(refusal.reason, message) from refusal
    if not isinstance(signed.predicate, ImageSignature):
        message = "what is attached to the manifest that holds it is no signature of that manifest"
        raise Refusal(Reason.UNSIGNED, message)
    said = stated(statement.content, statement, image)
    return replace(
        signed,
        predicate=said.predicate,
        predicate_type=said.predicate_type,
        subject=said.digest,
        attached=statement.digest,
        storage=statement.storage,
        signature=signed.attached,
        statement=statement.digest,
    )


def _only(image: ResolvedImage, digest: Digest) -> ResolvedImage:
    """Return the manifest as what a signature has to be about."""
    return ResolvedImage(image.reference, digest)


def _check_holds(manifest: bytes, statement: Digest) -> None:
    """Refuse a manifest that does not hold the statement, or anything besides statements."""
    top = parse_object(manifest, "the manifest that holds it", most=_MAX_MANIFEST)
    layers = [Fields(item, "a layer") for item in top.items("layers", _MAX_LAYERS)]
    if any(layer.text("mediaType") != PAYLOAD_TYPE for layer in layers):
        message = "the manifest that holds it holds something else than statements too"
        raise Refusal(Reason.UNSIGNED, message)
    if str(statement) not in {layer.text("digest") for layer in layers}:
        raise Refusal(Reason.UNSIGNED, "the signed manifest does not hold it")
