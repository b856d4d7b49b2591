"""Ways to make a scan or a VEX document milder than its words: none clears the image."""

from __future__ import annotations

from typing import Any, Final

import pytest

from gate.checks.sbom import CHECK as SBOM
from gate.checks.sbom import SbomParams
from gate.model.evidence import VerifiedAttestation
from gate.model.predicates import Predicate
from gate.predicates import types
from tests.builders.judged_scans import (
    COSIGN,
    CVE,
    DENIED,
    FOUND,
    LOW_VECTOR,
    UNREADABLE,
    VECTOR,
    WHEN,
    attested,
    judged,
    scan,
    told,
    trivy,
)
from tests.checks import given

IN_TOTO, OPENVEX = types.SCAN_IN_TOTO[0], types.OPENVEX[0]


def sarif(
    *results: dict[str, Any],
    rules: list[Any],
) -> dict[str, Any]:
    driver = {"name": "Trivy", "rules": rules}
    found = [{"level": "note", "message": {"text": "a"}, **r} for r in results]
    return {"version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": found}]}


def rule(score: str, name: str = CVE) -> dict[str, Any]:
    return {"id": name, "properties": {"security-severity": score, "tags": ["vulnerability"]}}


def osv(**more: Any) -> dict[str, Any]:  # noqa: ANN401  # parts of a vulnerability
    groups = more.pop("groups", [])
    package = {
        "package": {"name": "a", "version": "1"},
        "vulnerabilities": [{"id": "OSV-1", **more}],
        "groups": groups,
    }
    return {"results": [{"source": {}, "packages": [package]}]}


def snyk(*more: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"ok": True, "vulnerabilities": [], "dependencyCount": 3}, *more]


def clair(**more: object) -> dict[str, Any]:
    found = {"1": {"name": CVE, "normalized_severity": "Critical"}}
    packages = {"1": {"name": "a", "version": "1"}}
    report = {"manifest_hash": f"{given.INDEX}", "packages": packages, "vulnerabilities": found}
    return {**report, "package_vulnerabilities": {"1": ["1"]}, **more}


def cyclonedx(*components: object, **more: object) -> dict[str, Any]:
    found = {"id": CVE, "ratings": [{"severity": "critical"}], **more}
    listed = {"components": list(components), "vulnerabilities": [found]}
    return {"bomFormat": "CycloneDX", "specVersion": "1.5", **listed}


def listed(**more: object) -> list[dict[str, object]]:
    return [{"id": CVE, "severity": [{"method": "nvd", "score": "low"}], **more}]


def vex(*statements: dict[str, object], **more: object) -> VerifiedAttestation[Predicate]:
    document = {"@context": OPENVEX, "timestamp": WHEN, "statements": list(statements), **more}
    return attested(document, OPENVEX)


def safe(**more: object) -> dict[str, object]:
    why = "vulnerable_code_not_present"
    return {"vulnerability": {"name": CVE}, "status": "not_affected", "justification": why, **more}


def of_image(**more: object) -> dict[str, object]:
    return {"hashes": {"sha-256": given.INDEX.hex}, **more}


NOTHING: Final = "vulnerabilities-nothing-scanned"
LOW: Final = {"type": "CVSS_V3", "score": LOW_VECTOR}


@pytest.mark.parametrize(
    ("result", "code"),
    [
        (sarif({"ruleId": CVE}, rules=[rule("9.8"), rule("2.0")]), FOUND),
        (sarif({"ruleIndex": 0}, rules=[rule("9.8"), rule("2.0")]), FOUND),
        (
            sarif({"ruleId": CVE, "properties": {"security-severity": "9.8"}}, rules=[rule("2.0")]),
            FOUND,
        ),
        (sarif({"ruleId": CVE, "suppressions": [{"kind": "external"}]}, rules=[rule("9")]), FOUND),
        (sarif({"ruleId": CVE, "kind": "pass"}, rules=[rule("9.8")]), FOUND),
        (sarif({"ruleId": CVE}, rules=[rule("NaN")]), FOUND),
        (osv(severity=[LOW, {"type": "Ubuntu", "score": "critical"}]), FOUND),
        (osv(severity=[LOW, {"type": "CVSS_V4", "score": "CVSS:4.0/broken"}]), FOUND),
        (osv(severity=[{"type": "CVSS_V3", "score": "CVSS:3.1/broken"}]), FOUND),
        (snyk({"ok": False, "error": "not resolved", "path": "b"}), UNREADABLE),
        (snyk({"ok": True, "vulnerabilities": None, "dependencyCount": 1}), UNREADABLE),
        ([{**snyk()[0], "applications": [{"ok": False, "error": "x"}]}], UNREADABLE),
        ([{**snyk()[0], "ok": False, "error": "x"}], UNREADABLE),
        (clair(package_vulnerabilities=None), FOUND),
        (clair(package_vulnerabilities={}), FOUND),
        (clair(package_vulnerabilities={"1": ["2"]}), FOUND),
        (clair(vulnerabilities={}), FOUND),
        (trivy(Severity="CRITICAL", Status="not_affected"), FOUND),
        (trivy(Severity=" critical "), FOUND),
        ({"SchemaVersion": 2, "ArtifactName": "a", "Results": [{}]}, NOTHING),
        (
            {
                "SchemaVersion": 2,
                "ArtifactName": "a",
                "Results": [{"Target": "x", "Class": "secret", "Vulnerabilities": None}],
            },
            NOTHING,
        ),
        (cyclonedx(analysis={"state": "not_affected"}), FOUND),
        (cyclonedx(rejected="2020-01-01T00:00:00Z"), FOUND),
        (cyclonedx(ratings=[]), FOUND),
        (cyclonedx(ratings=[{"severity": "low", "score": 9.9}]), FOUND),
        (cyclonedx(ratings=[{"severity": "low"}, {"severity": "unknown"}]), FOUND),
    ],
)
def test_a_report_that_seems_milder_than_its_words_blocks(result: object, code: str) -> None:
    assert told(judged(scan(result))) == code


@pytest.mark.parametrize(
    "result",
    [
        sarif({"ruleId": CVE}, rules=[rule("3.0"), rule("2.0")]),
        sarif({"ruleId": CVE, "properties": {"security-severity": "2.1"}}, rules=[rule("2.0")]),
        osv(severity=[LOW, {"type": "Ubuntu", "score": "low"}]),
        snyk({"ok": True, "vulnerabilities": [], "dependencyCount": 1}),
        clair(vulnerabilities={}, package_vulnerabilities=None),
        trivy(Severity="LOW"),
        cyclonedx(ratings=[{"severity": "low"}]),
    ],
)
def test_a_report_that_is_as_mild_as_it_seems_passes(result: object) -> None:
    assert told(judged(scan(result))) == "passed"


@pytest.mark.parametrize(
    ("result", "code"),
    [
        (
            listed(vulnerability={"id": CVE, "severity": [{"score": "low"}]}, severity=[]),
            UNREADABLE,
        ),
        (listed(vulnerability={"id": "CVE-2026-2"}), UNREADABLE),
        (listed(vulnerability="CVE-2026-2"), UNREADABLE),
        (listed(severity=[{"score": "low"}, "critical"]), FOUND),
        (listed(severity=[{"score": "low"}, {"score": ["critical"]}]), FOUND),
        (listed(severity=[{"score": "low"}, {"score": "-1"}]), FOUND),
        (listed(severity="critical"), FOUND),
        (listed(severity=[]), FOUND),
        (listed(), "passed"),
        ([{"vulnerability": {"id": CVE, "severity": [{"score": "low"}]}}], "passed"),
    ],
)
def test_an_item_of_an_in_toto_scan_says_one_thing(result: object, code: str) -> None:
    assert told(judged(scan(result, IN_TOTO))) == code


@pytest.mark.parametrize(
    "more",
    [
        {"upstream": [CVE]},
        {"aliases": [CVE.lower()]},
        {"groups": [{"ids": ["OSV-1"], "aliases": ["OSV-1", CVE]}]},
    ],
)
def test_a_denied_id_is_found_under_each_name_that_osv_scanner_gives(more: dict[str, Any]) -> None:
    report = scan(osv(severity=[LOW], **more))
    assert told(judged(report, deny=[CVE])) == DENIED
    assert told(judged(report, deny=["CVE-2026-9"])) == "passed"


@pytest.mark.parametrize(
    "result",
    [
        trivy(CVSS={"nvd": {"V3Vector": VECTOR}}),
        [{**snyk()[0], "vulnerabilities": [{"id": CVE, "severity": "low", "CVSSv3": VECTOR}]}],
    ],
)
def test_a_vector_without_its_number_is_a_score(result: object) -> None:
    assert told(judged(scan(result), fail_on="critical", fail_on_cvss=7.0)) == FOUND


@pytest.mark.parametrize(
    ("result", "kind"),
    [
        (cyclonedx(), COSIGN),
        (sarif({"ruleId": CVE}, rules=[rule("9.8")]), COSIGN),
        (listed(severity=[{"method": "nvd", "score": "9.8"}]), IN_TOTO),
    ],
    ids=["CycloneDX", "SARIF", "in-toto"],
)
def test_what_does_not_say_whether_there_is_a_fix_is_not_judged_as_without_one(
    result: object, kind: str
) -> None:
    assert told(judged(scan(result, kind), fail_on_unfixable="never")) == FOUND
    # Nor as with one: the stricter of both decides.
    asks = {"fail_on": "critical", "fail_on_unfixable": "low"}
    assert told(judged(scan(result, kind), **asks)) == FOUND


@pytest.mark.parametrize(("fixed", "code"), [("not fixed", "passed"), ("2", FOUND), ("", FOUND)])
def test_sarif_that_says_whether_there_is_a_fix_is_believed(fixed: str, code: str) -> None:
    one = rule("9.8")
    one["properties"]["fixed_version"] = fixed
    report = sarif({"ruleId": CVE}, rules=[one])
    assert told(judged(scan(report), fail_on_unfixable="never")) == code


WRONG: Final[tuple[object, ...]] = ({}, "", 0, False)
HARMLESS: Final = "pkg:npm/harmless@1"


@pytest.mark.parametrize(
    ("components", "affects", "code"),
    [
        ([{"name": "harmless", "purl": HARMLESS}], [], FOUND),
        (
            [
                {"name": "worse", "bom-ref": "a", "purl": "pkg:npm/worse@1"},
                {"name": "harmless", "bom-ref": "a", "purl": HARMLESS},
            ],
            [{"ref": "a"}],
            FOUND,
        ),
        ([{"name": "harmless", "bom-ref": "a", "purl": HARMLESS}], [{"ref": "a"}], "warned"),
    ],
)
def test_a_finding_of_no_one_component_is_not_excused_as_that_of_another(
    components: list[object], affects: list[object], code: str
) -> None:
    report = scan(cyclonedx(*components, affects=affects))
    assert told(judged(report, vex(safe(products=[HARMLESS])), vex=["scanner"])) == code


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        *((safe(products=[of_image(subcomponents=wrong)]), FOUND) for wrong in WRONG),
        (safe(products=[of_image(subcomponents=[{}])]), FOUND),
        *((safe(last_updated=wrong), FOUND) for wrong in WRONG),
        (safe(products={}), FOUND),
        (safe(products=[]), FOUND),
        (safe(status="NOT_AFFECTED"), FOUND),
        (safe(vulnerability=[CVE]), FOUND),
        (safe(products=[{"hashes": {"sha-512": given.INDEX.hex}}]), FOUND),
        (safe(products=["pkg:npm/a"]), FOUND),
        (safe(products=["pkg:oci/shop?repository_url=evil.example/acme/shop"]), FOUND),
        (safe(products=[of_image()]), "warned"),
        (safe(products=[of_image(subcomponents=None)]), "warned"),
        (safe(last_updated=WHEN), "warned"),
    ],
)
def test_a_vex_statement_of_a_wrong_shape_excuses_nothing(
    statement: dict[str, object], code: str
) -> None:
    report = scan(trivy(Severity="CRITICAL", PkgIdentifier={"PURL": "pkg:npm/a@1"}))
    assert told(judged(report, vex(statement), vex=["scanner"])) == code


BAD: Final = "pkg:npm/lodash@4.17.20"
PURL_URI: Final = "http://spdx.org/rdf/references/purl"


@pytest.mark.parametrize(
    ("references", "code"),
    [
        ([("purl", "pkg:npm/safe@1"), ("purl", BAD)], "sbom-package-forbidden"),
        ([("purl", "NOASSERTION"), ("purl", BAD)], "sbom-package-forbidden"),
        ([(PURL_URI, BAD)], "sbom-package-forbidden"),
        ([("purl", "PKG:NPM/Lodash@4.17.20?a=b#c")], "sbom-package-forbidden"),
        ([("purl", "pkg:npm/l%6fdash@v4.17.20")], "sbom-package-forbidden"),
        ([("purl", "pkg:npm/safe@1"), ("purl", "pkg:npm/lodash@4.17.21")], "passed"),
    ],
)
def test_a_forbidden_package_is_found_under_each_of_its_purls(
    references: list[tuple[str, str]], code: str
) -> None:
    listed = [{"referenceType": kind, "referenceLocator": purl} for kind, purl in references]
    document = {
        "spdxVersion": "SPDX-2.3",
        "creationInfo": {"created": WHEN, "creators": ["Tool: a"]},
        "packages": [{"SPDXID": "a", "name": "a", "versionInfo": "1", "externalRefs": listed}],
    }
    image = given.image(attested(document, types.SPDX[0]))
    asked = given.asked(SbomParams, by=["scanner"], forbid_packages=["pkg:npm/lodash@<4.17.21"])
    assert told(SBOM.run(image, asked, given.NOW)) == code
