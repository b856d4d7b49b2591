"""Reports of vulnerability scanners, known by their shape.

A report of a form that gate names but does not read, and one that it does not know at
all, has no findings: what they say is undecided, and never "nothing was found".
"""

from __future__ import annotations

from types import ModuleType
from typing import Final

from gate.predicates.scanners import gitlab, grype, harbor, osv_scanner, sarif, snyk, trivy
from gate.predicates.scanners.report import Report
from gate.predicates.scanners.unread import NAMED, first

READ: Final[tuple[ModuleType, ...]] = (trivy, grype, snyk, osv_scanner, sarif, gitlab, harbor)

TOOLS: Final = (
    *("trivy", "grype", "snyk", "osv-scanner", "govulncheck", "clair", "xeol", "twistlock"),
    *("docker-scout", "anchore", "sysdig", "wiz", "aqua", "inspector", "osv.dev"),
)
"""Tools that gate knows by name, more telling names first."""


def parse(result: object) -> Report:
    """Read a report. Raises ValueError where its form is known and its content broken."""
    for module in READ:
        if module.recognises(result):
            report: Report = module.read(result)
            return report
    shape = result if isinstance(result, dict) else first(result)
    for name, recognises in NAMED:
        if recognises(shape):
            return Report(form=name)
    return Report(form="unknown")


def tool_name(stated: str) -> str:
    """Return the name of the tool that a scanner's URI or title stands for, or the text."""
    lowered = stated.lower()
    return next((t for t in TOOLS if t in lowered), stated)
