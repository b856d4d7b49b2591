"""How a quantity is written, and what it must be where no amount below zero makes sense."""

from __future__ import annotations

from typing import Any

from gate.model.quantity import DIGITS, LONGEST, quantity


def written_amount(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold a quantity that can be read."""
    if not isinstance(value, str | int | float) or (isinstance(value, str) and _too_long(value)):
        return None
    return "a quantity such as 500m or 1Gi" if quantity(value) is None else None


def amount(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold a quantity that is not below zero, where it can be read."""
    found = quantity(value)
    return "0 or more" if found is not None and found < 0 else None


def _too_long(text: str) -> bool:
    """Whether a text is longer than what is read here, of which nothing is said."""
    return len(text) > LONGEST and DIGITS.issuperset(text[:LONGEST].replace(".", ""))
