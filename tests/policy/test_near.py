"""An image that no entry matches is told with the entry that it misses by little."""

from __future__ import annotations

import pytest

from gate.model.image import ImageReference
from gate.policy.match import ImagePattern
from gate.policy.near import NearMiss, near_miss


def near(image: str, *patterns: str) -> NearMiss | None:
    return near_miss(ImageReference.parse(image), [ImagePattern(text) for text in patterns])


@pytest.mark.parametrize(
    ("pattern", "image", "corrected"),
    [
        ("ghcr.io/acme", "ghcr.io/acme/shop:1.0", "ghcr.io/acme/**"),
        ("ghcr.io/acme", "ghcr.io/acme/team/shop", "ghcr.io/acme/**"),
        ("ghcr.io/acme/*", "ghcr.io/acme/team/shop", "ghcr.io/acme/**"),
        ("ghcr.io/acme/shop/**", "ghcr.io/acme/shop", "ghcr.io/acme/shop"),
        ("docker.io/nginx", "nginx:1", "docker.io/library/nginx"),
        ("index.docker.io/acme/shop", "docker.io/acme/shop", "docker.io/acme/shop"),
    ],
)
def test_a_pattern_that_misses_by_its_form_is_told_as_it_would_match(
    pattern: str, image: str, corrected: str
) -> None:
    assert near(image, "quay.io/other/**", pattern) == NearMiss(pattern, corrected)
    assert ImagePattern(corrected).matches(ImageReference.parse(image))


def test_a_pattern_that_is_spelt_alike_is_named_and_no_correction_is_invented() -> None:
    assert near("ghcr.io/acme/shop:1", "ghcr.io/acmee/**") == NearMiss("ghcr.io/acmee/**", None)


def test_a_pattern_for_something_else_is_not_named() -> None:
    assert near("ghcr.io/acme/shop:1", "quay.io/prometheus/**") is None


def test_of_a_long_policy_the_last_pattern_is_found_by_its_form() -> None:
    others = [f"quay.io/team{number}/**" for number in range(999)]
    assert near("ghcr.io/acme/shop", *others, "ghcr.io/acme") == NearMiss(
        "ghcr.io/acme", "ghcr.io/acme/**"
    )
