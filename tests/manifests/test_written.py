"""Where a digest goes, for each way in which an object writes an image."""

from __future__ import annotations

import pytest

from gate.errors import DocumentError
from gate.manifests.written import bound_value, pinned_field
from gate.model.kubernetes import ImageUse, ObjectName, Split
from gate.model.location import Location

HEX = "a" * 64
NAME = ObjectName("Broker", None, "a")
PINNED = f"example.org/x:1@sha256:{HEX}"
BOUND = f"example.org/x@sha256:{HEX}"


def _use(
    *, prefix: str = "", split: Split | None = None, fixed: bool = False, image: str = "x:1"
) -> ImageUse:
    place = Location("f", 1)
    return ImageUse(image, NAME, ("spec", "image"), place, None, prefix, split, fixed)


def test_a_text_takes_the_image_whole_and_keeps_what_is_before_it() -> None:
    assert pinned_field(_use(), PINNED) == (("spec", "image"), PINNED)
    assert pinned_field(_use(prefix="oci://"), PINNED) == (("spec", "image"), f"oci://{PINNED}")
    value = {"spec": {"image": "oci://example.org/x:1"}}
    assert bound_value(value, _use(prefix="oci://"), BOUND) == {"spec": {"image": f"oci://{BOUND}"}}


def test_a_tag_takes_the_digest_behind_it_and_counts_the_same_with_and_without() -> None:
    split = Split(("spec", "tag"), "1@")
    assert pinned_field(_use(split=split), PINNED) == (("spec", "tag"), f"1@sha256:{HEX}")
    plain = {"spec": {"image": "example.org/x", "tag": "1"}}
    pinned = {"spec": {"image": "example.org/x", "tag": f"1@sha256:{HEX}"}}
    bound = {"spec": {"image": BOUND, "tag": "1"}}
    assert bound_value(plain, _use(split=split), BOUND) == bound
    assert bound_value(pinned, _use(split=split), BOUND) == bound


def test_a_digest_field_takes_the_digest_and_counts_the_same_with_and_without() -> None:
    split = Split(("spec", "digest"))
    assert pinned_field(_use(split=split), PINNED) == (("spec", "digest"), f"sha256:{HEX}")
    plain = {"spec": {"image": "example.org/x", "tag": "1"}}
    pinned = {"spec": {"image": "example.org/x", "tag": "1", "digest": f"sha256:{HEX}"}}
    bound = {"spec": {"image": BOUND, "tag": "1"}}
    assert bound_value(plain, _use(split=split), BOUND) == bound
    assert bound_value(pinned, _use(split=split), BOUND) == bound


@pytest.mark.parametrize(
    "use", [_use(split=Split(None)), _use(fixed=True)], ids=["no-field", "inside-a-text"]
)
def test_where_nothing_can_be_written_the_place_is_said(use: ImageUse) -> None:
    with pytest.raises(DocumentError) as caught:
        pinned_field(use, PINNED)
    assert (caught.value.code, caught.value.location) == ("cannot-pin", Location("f", 1))


def test_the_parts_of_an_image_that_has_no_field_for_a_digest_stay_as_they_are() -> None:
    value = {"spec": {"image": "x", "registry": "example.org"}}
    bound = {"spec": {"image": BOUND, "registry": "example.org"}}
    assert bound_value(value, _use(split=Split(None)), BOUND) == bound


def test_a_field_inside_a_longer_text_counts_as_it_is_declared() -> None:
    value = {"spec": {"image": "kind: Pod"}}
    assert bound_value(value, _use(fixed=True), BOUND) is value


def test_the_value_itself_is_never_changed() -> None:
    value = {"spec": {"image": "example.org/x", "digest": f"sha256:{HEX}"}}
    bound_value(value, _use(split=Split(("spec", "digest"))), BOUND)
    assert value == {"spec": {"image": "example.org/x", "digest": f"sha256:{HEX}"}}
