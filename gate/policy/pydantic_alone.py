"""pydantic-core: what reads a policy, and its errors.

It is imported without its module of types, which no run needs: it has a hundred classes for type
checkers, and takes longer than all the rest. Where somebody asks for it later, as pydantic does, it
is imported as ever.
"""

from __future__ import annotations

from gate.model.in_part import import_in_part

import_in_part(
    "pydantic_core",
    {
        "pydantic_core._pydantic_core": (
            *("PydanticCustomError", "SchemaValidator", "ValidationError", "__version__"),
        )
    },
)

from pydantic_core import (  # noqa: E402  # in part
    PydanticCustomError,
    SchemaValidator,
    ValidationError,
)

__all__ = ["PydanticCustomError", "SchemaValidator", "ValidationError"]
