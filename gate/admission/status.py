"""What a person sees of a running server: `/status`, as HTML and as JSON."""

from __future__ import annotations

import html
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence, Sized
from dataclasses import field
from datetime import datetime
from typing import Any, Final

from gate import __version__
from gate.admission.answer import codes_of, message_of, outcome_of
from gate.admission.audits import AuditSummary
from gate.admission.book import AnswerBook
from gate.admission.decision import Allowed, Decision
from gate.admission.door import Mode
from gate.admission.request import AdmissionRequest
from gate.model.image import Digest
from gate.model.records import dataclass
from gate.model.words import timestamp
from gate.policy.document import Policy
from gate.reports.neutral import terminal

REMEMBERED: Final = 20
"""Refusals that are shown, the last."""
_SHOWN: Final = 300
"""Characters of one text."""


@dataclass(slots=True)
class ServerStatus:
    """What is told of one server."""

    policy: Policy
    book: AnswerBook
    mode: Mode
    clock: Callable[[], datetime]
    started: datetime
    tags: Sized
    roots: tuple[Digest, ...] = ()
    roots_read: datetime | None = None
    certificate_until: datetime | None = None
    audit: AuditSummary | None = None
    """The last that this replica did."""
    _refusals: deque[dict[str, str]] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def answered(self, asked: AdmissionRequest, decision: Decision) -> None:
        """Remember what was refused, or would be."""
        blocked = decision.would if isinstance(decision, Allowed) else decision
        if blocked is None:
            return
        self._refusals.appendleft(
            {
                "at": timestamp(self.clock()),
                "uid": asked.uid,
                "object": terminal(str(asked), limit=_SHOWN),
                "outcome": outcome_of(decision),
                "codes": ", ".join(codes_of(decision)),
                "message": message_of(blocked),
            }
        )

    def value(self) -> dict[str, Any]:
        """Return everything as JSON."""
        now = self.clock()
        read = self.roots_read
        counted = self.book.counted
        return {
            "version": __version__,
            "mode": str(self.mode),
            "started": timestamp(self.started),
            "policy": {"path": terminal(self.policy.path), "digest": str(self.policy.digest)},
            "roots": {
                "digests": [str(root) for root in self.roots],
                "read": timestamp(read) if read else "",
                "ageSeconds": int((now - read).total_seconds()) if read else "",
            },
            "certificate": {
                "until": timestamp(self.certificate_until) if self.certificate_until else ""
            },
            "answers": {
                "held": len(self.book),
                "inFlight": self.book.in_flight,
                "hits": counted.held,
                "joined": counted.joined,
                "found": counted.found,
                "foundAhead": counted.ahead,
                "notSought": counted.refused,
            },
            "tags": {"held": len(self.tags)},
            "registries": [
                {
                    "registry": name,
                    "state": "open" if circuit.is_open(now) else "closed",
                    "failures": circuit.failures,
                    "waiting": circuit.waiting,
                }
                for name, circuit in self.book.circuits.items()
            ],
            "audit": self.audit.value if self.audit else "",
            "refusals": list(self._refusals),
        }

    def page(self) -> str:
        """Return everything as one HTML page, without script, style or link."""
        return "".join(("<!doctype html><meta charset=utf-8><title>gate</title>", *self._parts()))

    def _parts(self) -> Iterator[str]:
        for name, value in self.value().items():
            yield f"<h2>{html.escape(name)}</h2>"
            yield from _shown(value)


def _shown(value: Any) -> Iterator[str]:  # noqa: ANN401  # any JSON value
    match value:
        case dict():
            rows = (_row((name, _text(part))) for name, part in value.items())
            yield f"<table>{''.join(rows)}</table>"
        case [dict(), *_] as rows:
            yield from _table(rows)
        case [] | "":
            yield "<p>none</p>"
        case _:
            yield f"<p>{html.escape(_text(value))}</p>"


def _table(rows: Sequence[Mapping[str, object]]) -> Iterator[str]:
    names = list(rows[0])
    body = "".join(_row([_text(row[name]) for name in names]) for row in rows)
    head = "".join(f"<th>{html.escape(name)}</th>" for name in names)
    yield f"<table><tr>{head}</tr>{body}</table>"


def _row(texts: Sequence[str]) -> str:
    return f"<tr>{''.join(f'<td>{html.escape(text)}</td>' for text in texts)}</tr>"


def _text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
