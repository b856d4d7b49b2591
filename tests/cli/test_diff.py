"""`gate diff` as it is called."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from gate.model.report import ErrorReport, Report
from gate.reports import json_v1
from tests.builders.commands import called
from tests.reports.sample import report

CLEAR = report(cleared=True)
ERROR = ErrorReport(code="registry-down", problem="no answer", remedy="run again")


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    runs: dict[str, Report] = {
        "clear.json": CLEAR,
        "blocked.json": report(),
        "lint.json": replace(CLEAR, command="lint"),
        "broken.json": replace(CLEAR, error=ERROR, exit_code=3),
    }
    for name, run in runs.items():
        (tmp_path / name).write_text(json_v1.render(run))
    (tmp_path / "half.json").write_text(json_v1.render(CLEAR)[:400])


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("clear.json", "clear.json", 0),
        ("blocked.json", "clear.json", 0),
        ("clear.json", "blocked.json", 1),
        ("clear.json", "broken.json", 1),
    ],
)
def test_the_exit_code_says_whether_something_is_new_or_worse(
    old: str, new: str, code: int
) -> None:
    for form in ("text", "markdown", "json"):
        assert called("diff", old, new, "--format", form).returncode == code
    assert json.loads(called("diff", old, new, "-f", "json").stdout)["news"] is (code == 1)


@pytest.mark.parametrize(
    ("call", "cause"),
    [
        (("clear.json", "absent.json"), "report-unreadable"),
        (("clear.json", "half.json"), "report-unreadable"),
        (("clear.json", "lint.json"), "reports-of-two-commands"),
        (("broken.json", "clear.json"), "report-without-verdict"),
        (("clear.json", "clear.json", "--format", "sarif"), "format-unknown"),
    ],
)
def test_a_wrong_call_is_no_comparison(call: tuple[str, ...], cause: str) -> None:
    done = called("diff", *call)
    assert done.returncode == 2
    assert f"[{cause}]" in done.stderr
    assert done.stdout == ""
