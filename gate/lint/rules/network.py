"""Network policies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from gate.documents.lenient import dig, mapping, mappings, text
from gate.lint.facts.isolations import isolations
from gate.lint.facts.selectors import Selector
from gate.lint.facts.view import Pod, PodKey
from gate.lint.facts.whole import Whole, namespace_of
from gate.lint.rule import References, Scope, SetViolation, Violation, lint_rule
from gate.model.document import Path
from gate.model.kubernetes import KubernetesObject
from gate.model.verdict import Action, Severity


def _isolated(whole: Whole) -> Mapping[PodKey, bool]:
    """Return which pods policies select, and whether one of those says who may call the pod."""
    found: dict[PodKey, bool] = {}
    for policy in isolations(whole):
        for pod in policy.pods(whole):
            found[pod.key] = policy.is_ingress or found.get(pod.key, False)
    return found


@lint_rule(
    "non-isolated-pod",
    Severity.MEDIUM,
    Action.WARN,
    Scope.AMONG,
    gathers=_isolated,
    references=References(
        cis="5.3.2",
        owasp_2022="K07",
        owasp_2025="K05",
        peers={
            "kube-linter": ("non-isolated-pod",),
            "checkov": ("CKV2_K8S_6",),
            "kubescape": (
                "ensure_network_policy_configured_in_labels",
                "ingress-and-egress-blocked",
            ),
            "polaris": ("missingNetworkPolicy",),
            "kube-score": ("Pod NetworkPolicy",),
        },
    ),
)
def non_isolated_pod(pod: Pod, isolated: Mapping[PodKey, bool]) -> Iterator[Violation]:
    """A network policy says who may call each pod.

    Why: a pod that no such policy selects accepts traffic from the whole cluster.

    Passes when: the podSelector of a NetworkPolicy in the pod's namespace selects it, or the
    endpointSelector of a policy of Cilium, and the policy is about incoming traffic. One with
    policyTypes: [Egress] limits only whom the pod may call.

    Remedy: Add a network policy with the type Ingress that selects the pod.
    """
    is_ingress = isolated.get(pod.key)
    if is_ingress is None:
        yield Violation("no network policy selects the pod", pod.path)
    elif not is_ingress:
        yield Violation("no network policy limits who may call the pod", pod.path)


@lint_rule(
    "namespace-without-network-policy",
    Severity.MEDIUM,
    Action.WARN,
    Scope.SET,
    References(
        cis="5.3.2",
        owasp_2022="K07",
        owasp_2025="K05",
        peers={"kubescape": ("internal-networking",)},
    ),
)
def namespace_without_network_policy(whole: Whole) -> Iterator[SetViolation]:
    """Each namespace has a network policy.

    Why: without one, all of its pods speak with everybody.

    Passes when: a NetworkPolicy or a policy of Cilium is in the namespace, or one of
    Cilium for the whole cluster selects every pod.

    Remedy: Add a policy that denies by default to the namespace.
    """
    policies = list(isolations(whole))
    guarded = {policy.namespace for policy in policies}
    everywhere = any(p.namespace is None and p.selector.is_empty for p in policies)
    for namespace in whole.of_kind("Namespace"):
        if namespace.name.name not in guarded and not everywhere:
            yield namespace, Violation("the namespace has no network policy", ("metadata", "name"))


@lint_rule(
    "network-policy-allow-all",
    Severity.MEDIUM,
    Action.WARN,
    Scope.OBJECT,
    References(
        cis="5.3.2",
        owasp_2022="K07",
        owasp_2025="K05",
        peers={
            "trivy": ("KSV-0038",),
            "kyverno": ("restrict-networkpolicy-empty-podselector",),
        },
    ),
    kinds=frozenset(("NetworkPolicy",)),
)
def network_policy_allow_all(obj: KubernetesObject) -> Iterator[Violation]:
    """Network policies leave something out.

    Why: a policy that permits everything counts as one, and protects nothing.

    Passes when: no ingress or egress rule permits every peer on every port, and no peer is
    all addresses.

    Remedy: Name the peers and ports that are needed.
    """
    for direction, peers in (("ingress", "from"), ("egress", "to")):
        for index, rule in mappings(dig(obj.value, "spec", direction)):
            path: Path = ("spec", direction, index)
            named = [peer for _, peer in mappings(rule.get(peers)) if peer]
            if not named and not rule.get("ports"):
                yield Violation(f"the rule permits all {direction}", path)
            for position, peer in mappings(rule.get(peers)):
                block = mapping(peer.get("ipBlock"))
                every = text(block.get("cidr")).endswith("/0") and not block.get("except")
                if every and not rule.get("ports"):
                    where = (*path, peers, position, "ipBlock", "cidr")
                    yield Violation(f"the rule permits all {direction}", where)


@lint_rule(
    "dangling-networkpolicy",
    Severity.MEDIUM,
    Action.WARN,
    Scope.SET,
    References(
        peers={
            "kube-linter": ("dangling-networkpolicy",),
            "kubescape": ("dangling-networkpolicy",),
            "kube-score": ("NetworkPolicy targets Pod",),
        }
    ),
    referential=True,
)
def dangling_networkpolicy(whole: Whole) -> Iterator[SetViolation]:
    """Network policies select a pod.

    Why: a policy that selects none protects none, while it looks as if it did.

    Passes when: the podSelector of a NetworkPolicy, and each endpointSelector of a
    CiliumNetworkPolicy, is empty or selects a pod of its namespace. Labels that Cilium itself
    gives are not looked up.

    Remedy: Correct the selector or the pod's labels.
    """
    for found in isolations(whole):
        if found.namespace is None or not found.names_pods:
            continue
        if not whole.pods_in(found.namespace).any(found.selector):
            yield found.policy, Violation("the policy selects no pod", found.path)


@lint_rule(
    "dangling-networkpolicypeer-podselector",
    Severity.MEDIUM,
    Action.WARN,
    Scope.SET,
    References(peers={"kube-linter": ("dangling-networkpolicypeer-podselector",)}),
    referential=True,
)
def dangling_networkpolicypeer_podselector(whole: Whole) -> Iterator[SetViolation]:
    """Peers of network policies are pods that exist.

    Why: a peer that matches nothing cuts off the traffic that was meant.

    Passes when: the podSelector of each peer without a namespaceSelector is empty or
    selects a pod of the policy's namespace.

    Remedy: Correct the peer's podSelector or the pod's labels.
    """
    for policy in whole.of_kind("NetworkPolicy"):
        pods = whole.pods_in(namespace_of(policy))
        for direction, peers in (("ingress", "from"), ("egress", "to")):
            for index, rule in mappings(dig(policy.value, "spec", direction)):
                for position, peer in mappings(rule.get(peers)):
                    selector = Selector.parse(peer.get("podSelector"))
                    if "namespaceSelector" in peer or selector.is_empty or pods.any(selector):
                        continue
                    path = ("spec", direction, index, peers, position, "podSelector")
                    yield policy, Violation("the peer selects no pod", path)


RULES: Final = (
    non_isolated_pod,
    namespace_without_network_policy,
    network_policy_allow_all,
    dangling_networkpolicy,
    dangling_networkpolicypeer_podselector,
)
