"""RFC 8785 JSON of a value that was read, its long lists item by item.

https://www.rfc-editor.org/rfc/rfc8785
"""

from __future__ import annotations

from io import BytesIO
from typing import IO, Any

import rfc8785

from gate.documents.json_array import JsonArray


def canonical_json(value: Any) -> bytes:  # noqa: ANN401  # any JSON value
    """Return the one form of a value, the same bytes whether or not its lists are JsonArrays.

    One item of a JsonArray is held at a time. Raises ValueError for what has no such form, such as
    a whole number over 2^53.
    """
    sink = BytesIO()
    _write(value, sink)
    return sink.getvalue()


def _write(value: Any, sink: IO[bytes]) -> None:  # noqa: ANN401  # any JSON value
    if isinstance(value, JsonArray | list):
        # An item of a JsonArray is read whole, so no JsonArray is in it.
        write = _write if isinstance(value, list) else rfc8785.dump
        for number, item in enumerate(value):
            sink.write(b"," if number else b"[")
            write(item, sink)
        sink.write(b"]" if value else b"[]")
    elif isinstance(value, dict):
        by_key = sorted(value.items(), key=lambda entry: entry[0].encode("utf-16be"))
        for number, (key, inner) in enumerate(by_key):
            sink.write(b"," if number else b"{")
            rfc8785.dump(key, sink)
            sink.write(b":")
            _write(inner, sink)
        sink.write(b"}" if value else b"{}")
    else:
        rfc8785.dump(value, sink)
