"""Requests that are no AdmissionReview that gate reads: refused with a cause, and never allowed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.admission.request import MAX_BYTES, MalformedReviewError, read_review
from tests.builders.admission import Shelf, deployment, encoded, pinned, pod, request
from tests.builders.doors import Reply, Webhook

SHOP = pinned("shop")
FINE_POD = pod(SHOP)
FINE = request(FINE_POD)


def changed(**fields: Any) -> dict[str, Any]:  # noqa: ANN401  # any JSON value
    """Return a good review with fields of its request replaced, or left out for None."""
    inner = {**FINE["request"], **fields}
    return {**FINE, "request": {k: v for k, v in inner.items() if v is not None}}


def posted(body: bytes) -> Reply:

    with Webhook(Shelf()) as webhook:
        return asyncio.run(webhook.post(body))


@pytest.mark.parametrize(
    ("review", "code"),
    [
        (changed(operation="PATCH"), "admission-review-malformed"),
        (changed(operation=1), "admission-review-malformed"),
        (changed(object=None), "admission-review-malformed"),
        (changed(object=[]), "admission-review-malformed"),
        (changed(operation="UPDATE"), "admission-review-malformed"),
        (changed(kind=None), "admission-review-malformed"),
        (changed(kind={"group": "", "version": "v1", "kind": ""}), "admission-review-malformed"),
        (changed(resource="pods"), "admission-review-malformed"),
        (changed(userInfo=None), "admission-review-malformed"),
        (changed(namespace={"a": 1}), "admission-review-malformed"),
        (changed(name="n" * 513), "admission-review-malformed"),
        (changed(operation="CONNECT"), "admission-operation-unjudged"),
        ({**FINE, "kind": "ImageReview"}, "admission-review-version"),
        ({**FINE, "apiVersion": "admission.k8s.io/v2"}, "admission-review-version"),
        ({**FINE, "apiVersion": "admission.k8s.io/v1beta1"}, "admission-review-version"),
        (changed(object={"kind": "Pod"}), "admission-object-mismatch"),
        (changed(object={**pod(), "kind": "ConfigMap"}), "admission-object-mismatch"),
        (changed(object={**FINE_POD, "spec": [FINE_POD["spec"]]}), "admission-pod-unreadable"),
        (changed(object={**FINE_POD, "spec": {}}), "admission-pod-unreadable"),
        (changed(object={**FINE_POD, "spec": {"containers": []}}), "admission-pod-unreadable"),
        (changed(object={**FINE_POD, "spec": {"containers": {}}}), "admission-pod-unreadable"),
        (
            changed(object={**FINE_POD, "spec": {"containers": {"name": "c", "image": SHOP}}}),
            "admission-pod-unreadable",
        ),
        (changed(object={**FINE_POD, "spec": {"containers": "web"}}), "admission-pod-unreadable"),
        (
            request({**deployment(), "spec": {"template": [deployment(SHOP)["spec"]["template"]]}}),
            "admission-pod-unreadable",
        ),
    ],
)
def test_a_request_that_cannot_be_judged_is_denied_with_its_cause(
    review: dict[str, Any], code: str
) -> None:
    answer = posted(encoded(review))
    assert answer.status == 200
    assert answer.response["allowed"] is False
    assert answer.response["uid"] == FINE["request"]["uid"]
    assert answer.response["status"]["message"].startswith(f"[{code}] ")


def test_an_older_version_is_answered_in_its_own_version_so_that_the_cause_arrives() -> None:
    answer = posted(encoded({**FINE, "apiVersion": "admission.k8s.io/v1beta1"}))
    assert json.loads(answer.body)["apiVersion"] == "admission.k8s.io/v1beta1"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"request": null}',
        b"\xff\xfe",
        b"[" * 100_000,
        encoded(changed(uid=None)),
        encoded(changed(uid="")),
        encoded(changed(uid="a\nb")),
        encoded(changed(uid={"a": 1})),
    ],
)
def test_a_request_without_a_uid_is_a_bad_request(body: bytes) -> None:
    assert posted(body).status == 400


def test_a_request_over_three_mebibytes_is_denied_and_says_so() -> None:
    large = changed(options={"a": "x" * MAX_BYTES})
    answer = posted(encoded(large))
    assert answer.response["allowed"] is False
    assert "admission-review-too-large" in answer.response["status"]["message"]
    assert answer.headers["connection"] == "close"


def test_a_request_as_large_as_is_allowed_is_judged() -> None:
    filled = changed(options={"a": ""})
    filled["request"]["options"]["a"] = "x" * (MAX_BYTES - len(encoded(filled)))
    body = encoded(filled)
    assert len(body) == MAX_BYTES
    assert "pass-absent" in posted(body).response["status"]["message"]


def test_a_key_that_stands_twice_is_denied_because_readers_differ_on_it() -> None:
    body = encoded(FINE).replace(b'"operation"', b'"operation": "DELETE", "operation"')
    assert posted(body).response["allowed"] is False


def test_hostile_names_reach_no_message_and_no_page_as_they_are() -> None:
    name = "\x1b]0;x\x07<script>alert(1)</script>::error::"
    hostile = pod(pinned("shop"))
    hostile["metadata"]["name"] = hostile["metadata"]["namespace"] = name
    hostile["spec"]["containers"][0]["name"] = name
    with Webhook(Shelf()) as webhook:
        answer = webhook.ask(request(hostile))
        page = webhook.get("/status", accept="text/html").body.decode()
        logged = json.dumps(webhook.logged)
    assert answer.response["allowed"] is False
    for text in (answer.response["status"]["message"], page, logged):
        assert "\x1b" not in text
        assert "\\u001b" not in text
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def without_passes() -> Iterator[Webhook]:
    with Webhook(Shelf()) as made:
        yield made


@given(field=st.sampled_from(sorted(FINE["request"])), value=JSON)
def test_no_value_of_any_field_opens_the_door(
    without_passes: Webhook, field: str, value: object
) -> None:
    answer = asyncio.run(without_passes.post(encoded(changed(**{field: value}))))
    assert answer.status == 400 or answer.response["allowed"] is False


@given(st.binary(max_size=200))
def test_no_bytes_make_a_request_crash(body: bytes) -> None:
    with pytest.raises(MalformedReviewError):
        read_review(body)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/validate", 405),
        ("POST", "/mutate", 404),
        ("GET", "/", 404),
        ("GET", "/livez", 200),
    ],
)
def test_other_paths_and_methods_answer_as_they_should(method: str, path: str, status: int) -> None:

    scope = {"type": "http", "method": method, "path": path, "headers": [], "query_string": b""}
    with Webhook(Shelf()) as webhook:
        assert asyncio.run(webhook.called(scope, b"")).status == status
