"""Every type that is sorted has one order over all its values."""

from __future__ import annotations

import dataclasses
import enum
import importlib
import pkgutil
import typing
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import gate
from gate.model.evidence import Rejection
from gate.model.image import Digest, ImageReference, ResolvedImage
from gate.pipeline.shard import Shard
from gate.policy.propose import SeenSigner

NAMES = ("ghcr.io/acme/shop", "ghcr.io/acme/shop-a", "docker.io/library/redis")
TAGS = ("", ":1.0", ":a")
DIGESTS = ("", f"@sha256:{'a' * 64}", f"@sha256:{'b' * 64}")
REFERENCES = tuple(
    ImageReference.parse(f"{name}{tag}{digest}")
    for name in NAMES
    for tag in TAGS
    for digest in DIGESTS
)

LEAVES: dict[Any, st.SearchStrategy[Any]] = {
    Digest: st.sampled_from([Digest("a" * 64), Digest("b" * 64)]),
    ImageReference: st.sampled_from(REFERENCES),
    str: st.sampled_from(["", "a", "b"]),
    int: st.integers(0, 2),
    datetime: st.sampled_from([datetime(2026, 11, day, tzinfo=UTC) for day in (1, 2)]),
    type(None): st.none(),
    Shard: st.sampled_from([Shard.parse(text) for text in ("1/1", "1/2", "2/2")]),
}


def values(hint: Any) -> st.SearchStrategy[Any]:  # noqa: ANN401  # any annotation
    """Return few values of a type, so that two that are drawn differ in one field, or none."""
    if hint in LEAVES:
        return LEAVES[hint]
    arguments = typing.get_args(hint)
    if typing.get_origin(hint) is tuple:
        return st.lists(values(arguments[0]), max_size=2).map(tuple)
    if arguments:
        return st.one_of(*map(values, arguments))
    if issubclass(hint, enum.Enum):
        return st.sampled_from(list(hint)[:2])
    fields = compared(hint)
    return st.builds(hint, **{name: values(part) for name, part in fields.items()})


def compared(cls: type[Any]) -> dict[str, Any]:
    """Return the fields of a dataclass that take part in comparing, with their types."""
    hints = typing.get_type_hints(cls)
    return {field.name: hints[field.name] for field in dataclasses.fields(cls) if field.compare}


def classes() -> Iterator[type[Any]]:
    """Yield every dataclass of gate, wherever it is defined."""
    for found in pkgutil.walk_packages(gate.__path__, "gate."):
        if found.name.endswith("__main__"):
            continue
        module = importlib.import_module(found.name)
        for value in vars(module).values():
            if (
                isinstance(value, type)
                and value.__module__ == found.name
                and hasattr(value, "__dataclass_params__")
            ):
                yield value


ORDERED = tuple(c for c in classes() if "__lt__" in vars(c))
KEYED: tuple[type[Any], ...] = (ImageReference, ResolvedImage, Rejection, SeenSigner)
"""Types with an optional field somewhere: their `order` is what they are sorted by."""


def parts(hint: Any) -> Iterator[Any]:  # noqa: ANN401  # any annotation
    """Yield every type that an annotation is made of."""
    yield typing.get_origin(hint) or hint
    for part in typing.get_args(hint):
        yield from parts(part)


def without_order(cls: type[Any]) -> list[str]:
    """Return the fields of a dataclass whose values need not compare with each other."""
    return [
        name
        for name, hint in compared(cls).items()
        if any(
            part in (type(None), typing.Union, Any)
            or (dataclasses.is_dataclass(part) and part not in ORDERED)
            for part in parts(hint)
        )
        or "|" in str(hint)
    ]


def test_the_walk_finds_types_that_are_ordered() -> None:
    assert Digest in ORDERED
    assert len(ORDERED) > 5


@pytest.mark.parametrize("cls", ORDERED, ids=lambda cls: cls.__qualname__)
def test_no_type_with_an_optional_field_is_ordered_by_its_fields(cls: type[Any]) -> None:
    assert without_order(cls) == []


def test_a_field_that_may_be_absent_is_told() -> None:
    @dataclasses.dataclass(frozen=True, order=True)
    class Named:
        name: str
        tag: str | None = None
        image: tuple[ImageReference, ...] = ()

    hints = {"name": str, "tag": str | None, "image": tuple[ImageReference, ...]}
    Named.__annotations__ = hints
    assert without_order(Named) == ["tag", "image"]


@pytest.mark.parametrize("cls", ORDERED, ids=lambda cls: cls.__qualname__)
@given(data=st.data())
def test_of_two_values_one_comes_first_unless_they_are_equal(
    cls: type[Any], data: st.DataObject
) -> None:
    one, other = data.draw(values(cls)), data.draw(values(cls))
    assert (one < other) + (other < one) + (one == other) == 1


@pytest.mark.parametrize("cls", KEYED, ids=lambda cls: cls.__qualname__)
@given(data=st.data())
def test_what_may_be_absent_has_a_place_in_the_order_too(
    cls: type[Any], data: st.DataObject
) -> None:
    one, other = data.draw(values(cls)), data.draw(values(cls))
    assert (one.order < other.order) + (other.order < one.order) + (one == other) == 1


@pytest.mark.parametrize("one", REFERENCES, ids=str)
def test_every_pair_of_references_has_an_order(one: ImageReference) -> None:
    for other in REFERENCES:
        assert (one.order == other.order) == (one == other)
        assert isinstance(one.order < other.order, bool)
