"""What the profile `gate` blocks in real manifests: `python -m benchmarks.lint_precision FOLDER`.

Prints, as a table of Markdown, each rule with its blocking findings and the files that have
some, how many workloads are clean, and with `--sample N` so many findings of each, drawn with a
fixed seed, with the lines around their place, to be judged by reading. What was said of each is in
`lint_precision.tsv` beside this file.
"""

from __future__ import annotations

import hashlib
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TypeAlias

from gate.cli.reads.inputs import collect
from gate.lint.engine import lint
from gate.lint.facts.kinds import is_of
from gate.lint.facts.view import pods
from gate.lint.rule import WORKLOADS
from gate.lint.rules import rule_named
from gate.lint.settings import lint_settings
from gate.manifests.images import UNJUDGED, image_uses
from gate.manifests.load import load_manifests
from gate.model.kubernetes import KubernetesObject
from gate.model.verdict import Action, Finding
from gate.policy.profile import ProfileAlone

_SEED = "2026-11-29"
_AROUND = 6
SIZE = 25
"""How many findings of a rule are judged, or all where there are fewer."""
LABELS = ("right", "debatable", "wrong")
_LABELS = Path(__file__).with_suffix(".tsv")
Drawn: TypeAlias = tuple[str, str, str]
"""Rule, `file:line` and field of one finding."""


@dataclass(frozen=True, slots=True)
class Blocking:
    """What blocks in a folder."""

    by_rule: dict[str, list[Finding]]
    """In the order of their places."""
    softened: dict[str, list[Finding]]
    """What only warns of rules that block elsewhere: where the manifests do not decide."""
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
    softened: dict[str, list[Finding]] = defaultdict(list)
    counts: list[int] = []
    for files in _releases(folder):
        manifests = load_manifests(files)
        images = image_uses(manifests.objects)
        read = settings.judge((*manifests.findings, *images.findings))
        every = (*read, *lint(manifests.objects, images.uses, settings).findings)
        blocks = [finding for finding in every if finding.action is Action.BLOCK]
        for finding in blocks:
            found[finding.rule].append(finding)
        for finding in every:
            if finding.action is Action.WARN and _blocks_elsewhere(finding.rule):
                softened[finding.rule].append(finding)
        held = Counter((f.object, f.location.path) for f in blocks if f.location)
        counts += [held[o.name, o.document.path] for o in manifests.objects if _is_whole(o)]
    return Blocking(found, softened, counts)


def _blocks_elsewhere(name: str) -> bool:
    rule = rule_named(name)
    return (
        rule is not None
        and rule.default is Action.BLOCK
        and not rule.referential
        and name != UNJUDGED  # this one warns by what is asked here
    )


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


def labels(action: Action) -> dict[Drawn, str]:
    """Return what a reader said of each finding that was drawn: right, debatable or wrong.

    Apart for what blocks and for what only warns of rules that block elsewhere.
    """
    rows = (line.split("\t") for line in _LABELS.read_text().splitlines()[1:])
    return {
        (rule, place, field): label for rule, act, place, field, label, _ in rows if act == action
    }


def table(folder: str, found: dict[str, list[Finding]], action: Action) -> list[str]:
    """Return a row for each rule, the one with the most findings first.

    What nobody has labelled is not counted as read.
    """
    said = labels(action)
    rows = [
        "| rule | findings | files | read | right | debatable | wrong |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for rule, findings in sorted(found.items(), key=lambda item: (-len(item[1]), item[0])):
        files = {f.location.path for f in findings if f.location}
        read = Counter(said[name] for name, _ in drawn(folder, findings) if name in said)
        counts = (len(findings), len(files), read.total(), *(read[label] for label in LABELS))
        rows.append(f"| {rule} | {' | '.join(map(str, counts))} |")
    return rows


def drawn(folder: str, findings: list[Finding], size: int = SIZE) -> list[tuple[Drawn, Finding]]:
    """Draw some findings of one rule, the same each time.

    Those come first whose digest with the seed is lowest. So a finding that is new or gone
    changes one place of the sample, and the labels of the others still hold.
    """
    named = [(_drawn(folder, finding), finding) for finding in findings]
    return sorted(named, key=lambda pair: _lot(pair[0]))[:size]


def _drawn(folder: str, finding: Finding) -> Drawn:
    where = finding.location
    path = str(Path(where.path).relative_to(folder)) if where else ""
    return finding.rule, f"{path}:{where.line if where else 0}", finding.field or "-"


def _lot(named: Drawn) -> bytes:
    return hashlib.sha256("\n".join((_SEED, *named)).encode()).digest()


def sample(folder: str, found: dict[str, list[Finding]], size: int) -> list[str]:
    """Return some findings of each rule with the lines around their place."""
    parts = []
    for rule in sorted(found):
        parts.append(f"\n## {rule}\n")
        for _, finding in drawn(folder, found[rule], size):
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
    lines = [f"{files} files", *table(folder, found.by_rule, Action.BLOCK), ""]
    lines += [*table(folder, found.softened, Action.WARN), "", clean(found.of_workloads)]
    if rest[:1] == ["--sample"]:
        lines += sample(folder, found.by_rule, int(rest[1]))
        lines += sample(folder, found.softened, int(rest[1]))
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
