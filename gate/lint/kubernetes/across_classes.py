"""What the fields of webhooks, slices of endpoints, flows and classes say together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from gate.documents.lenient import dig, is_number, mapping, mappings, sequence, strings
from gate.lint.kubernetes.across import Asked, Dated, Problem, duplicates, needed
from gate.lint.kubernetes.addresses import address, strict_address
from gate.lint.kubernetes.formats import is_subdomain, label
from gate.lint.kubernetes.rows import NEVER
from gate.model.document import Path

_REVIEWS: Final = ("v1", "v1beta1")
_ALONE: Final = ("operations", "apiGroups", "apiVersions")
_VERBS: Final = frozenset(
    (
        *("create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update"),
        *("watch", "*"),
    )
)
_SUBJECTS: Final = {"Group": "group", "ServiceAccount": "serviceAccount", "User": "user"}


def _reviews(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    versions = strings(value.get("admissionReviewVersions"))
    place = (*path, "admissionReviewVersions")
    if versions and not set(versions) & set(_REVIEWS):
        yield place, f"admissionReviewVersions must have {' or '.join(_REVIEWS)}"
    yield from _twice(versions, place)


def _twice(values: list[str], path: Path) -> Iterator[Problem]:
    for index, word in enumerate(values):
        if word in values[:index]:
            yield (*path, index), "an earlier item is the same"


def _rule(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    for field in _ALONE:
        if "*" in strings(value.get(field)) and len(sequence(value.get(field))) > 1:
            yield (*path, field), f"{field} may have nothing beside '*'"
    yield from _twice(strings(value.get("resourceNames")), (*path, "resourceNames"))
    resources = strings(value.get("resources"))
    if "*" in resources and sum("/" not in resource for resource in resources) > 1:
        message = "resources may have nothing but subresources beside '*'"
        yield (*path, "resources"), message


def _slice(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    for place, written in _addresses(value, path):
        if isinstance(written, str) and (must := _address(written, value.get("addressType"))):
            yield place, f"an address must be {must}"
    ports = [{"name": item.get("name") or ""} for _, item in mappings(value.get("ports"))]
    unnamed = [index for index, item in enumerate(ports) if not item["name"]]
    yield from duplicates(ports, (*path, "ports"), "name", "a port")
    for index in unnamed[1:]:
        yield (*path, "ports", index, "name"), "a port has no name, as an earlier one has none"


def _addresses(value: dict[str, Any], path: Path) -> Iterator[tuple[Path, Any]]:
    for index, endpoint in mappings(value.get("endpoints")):
        for at, written in enumerate(sequence(endpoint.get("addresses"))):
            yield (*path, "endpoints", index, "addresses", at), written


def _address(text: str, kind: object) -> str | None:
    if kind == "FQDN":
        return None if is_subdomain(text) else "a domain name in lower case"
    if kind not in ("IPv4", "IPv6"):
        return None
    fits = address(text) is None and (":" in text) == (kind == "IPv6")
    return None if fits else f"one of {kind}"


def _strict_slice(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    for place, written in _addresses(value, path) if value.get("addressType") == "IPv4" else ():
        if must := strict_address(written):
            yield place, f"an address must be {must}"


def _flow_subject(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    kind = value.get("kind")
    wanted = _SUBJECTS.get(kind) if isinstance(kind, str) else None
    for field in _SUBJECTS.values() if wanted else ():
        if field == wanted and value.get(field) is None:
            yield (*path, field), f"{field} must be set where kind is {kind}"
        elif field != wanted and value.get(field) is not None:
            yield (*path, field), f"{field} may not be set where kind is {kind}"


def _verbs(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    verbs = strings(value.get("verbs"))
    for index, verb in enumerate(verbs):
        if verb not in _VERBS:
            yield (*path, "verbs", index), f"verbs are {', '.join(sorted(_VERBS))}"
    if "*" in verbs and len(verbs) > 1:
        yield (*path, "verbs"), "verbs may have nothing beside '*'"


def _flow_resources(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    yield from _verbs(value, path)
    names = strings(value.get("namespaces"))
    if value.get("clusterScope") is not True and not names:
        yield (*path, "namespaces"), "namespaces must be set unless clusterScope is true"
    for index, name in enumerate(names):
        if name != "*" and (must := label(name)):
            yield (*path, "namespaces", index), f"a namespace must be '*', or {must}"


def _flow_urls(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    yield from _verbs(value, path)
    for index, url in enumerate(strings(value.get("nonResourceURLs"))):
        if url != "*" and not url.startswith("/"):
            yield (*path, "nonResourceURLs", index), "a URL must begin with '/'"


def _queues(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    hand, queues = value.get("handSize"), value.get("queues")
    if is_number(hand) and is_number(queues) and hand > queues:
        yield (*path, "handSize"), "handSize is above queues"


def _terms(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    place = (*path, "matchLabelExpressions")
    yield from duplicates(value.get("matchLabelExpressions"), place, "key", "a term")


def _pool_of_networks(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    if not sequence(dig(value, "spec", "cidrs")):
        yield (*path, "spec", "cidrs"), "cidrs must have at least one network"


def _mutations(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    if not sequence(mapping(value.get("matchConstraints")).get("resourceRules")):
        place = (*path, "matchConstraints", "resourceRules")
        yield place, "resourceRules must not be empty"
    if not sequence(value.get("mutations")):
        yield (*path, "mutations"), "mutations must not be empty"
    yield from needed("reinvocationPolicy")(value, path)


ACROSS: Final[Mapping[str, tuple[Asked, ...]]] = {
    "ApplyConfiguration": (needed("expression"),),
    "EndpointSlice": (_slice, Dated(_strict_slice, range(36, NEVER))),
    "FlowcontrolSubject": (_flow_subject,),
    "MutatingAdmissionPolicy": (needed("spec"),),
    "MutatingAdmissionPolicyBinding": (needed("spec"),),
    "MutatingAdmissionPolicyBindingSpec": (needed("policyName"),),
    "MutatingAdmissionPolicySpec": (_mutations,),
    "MutatingWebhook": (_reviews,),
    "NamedRuleWithOperations": (_rule,),
    "NonResourcePolicyRule": (_flow_urls,),
    "ParamKind": (needed("apiVersion", "kind"),),
    "PodDNSConfigOption": (needed("name"),),
    "PodTemplate": (needed("template"),),
    "QueuingConfiguration": (_queues,),
    "ReplicationController": (needed("spec"),),
    "ResourcePolicyRule": (_flow_resources,),
    "RuleWithOperations": (_rule,),
    "ServiceCIDR": (_pool_of_networks,),
    "TopologySelectorTerm": (_terms,),
    "ValidatingAdmissionPolicy": (needed("spec"),),
    "ValidatingWebhook": (_reviews,),
}
