from __future__ import annotations

import pytest

from gate.model.image import Digest
from gate.model.predicates import Rating
from gate.predicates.scanners import reports as scanners
from gate.predicates.scanners.report import rated, rating, score, vector_score
from tests.builders.scan_forms import FORMS
from tests.builders.scans import REPORTS, SARIF_RULE, sarif


@pytest.mark.parametrize("form", REPORTS)
def test_a_report_is_known_by_its_shape_and_read_whole(form: str) -> None:
    document, expected = REPORTS[form]
    report = scanners.parse(document)
    assert (report.form, report.findings) == (form, (expected,))


def test_every_reader_has_a_report_that_it_is_the_first_to_know() -> None:
    documents = [document for document, _ in (*REPORTS.values(), *FORMS.values())]
    first = {next(m for m in scanners.readers() if m.recognises(d)) for d in documents}
    assert [m.__name__ for m in scanners.readers() if m not in first] == []


@pytest.mark.parametrize(
    "document",
    [
        {"SchemaVersion": 2, "Results": [1]},
        {"SchemaVersion": 2, "Results": "x"},
        {"matches": [{}], "descriptor": {"name": "grype"}},
        {"version": "2.1.0", "runs": [{}]},
        {"version": "2.1.0", "runs": [{"tool": {"driver": {}}}]},
        {"version": "2.1.0", "runs": [{"tool": {"driver": {}}, "results": None}]},
        {
            "version": "2.1.0",
            "runs": [
                {"tool": {"driver": {}}, "results": []},
                {
                    "tool": {"driver": {}},
                    "results": [],
                    "invocations": [{"executionSuccessful": False}],
                },
            ],
        },
        {"scan": {"type": "container_scanning", "status": "failure"}, "vulnerabilities": []},
    ],
)
def test_a_report_of_a_known_form_that_is_broken_is_refused(document: object) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        scanners.parse(document)


@pytest.mark.parametrize("document", [None, "text", [], {}, {"findings": []}, [1], {"x": {}}])
def test_a_report_of_no_known_form_found_nothing_that_can_be_told(document: object) -> None:
    report = scanners.parse(document)
    assert (report.form, report.findings) == ("unknown", None)


def test_an_end_of_life_report_in_the_form_of_grype_is_not_taken_for_one() -> None:
    report = scanners.parse({"matches": [], "descriptor": {"name": "xeol"}})
    assert (report.form, report.findings) == ("xeol", None)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("HIGH", Rating.HIGH),
        (" moderate ", Rating.MEDIUM),
        ("unknown", None),
        ("", None),
        (None, None),
        (7, None),
    ],
)
def test_a_severity_word_that_is_not_known_is_unknown(
    value: object, expected: Rating | None
) -> None:
    assert rating(value) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        *((10, 10.0), ("7.5", 7.5), (-1, None), (True, None), ("x", None), ("nan", None)),
        *((10.1, 10.0), (10**400, 10.0), ("inf", 10.0), ("-inf", None)),
    ],
)
def test_a_score_above_its_scale_is_the_highest_and_one_below_it_none(
    value: object, expected: float | None
) -> None:
    assert score(value) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (9.0, Rating.CRITICAL),
        (8.9, Rating.HIGH),
        (6.9, Rating.MEDIUM),
        (3.9, Rating.LOW),
        (0.05, Rating.LOW),
        (0.0, None),
        (None, None),
    ],
)
def test_a_score_is_rated_as_cvss_rates_it(number: float | None, expected: Rating | None) -> None:
    assert rated(number) is expected


@pytest.mark.parametrize("vector", ["", "CVSS:3.1", "CVSS:3.1/AV:X", "x" * 9999, None, "AV:N"])
def test_a_vector_that_cannot_be_read_has_no_score(vector: object) -> None:
    assert vector_score(vector) is None


def test_an_unknown_severity_that_sarif_writes_as_a_score_of_zero_stays_unknown() -> None:
    rule = {
        "id": "CVE-2026-1",
        "properties": {"security-severity": "0.0", "tags": ["vulnerability", "UNKNOWN"]},
    }
    run = {
        "tool": {"driver": {"name": "Trivy", "rules": [rule]}},
        "results": [{"ruleId": "CVE-2026-1", "level": "note"}],
    }
    (found,) = scanners.parse({"version": "2.1.0", "runs": [run]}).findings or ()
    assert (found.id, found.rating) == ("CVE-2026-1", None)


@pytest.mark.parametrize(
    ("results", "targets"),
    [
        (None, 0),
        ([], 0),
        ([{"Target": "a", "Class": "secret"}, {"Target": "b", "Class": "config"}], 0),
        ([{"Target": "a", "Class": "license-file", "Licenses": []}], 0),
        ([{"Target": "a", "Class": "secret"}, {"Target": "b", "Class": "os-pkgs"}], 1),
        ([{"Target": "a", "Class": "lang-pkgs"}, {"Target": "b"}], 2),
    ],
)
def test_a_trivy_report_of_no_packages_looked_at_nothing(results: object, targets: int) -> None:
    report = scanners.parse({"SchemaVersion": 2, "ArtifactName": "a", "Results": results})
    assert (report.targets, report.findings) == (targets, ())


@pytest.mark.parametrize(
    "document",
    [
        {"SchemaVersion": 2, "ArtifactName": f"a.example/b@sha256:{'1' * 64}"},
        {
            "SchemaVersion": 2,
            "ArtifactName": "b:1",
            "Metadata": {"RepoDigests": [f"a.example/b@sha256:{'1' * 64}", "", 7]},
        },
        {
            "matches": [],
            "source": {
                "target": {
                    "userInput": "b:1",
                    "manifestDigest": f"sha256:{'2' * 64}",
                    "repoDigests": [f"a.example/b@sha256:{'1' * 64}"],
                }
            },
        },
        {
            "generated_at": "2026-11-01T00:00:00Z",
            "scanner": {"name": "Trivy"},
            "artifact": {"digest": f"sha256:{'1' * 64}"},
            "vulnerabilities": [],
        },
    ],
)
def test_a_report_names_the_image_that_it_looked_at(document: object) -> None:
    assert scanners.parse(document).about == {Digest("1" * 64)}


@pytest.mark.parametrize("name", ["shop", "shop@sha256:12", f"shop@sha256:{'1' * 64}:x", ""])
def test_a_name_without_a_digest_names_no_image(name: str) -> None:
    assert scanners.parse({"SchemaVersion": 2, "ArtifactName": name}).about == frozenset()


def test_an_empty_identifier_is_no_name_of_a_vulnerability() -> None:
    found = {
        "id": "x",
        "severity": "High",
        "identifiers": [
            {"type": "cve", "value": " "},
            {"type": "CWE", "value": "CWE-79"},
            {"type": "ghsa", "value": "GHSA-aaaa-bbbb-cccc"},
        ],
    }
    scan = {"type": "container_scanning", "status": "success"}
    (one,) = scanners.parse({"scan": scan, "vulnerabilities": [found]}).findings or ()
    assert (one.id, one.aliases) == ("GHSA-aaaa-bbbb-cccc", ())


@pytest.mark.parametrize(
    "result",
    [
        {"ruleIndex": 1},
        {"rule": {"index": 1}},
        {"rule": {"id": "CVE-2026-1234-openssl"}},
        {"ruleId": "CVE-2026-1234-openssl", "ruleIndex": 0},
    ],
)
def test_a_sarif_result_names_its_rule_by_id_or_by_place(result: object) -> None:
    driver = {"name": "grype", "rules": [{"id": "other"}, SARIF_RULE]}
    (found,) = scanners.parse(sarif([result], driver)).findings or ()
    assert (found.id, found.rating) == ("CVE-2026-1234", Rating.CRITICAL)


@pytest.mark.parametrize(
    "result",
    [
        {},
        {"ruleIndex": -1},
        {"ruleIndex": 1},
        {"ruleIndex": True},
        {"ruleIndex": "0"},
        {"ruleId": "", "ruleIndex": 0},
        {"rule": {"index": 0, "toolComponent": {"index": 0}}},
    ],
)
def test_a_sarif_result_whose_rule_cannot_be_told_is_refused(result: object) -> None:
    with pytest.raises(ValueError, match="a result's ruleId is missing or not text"):
        scanners.parse(sarif([result], {"rules": [SARIF_RULE]}))


def test_a_sarif_rule_of_an_extension_rates_its_results() -> None:
    driver = {"name": "grype"}
    document = sarif([{"ruleId": "CVE-2026-1234-openssl"}], driver, {"rules": [SARIF_RULE]})
    (found,) = scanners.parse(document).findings or ()
    assert found.rating is Rating.CRITICAL


@pytest.mark.parametrize("version", ["2.0.0", "2.0.0-csd.2.beta.2019-01-09", "2.1.0-beta.0"])
def test_sarif_of_another_version_is_refused_by_name(version: str) -> None:
    with pytest.raises(ValueError, match=r"the SARIF version is not 2\.1\.0"):
        scanners.parse({"version": version, "runs": []})


def test_harbors_report_is_read_under_either_of_its_media_types() -> None:
    document, expected = REPORTS["harbor"]
    for kind in ("security.vulnerability.report", "scanner.adapter.vuln.report.harbor+json"):
        report = scanners.parse({f"application/vnd.{kind}; version=1.0": document})
        assert (report.form, report.findings) == ("harbor", (expected,))


@pytest.mark.parametrize(
    ("name", "document"),
    [
        ("trivy-kubernetes", {"ClusterName": "c", "Resources": []}),
        ("trivy-kubernetes", {"ClusterName": "c", "Vulnerabilities": []}),
        ("anchore", {"metadata": {}, "securityEvaluation": []}),
        ("aqua", {"image_name": "a", "disallowed": True, "cves": []}),
        ("sysdig", {"info": {}, "scanner": {}, "result": {}}),
        ("neuvector", {"report": {"vulnerabilities": []}}),
        ("jfrog-xray", [{"scan_id": "1", "component_id": "x", "vulnerabilities": []}]),
        ("jfrog-xray", {"total_rows": 1, "rows": [{"impacted_artifact": "x"}]}),
        ("jfrog-xray", {"total_count": 1, "data": [{"component_versions": {}}]}),
        ("jfrog-xray", {"artifacts": [{"issues": []}]}),
        ("gcloud", {"image_summary": {}, "package_vulnerability_summary": {}}),
        ("dependency-track", {"meta": {"application": "Dependency-Track"}, "findings": []}),
        ("gitlab", {"vulnerabilities": [{"category": "container_scanning"}]}),
        ("npm-audit", {"auditReportVersion": 2, "vulnerabilities": {}}),
        ("npm-audit", {"advisories": {}, "metadata": {}}),
        ("composer-audit", {"advisories": [], "abandoned": []}),
        ("cargo-audit", {"database": {}, "lockfile": {}, "vulnerabilities": {}}),
        ("nancy", {"num_audited": 1, "num_vulnerable": 0}),
        ("dotnet-list", {"parameters": "", "sources": [], "projects": []}),
        ("govulncheck", {"config": {"protocol_version": "v1.0.0"}}),
        ("govulncheck", {"Calls": None, "Imports": None, "Vulns": []}),
        ("pip-audit", {"dependencies": [{"name": "a", "version": "1", "vulns": []}]}),
    ],
)
def test_a_report_that_is_not_read_is_told_by_name(name: str, document: object) -> None:
    report = scanners.parse(document)
    assert (report.form, report.findings) == (name, None)


@pytest.mark.parametrize(
    "document",
    [
        {"config": {"url": "https://fuzzer.example"}, "results": []},
        {"dependencies": {"left-pad": {"version": "1.0.0"}}},
        {"dependencies": [{"name": "a", "version": "1"}]},
    ],
)
def test_a_file_that_shares_a_key_with_a_report_is_not_called_by_its_name(document: object) -> None:
    assert scanners.parse(document).form == "unknown"
