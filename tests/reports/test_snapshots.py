"""The reports of one release with something of everything, whole, in every format.

A change of wording or of order shows here as a difference of a file. To take it over on
purpose: `GATE_SNAPSHOTS=write pytest tests/reports/test_snapshots.py`, then read `git diff`.
"""

from __future__ import annotations

import os
from dataclasses import replace
from importlib import import_module
from inspect import signature
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

import pytest

from gate import reports
from gate.explain.guides import guides_of
from gate.model.report import Excluded
from gate.reports import FORMATS
from tests.reports.sample import report

PLACE = reports.__path__
FOLDER = Path(__file__).parent / "snapshots"
ROOT = Path(__file__).parents[2]
STATES = {"blocked": False, "cleared": True}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", sorted(FORMATS))
def test_a_whole_report_is_what_it_was(name: str, state: str) -> None:
    left_out = () if STATES[state] else ("charts/", "manifests/old.yaml")
    whole = replace(report(cleared=STATES[state]), excluded=Excluded.of(left_out))
    # The pages that SARIF carries are long and have tests of their own: one is enough.
    shown = FORMATS[name](replace(whole, guides=guides_of(whole)[:1]))
    file = FOLDER / f"{name}-{state}.txt"
    if os.environ.get("GATE_SNAPSHOTS") == "write":
        FOLDER.mkdir(exist_ok=True)
        file.write_text(shown)
    assert shown == file.read_text()


def test_each_snapshot_is_of_a_format_that_is_there() -> None:
    assert {f.name for f in FOLDER.iterdir()} == {f"{n}-{s}.txt" for n in FORMATS for s in STATES}


def test_every_module_that_renders_a_report_is_a_format() -> None:
    modules = [
        import_module(f"{reports.__name__}.{m.name}") for m in iter_modules(reports.__path__)
    ]
    renders = {m.__name__.rpartition(".")[2] for m in modules if _renders_a_report(m)}
    assert renders == {form.module for form in FORMATS.values()}


def _renders_a_report(module: ModuleType) -> bool:
    render = getattr(module, "render", None)
    return render is not None and "report" in signature(render).parameters


@pytest.mark.parametrize("page", ["README.md", "docs/reports.md"])
def test_readme_and_the_page_on_reports_name_every_format(page: str) -> None:
    text = (ROOT / page).read_text()
    assert [name for name in FORMATS if f"`{name}`" not in text and name != "text"] == []
