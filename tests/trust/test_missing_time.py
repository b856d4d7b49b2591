"""A log entry that nobody dates, and no log entry, are two reasons."""

from __future__ import annotations

from gate.trust.refusal import Reason
from tests.trust.given import AT, judged, sigstore, statement


def test_an_entry_without_a_time_is_not_said_to_be_missing() -> None:
    bundle = sigstore().keyless_bundle(statement(), at=AT, rekor=2, tsa=False)
    assert judged(bundle).code is Reason.SIGNING_TIME_MISSING


def test_what_no_log_holds_is_said_to_lack_an_entry() -> None:
    bundle = sigstore().keyless_bundle(statement(), at=AT, rekor=None)
    assert judged(bundle).code is Reason.LOG_ENTRY_MISSING
