"""How findings are sorted in every report, and what runs with a verdict exit with."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gate.model.verdict import Finding

CLEARED, FAILED, UNDECIDED = 0, 1, 3
"""Exit codes of a run that came to a verdict."""


def order(finding: Finding) -> tuple[str, int, int, str, str, str, str]:
    """Return what findings are sorted by: the place, else the image, then the rule."""
    at = finding.location
    return (
        at.path if at else "",
        at.line if at else 0,
        at.column if at else 0,
        finding.image or str(finding.object or ""),
        finding.rule,
        finding.code,
        finding.id + (finding.field or "") + finding.message,
    )
