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
    runs-on: ubuntu-latest
    permissions: {contents: read, packages: write, id-token: write}
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
      - uses: OWNER/gate@COMMIT # the repository of gate, by a full commit
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
