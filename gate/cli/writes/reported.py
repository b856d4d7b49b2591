"""A command's run with its reports: they are written however the run ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from gate import __version__
from gate.cli.writes.output import Outputs, write_reports
from gate.cli.writes.standard_error import tell
from gate.errors import GateError, UsageError
from gate.model.report import Counts, ErrorReport, Report

CRASHED = 3


def reported(
    command: str, outputs: Outputs, run: Callable[[], tuple[Report, GateError | None]]
) -> int:
    """Run, write the reports, and return the exit code.

    `run` returns the report, and the error of a pass that could not be signed or stored. An
    error of either kind is written into the reports and then raised, so that a file is there
    for those who read files only, and is never clean.
    """
    try:
        report, error = run()
    except GateError as raised:
        _write_undecided(_undecided(command, _error(raised), raised.exit_code), outputs)
        raise
    except Exception as raised:
        _write_undecided(_undecided(command, _crash(raised), CRASHED), outputs)
        raise
    if error is None:
        write_reports(report, outputs)
        return report.exit_code
    report = replace(report, error=_error(error), exit_code=error.exit_code)
    write_reports(report, outputs)
    raise error


def _write_undecided(report: Report, outputs: Outputs) -> None:
    """Write what can be written; what cannot does not hide why the run ended."""
    if outputs.printed == "text":
        outputs = replace(outputs, printed=None)  # the error itself goes to standard error
    try:
        write_reports(report, outputs)
    except UsageError as error:
        from gate.reports.neutral import terminal

        tell(f"gate: {terminal(str(error))}\n")


def _undecided(command: str, error: ErrorReport, exit_code: int) -> Report:
    return Report(
        command=command,
        tool_version=__version__,
        cleared=False,
        exit_code=exit_code,
        at=datetime.now(UTC).replace(microsecond=0),
        policy=None,
        images=(),
        findings=(),
        undecided=(),
        waived=(),
        suppressed=(),
        counts=Counts(),
        error=error,
    )


def _error(error: GateError) -> ErrorReport:
    return ErrorReport(
        code=error.code, problem=error.problem, remedy=error.remedy, location=error.location
    )


def _crash(error: Exception) -> ErrorReport:
    return ErrorReport(
        code="internal-error",
        problem=f"gate broke: {type(error).__name__}: {error}",
        remedy="this is no verdict; run again with GATE_DEBUG=1 and report what it prints",
    )
