"""What our dataclasses do is what those of the standard library do, and they compile less."""

from __future__ import annotations

import dataclasses
import inspect
import operator
import weakref
from collections.abc import Callable
from dataclasses import FrozenInstanceError, field, replace
from functools import partial
from typing import Any, ClassVar, Generic, TypeVar

import pytest

from gate.model import records

T = TypeVar("T")
Decorator = Callable[..., Any]
BOTH: tuple[Decorator, Decorator] = (dataclasses.dataclass, records.dataclass)
OPTIONS: tuple[dict[str, bool], ...] = (
    {"frozen": True, "slots": True},
    {"frozen": True, "slots": True, "order": True},
    {"frozen": True, "slots": True, "kw_only": True},
    {"frozen": True, "slots": True, "eq": False},
    {"frozen": True, "slots": True, "weakref_slot": True},
    {"frozen": True},
    {"slots": True},
    {"slots": True, "kw_only": True, "order": True},
    {},
)


def shapes(dataclass: Decorator, options: dict[str, bool]) -> list[Any]:
    """Return classes of many forms, made by this decorator."""

    @dataclass(**options)
    class Nothing:
        pass

    @dataclass(**options)
    class One:
        a: int

    @dataclass(**options)
    class Several:
        """Three, of which two may be left out."""

        a: int
        b: int = 7
        c: list[int] = field(default_factory=list, compare=False)

    @dataclass(**options)
    class Hidden(Several):
        d: int = field(default=3, repr=False, compare=False)
        e: int = field(default=4, hash=False)
        f: int = field(default=5, init=False)
        g: list[int] = field(default_factory=lambda: [9], init=False, compare=False)

    @dataclass(**options)
    class Own:  # noqa: PLW1641  # what happens to its hash is compared too
        a: int

        def __repr__(self) -> str:
            return "own"

        def __eq__(self, other: object) -> bool:
            return isinstance(other, type(self))

        def __post_init__(self) -> None:
            if self.a > 100:
                raise ValueError("above 100")

    @dataclass(**options)
    class Hashed:
        a: int

        def __hash__(self) -> int:
            return 5

    @dataclass(**options)
    class Of(Generic[T]):
        a: T

    @dataclass(**options)
    class Shared:
        a: int
        b: ClassVar[int] = 5
        c: dataclasses.KW_ONLY
        d: "dataclasses.InitVar[int]" = 6  # noqa: UP037  # a type that is text in a text

        def __post_init__(self, d: int) -> None:
            del d

    return [Nothing, One, Several, Hidden, Own, Hashed, Of, Shared]


def told(act: Callable[[], object]) -> object:
    """Return what an act returns, or which fault it raises, with its words."""
    try:
        return act()
    except Exception as fault:  # noqa: BLE001  # whatever it is, it is compared
        return type(fault), str(fault)


def fields_of(value: Any) -> object:  # noqa: ANN401  # an object of any shape
    return {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}


def changed(value: Any) -> object:  # noqa: ANN401  # an object of any shape
    return fields_of(replace(value, a=2))


NAN = float("nan")
CALLS: tuple[tuple[list[object], dict[str, object]], ...] = (
    ([], {}), ([1], {}), ([], {"a": 1}), ([2], {}), ([1, 7], {}), ([1, 8], {}), ([1, 7, [1]], {}),
    ([1, 2, [3], 4, 5], {}), ([1, 2, [3], 4, 6], {}), ([1], {"d": 0}), ([1], {"e": 0}),
    ([1], {"f": 0}), ([1], {"a": 1}), ([], {"a": 1, "b": 2, "c": [2]}), ([], {"b": 1}),
    ([NAN], {}), ([NAN], {}), ([101], {}), (["text"], {}), ([[]], {}), ([], {"unknown": 1}),
)  # fmt: skip
BY: tuple[Any, ...] = (operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge)


def answers(cls: Any) -> list[object]:  # noqa: ANN401  # a class that is made here
    """Return what a class does, by what it does it."""
    made = [told(partial(cls, *given, **named)) for given, named in CALLS]
    objects: list[Any] = [one for one in made if not isinstance(one, tuple)]
    found: list[object] = [cls.__match_args__, cls.__annotations__, *map(str, made)]
    found += [(f.name, f.type, f.kw_only) for f in dataclasses.fields(cls)]
    found += [told(partial(fields_of, one)) for one in objects]
    if cls.__hash__ is not object.__hash__:
        found += [told(partial(hash, one)) for one in objects]
    found += [told(partial(by, a, b)) for by in BY for a in objects for b in (*objects, 1)]
    for one in objects:
        found.append(told(partial(changed, one)))
        # Of another attribute the standard library has a word of its own, at times a wrong one.
        for act in (partial(setattr, one, "a", 1), partial(delattr, one, "a")):
            found += [str(told(act)) if hasattr(one, "a") else "", told(partial(repr, one))]
    return found


@pytest.mark.parametrize("first", [0, 5, 10**6], ids=["compiled", "in the midst", "plain"])
@pytest.mark.parametrize("options", OPTIONS, ids="-".join)
def test_a_record_does_what_a_dataclass_of_the_standard_library_does(
    options: dict[str, bool], first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "_FIRST", first)
    for theirs, ours in zip(*(shapes(dataclass, options) for dataclass in BOTH), strict=True):
        assert list(map(str, answers(ours))) == list(map(str, answers(theirs)))


@pytest.mark.parametrize("dataclass", BOTH)
def test_only_one_with_a_slot_for_it_is_weakly_referenced(dataclass: Decorator) -> None:
    def weakly(**options: bool) -> object:
        one = shapes(dataclass, options)[1](1)
        return told(lambda: weakref.ref(one)() is one)

    assert weakly(slots=True, weakref_slot=True) is True
    assert weakly(slots=True) == (TypeError, "cannot create weak reference to 'One' object")


def test_a_record_in_itself_is_printed_once() -> None:
    several = shapes(records.dataclass, {"slots": True})[2]
    one = several(1)
    one.c.append(one)
    assert repr(one).endswith("Several(a=1, b=7, c=[...])")


def test_a_method_is_compiled_when_it_has_been_called_some_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compiled: list[str] = []

    def compile_and_note(text: str, names: dict[str, Any]) -> None:
        compiled.append(text)
        exec(text, names)  # noqa: S102  # the call that is replaced

    monkeypatch.setattr(records, "exec", compile_and_note, raising=False)
    monkeypatch.setattr(records, "_FIRST", 3)
    one = shapes(records.dataclass, {"frozen": True, "slots": True})[1]
    assert [one(1).a, one(a=2).a, one(3).a] == [1, 2, 3]
    assert compiled == []
    assert [one(1), one(a=2)] == [one(1), one(2)]
    assert [text.split("(")[0] for text in compiled] == ["def __init__"]
    assert str(inspect.signature(one)) == "(a)"


def test_a_call_that_is_wrong_is_told_by_the_compiled_method_and_puts_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(records, "_FIRST", 10**6)
    several = shapes(records.dataclass, {"slots": True})[2]
    there = several(1, c=[2])
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'a'"):
        there.__init__(b=9)
    assert (there.a, there.b, there.c) == (1, 7, [2])


def test_a_subclass_calls_what_its_base_was_made_with() -> None:
    several = shapes(records.dataclass, {"frozen": True, "slots": True})[2]

    class Below(several):  # type: ignore[misc,valid-type]  # a class that is made
        __slots__ = ()

    assert (Below(1).a, Below(2).a, several(3).a) == (1, 2, 3)
    with pytest.raises(FrozenInstanceError):
        Below(1).a = 2


def test_a_frozen_record_takes_no_attribute_that_is_no_field() -> None:
    for options in ({"frozen": True, "slots": True}, {"frozen": True}):
        one = shapes(records.dataclass, options)[1](1)
        with pytest.raises(FrozenInstanceError, match="cannot assign to field 'unknown'"):
            one.unknown = 1
