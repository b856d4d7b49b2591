"""Fields by a path with wildcards, as a policy and the table write it."""

from __future__ import annotations

import pytest

from gate.manifests.positions.select import beside, select
from gate.model.kubernetes import field_path

VALUE = {
    "spec": {
        "pools": [{"image": "a", "tag": 1}, {"image": "b", "tags": [3, 4]}, "c"],
        "image": {"name": "d"},
        "a.b/c": {"d.e": 5},
        "more": [[6, 7], [8]],
    }
}


@pytest.mark.parametrize(
    ("pattern", "fields"),
    [
        ("", [""]),
        ("spec.image", ["spec.image"]),
        ("spec.image.name", ["spec.image.name"]),
        ("spec.image.name.more", []),
        ("spec.imag", []),
        ("spec.imagename", []),
        ("spec.image/name", []),
        ("spec.image.", []),
        ("spec", ["spec"]),
        ("pec", []),
        ("spec.pools[*].image", ["spec.pools[0].image", "spec.pools[1].image"]),
        ("spec.pools[1].image", ["spec.pools[1].image"]),
        ("spec.pools[2]", ["spec.pools[2]"]),
        ("spec.pools[3]", []),
        ("spec.pools[x]", []),
        ("spec.pools.image", []),
        ("spec.pools[*].tags[*]", ["spec.pools[1].tags[0]", "spec.pools[1].tags[1]"]),
        ("spec.more[*][0]", ["spec.more[0][0]", "spec.more[1][0]"]),
        ("spec.*.name", ["spec.image.name"]),
        ("*.image", ["spec.image"]),
        ("spec.a.b/c.d.e", ["spec.a.b/c.d.e"]),
        ("spec.a.b/c.*", ["spec.a.b/c.d.e"]),
        ("spec.*[1][*]", ["spec.more[1][0]"]),
    ],
)
def test_a_pattern_names_fields(pattern: str, fields: list[str]) -> None:
    assert [field_path(path) for path in select(VALUE, pattern)] == fields


def test_a_field_beside_another_is_in_the_same_items_of_every_list() -> None:
    value = {"a": [{"b": [{"x": 1}, {"x": 2, "y": 3}]}, {"b": [{"x": 4, "y": 5}, {"y": 6}]}]}
    for path, found in (
        (("a", 0, "b", 1, "x"), ("a", 0, "b", 1, "y")),
        (("a", 1, "b", 0, "x"), ("a", 1, "b", 0, "y")),
        (("a", 0, "b", 0, "x"), None),
    ):
        assert beside(value, "a[*].b[*].y", path) == found
