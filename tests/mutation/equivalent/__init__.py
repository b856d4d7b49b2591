"""Mutants that change nothing that anybody could see: a module for each room.

A key is the mutant without its line, `gate/trust/sct.py check_scts: GtE for Gt`. Where a function
has the same change twice, the second is `gate/trust/sct.py check_scts: GtE for Gt (2)`.
"""

from __future__ import annotations

from typing import Final

from tests.mutation.equivalent import (
    admission,
    checks,
    documents,
    keys,
    manifests,
    match,
    pipeline,
    predicates,
    trust,
    verdict,
)
from tests.mutation.mutants import Mutant

EQUIVALENT: Final[dict[str, dict[str, str]]] = {
    "admission": admission.EQUIVALENT,
    "checks": checks.EQUIVALENT,
    "documents": documents.EQUIVALENT,
    "keys": keys.EQUIVALENT,
    "manifests": manifests.EQUIVALENT,
    "match": match.EQUIVALENT,
    "pipeline": pipeline.EQUIVALENT,
    "predicates": predicates.EQUIVALENT,
    "trust": trust.EQUIVALENT,
    "verdict": verdict.EQUIVALENT,
}
_REASONS: Final = {key: why for room in EQUIVALENT.values() for key, why in room.items()}


def reason(mutant: Mutant) -> str | None:
    """Return why the mutant is no other program; None where it is one."""
    return _REASONS.get(mutant.key)
