"""What our dataclasses do is what those of the standard library do, and they compile less."""

from __future__ import annotations

import abc
import dataclasses
import inspect
import operator
import re
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


TOLD_OTHERWISE = {"__getstate__", "__setstate__"}
"""A frozen object of the standard library's can be pickled."""
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
    found += [vars(cls).get("__slots__"), cls.__module__, cls.__qualname__, cls.__bases__]
    found += [sorted(vars(cls).keys() - TOLD_OTHERWISE), dataclasses.is_dataclass(cls)]
    for f in dataclasses.fields(cls):
        # Each attribute of a field, but for where an object that has no name lies in memory.
        found.append([re.sub(" at 0x[0-9a-f]+", "", str(getattr(f, a))) for a in f.__slots__])
    found += [told(partial(fields_of, one)) for one in objects]
    found += [told(partial(dataclasses.asdict, one)) for one in objects]
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
def test_a_default_that_all_objects_would_share_is_refused(dataclass: Decorator) -> None:
    with pytest.raises(ValueError, match="default_factory"):

        @dataclass(slots=True)
        class Shared:
            a: list[int] = []  # noqa: RUF012  # what is refused

    @dataclass(slots=True)
    class Apart:
        a: tuple[int, ...] = ()

    assert Apart().a == ()


@pytest.mark.parametrize("dataclass", BOTH)
def test_slots_that_a_class_writes_itself_are_refused(dataclass: Decorator) -> None:
    with pytest.raises(TypeError, match="already specifies __slots__"):

        @dataclass(slots=True)
        class Twice:  # type: ignore[misc]  # what is refused
            __slots__ = ("a",)
            a: int


@pytest.mark.parametrize("dataclass", BOTH)
def test_a_class_with_a_base_has_slots_for_its_own_fields_alone(dataclass: Decorator) -> None:
    @dataclass(slots=True)
    class Above:
        a: int
        b: int = 1

    @dataclass(slots=True)
    class Below(Above):
        c: int = 2
        a: int = 3

    assert vars(Below)["__slots__"] == ("c",)
    assert [f.name for f in dataclasses.fields(Below)] == ["a", "b", "c"]
    assert fields_of(Below(5)) == {"a": 5, "b": 1, "c": 2}


@pytest.mark.parametrize("dataclass", BOTH)
def test_what_is_abstract_stays_so_until_a_class_has_it(dataclass: Decorator) -> None:
    class Abstract(abc.ABC):
        __slots__ = ()

        @abc.abstractmethod
        def a(self) -> int: ...

        @abc.abstractmethod
        def __eq__(self, other: object) -> bool: ...

        __hash__ = None  # type: ignore[assignment]  # what Python sets beside __eq__

    @dataclass(slots=True)
    class Without(Abstract):
        b: int

    @dataclass(slots=True)
    class With(Abstract):
        b: int

        def a(self) -> int:
            return self.b

    without: Any = Without
    made: Any = With
    with pytest.raises(TypeError, match="abstract"):
        without(1)
    assert (made(1).a(), made(1) == made(1)) == (1, True)


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
