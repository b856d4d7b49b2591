"""What several scans found together, each vulnerability once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Final, TypeAlias

from gate.checks.demand.shortfall import clipped
from gate.checks.scans.counted import Scan, claimed, unread_message
from gate.model.evidence import ImageEvidence
from gate.model.identity import Identity
from gate.model.image import Digest
from gate.model.predicates import Rating, Unreadable, Vulnerability
from gate.model.records import dataclass
from gate.model.verdict import Undecided
from gate.predicates import SCAN_TYPES
from gate.predicates.scanners.report import rated

_UNNAMED: Final = "unnamed"
_Found: TypeAlias = tuple[Vulnerability, Digest]
"""A vulnerability, and the digest that was scanned."""


@dataclass(frozen=True, slots=True)
class Merged:
    """One vulnerability in one package, under every name that scanners give it."""

    id: str
    names: frozenset[str]
    rating: Rating | None
    """The highest that any scanner gives; None, unknown, where one does not know and none says
    that it is critical: who does not know it may know of worse than the others do."""
    score: float | None
    published: datetime | None
    """The oldest date that any scanner gives for it, in any package."""
    package: str
    """Where it was found; empty where no scanner says it."""
    version: str
    """Of the package."""
    fixed_in: str
    """The first version that any scanner names as fixed; empty where none does."""
    fixable: frozenset[bool]
    """Whether there is a fix; both, where scanners differ or one does not say."""
    places: frozenset[tuple[str, Digest]]
    """Every package URL that it was found under, empty where a scan of that digest gives
    none, and the digest that was scanned: what excuses it must excuse it in each."""

    @property
    def lowered(self) -> frozenset[str]:
        """Its names in lower case."""
        return frozenset(n.lower() for n in self.names)

    def describe(self) -> str:
        """Return `CVE-2026-1234 in openssl 3.0.1`."""
        where = " ".join(filter(None, (self.package, self.version)))
        return f"{self.id} in {where}" if where else self.id


def newest(scans: Iterable[Scan]) -> tuple[Scan, ...]:
    """Return the newest scan of each signer, scanner and digest, in a stable order.

    Of two that are equally new both count, so that neither hides what the other found.
    """
    groups: dict[tuple[str, str, str], list[Scan]] = {}
    for scan in scans:
        groups.setdefault(_source(scan), []).append(scan)
    kept = [
        scan
        for group in groups.values()
        for latest in (max(map(claimed, group)),)
        for scan in group
        if claimed(scan) == latest
    ]
    return tuple(sorted(kept, key=lambda s: (s.attached, s.subject)))


def untold(
    image: ImageEvidence, by: Collection[str], scans: Collection[Scan], latest: Iterable[Scan]
) -> Undecided | None:
    """Return why what was found cannot be told: a newer scan of a signer in `by` is not read.

    One that is older than a scan of the same signer that is read, of the same manifest or of the
    whole image, matters only where it hides what the same scanner found before. A scan of one
    platform says nothing of another.
    """
    read = [s for s in scans if s.predicate.findings is not None]
    sources = set(map(_source, read))

    def superseded(by: Identity, of: Digest, at: datetime | None) -> bool:
        return at is not None and any(
            s.identity == by and s.subject in {of, image.image.digest} and claimed(s) > at
            for s in read
        )

    unread = [
        unread_message(s)
        for s in latest
        if s.predicate.findings is None
        and (_source(s) in sources or not superseded(s.identity, s.subject, claimed(s)))
    ] + [
        f"a scan by {a.identity} cannot be read: {a.predicate.problem}"
        for a in image.attested(Unreadable, by=by)
        if a.predicate_type in SCAN_TYPES and not superseded(a.identity, a.subject, a.signed_at)
    ]
    if not unread:
        return None
    return Undecided(
        "vulnerabilities-unreadable",
        clipped(min(unread)),
        "attest a report of a form that `docs/evidence.md` lists as read",
    )


def _source(scan: Scan) -> tuple[str, str, str]:
    return str(scan.identity), scan.predicate.scanner, str(scan.subject)


def merge(scans: Iterable[Scan]) -> tuple[Merged, ...]:
    """Unite what scans found: one entry for each vulnerability and package, sorted.

    A name that is no CVE is replaced by the CVEs that any scanner says it means. An
    entry with several CVEs becomes one for each, so that excusing one excuses no other.

    For example, in openssl 3.0.1 one scan finds GHSA-x, high, with the alias CVE-2026-1, and
    another finds CVE-2026-1, medium, with a fix: that is one CVE-2026-1, high, with the names
    CVE-2026-1 and GHSA-x, fixable and not. A third that finds GHSA-x without an alias adds to
    it, and makes its rating unknown where it gives none. The same CVE in openssl 3.0.2 is another.
    """
    findings = [(f, s.subject) for s in scans for f in s.predicate.findings or ()]
    cves: dict[str, set[str]] = {}
    for found, _ in findings:
        names = _names(found)
        numbered = {n for n in names if _is_cve(n)}
        for name in names - numbered:
            cves.setdefault(name.lower(), set()).update(numbered)
    groups: dict[tuple[str, str, str], list[_Found]] = {}
    published: dict[str, datetime] = {}
    for found, subject in findings:
        for name in _canonical(found, cves):
            groups.setdefault((name, found.package, found.version), []).append((found, subject))
            if found.published is not None:
                published[name] = min(found.published, published.get(name, found.published))
    return tuple(
        _merged(*key, group, published.get(key[0])) for key, group in sorted(groups.items())
    )


def _names(found: Vulnerability) -> set[str]:
    return set(filter(None, map(str.strip, (found.id, *found.aliases)))) or {_UNNAMED}


def _is_cve(name: str) -> bool:
    return name.upper().startswith("CVE-")


def _canonical(found: Vulnerability, cves: dict[str, set[str]]) -> Iterator[str]:
    names = _names(found)
    numbered = {n.upper() for n in names if _is_cve(n)}
    for name in names:
        numbered |= {c.upper() for c in cves.get(name.lower(), ())}
    yield from numbered or {found.id.strip() or min(names)}


def _merged(
    name: str, package: str, version: str, everywhere: list[_Found], published: datetime | None
) -> Merged:
    group = [found for found, _ in everywhere]
    others = {n for f in group for n in _names(f) if not _is_cve(n)}
    return Merged(
        id=name,
        names=frozenset({name, *others}),
        rating=_highest([_rating(f) for f in group]),
        score=max((f.score for f in group if f.score is not None), default=None),
        published=published,
        package=package,
        version=version,
        fixed_in=min((f.fixed_in for f in group if f.fixed_in), default=""),
        fixable=frozenset(fixable for f in group for fixable in _fixable(f)),
        places=frozenset(_places(everywhere)),
    )


def _fixable(found: Vulnerability) -> tuple[bool, ...]:
    """Return whether there is a fix; both, where the report does not say."""
    return (bool(found.fixed_in),) if found.fixed_in or found.fix_told else (True, False)


def _places(everywhere: Iterable[_Found]) -> Iterator[tuple[str, Digest]]:
    purls: dict[Digest, set[str]] = {}
    for found, subject in everywhere:
        purls.setdefault(subject, set()).add(found.purl)
    for subject, named in purls.items():
        yield from ((purl, subject) for purl in named - {""} or {""})


def _rating(found: Vulnerability) -> Rating | None:
    """Return the highest that a report says of it, in words or by a score; None where nothing."""
    return max(filter(None, (found.rating, found.quoted, rated(found.score))), default=None)


def _highest(ratings: Collection[Rating | None]) -> Rating | None:
    known = [r for r in ratings if r is not None]
    highest = max(known, default=None)
    return highest if len(known) == len(ratings) or highest is Rating.CRITICAL else None
