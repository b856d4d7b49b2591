"""Requests that other webhooks recorded: each gets an answer with a cause, and none is let in."""

from __future__ import annotations

import asyncio
import json

import pytest

from tests.builders.admission import Shelf
from tests.builders.doors import Webhook
from tests.conformance.corpora import Row, rows

BETA = "admission.k8s.io/v1beta1"
RUNS_NOTHING = {"Role", "PrometheusRule"}


@pytest.mark.parametrize("row", rows("admission"))
def test_a_recorded_request_is_answered_as_its_facts_demand(row: Row) -> None:
    facts = row.facts
    with Webhook(Shelf()) as webhook:
        answer = asyncio.run(webhook.post(row.content))
    if not facts["has_request"] or not facts["uid"]:
        assert answer.status == 400
        return
    response = answer.response
    assert answer.status == 200
    assert response["uid"] == facts["uid"]
    # Two of them are well formed and run nothing; no image of the others has a pass here.
    fine = facts["api"] != BETA and facts["kind"] in RUNS_NOTHING
    assert response["allowed"] is fine
    if not fine:
        assert response["status"]["message"].startswith("[")
    if facts["api"] == BETA:
        assert json.loads(answer.body)["apiVersion"] == BETA
        assert "admission-review-version" in response["status"]["message"]
