"""SARIF 2.1.0 as vulnerability scanners write it.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html

No scanner seen puts a scan time or a database time into it. The level says too little
to rate by: `error` may be critical, and Trivy writes `note` for what it does not know.
So the rule's `security-severity` or its tags count, then `warning` as medium, and
everything else is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from gate.model.predicates import Rating, Vulnerability
from gate.predicates import fields
from gate.predicates.scanners.report import (
    Report,
    advisories,
    bounded,
    objects,
    rated,
    rating,
    score,
    word,
    words,
)

_VERSION: Final = "2.1.0"


def recognises(report: object) -> bool:
    """Whether the report has SARIF's shape."""
    return (
        isinstance(report, dict)
        and isinstance(report.get("runs"), list)
        and str(report.get("version", "")).startswith("2.")
    )


def read(report: object) -> Report:
    """Read a report that `recognises` knows. Raises ValueError; so does a run that failed."""
    document = fields.mapping(report, "the report")
    runs = list(objects(document.get("runs"), "runs"))
    if document["version"] != _VERSION:
        msg = f"the SARIF version is not {_VERSION}, and gate reads no other"
        raise ValueError(msg)
    if any(_failed(run) for run in runs):
        msg = "a run has no results or says that it failed, so the scan did not finish"
        raise ValueError(msg)
    names = [word(_driver(run).get("name")) for run in runs]
    return Report(
        form="sarif",
        scanner=next(filter(None, names), ""),
        findings=bounded(f for run in runs for f in _findings(run)),
        targets=None if runs else 0,
    )


def _failed(run: Mapping[str, Any]) -> bool:
    """Whether a run looked at nothing to its end: empty results are there, and are a list."""
    invocations = objects(run.get("invocations"), "invocations")
    return run.get("results") is None or any(
        i.get("executionSuccessful") is False for i in invocations
    )


def _driver(run: Mapping[str, Any]) -> Mapping[str, Any]:
    tool = fields.mapping(run.get("tool"), "a run's tool")
    return fields.mapping(tool.get("driver"), "a tool's driver")


def _findings(run: Mapping[str, Any]) -> Iterator[Vulnerability]:
    listed = list(objects(_driver(run).get("rules"), "rules"))
    rules = {word(r.get("id")): r for r in (*_extended(run), *listed)}
    for result in objects(run.get("results"), "results"):
        rule_id = _rule_id(result, listed)
        properties = rules.get(rule_id, {}).get("properties")
        stated = properties if isinstance(properties, dict) else {}
        named = advisories(rule_id)
        number = score(stated.get("security-severity"))
        yield Vulnerability(
            id=named[0] if named else rule_id,
            aliases=named[1:],
            rating=_tagged(stated) or rated(number) or _level(result),
            score=number,
        )


def _extended(run: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the rules of what extends the tool."""
    for extension in objects(run["tool"].get("extensions"), "a tool's extensions"):
        yield from objects(extension.get("rules"), "rules")


def _rule_id(result: Mapping[str, Any], rules: Sequence[Mapping[str, Any]]) -> str:
    """Return what a result is of: by `ruleId`, or by reference where that is left out."""
    reference = fields.optional_mapping(result.get("rule"), "a result's rule")
    stated = result.get("ruleId", reference.get("id"))
    if stated is None and "toolComponent" not in reference:
        index = result.get("ruleIndex", reference.get("index"))
        if type(index) is int and 0 <= index < len(rules):
            stated = rules[index].get("id")
    return fields.text(stated, "a result's ruleId")


def _tagged(properties: Mapping[str, Any]) -> Rating | None:
    return next(filter(None, map(rating, words(properties.get("tags")))), None)


def _level(result: Mapping[str, Any]) -> Rating | None:
    return Rating.MEDIUM if result.get("level") == "warning" else None
