"""NaCl's secretbox: XSalsa20 and Poly1305, as cosign's key files use it.

For a few hundred bytes, as a private key has; it is slow and not meant for more.
https://nacl.cr.yp.to/secretbox.html, https://cr.yp.to/snuffle/xsalsa-20110204.pdf
"""

from __future__ import annotations

import struct
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.poly1305 import Poly1305

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 24
_TAG: Final = 16
_WORD: Final = 0xFFFFFFFF
_CONSTANTS: Final = struct.unpack("<4I", b"expand 32-byte k")
_COLUMNS_THEN_ROWS: Final = (
    *((0, 4, 8, 12), (5, 9, 13, 1), (10, 14, 2, 6), (15, 3, 7, 11)),
    *((0, 1, 2, 3), (5, 6, 7, 4), (10, 11, 8, 9), (15, 12, 13, 14)),
)


def seal(key: bytes, nonce: bytes, message: bytes) -> bytes:
    """Return the authenticator and the encrypted message. A nonce is used once per key."""
    stream = _xsalsa20(key, nonce, KEY_BYTES + len(message))
    encrypted = _xor(message, stream[KEY_BYTES:])
    return Poly1305.generate_tag(stream[:KEY_BYTES], encrypted) + encrypted


def unseal(key: bytes, nonce: bytes, box: bytes) -> bytes | None:
    """Return the message; None where the key is another or the box was changed."""
    tag, encrypted = box[:_TAG], box[_TAG:]
    stream = _xsalsa20(key, nonce, KEY_BYTES + len(encrypted))
    try:
        Poly1305.verify_tag(stream[:KEY_BYTES], encrypted, tag)
    except InvalidSignature:
        return None
    return _xor(encrypted, stream[KEY_BYTES:])


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def _xsalsa20(key: bytes, nonce: bytes, length: int) -> bytes:
    """Return `length` bytes of key stream."""
    inner = _rounds(_state(key, struct.unpack("<4I", nonce[:16])))
    subkey = struct.pack("<8I", *(inner[i] for i in (0, 5, 10, 15, 6, 7, 8, 9)))
    tail = struct.unpack("<2I", nonce[16:])
    stream = bytearray()
    for counter in range(-(-length // 64)):
        state = _state(subkey, (*tail, counter & _WORD, counter >> 32))
        mixed = _rounds(state)
        words = ((a + b) & _WORD for a, b in zip(state, mixed, strict=True))
        stream += struct.pack("<16I", *words)
    return bytes(stream[:length])


def _state(key: bytes, middle: tuple[int, ...]) -> list[int]:
    words = struct.unpack("<8I", key)
    one, two, three, four = _CONSTANTS
    return [one, *words[:4], two, *middle, three, *words[4:], four]


def _rounds(state: list[int]) -> list[int]:
    x = list(state)
    for _ in range(10):
        for a, b, c, d in _COLUMNS_THEN_ROWS:
            x[b] ^= _rotated(x[a] + x[d], 7)
            x[c] ^= _rotated(x[b] + x[a], 9)
            x[d] ^= _rotated(x[c] + x[b], 13)
            x[a] ^= _rotated(x[d] + x[c], 18)
    return x


def _rotated(word: int, bits: int) -> int:
    word &= _WORD
    return ((word << bits) | (word >> (32 - bits))) & _WORD
