"""A file that a check's params name: read when the policy is, and covered by its digest."""

from __future__ import annotations

from typing import Annotated, Final

from gate.model.records import dataclass
from gate.policy.fields import Context, ReadBy
from gate.policy.pydantic_alone import PydanticCustomError

UNKNOWN_SIGNER: Final = "signer_unknown"
"""The type of error of a signer that is named and not defined."""
UNREADABLE: Final = "file_unreadable"
"""The type of error of a file that is named and cannot be read."""


@dataclass(frozen=True, slots=True)
class ReferencedFile:
    """A file's content, and the path by which the policy names it."""

    path: str
    """From the policy's own folder."""
    content: bytes


def _read(value: object, info: Context) -> ReferencedFile:
    read = (info.context or {}).get("read")
    if not isinstance(value, str) or not value or "\0" in value or read is None:
        msg = "this is a path from the policy's own folder to a file"
        raise ValueError(msg)
    try:
        return ReferencedFile(value, read(value))
    except OSError as error:
        raise PydanticCustomError(
            UNREADABLE,
            "{path} cannot be read: {reason}",
            {"path": value, "reason": error.strerror or type(error).__name__},
        ) from error


NamedFile = Annotated[ReferencedFile, ReadBy(_read)]
"""A policy field that names a file. `read` of the context returns its bytes, or raises OSError."""
