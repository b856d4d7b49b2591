"""Patterns of a policy as expressions mean the same, for names that are written in full."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.export.names import allowed_expression, image_expression
from gate.model.image import ImageReference
from gate.policy.match import AllowedRegistry, ImagePattern

HOSTS = st.sampled_from(["ghcr.io", "localhost:5000", "a.b", "docker.io"])
PARTS = st.sampled_from(["acme", "acme-evil", "shop", "a.b", "library", "ng"])
ENDS = st.sampled_from(["", ":1.0", f"@sha256:{'a' * 64}", f":1@sha256:{'b' * 64}"])
names = st.builds(
    lambda host, parts, end: f"{host}/{'/'.join(parts)}{end}",
    HOSTS,
    st.lists(PARTS, min_size=1, max_size=4),
    ENDS,
)
segments = st.one_of(PARTS, st.sampled_from(["*", "**", "ac*", "*e", "s*p", "a*e*l"]))
patterns = st.builds(
    lambda head, rest: "/".join([head, *rest]),
    st.one_of(HOSTS, st.sampled_from(["**", "*", "*.io", "l*", "*0"])),
    st.lists(segments, min_size=1, max_size=4),
)


def parsed(text: str) -> ImagePattern | None:
    try:
        return ImagePattern(text)
    except ValueError:
        return None


@given(patterns | st.just("**"), names)
def test_a_pattern_matches_the_names_that_its_expression_matches(pattern: str, name: str) -> None:
    read = parsed(pattern)
    reference = ImageReference.parse(name)
    if read is None or not name.startswith(reference.name):
        return  # no pattern, or a name of Docker Hub that is not written in full
    assert bool(re.search(image_expression(pattern), name)) == read.matches(reference)


@given(st.builds(lambda h, p: "/".join([h, *p]), HOSTS, st.lists(PARTS, max_size=2)), names)
def test_an_allowed_registry_allows_the_images_that_its_expression_matches(
    allowed: str, name: str
) -> None:
    reference = ImageReference.parse(name)
    if not name.startswith(reference.name):
        return
    found = bool(re.search(allowed_expression(allowed), name))
    assert found == AllowedRegistry(allowed).allows(reference)


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("**/*/acme", "localhost:5000/acme"),
        ("**/l*0/acme", "localhost:5000/acme"),
        ("*/acme", "localhost:5000/acme"),
        ("**/**/l*0/acme", "localhost:5000/acme"),
    ],
)
def test_a_star_for_a_host_matches_its_port_too(pattern: str, name: str) -> None:
    assert ImagePattern(pattern).matches(ImageReference.parse(name))
    assert re.search(image_expression(pattern), name)
    assert re.search(image_expression(pattern), f"{name}:5000/acme") is None
