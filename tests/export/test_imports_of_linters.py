"""What linters and scanners are told becomes rules and waivers, and the account says of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from gate.cli.reads.find_policy import find_policy
from gate.cli.runs.import_policy import WaiverWords, run_import
from gate.errors import UsageError
from gate.export.imports.call import ImportCall
from gate.export.imports.ignored import WaiverTerms, last_day
from gate.export.imports.kinds import import_file
from gate.export.imports.known_rules import KnownRules, check_id
from gate.export.imports.lint_said import LintSaid, left_out, together
from gate.export.imports.proposal import ImportedPolicy
from gate.lint.rules import RULES
from gate.policy.document import Policy
from gate.policy.profile import Profile
from gate.policy.waivers import Waiver

KNOWN = KnownRules.of(RULES)
TODAY = date(2026, 11, 1)
TERMS = WaiverTerms("ghcr.io/acme/shop", "team-web", TODAY)
TRIVY_IGNORES = """\
vulnerabilities:
  - {id: CVE-2026-1, statement: not reachable, expired_at: 2026-12-01}
  - {id: CVE-2026-2, expired_at: 2026-12-01}
  - {id: CVE-2026-3, statement: not reachable}
  - {id: CVE-2026-4, statement: not reachable, expired_at: 2026-12-01, paths: [a/b]}
  - {id: CVE-2026-5, statement: not reachable, expired_at: soon}
  - {id: CVE-2026-6, statement: not reachable, expired_at: 2026-10-01}
misconfigurations:
  - {id: AVD-KSV-0011}
  - {id: KSV-0017, paths: [a.yaml]}
  - {id: KSV-0018, expired_at: 2026-12-01}
  - {id: DS-0026}
secrets: [{id: private-key}]
licenses: [{id: MIT}]
"""


def told(
    text: str, name: str, terms: WaiverTerms = TERMS
) -> tuple[ImportedPolicy, dict[str, tuple[str, str]]]:
    """Return the proposal, and of each demand its key and note."""
    given = ImportedPolicy()
    lines = import_file(text.encode(), name, ImportCall(given, lambda _: None, KNOWN, terms))
    return given, {line.demand: (line.key, line.note) for line in lines}


def read_back(folder: Path, given: ImportedPolicy) -> Policy:
    list(given.settled())
    (folder / "policy.yaml").write_text(given.text())
    return find_policy(str(folder / "policy.yaml"), None)


def test_checks_of_checkov_become_the_rules_that_answer_them(tmp_path: Path) -> None:
    text = """\
framework: [kubernetes, terraform]
skip-check: [CKV_K8S_43, CKV_AWS_18, CKV_K8S_9999]
soft-fail-on: [CKV_K8S_8, HIGH]
hard-fail-on: [CKV_K8S_9]
skip-path: [charts/common/, "a(b|c)"]
external-checks-dir: [ours]
quiet: true
"""
    given, lines = told(text, ".checkov.yaml")
    assert {demand: key for demand, (key, _) in lines.items()} == {
        "framework.0 kubernetes": "manifests",
        "framework.1 terraform": "",
        "skip-check.0 CKV_K8S_43": "manifests off: image-digest-required",
        "skip-check.1 CKV_AWS_18": "",
        "skip-check.2 CKV_K8S_9999": "",
        "soft-fail-on.0 CKV_K8S_8": "manifests warn: no-liveness-probe",
        "soft-fail-on.1 HIGH": "",
        "hard-fail-on.0 CKV_K8S_9": "manifests block: no-readiness-probe",
        "skip-path.0 charts/common/": "manifests exclude: charts/common",
        "skip-path.1 a(b|c)": "",
        "external-checks-dir": "",
    }
    assert "severities" in lines["soft-fail-on.1 HIGH"][1]
    assert "no rule" in lines["skip-check.2 CKV_K8S_9999"][1]
    assert "no files of this kind" in lines["skip-check.1 CKV_AWS_18"][1]
    section = read_back(tmp_path, given).manifests
    assert section is not None
    assert (section.profile, section.block) == (Profile.ALL, ("no-readiness-probe",))
    assert (section.warn, section.off) == (("no-liveness-probe",), ("image-digest-required",))
    assert section.exclude == ("charts/common",)


def test_a_rule_runs_while_one_check_that_it_answers_is_not_skipped() -> None:
    given, lines = told("skip-check: [CKV_K8S_29]\n", ".checkov.yaml")
    assert "CKV_K8S_30 too" in lines["skip-check.0 CKV_K8S_29"][1]
    assert given.linters["checkov"].off == set()
    given, _ = told("skip-check: [CKV_K8S_29, CKV_K8S_30]\n", ".checkov.yaml")
    assert given.linters["checkov"].off == {"security-context-missing"}
    # A check of PodSecurityPolicies, which no cluster has any more, keeps no rule on.
    given, _ = told("skip-check: CKV_K8S_16\n", ".checkov.yaml")
    assert given.linters["checkov"].off == {"privileged-container"}


def test_checkov_that_asks_nothing_of_objects_asks_no_rule_of_gate() -> None:
    given, lines = told("framework: terraform\nskip-check: [CKV_AWS_1]\n", ".checkov.yml")
    assert given.linters == {}
    assert {key for key, _ in lines.values()} == {""}
    given, lines = told("quiet: true\n", ".checkov.yml")
    assert lines["checkov"][0] == "manifests profile: all"
    given, _ = told("check: [CKV_K8S_8]\n", ".checkov.yml")
    assert given.linters["checkov"] == LintSaid(Profile.GATE, block={"no-liveness-probe"})


def test_misconfigurations_of_trivy_are_rules_and_its_threshold_is_told(tmp_path: Path) -> None:
    text = """\
severity: [HIGH, CRITICAL]
ignore-unfixed: true
scan: {scanners: [vuln, misconfig, secret], skip-dirs: ["**/node_modules", "a?"]}
exit-code: 1
rego: {data: [x]}
"""
    given, lines = told(text, "trivy.yaml")
    assert {demand for demand, (key, _) in lines.items() if key} == {
        "scan.scanners.1 misconfig",
        "scan.skip-dirs.0 **/node_modules",
    }
    assert "fail-on: high" in lines["severity"][1]
    assert "fail-on-unfixable: never" in lines["ignore-unfixed True"][1]
    section = read_back(tmp_path, given).manifests
    assert section is not None
    assert (section.profile, section.exclude) == (Profile.ALL, ("**/node_modules",))


@pytest.mark.parametrize(
    "text",
    [
        "scan: {scanners: [vuln], skip-dirs: [a]}",
        "scan: {scanners: [misconfig], skip-dirs: [a]}\nmisconfiguration: {scanners: [terraform]}",
    ],
)
def test_trivy_that_looks_at_no_objects_asks_no_rule_of_gate(text: str) -> None:
    given, lines = told(text, "trivy.yaml")
    assert given.linters == {}
    assert not any(key for key, _ in lines.values())


def test_an_ignored_finding_with_a_reason_and_an_end_is_a_waiver(tmp_path: Path) -> None:
    given, lines = told(TRIVY_IGNORES, ".trivyignore.yaml")
    (waiver,) = read_back(tmp_path, given).waivers
    assert waiver == Waiver.model_validate(
        {
            "check": "vulnerabilities",
            "finding": "CVE-2026-1",
            "image": "ghcr.io/acme/shop",
            "owner": "team-web",
            "reason": "not reachable",
            # Trivy's moment is the first that no longer counts, and gate's day the last that does.
            "expires": "2026-11-30",
        }
    )
    whys = {
        "vulnerabilities.1.id CVE-2026-2": "has a reason",
        "vulnerabilities.2.id CVE-2026-3": "has an end",
        "vulnerabilities.3.id CVE-2026-4": "a part of it",
        "vulnerabilities.4.id CVE-2026-5": "no day that gate can read",
        "misconfigurations.1.id KSV-0017": "off everywhere",
        "misconfigurations.2.id KSV-0018": "no end",
        "misconfigurations.3.id DS-0026": "no rule",
        "secrets.0.id private-key": "credentials",
        "licenses.0.id MIT": "forbid-licenses",
    }
    for demand, why in whys.items():
        key, note = lines[demand]
        assert (key, why in note) == ("", True), demand
    assert lines["misconfigurations.0.id AVD-KSV-0011"][0].startswith("manifests off: ")
    assert "ended on 2026-09-30" in lines["vulnerabilities.5.id CVE-2026-6"][1]


def test_a_waiver_wants_an_image_and_an_owner_from_the_call() -> None:
    for terms in (WaiverTerms(today=TODAY), WaiverTerms("ghcr.io/acme/shop", "", TODAY)):
        given, lines = told(TRIVY_IGNORES, ".trivyignore.yaml", terms)
        assert "--owner" in lines["vulnerabilities.0.id CVE-2026-1"][1]
        assert given.waivers == []
    given, lines = told(TRIVY_IGNORES, ".trivyignore.yaml", WaiverTerms("a:1", "team", TODAY))
    assert "no tag" in lines["vulnerabilities.0.id CVE-2026-1"][1]
    assert given.waivers == []


def test_a_reason_that_is_too_long_is_cut_and_said_to_be() -> None:
    text = TRIVY_IGNORES.replace("statement: not reachable", f"statement: {'a ' * 400}", 1)
    given, lines = told(text, ".trivyignore.yaml")
    assert "is cut" in lines["vulnerabilities.0.id CVE-2026-1"][1]
    assert len(given.waivers[0]["reason"]) == 512
    assert given.waivers[0]["reason"].endswith("…")


def test_a_waiver_that_ends_too_late_says_what_holds_it() -> None:
    text = TRIVY_IGNORES.replace("2026-12-01", "2027-06-01", 1)
    _, lines = told(text, ".trivyignore.yaml")
    assert "max-waiver" in lines["vulnerabilities.0.id CVE-2026-1"][1]


def test_lines_of_a_trivyignore_switch_rules_off_and_waive_nothing() -> None:
    text = "# not ours\nCVE-2026-1 exp:2026-12-01\nKSV011\nKSV-0012 exp:2026-12-01 # soon\nDS002\n"
    given, lines = told(text, ".trivyignore")
    assert given.linters["trivy"].off == set(KNOWN.answering("trivy", "KSV-0011"))
    assert given.waivers == []
    assert {demand: bool(key) for demand, (key, _) in lines.items()} == {
        "CVE-2026-1": False,
        "KSV011": True,
        "KSV-0012": False,
        "DS002": False,
    }
    assert "no end" in lines["KSV-0012"][1]


def test_what_osv_scanner_ignores_until_a_day_is_a_waiver() -> None:
    text = """\
[[IgnoredVulns]]
id = "GO-2026-1"
ignoreUntil = 2026-12-01
reason = "fixed in the next base image"

[[IgnoredVulns]]
id = "GO-2026-2"
reason = "no end"
[[PackageOverrides]]
name = "x"
"""
    given, lines = told(text, "osv-scanner.toml")
    assert [(w["finding"], w["expires"]) for w in given.waivers] == [("GO-2026-1", "2026-11-30")]
    assert lines["IgnoredVulns GO-2026-1"][0] == "waivers"
    assert "has an end" in lines["IgnoredVulns GO-2026-2"][1]
    assert "one finding" in lines["PackageOverrides x"][1]
    call = ImportCall(ImportedPolicy(), lambda _: None, KNOWN, TERMS)
    where = [line.location.line for line in import_file(text.encode(), "osv-scanner.toml", call)]
    assert where == [1, 6, 9]


@pytest.mark.parametrize("text", ["a = ", "a = " + "[" * 5000, "#" * 300_000])
def test_what_is_no_small_toml_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as error:
        told(text, "osv-scanner.toml")
    assert error.value.code == "import-unreadable"


def test_what_grype_ignores_is_a_waiver_where_the_call_says_its_end() -> None:
    text = """\
fail-on-severity: high
only-fixed: true
ignore:
  - {vulnerability: CVE-2026-1, reason: never}
  - {vulnerability: CVE-2026-2, package: {name: zlib}}
  - {fix-state: unknown}
  - {vulnerability: CVE-2026-3}
output: json
"""
    given, lines = told(text, ".grype.yaml")
    assert given.empty
    assert "fail-on: high" in lines["fail-on-severity high"][1]
    assert "has an end" in lines["ignore.0.vulnerability CVE-2026-1"][1]
    assert "a part of it" in lines["ignore.1.vulnerability CVE-2026-2"][1]
    assert "names one finding" in lines["ignore.2"][1]
    ends = replace(TERMS, expires="2026-12-24")
    given, lines = told(text, ".grype.yaml", ends)
    assert [(w["finding"], w["expires"]) for w in given.waivers] == [("CVE-2026-1", "2026-12-24")]
    assert "has a reason" in lines["ignore.3.vulnerability CVE-2026-3"][1]


def test_the_end_of_the_call_is_for_findings_whose_file_says_none() -> None:
    given, _ = told(TRIVY_IGNORES, ".trivyignore.yaml", replace(TERMS, expires="2026-12-24"))
    assert [(w["finding"], w["expires"]) for w in given.waivers] == [
        ("CVE-2026-1", "2026-11-30"),
        ("CVE-2026-3", "2026-12-24"),
    ]
    given, lines = told(TRIVY_IGNORES, ".trivyignore.yaml", replace(TERMS, expires="soon"))
    assert "YYYY-MM-DD" in lines["vulnerabilities.2.id CVE-2026-3"][1]


def test_a_workflow_that_is_called_like_a_tool_is_no_configuration_of_it() -> None:
    text = "jobs: {scan: {steps: [{run: trivy fs .}]}}\nseverity: [HIGH]\n"
    assert told(text, "trivy.yaml")[1] == {}


def test_several_linters_together_keep_what_each_asks(tmp_path: Path) -> None:
    given = ImportedPolicy()
    call = ImportCall(given, lambda _: None, KNOWN, TERMS)
    import_file(b"checks: {exclude: [latest-tag, host-ipc]}", ".kube-linter.yaml", call)
    import_file(b"skip-check: [CKV_K8S_18]\nskip-path: [a/]", ".checkov.yaml", call)
    notes = list(given.settled())
    section = read_back(tmp_path, given).manifests
    assert section is not None
    assert (section.profile, section.off, section.exclude) == (Profile.ALL, ("host-ipc",), None)
    # What KubeLinter blocks by default blocks; in the profile of all rules some of it warns.
    assert section.block is not None
    assert "no-read-only-root-fs" in section.block
    assert any("latest-tag is off" in note for note in notes)
    assert any("a is left out by checkov" in note for note in notes)


def test_no_linters_together_ask_nothing() -> None:
    assert together({}) == (None, [])


@pytest.mark.parametrize(
    ("path", "pattern"),
    [
        ("./charts/", "charts"),
        ("charts/**", "charts"),
        ("**/x.yaml", "**/x.yaml"),
        ("/etc", None),
        ("../up", None),
        ("a[b]", None),
        ("", None),
    ],
)
def test_a_path_that_is_left_out_is_one_that_a_policy_can_have(
    path: str, pattern: str | None
) -> None:
    assert left_out(path) == pattern


@pytest.mark.parametrize(
    ("end", "day"),
    [
        ("2026-12-01", date(2026, 11, 30)),
        ("2026-12-01T00:00:00Z", date(2026, 11, 30)),
        ("2026-12-01T23:59:00Z", date(2026, 11, 30)),
        ("2026-12-01T00:30:00+02:00", date(2026, 11, 29)),
    ],
)
def test_the_last_day_is_the_last_whole_one_before_the_end(end: str, day: date) -> None:
    assert last_day(end) == day


@pytest.mark.parametrize(
    "end", ["0001-01-01", "0001-01-01T00:00:00+05:00", "tomorrow", "2026-13-01"]
)
def test_an_end_that_is_no_moment_is_told(end: str) -> None:
    with pytest.raises(ValueError, match="no day that gate can read"):
        last_day(end)


@pytest.mark.parametrize(
    ("said", "known"),
    [("KSV012", "KSV-0012"), ("AVD-KSV-01010", "KSV-01010"), ("avd-ksv-0001", "KSV-0001")],
)
def test_trivys_names_of_one_check_are_one(said: str, known: str) -> None:
    assert check_id(said) == known


def test_the_call_says_whose_waivers_they_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    end = (datetime.now(UTC) + timedelta(days=30)).date()
    text = f"vulnerabilities: [{{id: CVE-2026-1, statement: 'a: b', expired_at: {end}}}]\n"
    (tmp_path / ".trivyignore.yaml").write_text(text)
    (tmp_path / ".trivyignore").write_text("# nothing\n")
    files = [str(tmp_path / ".trivyignore.yaml"), str(tmp_path / ".trivyignore")]
    assert run_import(files, None, WaiverWords("ghcr.io/acme/shop", "team-web")) == 0
    printed = capsys.readouterr().out
    assert (
        "{check: vulnerabilities, finding: CVE-2026-1, image: ghcr.io/acme/shop, owner: " in printed
    )
    with pytest.raises(UsageError) as error:
        run_import(files, None)
    assert error.value.code == "import-nothing"
    assert "--image" in capsys.readouterr().err
