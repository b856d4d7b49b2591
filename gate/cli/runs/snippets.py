"""What to put into a CI system so that it runs gate."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import PurePath
from typing import Final

from gate.cli.reads.project import CiSystem
from gate.model.records import dataclass
from gate.reports.neutral import terminal

PLACES: Final[dict[CiSystem, str]] = {
    "github": ".github/workflows/release.yml, as a job after the one that pushes the images",
    "gitlab": ".gitlab-ci.yml, for a job in the stage test, after the one that pushes the images",
}
"""By system: where its text goes."""
_GITHUB: Final = """\
  gate:
    needs: build
    # OWNER/gate is the repository that you have gate from, and COMMIT a full commit of it.
    # Its own workflow signs the pass, so that no job that builds can: see its docs/github.md.
"""
_GITHUB_CALL: Final = """\
    uses: OWNER/gate/.github/workflows/release-gate.yml@COMMIT
    permissions: {contents: read, id-token: write, packages: write}
    with:
"""
_NO_KEY: Final = """\
    # That workflow has an identity and no key: write `sign: {keyless: true}` into .gate.yaml,
    # and the workflow as the signer into admit.yaml.
"""
_GITLAB: Final = """\
include:
  # GROUP/gate is the project that you have gate from, and COMMIT a full commit of it.
  # Who signs the pass, and who admits it: see its docs/gitlab.md.
  - project: GROUP/gate
    ref: COMMIT
    file: gitlab/templates/gate/template.yml
    inputs:
      source: $CI_SERVER_URL/GROUP/gate.git
      commit: "COMMIT"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What the job that runs gate is told."""

    manifests: tuple[str, ...]
    """Files, folders and globs."""
    registries: str | None = None
    """The file that says how registries are reached."""
    key: str | None = None
    """The private key's file that signs passes, from the policy's folder; None: an identity."""


def snippet(system: CiSystem, job: Job) -> str:
    """Return the text for a CI system: YAML, indented as where it goes, and fit to print."""
    inputs = "".join(_inputs(job))
    if system == "gitlab":
        key = "" if job.key is None else f"      key-path: {_quoted(job.key)}\n"
        return f"{_GITLAB}{inputs}{key}"
    keyed = "" if job.key is None else _NO_KEY
    return f"{_GITHUB}{keyed}{_GITHUB_CALL}{inputs}"


def _inputs(job: Job) -> Iterator[str]:
    # One a line, as the action and the template take them.
    yield f"      manifests: {_quoted(chr(10).join(job.manifests))}\n"
    if job.registries is not None and _in_checkout(job.registries):
        yield f"      registries: {_quoted(job.registries)}\n"


def _quoted(text: str) -> str:
    """Return a text as YAML has it, which is JSON's form too, in one line."""
    return terminal(json.dumps(text))


def _in_checkout(path: str) -> bool:
    pure = PurePath(path)
    return not pure.is_absolute() and ".." not in pure.parts
