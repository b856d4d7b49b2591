"""Fields that are set in a text: what is added, and that nothing else is changed."""

from __future__ import annotations

import pytest

from gate.documents import read_yaml
from gate.documents.field_edits import Setting
from gate.documents.set_fields import set_fields, with_fields
from gate.model.document import Path

Value = bool | str | tuple[str, ...]


def patched(text: str, *settings: tuple[Path, Value]) -> str:
    """Set the fields, demand that all are set, and that the text means just that."""
    (document,) = read_yaml(text.encode(), "a.yaml")
    mark = document.marks[0]
    wanted = [Setting((mark >> 32, mark & 0xFFFFFFFF), path, value) for path, value in settings]
    result = set_fields(text, wanted)
    assert result.refused == ()
    (after,) = read_yaml(result.text.encode(), "a.yaml")
    assert after.value == with_fields(document.value, wanted)
    return result.text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("z: 1\na: 2 # why\n# next\n", "z: 1\na: 2 # why\nc:\n  b: true\n# next\n"),
        ("z: 1\na: 2", "z: 1\na: 2\nc:\n  b: true"),
        ("z: 1\r\na: 2\r\n", "z: 1\r\na: 2\r\nc:\r\n  b: true\r\n"),
        ("a: 1\nd: 2\n", "a: 1\nc:\n  b: true\nd: 2\n"),
        ("d: 1\ne: 2\n", "c:\n  b: true\nd: 1\ne: 2\n"),
        ("z: 1\na: |\n  x\n\n", "z: 1\nc:\n  b: true\na: |\n  x\n\n"),
        ("z: |+\n  x\n\n", "c:\n  b: true\nz: |+\n  x\n\n"),
        ("z:\n    x: 1\nc:\n    a: 2\n", "z:\n    x: 1\nc:\n    a: 2\n    b: true\n"),
        ("z: 1\nc: {}\n", "z: 1\nc:\n  b: true\n"),
        ("z: 1\nc:   # later\na: 2\n", "z: 1\nc:   # later\n  b: true\na: 2\n"),
        ("z: 1\nc: null # later\n", "z: 1\nc: # later\n  b: true\n"),
        ("z: 1\nc: &x {}\n", "z: 1\nc: &x {b: true}\n"),
        ("z: 1\nc: {a: 1, }\n", "z: 1\nc: {a: 1, b: true, }\n"),
        ("z: 1\nc: {\n  }\n", "z: 1\nc: {b: true\n  }\n"),
        ("z: 1\nc: {b: false} # no\n", "z: 1\nc: {b: true} # no\n"),
        ("c:\n  b: false # no\n", "c:\n  b: true # no\n"),
        ('{"z": 1, "a": 2}', '{"z": 1, "a": 2, "c": {"b": true}}'),
        ('{"z": 1, "c": null}', '{"z": 1, "c": {"b": true}}'),
        ('{\n\t"z": {\n\t}\n}\n', '{\n\t"c": {\n\t\t"b": true\n\t},\n\t"z": {\n\t}\n}\n'),
        (
            '{\n  "z": 1,\n  "a": "é"\n}\n',
            '{\n  "z": 1,\n  "a": "é",\n  "c": {\n    "b": true\n  }\n}\n',
        ),
        ("\ufeffz: 1\na: é\n", "\ufeffz: 1\na: é\nc:\n  b: true\n"),
        ("z: 1\nx: 2\n", "z: 1\nx: 2\nc:\n  b: true\n"),
        ("a: |\n  x\n", "c:\n  b: true\na: |\n  x\n"),
        (
            "a: 1\nb: |\r\n  x\r\nd: 2\n",
            "a: 1\nb: |\r\n  x\r\nc:\r\n  b: true\r\nd: 2\n",
        ),
        ("a: 1\nb: |\n  x\nd: 2\n", "a: 1\nb: |\n  x\nc:\n  b: true\nd: 2\n"),
        ("z: 1\r\na: 2", "z: 1\r\na: 2\r\nc:\r\n  b: true"),
        ("'<<': 1\na: 1\n", "'<<': 1\na: 1\nc:\n  b: true\n"),
        ("c:\n  '<<': 1\n", "c:\n  '<<': 1\n  b: true\n"),
        ("z: 1\t# why\n", "c:\n  b: true\nz: 1\t# why\n"),
        ("x: 1\na: 2\t# why\n", "x: 1\na: 2\t# why\nc:\n  b: true\n"),
        ("z: 1\nc: NULL\n", "z: 1\nc:\n  b: true\n"),
        ("z: 1\nc: Null\n", "z: 1\nc:\n  b: true\n"),
        ("z: 1\nc: ~\n", "z: 1\nc:\n  b: true\n"),
        ("z: 1\n? c\n: null\n", "z: 1\n? c\n: {b: true}\n"),
        # an empty value in braces
        ("{}\n", "{c: {b: true}}\n"),
        ("{z: 1, c: }\n", "{z: 1, c:  {b: true}}\n"),
        ("{z: 1, c: ~}\n", "{z: 1, c: {b: true}}\n"),
        ('{"c": {}}', '{"c": {"b": true}}'),
        ("c: {b: }\n", "c: {b:  true}\n"),
        ("c:\n  b:\nz: 1\n", "c:\n  b: true\nz: 1\n"),
        ("c:\n  b: ~ # no\n", "c:\n  b: true # no\n"),
        # entries in braces, some on lines of their own
        ('{\n  "a": 1}\n', '{\n  "a": 1, "c": {"b": true}}\n'),
        (
            '{"z": 1,\n "y": 2, "a": 3\n}\n',
            '{"z": 1,\n "y": 2, "a": 3, "c": {"b": true}\n}\n',
        ),
        ('{"z": 1\n}\n', '{"c": {"b": true}, "z": 1\n}\n'),
        ('{\n"a": 1\n}\n', '{\n"a": 1,\n"c": {\n  "b": true\n}\n}\n'),
        (
            '{\r\n  "a": 1\r\n}\r\n',
            '{\r\n  "a": 1,\r\n  "c": {\r\n    "b": true\r\n  }\r\n}\r\n',
        ),
        (
            '{\n\t"c": {\n\t\t"a": 1\n\t}\n}\n',
            '{\n\t"c": {\n\t\t"a": 1,\n\t\t"b": true\n\t}\n}\n',
        ),
    ],
)
def test_a_field_is_set_as_its_neighbours_are_written(before: str, after: str) -> None:
    assert patched(before, (("c", "b"), True)) == after


def test_entries_of_one_mapping_are_added_together_and_sorted() -> None:
    settings = ((("c", "d", "e"), ("X",)), (("c", "b"), True), (("f",), "G"))
    assert patched("z: 1\na: 2\n", *settings) == (
        "z: 1\na: 2\nc:\n  b: true\n  d:\n    e: [X]\nf: G\n"
    )


@pytest.mark.parametrize(
    ("before", "path", "after"),
    [
        ("c:\n    a: 2\n", ("c",), "c:\n    a: 2\n    d:\n        e: true\n"),
        ("c:\n a: 2\n", ("c",), "c:\n a: 2\n d:\n  e: true\n"),
        (
            "s:\n   c:\n      a: 2\n",
            ("s", "c"),
            "s:\n   c:\n      a: 2\n      d:\n         e: true\n",
        ),
        (
            "c: &long\n  a:\n    b: 1\n",
            ("c", "a"),
            "c: &long\n  a:\n    b: 1\n    d:\n     e: true\n",
        ),
        (
            "c: {\n   a: {\n      b: 1\n   }\n}\n",
            ("c", "a"),
            "c: {\n   a: {\n      b: 1,\n      d: {\n         e: true\n      }\n   }\n}\n",
        ),
        ("c:\n    a: {}\n", ("c", "a"), "c:\n    a:\n        d:\n            e: true\n"),
        ("c:\n    a:\n", ("c", "a"), "c:\n    a:\n        d:\n            e: true\n"),
        ("c: [{}]\n", ("c", 0), "c: [{d: {e: true}}]\n"),
        ("c:\n- a: 1\n", ("c", 0), "c:\n- a: 1\n  d:\n    e: true\n"),
        ("c: [{a: }]\n", ("c", 0, "a"), "c: [{a:  {d: {e: true}}}]\n"),
    ],
)
def test_what_is_added_is_indented_as_what_is_there(before: str, path: Path, after: str) -> None:
    assert patched(before, ((*path, "d", "e"), True)) == after


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        ("c: x # why\n", "W", "c: W # why\n"),
        ("c: 'x'\n", "Y", "c: 'Y'\n"),
        ('c: "x"\n', "Y", 'c: "Y"\n'),
        ("c: 'x'\n", True, "c: true\n"),
        ("c: 1\n", ("X", "W"), "c: [X, W]\n"),
        ("c:\n", "W", "c: W\n"),
        ("c:\n", ("X",), "c: [X]\n"),
        ('{"c": "x"}', "Y", '{"c": "Y"}'),
        ('{"c": "x"}', ("X", "Y"), '{"c": ["X", "Y"]}'),
        ('{"c": null}', "Y", '{"c": "Y"}'),
        ('{"c": null}', ("X",), '{"c": ["X"]}'),
        ('{"c": 1}', False, '{"c": false}'),
    ],
)
def test_a_value_is_replaced_as_its_file_is_written(before: str, value: Value, after: str) -> None:
    assert patched(before, (("c",), value)) == after


def test_what_is_added_at_one_line_is_nested_as_it_was_meant() -> None:
    text = "spec:\n  z:\n  - name: a\n    drop:\n    - X\n"
    settings = (
        (("spec", "z", 0, "drop", 1), "ALL"),
        (("spec", "z", 0, "safe"), True),
        (("spec", "zz"), True),
    )
    added = "    - ALL\n    safe: true\n  zz: true\n"
    assert patched(text, *settings) == text + added


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("d: [A, 'B']\n", "d: [A, 'B', 'ALL']\n"),
        ("d: [ ]\n", "d: [ALL ]\n"),
        ("d:\n- A # why\n", "d:\n- A # why\n- ALL\n"),
        ("d:\r\n  - A", "d:\r\n  - A\r\n  - ALL"),
        ('{"d": []}', '{"d": ["ALL"]}'),
        ('{"d": ["A"]}', '{"d": ["A", "ALL"]}'),
    ],
)
def test_an_item_is_added_behind_the_last_one(before: str, after: str) -> None:
    (document,) = read_yaml(before.encode(), "a.yaml")
    assert patched(before, (("d", len(document.value["d"])), "ALL")) == after


def test_an_item_takes_the_place_of_another() -> None:
    assert patched("d: [A, 'B', C]\n", (("d", 1), "X")) == "d: [A, 'X', C]\n"


ELSE = "something else is written there"
NO_WORDS = "the list has other things than words"


@pytest.mark.parametrize(
    ("text", "path", "why"),
    [
        ("x: &x {a: 1}\nc: *x\n", ("c", "b"), "an alias (*) is written there"),
        ("c: &x {a: 1}\nd: *x\n", ("c", "b"), "an alias repeats it elsewhere (&x)"),
        (
            "x: &x {a: 1}\nc:\n  <<: *x\n",
            ("c", "b"),
            "a merge key (<<) completes the mapping",
        ),
        ("x: &x {a: 1}\nc: *x\n", ("c",), "an alias (*) is written there"),
        ("c: &x 1\nd: *x\n", ("c",), "an alias repeats it elsewhere (&x)"),
        ("c: &x [A]\nd: *x\n", ("c", 1), "an alias repeats it elsewhere (&x)"),
        ("c: &x\nd: *x\n", ("c", "b"), "an alias repeats it elsewhere (&x)"),
        ("c: &x\n", ("c", "b"), "an anchor or a tag is on the empty value"),
        ("c: !!null\n", ("c", "b"), "an anchor or a tag is on the empty value"),
        ("c: text\n", ("c", "b"), ELSE),
        ("c: ''\n", ("c", "b"), ELSE),
        ("c: |\n\nd: 1\n", ("c", "b"), ELSE),
        ("c: [~]\n", ("c", 0, "b"), ELSE),
        ("c:\n  a: 1\n", ("c", 0), ELSE),
        ("c: text\n", ("c", 0), ELSE),
        ("c: [1]\n", ("c", 2), ELSE),
        ("c: [1]\n", ("c", "b"), ELSE),
        ("c: {b: 1}\n", ("c",), ELSE),
        ("c: [1]\n", ("c",), ELSE),
        ("c: |\n  x\n", ("c",), ELSE),
        ("c: >-\n  x\n", ("c",), ELSE),
        ("c: !!map {b: 1}\nd: !!str x\n", ("d",), ELSE),
        ("c: &x y\n", ("c",), ELSE),
        ("c: [A, {b: 1}]\n", ("c", 2), NO_WORDS),
        ("c:\n- |\n  A\n", ("c", 1), NO_WORDS),
        ("c: &x\n- A\n", ("c", 1), NO_WORDS),
        ("c: !!seq\n- A\n", ("c", 1), NO_WORDS),
        # a line that ends with CR alone is one to some readers only
        ("a: 1\rb: 2\r", ("c",), "more is written in the same line"),
    ],
)
def test_what_would_change_more_than_the_field_is_left_alone(
    text: str, path: Path, why: str
) -> None:
    setting = Setting((0, 0), path, True)  # noqa: FBT003  # the value that is set
    result = set_fields(text, [setting])
    assert (result.text, result.refused) == (text, ((setting, why),))


def test_every_field_of_an_empty_value_that_cannot_be_filled_is_left_out() -> None:
    wanted = [Setting((0, 0), ("c", name), True) for name in "ab"]  # noqa: FBT003  # the value that is set
    why = "an anchor or a tag is on the empty value"
    assert set_fields("c: &x\n", wanted).refused == tuple((one, why) for one in wanted)


def test_a_key_that_is_no_text_is_another_key() -> None:
    setting = Setting((0, 0), ("c",), True)  # noqa: FBT003  # the value that is set
    assert set_fields("{[a]: 1}", [setting]).text == "{[a]: 1, c: true}"
    assert set_fields("{[a]: {b: 1}}", [setting]).refused == ()


def test_an_anchor_that_no_alias_repeats_is_no_obstacle() -> None:
    assert (
        patched("z: 1\nc: &x\n  a: 1\n", (("c", "b"), True)) == "z: 1\nc: &x\n  a: 1\n  b: true\n"
    )


def test_json_texts_in_a_row_are_left_alone() -> None:
    text = '{"a": 1}\n{"c": {}}\n'
    setting = Setting((1, 0), ("c", "b"), True)  # noqa: FBT003  # the value that is set
    result = set_fields(text, [setting])
    assert result.text == text
    assert [why for _, why in result.refused] == ["the text is not one that YAML knows"]


@pytest.mark.parametrize("root", [(9, 0), (1, 2), (0, 3)])
def test_a_document_that_begins_elsewhere_is_left_alone(root: tuple[int, int]) -> None:
    text = "z:\n  c: {}\n"
    setting = Setting(root, ("c",), True)  # noqa: FBT003  # the value that is set
    result = set_fields(text, [setting])
    assert result.text == text
    assert result.refused == ((setting, "the document does not begin where it was read"),)


def test_only_the_document_that_is_meant_is_changed() -> None:
    text = "z: 1\n---\nz: 2\n---\nz: 3\n"
    result = set_fields(text, [Setting((2, 0), ("zz",), True)])  # noqa: FBT003  # the value that is set
    assert result.text == "z: 1\n---\nz: 2\nzz: true\n---\nz: 3\n"
