"""Which part of a run an image falls to, and what all parts share."""

from __future__ import annotations

import pytest

from gate.model.image import Digest, ImageReference
from gate.pipeline.shard import MOST, Shard, plan_digest, shard_of

NAMES = [f"ghcr.io/acme/shop{number}:1.0" for number in range(6)]
DIGEST = Digest("a" * 64)


@pytest.mark.parametrize(
    ("text", "index", "of"), [("1/1", 1, 1), ("3/8", 3, 8), ("1000/1000", 1000, 1000)]
)
def test_a_part_is_read_as_it_is_written(text: str, index: int, of: int) -> None:
    shard = Shard.parse(text)
    assert (shard.index, shard.of, str(shard)) == (index, of, text)


@pytest.mark.parametrize(
    "text",
    [
        "0/1",
        "2/1",
        f"1/{MOST + 1}",
        "1",
        "1/2/3",
        "01/2",
        "1/02",
        "+1/2",
        "1/2\n",
        "\u0661/\u0662",
        "",
    ],
)
def test_what_is_no_part_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a shard"):
        Shard.parse(text)


def test_the_same_image_falls_to_the_same_part_on_every_machine() -> None:
    # Other numbers would be another way to share out the work: parts of two versions of gate
    # would leave images out.
    assert [shard_of(ImageReference.parse(name), 8) for name in NAMES] == [3, 2, 7, 2, 7, 6]
    pinned = ImageReference.parse(f"ghcr.io/acme/shop:1.0@{DIGEST}")
    assert [i for i in range(1, 9) if Shard(i, 8).holds(pinned)] == [shard_of(pinned, 8)]


def plan(*names: str) -> Digest:
    return plan_digest(
        policy=DIGEST,
        roots=[Digest(c * 64) for c in names],
        tool="1.0",
        of=3,
        images=[*names, *names],
        files={name: name.encode() for name in names},
        bundles=[name.encode() for name in names],
    )


def test_the_order_in_which_a_machine_finds_things_changes_no_plan() -> None:
    assert plan("a", "b") == plan("b", "a")
    assert plan("a", "b") != plan("a", "c")


def test_a_file_name_that_is_no_text_has_a_plan_of_its_own() -> None:
    plans = {
        plan_digest(
            policy=DIGEST, roots=[], tool="1", of=1, images=[], files={name: b""}, bundles=[]
        )
        for name in ("a", "\udcff", "\udcfe")
    }
    assert len(plans) == 3
