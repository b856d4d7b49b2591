"""What linting a set of objects comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.model.records import dataclass
from gate.model.verdict import Finding

if TYPE_CHECKING:
    from gate.lint.suppress import Suppressed


@dataclass(frozen=True, slots=True)
class LintReport:
    """What lint found in a set of objects."""

    findings: tuple[Finding, ...]
    """Sorted by place, then by rule."""
    rules: int
    """How many rules were asked."""
    objects: int
    suppressed: tuple[Suppressed, ...] = ()
