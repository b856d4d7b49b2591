"""Records of shards are hostile bytes; which image falls to which shard."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.errors import RegistryError
from gate.model.evidence import Storage, Unread
from gate.model.image import Digest, ImageReference, Platform, PlatformManifest, ResolvedImage
from gate.model.image_configuration import ImageConfiguration
from gate.pipeline.shard import plan_digest, shard_of
from gate.pipeline.shard_record import (
    MalformedRecord,
    Record,
    SeenProblem,
    ShardImage,
    read_record,
    write_record,
)
from gate.pipeline.shard_registry import Recorded
from gate.registry.codes import Code
from tests.builders.shard_records import BUNDLE, DIGEST, HEAD, IMAGE, NAME, SEEN, WRITTEN

DOWN = SeenProblem("down", "p", "r")
LOST = Unread(
    storage=Storage.REFERRERS,
    subject=DIGEST,
    digest=None,
    kind="kin",
    code="missing-blob",
    reason="rea",
    remedy="rem",
)
UNKNOWN = f"it gives a reason for {NAME} that gate does not know"


def test_a_record_is_read_as_it_was_written() -> None:
    read = read_record(WRITTEN)
    assert (read.head, dict(read.images)) == (HEAD, {NAME: SEEN})


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b'"version":1', b'"version":2', "version 2"),
        (b'"index":1', b'"index":2', "not a shard"),
        (b'"of":1', b'"of":"1"', "valid integer"),
        (b"2026-11-21T00:00:00Z", b"2026-11-21T00:00:00", "timezone info"),
        (b"2026-11-21T00:00:00Z", b"0001-01-01T00:00:00+14:00", "no such time"),
        (b'"kind":', b'"kind":"unknown","kind":', "there twice"),
        (b'"kind":', b'"sort":1,"kind":', "Unexpected keyword"),
        (b'"sigstore-bundle"', b'"trusted"', "kind"),
        (DIGEST.hex.encode(), b"AB" * 32, "not a sha256 digest"),
        (b'{"images":1}', b'{"images":2}', "does not count"),
        (b'{"images":1}\n', b'{"images":1}', "cut off"),
        (b'"name":"ghcr.io/acme/shop:1.0"', b'"name":"ghcr.io/acme/cart:1.0"', "in place of"),
        (b'"name":"ghcr.io/acme/shop:1.0"', b'"name":"a b"', "not an image reference"),
    ],
)
def test_what_is_no_record_is_refused_for_that(old: bytes, new: bytes, said: str) -> None:
    assert old in WRITTEN
    with pytest.raises(MalformedRecord) as refused:
        read_record(WRITTEN.replace(old, new, 1))
    assert said in str(refused.value)


def refusal(data: bytes) -> str:
    """Return why bytes are no record; empty where they are one."""
    try:
        read_record(data)
    except MalformedRecord as problem:
        return str(problem)
    return ""


LINE = WRITTEN.split(b"\n")[1]
TOLD = ShardImage(name=NAME, image=IMAGE, unread=(replace(LOST, kind='a, "b",', reason='\\", ",'),))
COMMAS = write_record(HEAD, [TOLD])
PLAIN = write_record(HEAD, [replace(TOLD, unread=(LOST,))])


@pytest.mark.parametrize(
    ("bound", "most", "data", "said"),
    [
        ("MAX_HEAD", WRITTEN.index(b"\n") + 1, WRITTEN, "its first line is cut off"),
        ("MAX_BYTES", len(WRITTEN), WRITTEN, "it is cut off, or longer than is read"),
        ("MAX_IMAGES", 1, WRITTEN, "it is cut off, or longer than is read"),
        ("MAX_LINE", len(LINE), WRITTEN, "line 2 cannot be read"),
        ("MAX_VALUES", LINE.count(b","), WRITTEN, "has over"),
        ("MAX_VALUES", PLAIN.split(b"\n")[1].count(b","), COMMAS, "line 2 has over"),
    ],
)
def test_a_record_may_be_as_long_as_is_read_and_no_longer(
    monkeypatch: pytest.MonkeyPatch, bound: str, most: int, data: bytes, said: str
) -> None:
    monkeypatch.setattr(f"gate.pipeline.shard_record.{bound}", most)
    assert refusal(data) == ""
    monkeypatch.setattr(f"gate.pipeline.shard_record.{bound}", most - 1)
    assert said in refusal(data)


def test_a_record_of_a_part_without_images_is_whole_and_one_of_a_line_is_not() -> None:
    assert read_record(write_record(HEAD, [])).images == {}
    head, _, rest = WRITTEN.partition(b"\n")
    assert refusal(head + b"\n") == "it is cut off, or longer than is read"
    assert refusal(b"\n" + rest).startswith("the first line cannot be read: ")
    assert refusal(head).startswith("its first line is cut off, or has over 4,096 bytes")
    assert refusal(b"\n" + WRITTEN).startswith("the first line cannot be read: ")


def test_a_line_is_read_to_a_depth_and_what_is_wrong_in_it_is_told_by_its_number() -> None:
    head, _, end, _ = WRITTEN.split(b"\n")
    for depth, said in ((15, "line 2 cannot be read: name: "), (16, "nested")):
        line = b'{"name":' + b"[" * depth + b"]" * depth + b"}"
        refused = refusal(b"\n".join((head, line, end, b"")))
        assert refused.startswith("line 2 cannot be read: ")
        assert said in refused


def test_what_a_part_was_not_told_is_not_written_down() -> None:
    line = write_record(HEAD, [SEEN]).split(b"\n")[1]
    assert list(json.loads(line)) == ["name", "image", "attached"]


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (ShardImage(name=NAME), f"it says nothing of {NAME}"),
        (ShardImage(name="redis:7", problem=DOWN), "redis:7 does not fall to shard 1/1"),
        (ShardImage(name=NAME, problem=SeenProblem("A b", "p", "r")), UNKNOWN),
        (ShardImage(name=NAME, problem=SeenProblem("down", "p" * 9, "r")), UNKNOWN),
        (ShardImage(name=NAME, problem=SeenProblem("down", "p" * 8, "r")), ""),
        (ShardImage(name=NAME, image=IMAGE, unread=(replace(LOST, code="A b"),)), UNKNOWN),
        (ShardImage(name=NAME, image=IMAGE, unread=(replace(LOST, kind="k" * 8),)), UNKNOWN),
        (ShardImage(name=NAME, image=IMAGE, unread=(replace(LOST, reason="k" * 8),)), UNKNOWN),
        (ShardImage(name=NAME, image=IMAGE, unread=(replace(LOST, remedy="k" * 8),)), UNKNOWN),
        (ShardImage(name=NAME, image=IMAGE, unread=(LOST,)), ""),
    ],
)
def test_what_gate_would_not_write_of_an_image_is_refused(
    monkeypatch: pytest.MonkeyPatch, seen: ShardImage, said: str
) -> None:
    monkeypatch.setattr("gate.pipeline.shard_record.MAX_TEXT", 9)
    assert refusal(write_record(HEAD, [seen])) == said


def test_an_image_of_another_shard_is_refused() -> None:
    other = 1 if shard_of(IMAGE.reference, 2) == 2 else 2  # shards
    head = WRITTEN.replace(b'"index":1,"of":1', b'"index":%d,"of":2' % other)
    with pytest.raises(MalformedRecord) as refused:
        read_record(head)
    assert "does not fall to shard" in str(refused.value)


def test_an_image_that_is_told_twice_is_refused() -> None:
    head, line, _, _ = WRITTEN.split(b"\n")
    twice = b"\n".join((head, line, line, b'{"images":2}', b""))
    with pytest.raises(MalformedRecord) as refused:
        read_record(twice)
    assert "twice" in str(refused.value)


def test_a_digest_that_the_name_does_not_have_is_refused() -> None:
    pinned = ImageReference.parse(f"ghcr.io/acme/shop@{DIGEST}")
    wrong = ShardImage(name=str(pinned), image=ResolvedImage(pinned, Digest.of(b"other")))
    with pytest.raises(MalformedRecord) as refused:
        read_record(write_record(HEAD, [wrong]))
    assert "in place of" in str(refused.value)


@settings(max_examples=200)
@given(st.integers(0, len(WRITTEN) - 1), st.binary(max_size=3))
def test_no_bytes_break_the_reader(at: int, put: bytes) -> None:
    harmed = WRITTEN[:at] + put + WRITTEN[at + len(put) :]
    try:
        read_record(harmed)
    except MalformedRecord as problem:
        assert str(problem)  # noqa: PT017  # any other exception is the failure


@given(st.integers(0, 10_000), st.integers(1, 50))
def test_one_shard_more_takes_images_and_moves_none_between_the_others(image: int, of: int) -> None:
    reference = ImageReference.parse(f"ghcr.io/acme/shop{image}:1.0")
    before, after = shard_of(reference, of), shard_of(reference, of + 1)
    assert 1 <= before <= of
    assert after in (before, of + 1)


@pytest.mark.parametrize(
    "moved",
    [
        replace(IMAGE, digest=Digest.of(b"moved")),
        replace(IMAGE, platforms=(PlatformManifest(Platform("linux", "amd64"), DIGEST),)),
    ],
)
def test_a_merge_is_told_nothing_of_an_artifact_whose_tag_moved_since(moved: ResolvedImage) -> None:
    recorded = Recorded([Record(HEAD, {NAME: SEEN})], {}, 1)
    assert list(recorded.attached(IMAGE)) == [BUNDLE]
    with pytest.raises(RegistryError) as refused:
        list(recorded.attached(moved))
    with pytest.raises(RegistryError) as again:
        recorded.configurations(moved)
    assert (refused.value.code, again.value.code) == ("shard-foreign", "shard-foreign")


PLAN: dict[str, Any] = {
    "policy": DIGEST,
    "roots": [DIGEST],
    "tool": "1.0",
    "of": 3,
    "images": ["a", "b"],
    "files": {"a.yaml": b"a", "b.yaml": b"b"},
    "bundles": [b"a"],
}


@pytest.mark.parametrize(
    "other",
    [
        {"policy": Digest.of(b"lax")},
        {"roots": []},
        {"roots": [DIGEST, Digest.of(b"more")]},
        {"tool": "1.0.1"},
        {"of": 4},
        {"images": ["a"]},
        {"images": ["a", "b", "c"]},
        {"files": {"a.yaml": b"a"}},
        {"files": {"a.yaml": b"b", "b.yaml": b"a"}},
        {"bundles": []},
        {"bundles": [b"b"]},
    ],
    ids=str,
)
def test_a_run_that_differs_in_one_thing_is_another_plan(other: dict[str, Any]) -> None:
    assert plan_digest(**PLAN) != plan_digest(**PLAN | other)
    assert plan_digest(**PLAN) == plan_digest(**PLAN | {"images": ["b", "a", "a"]})


def test_every_reason_of_gate_can_be_recorded() -> None:
    for code in map(str, Code):
        seen = ShardImage(name=NAME, problem=SeenProblem(code, "p", "r"))
        assert read_record(write_record(HEAD, [seen])).images == {NAME: seen}


def test_names_of_one_digest_fall_to_one_shard() -> None:
    names = [f"ghcr.io/acme/shop{i}:1.{i}@{DIGEST}" for i in range(20)]
    assert len({shard_of(ImageReference.parse(name), 7) for name in names}) == 1


@pytest.mark.parametrize(
    ("created", "counts"),
    [
        ((None,), True),
        ((None, datetime(2026, 11, 21, tzinfo=UTC)), True),
        ((datetime(2026, 11, 21),), False),  # noqa: DTZ001  # what is refused
        ((datetime(2026, 11, 21, tzinfo=UTC), datetime(2026, 11, 21)), False),  # noqa: DTZ001  # likewise
    ],
)
def test_a_time_of_a_configuration_has_an_offset(
    created: tuple[datetime | None, ...], *, counts: bool
) -> None:
    made = tuple(
        ImageConfiguration(manifest=DIGEST, platform=Platform("linux", "amd64"), created=at)
        for at in created
    )
    seen = replace(SEEN, configurations=made)
    if counts:
        assert read_record(write_record(HEAD, [seen])).images == {NAME: seen}
        return
    with pytest.raises(MalformedRecord) as refused:
        read_record(write_record(HEAD, [seen]))
    assert str(refused.value) == f"a time in the configuration of {NAME} has no offset"


def test_a_record_does_not_spell_out_what_was_not_there() -> None:
    image = json.loads(WRITTEN.split(b"\n")[1])
    assert image.keys() == {"name", "image", "attached"}
