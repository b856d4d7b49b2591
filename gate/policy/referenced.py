"""A file that a check's params name: read when the policy is, and covered by its digest."""

from __future__ import annotations

from typing import Final

from pydantic import GetCoreSchemaHandler, ValidationInfo
from pydantic_core import PydanticCustomError, core_schema

from gate.model.records import dataclass

UNKNOWN_SIGNER: Final = "signer_unknown"
"""The type of error of a signer that is named and not defined."""
UNREADABLE: Final = "file_unreadable"
"""The type of error of a file that is named and cannot be read."""


@dataclass(frozen=True, slots=True)
class ReferencedFile:
    """A file's content, and the path by which the policy names it.

    In a policy it is the path; `read` of the context returns its bytes or raises OSError.
    """

    path: str
    """From the policy's own folder."""
    content: bytes

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: object, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Return how pydantic reads it: from text, with the context."""
        del source, handler
        return core_schema.with_info_plain_validator_function(
            _read, json_schema_input_schema=core_schema.str_schema()
        )


def _read(value: object, info: ValidationInfo) -> ReferencedFile:
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
