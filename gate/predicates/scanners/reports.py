"""Reports of vulnerability scanners, known by their shape.

To add one that is read: write its module beside this one and list it in READ; to tell one that is
not read by its name, add a line to `unread.NAMED`. A report of a form that gate names but does not
read has no findings: what it says is undecided, and never "nothing was found". One that gate does
not know at all, such as a scanner's error or its log, is no scan.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import replace
from types import ModuleType
from typing import Final

from gate.model.predicates import Doubt
from gate.predicates.scanners.report import ScanReport, named_digests
from gate.predicates.scanners.unread import NAMED, first

READ: Final = (
    *("trivy", "grype", "snyk", "osv_scanner", "sarif", "gitlab", "harbor"),
    *("clair", "anchore", "twistlock", "docker_scout", "cyclonedx"),
)
"""Modules beside this one. The first that recognises a report reads it."""

UNKNOWN: Final = "unknown"
NOT_A_SCAN: Final = Doubt(
    why="holds no scanner's report that gate knows",
    remedy="attest the report of a vulnerability scanner, in a form that `docs/evidence.md` "
    "lists as read",
)


def parse(result: object) -> ScanReport:
    """Read a report. Raises ValueError where its form is known and its content broken."""
    read = _parse(result)
    return replace(read, about=read.about | named_digests(result))


def readers() -> Iterator[ModuleType]:
    """Yield the modules of READ, each imported when its turn comes."""
    return (importlib.import_module(f"gate.predicates.scanners.{name}") for name in READ)


def _parse(result: object) -> ScanReport:
    for module in readers():
        if module.recognises(result):
            report: ScanReport = module.read(result)
            return report
    shape = result if isinstance(result, dict) else first(result)
    for name, recognises in NAMED:
        if recognises(shape):
            return ScanReport(form=name)
    return ScanReport(form=UNKNOWN, doubt=NOT_A_SCAN)
