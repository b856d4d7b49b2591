"""What to put into a CI system so that it runs gate."""

from __future__ import annotations

from typing import Final

from gate.cli.project import CiSystem

SNIPPETS: Final[dict[CiSystem, tuple[str, str]]] = {
    "github": (
        ".github/workflows/release.yml, as a job after the one that pushes the images",
        """\
  gate:
    needs: build
    # A workflow of its own signs the pass, so that no job that builds can: docs/github.md
    uses: OWNER/gate/.github/workflows/release-gate.yml@COMMIT # by a full commit
    permissions: {contents: read, id-token: write, packages: write}
    with:
      manifests: %s
""",
    ),
    "gitlab": (
        ".gitlab-ci.yml, as a job after the one that pushes the images",
        """\
gate:
  image: python:3.13-slim
  id_tokens: {SIGSTORE_ID_TOKEN: {aud: sigstore}}
  script:
    - pip install gatepass
    - gate check %s
""",
    ),
}
"""By system: where it goes, and the text, with a place for the manifests."""
