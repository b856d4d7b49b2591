"""Reports that CI systems read: JUnit, code quality, annotations, dotenv."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from gate.model.location import Location
from gate.model.release import NO_RELEASE
from gate.model.report import ErrorReport, Linted, Report
from gate.model.verdict import Action, Severity
from gate.reports import codequality, dotenv, github, junit
from tests.reports.sample import IMAGE, UNSIGNED, WRITABLE, report

LINTED = Linted(
    files=("manifests/web.yaml", "manifests/db.yaml"),
    rules=("host-network", "no-read-only-root-fs"),
)
BROKEN = replace(UNSIGNED, rule="yaml-parse-error", code="yaml-parse-error", image=None)
ERROR = ErrorReport(code="registry-down", problem="p", remedy="r")


def cases(shown: Report) -> dict[tuple[str, str], str]:
    root = ET.fromstring(junit.render(shown))  # noqa: S314  # our own document
    return {
        (case.get("classname", ""), case.get("name", "")): case[0].tag if len(case) else "passed"
        for case in root.iter("testcase")
    }


def test_junit_has_a_case_for_each_check_and_each_rule_and_file() -> None:
    shop, web = "ghcr.io/acme/shop:1.0", "manifests/web.yaml"
    assert cases(replace(report(), linted=LINTED)) == {
        ("gate", "verdict"): "failure",
        ("gate", "sbom"): "error",
        (shop, "registry"): "passed",
        (shop, "signature"): "failure",
        (web, "host-network"): "passed",
        (web, "no-read-only-root-fs"): "system-out",
        ("manifests/db.yaml", "host-network"): "passed",
        ("manifests/db.yaml", "no-read-only-root-fs"): "passed",
    }


def test_junit_fails_the_case_of_each_name_of_an_image_that_fails() -> None:
    image = report().images[0]
    both = (image, replace(image, name=str(IMAGE)))
    found = cases(replace(report(), images=both))
    assert [found[i.name, "signature"] for i in both] == ["failure", "failure"]


def test_junit_of_a_clean_run_is_one_that_passes() -> None:
    assert set(cases(report(cleared=True)).values()) == {"passed"}


def test_junit_shows_what_is_only_waived_as_skipped() -> None:
    found = cases(replace(report(), findings=(), undecided=(), cleared=True))
    assert found["ghcr.io/acme/shop:1.0", "signature"] == "skipped"


def test_junit_claims_no_rule_of_a_file_that_could_not_be_read() -> None:
    found = cases(replace(report(), findings=(BROKEN,), suppressed=(), linted=LINTED))
    assert [rule for file, rule in found if file == "manifests/web.yaml"] == ["yaml-parse-error"]


def test_junit_of_a_run_that_is_blocked_never_counts_as_all_passed() -> None:
    nothing = replace(report(), findings=(), undecided=(), waived=(), suppressed=(), images=())
    assert cases(nothing) == {("gate", "verdict"): "failure"}
    assert cases(replace(nothing, cleared=True, error=ERROR))["gate", "verdict"] == "error"


def test_junit_counts_what_it_holds() -> None:
    root = ET.fromstring(junit.render(replace(report(), linted=LINTED)))  # noqa: S314  # our own
    assert {k: root.get(k) for k in ("tests", "failures", "errors", "skipped")} == {
        "tests": "8", "failures": "2", "errors": "1", "skipped": "0",
    }  # fmt: skip


def test_junit_sums_up_what_holds_where_there_are_very_many_pairs() -> None:
    many = Linted(
        files=tuple(f"{n}.yaml" for n in range(1_000)), rules=tuple(f"r{n}" for n in range(150))
    )
    found = cases(replace(report(cleared=True), linted=many))
    assert len([1 for file, _ in found if file.endswith(".yaml")]) == 1_000


def test_code_quality_of_a_clean_run_is_an_empty_list() -> None:
    assert json.loads(codequality.render(report(cleared=True))) == []


def test_code_quality_issues_have_what_gitlab_needs() -> None:
    issues = json.loads(codequality.render(report()))
    assert [(i["check_name"], i["severity"], i["location"]) for i in issues] == [
        ("signature-absent", "critical", {"path": "manifests/web.yaml", "lines": {"begin": 20}}),
        ("timeout", "critical", {"path": ".gate.yaml", "lines": {"begin": 1}}),
        ("no-read-only-root-fs", "major", {"path": "manifests/web.yaml", "lines": {"begin": 19}}),
    ]
    for issue in issues:
        assert issue["description"]
        assert len(issue["fingerprint"]) == 32


def test_code_quality_fingerprints_are_stable_and_unique() -> None:
    moved = replace(UNSIGNED, location=Location("manifests/web.yaml", 99), message="reworded")
    one = json.loads(codequality.render(replace(report(), findings=(UNSIGNED,))))
    other = json.loads(codequality.render(replace(report(), findings=(moved,))))
    both = json.loads(codequality.render(replace(report(), findings=(moved, UNSIGNED))))
    assert one[0]["fingerprint"] == other[0]["fingerprint"]
    assert len({i["fingerprint"] for i in both}) == len(both)


@pytest.mark.parametrize(
    ("path", "shown"),
    [("./a/b.yaml", "a/b.yaml"), ("/builds/a.yaml", "builds/a.yaml"), ("../a.yaml", "a.yaml")],
)
def test_code_quality_paths_are_relative(path: str, shown: str) -> None:
    assert codequality.relative(path) == shown


def test_annotations_name_file_line_column_code_message_and_remedy() -> None:
    assert github.render(report()).splitlines()[0] == (
        "::error file=manifests/web.yaml,line=20,col=18,title=signature-absent::"
        f"{IMAGE}: nobody signed ghcr.io/acme/shop → sign it with `gate sign`"
    )


def test_a_clean_run_has_no_annotation() -> None:
    assert github.render(report(cleared=True)) == ""


def test_annotations_stay_within_ten_a_level_the_gravest_first_and_tell_of_the_rest() -> None:
    many = [replace(UNSIGNED, id=f"CVE-{n}", severity=Severity.LOW) for n in range(30)]
    warned = [replace(WRITABLE, id=str(n), action=Action.WARN) for n in range(10)]
    grave = replace(UNSIGNED, id="CVE-X", severity=Severity.CRITICAL)
    lines = github.render(replace(report(), findings=(*many, *warned, grave))).splitlines()
    errors = [line for line in lines if line.startswith("::error")]
    assert (len(errors), len(lines) - len(errors)) == (10, 10)
    assert "title=signature-absent CVE-X::" in errors[0]
    assert errors[-1] == "::error title=gate::23 more of this level are in the report, not here"


def test_r292_an_annotation_cannot_be_ended_or_extended_by_its_text() -> None:
    evil = replace(UNSIGNED, id="x::y,line=1", message="a%0A::error::b\n::error::c", remedy="%25")
    lines = github.render(replace(report(), findings=(evil,))).splitlines()
    assert "title=signature-absent x%3A%3Ay%2Cline=1::" in lines[0]
    assert lines[0].endswith(": a%250A::error::b\\x0a::error::c → %2525")


def test_dotenv_of_a_cleared_run_names_the_images_by_digest() -> None:
    assert dotenv.render(report(cleared=True)).splitlines() == [
        "GATE_RESULT=cleared",
        "GATE_EXIT_CODE=0",
        "GATE_POLICY_DIGEST=sha256:" + "c" * 64,
        f"GATE_RELEASE_DIGEST={NO_RELEASE.digest}",
        "GATE_PASS=dry-run",
        "GATE_IMAGES=1",
        f"GATE_IMAGE_0={IMAGE}",
    ]


def test_dotenv_of_any_other_run_names_no_image() -> None:
    for shown in (report(), replace(report(cleared=True), error=ERROR, exit_code=3)):
        assert "GATE_IMAGE_" not in dotenv.render(shown)
    assert "GATE_RESULT=error\n" in dotenv.render(replace(report(cleared=True), error=ERROR))


def test_dotenv_names_all_images_or_none_and_stays_within_gitlab_s_bounds() -> None:
    many = replace(report(cleared=True), images=report().images * 20)
    lines = dotenv.render(many).splitlines()
    assert len(lines) <= dotenv.MAX_VARIABLES
    assert "GATE_IMAGES=20" in lines
    assert not any(line.startswith("GATE_IMAGE_") for line in lines)
