"""A world judged in parts: each part looks at its images, and a merge decides by their records."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Final, Literal, TypeAlias, get_args

from gate import __version__
from gate.manifests.manifests import Manifests
from gate.model.image import Digest, ImageReference
from gate.model.review import Review
from gate.pipeline.merge import TYPE, Demands, RecordFile, merged
from gate.pipeline.review import review
from gate.pipeline.shard import Shard
from gate.pipeline.shard_record import VERSION, Head, write_record
from gate.pipeline.shard_registry import Recording
from gate.policy.document import Policy
from tests.judge.made import checked, key, shelves, sigstore, verifier, when, written
from tests.judge.world import World

Loss: TypeAlias = Literal["", "missing", "twice", "late", "not signed", "signed by another", "cut"]
"""What is wrong with the record of one part."""
_LOSSES: Final[tuple[Loss, ...]] = get_args(Loss)
_ALONE: Final = Manifests((), (), 0, 0)
_PLAN: Final = Digest("5" * 64)
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Parts:
    """In how many parts a world is judged, and what is wrong with the last of them."""

    of: int
    loss: Loss


def some_parts(random: Random) -> Parts:
    """Draw how a world is shared out."""
    loss = random.choice(_LOSSES) if random.random() < 0.3 else ""  # how often
    return Parts(random.choice((1, 2, 3, 5)), loss)


def sharded(world: World, policy: Policy, parts: Parts) -> Review:
    """Judge a world in parts. The images of the last part are lost where its record is."""
    demands = Demands(
        plan=lambda _: _PLAN,
        images={str(ImageReference.parse(written(image))) for image in world.images},
        now=when(world.at),
        as_of=False,
        max_age=_HOUR,
        by=("build",),
        verifier=verifier(policy, world.at),
        proof=shelves(world),
    )
    looked = merged(_files(world, policy, parts), demands)
    return checked(world, looked.registry, policy, beside=looked.faults)


def _files(world: World, policy: Policy, parts: Parts) -> Iterator[RecordFile]:
    for index in range(1, parts.of + 1):
        loss = parts.loss if index == parts.of else ""
        if loss != "missing":
            yield _file(world, policy, Shard(index, parts.of), loss)
        if loss == "twice":
            yield _file(world, policy, Shard(index, parts.of), loss, name="again")


def _file(world: World, policy: Policy, shard: Shard, loss: Loss, name: str = "") -> RecordFile:
    head = Head(
        version=VERSION,
        index=shard.index,
        of=shard.of,
        plan=_PLAN,
        policy=policy.digest,
        tool=__version__,
        at=when(world.at) - (2 * _HOUR if loss == "late" else timedelta()),
    )
    content = write_record(head, _looked(world, policy, shard).seen())
    by = "9" if loss == "signed by another" else "1"
    bundle = None if loss == "not signed" else _signed(content, by)
    content = content[:-20] if loss == "cut" else content
    return RecordFile(name=f"{name or shard.index}.jsonl", content=content, bundle=bundle)


def _looked(world: World, policy: Policy, shard: Shard) -> Recording:
    recording = Recording(shelves(world))
    references = [ImageReference.parse(written(image)) for image in world.images]
    if mine := [str(one) for one in references if shard.holds(one)]:
        review(
            _ALONE,
            mine,
            policy,
            registry=recording,
            verifier=verifier(policy, world.at),
            rules=None,
            now=when(world.at),
        )
    return recording


def _signed(content: bytes, by: str) -> bytes:
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "record", "digest": {"sha256": Digest.of(content).hex}}],
        "predicateType": TYPE,
        "predicate": {},
    }
    payload = json.dumps(statement).encode()
    return sigstore().keyed_bundle(payload, key(by), at=when(0), rekor=None)
