from __future__ import annotations

import pytest

from gate.packages.purl import Purl
from gate.packages.ranges import PackagePattern
from tests.builders.versions import ORDERED


def test_a_range_holds_between_its_bounds() -> None:
    pattern = PackagePattern.parse("pkg:npm/%40acme/shop@>=1.0.0,<2")
    inside = [v for v in ORDERED["npm"] if pattern.matches(Purl.parse(f"pkg:npm/%40acme/shop@{v}"))]
    assert inside == ["1.0.0", "1.0.1", "1.2.0", "1.10.0"]


@pytest.mark.parametrize(
    "text", ["shop", "pkg:npm", "pkg:npm/shop@<", "pkg:npm/shop@<1;2", "pkg:conan/zlib@<5", ""]
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


@pytest.mark.parametrize(
    ("pattern", "found", "why"),
    [
        ("pkg:npm/a@>=1.0.0-alpha,<1.0.0", "pkg:npm/a@1.0.0-canary.1", ""),
        ("pkg:npm/a@<1.0.0-beta", "pkg:npm/a@1.0.0-next.3", None),
        ("pkg:pypi/a@<2.0", "pkg:pypi/a@1%211.0", None),
        ("pkg:maven/o/a@<31.1", "pkg:maven/o/a@31.1-jre", None),
        ("pkg:rpm/fedora/a@<2.0", "pkg:rpm/fedora/a@1.0-1.fc40?epoch=1", None),
        ("pkg:rpm/fedora/a@<2.0", "pkg:rpm/fedora/a@2.0~rc1-1.fc40", ""),
        ("pkg:rpm/fedora/a@<=2.0", "pkg:rpm/fedora/a@2.0-1.fc40?epoch=0", ""),
        ("pkg:rpm/fedora/a@<1:2.0", "pkg:rpm/fedora/a@1:1.0-1.fc40?epoch=1", ""),
        ("pkg:apk/alpine/a@<1.2", "pkg:apk/alpine/a@1.2_rc1-r0", ""),
        (
            "pkg:golang/o.org/a@<1.2.4",
            "pkg:golang/o.org/a@v1.2.4-0.20230101000000-abcdef012345",
            "",
        ),
        ("pkg:npm/a@<2", "pkg:npm/b@1.0.0", None),
    ],
)
def test_a_range_means_what_the_packages_ecosystem_means_by_it(
    pattern: str, found: str, why: str | None
) -> None:
    assert PackagePattern.parse(pattern).why(Purl.parse(found)) == why


@pytest.mark.parametrize("version", ["", "@master", "@1.2.3.4", "@%28devel%29"])
def test_a_version_that_cannot_be_ordered_is_forbidden_and_the_reason_is_said(version: str) -> None:
    why = PackagePattern.parse("pkg:golang/o.org/a@>=1,<2").why(
        Purl.parse(f"pkg:golang/o.org/a{version}")
    )
    assert why is not None
    assert why.endswith("is not a version of Semantic Versioning, so it cannot be ordered")


@pytest.mark.parametrize(
    ("pattern", "found", "meant"),
    [
        ("pkg:pypi/a@1.0", "pkg:pypi/a@1.0.0", True),
        ("pkg:golang/o.org/a@1.2.3", "pkg:golang/o.org/a@v1.2.3", True),
        ("pkg:rpm/fedora/a@1:1.0-1", "pkg:rpm/fedora/a@1.0-1?epoch=1", True),
        ("pkg:npm/a@1.0.0", "pkg:npm/a@1.0.1", False),
        ("pkg:npm/a@master", "pkg:npm/a@master", True),
        ("pkg:npm/a@master", "pkg:npm/a@1.0.0", False),
        ("pkg:npm/a@1.0.0", "pkg:npm/a", True),
        ("pkg:npm/a@1.0.0", "pkg:npm/b", False),
        ("pkg:conan/a@1.0", "pkg:conan/a@1.0", True),
        ("pkg:conan/a@1.0", "pkg:conan/a@1.0.0", False),
        ("pkg:npm/a", "pkg:npm/a@anything", True),
    ],
)
def test_one_version_is_meant_in_every_spelling_that_is_equal(
    pattern: str, found: str, *, meant: bool
) -> None:
    assert PackagePattern.parse(pattern).matches(Purl.parse(found)) is meant
