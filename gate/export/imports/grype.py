"""`.grype.yaml`: the severity that it fails on, and the matches that it ignores.

https://oss.anchore.com/docs/reference/grype/configuration/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gate.documents.lenient import mappings, text
from gate.export.imports.account import DocumentAccount
from gate.export.imports.call import ImportCall
from gate.export.imports.ignored import FOR_A_PART, waived
from gate.model.document import Path

_ASKED: Final = ("fail-on-severity", "only-fixed", "only-notfixed", "ignore", "vex-documents")
_SCANS: Final = "gate judges scans that are signed: add `vulnerabilities: {by: […], fail-on"


def import_grype(account: DocumentAccount, value: Mapping[str, Any], call: ImportCall) -> None:
    """Add waivers of what is ignored; tell what is asked of scans, whose signer is not named."""
    account.quiet(*((key,) for key in value if key not in _ASKED))
    if severity := text(value.get("fail-on-severity")):
        account.lost(("fail-on-severity",), f"{_SCANS}: {severity}}}`")
    for key in ("only-fixed", "only-notfixed"):
        if value.get(key) is True:
            account.lost((key,), "see `fail-on-unfixable` of `vulnerabilities`")
        account.quiet((key,))
    if value.get("vex-documents"):
        account.lost(("vex-documents",), "add `vex: […]` to `vulnerabilities`: who says it")
    account.quiet(("vex-documents",))
    for index, one in mappings(value.get("ignore")):
        named = "vulnerability" in one
        place: Path = ("ignore", index, "vulnerability") if named else ("ignore", index)
        account.quiet(("ignore", index))
        if not named:
            account.lost(place, "a waiver names one finding")
        elif one.keys() - {"vulnerability", "reason", "include-aliases"}:
            account.lost(place, FOR_A_PART)
        else:
            _waived(account, place, one, call)
    account.quiet(("ignore",))


def _waived(account: DocumentAccount, at: Path, one: Mapping[str, Any], call: ImportCall) -> None:
    finding, reason = text(one["vulnerability"]), text(one.get("reason"))
    try:
        note = waived(call.proposal, call.terms, finding=finding, reason=reason, end="")
    except ValueError as problem:
        account.lost(at, str(problem))
    else:
        account.carried(at, "waivers", note)
