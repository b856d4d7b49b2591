"""Requests that other webhooks recorded: each gets an answer with a cause, and none is let in."""

from __future__ import annotations

import asyncio
import json
from itertools import islice

import pytest

from gate.admission.request import Operation, read_review
from tests.builders.admission import Shelf, deployment, encoded, pinned, request
from tests.builders.doors import Reply, Webhook
from tests.conformance.corpora import Row, rows
from tests.conformance.mutations import mutations

BETA = "admission.k8s.io/v1beta1"
V1 = "admission.k8s.io/v1"
OTHER = request(deployment(pinned("shop")), deployment(pinned("other")))
EVERY = 20
"""Of the documents with one fault, which are tried: one in so many."""
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


@pytest.mark.parametrize("row", rows("admission", lambda row: bool(row.facts["has_request"])))
def test_a_recorded_request_with_one_fault_is_answered_and_no_image_of_it_is_let_in(
    row: Row,
) -> None:
    document = {**row.value, "apiVersion": V1}
    tried = [encoded(one.document) for one in islice(mutations(document, OTHER), 0, None, EVERY)]

    async def answers(webhook: Webhook) -> list[Reply]:
        return [await webhook.post(body) for body in tried]

    with Webhook(Shelf()) as webhook:
        found = asyncio.run(answers(webhook))
    assert tried
    assert {answer.status for answer in found} <= {200, 400}
    let_in = [
        body
        for body, answer in zip(tried, found, strict=True)
        if answer.status == 200 and answer.response["allowed"]
    ]
    wrong = [
        body
        for body in let_in
        if (asked := read_review(body)).operation is Operation.CREATE
        and '"image"' in json.dumps(asked.object)
    ]
    assert wrong == []
