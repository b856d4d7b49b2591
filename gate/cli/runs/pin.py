"""`gate pin` from its options to the files."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from gate.cli.reads.inputs import Inputs, collect
from gate.cli.reads.places import Access, open_registry
from gate.cli.writes.files import replace_whole
from gate.cli.writes.standard_error import tell
from gate.errors import DocumentError, GateError, RegistryError, UsageError
from gate.manifests.load import load_manifests
from gate.manifests.manifests import NOT_AN_OBJECT
from gate.manifests.pin import images_in, pin
from gate.model.image import ImageReference
from gate.model.location import STDIN
from gate.model.wrong_reference import wrong_reference
from gate.registry.interface import Registry
from gate.reports.neutral import terminal

FAILED, WRONG_CALL, UNDECIDED = 1, 2, 3


def run_pin(paths: Sequence[str], access: Access, *, diff: bool) -> int:
    """Pin every image of the manifests that can be pinned, or with `diff` show how.

    What cannot be pinned is told on standard error, and everything else is pinned. Returns 1
    where a file cannot be read or an image takes no digest, 3 where no more is wrong than that a
    registry did not answer. Raises UsageError where nothing was named.
    """
    inputs = collect(paths, sys.stdin.buffer)
    files = inputs.files
    if not files and not inputs.findings:
        raise UsageError(
            "nothing-to-judge", "no manifest was named", remedy="name files, folders or -"
        )
    told: list[GateError] = list(_unread(inputs))
    registry, _ = open_registry(access)
    with closing(registry):
        pins, unresolved = _pins(files, registry)
    told += unresolved
    codes = set(map(_tell, told))
    for name, data in files:
        pinned = pin(data, name, pins)
        codes |= set(map(_tell, pinned.problems))
        try:
            _put(name, data, pinned.data, diff=diff, all_known=not codes)
        except UsageError as error:
            codes.add(_tell(error))
    return next((code for code in (FAILED, WRONG_CALL, UNDECIDED) if code in codes), 0)


def _put(name: str, old: bytes, new: bytes, *, diff: bool, all_known: bool) -> None:
    if diff:
        sys.stdout.writelines(terminal(line) + "\n" for line in _diff(name, old, new))
    elif name == STDIN:
        sys.stdout.flush()
        sys.stdout.buffer.write(new)
    elif new != old:
        replace_whole(Path(name), old, new)
        sys.stdout.write(f"pinned {terminal(name)}\n")
    else:
        nothing = "nothing to pin" if all_known else "nothing pinned"
        sys.stdout.write(f"{nothing} in {terminal(name)}\n")


def _unread(inputs: Inputs) -> Iterator[DocumentError]:
    """Yield what is wrong with files; what is no object at all names no image and is not told."""
    for finding in load_manifests(inputs.files, found=inputs.findings).findings:
        if finding.code != NOT_AN_OBJECT:
            yield DocumentError(
                finding.code, finding.message, remedy=finding.remedy, location=finding.location
            )


def _pins(
    files: Sequence[tuple[str, bytes]], registry: Registry
) -> tuple[dict[str, str], list[GateError]]:
    """Return what to write for each image without a digest, and why there is nothing for some."""
    pins: dict[str, str] = {}
    problems: dict[str, GateError] = {}
    for use in (use for name, data in files for use in images_in(data, name)):
        if use.image in pins or use.image in problems:
            continue
        try:
            reference = ImageReference.parse(use.image)
        except ValueError:
            problem, remedy = wrong_reference(use.image)
            problems[use.image] = DocumentError(
                "image-reference-malformed", problem, remedy=remedy, location=use.location
            )
            continue
        if reference.digest is not None:
            continue
        try:
            pins[use.image] = f"{use.image}@{registry.resolve(reference).digest}"
        except RegistryError as error:
            problems[use.image] = RegistryError(
                error.code, error.problem, remedy=error.remedy, location=use.location
            )
    return pins, list(problems.values())


def _tell(problem: GateError) -> int:
    """Print what could not be pinned and why; return the exit code that it asks for."""
    tell(f"gate: {terminal(str(problem))}\n  → {terminal(problem.remedy)}\n")
    return FAILED if isinstance(problem, DocumentError) else problem.exit_code


def _diff(name: str, old: bytes, new: bytes) -> list[str]:
    before, after = (data.decode(errors="replace").splitlines() for data in (old, new))
    return list(difflib.unified_diff(before, after, name, name, lineterm=""))
