"""zot on loopback: a registry with the referrers API that others run in production."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.debian_registry import LoopbackRegistry, free_port, serving

_INSTALL = "go install zotregistry.dev/zot/v2/cmd/zot@v2.1.20"


@contextlib.contextmanager
def zot_registry(folder: Path) -> Iterator[LoopbackRegistry]:
    """Serve an empty registry until the block ends; skip without zot, or fail where CI=true.

    Where GATE_WITHOUT_ZOT is set it skips in CI too: `.ci/run` sets it, and says so, where Go's
    module proxy does not give zot.
    """
    program = _zot()
    port = free_port()
    configuration = folder / "zot.json"
    configuration.write_text(
        json.dumps(
            {
                "storage": {"rootDirectory": str(folder / "zot")},
                "http": {"address": "127.0.0.1", "port": str(port)},
                "log": {"level": "error"},
            }
        )
    )
    with serving([program, "serve", str(configuration)], port, folder / "zot.log") as log:
        yield LoopbackRegistry(f"127.0.0.1:{port}", log)


def _zot() -> str:
    found = shutil.which("zot") or shutil.which("zot", path=str(Path.home() / "go/bin"))
    if found is None:
        missing = f"zot is not installed: {_INSTALL}"
        if os.environ.get("CI") == "true" and not os.environ.get("GATE_WITHOUT_ZOT"):
            pytest.fail(missing)
        pytest.skip(missing)
    return found
