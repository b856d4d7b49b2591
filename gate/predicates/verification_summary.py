"""The pass: a SLSA verification summary (VSA) of a cleared release.

https://slsa.dev/spec/v1.1/verification_summary

What the standard has no field for is in fields named by URIs that begin with
`urn:uuid:66b5846d-8c58-4054-bd7c-5e85d582227f#`: a consumer that does not know them ignores
them, as the standard demands. Times are RFC 3339, UTC.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from gate.documents.strict import mapping
from gate.model.declared import DeclaredObject
from gate.model.expressions import expression
from gate.model.image import Digest
from gate.model.predicates import VerificationSummary
from gate.predicates import types

TYPES: Final = types.VERIFICATION_SUMMARY
EXTENSION: Final = "urn:uuid:66b5846d-8c58-4054-bd7c-5e85d582227f#"
"""The beginning of each name, such as `urn:uuid:66b5846d-…#notAfter`, for ever: decision 0039."""

MAX_ITEMS: Final = 10_000
"""The most images, objects, identities or waivers that a pass may list."""

SETTLED: Final = frozenset({"passed", "waived", "warned"})
"""What a pass may say of a check. Anything else, known or not, is no ground for one."""

_RFC3339: Final = expression(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)


def parse(predicate: object) -> VerificationSummary:
    """Read a summary. Raises ValueError with one sentence.

    Fields that it does not know are ignored; a field that it knows and that has another
    type is refused, so that a summary is never read as saying less than it does.
    """
    said = _object(predicate, "predicate")
    waivers = _list(said.get(f"{EXTENSION}waivers", []), "waivers")
    checks = [_object(c, "check") for c in _list(said.get(f"{EXTENSION}checks", []), "checks")]
    objects = said.get(f"{EXTENSION}objects")
    return VerificationSummary(
        verifier=_text(_object(said.get("verifier"), "verifier"), "id"),
        resource=_text(said, "resourceUri"),
        result=_text(said, "verificationResult"),
        verified_at=_time(_text(said, "timeVerified"), "timeVerified"),
        policy=_sha256(_object(said.get("policy"), "policy").get("digest")),
        levels=_texts(said.get("verifiedLevels"), "verifiedLevels"),
        environment=_optional(said, f"{EXTENSION}environment"),
        not_after=_moment(said, f"{EXTENSION}notAfter"),
        release=_digest(_optional(said, f"{EXTENSION}release")),
        images=_texts(said.get(f"{EXTENSION}images", []), "images"),
        objects=None
        if objects is None
        else tuple(Digest.parse(d) for d in _texts(objects, "objects")),
        object_names=tuple(_names(said.get(f"{EXTENSION}objectNames", []))),
        declared=tuple(_declared(said.get(f"{EXTENSION}declared", []))),
        evidence_identities=_texts(said.get(f"{EXTENSION}identities", []), "identities"),
        waivers_expire=min(
            (_day_end(_text(_object(w, "waiver"), "expires")) for w in waivers), default=None
        ),
        evidence_until=min(filter(None, (_moment(c, "until") for c in checks)), default=None),
        unsettled=tuple(_text(c, "check") for c in checks if _text(c, "result") not in SETTLED),
        unsigned=f"{EXTENSION}unsigned" in said,
    )


def release_resource(verifier: str, release: Digest) -> str:
    """Return the `resourceUri` of a summary of a whole release, by one verifier."""
    return f"{verifier}/release@{release}"


def _object(value: object, name: str) -> Mapping[str, Any]:
    return mapping(value, f"the summary's {name}")


def _list(value: object, name: str) -> list[Any]:
    if not isinstance(value, list) or len(value) > MAX_ITEMS:
        msg = f"the summary's {name} is not a list of at most {MAX_ITEMS} items"
        raise ValueError(msg)
    return value


def _names(value: object) -> Iterator[tuple[Digest, str]]:
    """Yield what objects are called, each with its digest. Raises ValueError."""
    for item in _list(value, "objectNames"):
        named = _object(item, "objectNames")
        digest = _sha256(named.get("digest"))
        if digest is not None:
            yield digest, _text(named, "name")


def _declared(value: object) -> Iterator[DeclaredObject]:
    """Yield what is said of each declared object; see `gate.live.shape`. Raises ValueError."""
    for item in _list(value, "declared"):
        one = _object(item, "declared")
        digest, text = _sha256(one.get("object")), _sha256(one.get("text"))
        if digest is None or text is None:
            msg = "the summary's declared has an object without its digests"
            raise ValueError(msg)
        yield DeclaredObject(
            name=_text(one, "name"),
            object=digest,
            text=text,
            template=_sha256(one.get("template")),
            shape=one.get("shape"),
        )


def _texts(value: object, name: str) -> tuple[str, ...]:
    items = _list(value, name)
    if not all(isinstance(item, str) for item in items):
        msg = f"the summary's {name} holds something that is not text"
        raise ValueError(msg)
    return tuple(items)


def _text(said: Mapping[str, Any], key: str) -> str:
    value = said.get(key)
    if not isinstance(value, str) or not value:
        msg = f"the summary's {key} is missing, empty or not text"
        raise ValueError(msg)
    return value


def _optional(said: Mapping[str, Any], key: str) -> str | None:
    return None if said.get(key) is None else _text(said, key)


def _moment(said: Mapping[str, Any], key: str) -> datetime | None:
    text = _optional(said, key)
    return None if text is None else _time(text, key)


def _time(text: str, name: str) -> datetime:
    if not _RFC3339.fullmatch(text):
        msg = f"the summary's {name} is no RFC 3339 time"
        raise ValueError(msg)
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        msg = f"the summary's {name} is no time that there is: {text}"
        raise ValueError(msg) from None


def _day_end(day: str) -> datetime:
    """Return the last moment of a day, UTC: a waiver holds through the day it names."""
    return _time(f"{day}T23:59:59Z", "waiver's expires")


def _sha256(digests: object) -> Digest | None:
    """Return the SHA-256 of a digest set; None where it has none. Raises ValueError."""
    if digests is None:
        return None
    text = _optional(_object(digests, "policy digest"), "sha256")
    return None if text is None else Digest(text)


def _digest(text: str | None) -> Digest | None:
    return None if text is None else Digest.parse(text)
