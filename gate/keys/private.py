"""Private keys: made, written and read. They stay in memory and are never printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias, cast

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from gate.keys import cosign
from gate.keys.encodings import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
    load_pem_private_key,
)
from gate.keys.public import MAX_KEY_BYTES, MalformedKey, supported

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

PrivateKey: TypeAlias = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey

_NAME: Final = "name a private key in PEM form, or make a pair with `gate keygen`"
_NO_PASSWORD: Final = "the key is encrypted: give its password"  # noqa: S105  # a message


def generate() -> ec.EllipticCurvePrivateKey:
    """Return a new ECDSA key on P-256, the kind that cosign makes."""
    return ec.generate_private_key(ec.SECP256R1())


def private_pem(key: PrivateKey) -> bytes:
    """Return the key as unencrypted PKCS #8 PEM. Everybody who reads it can sign."""
    return key.private_bytes(
        Encoding.PEM,
        PrivateFormat.PKCS8,
        NoEncryption(),
    )


def load_private_key(pem: bytes, password: bytes | None) -> PrivateKey:
    """Read a PEM private key: PKCS #8, its encrypted form, SEC 1, PKCS #1, or cosign's.

    cosign encrypts with an empty password where the user gives none, so for its keys None
    and b"" are the same. A password for a key that has none is refused, as it hides a
    mistake. Raises MalformedKey.
    """
    if len(pem) > MAX_KEY_BYTES:
        msg = f"a private key file has at most {MAX_KEY_BYTES} bytes, and this has {len(pem)}"
        raise MalformedKey(msg)
    if cosign.is_cosign_key(pem):
        return _checked(_load_der(cosign.decrypt(pem, password or b"")))
    try:
        return _checked(load_pem_private_key(pem, password or None))
    except TypeError as error:
        if password:
            msg = "the key is not encrypted, and a password was given"
            raise MalformedKey(msg, "unset the password") from error
        raise MalformedKey(_NO_PASSWORD, "put its password into GATE_KEY_PASSWORD") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        if isinstance(error, MalformedKey):
            raise
        if b"PUBLIC KEY" in pem:
            msg = "this is a public key"
            raise MalformedKey(msg, "name its private half, such as gate.key") from error
        from gate.keys.other_files import other_file  # noqa: PLC0415  # of what is no key alone

        if other := other_file(pem):
            raise MalformedKey(other.problem, _NAME) from error
        if password:
            msg = "wrong password"
            raise MalformedKey(msg, "put the key's own password into GATE_KEY_PASSWORD") from error
        msg = "this is not a private key in PEM form"
        raise MalformedKey(msg) from error


def _load_der(der: bytes) -> PrivateKeyTypes:
    try:
        return load_der_private_key(der, None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        msg = "the password opens the key file, but what it holds is not a PKCS #8 key"
        raise MalformedKey(msg) from error


def _checked(key: PrivateKeyTypes) -> PrivateKey:
    supported(key.public_key())  # which refuses the public half of every other kind
    return cast("PrivateKey", key)
