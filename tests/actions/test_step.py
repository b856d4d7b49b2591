"""The actions' step, as the runner runs it."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import subprocess
import sys
import sysconfig
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import yaml

from actions.outputs import Reports
from actions.step import LISTS, gate_arguments, main
from tests.builders.commands import called

ROOT = Path(__file__).parents[2]
ACTIONS = {
    "check": ROOT / "action.yml",
    "admit": ROOT / "actions/admit/action.yml",
    "lint": ROOT / "actions/lint/action.yml",
}
POLICY = """\
version: 1
registries: {allow: [ghcr.io/acme]}
images:
  - match: "**"
    digest: required
"""
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: p}
spec: {containers: [{name: c, image: quay.io/x/y:1}]}
"""
DIGEST = f"sha256:{'a' * 64}"


@dataclass(frozen=True)
class Done:
    code: int
    outputs: dict[str, str]
    log: str
    summary: str

    @property
    def result(self) -> tuple[int, str]:
        return self.code, self.outputs["result"]


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter as the install step makes it, with what this one has installed."""
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, with_pip=False)
    (site,) = folder.glob("lib/python*/site-packages")
    (site / "gate.pth").write_text(f"{ROOT}\n{sysconfig.get_paths()['purelib']}\n")
    return folder / "bin/python"


@dataclass(frozen=True)
class Checkout:
    folder: Path
    python: Path

    def process(self, command: str, **inputs: str) -> Done:
        """Run a step in the checkout, as the runner does."""
        environment = self._environment(inputs)
        done = subprocess.run(  # noqa: S603  # our own interpreter and our own step
            [str(self.python), "-I", "-m", "actions.step", command],
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=60,
        )
        return self._done(done.returncode, done.stdout)

    def step(self, command: str, **inputs: str) -> Done:
        """Call a step in this process, and the gate that it starts, too."""
        log = io.StringIO()
        with (
            contextlib.redirect_stdout(log),
            contextlib.redirect_stderr(log),
            contextlib.chdir(self.folder),
            mock.patch.dict(os.environ, self._environment(inputs), clear=True),
            mock.patch.object(subprocess, "run", in_this_process),
        ):
            code = main(command)
        return self._done(code, log.getvalue())

    def _environment(self, inputs: dict[str, str]) -> dict[str, str]:
        runner = self.folder.parent / "runner"
        runner.mkdir(exist_ok=True)
        (runner / "output").write_text("")
        (runner / "summary").write_text("")
        return {
            "PATH": os.environ["PATH"],
            "GITHUB_ACTIONS": "true",
            "NO_COLOR": "1",
            "RUNNER_TEMP": str(runner),
            "GITHUB_OUTPUT": str(runner / "output"),
            "GITHUB_STEP_SUMMARY": str(runner / "summary"),
            **inputs,
        }

    def _done(self, code: int, log: str) -> Done:
        runner = self.folder.parent / "runner"
        outputs = read_outputs((runner / "output").read_text())
        return Done(code, outputs, log, (runner / "summary").read_text())


def in_this_process(program: list[str], *, check: bool) -> subprocess.CompletedProcess[str]:
    """Stand in for `subprocess.run` where a step starts gate."""
    assert (program[:4], check) == ([sys.executable, "-I", "-m", "gate"], False)
    done = called(*program[4:])
    sys.stdout.write(done.stdout + done.stderr)
    return done


def read_outputs(text: str) -> dict[str, str]:
    """Read a step's outputs as the runner does."""
    blocks = re.compile(r"(?ms)^([a-z-]+)<<(\S+)\n(.*?)\n\2\n")
    assert blocks.sub("", text) == ""
    return {found[1]: found[3] for found in blocks.finditer(text)}


@pytest.fixture
def checkout(tmp_path: Path, python: Path) -> Checkout:
    """A checkout with a policy, a manifest, and modules that would take over a careless start."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    (folder / ".gate.yaml").write_text(POLICY)
    (folder / "pod.yaml").write_text(POD)
    for name in ("yaml.py", "gate.py", "sitecustomize.py", "json.py", "actions.py"):
        (folder / name).write_text("raise SystemExit(0)\n")
    return Checkout(folder, python)


def test_a_blocked_release_fails_the_step_with_its_outputs_written(checkout: Checkout) -> None:
    done = checkout.process("check", GATE_MANIFESTS="pod.yaml\n")
    assert done.result == (1, "blocked"), done.log
    assert (done.outputs["exit-code"], done.outputs["findings"]) == ("1", "1")
    report = json.loads(Path(done.outputs["json-file"]).read_text())
    assert [f["code"] for f in report["findings"]] == ["registry-not-allowed"]
    assert done.outputs["policy-digest"] == report["policy"]["digest"]
    assert (done.outputs["images"], done.outputs["bundle-path"]) == ("[]", "")


def test_audit_reports_what_blocks_and_does_not_fail_the_step(checkout: Checkout) -> None:
    done = checkout.step("check", GATE_MANIFESTS="pod.yaml", GATE_MODE="audit")
    assert (*done.result, done.outputs["exit-code"]) == (0, "blocked", "1"), done.log


@pytest.mark.parametrize("mode", ["enforce", "dry-run", "audit"])
def test_a_wrong_call_is_an_error_in_every_mode(checkout: Checkout, mode: str) -> None:
    done = checkout.step("check", GATE_MANIFESTS="nothing-here", GATE_MODE=mode)
    assert done.result == (2, "error"), done.log
    assert done.log.count("\n::error ") == 1
    assert done.summary.startswith("## gate check: ❌ no verdict\n")


def test_what_blocks_is_annotated_at_its_line_and_summed_up(checkout: Checkout) -> None:
    done = checkout.step("check", GATE_MANIFESTS="pod.yaml")
    (command,) = [line for line in done.log.splitlines() if line.startswith("::")]
    assert command.startswith("::error file=pod.yaml,line=4,col=")
    assert done.summary.startswith("## gate check: ❌ blocked\n")
    quiet = {"GATE_ANNOTATIONS": "false", "GATE_SUMMARY": "false"}
    done = checkout.step("check", GATE_MANIFESTS="pod.yaml", **quiet)
    assert ("::error" in done.log, done.summary) == (False, "")


@pytest.mark.parametrize(
    ("mode", "event", "unsigned"),
    [
        ("", "push", False),
        ("", "pull_request", True),
        ("auto", "pull_request_target", True),
        ("auto", "pull_request_review", True),
        ("auto", "pull_request_review_comment", True),
        ("enforce", "pull_request", False),
        ("dry-run", "push", True),
        ("audit", "push", True),
    ],
)
def test_a_pull_request_and_an_audit_sign_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str, event: str, *, unsigned: bool
) -> None:
    monkeypatch.setenv("GATE_MODE", mode)
    monkeypatch.setenv("GATE_MANIFESTS", "pod.yaml")
    monkeypatch.setenv("GITHUB_EVENT_NAME", event)
    arguments = gate_arguments("check", Reports(tmp_path))
    assert ("--dry-run" in arguments) is unsigned


@pytest.mark.parametrize(
    "name", ["action.yml", "actions/check/action.yml", "actions/admit/action.yml"]
)
def test_every_list_is_an_input_of_each_action_that_judges_images(name: str) -> None:
    action = (ROOT / name).read_text(encoding="utf-8")
    for key in LISTS:
        assert f"\n  {key}:\n" in action
        assert f"GATE_{key.upper().replace('-', '_')}: ${{{{ inputs.{key} }}}}\n" in action


@pytest.mark.parametrize("name", ["gate", "admit"])
def test_every_list_is_an_input_of_each_template_and_becomes_its_option(name: str) -> None:
    template = (ROOT / "gitlab/templates" / name / "template.yml").read_text(encoding="utf-8")
    for key, option in LISTS.items():
        variable = f"GATE_INPUT_{key.upper().replace('-', '_')}"
        assert f"\n    {key}: {{" in template
        assert f"\n    {variable}: $[[ inputs.{key} ]]\n" in template
        assert f'for line in ${{{variable}}}; do set -- "$@" "{option}=${{line}}"; done' in template


@pytest.mark.parametrize("name", ["gate", "admit"])
@pytest.mark.parametrize(
    ("key", "option"),
    [
        ("release", '"--release=${GATE_INPUT_RELEASE}"'),
        ("registries", '"--registries=${GATE_INPUT_REGISTRIES}"'),
        ("render", "--render"),
    ],
)
def test_a_value_is_an_input_of_each_template_and_action(name: str, key: str, option: str) -> None:
    template = (ROOT / "gitlab/templates" / name / "template.yml").read_text(encoding="utf-8")
    assert f"\n    {key}: {{" in template
    assert f'set -- "$@" {option}; fi\n' in template
    for path in ("action.yml", "actions/check/action.yml", "actions/admit/action.yml"):
        action = (ROOT / path).read_text(encoding="utf-8")
        assert f"GATE_{key.upper()}: ${{{{ inputs.{key} }}}}\n" in action


def test_what_is_rendered_and_reached_is_said_by_options(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (
        *(("MANIFESTS", "chart"), ("VALUES", "a.yaml\nb.yaml"), ("RELEASE", "shop/web")),
        *(("RENDER", "true"), ("REGISTRIES", "registries.yaml")),
    ):
        monkeypatch.setenv(f"GATE_{name}", value)
    for command in ("check", "admit", "lint"):
        if command == "lint":
            monkeypatch.delenv("GATE_REGISTRIES")
        arguments = gate_arguments(command, Reports(tmp_path))
        expected = {"--values=a.yaml", "--values=b.yaml", "--release=shop/web", "--render"}
        assert expected <= set(arguments)
        assert ("--registries=registries.yaml" in arguments) is (command != "lint")


def test_deployments_are_recorded_by_the_step_that_admits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATE_MANIFESTS", "pod.yaml")
    monkeypatch.setenv("GATE_DEPLOYMENT_RECORD", "acme/shop")
    monkeypatch.setenv("GATE_CLUSTER", "production-eu")
    arguments = gate_arguments("admit", Reports(tmp_path))
    assert {"--deployment-record=acme/shop", "--cluster=production-eu"} <= set(arguments)
    action = (ROOT / "actions/admit/action.yml").read_text(encoding="utf-8")
    for key in ("deployment-record", "cluster"):
        assert f"\n  {key}:\n" in action
        assert f"GATE_{key.upper().replace('-', '_')}: ${{{{ inputs.{key} }}}}\n" in action


def test_each_line_of_a_list_is_an_option_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATE_IMAGES", "ghcr.io/acme/a:1")
    monkeypatch.setenv("GATE_BUNDLES", "a.json\n\n b c.json ")
    monkeypatch.setenv("GATE_LINKS", "run/links\nrun 2/links")
    monkeypatch.setenv("GATE_PLAIN_HTTP", "localhost:5000")
    assert gate_arguments("check", Reports(tmp_path))[-6:] == [
        "--image=ghcr.io/acme/a:1",
        "--bundle=a.json",
        "--bundle=b c.json",
        "--links=run/links",
        "--links=run 2/links",
        "--plain-http=localhost:5000",
    ]


@pytest.mark.parametrize(
    ("command", "inputs"),
    [
        ("check", {"GATE_MODE": "permissive"}),
        ("lint", {"GATE_MODE": "dry-run"}),
        ("admit", {"GATE_MODE": "audit"}),
        ("admit", {"GATE_PIN": "yes"}),
        ("check", {"GATE_SUMMARY": "True"}),
        ("check", {"GATE_MANIFESTS": "--policy=x"}),
        ("check", {"GATE_IMAGES": "ghcr.io/acme/a\n-x"}),
        ("check", {"GATE_MANIFESTS": ""}),
    ],
)
def test_an_input_that_is_not_understood_stops_before_anything_is_judged(
    checkout: Checkout, command: str, inputs: dict[str, str]
) -> None:
    done = checkout.step(command, **{"GATE_MANIFESTS": "pod.yaml", **inputs})
    assert (*done.result, done.outputs["json-file"]) == (2, "error", "")
    assert done.log.startswith("::error title=gate::")


@pytest.mark.parametrize("value", ["$(touch ran)", "; touch ran", "`touch ran`", "a\r::error::b"])
def test_r290_an_input_is_a_value_and_never_a_command(checkout: Checkout, value: str) -> None:
    done = checkout.process("check", GATE_MANIFESTS=value, GATE_IMAGES=value, GATE_POLICY=value)
    assert done.code in {1, 2}
    assert not (checkout.folder / "ran").exists()
    assert not re.search(r"(?m)^::error::", done.log)


def test_lint_needs_no_policy(checkout: Checkout) -> None:
    (checkout.folder / ".gate.yaml").unlink()
    root = POD.replace("containers:", "securityContext: {runAsUser: 0}, containers:")
    (checkout.folder / "pod.yaml").write_text(root)
    done = checkout.step("lint", GATE_MANIFESTS="pod.yaml", GATE_PROFILE="baseline")
    assert done.result == (0, "cleared"), done.log
    done = checkout.step("lint", GATE_MANIFESTS="pod.yaml")
    assert done.result == (1, "blocked"), done.log


def listed(checkout: Checkout, text: str) -> Done:
    path = checkout.folder.parent / "artifacts.json"
    path.write_text(text)
    return checkout.step("check", GITHUB_ARTIFACTS_LIST=str(path), GATE_MODE="dry-run")


def test_without_inputs_the_images_that_the_job_built_are_judged(checkout: Checkout) -> None:
    subjects = [
        {"name": "program", "digest": DIGEST, "kind": "file"},
        {"name": "quay.io/acme/shop:1.0", "digest": DIGEST, "kind": "oci"},
        {"name": f"quay.io/acme/shop:1.0@{DIGEST}", "digest": DIGEST, "kind": "oci"},
    ]
    done = listed(checkout, json.dumps({"version": 1, "subjects": subjects}))
    assert done.result == (1, "blocked"), done.log
    report = json.loads(Path(done.outputs["json-file"]).read_text())
    assert [image["name"] for image in report["images"]] == [f"quay.io/acme/shop:1.0@{DIGEST}"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        '{"version": 2, "subjects": []}',
        '{"version": 1, "subjects": []}',
        '{"version": 1, "version": 1, "subjects": []}',
        '{"version": 1, "subjects": [{"kind": "helm"}]}',
        '{"version": 1, "subjects": [{"kind": "oci", "name": "a"}]}',
        '{"version": 1, "subjects": [{"kind": "oci", "name": "a", "digest": "sha256:1"}]}',
        json.dumps(
            {
                "version": 1,
                "subjects": [
                    {"kind": "oci", "name": f"a@sha256:{'b' * 64}", "digest": DIGEST},
                ],
            }
        ),
    ],
)
def test_a_list_of_artifacts_that_names_no_image_is_an_error(checkout: Checkout, text: str) -> None:
    assert listed(checkout, text).result == (2, "error")


def test_the_action_at_the_root_is_the_one_that_a_workflow_of_this_repository_can_name() -> None:
    beside = (ROOT / "actions/check/action.yml").read_text()
    root = (ROOT / "action.yml").read_text().replace("name: gate\n", "name: gate check\n", 1)
    assert beside == root.replace("/actions/install.sh", "/../install.sh")


@pytest.mark.parametrize("command", sorted(ACTIONS))
def test_an_action_hands_each_input_over_as_a_variable_and_nothing_as_text(command: str) -> None:
    action: dict[str, Any] = yaml.safe_load(ACTIONS[command].read_text())
    steps = action["runs"]["steps"]
    handed = {k: v for step in steps for k, v in step["env"].items() if "inputs." in v}
    assert handed == {
        f"GATE_{name.upper().replace('-', '_')}": f"${{{{ inputs.{name} }}}}"
        for name in action["inputs"]
    }
    assert all("${{" not in step["run"] and "uses" not in step for step in steps)
    assert steps[-1]["run"] == f'"${{GATE_PYTHON}}" -I -m actions.step {command}'


@pytest.mark.parametrize("command", sorted(ACTIONS))
def test_an_action_offers_the_outputs_that_its_step_writes(
    checkout: Checkout, command: str
) -> None:
    action: dict[str, Any] = yaml.safe_load(ACTIONS[command].read_text())
    done = checkout.step(command, GATE_MANIFESTS="pod.yaml")
    assert set(done.outputs) == set(action["outputs"])
