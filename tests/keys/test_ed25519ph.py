"""Ed25519ph: RFC 8032's own example, and the same arithmetic held against OpenSSL's."""

from __future__ import annotations

import random
from typing import Final

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ed25519

from gate.keys.ed25519ph import is_weak, satisfies, verifies

PUBLIC: Final = bytes.fromhex("ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf")
SIGNATURE: Final = bytes.fromhex(
    "98a70222f0b8121aa9d30f813d683f809e462b469c7ff87639499bb94e6dae41"
    "31f85042463c2a355a2003d062adf5aaa10b8c61e636062aaad11c2a26083406"
)
"""https://www.rfc-editor.org/rfc/rfc8032#section-7.3"""
ORDER: Final = 2**252 + 27742317777372353535851937790883648493
P: Final = 2**255 - 19
SIGN: Final = 1 << 255
NEUTRAL: Final = 1
OF_ORDER_8: Final = int.from_bytes(
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"
)
"""https://www.rfc-editor.org/rfc/rfc7748#section-7 counts points of small order; these are all."""
SMALL: Final = (
    *(NEUTRAL, P - 1, 0, SIGN, OF_ORDER_8, P - OF_ORDER_8, SIGN | OF_ORDER_8),
    SIGN | (P - OF_ORDER_8),
)


def packed(number: int) -> bytes:
    return number.to_bytes(32, "little")


def holds(public: bytes, signed: bytes = b"", *, times: int = 0) -> bool:
    """Tell whether the neutral point and a multiple of the order satisfy the equation."""
    signature = packed(NEUTRAL) + packed(times * ORDER)
    return satisfies(public, signature, signed, prefix=b"")


def test_the_example_of_rfc_8032_verifies() -> None:
    assert verifies(PUBLIC, SIGNATURE, b"abc")


@pytest.mark.parametrize(
    ("public", "signature", "message"),
    [
        (PUBLIC, SIGNATURE, b"abd"),
        (PUBLIC, SIGNATURE[:-1], b"abc"),
        (PUBLIC, SIGNATURE + b"\0", b"abc"),
        (PUBLIC, b"", b"abc"),
        (bytes(32), SIGNATURE, b"abc"),
        (b"\xff" * 32, SIGNATURE, b"abc"),
    ],
)
def test_anything_else_does_not(public: bytes, signature: bytes, message: bytes) -> None:
    assert not verifies(public, signature, message)


def test_a_second_half_beyond_the_order_of_the_group_is_refused() -> None:
    more = int.from_bytes(SIGNATURE[32:], "little") + ORDER
    assert not verifies(PUBLIC, SIGNATURE[:32] + more.to_bytes(32, "little"), b"abc")


@pytest.mark.parametrize("number", SMALL)
def test_a_point_of_small_order_is_a_key_with_which_everybody_signs(number: int) -> None:
    assert is_weak(packed(number))
    assert any(holds(packed(number), bytes([one])) for one in range(60))


def test_a_key_that_somebody_made_is_not_weak_and_what_is_no_point_is() -> None:
    key = ed25519.Ed25519PrivateKey.from_private_bytes(b"k" * 32)
    assert not is_weak(key.public_key().public_bytes_raw())
    assert not is_weak(PUBLIC)
    assert is_weak(packed(2))


def test_a_point_has_one_encoding() -> None:
    neutral = packed(NEUTRAL)
    assert holds(neutral)
    assert not holds(neutral, times=1)
    for other in (packed(SIGN | NEUTRAL), packed(P + 1), neutral + b"\0", packed(SIGN | (P - 1))):
        assert not holds(other)
    assert not any(holds(packed(P), bytes([one])) for one in range(20))


def test_a_plain_signature_is_never_one_over_the_hash_nor_the_other_way_round() -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw()
    assert not verifies(public, key.sign(b"abc"), b"abc")
    with pytest.raises(InvalidSignature):
        ed25519.Ed25519PublicKey.from_public_bytes(PUBLIC).verify(SIGNATURE, b"abc")


def test_without_a_prefix_it_agrees_with_openssl_on_whole_and_on_changed_signatures() -> None:
    draw = random.Random(8032)  # noqa: S311  # which bits are flipped is no secret
    for _ in range(60):
        key = ed25519.Ed25519PrivateKey.from_private_bytes(draw.randbytes(32))
        message = draw.randbytes(draw.randrange(40))
        signature = bytearray(key.sign(message))
        public = bytearray(key.public_key().public_bytes_raw())
        target = draw.choice([signature, public, bytearray(64)])
        target[draw.randrange(len(target))] ^= 1 << draw.randrange(8)
        try:
            loaded = ed25519.Ed25519PublicKey.from_public_bytes(bytes(public))
            loaded.verify(bytes(signature), message)
            expected = True
        except InvalidSignature:
            expected = False
        assert satisfies(bytes(public), bytes(signature), message, prefix=b"") is expected
