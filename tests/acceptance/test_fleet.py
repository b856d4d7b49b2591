"""The examples of a release on several machines that need a cluster: their scripts run, and decide.

Those of GitHub and GitLab are played by runners: `test_fleet_runners.py`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.acceptance.ci_tools import ROOT
from tests.builders.shards import ShardedRelease
from tests.fakes.registry import FakeRegistry

FLEET = ROOT / "examples/fleet"


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


@pytest.mark.parametrize("example", [kubernetes, argo, tekton])
def test_the_scripts_of_an_example_judge_every_part_and_sign_once(
    made: ShardedRelease, tmp_path: Path, example: Callable[[], Scripts]
) -> None:
    scripts = example().in_two()
    for part in range(1, scripts.parts + 1):
        assert run(made, scripts.part, scripts.environment(part), tmp_path) == 0, part
    names = sorted(int(path.name.partition(".")[0]) for path in tmp_path.glob("*.jsonl"))
    assert names == list(range(1, scripts.parts + 1))
    assert run(made, scripts.merge, scripts.environment(1), tmp_path) == 0
    (tmp_path / "2.jsonl").unlink()
    if example is kubernetes:
        assert run(made, scripts.merge, scripts.environment(1), tmp_path) == 3
