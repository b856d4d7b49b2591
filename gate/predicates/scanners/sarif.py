"""SARIF 2.1.0 as vulnerability scanners write it.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html

No scanner seen puts a scan time or a database time into it. `sarif_drivers` says whose it is a
scan of. Of a rule's tags, its `cvssV3_severity` and its `security-severity` the highest counts;
`level` only for tools that are known to grade by it. A rule that calls itself unknown or
unspecified has no score, and its number does not count: Docker Scout writes 3.1 there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from gate.documents import strict
from gate.model.predicates import Rating, Vulnerability
from gate.predicates.scanners.report import (
    ScannerForm,
    ScanReport,
    advisories,
    bounded,
    digests,
    objects,
    rated,
    rating,
    score,
    word,
    words,
)
from gate.predicates.scanners.report import (
    highest as highest_score,
)
from gate.predicates.scanners.sarif_drivers import doubt_about, driver_of

FORM: Final = ScannerForm(
    report="SARIF 2.1.0 of a vulnerability scanner (see below); other versions refused",
    findings="read, rules by id or by place, those of extensions too; rated by the highest of "
    "`security-severity`, tags and `cvssV3_severity`, else unknown",
)
_VERSION: Final = "2.1.0"
_UNKNOWN: Final = frozenset({"unknown", "unspecified", "unassigned", "not yet assigned"})
_NO_FIX: Final = ("", "not fixed")

_INLINE: Final = "inlineExternalProperties"
_EXTERNAL: Final = "externalPropertyFileReferences"
"""Where a log names results and rules that are not in its runs (3.13.6, 3.14.2)."""


def recognises(report: object) -> bool:
    """Whether the report has SARIF's shape."""
    return (
        isinstance(report, dict)
        and isinstance(report.get("runs"), list)
        and str(report.get("version", "")).startswith("2.")
    )


def read(report: object) -> ScanReport:
    """Read a report that `recognises` knows. Raises ValueError; so does a run that failed.

    Where a run is no vulnerability scan that gate knows, nothing is told of what was found.
    """
    document = strict.mapping(report, "the report")
    runs = list(objects(document.get("runs"), "runs"))
    if document["version"] != _VERSION:
        msg = f"the SARIF version is not {_VERSION}, and gate reads no other"
        raise ValueError(msg)
    if any(_failed(run) for run in runs):
        msg = "a run has no results or says that it failed, so the scan did not finish"
        raise ValueError(msg)
    if document.get(_INLINE) or any(run.get(_EXTERNAL) for run in runs):
        msg = "parts of a run are kept outside of it, where gate does not read them"
        raise ValueError(msg)
    names = [word(_driver(run).get("name")) for run in runs]
    findings = bounded(f for run in runs for f in _findings(run))
    doubts = [doubt_about(n, r, _rules(r).values()) for n, r in zip(names, runs, strict=True)]
    doubt = next(filter(None, doubts), None)
    if doubt is not None and any(d is None for d in doubts):
        # Snyk writes one run for the system and one for the applications; either may be empty.
        doubt = next((d for d, n in zip(doubts, names, strict=True) if driver_of(n) is None), None)
    told = doubt is None or all(d and not d.modes for d in map(driver_of, names))
    return ScanReport(
        form="sarif",
        scanner=next(filter(None, names), ""),
        findings=findings if told else None,
        targets=None if runs else 0,
        about=digests(*map(_image, runs)),
        doubt=doubt,
    )


def _image(run: Mapping[str, Any]) -> str:
    """Return the name of the image that a run says it is of."""
    properties = run.get("properties")
    return word(properties.get("imageName")) if isinstance(properties, dict) else ""


def _failed(run: Mapping[str, Any]) -> bool:
    """Whether a run looked at nothing to its end: empty results are there, and are a list."""
    invocations = objects(run.get("invocations"), "invocations")
    return run.get("results") is None or any(
        i.get("executionSuccessful", True) is not True for i in invocations
    )


def _driver(run: Mapping[str, Any]) -> Mapping[str, Any]:
    tool = strict.mapping(run.get("tool"), "a run's tool")
    return strict.mapping(tool.get("driver"), "a tool's driver")


def _rules(run: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    listed = objects(_driver(run).get("rules"), "rules")
    return {word(r.get("id")): r for r in (*_extended(run), *listed)}


def _findings(run: Mapping[str, Any]) -> Iterator[Vulnerability]:
    listed = list(objects(_driver(run).get("rules"), "rules"))
    rules = _same_names((*_extended(run), *listed))
    driver = driver_of(word(_driver(run).get("name")))
    for result in objects(run.get("results"), "results"):
        rule_id = _rule_id(result, listed)
        own = score(_properties(result).get("security-severity"))
        level = driver.warning if driver and result.get("level") == "warning" else None
        # Where several rules have one id, a result may be of any of them.
        for rule in rules.get(rule_id, [{}]):
            yield _finding(rule_id, _properties(rule), own, level)


def _properties(named: Mapping[str, Any]) -> Mapping[str, Any]:
    properties = named.get("properties")
    return properties if isinstance(properties, dict) else {}


def _same_names(rules: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """Return the rules by their ids; two of one id are both kept."""
    named: dict[str, list[Mapping[str, Any]]] = {}
    for rule in rules:
        named.setdefault(word(rule.get("id")), []).append(rule)
    return named


def _finding(
    rule_id: str, stated: Mapping[str, Any], own: float | None, level: Rating | None
) -> Vulnerability:
    """Return what a result is by one rule; `own` is the score that the result has itself."""
    named = advisories(rule_id)
    said = [word(stated.get("cvssV3_severity")), *words(stated.get("tags"))]
    unknown = any(s.strip().lower() in _UNKNOWN for s in said)
    number = None if unknown else highest_score(score(stated.get("security-severity")), own)
    highest = max(filter(None, map(rating, said)), default=None)
    purls = words(stated.get("purls"))
    fixed = word(stated.get("fixed_version"))
    return Vulnerability(
        id=named[0] if named else rule_id,
        aliases=named[1:],
        purl=purls[0] if len(purls) == 1 else "",
        rating=_sure(highest, unknown=unknown) or rated(number) or (None if unknown else level),
        score=number,
        fixed_in="" if fixed in _NO_FIX else fixed,
        fix_told=bool(fixed),
    )


def _sure(highest: Rating | None, *, unknown: bool) -> Rating | None:
    """Return the highest word; of a rule that calls itself unknown too, only the highest of all."""
    return None if unknown and highest is not Rating.CRITICAL else highest


def _extended(run: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the rules of what extends the tool."""
    for extension in objects(run["tool"].get("extensions"), "a tool's extensions"):
        yield from objects(extension.get("rules"), "rules")


def _rule_id(result: Mapping[str, Any], rules: Sequence[Mapping[str, Any]]) -> str:
    """Return what a result is of: by `ruleId`, or by reference where that is left out."""
    reference = strict.optional_mapping(result.get("rule"), "a result's rule")
    stated = result.get("ruleId", reference.get("id"))
    if stated is None and "toolComponent" not in reference:
        index = result.get("ruleIndex", reference.get("index"))
        if type(index) is int and 0 <= index < len(rules):
            stated = rules[index].get("id")
    return strict.text(stated, "a result's ruleId")
