"""From a judged run to its report."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from gate.model.image import Digest
from gate.model.release import NO_RELEASE
from gate.model.report import Report, Status
from gate.model.review import Review, ReviewedImage
from gate.model.verdict import (
    Action,
    Failed,
    Finding,
    Outcome,
    Passed,
    Plan,
    Question,
    Result,
    Severity,
    Undecided,
    WaivedFinding,
    decide,
)
from gate.reports import json_v1, text
from gate.reports.assemble import assemble

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
NAME = "ghcr.io/acme/shop:1.0"
BLOCKS = Finding(rule="r", code="c", severity=Severity.HIGH, message="m", remedy="r")
WARNS = replace(BLOCKS, action=Action.WARN)
WAIVED = WaivedFinding(BLOCKS, "team", "reason", date(2026, 12, 1))


def of(outcome: Outcome) -> Report:
    question = Question("vulnerabilities", NAME)
    plan = Plan((question,), (), NO_RELEASE, Digest("a" * 64), NOW)
    review = Review(
        verdict=decide(plan, [Result(question, outcome)]),
        images=(ReviewedImage(name=NAME, reference=None, uses=()),),
    )
    return assemble(review, command="check", tool_version="0", policy_path="p.yaml")


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        (Passed(), Status.PASSED),
        (Failed((WARNS,)), Status.WARNED),
        (Failed((WARNS,), waived=(WAIVED,)), Status.WARNED),
        (Failed((WARNS, BLOCKS)), Status.FAILED),
        (Failed((), waived=(WAIVED,)), Status.WAIVED),
        (Undecided("c", "r", "m"), Status.UNDECIDED),
    ],
)
def test_a_check_failed_only_where_it_blocks(outcome: Outcome, status: Status) -> None:
    assert [c.status for i in of(outcome).images for c in i.checks] == [status]


def test_a_check_that_only_warns_is_marked_so_in_text_and_json() -> None:
    report = of(Failed((WARNS,)))
    assert "  ! vulnerabilities\n" in text.render(report)
    assert '"status": "warned"' in json_v1.render(report)
    assert (report.cleared, report.exit_code) == (True, 0)
