"""What several tests make of commands."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from unittest import mock

from gate.__main__ import main


def gate(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run gate as a process of its own: where streams, signals or start-up are the point."""
    return subprocess.run(  # noqa: S603  # our own interpreter and our own program
        [sys.executable, "-m", "gate", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def called(
    *arguments: str,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    stdin: str = "",
) -> subprocess.CompletedProcess[str]:
    """Call gate in this process, from `folder`, as the command line does.

    The same code from the arguments to the exit code and both streams, without the second that
    an interpreter takes to start. `environment` stands in the place of this process's own, which
    is as before when it returns.
    """
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    asked = io.TextIOWrapper(io.BytesIO(stdin.encode()), "utf-8")
    code: int | str | None = 0
    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        contextlib.chdir(folder or Path.cwd()),
        mock.patch.object(sys, "argv", ["gate", *arguments]),
        mock.patch.object(sys, "stdin", asked),
        mock.patch.dict(os.environ, dict(environment or os.environ), clear=True),
    ):
        try:
            main()
        except SystemExit as ended:
            code = ended.code
    printed, said = (stream.buffer.getvalue().decode() for stream in (out, err))
    return subprocess.CompletedProcess(["gate", *arguments], int(code or 0), printed, said)


POD = """\
apiVersion: v1
kind: Pod
metadata: {name: p, namespace: shop}
spec:
  hostNetwork: true
  containers: [{name: c, image: nginx}]
"""
