"""Drive parsers by their coverage: `python -m tests.fuzz all --seconds 20`.

Each target runs in a process of its own, with bounds of time and memory for one input. An input
that breaks one is printed as base64 and written to the folder of `--keep`.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

_ONE_INPUT: Final = 10
"""Seconds after which one input hangs."""
_MEMORY: Final = 1536
"""MiB that a process may take."""
_CHILD: Final = "GATE_FUZZ_CHILD"


def main() -> int:
    """Drive what the call names. Exit code 1 where a target breaks."""
    from tests.fuzz.targets import TARGETS  # noqa: PLC0415  # the child instruments it first

    call = argparse.ArgumentParser(prog="python -m tests.fuzz")
    call.add_argument("targets", nargs="+", choices=["all", *sorted(TARGETS)])
    call.add_argument("--seconds", type=int, default=20, help="for each target")
    call.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()))
    asked = call.parse_args()
    names = sorted(TARGETS) if "all" in asked.targets else asked.targets
    broken = [name for name in names if not _driven(name, asked.seconds, asked.keep)]
    print("broken:", ", ".join(broken) or "no target")
    return int(bool(broken))


def _driven(name: str, seconds: int, keep: Path) -> bool:
    """Drive one target in a process of its own, and print what it did."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(  # noqa: S603  # this module again
            [sys.executable, "-m", "tests.fuzz", name, str(seconds), folder, f"{keep}/{name}-"],
            env={**os.environ, _CHILD: "1"},
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    last = [line for line in done.stderr.splitlines() if line.startswith(("#", "Done "))]
    print(f"{name}: {last[-1] if last else 'it did not start'}", flush=True)
    if done.returncode:
        print(done.stdout[-2000:], done.stderr[-3000:], flush=True)
    return done.returncode == 0


def drive(name: str, seconds: int, folder: Path, broken: str) -> None:
    """Run one target until the time is over; libFuzzer ends the process."""
    import atheris  # noqa: PLC0415  # for those who drive parsers alone

    with atheris.instrument_imports(include=["gate"]):
        from tests.fuzz.targets import TARGETS  # noqa: PLC0415  # as said

    target = TARGETS[name]
    for place, seed in enumerate(target.seeds()):
        (folder / f"seed-{place}").write_bytes(seed)
    bounds = [f"-max_total_time={seconds}", f"-timeout={_ONE_INPUT}", f"-rss_limit_mb={_MEMORY}"]
    more = [f"-max_len={target.most}", f"-artifact_prefix={broken}", "-print_final_stats=0"]
    atheris.Setup([sys.argv[0], str(folder), *bounds, *more], target.oracle)
    atheris.Fuzz()


if __name__ == "__main__":
    if os.environ.get(_CHILD):
        drive(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), sys.argv[4])
    else:
        sys.exit(main())
