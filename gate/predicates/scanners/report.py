"""What gate keeps of a vulnerability scanner's report, whichever scanner wrote it."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Any, Final

from gate.documents import strict
from gate.model.expressions import expression
from gate.model.image import Digest
from gate.model.predicates import Doubt, Rating, Vulnerability
from gate.model.records import dataclass

MOST: Final = 200_000
"""The most findings that a report may have."""
NODES: Final = 20_000
"""How many values of a report are looked at for the digest of its image."""

_IMAGE_KEYS: Final = frozenset(
    {
        *("imageDigest", "image_digest", "imageHash", "manifest_hash"),
        *("repoDigests", "repo_digests", "RepoDigests", "fully_qualified_digest"),
    }
)
"""Keys under which reports of many tools name what a registry calls the image."""

_ADVISORY: Final = expression(
    r"\b(?:CVE-\d{4}-\d{4,}|GHSA(?:-[23456789cfghjmpqrvwx]{4}){3}|GO-\d{4}-\d{4,})\b",
    re.ASCII | re.IGNORECASE,
)
_PINNED: Final = expression(r"(?:^|@)sha256:([0-9a-f]{64})$")
_RATINGS: Final = {
    "critical": Rating.CRITICAL,
    "high": Rating.HIGH,
    "important": Rating.HIGH,
    "medium": Rating.MEDIUM,
    "moderate": Rating.MEDIUM,
    "low": Rating.LOW,
    "minor": Rating.LOW,
    "negligible": Rating.NEGLIGIBLE,
    "info": Rating.NEGLIGIBLE,
    "informational": Rating.NEGLIGIBLE,
    "none": Rating.NONE,
    "unimportant": Rating.NEGLIGIBLE,
    "defcon1": Rating.CRITICAL,
}
_STEPS: Final = (
    (9.0, Rating.CRITICAL),
    (7.0, Rating.HIGH),
    (4.0, Rating.MEDIUM),
)
_HIGHEST: Final = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannerForm:
    """What a reader says of the form that it reads: its row of docs/evidence.md, as Markdown."""

    report: str
    findings: str = "read"
    time: str = "none"
    """The report's own field for when the scan ended."""
    database: str = "none"
    """The field for when its vulnerability database was built."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanReport:
    """One scanner's report. Every time is UTC."""

    form: str
    """The report's form, in lower case; what wrote it, where that has one form."""
    scanner: str = ""
    """The tool, where it is not the form's own name."""
    finished: datetime | None = None
    """None where the report does not say."""
    database: datetime | None = None
    findings: tuple[Vulnerability, ...] | None = None
    """None where gate cannot read what was found."""
    targets: int | None = None
    """How many things were looked at; None where the report does not say."""
    about: frozenset[Digest] = frozenset()
    """Digests of the image that was looked at; empty where the report names none."""
    least: Rating | None = None
    """The lowest severity that the scanner was told to list; None where it lists all."""
    fixable_only: bool = False
    """Whether the scanner was told to list only what has a fix."""
    doubt: Doubt | None = None
    """Why the report does not show that the packages of an image were looked at."""


def bounded(findings: Iterable[Vulnerability]) -> tuple[Vulnerability, ...]:
    """Take at most MOST findings. Raises ValueError where there are more."""
    found: list[Vulnerability] = []
    for finding in findings:
        if len(found) == MOST:
            msg = f"the report has more than {MOST} findings"
            raise ValueError(msg)
        found.append(finding)
    return tuple(found)


def objects(value: object, what: str) -> Iterable[dict[str, Any]]:
    """Yield the objects of a list, which must hold nothing else, or be absent."""
    for item in strict.sequence(value, what):
        yield dict(strict.mapping(item, f"an item of {what}"))


def rating(value: object) -> Rating | None:
    """Read a severity word. None, which is unknown and never low, for any other."""
    return _RATINGS.get(value.strip().lower()) if isinstance(value, str) else None


def severity(*stated: object) -> Rating | None:
    """Return the highest of several severity words about one finding; what is absent is left out.

    None where none is known, and where one is not known and none is critical: `medium` beside
    `unassigned` is None, since a scanner without it may know of worse.
    """
    known = [rating(word) for word in stated if word not in (None, "")]
    highest = max(filter(None, known), default=None)
    return None if None in known and highest is not Rating.CRITICAL else highest


def rated(score: float | None) -> Rating | None:
    """Return the CVSS qualitative rating of a score from 0 to 10.

    A score of 0 rates nothing: tools write it for what they do not know.
    """
    if not score:
        return None
    return next((r for least, r in _STEPS if score >= least), Rating.LOW)


def score(value: object) -> float | None:
    """Read a CVSS score: a number, or its text, of 0 or more. None for anything else.

    What is above 10 is as severe as can be, on any scale.
    """
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(min(value, _HIGHEST)) if value >= 0 else None


def vector_score(vector: object) -> float | None:
    """Return the base score of a CVSS 2, 3 or 4 vector; None for anything else."""
    if not isinstance(vector, str) or len(vector) > strict.TEXT:
        return None
    from cvss import CVSS2, CVSS3, CVSS4, CVSSError  # noqa: PLC0415  # most reports have scores

    scale = (
        CVSS4 if vector.startswith("CVSS:4") else CVSS3 if vector.startswith("CVSS:3") else CVSS2
    )
    try:
        return float(scale(vector).base_score)
    except (CVSSError, ArithmeticError, KeyError, ValueError, TypeError, AttributeError):
        return None


def stated_score(number: object, vector: object) -> float | None:
    """Return the score that a source states: that of its vector where it has no number, or 0."""
    return score(number) or vector_score(vector)


def highest(*scores: float | None) -> float | None:
    """Return the highest score that is one."""
    return max((s for s in scores if s is not None), default=None)


def advisories(*texts: object) -> tuple[str, ...]:
    """Return every CVE, GHSA and GO id in the texts, sorted, each once."""
    found = {
        m.upper() if m[:4].lower() != "ghsa" else _ghsa(m)
        for t in texts
        if isinstance(t, str)
        for m in _ADVISORY.findall(t[: strict.TEXT])
    }
    return tuple(sorted(found))


def named_digests(report: object) -> frozenset[Digest]:
    """Return the digests under keys that name an image's digest in every report that has them.

    At most NODES values are looked at, from the top down.
    """
    found: list[str] = []
    waiting: deque[object] = deque([report])
    for left in range(NODES, 0, -1):
        if not waiting:
            break
        value = waiting.popleft()
        if isinstance(value, dict):
            for key, inner in value.items():
                if key in _IMAGE_KEYS:
                    found += [inner] if isinstance(inner, str) else words(inner)
            waiting.extend(v for v in value.values() if isinstance(v, dict) or strict.is_list(v))
        elif strict.is_list(value):
            # Those behind come too late to be looked at.
            waiting.extend(islice((v for v in value if isinstance(v, dict)), left))
    return digests(*found)


def digests(*names: str) -> frozenset[Digest]:
    """Return the SHA-256 digests in image names such as `ghcr.io/acme/shop@sha256:…`."""
    return frozenset(Digest(m[1]) for name in names if (m := _PINNED.search(name)))


def _ghsa(name: str) -> str:
    return f"GHSA{name[4:].lower()}"


def words(value: object) -> tuple[str, ...]:
    """Return the texts of a list, other items left out."""
    if not isinstance(value, list):
        return ()
    return tuple(v[: strict.TEXT] for v in value if isinstance(v, str) and v)


def word(value: object) -> str:
    """Return a text cut to its bound, or "" for anything else."""
    return value[: strict.TEXT] if isinstance(value, str) else ""
