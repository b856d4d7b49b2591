"""Waivers of a policy, in `gate lint`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gate.cli.runs.lint import run_lint
from gate.model.report import Report
from tests.builders.commands import POD

POLICY = """\
version: 1
images: [{match: "**", digest: required}]
manifests: {profile: baseline}
"""


def lint(*waivers: str, days: int = 30, pod: str = POD) -> Report:
    day = (datetime.now(UTC) + timedelta(days=days)).date()
    lines = [f"  - {{{w}, owner: team, reason: soon, expires: {day}}}\n" for w in waivers]
    Path("p.yaml").write_text(POLICY + ("waivers:\n" if lines else "") + "".join(lines))
    Path("pod.yaml").write_text(pod)
    return run_lint(["pod.yaml"], profile="gate", policy="p.yaml", kubernetes_version=None)


def codes(report: Report) -> list[str]:
    return [finding.code for finding in report.findings]


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def rule() -> str:
    """Return the one rule that the pod breaks."""
    [code] = codes(lint())
    return code


def test_a_waiver_of_the_policy_excuses_its_finding_and_is_told() -> None:
    code = rule()
    report = lint(f"check: {code}, finding: {code}, object: shop/Pod/p")
    assert (report.cleared, report.exit_code, report.findings) == (True, 0, ())
    assert [(w.finding.code, w.owner) for w in report.waived] == [(code, "team")]


@pytest.mark.parametrize(
    ("named", "days"), [("shop/Pod/other", 30), ("shop/Pod/p", -1), ("shop/Pod/p", 200)]
)
def test_a_waiver_of_another_object_or_another_time_excuses_nothing(named: str, days: int) -> None:
    code = rule()
    report = lint(f"check: {code}, finding: {code}, object: {named}", days=days)
    assert (report.cleared, report.exit_code, report.waived) == (False, 1, ())


def test_only_a_waiver_that_could_excuse_something_here_is_called_idle() -> None:
    idle = "check: host-pid, finding: host-pid, object: shop/Pod"
    image = "check: sbom, finding: sbom-absent, image: docker.io/library/nginx"
    found = [codes(lint(waiver)) for waiver in (f"{idle}/p", f"{idle}/other", image)]
    assert [("waiver-unused" in one) for one in found] == [True, False, False]
