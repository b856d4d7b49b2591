"""OCI layout folders that something is signed into."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from gate.cli.writes.files import check_folder
from gate.model.image import ImageReference


class Layouts(Protocol):
    """Knows which names are in folders."""

    def layout_folder(self, reference: ImageReference) -> Path | None:
        """Return the layout folder of a reference; None for a registry's."""


def check_layouts(layouts: Layouts, references: Iterable[ImageReference]) -> None:
    """Refuse to sign into a folder that a link leads to, before anything is signed.

    Inside of a folder nothing is followed either: see `gate.registry.layout.folder`. Raises
    UsageError.
    """
    for reference in references:
        folder = layouts.layout_folder(reference)
        if folder is not None:
            check_folder(folder)
