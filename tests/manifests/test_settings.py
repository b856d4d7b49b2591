"""Settings in JSON are told without their places, and never told otherwise than by reading all."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gate.documents import read_yaml
from gate.manifests.load import load_manifests
from gate.manifests.plain import Nature, Plain, nature_of
from gate.manifests.settings import settings_in_json
from gate.model.location import Location

NAMES = ["package.json", "values.json", "a/.github/x.json", "pod.json", "Chart.yaml"]
WORDS = ["name", "kind", "apiVersion", "metadata", "items", "on", "~", "=", "<<", "a b", "", "1"]
TEXTS = st.sampled_from([*WORDS, "yes", "0o7", "{[", "# gate: ignore[x]", "${x}", "{{ x }}", "é"])
SCALARS = st.one_of(
    TEXTS, st.none(), st.booleans(), st.integers(-(10**17), 10**17), st.sampled_from([-0.0, 1e3])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
BREAKS = st.sampled_from(["\t", "\r", "\n", " ", "\\u0041", "---", "}", "{", '"', ",", ":", "\x00"])


def wholly(data: bytes, path: str) -> Plain:
    """Return what the whole reading makes of a file; fails where it is not one plain document."""
    (document,) = read_yaml(data, path)
    nature = nature_of(path, document.value)
    assert nature is not None
    return Plain(nature, document.place())


@given(
    value=st.dictionaries(TEXTS, VALUES, max_size=4),
    indent=st.sampled_from([None, 0, 2]),
    ascii_only=st.booleans(),
    path=st.sampled_from(NAMES),
    odd=BREAKS,
    at=st.integers(0, 60),
    cut=st.booleans(),
)
def test_what_is_told_at_once_is_what_the_whole_reading_tells(
    *,
    value: dict[str, object],
    indent: int | None,
    ascii_only: bool,
    path: str,
    odd: str,
    at: int,
    cut: bool,
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    if cut:
        text = text[:at] + odd + text[at:]
    quick = settings_in_json(text.encode(), path)
    assert quick is None or quick == wholly(text.encode(), path)


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "x", "name": "y"}',
        '{"a": "\\ud800"}',
        '{"a": "\\u0041"}',
        '{"a": 1.0}',
        '{"a": NaN}',
        '{"a": -0}',
        '{"a": 12345678901234567890}',
        '{"a"\n: 1}',
        '{"a":\t1}',
        '{"a": 1}\r\n',
        '{"a": 1} {"b": 2}',
        '{"a": "{{ x }}"}',
        '{"<<": {}}',
        '{"a": "\u00e9"}',
        "{}",
        "[]",
        '{"a": 1',
        "{" + '"a": {' * 40 + "}" * 41,
        '{"' + "k" * 129 + '": 1, "a": 1}',
        '{"a": 1234567890123456}',
        '{"kind": "Pod"}',
        '{"metadata": {"name": "x"}}',
        ' {"a": 1}',
    ],
)
def test_what_readers_may_take_for_another_thing_is_read_whole(text: str) -> None:
    assert settings_in_json(text.encode(), "a.json") is None


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1}',
        '{"' + "k" * 128 + '": 123456789012345}',
        '{"a": [true, null, "[{", {"b": -7}]}\n',
    ],
)
def test_its_near_neighbour_is_told_at_once(text: str) -> None:
    told = settings_in_json(text.encode(), "a.json")
    assert told == Plain(Nature.OTHER, Location("a.json", 1, 1))


@example(29)
@example(30)
@given(st.integers(1, 200))
def test_brackets_inside_of_texts_do_not_hide_a_depth(deep: int) -> None:
    text = '{"a": "' + "}" * 300 + '", "b": ' + "[" * deep + "]" * deep + "}"
    assert (settings_in_json(text.encode(), "a.json") is None) == (deep >= 30)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"a": [' + "{}, " * 40 + "{}]}", True),
        ('{"a": [' + "[[]], " * 40 + "{}]}", True),
        ('{"a": "' + "]" * 40 + '", "b": ["' + '", "'.join("]{}" * 12) + '"]}', True),
        ('{"a": [], "b": ' + "[" * 29 + "]" * 29 + "}", True),
        ('{"a": [], "b": ' + "[" * 30 + "]" * 30 + "}", False),
        ('{"a": [' + "[], " * 40 + "1], " + '"b": ' + "[" * 30 + "]" * 30 + "}", False),
        ('{"a": "' + "{" * 31 + '"}', False),
    ],
)
def test_many_brackets_side_by_side_are_not_deep(text: str, *, told: bool) -> None:
    assert (settings_in_json(text.encode(), "a.json") is not None) == told


def test_a_file_of_more_than_262144_bytes_is_read_whole() -> None:
    for size, told in ((262_144, True), (262_145, False)):
        text = '{"a": "' + "x" * (size - 9) + '"}'
        assert (len(text), settings_in_json(text.encode(), "a.json") is not None) == (size, told)


def test_a_folder_of_settings_gets_the_same_warning_as_before() -> None:
    quick = load_manifests([("shop/package.json", b'{"name": "shop"}')])
    slow = load_manifests([("shop/package.json", b' {"name": "shop"}')])
    assert (quick.documents, quick.files) == (1, 1)
    (warned,) = quick.findings
    (other,) = slow.findings
    assert (warned.message, warned.rule) == (other.message, other.rule)
