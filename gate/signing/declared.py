"""What a pass says of each declared object, so that the one in a cluster can be compared."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from gate.live.shape import declare
from gate.model.declared import DeclaredObject
from gate.model.release import Release

MAX_NAME: Final = 512
"""The most characters of an object's name that a pass quotes."""
MAX_SHAPES: Final = 256 * 1024
"""The most bytes that the shapes of all objects take in a pass. The largest are left out first."""


def declared_of(release: Release) -> tuple[dict[str, Any], ...]:
    """Return what a pass says of the objects of a release, sorted as they are there.

    An object that is deeper than 100 is left out. So are the largest, where all together take more
    than 256 KiB: a pass is stored beside every image of the release. What is left out cannot be
    compared in a cluster; `gate admit` compares its digest as ever.
    """
    every = list(_each(release))
    kept, total = set(), 0
    for length, one in sorted(every, key=lambda pair: (pair[0], pair[1]["object"]["sha256"])):
        total += length
        if total <= MAX_SHAPES:
            kept.add(one["object"]["sha256"])
    return tuple(one for _, one in every if one["object"]["sha256"] in kept)


def _each(release: Release) -> Iterator[tuple[int, dict[str, Any]]]:
    for one in release.objects:
        if not one.value:
            continue
        try:
            said = declare(one.name[:MAX_NAME], one.digest, one.value)
        except ValueError:
            continue
        yield len(json.dumps(said.shape, separators=(",", ":"))), _statement(said)


def _statement(said: DeclaredObject) -> dict[str, Any]:
    found = {
        "name": said.name,
        "object": {"sha256": said.object.hex},
        "text": {"sha256": said.text.hex},
        "shape": said.shape,
    }
    if said.template is not None:
        found["template"] = {"sha256": said.template.hex}
    return found
