"""Which scans are scans of the image, and when they were made: for every check that asks one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final, TypeAlias

from gate.checks.demand.shortfall import Refused, clipped
from gate.model.clock import is_ahead
from gate.model.evidence import ImageEvidence, VerifiedAttestation
from gate.model.predicates import VulnerabilityScan
from gate.model.records import dataclass

Scan: TypeAlias = VerifiedAttestation[VulnerabilityScan]

SCAN_COMMANDS: Final = (
    "gate attest --type vulnerabilities{key} scan.json {image}",
    "cosign attest --type vuln --predicate vuln.json{key} {image}",
)
"""Commands that attest a scan, by gate and by cosign."""
REMEDY: Final = "scan the image and attest the result with `gate attest --type vulnerabilities`"


def claimed(scan: Scan) -> datetime:
    """Return the oldest honest claim about when the image was scanned, UTC."""
    times = [scan.predicate.finished]
    if scan.signed_at is not None:
        times.append(scan.signed_at)
    return min(times)


@dataclass(frozen=True, slots=True, kw_only=True)
class MissCodes:
    """The reason codes of one check for a scan that is not of the image."""

    nothing_scanned: str
    nothing_shown: str
    not_a_scan: str
    describes_another: str


_FOUND: Final = MissCodes(
    nothing_scanned="vulnerabilities-nothing-scanned",
    nothing_shown="vulnerabilities-nothing-shown",
    not_a_scan="vulnerabilities-not-a-scan",
    describes_another="vulnerabilities-describes-another",
)


def misses(scan: Scan, image: ImageEvidence, codes: MissCodes) -> Refused | None:
    """Return why a scan is not of this image: it looked at nothing, or at something else."""
    said = scan.predicate
    if another := elsewhere(scan, image, codes):
        return another
    if said.doubt is not None:
        return Refused(
            codes.not_a_scan if said.findings is None else codes.nothing_shown,
            clipped(f"the scan {said.doubt.why}"),
            said.doubt.remedy,
            rank=-3.5e18,
        )
    if said.targets == 0:
        return Refused(
            codes.nothing_scanned,
            "the scan looked at nothing, so it found nothing",
            REMEDY,
            rank=-3.5e18,
        )
    return None


def elsewhere(scan: Scan, image: ImageEvidence, codes: MissCodes) -> Refused | None:
    """Return that a scan names another image, where it does."""
    about = scan.predicate.about
    if not about or not about.isdisjoint(image.image.digests):
        return None
    return Refused(
        codes.describes_another,
        f"the scan says that it looked at {min(about)}; this image is {image.image.digest}",
        "scan the image as it was pushed, by its digest",
        rank=-3.5e18,
    )


def counts(scan: Scan, image: ImageEvidence, now: datetime) -> bool:
    """Whether what a scan found counts, or would if it could be read."""
    if scan.predicate.findings is None:
        return elsewhere(scan, image, _FOUND) is None
    return not any(refuse(scan, image, now))


def partly_ahead(scan: Scan, now: datetime) -> bool:
    """Whether one time of a scan is past and another is to come: what it found still counts."""
    said = scan.predicate
    return is_ahead(said.latest, now) and not is_ahead(said.finished, now)


def refuse(scan: Scan, image: ImageEvidence, now: datetime) -> Iterator[Refused]:
    """Yield why what a scan found does not count, the first thing first."""
    said = scan.predicate
    if is_ahead(said.latest or said.finished, now) or is_ahead(scan.signed_at, now):
        yield Refused(
            "vulnerabilities-from-the-future",
            "the scan is dated after this run began",
            "set the clock of the machine that scans, then scan again",
        )
    if missed := misses(scan, image, _FOUND):
        yield missed
    if said.findings is None:
        yield Refused("vulnerabilities-unread", unread_message(scan), REMEDY)


def unread_message(scan: Scan) -> str:
    """Return what is said of a scan whose report is not read."""
    newest = f"the newest scan by {scan.identity}"
    if scan.predicate.doubt is not None:
        return f"{newest} {scan.predicate.doubt.why}"
    return f"{newest} holds a report of {scan.predicate.report}, which cannot be read"
