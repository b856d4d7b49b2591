"""A trusted scanner has looked at the image lately, with a database that was not old.

Why: a scan says what was known on its day. New vulnerabilities are published every day
against images that have not changed.

Passes when: a vulnerability scan attested by one of `by` is at most `max-age` old, exactly
`max-age` included, and its database at most `max-database-age`. A scan is as old as the
oldest honest claim about it: when it was signed, when its predicate says that it ended, and
the embedded report's own time. One that looked at nothing, that names another image than this
one, or that holds no report of a vulnerability scanner, does not count. A scan with any time
after this run does not count, and does not hide one that does. With `scanners`, `at-least` counts
tools instead of signers; each is named as it calls itself, such as `Prisma Cloud`.
A chart or a bundle of manifests (`oci://…`) runs nothing, and fails where this is asked of it.

Remedy: scan the image again, with a fresh database, and attest the result.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, Final

from gate.checks.demand.base import Check, Proposal, SignedParams, always
from gate.checks.demand.codes import shortfall_pages
from gate.checks.demand.counting import judge
from gate.checks.demand.shortfall import Refused, Shortfalls, Sought, clipped
from gate.checks.scans.counted import REMEDY, SCAN_COMMANDS, MissCodes, Scan, claimed, misses
from gate.model.clock import TOLERANCE, end_of, is_ahead
from gate.model.code_page import CodePage
from gate.model.evidence import ImageEvidence
from gate.model.predicates import VulnerabilityScan
from gate.model.verdict import Age, Outcome, Severity
from gate.model.words import timestamp
from gate.policy.duration import Duration
from gate.policy.fields import After, Sized, written
from gate.predicates import SCAN_TYPES
from gate.predicates.scanners.tools import TOOLS, tool_name

_REMEDY: Final = "scan the image again and attest the result"

_SOUGHT: Final = Sought(
    codes=Shortfalls(
        absent="scan-absent",
        incomplete="scan-incomplete",
        not_verified="scan-not-verified",
        too_few="scan-too-few",
        unreadable="scan-unreadable",
        unsigned="scan-unsigned",
        wrong_predicate="scan-wrong-predicate",
        wrong_signer="scan-wrong-signer",
        wrong_subject="scan-wrong-subject",
    ),
    noun="a vulnerability scan",
    kind=VulnerabilityScan,
    types=SCAN_TYPES,
    remedy=REMEDY,
)

_MISSES: Final = MissCodes(
    nothing_scanned="scan-nothing-scanned",
    nothing_shown="scan-nothing-shown",
    not_a_scan="scan-not-a-scan",
    describes_another="scan-describes-another",
)


def _tool(name: str) -> str:
    tool = tool_name(name)
    if tool not in TOOLS:
        msg = f"{name!r} is not one of {', '.join(sorted(TOOLS))}"
        raise ValueError(msg)
    return tool


Scanner = Annotated[str, After(_tool)]


class ScanAgeParams(SignedParams):
    """Who may scan, with what, and for how long a scan stays good."""

    max_age: Duration = written(alias="max-age")
    """How old a scan may be, by the oldest time that it honestly claims."""
    max_database_age: Duration | None = written(default=None, alias="max-database-age")
    """How old the scanner's database may have been; a scan that does not say is refused."""
    scanners: Annotated[tuple[Scanner, ...], Sized(min_length=1)] | None = None
    """Tools that count; with `at-least`, how many different ones it takes."""

    def available(self, literal: Collection[str]) -> int | None:
        """Return how many keys and identities, or with `scanners` how many tools, there can be."""
        return super().available(literal) if self.scanners is None else len(set(self.scanners))


def _run(image: ImageEvidence, asked: ScanAgeParams, now: datetime) -> Outcome:
    sought = _SOUGHT
    if asked.scanners is not None:
        tools = " or ".join(asked.scanners)
        sought = replace(sought, more=f"scan with another of {tools} too and attest the result")
    return judge(
        CHECK,
        sought,
        image,
        asked,
        lambda scan: _refuse(scan, image, asked, now),
        now=now,
        distinct=lambda s: s.identity if asked.scanners is None else s.predicate.scanner,
        until=lambda scan: tuple(age.until for age in _ages(scan, asked)),
        ages=lambda scan: _ages(scan, asked),
    )


def _ages(scan: Scan, asked: ScanAgeParams) -> tuple[Age, ...]:
    """Return since when this scan, and its database, is there, and when it is too old."""
    at, built = claimed(scan), scan.predicate.database
    age = Age(of="scan", since=at, until=end_of(at, asked.max_age))
    if asked.max_database_age is None or built is None:
        return (age,)
    return (age, Age(of="database", since=built, until=end_of(built, asked.max_database_age)))


def _refuse(
    scan: Scan, image: ImageEvidence, asked: ScanAgeParams, now: datetime
) -> Iterator[Refused]:
    """Yield what is wrong, the first thing first."""
    wrong = (
        _wrong_tool(scan, asked),
        misses(scan, image, _MISSES),
        _dishonest(scan, now),
        _too_old(scan, asked, now),
        _database(scan, asked, now),
    )
    return filter(None, wrong)


def _wrong_tool(scan: Scan, asked: ScanAgeParams) -> Refused | None:
    if asked.scanners is None or scan.predicate.scanner in asked.scanners:
        return None
    return Refused(
        "scan-other-scanner",
        clipped(
            f"the scan is by {scan.predicate.scanner or 'an unnamed tool'}; the policy demands "
            f"{', '.join(asked.scanners)}"
        ),
        f"scan with {' or '.join(asked.scanners)} and attest the result",
        rank=-4e18,
    )


def _dishonest(scan: Scan, now: datetime) -> Refused | None:
    said = scan.predicate
    ended = said.latest or said.finished
    for what, at in (
        ("was signed", scan.signed_at),
        ("ended", ended),
        ("used a database built", said.database),
    ):
        if at is not None and is_ahead(at, now):
            return Refused(
                "scan-from-the-future",
                f"the scan says it {what} at {timestamp(at)}, after this run began at "
                f"{timestamp(now)}",
                "set the clock of the machine that scans, then scan again",
                rank=-3e18,
            )
    if scan.signed_at is not None and ended > scan.signed_at + TOLERANCE:
        return Refused(
            "scan-after-signing",
            f"the scan says it ended at {timestamp(ended)}, but it was signed at "
            f"{timestamp(scan.signed_at)} already",
            _REMEDY,
            rank=-2e18,
        )
    return None


def _too_old(scan: Scan, asked: ScanAgeParams, now: datetime) -> Refused | None:
    at = claimed(scan)
    if now - at <= asked.max_age:
        return None
    return Refused(
        "scan-too-old",
        f"the newest scan is of {timestamp(at)} and was good until "
        f"{timestamp(at + asked.max_age)}: it is {_days(now - at)} old, over "
        f"{_days(asked.max_age)}",
        _REMEDY,
        rank=at.timestamp(),
    )


def _database(scan: Scan, asked: ScanAgeParams, now: datetime) -> Refused | None:
    if asked.max_database_age is None:
        return None
    built = scan.predicate.database
    if built is None:
        return Refused(
            "scan-database-undated",
            clipped(
                f"the scan by {scan.predicate.scanner or 'an unnamed tool'} does not say when its "
                "database was built"
            ),
            "scan with a tool that says it, such as grype, or state it as `scanner.db.lastUpdate` "
            "beside the report",
            rank=1e18,
        )
    if now - built <= asked.max_database_age:
        return None
    return Refused(
        "scan-database-too-old",
        f"the scanner's database is of {timestamp(built)} and was good until "
        f"{timestamp(built + asked.max_database_age)}: it is {_days(now - built)} old, over "
        f"{_days(asked.max_database_age)}",
        "update the scanner's database, then scan again",
        rank=2e18,
    )


def _days(age: timedelta) -> str:
    """Return `9d 4h`, `3h` or `12m`, rounded down."""
    minutes = age // timedelta(minutes=1)
    days, hours = minutes // 1440, minutes // 60 % 24
    if days:
        return f"{days}d {hours}h" if hours else f"{days}d"
    return f"{hours}h" if hours else f"{minutes}m"


_CODES: Final[dict[str, CodePage]] = {
    **shortfall_pages(_SOUGHT),
    "scan-other-scanner": CodePage(
        "The scan is by a scanner that the policy does not name.",
        "`scanners` lists which tools count.",
        "Scan with one of the listed tools and attest the result.",
        "scan-age: {by: [scanner], max-age: 7d, scanners: [grype, trivy]}",
    ),
    "scan-from-the-future": CodePage(
        "The scan is dated after this run began.",
        "One of two clocks is wrong. What is dated in the future never counts.",
        "Set the clock of the machine that scans, then scan again.",
    ),
    "scan-after-signing": CodePage(
        "The scan says that it ended after it was signed.",
        "The two times contradict each other by more than five minutes, so neither is believed.",
        "Set the clock of the machine that scans, then scan and attest again.",
    ),
    "scan-too-old": CodePage(
        "The newest scan is older than the policy allows.",
        "The age counts from the oldest time that the scan honestly claims: its end, or its "
        "signature. A scan of 1 November is 9 days old on 10 November, and `max-age: 7d` "
        "refuses it.",
        "Scan the image again and attest the result.",
    ),
    "scan-database-undated": CodePage(
        "The scan does not say when its vulnerability database was built.",
        "The policy has `max-database-age`, and an unknown age is never young enough.",
        "Scan with a tool that states it, such as grype, or state it as `scanner.db.lastUpdate`.",
    ),
    "scan-database-too-old": CodePage(
        "The scanner's database was older than the policy allows.",
        "A scan of today with a database of last year finds nothing of this year.",
        "Update the scanner's database, then scan again.",
    ),
    "scan-nothing-scanned": CodePage(
        "The scan looked at nothing.",
        "The report lists no target, so that it found nothing proves nothing.",
        "Scan the image as it was pushed, and attest the result.",
    ),
    "scan-nothing-shown": CodePage(
        "The report does not show that packages were looked at.",
        "It lists no package, or its list is empty where the same tool leaves it empty also when "
        "nobody asked. The message says which.",
        "Scan again with the options that the message names, and attest the result.",
    ),
    "scan-not-a-scan": CodePage(
        "What was attested is not the report of a vulnerability scanner.",
        "It holds an error, a log, `null`, or the SARIF of a tool that looks for something else.",
        "Attest the report of a vulnerability scanner, in a form that `docs/evidence.md` lists as "
        "read.",
    ),
    "scan-describes-another": CodePage(
        "The scan is about another image.",
        "The report itself names the digest that it looked at, and it is not this image or one "
        "of its platforms.",
        "Scan the image as it was pushed, by its digest.",
    ),
}

CHECK: Final = Check(
    name="scan-age",
    severity=Severity.HIGH,
    params=ScanAgeParams,
    run=_run,
    codes=_CODES,
    wants=frozenset(SCAN_TYPES),
    monotone=always,
    makes=SCAN_COMMANDS,
    of_what_runs=True,
    proposal=Proposal("vulnerabilities", "scan-age: {by: %s, max-age: 7d}"),
)
