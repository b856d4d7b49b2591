"""What cannot be judged as it is: the findings about files and documents, which always block."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from gate.errors import DocumentError, UsageError
from gate.manifests.manifests import NOT_AN_OBJECT
from gate.manifests.plain import Plain
from gate.model.document import Document, Path
from gate.model.location import Location
from gate.model.verdict import Finding, Severity

INCOMPLETE: Final = "incomplete-object"
MIXED: Final = "mixed-file"
LIST_ITEMS: Final = "list-items"
NOT_RENDERED: Final = "template-not-rendered"
LIMITS: Final = frozenset(
    ("yaml-too-large", "yaml-too-deep", "yaml-too-many-nodes", "yaml-too-many-documents")
)
_EXCLUDE: Final = "if the file is no manifest, leave it out with `manifests: {exclude: […]}`"
_RENDER: Final = (
    "name the folder of the chart itself, which gate renders with the helm on PATH, or pipe the "
    f"result in: `helm template CHART | gate check -`; {_EXCLUDE}"
)


def nothing_to_judge(findings: Iterable[Finding], problem: str, *, remedy: str) -> UsageError:
    """Return the error of a run without anything to judge; what was found instead is told."""
    first = next(iter(sorted(findings, key=lambda f: f.rule != NOT_AN_OBJECT)), None)
    if first is None:
        return UsageError("nothing-to-judge", problem, remedy=remedy)
    return UsageError(
        "nothing-to-judge",
        f"{problem}; {first.message}",
        remedy=first.remedy,
        location=first.location,
    )


def mixed(item: Plain) -> Finding:
    """Return the finding for a document that is no object in a file that holds objects."""
    return _blocks(
        MIXED,
        "this document has no apiVersion and kind, and other documents of the file have them",
        "give it both, or move it to a file of its own",
        item.location,
    )


def unknown(location: Location) -> Finding:
    """Return the finding for a file that the call names as a manifest, and that is no manifest."""
    return _blocks(
        INCOMPLETE,
        "this file was named as a manifest, and no document in it has an apiVersion and a kind",
        f"name manifests alone; {_EXCLUDE}",
        location,
    )


def incomplete(document: Document, path: Path, why: str) -> Finding:
    """Return the finding for an object that lost something, in a file or as an item of a List."""
    return _blocks(
        INCOMPLETE,
        f"this is not a whole Kubernetes object: {why}",
        f"write its apiVersion and its kind; {_EXCLUDE}",
        document.place(*path),
    )


def list_items(document: Document, path: Path, why: str) -> Finding:
    """Return the finding for items that kubectl reads in another way than they are judged."""
    return _blocks(
        LIST_ITEMS,
        f"kubectl would apply something else than what was judged: {why}",
        "write each object as a document of its own, or all of them as items of a List",
        document.place(*path),
    )


def _blocks(rule: str, message: str, remedy: str, location: Location) -> Finding:
    return Finding(
        rule=rule,
        code=rule,
        severity=Severity.HIGH,
        message=message,
        remedy=remedy,
        location=location,
    )


def unrendered(location: Location, why: str) -> Finding:
    """Return the finding for a template of Helm or another tool."""
    return Finding(
        rule="yaml-parse-error",
        code=NOT_RENDERED,
        severity=Severity.HIGH,
        message=f"this is a template that was not rendered: {why}",
        remedy=_RENDER,
        location=location,
    )


def unreadable(error: DocumentError, data: bytes, path: str) -> Finding:
    """Return the finding for a file that does not parse: a template, if it looks like one."""
    location = error.location or Location(path, 1)
    if b"{{" in data and error.code not in LIMITS:
        return unrendered(location, error.problem)
    code = error.code
    rule = code if code == "yaml-duplicate-key" else "yaml-parse-error"
    return Finding(
        rule="yaml-limits" if code in LIMITS else rule,
        code=code,
        severity=Severity.HIGH,
        message=error.problem,
        remedy=f"{error.remedy}; {_EXCLUDE}",
        location=location,
    )
