"""Which questions a policy has about an image, and the answer to each. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, assert_never

from gate.checks import CHECKS, registry
from gate.checks.demand.base import Check, Level, SignedParams
from gate.model.evidence import ImageEvidence, Unavailable
from gate.model.image import ImageReference
from gate.model.review import ReviewedImage
from gate.model.verdict import (
    Failed,
    Finding,
    Outcome,
    Passed,
    Question,
    Result,
    Severity,
    Undecided,
)
from gate.model.wrong_reference import wrong_reference
from gate.policy.document import Policy
from gate.policy.section import Params
from gate.policy.waive import waive

_SHOWN = 3
"""How many things that were not read a message names."""
REFERENCE = "reference"
"""Asked of every name first: whether it is an image reference at all."""
COVERED = "images"
"""Asked of every reference: whether an entry of the policy's `images` matches it."""


def name_questions(
    image: ReviewedImage, policy: Policy, *, digests_required: bool
) -> tuple[Question, ...]:
    """Return what is asked of a name before its image is looked at: `judge_name` answers it."""
    if image.reference is None:
        return (Question(REFERENCE, image.name),)
    asked = {
        registry.NAME: policy.allowed is not None,
        REFERENCE: digests_required,
        COVERED: True,
    }
    return tuple(Question(check, image.name) for check, wanted in asked.items() if wanted)


def judge_name(
    image: ReviewedImage, policy: Policy, now: datetime, *, digests_required: bool
) -> tuple[Result, ...]:
    """Answer each of `name_questions`, from the name alone.

    An image with a failure here is not asked for.
    """
    reference = image.reference
    if reference is None:
        outcome = _settle(_malformed(image), image, policy, now)
        return (Result(Question(REFERENCE, image.name), outcome),)
    outcomes: list[tuple[str, Outcome]] = []
    if policy.allowed is not None:
        outcomes.append((registry.NAME, registry.run(reference, policy.allowed)))
    if digests_required:
        outcomes.append((REFERENCE, Passed() if reference.digest else _tag_alone(image)))
    covered = policy.entry(reference) is not None
    outcomes.append((COVERED, Passed() if covered else _uncovered(image, reference, policy)))
    return tuple(
        Result(Question(check, image.name), _settle(outcome, image, policy, now))
        for check, outcome in outcomes
    )


def questions(image: ReviewedImage, policy: Policy) -> tuple[Question, ...]:
    """Return what the policy asks of an image whose name is in order: its entry's checks."""
    entry = policy.entry(image.reference) if image.reference else None
    return tuple(Question(check, image.name) for check in sorted(entry.checks)) if entry else ()


def first_suffices(image: ReviewedImage, policy: Policy) -> bool:
    """Whether the first evidence that meets the image's entry is all that it takes."""
    entry = policy.entry(image.reference) if image.reference else None
    return bool(entry and entry.checks) and all(
        CHECKS[name].first_suffices
        and isinstance(params, SignedParams)
        and params.on is not Level.PLATFORMS
        for name, params in (entry.checks.items() if entry else ())
    )


def wanted_types(image: ReviewedImage, policy: Policy) -> frozenset[str] | None:
    """Return the predicate types that the checks of the image's entry look for; None: any."""
    entry = policy.entry(image.reference) if image.reference else None
    looked = [CHECKS[name].wants for name in entry.checks] if entry else []
    found: frozenset[str] = frozenset()
    for types in looked:
        if types is None:
            return None
        found |= types
    return found


def judge_evidence(image: ReviewedImage, policy: Policy, now: datetime) -> Iterator[Result]:
    """Answer each of `questions` from the image's evidence."""
    yield from settled(image, outcomes(image, policy, now), policy, now)


def outcomes(image: ReviewedImage, policy: Policy, now: datetime) -> dict[str, Outcome]:
    """Return what each check of the image's entry says, by its name, before any waiver.

    Empty where the image was not looked at: its questions then stay unanswered, and so they block.
    """
    entry = policy.entry(image.reference) if image.reference else None
    asked = sorted(entry.checks.items()) if entry is not None else []
    match image.evidence:
        case ImageEvidence() as evidence:
            return {
                name: _runs_nothing(CHECKS[name], evidence, policy)
                if image.artifact and CHECKS[name].of_what_runs
                else despite_unread(
                    CHECKS[name], evidence, params, answer(CHECKS[name], evidence, params, now)
                )
                for name, params in asked
            }
        case Unavailable(code=code, reason=reason, remedy=remedy):
            return {name: Undecided(code, reason, remedy) for name, _ in asked}
        case None:
            return {}
        case unreachable:
            assert_never(unreachable)


def settled(
    image: ReviewedImage, said: Mapping[str, Outcome], policy: Policy, now: datetime
) -> Iterator[Result]:
    """Yield the outcomes as results: placed where the image is named, without what is waived."""
    for name, outcome in said.items():
        yield Result(Question(name, image.name), _settle(outcome, image, policy, now))


def answer(check: Check[Any], evidence: ImageEvidence, asked: Params, now: datetime) -> Outcome:
    """Return what a check says of an image's evidence. A check that breaks is undecided."""
    try:
        return check.run(evidence, asked, now)
    except Exception as error:  # noqa: BLE001  # a check that breaks has decided nothing
        return Undecided(*crash(error))


def despite_unread(
    check: Check[Any], evidence: ImageEvidence, asked: Params, outcome: Outcome
) -> Outcome:
    """Return what an outcome is worth beside evidence that could not be read.

    A check that no evidence more could fail passes. What looks at nothing that is attached is
    not concerned. All else is undecided: what was not read may be what is missing, or worse.
    """
    looks = isinstance(asked, SignedParams) and bool(asked.by)
    if not evidence.unread or not looks or isinstance(outcome, Undecided):
        return outcome
    if isinstance(outcome, Passed) and check.monotone(asked):
        return outcome
    first, *others = evidence.unread
    shown = "; ".join(map(str, (first, *others[: _SHOWN - 1])))
    more = f"; and {len(others) - _SHOWN + 1} more" if len(others) >= _SHOWN else ""
    return Undecided(
        first.code, f"something attached to the image was not read: {shown}{more}", first.remedy
    )


def crash(error: Exception) -> tuple[str, str, str]:
    """Return the code, reason and remedy of an exception that is a defect of gate."""
    return (
        "internal-error",
        f"gate broke on this image: {type(error).__name__}: {error}",
        "report this with the output of `gate --version`; the image stays blocked until then",
    )


def _settle(outcome: Outcome, image: ReviewedImage, policy: Policy, now: datetime) -> Outcome:
    """Place the findings where the image is named, and take out those that are waived."""
    if not isinstance(outcome, Failed):
        return outcome
    use = image.uses[0] if image.uses else None
    placed = outcome.findings
    if use is not None:
        placed = tuple(
            replace(f, location=use.location, object=use.object, container=use.container)
            for f in placed
        )
    failed = replace(outcome, findings=placed)
    return waive(failed, policy.waivers, image.reference, now, policy.max_waiver)


def _malformed(image: ReviewedImage) -> Failed:
    problem, remedy = wrong_reference(image.name)
    return _failed(image, REFERENCE, "image-reference-malformed", problem, remedy)


def _tag_alone(image: ReviewedImage) -> Failed:
    named = "name it by digest, oci://NAME@sha256:…" if image.artifact else "pin it with `gate pin`"
    return _failed(
        image,
        REFERENCE,
        "digest-required",
        f"{image.name} is named by its tag, which can move before it is pulled",
        f"{named}, or apply what `gate admit --pinned FILE` writes",
    )


def _runs_nothing(check: Check[Any], evidence: ImageEvidence, policy: Policy) -> Failed:
    """Return the failure of a check that an artifact cannot meet: nothing is left out for it.

    What an artifact says of itself would otherwise decide which checks it is spared.
    """
    reference = evidence.image.reference
    entry = policy.entry(reference)
    above = f" above the one for {entry.pattern.text}" if entry else ""
    return check.failed(
        evidence,
        "check-not-for-artifacts",
        f"`{check.name}` asks what an image runs, and a chart or a bundle runs nothing",
        remedy=f"add an entry `match: {reference.name}`{above} that asks what an artifact can "
        "show, such as `signature` and `provenance`",
    )


def _uncovered(image: ReviewedImage, reference: ImageReference, policy: Policy) -> Failed:
    message = f"no entry of the policy's images matches {image.name}"
    remedy = "add an entry that says what this image must show"
    from gate.policy.near import near_miss  # noqa: PLC0415  # most images are covered

    near = near_miss(reference, [entry.pattern for entry in policy.images])
    if near is not None and near.corrected is not None:
        message += f": `match: {near.text}` does not cover it"
        remedy = f"write `match: {near.corrected}` if that entry is for this image too"
    elif near is not None:
        message += f"; the nearest one has `match: {near.text}`"
        remedy = f"correct the name, if {near.text} is meant, or {remedy}"
    return _failed(image, COVERED, "image-not-covered", message, remedy)


def _failed(image: ReviewedImage, rule: str, code: str, message: str, remedy: str) -> Failed:
    return Failed(
        (
            Finding(
                rule=rule,
                code=code,
                severity=Severity.HIGH,
                message=message,
                remedy=remedy,
                image=image.name,
            ),
        )
    )
