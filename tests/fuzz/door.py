"""The oracle of what an API server sends to the webhook, which stays up between inputs."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Iterator
from typing import Final

import httpx

from gate.admission.request import Operation, read_review
from gate.model.image import ImageReference
from tests.builders.admission import Shelf, deployment, encoded, pinned, pod, request
from tests.builders.doors import Webhook

PASSED: Final = ImageReference.parse(pinned("shop"))
"""The one image that has a pass."""
_LISTS: Final = ("containers", "initContainers", "ephemeralContainers")


@functools.cache
def _webhook() -> tuple[Webhook, asyncio.Runner]:
    shelf = Shelf()
    shelf.give_pass(str(PASSED))
    return Webhook(shelf, threads=1, most=100), asyncio.Runner()


def admission_review(data: bytes) -> bool:
    """Hold that each request is answered, and that no image without a pass is let in."""
    webhook, runner = _webhook()
    reply = runner.run(webhook.post(data))
    webhook.logged.clear()
    webhook.shelf.asked.clear()
    if reply.status != httpx.codes.OK:
        return False
    if reply.response["allowed"]:
        asked = read_review(data)
        if asked.operation is Operation.CREATE:
            assert {_known(text) for text in _images(asked.object)} <= {_known(str(PASSED))}
    return True


def reviews() -> list[bytes]:
    """Return requests that are allowed, and one that is not."""
    return [
        encoded(request(pod(str(PASSED)))),
        encoded(request(deployment(str(PASSED)), deployment(pinned("cart")))),
        encoded(request(pod(pinned("cart")))),
    ]


def _known(text: str) -> tuple[str, object]:
    read = ImageReference.parse(text)
    return read.name, read.digest


def _images(value: object) -> Iterator[str]:
    """Yield the images of all containers, wherever they are."""
    if isinstance(value, dict):
        for name, part in value.items():
            if name in _LISTS and isinstance(part, list):
                yield from (c["image"] for c in part if isinstance(c, dict) and c.get("image"))
            yield from _images(part)
    elif isinstance(value, list):
        for part in value:
            yield from _images(part)
