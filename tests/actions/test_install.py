"""What the actions install is what the lock says, and nothing that a job restored."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_uv_takes_nothing_from_a_cache_and_demands_the_hash_of_each_package(
    tmp_path: Path,
) -> None:
    program = tmp_path / "bin/uv"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$@\" > {tmp_path}/given\n")
    program.chmod(0o755)
    (program.parent / "python3").symlink_to(sys.executable)
    subprocess.run(  # noqa: S603  # our own script
        ["bash", str(ROOT / "actions/install.sh")],  # noqa: S607  # the shell of the runner
        check=True,
        env={
            "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",
            "RUNNER_TEMP": str(tmp_path),
            "GITHUB_OUTPUT": str(tmp_path / "output"),
            "UV_CACHE_DIR": str(tmp_path / "restored"),
        },
        timeout=60,
    )
    told = (tmp_path / "given").read_text().splitlines()
    python = (tmp_path / "output").read_text().strip().removeprefix("python=")
    assert told == [
        *("pip", "sync", "--no-cache", "--no-config", "--quiet", "--python", python),
        *("--require-hashes", "--only-binary", ":all:", str(ROOT / "requirements.txt")),
    ]
