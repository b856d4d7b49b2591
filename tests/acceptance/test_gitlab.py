"""The GitLab templates in a pipeline, run by gitlab-ci-local: gate, then admit."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from gate.keys.private import private_pem
from tests.acceptance.ci_tools import ROOT, RUNNER, absent, commit, copy_action, node, wheels
from tests.acceptance.debian_registry import debian_registry, required
from tests.acceptance.keyless_release import make_keyless_release
from tests.acceptance.release import DEPLOYMENT, Release
from tests.fakes.sigstore import SigstoreServer

IDENTITY = "https://gitlab.com/acme/shop//.gitlab-ci.yml@refs/heads/main"
PIPELINE = """\
stages: [test, prepare, deploy]
include:
  - local: gitlab/templates/gate/template.yml
    inputs:
      manifests: MANIFESTS
      plain-http: "HOST"
      source: SOURCE
      commit: "COMMIT"
      wheels: WHEELS
  - local: gitlab/templates/admit/template.yml
    inputs:
      manifests: MANIFESTS
      policy: gate-report/admit.yaml
      pin: true
      plain-http: "HOST"
      source: SOURCE
      commit: "COMMIT"
      wheels: WHEELS
      dependencies: [prepare]
prepare:
  stage: prepare
  dependencies: [gate]
  script:
    - sed "s/POLICY/${GATE_POLICY_DIGEST}/" admit.yaml > gate-report/admit.yaml
    - cp root.json gate-report
  artifacts: {paths: [gate-report]}
"""


@dataclass(frozen=True)
class Code:
    """A repository of gate as it is here, and its only commit."""

    folder: Path
    commit: str


@dataclass(frozen=True)
class Pipeline:
    """A project with the templates in it, and what runs its pipeline."""

    release: Release
    sigstore: SigstoreServer
    home: Path
    code: Code

    def run(self, manifests: str, *variables: str, inputs: str = "") -> tuple[int, str]:
        """Run the pipeline over manifests; return its exit code and its log."""
        project = self.release.folder
        text = PIPELINE.replace("MANIFESTS", manifests).replace("COMMIT", self.code.commit)
        text = text.replace("SOURCE", str(self.code.folder))
        text = text.replace("HOST", self.release.registry.host).replace("WHEELS", str(wheels()))
        text = text.replace("    inputs:\n", f"    inputs:\n{inputs}", 1)
        (project / ".gitlab-ci.yml").write_text(text)
        commit(project, "https://gitlab.com/acme/shop.git")
        given = ("GITLAB_CI=true", *variables)
        done = subprocess.run(  # noqa: S603  # a fixed program and the test's own files
            [
                *(node(), str(RUNNER), "--force-shell-executor", "--shell-isolation"),
                *(part for variable in given for part in ("--variable", variable)),
            ],
            cwd=project,
            env={
                "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
                "HOME": str(self.home),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=300,
        )
        return done.returncode, done.stdout

    def token(self) -> str:
        """Return what GitLab puts into the variable of `id_tokens`."""
        return f"SIGSTORE_ID_TOKEN={self.sigstore.oidc.token(datetime.now(UTC))}"

    def artifact(self, job: str, name: str) -> Path:
        """Return a file that a job left as an artifact."""
        return self.release.folder / ".gitlab-ci-local/artifacts" / job / name


@pytest.fixture(scope="module")
def code(tmp_path_factory: pytest.TempPathFactory) -> Code:
    """The code of this checkout in a repository, as a project has it on a server."""
    folder = copy_action(tmp_path_factory.mktemp("code") / "gate")
    commit(folder, "https://gitlab.com/acme/gate.git")
    git = subprocess.run(
        ["git", "rev-parse", "HEAD"],  # noqa: S607  # git of the one who tests
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    return Code(folder, git.stdout.strip())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Release, SigstoreServer]]:
    """A release in order, on a registry and a Sigstore on loopback; no test changes its folder."""
    required("rsync", "rsync")
    if not RUNNER.is_file():
        absent("gitlab-ci-local is not installed: .ci/run installs it into .ci/pipelines")
    stored, project = tmp_path_factory.mktemp("registry"), tmp_path_factory.mktemp("project")
    with debian_registry(stored) as registry, SigstoreServer() as sigstore:
        sigstore.oidc.claims = {
            "sub": "project_path:acme/shop:ref_type:branch:ref:main",
            "ci_config_ref_uri": IDENTITY.removeprefix("https://"),
            "project_path": "acme/shop",
            "project_visibility": "public",
            "pipeline_source": "push",
        }
        yield make_keyless_release(project, registry, sigstore, IDENTITY), sigstore


@pytest.fixture
def pipeline(made: tuple[Release, SigstoreServer], tmp_path: Path, code: Code) -> Pipeline:
    """A project of its own with that release in it."""
    release, sigstore = made
    project, home = tmp_path / "project", tmp_path / "home"
    home.mkdir()
    shutil.copytree(release.folder, project)
    shutil.copytree(ROOT / "gitlab", project / "gitlab")
    return Pipeline(replace(release, folder=project), sigstore, home, code)


def test_a_release_in_order_is_passed_in_one_job_and_admitted_in_the_next(
    pipeline: Pipeline,
) -> None:
    code, log = pipeline.run("manifests", pipeline.token())
    assert code == 0, log
    assert "Signing: keyless is open to this job" in log
    report = json.loads(pipeline.artifact("gate", "gate-report/gate.json").read_text())
    assert (report["verdict"], report["pass"]["state"]) == ("cleared", "signed")
    (image,) = report["images"]
    applied = pipeline.artifact("admit", "admit-report/apply.yaml").read_text()
    name = f"{pipeline.release.name}@{image['digest']}"
    assert yaml.safe_load(applied) == yaml.safe_load(DEPLOYMENT.replace("IMAGE", name))
    assert blocking(pipeline) == set()


def blocking(pipeline: Pipeline) -> set[str]:
    """Return what the code quality report of the first job says is grave."""
    report = pipeline.artifact("gate", "gate-report/gl-code-quality-report.json")
    found = json.loads(report.read_text())
    return {one["check_name"] for one in found if one["severity"] in {"blocker", "critical"}}


def test_a_blocked_release_ends_the_pipeline_with_its_reports_in_place(pipeline: Pipeline) -> None:
    code, log = pipeline.run("unsigned", pipeline.token())
    assert code != 0
    assert "admit" not in [line.split(" ")[0] for line in log.splitlines() if " starting" in line]
    assert blocking(pipeline) == {"sbom-absent", "scan-absent", "signature-absent"}
    assert "<testsuite" in pipeline.artifact("gate", "gate-report/junit.xml").read_text()
    assert "GATE_RESULT=blocked\n" in pipeline.artifact("gate", "gate-report/gate.env").read_text()
    link = json.loads(pipeline.artifact("gate", "gate-report/gl-annotations.json").read_text())
    assert link["gate"][0]["external_link"]["label"] == "The whole report"


def test_without_an_identity_the_job_says_what_is_missing(pipeline: Pipeline) -> None:
    code, log = pipeline.run("manifests")
    assert code != 0
    assert "this job has no identity token" in log
    assert "ambient-identity" in log


def test_a_key_of_the_project_signs_and_is_not_left_behind(pipeline: Pipeline) -> None:
    project = pipeline.release.folder
    keyless = (project / ".gate.yaml").read_text()
    keyed = keyless.replace("{keyless: true, trust-config: trust.json}", "{key: gate.key}")
    assert keyed != keyless
    (project / ".gate.yaml").write_text(keyed)
    secret = pipeline.home / "secret"
    secret.write_bytes(private_pem(pipeline.release.keys.gate))
    given = (f"GATE_KEY={secret}", "CI_SERVER_HOST=gitlab.acme.example")
    _, log = pipeline.run("manifests", *given, inputs="      key-path: gate.key\n")
    assert "Signing: with a key (pass: sign: key or kms)" in log
    report = json.loads(pipeline.artifact("gate", "gate-report/gate.json").read_text())
    assert (report["verdict"], report["pass"]["state"]) == ("cleared", "signed"), log
    assert list((project / ".gitlab-ci-local").rglob("gate.key")) == []


def test_another_commit_than_the_named_one_is_not_run(pipeline: Pipeline) -> None:
    code = Code(pipeline.code.folder, "0" * 40)
    exit_code, log = replace(pipeline, code=code).run("manifests", pipeline.token())
    assert exit_code != 0
    assert "0" * 40 in log
    assert "CLEARED" not in log
