"""Sections of a policy: read alone, and made without being read."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic_core import SchemaValidator

from gate.policy.schemas import schema_of
from gate.policy.section import Section
from gate.policy.signers import KeylessSigner, KeySigner, Signer

S = TypeVar("S", bound=Section)


def read_signer(value: object) -> KeySigner | KeylessSigner:
    """Return a signer as a policy has it. Raises ValidationError."""
    read: KeySigner | KeylessSigner = SchemaValidator(schema_of(Signer)).validate_python(value)
    return read


def unread(section: type[S], **said: Any) -> S:  # noqa: ANN401  # of any type
    """Return a section that says what no policy could say; other fields have their defaults."""
    absent = {name: field.said for name, field in section.fields().items()}
    defaults = {name: field.absent() for name, field in absent.items() if not field.required}
    made = object.__new__(section)
    object.__setattr__(made, "__dict__", {**defaults, **said})
    return made
