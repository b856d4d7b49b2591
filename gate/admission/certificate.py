"""The server's certificate and key: files that are watched, and taken anew without a pause.

A mounted Secret of Kubernetes changes both files at once by a link; cert-manager writes such. A
pair that does not belong together is not taken: what was there goes on.
"""

from __future__ import annotations

import os
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from gate.errors import UsageError
from gate.keys.x509_errors import UNREADABLE
from gate.model.records import dataclass

MAX_BYTES: Final = 256 * 1024
"""Of a certificate with its chain, or of a key."""
_REMEDY: Final = "give --cert and --key: PEM files of one certificate with its chain, and its key"


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate with its chain, and its key; they belong together."""

    certificate: bytes
    key: bytes
    not_after: datetime

    def __repr__(self) -> str:
        """Say when it ends, and nothing of the key."""
        return f"Pair(until {self.not_after})"


class Pairs(Protocol):
    """Where a server's certificate and key come from."""

    every: float
    """Seconds after which to ask again."""

    def changed(self) -> Pair | None:
        """Return the pair of now, or None where it is the one that was returned before.

        Not for the event loop. Raises GateError where there is none that can be used, once for
        each such state.
        """


class FilePairs:
    """Two files, which somebody else replaces. They are parsed only where they changed."""

    every = 1.0

    def __init__(self, certificate: Path, key: Path) -> None:
        """Take where both are. Nothing is read yet."""
        self._certificate = certificate
        self._key = key
        self._seen: object = None

    def changed(self) -> Pair | None:
        """Return the pair of both files. Raises UsageError where they are no pair."""
        try:
            content = _read(self._certificate), _read(self._key)
        except UsageError as error:
            if self._seen == error.problem:
                return None
            self._seen = error.problem
            raise
        if content == self._seen:
            return None
        self._seen = content
        return pair_of(*content, f"{self._certificate}, {self._key}")


def pair_of(chain: bytes, secret: bytes, where: str) -> Pair:
    """Return the pair of a PEM certificate with its chain and a PEM key. Raises UsageError."""
    try:
        leaf = x509.load_pem_x509_certificates(chain)[0]
        own = load_pem_private_key(secret, password=None).public_key()
        certified, not_after = leaf.public_key(), leaf.not_valid_after_utc
    except UNREADABLE as error:
        # What the library says of a key is not repeated.
        raise _unusable(f"{where}: no certificate and key in PEM form") from error
    form = Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    if certified.public_bytes(*form) != own.public_bytes(*form):
        raise _unusable(f"{where}: the key is not the key of the certificate")
    return Pair(chain, secret, not_after)


def new_context(pair: Pair) -> ssl.SSLContext:
    """Return the TLS settings of a server: TLS 1.2 or newer. Raises UsageError."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    take(context, pair)
    return context


def take(context: ssl.SSLContext, pair: Pair) -> None:
    """Let every handshake from now on show this certificate. Raises UsageError.

    Connections that are open stay. Certificate and key are given to OpenSSL as one file, so that
    no handshake ever sees one without the other.
    """
    try:
        with _one_file(pair) as path:
            context.load_cert_chain(path)
    except (OSError, ssl.SSLError) as error:
        raise _unusable("the certificate or the key cannot be used for TLS") from error


@contextmanager
def _one_file(pair: Pair) -> Iterator[str]:
    content = pair.key + b"\n" + pair.certificate
    if hasattr(os, "memfd_create"):  # Linux: in memory, and nobody else sees it
        descriptor = os.memfd_create("gate-certificate")
        try:
            os.write(descriptor, content)
            yield f"/proc/self/fd/{descriptor}"
        finally:
            os.close(descriptor)
        return
    with tempfile.NamedTemporaryFile() as file:  # readable by its owner alone
        file.write(content)
        file.flush()
        yield file.name


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _unusable(f"{path} cannot be read: {error.strerror}") from error
    if len(data) > MAX_BYTES:
        raise _unusable(f"{path} has more than {MAX_BYTES} bytes")
    return data


def _unusable(problem: str) -> UsageError:
    return UsageError("serve-certificate", problem, remedy=_REMEDY)
