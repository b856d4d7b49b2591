"""Where reports go: to standard output, and to files that appear whole or not at all."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from gate.errors import UsageError
from gate.model.report import Report
from gate.reports import FORMATS, text


def write_reports(report: Report, format_: str, outputs: Iterable[tuple[str, Path]]) -> None:
    """Write the report to each file, then print it."""
    for name, path in outputs:
        write_whole(path, FORMATS[name](report).encode())
    sys.stdout.write(shown(report, format_))


def shown(report: Report, format_: str) -> str:
    """Return the report as the terminal, or whoever reads standard output, shall see it."""
    if format_ != "text":
        return FORMATS[format_](report)
    return text.render(report, page())


def page() -> text.Page:
    """Return the page that standard output is."""
    return text.Page(width=shutil.get_terminal_size((100, 24)).columns, colour=coloured())


def coloured() -> bool:
    """Whether to colour: asked for, or not refused and somebody or a CI log looks on."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR") or os.environ.get("CLICOLOR_FORCE"):
        return True
    in_ci = bool(os.environ.get("GITHUB_ACTIONS") or os.environ.get("GITLAB_CI"))
    return in_ci or (sys.stdout.isatty() and os.environ.get("TERM") != "dumb")


def parse_outputs(format_: str, outputs: Iterable[str]) -> list[tuple[str, Path]]:
    """Read `FORMAT=FILE`. Raises UsageError before anything is judged."""
    _known(format_)
    found = []
    for given in outputs:
        name, equals, path = given.partition("=")
        if not equals or not path:
            raise UsageError(
                "output-malformed", f"{given!r} is not FORMAT=FILE", remedy="write json=gate.json"
            )
        _known(name)
        folder = Path(path).parent
        if not os.access(folder, os.W_OK | os.X_OK) or Path(path).is_dir():
            # Found out now, and not after a pass was signed that no report tells of.
            raise UsageError(
                "output-unwritable",
                f"{path} cannot be written: no file can be made in {folder}",
                remedy="name a file in a folder that exists and that you may write to",
            )
        found.append((name, Path(path)))
    return found


def _known(name: str) -> None:
    if name not in FORMATS:
        raise UsageError(
            "format-unknown",
            f"there is no report format {name!r}",
            remedy=f"choose one of {', '.join(sorted(FORMATS))}",
        )


def write_whole(path: Path, data: bytes) -> None:
    """Write a file in one step, so that nobody reads half of it. Raises UsageError."""
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".gate-", delete=False) as file:
            file.write(data)
        Path(file.name).chmod(0o644)
        Path(file.name).replace(path)
    except OSError as error:
        raise UsageError(
            "output-unwritable",
            f"{path} cannot be written: {error.strerror}",
            remedy="name a file in a folder that exists and that you may write to",
        ) from error
