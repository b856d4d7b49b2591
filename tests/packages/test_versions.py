from __future__ import annotations

from itertools import pairwise

import pytest

from gate.packages.versions import LONGEST, ORDERS, compare
from tests.builders.versions import ORDERED

EQUAL = [
    ("npm", "1.0", "1.0.0"),
    ("npm", "v1.2", "1.2"),
    ("npm", "1.0.0+build", "1.0.0"),
    ("golang", "v2.0.0+incompatible", "2.0.0"),
    ("pypi", "1.0", "1.0.0"),
    ("pypi", "1.0RC1", "1.0-c1"),
    ("deb", "1.0", "1.0-0"),
    ("deb", "0:1.0-1", "1.00-1"),
    ("rpm", "2.0", "2.0-1.fc40"),
    ("rpm", "1.0", "1_0"),
    ("apk", "1.2-r01", "1.2-r1"),
    ("maven", "1.0.0", "1"),
    ("maven", "1-ga", "1.Final"),
    ("maven", "1.rc1", "1-RC-1"),
    ("gem", "1.0", "1.0.0"),
    ("composer", "1.0RC1", "1.0rc1"),
    ("composer", "1.0-RC.1", "v1.0.0.0_rc1"),
    ("composer", "2.4.6-p1", "2.4.6-patch1"),
    ("composer", "1.0-stable", "1.0+build"),
    ("composer", "2024-01-31", "2024.01.31"),
]


@pytest.mark.parametrize(
    ("kind", "one", "next_"),
    [(kind, a, b) for kind, texts in ORDERED.items() for a, b in pairwise(texts)],
)
def test_versions_are_ordered_as_their_ecosystem_does(kind: str, one: str, next_: str) -> None:
    assert (compare(kind, one, next_), compare(kind, next_, one)) == (-1, 1)


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, texts in ORDERED.items() for text in texts]
)
def test_a_version_is_equal_to_itself(kind: str, text: str) -> None:
    assert compare(kind, text, text) == 0


@pytest.mark.parametrize(("kind", "one", "other"), EQUAL)
def test_spellings_of_one_version_are_equal(kind: str, one: str, other: str) -> None:
    assert compare(kind, one, other) == 0


@pytest.mark.parametrize("kind", ORDERS)
@pytest.mark.parametrize("text", ["", " ", "1 0", "\uff11.0", "1" * (LONGEST + 1), "1\n", "/", "."])
def test_a_text_that_is_no_version_is_refused(kind: str, text: str) -> None:
    with pytest.raises(ValueError, match="version"):
        compare(kind, text, "1")
    with pytest.raises(ValueError, match="version"):
        compare(kind, "1", text)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        *(("npm", t) for t in ("latest", "1.2.3.4", "01.2.3", "1.0.0-01", "1.0.0-", "1-rc", "^1")),
        *(("golang", t) for t in ("(devel)", "master", "v1.2.3-", "vv1")),
        *(("pypi", t) for t in ("1.0-x", "latest", "1.0.*")),
        *(("deb", t) for t in ("1.0-", "a:1", ":1", "1.0-1_2", "-1", "1:2:3")),
        *(("rpm", t) for t in ("1-2-3", "a:1", "1:", "-1")),
        *(("apk", t) for t in ("1.2_foo", "1.2-1", "1a.2", "1.2b1", "1.2~")),
        *(("maven", t) for t in ("[1,2)", "${v}", "-1")),
        *(
            ("composer", t)
            for t in ("dev-main", "1.x-dev", "1.0.0.0.1", "1.0-1", "1.0-foo", "1.0p1p")
        ),
    ],
)
def test_what_is_no_version_of_its_ecosystem_is_refused_with_its_name(kind: str, text: str) -> None:
    with pytest.raises(ValueError, match="is not a version of .*, so it cannot be ordered"):
        compare(kind, text, "1")


def test_a_version_of_the_greatest_length_is_ordered_at_once() -> None:
    for kind in set(ORDERS) - {"nuget", "composer", "gem", "pub"}:
        long = {"npm": "1.0.0-" + "a." * 124 + "a", "maven": "1a" * 128}.get(kind, "1" * LONGEST)
        assert compare(kind, long[:LONGEST], "0") == 1
