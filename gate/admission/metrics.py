"""What Prometheus can ask for. Every label has few values, and none that a request chooses."""

from __future__ import annotations

from functools import partial
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, generate_latest

from gate import __version__
from gate.admission.answer import codes_of, outcome_of
from gate.admission.audits import AuditSummary
from gate.admission.book import AnswerBook
from gate.admission.decision import Decision
from gate.admission.events import RESULTS, RefusalEvents
from gate.admission.request import AdmissionRequest
from gate.policy.document import Policy

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """Counts of one server."""

    def __init__(
        self, policy: Policy, book: AnswerBook, events: RefusalEvents | None = None
    ) -> None:
        """Start at zero."""
        self._registry = registry = CollectorRegistry(auto_describe=True)
        info = Info("gate_build", "The version of gate and its policy.", registry=registry)
        info.info({"version": __version__, "policy": str(policy.digest)})
        self._requests = Counter(
            "gate_admission_requests",
            "Requests of API servers, by what was asked and what was answered.",
            ("operation", "outcome"),
            registry=registry,
        )
        self._refused = Counter(
            "gate_admission_refusals",
            "Refusals, or what would be refused, by reason code; a request can have several.",
            ("code",),
            registry=registry,
        )
        self._malformed = Counter(
            "gate_admission_malformed",
            "Requests that could not be read, by reason code.",
            ("code",),
            registry=registry,
        )
        self._seconds = Histogram(
            "gate_admission_seconds",
            "Seconds from the last byte of a request to its answer.",
            ("outcome",),
            buckets=_BUCKETS,
            registry=registry,
        )
        self._pins = Counter(
            "gate_images_pinned",
            "Tags that were replaced by their digests, or could not be.",
            ("result",),
            registry=registry,
        )
        self._audits = Counter(
            "gate_audit_runs",
            "Audits of what runs that this replica did, by how they ended.",
            ("result",),
            registry=registry,
        )
        self._audited = Gauge(
            "gate_audit_findings",
            "What would not be let in, at the last audit of this replica, by reason code.",
            ("code",),
            registry=registry,
        )
        self._audit_objects = Gauge(
            "gate_audit_objects", "Objects that the last audit judged.", registry=registry
        )
        self._audit_at = Gauge(
            "gate_audit_last_success_seconds",
            "When this replica last ended an audit, in seconds since 1970.",
            registry=registry,
        )
        self._certificate = Gauge(
            "gate_certificate_not_after_seconds",
            "When the server's certificate ends, in seconds since 1970.",
            registry=registry,
        )
        self._reloads = Counter(
            "gate_certificate_reloads",
            "Times that a changed certificate was taken, or could not be.",
            ("result",),
            registry=registry,
        )
        self._roots = Counter(
            "gate_roots_refreshes",
            "Times that the trusted roots were read again, or could not be.",
            ("result",),
            registry=registry,
        )
        self._watch(book)
        if events is not None:
            self._watch_events(events)

    def _watch_events(self, events: RefusalEvents) -> None:
        gauge = Gauge(
            "gate_events",
            "Events for what is let in and would be refused, by what became of them.",
            ("result",),
            registry=self._registry,
        )
        for result in RESULTS:
            gauge.labels(result).set_function(partial(events.counted.__getitem__, result))

    def _watch(self, book: AnswerBook) -> None:
        for name, text, read in (
            ("gate_answers_held", "Answers about images in memory.", lambda: len(book)),
            ("gate_answers_in_flight", "Images that are looked at.", lambda: book.in_flight),
            ("gate_answers_hits", "Answers that were there.", lambda: book.counted.held),
            ("gate_answers_joined", "Answers found for others.", lambda: book.counted.joined),
            ("gate_answers_found", "Images that were looked at.", lambda: book.counted.found),
            (
                "gate_answers_found_ahead",
                "Images that were looked at again before their answer ended.",
                lambda: book.counted.ahead,
            ),
            (
                "gate_answers_not_sought",
                "Images that were not looked at, because too many were or a circuit is open.",
                lambda: book.counted.refused,
            ),
            (
                "gate_registry_circuits_open",
                "Registries that gave no answer several times in a row.",
                lambda: sum(c.open_until is not None for _, c in book.circuits.items()),
            ),
        ):
            Gauge(name, text, registry=self._registry).set_function(read)

    def answered(self, asked: AdmissionRequest, decision: Decision, seconds: float) -> None:
        """Count one decision."""
        outcome = outcome_of(decision)
        self._requests.labels(str(asked.operation), outcome).inc()
        self._seconds.labels(outcome).observe(seconds)
        for code in codes_of(decision):
            self._refused.labels(code).inc()

    def malformed(self, code: str) -> None:
        """Count one request that could not be read."""
        self._malformed.labels(code).inc()

    def pinned(self, count: int, left: int) -> None:
        """Count the tags of one object."""
        self._pins.labels("pinned").inc(count)
        self._pins.labels("left").inc(left)

    def audited(self, summary: AuditSummary | None) -> None:
        """Take what an audit found; None where it failed."""
        self._audits.labels("failed" if summary is None else "ended").inc()
        if summary is None:
            return
        self._audited.clear()
        for code, count in summary.codes.items():
            self._audited.labels(code).set(count)
        self._audited.labels("undecided").set(summary.undecided)
        self._audit_objects.set(summary.objects)
        self._audit_at.set(summary.at.timestamp())

    def certificate(self, not_after: float) -> None:
        """Take the end of the certificate that is in use."""
        self._certificate.set(not_after)

    def reloaded(self, *, well: bool) -> None:
        """Count one reading of a changed certificate."""
        self._reloads.labels("taken" if well else "refused").inc()

    def refreshed(self, *, well: bool) -> None:
        """Count one reading of the trusted roots."""
        self._roots.labels("taken" if well else "failed").inc()

    def text(self) -> bytes:
        """Return everything in the text format."""
        return generate_latest(self._registry)
