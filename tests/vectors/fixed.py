"""A private Sigstore that makes the same bytes each time: its keys and numbers come from a seed."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import secrets
from collections.abc import Iterator
from typing import Any
from unittest import mock

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

_SIGN = x509.CertificateBuilder.sign


class _Deterministic(ec.ECDSA):
    """ECDSA whose numbers come from the key and the message. RFC 6979."""

    def __init__(self, algorithm: hashes.HashAlgorithm) -> None:
        super().__init__(algorithm, deterministic_signing=True)


def _bytes(number: int, length: int) -> bytes:
    return hashlib.shake_256(b"gate test vectors %d" % number).digest(length)


def derived(number: int, curve: ec.EllipticCurve | None = None) -> ec.EllipticCurvePrivateKey:
    """Return the key of a number. It is no secret: everybody can derive it."""
    chosen = curve or ec.SECP256R1()
    wanted = (chosen.key_size - 1) // 8
    return ec.derive_private_key(int.from_bytes(_bytes(number, wanted)) + 1, chosen)


@contextlib.contextmanager
def nothing_random() -> Iterator[None]:
    """Make keys, serial numbers and signatures the same each time, while this is entered."""
    # cryptography looks up the class of ECDSA once in a process: let it find its own.
    derived(0).sign(b"", ec.ECDSA(hashes.SHA256()))
    numbers = itertools.count()

    def sign(builder: x509.CertificateBuilder, key: Any, hash_: Any) -> x509.Certificate:  # noqa: ANN401  # as `sign`
        return _SIGN(builder, key, hash_, ecdsa_deterministic=True)

    def edwards() -> ed25519.Ed25519PrivateKey:
        return ed25519.Ed25519PrivateKey.from_private_bytes(_bytes(next(numbers), 32))

    with contextlib.ExitStack() as patched:
        for owner, name, to in (
            (ec, "generate_private_key", lambda curve: derived(next(numbers), curve)),
            (ec, "ECDSA", _Deterministic),
            (x509.CertificateBuilder, "sign", sign),
            (ed25519.Ed25519PrivateKey, "generate", staticmethod(edwards)),
            (x509, "random_serial_number", lambda: 1 + next(numbers)),
            (secrets, "token_bytes", lambda size: _bytes(next(numbers), size)),
        ):
            patched.enter_context(mock.patch.object(owner, name, to))
        yield
