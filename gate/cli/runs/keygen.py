"""`gate keygen` from its options to a key pair, or to the command that makes one in a service."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

from gate.cli.reads.signer import PASSWORD
from gate.cli.writes.files import check_file
from gate.errors import UsageError
from gate.keys.cosign import encrypted_pem
from gate.keys.private import generate, private_pem
from gate.keys.public import fingerprint, public_pem
from gate.reports.neutral import terminal

SERVICES: Final = {
    "awskms": (
        "aws kms create-key --key-spec ECC_NIST_P256 --key-usage SIGN_VERIFY",
        (
            "aws kms get-public-key --key-id KEY --query PublicKey --output text | "
            "base64 -d | openssl pkey -pubin -inform DER -out gate.pub"
        ),
    ),
    "gcpkms": (
        (
            "gcloud kms keys create K --keyring R --location L --purpose asymmetric-signing "
            "--default-algorithm ec-sign-p256-sha256"
        ),
        (
            "gcloud kms keys versions get-public-key N --key K --keyring R --location L "
            "--output-file gate.pub"
        ),
    ),
    "azurekms": (
        (
            "az keyvault key create --vault-name VAULT --name NAME --kty EC --curve P-256 "
            "--ops sign verify"
        ),
        "az keyvault key download --vault-name VAULT --name NAME --encoding PEM --file gate.pub",
    ),
    "hv": (
        "vault write -f transit/keys/NAME type=ed25519",
        (
            "vault read -format=json transit/keys/NAME | jq -r '.data.keys[\"1\"].public_key' | "
            "base64 -d | (printf '\\060\\052\\060\\005\\006\\003\\053\\145\\160\\003\\041\\000'; "
            "cat) | openssl pkey -pubin -inform DER -out gate.pub"
        ),
    ),
}
"""By the scheme of the URI: the commands that make a key and that read its public half."""


def run_keygen(name: str) -> int:
    """Write NAME.key and NAME.pub, and say what each is for. Raises UsageError."""
    private, public = Path(f"{name}.key"), Path(f"{name}.pub")
    for path in (private, public):
        check_file(path)
        if path.exists():
            raise _taken(path)
    key = generate()
    password = os.environ.get(PASSWORD)
    secret = encrypted_pem(key, password.encode()) if password else private_pem(key)
    _create(private, secret, 0o600)
    try:
        _create(public, public_pem(key.public_key()), 0o644)
    except BaseException:
        private.unlink(missing_ok=True)
        raise
    how = f"encrypted with {PASSWORD}" if password else "not encrypted"
    sys.stdout.write(
        f"wrote {terminal(str(private))}: the private key, {how}; give it only to the job that "
        "signs, and commit it nowhere\n"
        f"wrote {terminal(str(public))}: the public key, {fingerprint(key.public_key())}; name it "
        "in a policy's signers\n"
    )
    return 0


def tell_service(uri: str) -> int:
    """Print how a key is made in the service that a URI names. Raises UsageError."""
    known = SERVICES.get(uri.partition(":")[0])
    if known is None:
        raise UsageError(
            "keygen-service",
            f"gate knows no key service for {uri!r}",
            remedy=f"begin the URI with one of {', '.join(f'{name}:' for name in SERVICES)}",
        )
    make, read = known
    sys.stdout.write(
        f"make the key in its service:\n  {make}\n"
        f"write its public half to gate.pub:\n  {read}\n"
        f"sign passes with it: in the policy, pass: {{sign: {{kms: {terminal(uri)}}}}}\n"
    )
    return 0


def _create(path: Path, data: bytes, mode: int) -> None:
    """Write a new file that only its mode opens. Raises UsageError where one is there."""
    try:
        made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    except FileExistsError as error:
        raise _taken(path) from error
    except OSError as error:
        raise UsageError(
            "output-unwritable",
            f"{path} cannot be written: {error.strerror}",
            remedy="name a file in a folder that exists and that you may write to",
        ) from error
    with open(made, "wb") as file:  # noqa: PTH123  # of a descriptor
        file.write(data)


def _taken(path: Path) -> UsageError:
    return UsageError(
        "key-exists",
        f"{path} is there already, and nothing was changed",
        remedy="give another name: nobody can restore a key that is written over",
    )
