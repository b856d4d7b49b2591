"""A baseline, from `gate lint --write-baseline` to a policy that knows it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from gate.cli.commands.policy import policy
from gate.cli.reads.baseline import policy_settings
from gate.cli.reads.find_policy import find_policy
from gate.cli.runs.lint import run_lint
from gate.cli.writes.output import shown
from gate.errors import PolicyError, UsageError
from gate.model.report import Report
from tests.builders.commands import POD

POLICY = """\
version: 1
images: [{match: "**", digest: required}]
manifests: {profile: baseline, baseline: known.json}
"""
WORSE = POD.replace("hostNetwork: true", "hostNetwork: true\n  hostPID: true")


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("p.yaml").write_text(POLICY)
    Path("pod.yaml").write_text(POD)


def write(pod: str = POD, profile: str = "baseline") -> Report:
    Path("pod.yaml").write_text(pod)
    return run_lint(
        ["pod.yaml"],
        profile=profile,
        policy=None,
        kubernetes_version=None,
        write_baseline="known.json",
    )


def lint(pod: str = POD) -> Report:
    Path("pod.yaml").write_text(pod)
    return run_lint(["pod.yaml"], profile="gate", policy="p.yaml", kubernetes_version=None)


def test_a_team_starts_today_and_only_what_is_new_blocks(
    capsys: pytest.CaptureFixture[str],
) -> None:
    first = write()
    assert (first.cleared, len(first.known), first.findings) == (True, 1, ())
    assert capsys.readouterr().err == "wrote known.json: 1 known\n"
    again = lint()
    assert (again.cleared, again.exit_code, len(again.known)) == (True, 0, 1)
    worse = lint(WORSE)
    assert (worse.cleared, worse.exit_code) == (False, 1)


def test_a_baseline_shrinks_by_what_is_gone_and_takes_nothing_new(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write(WORSE, profile="gate")
    count = len(json.loads(Path("known.json").read_text())["known"])
    grown = write(WORSE.replace("name: c", "name: other"), profile="gate")
    assert grown.findings != ()
    left = len(json.loads(Path("known.json").read_text())["known"])
    assert 0 < left < count
    assert write(WORSE, profile="gate").findings != ()
    assert len(json.loads(Path("known.json").read_text())["known"]) == left
    assert f"{left} known, {count - left} fewer than before\n" in capsys.readouterr().err


def test_the_digest_of_a_policy_is_that_of_its_baseline_too() -> None:
    write()
    before = find_policy("p.yaml", None).digest
    text = Path("known.json").read_text()
    Path("known.json").write_text(text.replace('"high"', '"critical"'))
    assert find_policy("p.yaml", None).digest != before


def test_what_the_policy_itself_says_blocks_is_not_known() -> None:
    [rule] = {finding.rule for finding in write().known}
    assert lint().cleared
    Path("p.yaml").write_text(POLICY.replace("profile:", f"block: [{rule}], profile:"))
    assert not lint().cleared


def test_every_report_tells_what_is_known() -> None:
    report = write()
    assert "0 waived, 1 known\n" in "".join(shown(report, "text"))
    assert "known, by the policy's baseline\n  1  " in "".join(shown(report, "text"))
    assert len(json.loads("".join(shown(report, "json")))["known"]) == 1
    assert ", 1 known;" in "".join(shown(report, "markdown"))
    [result] = json.loads("".join(shown(report, "sarif")))["runs"][0]["results"]
    assert result["suppressions"][0]["justification"] == "known: the policy's baseline has it"
    assert "skipped" in "".join(shown(report, "junit"))
    assert "".join(shown(report, "codequality")) == "[]\n"
    assert "known" not in shown(replace(report, known=()), "text")


@pytest.mark.parametrize("text", ["", "{}", '{"schema": "x", "known": []}'])
def test_a_baseline_that_gate_did_not_write_stops_the_run(text: str) -> None:
    Path("known.json").write_text(text)
    with pytest.raises(PolicyError) as refused:
        policy_settings(find_policy("p.yaml", None))
    assert refused.value.code == "baseline-malformed"
    with pytest.raises(UsageError) as unread:
        write()
    assert unread.value.code == "baseline-malformed"
    assert Path("known.json").read_text() == text


def test_gate_policy_finds_a_baseline_that_cannot_be_read(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write()
    assert policy(["p.yaml"]) == 0
    Path("known.json").write_text("{}")
    assert policy(["p.yaml"]) == 2
    assert "[baseline-malformed]" in capsys.readouterr().out


def test_a_baseline_that_is_not_there_stops_the_run() -> None:
    with pytest.raises(PolicyError) as refused:
        lint()
    assert refused.value.code == "policy-file-unreadable"


def test_a_baseline_is_not_written_through_a_link() -> None:
    Path("elsewhere").write_text("mine")
    Path("known.json").symlink_to("elsewhere")
    with pytest.raises(UsageError) as refused:
        write()
    assert refused.value.code == "output-unwritable"
    assert Path("elsewhere").read_text() == "mine"
