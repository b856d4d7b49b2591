"""Who signs: a key, a key management service, or the identity of the CI job."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from gate.errors import SigningError
from gate.keys.private import load_private_key
from gate.keys.public import MalformedKey, PublicKey
from gate.model.expressions import expression
from gate.model.records import dataclass
from gate.signing.ambient import IdentityToken

PASSWORD = "GATE_KEY_PASSWORD"  # noqa: S105  # the variable's name, not its value
MAX_KEY_BYTES = 1024 * 1024
"""The largest key or client trust config that is read."""
KEY_ITSELF: Final = "key-itself"
_KEY: Final = expression(r"-----BEGIN|[\r\n]|^[A-Za-z0-9+/=]{100,}$")
"""Text that may be a key, of which no message shows anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Turns a statement into a bundle, and what verifies that bundle."""

    sign: Callable[[bytes], bytes]
    """Raises SigningError."""
    key: PublicKey | None = None
    """None where a certificate signs."""
    trust_config: bytes | None = None
    together: int = 1
    """How many statements may be signed at the same time, each in a thread."""
    identity: Callable[[], IdentityToken] | None = None
    """Who signs without a key: the identity of the CI job. Raises SigningError."""


def key_signer(pem: bytes) -> Signer:
    """Return the signer of a private key. Raises SigningError, which never quotes the key."""
    from gate.signing.key import sign_statement

    password = os.environ.get(PASSWORD)
    try:
        key = load_private_key(pem, None if password is None else password.encode())
    except MalformedKey as error:
        raise SigningError(
            "key-malformed",
            f"the private key cannot be used: {error}",
            remedy=error.remedy
            or f"name a PEM key, and put its password, if it has one, in {PASSWORD}",
        ) from error
    return Signer(sign=lambda payload: sign_statement(payload, key), key=key.public_key())


def kms_signer(uri: str) -> Signer:
    """Return the signer of a key in a service, asked now for its public half."""
    from gate.signing.kms import KmsKey

    key = KmsKey(uri)
    return Signer(sign=key.sign_statement, key=key.public_key)


def keyless_signer(trust_config: bytes | None, *, publish_private: bool) -> Signer:
    """Return the signer of the CI job's identity, which is asked for with the first statement."""
    from gate.signing.keyless import TOGETHER, KeylessSigning

    keyless = KeylessSigning(trust_config, publish_private=publish_private)
    return Signer(
        sign=keyless.sign_statement,
        trust_config=trust_config,
        together=TOGETHER,
        identity=keyless.identity,
    )


def read_key(path: Path) -> bytes:
    """Return a key or client trust config. Raises SigningError."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_KEY_BYTES)
    except (OSError, ValueError) as error:
        if _KEY.search(str(path)):
            raise SigningError(
                KEY_ITSELF,
                "the key itself was given, and the name of its file is expected",
                remedy="write the key to a file that this job alone can read, and name the file; "
                "who could read this call or policy has the key, so make a new one",
            ) from None
        problem = error.strerror if isinstance(error, OSError) else "no path has such a character"
        raise SigningError(
            "key-unreadable",
            f"{path}, which is to sign, cannot be read: {problem}",
            remedy="put it there in the job that signs, and nowhere else; "
            "`gate check --dry-run` needs none",
        ) from error
