"""Who can reach what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gate.lint.isolations import isolations
from gate.lint.rule import Parameter, References, Rule, Scope, SetViolation, Violation
from gate.lint.selectors import Selector
from gate.lint.view import dig, labels, mapping, mappings, sequence, strings, text
from gate.lint.whole import Whole, namespace_of
from gate.model.document import Path
from gate.model.kubernetes import KubernetesObject
from gate.model.verdict import Action, Severity


def non_isolated_pod(whole: Whole) -> Iterator[SetViolation]:
    """A network policy selects each pod.

    Why: a pod that no policy selects accepts traffic from the whole cluster.

    Passes when: the podSelector of a NetworkPolicy in the pod's namespace selects it, or the
    endpointSelector of a policy of Cilium that says something on traffic.

    Remedy: Add a network policy that selects the pod.
    """
    isolated = {id(pod) for policy in isolations(whole) for pod in policy.pods(whole)}
    for pod in whole.all_pods:
        if id(pod) not in isolated:
            yield pod.object, Violation("no network policy selects the pod", pod.path)


def namespace_without_network_policy(whole: Whole) -> Iterator[SetViolation]:
    """Each namespace has a network policy.

    Why: without one, all of its pods speak with everybody.

    Passes when: a NetworkPolicy or a policy of Cilium stands in the namespace, or one of
    Cilium for the whole cluster selects every pod.

    Remedy: Add a policy that denies by default to the namespace.
    """
    policies = list(isolations(whole))
    guarded = {policy.namespace for policy in policies}
    everywhere = any(p.namespace is None and p.selector.is_empty for p in policies)
    for namespace in whole.of_kind("Namespace"):
        if namespace.name.name not in guarded and not everywhere:
            yield namespace, Violation("the namespace has no network policy", ("metadata", "name"))


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
            if not rule.get(peers) and not rule.get("ports"):
                yield Violation(f"the rule permits all {direction}", path)
            for position, peer in mappings(rule.get(peers)):
                block = mapping(peer.get("ipBlock"))
                every = block.get("cidr") in ("0.0.0.0/0", "::/0") and not block.get("except")
                if every and not rule.get("ports"):
                    where = (*path, peers, position, "ipBlock", "cidr")
                    yield Violation(f"the rule permits all {direction}", where)


def dangling_networkpolicy(whole: Whole) -> Iterator[SetViolation]:
    """Network policies select a pod.

    Why: a policy that selects none protects none, while it looks as if it did.

    Passes when: the podSelector is empty or selects a pod of its namespace.

    Remedy: Correct the podSelector or the pod's labels.
    """
    for policy in whole.of_kind("NetworkPolicy"):
        selector = Selector.parse(dig(policy.value, "spec", "podSelector"))
        if not selector.is_empty and not whole.pods_in(namespace_of(policy)).any(selector):
            path = ("spec", "podSelector")
            yield policy, Violation("the policy selects no pod", path)


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


def exposed_services(
    obj: KubernetesObject, *, forbidden_types: tuple[str, ...]
) -> Iterator[Violation]:
    """Services stay inside the cluster.

    Why: a port of the nodes or a load balancer bypasses the ingress and what it enforces.

    Passes when: the service's type is none of the forbidden ones.

    Remedy: Use type ClusterIP, and expose the service through an ingress or a gateway.
    """
    kind = text(dig(obj.value, "spec", "type"))
    if kind in forbidden_types:
        yield Violation(f"the service is of the type {kind}", ("spec", "type"))


def service_external_ips(obj: KubernetesObject) -> Iterator[Violation]:
    """Services claim no external addresses.

    Why: whoever may claim an address gets the cluster's traffic to it (CVE-2020-8554).

    Passes when: externalIPs is not set.

    Remedy: Use a load balancer.
    """
    if sequence(dig(obj.value, "spec", "externalIPs")):
        yield Violation("the service claims external addresses", ("spec", "externalIPs"))


def ingress_no_tls(obj: KubernetesObject) -> Iterator[Violation]:
    """Each host of an ingress is served over TLS.

    Why: without it, passwords and sessions cross the network in the open.

    Passes when: tls is set, and each host of a rule is one of its hosts (a wildcard covers
    one label; tls without hosts covers all).

    Remedy: Add the host and a secretName under spec.tls.
    """
    entries = [entry for _, entry in mappings(dig(obj.value, "spec", "tls"))]
    if not entries:
        if not _terminates_elsewhere(obj):
            yield Violation("the ingress has no TLS", ("spec", "tls"))
        return
    if any(not strings(entry.get("hosts")) for entry in entries):
        return
    covered = {host for entry in entries for host in strings(entry.get("hosts"))}
    for index, rule in mappings(dig(obj.value, "spec", "rules")):
        host = text(rule.get("host"))
        if host and host not in covered and "*." + host.partition(".")[2] not in covered:
            path = ("spec", "rules", index, "host")
            yield Violation(f"no TLS entry covers {host}", path)


def ingress_snippet_annotation(obj: KubernetesObject) -> Iterator[Violation]:
    """Ingresses write no configuration of the controller.

    Why: a snippet runs inside the controller, which can read every secret of the cluster
    (CVE-2021-25742).

    Passes when: no annotation of ingress-nginx ends in -snippet.

    Remedy: Use the controller's own annotations instead of a snippet.
    """
    for key in mapping(dig(obj.value, "metadata", "annotations")):
        if key.endswith("-snippet") and key.partition("/")[0].startswith("nginx."):
            path = ("metadata", "annotations", key)
            yield Violation("the annotation writes the controller's configuration", path)


def ingress_wildcard_or_empty_host(obj: KubernetesObject) -> Iterator[Violation]:
    """Ingresses name their hosts.

    Why: an empty or wildcard host catches what was meant for somebody else.

    Passes when: each rule has a host without *.

    Remedy: Name the host.
    """
    for index, rule in mappings(dig(obj.value, "spec", "rules")):
        host = text(rule.get("host"))
        if not host or "*" in host:
            path = ("spec", "rules", index, "host")
            yield Violation(f"the rule catches {host or 'every host'}", path)


def mesh_mtls_not_strict(obj: KubernetesObject) -> Iterator[Violation]:
    """Istio demands TLS between workloads.

    Why: permissive mode accepts plain text, so it proves nothing about the caller.

    Passes when: spec.mtls.mode of each PeerAuthentication is STRICT or UNSET.

    Remedy: Set mtls.mode: STRICT.
    """
    mode = dig(obj.value, "spec", "mtls", "mode")
    if mode in ("PERMISSIVE", "DISABLE"):
        yield Violation(f"the mode is {mode}", ("spec", "mtls", "mode"))
    for port, value in mapping(dig(obj.value, "spec", "portLevelMtls")).items():
        if dig(value, "mode") in ("PERMISSIVE", "DISABLE"):
            yield Violation(f"the mode of port {port} is weak", ("spec", "portLevelMtls", port))


def _terminates_elsewhere(obj: KubernetesObject) -> bool:
    """Whether the load balancer of AWS or Google holds the certificate."""
    found = labels(dig(obj.value, "metadata", "annotations"))
    return any(key in found for key in _CERTIFICATES)


_CERTIFICATES: Final = (
    "alb.ingress.kubernetes.io/certificate-arn",
    "networking.gke.io/managed-certificates",
    "ingress.gcp.kubernetes.io/pre-shared-cert",
)

RULES: Final = (
    Rule(
        "non-isolated-pod",
        Severity.MEDIUM,
        Action.WARN,
        Scope.SET,
        non_isolated_pod,
        References(
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
    ),
    Rule(
        "namespace-without-network-policy",
        Severity.MEDIUM,
        Action.WARN,
        Scope.SET,
        namespace_without_network_policy,
        References(
            cis="5.3.2",
            owasp_2022="K07",
            owasp_2025="K05",
            peers={"kubescape": ("internal-networking",)},
        ),
    ),
    Rule(
        "network-policy-allow-all",
        Severity.MEDIUM,
        Action.WARN,
        Scope.OBJECT,
        network_policy_allow_all,
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
    ),
    Rule(
        "dangling-networkpolicy",
        Severity.MEDIUM,
        Action.WARN,
        Scope.SET,
        dangling_networkpolicy,
        References(
            peers={
                "kube-linter": ("dangling-networkpolicy",),
                "kubescape": ("dangling-networkpolicy",),
                "kube-score": ("NetworkPolicy targets Pod",),
            }
        ),
        referential=True,
    ),
    Rule(
        "dangling-networkpolicypeer-podselector",
        Severity.MEDIUM,
        Action.WARN,
        Scope.SET,
        dangling_networkpolicypeer_podselector,
        References(peers={"kube-linter": ("dangling-networkpolicypeer-podselector",)}),
        referential=True,
    ),
    Rule(
        "exposed-services",
        Severity.MEDIUM,
        Action.WARN,
        Scope.OBJECT,
        exposed_services,
        References(
            owasp_2022="K07",
            owasp_2025="K06",
            peers={
                "kube-linter": ("exposed-services",),
                "kube-score": ("Service Type",),
                "kyverno": (
                    "restrict-nodeport",
                    "no-loadbalancer-service",
                ),
            },
        ),
        kinds=frozenset(("Service",)),
        parameters=(
            Parameter(
                "forbidden-types",
                ("NodePort", "LoadBalancer"),
                "Types of services that are not allowed.",
            ),
        ),
    ),
    Rule(
        "service-external-ips",
        Severity.HIGH,
        Action.BLOCK,
        Scope.OBJECT,
        service_external_ips,
        References(
            owasp_2022="K09",
            owasp_2025="K06",
            peers={"trivy": ("KSV-0108",), "kyverno": ("restrict-external-ips",)},
        ),
        kinds=frozenset(("Service",)),
    ),
    Rule(
        "ingress-no-tls",
        Severity.MEDIUM,
        Action.WARN,
        Scope.OBJECT,
        ingress_no_tls,
        References(
            owasp_2022="K07",
            owasp_2025="K06",
            peers={
                "kubescape": ("ingress-no-tls",),
                "polaris": ("tlsSettingsMissing",),
                "kyverno": (
                    "require-ingress-https",
                    "ingress-host-match-tls",
                ),
            },
        ),
        kinds=frozenset(("Ingress",)),
    ),
    Rule(
        "ingress-snippet-annotation",
        Severity.HIGH,
        Action.BLOCK,
        Scope.OBJECT,
        ingress_snippet_annotation,
        References(
            owasp_2022="K10",
            owasp_2025="K07",
            peers={
                "checkov": (
                    "CKV_K8S_152",
                    "CKV_K8S_153",
                    "CKV_K8S_154",
                ),
                "kubescape": ("CVE-2021-25742",),
            },
        ),
        kinds=frozenset(("Ingress",)),
    ),
    Rule(
        "ingress-wildcard-or-empty-host",
        Severity.LOW,
        Action.WARN,
        Scope.OBJECT,
        ingress_wildcard_or_empty_host,
        References(
            owasp_2022="K07",
            owasp_2025="K06",
            peers={
                "kyverno": (
                    "disallow-empty-ingress-host",
                    "restrict-ingress-wildcard",
                )
            },
        ),
        kinds=frozenset(("Ingress",)),
    ),
    Rule(
        "mesh-mtls-not-strict",
        Severity.LOW,
        None,
        Scope.OBJECT,
        mesh_mtls_not_strict,
        References(owasp_2022="K07", owasp_2025="K05"),
        kinds=frozenset(("PeerAuthentication",)),
    ),
)
