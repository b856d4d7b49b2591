"""in-toto statements: which digests they name, and what they say of them.

https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gate.documents.canonical_json import canonical_json
from gate.documents.large_json import read_large_json
from gate.documents.strict import mapping, text
from gate.model.expressions import expression
from gate.model.image import Digest, ResolvedImage
from gate.model.records import dataclass
from gate.predicates.long_lists import STATEMENT

TYPES: Final = ("https://in-toto.io/Statement/v1", "https://in-toto.io/Statement/v0.1")
MAX_BYTES: Final = 64 * 1024 * 1024
"""The largest statement, decoded."""
MAX_SUBJECTS: Final = 10_000

_SHA256: Final = expression(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of version 1 or 0.1."""

    subjects: frozenset[Digest]
    """The SHA-256 digests that it names. Names without one identify nothing."""
    predicate_type: str
    predicate: Any
    """As the JSON has it, its long lists as JsonArrays; None where there is none."""


def parse_statement(payload: bytes) -> Statement:
    """Read a statement. Raises ValueError, with one sentence.

    A digest that is not 64 lowercase hexadecimal digits is no digest: it is never
    corrected. A statement without a SHA-256 subject is refused.
    """
    said = read_large_json(payload, STATEMENT, max_bytes=MAX_BYTES)
    statement = mapping(said, "the statement")
    kind = text(statement.get("_type"), "the statement's _type")
    if kind not in TYPES:
        msg = f"the statement's _type is {kind!r}, and v1 and v0.1 are read"
        raise ValueError(msg)
    subjects = statement.get("subject")
    if not isinstance(subjects, list) or not 0 < len(subjects) <= MAX_SUBJECTS:
        msg = f"the statement has not a list of 1 to {MAX_SUBJECTS} subjects"
        raise ValueError(msg)
    named = frozenset(d for d in map(_digest, subjects) if d is not None)
    if not named:
        msg = "no subject of the statement has a sha256 digest of 64 lowercase digits"
        raise ValueError(msg)
    predicate_type = text(statement.get("predicateType"), "the statement's predicateType")
    return Statement(named, predicate_type, statement.get("predicate"))


def statement_about(
    image: ResolvedImage, predicate_type: str, predicate: Mapping[str, Any]
) -> bytes:
    """Return a statement that says this of one image, as RFC 8785 JSON.

    Lists of the predicate may be JsonArrays. Raises ValueError as `canonical_json` does.
    """
    return canonical_json(
        {
            "_type": TYPES[0],
            "subject": [{"name": image.repository, "digest": {"sha256": image.digest.hex}}],
            "predicateType": predicate_type,
            "predicate": predicate,
        }
    )


def _digest(subject: object) -> Digest | None:
    digests = mapping(mapping(subject, "a subject").get("digest"), "a subject's digest")
    value = digests.get("sha256")
    return Digest(value) if isinstance(value, str) and _SHA256.fullmatch(value) else None
