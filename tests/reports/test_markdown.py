"""The job summary."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gate.model.report import CheckReport, ErrorReport, Status
from gate.model.verdict import Action, Severity
from gate.reports import markdown, text
from tests.reports.sample import UNSIGNED, report


def test_the_verdict_stands_first_then_images_then_what_is_wrong() -> None:
    lines = markdown.render(report()).splitlines()
    assert lines[0] == "## gate check: ❌ blocked"
    table = lines.index("| image | registry | signature |")
    wrong = lines.index("### What is wrong")
    assert 0 < table < wrong
    assert lines[table + 2].endswith("</code> | ✅ passed | ❌ failed |")
    assert lines[wrong + 2].startswith("- ❌ blocks (high) **signature-absent** ")
    assert "→ sign it with &#96;gate sign&#96;" in lines[wrong + 2]


def test_a_clean_run_says_so_and_no_more() -> None:
    page = markdown.render(report(cleared=True))
    assert page.startswith("## gate check: ✅ cleared\n")
    assert "What is wrong" not in page


def test_a_cleared_run_with_warnings_says_that_they_are_no_more() -> None:
    warned = replace(UNSIGNED, action=Action.WARN)
    page = markdown.render(replace(report(cleared=True), findings=(warned,)))
    assert "### Warnings\n" in page
    assert "What is wrong" not in page


def test_a_run_with_an_error_never_looks_clean() -> None:
    error = ErrorReport(code="log-refused", problem="p", remedy="r")
    assert markdown.render(replace(report(), error=error)).startswith(
        "## gate check: ❌ no verdict\n"
    )
    half = markdown.render(replace(report(cleared=True), error=error, exit_code=3))
    assert half.startswith("## gate check: ⚠️ cleared, but not finished\n")
    assert "❌ error (critical) **log-refused**" in half


def test_r293_a_summary_stays_below_what_github_takes_and_says_what_is_cut() -> None:
    many = [
        replace(UNSIGNED, id=f"CVE-{n}", severity=Severity.LOW, message="<&\U0001f512" * 900)
        for n in range(2_000)
    ]
    images = tuple(
        replace(report().images[0], name=f"{n}" + "<" * 900, resolved=None) for n in range(2_000)
    )
    waived = tuple(replace(report().waived[0], reason="<" * 900) for _ in range(2_000))
    page = markdown.render(replace(report(), findings=tuple(many), images=images, waived=waived))
    assert len(page.encode()) <= markdown.MAX_BYTES
    assert "more images are not shown here" in page
    assert "more problems are not shown here" in page
    assert page.count("<details>") == page.count("</details>") == 2


@pytest.mark.parametrize("status", Status)
def test_every_state_of_a_check_has_its_words(status: Status) -> None:
    image = replace(report().images[0], checks=(CheckReport(check="sbom", status=status),))
    assert f" {status.value} |\n" in markdown.render(replace(report(), images=(image,)))
    assert status in text.MARKS
