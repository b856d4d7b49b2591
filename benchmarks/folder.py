"""How much a big folder costs: `python -m benchmarks.folder`.

Makes a folder of 50,000 files, of which few are manifests, and compares `gate check` with a bare
walk that opens the same files: `os.walk`, and open, read and close for each .yaml, .yml and .json.
Both are programs of their own, timed from start to end, in turn; the best of each counts. What
`gate check` takes for one manifest is told apart, because it is the same for any folder. In a
second folder 5,000 of the files are settings in JSON, which gate opens and parses. Last, a walk
that opens all 50,000 files of the first one.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from benchmarks.figures import tell

FILES: Final = 50_000
FOLDERS: Final = 500
MANIFESTS: Final = 50
_OBJECT: Final = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a%d, namespace: shop}\n"
_POLICY: Final = """\
version: 1
registries: {allow: [example.org]}
images: [{match: "**", digest: required}]
manifests: {profile: baseline}
"""
_WALK: Final = """\
import os, sys
ends = tuple(sys.argv[2:])
for folder, folders, files in os.walk(sys.argv[1]):
    for name in files:
        if name.endswith(ends):
            with open(os.path.join(folder, name), "rb", buffering=0) as file:
                file.read()
"""


def make(top: Path, settings: int) -> None:
    """Write the folder: manifests, that many small settings in JSON, and sources for the rest."""
    for number in range(FILES):
        folder = top / f"f{number % FOLDERS}"
        folder.mkdir(exist_ok=True)
        if number < MANIFESTS:
            (folder / f"m{number}.yaml").write_text(_OBJECT % number)
        elif number < MANIFESTS + settings:
            (folder / f"s{number}.json").write_text('{"name": "x", "version": "1.0.0"}\n')
        else:
            (folder / f"s{number}.py").write_text("import os\n")


def _took(command: list[str], folder: Path) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, cwd=folder)  # noqa: S603  # a benchmark runs programs
    return time.perf_counter() - start


def measure(settings: int, rounds: int = 3) -> str:
    """Return a line with what each took."""
    with tempfile.TemporaryDirectory() as made:
        here = Path(made)
        for name in ("big", "small"):
            (here / name).mkdir()
        make(here / "big", settings)
        (here / "small" / "m.yaml").write_text(_OBJECT % 0)
        (here / "p.yaml").write_text(_POLICY)
        check = [str(Path(sys.executable).with_name("gate")), "check", "--policy", "p.yaml"]
        check += ["--image", "other.example.org/a:1"]  # refused by its name: nothing is fetched
        walk = [sys.executable, "-I", "-c", _WALK, "big"]
        commands = {
            "a walk that opens the same files": [*walk, ".yaml", ".yml", ".json"],
            "a walk that opens all files": [*walk, ""],
            "gate check": [*check, "big"],
            "gate check of one manifest": [*check, "small"],
        }
        times: dict[str, float] = {}
        for _ in range(rounds):
            for name, command in commands.items():
                took = _took(command, here)
                times[name] = min(took, times.get(name, took))
    if not settings:
        more = times["gate check"] - times["gate check of one manifest"]
        tell("folder", more, times["a walk that opens the same files"])
    told = ", ".join(f"{name} {took:.2f} s" for name, took in times.items())
    return f"{FILES} files, {MANIFESTS} manifests, {settings} settings in JSON: {told}"


if __name__ == "__main__":
    for asked in (0, 5_000):
        sys.stdout.write(measure(asked) + "\n")
        sys.stdout.flush()
