"""go-containerregistry's own registry, which has the referrers API, on loopback."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.debian_registry import LoopbackRegistry, free_port, serving

_SOURCE = Path(__file__).parent / "referrers_registry"


@contextlib.contextmanager
def referrers_registry(folder: Path) -> Iterator[LoopbackRegistry]:
    """Serve an empty registry until the block ends; skip where it cannot be built offline."""
    program = _built(folder)
    port = free_port()
    with serving([str(program), f"127.0.0.1:{port}"], port, folder / "registry.log") as log:
        yield LoopbackRegistry(f"127.0.0.1:{port}", log)


def _built(folder: Path) -> Path:
    go = shutil.which("go")
    if go is None:
        pytest.skip("go is not installed, and the registry with referrers API is written in it")
    program = folder / "referrers-registry"
    built = subprocess.run(  # noqa: S603  # a fixed program and our own source
        [go, "build", "-o", str(program), "."],
        cwd=_SOURCE,
        env={**os.environ, "GOPROXY": "off", "GOFLAGS": "-mod=readonly -buildvcs=false"},
        capture_output=True,
        check=False,
        timeout=300,
    )
    if built.returncode != 0:
        pytest.skip("its modules are not here: run `go mod download` in that folder once")
    return program
