"""go-containerregistry's own registry on loopback, as crane serves it."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.debian_registry import LoopbackRegistry, free_port, serving

_INSTALL = "go install github.com/google/go-containerregistry/cmd/crane@v0.22.1"


@contextlib.contextmanager
def crane_registry(folder: Path) -> Iterator[LoopbackRegistry]:
    """Serve an empty registry until the block ends; skip without crane, or fail where CI=true."""
    port = free_port()
    command = [_crane(), "registry", "serve", "--address", f"127.0.0.1:{port}"]
    with serving(command, port, folder / "registry.log") as log:
        yield LoopbackRegistry(f"127.0.0.1:{port}", log)


def _crane() -> str:
    found = shutil.which("crane") or shutil.which("crane", path=str(Path.home() / "go/bin"))
    if found is None:
        missing = f"crane is not installed: {_INSTALL}"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return found
