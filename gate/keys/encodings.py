"""cryptography's reading and writing of keys in PEM and DER.

It is imported without what reads keys of SSH, which brings all ciphers along: that was half of
what a check took to import cryptography. Where somebody asks for the rest later, it is imported
as ever.
"""

from __future__ import annotations

from gate.model.in_part import import_in_part

_PACKAGE = "cryptography.hazmat.primitives.serialization"

import_in_part(
    _PACKAGE,
    {
        f"{_PACKAGE}.base": (
            *("load_der_private_key", "load_der_public_key"),
            *("load_pem_private_key", "load_pem_public_key"),
        ),
        "cryptography.hazmat.primitives._serialization": (
            *("Encoding", "NoEncryption", "PrivateFormat", "PublicFormat"),
        ),
    },
)

from cryptography.hazmat.primitives.serialization import (  # noqa: E402  # in part
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_der_public_key,
    load_pem_private_key,
    load_pem_public_key,
)

__all__ = [
    "Encoding",
    "NoEncryption",
    "PrivateFormat",
    "PublicFormat",
    "load_der_private_key",
    "load_der_public_key",
    "load_pem_private_key",
    "load_pem_public_key",
]
