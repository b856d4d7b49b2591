"""Signing with a key that never leaves a key management service.

By securesystemslib's signers, each of which needs its extra:

| URI                                             | service          | extra   |
| ----------------------------------------------- | ---------------- | ------- |
| `awskms:KEY`, an id, an ARN or `alias/NAME`     | AWS KMS          | `aws`   |
| `azurekms://VAULT.vault.azure.net/keys/NAME`    | Azure Key Vault  | `azure` |
| `gcpkms:projects/…/cryptoKeyVersions/N`         | Google Cloud KMS | `gcp`   |
| `hv:NAME`, an Ed25519 key of the transit engine | HashiCorp Vault  | `vault` |

Credentials are the service's own ambient ones. Azure and Vault sign with the newest version
of the key. What is signed here is verified here, with the public key that the service gives.
No real service was ever asked. The way to AWS was run against moto, an imitation that hashes
what is hashed already; such a signature is refused here, as it should be. The ways to Azure,
Google and Vault were run with stand-ins alone.
https://python-securesystemslib.readthedocs.io/en/latest/signer.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar

from cryptography.hazmat.primitives.asymmetric import ed25519

from gate.errors import SigningError
from gate.keys.public import PublicKey, fingerprint, load_public_key, signed_by, supported
from gate.model.deadline import TimedCalls
from gate.signing.envelope import keyed_bundle, pae
from gate.signing.foreign import reason

if TYPE_CHECKING:  # 0.05 s, and needed only to sign with a service
    from securesystemslib.signer import Signer

T = TypeVar("T")

SECONDS: Final = 60.0
"""How long a service may take for one answer."""

_KEYS: Final = {
    "awskms": ("aws", "awskms:KEY", r"([A-Za-z0-9:/_.-]{1,512})"),
    "azurekms": (
        "azure",
        "azurekms://VAULT.vault.azure.net/keys/NAME",
        r"//([a-z0-9-]{3,24})\.vault\.azure\.net/keys/([A-Za-z0-9-]{1,127})",
    ),
    "gcpkms": (
        "gcp",
        "gcpkms:projects/P/locations/L/keyRings/R/cryptoKeys/K/cryptoKeyVersions/N",
        r"(projects/[A-Za-z0-9_./:-]{1,512}/cryptoKeyVersions/[0-9]{1,9})",
    ),
    "hv": ("vault", "hv:NAME", r"([A-Za-z0-9_.-]{1,128})"),
}
"""By scheme: the extra, the form of the URI, and the same as a pattern, whose groups are what
the signer imports a key by."""
_SCHEMES: Final = frozenset(
    {
        "ecdsa-sha2-nistp256",
        "ecdsa-sha2-nistp384",
        "ecdsa-sha2-nistp521",
        "ed25519",
        "rsa-pkcs1v15-sha256",
    }
)
"""What securesystemslib calls the algorithms with which Sigstore's verifiers read a key."""


class KmsKey:
    """A private key in a service, by its public one."""

    def __init__(self, uri: str) -> None:
        """Fetch the public key of a private key's URI. Raises SigningError."""
        scheme, extra, arguments = _parsed(uri)
        self._calls = TimedCalls()
        self._signer = _asked(self._calls, uri, extra, lambda: _signer(scheme, arguments))
        self.public_key = _public_key(uri, self._signer.public_key)

    def sign_statement(self, statement: bytes) -> bytes:
        """Return a Sigstore bundle v0.3 around an in-toto statement. Raises SigningError.

        What is signed is the DSSE encoding of exactly these bytes; it goes, or its digest
        does, to the service. The bundle is in no transparency log and has no timestamp.
        """
        data = pae(statement)
        answer = _asked(self._calls, "the key", "", lambda: self._signer.sign(data))
        try:
            signature = bytes.fromhex(answer.signature)
        except (ValueError, TypeError, AttributeError):
            signature = b""
        if not signed_by(self.public_key, signature, data):
            raise SigningError(
                "kms-signature-wrong",
                "the key management service gave a signature that its own key did not make",
                remedy="use a key for ECDSA with the hash of its curve, or for Ed25519",
            )
        return keyed_bundle(statement, signature, bytes.fromhex(fingerprint(self.public_key).hex))


def _parsed(uri: str) -> tuple[str, str, tuple[str, ...]]:
    scheme, _, rest = uri.partition(":")
    if scheme not in _KEYS:
        raise SigningError(
            "kms-scheme-unknown",
            f"{uri!a} is no URI of a key in a key management service",
            remedy=f"begin it with one of {', '.join(f'{known}:' for known in _KEYS)}",
        )
    extra, form, pattern = _KEYS[scheme]
    found = re.fullmatch(pattern, rest)
    if found is None:
        raise SigningError(
            "kms-uri-malformed",
            f"{uri!a} does not name a key as {scheme} does",
            remedy=f"write it as {form}",
        )
    return scheme, extra, found.groups()


def _signer(scheme: str, arguments: tuple[str, ...]) -> Signer:
    from securesystemslib.signer import SIGNER_FOR_URI_SCHEME, Signer  # noqa: PLC0415  # 0.05 s

    importer: Any = SIGNER_FOR_URI_SCHEME[scheme]
    uri, public_key = importer.import_(*arguments)
    return Signer.from_priv_key_uri(uri, public_key)


def _public_key(uri: str, key: Any) -> PublicKey:  # noqa: ANN401  # each service has its own
    problem = f"Sigstore has no algorithm {key.scheme}"
    if key.scheme in _SCHEMES:
        try:
            public = key.keyval["public"]
            if key.scheme == "ed25519":
                raw = bytes.fromhex(public)
                return supported(ed25519.Ed25519PublicKey.from_public_bytes(raw))
            return load_public_key(public.encode())
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            problem = reason(error)  # a malformed key is a ValueError, too
    raise SigningError(
        "kms-key-unsupported",
        f"the key {uri!a} cannot sign passes: {problem}",
        remedy="make an asymmetric signing key on the curve P-256",
    )


def _asked(calls: TimedCalls, what: str, extra: str, call: Callable[[], T]) -> T:
    from securesystemslib.exceptions import UnsupportedLibraryError  # noqa: PLC0415  # 0.05 s

    try:
        return calls.within(SECONDS, call)
    except UnsupportedLibraryError as error:
        raise SigningError(
            "kms-library-missing",
            f"the library of this key management service is not installed: {reason(error)}",
            remedy=f"pip install 'gatepass[{extra}]'",
        ) from error
    except Exception as error:
        raise SigningError(
            "kms-refused",
            f"the key management service did not do its part: {reason(error)}",
            remedy=f"see that {what!a} exists, and that this job may read its public half and "
            "sign with it",
        ) from error
