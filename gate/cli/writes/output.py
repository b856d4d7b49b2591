"""Where reports go: to standard output, and to files that appear whole or not at all."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gate.cli.writes.files import check_file, make_room, write_parts
from gate.cli.writes.rooted import rooted
from gate.errors import UsageError
from gate.model.records import dataclass
from gate.model.report import Report
from gate.model.verdict import Severity
from gate.reports import FORMATS

if TYPE_CHECKING:
    from gate.reports.page import Page

STDOUT: Final = "-"
"""The file name that means standard output."""
_DIGITS: Final = 10
_WIDTH: Final = 100
"""Of a text that no terminal shows, in columns."""
HERE: Final = frozenset({"concise", "text"})
"""Formats for somebody who sits in the working folder, with paths as the call names them."""
GUIDED: Final = frozenset({"sarif"})
"""Formats that explain each code; for the others no page is read."""
QUOTING: Final = frozenset({"html", "text"})
"""Formats that show lines of the files that are judged."""
_BLOCK: Final = 65_536
"""The fewest characters that are written at once, but for the last."""


@dataclass(frozen=True, slots=True)
class Outputs:
    """Which format is printed, and which go to which files."""

    printed: str | None
    """None where nothing is printed."""
    files: tuple[tuple[str, Path], ...] = ()
    category: str = ""
    """What SARIF calls this run among others of one commit."""
    quiet: bool = False
    """Whether the text report has only what decides."""
    least: Severity | None = None
    """The severity of the least warnings in the text report; None for all."""

    @property
    def quotes(self) -> bool:
        """Whether a format shows lines of the files that are judged."""
        return not QUOTING.isdisjoint({self.printed, *(name for name, _ in self.files)})


def parse_outputs(
    format_: str | None,
    outputs: Iterable[str],
    *,
    inputs: Iterable[str] = (),
    beside: str = "",
    category: str | None = None,
    quiet: bool = False,
    min_severity: str | None = None,
) -> Outputs:
    """Read `--format` and each `--output FORMAT[=FILE]`. Raises UsageError.

    Everything that can be known beforehand is found out here, before anything is judged.
    What an earlier run left in the files is removed, so that a run that is killed leaves no
    report that is not its own. `inputs` are files that the run reads, and `beside` is another
    file that it writes: neither can be a report.
    """
    if min_severity is not None:
        _severity(min_severity)
    printed = [] if format_ is None else [format_]
    files: list[tuple[str, Path]] = []
    for given in outputs:
        name, equals, place = given.partition("=")
        if equals and not place:
            raise UsageError(
                "output-malformed", f"{given!r} names no file", remedy="write json=gate.json"
            )
        if place in {"", STDOUT}:
            printed.append(name)
        else:
            files.append((name, Path(place)))
    for name in (*printed, *(name for name, _ in files)):
        _known(name)
    places = [path for _, path in files] + ([Path(beside)] if beside else [])
    _apart(printed, list(map(os.path.realpath, places)))
    for _, path in files:
        check_file(path)
    for _, path in files:
        make_room(path, inputs)
    return Outputs(
        printed[0] if printed else "text",
        tuple(files),
        category or "",
        quiet=quiet,
        least=None if min_severity is None else _severity(min_severity),
    )


def write_reports(report: Report, outputs: Outputs) -> None:
    """Write the report to each file, then print it. Raises UsageError after trying all."""
    if GUIDED & {outputs.printed, *(name for name, _ in outputs.files)}:
        from gate.explain.guides import guides_of

        report = replace(report, guides=guides_of(report), category=outputs.category)
    named = {outputs.printed, *(name for name, _ in outputs.files)} - {None}
    there = report if named <= HERE else rooted(report)
    wrong = list(_write_files(report, there, outputs))
    if outputs.printed is not None:
        if isinstance(sys.stdout, io.TextIOWrapper):
            # A log in another encoding gets escapes for what it lacks, and not a crash.
            sys.stdout.reconfigure(errors="backslashreplace")
        seen = report if outputs.printed in HERE else there
        made = shown(seen, outputs.printed, quiet=outputs.quiet, least=outputs.least)
        for block in _blocks(made):
            sys.stdout.write(block)
    if wrong:
        raise wrong[0]


def _write_files(here: Report, there: Report, outputs: Outputs) -> Iterator[UsageError]:
    for name, path in outputs.files:
        seen = here if name in HERE else there
        try:
            made = _pieces(seen, name, quiet=outputs.quiet, least=outputs.least)
            write_parts(path, (b.encode(errors="backslashreplace") for b in _blocks(made)))
        except UsageError as error:
            yield error


def shown(
    report: Report, format_: str, *, quiet: bool = False, least: Severity | None = None
) -> Iterable[str]:
    """Return, in pieces, the report as the reader of standard output shall see it."""
    return _pieces(report, format_, page() if format_ == "text" else None, quiet=quiet, least=least)


def _pieces(
    report: Report,
    format_: str,
    on: Page | None = None,
    *,
    quiet: bool,
    least: Severity | None,
) -> Iterable[str]:
    if format_ != "text":
        return FORMATS[format_].pieces(report)
    from gate.reports import text
    from gate.reports.page import Page

    return (text.render(report, replace(on or Page(), quiet=quiet, least=least)),)


def _blocks(pieces: Iterable[str]) -> Iterator[str]:
    """Yield a text in blocks that are worth a call of the system each."""
    waiting: list[str] = []
    size = 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= _BLOCK:
            yield "".join(waiting)
            waiting.clear()
            size = 0
    yield "".join(waiting)


def page() -> Page:
    """Return the page that standard output is."""
    from gate.reports.page import Page

    return Page(width=_columns(), colour=coloured())


def _columns() -> int:
    """Return what COLUMNS says, or else the terminal.

    The standard library's function brings what packs files, which takes as long as the report.
    """
    told = os.environ.get("COLUMNS", "")
    if told.isdecimal() and len(told) < _DIGITS and int(told) > 0:
        return int(told)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or _WIDTH
    except (OSError, ValueError):
        return _WIDTH


def coloured() -> bool:
    """Whether to colour: asked for, or not refused and somebody or a CI log looks on."""
    if os.environ.get("NO_COLOR"):
        return False
    if {os.environ.get("FORCE_COLOR"), os.environ.get("CLICOLOR_FORCE")} - {None, "", "0"}:
        return True
    in_ci = bool(os.environ.get("GITHUB_ACTIONS") or os.environ.get("GITLAB_CI"))
    return in_ci or (sys.stdout.isatty() and os.environ.get("TERM") != "dumb")


def _severity(name: str) -> Severity:
    try:
        return Severity[name.upper()]
    except KeyError:
        raise UsageError(
            "severity-unknown",
            f"--min-severity: there is no severity {name!r}",
            remedy=f"choose one of {', '.join(s.name.lower() for s in Severity)}",
        ) from None


def _known(name: str) -> None:
    if name not in FORMATS:
        known = f"choose one of {', '.join(sorted(FORMATS))}"
        file = "." in name or "/" in name
        raise UsageError(
            "format-unknown",
            f"there is no report format {name!r}",
            remedy=f"write --output FORMAT={name}: {known}" if file else known,
        )


def _apart(printed: list[str], files: list[str]) -> None:
    """Refuse two reports in one place, where a reader would see neither or only the last."""
    if len(printed) > 1:
        raise UsageError(
            "output-twice",
            f"{' and '.join(printed)} would both go to standard output",
            remedy="print one format, and name a file for each other: --output FORMAT=FILE",
        )
    if len(set(files)) < len(files):
        raise UsageError(
            "output-twice",
            "two outputs would go to the same file",
            remedy="name a file of its own for each",
        )
