"""What is new, gone, worse, or changed between two runs, by their JSON reports.

Findings are the same where their fingerprints are: these stay while lines move and digests
change. Images are the same where their repository is, if each run has it once. Nothing is
judged anew. See docs/decisions/0040-two-reports-are-compared-as-they-are.md.
"""

from __future__ import annotations

import enum
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from gate.model.records import dataclass
from gate.model.report import Status
from gate.model.verdict import Action
from gate.model.words import short_digests, timestamp
from gate.reports.recorded import (
    RecordedFinding,
    RecordedImage,
    RecordedReport,
    RecordedUndecided,
)


class ChangeKind(enum.StrEnum):
    """What a change means, in the order in which it is told."""

    NEW = "new"
    WORSE = "worse"
    EXCUSED = "excused"
    """A finding that is there still, and is waived, suppressed or known now."""
    BETTER = "better"
    GONE = "gone"
    CHANGED = "changed"
    """What is neither better nor worse: evidence, images, the policy, the tool."""


NEWS: Final = frozenset({ChangeKind.NEW, ChangeKind.WORSE})
"""What ends the command with exit code 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunChange:
    """One difference between two runs. Its texts are foreign: neutralise them to print."""

    kind: ChangeKind
    about: str
    """The finding, check, image or part of the run: `vulnerability-found CVE-2026-1`."""
    subject: str = ""
    """The image or object; empty where it is the run."""
    note: str = ""
    """One sentence: what it was, and what it is."""
    remedy: str = ""
    """The next step; empty where there is nothing to do."""


_STATUS: Final = (Status.PASSED, Status.WAIVED, Status.WARNED, Status.UNDECIDED, Status.FAILED)
"""From the best to the worst."""


def changes(old: RecordedReport, new: RecordedReport) -> tuple[RunChange, ...]:
    """Return every difference, what is new and worse first.

    Of a new run that came to no verdict, only that is told: what it does not list may be there.
    """
    found = list(_run(old, new))
    if new.error is None:
        found += [
            *_findings(old, new),
            *_undecided(old.undecided, new.undecided),
            *_images(old.images, new.images),
        ]
    kinds = list(ChangeKind)
    return tuple(sorted(found, key=lambda c: (kinds.index(c.kind), c.about, c.subject, c.note)))


def _run(old: RecordedReport, new: RecordedReport) -> Iterator[RunChange]:
    if new.error is not None:
        note = f"the new run did not come to its end: {new.error.message}"
        yield RunChange(kind=ChangeKind.WORSE, about=new.error.code, note=note)
    elif old.verdict != new.verdict:
        kind = ChangeKind.WORSE if new.verdict == "blocked" else ChangeKind.BETTER
        yield RunChange(kind=kind, about="verdict", note=f"{old.verdict} → {new.verdict}")
    pairs = {
        "policy": (old.policy and old.policy.digest, new.policy and new.policy.digest),
        "release": (old.release and old.release.digest, new.release and new.release.digest),
        "gate": (old.tool.version, new.tool.version),
        "pass": (old.passed and old.passed.state.value, new.passed and new.passed.state.value),
    }
    for about, (before, after) in pairs.items():
        if before != after and (after is not None or new.error is None):
            note = short_digests(f"{before or 'none'} → {after or 'none'}")
            yield RunChange(kind=ChangeKind.CHANGED, about=about, note=note)
    if new.at < old.at:
        note = f"the new report is of {timestamp(new.at)}, before the old one"
        yield RunChange(kind=ChangeKind.CHANGED, about="time", note=note)


@dataclass(frozen=True, slots=True)
class _Level:
    """How much a finding does: 1 excused, 2 warns, 3 blocks."""

    does: int
    finding: RecordedFinding

    @property
    def words(self) -> str:
        """Return it in words: `blocks (high)`."""
        word = ("", "is excused", "warns", "blocks")[self.does]
        return f"{word} ({self.finding.rank.name.lower()})"


def _levels(report: RecordedReport) -> dict[str, list[_Level]]:
    """Return every finding by its fingerprint, the gravest first."""
    levels: dict[str, list[_Level]] = defaultdict(list)
    for one in report.findings:
        levels[one.fingerprint].append(_Level(3 if one.action is Action.BLOCK else 2, one))
    for one in (*report.waived, *report.suppressed, *report.known):
        levels[one.fingerprint].append(_Level(1, one))
    for same in levels.values():
        same.sort(key=lambda level: (-level.does, -level.finding.rank, level.finding.message))
    return levels


def _findings(old: RecordedReport, new: RecordedReport) -> Iterator[RunChange]:
    before, after = _levels(old), _levels(new)
    for mark in {**before, **after}:
        were, are = before.get(mark, []), after.get(mark, [])
        for was, is_ in zip(were, are, strict=False):
            yield from _moved(was, is_)
        for level in are[len(were) :]:
            kind = ChangeKind.NEW if level.does > 1 else ChangeKind.EXCUSED
            yield _change(kind, level, f"{level.words}: {level.finding.message}")
        for level in were[len(are) :]:
            yield _change(ChangeKind.GONE, level, f"it was: {level.words}")


def _moved(was: _Level, is_: _Level) -> Iterator[RunChange]:
    before, after = (was.does, was.finding.rank), (is_.does, is_.finding.rank)
    if before == after:
        return
    if is_.does == 1:
        kind = ChangeKind.EXCUSED if was.does > 1 else ChangeKind.CHANGED
    else:
        worse = is_.does > was.does or (is_.does == was.does and after > before)
        kind = ChangeKind.WORSE if worse else ChangeKind.BETTER
    yield _change(kind, is_, f"{was.words} → {is_.words}: {is_.finding.message}")


def _change(kind: ChangeKind, level: _Level, note: str) -> RunChange:
    finding = level.finding
    about = finding.code if finding.id in {"", finding.code} else f"{finding.code} {finding.id}"
    owner = finding.object
    named = f"{owner.namespace or ''}/{owner.kind}/{owner.name}".strip("/") if owner else ""
    at = f" at {finding.location.path}:{finding.location.line}" if finding.location else ""
    remedy = finding.remedy if kind in NEWS else ""
    subject = f"{short_digests(finding.image or named)}{at}".strip()
    return RunChange(kind=kind, about=about, subject=subject, note=note, remedy=remedy)


def _undecided(
    old: Iterable[RecordedUndecided], new: Iterable[RecordedUndecided]
) -> Iterator[RunChange]:
    before = {(u.rule, u.subject, u.code): u for u in old}
    after = {(u.rule, u.subject, u.code): u for u in new}
    for key, one in after.items():
        if key not in before:
            note = f"{one.rule} could not be decided: {one.message}"
            yield RunChange(
                kind=ChangeKind.NEW, about=one.code, subject=one.subject, note=note,
                remedy=one.remedy,
            )  # fmt: skip
    for key, one in before.items():
        if key not in after:
            note = f"{one.rule} could not be decided then"
            yield RunChange(kind=ChangeKind.GONE, about=one.code, subject=one.subject, note=note)


def _images(old: Iterable[RecordedImage], new: Iterable[RecordedImage]) -> Iterator[RunChange]:
    before, after = _by_name(tuple(old), tuple(new))
    for name, image in after.items():
        if name not in before:
            yield RunChange(kind=ChangeKind.CHANGED, about="image added", subject=image.name)
        else:
            yield from _image(before[name], image)
    for name, image in before.items():
        if name not in after:
            yield RunChange(kind=ChangeKind.CHANGED, about="image removed", subject=image.name)


def _by_name(
    old: tuple[RecordedImage, ...], new: tuple[RecordedImage, ...]
) -> tuple[Mapping[str, RecordedImage], Mapping[str, RecordedImage]]:
    """Return the images of both runs by repository, and by name where a run has one twice."""
    counts = [Counter(map(_repository, images)) for images in (old, new)]
    many = {name for count in counts for name, number in count.items() if number > 1}

    def key(image: RecordedImage) -> str:
        repository = _repository(image)
        return image.name if repository in many else repository

    return {key(i): i for i in old}, {key(i): i for i in new}


def _repository(image: RecordedImage) -> str:
    name = image.name.partition("@")[0]
    head, slash, last = name.rpartition("/")
    return f"{head}{slash}{last.partition(':')[0]}"


def _image(old: RecordedImage, new: RecordedImage) -> Iterator[RunChange]:
    if (old.name, old.digest) != (new.name, new.digest):
        names = (f"{i.name} {i.digest or 'not resolved'}" for i in (old, new))
        note = short_digests(" → ".join(names))
        yield RunChange(kind=ChangeKind.CHANGED, about="image", subject=new.name, note=note)
    before, after = ({c.check: c for c in image.checks} for image in (old, new))
    for name in sorted({*before, *after}):
        was, is_ = before.get(name), after.get(name)
        if is_ is None:
            note = "the policy no longer asks for this check"
            yield RunChange(kind=ChangeKind.WORSE, about=name, subject=new.name, note=note)
        elif was is None:
            note = f"the policy asks for this check now: {is_.status}"
            yield RunChange(kind=ChangeKind.CHANGED, about=name, subject=new.name, note=note)
        else:
            if was.status is not is_.status:
                worse = _STATUS.index(is_.status) > _STATUS.index(was.status)
                yield RunChange(
                    kind=ChangeKind.WORSE if worse else ChangeKind.BETTER,
                    about=name, subject=new.name, note=f"{was.status} → {is_.status}",
                )  # fmt: skip
            yield from _evidence(name, new.name, old, new)


def _evidence(
    check: str, subject: str, old: RecordedImage, new: RecordedImage
) -> Iterator[RunChange]:
    """Yield what the check relies on now, and what no longer.

    Of another digest every statement is another one: then kinds and signers alone are compared.
    """
    same = old.digest == new.digest
    before, after = (
        {
            f"{e.kind} by {'/'.join(e.signers)} ({e.identity})" + (f" {e.digest}" if same else "")
            for one in image.checks
            if one.check == check
            for e in one.evidence
        }
        for image in (old, new)
    )
    about = f"evidence of {check}"
    for word, lines in (("it relies on", after - before), ("no longer on", before - after)):
        for line in sorted(lines):
            note = short_digests(f"{word} {line}")
            yield RunChange(kind=ChangeKind.CHANGED, about=about, subject=subject, note=note)
