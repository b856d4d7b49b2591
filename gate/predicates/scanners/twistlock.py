"""Prisma Cloud's report, once Twistlock's, as `twistcli images scan --output-file` writes it.

https://docs.prismacloud.io/en/compute-edition/34/admin-guide/tools/twistcli-scan-images

It says when it was made, and which digest the image has; not how old the database was.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from gate.documents import strict
from gate.model.predicates import Doubt, Vulnerability
from gate.predicates import fields
from gate.predicates.scanners.report import (
    ScannerForm,
    ScanReport,
    bounded,
    digests,
    objects,
    score,
    severity,
    word,
)

FORM: Final = ScannerForm(
    report="Prisma Cloud (Twistlock): the JSON of `twistcli images scan --output-file`",
    time="`scanTime`",
)
_UNLISTED: Final = Doubt(
    why="holds a report of twistcli that counts vulnerabilities and lists none",
    remedy="scan again with `twistcli images scan --details --output-file`, and attest that whole",
)
_FIXED: Final = re.compile(r"fixed in:?\s*(.+)", re.IGNORECASE)


def recognises(report: object) -> bool:
    """Whether the report has twistcli's shape."""
    results = report.get("results") if isinstance(report, dict) else None
    return (
        isinstance(results, list)
        and bool(results)
        and isinstance(results[0], dict)
        and "distro" in results[0]
        and not results[0].keys().isdisjoint({"vulnerabilities", "vulnerabilityDistribution"})
    )


def read(report: object) -> ScanReport:
    """Read a report that `recognises` knows. Raises ValueError.

    twistcli leaves the list of vulnerabilities out where there are none; one that is empty beside a
    count that is not shows nothing.
    """
    document = strict.mapping(report, "the report")
    results = list(objects(document.get("results"), "results"))
    times = [fields.instant_if_stated(result.get("scanTime")) for result in results]
    stated = [time for time in times if time is not None]
    unlisted = any(_counted(r) and not r.get("vulnerabilities") for r in results)
    return ScanReport(
        form="twistlock",
        finished=min(stated) if len(stated) == len(times) else None,
        findings=bounded(
            found
            for result in results
            for found in map(_finding, objects(result.get("vulnerabilities"), "vulnerabilities"))
        ),
        about=digests(*(word(r.get(key)) for r in results for key in ("digest", "name"))),
        doubt=_UNLISTED if unlisted else None,
    )


def _counted(result: Mapping[str, Any]) -> bool:
    """Whether a result counts a vulnerability, listed or not."""
    counts = strict.optional_mapping(
        result.get("vulnerabilityDistribution"), "vulnerabilityDistribution"
    )
    return any(isinstance(n, int) and n > 0 for n in counts.values())


def _finding(found: Mapping[str, Any]) -> Vulnerability:
    fixed = _FIXED.search(word(found.get("status")))
    return Vulnerability(
        id=strict.text(found.get("id") or found.get("cve"), "a vulnerability's id"),
        package=word(found.get("packageName")),
        version=word(found.get("packageVersion")),
        rating=severity(found.get("severity")),
        score=score(found.get("cvss")),
        fixed_in=fixed[1] if fixed else "",
        published=fields.instant_if_stated(found.get("publishedDate")),
    )
