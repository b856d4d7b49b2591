"""What libyaml says against a text, in words of those who write YAML, with what to do."""

from __future__ import annotations

from typing import Final

_DEFAULT: Final = "correct the file at this place"
_CLOSE: Final = "close it, and put a comma between its items"
_INDENT: Final = "give each line of them the same indentation, in spaces"
_WORDS: Final[dict[str, tuple[str, str]]] = {
    "mapping values are not allowed in this context": (
        "no key can be before this ':': two keys are on one line, or the line above is a text",
        "give each key a line of its own, and put a text that holds ': ' in quotes",
    ),
    "found character that cannot start any token": (
        "no value begins with this character",
        "put the value in quotes; if the file is a template, render it first",
    ),
    "did not find expected ',' or ']'": ("the list that begins with '[' is not closed", _CLOSE),
    "did not find expected ',' or '}'": ("the mapping that begins with '{' is not closed", _CLOSE),
    "found unexpected end of stream": (
        "the text that begins with a quote is not closed",
        "add the quote at its end",
    ),
    "found unexpected document indicator": (
        "a new document begins inside of a text in quotes",
        "add the quote at the end of the text",
    ),
    "did not find expected key": (
        "this line fits no key around it: it is indented in another way, or follows a text",
        _INDENT,
    ),
    "did not find expected '-' indicator": (
        "this line is no item of the list around it: it is indented in another way",
        _INDENT,
    ),
    "did not find expected node content": (
        "a value is missing here",
        "write the value, or put it in quotes where it begins with one of ,[]{}",
    ),
    "block sequence entries are not allowed in this context": (
        "an item of a list cannot begin here",
        "put the '-' on a line of its own below the key",
    ),
    "could not find expected ':'": (
        "this line has no ':', and a key is expected here",
        "write it as `key: value`, or indent it below the key whose text it goes on with",
    ),
    "did not find expected <document start>": (
        "something follows behind the end of the document",
        "begin a new document with a line ---",
    ),
    "did not find expected comment or line break": (
        "text is on the line of | or >, where only a comment can be",
        "begin the text on the next line",
    ),
    "found unknown escape character": (
        "a text in double quotes has a backslash before a letter that makes no escape",
        "write the backslash twice, or put the text in single quotes",
    ),
    "found incompatible YAML document": (
        "the line %YAML asks for a version that is not read",
        "remove the line",
    ),
}
"""A problem of libyaml, what it is, and the next step."""
_CONFLICT: Final = ("<<<<<<< ", ">>>>>>> ")


def conflict(text: str) -> int | None:
    """Return the line, from 0, of the first mark of a merge conflict; None where there is none."""
    if not all(mark in text for mark in _CONFLICT):
        return None
    lines = enumerate(text.splitlines())
    return next((number for number, line in lines if line.startswith(_CONFLICT)), None)


def in_words(context: object, problem: object) -> tuple[str, str]:
    """Return what is wrong and what to do; what libyaml says where it says something else."""
    found = _WORDS.get(str(problem))
    return found or (": ".join(str(part) for part in (context, problem) if part), _DEFAULT)
