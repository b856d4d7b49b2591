"""SARIF 2.1.0, as GitHub's code scanning and others take it.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support

Every problem is a result, also what could not be decided and the error that ended a run:
a file without results would close every alert of the run before. A result needs a place:
without one of its own it is at the manifest line that names the image, else at the
policy's first line. Waived and suppressed findings are results with a suppression.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any, Final
from urllib.parse import quote

from gate.model.location import IN_REGISTRY, RENDERED, STDIN
from gate.model.report import Report
from gate.model.verdict import Severity
from gate.model.words import timestamp
from gate.reports.left_out import left_out_names
from gate.reports.neutral import sarif as neutral
from gate.reports.neutral import terminal
from gate.reports.problems import Kind, Problem, excused, problems
from gate.reports.sarif_rules import rules_of

MAX_RESULTS: Final = 5_000
"""GitHub keeps no more of a run; the gravest are ours, and a notification tells of the rest."""
MAX_BYTES: Final = 8_000_000
"""The most that results may have in all, in bytes of JSON: GitHub takes 10 MB compressed."""
SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVEL: Final = {
    Kind.ERROR: "error",
    Kind.BLOCK: "error",
    Kind.UNDECIDED: "error",
    Kind.WARN: "warning",
}
_MESSAGE: Final = 1_000
_ROOT: Final = "The root of the repository."
_NAMED: Final = 20


def render(report: Report) -> str:
    """Return the log: one run, its results the gravest first."""
    every = (*problems(report), *(problem for problem, _ in excused(report)))
    rules = rules_of(every, report.guides)
    index = {rule["id"]: number for number, rule in enumerate(rules)}
    results = list(_results(report, index))
    sizes = accumulate(len(json.dumps(r)) for r in results[:MAX_RESULTS])
    kept = results[: sum(size <= MAX_BYTES for size in sizes)]
    run = {
        "tool": {
            "driver": {
                "name": "gate",
                "informationUri": "urn:uuid:66b5846d-8c58-4054-bd7c-5e85d582227f",
                "semanticVersion": report.tool_version,
                "rules": rules,
            }
        },
        **({"automationDetails": {"id": f"{report.category}/"}} if report.category else {}),
        "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": _ROOT}}},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report, len(results) - len(kept))],
        "properties": {"verdict": "cleared" if report.cleared else "blocked"},
        "results": kept,
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=1, sort_keys=True) + "\n"


def _results(report: Report, index: dict[str, int]) -> Iterator[dict[str, Any]]:
    fallback = report.policy.path if report.policy else ".gate.yaml"
    for problem in problems(report):
        yield _result(problem, index, fallback)
    for problem, why in excused(report):
        excuse = {"kind": "external", "justification": neutral(why, limit=_MESSAGE)}
        yield {**_result(problem, index, fallback), "suppressions": [excuse]}


def _result(problem: Problem, index: dict[str, int], fallback: str) -> dict[str, Any]:
    at = problem.location
    path = at.path if at else fallback
    region = {"startLine": at.line if at else 1, "startColumn": at.column if at else 1}
    named = f"{problem.id}: " if problem.id else ""
    subject = f" ({problem.subject})" if problem.subject else ""
    text = f"{named}{problem.message}{subject}"
    return {
        "ruleId": problem.code,
        "ruleIndex": index[problem.code],
        "level": _LEVEL[problem.kind],
        "message": {
            "text": f"{neutral(text, limit=_MESSAGE)}\n{neutral(problem.remedy, limit=_MESSAGE)}"
        },
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri_of(path), **_base_of(path)},
                    "region": region,
                }
            }
        ],
        "partialFingerprints": {"gate/v1": problem.fingerprint},
        "properties": {"severity": Severity(problem.severity).name.lower()},
    }


def _invocation(report: Report, cut: int) -> dict[str, Any]:
    invocation: dict[str, Any] = {
        "executionSuccessful": report.error is None,
        "exitCode": report.exit_code,
        "endTimeUtc": timestamp(report.at),
    }
    notes = list(_notes(report, cut))
    return {**invocation, "toolExecutionNotifications": notes} if notes else invocation


def _notes(report: Report, cut: int) -> Sequence[dict[str, Any]]:
    notes = []
    if cut:
        text = f"{cut} results are left out, the least grave: the JSON report holds all."
        notes.append({"level": "warning", "message": {"text": text}})
    if report.excluded.count:
        text = neutral(left_out_names(report.excluded, _NAMED), limit=_MESSAGE)
        note = f"Files and folders that the policy left out of the manifests, {text}"
        notes.append({"level": "note", "message": {"text": note}})
    if report.error is not None:
        text = neutral(f"{report.error.problem} [{report.error.code}]", limit=_MESSAGE)
        notes.append({"level": "error", "message": {"text": text}})
    return notes


def _uri_of(path: str) -> str:
    """Return a reference from the working folder; `file://` for a path from the root.

    What a tool made of a folder has the folder's; what an artifact holds is below `oci/`. GitHub
    takes the checkout's path off a `file://`. Bytes that are no text were no text in the path
    either, and are shown as escapes.
    """
    if path == STDIN:
        return "stdin"
    path = path.removesuffix(RENDERED)
    if path.startswith(IN_REGISTRY):
        path = f"oci/{path.removeprefix(IN_REGISTRY)}"
    clean = quote(terminal(posixpath.normpath(path)), safe="/")
    return f"file://{clean}" if clean.startswith("/") else clean


def _base_of(path: str) -> dict[str, str]:
    """Return the base of a relative path; nothing for one from the root."""
    return {} if path.startswith("/") else {"uriBaseId": "%SRCROOT%"}
