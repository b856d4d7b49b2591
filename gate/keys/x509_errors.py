"""How cryptography says that a certificate is of no form that it can read.

https://cryptography.io/en/stable/x509/reference/
"""

from __future__ import annotations

from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

UNREADABLE: Final = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.AttributeNotFound,
    x509.DuplicateExtension,
    x509.ExtensionNotFound,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)
"""Raised when a certificate, a field or an extension of it is read. They share no class of their
own: `x509.UnsupportedGeneralNameType` (a name of the kinds x400Address or ediPartyName) is no
ValueError."""
