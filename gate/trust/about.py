"""Which image a verified signature is about, and what it says of it."""

from __future__ import annotations

import base64
from collections.abc import Collection, Mapping
from typing import Any, Final

from gate.documents.large_json import Within, read_large_json
from gate.documents.strict_json import MalformedJson
from gate.model.dsse import PAYLOAD_TYPE
from gate.model.evidence import Attached, AttachedKind
from gate.model.image import Digest, ResolvedImage
from gate.model.memory import without_collector
from gate.model.predicates import ImageSignature, Predicate, Sbom, VerificationSummary
from gate.model.records import dataclass
from gate.predicates import parse
from gate.predicates.image_signature import SIMPLE_SIGNING, parse_simple_signing
from gate.predicates.long_lists import STATEMENT
from gate.predicates.statement import parse_statement
from gate.trust.bundle import MAX_BYTES, Content, Envelope
from gate.trust.large_sboms import LARGE, LargeSboms, ReadSbom
from gate.trust.refusal import Reason, Refusal, malformed

MAX_TYPE: Final = 4096
"""The most characters of a type that is told."""
_LARGE_SBOMS: Final = LargeSboms()
_PLAIN: Final = Within({})


@dataclass(frozen=True, slots=True)
class About:
    """What was said, and about which of the image's digests."""

    digest: Digest
    predicate_type: str
    predicate: Predicate
    also: frozenset[Digest] = frozenset()
    """What a verification summary is about too."""


def about(content: Content, attached: Attached, image: ResolvedImage) -> About:
    """Return what a signature says about the image. Raises Refusal.

    The content must have been verified: nothing here looks at a signature.
    """
    if isinstance(content, Envelope):
        if content.payload_type != PAYLOAD_TYPE:
            message = f"the envelope's payload is {content.payload_type!r}, not {PAYLOAD_TYPE!r}"
            raise Refusal(Reason.PAYLOAD_TYPE, message)
        return stated(content.payload, attached, image)
    try:
        named = parse_simple_signing(attached.content)
    except ValueError as error:
        raise malformed(str(error)) from error
    return About(_ours({named}, attached, image), SIMPLE_SIGNING, ImageSignature())


def stated(payload: bytes, attached: Attached, image: ResolvedImage) -> About:
    """Return what an in-toto statement says about the image. Raises Refusal.

    Somebody must be known to vouch for these bytes.
    """
    large = Digest.of(payload) if len(payload) >= LARGE else None
    if large is not None and (known := _LARGE_SBOMS.find(large)):
        return About(_ours(known.subjects, attached, image), known.predicate_type, known.sbom)
    # Once around both: between them, all that the statement holds would be gone through.
    with without_collector():
        try:
            statement = parse_statement(payload)
        except ValueError as error:
            raise malformed(str(error)) from error
        digest = _ours(statement.subjects, attached, image)
        predicate = parse(statement.predicate_type, statement.predicate)
        if large is not None and isinstance(predicate, Sbom):
            read = ReadSbom(statement.subjects, statement.predicate_type, predicate)
            _LARGE_SBOMS.keep(large, read)
        passes = isinstance(predicate, VerificationSummary)
        also = statement.subjects - {digest} if passes else frozenset()
        return About(digest, statement.predicate_type, predicate, also)


def claimed_type(attached: Attached) -> str | None:
    """Return the type that bytes claim to have, authenticated or not. Never raises.

    It words a message: so it is looked for in all that has a payload, well formed or not.
    """
    if attached.kind is AttachedKind.COSIGN_SIGNATURE:
        return SIMPLE_SIGNING
    document = _object(attached.content)
    payload = document.get("dsseEnvelope", document)
    if isinstance(payload, dict) and isinstance(payload.get("payload"), str):
        try:
            document = _object(base64.b64decode(payload["payload"]), STATEMENT)
        except ValueError:
            return None
    claimed = document.get("predicateType")
    known = isinstance(claimed, str) and 0 < len(claimed) <= MAX_TYPE
    return claimed if known else None


def _object(data: bytes, shape: Within = _PLAIN) -> Mapping[str, Any]:
    """Return the JSON object that the bytes are, or an empty one."""
    try:
        value = read_large_json(data, shape, max_bytes=MAX_BYTES)
    except MalformedJson:
        return {}
    return value if isinstance(value, dict) else {}


def _ours(named: Collection[Digest], attached: Attached, image: ResolvedImage) -> Digest:
    """Return the named digest: the image's own, else the one that has it, else a platform's."""
    for digest in (image.digest, attached.subject, *image.digests):
        if digest in named and digest in image.digests:
            return digest
    shown = ", ".join(str(digest) for digest in sorted(named)[:3])
    more = f" and {len(named) - 3} more" if len(named) > 3 else ""  # noqa: PLR2004  # as above
    message = f"it is about {shown}{more}, and not about {image.digest}"
    raise Refusal(Reason.SUBJECT_MISMATCH, message)
