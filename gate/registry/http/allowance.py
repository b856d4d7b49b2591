"""How much a registry lets us ask before it refuses, as it says in its answers.

Docker Hub and others count manifests that are fetched, and say in a header how many are left.
https://docs.docker.com/docker-hub/usage/pulls/
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Final

from gate.model.expressions import expression

LOW: Final = 10
"""So few left is worth a warning: about the requests for one or two images."""
_LEFT: Final = expression(r"\s*([0-9]{1,9})\s*(?:;.*)?")


class Allowances:
    """The least that each host said is left. Used from several threads."""

    def __init__(self) -> None:
        """Begin without having heard of any."""
        self._lock = threading.Lock()
        self._left: dict[str, int] = {}

    def hear(self, host: str, headers: Mapping[str, str]) -> None:
        """Take note of an answer, its headers by lower-case name; what is no number is nothing."""
        form = _LEFT.fullmatch(headers.get("ratelimit-remaining", ""))
        if form is not None:
            with self._lock:
                self._left[host] = min(int(form[1]), self._left.get(host, int(form[1])))

    def nearly_used(self) -> tuple[tuple[str, int], ...]:
        """Return each host of which little is left, and how much, sorted."""
        with self._lock:
            return tuple(sorted((h, left) for h, left in self._left.items() if left <= LOW))
