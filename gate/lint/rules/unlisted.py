"""Network paths that nothing uses: ports that no container lists, peers that are no pod."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from gate.documents.lenient import dig, labels, mapping, mappings, text
from gate.lint.facts.offered import Offered, offered, shown
from gate.lint.facts.peers import rules_of, selected
from gate.lint.facts.selectors import Selector
from gate.lint.facts.whole import Whole, namespace_of
from gate.lint.rule import References, Scope, SetViolation, Violation, lint_rule
from gate.model.kubernetes import KubernetesObject
from gate.model.verdict import Action, Severity


@lint_rule(
    "service-port-unlisted",
    Severity.LOW,
    Action.WARN,
    Scope.SET,
    References(owasp_2022="K07", owasp_2025="K05"),
)
def service_port_unlisted(whole: Whole) -> Iterator[SetViolation]:
    """Each port of a service leads to a port that a container lists.

    Why: a name that no container has leads nowhere, and so does a number that nobody listens on:
    every caller, and every ingress before the service, gets an error. A port that nobody uses is
    also a door more than needed.

    Passes when: of the pods that the service selects, one lists the targetPort under its protocol
    in containers[*].ports. Without a targetPort the port itself counts. Nothing is said of
    services whose pods are not among the manifests, nor of numbers where a pod lists no port.

    Remedy: Correct the targetPort, list the port in the container, or remove it.
    """
    for service in whole.of_kind("Service"):
        spec = mapping(service.value.get("spec"))
        wanted = labels(spec.get("selector"))
        if not wanted or spec.get("type") == "ExternalName":
            continue
        found = offered(list(whole.pods_in(namespace_of(service)).matching(Selector(wanted))))
        for index, port in mappings(spec.get("ports")) if found else ():
            key = "targetPort" if port.get("targetPort") else "port"
            if _lacks(found, port, key):
                message = f"no container of the service's pods lists the port {_shown(port, key)}"
                yield service, Violation(message, ("spec", "ports", index, key))


@lint_rule(
    "network-policy-port-unlisted",
    Severity.LOW,
    Action.WARN,
    Scope.SET,
    References(owasp_2022="K07", owasp_2025="K05"),
)
def network_policy_port_unlisted(whole: Whole) -> Iterator[SetViolation]:
    """Each port that a network policy opens is one that a container lists.

    Why: a policy is held against the ports of pods, not of services. A rule for the port of a
    service permits nothing, and a port that nobody uses is a door more than needed.

    Passes when: each port of an ingress rule is listed, under its protocol, by a pod that the
    podSelector selects, and each port of an egress rule by a pod that one of its peers selects.
    Nothing is said where the selector is empty, where pods are not among the manifests, or of
    numbers where a pod lists no port.

    Remedy: Write the port of the container, or remove the port from the rule.
    """
    for policy in whole.of_kind("NetworkPolicy"):
        for path, key, rule in rules_of(policy):
            found = _opened(whole, policy, key, rule)
            for index, port in mappings(rule.get("ports")) if found else ():
                if _lacks(found, port, "port"):
                    shown_ = _shown(port, "port")
                    message = f"no container that the rule is about lists the port {shown_}"
                    yield policy, Violation(message, (*path, "ports", index, "port"))


@lint_rule(
    "dangling-networkpolicypeer-namespaceselector",
    Severity.LOW,
    Action.WARN,
    Scope.SET,
    References(owasp_2022="K07", owasp_2025="K05"),
)
def dangling_networkpolicypeer_namespaceselector(whole: Whole) -> Iterator[SetViolation]:
    """Peers of network policies in other namespaces are pods that exist.

    Why: a peer that matches nothing cuts off the traffic that was meant.

    Passes when: of a peer whose namespaceSelector names namespaces by the label
    kubernetes.io/metadata.name, the podSelector selects a pod of one of them. Nothing is said
    where one of these namespaces has no pod among the manifests, nor of other labels, which
    namespaces elsewhere may have.

    Remedy: Correct the peer's selectors or the pod's labels.
    """
    for policy in whole.of_kind("NetworkPolicy"):
        for path, key, rule in rules_of(policy):
            for position, peer in mappings(rule.get(key)):
                named = peer.get("namespaceSelector") is not None
                if named and selected(whole, policy, peer) == []:
                    where = (*path, key, position, "podSelector")
                    yield policy, Violation("the peer selects no pod of its namespaces", where)


def _opened(
    whole: Whole, policy: KubernetesObject, key: str, rule: dict[str, Any]
) -> Offered | None:
    """Return the ports behind a rule: of the policy's own pods, or of the pods that it leads to."""
    if key == "from":
        selector = Selector.parse(dig(policy.value, "spec", "podSelector"))
        own = whole.pods_in(namespace_of(policy)).matching(selector)
        return None if selector.is_empty else offered(list(own))
    peers = [selected(whole, policy, peer) for _, peer in mappings(rule.get(key))]
    known = [pods for pods in peers if pods]
    if len(known) < len(peers):
        return None
    return offered([pod for pods in known for pod in pods])


def _lacks(found: Offered | None, port: dict[str, Any], key: str) -> bool:
    number = port.get(key)
    if found is None or (isinstance(number, str) and number.isdecimal()):
        return False  # a number as text: invalid-target-ports
    return found.lacks(number, port.get("endPort"), text(port.get("protocol")) or "TCP")


def _shown(port: dict[str, Any], key: str) -> str:
    last = port.get("endPort")
    ports = f"{port[key]}" if last is None else f"{port[key]} to {last}"
    return shown(ports, text(port.get("protocol")) or "TCP")


RULES: Final = (
    service_port_unlisted,
    network_policy_port_unlisted,
    dangling_networkpolicypeer_namespaceselector,
)
