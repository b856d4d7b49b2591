"""Connaisseur's `values.yaml`: `application.validators` and `application.policy`.

https://sse-secure-systems.github.io/connaisseur/latest/basics/

The most specific rule alone is asked of an image. Before version 3 the two lists were at the top,
and the names of keys had underscores.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from gate.documents.lenient import mapping, mappings, sequence, text
from gate.export.imports.account import DocumentAccount
from gate.export.imports.call import ImportCall
from gate.export.imports.proposal import Ask
from gate.export.imports.signing import SignerSaid, keyed, keyless
from gate.export.imports.words import OWN_ROOT, image_pattern
from gate.model.document import Path
from gate.policy.match import ImagePattern

_DEFAULT: Final = "default"
_PLACES: Final[tuple[Path, ...]] = (("application",), ("connaisseur", "application"), ())
_FEATURES: Final = {
    "detectionMode": "gate blocks, and warns of nothing here",
    "detection_mode": "gate blocks, and warns of nothing here",
    "namespacedValidation": "a policy is about images in every object that runs them",
    "namespaced_validation": "a policy is about images in every object that runs them",
}


def application(value: Mapping[str, Any]) -> Path | None:
    """Return where the two lists are; None where these are no values of Connaisseur."""
    for place in _PLACES:
        found: Any = value
        for key in place:
            found = mapping(found).get(str(key))
        found = mapping(found)
        rules = [rule for _, rule in mappings(found.get("policy"))]
        if isinstance(found.get("validators"), list) and any("pattern" in rule for rule in rules):
            return place
    return None


def import_connaisseur(account: DocumentAccount, at: Path, call: ImportCall) -> None:
    """Add what each rule of the policy demands."""
    value: Any = account.document.value
    for key in at:
        value = value[key]
    account.quiet((*at, "validators"), (*at, "policy"), *((*at, key) for key in value if at))
    for key, why in _FEATURES.items():
        for place in ((*at, "features"), at):
            said = _inside(account.document.value, (*place, key))
            if said is True or mapping(said):
                account.lost((*place, key), why)
    validators = {
        text(one.get("name")): ((*at, "validators", index), one)
        for index, one in mappings(value["validators"])
    }
    for index, rule in mappings(value["policy"]):
        _rule(account, (*at, "policy", index), rule, validators, call)


def _inside(value: Any, path: Path) -> object:  # noqa: ANN401  # any JSON value
    for key in path:
        value = mapping(value).get(str(key))
    return value


def _rule(
    account: DocumentAccount,
    at: Path,
    rule: Mapping[str, Any],
    validators: Mapping[str, tuple[Path, Mapping[str, Any]]],
    call: ImportCall,
) -> None:
    place: Path = (*at, "pattern")
    found = image_pattern(_in_full(text(rule.get("pattern"))), spans=True)
    name = text(rule.get("validator")) or _DEFAULT
    if found is None:
        account.lost(place, "this is no pattern that a policy can have")
        return
    if name not in validators:
        account.lost(place, f"there is no validator {name}")
        return
    try:
        pattern = ImagePattern(found[0]).text
    except ValueError as problem:
        account.lost(place, str(problem))
        return
    where, validator = validators[name]
    kind = text(validator.get("type"))
    if kind == "static":
        _static(account, place, pattern, call, approve=validator.get("approve") is True)
        return
    if kind != "cosign":
        account.lost(place, "gate verifies no Notary signatures")
        return
    asked = mapping(rule.get("with"))
    names, wanted = _signers(account, where, validator, asked, call)
    if not names:
        account.lost(place, "none of its trust roots has an equivalent")
        return
    if wanted < len(names) and asked.get("required"):
        account.lost((*at, "with", "required"), "a policy counts signers, and names none of them")
    call.proposal.ask(pattern, "signature", Ask(tuple(sorted(names)), wanted), apart=True)
    many = f" at-least {wanted}" if wanted > 1 else ""
    account.carried(place, f"images {pattern} signature.by {', '.join(sorted(names))}{many}")


def _static(
    account: DocumentAccount, at: Path, pattern: str, call: ImportCall, *, approve: bool
) -> None:
    if approve:
        call.proposal.digest(pattern)
        account.carried(at, f"images {pattern} digest", "gate asks at least for a digest")
    elif pattern == "**":
        account.carried(at, "images", "an image that no entry matches is blocked")
    else:
        account.lost(at, "no entry denies images: leave them out of `registries.allow`")


def _signers(
    account: DocumentAccount,
    at: Path,
    validator: Mapping[str, Any],
    asked: Mapping[str, Any],
    call: ImportCall,
) -> tuple[set[str], int]:
    """Return the signers of a rule's trust roots, and how many of them must have signed."""
    key = "trustRoots" if "trustRoots" in validator else "trust_roots"
    roots = list(mappings(validator.get(key)))
    chosen = text(asked.get("trustRoot") or asked.get("trust_root") or asked.get("key"))
    named = {chosen or _DEFAULT}
    if chosen == "*":
        named = {text(root.get("name")) for _, root in roots}
        required = {text(one) for one in sequence(asked.get("required"))}
        if required and "threshold" not in asked:
            named = required
    logged = asked.get("verifyInTransparencyLog") is not False
    if logged and _own(validator):
        account.lost((*at, "host"), OWN_ROOT)
    found: set[str] = set()
    for index, root in roots:
        if text(root.get("name")) in named:
            for signer in _signer(account, (*at, key, index), root, call, logged=logged):
                found.add(signer.name)
    threshold = asked.get("threshold")
    wanted = len(named)
    if chosen == "*" and type(threshold) is int and threshold > 0:
        wanted = max(threshold, len(sequence(asked.get("required"))))
    return found, min(wanted, len(found)) if found else 0


def _own(validator: Mapping[str, Any]) -> bool:
    host = validator.get("host")
    said = text(mapping(host).get("rekor")) if isinstance(host, dict) else text(host)
    return said.removeprefix("https://").rstrip("/") not in ("", "rekor.sigstore.dev")


def _signer(
    account: DocumentAccount, at: Path, root: Mapping[str, Any], call: ImportCall, *, logged: bool
) -> Iterator[SignerSaid]:
    identity = mapping(root.get("keyless"))
    try:
        if identity:
            signer = keyless(
                call.proposal,
                issuer=text(identity.get("issuer")),
                subject=text(identity.get("subject")),
                expression=text(identity.get("subjectRegex")),
                issuer_expression=text(identity.get("issuerRegex")),
                exact=True,
            )
        else:
            more = {"log": "required"} if logged else None
            signer = keyed(call.proposal, text(root.get("key")), call.read, more=more)
    except ValueError as problem:
        account.lost((*at, "keyless" if identity else "key"), str(problem))
        return
    account.carried((*at, "keyless" if identity else "key"), f"signers {signer.name}", signer.note)
    yield signer


def _in_full(pattern: str) -> str:
    """Return a pattern with the registry that Connaisseur adds: it matches canonical names."""
    host, slash, _ = pattern.partition("/")
    if slash and not ({".", ":", "*"} & set(host)) and host != "localhost":
        return f"docker.io/{pattern}"
    return pattern
