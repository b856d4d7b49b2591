"""Which triggers run code that nobody merged."""

from __future__ import annotations

import pytest

from gate.trust.signer import runs_unmerged


@pytest.mark.parametrize(
    ("trigger", "unmerged"),
    [
        *((name, True) for name in ("pull_request", "pull_request_target", "PULL_REQUEST")),
        *((name, True) for name in (" pull_request_review", "merge_request_event")),
        *((name, True) for name in ("external_pull_request_event", "Merge_Request_Event")),
        *((name, False) for name in ("push", "workflow_dispatch", "workflow_run", "schedule", "")),
    ],
)
def test_a_trigger_of_a_change_that_is_not_merged_is_known(trigger: str, *, unmerged: bool) -> None:
    assert runs_unmerged(trigger) is unmerged
