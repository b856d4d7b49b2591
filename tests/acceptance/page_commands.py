"""The commands of a page of the documentation, run as they are written."""

from __future__ import annotations

import subprocess
from pathlib import Path

KUBECTL = '#!/bin/sh\ncp "$3" "$APPLIED"\n'


def ran(arguments: list[str], folder: Path, environment: dict[str, str]) -> str:
    done = subprocess.run(  # noqa: S603  # the page's own commands
        arguments,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout
