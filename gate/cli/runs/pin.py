"""`gate pin` from its options to the files."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from gate.cli.reads.inputs import STDIN, collect
from gate.cli.reads.places import open_registry
from gate.cli.writes.output import write_whole
from gate.errors import UsageError
from gate.manifests.images import image_uses
from gate.manifests.load import load_manifests
from gate.manifests.pin import pin
from gate.model.image import ImageReference
from gate.pipeline.gather import Registry
from gate.reports.neutral import terminal


def run_pin(
    paths: Sequence[str], layouts: Sequence[str], plain_http: Sequence[str], *, diff: bool
) -> int:
    """Pin every image of the manifests, or with `diff` show how. Raises GateError."""
    files = collect(paths, sys.stdin.buffer) if paths else []
    if not files:
        raise UsageError(
            "nothing-to-judge", "no manifest was named", remedy="name files, folders or -"
        )
    registry, _ = open_registry((), layouts, plain_http, ())
    with closing(registry):
        pins = _pins(files, registry)
    # Everything is resolved and rewritten before anything is written.
    for name, old, new in [(name, data, pin(data, name, pins)) for name, data in files]:
        if diff:
            sys.stdout.writelines(terminal(line) + "\n" for line in _diff(name, old, new))
        elif name == STDIN:
            sys.stdout.write(new.decode())
        elif new != old:
            write_whole(Path(name), new)
            sys.stdout.write(f"pinned {terminal(name)}\n")
        else:
            sys.stdout.write(f"nothing to pin in {terminal(name)}\n")
    return 0


def _pins(files: Sequence[tuple[str, bytes]], registry: Registry) -> dict[str, str]:
    """Return what to write for each image that is named without a digest."""
    manifests = load_manifests(files)
    for finding in manifests.findings:
        raise UsageError(
            finding.code, finding.message, remedy=finding.remedy, location=finding.location
        )
    pins = {}
    for use in image_uses(manifests.objects).uses:
        try:
            reference = ImageReference.parse(use.image)
        except ValueError as error:
            raise UsageError(
                "image-reference-malformed",
                f"{use.image!r} is not an image reference",
                remedy="write [registry/]repository[:tag][@sha256:digest] in lowercase",
                location=use.location,
            ) from error
        if reference.digest is None and use.image not in pins:
            pins[use.image] = f"{use.image}@{registry.resolve(reference).digest}"
    return pins


def _diff(name: str, old: bytes, new: bytes) -> list[str]:
    before, after = (data.decode().splitlines() for data in (old, new))
    return list(difflib.unified_diff(before, after, name, name, lineterm=""))
