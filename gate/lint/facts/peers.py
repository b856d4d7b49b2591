"""Whom the peers of network policies mean, as far as the manifests decide it.

https://kubernetes.io/docs/concepts/services-networking/network-policies/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from gate.documents.lenient import dig, mappings
from gate.lint.facts.selectors import Selector
from gate.lint.facts.whole import SelectedPod, Whole, namespace_of
from gate.model.document import Path
from gate.model.kubernetes import KubernetesObject

_NAME: Final = "kubernetes.io/metadata.name"
"""The label of every namespace, with its name, which nobody else can set."""


def rules_of(policy: KubernetesObject) -> Iterator[tuple[Path, str, dict[str, Any]]]:
    """Yield each rule of a NetworkPolicy: its place, the key of its peers, and the rule."""
    for direction, key in (("ingress", "from"), ("egress", "to")):
        for index, rule in mappings(dig(policy.value, "spec", direction)):
            yield ("spec", direction, index), key, rule


def selected(
    whole: Whole, policy: KubernetesObject, peer: dict[str, Any]
) -> list[SelectedPod] | None:
    """Return the pods that a peer selects; None where others than the manifests' may be meant.

    The manifests decide it where the peer selects pods by labels, and the pods' namespace is the
    policy's own or is named by `kubernetes.io/metadata.name`, and has pods among the manifests.
    """
    selector = Selector.parse(peer.get("podSelector"))
    namespaces = _namespaces(policy, peer)
    if selector.is_empty or namespaces is None or peer.get("ipBlock") is not None:
        return None
    held = [whole.pods_in(name) for name in sorted(namespaces)]
    if not all(pods.any(Selector({})) for pods in held):
        return None
    return [pod for pods in held for pod in pods.matching(selector)]


def _namespaces(policy: KubernetesObject, peer: dict[str, Any]) -> frozenset[str] | None:
    if peer.get("namespaceSelector") is None:
        return frozenset((namespace_of(policy),))
    chosen = Selector.parse(peer["namespaceSelector"])
    named = [frozenset((chosen.equal[_NAME],))] if _NAME in chosen.equal else []
    named += [
        frozenset(values)
        for key, operator, values in chosen.expressions
        if (key, operator) == (_NAME, "In")
    ]
    return frozenset.intersection(*named) or None if named else None
