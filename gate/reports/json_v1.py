"""`gate/report/v1`: the report as JSON, for programs.

The schema is `docs/report-v1.schema.json`. Within version 1, keys are added and never
removed or given another meaning. Text is in it exactly as it was found, escaped as
JSON is: a program that prints it has to neutralise it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from json.encoder import encode_basestring_ascii
from typing import Any, Final

from gate.model.expressions import expression
from gate.model.image import ResolvedImage
from gate.model.kubernetes import ImageUse, ObjectName, field_path
from gate.model.location import Location
from gate.model.report import (
    Deployment,
    ErrorReport,
    ImageReport,
    ReliedOn,
    Report,
    UndecidedReport,
)
from gate.model.verdict import Finding, WaivedFinding
from gate.model.words import timestamp

SCHEMA = "gate/report/v1"
MAX_NOT_DEPLOYED: Final = 1_000
"""The most objects that are listed as not deployed; the count is of all."""
_ENCODER: Final = json.JSONEncoder(sort_keys=True, ensure_ascii=True)
_MARKS: Final = expression("#(?=#)")


def render(report: Report) -> str:
    """Return the report as JSON, keys sorted, with a line feed at its end."""
    return "".join(pieces(report))


def pieces(report: Report) -> Iterator[str]:
    """Yield the same text piece by piece, each finding when it is asked for.

    A report of half a million findings has 290 MB: nobody has to hold it.
    """
    value = {
        "schema": SCHEMA,
        "command": report.command,
        "tool": {"name": "gate", "version": report.tool_version},
        "verdict": "cleared" if report.cleared else "blocked",
        "exitCode": report.exit_code,
        "at": report.at.isoformat().replace("+00:00", "Z"),
        "policy": _policy(report),
        "release": {"digest": str(report.release.digest)} if report.release else None,
        "pass": _pass(report),
        "error": _error(report.error),
        "deployment": _deployment(report.deployment),
        "excluded": {"count": report.excluded.count, "names": list(report.excluded.names)},
        "counts": {
            name: getattr(report.counts, name) for name in report.counts.__dataclass_fields__
        },
    }
    suppressed = ({**_finding(s.finding), "reason": s.reason} for s in report.suppressed)
    rendered = ({"path": r.path, "tool": r.tool, "version": r.version} for r in report.rendered)
    lists: dict[str, Iterable[str]] = {
        "images": map(_compact, map(_image, report.images)),
        "findings": map(_line, report.findings),
        "undecided": map(_compact, map(_undecided, report.undecided)),
        "waived": map(_compact, map(_waived, report.waived)),
        "suppressed": map(_compact, suppressed),
        "known": map(_line, report.known),
        "rendered": map(_compact, rendered),
    }
    begin = "{"
    for key in sorted((*value, *lists)):
        yield f"{begin}\n {_compact(key)}: "
        if key in lists:
            yield from _list(lists[key])
        else:
            yield _compact(value[key])
        begin = ","
    yield "\n}\n"


def _list(items: Iterable[str]) -> Iterator[str]:
    """Yield the JSON of a list, with a line for the JSON of each item.

    Indenting all of it would be done in Python: this way the encoder in C does the work,
    ten thousand findings take a tenth of the time, and each still has a line of its own.
    """
    begin = "["
    for item in items:
        yield f"{begin}\n  {item}"
        begin = ","
    yield "[]" if begin == "[" else "\n ]"


def _compact(value: object) -> str:
    """Return JSON on one line, in which no CI system that logs it finds a `##[command]`."""
    return _unmarked(_ENCODER.encode(value))


def _unmarked(text: str) -> str:
    return _MARKS.sub(r"\\u0023", text) if "##" in text else text


def _policy(report: Report) -> dict[str, str] | None:
    if report.policy is None:
        return None
    return {"path": report.policy.path, "digest": str(report.policy.digest)}


def _pass(report: Report) -> dict[str, Any] | None:
    if report.passed is None:
        return None
    return {
        "state": report.passed.state.value,
        "stored": list(report.passed.stored),
        "note": report.passed.note,
        "statements": [json.loads(s) for s in report.passed.statements],
    }


def _error(error: ErrorReport | None) -> dict[str, Any] | None:
    if error is None:
        return None
    return {
        "code": error.code,
        "message": error.problem,
        "remedy": error.remedy,
        "location": _location(error.location) if error.location else None,
    }


def _deployment(deployment: Deployment | None) -> dict[str, Any] | None:
    if deployment is None:
        return None
    return {
        "withoutPass": [
            {"image": w.image, "entry": w.entry, "reason": w.reason}
            for w in deployment.without_pass
        ],
        "notDeployed": [
            {"name": n.name, "digest": str(n.digest)}
            for n in deployment.not_deployed[:MAX_NOT_DEPLOYED]
        ],
        "notDeployedCount": len(deployment.not_deployed),
    }


def _image(image: ImageReport) -> dict[str, Any]:
    return {
        "name": image.name,
        "digest": str(image.resolved.digest) if image.resolved else None,
        "pinned": str(image.resolved) if image.resolved else None,
        "platforms": _platforms(image.resolved),
        "uses": [_use(u) for u in image.uses],
        "checks": [
            {
                "check": c.check,
                "status": c.status.value,
                "reliedOn": list(c.relied_on),
                "evidence": [_evidence(e) for e in c.evidence],
                "until": timestamp(c.until) if c.until else None,
                "ages": [
                    {"of": a.of, "since": timestamp(a.since), "until": timestamp(a.until)}
                    for a in c.ages
                ],
            }
            for c in image.checks
        ],
        "attached": list(image.attached),
    }


def _evidence(evidence: ReliedOn) -> dict[str, Any]:
    return {
        "kind": evidence.kind,
        "predicateType": evidence.predicate_type,
        "digest": str(evidence.digest),
        "signers": list(evidence.signers),
        "identity": evidence.identity,
        "signedAt": timestamp(evidence.signed_at) if evidence.signed_at else None,
    }


def _platforms(image: ResolvedImage | None) -> list[dict[str, str]]:
    if image is None:
        return []
    return [{"platform": str(p.platform), "digest": str(p.digest)} for p in image.platforms]


def _use(use: ImageUse) -> dict[str, Any]:
    return {
        "object": _object(use.object),
        "container": use.container,
        "field": field_path(use.path),
        "location": _location(use.location),
    }


def _line(finding: Finding) -> str:
    """Return the JSON of `_finding` in half the time: reports have half a million."""
    return _unmarked(
        f'{{"action": {_quoted(finding.action.value)}, "also": {_also(finding.also)}, '
        f'"code": {_quoted(finding.code)}, "container": {_text(finding.container)}, '
        f'"field": {_text(finding.field)}, "fingerprint": "{finding.fingerprint}", '
        f'"id": {_quoted(finding.waiver_id)}, "image": {_text(finding.image)}, '
        f'"location": {_place(finding.location)}, "message": {_quoted(finding.message)}, '
        f'"object": {_name(finding.object)}, "remedy": {_quoted(finding.remedy)}, '
        f'"rule": {_quoted(finding.rule)}, "severity": {_quoted(finding.severity.name.lower())}}}'
    )


def _text(text: str | None) -> str:
    return "null" if text is None else _quoted(text)


def _also(rules: tuple[str, ...]) -> str:
    return f"[{', '.join(map(_quoted, rules))}]"


def _place(location: Location | None) -> str:
    if location is None:
        return "null"
    path = _quoted(location.path)
    return f'{{"column": {location.column}, "line": {location.line}, "path": {path}}}'


def _name(name: ObjectName | None) -> str:
    if name is None:
        return "null"
    source = f', "source": {_quoted(name.source)}' if name.source else ""
    return (
        f'{{"kind": {_quoted(name.kind)}, "name": {_quoted(name.name)}, '
        f'"namespace": {_text(name.namespace)}{source}}}'
    )


_quoted = lru_cache(maxsize=1_024)(encode_basestring_ascii)
"""The JSON of a text. Most texts of a finding are in many others too."""


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "code": finding.code,
        "id": finding.waiver_id,
        "action": finding.action.value,
        "severity": finding.severity.name.lower(),
        "object": _object(finding.object) if finding.object else None,
        "container": finding.container,
        "image": finding.image,
        "location": _location(finding.location) if finding.location else None,
        "field": finding.field,
        "message": finding.message,
        "remedy": finding.remedy,
        "fingerprint": finding.fingerprint,
        "also": list(finding.also),
    }


def _undecided(undecided: UndecidedReport) -> dict[str, str]:
    return {
        "rule": undecided.check,
        "subject": undecided.subject,
        "code": undecided.outcome.code,
        "message": undecided.outcome.reason,
        "remedy": undecided.outcome.remedy,
    }


def _waived(waived: WaivedFinding) -> dict[str, Any]:
    return {
        **_finding(waived.finding),
        "owner": waived.owner,
        "reason": waived.reason,
        "expires": waived.expires.isoformat(),
    }


def _object(name: ObjectName) -> dict[str, str | None]:
    source = {"source": name.source} if name.source else {}
    return {"kind": name.kind, "namespace": name.namespace, "name": name.name, **source}


def _location(location: Location) -> dict[str, str | int]:
    return {"path": location.path, "line": location.line, "column": location.column}
