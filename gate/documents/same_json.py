"""Whether two parsed values are the same JSON."""

from __future__ import annotations

import json
from typing import Any


def is_same_json(one: Any, other: Any) -> bool:  # noqa: ANN401  # any JSON values
    """Whether two values are equal, and of the same types: to Python `1`, `1.0`, `True` are one.

    The keys of an object may be in any order. A NaN is not the same as itself.
    """
    if one != other:
        return False
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
