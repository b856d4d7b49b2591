"""Snyk's JSON report, of one project or a list of them.

https://docs.snyk.io/snyk-cli/cli-commands-and-options-summary

It says neither when it was made nor when the database was built. Of an image it names the digest
where it was asked for by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from gate.documents import strict
from gate.model.predicates import Doubt, Rating, Vulnerability
from gate.predicates import fields
from gate.predicates.scanners.report import (
    ScannerForm,
    ScanReport,
    bounded,
    digests,
    highest,
    objects,
    rating,
    score,
    severity,
    vector_score,
    word,
    words,
)

FORM: Final = ScannerForm(
    report="Snyk JSON, one project or many, applications inside an image included",
    findings="read, `severityWithCritical` too; `snyk iac` is no scan, and one that counts more "
    "than it lists is refused; one by `--severity-threshold` counts for what is as severe",
)
_SETTINGS: Final = "infrastructureAsCodeIssues"
_OTHER: Final = Doubt(
    why="holds a report of `snyk iac`, which looks at settings and not at packages",
    remedy="scan with `snyk container test IMAGE --json` and attest that",
)

_UNLISTED: Final = Doubt(
    why="holds a report of Snyk that counts more vulnerabilities than it lists",
    remedy="scan again with `snyk container test IMAGE --json`, and attest that whole",
)


def recognises(report: object) -> bool:
    """Whether the report has Snyk's shape."""
    first = report[0] if isinstance(report, list) and report else report
    return (
        isinstance(first, dict)
        and isinstance(first.get("vulnerabilities"), list)
        and "ok" in first
        and ("dependencyCount" in first or "packageManager" in first)
    )


def read(report: object) -> ScanReport:
    """Read a report that `recognises` knows. Raises ValueError.

    A container scan has the projects inside the image under `applications`. A project that could
    not be scanned has an error in place of its list, and the report does not tell what is in it.
    """
    projects = list(objects(report if isinstance(report, list) else [report], "the report"))
    for project in tuple(projects):
        projects += objects(project.get("applications"), "applications")
    if any("error" in p or not strict.is_list(p.get("vulnerabilities")) for p in projects):
        msg = "a project has an error or no list of vulnerabilities, so its scan did not finish"
        raise ValueError(msg)
    doubt = _UNLISTED if any(map(_hides, projects)) else None
    return ScanReport(
        form="snyk",
        findings=bounded(f for project in projects for f in _findings(project)),
        targets=sum(project.get("dependencyCount") != 0 for project in projects),
        least=max(filter(None, map(_least, projects)), default=None),
        doubt=_OTHER if any(_SETTINGS in project for project in projects) else doubt,
        about=digests(*(word(project.get("path")) for project in projects)),
    )


def _least(project: Mapping[str, Any]) -> Rating | None:
    """Return the lowest severity that Snyk was told to list, by `--severity-threshold`.

    None where it lists all: it has no severity below low.
    """
    stated = project.get("severityThreshold")
    known = rating(stated)
    if stated is not None and known is None:
        msg = "severityThreshold is no severity"
        raise ValueError(msg)
    return None if known is Rating.LOW else known


def _hides(project: Mapping[str, Any]) -> bool:
    """Whether a project counts more ids than it lists, or lists none and is not in order."""
    listed = {word(f.get("id")) for f in objects(project["vulnerabilities"], "vulnerabilities")}
    if not listed and project.get("ok") is not True:
        return True
    counted = project.get("uniqueCount")
    if counted is None:
        return False
    if type(counted) is not int:
        msg = "uniqueCount is no count"
        raise ValueError(msg)
    return counted > len(listed)


def _findings(project: Mapping[str, Any]) -> Iterator[Vulnerability]:
    for found in objects(project.get("vulnerabilities"), "vulnerabilities"):
        named = found.get("identifiers")
        names = named if isinstance(named, dict) else {}
        yield Vulnerability(
            id=strict.text(found.get("id"), "a vulnerability's id"),
            aliases=words(names.get("CVE")) + words(names.get("GHSA")),
            package=word(found.get("packageName")) or word(found.get("moduleName")),
            version=word(found.get("version")),
            # `severity` is high at most for older readers; the other says it when it is more.
            rating=severity(found.get("severity"), found.get("severityWithCritical")),
            score=highest(score(found.get("cvssScore")), vector_score(found.get("CVSSv3"))),
            fixed_in=", ".join(words(found.get("fixedIn")))
            or strict.optional_text(found.get("nearestFixedInVersion"), "nearestFixedInVersion"),
            published=fields.instant_if_stated(
                found.get("disclosureTime") or found.get("publicationTime")
            ),
        )
