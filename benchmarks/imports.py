"""How much of real configurations `gate import` carries into a policy.

    python -m benchmarks.imports FOLDER [--told]

Each folder in FOLDER is a kind, and each file in it one configuration, which is imported alone.
A file that is called `owner+name--path__to__file` is of that repository on GitHub. Waivers get an
image, an owner and an end, as the call gives them. A policy that is proposed is read back by gate's
own reader, as the command does. Printed for each kind: its files, those that are refused with an
error of gate, the lines of all accounts, the lines that a key of the policy makes, and their share.
`--told` adds the most frequent reasons of lines without a key. A crash ends the run.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from gate.cli.reads.find_policy import find_policy
from gate.errors import GateError
from gate.export.imports.call import ImportCall
from gate.export.imports.ignored import WaiverTerms
from gate.export.imports.kept import kept
from gate.export.imports.kinds import import_file
from gate.export.imports.known_rules import KnownRules
from gate.export.imports.proposal import ImportedPolicy
from gate.lint.rules import RULES


@dataclass(slots=True)
class Kind:
    """What was counted of the files of one kind."""

    files: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    lines: int = 0
    carried: int = 0
    told: Counter[str] = field(default_factory=Counter)


def counted(folder: Path) -> Kind:
    """Import each file of a folder alone."""
    kind, rules = Kind(), KnownRules.of(RULES)
    today = datetime.now(UTC).date()
    terms = WaiverTerms("registry.example/app", "owner", today, str(today + timedelta(days=30)))
    for path in sorted(p for p in folder.iterdir() if p.is_file()):
        kind.files += 1
        name = path.name.rpartition("__")[2].rpartition("--")[2]
        proposal = ImportedPolicy()
        try:
            call = ImportCall(proposal, lambda _: None, rules, terms, repository_of(path.name))
            lines = import_file(path.read_bytes(), name, call)
            if not proposal.empty:
                list(proposal.settled())
                read_back(proposal.text())
            lines = list(kept(lines, proposal))
        except GateError as error:
            kind.refused[error.code] += 1
            continue
        kind.lines += len(lines)
        kind.carried += sum(1 for line in lines if line.key)
        kind.told.update(re.sub(r"[0-9]+", "N", line.note) for line in lines if not line.key)
    return kind


def repository_of(name: str) -> str:
    """Return the repository that a file's name begins with, if it is of that form."""
    repository, separator, _ = name.partition("--")
    return repository.replace("+", "/", 1) if separator and "+" in repository else ""


def read_back(text: str) -> None:
    """Hold a policy against gate's own reader. Raises GateError."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "policy.yaml"
        path.write_text(text)
        find_policy(str(path), None)


def table(root: Path, *, told: bool) -> Iterator[str]:
    """Yield the lines of the table."""
    yield "| kind | files | refused | lines | carried | share |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for folder in sorted(p for p in root.iterdir() if p.is_dir()):
        kind = counted(folder)
        refused = ", ".join(f"{n} {code}" for code, n in sorted(kind.refused.items())) or "0"
        share = f"{100 * kind.carried / kind.lines:.0f} %" if kind.lines else "-"
        counts = f"{kind.files} | {refused} | {kind.lines} | {kind.carried} | {share}"
        yield f"| {folder.name} | {counts} |"
        for why, times in kind.told.most_common(12) if told else ():
            yield f"    {times:5} {why[:130]}"


if __name__ == "__main__":
    sys.stdout.writelines(
        f"{line}\n" for line in table(Path(sys.argv[1]), told="--told" in sys.argv)
    )
