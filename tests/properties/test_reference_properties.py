"""R178: whatever is parsed is written back as itself, and nothing but ValueError is raised."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from gate.model.image import ImageReference
from tests.builders.references import likely, near

_GO_REFERENCE = re.compile(
    r"(?:(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
    r"(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\[(?:[a-fA-F0-9:]+)\])"
    r"(?::[0-9]+)?/)?"
    r"[a-z0-9]+(?:(?:[._]|__|[-]+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|[-]+)[a-z0-9]+)*)*"
    r"(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?"
    r"(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?"
)
"""The grammar as distribution/reference publishes it."""


@given(st.one_of(st.text(), near, likely))
def test_r178_parsing_never_raises_anything_but_value_error(text: str) -> None:
    try:
        reference = ImageReference.parse(text)
    except ValueError:
        return
    assert ImageReference.parse(str(reference)) == reference
    assert _GO_REFERENCE.fullmatch(text)


@given(likely)
def test_r178_case_and_port_443_of_a_host_change_nothing(text: str) -> None:
    try:
        reference = ImageReference.parse(text)
    except ValueError:
        return
    head, slash, rest = text.partition("/")
    if slash and "." in head and ":" not in head:
        assert ImageReference.parse(f"{head.upper()}:443/{rest}") == reference
