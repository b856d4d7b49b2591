"""Signatures that say no more than that an image was signed.

cosign's simple signing, and its statement since version 3.
https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md
"""

from __future__ import annotations

from typing import Final

from gate.documents.strict import mapping, optional_mapping, text
from gate.documents.strict_json import read_json
from gate.model.image import Digest
from gate.model.predicates import ImageSignature

SIMPLE_SIGNING: Final = "application/vnd.dev.cosign.simplesigning.v1+json"
"""The media type of a simple-signing payload, which has no predicate type."""
MAX_BYTES: Final = 1024 * 1024

_CLAIM: Final = "cosign container image signature"


def parse(predicate: object) -> ImageSignature:
    """Read the predicate of cosign's statement, in which nothing is demanded."""
    optional_mapping(predicate, "the predicate")
    return ImageSignature()


def parse_simple_signing(payload: bytes) -> Digest:
    """Return the digest of the image that a simple-signing payload names.

    Its `docker-reference` is not compared: cosign writes the name that was typed, and the
    digest alone says which image it is. Raises ValueError, with one sentence.
    """
    document = mapping(read_json(payload, max_bytes=MAX_BYTES), "the payload")
    critical = mapping(document.get("critical"), "the payload's critical part")
    kind = text(critical.get("type"), "the payload's type")
    if kind != _CLAIM:
        msg = f"the payload's type is {kind!r}, and not {_CLAIM!r}"
        raise ValueError(msg)
    image = mapping(critical.get("image"), "the payload's image")
    return Digest.parse(text(image.get("docker-manifest-digest"), "the payload's digest"))
