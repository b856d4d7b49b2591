"""Where the text of an entry is, so that it alone can be replaced."""

from __future__ import annotations

import pytest

from gate.documents.entries import Entry, entries_at
from gate.errors import DocumentError
from gate.model.location import Location


def entry(text: str, place: str) -> Entry | None:
    """Return the entry at a place that is written `line:column`."""
    line, column = map(int, place.split(":"))
    at = Location("f", line, column)
    found = entries_at(text, "f", [at])
    assert found.keys() <= {at}
    return found.get(at)


def there(text: str, place: str) -> tuple[str, str, str]:
    """Return what of the text an entry is, what it says, and the quote around it."""
    found = entry(text, place)
    assert found is not None
    return text[found.text.start : found.text.end], found.text.value, found.text.quote


@pytest.mark.parametrize(
    ("text", "place", "written", "value", "quote"),
    [
        ("a: x\n", "1:1", "x", "x", ""),
        ("a: 'x'\n", "1:1", "'x'", "x", "'"),
        ('a: "x"\n', "1:1", '"x"', "x", '"'),
        ("a: 1\nb: x y # c\n", "2:1", "x y", "x y", ""),
        ("a:\n  b: x\n", "2:3", "x", "x", ""),
        ("a:\n- x\n- y\n", "3:3", "y", "y", ""),
        ("- x\n- [y, z]\n", "2:7", "z", "z", ""),
        ("- a: x\n  b: y\n", "2:3", "y", "y", ""),
        ("a: {b: [c], d: x}\n", "1:13", "x", "x", ""),
        ("a: {b: c}\nd: x\n", "2:1", "x", "x", ""),
        ("a:\n  - b\nd: x\n", "3:1", "x", "x", ""),
        ("a: 1\n---\nb: x\n", "3:1", "x", "x", ""),
        ("? a\n: x\n", "1:3", "x", "x", ""),
        ("a: é\r\nb: x\r\n", "2:1", "x", "x", ""),
        ("a: é\rb: x\r", "2:1", "x", "x", ""),
        ("\ufeffa: x\nb: y\n", "1:1", "x", "x", ""),
        ("\ufeffa: x\nb: y\n", "2:1", "y", "y", ""),
        ('{"a": 1, "b": "x"}', "1:10", '"x"', "x", '"'),
        # what is before a scalar is no part of its text
        ("a: &i x\n", "1:1", "x", "x", ""),
        ("a: !!str &i\n  'x'\n", "1:1", "'x'", "x", "'"),
        ("a: &i # why\n  x\n", "1:1", "x", "x", ""),
        ("a: '&i x'\n", "1:1", "'&i x'", "&i x", "'"),
        # a text that is the document itself
        ("x\n", "1:1", "x", "x", ""),
        # an alias is replaced as it is written
        ("a: &i 'x'\nb: *i\n", "2:1", "*i", "x", ""),
        ("- &i x\n- *i\n", "2:3", "*i", "x", ""),
    ],
)
def test_the_text_of_an_entry_is_that_of_its_scalar_alone(
    text: str, place: str, written: str, value: str, quote: str
) -> None:
    assert there(text, place) == (written, value, quote)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: |\n  x\n", "1:1"),
        ("a: >\n  x\n", "1:1"),
        ("a: {b: x}\n", "1:1"),
        ("a: [x]\n", "1:1"),
        ("a: &i {b: x}\nc: *i\n", "2:1"),
        ("a: &i |\n  x\nb: *i\n", "3:1"),
        ("a: x\n", "1:4"),  # of an entry of a mapping, the key has the place
        ("a: x\n", "2:1"),
        ("a: *i\nb: &i x\n", "1:1"),
        ("a: &i x\n---\nb: *i\n", "3:1"),
    ],
)
def test_what_has_no_text_in_its_line_has_no_entry(text: str, place: str) -> None:
    assert entry(text, place) is None


def test_of_an_alias_the_anchor_s_text_is_found_too() -> None:
    found = entry("a: &i # why\n  'x'\nb: *i\n", "3:1")
    assert found is not None
    assert found.anchor is not None
    assert (found.anchor.start, found.anchor.end) == (14, 17)
    assert (found.anchor.value, found.anchor.quote) == ("x", "'")
    plain = entry("a: &i x\nb: *i\n", "1:1")
    assert plain is not None
    assert plain.anchor is None


@pytest.mark.parametrize(
    ("text", "place", "shared"),
    [
        ("a: &i x\nb: *i\n", "1:1", True),
        ("a: &i x\n", "1:1", False),
        ("a: x\nb: &i x\nc: *i\n", "1:1", False),
        ("a: &i x\nb: *i\n", "2:1", False),
        ("a: &i x\nb: *i\nc: *i\n", "2:1", True),
    ],
)
def test_a_text_is_shared_where_an_alias_at_no_asked_place_repeats_it(
    text: str,
    place: str,
    shared: bool,  # noqa: FBT001  # a table of cases
) -> None:
    found = entry(text, place)
    assert found is not None
    assert found.text.shared is shared


def test_an_alias_at_an_asked_place_shares_nothing() -> None:
    places = [Location("f", 1, 1), Location("f", 2, 1)]
    found = entries_at("a: &i x\nb: *i\n", "f", places)
    assert [found[place].text.shared for place in places] == [False, False]
    assert [found[place].anchor is None for place in places] == [True, False]


@pytest.mark.parametrize(
    ("text", "place", "how"),
    [
        ("a: x\n", "1:1", (0, False, "")),
        ("a:\n  'b': x\n", "2:3", (2, False, "'")),
        ('{"a": x}\n', "1:2", (1, True, '"')),
        ("a: {b: 1}\nc: x\n", "2:1", (0, False, "")),
        ("a: [x]\n", "1:5", (4, True, "")),
        ("a:\n- x\n", "2:3", (2, False, "")),
        ("- 'x'\n", "1:3", (2, False, "'")),
        ("x\n", "1:1", (0, False, "")),
        ("? |-\n  a\n: x\n", "1:3", (2, False, "")),
    ],
)
def test_an_entry_knows_how_its_neighbours_are_written(
    text: str, place: str, how: tuple[int, bool, str]
) -> None:
    found = entry(text, place)
    assert found is not None
    assert (found.column, found.flow, found.key_quote) == how


def test_a_text_that_is_no_yaml_cannot_be_edited() -> None:
    with pytest.raises(DocumentError) as caught:
        entry('{"a": 1}\n{"a": 2}\n', "1:2")
    assert (caught.value.code, str(caught.value.location)) == ("cannot-pin", "f:1:1")
    assert there('{"a": 1}\n---\n{"a": 2}\n', "3:2") == ("2", "2", "")
