"""What libyaml says against a text is said in gate's words, at its place in the file."""

from __future__ import annotations

from typing import Any

import pytest
from yaml._yaml import CParser
from yaml.error import Mark, MarkedYAMLError, YAMLError

from gate.documents import read_yaml, yaml_parse
from gate.errors import DocumentError

CORRECT = "correct the file at this place"


def refused(text: str, *, keys_as_written: bool = False) -> tuple[str, str, str]:
    """Return the code, the place and the cause of a refusal."""
    with pytest.raises(DocumentError) as caught:
        read_yaml(text.encode(), "f", keys_as_written=keys_as_written)
    found = caught.value
    return found.code, str(found.location).removeprefix("f:"), found.problem


COLON = "no key can be before this ':': two keys are on one line, or the line above is a text"
START = "no value begins with this character"
KEY = "this line fits no key around it: it is indented in another way, or follows a text"
ITEM = "this line is no item of the list around it: it is indented in another way"
ESCAPE = "a text in double quotes has a backslash before a letter that makes no escape"


@pytest.mark.parametrize(
    ("text", "place", "problem"),
    [
        ("a: b: c\n", "1:5", COLON),
        ("a: 1\nb: @\n", "2:4", START),
        # what is not ended is told at the end of the text, not behind it
        ("a: 1\nb: [é\n", "2:6", "the list that begins with '[' is not closed"),
        ("a: 'é\n\n\n", "1:6", "the text that begins with a quote is not closed"),
        ('{"a": 1}\n {"b": @}', "2:8", START),
        ("a: {b: c\n", "1:9", "the mapping that begins with '{' is not closed"),
        ("a:\n  - b\n c: d\n", "3:2", KEY),
        ("a:\n  - b\n  c: d\n", "3:3", ITEM),
        ("a: b\nc\n", "2:2", "this line has no ':', and a key is expected here"),
        ("a: - b\n", "1:4", "an item of a list cannot begin here"),
        ("a: >b\n  c\n", "1:5", "text is on the line of | or >, where only a comment can be"),
        ("a: b\n---\n}\n", "3:1", "a value is missing here"),
        ("%YAML 3.0\n---\na: b\n", "1:1", "the line %YAML asks for a version that is not read"),
        ('a: "\\q"\n', "1:5", ESCAPE),
    ],
)
def test_a_fault_has_its_place_and_its_cause(text: str, place: str, problem: str) -> None:
    assert refused(text) == ("yaml-parse-error", place, problem)


TAB = "here is a tab, and YAML is indented with spaces"


@pytest.mark.parametrize(
    ("text", "place"),
    [("\ta: 1\n", "1:1"), ("é: 1\n\tb: 2\n", "2:1"), ("a:\n\t- b\n", "2:1"), ("a: é\n\t", "2:1")],
)
def test_a_tab_in_the_place_of_spaces_is_named(text: str, place: str) -> None:
    assert refused(text) == ("yaml-parse-error", place, TAB)
    with pytest.raises(DocumentError) as caught:
        read_yaml(text.encode(), "f")
    assert caught.value.remedy == "write spaces in place of the tab"


def test_a_fault_that_is_no_tab_has_another_remedy() -> None:
    with pytest.raises(DocumentError) as caught:
        read_yaml(b"a: @\t\n", "f")
    assert caught.value.remedy.startswith("put the value in quotes")


def test_a_merge_conflict_is_named_where_it_begins() -> None:
    text = "a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> other\n"
    found = refused(text)
    assert found == ("yaml-parse-error", "2:1", "here begins one side of a merge conflict")
    assert refused("a: |\n  x\n<<<<<<< HEAD\n") != found


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        *(("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"), ("utf-16-be", "UTF-16")),
        *(("utf-32", "UTF-32"), ("utf-32-le", "UTF-32"), ("utf-32-be", "UTF-32")),
    ],
)
def test_an_encoding_of_wide_characters_is_named_with_and_without_its_mark(
    encoding: str, named: str
) -> None:
    with pytest.raises(DocumentError) as caught:
        read_yaml("a: 1\n".encode(encoding), "f")
    assert (caught.value.code, caught.value.problem) == ("yaml-encoding", f"the file is {named}")


def fails(monkeypatch: pytest.MonkeyPatch, error: Exception, most: int = 0) -> None:
    """Let libyaml raise an error before its first event, for texts of more bytes than `most`."""

    class Parser:
        def __init__(self, data: bytes) -> None:
            self._parser: Any = CParser(data)
            self._fails = len(data) > most

        def get_event(self) -> object:
            if self._fails:
                raise error
            return self._parser.get_event()

    monkeypatch.setattr(yaml_parse, "CParser", Parser)


@pytest.mark.parametrize(
    "error",
    [
        YAMLError("of its own"),
        MarkedYAMLError("of its own"),
        ValueError("of its own"),
        RecursionError("of its own"),
        MemoryError("of its own"),
        OverflowError("of its own"),
    ],
)
def test_an_error_without_a_place_is_one_of_the_text(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails(monkeypatch, error)
    code, place, problem = refused("a: 1\n")
    assert (code, place) == ("yaml-parse-error", "1:1")
    assert problem.startswith("the file cannot be read: of its own")


def test_an_error_without_a_place_in_a_json_text_has_the_place_of_that_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fails(monkeypatch, ValueError("of its own"), most=2)
    assert refused('{}\n {"a": 1}')[:2] == ("yaml-parse-error", "2:2")


def stopped(at: int) -> MarkedYAMLError:
    mark = Mark("f", at, 0, at, None, 0)
    return MarkedYAMLError(None, None, "exceeded max depth", mark)


DEEP = "[" * 500


@pytest.mark.parametrize(
    ("text", "as_written", "refusal"),
    [
        (DEEP, False, ("yaml-too-deep", "1:65")),
        (f"a: {DEEP}", False, ("yaml-too-deep", "1:67")),
        (f"on: {DEEP}", True, ("yaml-too-deep", "1:68")),
        # what is not too deep before the place at which libyaml stopped
        ("a: [" + "[], " * 200, False, ("yaml-parse-error", "1:401")),
        ("[" * 64 + " " * 400, False, ("yaml-parse-error", "1:401")),
        ("a: [*b, " + " " * 400, False, ("yaml-parse-error", "1:401")),
        ("é" * 402, False, ("yaml-parse-error", "1:401")),
    ],
)
def test_our_bound_of_depth_is_told_where_libyaml_stops_at_its_own(
    text: str,
    as_written: bool,  # noqa: FBT001  # a table of cases
    refusal: tuple[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fails(monkeypatch, stopped(400), most=len(text[:400].encode()))
    assert refused(text, keys_as_written=as_written)[:2] == refusal
