"""What a file is that was given for a key, and holds no key: told by how it begins.

Without this, each of them reads "not a public key", and the next step is a guess.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from gate.model.expressions import expression

_MAKE: Final = "make a pair with `gate keygen`"


class OtherFile(NamedTuple):
    """What the file is, and the next step."""

    problem: str
    remedy: str


_BEGINS: Final[tuple[tuple[re.Pattern[bytes], OtherFile], ...]] = tuple(
    (expression(pattern), OtherFile(problem, remedy))
    for pattern, problem, remedy in (
        (rb"\Z", "the file is empty", f"{_MAKE}, or name another file"),
        (
            rb"ssh-ed25519 |sk-(?:ssh|ecdsa)-",
            "this is an SSH key, and gate reads keys in PEM form",
            _MAKE,
        ),
        (
            rb"ssh-|ecdsa-sha2-|---- BEGIN SSH2 ",
            "this is an SSH key, and gate reads keys in PEM form",
            f"convert it with `ssh-keygen -e -m PKCS8 -f KEY.pub > key.pub`, or {_MAKE}",
        ),
        (
            rb"-----BEGIN OPENSSH PRIVATE",
            "this is an OpenSSH private key, and gate reads keys in PEM form",
            _MAKE,
        ),
        (
            rb"-----BEGIN PGP ",
            "this is a PGP key, and images are not signed with PGP",
            f"name the PEM key that signs the image, or {_MAKE}",
        ),
        (
            rb"-----BEGIN (?:TRUSTED )?CERTIFICATE-----",
            "this is a certificate, not a public key",
            "take the key out of it: `openssl x509 -pubkey -noout -in FILE > key.pub`",
        ),
        (
            rb"-----BEGIN (?:NEW )?CERTIFICATE REQUEST",
            "this is a request for a certificate, not a public key",
            "take the key out of it: `openssl req -pubkey -noout -in FILE > key.pub`",
        ),
        (
            rb"untrusted comment:",
            "this is a key or signature of minisign, and gate reads keys in PEM form",
            _MAKE,
        ),
        (
            rb"\{|\[",
            "this is JSON, and gate reads keys in PEM form",
            "name the PEM file of the same key, which begins with -----BEGIN PUBLIC KEY-----",
        ),
        (
            rb"(?i)<(?:!doctype|html)",
            "this is an HTML page, and no key",
            "download the file itself: in place of the key, the server answered with a page",
        ),
    )
)


def other_file(data: bytes) -> OtherFile | None:
    """Return what a file that holds no key is; None where its first bytes do not tell."""
    begin = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:64]
    return next((other for pattern, other in _BEGINS if pattern.match(begin)), None)
