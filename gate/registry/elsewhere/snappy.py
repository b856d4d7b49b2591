"""Snappy's block format, which GitHub stores attestations in.

https://github.com/google/snappy/blob/main/format_description.txt
"""

from __future__ import annotations

from typing import Final

_LONGEST_VARINT: Final = 5
_LITERAL, _NEAR, _FAR = 0, 1, 2
"""Kinds of an element, in its two lowest bits; 3 is a copy with an offset of four bytes."""
_IN_TAG: Final = 60
"""Literals up to this length have it in their tag."""


def uncompress(data: bytes, *, most: int) -> bytes:
    """Return what a block of Snappy holds, at most `most` bytes. Raises ValueError.

    The block says how long that is: nothing longer or shorter is returned.
    """
    length, at = _varint(data)
    if length > most:
        msg = f"it holds {length} bytes, and at most {most} are read"
        raise ValueError(msg)
    out = bytearray()
    while at < len(data):
        tag = data[at]
        at += 1
        if tag & 3 == _LITERAL:
            size, at = _literal(data, tag >> 2, at)
            out += _taken(data, at, size)
            at += size
        else:
            size, offset, at = _copy(data, tag, at)
            _repeat(out, size, offset)
        if len(out) > length:
            break
    if len(out) != length:
        msg = "it does not hold as many bytes as it says"
        raise ValueError(msg)
    return bytes(out)


def _varint(data: bytes) -> tuple[int, int]:
    """Return a number of seven bits a byte, the lowest first, and where it ends."""
    value = 0
    for at, byte in enumerate(data[:_LONGEST_VARINT]):
        value |= (byte & 0x7F) << (7 * at)
        if byte < 0x80:  # noqa: PLR2004  # the highest bit says that another byte follows
            return value, at + 1
    msg = "it does not begin with a length"
    raise ValueError(msg)


def _literal(data: bytes, code: int, at: int) -> tuple[int, int]:
    """Return the length of a literal, and where it begins."""
    if code < _IN_TAG:
        return code + 1, at
    width = code - _IN_TAG + 1
    return int.from_bytes(_taken(data, at, width), "little") + 1, at + width


def _copy(data: bytes, tag: int, at: int) -> tuple[int, int, int]:
    """Return length and offset of a copy, and where the next element begins."""
    if tag & 3 == _NEAR:
        return 4 + (tag >> 2 & 7), (tag >> 5) << 8 | _taken(data, at, 1)[0], at + 1
    width = 2 if tag & 3 == _FAR else 4
    return (tag >> 2) + 1, int.from_bytes(_taken(data, at, width), "little"), at + width


def _repeat(out: bytearray, size: int, offset: int) -> None:
    """Append so many bytes from so far back; where they overlap, what was appended is repeated."""
    if not 0 < offset <= len(out):
        msg = "it copies from before its beginning"
        raise ValueError(msg)
    start = len(out) - offset
    piece = bytes(out[start : start + min(size, offset)])
    out += (piece * -(-size // len(piece)))[:size]


def _taken(data: bytes, at: int, size: int) -> bytes:
    taken = data[at : at + size]
    if len(taken) != size:
        msg = "it ends in the middle"
        raise ValueError(msg)
    return taken
