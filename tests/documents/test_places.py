"""Every part of a document has a mark, also where aliases and merges bring it."""

from __future__ import annotations

from typing import Any

import pytest

from gate.documents import read_yaml
from gate.documents.kept import Kept
from gate.errors import DocumentError
from gate.model.document import Path


def places(text: str, *paths: Path) -> list[str]:
    (document,) = read_yaml(text.encode(), "f")
    return [str(document.place(*path)).removeprefix("f:") for path in paths]


BASE = "a: &x {b: [1, {c: 2}], d: 3}\n"


@pytest.mark.parametrize(
    ("text", "path", "place"),
    [
        # what an alias repeats, and what follows it
        ("e: [*x, 4]\n", ("e", 0), "2:5"),
        ("e: [*x, 4]\n", ("e", 0, "d"), "1:24"),
        ("e: [*x, 4]\n", ("e", 1), "2:9"),
        ("e: *x\nf: 4\n", ("e",), "2:1"),
        ("e: *x\nf: 4\n", ("e", "b", 1, "c"), "1:16"),
        ("e: *x\nf: 4\n", ("f",), "3:1"),
        # what a merge key brings, and what is beside it
        ("e: {<<: *x, f: 4}\n", ("e",), "2:1"),
        ("e: {<<: *x, f: 4}\n", ("e", "b", 1, "c"), "1:16"),
        ("e: {<<: *x, f: 4}\n", ("e", "d"), "1:24"),
        ("e: {<<: *x, f: 4}\n", ("e", "f"), "2:13"),
        ("e: {f: [4], <<: *x}\n", ("e", "f", 0), "2:9"),
        ("e: {f: [4], <<: *x}\n", ("e", "d"), "1:24"),
        ("e: {<<: *x, d: 4}\n", ("e", "d"), "2:13"),
        ("e: {<<: *x, d: 4}\n", ("e", "b", 0), "1:12"),
        ("e: {<<: {f: [4], g: 5}}\n", ("e", "f", 0), "2:14"),
        ("e: {<<: {f: [4], g: 5}}\n", ("e", "g"), "2:18"),
        ("e: {<<: [*x, {f: [4], g: 5}]}\n", ("e", "b", 1, "c"), "1:16"),
        ("e: {<<: [*x, {f: [4], g: 5}]}\n", ("e", "f", 0), "2:19"),
        ("e: {<<: [*x, {f: [4], g: 5}]}\n", ("e", "g"), "2:23"),
        ("e: {<<: [{d: 4}, *x]}\n", ("e", "d"), "2:11"),
        ("e: {<<: [{d: 4}, *x]}\n", ("e", "b", 0), "1:12"),
        ("e: {<<: *x}\nf: 4\n", ("f",), "3:1"),
        ("e: [{<<: *x}, 4]\n", ("e", 1), "2:15"),
        # what repeats a mapping that has a merge key
        ("e: &y {<<: *x, f: [4]}\ng: *y\n", ("g", "b", 1, "c"), "1:16"),
        ("e: &y {<<: *x, f: [4]}\ng: *y\n", ("g", "f", 0), "2:20"),
    ],
)
def test_a_place_leads_to_the_text_that_says_it(text: str, path: Path, place: str) -> None:
    assert places(BASE + text, path) == [place]


def test_a_part_of_a_text_in_several_lines_has_the_place_of_its_beginning() -> None:
    text = "é: {\n  ü: [ö, 'a\n    b', c]}\nd: |\n  x\ne: 1\n"
    wanted: list[Path] = [("é", "ü"), ("é", "ü", 1), ("é", "ü", 2), ("d",), ("e",)]
    assert places(text, *wanted) == ["2:3", "2:10", "3:9", "4:1", "6:1"]


@pytest.mark.parametrize(
    ("text", "place"),
    [("x\n", "1:1"), ("\n  x\n", "2:3"), ("---\n- x\n", "2:1"), ("# c\na: 1", "2:1")],
)
def test_a_document_has_the_place_of_its_root(text: str, place: str) -> None:
    assert places(text, ()) == [place]


def test_of_json_texts_each_has_its_own_places() -> None:
    first, second, third = read_yaml(b'\n{"a": [1]}\n {"b":\n2} {"c": 3}', "f")
    assert [str(first.place()), str(first.place("a", 0))] == ["f:2:1", "f:2:8"]
    assert [str(second.place()), str(second.place("b"))] == ["f:3:2", "f:3:3"]
    assert [str(third.place()), str(third.place("c"))] == ["f:4:4", "f:4:5"]


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("a: {<<: {b: 1}, b: 2, b: 3}", ("yaml-duplicate-key", "1:23")),
        ("a: {b: 1, <<: {b: 2}}", ("yaml-merge", "1:11")),
        ("a: {<<: {b: 1}, c: 2, <<: {d: 3}}", ("yaml-merge", "1:23")),
        ("a: {<<: [{b: 1}, 2]}", ("yaml-merge", "1:5")),
        ("a:\n  <<: x", ("yaml-merge", "2:3")),
        ('a: {<<: {"1": b}, "1": c}', ("yaml-merge", "1:19")),
        ('a: {<<: {".inf": b}, ".inf": c}', ("yaml-merge", "1:22")),
        ('a:\n  b: 1\n  <<: [{"on": b},\n {"on": c}]', ("yaml-merge", "3:3")),
        ("a: &x b\n*x : c", ("yaml-key", "2:1")),
        ("a: 1\n? [b]\n: c", ("yaml-key", "2:3")),
        ("a: 1\n? {b: c}\n: d", ("yaml-key", "2:3")),
        ("a:\n  - *x", ("yaml-alias", "2:5")),
        ("a: !!seq {b: 1}", ("yaml-tag", "1:4")),
        ("a: !!map [1]", ("yaml-tag", "1:4")),
        ("a: !mine {}", ("yaml-tag", "1:4")),
        ("a: !!set {b}", ("yaml-tag", "1:4")),
        ("a: !!int yes", ("yaml-tag", "1:4")),
        ("a: !!float yes", ("yaml-tag", "1:4")),
        ("a: !!bool 1", ("yaml-tag", "1:4")),
        ("a: !!null x", ("yaml-tag", "1:4")),
        ("a: !!float x", ("yaml-tag", "1:4")),
        ("a: !!bool yes x", ("yaml-tag", "1:4")),
        ("a: !!int 1.5", ("yaml-tag", "1:4")),
        ("a: !!int _1", ("yaml-tag", "1:4")),
        ("a: !!int 0b+0", ("yaml-tag", "1:4")),
        ("a: !!float .inf", ("yaml-tag", "1:4")),
    ],
)
def test_what_is_refused_is_refused_at_its_place(text: str, refusal: tuple[str, str]) -> None:
    with pytest.raises(DocumentError) as caught:
        read_yaml(text.encode(), "f")
    assert (caught.value.code, str(caught.value.location)) == (refusal[0], f"f:{refusal[1]}")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{<<: {b: 1}, b: 2}", {"b": 2}),
        ("{<<: {b: 1}, c: 2}", {"b": 1, "c": 2}),
        ("{<<: [{b: 1}, {b: 2}], c: 3}", {"b": 1, "c": 3}),
        ("{<<: []}", {}),
        ('{"<<": {b: 1}, c: 2}', {"<<": {"b": 1}, "c": 2}),
        ("{'<<': 1, \"<<x\": 2}", {"<<": 1, "<<x": 2}),
        ("{b: <<, c: [<<]}", {"b": "<<", "c": ["<<"]}),
        ("!!seq [1]", [1]),
        ("!!map {b: 1}", {"b": 1}),
        ("! {b: 1}", {"b": 1}),
        ("! [1]", [1]),
        ("!!bool yes", True),
        ("!!null ~", None),
        ("!!float 1", 1),
        ("!!float 1.5", 1.5),
        ("!!int 9007199254740993", 9007199254740993),
        ("!!str yes", "yes"),
    ],
)
def test_its_neighbours_are_read(text: str, value: object) -> None:
    (document,) = read_yaml(f"a: {text}\n".encode(), "f")
    found = document.value["a"]
    assert (found, type(found)) == (value, type(value))


def test_equal_texts_of_one_run_are_kept_once() -> None:
    def texts(value: dict[str, Any]) -> list[str]:
        return [*value, *value.values()]

    kept = Kept()
    text = "a key: plain text\nb key: 22:22 h\nc key: 'quoted text'\nd key: -x-\n"
    one, other = (read_yaml(text.encode(), path, kept=kept)[0].value for path in "ab")
    pairs = [(first is second) for first, second in zip(texts(one), texts(other), strict=True)]
    assert pairs == [True] * 8
