"""A signer of a policy as flags of cosign.

https://github.com/sigstore/cosign/blob/main/doc/cosign_verify.md
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from typing import Final, assert_never

from gate.export.demanded import not_compared
from gate.model.records import dataclass
from gate.policy.signers import KeylessSigner, KeySigner, ProofRule

_GITHUB: Final = "https://github.com/"
_GITHUB_ISSUER: Final = "https://token.actions.githubusercontent.com"


@dataclass(frozen=True, slots=True)
class SignerFlags:
    """What to give cosign, and which fields of the signer that says."""

    words: tuple[str, ...]
    """Quoted for a shell."""
    expressed: frozenset[str]
    """Fields, by their names in the model, that cosign demands as they are."""
    approximated: Mapping[str, str]
    """Fields that it demands in another way, and how."""


def signer_flags(signer: KeySigner | KeylessSigner, *, key: str) -> SignerFlags:
    """Return the flags of a signer; `key` is the word that names the file of its key."""
    match signer:
        case KeySigner():
            return _keyed(signer, key)
        case KeylessSigner():
            return _keyless(signer)
        case unreachable:
            assert_never(unreachable)


def _keyed(signer: KeySigner, key: str) -> SignerFlags:
    words = ["--key", key]
    if signer.log is ProofRule.OPTIONAL:
        words.append("--insecure-ignore-tlog=true")
    if signer.timestamp is ProofRule.REQUIRED:
        words.append("--use-signed-timestamps")
    return SignerFlags(tuple(words), frozenset(("key", "log", "timestamp")), {})


def _keyless(signer: KeylessSigner) -> SignerFlags:
    expressed, approximated = {"issuer", "timestamp"}, {}
    words = ["--certificate-oidc-issuer", shlex.quote(signer.issuer)]
    if signer.literal:
        words += ["--certificate-identity", shlex.quote(signer.identity)]
    else:
        expression = "[^/@]*".join(map(re.escape, signer.identity.split("*")))
        words += ["--certificate-identity-regexp", shlex.quote(f"^{expression}$")]
    if signer.timestamp is ProofRule.REQUIRED:
        words.append("--use-signed-timestamps")
    if signer.log is ProofRule.REQUIRED:
        expressed.add("log")
    else:
        approximated["log"] = "a log must hold the signature"
    github = signer.issuer == _GITHUB_ISSUER
    repository = signer.repository or ""
    if github and repository.startswith(_GITHUB):
        words += [
            "--certificate-github-workflow-repository",
            shlex.quote(repository.removeprefix(_GITHUB)),
        ]
        expressed.add("source_repository")
    if github and signer.ref is not None and "*" not in signer.ref:
        words += ["--certificate-github-workflow-ref", shlex.quote(signer.ref)]
        expressed.add("ref")
    if github and signer.trigger is not None and len(signer.trigger) == 1:
        words += ["--certificate-github-workflow-trigger", shlex.quote(signer.trigger[0])]
        expressed.add("trigger")
    compared = bool(signer.repository) and "--certificate-github-workflow-repository" in words
    if (more := not_compared(signer, repository=compared)) is not None:
        approximated["identity"] = more
    else:
        expressed.add("identity")
    return SignerFlags(tuple(words), frozenset(expressed), approximated)
