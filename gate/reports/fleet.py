"""Which images run in which clusters, under which pass and until when, by reports of audits.

Pure. Nothing is judged anew: each report says what it says, at its time, under its policy. Text of
reports is foreign: neutralise it to print.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from gate.model.predicates import VerificationSummary
from gate.model.records import dataclass
from gate.model.report import Status
from gate.model.verdict import Action
from gate.model.words import clipped, timestamp
from gate.reports.recorded import RecordedCheck, RecordedImage, RecordedReport
from gate.reports.relied import KINDS

CLEAR, FAILED, UNDECIDED = 0, 1, 3
"""Exit codes, as of a run over all clusters."""
_SHOWN: Final = 300
"""The longest message of a report that a problem quotes, in characters."""
_ORDER: Final = (Status.PASSED, Status.WAIVED, Status.WARNED, Status.UNDECIDED, Status.FAILED)
"""From the best to the worst."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetCluster:
    """One cluster, as its report tells it."""

    name: str
    at: datetime
    """When it was looked at, UTC."""
    status: Status
    """Passed where nothing blocks; undecided also where the run came to no verdict."""
    policy: str
    """The policy's digest; empty where the run came to no verdict."""
    tool: str
    images: int
    blocking: int
    undecided: int


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class FleetPass:
    """A pass that an image runs under."""

    digest: str
    signers: tuple[str, ...]
    identity: str
    signed_at: str
    """RFC 3339; empty where nobody vouches for a time."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class FleetEnd:
    """When something about an image in a cluster ends: then the door lets no new Pod of it in."""

    at: datetime
    image: str
    cluster: str
    check: str
    of: str
    """What ends: `scan`, `database` or `pass`; empty where the check as a whole does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetRun:
    """One image in one cluster."""

    cluster: str
    status: Status
    """The worst of its checks."""
    objects: tuple[str, ...]
    passes: tuple[FleetPass, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetImage:
    """One image, and where it runs."""

    name: str
    """Pinned to its digest; as the report names it where it did not resolve."""
    runs: tuple[FleetRun, ...]
    """By cluster."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetProblem:
    """Why the clusters cannot be seen as one."""

    code: str
    cluster: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """Many clusters in one view."""

    clusters: tuple[FleetCluster, ...]
    """By name."""
    images: tuple[FleetImage, ...]
    """By name."""
    ends: tuple[FleetEnd, ...]
    """What ends first comes first."""
    problems: tuple[FleetProblem, ...]

    @property
    def exit_code(self) -> int:
        """Return 0 where every cluster is in order under one policy, else 1 or 3."""
        found = {cluster.status for cluster in self.clusters}
        if Status.FAILED in found:
            return FAILED
        return UNDECIDED if self.problems or Status.UNDECIDED in found else CLEAR


def fleet_of(reports: Mapping[str, RecordedReport]) -> Fleet:
    """Return the view over the reports of clusters, by the clusters' names."""
    named = sorted(reports.items())
    runs: dict[str, list[FleetRun]] = defaultdict(list)
    ends: set[FleetEnd] = set()
    for cluster, report in named:
        for name, image in _images(report):
            runs[name].append(_run(cluster, image))
            ends.update(_ends(cluster, name, image))
    return Fleet(
        clusters=tuple(_cluster(name, report) for name, report in named),
        images=tuple(
            FleetImage(name=name, runs=tuple(_together(found)))
            for name, found in sorted(runs.items())
        ),
        ends=tuple(sorted(ends)),
        problems=tuple(_problems(named)),
    )


def _images(report: RecordedReport) -> Iterator[tuple[str, RecordedImage]]:
    for image in report.images:
        yield image.pinned or image.name, image


def _cluster(name: str, report: RecordedReport) -> FleetCluster:
    blocking = sum(finding.action is Action.BLOCK for finding in report.findings)
    return FleetCluster(
        name=name,
        at=report.at,
        status=_status(report, blocking),
        policy=report.policy.digest if report.policy else "",
        tool=report.tool.version,
        images=len({name for name, _ in _images(report)}),
        blocking=blocking,
        undecided=len(report.undecided),
    )


def _status(report: RecordedReport, blocking: int) -> Status:
    """Return what a cluster came to: no better than its worst image, also if the verdict is."""
    found = {check.status for image in report.images for check in image.checks}
    if blocking or Status.FAILED in found:
        return Status.FAILED
    judged = report.error is None and report.policy is not None and report.verdict == "cleared"
    doubted = report.undecided or Status.UNDECIDED in found
    return Status.PASSED if judged and not doubted else Status.UNDECIDED


def _run(cluster: str, image: RecordedImage) -> FleetRun:
    return FleetRun(
        cluster=cluster,
        status=_worst(check.status for check in image.checks),
        objects=tuple(sorted({str(use.object) for use in image.uses})),
        passes=tuple(sorted({one for check in image.checks for one in _passes(check)})),
    )


def _worst(found: Iterator[Status]) -> Status:
    """Return the worst of some answers; an image that nobody asked about is undecided."""
    return max(found, key=_ORDER.index, default=Status.UNDECIDED)


def _together(found: Sequence[FleetRun]) -> Iterator[FleetRun]:
    """Yield a run for each cluster: one that names the image in two ways has it once."""
    by_cluster: dict[str, list[FleetRun]] = defaultdict(list)
    for run in found:
        by_cluster[run.cluster].append(run)
    for cluster, same in sorted(by_cluster.items()):
        yield FleetRun(
            cluster=cluster,
            status=_worst(run.status for run in same),
            objects=tuple(sorted({name for run in same for name in run.objects})),
            passes=tuple(sorted({one for run in same for one in run.passes})),
        )


def _passes(check: RecordedCheck) -> Iterator[FleetPass]:
    for one in check.evidence:
        if one.kind == KINDS[VerificationSummary]:
            yield FleetPass(
                digest=one.digest,
                signers=one.signers,
                identity=one.identity,
                signed_at=timestamp(one.signed_at) if one.signed_at else "",
            )


def _ends(cluster: str, name: str, image: RecordedImage) -> Iterator[FleetEnd]:
    for check in image.checks:
        told = [(age.until, age.of) for age in check.ages]
        if check.until is not None and check.until not in {at for at, _ in told}:
            told.append((check.until, ""))
        for at, of in told:
            yield FleetEnd(at=at, image=name, cluster=cluster, check=check.check, of=of)


def _problems(named: Sequence[tuple[str, RecordedReport]]) -> Iterator[FleetProblem]:
    """Yield a problem for each cluster without a verdict, and each that another policy judged.

    The policy of most clusters is taken for that of all; of two that are as frequent, the one with
    the cluster that comes first.
    """
    judged = defaultdict(list)
    for cluster, report in named:
        if report.error is not None:
            yield FleetProblem(
                code="audit-without-verdict",
                cluster=cluster,
                message=f"the audit of {cluster} came to no verdict: "
                f"{clipped(report.error.message, _SHOWN)}",
                remedy="mend what the message says, and run `gate audit` there again",
            )
        elif report.policy is not None:
            judged[report.policy.digest].append(cluster)
    usual = max(judged, key=lambda digest: len(judged[digest]), default="")
    for digest, clusters in judged.items():
        for cluster in clusters if digest != usual else ():
            yield FleetProblem(
                code="audit-other-policy",
                cluster=cluster,
                message=f"{cluster} was judged by the policy {digest}, and {judged[usual][0]} by "
                f"{usual}",
                remedy="run `gate audit` in every cluster with one policy",
            )
