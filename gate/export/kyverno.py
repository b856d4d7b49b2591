"""An ImageValidatingPolicy of Kyverno, in CEL: the first entry that matches decides, as in gate.

https://kyverno.io/docs/policy-types/image-validating-policy/

Kyverno asks registries for signatures and attestations. It knows the containers of a pod, and makes
the same rules for Kubernetes' own kinds that hold pods. It sees no image volume.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from gate.checks.demand.base import Level, SignedParams
from gate.checks.digest import CHECK as DIGEST
from gate.checks.signature import CHECK as SIGNATURE
from gate.checks.verdict_pass import PassParams
from gate.documents.yaml_written import write_yaml
from gate.export.account import Account, Exported
from gate.export.demanded import (
    ENVIRONMENT,
    PASS_TYPE,
    TYPES,
    believes_public_good,
    identity_expression,
    key_pem,
    not_compared,
)
from gate.export.names import DIGEST as DIGEST_EXPRESSION
from gate.export.names import IN_FULL, NOT_IN_FULL, allowed_expression, image_expression, spellings
from gate.policy.document import ImageEntry, Policy
from gate.policy.signers import KeylessSigner, KeySigner, ProofRule
from gate.predicates.types import IMAGE_SIGNATURE

TARGET: Final = "kyverno"
_REKOR: Final = "https://rekor.sigstore.dev"
_IMAGES: Final = "(images.containers + images.initContainers + images.ephemeralContainers)"
_PASS: Final = "pass"  # noqa: S105  # a check's name
_SIGN: Final = "sign"


def export_kyverno(policy: Policy) -> Exported:
    """Return the policy, as YAML."""
    account = Account(policy)
    attestors = [made for one in sorted(policy.signers) if (made := _attestor(policy, one))]
    validations = [*_names(policy, account)]
    for number, entry in enumerate(policy.images):
        validations += _entry(entry, number, account)
    spec = {
        "validationActions": ["Deny"],
        "failurePolicy": "Fail",
        "matchConstraints": {
            "resourceRules": [
                {
                    "apiGroups": [""],
                    "apiVersions": ["v1"],
                    "operations": ["CREATE", "UPDATE"],
                    "resources": ["pods", "pods/ephemeralcontainers"],
                }
            ]
        },
        "matchImageReferences": [{"expression": "true"}],
        "validationConfigurations": {
            "mutateDigest": False,
            "required": False,
            "verifyDigest": False,
        },
        "attestors": attestors,
        "attestations": [{"name": n, "intoto": {"type": t}} for n, t in _types().items()],
        "validations": [{"expression": must, "message": told} for must, told in validations],
    }
    made = {
        "apiVersion": "policies.kyverno.io/v1",
        "kind": "ImageValidatingPolicy",
        "metadata": {"name": "gate-images"},
        "spec": {key: value for key, value in spec.items() if value != []},
    }
    return account.closed(TARGET, write_yaml(made))


def _types() -> dict[str, str]:
    """Return each predicate type under the name that an expression calls it by."""
    every = dict.fromkeys(one for types, _ in TYPES.values() for one in types)
    named = {_PASS: PASS_TYPE, _SIGN: IMAGE_SIGNATURE[0]}
    return named | {f"type{n}": one for n, one in enumerate(every)}


def _attestor(policy: Policy, name: str) -> dict[str, Any] | None:
    """Return a signer; None for one whose root Kyverno would take for the public one."""
    signer = policy.signers[name]
    if isinstance(signer, KeySigner):
        if signer.log is ProofRule.REQUIRED and not believes_public_good(signer):
            return None
        logged = signer.log is ProofRule.REQUIRED
        log = {"url": _REKOR} if logged else {"insecureIgnoreTlog": True, "insecureIgnoreSCT": True}
        key = {"data": key_pem(policy, signer), "hashAlgorithm": "sha256"}
        return {"name": _called(policy, name), "cosign": {"key": key, "ctlog": log}}
    if not believes_public_good(signer):
        return None
    subject = (
        {"subject": signer.identity}
        if signer.literal
        else {"subjectRegExp": identity_expression(signer)}
    )
    identity = {"issuer": signer.issuer, **subject}
    keyless = {"identities": [identity]}
    return {
        "name": _called(policy, name),
        "cosign": {"keyless": keyless, "ctlog": {"url": _REKOR}},
    }


def _called(policy: Policy, name: str) -> str:
    """Return what an expression calls a signer: a name of CEL, which few names of ours are."""
    return f"signer{sorted(policy.signers).index(name)}"


def _names(policy: Policy, account: Account) -> Iterator[tuple[str, str]]:
    if policy.allowed is not None:
        account.approximated("registries.allow", IN_FULL)
        fits = " || ".join(_fits(allowed_expression(one.text)) for one in policy.allowed)
        yield _all(fits), "gate: an image is from no allowed registry"
    if told := spellings([entry.pattern.text for entry in policy.images]):
        yield _all(f"{_fits(told[0])} && !{_fits(told[1])}"), f"gate: an image is {NOT_IN_FULL}"
    covered = " || ".join(_fits(image_expression(e.pattern.text)) for e in policy.images)
    yield _all(covered), "gate: no entry of the policy matches an image"


def _entry(entry: ImageEntry, number: int, account: Account) -> Iterator[tuple[str, str]]:
    before = [_fits(image_expression(e.pattern.text)) for e in account.policy.images[:number]]
    here = _fits(image_expression(entry.pattern.text))
    chosen = " && ".join([here, *(f"!{one}" for one in before)])
    made = False
    for name, asked in entry.checks.items():
        at = f"images {entry.pattern.text} {name}"
        must = _must(at, name, asked, account)
        if must is not None:
            made = True
            told = f"gate: {entry.pattern.text} asks for {name}, and an image does not meet it"
            yield _all(f"!({chosen}) || ({must})"), told
    if not made:
        told = f"gate: {entry.pattern.text} asks for nothing that Kyverno can verify"
        yield _all(f"!({chosen})"), told


def _must(at: str, name: str, asked: object, account: Account) -> str | None:
    """Return what must hold of `image`; None for a check that cannot be said."""
    digest = _fits(f"{DIGEST_EXPRESSION}$")
    if name == DIGEST.name:
        account.approximated(at, "of containers alone, and not of an image volume")
        return digest
    if not isinstance(asked, SignedParams):
        return None
    if name == SIGNATURE.name:
        # Its own function for signatures takes any attestation of the signer for one, as soon as
        # the image has a bundle of any kind.
        account.approximated(
            at, "a signature counts in a bundle alone, and not under the tag .sig of older cosigns"
        )
        signed = f"verifyAttestationSignatures(image, attestations.{_SIGN}, {{0}})"
        return _enough(at, [signed], asked, account)
    if isinstance(asked, PassParams):
        account.approximated(
            at,
            "a pass must say what is demanded; no time, no release and no object is compared, and "
            "of several passes one is read",
        )
        for key in ("verifier", "environment", "policies"):
            account.expressed(f"{at}.{key}")
        signed = f"verifyAttestationSignatures(image, attestations.{_PASS}, {{0}})"
        return f"{digest} && {_enough(at, [signed], asked, account)} && {_says(asked)}"
    if name not in TYPES:
        return None
    types, how = TYPES[name]
    account.approximated(at, how)
    called = {one: key for key, one in _types().items()}
    calls = [
        f"verifyAttestationSignatures(image, attestations.{called[one]}, {{0}})" for one in types
    ]
    return _enough(at, calls, asked, account)


def _says(asked: PassParams) -> str:
    said = f"extractPayload(image, attestations.{_PASS}).predicate"
    digests = [text.removeprefix("sha256:") for text in asked.policies]
    return " && ".join(
        (
            f"{said}.verificationResult == 'PASSED'",
            f"{said}.verifier.id == {json.dumps(asked.verifier)}",
            f"{said}.policy.digest.sha256 in {json.dumps(digests)}",
            f"{said}[{json.dumps(ENVIRONMENT)}] == {json.dumps(asked.environment)}",
        )
    )


def _enough(at: str, calls: list[str], asked: SignedParams, account: Account) -> str:
    """Return that enough of the signers signed, in one of several ways."""
    policy = account.policy
    names = sorted(set(asked.by))
    known = [name for name in names if _attestor(policy, name) is not None]
    for name in known:
        _account(f"{at}.by.{name}", policy.signers[name], account)
    if "at_least" in asked.model_fields_set:
        account.approximated(
            f"{at}.at-least", "each signer counts once, and all of them in one form of evidence"
        )
    if "on" in asked.model_fields_set and asked.on is Level.INDEX:
        account.expressed(f"{at}.on")
    if len(known) < asked.at_least:
        return "false"
    listed = ", ".join(f"attestors.{_called(policy, name)}" for name in known)
    if asked.at_least > 1:
        # Counted one by one, because nothing says whether a list counts attestors or signatures.
        each = [
            "("
            + " || ".join(
                f"{call.format(f'[attestors.{_called(policy, n)}]')} > 0" for call in calls
            )
            + " ? 1 : 0)"
            for n in known
        ]
        return f"{' + '.join(each)} >= {asked.at_least}"
    return "(" + " || ".join(f"{call.format(f'[{listed}]')} > 0" for call in calls) + ")"


def _account(at: str, signer: KeySigner | KeylessSigner, account: Account) -> None:
    said = signer.model_fields_set
    if isinstance(signer, KeySigner):
        account.expressed(f"{at}.key")
        if "log" in said:
            account.expressed(f"{at}.log")
        return
    account.expressed(f"{at}.issuer")
    if (more := not_compared(signer)) is not None:
        account.approximated(f"{at}.identity", more)
    else:
        account.expressed(f"{at}.identity")
    if "log" in said and signer.log is ProofRule.REQUIRED:
        account.expressed(f"{at}.log")
    elif "log" in said:
        account.approximated(f"{at}.log", "a log must hold the signature")


def _fits(expression: str) -> str:
    return f"image.matches({json.dumps(expression)})"


def _all(must: str) -> str:
    return f"{_IMAGES}.all(image, {must})"
