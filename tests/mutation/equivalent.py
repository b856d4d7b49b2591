"""Mutants that change nothing that anybody could see, each with the reason."""

from __future__ import annotations

from typing import Final

from tests.mutation.mutants import Mutant

EQUIVALENT: Final[dict[str, str]] = {}
"""The mutant without its line, `gate/trust/sct.py check_scts: GtE for Gt`, with the reason."""


def reason(mutant: Mutant) -> str | None:
    """Return why the mutant is no other program; None where it is one."""
    return EQUIVALENT.get(f"{mutant.path} {mutant.function}: {mutant.change}")
