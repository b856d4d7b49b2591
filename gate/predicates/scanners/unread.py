"""Reports that gate tells apart by their shape and does not read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

Recogniser = Callable[[Mapping[str, Any]], bool]

_GITLAB: Final = ("container_scanning", "dependency_scanning")
"""What GitLab's reports without a `scan`, from before version 14, say of each vulnerability."""


def first(value: object) -> Mapping[str, Any]:
    """Return the first item of a list of objects; an empty object for anything else."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return dict(value[0])
    return {}


def _has(*keys: str) -> Recogniser:
    return lambda report: set(keys) <= report.keys()


def _says(key: str, inner: str, *values: str) -> Recogniser:
    """Whether an object under `key` has `inner`, and one of the values there if any is named."""

    def recognises(report: Mapping[str, Any]) -> bool:
        part = report.get(key)
        return isinstance(part, dict) and inner in part and (not values or part[inner] in values)

    return recognises


def _lists(key: str, *inner: str) -> Recogniser:
    """Whether the first object of the list under `key` has any of these."""
    return lambda report: not first(report.get(key)).keys().isdisjoint(inner)


NAMED: Final[tuple[tuple[str, Recogniser], ...]] = (
    ("xeol", _says("descriptor", "name", "xeol")),
    ("trivy-operator", lambda r: r.get("kind") == "VulnerabilityReport"),
    ("trivy-kubernetes", _has("ClusterName", "Resources")),
    ("trivy-kubernetes", _has("ClusterName", "Vulnerabilities")),
    ("clair", _has("LayerCount", "Vulnerabilities")),
    ("clair", _has("unapproved", "vulnerabilities")),
    ("anchore", _has("metadata", "securityEvaluation")),
    ("aqua", _has("image_assurance_results")),
    ("aqua", _has("image_name", "disallowed", "cves")),
    ("aws-inspector", _lists("findings", "awsAccountId")),
    ("sysdig", _lists("data", "imagePullString")),
    ("sysdig", _has("info", "scanner", "result")),
    ("wiz", _has("createdBy", "policies", "reportUrl")),
    ("neuvector", _says("report", "vulnerabilities")),
    ("jfrog-xray", _has("scan_id", "component_id", "vulnerabilities")),
    ("jfrog-xray", _lists("rows", "impacted_artifact")),
    ("jfrog-xray", _lists("data", "component_versions")),
    ("jfrog-xray", _lists("artifacts", "issues")),
    ("gcloud", _has("image_summary", "package_vulnerability_summary")),
    ("dependency-track", _says("meta", "application", "Dependency-Track")),
    ("gitlab", lambda r: first(r.get("vulnerabilities")).get("category") in _GITLAB),
    ("npm-audit", _has("auditReportVersion", "vulnerabilities")),
    ("npm-audit", _has("advisories", "metadata")),
    ("composer-audit", _has("advisories", "abandoned")),
    ("cargo-audit", _has("database", "lockfile", "vulnerabilities")),
    ("nancy", _has("num_audited", "num_vulnerable")),
    ("dotnet-list", _has("parameters", "sources", "projects")),
    ("govulncheck", _says("config", "protocol_version")),
    ("govulncheck", _has("Calls", "Imports", "Vulns")),
    ("pip-audit", _lists("dependencies", "vulns", "skip_reason")),
    ("pip-audit", lambda r: r.get("dependencies") == []),
    ("pip-audit", _has("vulns", "version")),
)
"""The first that fits counts; of a list, its first item is looked at."""
