"""Mutants of `predicates` that change nothing that anybody could see, each with the reason."""

from __future__ import annotations

from typing import Final

_SPEED: Final = "it spares work, and changes no answer"
_EQUAL: Final = "both have one length, so zip has nothing to refuse"
EQUIVALENT: Final[dict[str, str]] = {
    (
        "gate/predicates/fields.py noted_purl: False for `type(value) is str and "
        "value.startswith('pkg:') and ('/' in value) and (len(value) <= TEXT)`"
    ): _SPEED,
    "gate/predicates/fields.py noted_purl: Lt for LtE": _SPEED,
    "gate/predicates/revocations.py _ended: no call": "each kind has its case, which mypy holds",
    "gate/predicates/revocations.py _line: False for True": _EQUAL,
    "gate/predicates/syft.py _about: no continue (2)": "nothing follows it in the loop",
    "gate/predicates/vulnerabilities.py _finding: False for True": _EQUAL,
}
