"""The image of the webhook has what gate needs, and nothing that moves."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
LOCKED: Final = re.compile(r"^([a-z0-9_.-]+)==(\S+)", re.MULTILINE)


def locked(name: str) -> dict[str, str]:
    return dict(LOCKED.findall((ROOT / name).read_text()))


def test_what_the_image_installs_is_what_the_tests_run_with() -> None:
    serve, tested = locked("requirements-serve.txt"), locked("requirements-dev.txt")
    assert {"uvicorn", "uvloop", "httptools", "prometheus-client", "httpx"} <= set(serve)
    assert {name: at for name, at in serve.items() if tested.get(name) != at} == {}
    assert set(locked("requirements.txt")) <= set(serve)


def test_no_base_is_named_that_can_move() -> None:
    lines = (ROOT / "Containerfile").read_text().splitlines()
    bases = [line for line in lines if line.startswith("FROM")]
    assert bases == ["FROM ${BUILD} AS build", "FROM ${RUN}"]
    assert [line for line in lines if line.startswith("USER")] == ["USER 65532:65532"]
