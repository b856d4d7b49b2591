"""The commands that make the evidence a check lacks, with the signer that the policy demands."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from gate.checks import CHECKS
from gate.checks.demand.base import SignedParams
from gate.keys.public import fingerprint, load_public_key
from gate.model.location import IN_REGISTRY
from gate.model.records import dataclass
from gate.policy.document import Policy
from gate.policy.signers import KeySigner, ProofRule, Signer


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where the images of the call are, as its options say it."""

    folder: str | None = None
    """The image as the call names it, where that is an OCI layout folder (`oci:…`)."""
    artifact: bool = False
    """Whether the call names a chart or a bundle of manifests (`oci://…`)."""
    layouts: Sequence[str] = ()
    plain_http: Sequence[str] = ()
    registries: str | None = None
    """The file that says how registries are reached, where an option has to name it."""

    def options(self) -> str:
        """Return the same options for another command of gate."""
        words = [
            *(f"--layout {shlex.quote(text)}" for text in self.layouts),
            *(f"--plain-http {shlex.quote(text)}" for text in self.plain_http),
        ]
        if self.registries is not None:
            words.append(f"--registries {shlex.quote(self.registries)}")
        return "".join(f" {word}" for word in words)


def demanded(asked: SignedParams, policy: Policy) -> Iterator[str]:
    """Yield whose evidence counts, each with what is compared with what is found."""
    for name in sorted(set(asked.by)):
        signer = policy.signers[name]
        rules = (("a transparency log", signer.log), ("a timestamp authority", signer.timestamp))
        proofs = [what for what, rule in rules if rule is ProofRule.REQUIRED]
        beside = f", with {' and '.join(proofs)}" if proofs else ""
        yield f"{name}: {_who(signer, policy)}{beside}"


def _who(signer: Signer, policy: Policy) -> str:
    if isinstance(signer, KeySigner):
        # The verifier of this run was made of this key, so it is known to load.
        data = signer.key.encode() if signer.inline else policy.files[signer.key]
        path = "" if signer.inline else f" ({signer.key})"
        return f"key {fingerprint(load_public_key(data))}{path}"
    return f"{signer.identity} (issuer {signer.issuer})"


def commands(
    check: str, asked: SignedParams, policy: Policy, image: str, places: Places
) -> tuple[str, ...]:
    """Return what to run, by gate and by cosign, for the first signer that the check demands."""
    gate, *cosign = CHECKS[check].makes or ("",)
    if not gate or not asked.by:
        return ()
    name = min(asked.by)
    key = ""
    if isinstance(policy.signers[name], KeySigner):
        key = f" --key {shlex.quote(f'{name}.key')}"
    named = shlex.quote(places.folder or f"{IN_REGISTRY if places.artifact else ''}{image}")
    made = [gate.format(key=key, image=named) + places.options()]
    if not places.layouts and not places.folder:
        insecure = " --allow-http-registry" if places.plain_http else ""
        made += (c.format(key=key + insecure, image=shlex.quote(image)) for c in cosign)
    return tuple(made)
