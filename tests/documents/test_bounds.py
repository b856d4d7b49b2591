"""How much YAML is read: the last that is taken, and the first that is refused, at its place."""

from __future__ import annotations

import pytest

from gate.documents import MAX_BYTES, read_yaml, yaml_limits, yaml_text
from gate.errors import DocumentError


def read(text: str) -> list[object]:
    return [document.value for document in read_yaml(text.encode(), "f")]


def refused(text: str) -> tuple[str, str]:
    """Return the code and the place of the refusal."""
    with pytest.raises(DocumentError) as caught:
        read(text)
    return caught.value.code, str(caught.value.location)


def test_the_bounds_are_those_that_the_pages_name() -> None:
    assert MAX_BYTES == 16 * 1024 * 1024
    assert yaml_limits.MAX_DEPTH == 64
    assert yaml_limits.MAX_NODES == 1_000_000
    assert yaml_limits.MAX_DOCUMENTS == 5_000


def test_one_byte_more_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_text, "MAX_BYTES", 6)
    assert read("a: b\n ") == [{"a": "b"}]
    assert refused("a: b\n  ") == ("yaml-too-large", "f:1:1")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[" * 64 + "]" * 64, None),
        ("[" * 65 + "]" * 65, "f:1:65"),
        ("{a: " * 64 + "}" * 64, None),
        ("a:\n " + "- " * 64, "f:2:128"),
        ("a:\n " + "- " * 63, None),
    ],
)
def test_one_level_more_is_refused(text: str, place: str | None) -> None:
    if place is None:
        assert len(read(text)) == 1
    else:
        assert refused(text) == ("yaml-too-deep", place)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("x", 1),
        ("[x, y]", 3),
        ("{a: x}", 3),
        ("a: {b: x}\nc: [y]", 8),
        # an alias counts as what it repeats
        ("a: &i [x, y]\nb: *i", 9),
        ("a: &i x\nb: *i\nc: [*i, *i]", 9),
        ("a: &i {b: x}\nc: {<<: *i}", 10),
    ],
)
def test_one_part_more_is_refused(text: str, parts: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_limits, "MAX_NODES", parts)
    assert len(read(text)) == 1
    monkeypatch.setattr(yaml_limits, "MAX_NODES", parts - 1)
    assert refused(text)[0] == "yaml-too-many-nodes"


def test_parts_are_counted_over_all_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_limits, "MAX_NODES", 6)
    assert len(read("a: b\n---\nc: d\n")) == 2
    assert refused("a: b\n---\nc: d\n---\n- e\n") == ("yaml-too-many-nodes", "f:5:3")


@pytest.mark.parametrize("text", ["a: 1\n---\n- b\n---\nc\n---\n{}\n"])
def test_one_document_more_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_limits, "MAX_DOCUMENTS", 4)
    assert len(read(text)) == 4
    monkeypatch.setattr(yaml_limits, "MAX_DOCUMENTS", 3)
    assert refused(text) == ("yaml-too-many-documents", "f:6:1")


def test_one_json_object_more_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_text, "MAX_DOCUMENTS", 2)
    assert read('{"a": 1}\n {"b": 2}') == [{"a": 1}, {"b": 2}]
    assert refused('{"a": 1}\n {"b": 2}\n  {}') == ("yaml-too-many-documents", "f:3:3")


def test_documents_without_content_count_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_limits, "MAX_DOCUMENTS", 2)
    assert read("---\n---\na: 1\n---\n---\nb: 2\n") == [{"a": 1}, {"b": 2}]
