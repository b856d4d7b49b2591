"""Whether who signs passes also signs evidence, found out before anything is signed.

`gate admit` refuses such a pass as `pass-same-signer`, unless its policy accepts it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from gate.cli.reads.signer import PASSWORD, read_key
from gate.errors import SigningError
from gate.keys.private import load_private_key
from gate.keys.public import MalformedKey, PublicKey, fingerprint, load_public_key
from gate.policy.document import Policy
from gate.policy.match_identity import IdentityPattern
from gate.policy.signers import KeylessSigner, KeySigner
from gate.signing.ambient import IdentityToken

CODE = "pass-same-signer"
REMEDY = (
    "let a key or identity of its own sign passes (`gate keygen gate` makes a key), or write "
    "`same-signer: accepted` in the deploy policy; `gate explain pass-same-signer` says why"
)


def same_signer(policy: Policy) -> str | None:
    """Return what is wrong with the key that signs the policy's passes; None where nothing is.

    The private key is read if it is here, else the public one beside it. Without both, two files
    of one name, such as build.key and build.pub, are taken for a pair. A key in a service, and
    the identity of a CI job, are not asked for.
    """
    named = policy.passes.sign.key if policy.passes else None
    if named is None:
        return None
    key = _public_half(Path(policy.path).parent / named)
    if key is not None:
        found = same_key(policy, key)
    else:
        found = next((n for n, signer in policy.signers.items() if _paired(signer, named)), None)
    return None if found is None else told(found, named)


def same_key(policy: Policy, key: PublicKey) -> str | None:
    """Return the signer of the policy that has this key; None where none has it."""
    for name, signer in policy.signers.items():
        if isinstance(signer, KeySigner):
            data = signer.key.encode() if signer.inline else policy.files[signer.key]
            if fingerprint(load_public_key(data)) == fingerprint(key):
                return name
    return None


def same_identity(policy: Policy, token: IdentityToken) -> str | None:
    """Return the signer of the policy that this CI job is; None where it is not one of them.

    Of GitHub the certificate names the workflow that runs the job, which is another one where
    the job calls a reusable workflow; of GitLab the file of the pipeline.
    """
    workflow = token.claim("job_workflow_ref")
    pipeline = token.claim("ci_config_ref_uri")
    if workflow:
        identity = f"https://github.com/{workflow}"
    elif pipeline:
        identity = f"https://{pipeline}"
    else:
        identity = token.claim("email", "sub")
    for name, signer in policy.signers.items():
        if not isinstance(signer, KeylessSigner) or signer.issuer != token.claim("iss"):
            continue
        if IdentityPattern(signer.identity).matches(identity):
            return name
    return None


def told(signer: str, how: str) -> str:
    """Return the sentence about a signer of evidence that signs passes too."""
    return (
        f"{how} signs passes, and it is the signer {signer!r} of evidence too: "
        f"`gate admit` will refuse the pass as {CODE}"
    )


def _public_half(path: Path) -> PublicKey | None:
    password = os.environ.get(PASSWORD)
    try:
        secret = load_private_key(read_key(path), password.encode() if password else None)
    except (MalformedKey, SigningError):
        for beside in _beside(path):
            try:
                return load_public_key(read_key(beside))
            except (MalformedKey, SigningError):
                continue
        return None
    return secret.public_key()


def _beside(path: Path) -> Iterator[Path]:
    yield path.with_suffix(".pub")
    yield path.with_name(f"{path.name}.pub")


def _paired(signer: KeySigner | KeylessSigner, named: str) -> bool:
    if not isinstance(signer, KeySigner) or signer.inline:
        return False
    return Path(signer.key) in _beside(Path(named))
