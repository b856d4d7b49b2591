"""Quantities such as 100m and 1.5Gi, as Kubernetes writes amounts of resources.

https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any, Final

_FACTORS: Final = {
    "": Decimal(1),
    "n": Decimal("1e-9"),
    "u": Decimal("1e-6"),
    "m": Decimal("1e-3"),
    "k": Decimal(10**3),
    "M": Decimal(10**6),
    "G": Decimal(10**9),
    "T": Decimal(10**12),
    "P": Decimal(10**15),
    "E": Decimal(10**18),
    "Ki": Decimal(2**10),
    "Mi": Decimal(2**20),
    "Gi": Decimal(2**30),
    "Ti": Decimal(2**40),
    "Pi": Decimal(2**50),
    "Ei": Decimal(2**60),
}
DIGITS: Final = frozenset("0123456789")
"""What a quantity may begin with, besides a sign and a point."""
LONGEST: Final = 64
"""The most characters that are read as a quantity."""
_EXPONENT: Final = 4
"""Digits of an exponent that are read; a quantity with more is a wrong one to nobody."""


def quantity(value: Any) -> Decimal | None:  # noqa: ANN401  # any JSON value
    """Return the amount that a text or number names; None where it names none.

    >>> quantity("100m"), quantity("1Gi"), quantity("1 Gi")
    (Decimal('0.100'), Decimal('1073741824'), None)
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    text = str(value)
    if len(text) > LONGEST:
        return None
    number = text[1:] if text[:1] in ("+", "-") else text
    suffix = number.lstrip("0123456789.")
    digits = number[: len(number) - len(suffix)]
    if not digits.strip(".") or digits.count(".") > 1:
        return None
    factor = _FACTORS.get(suffix)
    if factor is None:
        factor = _power(suffix)
    if factor is None:
        return None
    try:
        amount = Decimal(digits) * factor
    except InvalidOperation:
        return None
    return -amount if text[:1] == "-" else amount


def _power(suffix: str) -> Decimal | None:
    """Return the factor of `e3` or `E-3`."""
    if suffix[:1] not in ("e", "E"):
        return None
    digits = suffix[2:] if suffix[1:2] in ("+", "-") else suffix[1:]
    if not digits or len(digits) > _EXPONENT or not DIGITS.issuperset(digits):
        return None
    return Decimal(10) ** int(suffix[1:])
