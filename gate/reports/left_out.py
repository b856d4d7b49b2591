"""How reports tell of what the policy left out."""

from __future__ import annotations

from gate.model.report import Excluded


def left_out_names(excluded: Excluded, limit: int) -> str:
    """Return the count and the first names, foreign text: `3: charts/, vendor/a.yaml and 1 more`.

    The printer neutralises it. A folder counts as one.
    """
    named = excluded.names[:limit]
    more = excluded.count - len(named)
    return f"{excluded.count}: {', '.join(named)}" + (f" and {more} more" if more else "")
