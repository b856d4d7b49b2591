"""What a quantity must be where no amount below zero makes sense."""

from __future__ import annotations

from typing import Any

from gate.model.quantity import DIGITS, LONGEST, quantity


def amount(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold a quantity that is not below zero."""
    if not isinstance(value, str | int | float) or (isinstance(value, str) and _too_long(value)):
        return None
    found = quantity(value)
    if found is None:
        return "a quantity such as 500m or 1Gi"
    return "0 or more" if found < 0 else None


def _too_long(text: str) -> bool:
    """Whether a text is longer than what is read here, of which nothing is said."""
    return len(text) > LONGEST and DIGITS.issuperset(text[:LONGEST].replace(".", ""))
