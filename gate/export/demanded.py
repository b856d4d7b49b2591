"""What targets make of a policy alike: types of attestations, keys, and what a pass must say."""

from __future__ import annotations

import json
from typing import Final

from gate.checks.verdict_pass import PassParams
from gate.keys.public import load_public_key, public_pem
from gate.policy.document import Policy
from gate.policy.signers import PUBLIC_GOOD, KeylessSigner, KeySigner
from gate.predicates.verification_summary import EXTENSION
from gate.predicates.verification_summary import TYPES as PASS_TYPES

PASS_TYPE: Final = PASS_TYPES[0]
ENVIRONMENT: Final = f"{EXTENSION}environment"
TYPES: Final[dict[str, tuple[tuple[str, ...], str]]] = {
    "sbom": (
        ("https://cyclonedx.org/bom", "https://spdx.dev/Document"),
        "an SBOM must be signed; nothing in it is read",
    ),
    "scan-age": (
        ("https://cosign.sigstore.dev/attestation/vuln/v1",),
        "a scan in cosign's form must be signed; its age is not compared",
    ),
    "vulnerabilities": (
        ("https://cosign.sigstore.dev/attestation/vuln/v1",),
        "a scan in cosign's form must be signed; its findings are not read",
    ),
    "provenance": (
        ("https://slsa.dev/provenance/v1", "https://slsa.dev/provenance/v0.2"),
        "provenance must be signed; nothing in it is read",
    ),
}
"""Of each check of an attestation: the predicate types of which one must be there, and what that
demands."""


def pass_cue(asked: PassParams) -> str:
    """Return what a pass must say, as CUE, of which JSON is a part.

    https://cuelang.org/docs/reference/spec/
    """
    digests = [text.removeprefix("sha256:") for text in asked.policies]
    return "\n".join(
        (
            "predicate: {",
            '\tverificationResult: "PASSED"',
            f"\tverifier: id: {json.dumps(asked.verifier)}",
            f"\tpolicy: digest: sha256: {' | '.join(map(json.dumps, digests))}",
            f"\t{json.dumps(ENVIRONMENT)}: {json.dumps(asked.environment)}",
            "}",
        )
    )


def key_pem(policy: Policy, signer: KeySigner) -> str:
    """Return a signer's public key as PEM."""
    data = signer.key.encode() if signer.inline else policy.files[signer.key]
    return public_pem(load_public_key(data)).decode()


def identity_expression(signer: KeylessSigner) -> str:
    """Return the pattern of an identity as an anchored expression."""
    literals = (_escaped(part) for part in signer.identity.split("*"))
    return f"^{'[^/@]*'.join(literals)}$"


def not_compared(signer: KeylessSigner, *, repository: bool = False) -> str | None:
    """Return what counts for an identity where nothing but it and its issuer are compared.

    gate refuses it unasked: a workflow that a pull request triggers, and a certificate of another
    repository, as a reusable workflow gets it when that calls it. With `repository` that one is
    compared. None where nothing more counts.
    """
    others = []
    if signer.trigger is None:
        others.append("that a pull or merge request triggers")
    by_default = signer.source_repository is None and signer.repository is not None
    if by_default and not repository:
        others.append("that another repository calls")
    return f"a workflow {' or '.join(others)} counts too" if others else None


def _escaped(text: str) -> str:
    return "".join(f"\\{c}" if c in r".+?()[]{}^$|\\" else c for c in text)


def believes_public_good(signer: KeySigner | KeylessSigner) -> bool:
    """Whether a signer is believed by the public Sigstore instance, which every target knows."""
    return signer.root == PUBLIC_GOOD
