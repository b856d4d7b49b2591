"""Drive parsers by their coverage: `python -m tests.fuzz all --seconds 20 --jobs 2`.

Each target runs in a process of its own, with bounds of time and memory for one input. An input
that breaks one is printed as base64 and written to the folder of `--keep`. What a search found
worth keeping stays in the folder of `--corpora`, where a later run goes on.
"""

from __future__ import annotations

import argparse
import functools
import importlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.fuzz.record import RECORD, Ran, add

_ONE_INPUT: Final = 10
"""Seconds after which one input hangs."""
_MEMORY: Final = 1536
"""MiB that a process may take."""
_CHILD: Final = "GATE_FUZZ_MODULES"
"""Tells a process that it is one that drives a target, and what it measures."""


@dataclass(frozen=True)
class Call:
    """What the caller asked for."""

    seconds: int
    keep: Path
    corpora: Path
    seed: int
    """Of the search; 0 for another one each time."""
    record: bool
    modules: str
    """Of gate, that a target needs, by space: some are imported only when they are needed.

    What ran before a search begins is not counted by it, so a search cannot find them itself.
    """


def main() -> int:
    """Drive what the call names. Exit code 1 where a target breaks."""
    from tests.fuzz.targets import TARGETS  # noqa: PLC0415  # the child instruments it first

    asked = _parser([*TARGETS]).parse_args()
    names = sorted(TARGETS) if "all" in asked.targets else asked.targets
    with tempfile.TemporaryDirectory() as forgotten, ThreadPoolExecutor(asked.jobs) as jobs:
        corpora = asked.corpora or Path(forgotten)
        for name in names:
            for content in TARGETS[name].seeds():
                TARGETS[name].oracle(content)
        modules = " ".join(sorted(m for m in sys.modules if m.startswith("gate.")))
        call = Call(asked.seconds, asked.keep, corpora, asked.seed, asked.record, modules)
        whole = list(jobs.map(lambda name: _driven(name, call), names))
    broken = [name for name, held in zip(names, whole, strict=True) if not held]
    print("broken:", ", ".join(broken) or "no target")
    return int(bool(broken))


def _parser(targets: list[str]) -> argparse.ArgumentParser:
    call = argparse.ArgumentParser(prog="python -m tests.fuzz")
    call.add_argument("targets", nargs="+", choices=["all", *sorted(targets)])
    call.add_argument("--seconds", type=int, default=20, help="for each target")
    call.add_argument("--jobs", type=int, default=1, help="targets at a time")
    call.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()))
    call.add_argument("--corpora", type=Path, help="a folder to go on from, and to add to")
    call.add_argument("--seed", type=int, default=0, help="for the same search each time")
    call.add_argument("--record", action="store_true", help=f"add to {RECORD.name}, for the docs")
    return call


def _driven(name: str, call: Call) -> bool:
    """Drive one target in a process of its own, and print what it did."""
    folder = call.corpora / name
    folder.mkdir(parents=True, exist_ok=True)
    given = [name, str(call.seconds), str(folder), f"{call.keep}/{name}-", str(call.seed)]
    same = {"PYTHONHASHSEED": str(call.seed)} if call.seed else {}
    done = subprocess.run(  # noqa: S603  # this module again
        [*(_one_order() if call.seed else ()), sys.executable, "-m", "tests.fuzz", *given],
        env={**os.environ, _CHILD: call.modules, **same},
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    ran = _ran(done.stderr)
    print(f"{name}: {ran or 'it did not start'}", flush=True)
    if done.returncode:
        print(done.stdout[-2000:], done.stderr[-3000:], flush=True)
    if call.record and ran:
        add(name, ran)
    return done.returncode == 0


@functools.cache
def _one_order() -> tuple[str, ...]:
    """Return what starts a process whose memory lies in the same places each time.

    Nothing where the system has none. libFuzzer tells comparisons apart by their places, so that
    a search goes another way each time without it.
    """
    program = shutil.which("setarch")
    if program is None:
        return ()
    tried = subprocess.run([program, "-R", "true"], capture_output=True, check=False)  # noqa: S603  # a system's own program
    return () if tried.returncode else (program, "-R")


def _ran(told: str) -> Ran | None:
    """Read what libFuzzer says at its end, of a search that broke too."""
    runs = re.findall(r"^stat::number_of_executed_units:\s+(\d+)$", told, re.MULTILINE)
    seconds = re.findall(r"^Done \d+ runs in (\d+) second", told, re.MULTILINE)
    reached = re.findall(r"^#\d+\s.*\bcov: (\d+) ", told, re.MULTILINE)
    if not runs or not reached:
        return None
    return Ran(int(runs[-1]), int(seconds[-1]) if seconds else 0, max(map(int, reached)))


def drive(name: str, seconds: int, folder: Path, broken: str, seed: int) -> None:
    """Run one target until the time is over; libFuzzer ends the process."""
    import atheris  # noqa: PLC0415  # for those who drive parsers alone

    with atheris.instrument_imports(include=["gate"]):
        from tests.fuzz.targets import TARGETS  # noqa: PLC0415  # as said

        for module in os.environ[_CHILD].split():
            importlib.import_module(module)
    target = TARGETS[name]

    def run(data: bytes) -> None:
        target.oracle(data)

    for place, content in enumerate(target.seeds()):
        (folder / f"seed-{place}").write_bytes(content)
    bounds = [f"-max_total_time={seconds}", f"-timeout={_ONE_INPUT}", f"-rss_limit_mb={_MEMORY}"]
    more = [f"-max_len={target.most}", f"-artifact_prefix={broken}", "-print_final_stats=1"]
    atheris.Setup([sys.argv[0], str(folder), *bounds, *more, f"-seed={seed}"], run)
    atheris.Fuzz()


if __name__ == "__main__":
    if os.environ.get(_CHILD):
        drive(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), sys.argv[4], int(sys.argv[5]))
    else:
        sys.exit(main())
