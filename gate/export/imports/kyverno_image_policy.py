"""Kyverno's ImageValidatingPolicy. Of its CEL the calls that verify are read, and nothing else.

https://kyverno.io/docs/policy-types/image-validating-policy/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from gate.documents.lenient import mapping, mappings, sequence, text
from gate.export.imports.kyverno import (
    BLOCKS,
    CEL,
    Reading,
    signers_of_identity,
    signers_of_keys,
)
from gate.export.imports.proposal import Ask
from gate.export.imports.signing import SignerSaid
from gate.export.imports.words import PUBLIC_GOOD, check_of
from gate.model.document import Path
from gate.model.expressions import expression

_SIGNED: Final = expression(r"verifyImageSignatures\(\s*\w+\s*,\s*\[([^\]]*)\]")
_ATTESTED: Final = expression(
    r"verifyAttestationSignatures\(\s*\w+\s*,\s*attestations\.(\w+)\s*,\s*\[([^\]]*)\]"
)
_QUIET: Final = (
    *("failurePolicy", "webhookConfiguration", "evaluation", "autogen", "matchConstraints"),
    *("credentials", "validationActions"),
)


def import_image_validating_policy(reading: Reading) -> None:
    """Add what an ImageValidatingPolicy demands."""
    account = reading.account
    spec = mapping(account.document.value["spec"])
    account.quiet(*(("spec", key) for key in _QUIET))
    if text(next(iter(sequence(spec.get("validationActions"))), "")) in ("Audit", "Warn"):
        account.carried(("spec", "validationActions"), "images", BLOCKS)
    for key in ("matchConditions", "variables", "images", "auditAnnotations"):
        if key in spec:
            account.lost(("spec", key), CEL)
    name = next((k for k in ("matchImageReferences", "imageRules") if k in spec), "")
    here: Path = ("spec", name)
    globs: list[tuple[Path, str]] = []
    for index, one in mappings(spec.get(name)):
        if "glob" in one:
            globs.append(((*here, index, "glob"), text(one["glob"])))
        else:
            account.carried((*here, index), "images **", "every image, because gate reads no CEL")
            globs.append(((*here, index), "*"))
    patterns = reading.patterns(here, globs) if name else []
    settings = mapping(spec.get("validationConfigurations"))
    account.quiet(("spec", "validationConfigurations"))
    if settings.get("verifyDigest") is not False:
        for pattern in patterns:
            reading.proposal.digest(pattern)
        if "verifyDigest" in settings:
            at: Path = ("spec", "validationConfigurations", "verifyDigest")
            account.carried(at, "images digest: required")
    signers = dict(_named(reading, spec))
    types = {
        text(one.get("name")): text(mapping(one.get("intoto") or one.get("referrer")).get("type"))
        for _, one in mappings(spec.get("attestations"))
    }
    account.quiet(("spec", "attestations"))
    for index, one in mappings(spec.get("validations")):
        at = ("spec", "validations", index)
        _validation(reading, at, one, patterns, signers=signers, types=types)


def _named(reading: Reading, spec: Mapping[str, Any]) -> Iterator[tuple[str, list[SignerSaid]]]:
    account = reading.account
    for index, attestor in mappings(spec.get("attestors")):
        at: Path = ("spec", "attestors", index)
        account.quiet((*at, "name"))
        name, found = text(attestor.get("name")), list[SignerSaid]()
        if "notary" in attestor:
            account.lost((*at, "notary"), "gate verifies no Notary signatures")
        cosign = mapping(attestor.get("cosign"))
        inside: Path = (*at, "cosign")
        log = mapping(cosign.get("ctlog"))
        account.quiet((*inside, "ctlog"))
        own = text(log.get("url")).rstrip("/") not in {"", *PUBLIC_GOOD} or "tuf" in cosign
        for unread in ("annotations", "certificate", "source", "tuf"):
            if unread in cosign:
                account.lost((*inside, unread), "gate does not read this field")
        key = mapping(cosign.get("key"))
        account.quiet((*inside, "key", "hashAlgorithm"))
        more = None if log.get("insecureIgnoreTlog") is True else {"log": "required"}
        for part in sorted(key.keys() - {"hashAlgorithm"}):
            data = text(key[part]) if part == "data" else f"{part}://"
            found += signers_of_keys(reading, (*inside, "key", part), data, more)
        keyless_said = mapping(cosign.get("keyless"))
        for number, identity in mappings(keyless_said.get("identities")):
            roots = {"roots": ""} if own or "roots" in keyless_said else {}
            place: Path = (*inside, "keyless", "identities", number)
            found += signers_of_identity(reading, place, {**identity, **roots})
        account.quiet((*inside, "keyless", "roots"))
        yield name, found


def _validation(
    reading: Reading,
    at: Path,
    one: Mapping[str, Any],
    patterns: list[str],
    *,
    signers: Mapping[str, list[SignerSaid]],
    types: Mapping[str, str],
) -> None:
    account, expression = reading.account, text(one.get("expression"))
    account.quiet((*at, "message"), (*at, "messageExpression"), (*at, "reason"))
    asked = [("signature", "", found) for found in _SIGNED.findall(expression)]
    for named, listed in _ATTESTED.findall(expression):
        check, note = check_of(types.get(named, ""))
        if check is None:
            account.lost((*at, "expression"), note)
            return
        asked.append((check, note, listed))
    plain = re.sub(r"\s+", "", expression)
    if not asked or "||" in plain or "extractPayload" in plain or "?" in plain:
        account.lost((*at, "expression"), CEL)
        return
    for check, note, listed in asked:
        called = [part.strip().removeprefix("attestors.") for part in listed.split(",")]
        names = [one.name for name in called for one in signers.get(name, [])]
        if not names:
            account.lost((*at, "expression"), "none of its attestors has an equivalent")
            return
        reading.asked((*at, "expression"), patterns, check, Ask(tuple(sorted(set(names)))))
        account.carried(
            (*at, "expression"), f"images {check}.by {', '.join(sorted(set(names)))}", note
        )
