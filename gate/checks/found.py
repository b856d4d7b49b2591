"""What several scans found together, each vulnerability once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from gate.checks.scan_age import Scan, claimed
from gate.model.image import Digest
from gate.model.predicates import Rating, Vulnerability
from gate.predicates.report import rated

_Found: TypeAlias = tuple[Vulnerability, Digest]
"""A vulnerability, and the digest that was scanned."""


@dataclass(frozen=True, slots=True)
class Merged:
    """One vulnerability in one package, whatever the scanners call it."""

    id: str
    names: frozenset[str]
    rating: Rating | None
    """The highest that any scanner gives; None where one does not know and none says more."""
    score: float | None
    published: datetime | None
    """The oldest date that any scanner gives."""
    found: Vulnerability
    """As one scanner reports it: where it was found, and what mends it."""
    places: frozenset[tuple[str, Digest]]
    """Every package URL that it was found under, empty where a scan of that digest gives
    none, and the digest that was scanned: what excuses it must excuse it in each."""

    @property
    def lowered(self) -> frozenset[str]:
        """Its names in lower case."""
        return frozenset(n.lower() for n in self.names)

    def describe(self) -> str:
        """Return `CVE-2026-1234 in openssl 3.0.1`."""
        where = " ".join(filter(None, (self.found.package, self.found.version)))
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


def same_source(one: Scan, other: Scan) -> bool:
    """Whether two scans are by one signer and one scanner, of one digest."""
    return _source(one) == _source(other)


def _source(scan: Scan) -> tuple[str, str, str]:
    return str(scan.identity), scan.predicate.scanner, str(scan.subject)


def merge(scans: Iterable[Scan]) -> tuple[Merged, ...]:
    """Unite what scans found: one entry for each vulnerability and package, sorted.

    A name that is no CVE is replaced by the CVEs that any scanner says it stands for. An
    entry with several CVEs becomes one for each, so that excusing one excuses no other.
    """
    findings = [(f, s.subject) for s in scans for f in s.predicate.findings or ()]
    cves: dict[str, set[str]] = {}
    for found, _ in findings:
        names = {found.id, *found.aliases}
        numbered = {n for n in names if _is_cve(n)}
        for name in names - numbered:
            cves.setdefault(name.lower(), set()).update(numbered)
    groups: dict[tuple[str, str, str], list[_Found]] = {}
    for found, subject in findings:
        for name in _canonical(found, cves):
            groups.setdefault((name, found.package, found.version), []).append((found, subject))
    return tuple(_merged(key[0], group) for key, group in sorted(groups.items()))


def _is_cve(name: str) -> bool:
    return name.upper().startswith("CVE-")


def _canonical(found: Vulnerability, cves: dict[str, set[str]]) -> Iterator[str]:
    names = {found.id, *found.aliases}
    numbered = {n.upper() for n in names if _is_cve(n)}
    for name in names:
        numbered |= {c.upper() for c in cves.get(name.lower(), ())}
    yield from numbered or {found.id}


def _merged(name: str, everywhere: list[_Found]) -> Merged:
    group = [found for found, _ in everywhere]
    ratings = [_rating(f) for f in group]
    known = [r for r in ratings if r is not None]
    highest = max(known, default=None)
    dates = [f.published for f in group if f.published is not None]
    others = {n for f in group for n in (f.id, *f.aliases) if not _is_cve(n)}
    return Merged(
        id=name,
        names=frozenset({name, *others}),
        rating=highest,
        score=max((f.score for f in group if f.score is not None), default=None),
        published=min(dates, default=None),
        found=min(group, key=lambda f: (not f.fixed_in, not f.purl, repr(f))),
        places=frozenset(_places(everywhere)),
    )


def _places(everywhere: Iterable[_Found]) -> Iterator[tuple[str, Digest]]:
    purls: dict[Digest, set[str]] = {}
    for found, subject in everywhere:
        purls.setdefault(subject, set()).add(found.purl)
    for subject, named in purls.items():
        yield from ((purl, subject) for purl in named - {""} or {""})


def _rating(found: Vulnerability) -> Rating | None:
    return found.rating if found.rating is not None else rated(found.score)
