"""Places in text files."""

from __future__ import annotations

from typing import Final

from gate.model.records import dataclass

RENDERED: Final = " <rendered>"
"""The end of the name of what a tool made of a folder: `deploy/shop <rendered>`."""
STDIN: Final = "<stdin>"
IN_REGISTRY: Final = "oci://"
"""How the path of a file inside of an artifact begins: `oci://ghcr.io/acme/deploy:1.4/web.yaml`."""


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a file. Lines and columns count from 1; columns count characters."""

    path: str
    """As the caller named the file; `<stdin>` for standard input, `FOLDER <rendered>` for what
    a tool made of a folder, `oci://…` for what an artifact in a registry holds."""
    line: int
    column: int = 1

    @property
    def in_file(self) -> bool:
        """Whether the path is that of a file, so that an editor or a platform can open it."""
        elsewhere = self.path == STDIN or self.path.startswith(IN_REGISTRY)
        return not elsewhere and not self.path.endswith(RENDERED)

    def __str__(self) -> str:
        """Return `path:line:column`, which editors and CI logs turn into a link."""
        return f"{self.path}:{self.line}:{self.column}"
