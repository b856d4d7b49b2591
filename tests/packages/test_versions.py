from __future__ import annotations

from itertools import pairwise

import pytest

from gate.packages.versions import Debian, Semantic
from tests.builders.versions import SEMANTIC

DEBIAN = ["0.9", "1.0~~", "1.0~rc1-1", "1.0-1", "1.0-1+b1", "1.0-2", "1.0a-1", "1.0.1-1", "1:0.1"]


@pytest.mark.parametrize(("one", "next_"), list(pairwise(SEMANTIC)))
def test_versions_are_ordered_as_semantic_versioning_does(one: str, next_: str) -> None:
    assert Semantic.parse(one) < Semantic.parse(next_)


@pytest.mark.parametrize(("one", "next_"), list(pairwise(DEBIAN)))
def test_versions_of_deb_packages_are_ordered_as_dpkg_does(one: str, next_: str) -> None:
    assert Debian.parse(one) < Debian.parse(next_)


@pytest.mark.parametrize(
    ("one", "other"),
    [("1.0", "1.0.0"), ("v1.2", "1.2"), ("1.0+build", "1.0"), ("1.0RC1", "1.0rc1")],
)
def test_spellings_of_one_version_are_equal(one: str, other: str) -> None:
    assert Semantic.parse(one) == Semantic.parse(other)


@pytest.mark.parametrize("text", ["", "latest", "1" * 200, "x1", "\uff11.0"])
def test_a_text_that_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="version"):
        Semantic.parse(text)
