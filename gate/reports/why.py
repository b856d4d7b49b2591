"""`gate why` as text and as JSON (`gate/why/v1`): check by check, what blocks first."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, replace

from gate.model.report import Status
from gate.model.why import CheckAnswer, Evidence, ReasonWhy, Why
from gate.model.words import timestamp
from gate.reports.neutral import terminal
from gate.reports.page import Page
from gate.reports.text import MARKS

SCHEMA = "gate/why/v1"


def render_json(why: Why) -> str:
    """Return it as JSON, keys sorted, with a line feed at its end. Foreign text stays as found."""
    value = {
        "schema": SCHEMA,
        "image": why.name,
        "pinned": str(why.resolved) if why.resolved else None,
        "entry": why.entry,
        "verdict": "cleared" if why.cleared else "blocked",
        "exitCode": why.exit_code,
        "at": timestamp(why.at),
        "policy": {"path": why.policy.path, "digest": str(why.policy.digest)},
        "checks": [_answer_value(a) for a in why.answers],
        "others": [_evidence_value(e) for e in why.others],
    }
    return json.dumps(value, sort_keys=True, indent=1) + "\n"


def _answer_value(answer: CheckAnswer) -> dict[str, object]:
    return {
        "check": answer.check,
        "status": answer.status.value,
        "until": timestamp(answer.until) if answer.until else None,
        "reasons": [{**asdict(r), "status": r.status.value} for r in answer.reasons],
        "demanded": list(answer.demanded),
        "evidence": [_evidence_value(e) for e in answer.evidence],
        "commands": list(answer.commands),
    }


def _evidence_value(evidence: Evidence) -> dict[str, object]:
    value = asdict(evidence)
    value["predicateType"] = value.pop("predicate_type")
    return value


def render(why: Why, page: Page | None = None) -> str:
    """Return it as text, with a line feed at its end."""
    page = page or Page()
    lines = [page.style("bold", terminal(str(why.resolved or why.name))), *_about(why, page), ""]
    for answer in why.answers:
        lines += [*_answer(answer, page), ""]
    if why.others:
        lines.append("attached, and no check of this image asks for it")
        for alike in _alike(why.others):
            lines += _evidence(alike, page, mark="·")
        lines.append("")
    lines += _summary(why, page)
    return "\n".join(lines) + "\n"


def _about(why: Why, page: Page) -> Iterator[str]:
    entry = "no entry of the policy matches it"
    if why.entry is not None:
        entry = f"the policy's entry {terminal(why.entry)} decides"
    named = f"named {terminal(why.name)}; " if why.resolved else "not looked at; "
    yield page.style("dim", page.wrap(named + entry, indent="  "))


def _answer(answer: CheckAnswer, page: Page) -> Iterator[str]:
    style, mark = MARKS[answer.status]
    until = f"  until {timestamp(answer.until)}" if answer.until else ""
    yield f"{page.style(style, mark)} {page.style('bold', answer.check)} {answer.status}{until}"
    for reason in answer.reasons:
        yield from _reason(reason, page)
    for number, command in enumerate(answer.commands):
        # Kept whole, so that it can be copied.
        yield f"    {'or' if number else 'run'} {terminal(command)}"
    if answer.status is not Status.PASSED:
        for who in answer.demanded:
            yield page.wrap(f"demanded of {terminal(who)}", indent="    ", hanging="  ")
    told = {reason.message for reason in answer.reasons}
    for alike in _alike(answer.evidence):
        mark = "✓" if alike[0].counts else "✗"
        yield from _evidence(alike, page, mark=mark, told=told)
    if answer.demanded and not answer.evidence:
        nothing = "nothing of the kind is attached"
        if answer.status is Status.UNDECIDED:
            nothing = "what is attached was not looked at"
        yield page.style("dim", f"    {nothing}")


def _reason(reason: ReasonWhy, page: Page) -> Iterator[str]:
    style, _ = MARKS[reason.status]
    yield f"  {page.style(style, reason.status.value)} {reason.code}"
    yield page.wrap(terminal(reason.message), indent="    ")
    yield page.wrap(f"→ {terminal(reason.remedy)}", indent="    ", hanging="  ")


def _alike(evidence: Iterable[Evidence]) -> list[tuple[Evidence, ...]]:
    """Return things that differ in no more than their bytes and place together, in first order."""
    groups: dict[Evidence, list[Evidence]] = {}
    for one in evidence:
        groups.setdefault(replace(one, digest="", storage="", about=""), []).append(one)
    return [tuple(group) for group in groups.values()]


def _evidence(
    alike: Sequence[Evidence], page: Page, *, mark: str, told: Collection[str] = ()
) -> Iterator[str]:
    first = alike[0]
    kind = terminal(first.predicate_type) or "of an unknown kind"
    code = f"  {first.code}" if first.code else ""
    yield f"  {mark} {kind}{code}"
    lines = []
    if first.signer:
        lines.append(f"by {terminal(first.signer)}, {first.time or 'at no verified time'}")
    about = "about" if first.signer else "attached to"
    lines += [f"{e.digest}, in {e.storage}, {about} {terminal(e.about)}" for e in alike]
    for line in lines:
        yield page.style("dim", page.wrap(line, indent="      "))
    if first.message and first.message not in told:
        yield page.wrap(terminal(first.message), indent="      ")


def _summary(why: Why, page: Page) -> Iterator[str]:
    verdict = page.style("good", "CLEARED") if why.cleared else page.style("bad", "BLOCKED")
    counts = [
        f"{n} {status.value}"
        for status in Status
        if (n := sum(a.status is status for a in why.answers))
    ]
    yield f"{verdict}  {', '.join(counts) or 'no check was answered'}"
    policy = f"policy {terminal(why.policy.path)} {why.policy.digest}"
    judged = f"{policy}, at {timestamp(why.at)}"
    yield page.style("dim", page.wrap(judged, indent="", hanging="  "))
