"""What the profile `gate` blocks in real manifests: `python -m benchmarks.lint_precision FOLDER`.

Prints, as a table of Markdown, each rule with its blocking findings and the files that have
some, and with `--sample N` so many findings of each, drawn with a fixed seed, with the lines
around their place, to be judged by reading.
"""

from __future__ import annotations

import random
import sys
from collections import defaultdict
from pathlib import Path

from gate.cli.reads.inputs import collect
from gate.lint.engine import lint
from gate.lint.settings import lint_settings
from gate.manifests.images import UNJUDGED, image_uses
from gate.manifests.load import load_manifests
from gate.model.verdict import Action, Finding
from gate.policy.profile import ProfileAlone

_SEED = 20261121
_AROUND = 6


def blocking(folder: str) -> dict[str, list[Finding]]:
    """Return the blocking findings of a folder by rule, in the order of their places.

    The files of each folder in it are linted together and apart from all others, as a release
    is: an account of one project is not that of another.
    """
    settings = lint_settings(ProfileAlone(warn=(UNJUDGED,)))
    found: dict[str, list[Finding]] = defaultdict(list)
    for files in _releases(folder):
        manifests = load_manifests(files)
        images = image_uses(manifests.objects)
        read = settings.judge((*manifests.findings, *images.findings))
        for finding in (*read, *lint(manifests.objects, images.uses, settings).findings):
            if finding.action is Action.BLOCK:
                found[finding.rule].append(finding)
    return found


def _releases(folder: str) -> list[list[tuple[str, bytes]]]:
    by_folder: dict[Path, list[tuple[str, bytes]]] = defaultdict(list)
    for name, data in collect([folder], sys.stdin.buffer).files:
        by_folder[Path(name).parent].append((name, data))
    return [by_folder[key] for key in sorted(by_folder)]


def table(found: dict[str, list[Finding]]) -> list[str]:
    """Return a row for each rule, the one with the most findings first."""
    rows = ["| rule | blocking findings | files |", "| --- | --- | --- |"]
    for rule, findings in sorted(found.items(), key=lambda item: (-len(item[1]), item[0])):
        files = {f.location.path for f in findings if f.location}
        rows.append(f"| {rule} | {len(findings)} | {len(files)} |")
    return rows


def sample(found: dict[str, list[Finding]], size: int) -> list[str]:
    """Return some findings of each rule with the lines around their place."""
    chosen = random.Random(_SEED)  # noqa: S311  # a sample that anybody can draw again
    parts = []
    for rule in sorted(found):
        findings = found[rule]
        parts.append(f"\n## {rule}\n")
        for finding in chosen.sample(findings, min(size, len(findings))):
            parts += [f"### {finding.field}: {finding.message}", *_lines(finding)]
    return parts


def _lines(finding: Finding) -> list[str]:
    place = finding.location
    if place is None:
        return []
    lines = Path(place.path).read_text(errors="replace").splitlines()
    first = max(place.line - _AROUND, 1)
    shown = lines[first - 1 : place.line + _AROUND]
    marked = (f"{'>' if first + i == place.line else ' '} {line}" for i, line in enumerate(shown))
    return [f"{place.path}:{place.line}", *marked, ""]


def main(arguments: list[str]) -> None:
    """Print what the module's docstring says."""
    folder, *rest = arguments
    found = blocking(folder)
    files = sum(1 for _ in collect([folder], sys.stdin.buffer).files)
    lines = [f"{files} files", *table(found)]
    if rest[:1] == ["--sample"]:
        lines += sample(found, int(rest[1]))
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
