"""How a policy names images."""

from __future__ import annotations

import pytest

from gate.model.image import ImageReference
from gate.policy.glob import covers, spans
from gate.policy.match import AllowedRegistry, ImagePattern


def matches(pattern: str, name: str) -> bool:
    return ImagePattern(pattern).matches(ImageReference.parse(name))


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("ghcr.io/acme/shop", "ghcr.io/acme/shop:1.0"),
        ("ghcr.io/acme/*", "ghcr.io/acme/shop"),
        ("ghcr.io/acme/sh*", "ghcr.io/acme/shop"),
        ("ghcr.io/acme/s*o*", "ghcr.io/acme/shop"),
        ("ghcr.io/acme/**", "ghcr.io/acme/shop"),
        ("ghcr.io/acme/**", "ghcr.io/acme/team/shop"),
        ("ghcr.io/**/shop", "ghcr.io/acme/team/shop"),
        ("ghcr.io/**/shop", "ghcr.io/shop"),
        ("**", "nginx"),
        ("docker.io/library/nginx", "nginx"),
        ("docker.io/library/*", "docker.io/nginx:1"),
        ("*.example.com/shop", "eu.example.com/shop"),
        ("localhost:5000/**", "localhost:5000/shop"),
    ],
)
def test_a_pattern_matches_the_canonical_name(pattern: str, name: str) -> None:
    assert matches(pattern, name)


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("ghcr.io/acme/*", "ghcr.io/acme/team/shop"),
        ("ghcr.io/acme/**", "ghcr.io/acme-evil/shop"),
        ("ghcr.io/acme/**", "ghcr.io/acme"),
        ("ghcr.io/acme/shop", "ghcr.io/acme/shop-evil"),
        ("ghcr.io/acme/shop", "ghcr.io/acme/shop/evil"),
        ("ghcr.io/acme/shop", "evil.example/ghcr.io/acme/shop"),
        ("*.example.com/org/*", "attacker.test/x.example.com/org/evil"),
        ("ghcr.io/acme/a*a", "ghcr.io/acme/a"),
        ("ghcr.io/acme/*ab*ba*", "ghcr.io/acme/aba"),
        ("ghcr.io/**/a/b/**/b/a/**", "ghcr.io/a/b/a/y"),
    ],
)
def test_r060_r061_a_wildcard_stays_in_its_segment(pattern: str, name: str) -> None:
    assert not matches(pattern, name)


@pytest.mark.parametrize(
    "text",
    ["", "ghcr.io", "ghcr.io/", "GHCR.io/acme/*", "ghcr.io/acme/sh[ao]p", "ghcr.io/acme/shop:1",
     "ghcr.io/acme/shop@sha256:0", "ghcr.io/a**/x", "acme/shop", "nginx", "ghcr.io/acme//shop",
     "https://ghcr.io/acme", "ghcr.io/acme/shop\n", "ghcr.io/acme/.*", "g\u212ahcr.io/x"],
)  # fmt: skip
def test_r058_r070_a_pattern_that_no_name_can_match_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="."):
        ImagePattern(text)


@pytest.mark.parametrize(
    ("wide", "narrow", "shadows"),
    [
        ("**", "ghcr.io/acme/*", True),
        ("ghcr.io/**", "ghcr.io/acme/shop", True),
        ("ghcr.io/acme/*", "ghcr.io/acme/sh*", True),
        ("ghcr.io/acme/*", "ghcr.io/acme/**", False),
        ("ghcr.io/acme/sh*", "ghcr.io/acme/*", False),
        ("ghcr.io/acme/shop", "ghcr.io/acme/shop", True),
        ("ghcr.io/**/shop", "ghcr.io/acme/**", False),
    ],
)
def test_an_entry_is_known_to_be_shadowed_by_a_wider_one(
    wide: str, narrow: str, *, shadows: bool
) -> None:
    assert ImagePattern(wide).covers(ImagePattern(narrow)) is shadows


@pytest.mark.parametrize("name", ["ghcr.io/acme/shop", "ghcr.io/acme/a/b:1", "ghcr.io/acme"])
def test_an_allowed_registry_allows_what_lies_below_it(name: str) -> None:
    assert AllowedRegistry("ghcr.io/acme").allows(ImageReference.parse(name))


@pytest.mark.parametrize(
    ("allowed", "name"),
    [
        ("ghcr.io/acme", "ghcr.io/acme-evil/shop"),
        ("docker.io", "docker.io.evil.com/x"),
        ("docker.io", "evil.com/docker.io/x"),
        ("ghcr.io/acme", "docker.io/ghcr.io/acme"),
        ("ghcr.io", "ghcr.io:8443/acme/shop"),
    ],
)
def test_r062_a_look_alike_of_an_allowed_registry_is_not_allowed(allowed: str, name: str) -> None:
    assert not AllowedRegistry(allowed).allows(ImageReference.parse(name))


@pytest.mark.parametrize(
    "text",
    ["", "*", "ghcr.io/*", "https://ghcr.io", "ghcr.io/", "index.docker.io", "acme", "GHCR.IO"],
)
def test_an_allowed_registry_is_a_canonical_prefix(text: str) -> None:
    with pytest.raises(ValueError, match="."):
        AllowedRegistry(text)


@pytest.mark.parametrize(
    "odd",
    ["\u212a", "\u017f", "\uff4b", "\u3002", "\u200b", "\u202e", "\u0430", "\u0131", "k\u0301"],
)
def test_r063_a_letter_that_only_looks_or_folds_like_another_is_refused(odd: str) -> None:
    for text in (f"gh{odd}cr.io/acme/shop", f"ghcr.io/ac{odd}me/shop", f"ghcr.io/acme/{odd}"):
        with pytest.raises(ValueError, match="."):
            ImageReference.parse(text)
        with pytest.raises(ValueError, match="."):
            ImagePattern(text)
        with pytest.raises(ValueError, match="."):
            AllowedRegistry(text)


def test_r287_no_pattern_takes_longer_than_its_length_times_the_name_s() -> None:
    """What grows with the power of either length would take years."""
    name = "ghcr.io/" + "a/" * 60 + "c"
    assert not spans("ghcr.io/" + "**/a/" * 30 + "b", name)
    assert spans("ghcr.io/" + "**/a/" * 30 + "c", name)
    assert not spans("ghcr.io/" + "**/" * 40 + "b", name)
    assert not spans("ghcr.io/" + "a*" * 100 + "b", "ghcr.io/" + "a" * 200)
    assert not covers("ghcr.io/" + "**/a/" * 30 + "**", "ghcr.io/" + "**/b/" * 30 + "**")


@pytest.mark.parametrize(
    "text",
    [
        "ghcr.io/a" + ".*" * 40 + "!",
        "ghcr.io/a" + ".*" * 500_000 + "!",
        "ghcr.io/a" + "._" * 500_000 + "!",
        "ghcr.io/a" + "-" * 1_000_000,
        "ghcr.io/" + "**/" * 300_000 + "a",
        "a" * 1_000_000,
        "a." * 500_000 + "/a",
    ],
    ids=lambda text: f"{text[:14]}-{len(text)}",
)
def test_a_pattern_of_any_make_is_refused_at_once(text: str) -> None:
    for kind in (ImagePattern, AllowedRegistry):
        with pytest.raises(ValueError, match="."):
            kind(text)


@pytest.mark.parametrize(
    ("text", "slip"),
    [
        ("ghcr.io/acme/shop:1.0", "it has a tag, .*: write ghcr.io/acme/shop$"),
        ("ghcr.io/acme/*:1.0", r"it has a tag, .*: write ghcr.io/acme/\*$"),
        ("ghcr.io/acme/shop@sha256:0", "it has a digest, .*: write ghcr.io/acme/shop$"),
        ("https://ghcr.io/acme/**", r"it begins with a scheme: write ghcr.io/acme/\*\*$"),
        ("ghcr.io/acme/", r"it ends with '/': write ghcr.io/acme/\*\* for all"),
        ("ghcr.io/Acme/**", r"it has a capital letter: write ghcr.io/acme/\*\*$"),
        ("ghcr.io/acme/shop ", "it has a space in it$"),
        ("ghcr.io/acme/sh?p", "is no path segment"),
        ("ghcr.io:443", r"names a registry only: write ghcr.io:443/\*\* for all"),
        ("", "no registry host"),
        ("/", "no registry host"),
    ],
)
def test_a_slip_in_a_pattern_is_named_with_what_to_write(text: str, slip: str) -> None:
    with pytest.raises(ValueError, match=slip):
        ImagePattern(text)


@pytest.mark.parametrize(
    ("text", "slip"),
    [
        ("ghcr.io/acme/", "it ends with '/': write ghcr.io/acme for all"),
        ("https://ghcr.io", "it begins with a scheme: write ghcr.io$"),
        ("ghcr.io/acme:1", "it has a tag, .*: write ghcr.io/acme$"),
        ("GHCR.io", "it has a capital letter: write ghcr.io$"),
        ("ghcr.io/acme/**", "takes no wildcard"),
    ],
)
def test_a_slip_in_an_allowed_registry_is_named_with_what_to_write(text: str, slip: str) -> None:
    with pytest.raises(ValueError, match=slip):
        AllowedRegistry(text)


@pytest.mark.parametrize("text", ["localhost:5000/acme/shop", "[::1]:5000/**", "**/shop"])
def test_a_port_of_a_registry_is_no_tag(text: str) -> None:
    assert ImagePattern(text).text == text


@pytest.mark.parametrize("text", ["localhost:5000", "ghcr.io:443", "ghcr.io:443/acme"])
def test_a_port_of_an_allowed_registry_is_no_tag(text: str) -> None:
    assert AllowedRegistry(text).text == text


def test_a_segment_that_only_just_does_not_fit_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="is no path segment"):
        ImagePattern("ghcr.io/a" + ".*" * 15 + "." * 900 + "!")


@pytest.mark.parametrize("text", ["gh**cr.io/acme/shop", "**.io/acme/shop", "**:5000/acme"])
def test_two_wildcards_are_a_whole_segment_and_never_a_part_of_a_host(text: str) -> None:
    with pytest.raises(ValueError, match="no registry host"):
        ImagePattern(text)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [("nginx/**", "docker.io/nginx/**"), ("acme/shop", "docker.io/acme/shop")],
)
def test_a_pattern_without_a_registry_is_refused_with_the_name_it_would_have(
    text: str, canonical: str
) -> None:
    with pytest.raises(ValueError, match="has no registry") as refused:
        ImagePattern(text)
    assert str(refused.value).endswith(f"as {canonical} does")


def test_a_registry_on_this_machine_needs_no_dot_in_its_name() -> None:
    assert matches("localhost/**", "localhost/shop")
    with pytest.raises(ValueError, match="has no registry"):
        ImagePattern("localhosts/**")


def test_an_allowed_registry_without_a_path_is_a_host() -> None:
    assert AllowedRegistry("localhost").allows(ImageReference.parse("localhost/shop"))
    with pytest.raises(ValueError, match=r"docker\.io/library/nginx"):
        AllowedRegistry("nginx")
