"""What gate writes as SARIF, as Microsoft's tool judges it by GitHub's own rules."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gate.cli.runs.lint import run_lint
from gate.explain.guides import guides_of
from gate.model.report import Report
from gate.reports import sarif
from tests.interop.tools import run, sarif_multitool
from tests.reports.hostile import FRAGMENTS, hostile
from tests.reports.sample import report

MANIFESTS = """\
apiVersion: v1
kind: Pod
metadata: {name: p, namespace: shop}
spec:
  hostNetwork: true
  containers: [{name: c, image: nginx}]
---
a: [
"""


def judge(folder: Path, shown: Report) -> list[dict[str, Any]]:
    """Return each error and warning of a report. Notes are advice on style, and not asked for."""
    return judge_text(folder, sarif.render(replace(shown, guides=guides_of(shown))))


def judge_text(folder: Path, log: str) -> list[dict[str, Any]]:
    written, said = folder / "gate.sarif", folder / "said.sarif"
    written.write_text(log)
    answer = run(
        *(sarif_multitool(), "validate", written, "--output", said),
        *("--rule-kind", "Sarif;Ghas", "--level", "Error;Warning", "--kind", "Fail;Open"),
        *("--log", "ForceOverwrite"),
    )
    assert said.is_file(), answer.output
    found = json.loads(said.read_text())["runs"][0]
    assert found["invocations"][0]["executionSuccessful"] is True, answer.output
    return [
        {"rule": r["ruleId"], "level": r.get("level", "warning"), "message": r["message"]}
        for r in found.get("results", [])
    ]


@pytest.mark.parametrize("cleared", [True, False])
def test_github_takes_the_report_of_a_check(tmp_path: Path, *, cleared: bool) -> None:
    assert judge(tmp_path, report(cleared=cleared)) == []


def test_github_takes_the_report_of_a_lint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("all.yaml").write_text(MANIFESTS)
    found = run_lint(["all.yaml"], profile="all", policy=None, kubernetes_version=None)
    assert judge(tmp_path, found) == []


def test_r295_github_takes_a_report_of_hostile_text(tmp_path: Path) -> None:
    assert judge(tmp_path, hostile("".join(FRAGMENTS))) == []


def test_the_tool_does_say_what_is_wrong(tmp_path: Path) -> None:
    log = json.loads(sarif.render(report()))
    del log["runs"][0]["results"][0]["locations"]
    assert judge_text(tmp_path, json.dumps(log)) != []
