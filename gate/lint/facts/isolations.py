"""Which pods network policies isolate, those of Kubernetes and those of Cilium.

https://kubernetes.io/docs/concepts/services-networking/network-policies/
https://docs.cilium.io/en/stable/security/policy/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from gate.documents.lenient import dig, mapping, mappings
from gate.lint.facts.selectors import Selector
from gate.lint.facts.whole import SelectedPod, Whole, namespace_of
from gate.model.document import Path
from gate.model.kubernetes import KubernetesObject
from gate.model.records import dataclass

_INCOMING: Final = ("ingress", "ingressDeny")
_DIRECTIONS: Final = (*_INCOMING, "egress", "egressDeny")
_OTHERS: Final = ("io.kubernetes.", "io.cilium.", "reserved:")
"""How labels begin that Cilium itself gives: a namespace, an account, the node."""
_PREFIXES: Final = ("k8s:", "any:")


@dataclass(frozen=True, slots=True)
class Isolation:
    """What one policy selects."""

    policy: KubernetesObject
    path: Path
    """The policy's field that selects."""
    namespace: str | None
    """None for every namespace."""
    selector: Selector
    is_ingress: bool = True
    """Whether it says who may call the pods, and not only whom they may call."""

    @property
    def names_pods(self) -> bool:
        """Whether it says by labels of pods which it means, and by none that Cilium gives."""
        if self.path[-1] == "podSelector":
            return not self.selector.is_empty
        keys = (*self.selector.equal, *(key for key, _, _ in self.selector.expressions))
        return not self.selector.is_empty and not any(key.startswith(_OTHERS) for key in keys)

    def pods(self, whole: Whole) -> Iterator[SelectedPod]:
        """Yield the pods that the policy selects."""
        namespaces = whole.namespaces if self.namespace is None else (self.namespace,)
        for namespace in namespaces:
            yield from whole.pods_in(namespace).matching(self.selector)


def isolations(whole: Whole) -> Iterator[Isolation]:
    """Yield what each network policy of the run selects.

    A rule of Cilium that says nothing on traffic isolates nobody, and one for nodes no pod.
    """
    for policy in whole.of_kind("NetworkPolicy"):
        selector = Selector.parse(dig(policy.value, "spec", "podSelector"))
        types = dig(policy.value, "spec", "policyTypes")
        incoming = not isinstance(types, list) or not types or "Ingress" in types
        place = ("spec", "podSelector")
        yield Isolation(policy, place, namespace_of(policy), selector, is_ingress=incoming)
    for policy in whole.of_kind("CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy"):
        clusterwide = policy.name.kind == "CiliumClusterwideNetworkPolicy"
        rules: list[tuple[Path, dict[str, Any]]] = [(("spec",), mapping(policy.value.get("spec")))]
        rules += [(("specs", index), rule) for index, rule in mappings(policy.value.get("specs"))]
        for path, rule in rules:
            chosen = rule.get("endpointSelector")
            if isinstance(chosen, dict) and any(key in rule for key in _DIRECTIONS):
                namespace = None if clusterwide else namespace_of(policy)
                incoming = any(key in rule for key in _INCOMING)
                selector = Selector.parse(_plain(chosen))
                where = (*path, "endpointSelector")
                yield Isolation(policy, where, namespace, selector, is_ingress=incoming)


def _plain(chosen: dict[str, Any]) -> dict[str, Any]:
    """Return a selector of Cilium without the words that say where a label comes from."""
    return {
        "matchLabels": {_bare(k): v for k, v in mapping(chosen.get("matchLabels")).items()},
        "matchExpressions": [
            {**e, "key": _bare(str(e.get("key")))}
            for _, e in mappings(chosen.get("matchExpressions"))
        ],
    }


def _bare(key: str) -> str:
    for prefix in _PREFIXES:
        key = key.removeprefix(prefix)
    return key
