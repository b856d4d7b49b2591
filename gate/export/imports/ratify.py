"""Ratify: `Verifier` and `Policy` of version 1, `Executor` of version 2.

https://ratify.dev/docs/reference/custom%20resources/verifiers

Of several scopes the most specific one alone is asked of an image. Notary's signatures are none
of gate's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from gate.documents.lenient import mapping, mappings, strings, text
from gate.export.imports.account import DocumentAccount
from gate.export.imports.call import ImportCall
from gate.export.imports.proposal import Ask
from gate.export.imports.signing import SignerSaid, keyed, keyless
from gate.export.imports.words import OWN_ROOT, PUBLIC_GOOD, image_pattern
from gate.model.document import Document, Path
from gate.policy.match import ImagePattern

GROUPS: Final = ("config.ratify.deislabs.io", "config.ratify.sh")
_NOTARY: Final = "gate verifies no Notary signatures"
_KEPT: Final = "the key is kept in a service: write its public half, as PEM, under `signers`"
_COSIGN: Final = frozenset(("cosign", "verifier-cosign"))
_REPORTS: Final = {
    "sbom": "add `sbom: {by: […], forbid-licenses: […], forbid-packages: […]}`",
    "vulnerabilityreport": "add `vulnerabilities: {by: […], fail-on: …}` and `scan-age`",
    "schemavalidator": "gate reads the types of attestations that `docs/evidence.md` lists",
}
_WHERE: Final = frozenset(("Store", "NamespacedStore"))
_KEYS: Final = frozenset(
    (
        *("CertificateStore", "NamespacedCertificateStore", "KeyManagementProvider"),
        "NamespacedKeyManagementProvider",
    )
)


def inline_keys(documents: Iterable[Document]) -> dict[str, str]:
    """Return the public keys that key management providers of a file hold, by their names."""
    found = {}
    for document in documents:
        value = mapping(document.value)
        spec, name = mapping(value.get("spec")), text(mapping(value.get("metadata")).get("name"))
        if text(value.get("kind")) in _KEYS and name:
            found[name] = text(mapping(spec.get("parameters")).get("value"))
    return found


def import_ratify(
    account: DocumentAccount, kind: str, call: ImportCall, keys: Mapping[str, str]
) -> None:
    """Add what one object demands."""
    spec = mapping(account.document.value["spec"])
    if kind in _WHERE or kind in _KEYS:
        account.lost(("spec",), "it demands nothing by itself: a Verifier does")
    elif kind.endswith("Executor"):
        _executor(account, spec, call)
    elif kind.endswith("Verifier"):
        account.quiet(*(("spec", key) for key in ("artifactTypes", "version", "address", "source")))
        _verifier(account, spec, call, keys)
    elif kind.endswith("Policy"):
        _policy(account, spec)


def _policy(account: DocumentAccount, spec: Mapping[str, Any]) -> None:
    parameters = mapping(spec.get("parameters"))
    account.quiet(("spec", "type"), ("spec", "parameters", "passthroughEnabled"))
    if "policy" in parameters:
        account.lost(
            ("spec", "parameters", "policy"),
            "gate reads no CUE and no Rego: its checks read what an attestation says",
        )
    for kind, count in mapping(parameters.get("artifactVerificationPolicies")).items():
        place: Path = ("spec", "parameters", "artifactVerificationPolicies", kind)
        if count == "any":
            account.carried(place, "images signature.by", "one of its signers is enough")
        else:
            account.lost(place, "gate asks that enough signers signed, and refuses no other")


def _verifier(
    account: DocumentAccount, spec: Mapping[str, Any], call: ImportCall, keys: Mapping[str, str]
) -> None:
    name = text(spec.get("name"))
    place: Path = ("spec", "name")
    account.quiet(place)
    if name not in _COSIGN:
        account.lost(place, _REPORTS.get(name, _NOTARY if "nota" in name else "gate has none"))
        account.quiet(("spec", "parameters"))
        return
    parameters = mapping(spec.get("parameters"))
    at: Path = ("spec", "parameters")
    if text(parameters.get("rekorURL")).rstrip("/") not in {"", *PUBLIC_GOOD}:
        account.lost((*at, "rekorURL"), OWN_ROOT)
    account.quiet((*at, "rekorURL"))
    if "key" in parameters:
        found = list(_key(account, (*at, "key"), text(parameters["key"]), call, logged=False))
        _asked(account, (*at, "key"), ["**"], Ask(_names(found)), call)
    for index, one in mappings(parameters.get("trustPolicies")):
        here: Path = (*at, "trustPolicies", index)
        account.quiet((*here, "name"), (*here, "version"), (*here, "tLogVerify"))
        found = list(_of_providers(account, here, one, call, keys))
        said = mapping(one.get("keyless"))
        if said:
            account.quiet((*here, "keyless", "ctLogVerify"))
            found += _identity(account, (*here, "keyless"), said, call)
        _asked(account, here, _scopes(account, here, one), Ask(_names(found)), call)


def _of_providers(
    account: DocumentAccount,
    at: Path,
    one: Mapping[str, Any],
    call: ImportCall,
    keys: Mapping[str, str],
) -> Iterator[SignerSaid]:
    logged = one.get("tLogVerify") is not False
    for index, key in mappings(one.get("keys")):
        place: Path = (*at, "keys", index)
        provider = text(key.get("provider")).rpartition("/")[2]
        data = text(key.get("file")) or keys.get(provider, "")
        if not data:
            account.lost(place, _KEPT)
            continue
        yield from _key(account, place, data, call, logged=logged)


def _executor(account: DocumentAccount, spec: Mapping[str, Any], call: ImportCall) -> None:
    at: Path = ("spec", "verifiers")
    account.quiet(("spec", "stores"), ("spec", "concurrency"))
    patterns = _scopes(account, ("spec",), spec)
    found: dict[str, list[SignerSaid]] = {}
    for index, verifier in mappings(spec.get("verifiers")):
        name, here = text(verifier.get("name")), (*at, index)
        account.quiet((*here, "name"), (*here, "type"))
        if text(verifier.get("type")) != "cosign":
            account.lost((*here, "type"), _NOTARY)
            account.quiet((*here, "parameters"))
            continue
        found[name] = list(_trusted(account, (*here, "parameters"), verifier, call))
    rules = list(_rules(account, spec))
    alone = [rule for rule in rules if found.get(rule)] or [n for n in found if found[n]]
    signers = [one for name in alone for one in found[name]]
    wanted = _threshold(spec, rules)
    place: Path = ("spec", "policyEnforcer")
    if wanted < len(rules) and len(alone) < len(rules):
        account.lost((*place, "parameters"), "what counts here is cosign's signature alone")
    account.quiet(place)
    names = _names(signers)
    wanted = min(wanted, len(alone), len(names))
    if wanted > 1 and any(len(found[name]) > 1 for name in alone):
        wanted = len(names)  # two keys of one verifier are one of its signatures
    _asked(account, at, patterns, Ask(names, wanted), call)


def _rules(account: DocumentAccount, spec: Mapping[str, Any]) -> Iterator[str]:
    """Yield the verifiers that the rules name; rules inside of rules are told."""
    at: Path = ("spec", "policyEnforcer", "parameters", "policy", "rules")
    parameters = mapping(mapping(spec.get("policyEnforcer")).get("parameters"))
    for index, rule in mappings(mapping(parameters.get("policy")).get("rules")):
        if "rules" in rule:
            account.lost((*at, index, "rules"), "a policy counts signers, and no groups of them")
        elif name := text(rule.get("verifierName")):
            yield name


def _threshold(spec: Mapping[str, Any], rules: list[str]) -> int:
    """Return how many of the rules must hold: all of them, where none is said."""
    parameters = mapping(mapping(spec.get("policyEnforcer")).get("parameters"))
    said = mapping(parameters.get("policy")).get("threshold")
    return said if type(said) is int and 0 < said <= len(rules) else max(len(rules), 1)


def _trusted(
    account: DocumentAccount, at: Path, verifier: Mapping[str, Any], call: ImportCall
) -> Iterator[SignerSaid]:
    parameters = mapping(verifier.get("parameters"))
    ignored = parameters.get("ignoreTLog") is True
    account.quiet((*at, "ignoreTLog"))
    for index, one in mappings(parameters.get("trustPolicies")):
        here: Path = (*at, "trustPolicies", index)
        account.quiet(*((*here, key) for key in ("scopes", "ignoreTLog", "ignoreCTLog")))
        keys = mapping(one.get("keys"))
        for provider in sorted(keys):
            place: Path = (*here, "keys", provider)
            data = text(mapping(keys[provider]).get("keys")) if provider == "inline" else ""
            if not data:
                account.lost(place, _KEPT)
                continue
            logged = not (ignored or one.get("ignoreTLog") is True)
            yield from _key(account, place, data, call, logged=logged)
        if not keys:
            yield from _identity(account, here, one, call)


def _scopes(account: DocumentAccount, at: Path, said: Mapping[str, Any]) -> list[str]:
    """Return the patterns of scopes, each told."""
    found = []
    for index, scope in enumerate(strings(said.get("scopes"))):
        place: Path = (*at, "scopes", index)
        glob = scope if "/" in scope or scope == "*" else f"{scope}/*"
        made = image_pattern(glob, spans=True)
        try:
            pattern = ImagePattern(made[0]).text if made else None
        except ValueError:
            pattern = None
        if made is None or pattern is None:
            account.lost(place, "this is no pattern that a policy can have")
            continue
        account.carried(place, f"images {pattern}", made[1])
        found.append(pattern)
    return found


def _key(
    account: DocumentAccount, at: Path, data: str, call: ImportCall, *, logged: bool
) -> Iterator[SignerSaid]:
    try:
        more = {"log": "required"} if logged else None
        signer = keyed(call.proposal, data, call.read, more=more)
    except ValueError as problem:
        account.lost(at, str(problem))
        return
    account.carried(at, f"signers {signer.name}", signer.note)
    yield signer


def _identity(
    account: DocumentAccount, at: Path, said: Mapping[str, Any], call: ImportCall
) -> Iterator[SignerSaid]:
    """Yield the signer of an identity. Version 1 and 2 spell one field in two ways."""
    fields = ("certificateIdentity", "certificateIdentityRegExp", "certificateIdentityRegex")
    issuers = ("certificateOIDCIssuer", "certificateOIDCIssuerRegExp", "certificateOIDCIssuerRegex")
    key = next((one for one in fields if text(said.get(one))), fields[0])
    account.quiet(*((*at, one) for one in (*fields, *issuers)))
    try:
        signer = keyless(
            call.proposal,
            issuer=text(said.get(issuers[0])),
            subject=text(said.get(fields[0])),
            expression=text(said.get(fields[1])) or text(said.get(fields[2])),
            issuer_expression=text(said.get(issuers[1])) or text(said.get(issuers[2])),
            exact=True,
        )
    except ValueError as problem:
        account.lost((*at, key), str(problem))
        return
    account.carried((*at, key), f"signers {signer.name}", signer.note)
    yield signer


def _names(signers: Iterable[SignerSaid]) -> tuple[str, ...]:
    return tuple(sorted({one.name for one in signers}))


def _asked(
    account: DocumentAccount, at: Path, patterns: Iterable[str], ask: Ask, call: ImportCall
) -> None:
    for pattern in patterns if ask.by else ():
        if not call.proposal.ask(pattern, "signature", ask, apart=True):
            account.lost(at, f"another verifier demands other signers of {pattern}")
