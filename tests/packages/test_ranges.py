from __future__ import annotations

import pytest

from gate.packages.purl import Purl
from gate.packages.ranges import PackagePattern
from tests.builders.versions import SEMANTIC


def test_a_range_holds_between_its_bounds() -> None:
    pattern = PackagePattern.parse("pkg:npm/%40acme/shop@>=1.0.0,<2")
    inside = [v for v in SEMANTIC if pattern.matches(Purl.parse(f"pkg:npm/%40acme/shop@{v}"))]
    assert inside == ["1.0.0", "1.0.1", "1.2.0", "1.10.0"]


@pytest.mark.parametrize(
    "text", ["shop", "pkg:npm", "pkg:npm/shop@<", "pkg:npm/shop@<1;2", "pkg:rpm/bash@<5", ""]
)
def test_a_pattern_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        PackagePattern.parse(text)


@pytest.mark.parametrize(
    "text", ["pkg:npm/a@^1.2", "pkg:npm/a@~1", "pkg:npm/a@=1", "pkg:npm/a@1.*", "pkg:npm/a@1 || 2"]
)
def test_a_range_of_another_tools_is_refused_because_it_would_forbid_nothing(text: str) -> None:
    with pytest.raises(ValueError, match="is no version: name one, or write a range"):
        PackagePattern.parse(text)


def test_what_is_no_purl_is_told_how_one_begins() -> None:
    with pytest.raises(ValueError, match="begins with pkg: and a type"):
        PackagePattern.parse("log4j")
