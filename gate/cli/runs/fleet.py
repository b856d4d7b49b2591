"""`gate merge --audit`: the reports of `gate audit` from many clusters, read and seen as one."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from gate.cli.writes.files import write_whole
from gate.cli.writes.output import Outputs, page
from gate.errors import UsageError
from gate.model.expressions import expression
from gate.model.image import Digest
from gate.reports.fleet import Fleet, fleet_of
from gate.reports.fleet_shown import as_json, as_text
from gate.reports.page import Page
from gate.reports.recorded import MAX_BYTES, RecordedReport, UnreadableReport, read_report

ENDING: Final = ".json"
MAX_CLUSTERS: Final = 1_000
MAX_SUM: Final = 512 * 1024 * 1024
"""Of the bytes of all reports."""
_NAME: Final = expression(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def _as_page(fleet: Fleet, page: Page) -> str:
    from gate.reports.html_page.fleet import render

    del page
    return render(fleet)


FORMS: Final[Mapping[str, Callable[[Fleet, Page], str]]] = {
    "text": as_text,
    "json": lambda fleet, _: as_json(fleet),
    "html": _as_page,
}


def run_fleet(folder: Path, outputs: Outputs) -> int:
    """Write the view over the reports in a folder; return its exit code. Raises UsageError."""
    for name in (outputs.printed, *(name for name, _ in outputs.files)):
        if name is not None and name not in FORMS:
            raise UsageError(
                "format-unknown",
                f"gate merge --audit has no format {name!r}",
                remedy=f"choose one of {', '.join(FORMS)}",
            )
    fleet = fleet_of(read_reports(folder))
    for name, path in outputs.files:
        content = FORMS[name](fleet, Page())
        write_whole(path, content.encode(errors="backslashreplace"))
    if outputs.printed is not None:
        sys.stdout.write(FORMS[outputs.printed](fleet, page()))
    return fleet.exit_code


def read_reports(folder: Path) -> dict[str, RecordedReport]:
    """Return the report of each cluster, by the name of its file. Raises UsageError."""
    found: dict[str, RecordedReport] = {}
    seen: dict[Digest, str] = {}
    for name, path in _files(folder):
        if name in found:
            raise UsageError(
                "audit-twice",
                f"two files are called {name}{ENDING}, and each is the report of one cluster",
                remedy="keep the newer one, or call each file as its cluster",
            )
        data = _bytes(path)
        other = seen.setdefault(Digest.of(data), name)
        if other != name:
            raise UsageError(
                "audit-twice",
                f"{name}{ENDING} and {other}{ENDING} are the same report, and a report is about "
                "one cluster",
                remedy=f"run `gate audit` in {name} and in {other}, and write a file of each",
            )
        found[name] = _report(path, data)
    return found


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    try:
        paths = sorted(path for path in folder.rglob(f"*{ENDING}") if path.is_file())
        total = sum(path.stat().st_size for path in paths)
    except OSError as error:
        raise _unreadable(folder, error.strerror or str(error)) from error
    if not paths or len(paths) > MAX_CLUSTERS:
        raise _unreadable(folder, f"it holds {len(paths):,} files *{ENDING}")
    if total > MAX_SUM:
        raise _unreadable(folder, f"they have {total:,} bytes, and {MAX_SUM:,} are read at most")
    for path in paths:
        if not _NAME.fullmatch(path.stem):
            raise _unreadable(path, "a cluster has letters, digits, dots, dashes, at most 100")
        yield path.stem, path


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from error


def _report(path: Path, data: bytes) -> RecordedReport:
    try:
        report = read_report(data)
    except UnreadableReport as error:
        raise _unreadable(path, str(error)) from error
    if report.command != "audit":
        raise UsageError(
            "audit-foreign",
            f"{path} is a report of gate {report.command}, and no report of gate audit",
            remedy=f"write it with `gate audit --output json={path.name}`",
        )
    return report


def _unreadable(path: Path, why: str) -> UsageError:
    return UsageError(
        "audits-unreadable",
        f"{path} has no reports of clusters that can be read: {why}",
        remedy=f"name a folder of files CLUSTER{ENDING}, each written by "
        f"`gate audit --output json=CLUSTER{ENDING}`",
    )
