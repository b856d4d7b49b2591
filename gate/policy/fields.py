"""What a section of a policy says about its fields, beside their types.

`written` is the value of a field in the class: its default, and its name in the file. The rest goes
into `Annotated`: bounds, and functions that look at the value. `gate.policy.schemas` makes of it
what reads a policy, and `gate.explain.models` what JSON Schema is made of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, Protocol

from gate.model.records import dataclass

if TYPE_CHECKING:
    import re

ABSENT: Final = object()
"""The default of a field that a policy has to have."""


class Context(Protocol):
    """What a function that looks at a value may know beside it."""

    @property
    def context(self) -> Mapping[str, Any] | None:
        """What the reader of the policy gave."""

    @property
    def data(self) -> Mapping[str, Any]:
        """The fields above it in the same section, by name, as far as they are well formed."""


@dataclass(frozen=True, slots=True)
class KeyInFile:
    """A field's default, and what it is called in the file."""

    alias: str | None = None
    """Its key in the file, where that is not its name."""
    default: object = ABSENT
    default_factory: Callable[[], object] | None = None
    shown: Mapping[str, object] | Callable[[dict[str, Any]], None] | None = None
    """What JSON Schema says otherwise, or a function that changes what it says."""
    named_in: str | None = None
    """The module that has the names in its type, where the section's own does not import them: it
    is imported when a policy has the field."""

    @property
    def required(self) -> bool:
        """Whether a policy has to have it."""
        return self.default is ABSENT and self.default_factory is None

    def absent(self) -> object:
        """Return the value of a field that the policy does not have."""
        return self.default if self.default_factory is None else self.default_factory()


def written(
    *,
    alias: str | None = None,
    default: Any = ABSENT,  # noqa: ANN401  # of the field's type
    default_factory: Callable[[], object] | None = None,
    shown: Mapping[str, object] | Callable[[dict[str, Any]], None] | None = None,
    named_in: str | None = None,
) -> Any:  # noqa: ANN401  # to a type checker it is the field's value
    """Return what a field is besides its type; see `KeyInFile`."""
    return KeyInFile(alias, default, default_factory, shown, named_in)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sized:
    """How long a text, list or section may be, how large a number, and what a text looks like."""

    min_length: int | None = None
    max_length: int | None = None
    ge: int | None = None
    gt: int | None = None
    le: int | None = None
    pattern: str | re.Pattern[str] | None = None
    """A regular expression without look-around, which matches in linear time."""

    def given(self) -> dict[str, Any]:
        """Return those that are given, by name."""
        named = ((name, getattr(self, name)) for name in self.__slots__)
        return {name: bound for name, bound in named if bound is not None}


@dataclass(frozen=True, slots=True)
class After:
    """A function that looks at a value of its type: it returns the value or raises ValueError."""

    look: Callable[[Any], object]


@dataclass(frozen=True, slots=True)
class AfterWith:
    """A function that looks at a value of its type, and at the context; likewise."""

    look: Callable[[Any, Context], object]


@dataclass(frozen=True, slots=True)
class Before:
    """A function that makes a value of what the file has, or raises ValueError."""

    make: Callable[[object], object]


@dataclass(frozen=True, slots=True)
class ReadBy:
    """A function that alone reads a text of the file, with the context; likewise."""

    read: Callable[[object, Context], object]


@dataclass(frozen=True, slots=True)
class ToldBy:
    """Which type of a union a value is: the name that `tell` returns, in the union's order."""

    tell: Callable[[object], str]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """What JSON Schema says in place of the type. Equal to itself alone, so that it has a hash."""

    schema: Mapping[str, Any]


def once(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return names of which each is there once. Raises ValueError."""
    if len(set(names)) != len(names):
        msg = "a name is there twice"
        raise ValueError(msg)
    return names
