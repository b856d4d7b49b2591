"""What a part writes down of a registry, and what the merge is told of it again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from gate.errors import RegistryError
from gate.model.evidence import Attached, AttachedKind, PlaceNote, Storage, Unread
from gate.model.image import Digest, ImageReference, Platform, PlatformManifest, ResolvedImage
from gate.model.image_configuration import ImageConfiguration
from gate.pipeline.shard import shard_of
from gate.pipeline.shard_record import Head, Record, SeenProblem, ShardImage
from gate.pipeline.shard_registry import Recorded, Recording
from gate.registry.attempt import Told

NAME = "ghcr.io/acme/shop:1"
IMAGE = ResolvedImage(ImageReference.parse(NAME), Digest("a" * 64))
ITEM = Attached(AttachedKind.BUNDLE, b"one", Storage.REFERRERS, IMAGE.digest)
NOTE = PlaceNote("it was read through a mirror", "ask the origin")
LOST = Unread(
    storage=Storage.REFERRERS,
    subject=IMAGE.digest,
    digest=None,
    kind="a bundle",
    code="missing-blob",
    reason="it was lost",
    remedy="push it again",
)
CONFIGURATION = ImageConfiguration(manifest=IMAGE.digest, platform=Platform("linux", "amd64"))
DOWN = RegistryError("unreachable", "ghcr.io did not answer", remedy="run again")
SEEN_DOWN = SeenProblem("unreachable", "ghcr.io did not answer", "run again")


@dataclass
class Inner:
    """Tells of one image, and breaks as a test wants at one of the questions."""

    breaks: dict[str, Exception] = field(default_factory=dict)

    def _broken(self, question: str) -> None:
        if question in self.breaks:
            raise self.breaks[question]

    def resolve(self, reference: ImageReference) -> ResolvedImage:
        self._broken("resolve")
        return ResolvedImage(reference, IMAGE.digest)

    def attached(
        self, image: ResolvedImage, wanted: frozenset[str] | None = None
    ) -> Iterator[Told]:
        assert (image, wanted) == (IMAGE, frozenset({"wanted"}))
        yield ITEM
        self._broken("attached")
        yield from (LOST, NOTE)

    def attached_in_order(self, image: ResolvedImage) -> Iterable[Attached]:
        assert image == IMAGE
        return (ITEM,)

    def configurations(self, image: ResolvedImage) -> tuple[ImageConfiguration, ...]:
        assert image == IMAGE
        self._broken("configurations")
        return (CONFIGURATION,)


def asked(recording: Recording) -> Exception | None:
    """Ask all that a run asks of an image; return what it broke on."""
    try:
        image = recording.resolve(IMAGE.reference)
        assert list(recording.attached(image, frozenset({"wanted"}))) == [ITEM, LOST, NOTE]
        assert recording.configurations(image) == (CONFIGURATION,)
    except (RegistryError, KeyError) as error:
        return error
    return None


WHOLE = ShardImage(
    name=NAME,
    image=IMAGE,
    attached=(ITEM,),
    unread=(LOST,),
    notes=(NOTE,),
    configurations=(CONFIGURATION,),
)
PARTS = {
    "resolve": ShardImage(name=NAME, problem=SEEN_DOWN),
    "attached": ShardImage(name=NAME, image=IMAGE, attached=(ITEM,), problem=SEEN_DOWN),
    "configurations": ShardImage(
        name=NAME,
        image=IMAGE,
        attached=(ITEM,),
        unread=(LOST,),
        notes=(NOTE,),
        problem=SEEN_DOWN,
    ),
}


def test_what_a_registry_says_of_an_image_is_handed_on_and_written_down() -> None:
    recording = Recording(Inner())
    assert asked(recording) is None
    assert list(recording.seen()) == [WHOLE]
    assert list(recording.attached_in_order(IMAGE)) == [ITEM]
    assert list(recording.seen()) == [WHOLE]


@pytest.mark.parametrize("question", PARTS)
def test_why_a_registry_does_not_answer_is_written_down_and_raised(question: str) -> None:
    recording = Recording(Inner({question: DOWN}))
    assert asked(recording) is DOWN
    assert list(recording.seen()) == [PARTS[question]]


@pytest.mark.parametrize("question", ["resolve", "attached"])
def test_a_look_that_broke_is_vouched_for_by_nobody(question: str) -> None:
    broken = KeyError("x")
    recording = Recording(Inner({question: broken}))
    assert asked(recording) is broken
    assert list(recording.seen()) == []


def test_an_artifact_that_was_resolved_before_is_written_down_too() -> None:
    recording = Recording(Inner())
    assert len(list(recording.attached(IMAGE, frozenset({"wanted"})))) == 3
    assert [one.image for one in recording.seen()] == [IMAGE]


def head(index: int = 1, of: int = 1) -> Head:
    return Head(
        version=1,
        index=index,
        of=of,
        plan=Digest("c" * 64),
        policy=Digest("d" * 64),
        tool="1.0",
        at=datetime(2026, 11, 21, tzinfo=UTC),
    )


def recorded(seen: ShardImage) -> Recorded:
    return Recorded([Record(head(), {NAME: seen})], {}, 1)


def test_a_merge_is_told_what_the_part_was_told() -> None:
    registry = recorded(WHOLE)
    assert registry.resolve(IMAGE.reference) == IMAGE
    assert list(registry.attached(IMAGE)) == [ITEM, LOST, NOTE]
    assert registry.configurations(IMAGE) == (CONFIGURATION,)
    assert list(registry.attached_in_order(IMAGE)) == []


@pytest.mark.parametrize(
    ("question", "answers"),
    [("resolve", []), ("attached", ["resolve"]), ("configurations", ["resolve"])],
)
def test_where_a_part_was_told_no_more_the_merge_is_told_why(
    question: str, answers: list[str]
) -> None:
    registry = recorded(PARTS[question])
    asks: dict[str, Callable[[], object]] = {
        "resolve": lambda: registry.resolve(IMAGE.reference),
        "attached": lambda: list(registry.attached(IMAGE)),
        "configurations": lambda: registry.configurations(IMAGE),
    }
    for name, ask in asks.items():
        if name in answers:
            assert ask() == IMAGE
            continue
        with pytest.raises(RegistryError) as refused:
            ask()
        error = refused.value
        assert (error.code, error.problem, error.remedy) == (DOWN.code, DOWN.problem, DOWN.remedy)


def test_what_no_record_tells_is_no_answer() -> None:
    bare = ShardImage(name=NAME, image=IMAGE)
    other = ImageReference.parse("ghcr.io/acme/other:1")
    for ask in (
        lambda: recorded(bare).configurations(IMAGE),
        lambda: recorded(bare).resolve(other),
        lambda: recorded(ShardImage(name=NAME)).resolve(IMAGE.reference),
    ):
        with pytest.raises(RegistryError) as refused:
            ask()
        assert refused.value.code == "shard-incomplete"


def test_an_image_of_a_part_that_does_not_count_is_told_as_that() -> None:
    index = shard_of(IMAGE.reference, 2)
    missing = SeenProblem("shard-missing", "it handed in no record", "run it again")
    records = [Record(head(index, 2), {NAME: WHOLE})]
    with pytest.raises(RegistryError) as refused:
        Recorded(records, {index: missing}, 2).resolve(IMAGE.reference)
    error = refused.value
    assert (error.code, error.problem, error.remedy) == (
        "shard-missing",
        "it handed in no record",
        "run it again",
    )
    assert Recorded(records, {3 - index: missing}, 2).resolve(IMAGE.reference) == IMAGE


@dataclass
class Proof(Inner):
    """Has what the digest of the image says."""

    platforms: tuple[PlatformManifest, ...] = ()
    asked: list[str] = field(default_factory=list)

    def resolve(self, reference: ImageReference) -> ResolvedImage:
        self.asked.append(str(reference))
        return ResolvedImage(reference, IMAGE.digest, self.platforms)


AMD64 = PlatformManifest(Platform("linux", "amd64"), Digest("e" * 64))


@pytest.mark.parametrize("told", [(), (AMD64,)])
@pytest.mark.parametrize("true", [(), (AMD64,)])
def test_platforms_that_a_digest_does_not_list_are_believed_of_no_record(
    told: tuple[PlatformManifest, ...], true: tuple[PlatformManifest, ...]
) -> None:
    image = replace(IMAGE, platforms=told)
    records = [Record(head(), {NAME: ShardImage(name=NAME, image=image)})]
    proof = Proof(platforms=true)
    registry = Recorded(records, {}, 1, proof=proof)
    if told == true:
        assert registry.resolve(IMAGE.reference) == image
    else:
        with pytest.raises(RegistryError) as refused:
            registry.resolve(IMAGE.reference)
        assert refused.value.code == "shard-untrue"
    assert proof.asked == [f"ghcr.io/acme/shop:1@{IMAGE.digest}"]
    assert Recorded(records, {}, 1).resolve(IMAGE.reference) == image


def test_configurations_are_those_of_the_digest_where_it_can_be_asked() -> None:
    false = replace(CONFIGURATION, user="1000")
    records = [Record(head(), {NAME: replace(WHOLE, configurations=(false,))})]
    proven = Recorded(records, {}, 1, proof=Proof())
    assert proven.configurations(IMAGE) == (CONFIGURATION,)
    assert Recorded(records, {}, 1).configurations(IMAGE) == (false,)


def test_a_registry_that_does_not_say_it_again_leaves_the_image_undecided() -> None:
    records = [Record(head(), {NAME: WHOLE})]
    down = Inner({"resolve": DOWN, "configurations": DOWN})
    registry = Recorded(records, {}, 1, proof=down)
    with pytest.raises(RegistryError) as unresolved:
        registry.resolve(IMAGE.reference)
    with pytest.raises(RegistryError) as unread:
        registry.configurations(IMAGE)
    assert (unresolved.value, unread.value) == (DOWN, DOWN)
