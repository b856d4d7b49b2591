"""How JSON of the Sigstore protocol is taken apart: typed, bounded, and with nothing unknown.

ProtoJSON with what clients disagree on left out: names in lowerCamelCase only, standard
base64 only, in the one form that encoding gives. https://protobuf.dev/programming-guides/json/
"""

from __future__ import annotations

import binascii
from collections.abc import Collection
from typing import Any, Final

from gate.model.expressions import expression
from gate.trust.refusal import Reason, Refusal, malformed

_WHOLE: Final = expression(r"0|[1-9][0-9]{0,18}")
_MAX_INT64: Final = (1 << 63) - 1
_GROUPS: Final = 1 << 18
"""Of three bytes and four characters, compared at a time."""


class Fields:
    """One JSON object, named for messages. A field that is null counts as absent."""

    __slots__ = ("_name", "_value")

    def __init__(self, value: object, name: str, known: Collection[str] | None = None) -> None:
        """Take an object with no fields but `known`; with any where that is absent."""
        if not isinstance(value, dict):
            raise malformed(f"{name} is not an object")
        self._value: dict[str, Any] = value
        self._name = name
        if known is not None:
            self.only(known)

    def only(self, known: Collection[str]) -> None:
        """Refuse every field that is not in `known`."""
        unknown = self._value.keys() - known
        if unknown:
            raise malformed(f"{self._name} has the unknown field {min(unknown)!r}")

    def has(self, field: str) -> bool:
        """Whether the field is there and not null."""
        return self._value.get(field) is not None

    def object(self, field: str, known: Collection[str] | None = None) -> Fields:
        """Return a field that holds an object."""
        return Fields(self._required(field), f"{self._name}.{field}", known)

    def text(self, field: str) -> str:
        """Return a field that holds text, which may be empty."""
        value = self._required(field)
        if not isinstance(value, str):
            raise malformed(f"{self._name}.{field} is not text")
        return value

    def base64(self, field: str) -> bytes:
        """Return the bytes that a field holds as base64: at least one."""
        return decode_base64(self._required(field), f"{self._name}.{field}")

    def whole(self, field: str) -> int:
        """Return a whole number from 0 to 2^63 - 1, written as a number or as text."""
        value = self._required(field)
        if isinstance(value, str) and _WHOLE.fullmatch(value):
            value = int(value)
        if type(value) is not int or not 0 <= value <= _MAX_INT64:
            raise malformed(f"{self._name}.{field} is not a whole number of 64 bits")
        return value

    def items(self, field: str, most: int) -> list[Any]:
        """Return a field that holds a list, which may be absent, of at most `most` items."""
        value = self._value.get(field)
        if value is None:
            return []
        if not isinstance(value, list):
            raise malformed(f"{self._name}.{field} is not a list")
        if len(value) > most:
            message = f"{self._name}.{field} has {len(value)} items, and at most {most} are read"
            raise Refusal(Reason.TOO_LARGE, message)
        return value

    def _required(self, field: str) -> Any:  # noqa: ANN401  # parsed JSON
        value = self._value.get(field)
        if value is None:
            raise malformed(f"{self._name} lacks the field {field!r}")
        return value


def decode_base64(value: object, name: str) -> bytes:
    """Return what canonical standard base64 means: at least one byte. Raises Refusal."""
    if not isinstance(value, str):
        raise malformed(f"{name} is not base64 text")
    try:
        data = binascii.a2b_base64(value, strict_mode=True)
    except (binascii.Error, ValueError):
        raise malformed(f"{name} is not standard base64") from None
    if not data or not _writes(data, value):
        raise malformed(f"{name} is not base64 in its canonical form")
    return data


def _writes(data: bytes, text: str) -> bool:
    """Whether base64 writes the bytes as exactly this text, compared piece by piece.

    Three bytes are four characters. A payload has up to 64 MiB: no second copy of it is made.
    """
    if 4 * -(-len(data) // 3) != len(text):
        return False
    with memoryview(data) as view:
        return all(
            binascii.b2a_base64(view[3 * at : 3 * (at + _GROUPS)], newline=False).decode()
            == text[4 * at : 4 * (at + _GROUPS)]
            for at in range(0, len(text) // 4, _GROUPS)
        )


def parse_object(data: bytes, name: str, *, most: int) -> Fields:
    """Read strict JSON of at most `most` bytes that holds an object with any fields.

    Raises Refusal.
    """
    # Its package starts the YAML parser too, and starting is part of what verifying costs.
    from gate.documents.strict_json import MalformedJson, read_json  # noqa: PLC0415  # as said

    if len(data) > most:
        message = f"{name} has {len(data)} bytes, and at most {most} are read"
        raise Refusal(Reason.TOO_LARGE, message)
    try:
        return Fields(read_json(data, max_bytes=most), name)
    except MalformedJson as error:
        raise malformed(f"{name}: {error}") from error
