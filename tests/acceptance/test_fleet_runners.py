"""The examples of a release on several machines, in eight jobs of a runner: act, gitlab-ci-local.

Each runner plays its example twice. First as it is: eight parts and their merge. Then with four
parts that do not count: one is killed while it asks the registry, one looks under another policy,
one is run again while its first record stays, and the record of one is altered where it is kept.
The runner runs the first three and the merge again; the records of the others are those of before.

What is not as on the runner's own machines: gate is installed once, by the script of the example,
and not in each job. Under act, `actions/checkout` finds what is there, and artifacts are kept in a
folder, one folder for each name, as the actions of GitHub keep them.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gate.model.image import ImageReference
from gate.pipeline.shard import shard_of
from tests.acceptance.ci_tools import (
    ROOT,
    RUNNER,
    absent,
    commit,
    copy_action,
    node,
    tool,
    wheels,
)
from tests.acceptance.debian_registry import required
from tests.builders.shards import ShardedRelease
from tests.fakes.registry import FakeRegistry, Reply, Request

FLEET = ROOT / "examples/fleet"
ZEROS = "0" * 40
PARTS = 8
MATRIX = ", ".join(map(str, range(1, PARTS + 1)))
QUOTED = ", ".join(f'"{part}"' for part in range(1, PARTS + 1))
PYTHON = """\
#!/bin/sh
echo $$ > "PIDS/${SHARD:-merge}"
exec "REAL" "$@"
"""
CHECKOUT = """\
name: checkout
inputs:
  repository: {default: ""}
  ref: {default: ""}
  path: {default: ""}
  persist-credentials: {default: ""}
runs:
  using: composite
  steps:
    - shell: bash
      env: {INTO: "${{ inputs.path }}"}
      run: if [[ -n "${INTO}" ]]; then ln -s "CODE" "${INTO}"; fi
"""
UPLOAD = """\
name: upload-artifact
inputs: {name: {required: true}, path: {required: true}, if-no-files-found: {default: warn}}
runs:
  using: composite
  steps:
    - shell: bash
      env: {NAME: "${{ inputs.name }}", FROM: "${{ inputs.path }}"}
      run: |
        test -n "$(ls -A "${FROM}")"
        mkdir "KEPT/${NAME}"
        cp -r "${FROM}/." "KEPT/${NAME}"
"""
DOWNLOAD = """\
name: download-artifact
inputs: {pattern: {required: true}, path: {required: true}}
runs:
  using: composite
  steps:
    - shell: bash
      env: {PATTERN: "${{ inputs.pattern }}", INTO: "${{ inputs.path }}"}
      run: |
        mkdir -p "${INTO}"
        for kept in KEPT/${PATTERN}; do cp -r "${kept}" "${INTO}"; done
"""


@dataclass(frozen=True)
class Code:
    """Gate, and what is run in place of the interpreter that it was installed into."""

    folder: Path
    """A repository that has the script of the examples alone: it tells of what is installed."""
    commit: str
    python: Path
    """It leaves the number of its process in a file, so that a test can kill it."""
    pids: Path


@dataclass(frozen=True)
class Place:
    """A release, and what one run over all of it says."""

    release: ShardedRelease
    code: Code
    alone: str

    def four(self) -> tuple[int, int, int, int]:
        """Return a part to which an image falls, and three others."""
        image = ImageReference.parse(f"{self.release.registry.host}/acme/shop0:1.0")
        killed = shard_of(image, PARTS)
        foreign, twice, altered = [n for n in range(1, PARTS + 1) if n != killed][:3]
        return killed, foreign, twice, altered

    def kill(self, part: int) -> None:
        """Let the registry kill a part when it asks what is attached to its image."""

        def end(request: Request) -> Reply | None:
            del request
            os.kill(int((self.code.pids / str(part)).read_text()), signal.SIGKILL)
            return None

        self.release.registry.script("acme/shop0/referrers", end)


@pytest.fixture(scope="module")
def code(tmp_path_factory: pytest.TempPathFactory) -> Code:
    folder = tmp_path_factory.mktemp("fleet")
    for name in ("pids", "code/actions"):
        (folder / name).mkdir(parents=True)
    python = folder / "python"
    given = {"PATH": os.environ["PATH"], "HOME": str(folder), "RUNNER_TEMP": str(folder)}
    subprocess.run(  # noqa: S603  # the script of the examples
        ["bash", str(copy_action(folder / "gate") / "actions/install.sh")],  # noqa: S607  # of the one who tests
        env=given | {"GITHUB_OUTPUT": str(folder / "output"), "GATE_WHEELS": str(wheels())},
        check=True,
        timeout=300,
    )
    real = (folder / "output").read_text().strip().removeprefix("python=")
    python.write_text(PYTHON.replace("PIDS", str(folder / "pids")).replace("REAL", real))
    python.chmod(0o755)
    repository = folder / "code"
    said = f'echo "python={python}" >> "${{GITHUB_OUTPUT}}"\n'
    (repository / "actions/install.sh").write_text(said)
    commit(repository, "https://gitlab.com/acme/gate.git")
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"],  # noqa: S607  # git of the one who tests
        cwd=repository,
        check=True,
        capture_output=True,
        text=True,
    )
    return Code(repository, head.stdout.strip(), python, folder / "pids")


@pytest.fixture
def place(code: Code, tmp_path: Path) -> Iterator[Place]:
    folder = tmp_path / "project"
    folder.mkdir()
    with FakeRegistry() as registry:
        release = ShardedRelease.make(folder, registry)
        policy = (folder / "policy.yaml").rename(folder / ".gate.yaml").read_text()
        (folder / "other.yaml").write_text(policy.replace("24h", "12h"))
        (folder / "registries.yaml").write_text(f"plain-http: [{registry.host!r}]\n")
        done = subprocess.run(  # noqa: S603  # gate as it was installed
            [
                *(str(code.python), "-I", "-m", "gate", "check", "--dry-run", "manifests"),
                *("--format", "json"),
            ],
            cwd=folder,
            env={"HOME": str(tmp_path), "GATE_REGISTRIES": "registries.yaml"},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        yield Place(release, code, done.stdout)


@dataclass(frozen=True)
class Played:
    """What became of a pipeline."""

    code: int
    log: str
    report: str
    """Of the merge, as JSON; empty where it did not run."""


def run(command: list[str], folder: Path, tmp_path: Path) -> tuple[int, str]:
    done = subprocess.run(  # noqa: S603  # a fixed program and the test's own files
        command,
        cwd=folder,
        env={
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(tmp_path),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=400,
    )
    return done.returncode, done.stdout


class Act:
    """GitHub's example; artifacts in a folder."""

    def __init__(self, place: Place, tmp_path: Path) -> None:
        self._tmp_path, self._program = tmp_path, tool("act")
        self._project = place.release.folder
        self._kept, self._report = tmp_path / "kept", tmp_path / "gate.json"
        self._actions = {}
        for name, text in {
            "checkout": CHECKOUT.replace("CODE", str(place.code.folder)),
            "upload-artifact": UPLOAD.replace("KEPT", str(self._kept)),
            "download-artifact": DOWNLOAD.replace("KEPT", str(self._kept)),
        }.items():
            (tmp_path / name).mkdir()
            (tmp_path / name / "action.yml").write_text(text)
            self._actions[name] = tmp_path / name
        self._kept.mkdir()
        text = (FLEET / "github.yml").read_text().replace("[1, 2, 3, 4]", f"[{MATRIX}]")
        text = text.replace('"${SHARD}/4"', f'"${{SHARD}}/{PARTS}"')
        self._text = text.replace(
            "gate merge records manifests",
            f"gate merge records manifests --output text --output json={self._report}",
        )

    def play(self) -> Played:
        commit(self._project, "https://github.com/acme/shop.git")
        return self._played(())

    def play_again(self, killed: int, foreign: int, twice: int, altered: int) -> Played:
        """Play what was changed: three parts and the merge."""
        before = "      - name: Judge a part\n"
        change = f"      - {{if: matrix.shard == {foreign}, run: cp other.yaml .gate.yaml}}\n"
        assert before in self._text
        self._text = self._text.replace(before, change + before)
        for part in (killed, foreign):
            shutil.rmtree(self._kept / f"record-{part}-1")
        earlier = (self._kept / f"record-{twice}-1").rename(self._kept / f"record-{twice}-0")
        for path in earlier.iterdir():
            path.rename(earlier / f"before-{path.name}")
        alter(self._kept / f"record-{altered}-1/{altered}.jsonl")
        self._leave_an_earlier_attempt({killed, foreign, twice, altered})
        return self._played((killed, foreign, twice))

    def _leave_an_earlier_attempt(self, others: set[int]) -> None:
        """Let a part have been run ten times: what it wrote before the last time does not count."""
        part = min(set(range(1, PARTS + 1)) - others)
        last = (self._kept / f"record-{part}-1").rename(self._kept / f"record-{part}-10")
        alter(Path(shutil.copytree(last, self._kept / f"record-{part}-9")) / f"{part}.jsonl")

    def _played(self, parts: tuple[int, ...]) -> Played:
        (self._project / ".github/workflows").mkdir(parents=True, exist_ok=True)
        (self._project / ".github/workflows/release.yml").write_text(self._text)
        self._report.unlink(missing_ok=True)
        used = set(re.findall(r"actions/([a-z-]+)(@[0-9a-f]{40})", self._text))
        reach = self._project / "registries.yaml"
        code, log = run(
            [
                *(self._program, "workflow_dispatch", "--platform", "ubuntu-latest=-self-hosted"),
                *("--no-cache-server", "--env", f"GATE_REGISTRIES={reach}"),
                *(
                    argument
                    for name, at in sorted(used)
                    for argument in (
                        "--local-repository",
                        f"actions/{name}{at}={self._actions[name]}",
                    )
                ),
                *(argument for part in parts for argument in ("--matrix", f"shard:{part}")),
            ],
            self._project,
            self._tmp_path,
        )
        return Played(code, log, self._report.read_text() if self._report.is_file() else "")


class GitLab:
    """GitLab's example; artifacts as gitlab-ci-local keeps them."""

    def __init__(self, place: Place, tmp_path: Path) -> None:
        required("rsync", "rsync")
        if not RUNNER.is_file():
            absent("gitlab-ci-local is not installed: .ci/run installs it into .ci/pipelines")
        self._tmp_path, self._project = tmp_path, place.release.folder
        text = (FLEET / "gitlab-ci.yml").read_text().replace(ZEROS, place.code.commit)
        text = text.replace("https://gitlab.com/acme/gate.git", str(place.code.folder))
        text = text.replace('["1", "2", "3", "4"]', f"[{QUOTED}]")
        self._text = text.replace('"${SHARD}/4"', f'"${{SHARD}}/{PARTS}"')
        self._kept = self._project / ".gitlab-ci-local/artifacts"

    def play(self) -> Played:
        (self._project / ".gitlab-ci.yml").write_text(self._text)
        commit(self._project, "https://gitlab.com/acme/shop.git")
        return self._played()

    def play_again(self, killed: int, foreign: int, twice: int, altered: int) -> Played:
        """Play what was changed: three parts, and then the merge, which GitLab would not run."""
        before = "    - mkdir -p records\n"
        change = f'    - if [ "${{SHARD}}" = {foreign} ]; then cp other.yaml .gate.yaml; fi\n'
        assert before in self._text
        (self._project / ".gitlab-ci.yml").write_text(self._text.replace(before, before + change))
        for part in (killed, foreign):
            shutil.rmtree(self._records(part))
        for path in self._records(twice).iterdir():
            shutil.copy(path, self._records(altered) / f"before-{path.name}")
        alter(self._records(altered) / f"{altered}.jsonl")
        parts = self._played(*(f"judge: [{part}]" for part in (killed, foreign, twice)))
        assert parts.code == 1, parts.log
        return self._played("merge")

    def _records(self, part: int) -> Path:
        (record,) = self._kept.glob(f"*/records/{part}.jsonl")
        return record.parent

    def _played(self, *jobs: str) -> Played:
        given = (f"GATE_REGISTRIES={self._project / 'registries.yaml'}",)
        code, log = run(
            [
                *(node(), str(RUNNER), "--force-shell-executor", "--shell-isolation"),
                *(argument for variable in given for argument in ("--variable", variable)),
                *jobs,
            ],
            self._project,
            self._tmp_path,
        )
        report = self._kept / "merge/gate.json"
        return Played(code, log, report.read_text() if report.is_file() else "")


def alter(record: Path) -> None:
    """Let a record tell of one image less, whole as any other."""
    head, *images, _ = record.read_bytes().split(b"\n")[:-1]
    left = images[:-1] if images else []
    head = head if images else head.replace(b'"tool"', b' "tool"')
    record.write_bytes(b"\n".join((head, *left, b'{"images":%d}' % len(left), b"")))


def settled(report: str) -> list[str]:
    """Return the lines of a JSON report, without when it was made and what became of its pass."""
    lines = report.splitlines()
    kept = [line for line in lines if not line.startswith((' "at": ', ' "pass": '))]
    assert len(kept) == len(lines) - 2
    return kept


@pytest.mark.parametrize("runner", [Act, GitLab])
def test_eight_jobs_decide_as_one_run_and_each_that_does_not_count_is_named(
    place: Place, tmp_path: Path, runner: Callable[[Place, Path], Act | GitLab]
) -> None:
    pipeline = runner(place, tmp_path)
    played = pipeline.play()
    assert played.code == 0, played.log
    assert settled(played.report) == settled(place.alone), played.log
    assert json.loads(played.report)["pass"]["state"] == "signed"

    killed, foreign, twice, altered = place.four()
    place.kill(killed)
    played = pipeline.play_again(killed, foreign, twice, altered)
    assert played.code == 1, played.log
    told = [
        (one["code"], one["subject"])
        for one in json.loads(played.report)["undecided"]
        if one["rule"] == "shards"
    ]
    assert sorted(told) == [
        ("shard-foreign", f"shard {foreign}/{PARTS}"),
        ("shard-missing", f"shard {killed}/{PARTS}"),
        ("shard-twice", f"shard {twice}/{PARTS}"),
        ("shard-unsigned", f"shard {altered}/{PARTS}"),
    ], played.log
    for said in (
        "UNDECIDED",
        f"shard {killed}/{PARTS} handed in no record that counts",
        f"{foreign}.jsonl is of another run: another policy",
        f"shard {twice}/{PARTS} handed in 2 records",
        f"{altered}.jsonl does not count",
    ):
        assert said in played.log
