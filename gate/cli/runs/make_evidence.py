"""The commands that make the evidence a check lacks, with the signer that the policy demands."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from gate.checks.demand.base import SignedParams
from gate.keys.public import fingerprint, load_public_key
from gate.policy.document import Policy
from gate.policy.signers import KeySigner, Rule, Signer
from gate.predicates import LAYOUT_TYPES

_GATE: Final[Mapping[str, str]] = {
    "signature": "gate sign{key} {image}",
    "sbom": "gate attest --type sbom{key} sbom.json {image}",
    "scan-age": "gate attest --type vulnerabilities{key} scan.json {image}",
    "vulnerabilities": "gate attest --type vulnerabilities{key} scan.json {image}",
    "provenance": "gate attest --type provenance{key} provenance.json {image}",
    "layout": "gate attest --type custom --predicate-type "
    f"{LAYOUT_TYPES[0]}{{key}} layout.json {{image}}",
}
_COSIGN: Final[Mapping[str, str]] = {
    "signature": "cosign sign{key} {image}",
    "sbom": "cosign attest --type cyclonedx --predicate sbom.json{key} {image}",
    "scan-age": "cosign attest --type vuln --predicate vuln.json{key} {image}",
    "vulnerabilities": "cosign attest --type vuln --predicate vuln.json{key} {image}",
    "provenance": "cosign attest --type slsaprovenance1 --predicate provenance.json{key} {image}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where the images of the call are, as its options say it."""

    folder: str | None = None
    """The image as the call names it, where that is an OCI layout folder (`oci:…`)."""
    layouts: Sequence[str] = ()
    plain_http: Sequence[str] = ()

    def options(self) -> str:
        """Return the same options for another command of gate."""
        words = [
            *(f"--layout {shlex.quote(text)}" for text in self.layouts),
            *(f"--plain-http {shlex.quote(text)}" for text in self.plain_http),
        ]
        return "".join(f" {word}" for word in words)


def demanded(asked: SignedParams, policy: Policy) -> Iterator[str]:
    """Yield whose evidence counts, each with what is compared with what is found."""
    for name in sorted(set(asked.by)):
        signer = policy.signers[name]
        rules = (("a transparency log", signer.log), ("a timestamp authority", signer.timestamp))
        proofs = [what for what, rule in rules if rule is Rule.REQUIRED]
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
    if check not in _GATE or not asked.by:
        return ()
    name = min(asked.by)
    key = ""
    if isinstance(policy.signers[name], KeySigner):
        key = f" --key {shlex.quote(f'{name}.key')}"
    named = shlex.quote(places.folder or image)
    made = [_GATE[check].format(key=key, image=named) + places.options()]
    if check in _COSIGN and not places.layouts and not places.folder:
        insecure = " --allow-http-registry" if places.plain_http else ""
        made.append(_COSIGN[check].format(key=key + insecure, image=shlex.quote(image)))
    return tuple(made)
