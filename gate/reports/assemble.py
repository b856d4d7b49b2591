"""From a judged run to the report that every format translates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from sys import intern

from gate.model.evidence import ImageEvidence
from gate.model.report import (
    Counts,
    Deployment,
    Excluded,
    ImageReport,
    Linted,
    PassReport,
    PolicyReport,
    Rendered,
    Report,
    UndecidedReport,
)
from gate.model.review import Review, ReviewedImage
from gate.model.verdict import (
    Blocked,
    Cleared,
    Failed,
    Finding,
    Result,
    Undecided,
    WaivedFinding,
)
from gate.reports.order import CLEARED, FAILED, UNDECIDED, order
from gate.reports.relied import check_report, signed


def assemble(
    review: Review,
    *,
    command: str,
    tool_version: str,
    policy_path: str,
    passed: PassReport | None = None,
    linted: Linted | None = None,
    deployment: Deployment | None = None,
    excluded: Excluded | None = None,
    rendered: tuple[Rendered, ...] = (),
) -> Report:
    """Return the report of a run, everything in it sorted.

    A finding about an image that the run has by two names is found twice, and is there once.
    """
    verdict = review.verdict
    results = verdict.results
    about: dict[str, list[Result]] = {}
    for result in results:
        about.setdefault(result.question.subject, []).append(result)
    found = dict.fromkeys(_findings(results))
    return Report(
        command=command,
        tool_version=tool_version,
        cleared=isinstance(verdict, Cleared),
        exit_code=exit_code(review),
        at=verdict.plan.at,
        policy=PolicyReport(path=policy_path, digest=verdict.plan.policy),
        images=tuple(_image(image, about.get(image.name, ())) for image in review.images),
        findings=tuple(sorted((f for f in found if not f.known), key=order)),
        known=tuple(sorted((f for f in found if f.known), key=order)),
        undecided=tuple(_undecided(verdict)),
        waived=tuple(sorted(dict.fromkeys(_waived(results)), key=lambda w: order(w.finding))),
        suppressed=tuple(sorted(review.suppressed, key=lambda s: order(s.finding))),
        counts=Counts(
            files=review.files,
            documents=review.documents,
            objects=review.objects,
            rules=review.rules,
            images=len(review.images),
            checks=len(verdict.plan.questions),
            attestations=sum(
                len(i.evidence.attestations)
                for i in review.images
                if isinstance(i.evidence, ImageEvidence)
            ),
        ),
        release=verdict.plan.release,
        passed=passed,
        deployment=deployment,
        linted=linted or Linted(),
        excluded=excluded or Excluded(),
        rendered=tuple(sorted(rendered)),
    )


def exit_code(review: Review) -> int:
    """Return 0 for cleared, 1 where some check failed, 3 where one could only not be decided."""
    match review.verdict:
        case Cleared():
            return CLEARED
        case Blocked(results=results):
            failed = any(isinstance(r.outcome, Failed) and r.blocks for r in results)
            return FAILED if failed else UNDECIDED


def _findings(results: tuple[Result, ...]) -> Iterator[Finding]:
    for result in results:
        if isinstance(result.outcome, Failed):
            yield from result.outcome.findings


def _waived(results: tuple[Result, ...]) -> Iterator[WaivedFinding]:
    for result in results:
        if isinstance(result.outcome, Failed):
            yield from result.outcome.waived


def _undecided(verdict: Cleared | Blocked) -> Iterator[UndecidedReport]:
    for result in verdict.results:
        if isinstance(result.outcome, Undecided):
            yield UndecidedReport(
                check=result.question.check,
                subject=result.question.subject,
                outcome=result.outcome,
            )
    for question in verdict.unanswered if isinstance(verdict, Blocked) else ():
        yield UndecidedReport(
            check=question.check,
            subject=question.subject,
            outcome=Undecided(
                "not-answered",
                "the policy asks this and the run gave no answer",
                "report this as a defect of gate; the run stays blocked",
            ),
        )


def _image(image: ReviewedImage, results: Sequence[Result]) -> ImageReport:
    evidence = image.evidence
    return ImageReport(
        name=image.name,
        resolved=evidence.image if evidence is not None else None,
        uses=image.uses,
        checks=tuple(check_report(r.question, r.outcome) for r in results),
        attached=tuple(_attached(evidence)) if isinstance(evidence, ImageEvidence) else (),
        unread=tuple(_unread(evidence)) if isinstance(evidence, ImageEvidence) else (),
    )


def _attached(evidence: ImageEvidence) -> Iterator[str]:
    for attestation in evidence.attestations:
        yield intern(f"verified: {attestation.predicate_type}, {signed(attestation)}")
    for rejection in evidence.rejections:
        claims = f" claiming {rejection.predicate_type}" if rejection.predicate_type else ""
        yield f"{rejection.code}: {rejection.kind.value}{claims}: {rejection.message}"
    yield from _unread(evidence)


def _unread(evidence: ImageEvidence) -> Iterator[str]:
    for unread in evidence.unread:
        yield f"not read, {unread.code}: {unread}"
