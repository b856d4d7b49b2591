"""`gate why` from its options to what it prints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from gate.checks import CHECKS
from gate.checks.demand.base import SignedParams
from gate.cli.reads.at_time import parse_time
from gate.cli.runs.check import judge
from gate.cli.runs.make_evidence import Places, commands, demanded
from gate.cli.runs.prepare import Options
from gate.model.evidence import ImageEvidence, VerifiedAttestation
from gate.model.image import Digest, ResolvedImage
from gate.model.location import IN_REGISTRY
from gate.model.report import PolicyReport, Status
from gate.model.review import Review
from gate.model.verdict import Action, Cleared, Failed, Outcome, Passed, Result, Undecided
from gate.model.why import CheckAnswer, Evidence, ReasonWhy, Why
from gate.model.words import timestamp
from gate.pipeline.considered import Found, Piece, pieces
from gate.policy.document import Policy
from gate.policy.section import Params
from gate.reports.assemble import exit_code
from gate.reports.relied import status_of

_ORDER = (Status.FAILED, Status.UNDECIDED, Status.WARNED, Status.WAIVED, Status.PASSED)


def run_why(options: Options, *, as_of: str | None = None) -> Why:
    """Judge the one image of the options as `gate check` does, and say why. Raises GateError.

    Of a chart or a bundle, which is named by `oci://`, what it holds is not looked at.
    """
    at = parse_time(as_of) if as_of is not None else datetime.now(UTC).replace(microsecond=0)
    (named,) = options.images
    artifact = named.startswith(IN_REGISTRY)
    if artifact:
        options = replace(options, images=(), paths=(named,))
    judged = judge(options, at, whole=False)
    judged.registry.close()
    places = Places(
        folder=named if named.startswith("oci:") and not artifact else None,
        artifact=artifact,
        layouts=options.access.layouts,
        plain_http=options.access.plain_http,
        registries=options.access.registries_option,
    )
    return why_of(judged.review, judged.policy, places)


def why_of(review: Review, policy: Policy, places: Places) -> Why:
    """Return why the one image of a review is cleared or not. Judges nothing itself."""
    (image,), verdict = review.images, review.verdict
    entry = policy.entry(image.reference) if image.reference else None
    evidence = image.evidence if isinstance(image.evidence, ImageEvidence) else None
    answers = []
    used: set[Digest] = set()
    for result in verdict.results:
        if result.question.subject != image.name:
            continue
        asked = entry.checks.get(result.question.check) if entry else None
        seen = _pieces(result, evidence, asked, verdict.plan.at)
        used.update(p.found.attached for p in seen)
        looked_at = evidence.image if evidence else None
        answers.append(
            _answer(policy, result, asked=asked, image=looked_at, seen=seen, places=places)
        )
    return Why(
        name=image.name,
        resolved=image.evidence.image if image.evidence else None,
        entry=entry.pattern.text if entry else None,
        answers=tuple(sorted(answers, key=lambda a: (_ORDER.index(a.status), a.check))),
        others=tuple(_others(evidence, used)) if evidence else (),
        cleared=isinstance(verdict, Cleared),
        exit_code=exit_code(review),
        at=verdict.plan.at,
        policy=PolicyReport(path=policy.path, digest=policy.digest),
    )


def _pieces(
    result: Result, evidence: ImageEvidence | None, asked: Params | None, now: datetime
) -> tuple[Piece, ...]:
    if asked is None or evidence is None:
        return ()
    return pieces(CHECKS[result.question.check], evidence, asked, result.outcome, now)


def _answer(
    policy: Policy,
    result: Result,
    *,
    asked: Params | None,
    image: ResolvedImage | None,
    seen: Iterable[Piece],
    places: Places,
) -> CheckAnswer:
    """Return the answer to one check; `image` is None where it was not looked at."""
    check, outcome = result.question.check, result.outcome
    signed = asked if isinstance(asked, SignedParams) else None
    return CheckAnswer(
        check=check,
        status=status_of(outcome),
        reasons=tuple(_reasons(outcome)),
        until=None if isinstance(outcome, Undecided) or result.blocks else outcome.until,
        demanded=tuple(demanded(signed, policy)) if signed else (),
        evidence=tuple(_shown(p, image) for p in seen) if image else (),
        commands=commands(check, signed, policy, str(image), places)
        if signed and image and _lacks(outcome)
        else (),
    )


def _lacks(outcome: Outcome) -> bool:
    """Whether evidence is missing, and not only something wrong in what there is."""
    match outcome:
        case Failed(lacking=True) | Undecided():
            return True
        case _:
            return False


def _reasons(outcome: Outcome) -> Iterator[ReasonWhy]:
    match outcome:
        case Undecided(code=code, reason=reason, remedy=remedy):
            yield ReasonWhy(code=code, message=reason, remedy=remedy, status=Status.UNDECIDED)
        case Failed(findings=findings, waived=waived):
            for finding in findings:
                status = Status.FAILED if finding.action is Action.BLOCK else Status.WARNED
                yield ReasonWhy(
                    code=finding.code,
                    message=finding.message,
                    remedy=finding.remedy,
                    status=status,
                )
            for one in waived:
                yield ReasonWhy(
                    code=one.finding.code,
                    message=one.finding.message,
                    remedy=f"{one.owner} accepts it until {one.expires}: {one.reason}",
                    status=Status.WAIVED,
                )
        case Passed():
            return


def _others(evidence: ImageEvidence, used: set[Digest]) -> Iterator[Evidence]:
    every: tuple[Found, ...] = (*evidence.attestations, *evidence.rejections)
    for found in every:
        if found.attached not in used:
            yield _shown(_unasked(found), evidence.image)
    for unread in evidence.unread:
        yield Evidence(
            predicate_type="",
            digest=str(unread.digest or unread.kind),
            storage=unread.storage.value,
            about=_about(unread.subject, evidence.image),
            signer="",
            time="",
            counts=False,
            code=unread.code,
            message=unread.reason,
        )


def _unasked(found: Found) -> Piece:
    """Return what a thing is that no check recognises: of what is refused, the verifier's word."""
    if isinstance(found, VerifiedAttestation):
        return Piece(found, counts=False)
    return Piece(found, counts=False, code=found.code, message=found.message)


def _shown(piece: Piece, image: ResolvedImage) -> Evidence:
    found, signer, time = piece.found, "", ""
    if isinstance(found, VerifiedAttestation):
        signer = f"{'/'.join(found.signers)}: {found.identity}"
        for first in found.times[:1]:
            time = f"{timestamp(first.at)} by {first.clock.value}"
    return Evidence(
        predicate_type=found.predicate_type or "",
        digest=str(found.attached),
        storage=found.storage.value,
        about=_about(found.subject, image),
        signer=signer,
        time=time,
        counts=piece.counts,
        code=piece.code,
        message=piece.message,
    )


def _about(subject: Digest, image: ResolvedImage) -> str:
    platforms = {p.digest: str(p.platform) for p in image.platforms}
    if subject == image.digest:
        return "the index" if platforms else "the image"
    return platforms.get(subject, str(subject))
