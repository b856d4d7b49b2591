"""What several tests make of commands."""

from __future__ import annotations

import subprocess
import sys


def gate(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  # our own interpreter and our own program
        [sys.executable, "-m", "gate", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


POD = """\
apiVersion: v1
kind: Pod
metadata: {name: p, namespace: shop}
spec:
  hostNetwork: true
  containers: [{name: c, image: nginx}]
"""
