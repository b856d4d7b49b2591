"""gate's own YAML means to every reader what was written."""

from __future__ import annotations

import json
import re
from typing import Any

import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from gate.documents import read_yaml
from gate.documents.scalars import as_number
from gate.documents.yaml_written import write_yaml

WORDS = ["y", "on", "no", "null", "~", "<<", "=", "true", "0x1", "1_0", "1:30", "2026-01-01", "---"]
WORDS += [
    "--- # x",
    "...",
    "%YAML 1.1",
    "? a",
    "- a",
    "a: b",
    "a #b",
    "&a",
    "*a",
    "!a",
    " ",
    "",
    "\t",
]
WORDS += [
    "\n---\n",
    "a\n--- x",
    "\x00",
    "\x7f",
    "\x85",
    "\xa0",
    "\u2028",
    "\ufeff",
    "😀",
    "\\",
    '"',
]
TEXT = st.sampled_from(WORDS) | st.text(max_size=20) | st.integers(95, 1100).map("k".__mul__)
NUMBERS = st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=15,
)
OBJECTS = st.dictionaries(TEXT, VALUES, min_size=1, max_size=4)


def through_go(value: Any) -> Any:  # noqa: ANN401  # any JSON value
    """Return a value with its numbers as Kubernetes has them, whole ones as int."""
    if isinstance(value, dict):
        return {key: through_go(part) for key, part in value.items()}
    if isinstance(value, list):
        return [through_go(part) for part in value]
    return as_number(value) if value.__class__ in (int, float) else value


@given(OBJECTS)
@example({"k" * 1100: {"k" * 1100: [[], [{}], {"a": []}, [[1, {"b": None}]]]}})
@example({"a": 1e16, "b": 5e-324, "c": -0.0, "d": 1e300, "e": 0.1, "f": 2**64 - 1})
def test_every_value_is_read_back_as_it_was_and_in_its_order(value: dict[str, Any]) -> None:
    (document,) = read_yaml(write_yaml(value).encode(), "f")
    assert json.dumps(document.value) == json.dumps(through_go(value))
    # What was read once is written and read again without any change.
    (again,) = read_yaml(write_yaml(document.value).encode(), "f")
    assert json.dumps(again.value) == json.dumps(document.value)


@given(OBJECTS)
def test_another_reader_of_yaml_1_1_reads_the_same(value: dict[str, Any]) -> None:
    assert json.dumps(yaml.safe_load(write_yaml(value))) == json.dumps(value)


@given(OBJECTS)
def test_a_line_is_never_one_at_which_somebody_cuts(value: dict[str, Any]) -> None:
    lines = re.split(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", write_yaml(value))
    assert lines.pop() == ""
    assert [line for line in lines if re.match(r"---|\.\.\.|%|\s*$|\s*#", line)] == []


def test_words_that_readers_type_differently_are_always_quoted() -> None:
    words = ["y", "Yes", "on", "off", "null", "~", "<<", "=", ".inf", "0o7", "1e3", "1_0", "true"]
    text = write_yaml({word: word for word in words})
    assert text == "".join(f'"{word}": "{word}"\n' for word in words)
