"""pydantic-core: what reads a policy, and its errors.

It is imported without its module of types, which no run needs: it has a hundred classes for type
checkers, and takes a sixth of what reading a policy takes. Where something asks for that module
later, as pydantic does, it is imported as ever.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Final

_TYPES: Final = "pydantic_core.core_schema"

if "pydantic_core" not in sys.modules:
    _none = ModuleType(_TYPES)
    vars(_none).update(dict.fromkeys(("CoreConfig", "CoreSchema", "CoreSchemaType", "ErrorType")))
    sys.modules[_TYPES] = _none
    try:
        import pydantic_core  # noqa: F401  # its names are taken below
    finally:
        del sys.modules[_TYPES]

from pydantic_core import (  # noqa: E402  # it is there now
    PydanticCustomError,
    SchemaValidator,
    ValidationError,
)

__all__ = ["PydanticCustomError", "SchemaValidator", "ValidationError"]
