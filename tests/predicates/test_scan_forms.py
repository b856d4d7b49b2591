"""Forms of scanners' reports beyond those of test_scanners, and what each tells and does not."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any, Final

import pytest

from gate.model.image import Digest
from gate.model.predicates import Rating, Unreadable, VulnerabilityScan
from gate.predicates import parse, scanners
from gate.predicates.scanners import cyclonedx, reports
from gate.predicates.scanners.report import MOST, named_digests, severity
from gate.predicates.scanners.sarif_drivers import DRIVERS
from gate.predicates.scanners.tools import ALIASES, TOOLS, tool_name
from tests.builders.scan_forms import (
    ANCHORECTL,
    FORMS,
    IMAGE,
    PURL,
    clair,
    twistcli,
    vdr,
)
from tests.builders.scans import REPORTS


@pytest.mark.parametrize("form", FORMS)
def test_a_report_is_known_by_its_shape_and_read_whole(form: str) -> None:
    document, expected = FORMS[form]
    report = reports.parse(document)
    assert (report.form, report.findings, report.doubt) == (form, (expected,), None)


def test_a_list_of_anchorectl_is_read_without_an_image() -> None:
    report = reports.parse([ANCHORECTL])
    (found,) = report.findings or ()
    assert (report.form, report.about, found.fixed_in) == ("anchore", frozenset(), "")


@pytest.mark.parametrize("form", ["clair", "twistlock", "anchore", "cyclonedx"])
def test_a_form_that_names_its_image_is_read_with_the_digest(form: str) -> None:
    assert reports.parse(FORMS[form][0]).about == {Digest(IMAGE)}


@pytest.mark.parametrize("form", ["twistlock", "cyclonedx"])
def test_a_form_that_dates_itself_is_read_with_its_time(form: str) -> None:
    assert str(reports.parse(FORMS[form][0]).finished).startswith("2026-11-20 10:00:00")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("aqua", "repo_digests"),
        ("neuvector", "imageDigest"),
        ("sysdig", "RepoDigests"),
        ("npm-audit", "imageHash"),
    ],
)
def test_a_form_that_is_only_named_is_read_with_the_digest_of_its_image(
    name: str, key: str
) -> None:
    shapes: dict[str, dict[str, Any]] = {
        "aqua": {"image_name": "a", "disallowed": True, "cves": []},
        "neuvector": {"report": {"vulnerabilities": []}},
        "sysdig": {"info": {}, "scanner": {}, "result": {}},
        "npm-audit": {"auditReportVersion": 2, "vulnerabilities": {}},
    }
    named = f"ghcr.io/acme/shop@sha256:{IMAGE}"
    value = {**shapes[name], "metadata": {key: [named] if key.endswith("igests") else named}}
    report = reports.parse(value)
    assert (report.form, report.about) == (name, frozenset({Digest(IMAGE)}))


def test_a_digest_of_a_layer_or_of_an_image_id_is_not_taken_for_the_images() -> None:
    other = f"sha256:{IMAGE}"
    assert named_digests({"layers": [{"digest": other}], "imageID": other, "id": other}) == set()


def test_a_report_of_any_size_is_looked_through_for_a_digest_in_bounded_time() -> None:
    assert named_digests([{"a": {}} for _ in range(MOST)]) == set()


@pytest.mark.parametrize(
    ("words", "rating"),
    [
        (("high", "critical"), Rating.CRITICAL),
        (("medium", None, ""), Rating.MEDIUM),
        (("medium", "unassigned"), None),
        (("critical", "unassigned"), Rating.CRITICAL),
        ((), None),
        ((None,), None),
    ],
)
def test_the_highest_word_counts_and_an_unknown_one_is_never_low(
    words: tuple[object, ...], rating: Rating | None
) -> None:
    assert severity(*words) is rating


def test_snyk_means_critical_where_it_writes_high_for_older_readers() -> None:
    found = {"id": "SNYK-1", "severity": "high", "severityWithCritical": "critical"}
    report = reports.parse({"ok": False, "dependencyCount": 1, "vulnerabilities": [found]})
    assert [f.rating for f in report.findings or ()] == [Rating.CRITICAL]


def test_trivys_other_sources_are_quoted_beside_its_own_word() -> None:
    found = {
        "VulnerabilityID": "CVE-2026-1",
        "Severity": "LOW",
        "SeveritySource": "debian",
        "VendorSeverity": {"debian": 1, "nvd": 4, "other": 9, "odd": True},
        "CVSS": {"nvd": {"V3Score": 9.8}, "redhat": {"V3Score": 5.5}},
    }
    document = {"SchemaVersion": 2, "Results": [{"Target": "a", "Vulnerabilities": [found]}]}
    (read,) = reports.parse(document).findings or ()
    assert (read.rating, read.quoted, read.score) == (Rating.LOW, Rating.CRITICAL, 9.8)


@pytest.mark.parametrize(
    ("ratings", "rating", "score"),
    [
        ([{"severity": "low"}, {"severity": "high"}], Rating.HIGH, None),
        ([{"severity": "low"}, {"severity": "unknown"}], None, None),
        ([{"severity": "critical"}, {"severity": "unknown"}], Rating.CRITICAL, None),
        ([{"score": 9.8}], Rating.CRITICAL, 9.8),
        ([], None, None),
    ],
)
def test_of_the_ratings_of_cyclonedx_the_highest_counts_and_unknown_is_never_low(
    ratings: list[object], rating: Rating | None, score: float | None
) -> None:
    (found,) = reports.parse(vdr({"id": "CVE-2026-1", "ratings": ratings})).findings or ()
    assert (found.rating, found.score) == (rating, score)


@pytest.mark.parametrize(
    ("vendor", "normal", "rating"),
    [
        ("important", "Medium", Rating.HIGH),
        ("CVSS:3.1/AV:L/AC:L", "Low", Rating.LOW),
        ("low", "Unknown", None),
        ("low", "", None),
    ],
)
def test_clairs_own_word_is_raised_by_the_distributions_and_never_lowered(
    vendor: str, normal: str, rating: Rating | None
) -> None:
    read = reports.parse(clair(severity=vendor, normalized_severity=normal))
    assert [f.rating for f in read.findings or ()] == [rating]


def test_a_package_with_a_vulnerability_that_clair_does_not_describe_has_an_unknown_one() -> None:
    read = reports.parse({**clair(), "vulnerabilities": {}})
    assert [(f.id, f.rating) for f in read.findings or ()] == [("100", None)]


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ({"results": []}, "lists no package, so it does not show which"),
        (twistcli(vulnerabilityDistribution={"low": 1, "total": 1}), "counts more vulnerabilities"),
        (vdr(tool="trivy"), "does not show that any was looked for"),
        (vdr(tool="acme"), "does not show that any was looked for"),
        (
            {"ok": True, "packageManager": "k8sconfig", "vulnerabilities": []}
            | {"infrastructureAsCodeIssues": []},
            "looks at settings and not at packages",
        ),
        ({"error": "failed to pull the image"}, "holds no scanner's report that gate knows"),
        (["pulling ghcr.io/acme/shop:1.0"], "holds no scanner's report that gate knows"),
        ({}, "holds no scanner's report that gate knows"),
        (None, "holds no scanner's report that gate knows"),
    ],
)
def test_a_report_that_does_not_show_that_packages_were_looked_at_is_no_scan(
    document: object, why: str
) -> None:
    doubt = reports.parse(document).doubt
    assert doubt is not None
    assert why in doubt.why


@pytest.mark.parametrize(
    "document",
    [twistcli(), vdr(), {**clair(), "vulnerabilities": {}, "package_vulnerabilities": {}}],
)
def test_a_clean_report_that_shows_what_was_looked_at_found_nothing(document: object) -> None:
    report = reports.parse(document)
    assert (report.findings, report.doubt, report.targets != 0) == ((), None, True)


def sarif(name: str, *results: object, rules: object = (), **run: object) -> dict[str, Any]:
    driver = {"name": name, "rules": list(rules) if isinstance(rules, tuple | list) else rules}
    return {
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": list(results), **run}],
    }


FOUND = {"ruleId": "CVE-2026-1", "level": "warning"}


@pytest.mark.parametrize("name", ["Checkov", "Semgrep OSS", "Hadolint", "Acme Scanner", "", "Gryp"])
@pytest.mark.parametrize("results", [[], [FOUND]])
def test_sarif_by_what_is_no_vulnerability_scanner_that_gate_knows_is_no_scan(
    name: str, results: list[object]
) -> None:
    report = reports.parse(sarif(name, *results))
    assert report.doubt is not None
    assert report.findings is None
    assert report.doubt.why == (
        f"holds SARIF by {name or 'an unnamed tool'}, which is no vulnerability scanner "
        "that gate knows"
    )


@pytest.mark.parametrize("name", ["Snyk Code", "Snyk IaC"])
def test_sarif_by_another_mode_of_a_scanner_is_no_scan(name: str) -> None:
    assert reports.parse(sarif(name)).findings is None


@pytest.mark.parametrize("name", sorted(set(DRIVERS) - {"trivy"}))
def test_sarif_of_a_known_scanner_is_read(name: str) -> None:
    report = reports.parse(sarif(name, FOUND))
    assert (report.doubt, len(report.findings or ())) == (None, 1)


@pytest.mark.parametrize(
    ("run", "rule", "is_scan"),
    [
        ({"properties": {"imageName": "shop:1.0"}}, None, True),
        ({"properties": {}}, None, False),
        ({}, {"id": "CVE-2026-1", "name": "OsPackageVulnerability"}, True),
        ({}, {"id": "CVE-2026-1", "properties": {"tags": ["vulnerability", "HIGH"]}}, True),
        ({}, {"id": "DS001", "name": "Misconfiguration"}, False),
        ({"properties": {"imageName": "shop:1.0"}}, {"id": "x", "name": "Secret"}, False),
    ],
)
def test_trivys_sarif_is_a_scan_where_it_shows_that_packages_of_an_image_were_looked_at(
    run: dict[str, object], rule: dict[str, object] | None, *, is_scan: bool
) -> None:
    results = [{"ruleId": rule["id"]}] if rule else []
    report = reports.parse(sarif("Trivy", *results, rules=[rule] if rule else [], **run))
    assert (report.doubt is None, report.findings is not None) == (is_scan, is_scan)
    if report.doubt:
        assert report.doubt.remedy == (
            "attest the report of `trivy image --format json`, which shows it"
        )


def test_an_empty_sarif_of_osv_scanner_says_which_report_shows_what_was_looked_at() -> None:
    report = reports.parse(sarif("osv-scanner"))
    assert report.doubt is not None
    assert (report.findings, "--all-packages" in report.doubt.remedy) == ((), True)


def test_one_empty_run_of_several_of_one_scanner_is_a_scan() -> None:
    both = sarif("Trivy", {"ruleId": "CVE-2026-1"}, rules=[{"id": "CVE-2026-1", "name": "x"}])
    both["runs"][0]["tool"]["driver"]["rules"][0]["name"] = "OsPackageVulnerability"
    both["runs"] += sarif("Trivy")["runs"]
    assert reports.parse(both).doubt is None


def test_a_run_of_another_tool_beside_a_scanners_makes_the_whole_undecided() -> None:
    both = sarif("Grype")
    both["runs"] += sarif("Checkov")["runs"]
    assert reports.parse(both).findings is None


@pytest.mark.parametrize("name", ["Grype", "osv-scanner", "Prisma Cloud (twistcli)", "Anchore"])
def test_a_level_is_no_severity_but_of_tools_that_grade_by_it(name: str) -> None:
    (found,) = reports.parse(sarif(name, FOUND)).findings or ()
    assert found.rating is None


@pytest.mark.parametrize(
    ("level", "rating"),
    [("warning", Rating.MEDIUM), ("error", None), ("note", None), ("none", None), (None, None)],
)
@pytest.mark.parametrize("name", ["Snyk Container", "Snyk Open Source", "container-scan"])
def test_of_tools_that_grade_by_level_a_warning_is_medium_and_nothing_else_is_told(
    name: str, level: str | None, rating: Rating | None
) -> None:
    (found,) = reports.parse(sarif(name, {"ruleId": "X", "level": level})).findings or ()
    assert found.rating is rating


@pytest.mark.parametrize(
    ("properties", "rating", "score"),
    [
        ({"cvssV3_severity": "UNSPECIFIED", "security-severity": "3.1"}, None, None),
        ({"tags": ["UNKNOWN"], "security-severity": "3.1"}, None, None),
        ({"tags": ["UNSPECIFIED", "LOW"], "security-severity": "3.1"}, None, None),
        ({"tags": ["UNSPECIFIED"], "cvssV3_severity": "CRITICAL"}, Rating.CRITICAL, None),
        ({"cvssV3_severity": "LOW", "security-severity": "3.1"}, Rating.LOW, 3.1),
        ({"tags": ["LOW", "HIGH"], "security-severity": "3.1"}, Rating.HIGH, 3.1),
    ],
)
def test_a_rule_that_calls_itself_unspecified_has_no_score(
    properties: dict[str, object], rating: Rating | None, score: float | None
) -> None:
    rule = {"id": "CVE-2026-1", "properties": properties}
    (found,) = reports.parse(sarif("docker scout", FOUND, rules=[rule])).findings or ()
    assert (found.rating, found.score) == (rating, score)


def test_a_rule_of_docker_scout_names_its_package_and_what_mends_it() -> None:
    rule = {"id": "CVE-2026-1", "properties": {"purls": [PURL], "fixed_version": "2.17.0"}}
    (found,) = reports.parse(sarif("docker scout", FOUND, rules=[rule])).findings or ()
    assert (found.purl, found.fixed_in) == (PURL, "2.17.0")
    rule["properties"] = {"purls": [PURL], "fixed_version": "not fixed"}
    (found,) = reports.parse(sarif("docker scout", FOUND, rules=[rule])).findings or ()
    assert found.fixed_in == ""


@pytest.mark.parametrize(
    ("name", "tool"), [(name, tool) for tool, names in ALIASES.items() for name in (tool, *names)]
)
def test_a_tool_is_known_by_every_name_that_it_calls_itself(name: str, tool: str) -> None:
    assert tool_name(name) == tool
    assert tool_name(f"pkg:generic/{name.upper()}@1.2.3") == tool


@pytest.mark.parametrize(
    "name", ["", "Acme Cloud", "scouting", "wizard", "aquarium", "Prism Cloud", "clairvoyant"]
)
def test_a_tool_that_only_resembles_a_known_one_keeps_its_own_name(name: str) -> None:
    assert tool_name(name) == name


def test_a_more_telling_name_counts_before_the_name_of_its_maker() -> None:
    assert tool_name("pkg:github/anchore/grype@0.80") == "grype"
    assert tool_name("pkg:github/aquasecurity/trivy@0.60") == "trivy"
    assert len(set(TOOLS)) == len(TOOLS)


def test_every_module_of_the_room_that_reads_a_report_is_listed_once() -> None:
    folder = Path(scanners.__path__[0])
    reading = {
        f"{scanners.__name__}.{file.stem}"
        for file in folder.glob("*.py")
        if "\ndef recognises(" in file.read_text()
    }
    assert sorted(reading) == sorted(module.__name__ for module in reports.readers())


def test_a_scan_without_a_report_is_read_as_one_that_shows_nothing() -> None:
    stated = {
        "scanner": {"uri": "trivy", "result": None},
        "metadata": {"scanFinishedOn": "2026-11-20T10:00:00Z"},
    }
    read = parse("https://cosign.sigstore.dev/attestation/vuln/v1", stated)
    assert not isinstance(read, Unreadable)
    assert isinstance(read, VulnerabilityScan)
    assert (read.findings, read.doubt) == (None, reports.NOT_A_SCAN)


@pytest.mark.parametrize(
    ("tool", "more", "found"),
    [
        ("grype", {}, ()),
        ("grype", {"vulnerabilities": []}, ()),
        ("Grype", {}, ()),
        ("trivy", {}, None),
        ("syft", {}, None),
        ("", {}, None),
    ],
)
def test_cyclonedx_without_a_list_of_vulnerabilities_is_a_clean_scan_by_grype_alone(
    tool: str, more: dict[str, object], found: tuple[object, ...] | None
) -> None:
    tools = {"components": [{"type": "application", "author": "anchore", "name": tool}]}
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.7",
        "metadata": {"timestamp": "2026-11-29T14:16:57Z", "tools": tools},
        "components": [{"type": "library", "name": "idna", "version": "3.10"}],
        **more,
    }
    assert cyclonedx.recognises(document) is (found is not None)
    if found is not None:
        read = cyclonedx.read(document)
        assert (read.findings, read.doubt, read.targets) == (found, None, 1)


WORST_BY_2: Final = "AV:N/AC:L/Au:N/C:C/I:C/A:C"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ({"V2Score": 7.5}, 7.5),
        ({"V2Vector": WORST_BY_2}, 10.0),
        ({"V2Score": 10, "V3Score": 5.5}, 5.5),
        ({"V2Score": 10, "V40Score": 5.5}, 5.5),
        ({"V2Score": 7.5, "V3Score": 0}, 7.5),
        ({"V2Score": 0}, None),
        ({}, None),
    ],
)
def test_a_score_of_cvss_2_counts_where_its_source_has_no_newer_one(
    source: dict[str, object], expected: float | None
) -> None:
    low = {"VulnerabilityID": "CVE-2026-1", "Severity": "LOW", "CVSS": {"nvd": source}}
    document = {"SchemaVersion": 2, "Results": [{"Target": "a", "Vulnerabilities": [low]}]}
    (read,) = reports.parse(document).findings or ()
    assert (read.rating, read.score) == (Rating.LOW, expected)


@pytest.mark.parametrize(
    ("preferred", "expected"),
    [
        ({"score_v2": 7.5}, 7.5),
        ({"score_v3": 0, "score_v2": 0, "vector_v3": "", "vector_v2": WORST_BY_2}, 10.0),
        ({"score_v2": 10, "score_v3": 5.5}, 5.5),
        ({"score_v2": 0}, None),
    ],
)
def test_so_does_the_one_that_harbor_prefers(
    preferred: dict[str, object], expected: float | None
) -> None:
    document = copy.deepcopy(REPORTS["harbor"][0])
    document["vulnerabilities"][0]["preferred_cvss"] = preferred
    (read,) = reports.parse(document).findings or ()
    assert read.score == expected
