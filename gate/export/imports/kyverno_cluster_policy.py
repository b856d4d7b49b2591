"""`verifyImages` of Kyverno's ClusterPolicy and Policy.

https://kyverno.io/docs/policy-types/cluster-policy/verify-images/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gate.documents.lenient import mapping, mappings, sequence, text
from gate.export.imports.account import DocumentAccount
from gate.export.imports.kyverno import (
    BLOCKS,
    CEL,
    Reading,
    attestors,
    signers_of_identity,
    signers_of_keys,
)
from gate.export.imports.proposal import Ask
from gate.export.imports.words import check_of
from gate.model.document import Path

_OBJECTS: Final = "a policy is about images in every object that runs them"
_QUIET: Final = (
    *("type", "failureAction", "required", "mutateDigest", "useCache", "imageRegistryCredentials"),
    *("rekor", "cosignOCI11"),
)
_OLD: Final = (
    *("key", "issuer", "subject", "roots", "annotations", "repository", "additionalExtensions"),
)
"""Fields of Kyverno before 1.7, one signer beside the image."""
_SETTINGS: Final = (
    *("validationFailureAction", "background", "webhookTimeoutSeconds", "failurePolicy"),
    *(
        "webhookConfiguration",
        "evaluation",
        "autogen",
        "emitWarning",
        "admission",
        "schemaValidation",
    ),
)


def import_cluster_policy(reading: Reading) -> None:
    """Add what the rules of a ClusterPolicy or Policy demand of images."""
    spec = mapping(reading.account.document.value["spec"])
    _settings(reading.account, spec)
    for index, rule in mappings(spec.get("rules")):
        at: Path = ("spec", "rules", index)
        reading.account.quiet((*at, "name"))
        if "verifyImages" not in rule:
            reading.account.lost(at, "gate imports rules that verify images alone")
            continue
        for key in ("match", "exclude", "preconditions", "context", "skipBackgroundRequests"):
            if key in rule and key != "match":
                reading.account.lost((*at, key), _OBJECTS)
        if "imageExtractors" in rule:
            reading.account.lost(
                (*at, "imageExtractors"), "name these fields under `images` of `manifests`"
            )
        reading.account.quiet((*at, "match"))
        for number, verify in mappings(rule["verifyImages"]):
            _verify(reading, (*at, "verifyImages", number), verify)


def _settings(account: DocumentAccount, spec: Mapping[str, Any]) -> None:
    action = text(spec.get("validationFailureAction")).lower()
    if action == "audit":
        account.carried(("spec", "validationFailureAction"), "images", BLOCKS)
    account.quiet(*(("spec", key) for key in _SETTINGS))


def _verify(reading: Reading, at: Path, verify: Mapping[str, Any]) -> None:
    account = reading.account
    account.quiet(*((*at, key) for key in _QUIET))
    if text(verify.get("type")).lower() == "notary":
        account.lost((*at, "attestors"), "gate verifies no Notary signatures")
        account.quiet(at)
        return
    if text(verify.get("failureAction")).lower() == "audit":
        account.carried((*at, "failureAction"), "images", BLOCKS)
    here: Path = (*at, "imageReferences")
    globs = [((*here, i), text(g)) for i, g in enumerate(sequence(verify.get("imageReferences")))]
    if "image" in verify:
        globs.append(((*at, "image"), text(verify["image"])))
    patterns = reading.patterns(here, globs)
    if "skipImageReferences" in verify:
        account.lost((*at, "skipImageReferences"), "gate lets no image in unasked")
    if verify.get("verifyDigest") is not False:
        for pattern in patterns:
            reading.proposal.digest(pattern)
        if "verifyDigest" in verify:
            account.carried((*at, "verifyDigest"), "images digest: required")
    account.quiet((*at, "verifyDigest"))
    attestors(reading, (*at, "attestors"), verify.get("attestors"), patterns, "signature")
    for key in filter(verify.__contains__, _OLD):
        _old(reading, at, key, verify, patterns)
    for number, attestation in mappings(verify.get("attestations")):
        _attestation(reading, at, number, said=attestation, verify=verify, patterns=patterns)


def _attestation(
    reading: Reading,
    at: Path,
    number: int,
    *,
    said: Mapping[str, Any],
    verify: Mapping[str, Any],
    patterns: list[str],
) -> None:
    account = reading.account
    inside: Path = (*at, "attestations", number)
    key = "type" if "type" in said else "predicateType"
    check, note = check_of(text(said.get(key)))
    if "conditions" in said:
        account.lost((*inside, "conditions"), CEL)
    account.quiet((*inside, "name"))
    if check is None:
        if key in said:
            account.lost((*inside, key), note)
        account.quiet((*inside, "attestors"))
        return
    account.carried((*inside, key), f"images {check}", note)
    own = said.get("attestors")
    if own is None:
        attestors(reading, (*at, "attestors"), verify.get("attestors"), patterns, check)
    else:
        attestors(reading, (*inside, "attestors"), own, patterns, check)


def _old(
    reading: Reading, at: Path, key: str, verify: Mapping[str, Any], patterns: list[str]
) -> None:
    """Read the form of Kyverno before 1.7: one key or one identity beside the image."""
    if key == "key":
        for signer in signers_of_keys(reading, (*at, key), text(verify[key]), None):
            reading.asked((*at, key), patterns, "signature", Ask((signer.name,)))
    elif key == "annotations":
        reading.account.lost((*at, key), "gate compares no annotations of signatures")
    elif key == "repository":
        reading.account.lost((*at, key), "the registries file says it: `evidence`")
    elif key == "issuer" or (key == "subject" and "issuer" not in verify):
        said = {"issuer": verify.get("issuer"), "subject": verify.get("subject")}
        for signer in signers_of_identity(reading, (*at, key), said):
            reading.asked((*at, key), patterns, "signature", Ask((signer.name,)))
    elif key == "subject":
        reading.account.quiet((*at, key))
    else:
        reading.account.lost((*at, key), "gate does not read this field")
