"""cosign's encrypted private key files, read and written.

PEM around JSON: scrypt makes a key from the password, NaCl's secretbox encrypts PKCS #8.
https://github.com/secure-systems-lab/go-securesystemslib/blob/main/encrypted/encrypted.go
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec

from gate.keys import secretbox
from gate.keys.encodings import Encoding, NoEncryption, PrivateFormat
from gate.keys.public import MalformedKey
from gate.model.expressions import expression
from gate.model.records import dataclass

_LABELS: Final = ("ENCRYPTED SIGSTORE PRIVATE KEY", "ENCRYPTED COSIGN PRIVATE KEY")
_PEM: Final = expression(rb"\s*-----BEGIN ([A-Z ]+)-----([A-Za-z0-9+/=\s]+)-----END \1-----\s*")
_SALT: Final = 32
_MAX_MEMORY: Final = 256 * 1024 * 1024
_MAX_WORK: Final = 1 << 22
"""N x r x p: eight times what cosign writes, about a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cost:
    n: int
    r: int
    p: int

    def __post_init__(self) -> None:
        """Refuse what scrypt cannot compute, and what would take too long or too much."""
        whole = self.n > 1 and self.n & (self.n - 1) == 0 and self.r > 0 and self.p > 0
        if not whole or 128 * self.n * self.r > _MAX_MEMORY or self.n * self.r * self.p > _MAX_WORK:
            msg = f"the key's scrypt cost (N {self.n}, r {self.r}, p {self.p}) is out of bounds"
            raise MalformedKey(msg)

    def derive(self, password: bytes, salt: bytes) -> bytes:
        """Return the key that the password gives."""
        memory = 2 * 128 * self.n * self.r + 1024 * 1024
        return hashlib.scrypt(
            password,
            salt=salt,
            n=self.n,
            r=self.r,
            p=self.p,
            dklen=secretbox.KEY_BYTES,
            maxmem=memory,
        )


_WRITTEN: Final = _Cost(n=65536, r=8, p=1)


def is_cosign_key(pem: bytes) -> bool:
    """Whether the text is labelled as one of cosign's encrypted keys."""
    return any(f"-----BEGIN {label}-----".encode() in pem for label in _LABELS)


def decrypt(pem: bytes, password: bytes) -> bytes:
    """Return the PKCS #8 DER inside a cosign key file. Raises MalformedKey."""
    form = _PEM.fullmatch(pem)
    if form is None or form[1].decode() not in _LABELS:
        msg = "this is not one of cosign's encrypted private keys"
        raise MalformedKey(msg)
    try:
        document = json.loads(base64.b64decode(b"".join(form[2].split()), validate=True))
        cost, salt, nonce, box = _read(document)
        key = cost.derive(password, salt)
    except MalformedKey:
        raise
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error) as error:
        msg = "the encrypted private key is damaged, or of a form that gate does not know"
        raise MalformedKey(msg) from error
    der = secretbox.unseal(key, nonce, box)
    if der is None:
        msg = "wrong password, or the key file was changed"
        raise MalformedKey(msg)
    return der


def encrypted_pem(key: ec.EllipticCurvePrivateKey, password: bytes) -> bytes:
    """Return the key as cosign writes it, under its present label and cost."""
    salt, nonce = os.urandom(_SALT), os.urandom(secretbox.NONCE_BYTES)
    der = key.private_bytes(
        Encoding.DER,
        PrivateFormat.PKCS8,
        NoEncryption(),
    )
    box = secretbox.seal(_WRITTEN.derive(password, salt), nonce, der)
    document = {
        "kdf": {
            "name": "scrypt",
            "params": {"N": _WRITTEN.n, "r": _WRITTEN.r, "p": _WRITTEN.p},
            "salt": _base64(salt),
        },
        "cipher": {"name": "nacl/secretbox", "nonce": _base64(nonce)},
        "ciphertext": _base64(box),
    }
    body = _base64(json.dumps(document, separators=(",", ":")).encode())
    lines = (body[i : i + 64] for i in range(0, len(body), 64))
    return "\n".join(
        (f"-----BEGIN {_LABELS[0]}-----", *lines, f"-----END {_LABELS[0]}-----", "")
    ).encode()


def _read(document: dict[str, Any]) -> tuple[_Cost, bytes, bytes, bytes]:
    kdf, cipher = document["kdf"], document["cipher"]
    if kdf["name"] != "scrypt" or cipher["name"] != "nacl/secretbox":
        msg = "the key is encrypted in another way than cosign's: scrypt and nacl/secretbox"
        raise MalformedKey(msg)
    params = kdf["params"]
    n, r, p = (params[name] for name in ("N", "r", "p"))
    if any(type(number) is not int for number in (n, r, p)):
        msg = "the key's scrypt cost is not three whole numbers"
        raise MalformedKey(msg)
    nonce = base64.b64decode(cipher["nonce"], validate=True)
    if len(nonce) != secretbox.NONCE_BYTES:
        msg = f"the key's nonce has {len(nonce)} bytes, not {secretbox.NONCE_BYTES}"
        raise MalformedKey(msg)
    salt = base64.b64decode(kdf["salt"], validate=True)
    return (
        _Cost(n=n, r=r, p=p),
        salt,
        nonce,
        base64.b64decode(document["ciphertext"], validate=True),
    )


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
