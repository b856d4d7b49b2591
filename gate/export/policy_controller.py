"""ClusterImagePolicies of Sigstore's policy-controller, and the setting that denies the rest.

https://docs.sigstore.dev/policy-controller/overview/

Each check of each entry is one policy: an image must meet every policy that matches it, and of the
authorities of one policy any one is enough. So an image that two entries match must meet both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from string import ascii_uppercase
from typing import Any, Final

from gate.checks.demand.base import Level, SignedParams
from gate.checks.digest import CHECK as DIGEST
from gate.checks.signature import CHECK as SIGNATURE
from gate.checks.verdict_pass import PassParams
from gate.documents.yaml_written import write_yaml
from gate.export.account import Account, Exported
from gate.export.demanded import (
    PASS_TYPE,
    TYPES,
    believes_public_good,
    identity_expression,
    key_pem,
    not_compared,
    pass_cue,
)
from gate.export.names import NOT_IN_FULL
from gate.policy.document import ImageEntry, Policy
from gate.policy.glob import ANY
from gate.policy.signers import KeylessSigner, KeySigner, ProofRule
from gate.predicates.types import IMAGE_SIGNATURE

TARGET: Final = "policy-controller"
_FULCIO: Final = "https://fulcio.sigstore.dev"
_REKOR: Final = "https://rekor.sigstore.dev"
_EACH: Final = "each of the signers must have signed, not only so many of them"
_SIGNED: Final = {"name": "signature", "predicateType": IMAGE_SIGNATURE[0]}
_BY_GLOBS: Final = "the globs of the entries are for images of these alone"
_HUB: Final = "docker.io"
_OTHER_HOSTS: Final = (
    *("*.*:443/**", "localhost:443/**", "*:0*/**"),
    *(f"*{letter}*/**" for letter in ascii_uppercase),
)
"""Registries as gate does not write them: with the port that https has anyway, a port with a nought
before it, a capital letter. Other names of Docker Hub it knows itself."""


def export_policy_controller(policy: Policy) -> Exported:
    """Return the policies, as YAML."""
    account = Account(policy)
    documents = [_rest_denied()]
    allowed = [one.text for one in policy.allowed or ()]
    named = {e.pattern.text: within(e.pattern.text, allowed) for e in policy.images}
    if allowed and all(named.values()):
        account.approximated("registries.allow", _BY_GLOBS)
    if len(policy.images) > 1 and any("*" in p.partition("/")[0] for p in named):
        documents.append(_other_spellings_denied())
    for number, entry in enumerate(policy.images):
        pattern = entry.pattern.text
        documents += _entry(entry, number, named[pattern] or (pattern,), account)
    return account.closed(TARGET, "---\n".join(map(write_yaml, documents)))


def _rest_denied() -> dict[str, Any]:
    """Return the setting by which an image that no policy matches is denied."""
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "config-policy-controller", "namespace": "cosign-system"},
        "data": {"no-match-policy": "deny"},
    }


def _other_spellings_denied() -> dict[str, Any]:
    """Return a policy that no image meets whose registry is written another way than gate does.

    Such a name would pass its entry by, and meet the one for `**`.
    """
    static = {"action": "fail", "message": f"gate: the registry is {NOT_IN_FULL}"}
    return _policy("gate-names", _OTHER_HOSTS, [{"name": "names", "static": static}])


def _policy(name: str, globs: Iterable[str], authorities: list[dict[str, Any]]) -> dict[str, Any]:
    images = [{"glob": glob} for glob in globs]
    return {
        "apiVersion": "policy.sigstore.dev/v1beta1",
        "kind": "ClusterImagePolicy",
        "metadata": {"name": name},
        "spec": {"mode": "enforce", "images": images, "authorities": authorities},
    }


def _entry(
    entry: ImageEntry, number: int, patterns: Iterable[str], account: Account
) -> Iterator[dict[str, Any]]:
    for name, asked in entry.checks.items():
        at = f"images {entry.pattern.text} {name}"
        if name == DIGEST.name:
            account.approximated(at, "a tag is replaced by its digest when the object is stored")
            continue
        if not isinstance(asked, SignedParams):
            continue
        attested = _attested(at, name, asked, account)
        if attested is None:
            continue
        for index, authorities in enumerate(_authorities(at, asked, attested, account)):
            yield _policy(f"gate-{number}-{name}-{index}", map(image_glob, patterns), authorities)


def within(pattern: str, allowed: Iterable[str]) -> tuple[str, ...]:
    """Return patterns for the images of a pattern that are from one of these registries.

    ghcr.io/acme/*, of ghcr.io          ghcr.io/acme/*
    ghcr.io/**, of ghcr.io/acme         ghcr.io/acme, ghcr.io/acme/**
    ghcr.io/*/shop, of ghcr.io/acme     none

    None where there is no such image, or where patterns cannot say it.
    """
    found: list[str] = []
    for one in allowed:
        segments, inside = pattern.split("/"), one.split("/")
        above = segments[:-1]
        if segments[: len(inside)] == inside:
            found.append(pattern)
        elif segments[-1] == ANY and inside[: len(above)] == above:
            found += [*([one] if len(inside) > 1 else []), f"{one}/{ANY}"]
        elif _may_share(segments, inside):
            return ()
    return tuple(dict.fromkeys(found))


def _may_share(segments: Sequence[str], inside: Sequence[str]) -> bool:
    """Whether a pattern may have images below a path: not where literal parts differ."""
    for mine, other in zip(segments, inside, strict=False):
        if "*" in mine:
            return True
        if mine != other:
            return False
    return False


def image_glob(pattern: str) -> str:
    """Return a glob of policy-controller for every image of a pattern, with any tag or digest.

    It knows no `@`, so `ghcr.io/acme/shop*` is for `ghcr.io/acme/shop@sha256:…`, and for
    `ghcr.io/acme/shop-too`.
    """
    host, slash, rest = pattern.partition("/")
    named = f"index.docker.io{slash}{rest}" if host == _HUB else pattern
    named = re.sub(r"\*\*/", "**", named)  # which here includes the slash, and none at all
    return named if named.endswith("*") else f"{named}*"


def _attested(
    at: str, name: str, asked: SignedParams, account: Account
) -> list[list[dict[str, Any]]] | None:
    """Return what one authority must find, in every way that is enough; None for no such check."""
    if name == SIGNATURE.name:
        account.approximated(
            at,
            "of a key only a signature under the tag .sig counts, and of an identity only one in a "
            "bundle",
        )
        return [[]]
    if isinstance(asked, PassParams):
        account.approximated(
            at, "a pass must say what is demanded; no time, no release and no object is compared"
        )
        for key in ("verifier", "environment", "policies"):
            account.expressed(f"{at}.{key}")
        cue = {"type": "cue", "data": pass_cue(asked)}
        return [[{"name": "pass", "predicateType": PASS_TYPE, "policy": cue}]]
    if name in TYPES:
        types, how = TYPES[name]
        account.approximated(at, how)
        return [[{"name": name, "predicateType": one}] for one in types]
    return None


def _authorities(
    at: str, asked: SignedParams, attested: list[list[dict[str, Any]]], account: Account
) -> Iterator[list[dict[str, Any]]]:
    """Yield the authorities of each policy: of several signers that are demanded, one each."""
    names = sorted(set(asked.by))
    made = [_signer(f"{at}.by.{name}", name, attested, account) for name in names]
    if "at_least" in asked.model_fields_set:
        if asked.at_least in (1, len(names)):
            account.expressed(f"{at}.at-least")
        else:
            account.approximated(f"{at}.at-least", _EACH)
    if "on" in asked.model_fields_set and asked.on is Level.INDEX:
        account.expressed(f"{at}.on")
    if asked.at_least > 1:
        yield from made
    else:
        yield [authority for one in made for authority in one]


def _signer(
    at: str, name: str, attested: list[list[dict[str, Any]]], account: Account
) -> list[dict[str, Any]]:
    """Return the authorities of one signer, of which any one is enough."""
    policy = account.policy
    signer = policy.signers[name]
    if not believes_public_good(signer) and not isinstance(signer, KeySigner):
        # Another instance might give a certificate of this identity to anybody.
        told = f"gate: the trusted root of signer {name} is not written here"
        return [{"name": name, "static": {"action": "fail", "message": told}}]
    found = []
    for index, wanted in enumerate(attested):
        authority: dict[str, Any] = {"name": f"{name}-{index}"}
        if isinstance(signer, KeySigner):
            authority |= _keyed(at, signer, account)
            attestations = wanted
        else:
            authority |= _keyless(at, signer, account)
            # Of bundles it reads attestations alone, and a signature is one of a type of its own.
            attestations = wanted or [_SIGNED]
        found.append(authority | ({"attestations": attestations} if attestations else {}))
    return found


def _keyed(at: str, signer: KeySigner, account: Account) -> dict[str, Any]:
    policy: Policy = account.policy
    account.expressed(f"{at}.key")
    logged = signer.log is ProofRule.REQUIRED and believes_public_good(signer)
    if "log" in signer.model_fields_set and (logged or signer.log is ProofRule.OPTIONAL):
        account.expressed(f"{at}.log")
    key = {"data": key_pem(policy, signer), "hashAlgorithm": "sha256"}
    return {"key": key} | ({"ctlog": {"url": _REKOR}} if logged else {})


def _keyless(at: str, signer: KeylessSigner, account: Account) -> dict[str, Any]:
    account.expressed(f"{at}.issuer")
    if (more := not_compared(signer)) is not None:
        account.approximated(f"{at}.identity", more)
    else:
        account.expressed(f"{at}.identity")
    if "log" in signer.model_fields_set and signer.log is ProofRule.REQUIRED:
        account.expressed(f"{at}.log")
    elif "log" in signer.model_fields_set:
        account.approximated(f"{at}.log", "a log must hold the signature")
    subject = (
        {"subject": signer.identity}
        if signer.literal
        else {"subjectRegExp": identity_expression(signer)}
    )
    identity = {"issuer": signer.issuer, **subject}
    return {
        "signatureFormat": "bundle",
        "keyless": {"url": _FULCIO, "identities": [identity]},
        "ctlog": {"url": _REKOR},
    }
