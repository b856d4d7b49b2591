"""Which lines of an account hold for the policy that comes of it.

A file is read part by part, and that a pattern or a signer can be written is told where it is read.
Only at the end is it known whether anything is asked of those images, and of that signer.

    images: [{glob: ghcr.io/acme/**}]          no entry: nothing that is asked has an equivalent
    attestations: [{predicateType: …/custom}]  gate has no check for it
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from gate.export.imports.account import TakenLine
from gate.export.imports.proposal import ImportedPolicy

_NO_ENTRY: Final = "nothing that is asked of these images has an equivalent"
_NOT_ASKED: Final = "nothing that it has to sign has an equivalent"
_SIGNERS: Final = "signers "
_IMAGES: Final = "images"


def kept(lines: Iterable[TakenLine], proposal: ImportedPolicy) -> Iterator[TakenLine]:
    """Yield the lines; one that no entry of the settled policy makes has no equivalent."""
    asked = (*proposal.entries.values(), *proposal.apart.values())
    used = {name for checks in asked for ask in checks.values() for name in ask.by}
    for line in lines:
        yield replace(line, key="", note=why) if (why := _lost(line.key, proposal, used)) else line


def _lost(key: str, proposal: ImportedPolicy, used: set[str]) -> str:
    if key.startswith(_SIGNERS):
        named = key.removeprefix(_SIGNERS).split(", ")
        return _NOT_ASKED if used.isdisjoint(named) else ""
    kind, _, rest = key.partition(" ")
    if kind != _IMAGES:
        return ""
    pattern = rest.partition(" ")[0]
    named_pattern = "/" in pattern or pattern == "**"
    made = pattern in proposal.entries if named_pattern else bool(proposal.entries)
    return "" if made else _NO_ENTRY
