"""What `gate attest` signs, and for all else the one thing that is wrong and the next step."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gate.cli.reads.predicate_of import MAX_BYTES, predicate_of
from gate.documents import large_json
from gate.documents.canonical_json import canonical_json
from gate.errors import UsageError
from gate.model.image import Digest
from tests.builders.sboms import SPDX, SYFT
from tests.builders.scan_forms import FORMS
from tests.builders.scans import REPORTS

V1 = {"buildDefinition": {"externalParameters": {}}, "runDetails": {"builder": {"id": "b"}}}
V02 = {"builder": {"id": "b"}, "buildType": "https://acme.example/build/1"}
CYCLONEDX = {"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [], "dependencies": []}
SNYK = {"ok": True, "vulnerabilities": [], "packageManager": "deb", "projectName": "shop"}
STATEMENT = {"subject": [], "predicateType": "https://slsa.dev/provenance/v1", "predicate": V1}
TRIVY = {"SchemaVersion": 2, "CreatedAt": "2026-11-21T10:00:00Z", "ArtifactName": "shop"}

CHECKOV = {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "Checkov"}}, "results": []}]}
MADE: dict[str, object] = {"timestamp": "2026-11-21T10:00:00Z", "tools": [{"name": "trivy"}]}
TRIVY_BOM: dict[str, object] = {
    **CYCLONEDX,
    "metadata": MADE,
    "vulnerabilities": [],
}
VDR = {
    **TRIVY_BOM,
    "metadata": {**MADE, "component": {"type": "container", "name": "a"}},
    "vulnerabilities": [{"id": "CVE-2026-1", "ratings": [{"severity": "low"}]}],
}


def wrapped(result: object) -> dict[str, object]:
    return {
        "scanner": {"uri": "acme", "result": result},
        "metadata": {"scanFinishedOn": "2026-11-21T10:00:00Z"},
    }


def refusal(file: Path, kind: str, predicate_type: str | None = None) -> tuple[str, str, str]:
    with pytest.raises(UsageError) as raised:
        predicate_of(str(file), kind, predicate_type)
    error = raised.value
    return error.code, error.problem.replace(str(file), "FILE"), error.remedy


@pytest.mark.parametrize(("value", "version"), [(V1, "v1"), (V02, "v0.2")])
def test_the_version_of_provenance_is_told_from_the_document(
    tmp_path: Path, value: object, version: str
) -> None:
    (tmp_path / "a.json").write_text(json.dumps(value))
    stated = predicate_of(str(tmp_path / "a.json"), "provenance", None)
    assert stated.type == f"https://slsa.dev/provenance/{version}"


@pytest.mark.parametrize(
    ("data", "kind", "problem", "remedy"),
    [
        ("", "sbom", "FILE is empty", "did not fail"),
        ('{"a": "b', "sbom", "FILE: the text is not JSON: Unterminated", "write it again"),
        ("<bom/>", "sbom", "FILE: the text is not JSON", "as JSON"),
        ("[]", "sbom", "FILE holds no JSON object", "write it again"),
        ("{}", "sbom", "FILE is neither CycloneDX, SPDX 2 nor syft JSON", "syft IMAGE"),
        (CYCLONEDX, "vulnerabilities", "is an SBOM, not a scanner's report", "--type sbom"),
        (CYCLONEDX, "openvex", "is an SBOM, not an OpenVEX document", "--type sbom"),
        (TRIVY, "sbom", "is a scanner's report, not an SBOM", "--type vulnerabilities"),
        (V1, "openvex", "is SLSA provenance, not an OpenVEX document", "--type provenance"),
        (STATEMENT, "provenance", "is a whole in-toto statement", "jq .predicate"),
        (STATEMENT, "custom", "is a whole in-toto statement", "jq .predicate"),
        ({"payload": "e30=", "payloadType": "x"}, "provenance", "signed already", "--bundle"),
        ({"dsseEnvelope": {}}, "provenance", "signed already", "--bundle"),
        (SNYK, "vulnerabilities", "report of snyk, does not say when", "scanFinishedOn"),
        ([SNYK, SNYK], "vulnerabilities", "report of snyk, does not say when", "scanFinishedOn"),
        ({"a": 1}, "vulnerabilities", "is no scanner's report that gate knows", "right file"),
        ([], "vulnerabilities", "is no scanner's report that gate knows", "right file"),
        (CHECKOV, "vulnerabilities", "holds SARIF by Checkov, which is no", "vulnerability scan"),
        (
            wrapped(CHECKOV),
            "vulnerabilities",
            "holds SARIF by Checkov, which",
            "vulnerability scan",
        ),
        (wrapped({"error": "x"}), "vulnerabilities", "holds no scanner's report", "evidence.md"),
        (wrapped(None), "vulnerabilities", "holds no scanner's report", "evidence.md"),
        (
            {"results": []},
            "vulnerabilities",
            "report of OSV-Scanner that lists no",
            "--all-packages",
        ),
        (TRIVY_BOM, "vulnerabilities", "does not show that any was looked for", "own JSON report"),
    ],
)
def test_a_file_that_does_not_fit_is_named_with_its_own_next_step(
    tmp_path: Path, data: object, kind: str, problem: str, remedy: str
) -> None:
    file = tmp_path / "a.json"
    file.write_text(data if isinstance(data, str) else json.dumps(data))
    predicate_type = "https://acme.example/x/v1" if kind == "custom" else None
    code, said, next_step = refusal(file, kind, predicate_type)
    assert code == "attest-file"
    assert said.startswith("FILE")
    assert problem in said
    assert remedy in next_step


def test_the_order_of_the_arguments_is_said_where_the_file_is_not_there(tmp_path: Path) -> None:
    assert refusal(tmp_path / "ghcr.io", "sbom") == (
        "attest-file",
        "FILE is not there",
        "check the path; the file comes first, then the image",
    )
    assert refusal(tmp_path, "sbom")[1:] == ("FILE cannot be read: Is a directory", "name one file")


def test_a_file_that_is_too_large_is_not_said_to_have_as_many_bytes_as_were_read(
    tmp_path: Path,
) -> None:
    with (tmp_path / "a.json").open("wb") as file:
        file.truncate(MAX_BYTES + 10)
    assert "larger than 64 MiB" in refusal(tmp_path / "a.json", "sbom")[1]


def test_an_undated_report_is_taken_with_the_times_that_its_remedy_asks_for(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    scan = {
        "scanner": {"uri": "snyk", "result": [SNYK]},
        "metadata": {"scanFinishedOn": "2026-11-21T10:00:00Z"},
    }
    file.write_text(json.dumps(scan))
    assert predicate_of(str(file), "vulnerabilities", None).predicate == scan


@pytest.mark.parametrize(
    ("kind", "predicate_type", "problem", "remedy"),
    [
        ("spdxjson", None, "gate attests no --type", "choose sbom"),
        ("vuln", None, "gate attests no --type", "choose vulnerabilities"),
        ("vex", None, "gate attests no --type", "choose openvex"),
        ("slsaprovenance", None, "gate attests no --type", "choose provenance"),
        (
            "https://slsa.dev/verification_summary/v1",
            None,
            "a verification summary is a verdict",
            "let `gate check` sign it",
        ),
        ("nothing", None, "gate attests no --type", "choose sbom, vulnerabilities, openvex,"),
        ("custom", None, "needs --predicate-type", "give the predicate's type URI"),
        ("custom", "approval", "--predicate-type approval is no URI", "https://acme.example/"),
        ("sbom", "https://acme.example/x", "does not go with --type sbom", "leave it out"),
    ],
)
def test_a_wrong_type_says_which_is_right(
    tmp_path: Path, kind: str, predicate_type: str | None, problem: str, remedy: str
) -> None:
    code, said, next_step = refusal(tmp_path / "not-read", kind, predicate_type)
    assert (code, problem in said, remedy in next_step) == ("attest-type-unknown", True, True)


@pytest.mark.parametrize(
    ("result", "uri"),
    [
        ([], "https://in-toto.io/attestation/vulns/v0.2"),
        ([{"id": "CVE-2026-1"}], "https://in-toto.io/attestation/vulns/v0.2"),
        ([SNYK], "https://cosign.sigstore.dev/attestation/vuln/v1"),
        (SNYK, "https://cosign.sigstore.dev/attestation/vuln/v1"),
    ],
)
def test_a_list_of_ids_is_signed_as_in_totos_and_a_tools_report_as_cosigns(
    tmp_path: Path, result: object, uri: str
) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps(wrapped(result)))
    assert predicate_of(str(file), "vulnerabilities", None).type == uri


@pytest.mark.parametrize(
    ("kind", "uri"),
    [
        ("vulnerabilities", "https://cosign.sigstore.dev/attestation/vuln/v1"),
        ("sbom", "https://cyclonedx.org/bom"),
    ],
)
def test_cyclonedx_with_vulnerabilities_is_signed_as_a_scan_or_as_an_sbom(
    tmp_path: Path, kind: str, uri: str
) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps(VDR))
    stated = predicate_of(str(file), kind, None)
    assert stated.type == uri
    if kind == "vulnerabilities":
        assert stated.predicate["scanner"]["uri"] == "trivy"
        assert stated.predicate["metadata"]["scanFinishedOn"] == "2026-11-21T10:00:00Z"


def test_the_digest_that_a_document_is_about_is_told(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    digest = "a" * 64
    file.write_text(json.dumps({**TRIVY, "ArtifactName": f"shop@sha256:{digest}", "Results": []}))
    assert predicate_of(str(file), "vulnerabilities", None).about == {Digest(digest)}


@pytest.mark.parametrize("kind", ["sbom", "vulnerabilities", "custom"])
def test_a_large_document_is_signed_or_refused_as_a_small_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    file = tmp_path / "a.json"
    reports = {**REPORTS, **FORMS}
    scans = [report for report, _ in reports.values()]
    documents = [VDR, TRIVY_BOM, SPDX, SYFT, {"Data": SPDX}, *scans, *map(wrapped, scans)]
    uri = "https://acme.example/x/v1" if kind == "custom" else None

    def told() -> tuple[str, bytes]:
        try:
            stated = predicate_of(str(file), kind, uri)
        except UsageError as error:
            return str(error), b""
        return f"{stated.type} {sorted(stated.about)}", canonical_json(stated.predicate)

    for document in documents:
        file.write_text(json.dumps(document))
        small = told()
        with monkeypatch.context() as patch:
            patch.setattr(large_json, "LARGE", 0)
            assert told() == small
