"""The web application: each path, each bound of a body, and what is heard of each answer."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any, Final

import pytest

from gate.admission import app as room
from gate.admission import door as doors
from gate.admission.app import Message, inner_deadline
from gate.admission.request import MAX_BYTES, AdmissionRequest, read_review
from tests.builders.admission import POLICY, Shelf, encoded, pinned, pod, request
from tests.builders.doors import Webhook

SHOP: Final = pinned("shop")
TAG: Final = "registry.example/acme/shop:1"
FINE: Final = encoded(request(pod(SHOP)))
UID: Final = request(pod())["request"]["uid"]


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    shelf = Shelf(tags={TAG: SHOP})
    shelf.give_pass(SHOP)
    with Webhook(shelf, pins_tags=True) as made:
        yield made


def part(body: bytes, *, more: bool = False) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


def exchange(
    webhook: Webhook,
    messages: Sequence[Message],
    **scope: Any,  # noqa: ANN401  # ASGI's own
) -> tuple[list[Message], int]:
    """Return what the application sent, and how many of the messages it took.

    After the last message nothing more comes.
    """
    sent: list[Message] = []
    taken = 0

    async def receive() -> Message:
        nonlocal taken
        if taken == len(messages):
            await asyncio.Event().wait()
        taken += 1
        return messages[taken - 1]

    async def send(message: Message) -> None:
        sent.append(message)

    given = {"type": "http", "method": "POST", "path": "/validate", "headers": [], **scope}
    asyncio.run(webhook.application(given, receive, send))
    return sent, taken


def response(sent: Sequence[Message]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(sent[1]["body"])["response"]
    return found


@pytest.mark.parametrize(
    ("method", "path", "status", "body"),
    [
        ("GET", "/validate", 405, b"POST an AdmissionReview\n"),
        ("GET", "/mutate", 405, b"POST an AdmissionReview\n"),
        ("POST", "/other", 404, b"not found\n"),
        ("POST", "/livez", 404, b"not found\n"),
        ("DELETE", "/metrics", 404, b"not found\n"),
        ("GET", "/other", 404, b"not found\n"),
        ("GET", "/livez", 200, b"ok\n"),
        ("HEAD", "/livez", 200, b"ok\n"),
        ("GET", "/readyz", 200, b"ok\n"),
    ],
)
def test_each_path_answers_its_own_methods(
    webhook: Webhook, method: str, path: str, status: int, body: bytes
) -> None:
    sent, _ = exchange(webhook, [part(FINE)], method=method, path=path)
    assert (sent[0]["status"], sent[1]["body"]) == (status, body)


def test_a_server_that_ends_is_alive_and_not_ready(webhook: Webhook) -> None:
    webhook.application.ready = False
    ready, alive = webhook.get("/readyz"), webhook.get("/livez")
    assert (ready.status, ready.body, alive.status) == (503, b"ending\n", 200)


def test_what_is_no_http_request_gets_no_answer(webhook: Webhook) -> None:
    assert exchange(webhook, [part(FINE)], type="websocket") == ([], 0)


def test_an_answer_has_its_length_its_type_and_is_not_kept(webhook: Webhook) -> None:
    sent, _ = exchange(webhook, [], method="GET", path="/livez")
    assert dict(sent[0]["headers"]) == {
        b"content-type": b"text/plain; charset=utf-8",
        b"content-length": b"3",
        b"cache-control": b"no-store",
        b"x-content-type-options": b"nosniff",
    }


@pytest.mark.parametrize(
    ("headers", "content_type"),
    [
        ([], b"application/json"),
        ([(b"accept", b"application/json")], b"application/json"),
        ([(b"x-other", b"text/html")], b"application/json"),
        ([(b"accept", b"text/html,*/*")], b"text/html; charset=utf-8"),
    ],
)
def test_the_status_is_a_page_for_those_who_accept_one(
    webhook: Webhook, headers: list[tuple[bytes, bytes]], content_type: bytes
) -> None:
    sent, _ = exchange(webhook, [], method="GET", path="/status", headers=headers)
    assert (sent[0]["status"], dict(sent[0]["headers"])[b"content-type"]) == (200, content_type)
    page = sent[1]["body"]
    assert page.startswith(b"<!doctype html>") or json.loads(page)["mode"] == "enforce"


def test_metrics_are_in_the_text_format(webhook: Webhook) -> None:
    reply = webhook.get("/metrics")
    assert (reply.status, reply.headers["content-type"]) == (
        200,
        "text/plain; version=0.0.4; charset=utf-8",
    )


@pytest.mark.parametrize(
    "parts",
    [
        [part(FINE)],
        [{"type": "http.request", "body": FINE}],
        [part(FINE[:100], more=True), part(FINE[100:])],
        [part(FINE, more=True), {"type": "http.request"}],
    ],
    ids=["one", "one that does not say whether more comes", "two", "an empty last one"],
)
def test_a_body_is_read_in_all_its_parts(webhook: Webhook, parts: list[Message]) -> None:
    sent, taken = exchange(webhook, parts)
    assert (response(sent)["allowed"], taken) == (True, len(parts))


def test_a_body_that_comes_too_late_is_told_so_and_the_connection_ends(
    webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "_BODY_SECONDS", 0.01)
    sent, _ = exchange(webhook, [part(FINE, more=True)])
    assert sent[0]["status"] == 408
    assert dict(sent[0]["headers"])[b"connection"] == b"close"


def test_nobody_is_answered_whose_connection_broke(webhook: Webhook) -> None:
    gone = {"type": "http.disconnect"}
    assert exchange(webhook, [part(FINE, more=True), gone]) == ([], 2)
    assert webhook.logged == []


def test_a_body_is_read_no_further_than_shows_that_it_is_too_long(webhook: Webhook) -> None:
    mebibyte = part(b" " * 1024 * 1024, more=True)
    sent, taken = exchange(webhook, [part(FINE, more=True), *[mebibyte] * 9])
    assert response(sent)["status"]["message"].startswith("[admission-review-too-large] ")
    assert taken == 4


def test_a_body_may_be_as_long_as_the_bound_and_no_byte_longer(webhook: Webhook) -> None:
    filled = FINE + b" " * (MAX_BYTES - len(FINE))
    sent, _ = exchange(webhook, [part(filled, more=True), part(b"")])
    assert response(sent)["allowed"] is True
    sent, _ = exchange(webhook, [part(filled, more=True), part(b" ")])
    assert response(sent)["allowed"] is False


@pytest.mark.parametrize(("length", "closes"), [(MAX_BYTES, False), (MAX_BYTES + 1, True)])
def test_a_connection_ends_where_a_part_of_its_body_is_left(
    webhook: Webhook,
    length: int,
    closes: bool,  # noqa: FBT001  # what is said
) -> None:
    sent, _ = exchange(webhook, [part(b"x" * length)])
    assert sent[0]["status"] == 400
    assert (b"connection" in dict(sent[0]["headers"])) is closes


@pytest.mark.parametrize(("length", "away"), [(128 * 1024, False), (128 * 1024 + 1, True)])
def test_others_are_answered_while_a_large_request_is_read(
    webhook: Webhook,
    monkeypatch: pytest.MonkeyPatch,
    length: int,
    away: bool,  # noqa: FBT001  # what is said
) -> None:
    threads = []

    def read(data: bytes) -> AdmissionRequest:
        threads.append(threading.current_thread())
        return read_review(data)

    monkeypatch.setattr(room, "read_review", read)
    sent, _ = exchange(webhook, [part(FINE + b" " * (length - len(FINE)))])
    assert response(sent)["allowed"] is True
    assert [one is not threading.main_thread() for one in threads] == [away]


def test_a_decision_is_heard_with_all_that_is_known_of_it(
    webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = iter([100.0, 100.0, 100.12346])
    monkeypatch.setattr(room, "time", SimpleNamespace(monotonic=lambda: next(ticks)))
    made = request(pod(pinned("other")), user="someone\x1b", subResource="resize")
    exchange(webhook, [part(encoded(made))])
    assert webhook.logged == [
        {
            "event": "decision",
            "uid": UID,
            "operation": "CREATE",
            "object": "shop/Pod/web",
            "subresource": "resize",
            "user": "someone\\x1b",
            "dryRun": False,
            "outcome": "denied",
            "codes": ["pass-absent"],
            "images": 1,
            "milliseconds": 123.5,
        }
    ]
    text = webhook.get("/metrics").body.decode()
    (seconds,) = [t for t in text.splitlines() if t.startswith("gate_admission_seconds_sum")]
    assert float(seconds.rpartition(" ")[2]) == pytest.approx(0.12346)


def test_what_is_pinned_and_what_is_left_is_heard(webhook: Webhook) -> None:
    assert webhook.ask(request(pod(SHOP)), path="/mutate").response["allowed"] is True
    assert webhook.logged == []
    webhook.ask(request(pod(TAG)), path="/mutate")
    webhook.ask(request(pod("registry.example/acme/none:1")), path="/mutate")
    webhook.ask(request(pod(TAG, "registry.example/acme/none:1")), path="/mutate")
    about = {"event": "pinned", "uid": UID, "object": "shop/Pod/web"}
    assert webhook.logged == [
        {**about, "images": 1, "left": []},
        {**about, "images": 0, "left": ["not-found"]},
        {**about, "images": 1, "left": ["not-found"]},
    ]
    text = webhook.get("/metrics").body.decode()
    assert 'gate_images_pinned_total{result="pinned"} 2.0' in text
    assert 'gate_images_pinned_total{result="left"} 2.0' in text


@pytest.mark.parametrize(
    ("body", "status", "uid"),
    [(b"[]", 400, ""), (FINE.replace(b'"CREATE"', b'"X"'), 200, UID)],
    ids=["without a uid", "with a uid"],
)
def test_what_cannot_be_read_is_heard(webhook: Webhook, body: bytes, status: int, uid: str) -> None:
    sent, _ = exchange(webhook, [part(body)])
    assert sent[0]["status"] == status
    (line,) = webhook.logged
    assert line.pop("why")
    assert line == {"event": "malformed", "uid": uid, "code": "admission-review-malformed"}
    text = webhook.get("/metrics").body.decode()
    assert 'gate_admission_malformed_total{code="admission-review-malformed"} 1.0' in text


def test_without_events_decisions_are_answered_all_the_same() -> None:
    with Webhook(Shelf(), text=f"{POLICY}admission: {{audit: [shop]}}\n", tells=False) as webhook:
        answer = webhook.ask(request(pod(SHOP))).response
        assert "gate_events" not in webhook.get("/metrics").body.decode()
    assert (answer["allowed"], answer["auditAnnotations"]["outcome"]) == (True, "would-deny")


def test_a_defect_of_gate_denies_and_says_so(
    webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(doors, "open_case", crash)
    sent, _ = exchange(webhook, [part(FINE)])
    assert (response(sent)["allowed"], response(sent)["status"]["code"]) == (False, 503)


def test_a_query_is_read_to_its_bound() -> None:
    assert inner_deadline(b"a=" + b"x" * 187 + b"&timeout=2s") == 1.5
    assert inner_deadline(b"a=" + b"x" * 188 + b"&timeout=2s") == 9.0
