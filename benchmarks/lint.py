"""How fast lint is, what memory it takes, and beside whom.

    python -m benchmarks.lint FOLDER [--rounds 5] [--megabytes 61.5]

Every figure is of `gate lint` with every rule and a JSON report, a process of its own, measured
from outside: user CPU and wall time from its start to its end, and the largest resident memory.

- The folder, beside KubeLinter with all its checks and checkov, where they are installed.
- Its file that is nearest to 22 KB, beside a bare interpreter that imports two modules of the
  standard library.
- Other manifests, so many megabytes, made of the folder: `renamed` is the folder again and again,
  each time with other names, so that no document is there twice; `small` is only its files up to
  22 KB, which have the most objects and findings for their bytes.

Programs take turns, and the least of all rounds counts: other work on the machine only adds. The
peers and the other manifests are measured once. Nothing is asserted: figures are for people.
"""

from __future__ import annotations

import argparse
import itertools
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks import child
from benchmarks.figures import tell

SUFFIXES: Final = (".yaml", ".yml", ".json")
SMALL: Final = 22_000
"""Bytes of the one file, and the most of a small one."""
GATE: Final = (sys.executable, "-m", "gate", "lint", "--profile=all", "--format=json")
BARE: Final = (sys.executable, "-c", "import ssl, json")
CHECKOV: Final = ("checkov", "--framework", "kubernetes", "-o", "json", "-d")
KUBE_LINTER: Final = (
    *("kube-linter", "lint", "--add-all-built-in"),
    *("--exclude", "schema-validation"),  # which asks the network
    *("--format", "json"),
)


@dataclass
class Taken:
    """What a program took: seconds, and bytes of memory."""

    cpu: float
    wall: float
    memory: int

    def least(self, other: Taken) -> Taken:
        """Return the least of each."""
        return Taken(
            min(self.cpu, other.cpu), min(self.wall, other.wall), min(self.memory, other.memory)
        )


def once(command: Sequence[str]) -> Taken:
    """Run a program to its end, however it ends, and return what it took."""
    used = child.run(command)
    return Taken(used.user, used.wall, used.peak)


def in_turns(commands: Sequence[Sequence[str]], rounds: int) -> list[Taken]:
    """Return the least that each program took."""
    found = [[once(command) for command in commands] for _ in range(rounds)]
    return [_least(taken) for taken in zip(*found, strict=True)]


def _least(taken: Iterable[Taken]) -> Taken:
    first, *rest = taken
    for one in rest:
        first = first.least(one)
    return first


def files_of(folder: Path) -> list[Path]:
    """Return the manifests below a folder, by name, without links."""
    found = (path for path in folder.rglob("*") if path.suffix in SUFFIXES)
    return sorted(path for path in found if path.is_file() and not path.is_symlink())


def renamed(data: bytes, number: int) -> bytes:
    """Return a manifest in which each `name` at the second level is another one."""
    return data.replace(b"\n  name: ", b"\n  name: x%d-" % number)


def again(data: bytes, number: int) -> bytes:
    """Return a manifest as it is."""
    del number
    return data


def fill(
    target: Path, files: Mapping[str, Path], size: int, change: Callable[[bytes, int], bytes]
) -> int:
    """Write files by their names, again and again until they have so many bytes; return these."""
    done = 0
    for number in itertools.count():
        for name, path in files.items():
            data = change(path.read_bytes(), number)
            place = target / str(number) / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
            done += len(data)
            if done >= size:
                return done
    raise AssertionError


def _row(what: str, program: str, taken: Taken, size: int = 0) -> None:
    rate = f"{size / taken.cpu / 1e6:.1f}" if size else ""
    seconds = f"{taken.cpu:.3f} | {taken.wall:.3f}"
    _say(f"| {what} | {program} | {seconds} | {rate} | {taken.memory / 1e6:.0f} |")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> None:
    """Measure what the module's docstring says, and print it."""
    parser = argparse.ArgumentParser(description="What lint takes.")
    parser.add_argument("folder", type=Path, help="manifests")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--megabytes", type=float, default=61.5, help="of other manifests")
    asked = parser.parse_args()
    files = files_of(asked.folder)
    if not files:
        parser.error(f"there is no manifest in {asked.folder}")
    size = sum(path.stat().st_size for path in files)
    _say(f"load {os.getloadavg()[0]:.0f} on {os.cpu_count()} cores\n")
    _say("| manifests | program | user CPU, s | wall, s | MB/s of CPU | memory, MB |")
    _say("| --- | --- | --- | --- | --- | --- |")
    [taken] = in_turns([(*GATE, str(asked.folder))], asked.rounds)
    whole = f"the folder, {size / 1e6:.1f} MB"
    _row(whole, "gate", taken, size)
    much = f", {size / 1e6:.1f} MB"
    tell("lint-folder", taken.cpu, much=much)
    for peer in (KUBE_LINTER, CHECKOV):
        if shutil.which(peer[0]):
            theirs = once((*peer, str(asked.folder)))
            _row(whole, peer[0], theirs, size)
            if peer is KUBE_LINTER:
                tell("lint-folder", taken.cpu, theirs.cpu, much=much)
        else:
            _say(f"| {whole} | {peer[0]}: not installed | | | | |")
    path = min(files, key=lambda path: abs(path.stat().st_size - SMALL))
    bare, gate = in_turns([BARE, (*GATE, str(path))], 4 * asked.rounds)
    _row("one file", "bare interpreter", bare)
    _row("one file", "gate", gate)
    tell("lint-file", gate.wall, bare.wall)
    named = {str(path.relative_to(asked.folder)): path for path in files}
    small = {name: path for name, path in named.items() if path.stat().st_size <= SMALL}
    for name, chosen, change in (("renamed", named, renamed), ("small", small, again)):
        with tempfile.TemporaryDirectory() as made:
            done = fill(Path(made), chosen, int(asked.megabytes * 1e6), change)
            used = once((*GATE, made))
            _row(f"{name}, {done / 1e6:.1f} MB", "gate", used, done)
            tell(f"lint-{name}", used.memory / 1e6, much=f"{asked.megabytes:g} MB")
    _say(
        f"\n{path.name} has {path.stat().st_size} bytes; gate to bare: {gate.wall / bare.wall:.1f}"
    )


if __name__ == "__main__":
    main()
