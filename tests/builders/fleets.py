"""What several tests make of reports of audits from many clusters."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from gate.model.image import Digest
from gate.model.report import (
    CheckReport,
    ErrorReport,
    ImageReport,
    PolicyReport,
    ReliedOn,
    Report,
    Status,
)
from gate.model.verdict import Age
from gate.reports import json_v1
from gate.reports.fleet import fleet_of
from gate.reports.html_page.fleet import render
from gate.reports.recorded import read_report
from tests.reports.sample import UNSIGNED, report

AT = report().at
PASS = ReliedOn(
    kind="pass",
    predicate_type="https://slsa.dev/verification_summary/v1",
    digest=Digest("d" * 64),
    signers=("gate",),
    identity="key sha256:…",
    signed_at=AT,
)
OTHER = PolicyReport(path="other.yaml", digest=Digest("e" * 64))
PINNED = f"ghcr.io/acme/shop@sha256:{'a' * 64}"


def image(status: Status = Status.PASSED, hours: int = 5) -> ImageReport:
    """Return an image that runs under a pass."""
    age = Age(of="pass", since=AT, until=AT + timedelta(hours=hours))
    passed = status is Status.PASSED
    check = CheckReport(
        check="pass", status=status, evidence=(PASS,) if passed else (), ages=(age,) * passed
    )
    return replace(report().images[0], checks=(check,))


def audit(**changed: Any) -> Report:  # noqa: ANN401  # the report's fields
    """Return the report of a cluster that is in order."""
    base = replace(report(cleared=True), command="audit", passed=None, images=(image(),))
    return replace(base, **changed)


PROD = audit()
EU = audit(images=(image(hours=2),), tool_version="0.1.1")
BAD = audit(images=(image(Status.FAILED),), cleared=False, exit_code=1, findings=(UNSIGNED,))
BROKEN = audit(
    images=(),
    cleared=False,
    exit_code=3,
    policy=None,
    error=ErrorReport(code="cluster-down", problem="no answer", remedy="run again"),
)


def page_of(**clusters: Report) -> str:
    return render(
        fleet_of({n: read_report(json_v1.render(r).encode()) for n, r in clusters.items()})
    )


def hostile_audit(text: str) -> Report:
    """Return a report of hostile text; half a character is refused before it is shown."""
    text = text.replace("\ud800", "")
    foreign = replace(PASS, identity=text, signers=(text,))
    check = CheckReport(check=f"pass{text}", status=Status.PASSED, evidence=(foreign,))
    one = replace(image(), name=f"x{text}", resolved=None, checks=(check,))
    return audit(images=(one,), tool_version=f"0{text}")
