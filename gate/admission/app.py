"""The web application: plain ASGI, six paths, and no answer that allows by mistake.

https://asgi.readthedocs.io/en/latest/specs/www.html
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final, TypeAlias, TypeVar
from urllib.parse import parse_qs

from gate.admission.answer import answer_to, codes_of, outcome_of, refusal_of
from gate.admission.decision import CouldNotTell, Decision, Objection
from gate.admission.door import Door
from gate.admission.events import RefusalEvents
from gate.admission.metrics import CONTENT_TYPE, Metrics
from gate.admission.pinner import PinnedObject, Pinner, patch_of
from gate.admission.request import MAX_BYTES, AdmissionRequest, MalformedReviewError, read_review
from gate.admission.status import ServerStatus
from gate.model.expressions import expression
from gate.model.words import clipped
from gate.pipeline.evaluate import crash
from gate.reports.neutral import terminal

A = TypeVar("A")
B = TypeVar("B")
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Log: TypeAlias = Callable[[dict[str, Any]], None]

DEFAULT_SECONDS: Final = 10.0
"""A webhook's timeout where its configuration does not say."""
LONGEST_SECONDS: Final = 30.0
"""The longest that Kubernetes allows."""
_MARGIN: Final = 1.0
"""What is left of the timeout for the way back."""
_TIMEOUT: Final = expression(r"([0-9]{1,2})s", re.ASCII)
_BODY_SECONDS: Final = 10.0
_LARGE: Final = 128 * 1024
"""Bytes from which a request is read in a thread: others are answered meanwhile."""
_JSON: Final = "application/json"
_LOGGED: Final = 300
"""Characters of one text in the log."""


class Application:
    """Answers requests."""

    def __init__(
        self,
        door: Door,
        status: ServerStatus,
        metrics: Metrics,
        log: Log,
        *,
        pinner: Pinner | None = None,
        events: RefusalEvents | None = None,
    ) -> None:
        """Take what decides, and who hears of it. `log` gets one mapping for each decision.

        `pinner` answers at `/mutate`; without one nothing is there. `events` tells of refusals
        that are only warnings.
        """
        self._door = door
        self._pinner = pinner
        self._events = events
        self._status = status
        self._metrics = metrics
        self._log = log
        self.ready = True
        """Whether `/readyz` says so. A server that ends says no first."""

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        method, path = scope["method"], scope["path"]
        if path == "/validate" or (path == "/mutate" and self._pinner is not None):
            if method == "POST":
                await self._reviewed(scope, receive, send)
            else:
                await _reply(send, 405, b"POST an AdmissionReview\n")
        elif method not in ("GET", "HEAD"):
            await _reply(send, 404, b"not found\n")
        elif path == "/livez":
            await _reply(send, 200, b"ok\n")
        elif path == "/readyz":
            await _reply(send, *((200, b"ok\n") if self.ready else (503, b"ending\n")))
        elif path == "/metrics":
            await _reply(send, 200, self._metrics.text(), CONTENT_TYPE)
        elif path == "/status":
            await self._tell(scope, send)
        else:
            await _reply(send, 404, b"not found\n")

    async def _tell(self, scope: Message, send: Send) -> None:
        accepted = b",".join(v for k, v in scope["headers"] if k == b"accept")
        if b"text/html" in accepted:
            await _reply(send, 200, self._status.page().encode(), "text/html; charset=utf-8")
        else:
            text = json.dumps(self._status.value())
            await _reply(send, 200, text.encode(), _JSON)

    async def _reviewed(self, scope: Message, receive: Receive, send: Send) -> None:
        try:
            body = await asyncio.wait_for(_body(receive), _BODY_SECONDS)
        except TimeoutError:
            await _reply(send, 408, b"the request did not come in time\n", close=True)
            return
        if body is None:
            return  # nobody is there to hear an answer
        began = time.monotonic()
        large = len(body) > _LARGE
        try:
            asked = await _computed(read_review, body, large=large)
        except MalformedReviewError as error:
            await self._malformed(error, send, close=len(body) > MAX_BYTES)
            return
        until = began + inner_deadline(scope.get("query_string", b""))
        pinner = self._pinner if scope["path"] == "/mutate" else None
        if pinner is not None:
            answer = await self._pinned(pinner, asked, until)
        else:
            answer = await self._decided(asked, began, until, large=large)
        await _reply(send, 200, json.dumps(answer).encode(), _JSON)

    async def _decided(
        self, asked: AdmissionRequest, began: float, until: float, *, large: bool
    ) -> dict[str, Any]:
        try:
            case = await _computed(self._door.opened, asked, large=large)
            decision = await self._door.decide(asked, case, until - time.monotonic())
        except Exception as error:  # noqa: BLE001  # a defect must not allow, and says what it is
            decision = CouldNotTell(reasons=(Objection(*crash(error)),))
        self._heard(asked, decision, time.monotonic() - began)
        return answer_to(asked.uid, decision, policy=self._status.policy.digest)

    async def _pinned(
        self, pinner: Pinner, asked: AdmissionRequest, until: float
    ) -> dict[str, Any]:
        """Pin an object's tags. What goes wrong leaves them, and `/validate` refuses them."""
        try:
            made = await pinner.pin(asked, until - time.monotonic())
        except Exception as error:  # noqa: BLE001  # a defect changes nothing, and says what it is
            made = PinnedObject(left=(Objection(*crash(error)),))
        self._metrics.pinned(len(made.pinned), len(made.left))
        if made.pinned or made.left:
            self._log(
                {
                    "event": "pinned",
                    "uid": asked.uid,
                    "object": terminal(str(asked), limit=_LOGGED),
                    "images": len(made.pinned),
                    "left": sorted({one.code for one in made.left}),
                }
            )
        return patch_of(asked.uid, made)

    async def _malformed(self, error: MalformedReviewError, send: Send, *, close: bool) -> None:
        self._metrics.malformed(error.code)
        problem = clipped(terminal(str(error)), _LOGGED)
        self._log(
            {"event": "malformed", "uid": error.uid or "", "code": error.code, "why": problem}
        )
        if error.uid is None:
            text = f"[{error.code}] {problem}\n"
            await _reply(send, 400, text.encode(), close=close)
        else:
            await _reply(send, 200, json.dumps(refusal_of(error)).encode(), _JSON, close=close)

    def _heard(self, asked: AdmissionRequest, decision: Decision, seconds: float) -> None:
        self._metrics.answered(asked, decision, seconds)
        self._status.answered(asked, decision)
        if self._events is not None:
            self._events.heard(asked, decision)
        self._log(
            {
                "event": "decision",
                "uid": asked.uid,
                "operation": str(asked.operation),
                "object": terminal(str(asked), limit=_LOGGED),
                "subresource": terminal(asked.subresource, limit=_LOGGED),
                "user": terminal(asked.user, limit=_LOGGED),
                "dryRun": asked.dry_run,
                "outcome": outcome_of(decision),
                "codes": list(codes_of(decision)),
                "images": len(decision.images),
                "milliseconds": round(seconds * 1000, 1),
            }
        )


def inner_deadline(query: bytes) -> float:
    """Return for how many seconds an answer may take, from the `?timeout=10s` of the API server.

    A second less than the webhook's own timeout, so that a refusal arrives with its cause; of a
    short timeout three quarters. For example 9.0 for `timeout=10s`, 1.5 for `timeout=2s`.
    """
    said = parse_qs(query[:200].decode("latin-1")).get("timeout", [""])[0]
    match = _TIMEOUT.fullmatch(said)
    seconds = min(float(match[1]), LONGEST_SECONDS) if match else DEFAULT_SECONDS
    return max(seconds - _MARGIN, seconds * 0.75)


async def _computed(work: Callable[[A], B], given: A, *, large: bool) -> B:
    return await asyncio.to_thread(work, given) if large else work(given)


async def _body(receive: Receive) -> bytes | None:
    """Return the body, of a longer one no more than shows that it is too long; None if it broke."""
    parts = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts += message.get("body", b"")
        if len(parts) > MAX_BYTES or not message.get("more_body", False):
            return bytes(parts)


async def _reply(
    send: Send,
    status: int,
    body: bytes,
    content_type: str = "text/plain; charset=utf-8",
    *,
    close: bool = False,
) -> None:
    headers = [
        (b"content-type", content_type.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        *([(b"connection", b"close")] if close else []),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
