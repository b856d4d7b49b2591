"""What the fields of Services, Ingresses, NetworkPolicies and roles say together."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from typing import Any, Final

from gate.documents.lenient import dig, is_number, mappings, sequence, strings, text
from gate.lint.kubernetes.across import Asked, Dated, Problem, duplicates, is_set, one
from gate.lint.kubernetes.addresses import address, network, strict_network
from gate.lint.kubernetes.formats import is_subdomain, path_segment, subdomain
from gate.lint.kubernetes.rows import NEVER
from gate.model.document import Path

_RBAC: Final = "rbac.authorization.k8s.io"
_SEQUENCES: Final = ("//", "/./", "/../", "%2f", "%2F")
_DIRECTIONS: Final = ("Ingress", "Egress")
_SUFFIXES: Final = ("/..", "/.")


def _ports(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    ports, kind = value.get("ports"), value.get("type") or "ClusterIP"
    place = (*path, "ports")
    yield from duplicates(ports, place, "name", "a port")
    headless = value.get("clusterIP") == "None"
    if not sequence(ports) and not headless and kind != "ExternalName":
        yield place, "a Service must have ports"
    seen: set[tuple[object, object]] = set()
    for index, item in mappings(ports):
        if len(sequence(ports)) > 1 and not is_set(item.get("name")):
            yield (*place, index, "name"), "a Service with more than one port must name each"
        number = item.get("port")
        if is_number(number):
            used = (number, item.get("protocol") or "TCP")
            if used in seen:
                yield (*place, index, "port"), "an earlier port has the same number and protocol"
            seen.add(used)
        if kind == "ClusterIP" and item.get("nodePort") not in (None, 0):
            message = "nodePort may not be set where the type is ClusterIP"
            yield (*place, index, "nodePort"), message


def _service(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    kind = value.get("type") or "ClusterIP"
    if value.get("clusterIP") == "None" and kind in ("LoadBalancer", "NodePort"):
        yield (*path, "clusterIP"), f"clusterIP may not be None where the type is {kind}"
    if kind == "ExternalName":
        yield from _external(value, path)
    if value.get("sessionAffinity") == "None" and value.get("sessionAffinityConfig") is not None:
        message = "sessionAffinityConfig needs sessionAffinity ClientIP"
        yield (*path, "sessionAffinityConfig"), message
    only = ("loadBalancerClass", "loadBalancerSourceRanges", "allocateLoadBalancerNodePorts")
    for name in only:
        if kind != "LoadBalancer" and is_set(value.get(name)):
            yield (*path, name), f"{name} needs the type LoadBalancer"
    for index, wide in enumerate(strings(value.get("loadBalancerSourceRanges"))):
        if must := network(wide.strip()):
            yield (*path, "loadBalancerSourceRanges", index), f"must be {must}"


def _plain_ranges(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    for index, wide in enumerate(strings(value.get("loadBalancerSourceRanges"))):
        if must := strict_network(wide.strip()):
            yield (*path, "loadBalancerSourceRanges", index), f"must be {must}"


def _traffic(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    kind, policy = value.get("type") or "ClusterIP", value.get("externalTrafficPolicy")
    outside = kind in ("LoadBalancer", "NodePort") or bool(value.get("externalIPs"))
    if is_set(policy) and not outside:
        message = "externalTrafficPolicy needs the type NodePort or LoadBalancer"
        yield (*path, "externalTrafficPolicy"), message
    checked = kind == "LoadBalancer" and policy == "Local"
    if not checked and value.get("healthCheckNodePort") not in (None, 0):
        message = "healthCheckNodePort needs the type LoadBalancer and the policy Local"
        yield (*path, "healthCheckNodePort"), message


def _external(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    name = text(value.get("externalName")).removesuffix(".")
    if not name:
        yield (*path, "externalName"), "externalName must be set where the type is ExternalName"
    elif not is_subdomain(name):
        yield (*path, "externalName"), "externalName must be a domain name in lower case"
    for field in ("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"):
        if is_set(value.get(field)):
            yield (*path, field), f"{field} may not be set where the type is ExternalName"


def _host(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    host = value.get("host")
    if isinstance(host, str) and host:
        yield from _named(host, (*path, "host"))
        if address(host) is None:
            yield (*path, "host"), "host must be a domain name, not an IP address"


def _named(host: str, path: Path) -> Iterator[Problem]:
    plain = host.removeprefix("*.")
    if not is_subdomain(plain) or (plain != host and "." not in plain and not plain):
        message = "a host must be a domain name in lower case, or '*.' and one"
        yield path, message


def _tls(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    for index, host in enumerate(strings(value.get("hosts"))):
        yield from _named(host, (*path, "hosts", index))


def _ingress(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    if not sequence(value.get("rules")) and value.get("defaultBackend") is None:
        yield path, "an Ingress must have rules or a defaultBackend"


def _ingress_class(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    place = ("metadata", "annotations", "kubernetes.io/ingress.class")
    annotated, named = dig(value, *place), dig(value, "spec", "ingressClassName")
    if isinstance(annotated, str) and isinstance(named, str) and annotated != named:
        yield (*path, *place), "the annotation must be the same as ingressClassName"


def _subset(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    if not sequence(value.get("addresses")) and not sequence(value.get("notReadyAddresses")):
        yield path, "a subset must have addresses or notReadyAddresses"


def _ingress_path(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    kind, route = value.get("pathType"), text(value.get("path"))
    exact = kind in ("Exact", "Prefix")
    if kind == "":
        yield (*path, "pathType"), "pathType is empty"
    if (exact or (route and kind == "ImplementationSpecific")) and not route.startswith("/"):
        yield (*path, "path"), "path must begin with '/'"
    elif exact:
        wrong = [part for part in _SEQUENCES if part in route]
        wrong += [part for part in _SUFFIXES if route.endswith(part)]
        for part in wrong:
            yield (*path, "path"), f"path may not have {part!r} where pathType is {kind}"


def _backend_port(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    port = value.get("port")
    name, number = dig(port, "name"), dig(port, "number")
    if value.get("name") == "":
        yield (*path, "name"), "the name of a backend's Service is empty"
    if not is_set(name) and number in (None, 0):
        yield (*path, "port"), "a backend's port must have a name or a number"
    elif is_set(name) and number not in (None, 0):
        yield (*path, "port"), "a backend's port may not have both a name and a number"


def _directions(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    if len(sequence(value.get("policyTypes"))) > len(_DIRECTIONS):
        yield (*path, "policyTypes"), "policyTypes may have at most two items"


def _families(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    seen = set()
    for index, family in enumerate(strings(value.get("ipFamilies"))):
        if family in seen:
            yield (*path, "ipFamilies", index), "an earlier item is the same"
        seen.add(family)


def _whole(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    if value.get("spec") is None:
        yield (*path, "spec"), "spec is missing"


def _hooked(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    for field in ("apiGroups", "apiVersions", "operations", "resources"):
        if not sequence(value.get(field)):
            yield (*path, field), f"{field} must be set"


def _hooks(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    yield from duplicates(value.get("webhooks"), (*path, "webhooks"), "name", "a webhook")


def _peer(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    fields = ("podSelector", "namespaceSelector", "ipBlock")
    written = [field for field in fields if value.get(field) is not None]
    if not written:
        yield path, f"a peer must have one of {', '.join(fields)}"
    if value.get("ipBlock") is not None and len(written) > 1:
        yield (*path, "ipBlock"), f"a peer may not have ipBlock and {written[0]}"


def _block(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    whole = value.get("cidr")
    if not isinstance(whole, str) or network(whole):
        return
    try:
        outer = ipaddress.ip_network(whole, strict=False)
        for index, part in enumerate(strings(value.get("except"))):
            if network(part) is None:
                inner = ipaddress.ip_network(part, strict=False)
                if inner.version != outer.version or inner == outer or not _within(inner, outer):
                    message = "except must be a part of cidr, and not all of it"
                    yield (*path, "except", index), message
    except ValueError:
        return  # zeros before a number, which older objects have


def _within(
    inner: ipaddress.IPv4Network | ipaddress.IPv6Network,
    outer: ipaddress.IPv4Network | ipaddress.IPv6Network,
) -> bool:
    return inner.prefixlen > outer.prefixlen and inner.network_address in outer


def _resource(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    """Of a backend that is no Service; a claim's dataSource of the same fields may lack them."""
    resource = value.get("resource")
    if not isinstance(resource, dict):
        return
    if not is_set(resource.get("kind")):
        yield (*path, "resource", "kind"), "kind must be set"
    for field in ("kind", "name"):
        if must := path_segment(resource.get(field)):
            yield (*path, "resource", field), f"{field} must be {must}"
    group = resource.get("apiGroup")
    if group == "" or subdomain(group):
        yield (*path, "resource", "apiGroup"), "apiGroup must be an API group in lower case"


def _policy_port(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    first, last = value.get("port"), value.get("endPort")
    if not is_number(last):
        return
    if first is None:
        yield (*path, "endPort"), "endPort needs port"
    elif not is_number(first):
        yield (*path, "endPort"), "endPort needs a port that is a number"
    elif last < first:
        yield (*path, "endPort"), "endPort is below port"


def _rule(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    if is_set(value.get("nonResourceURLs")):
        if any(is_set(value.get(f)) for f in ("apiGroups", "resources", "resourceNames")):
            message = "a rule may not have both nonResourceURLs and resources"
            yield (*path, "nonResourceURLs"), message
        return
    for field in ("apiGroups", "resources"):
        if not sequence(value.get(field)):
            yield (*path, field), f"a rule about resources must have {field}"


def _role(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    for index, rule in mappings(value.get("rules")):
        if is_set(rule.get("nonResourceURLs")):
            message = "a Role may not have nonResourceURLs; a ClusterRole may"
            yield (*path, "rules", index, "nonResourceURLs"), message


def _subject(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    kind, group = value.get("kind"), value.get("apiGroup")
    if kind == "ServiceAccount" and is_set(group):
        yield (*path, "apiGroup"), "apiGroup of a ServiceAccount must be empty"
    elif kind in ("User", "Group") and is_set(group) and group != _RBAC:
        yield (*path, "apiGroup"), f"apiGroup of a {kind} must be {_RBAC}"
    if kind == "ServiceAccount" and not is_subdomain(text(value.get("name")) or "a"):
        yield (*path, "name"), "the name of a ServiceAccount must be a name in lower case"


def _cluster_binding(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    if dig(value, "roleRef", "kind") == "Role":
        message = "a ClusterRoleBinding may refer to a ClusterRole only"
        yield (*path, "roleRef", "kind"), message
    for index, subject in mappings(value.get("subjects")):
        if subject.get("kind") == "ServiceAccount" and not is_set(subject.get("namespace")):
            message = "a ServiceAccount in a ClusterRoleBinding must have a namespace"
            yield (*path, "subjects", index, "namespace"), message


_SERVICE: Final[tuple[Asked, ...]] = (
    _ports, _service, _traffic, _families, Dated(_plain_ranges, range(36, NEVER)),
)  # fmt: skip
ACROSS: Final[Mapping[str, tuple[Asked, ...]]] = {
    "ServiceSpec": _SERVICE,
    "Service": (_whole,),
    "EndpointSubset": (_subset,),
    "Ingress": (_whole, _ingress_class),
    "PersistentVolumeClaim": (_whole,),
    "PersistentVolume": (_whole,),
    "RuleWithOperations": (_hooked,),
    "WebhookClientConfig": (one(("service", "url"), "clientConfig"),),
    "ValidatingWebhookConfiguration": (_hooks,),
    "MutatingWebhookConfiguration": (_hooks,),
    "NetworkPolicySpec": (_directions,),
    "IngressSpec": (_ingress,),
    "IngressRule": (_host,),
    "IngressTLS": (_tls,),
    "HTTPIngressPath": (_ingress_path,),
    "IngressBackend": (one(("service", "resource"), "a backend"), _resource),
    "IngressServiceBackend": (_backend_port,),
    "NetworkPolicyPeer": (_peer,),
    "NetworkPolicyPort": (_policy_port,),
    "IPBlock": (_block,),
    "PolicyRule": (_rule,),
    "Role": (_role,),
    "Subject": (_subject,),
    "ClusterRoleBinding": (_cluster_binding,),
}
