"""`osv-scanner.toml`: the vulnerabilities that OSV-Scanner ignores, with reasons and ends.

https://google.github.io/osv-scanner/configuration/
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from gate.documents.lenient import mappings, text
from gate.errors import UsageError
from gate.export.imports.account import TakenLine
from gate.export.imports.call import ImportCall
from gate.export.imports.ignored import waived
from gate.model.expressions import expression
from gate.model.location import Location

MAX_BYTES: Final = 256 * 1024
"""The largest file that is read."""
_HEADS: Final[dict[str, re.Pattern[str]]] = {
    name: expression(rf"^[ \t]*\[\[[ \t]*{name}[ \t]*\]\]", re.MULTILINE)
    for name in ("IgnoredVulns", "PackageOverrides")
}
_PACKAGES: Final = "a waiver is for one finding, and this is for every finding of a package"


def import_osv_scanner(content: str, path: str, call: ImportCall) -> Iterator[TakenLine]:
    """Add the waivers of a file; yield the account of each part. Raises UsageError."""
    value = _read(content, path)
    lines = {
        name: [content.count("\n", 0, found.start()) + 1 for found in head.finditer(content)]
        for name, head in _HEADS.items()
    }

    def at(name: str, index: int) -> Location:
        found = lines[name]
        return Location(path, found[index] if index < len(found) else 1)

    for index, one in mappings(value.get("IgnoredVulns")):
        finding, key = text(one.get("id")), "waivers"
        try:
            note = waived(
                call.proposal,
                call.terms,
                finding=finding,
                reason=text(one.get("reason")),
                end=_end(one.get("ignoreUntil")),
            )
        except ValueError as problem:
            key, note = "", str(problem)
        where = at("IgnoredVulns", index)
        yield TakenLine(location=where, demand=f"IgnoredVulns {finding}"[:200], key=key, note=note)
    for index, one in mappings(value.get("PackageOverrides")):
        demand = f"PackageOverrides {text(one.get('name'))}"[:200]
        yield TakenLine(location=at("PackageOverrides", index), demand=demand, note=_PACKAGES)
    for name in sorted(value.keys() - {"IgnoredVulns", "PackageOverrides"}):
        yield TakenLine(
            location=Location(path, 1), demand=name[:200], note="gate does not read this field"
        )


def _read(content: str, path: str) -> dict[str, Any]:
    problem = f"it has more than {MAX_BYTES} bytes" if len(content) > MAX_BYTES else ""
    if not problem:
        try:
            return tomllib.loads(content)
        except tomllib.TOMLDecodeError as error:
            problem = str(error)
        except RecursionError:
            problem = "it is nested too deeply"
    raise UsageError(
        "import-unreadable",
        f"{path} cannot be read as TOML: {problem}",
        remedy="mend the file, or leave it out of the call",
    )


def _end(said: object) -> str:
    return said.isoformat() if isinstance(said, date) else text(said)
