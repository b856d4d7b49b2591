"""Reports of vulnerability scanners, known by their shape.

A report of a form that gate names but does not read, and one that it does not know at
all, has no findings: what they say is undecided, and never "nothing was found".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any, Final

from gate.predicates import gitlab, grype, harbor, osv_scanner, sarif, snyk, trivy
from gate.predicates.report import Report

READ: Final[tuple[ModuleType, ...]] = (trivy, grype, snyk, osv_scanner, sarif, gitlab, harbor)

TOOLS: Final = (
    *("trivy", "grype", "snyk", "osv-scanner", "govulncheck", "clair", "xeol", "twistlock"),
    *("docker-scout", "anchore", "sysdig", "wiz", "aqua", "inspector", "osv.dev"),
)
"""Tools that gate knows by name, more telling names first."""


def _has(*keys: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda report: set(keys) <= report.keys()


NAMED: Final[tuple[tuple[str, Callable[[Mapping[str, Any]], bool]], ...]] = (
    ("xeol", lambda r: isinstance(d := r.get("descriptor"), dict) and d.get("name") == "xeol"),
    ("trivy-operator", lambda r: r.get("kind") == "VulnerabilityReport"),
    ("clair", _has("manifest_hash", "package_vulnerabilities")),
    ("clair", _has("LayerCount", "Vulnerabilities")),
    ("clair", _has("unapproved", "vulnerabilities")),
    ("anchore", _has("imageDigest", "vulnerabilities")),
    ("anchore", _has("image_digest", "vulnerabilities")),
    ("aqua", _has("image_assurance_results")),
    ("aws-inspector", lambda r: "awsAccountId" in _first(r.get("findings"))),
    ("sysdig", lambda r: "imagePullString" in _first(r.get("data"))),
    ("wiz", _has("createdBy", "policies", "reportUrl")),
    ("twistlock", lambda r: "distro" in _first(r.get("results"))),
    ("pip-audit", _has("dependencies")),
    ("govulncheck", _has("config")),
    ("anchore", _has("feed", "feedGroup")),
    ("pip-audit", _has("vulns", "version")),
)
"""Forms that gate tells apart and does not read; of a list, its first item."""


def parse(result: object) -> Report:
    """Read a report. Raises ValueError where its form is known and its content broken."""
    for module in READ:
        if module.recognises(result):
            report: Report = module.read(result)
            return report
    shape = result if isinstance(result, dict) else _first(result)
    for name, recognises in NAMED:
        if recognises(shape):
            return Report(form=name)
    return Report(form="unknown")


def tool_name(stated: str) -> str:
    """Return the name of the tool that a scanner's URI or title stands for, or the text."""
    lowered = stated.lower()
    return next((t for t in TOOLS if t in lowered), stated)


def _first(value: object) -> Mapping[str, Any]:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return dict(value[0])
    return {}
