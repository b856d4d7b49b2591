"""A manifest that must name its image by a digest."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gate.checks.digest import CHECK, DigestParams
from gate.model.image import ImageReference
from gate.model.verdict import Passed
from tests.checks.given import INDEX, NOW, codes, image

REQUIRED = DigestParams.model_validate("required")


def test_r022_a_tag_alone_is_not_enough() -> None:
    assert codes(CHECK.run(image(name="ghcr.io/acme/shop:1.0"), REQUIRED, NOW)) == [
        "digest-required"
    ]


@pytest.mark.parametrize("tag", ["", ":1.0"])
def test_r169_a_digest_is_enough_with_or_without_a_tag(tag: str) -> None:
    found = image()
    reference = ImageReference.parse(f"ghcr.io/acme/shop{tag}@{INDEX}")
    pinned = replace(found, image=replace(found.image, reference=reference))
    assert CHECK.run(pinned, REQUIRED, NOW) == Passed()


@pytest.mark.parametrize("value", ["optional", "", True, {"demand": "required"}, {}, None])
def test_r018_nothing_but_the_word_is_taken(value: object) -> None:
    with pytest.raises(ValueError, match="."):
        DigestParams.model_validate(value)
