"""The base of everything that a policy file can hold."""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping
from typing import Any, ClassVar, Final, NoReturn, Self, dataclass_transform

from gate.model.records import dataclass
from gate.policy import schemas
from gate.policy.fields import Context, KeyInFile, written
from gate.policy.pydantic_alone import SchemaValidator

_FOUND: Final = "__pydantic_fields_set__"
"""Where pydantic-core leaves the names of the fields that it found."""


@dataclass(frozen=True, slots=True)
class SectionField:
    """A field of a section."""

    name: str
    base: type
    """The class that writes its type."""
    text: str
    """Its type, as it is written there."""
    said: KeyInFile

    @property
    def alias(self) -> str:
        """Its key in the file."""
        return self.said.alias or self.name

    @property
    def annotation(self) -> Any:  # noqa: ANN401  # a type is any object
        """Its type, with what `Annotated` says."""
        return schemas.type_of(self.base, self.name, self.text, self.said.named_in)


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(written,))
class Section:
    """A part of a policy file: never changed, strict in its types, and without unknown keys.

    A subclass writes its fields as a dataclass does; `gate.policy.fields` has what a type does not
    say. pydantic-core reads it: ValidationError is its error.
    """

    __slots__ = ("__dict__", _FOUND, "__pydantic_extra__", "__pydantic_private__")

    related: ClassVar[bool] = False
    """Whether the fields have to go together: then `check_whole` looks at them."""
    word: ClassVar[Mapping[str, Any] | None] = None
    """What JSON Schema says of a section that a policy writes as a word: its one field's value."""

    def __init_subclass__(cls) -> None:
        """Note whether the fields have to go together."""
        cls.related = cls.check_whole is not Section.check_whole

    def __init__(self, **said: Any) -> None:  # noqa: ANN401  # of any type, until it is read
        """Read a section from its keys. Raises ValidationError."""
        read = self.model_validate(said)
        object.__setattr__(self, "__dict__", vars(read))
        object.__setattr__(self, _FOUND, read.model_fields_set)

    def check_whole(self, context: Mapping[str, Any]) -> None:
        """Raise ValueError for fields that do not go together; `context` is the reader's."""

    @classmethod
    def whole(cls, read: Self, info: Context) -> Self:
        """Return a section whose fields go together. Raises ValueError."""
        read.check_whole(info.context or {})
        return read

    @classmethod
    def unfolded(cls, word: object) -> dict[str, object]:
        """Return the keys of a section that a policy writes as a word."""
        (name,) = cls.fields()
        return {name: word}

    @classmethod
    @functools.cache
    def fields(cls) -> Mapping[str, SectionField]:
        """Return all fields by name, those of base classes first."""
        return {
            name: SectionField(name, base, text, schemas.said_of(cls, name))
            for name, (base, text) in schemas.names_of(cls).items()
        }

    @classmethod
    def model_validate(cls, value: object, *, context: Mapping[str, Any] | None = None) -> Self:
        """Read what a file has. Raises ValidationError, of all that is wrong."""
        present = {field.alias for field in cls.fields().values()}
        if isinstance(value, dict) and cls.word is None:
            present.intersection_update(value)
        read: Self = _reader(
            cls,  # type: ignore[arg-type]  # mypy takes the hash of objects for that of their class
            frozenset(present),
        ).validate_python(value, context=context)
        return read

    @property
    def model_fields_set(self) -> Collection[str]:
        """The names of the fields that the file has."""
        found: set[str] = getattr(self, _FOUND)
        return found

    def __setattr__(self, name: str, value: object) -> NoReturn:
        """Refuse: a policy does not change."""
        del value
        msg = f"{type(self).__name__}.{name} never changes"
        raise AttributeError(msg)

    def __eq__(self, other: object) -> bool:
        """Whether it is the same kind of section, and says the same."""
        return type(self) is type(other) and vars(self) == vars(other)

    def __hash__(self) -> int:
        """Hash what it says. Raises TypeError where that has a mapping."""
        return hash((type(self), *vars(self).values()))

    def __repr__(self) -> str:
        """Return the class, and each field with its value."""
        said = ", ".join(f"{name}={value!r}" for name, value in vars(self).items())
        return f"{type(self).__name__}({said})"


@functools.lru_cache(maxsize=256)
def _reader(section: type[Section], present: frozenset[str]) -> SchemaValidator:
    """Return what reads a section that has these keys: no type of another one is looked at."""
    return SchemaValidator(schemas.section_schema(section, present))


class Params(Section):
    """What a policy may say about one check. Each check's file has its own."""
