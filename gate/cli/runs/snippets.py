"""What to put into a CI system so that it runs gate."""

from __future__ import annotations

from typing import Final

from gate.cli.reads.project import CiSystem

SNIPPETS: Final[dict[CiSystem, tuple[str, str]]] = {
    "github": (
        ".github/workflows/release.yml, as a job after the one that pushes the images",
        """\
  gate:
    needs: build
    # OWNER/gate is the repository that you have gate from, and COMMIT a full commit of it.
    # Its own workflow signs the pass, so that no job that builds can: see its docs/github.md.
    uses: OWNER/gate/.github/workflows/release-gate.yml@COMMIT
    permissions: {contents: read, id-token: write, packages: write}
    with:
      manifests: %s
""",
    ),
    "gitlab": (
        ".gitlab-ci.yml, for a job in the stage test, after the one that pushes the images",
        """\
include:
  # GROUP/gate is the project that you have gate from, and COMMIT a full commit of it.
  # Who signs the pass, and who admits it: see its docs/gitlab.md.
  - project: GROUP/gate
    ref: COMMIT
    file: gitlab/templates/gate/template.yml
    inputs:
      source: $CI_SERVER_URL/GROUP/gate.git
      commit: "COMMIT"
      manifests: %s
""",
    ),
}
"""By system: where it goes, and the text, with a place for the manifests."""
