"""Snappy's block format: what it holds, and what is refused."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.registry.elsewhere.snappy import uncompress

PIECES = st.lists(
    st.one_of(
        st.binary(min_size=1, max_size=300),
        st.tuples(st.integers(1, 64), st.integers(1, 5000), st.sampled_from((1, 2, 4))),
    ),
    max_size=20,
)


def block(pieces: list[bytes | tuple[int, int, int]]) -> tuple[bytes, bytes]:
    """Return a block, written by the format's description, and what it holds."""
    out, held = b"", b""
    for piece in pieces:
        if isinstance(piece, bytes):
            size = len(piece) - 1
            tag = bytes([size << 2]) if size < 60 else b"\xf4" + size.to_bytes(2, "little")
            out, held = out + tag + piece, held + piece
            continue
        size, back, width = piece
        back = min(back, len(held), 2047 if width == 1 else 65535)
        if not back:
            continue
        if width == 1:
            size = min(max(size, 4), 11)
            out += bytes([back >> 8 << 5 | (size - 4) << 2 | 1, back & 255])
        else:
            out += bytes([(size - 1) << 2 | (2 if width == 2 else 3)]) + back.to_bytes(
                width, "little"
            )
        for _ in range(size):
            held += held[-back : len(held) - back + 1]
    length, head = len(held), b""
    while length > 127:
        head, length = head + bytes([length & 127 | 128]), length >> 7
    return head + bytes([length]) + out, held


@given(pieces=PIECES)
def test_what_is_written_is_read(pieces: list[bytes | tuple[int, int, int]]) -> None:
    written, held = block(pieces)
    assert uncompress(written, most=len(held)) == held


@given(pieces=PIECES, cut=st.integers(1, 50))
def test_a_block_that_is_cut_is_refused(
    pieces: list[bytes | tuple[int, int, int]], cut: int
) -> None:
    written, held = block(pieces)
    with pytest.raises(ValueError, match="it "):
        uncompress(written[:-cut] if held else b"", most=len(held))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "begin with a length"),
        (b"\x80" * 6, "begin with a length"),
        (b"\xff\xff\xff\xff\x0f", "at most 100 are read"),
        (b"\x05\x10abc", "ends in the middle"),
        (b"\x04\x01\x01", "before its beginning"),
        (b"\x05\x00a\x01\x00", "before its beginning"),
        (b"\x02\x08abc", "as many bytes"),
        (b"\x04\x08abc", "as many bytes"),
    ],
)
def test_what_is_no_block_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        uncompress(data, most=100)


@given(data=st.binary(max_size=60))
def test_any_bytes_are_read_or_refused_within_the_bound(data: bytes) -> None:
    held = b""
    with contextlib.suppress(ValueError):
        held = uncompress(data, most=1000)
    assert len(held) <= 1000
