"""Prisma Cloud's report, once Twistlock's, as `twistcli images scan --output-file` writes it.

https://docs.prismacloud.io/en/compute-edition/34/admin-guide/tools/twistcli-scan-images

It says when it was made, and which digest the image has; not how old the database was.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from itertools import chain
from typing import Any, Final

from gate.documents import strict
from gate.model.expressions import expression
from gate.model.predicates import Doubt, Rating, Vulnerability
from gate.predicates import fields
from gate.predicates.scanners.report import (
    ScannerForm,
    ScanReport,
    bounded,
    digests,
    objects,
    severity,
    stated_score,
    word,
)

FORM: Final = ScannerForm(
    report="Prisma Cloud (Twistlock): the JSON of `twistcli images scan --output-file`",
    findings="read; one that counts more than it lists is refused",
    time="`scanTime`",
)
_UNLISTED: Final = Doubt(
    why="holds a report of twistcli that counts more vulnerabilities than it lists",
    remedy="scan again with `twistcli images scan --details --output-file`, and attest that whole",
)
_LISTS: Final = frozenset({"vulnerabilities", "vulnerabilityDistribution"})
_COUNTED: Final = (
    ("critical", Rating.CRITICAL),
    ("high", Rating.HIGH),
    ("medium", Rating.MEDIUM),
)
"""What is counted, the worst first, and the lowest rating that is counted there."""
_FIXED: Final = expression(r"fixed in:?\s*(.+)", re.IGNORECASE)


def recognises(report: object) -> bool:
    """Whether the report has twistcli's shape."""
    results = report.get("results") if isinstance(report, dict) else None
    return (
        isinstance(results, list)
        and bool(results)
        and isinstance(results[0], dict)
        and _is_result(results[0])
    )


def read(report: object) -> ScanReport:
    """Read a report that `recognises` knows. Raises ValueError.

    twistcli leaves the list of vulnerabilities out where there are none. Where it counts more than
    it lists, or did not let the image pass and lists nothing, what it found is not all there.
    """
    document = strict.mapping(report, "the report")
    results = list(objects(document.get("results"), "results"))
    times = [fields.instant_if_stated(result.get("scanTime")) for result in results]
    stated = [time for time in times if time is not None]
    if not all(map(_is_result, results)):
        msg = "a result has no distro or lists no vulnerabilities, so what is in it is not told"
        raise ValueError(msg)
    listed = [objects(r.get("vulnerabilities"), "vulnerabilities") for r in results]
    found = [bounded(map(_finding, each)) for each in listed]
    return ScanReport(
        form="twistlock",
        finished=min(stated) if len(stated) == len(times) else None,
        findings=bounded(chain.from_iterable(found)),
        about=digests(*(word(r.get(key)) for r in results for key in ("digest", "name"))),
        doubt=_UNLISTED if any(map(_hides, results, found)) else None,
    )


def _is_result(result: Mapping[str, Any]) -> bool:
    return "distro" in result and not result.keys().isdisjoint(_LISTS)


def _hides(result: Mapping[str, Any], found: Collection[Vulnerability]) -> bool:
    """Whether a result counts more than it lists, from any severity upwards or in all."""
    if not found and result.get("vulnerabilityScanPassed") is False:
        return True
    stated = strict.optional_mapping(
        result.get("vulnerabilityDistribution"), "vulnerabilityDistribution"
    )
    counts = {name: _count(number) for name, number in stated.items()}
    total = counts.pop("total", 0)
    if max(total, sum(counts.values())) > len(found):
        return True
    counted = 0
    for name, least in _COUNTED:
        counted += counts.get(name, 0)
        if counted > sum(f.rating is None or f.rating >= least for f in found):
            return True
    return False


def _count(number: object) -> int:
    if type(number) is not int or number < 0:
        msg = "vulnerabilityDistribution has something that is no count"
        raise ValueError(msg)
    return number


def _finding(found: Mapping[str, Any]) -> Vulnerability:
    fixed = _FIXED.search(strict.optional_text(found.get("status"), "status"))
    return Vulnerability(
        id=strict.text(found.get("id") or found.get("cve"), "a vulnerability's id"),
        package=word(found.get("packageName")),
        version=word(found.get("packageVersion")),
        rating=severity(found.get("severity")),
        score=stated_score(found.get("cvss"), found.get("vector")),
        fixed_in=fixed[1] if fixed else "",
        published=fields.instant_if_stated(found.get("publishedDate")),
    )
