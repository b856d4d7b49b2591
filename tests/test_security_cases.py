"""Every case of the threat catalogue up to R299: a test has its number, or a reason stands here.

The later ones, R300 to R349, are about passes: see `tests/acceptance/test_pass_cases.py`.
"""

from __future__ import annotations

import ast
import functools
from itertools import chain
from pathlib import Path
from typing import Final

import pytest

from tests.builders.pass_cases import NAMED

GATE: Final = Path(__file__).parents[1] / "gate"

_WEBHOOK: Final = "gate is run by the pipeline and the deploy step; it has no admission webhook"
_CACHE: Final = "gate keeps no verdict and no evidence from one run to the next"
_UNUSED: Final = "the catalogue has no case of this number"

NO_COUNTERPART: Final = {
    5: "there is no file of images: they stand in manifests or in --image, and none is an error",
    14: "no check compares two sets of evidence: each asks what is there for one image",
    20: "a policy has one strength: there are no entries of another mode that could be merged",
    23: "a policy has no audit mode; that of the action signs nothing (tests/actions/test_step.py)",
    32: "a run has one policy, and of it one entry judges an image: the first that matches",
    43: "gate changes no object before it judges it",
    108: _UNUSED,
    118: _CACHE,
    **dict.fromkeys(range(122, 127), _WEBHOOK),
    **dict.fromkeys((131, 132, 133, 134, 136, 137, 138), _CACHE),
    **dict.fromkeys((140, 145, 146, 147), f"{_WEBHOOK}, so no update of a running object"),
    151: "what a ConfigMap or Secret holds is text to gate, and it does not say so: whatever "
    "program applies that text has to ask gate itself",
    **dict.fromkeys(range(152, 164), _WEBHOOK),
    192: _UNUSED,
    202: "whether this repository's own release is judged is a matter of its workflows",
    206: "gate loads no plugin: checks, rules and formats are part of it",
    208: _UNUSED,
    209: _UNUSED,
    259: _UNUSED,
    **dict.fromkeys(range(264, 270), _UNUSED),
    **dict.fromkeys(range(275, 281), _UNUSED),
    284: "a policy has no expressions and no templates",
    285: _WEBHOOK,
    286: _WEBHOOK,
    289: _UNUSED,
    294: "no report is CSV",
}
"""Each case without a test, and the reason."""


@pytest.mark.parametrize("number", range(1, 300))
def test_every_case_is_tested_or_has_a_reason_why_not(number: int) -> None:
    assert (number in NAMED) != (number in NO_COUNTERPART)
    if number in NO_COUNTERPART:
        assert NO_COUNTERPART[number]


@functools.cache
def _nodes(path: Path) -> tuple[ast.AST, ...]:
    """Return the imports, calls and assertions of a file."""
    asked = (ast.Import, ast.ImportFrom, ast.Call, ast.Assert)
    return tuple(n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, asked))


def _importing(module: str) -> list[str]:
    """Return the files of gate that import a module, or something from it by name."""
    return sorted(
        path.relative_to(GATE).as_posix()
        for path in GATE.rglob("*.py")
        if any(
            name == module
            for node in _nodes(path)
            for name in (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
        )
    )


@functools.cache
def _called() -> frozenset[str]:
    nodes = chain.from_iterable(map(_nodes, GATE.rglob("*.py")))
    return frozenset(ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call))


def test_r113_no_assertion_decides_anything_that_python_o_would_leave_out() -> None:
    asserting = [
        path.relative_to(GATE).as_posix()
        for path in GATE.rglob("*.py")
        if any(isinstance(node, ast.Assert) for node in _nodes(path))
    ]
    assert asserting == []


def test_r203_another_program_is_started_for_registry_credentials_alone() -> None:
    assert _importing("subprocess") == ["registry/login/helper.py"]
    assert _importing("pty") == _importing("multiprocessing") == []
    assert not {"os.system", "os.popen", "os.execvp", "os.posix_spawn"} & _called()


def test_r204_nothing_that_is_judged_is_rendered_imported_or_run() -> None:
    assert _importing("runpy") == _importing("jinja2") == []
    # The one imports its own formats by their names, the other reads a file of its own.
    assert _importing("importlib") == ["reports/__init__.py", "trust/policy.py"]
    assert not {"eval", "exec", "compile", "__import__"} & _called()


def test_r271_r273_no_archive_is_opened_and_no_layer_unpacked() -> None:
    # The demo writes one into the image that it makes.
    assert _importing("tarfile") == ["cli/demo/image.py"]
    assert _importing("zipfile") == []
    assert "shutil.unpack_archive" not in _called()
