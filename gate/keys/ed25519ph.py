"""Ed25519ph: signatures by Ed25519 over the SHA-512 of a message, as cosign makes them.

The prefix `dom2` keeps the scheme and plain Ed25519 apart: no signature of one is ever one of
the other. OpenSSL offers the scheme, and `cryptography` does not pass it on, so it is computed
here. Only public values take part, so its time tells nothing.

https://www.rfc-editor.org/rfc/rfc8032#section-5.1.7
"""

from __future__ import annotations

import hashlib
from typing import Final, TypeAlias

_P: Final = 2**255 - 19
_ORDER: Final = 2**252 + 27742317777372353535851937790883648493
_D: Final = -121665 * pow(121666, -1, _P) % _P
_ROOT_OF_MINUS_1: Final = pow(2, (_P - 1) // 4, _P)
_HALF: Final = 32
_PREFIX: Final = b"SigEd25519 no Ed25519 collisions\x01\x00"
"""`dom2` with the flag for a hashed message and an empty context."""

_Point: TypeAlias = tuple[int, int, int, int]
"""Extended coordinates X, Y, Z, T: x is X/Z, y is Y/Z, and T is XY/Z."""
_ZERO: Final[_Point] = (0, 1, 1, 0)
_X: Final = 15112221349535400772501151409588531511454012693041857206046113283949847762202
_Y: Final = 4 * pow(5, -1, _P) % _P
_COFACTOR: Final = 8
_BASE: Final[_Point] = (_X, _Y, 1, _X * _Y % _P)


def verifies(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the key of 32 bytes made the Ed25519ph signature over the message."""
    return satisfies(public, signature, hashlib.sha512(message).digest(), prefix=_PREFIX)


def satisfies(public: bytes, signature: bytes, signed: bytes, *, prefix: bytes) -> bool:
    """Whether a signature satisfies Ed25519's equation, without a cofactor, as OpenSSL's does.

    With an empty prefix, and `signed` the message itself, this is plain Ed25519.
    """
    first, second = signature[:_HALF], int.from_bytes(signature[_HALF:], "little")
    key = _decoded(public)
    if len(signature) != 2 * _HALF or second >= _ORDER or key is None:
        return False
    digest = hashlib.sha512(prefix + first + public + signed).digest()
    factor = int.from_bytes(digest, "little") % _ORDER
    return _encoded(_sum(_times(second, _BASE), _times(_ORDER - factor, key))) == first


def is_weak(public: bytes) -> bool:
    """Whether everybody can sign with a key: its point has a small order, or is not on the curve.

    Eight times such a point is the neutral one: https://www.rfc-editor.org/rfc/rfc8032#section-5.1
    """
    point = _decoded(public)
    return point is None or _encoded(_times(_COFACTOR, point)) == _encoded(_ZERO)


def _sum(one: _Point, other: _Point) -> _Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % _P
    b = (one[1] + one[0]) * (other[1] + other[0]) % _P
    c = 2 * one[3] * other[3] * _D % _P
    d = 2 * one[2] * other[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(factor: int, point: _Point) -> _Point:
    total = _ZERO
    while factor:
        if factor & 1:
            total = _sum(total, point)
        point = _sum(point, point)
        factor >>= 1
    return total


def _decoded(encoded: bytes) -> _Point | None:
    """Return the point that 32 bytes stand for; None where they stand for none."""
    sign = encoded[-1] >> 7
    y = int.from_bytes(encoded, "little") & ((1 << 255) - 1)
    if len(encoded) != _HALF or y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT_OF_MINUS_1 % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    x = _P - x if x & 1 != sign else x
    return x, y, 1, x * y % _P


def _encoded(point: _Point) -> bytes:
    inverse = pow(point[2], -1, _P)
    x, y = point[0] * inverse % _P, point[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(_HALF, "little")
