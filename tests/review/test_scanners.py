"""Ways to make a report of a scanner milder than its words: none clears the image."""

from __future__ import annotations

from typing import Any, Final

import pytest

from tests.builders.judged_scans import (
    CVE,
    DENIED,
    FOUND,
    LOW_VECTOR,
    UNREADABLE,
    VECTOR,
    judged,
    scan,
    told,
    trivy,
)
from tests.builders.scan_forms import SCOUT
from tests.checks import given

SHOWN: Final = "vulnerabilities-nothing-shown"
ANOTHER: Final = "vulnerabilities-describes-another"
REPORT: Final = "application/vnd.security.vulnerability.report; version=1.1"


def harbor(*found: dict[str, Any], **more: object) -> dict[str, Any]:
    listed = [{"id": CVE, "package": "a", "version": "1", "severity": "Low", **f} for f in found]
    return {"generated_at": "", "scanner": {"name": "x"}, "vulnerabilities": listed, **more}


def grype(fix: object = None, **more: object) -> dict[str, Any]:
    found = {"id": CVE, "severity": "Low", "fix": fix, **more}
    match = {"vulnerability": found, "artifact": {"name": "a", "version": "1"}}
    return {"matches": [match], "descriptor": {"name": "grype"}}


def anchore(*found: dict[str, Any], **more: object) -> dict[str, Any]:
    listed = [{"vuln": CVE, "severity": "Low", "package": "a", **f} for f in found]
    return {"imageDigest": f"{given.INDEX}", "vulnerabilities": listed, **more}


def gitlab(*found: dict[str, Any], **more: object) -> dict[str, Any]:
    done = {"type": "container_scanning", "status": "success", **more}
    identifiers = [{"type": "cve", "value": CVE}]
    listed = [{"id": "1", "severity": "Low", "identifiers": identifiers, **f} for f in found]
    return {"scan": done, "vulnerabilities": listed}


def twistcli(*found: dict[str, Any], **more: object) -> dict[str, Any]:
    listed = [{"id": CVE, "severity": "low", "packageName": "a", **f} for f in found]
    return {"results": [{"distro": "a", "vulnerabilities": listed, **more}]}


def scout(*found: dict[str, Any]) -> list[dict[str, Any]]:
    low = {"source_id": CVE, "cvss": {"severity": "LOW"}, "fixed_by": "not fixed"}
    return [{"purl": "pkg:npm/a@1", "vulnerabilities": [{**low, **f} for f in found]}]


def snyk(*found: dict[str, Any], **more: object) -> dict[str, Any]:
    listed = [{"id": "SNYK-1", "severity": "low", **f} for f in found]
    return {"ok": not found, "vulnerabilities": listed, "dependencyCount": 3, **more}


def sarif_log(run: dict[str, Any], **more: object) -> dict[str, Any]:
    properties = {"security-severity": "2.0", "tags": ["vulnerability"]}
    rules = [{"id": CVE, "properties": properties}]
    tool = {"tool": {"driver": {"name": "Trivy", "rules": rules}}}
    results = [{"ruleId": CVE, "level": "note", "message": {"text": "a"}}]
    return {"version": "2.1.0", "runs": [{"results": results, **tool, **run}], **more}


def counted(**numbers: object) -> dict[str, object]:
    return {"vulnerabilityDistribution": numbers}


SUCCESS: Final = "executionSuccessful"
FAILED: Final = {SUCCESS: False}
ELSEWHERE: Final = {"results": [{"location": {"uri": "results.sarif"}}]}
NVD: Final = {"V3Score": 9.8}
HIGH: Final = {"severity": "high"}
TWO: Final = counted(high=1, low=1, total=2)


@pytest.mark.parametrize(
    ("result", "code"),
    [
        ({REPORT: {"scanner": {"name": "x"}}}, UNREADABLE),
        ({REPORT: {"scanner": {}, "error": "x"}}, UNREADABLE),
        ({REPORT: harbor(), REPORT.replace("1.1", "1.0"): harbor()}, UNREADABLE),
        (harbor(severity="Critical"), SHOWN),
        (harbor({}, severity="High"), SHOWN),
        (harbor(vulnerabilities=None, severity="Low"), SHOWN),
        (harbor({"severity": "Unknown"}), FOUND),
        (harbor({"severity": None}), FOUND),
        (harbor({"severity": "Important "}), FOUND),
        (harbor({"preferred_cvss": {"score_v3": 9.8}}), FOUND),
        (harbor({"preferred_cvss": {"score_v3": None, "vector_v3": VECTOR}}), FOUND),
        (harbor({"vendor_attributes": {"CVSS": {"nvd": NVD}}}), FOUND),
        (harbor({"vendor_attributes": {"CVSS": {"nvd": {"V3Vector": VECTOR}}}}), FOUND),
        (harbor({"fix_version": ["2"]}), UNREADABLE),
        (harbor(artifact={"digest": f"sha256:{1:064x}"}), ANOTHER),
        (harbor(vulnerabilities="none"), UNREADABLE),
        (grype(cvss=[{"vector": VECTOR, "metrics": {}}]), FOUND),
        (grype(cvss=[{"vector": VECTOR}]), FOUND),
        (grype(cvss=[{"vector": VECTOR, "metrics": {"baseScore": 0}}]), FOUND),
        (grype(severity="Unknown"), FOUND),
        (grype(severity=""), FOUND),
        ({**grype(), "matches": [{"vulnerability": {"id": CVE}}]}, UNREADABLE),
        (anchore(vulnerability_type="os"), SHOWN),
        (anchore(vulnerability_type="non-os"), SHOWN),
        (anchore({"nvd_data": [{"cvss_v3": {"base_score": 9.8}}]}), FOUND),
        (anchore({"severity": "Unknown"}), FOUND),
        (anchore({"fix": ["2"]}), UNREADABLE),
        (anchore(imageDigest=f"sha256:{1:064x}"), ANOTHER),
        ([{"vuln": CVE, "severity": "Low", "package": "a"}, {"error": "x"}], UNREADABLE),
        (gitlab(status="failure"), UNREADABLE),
        (gitlab(status="Success"), UNREADABLE),
        (gitlab(partial_scan={"mode": "differential"}), UNREADABLE),
        (gitlab(partial_scan=False), UNREADABLE),
        (gitlab({"severity": "Undefined"}), FOUND),
        (gitlab({"cvss_vectors": [{"vendor": "NVD", "vector": VECTOR}]}), FOUND),
        (gitlab({"cvss_vectors": {"vector": VECTOR}}), UNREADABLE),
        (gitlab({"location": {"image": f"a@sha256:{1:064x}"}}), ANOTHER),
        (twistcli(**counted(critical=1, total=1)), SHOWN),
        (twistcli({}, **TWO), SHOWN),
        (twistcli({}, {}, **TWO), SHOWN),
        (twistcli({}, **counted(important=1, low=1)), SHOWN),
        (twistcli(**counted(total="1")), UNREADABLE),
        (twistcli(**counted(total=True)), UNREADABLE),
        (twistcli(vulnerabilityScanPassed=False), SHOWN),
        ({"results": [*twistcli()["results"], {"err": "not pulled"}]}, UNREADABLE),
        (twistcli({"cvss": 0, "vector": VECTOR}), FOUND),
        (twistcli({"severity": "unassigned"}), FOUND),
        (twistcli(digest=f"sha256:{1:064x}"), ANOTHER),
        (scout({"cvss": {"severity": "UNSPECIFIED"}}), FOUND),
        (scout({"cvss": {"severity": "LOW", "score": 0, "vector": VECTOR}}), FOUND),
        (scout({"severity": "high"}), FOUND),
        ([SCOUT, {"error": "not read"}], UNREADABLE),
        ([SCOUT, {"purl": "pkg:npm/b@1", "vulnerabilities": None}], UNREADABLE),
        (trivy(CVSS={"nvd": {"V3Score": 0, "V3Vector": VECTOR}}), FOUND),
        (snyk(ok=False), SHOWN),
        (snyk(ok="true"), SHOWN),
        (snyk({}, uniqueCount=2), SHOWN),
        (snyk({}, {}, uniqueCount=2), SHOWN),
        (snyk(uniqueCount="0"), UNREADABLE),
        ([snyk(), snyk(ok=False)], SHOWN),
        ({**snyk(), "applications": [snyk(uniqueCount=1)]}, SHOWN),
        (sarif_log({"externalPropertyFileReferences": ELSEWHERE}), UNREADABLE),
        (sarif_log({}, inlineExternalProperties=[{"results": [{}]}]), UNREADABLE),
        (sarif_log({"invocations": [FAILED]}), UNREADABLE),
        (sarif_log({"invocations": [{**FAILED, SUCCESS: None}]}), UNREADABLE),
        (sarif_log({"invocations": [{**FAILED, SUCCESS: "false"}]}), UNREADABLE),
    ],
)
def test_a_report_that_hides_a_part_or_a_score_does_not_clear(result: object, code: str) -> None:
    assert told(judged(scan(result))) == code


@pytest.mark.parametrize(
    "result",
    [
        {REPORT: harbor()},
        harbor(vulnerabilities=None, severity="Unknown"),
        harbor({}, severity="Low"),
        harbor({"preferred_cvss": {"score_v3": 3.0}, "vendor_attributes": None}),
        grype(cvss=[{"vector": LOW_VECTOR, "metrics": {}}]),
        anchore({}, vulnerability_type="all"),
        anchore({}),
        gitlab({"cvss_vectors": [{"vendor": "NVD", "vector": LOW_VECTOR}]}),
        gitlab(partial_scan=None),
        twistcli({}, **counted(critical=0, low=1, total=1)),
        twistcli(vulnerabilityScanPassed=True),
        twistcli({"cvss": 3.1, "vector": LOW_VECTOR}),
        scout({}),
        snyk(uniqueCount=0),
        snyk({}, {}, ok=False, uniqueCount=1),
        sarif_log({"externalPropertyFileReferences": {}}),
        sarif_log({"invocations": [{SUCCESS: True}, {}]}),
    ],
)
def test_a_report_that_is_whole_and_mild_passes(result: object) -> None:
    assert told(judged(scan(result))) == "passed"


@pytest.mark.parametrize(
    ("result", "code"),
    [
        (grype({"state": "fixed", "versions": []}, **HIGH), FOUND),
        (grype({"state": "fixed", "versions": "2"}, **HIGH), FOUND),
        (grype({"versions": ["2"]}, **HIGH), FOUND),
        (grype({"state": "unknown", "versions": ["2"]}, **HIGH), FOUND),
        (grype({"state": "wont-fix", "versions": ["2"]}, **HIGH), "passed"),
        (grype({"state": "unknown", "versions": []}, **HIGH), "passed"),
        (gitlab({"solution": "Update a to 2", **HIGH}), FOUND),
        ({**gitlab(HIGH), "remediations": [{"fixes": [{"id": "1"}]}]}, FOUND),
        ({**gitlab(HIGH), "remediations": [{"fixes": [{"id": "2"}]}]}, "passed"),
        (gitlab({"solution": "Unfortunately, there is no solution yet", **HIGH}), "passed"),
        (gitlab({"solution": "No solution available", **HIGH}), "passed"),
        (harbor({"fix_version": "2", **HIGH}), FOUND),
        (harbor({"fix_version": None, **HIGH}), "passed"),
        (anchore({"fix": "None", **HIGH}), "passed"),
        (anchore({"fix": "2", **HIGH}), FOUND),
        (twistcli({"status": "Fixed in: 2", **HIGH}), FOUND),
        (twistcli({"status": "will not fix", **HIGH}), "passed"),
        (twistcli({"status": ["fixed in 2"], **HIGH}), UNREADABLE),
        (scout({"fixed_by": "2", **HIGH}), FOUND),
        (scout({"fixed_by": "not fixed", **HIGH}), "passed"),
        (trivy(Severity="HIGH", FixedVersion={"a": "2"}), UNREADABLE),
    ],
)
def test_what_has_a_fix_is_not_judged_as_what_has_none(result: object, code: str) -> None:
    assert told(judged(scan(result), fail_on_unfixable="never")) == code


@pytest.mark.parametrize(
    "result",
    [
        harbor({"id": CVE.lower()}),
        anchore({"vuln": "ALAS-1", "nvd_data": [{"id": CVE}]}),
        gitlab({"identifiers": [{"type": "cwe", "value": "1"}, {"type": "x", "name": CVE}]}),
        scout({"source_id": "GHSA-1", "aliases": [CVE]}),
        twistcli({"id": "PRISMA-1"}, {"id": None, "cve": CVE}),
    ],
)
def test_a_denied_id_is_found_under_each_name_that_a_report_gives(result: object) -> None:
    assert told(judged(scan(result), deny=[CVE])) == DENIED


LEFT_OUT: Final = "vulnerabilities-left-out"
ONLY_FIXED: Final = {"only-fixed": True}


def filtered(**options: object) -> dict[str, Any]:
    return {"matches": [], "descriptor": {"name": "grype", "configuration": options}}


@pytest.mark.parametrize(
    ("result", "asked", "code"),
    [
        (snyk(severityThreshold="high"), {"fail_on": "medium"}, LEFT_OUT),
        (snyk(severityThreshold="high"), {"fail_on": "high"}, "passed"),
        (snyk(severityThreshold="low"), {"fail_on": "low"}, "passed"),
        (snyk(severityThreshold="high"), {"fail_on_unfixable": "low"}, LEFT_OUT),
        (snyk(severityThreshold="high"), {"fail_on_cvss": 5.0}, LEFT_OUT),
        (snyk(severityThreshold="high"), {"fail_on_cvss": 7.0}, "passed"),
        (snyk(severityThreshold="low"), {"deny": [CVE]}, "passed"),
        (snyk(severityThreshold="medium"), {"deny": [CVE]}, LEFT_OUT),
        (snyk(severityThreshold="grave"), {}, UNREADABLE),
        ([snyk(), snyk(severityThreshold="critical")], {}, LEFT_OUT),
        (snyk({"severity": "medium"}, severityThreshold="medium"), {"fail_on": "medium"}, FOUND),
        (filtered(**ONLY_FIXED), {}, LEFT_OUT),
        (filtered(**{"only-fixed": "yes"}), {}, LEFT_OUT),
        (filtered(**ONLY_FIXED), {"fail_on_unfixable": "never"}, "passed"),
        (filtered(**{"only-fixed": False, "only-notfixed": False}), {}, "passed"),
        (filtered(**{"only-notfixed": True}), {"fail_on_unfixable": "never"}, SHOWN),
    ],
)
def test_what_a_scanner_was_told_to_leave_out_is_not_taken_for_absent(
    result: object, asked: dict[str, object], code: str
) -> None:
    assert told(judged(scan(result), **asked)) == code
