"""Two JSON reports, read and compared."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from gate.cli.writes.output import page
from gate.errors import UsageError
from gate.reports.changes import changes
from gate.reports.changes_shown import FORMS, has_news
from gate.reports.recorded import MAX_BYTES, RecordedReport, UnreadableReport, read_report

_WRITE: Final = "name a file that `gate check --output json=FILE` wrote"


def run_diff(old: str, new: str, form: str) -> int:
    """Print the differences; return 1 where something is new or worse. Raises UsageError."""
    if form not in FORMS:
        raise UsageError(
            "format-unknown",
            f"gate diff has no format {form!r}",
            remedy=f"choose one of {', '.join(FORMS)}",
        )
    before, after = _read(old), _read(new)
    if before.command != after.command:
        raise UsageError(
            "reports-of-two-commands",
            f"{old} is of gate {before.command}, and {new} of gate {after.command}",
            remedy="compare two reports of one command: each judges other things",
        )
    if before.error is not None:
        raise UsageError(
            "report-without-verdict",
            f"the run of {old} did not come to its end: {before.error.message}",
            remedy="compare with the report of an earlier run that came to a verdict",
        )
    found = changes(before, after)
    sys.stdout.write(FORMS[form](found, page()))
    return 1 if has_news(found) else 0


def _read(name: str) -> RecordedReport:
    try:
        with Path(name).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        return read_report(data)
    except (OSError, UnreadableReport) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise UsageError(
            "report-unreadable", f"{name} cannot be read as a report: {why}", remedy=_WRITE
        ) from error
