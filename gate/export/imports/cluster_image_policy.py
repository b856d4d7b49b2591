"""ClusterImagePolicy of Sigstore's policy-controller.

https://docs.sigstore.dev/policy-controller/overview/

Of its authorities any one is enough, and an image must meet every policy that matches it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Any

from gate.documents.lenient import mapping, mappings, text
from gate.export.imports.account import DocumentAccount
from gate.export.imports.proposal import ImportedPolicy, union
from gate.export.imports.signing import SignerSaid, keyed, keyless
from gate.export.imports.words import OWN_ROOT, PUBLIC_GOOD, check_of, image_pattern
from gate.model.document import Path

_CUE = "gate reads no CUE and no Rego: its checks read what an attestation says"


def import_cluster_image_policy(
    account: DocumentAccount, proposal: ImportedPolicy, read: Callable[[str], str | None]
) -> None:
    """Add what one policy demands."""
    spec = mapping(account.document.value["spec"])
    _settings(account, spec)
    patterns = list(_patterns(account, spec))
    if _lets_all_in(spec):
        for at, _ in _authorities(spec):
            account.carried((*at, "static"), "images digest", "gate asks at least for a digest")
            account.quiet((*at, "name"))
        for pattern in patterns:
            proposal.digest(pattern)
        return
    asked: dict[str, list[SignerSaid]] = {}
    for at, authority in _authorities(spec):
        for check, signer in _authority(account, at, authority, proposal, read):
            asked.setdefault(check, []).append(signer)
    for pattern, (check, signers) in product(patterns, asked.items()):
        if not proposal.ask(pattern, check, union([one.name for one in signers])):
            account.lost(
                ("spec", "authorities"),
                f"another policy demands other signers of {check} of {pattern}",
            )


def _settings(account: DocumentAccount, spec: Mapping[str, Any]) -> None:
    if text(spec.get("mode")) == "warn":
        account.carried(("spec", "mode"), "images", "gate blocks, and warns of nothing here")
    elif "mode" in spec:
        account.quiet(("spec", "mode"))
    if "policy" in spec:
        account.lost(("spec", "policy"), _CUE)
    if "match" in spec:
        account.lost(("spec", "match"), "a policy is about images in every object that runs them")


def _patterns(account: DocumentAccount, spec: Mapping[str, Any]) -> Iterator[str]:
    for index, image in mappings(spec.get("images")):
        at: Path = ("spec", "images", index, "glob")
        if "glob" not in image:
            continue
        found = image_pattern(text(image["glob"]), spans=False)
        if found is None:
            account.lost(at, "this is no pattern that a policy can have")
            continue
        try:
            if not proposal_takes(found[0]):
                continue
        except ValueError as problem:
            account.lost(at, str(problem))
            continue
        account.carried(at, f"images {found[0]}", found[1])
        yield found[0]


def proposal_takes(pattern: str) -> bool:
    """Whether a policy can have a pattern. Raises ValueError where it cannot, with why."""
    from gate.policy.match import ImagePattern  # noqa: PLC0415  # kept beside its one use

    return bool(ImagePattern(pattern).text)


def _lets_all_in(spec: Mapping[str, Any]) -> bool:
    """Whether nothing is asked of the images, because each authority lets them in."""
    authorities = [authority for _, authority in _authorities(spec)]
    alone = all(authority.keys() <= {"name", "static"} for authority in authorities)
    actions = [text(mapping(one.get("static")).get("action")) for one in authorities]
    return alone and bool(actions) and set(actions) == {"pass"}


def _authorities(spec: Mapping[str, Any]) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for index, authority in mappings(spec.get("authorities")):
        yield ("spec", "authorities", index), authority


def _authority(
    account: DocumentAccount,
    at: Path,
    authority: Mapping[str, Any],
    proposal: ImportedPolicy,
    read: Callable[[str], str | None],
) -> Iterator[tuple[str, SignerSaid]]:
    """Yield each check that an authority asks for, and by whom."""
    account.quiet((*at, "name"), (*at, "signatureFormat"))
    if "static" in authority:
        account.lost(
            (*at, "static"), "gate lets no image in unasked: write what its images must show"
        )
        return
    if "rfc3161timestamp" in authority:
        account.lost((*at, "rfc3161timestamp"), "write `timestamp: required` to the signer")
    if "source" in authority:
        account.lost((*at, "source"), "the registries file says it: `evidence`")
    log = mapping(authority.get("ctlog"))
    own = [(*at, "ctlog", key) for key in log if text(log[key]).rstrip("/") not in PUBLIC_GOOD]
    for path in own:
        account.lost(path, OWN_ROOT)
    account.quiet((*at, "ctlog"))
    signers = list(_signers(account, at, authority, proposal, read, logged=bool(log)))
    attestations = list(mappings(authority.get("attestations")))
    if not attestations:
        yield from (("signature", one) for one in signers)
    for index, attestation in attestations:
        here: Path = (*at, "attestations", index)
        account.quiet((*here, "name"))
        if "policy" in attestation:
            account.lost((*here, "policy"), _CUE)
        check, note = check_of(text(attestation.get("predicateType")))
        if check is None:
            account.lost((*here, "predicateType"), note)
        elif signers:
            account.carried((*here, "predicateType"), f"images {check}.by", note)
            yield from ((check, one) for one in signers)


def _signers(
    account: DocumentAccount,
    at: Path,
    authority: Mapping[str, Any],
    proposal: ImportedPolicy,
    read: Callable[[str], str | None],
    *,
    logged: bool,
) -> Iterator[SignerSaid]:
    key = mapping(authority.get("key"))
    for name, value in key.items():
        here: Path = (*at, "key", name)
        if name == "hashAlgorithm":
            account.quiet(here)
            continue
        try:
            data = text(value) if name == "data" else f"{name}://"
            signer = keyed(proposal, data, read, more={"log": "required"} if logged else None)
        except ValueError as problem:
            account.lost(here, str(problem))
            continue
        account.carried(here, f"signers {signer.name}", signer.note)
        yield signer
    keyless_said = mapping(authority.get("keyless"))
    yield from _identities(account, (*at, "keyless"), keyless_said, proposal)


def _identities(
    account: DocumentAccount, at: Path, said: Mapping[str, Any], proposal: ImportedPolicy
) -> Iterator[SignerSaid]:
    own = "ca-cert" in said or "trustRootRef" in said
    if text(said.get("url")).rstrip("/") in {"", *PUBLIC_GOOD}:
        account.quiet((*at, "url"))
    else:
        own = True
    for name in ("url", "ca-cert", "trustRootRef"):
        if own and name in said:
            account.lost((*at, name), OWN_ROOT)
    if said.get("insecureIgnoreSCT"):
        account.lost((*at, "insecureIgnoreSCT"), "gate demands that a certificate is in a log")
    for index, identity in mappings(said.get("identities")):
        here: Path = (*at, "identities", index)
        if own:
            account.lost(here, f"it is an identity of another instance: {OWN_ROOT}")
            continue
        try:
            signer = keyless(
                proposal,
                issuer=text(identity.get("issuer")),
                subject=text(identity.get("subject")),
                expression=text(identity.get("subjectRegExp")),
                issuer_expression=text(identity.get("issuerRegExp")),
                exact=True,
            )
        except ValueError as problem:
            account.lost(here, str(problem))
            continue
        account.carried(here, f"signers {signer.name}", signer.note)
        yield signer
