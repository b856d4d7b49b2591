"""`gate lint --fix`: files with the findings mended that have one right answer."""

from __future__ import annotations

import difflib
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeAlias

from gate.cli.reads.inputs import Inputs
from gate.cli.writes.files import check_file, replace_whole
from gate.cli.writes.standard_error import tell
from gate.documents import read_yaml
from gate.documents.field_edits import Setting
from gate.documents.same_json import is_same_json
from gate.documents.set_fields import set_fields, with_fields
from gate.errors import GateError, UsageError
from gate.lint.engine import lint
from gate.lint.fix import Left, propose
from gate.lint.report import LintReport
from gate.lint.settings import LintSettings
from gate.manifests.images import image_uses
from gate.manifests.load import load_manifests
from gate.manifests.manifests import Manifests
from gate.model.kubernetes import ImagePosition
from gate.model.location import STDIN, Location
from gate.model.records import dataclass
from gate.model.verdict import Finding
from gate.model.words import counted
from gate.reports.neutral import terminal

_WORSE: Final = "a new finding would come of it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixing:
    """What `--fix` is asked for."""

    diff: bool = False
    """Whether the change is printed, and nothing written."""
    unsafe: bool = False
    """Whether what may stop a program is set too."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """Files as they are with the fix."""

    files: tuple[tuple[str, bytes], ...]
    """All of them, the unchanged ones too, in their order."""
    counts: Mapping[str, int]
    """How many fields are set in each changed file."""
    left: tuple[Left, ...]


def fix_inputs(
    inputs: Inputs,
    settings: LintSettings,
    positions: tuple[ImagePosition, ...],
    fixing: Fixing,
) -> Inputs:
    """Mend the files, or with `diff` print how, and return the inputs as they are mended.

    What is left alone is told on standard error. Raises UsageError for standard input, which
    cannot be written, and for a file that cannot be.
    """
    if not fixing.diff and any(name == STDIN for name, _ in inputs.files):
        raise UsageError(
            "lint-option",
            "--fix: standard input cannot be changed in place",
            remedy="name files, or take --diff, which prints the change",
        )
    blocked = {} if fixing.diff else _unwritable(inputs.files)
    fixed = fix(inputs, settings, positions, unsafe=fixing.unsafe, kept=blocked)
    before = dict(inputs.files)
    for name, data in fixed.files:
        if name not in fixed.counts:
            continue
        if fixing.diff:
            lines = _diff(name, before[name], data)
            sys.stdout.writelines(terminal(line) + "\n" for line in lines)
        else:
            replace_whole(Path(name), before[name], data)
            set_ = f"{counted(fixed.counts[name], 'field')} set"
            tell(f"fixed {terminal(name)}: {set_}\n")
    for line in _told(fixed.left):
        tell(f"{terminal(line)}\n")
    return replace(inputs, files=fixed.files)


def fix(
    inputs: Inputs,
    settings: LintSettings,
    positions: tuple[ImagePosition, ...] = (),
    *,
    unsafe: bool = False,
    kept: Mapping[str, str] | None = None,
) -> Fixed:
    """Return the files with the fix, without those that would say anything else or worse.

    `kept` are files that stay as they are, and why. Raises nothing.
    """
    manifests, report = _linted(inputs, inputs.files, settings, positions)
    kept = {**_templates(inputs.files), **(kept or {}), **_rendered(inputs)}
    proposal = propose(manifests.objects, report, unsafe=unsafe, kept=kept)
    left = list(proposal.left)
    changed: dict[str, tuple[bytes, int]] = {}
    for path, data in inputs.files:
        wanted = proposal.settings.get(path)
        if wanted:
            new, done, refused = _patched(data, path, wanted)
            left += (Left(_at(path, setting), why) for setting, why in refused)
            if done:
                changed[path] = (new, done)
    before = _counted(_unfolded(inputs, inputs.files, settings, positions)) if changed else None
    while before is not None and changed:
        files = _with(inputs.files, changed)
        after = _unfolded(inputs, files, settings, positions)
        worse = {path for *_, path in (_counted(after) - before)}
        if not worse:
            break
        for path in (worse & set(changed)) or tuple(changed):
            del changed[path]
            left.append(Left(Location(path, 1), _WORSE))
    counts = {path: count for path, (_, count) in changed.items()}
    return Fixed(_with(inputs.files, changed), counts, tuple(left))


def _with(
    files: Iterable[tuple[str, bytes]], changed: Mapping[str, tuple[bytes, int]]
) -> tuple[tuple[str, bytes], ...]:
    return tuple((path, changed[path][0] if path in changed else data) for path, data in files)


def _linted(
    inputs: Inputs,
    files: Sequence[tuple[str, bytes]],
    settings: LintSettings,
    positions: tuple[ImagePosition, ...],
) -> tuple[Manifests, LintReport]:
    manifests = load_manifests(
        files, patches=settings.patches, found=inputs.findings, named=inputs.named
    )
    images = image_uses(manifests.objects, positions)
    return manifests, lint(manifests.objects, images.uses, settings)


def _unfolded(
    inputs: Inputs,
    files: Sequence[tuple[str, bytes]],
    settings: LintSettings,
    positions: tuple[ImagePosition, ...],
) -> Iterator[Finding]:
    """Yield every finding by itself: one that no other tells any more is no new one."""
    alone = replace(settings, folds=False, baseline=None)
    manifests, report = _linted(inputs, files, alone, positions)
    yield from manifests.findings
    yield from report.findings


_Key: TypeAlias = tuple[str, str, str, str, str, str]


def _counted(findings: Iterable[Finding]) -> Counter[_Key]:
    """Count findings by what they are about: rule, action, object, container, field and file."""
    return Counter(
        (
            f.rule,
            f.action.value,
            str(f.object or ""),
            f.container or "",
            f.field or "",
            f.location.path if f.location else "",
        )
        for f in findings
    )


def _templates(files: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    return {
        path: "it is a template of a chart, so set it there by hand"
        for path, data in files
        if "/templates/" in f"/{path}" and b"{{" in data
    }


def _rendered(inputs: Inputs) -> dict[str, str]:
    return {
        path: "a tool rendered it, so change what it was rendered from"
        for path, _ in inputs.files
        if inputs.rendered and path.endswith(" <rendered>")
    }


def _unwritable(files: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    found = {}
    for path, _ in files:
        try:
            check_file(Path(path))
        except UsageError as error:
            found[path] = error.problem
    return found


def _at(path: str, setting: Setting) -> Location:
    return Location(path, setting.root[0] + 1, setting.root[1] + 1)


def _patched(
    data: bytes, path: str, wanted: Sequence[Setting]
) -> tuple[bytes, int, tuple[tuple[Setting, str], ...]]:
    """Return the new file, how many fields are set in it, and what was left out.

    The new file is read again: it holds what the old one held, with those fields set, or it is
    not taken.
    """
    patched = set_fields(data.decode(), wanted)
    refused = dict(patched.refused)
    done = [setting for setting in wanted if setting not in refused]
    new = patched.text.encode()
    if done and not _holds(data, new, path, done):
        why = "the file would say something else besides"
        return data, 0, (*patched.refused, *((setting, why) for setting in done))
    return new, len(done), patched.refused


def _holds(old: bytes, new: bytes, path: str, done: Sequence[Setting]) -> bool:
    try:
        before, after = (read_yaml(data, path) for data in (old, new))
    except GateError:
        return False
    if len(before) != len(after):
        return False
    by_root: dict[int, list[Setting]] = {}
    for setting in done:
        by_root.setdefault(setting.root[0] << 32 | setting.root[1], []).append(setting)
    return all(
        is_same_json(with_fields(b.value, by_root.get(b.marks[0], ())), a.value)
        for b, a in zip(before, after, strict=True)
    )


def _told(left: Sequence[Left]) -> Iterator[str]:
    """Yield a sentence for each cause, with the first place and how many more there are."""
    by_why: dict[str, list[Location]] = {}
    for one in left:
        by_why.setdefault(one.why, []).append(one.location)
    for why, places in by_why.items():
        first, more = min(places, key=lambda p: (p.path, p.line, p.column)), len(set(places)) - 1
        others = f", and at {counted(more, 'more place')}" if more else ""
        yield f"left alone {first}{others}: {why}"


def _diff(name: str, old: bytes, new: bytes) -> Iterator[str]:
    before, after = (data.decode().splitlines() for data in (old, new))
    yield from difflib.unified_diff(before, after, name, name, lineterm="")
