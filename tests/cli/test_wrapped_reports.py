from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gate.cli.reads.predicate_of import predicate_of
from gate.errors import UsageError

TRIVY = {
    "SchemaVersion": 2,
    "CreatedAt": "2026-11-01T12:00:00+02:00",
    "ArtifactName": "shop",
    "Results": [{"Target": "shop", "Class": "os-pkgs"}],
}
GRYPE = {
    "matches": [],
    "descriptor": {
        "name": "grype",
        "timestamp": "2026-11-02T00:00:00.9Z",
        "db": {"built": "2026-11-01T23:59:59Z"},
    },
}


def written(folder: Path, value: object) -> str:
    file = folder / "document.json"
    file.write_text(json.dumps(value))
    return str(file)


def refusal(folder: Path, value: object, kind: str, predicate_type: str | None = None) -> str:
    with pytest.raises(UsageError) as refused:
        predicate_of(written(folder, value), kind, predicate_type)
    return refused.value.code


@pytest.mark.parametrize(
    ("report", "finished", "database"),
    [
        (TRIVY, "2026-11-01T10:00:00Z", {}),
        (GRYPE, "2026-11-02T00:00:00Z", {"lastUpdate": "2026-11-01T23:59:59Z"}),
    ],
)
def test_a_report_is_wrapped_with_its_own_times_and_no_other(
    tmp_path: Path, report: dict[str, Any], finished: str, database: dict[str, str]
) -> None:
    stated = predicate_of(written(tmp_path, report), "vulnerabilities", None)
    assert stated.type == "https://cosign.sigstore.dev/attestation/vuln/v1"
    assert stated.predicate["metadata"] == {
        "scanStartedOn": finished,
        "scanFinishedOn": finished,
    }
    assert stated.predicate["scanner"]["db"] == database
    assert stated.predicate["scanner"]["result"] == report


@pytest.mark.parametrize(
    "report",
    [
        {"ok": True, "dependencyCount": 1, "vulnerabilities": []},
        {**TRIVY, "CreatedAt": "2026-11-01"},
        {**TRIVY, "CreatedAt": "0001-01-01T00:00:00Z"},
        {"scanner": {"name": "Trivy"}, "generated_at": "x", "vulnerabilities": []},
    ],
)
def test_a_report_without_a_time_of_its_own_is_not_dated_by_its_wrapping(
    tmp_path: Path, report: dict[str, Any]
) -> None:
    assert refusal(tmp_path, report, "vulnerabilities") == "attest-file"


@pytest.mark.parametrize("kind", ["custom", "provenance"])
@pytest.mark.parametrize(
    "verdict",
    [
        "https://slsa.dev/verification_summary/v1",
        "https://slsa.dev/Verification_Summary/v2",
        "https://in-toto.io/attestation/svr/v0.2",
        "https://in-toto.io/attestation/SVR/v0.1",
        "https://in-toto.io/attestation/SimpleVerificationResult/v0.1",
        "https://conforma.dev/verification_summary/v1",
    ],
)
def test_a_verdict_is_refused_in_every_spelling_and_under_every_kind(
    tmp_path: Path, kind: str, verdict: str
) -> None:
    assert refusal(tmp_path, {"verificationResult": "PASSED"}, kind, verdict) == "verdict-predicate"


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ([], "sbom"),
        ({}, "sbom"),
        ({"bomFormat": "CycloneDX", "specVersion": "9"}, "sbom"),
        ({"@context": "https://openvex.dev/ns", "statements": [{}]}, "openvex"),
        ({"buildDefinition": 1}, "provenance"),
        ({"scanner": {}, "metadata": {}}, "vulnerabilities"),
    ],
)
def test_what_gate_would_not_read_back_is_not_attested(
    tmp_path: Path, value: object, kind: str
) -> None:
    assert refusal(tmp_path, value, kind) == "attest-file"
