"""How fast lint is, and beside whom: `python -m benchmarks.lint FOLDER`.

Measures all rules with JSON output over a folder in one process (wall time, MB/s, peak
memory), one file by `gate lint` from process start, and, where they are installed, checkov and
all checks of KubeLinter over the same folder.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from gate.cli.reads.inputs import collect
from gate.cli.runs.lint import run_lint
from gate.model.memory import without_collector
from gate.reports.json_v1 import render

_ONE_FILE_BYTES = 22_000


def judge(folders: list[str]) -> tuple[int, str]:
    """Lint folders with every rule, as `gate lint` does; return the objects and the report."""
    with without_collector():
        report = run_lint(folders, profile="all", policy=None, kubernetes_version=None)
        return report.counts.objects, render(report)


def _bytes(folders: list[str]) -> int:
    return sum(len(data) for _, data in collect(folders, sys.stdin.buffer).files)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


def _peer(name: str, command: list[str], size: int) -> None:
    if shutil.which(command[0]) is None:
        _say(f"{name}: not installed")
        return
    start = time.perf_counter()
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603  # a benchmark runs programs
    took = time.perf_counter() - start
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e3
    _say(f"{name}: {took:.1f} s, {size / took / 1e6:.2f} MB/s, at most {children:.0f} MB")


def _one_file(folder: Path) -> None:
    candidates = (p for p in folder.rglob("*.yaml") if p.is_file())
    path = min(candidates, key=lambda p: abs(p.stat().st_size - _ONE_FILE_BYTES))
    times = []
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run(  # noqa: S603  # a benchmark runs programs
            [sys.executable, "-m", "gate", "lint", "--profile=all", "--format=json", str(path)],
            check=False,  # what it finds is not asked here
            stdout=subprocess.DEVNULL,
        )
        times.append(time.perf_counter() - start)
    _say(f"one file of {path.stat().st_size} bytes, from process start: {min(times):.3f} s")


def main(arguments: list[str]) -> None:
    """Measure what the module's docstring says, and print it."""
    size = _bytes(arguments)
    start = time.perf_counter()
    objects, text = judge(arguments)
    took = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    _say(
        f"gate: {size / 1e6:.1f} MB, {objects} objects, {len(text) / 1e6:.1f} MB of JSON,"
        f" {took:.2f} s, {size / took / 1e6:.1f} MB/s, at most {peak:.0f} MB"
    )
    folder = Path(arguments[0])
    _one_file(folder)
    with tempfile.TemporaryDirectory() as out:
        checkov = ["checkov", "-d", str(folder), "--framework", "kubernetes", "-o", "json"]
        _peer("checkov", [*checkov, "--output-file-path", out], size)
    every = ["--add-all-built-in", "--exclude", "schema-validation"]  # that one asks the network
    kube_linter = ["kube-linter", "lint", *every, "--format", "json", str(folder)]
    _peer("kube-linter, all checks", kube_linter, size)


if __name__ == "__main__":
    main(sys.argv[1:])
