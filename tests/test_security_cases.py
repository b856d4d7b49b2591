"""Every case of the threat catalogue up to R299: a test has its number, or a reason stands here.

The later ones, R300 to R349, are about passes: see `tests/acceptance/test_pass_cases.py`.
"""

from __future__ import annotations

import ast
import functools
from itertools import chain
from pathlib import Path
from typing import Final

from tests.builders.pass_cases import NAMED
from tests.builders.security_cases import NO_COUNTERPART, page

GATE: Final = Path(__file__).parents[1] / "gate"


def test_every_case_is_tested_or_has_a_reason_why_not() -> None:
    reasons = {number for number, reason in NO_COUNTERPART.items() if reason}
    assert [n for n in range(1, 300) if (n in NAMED) == (n in reasons)] == []
    assert reasons == set(NO_COUNTERPART)


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


def _calling(function: str) -> list[str]:
    """Return the files of gate that call a function by its name."""
    return sorted(
        path.relative_to(GATE).as_posix()
        for path in GATE.rglob("*.py")
        if any(isinstance(n, ast.Call) and ast.unparse(n.func) == function for n in _nodes(path))
    )


def test_r113_no_assertion_decides_anything_that_python_o_would_leave_out() -> None:
    asserting = [
        path.relative_to(GATE).as_posix()
        for path in GATE.rglob("*.py")
        if any(isinstance(node, ast.Assert) for node in _nodes(path))
    ]
    assert asserting == []


def test_r203_another_program_is_started_for_credentials_and_for_rendering_alone() -> None:
    assert _importing("subprocess") == ["cli/reads/renderer.py", "registry/login/helper.py"]
    assert _importing("pty") == _importing("multiprocessing") == []
    assert not {"os.system", "os.popen", "os.execvp", "os.posix_spawn"} & _called()


def test_r204_nothing_that_is_judged_is_imported_or_run_and_gate_renders_nothing_itself() -> None:
    assert _importing("runpy") == _importing("jinja2") == []
    # The checks, the commands, what reads predicates and scanners' reports, the orders of versions,
    # the formats of reports, the sections of a policy, and modules of PyYAML and of the standard
    # library are imported by names that a table or a class of gate's own has; the others read files
    # of gate's own.
    assert _importing("importlib") == [
        "checks/__init__.py",
        "cli/app.py",
        "cli/later.py",
        "cli/plain_call.py",
        "documents/libyaml.py",
        "explain/rule_examples.py",
        "model/in_part.py",
        "packages/versions/__init__.py",
        "policy/schemas.py",
        "predicates/__init__.py",
        "predicates/scanners/reports.py",
        "reports/__init__.py",
        "reports/html_page/__init__.py",
    ]
    assert _importing("pkgutil") == ["trust/embedded.py"]  # likewise
    # Methods of gate's own classes, from the names of their fields.
    assert _calling("exec") == ["model/records.py"]
    # Types of fields of a policy's sections, as gate's own classes write them.
    assert _calling("get_type_hints") == ["policy/schemas.py"]
    assert not {"eval", "compile", "__import__"} & _called()


def test_r271_r273_archives_are_read_by_a_strict_reader_of_our_own_and_no_other() -> None:
    # Charts and bundles of manifests are read in memory, by gate/registry/oci/archive.py; layers
    # of images never. The demo writes one into the image that it makes.
    assert _importing("zlib") == ["registry/oci/archive.py"]
    assert _importing("tarfile") == ["cli/demo/image.py"]
    assert _importing("zipfile") == []
    assert "shutil.unpack_archive" not in _called()


def test_the_page_of_cases_is_what_the_names_of_the_tests_say() -> None:
    written = (GATE.parent / "docs" / "security-cases.md").read_text()
    assert written == page(), "run `make docs`"
