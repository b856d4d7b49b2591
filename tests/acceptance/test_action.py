"""The actions in a workflow, run by act, in a checkout that tries to take them over."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.acceptance.ci_tools import ROOT, commit, copy_action, tool, wheels
from tests.acceptance.debian_registry import debian_registry
from tests.acceptance.keyless_release import make_keyless_release
from tests.acceptance.release import DEPLOYMENT, Release
from tests.fakes.sigstore import SigstoreServer

COMMIT = "0123456789abcdef0123456789abcdef01234567"
CHECKOUT = f"actions/checkout@{COMMIT}"
TRAP = """\
with open({canary!r}, "a") as canary:
    canary.write(__name__)
raise SystemExit(0)
"""
TRAPS = (
    *("yaml.py", "json.py", "typing.py", "sitecustomize.py", "usercustomize.py", "gate.py"),
    *("gate/__init__.py", "gate/__main__.py", "actions/__init__.py", "actions/step.py"),
)
SETTINGS = {
    "uv.toml": 'no-binary = true\nindex-url = "http://127.0.0.1:9/simple"\n',
    "pyproject.toml": '[tool.uv.pip]\nno-binary = [":all:"]\n',
    "pip.conf": "[global]\nindex-url = http://127.0.0.1:9/simple\n",
    "requirements.txt": "gatepass==0.0.0\n",
    ".python-version": "3.9\n",
    ".netrc": "machine 127.0.0.1 login canary password canary\n",
    "docker-bake.json": "{}",
    "config.json": '{"auths": {"127.0.0.1": {"auth": "Y2FuYXJ5OmNhbmFyeQ=="}}}',
}
WORKFLOW = """\
on: push
permissions: {}
jobs:
  release:
    runs-on: ubuntu-latest
    steps:
      - uses: CHECKOUT
      - id: lint
        uses: acme/gate/actions/lint@COMMIT
        with: {manifests: manifests, wheels: "WHEELS"}
      - id: blocked
        uses: acme/gate@COMMIT
        continue-on-error: true
        with: {manifests: unsigned, plain-http: "HOST", wheels: "WHEELS"}
      - id: audited
        uses: acme/gate@COMMIT
        with: {manifests: unsigned, mode: audit, plain-http: "HOST", wheels: "WHEELS"}
      - id: cleared
        uses: acme/gate@COMMIT
        with: {manifests: manifests, plain-http: "HOST", wheels: "WHEELS"}
      - env:
          DIGEST: ${{ steps.cleared.outputs.policy-digest }}
        run: sed --in-place "s/POLICY/${DIGEST}/" admit.yaml
      - id: admitted
        uses: acme/gate/actions/admit@COMMIT
        with: {manifests: manifests, policy: admit.yaml, pin: "true", plain-http: "HOST", wheels: "WHEELS"}
      - id: refused
        uses: acme/gate/actions/admit@COMMIT
        continue-on-error: true
        with: {manifests: unsigned, policy: admit.yaml, pin: "true", plain-http: "HOST", wheels: "WHEELS"}
      - env:
          STEPS: ${{ toJSON(steps) }}
        run: |
          printf '%s' "${STEPS}" > "${KEPT}/steps.json"
          cp -r "${RUNNER_TEMP}"/gate-report.* "${KEPT}"
"""  # noqa: E501  # as it stands in a workflow

GATE_WORKFLOW = (ROOT / ".github/workflows/release-gate.yml").read_text()
CALLER = """\
on: push
permissions: {}
jobs:
  gate:
    uses: ./.github/workflows/release-gate.yml
    permissions: {contents: read, id-token: write, packages: write}
    with: {manifests: manifests, registry: ""}
  deploy:
    needs: gate
    runs-on: ubuntu-latest
    steps:
      - env:
          OUTPUTS: ${{ toJSON(needs.gate.outputs) }}
        run: printf '%s' "${OUTPUTS}" > "${KEPT}/outputs.json"
"""


@dataclass(frozen=True)
class Ran:
    release: Release
    steps: dict[str, Any]
    log: str
    canary: Path
    sigstore: SigstoreServer
    kept: Path

    def outputs(self, step: str) -> dict[str, str]:
        found: dict[str, str] = self.steps[step]["outputs"]
        return found

    def result(self, step: str) -> tuple[str, str]:
        return self.steps[step]["outcome"], self.outputs(step)["result"]

    def file(self, step: str, output: str) -> Path:
        """Return a file that an output names, where it was kept: runners empty their temp."""
        path, reports = Path(self.outputs(step)[output]), Path(self.outputs(step)["report-folder"])
        return self.kept / reports.name / path.relative_to(reports)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    """The workflow, done: in a hostile checkout, against a registry and a Sigstore on loopback."""
    act, from_wheels = tool("act"), wheels()
    folder = tmp_path_factory.mktemp("act")
    checkout, canary = folder / "checkout", folder / "canary"
    checkout.mkdir()
    (folder / "registry").mkdir()
    with debian_registry(folder / "registry") as registry, SigstoreServer() as sigstore:
        release = make_keyless_release(checkout, registry, sigstore)
        workflow = WORKFLOW.replace("CHECKOUT", CHECKOUT).replace("COMMIT", COMMIT)
        workflow = workflow.replace("HOST", registry.host).replace("WHEELS", str(from_wheels))
        (checkout / ".github/workflows").mkdir(parents=True)
        (checkout / ".github/workflows/release.yml").write_text(workflow)
        lay_traps(checkout, canary)
        commit(checkout, "https://github.com/acme/shop.git")
        log = run_act(act, checkout, folder, sigstore)
        kept = folder / "kept"
        assert (kept / "steps.json").is_file(), log
        steps = json.loads((kept / "steps.json").read_text())
        yield Ran(release, steps, log, canary, sigstore, kept)


def lay_traps(checkout: Path, canary: Path) -> None:
    for name in TRAPS:
        (checkout / name).parent.mkdir(exist_ok=True)
        (checkout / name).write_text(TRAP.format(canary=str(canary)))
    for name, text in SETTINGS.items():
        (checkout / name).write_text(text)


def run_act(act: str, checkout: Path, folder: Path, sigstore: SigstoreServer) -> str:
    """Run the checkout's workflows as jobs with `id-token: write`; return the log."""
    stub = folder / "stub"
    for part in (stub, folder / "home", folder / "kept"):
        part.mkdir()
    nothing = "name: nothing\nruns: {using: composite, steps: [{run: 'true', shell: bash}]}\n"
    (stub / "action.yml").write_text(nothing)
    mapped = {f"acme/gate@{COMMIT}": copy_action(folder / "action"), CHECKOUT: stub}
    mapped |= dict.fromkeys(re.findall(r"actions/[a-z-]+@[0-9a-f]{40}", GATE_WORKFLOW), stub)
    variables = {**sigstore.github_environment(), "KEPT": str(folder / "kept")}
    done = subprocess.run(  # noqa: S603  # a fixed program and the test's own files
        [
            *(act, "push", "--platform", "ubuntu-latest=-self-hosted", "--no-cache-server"),
            *("--platform", "ubuntu-24.04=-self-hosted"),
            *(p for name, at in mapped.items() for p in ("--local-repository", f"{name}={at}")),
            *(part for pair in variables.items() for part in ("--env", "=".join(pair))),
        ],
        cwd=checkout,
        env={
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(folder / "home"),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=300,
    )
    return done.stdout


def test_the_workflow_that_signs_passes_hands_on_what_it_judged(tmp_path: Path) -> None:
    act, from_wheels = tool("act"), wheels()
    checkout = tmp_path / "checkout"
    for folder in (checkout, tmp_path / "registry"):
        folder.mkdir()
    with debian_registry(tmp_path / "registry") as registry, SigstoreServer() as sigstore:
        make_keyless_release(checkout, registry, sigstore)
        workflows = checkout / ".github/workflows"
        workflows.mkdir(parents=True)
        # act knows no `$/`, and the runner here has neither https nor a package index.
        places = f'plain-http: "{registry.host}"\n          wheels: "{from_wheels}"\n'
        gate = GATE_WORKFLOW.replace("$/actions/check", f"acme/gate/actions/check@{COMMIT}")
        (workflows / "release-gate.yml").write_text(f"{gate}          {places}")
        (workflows / "release.yml").write_text(CALLER)
        commit(checkout, "https://github.com/acme/shop.git")
        log = run_act(act, checkout, tmp_path, sigstore)
        kept = tmp_path / "kept/outputs.json"
        assert kept.is_file(), log
        outputs = json.loads(kept.read_text())
        assert outputs["result"] == "cleared", log
        (image,) = json.loads(outputs["images"])
        assert image.startswith(f"{registry.host}/acme/shop@sha256:")
        assert sigstore.requests.count("GET /token") == 1


def test_a_release_in_order_is_cleared_and_its_pass_stored(ran: Ran) -> None:
    assert ran.result("cleared") == ("success", "cleared"), ran.log
    outputs = ran.outputs("cleared")
    assert (outputs["exit-code"], outputs["findings"]) == ("0", "0")
    (image,) = json.loads(outputs["images"])
    assert image.startswith(f"{ran.release.registry.host}/acme/shop@sha256:")
    report = json.loads(ran.file("cleared", "json-file").read_text())
    assert report["pass"]["state"] == "signed"
    bundles = [Path(line) for line in outputs["bundle-path"].splitlines()]
    assert {bundle.parent for bundle in bundles} == {Path(outputs["pass-folder"])}
    assert len(bundles) == 2  # of the image, and of the whole release


def test_what_actions_attest_takes_is_handed_on(ran: Ran) -> None:
    predicate = json.loads(ran.file("cleared", "predicate-path").read_text())
    (image,) = json.loads(ran.outputs("cleared")["images"])
    assert (predicate["verificationResult"], predicate["resourceUri"]) == ("PASSED", image)
    name, _, digest = image.partition("@sha256:")
    subjects = ran.file("cleared", "subject-checksums").read_text()
    assert subjects == f"{digest}  {name}\n"


def test_the_identity_is_asked_for_once_and_only_where_something_is_signed(ran: Ran) -> None:
    assert ran.sigstore.requests.count("GET /token") == 1


def test_the_pass_that_the_workflow_signed_is_admitted_and_pinned(ran: Ran) -> None:
    assert ran.result("admitted") == ("success", "cleared"), ran.log
    (image,) = json.loads(ran.outputs("cleared")["images"])
    applied = ran.file("admitted", "pinned-file").read_text()
    digest = image.partition("@")[2]
    meant = DEPLOYMENT.replace("IMAGE", f"{ran.release.name}@{digest}")
    assert yaml.safe_load(applied) == yaml.safe_load(meant)


def test_a_blocked_release_fails_its_step_and_still_hands_on_its_outputs(ran: Ran) -> None:
    assert ran.result("blocked") == ("failure", "blocked"), ran.log
    outputs = ran.outputs("blocked")
    assert (outputs["exit-code"], outputs["findings"], outputs["bundle-path"]) == ("1", "3", "")
    report = json.loads(ran.file("blocked", "json-file").read_text())
    codes = sorted(f["code"] for f in report["findings"] if f["action"] == "block")
    assert codes == ["sbom-absent", "scan-absent", "signature-absent"]


def test_the_reports_of_a_blocked_release_are_in_place(ran: Ran) -> None:
    sarif = json.loads(ran.file("blocked", "sarif-file").read_text())
    assert [run["tool"]["driver"]["name"] for run in sarif["runs"]] == ["gate"]
    codes = {one["ruleId"] for one in sarif["runs"][0]["results"] if one["level"] == "error"}
    assert codes == {"sbom-absent", "scan-absent", "signature-absent"}
    assert "<testsuite" in ran.file("blocked", "junit-file").read_text()


def test_the_log_has_an_annotation_for_each_thing_that_blocks(ran: Ran) -> None:
    found = re.findall(r"❗  ::error file=unsigned/shop.yaml,line=21,.*title=([a-z-]+)::", ran.log)
    once = ["signature-absent", "sbom-absent", "scan-absent"]
    assert found == [*once, *once, "pass-absent"]  # blocked, audited, refused


def test_the_summary_of_the_job_says_what_became_of_each_step(ran: Ran) -> None:
    titles = {line.partition("Summary - ## gate ")[2] for line in ran.log.splitlines()}
    assert titles - {""} == {
        *("lint: ✅ cleared", "check: ✅ cleared", "check: ❌ blocked"),
        *("admit: ✅ cleared", "admit: ❌ blocked"),
    }


def test_an_audit_reports_the_same_and_lets_the_job_go_on(ran: Ran) -> None:
    assert ran.result("audited") == ("success", "blocked"), ran.log
    assert ran.outputs("audited")["exit-code"] == "1"


def test_what_has_no_pass_is_not_admitted_and_nothing_is_pinned(ran: Ran) -> None:
    assert ran.result("refused") == ("failure", "blocked"), ran.log
    assert ran.outputs("refused")["pinned-file"] == ""


def test_manifests_are_linted_without_a_registry(ran: Ran) -> None:
    assert ran.result("lint") == ("success", "cleared"), ran.log


def test_nothing_that_lies_in_the_checkout_runs(ran: Ran) -> None:
    assert ran.result("cleared") == ("success", "cleared"), ran.log
    assert not ran.canary.exists(), ran.canary.read_text()


def test_the_traps_in_the_checkout_do_snap(tmp_path: Path) -> None:
    lay_traps(tmp_path, tmp_path / "canary")
    subprocess.run(  # our own interpreter
        [sys.executable, "-m", "gate"], cwd=tmp_path, check=False, capture_output=True
    )
    assert (tmp_path / "canary").exists()
