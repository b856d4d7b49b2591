"""Equal documents are read once, and nobody can tell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yaml._yaml import CParser

from gate.documents import read_yaml
from gate.documents import yaml_once as once
from gate.documents.kept import Kept
from gate.documents.yaml_events import Builder
from gate.documents.yaml_once import build_once
from gate.documents.yaml_parse import build
from gate.errors import DocumentError
from gate.model.document import Document

LONG = "# " + "x" * 5000 + "\n"
"""Enough that a document counts as large."""
TEXTS = [
    *("", "# alone\n", "a: 1\n", "text\n", "- 1\n- [2, {b: 3}]\n", "a: é\nü: [1]\n"),
    *("a: &x {b: 1}\nc: *x\n", "a: *x\n", "a: &x 1\n<<: {b: 2}\nb: 3\n", "a: 1\na: 2\n"),
    *(
        "a: |\n  --- no\n   b\n",
        "a: |+\n\n\n",
        "a: 'q\n\n  x'\n",
        "a: 'open\n",
        "a: >\n",
        "a: [1,\n2]\n",
    ),
    *(
        "...\n",
        "a: 1\n...\n",
        "a: 1\n...\nb: 2\n",
        "a: {b:\n",
        "%YAML 1.1\n",
        "\t- x\n",
        "a: 1\r\n",
    ),
    *("!!str a\n", "a: !x b\n", "? a\n", "null\n", "{}\n", "@\n"),
]
PIECES = st.tuples(st.sampled_from(TEXTS), st.booleans(), st.sampled_from(["---\n", "--- # c\n"]))


def _whole(text: bytes, path: str) -> tuple[Document, ...] | tuple[str, str]:
    try:
        return build(text, path, {}, as_written=False)
    except DocumentError as error:
        return error.code, str(error)


@given(st.lists(PIECES, max_size=5), st.lists(PIECES, max_size=5), st.booleans())
def test_a_text_read_in_pieces_is_what_it_is_when_read_whole(
    first: list[tuple[str, bool, str]],
    second: list[tuple[str, bool, str]],
    begins: bool,  # noqa: FBT001  # a table of cases
) -> None:
    kept = Kept()
    for path, pieces in (("a", first), ("b", [*second, *first]), ("c", second)):
        text = "".join(sep + piece + LONG * large for piece, large, sep in pieces)
        data = (text if begins else text.removeprefix("---\n")).encode()
        found = build_once(data, path, kept)
        assert found in (None, _whole(data, path))


def test_a_document_that_another_file_has_too_is_read_once_and_has_its_own_places(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read = []

    class Counted(Builder):
        def documents(self, parser: CParser) -> tuple[Document, ...]:
            read.append(parser)
            return super().documents(parser)

    monkeypatch.setattr(once, "Builder", Counted)
    kept = Kept()
    shared = "kind: A\nspec:\n  b: [1, 2]\n" + LONG
    (one,) = read_yaml(shared.encode(), "one", kept=kept)
    small, two = read_yaml(f"c: 1\n---\n{shared}".encode(), "two", kept=kept)
    assert len(read) == 3
    small_again, three = read_yaml(f"c: 2\n---\n{shared}".encode(), "three", kept=kept)
    assert len(read) == 4
    assert three.value is two.value
    assert (small.value, small_again.value) == ({"c": 1}, {"c": 2})
    assert str(one.place("kind")) == "one:1:1"
    assert str(one.place("spec", "b", 1)) == "one:3:10"
    assert str(two.place("spec", "b", 1)) == "two:5:10"
    assert str(three.place("spec", "b", 1)) == "three:5:10"
    assert two.value == {"kind": "A", "spec": {"b": [1, 2]}}


def test_a_document_whose_keys_are_as_written_is_shared_with_nobody() -> None:
    data = f"a: [1]\n{LONG}".encode()
    kept = Kept()
    first, second, third = (
        read_yaml(data, "f", kept=kept, keys_as_written=as_written)[0].value
        for as_written in (False, True, True)
    )
    assert first == second == third
    assert second is not first
    assert third is not second
    assert read_yaml(data, "f", kept=kept)[0].value is first


def test_a_key_that_is_no_text_is_judged_in_a_large_document_as_in_a_small_one() -> None:
    data = f"a: 1\n---\n{LONG}1: b\n".encode()
    assert [found.value for found in read_yaml(data, "f", kept=Kept())] == [{"a": 1}, {"1": "b"}]
    with pytest.raises(DocumentError) as caught:
        read_yaml(f"a: 1\n---\n{LONG}on: b\n".encode(), "f", kept=Kept())
    assert (caught.value.code, str(caught.value.location)) == ("yaml-key", "f:4:1")


@pytest.mark.parametrize(
    ("name", "limit"), [("MAX_NODES", 5), ("MAX_DOCUMENTS", 1)], ids=["parts", "documents"]
)
def test_bounds_hold_for_the_whole_text_and_not_for_a_piece_alone(
    name: str, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = f"a: 1\n{LONG}---\nb: 2\n{LONG}".encode()
    found = build_once(data, "f", Kept())
    assert found is not None
    assert [document.value for document in found] == [{"a": 1}, {"b": 2}]
    monkeypatch.setattr(once, name, limit)
    assert build_once(data, "f", Kept()) is None
