"""Two hours at the door on a clock of its own: passes that end, and new ones in their place.

    python -m benchmarks.two_hours [--images 300] [--asked 5] [--seconds 7200]

An application of `gate serve` over a registry in memory is asked about random images in each second
of a clock that the run sets. A pass holds for five minutes to three hours; half of the images get
another one some time after the first has ended. What is right is computed beside it: an image
without a pass that holds is never let in, and one whose pass has been there for longer than a
refusal is held always is. Nothing is asserted but answers: a wrong one ends the run.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from benchmarks.figures import tell
from gate.admission.book import BLOCKED_FOR
from tests.builders.admission import DAY, NOW, Shelf, deployment, encoded, pinned, request
from tests.builders.doors import Webhook

_SHORTEST, _LONGEST = timedelta(minutes=5), timedelta(hours=3)


@dataclass
class _Image:
    name: str
    body: bytes
    passes: list[tuple[datetime, datetime]] = field(default_factory=list)
    """When each was attached, and its end."""

    def holds(self, now: datetime, *, since: timedelta = timedelta()) -> bool:
        """Whether some pass was attached so long ago or longer, and has not ended."""
        return any(at + since <= now <= end for at, end in self.passes)


def _some_images(count: int) -> list[_Image]:
    names = [pinned(f"image{number}") for number in range(count)]
    return [_Image(name, encoded(request(deployment(name)))) for name in names]


def _give_pass(shelf: Shelf, image: _Image, at: datetime, dice: random.Random) -> None:
    valid = timedelta(
        seconds=dice.randint(*(int(d.total_seconds()) for d in (_SHORTEST, _LONGEST)))
    )
    shelf.give_pass(image.name, at=at, valid_for=valid)
    image.passes.append((at, min(at + valid, at + DAY)))


async def _run(
    door: Webhook, images: Sequence[_Image], asked: int, seconds: int, dice: random.Random
) -> Counter[str]:
    told = Counter[str]()
    for image in images:
        _give_pass(door.shelf, image, NOW, dice)
    again = {
        image.name: image.passes[0][1] + timedelta(seconds=dice.randint(1, 1800))
        for image in images[::2]
    }
    for _ in range(seconds):
        door.clock.now += timedelta(seconds=1)
        for image in images[::2]:
            if again[image.name] == door.clock.now:
                _give_pass(door.shelf, image, door.clock.now, dice)
        for image in dice.sample(images, asked):
            allowed = (await door.post(image.body)).response["allowed"]
            told[_checked(image, door.clock.now, allowed=allowed)] += 1
    return told


def _checked(image: _Image, now: datetime, *, allowed: bool) -> str:
    if allowed and not image.holds(now):
        sys.exit(f"{image.name} was let in at {now} with passes {image.passes}")
    if not allowed and image.holds(now, since=BLOCKED_FOR):
        sys.exit(f"{image.name} was refused at {now} with passes {image.passes}")
    return "allowed" if allowed else "refused"


def main() -> None:
    """Ask, and print one JSON object."""
    parser = argparse.ArgumentParser(description="Ask gate's webhook on a clock of its own.")
    parser.add_argument("--images", type=int, default=300)
    parser.add_argument("--asked", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=7_200)
    asked = parser.parse_args()
    dice = random.Random(4)  # noqa: S311  # no secret
    images = _some_images(asked.images)
    begin = time.perf_counter()
    with Webhook(Shelf()) as door:
        told = asyncio.run(_run(door, images, asked.asked, asked.seconds, dice))
    passes = [end for image in images for _, end in image.passes]
    last = NOW + timedelta(seconds=asked.seconds)
    found = {
        "simulated seconds": asked.seconds,
        "answers": dict(sorted(told.items())),
        "passes": len(passes),
        "passes that ended": sum(end < last for end in passes),
        "took, s": round(time.perf_counter() - begin, 1),
        "load": os.getloadavg()[0],
    }
    tell("two-hours", time.perf_counter() - begin, much=f"{told.total():,} requests")
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
