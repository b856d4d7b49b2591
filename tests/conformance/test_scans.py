from __future__ import annotations

import pytest

from gate.model.predicates import Rating, Unreadable, VulnerabilityScan
from gate.predicates import SCAN_TYPES, fields, parse
from gate.predicates.scanners import reports as scanners
from tests.conformance.corpora import Row, payload, rows

READ = {
    "trivy": "trivy",
    "trivy-old-list": "trivy",
    "grype": "grype",
    "grype?": "grype",
    "snyk": "snyk",
    "snyk-list": "snyk",
    "osv-scanner": "osv-scanner",
    "sarif": "sarif",
    "gitlab-container": "gitlab",
    "harbor": "harbor",
    "anchore-engine": "anchore",
    "anchorectl": "anchore",
    "clair-v4": "clair",
    "twistlock": "twistlock",
}
NAMED = {
    "aqua": "aqua",
    "aws-inspector2": "aws-inspector",
    "clair-klar": "clair",
    "clair-scanner": "clair",
    "govulncheck": "govulncheck",
    "pip-audit": "pip-audit",
    "sysdig": "sysdig",
    "trivy-operator": "trivy-operator",
    "wizcli-img": "wiz",
}
NOTHING = {
    "django-DefectDojo--unittests__scans__pip_audit__empty.json",
    "django-DefectDojo--unittests__scans__anchorectl_vulns__no_vuln.json",
    "django-DefectDojo--unittests__scans__aws_inspector2__aws_inspector2_zero_vul.json",
}
"""An empty list or so, which could be by any tool."""
APPLICATIONS = {"django-DefectDojo--unittests__scans__snyk__snykcontainer_issue_9270.json": 12}
"""Findings in the projects inside the image, which the index leaves out."""
TEMPLATE = "clair--Documentation__reference__api.md-25.json"
"""A page's template of a report, with words in place of ids that it describes nowhere."""
UNTIMED = ("harbor", "twistlock")
"""Forms whose time the index leaves out."""
XEOL = "xeol"


def form_of(row: Row) -> str:
    return row.format.partition(":")[0]


def is_read(row: Row) -> bool:
    return form_of(row) in READ and XEOL not in row.file and row.file not in NOTHING


def is_counted(row: Row) -> bool:
    return bool({"findings", "results"} & row.facts.keys()) and row.file != TEMPLATE


def is_statement(row: Row) -> bool:
    return form_of(row) in ("cosign-vuln", "dsse") or row.format.startswith("https://in-toto")


@pytest.mark.parametrize("row", rows("scans", is_read))
def test_a_recorded_report_is_known_for_what_it_is(row: Row) -> None:
    report = scanners.parse(row.value)
    assert report.form == READ[form_of(row)]
    assert report.findings is not None


@pytest.mark.parametrize("row", rows("scans", lambda row: is_read(row) and is_counted(row)))
def test_a_recorded_report_is_read_with_the_facts_that_are_known_of_it(row: Row) -> None:
    report = scanners.parse(row.value)
    facts = row.facts
    assert report.findings is not None
    expected = facts["findings" if "findings" in facts else "results"]
    assert len(report.findings) == expected + APPLICATIONS.get(row.file, 0)
    if "distinct_ids" in facts and row.file not in APPLICATIONS:
        assert len({f.id for f in report.findings}) == facts["distinct_ids"]
    if "fixable" in facts and report.form in ("trivy", "grype"):
        assert sum(bool(f.fixed_in) for f in report.findings) == facts["fixable"]
    if report.form not in UNTIMED:
        assert report.finished == fields.instant_if_stated(facts.get("scan_time"))
    assert report.database == fields.instant_if_stated(facts.get("database_time"))
    if facts.get("highest") not in (None, "", "unknown") and row.file not in APPLICATIONS:
        worst = max(filter(None, (f.rating for f in report.findings)))
        assert worst is Rating[facts["highest"].upper()]
    if "unknown" in facts.get("by_severity", {}) and report.form != "osv-scanner":
        unknown = sum(f.rating is None for f in report.findings)
        assert unknown == facts["by_severity"]["unknown"]


@pytest.mark.parametrize(
    "row",
    rows("scans", lambda r: (XEOL in r.file or form_of(r) in NAMED) and r.file not in NOTHING),
)
def test_a_recorded_report_that_gate_does_not_read_is_named_and_finds_nothing(row: Row) -> None:
    expected = XEOL if XEOL in row.file else NAMED[form_of(row)]
    report = scanners.parse(row.value)
    assert (report.form, report.findings) == (expected, None)


@pytest.mark.parametrize("row", rows("scans", is_statement))
def test_a_recorded_scan_statement_is_read_or_refused_by_its_times(row: Row) -> None:
    value = payload(row.value)
    predicate = value.get("predicate", value)
    declared = value.get("predicateType", SCAN_TYPES[0])
    stated = fields.instant_if_stated(row.facts.get("scan_time"))
    if declared not in SCAN_TYPES:
        pytest.fail(f"{declared} is a scan that gate does not list")
    read = parse(declared, predicate)
    if stated is None:
        assert isinstance(read, Unreadable)
        assert read.problem.startswith("metadata.scanFinishedOn is ")
        return
    assert isinstance(read, VulnerabilityScan)
    assert read.finished == stated
    assert read.database == fields.instant_if_stated(row.facts.get("database_time"))
    if "findings" in row.facts:
        assert read.findings is not None
        assert len(read.findings) == row.facts["findings"]


@pytest.mark.parametrize("row", rows("scans"))
def test_every_form_of_the_corpus_is_read_named_or_a_statement(row: Row) -> None:
    form = form_of(row)
    assert form in READ or form in NAMED or form in {"cosign-vuln", "dsse", "https"}
