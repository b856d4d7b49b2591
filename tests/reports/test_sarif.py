"""The SARIF report. That foreign text makes nothing is a property of its own."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from gate.model.location import Location
from gate.model.report import ErrorReport, Guide
from gate.model.verdict import Severity
from gate.reports import sarif
from tests.reports.sample import UNSIGNED, report


def run(**changes: Any) -> dict[str, Any]:  # noqa: ANN401  # fields of a report
    log = json.loads(sarif.render(replace(report(), **changes)))
    assert (log["version"], len(log["runs"])) == ("2.1.0", 1)
    found: dict[str, Any] = log["runs"][0]
    return found


def place(result: dict[str, Any]) -> tuple[str, int]:
    physical = result["locations"][0]["physicalLocation"]
    return physical["artifactLocation"]["uri"], physical["region"]["startLine"]


def test_a_clean_run_has_no_result_and_says_that_it_ran() -> None:
    found = json.loads(sarif.render(report(cleared=True)))["runs"][0]
    assert found["results"] == []
    assert found["invocations"][0]["executionSuccessful"] is True


def test_findings_come_before_what_is_undecided_warned_of_and_excused() -> None:
    results = run()["results"]
    assert [(r["ruleId"], r["level"], "suppressions" in r) for r in results] == [
        ("signature-absent", "error", False),
        ("timeout", "error", False),
        ("no-read-only-root-fs", "warning", False),
        ("signature-absent", "error", True),
        ("no-read-only-root-fs", "warning", True),
    ]
    assert place(results[0]) == ("manifests/web.yaml", 20)


def test_each_result_points_at_its_rule() -> None:
    found = run()
    rules = found["tool"]["driver"]["rules"]
    assert all(rules[r["ruleIndex"]]["id"] == r["ruleId"] for r in found["results"])
    assert [rule["id"] for rule in rules] == sorted(rule["id"] for rule in rules)


def test_a_result_without_a_place_stands_at_the_policy() -> None:
    undecided = next(r for r in run()["results"] if r["ruleId"] == "timeout")
    assert place(undecided) == (".gate.yaml", 1)


def test_a_finding_about_an_image_stands_where_a_manifest_names_it() -> None:
    lost = replace(UNSIGNED, location=None)
    assert place(run(findings=(lost,))["results"][0]) == ("manifests/web.yaml", 20)


def test_a_run_without_a_verdict_has_a_result_and_a_notification() -> None:
    error = ErrorReport(
        code="policy-unknown-key", problem="p", remedy="r", location=Location("a b.yaml", 7, 2)
    )
    found = run(error=error, findings=(), undecided=(), waived=(), suppressed=(), cleared=False)
    assert [(r["ruleId"], place(r)) for r in found["results"]] == [
        ("policy-unknown-key", ("a%20b.yaml", 7))
    ]
    invocation = found["invocations"][0]
    assert invocation["executionSuccessful"] is False
    assert invocation["toolExecutionNotifications"][0]["message"]["text"].startswith("p [policy")


def test_a_path_from_the_root_is_a_file_uri_without_a_base() -> None:
    there = replace(UNSIGNED, location=Location("/builds/x/a.yaml", 3))
    artifact = run(findings=(there,))["results"][0]["locations"][0]["physicalLocation"]
    assert artifact["artifactLocation"] == {"uri": "file:///builds/x/a.yaml"}


def test_more_results_than_github_keeps_are_cut_the_least_grave_first_and_told_of() -> None:
    many = [replace(UNSIGNED, id=f"CVE-{n}", severity=Severity.LOW) for n in range(6_000)]
    grave = replace(UNSIGNED, id="CVE-X", severity=Severity.CRITICAL)
    found = run(findings=(*many, grave), undecided=(), waived=(), suppressed=())
    assert len(found["results"]) == sarif.MAX_RESULTS
    assert found["results"][0]["message"]["text"].startswith("CVE-X: ")
    notes = found["invocations"][0]["toolExecutionNotifications"]
    assert [n["message"]["text"].split(" ", 1)[0] for n in notes] == ["1001"]


def test_the_results_stay_below_the_bytes_that_github_takes() -> None:
    long = [replace(UNSIGNED, id=f"{n}", message="\U0001f512" * 5_000) for n in range(4_000)]
    log = sarif.render(replace(report(), findings=tuple(long)))
    assert len(log.encode()) < 10_000_000
    assert "results are left out" in log


def test_a_rule_explains_itself_in_the_words_of_its_page() -> None:
    guide = Guide(name="signature-absent", headline="Somebody signed.", text="# page\n")
    rules = {r["id"]: r for r in run(guides=(guide,))["tool"]["driver"]["rules"]}
    rule = rules["signature-absent"]
    assert rule["shortDescription"]["text"] == "Somebody signed."
    assert rule["help"]["markdown"] == "# page\n"
    assert rule["properties"]["security-severity"] == "8.0"
    assert len(rule["properties"]["tags"]) <= 10
    assert rules["timeout"]["help"]["text"] == "Run `gate explain timeout`."


def test_fingerprints_stay_while_lines_move_and_are_not_shared() -> None:
    twin = replace(UNSIGNED, location=Location("manifests/web.yaml", 99, 1))
    results = run(findings=(UNSIGNED, twin), waived=())["results"]
    marks = [r["partialFingerprints"]["gate/v1"] for r in results]
    assert len(set(marks)) == len(marks)
    assert UNSIGNED.fingerprint == twin.fingerprint == marks[0]
