"""A report of each scanner through `gate attest` and `gate check`, as a user has it in hand.

Recorded reports, and for tools of which none is recorded whole, one made after their schema. A
report that names another image is refused first, as it must be, and then made to name this one; one
that does not date itself is refused first, and then wrapped with its time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gate.model.words import timestamp
from tests.builders.commands import called
from tests.builders.scan_forms import FORMS
from tests.conformance.corpora import ROOT
from tests.fakes.registry import FakeRegistry

SCANS = ROOT / "scans"
NOW = timestamp(datetime.now(UTC))
UNDATED, ANOTHER = "attest-file", "attest-another-image"
POLICY = """\
version: 1
signers: {ci: {key: ci.pub}}
images:
  - match: "**"
    scan-age: {by: [ci], max-age: 9999d}
    vulnerabilities: {by: [ci], fail-on: high}
"""


@dataclass(frozen=True, eq=False)
class Recorded:
    """A report, and what becomes of it."""

    tool: str
    file: str
    """In the corpus of scans; of `tests.builders.scan_forms` where it ends in no `.json`."""
    codes: set[str]
    """Of what `gate check` finds, with `fail-on: high`."""
    refused: tuple[str, ...] = ()
    """Why `gate attest` does not sign the report as it is, in this order."""

    def __str__(self) -> str:
        return f"{self.tool} {self.file[-30:]}"

    def read(self) -> Any:  # noqa: ANN401  # any JSON at all
        if not self.file.endswith(".json"):
            return FORMS[self.file][0]
        path = SCANS / self.file
        if not path.is_file():
            pytest.skip(f"the recorded report {self.file} is not here")
        return json.loads(path.read_bytes())


DOJO = "django-DefectDojo--unittests__scans__"
AMPEL = "ampel--pkg__transformer__vulnreport__testdata__"
GUAC = "guac--internal__testing__testdata__exampledata__"
FOUND = {"vulnerability-found"}
EMPTY = {"scan-nothing-scanned", "vulnerabilities-nothing-scanned"}
REPORTS = (
    Recorded("Trivy", "trivy--integration__testdata__alpine-39.json.golden.json", FOUND),
    # Its one finding is "MEDIUM" in words, with a CVSS score of 7.4: the higher of the two counts.
    Recorded("Trivy", "trivy--integration__testdata__almalinux-8.json.golden.json", FOUND),
    Recorded("Trivy", "trivy--integration__testdata__alpine-39-skip.json.golden.json", EMPTY),
    Recorded("Grype", f"{DOJO}anchore_grype__many_vulns_with_epss_values.json", FOUND, (ANOTHER,)),
    Recorded("Grype", f"{DOJO}anchore_grype__check_all_fields.json", FOUND, (UNDATED,)),
    Recorded("OSV-Scanner", f"{AMPEL}osv-scanner.json", FOUND, (UNDATED,)),
    Recorded("Snyk", f"{DOJO}snyk__all_containers_target_output.json", FOUND, (UNDATED,)),
    Recorded("Snyk", f"{DOJO}snyk__single_project_no_vulns.json", EMPTY, (UNDATED,)),
    Recorded("Docker Scout", "docker-scout", FOUND, (UNDATED,)),
    Recorded("Clair", "clair", FOUND, (ANOTHER, UNDATED)),
    Recorded(
        "Anchore Engine", f"{DOJO}anchore_engine__many_vulns_2.4.1.json", FOUND, (ANOTHER, UNDATED)
    ),
    Recorded("anchorectl", f"{DOJO}anchorectl_vulns__many_vulns.json", FOUND, (UNDATED,)),
    Recorded("anchorectl", f"{DOJO}anchorectl_vulns__one_vuln.json", set(), (UNDATED,)),
    Recorded("Prisma Cloud", f"{DOJO}twistlock__findings_include_packages.json", FOUND, (UNDATED,)),
    Recorded("CycloneDX VDR", "cyclonedx", FOUND, (ANOTHER,)),
    Recorded("in-toto vulns", f"{GUAC}certify-vuln-v02.json", FOUND),
)


@pytest.fixture(scope="module")
def registry() -> Iterator[FakeRegistry]:
    with FakeRegistry() as fake:
        yield fake


def attested(folder: Path, fake: FakeRegistry, image: str, report: object) -> str:
    """Attest a report; return the code of the refusal, or nothing."""
    (folder / "report.json").write_text(json.dumps(report))
    done = called(
        *("attest", "--type", "vulnerabilities", "--key", "ci.key", "--plain-http", fake.host),
        *("report.json", image),
        folder=folder,
    )
    if done.returncode == 0:
        return ""
    return done.stderr.splitlines()[0].rpartition("[")[2].rstrip("]")


def named(report: Any, digest: str) -> Any:  # noqa: ANN401  # any JSON at all
    """Let a report name another digest where it names the image that it looked at."""
    if isinstance(report, list):
        return [named(one, digest) for one in report]
    if not isinstance(report, dict):
        return report
    places = {"imageDigest", "image_digest", "manifest_hash", "repoDigests", "version"}
    return {
        key: json.loads(re.sub(r"sha256:\w{64}", digest, json.dumps(value)))
        if key in places
        else named(value, digest)
        for key, value in report.items()
    }


@pytest.mark.parametrize("recorded", REPORTS, ids=str)
def test_a_report_is_attested_and_judged_as_its_user_would(
    recorded: Recorded, registry: FakeRegistry, tmp_path: Path
) -> None:
    name = f"acme/{tmp_path.name.replace('_', '-').lower()}"
    digest = str(registry.image(name, "1.0"))
    image = f"{registry.host}/{name}@{digest}"
    called("keygen", "ci", folder=tmp_path)
    (tmp_path / "policy.yaml").write_text(POLICY)
    report = recorded.read()
    if "predicate" in report:
        report = report["predicate"]
    refused = []
    while code := attested(tmp_path, registry, image, report):
        refused.append(code)
        assert code in recorded.refused
        assert refused.count(code) == 1
        if code == ANOTHER:
            report = named(report, digest)
        else:
            scanner = {"uri": recorded.tool, "result": report}
            report = {"scanner": scanner, "metadata": {"scanFinishedOn": NOW}}
    assert sorted(refused) == sorted(recorded.refused)
    done = called(
        *("check", "--policy", "policy.yaml", "--plain-http", registry.host, "--image", image),
        *("--format", "json"),
        folder=tmp_path,
    )
    judged = json.loads(done.stdout)
    assert {finding["code"] for finding in judged["findings"]} == recorded.codes
    assert judged["verdict"] == ("blocked" if recorded.codes else "cleared")


@pytest.mark.parametrize(
    ("file", "why"),
    [
        # It counts three vulnerabilities, one of them high, and lists two that are low.
        ("twistlock__no_cvss.json", "counts more vulnerabilities than it lists"),
        ("snyk__single_project_None_cvss.json", "counts more vulnerabilities than it lists"),
        ("anchore_engine__many_vulns.json", "a part of the packages alone"),
    ],
)
def test_a_report_that_does_not_tell_all_is_not_attested(
    file: str, why: str, registry: FakeRegistry, tmp_path: Path
) -> None:
    image = f"{registry.host}/acme/part@{registry.image('acme/part', '1.0')}"
    called("keygen", "ci", folder=tmp_path)
    report = Recorded(file, f"{DOJO}{file}", set()).read()
    wrapped = {"scanner": {"result": report}, "metadata": {"scanFinishedOn": NOW}}
    (tmp_path / "report.json").write_text(json.dumps(wrapped))
    done = called(
        *("attest", "--type", "vulnerabilities", "--key", "ci.key", "--plain-http", registry.host),
        *("report.json", image),
        folder=tmp_path,
    )
    assert (done.returncode, why in done.stderr) == (2, True)
