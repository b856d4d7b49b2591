"""Mutants of `keys` that change nothing that anybody could see, each with the reason."""

from __future__ import annotations

from typing import Final

_ROOM: Final = "a bound on memory that leaves room to spare, and scrypt takes what it needs"
_EQUAL: Final = "both have one length, so zip has nothing to refuse"
EQUIVALENT: Final[dict[str, str]] = {
    "gate/keys/cosign.py _Cost.__post_init__: 2 for 1 (2)": (
        "of the numbers over 1 the same have no bit in common with the one two below"
    ),
    "gate/keys/cosign.py _Cost.derive: 3 for 2": _ROOM,
    "gate/keys/cosign.py _Cost.derive: 129 for 128": _ROOM,
    "gate/keys/cosign.py _Cost.derive: 1025 for 1024": _ROOM,
    "gate/keys/cosign.py _Cost.derive: 1025 for 1024 (2)": _ROOM,
    "gate/keys/ed25519ph.py _decoded: 4 for 3": "P + 3 is eight times a whole number",
    "gate/keys/other_files.py other_file: 65 for 64": "no such beginning has 64 characters",
    "gate/keys/public.py signed_by: no `own is not _CURVE_HASH['secp256r1']`": (
        "the same question gets the same answer again"
    ),
    "gate/keys/schemes.py refused_scheme: no `case ed25519.Ed25519PublicKey()`": (
        "a function that ends returns None"
    ),
    "gate/keys/schemes.py _digest: True for False": (
        "only a system that forbids weak hashes to all programs asks for the purpose"
    ),
    "gate/keys/secretbox.py _xor: False for True": _EQUAL,
    "gate/keys/secretbox.py _xsalsa20: 33 for 32": "no key stream has 2^32 blocks",
    "gate/keys/secretbox.py _xsalsa20: False for True": _EQUAL,
}
