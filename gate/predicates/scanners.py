"""Reports of vulnerability scanners, as they are embedded in a scan's predicate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from gate.predicates import fields

_TOOLS: Final = ("trivy", "grype", "snyk", "osv-scanner")


@dataclass(frozen=True, slots=True)
class Report:
    """What a scanner's own report says. Nothing, where gate does not know its form."""

    scanner: str = ""
    finished: datetime | None = None
    database: datetime | None = None


def parse(result: object) -> Report:
    """Read a report by its shape. Raises ValueError where the shape is known and broken."""
    if not isinstance(result, dict):
        return Report()
    if "SchemaVersion" in result and ("Results" in result or "ArtifactName" in result):
        return Report("trivy", _time(result, "CreatedAt"))
    descriptor = result.get("descriptor")
    if isinstance(descriptor, dict) and "matches" in result:
        return _grype(descriptor)
    return Report()


def tool_name(uri: str) -> str:
    """Return the name of the tool that a scanner's URI stands for, or the URI."""
    lowered = uri.lower()
    return next((t for t in _TOOLS if t in lowered), uri)


def _time(report: dict[str, Any], key: str) -> datetime | None:
    return fields.instant_if_stated(report.get(key))


def _grype(descriptor: dict[str, Any]) -> Report:
    database = fields.optional_mapping(descriptor.get("db"), "descriptor.db")
    status = fields.optional_mapping(database.get("status"), "descriptor.db.status")
    built = fields.instant_if_stated(database.get("built") or status.get("built"))
    return Report("grype", _time(descriptor, "timestamp"), built)
