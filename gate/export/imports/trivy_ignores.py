"""`.trivyignore` and `.trivyignore.yaml`: what Trivy finds and does not fail on.

https://trivy.dev/docs/latest/configuration/filtering/

    CVE-2026-1234 exp:2026-12-31      ends, and has no reason: no waiver
    KSV-0011                          a rule that is off
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from gate.documents.lenient import mappings, text
from gate.export.imports.account import DocumentAccount, TakenLine
from gate.export.imports.call import ImportCall
from gate.export.imports.ignored import FOR_A_PART, NO_REASON, waived
from gate.export.imports.trivy import TOOL
from gate.model.document import Path
from gate.model.expressions import expression
from gate.model.location import Location
from gate.policy.profile import Profile

_MISCONFIGURATION: Final = expression(
    r"(?:AVD-)?(?:KSV|KCV|DS|AWS|AZU|GCP|DIG|OPNSTK|NIF|GIT|ORACLE|CLDSTK)-?\d+|builtin\..*",
    re.ASCII | re.IGNORECASE,
)
_MOST_LINES: Final = 10_000
_NO_RULE: Final = "gate has no rule for this"
_WITHOUT_END: Final = "a rule that is off has no end: write a waiver of the one object"
_ONE_PATH: Final = (
    "a rule that is off is off everywhere: write a waiver of the one object, or a comment in the "
    "manifest where the policy has `suppressible`"
)
_LICENCE: Final = "gate forbids only the licences that `forbid-licenses` names"
_CREDENTIAL: Final = "gate looks for credentials in manifests, and not for this one"


def import_trivy_ignore(content: str, path: str, call: ImportCall) -> Iterator[TakenLine]:
    """Add what the lines of a `.trivyignore` switch off; yield the account of each."""
    for number, line in enumerate(content.splitlines()[:_MOST_LINES], 1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        finding, *rest = words
        ends = any(word.startswith("exp:") for word in rest)
        if _MISCONFIGURATION.fullmatch(finding):
            key, why = _off(finding, call, ends=ends)
        else:
            key, why = "", NO_REASON
        yield TakenLine(location=Location(path, number), demand=finding, key=key, note=why)


def import_trivy_ignore_yaml(
    account: DocumentAccount, value: Mapping[str, Any], call: ImportCall
) -> None:
    """Add the waivers of a `.trivyignore.yaml`, and the rules that it switches off."""
    for index, one in mappings(value.get("vulnerabilities")):
        _vulnerability(account, ("vulnerabilities", index), one, call)
    for index, one in mappings(value.get("misconfigurations")):
        _misconfiguration(account, ("misconfigurations", index), one, call)
    for kind, why in (("secrets", _CREDENTIAL), ("licenses", _LICENCE)):
        for index, _ in mappings(value.get(kind)):
            account.lost((kind, index, "id"), why)
            account.quiet((kind, index))


def _vulnerability(
    account: DocumentAccount, at: Path, one: Mapping[str, Any], call: ImportCall
) -> None:
    place: Path = (*at, "id")
    account.quiet(at)
    if one.get("paths") or one.get("purls"):
        account.lost(place, FOR_A_PART)
        return
    try:
        note = waived(
            call.proposal,
            call.terms,
            finding=text(one.get("id")),
            reason=text(one.get("statement")),
            end=text(one.get("expired_at")),
        )
    except ValueError as problem:
        account.lost(place, str(problem))
        return
    account.carried(place, "waivers", note)


def _misconfiguration(
    account: DocumentAccount, at: Path, one: Mapping[str, Any], call: ImportCall
) -> None:
    place: Path = (*at, "id")
    account.quiet(at)
    if one.get("paths"):
        account.lost(place, _ONE_PATH)
        return
    key, why = _off(text(one.get("id")), call, ends="expired_at" in one)
    if key:
        account.carried(place, key)
    else:
        account.lost(place, why)


def _off(finding: str, call: ImportCall, *, ends: bool) -> tuple[str, str]:
    """Switch the rules of a check off; return the key that does it, or why nothing does."""
    rules = call.rules.answering(TOOL, finding)
    silenced = call.rules.silenced(TOOL, [finding])
    if not rules:
        return "", _NO_RULE
    if ends:
        return "", _WITHOUT_END
    rest = [f"{rule} is {', '.join(silenced[rule])} too" for rule in rules if silenced.get(rule)]
    if rest or not silenced:
        return "", "; ".join(rest) or "no policy can soften this rule"
    call.proposal.linter(TOOL, Profile.ALL).off.update(rules)
    return f"manifests off: {', '.join(rules)}", ""
