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
    ],
)
def test_a_field_is_set_as_its_neighbours_are_written(before: str, after: str) -> None:
    assert patched(before, (("c", "b"), True)) == after


def test_entries_of_one_mapping_are_added_together_and_sorted() -> None:
    settings = ((("c", "d", "e"), ("X",)), (("c", "b"), True), (("f",), "G"))
    assert patched("z: 1\na: 2\n", *settings) == (
        "z: 1\na: 2\nc:\n  b: true\n  d:\n    e: [X]\nf: G\n"
    )


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
    ],
)
def test_an_item_is_added_behind_the_last_one(before: str, after: str) -> None:
    (document,) = read_yaml(before.encode(), "a.yaml")
    assert patched(before, (("d", len(document.value["d"])), "ALL")) == after


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
        ("c: text\n", ("c", "b"), "something else is written there"),
        ("c: !!map {b: 1}\nd: !!str x\n", ("d",), "something else is written there"),
    ],
)
def test_what_would_change_more_than_the_field_is_left_alone(
    text: str, path: Path, why: str
) -> None:
    setting = Setting((0, 0), path, True)  # noqa: FBT003
    result = set_fields(text, [setting])
    assert (result.text, result.refused) == (text, ((setting, why),))


def test_an_anchor_that_no_alias_repeats_is_no_obstacle() -> None:
    assert (
        patched("z: 1\nc: &x\n  a: 1\n", (("c", "b"), True)) == "z: 1\nc: &x\n  a: 1\n  b: true\n"
    )


def test_json_texts_in_a_row_are_left_alone() -> None:
    text = '{"a": 1}\n{"c": {}}\n'
    setting = Setting((1, 0), ("c", "b"), True)  # noqa: FBT003
    result = set_fields(text, [setting])
    assert result.text == text
    assert [why for _, why in result.refused] == ["the text is not one that YAML knows"]


def test_only_the_document_that_is_meant_is_changed() -> None:
    text = "z: 1\n---\nz: 2\n---\nz: 3\n"
    result = set_fields(text, [Setting((2, 0), ("zz",), True)])  # noqa: FBT003
    assert result.text == "z: 1\n---\nz: 2\nzz: true\n---\nz: 3\n"
