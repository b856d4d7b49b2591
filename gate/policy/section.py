"""The base of everything that a policy file can hold."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A part of a policy file: never changed, strict in its types, and without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=False)


class Params(Section):
    """What a policy may say about one check. Each check's file has its own."""
