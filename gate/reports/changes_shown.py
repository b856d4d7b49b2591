"""The differences of two runs as text, as Markdown and as JSON (`gate/diff/v1`)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from gate.reports.changes import NEWS, ChangeKind, RunChange
from gate.reports.neutral import markdown, terminal
from gate.reports.page import Page

SCHEMA: Final = "gate/diff/v1"
_MARKS: Final = {
    ChangeKind.NEW: ("bad", "+"),
    ChangeKind.WORSE: ("bad", "!"),
    ChangeKind.EXCUSED: ("warn", "w"),
    ChangeKind.BETTER: ("good", "✓"),
    ChangeKind.GONE: ("good", "-"),
    ChangeKind.CHANGED: ("dim", "~"),
}
_ROWS: Final = 200
"""The most changes of one kind that Markdown lists: GitHub drops a summary over 1 MiB."""
_TEXT: Final = 300


def has_news(found: Sequence[RunChange]) -> bool:
    """Return whether something is new or worse."""
    return any(change.kind in NEWS for change in found)


def as_text(found: Sequence[RunChange], page: Page | None = None) -> str:
    """Return the changes by kind, and how many there are, last."""
    page = page or Page()
    lines: list[str] = []
    for change in reversed(found):
        style, mark = _MARKS[change.kind]
        subject = f"  {terminal(change.subject)}" if change.subject else ""
        lines.append(
            f"{page.style(style, f'{mark} {change.kind}')} {terminal(change.about)}{subject}"
        )
        if change.note:
            lines.append(page.wrap(terminal(change.note), indent="    "))
        if change.remedy:
            lines.append(page.wrap(f"→ {terminal(change.remedy)}", indent="    ", hanging="  "))
    return "\n".join([*lines, _sum(found)]) + "\n"


def as_markdown(found: Sequence[RunChange], page: Page | None = None) -> str:
    """Return a table for each kind of change, for a job summary or a comment."""
    del page
    return "".join((f"## gate diff: {_sum(found)}\n", *_tables(found)))


def _tables(found: Sequence[RunChange]) -> Iterator[str]:
    for kind in ChangeKind:
        rows = [change for change in found if change.kind is kind]
        if rows:
            yield f"\n### {kind.value.capitalize()}\n\n| what | of | how |\n| --- | --- | --- |\n"
            for change in rows[:_ROWS]:
                texts = (change.about, change.subject, change.note)
                yield f"| {' | '.join(markdown(t, limit=_TEXT) for t in texts)} |\n"
            if len(rows) > _ROWS:
                yield f"\n{len(rows) - _ROWS} more are not shown here: --format json has all.\n"


def as_json(found: Sequence[RunChange], page: Page | None = None) -> str:
    """Return the changes for programs, keys sorted. Foreign text stays as found."""
    del page
    value = {
        "schema": SCHEMA,
        "news": has_news(found),
        "changes": [
            {
                "kind": c.kind.value,
                "about": c.about,
                "subject": c.subject,
                "note": c.note,
                "remedy": c.remedy,
            }
            for c in found
        ],
    }
    return json.dumps(value, sort_keys=True, indent=1) + "\n"


FORMS: Final[dict[str, Callable[[Sequence[RunChange], Page | None], str]]] = {
    "json": as_json,
    "markdown": as_markdown,
    "text": as_text,
}


def _sum(found: Sequence[RunChange]) -> str:
    counts = Counter(change.kind for change in found)
    return ", ".join(f"{counts[kind]} {kind}" for kind in ChangeKind if counts[kind]) or "no change"
