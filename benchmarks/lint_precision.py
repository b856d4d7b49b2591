"""What the profile `gate` blocks in real manifests: `python -m benchmarks.lint_precision FOLDER`.

Prints, as a table of Markdown, each rule with its blocking findings and the files that have
some, how many workloads are clean, and with `--sample N` so many findings of each, drawn with a
fixed seed, with the lines around their place, to be judged by reading.
"""

from __future__ import annotations

import random
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from gate.cli.reads.inputs import collect
from gate.lint.engine import lint
from gate.lint.facts.kinds import is_of
from gate.lint.facts.view import pods
from gate.lint.rule import WORKLOADS
from gate.lint.settings import lint_settings
from gate.manifests.images import UNJUDGED, image_uses
from gate.manifests.load import load_manifests
from gate.model.kubernetes import KubernetesObject
from gate.model.verdict import Action, Finding
from gate.policy.profile import ProfileAlone

_SEED = 20261121
_AROUND = 6


@dataclass(frozen=True, slots=True)
class Blocking:
    """What blocks in a folder."""

    by_rule: dict[str, list[Finding]]
    """In the order of their places."""
    of_workloads: list[int]
    """How many of them each whole workload has: one of Kubernetes' own kinds whose containers
    all have an image."""


def blocking(folder: str) -> Blocking:
    """Return what blocks in the files of a folder.

    The files of each folder in it are linted together and apart from all others, as a release
    is: an account of one project is not that of another.
    """
    settings = lint_settings(ProfileAlone(warn=(UNJUDGED,)))
    found: dict[str, list[Finding]] = defaultdict(list)
    counts: list[int] = []
    for files in _releases(folder):
        manifests = load_manifests(files)
        images = image_uses(manifests.objects)
        read = settings.judge((*manifests.findings, *images.findings))
        blocks = [
            finding
            for finding in (*read, *lint(manifests.objects, images.uses, settings).findings)
            if finding.action is Action.BLOCK
        ]
        for finding in blocks:
            found[finding.rule].append(finding)
        held = Counter((f.object, f.location.path) for f in blocks if f.location)
        counts += [held[o.name, o.document.path] for o in manifests.objects if _is_whole(o)]
    return Blocking(found, counts)


def _is_whole(obj: KubernetesObject) -> bool:
    held = pods(obj) if is_of(obj, WORKLOADS) else ()
    return bool(held) and all(
        pod.whole and pod.containers and all(c.image for c in pod.containers) for pod in held
    )


def clean(counts: list[int]) -> str:
    """Return one sentence: how many workloads have nothing that blocks, and the median.

    Of [0, 0, 1, 3]: 2 of 4 whole workloads have no blocking finding (50.0 %); the median is 0.5.
    """
    without = counts.count(0)
    share = 100 * without / max(len(counts), 1)
    return (
        f"{without} of {len(counts)} whole workloads have no blocking finding ({share:.1f} %);"
        f" the median is {median(counts or [0]):g}."
    )


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
    lines = [f"{files} files", *table(found.by_rule), "", clean(found.of_workloads)]
    if rest[:1] == ["--sample"]:
        lines += sample(found.by_rule, int(rest[1]))
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
