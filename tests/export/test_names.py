"""Patterns of a policy as expressions mean the same, for names that are written in full."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.export.names import allowed_expression, image_expression, spellings
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


WRITTEN = st.one_of(
    names,
    st.builds(
        lambda host, rest: f"{host}/{rest}",
        st.sampled_from(
            [
                *("GHCR.io", "ghcr.io:443", "ghcr.io:0443", "ghcr.io:05000", "ghcr.io:80"),
                *("localhost", "localhost:443", "Localhost:5000", "registry:443", "registry:5000"),
                *("docker.io", "docker.io:443", "index.docker.io", "index.docker.io:443"),
                *("index.docker.io:80", "acme", "my-acme", "[::1]:5000", "[0:0::1]:5000", "[::2]"),
            ]
        ),
        st.sampled_from(["nginx", "library/nginx", "acme/shop", "a/b/c:1", f"a@sha256:{'a' * 64}"]),
    ),
    st.sampled_from(
        ["nginx", "nginx:1.0", f"nginx@sha256:{'a' * 64}", f"nginx:1@sha256:{'a' * 64}"]
    ),
)


@given(WRITTEN)
def test_a_name_is_in_full_where_gate_writes_it_so(name: str) -> None:
    told = spellings(["[::1]:5000/**", "**"])
    assert told is not None
    full, other = told
    found = re.search(full, name) is not None and re.search(other, name) is None
    assert found is (str(ImageReference.parse(name)) == name and not name.startswith("[::2]"))


def test_a_policy_of_one_entry_takes_every_spelling() -> None:
    assert spellings(["**"]) is None
