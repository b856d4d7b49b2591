"""What is reachable from outside, and how."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gate.documents.lenient import dig, labels, mapping, mappings, sequence, strings, text, texts_in
from gate.lint.rule import Parameter, References, Scope, Violation, lint_rule
from gate.model.kubernetes import KubernetesObject
from gate.model.verdict import Action, Severity


@lint_rule(
    "exposed-services",
    Severity.MEDIUM,
    Action.WARN,
    Scope.OBJECT,
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
)
def exposed_services(
    obj: KubernetesObject, *, forbidden_types: tuple[str, ...]
) -> Iterator[Violation]:
    """Services stay inside the cluster.

    Why: a port of the nodes or a load balancer bypasses the ingress and what it enforces.

    Passes when: the service has no forbidden type.

    Remedy: Use type ClusterIP, and expose the service through an ingress or a gateway.
    """
    kind = text(dig(obj.value, "spec", "type"))
    if kind in forbidden_types:
        yield Violation(f"the service is of the type {kind}", ("spec", "type"))


@lint_rule(
    "service-external-ips",
    Severity.HIGH,
    Action.BLOCK,
    Scope.OBJECT,
    References(
        owasp_2022="K09",
        owasp_2025="K06",
        peers={"trivy": ("KSV-0108",), "kyverno": ("restrict-external-ips",)},
    ),
    kinds=frozenset(("Service",)),
)
def service_external_ips(obj: KubernetesObject) -> Iterator[Violation]:
    """Services claim no external addresses.

    Why: everybody who may claim an address gets the cluster's traffic to it (CVE-2020-8554).

    Passes when: externalIPs is not set.

    Remedy: Use a load balancer.
    """
    if sequence(dig(obj.value, "spec", "externalIPs")):
        yield Violation("the service claims external addresses", ("spec", "externalIPs"))


@lint_rule(
    "ingress-no-tls",
    Severity.MEDIUM,
    Action.WARN,
    Scope.OBJECT,
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
)
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


@lint_rule(
    "ingress-snippet-annotation",
    Severity.HIGH,
    Action.BLOCK,
    Scope.OBJECT,
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
    kinds=frozenset(
        (
            *("Ingress", "Service", "SnippetsFilter", "SnippetsPolicy", "TransportServer"),
            *("VirtualServer", "VirtualServerRoute"),
        )
    ),
)
def ingress_snippet_annotation(obj: KubernetesObject) -> Iterator[Violation]:
    """Ingresses, and services behind them, write no configuration of the controller.

    Why: a snippet runs inside the controller, which can read every secret of the cluster
    (CVE-2021-25742).

    Passes when: no annotation of ingress-nginx, of NGINX's own controller (nginx.org) or of
    HAProxy's ends in -snippet or -snippets, or is config-backend or config-tcp-service of HAProxy
    Ingress, and no VirtualServer, TransportServer or SnippetsFilter of NGINX has a snippet.

    Remedy: Use the controller's own annotations and fields instead of a snippet.
    """
    if obj.api_version.partition("/")[0] in _OF_NGINX:
        for path, _ in texts_in(obj.value.get("spec"), ("spec",)):
            if path[-1] in _SNIPPETS or path[1] == "snippets":
                yield Violation("the field writes the controller's configuration", path)
        return
    if obj.name.kind not in ("Ingress", "Service"):
        return
    for key in mapping(dig(obj.value, "metadata", "annotations")):
        prefix, _, name = key.partition("/")
        snippet = name.endswith(("-snippet", "-snippets")) and prefix.startswith(_WITH_SNIPPETS)
        if snippet or (name in _OWN_LINES and prefix in _HAPROXY_INGRESS):
            path = ("metadata", "annotations", key)
            yield Violation("the annotation writes the controller's configuration", path)


@lint_rule(
    "ingress-wildcard-or-empty-host",
    Severity.LOW,
    Action.WARN,
    Scope.OBJECT,
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
)
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


@lint_rule(
    "mesh-mtls-not-strict",
    Severity.LOW,
    None,
    Scope.OBJECT,
    References(owasp_2022="K07", owasp_2025="K05"),
    kinds=frozenset(("PeerAuthentication",)),
)
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


_WITH_SNIPPETS: Final = ("nginx.", "haproxy")
_HAPROXY_INGRESS: Final = ("haproxy-ingress.github.io", "ingress.kubernetes.io")
_OF_NGINX: Final = ("k8s.nginx.org", "gateway.nginx.org")
_SNIPPETS: Final = (
    *("http-snippets", "location-snippets", "server-snippets", "serverSnippets"),
    "streamSnippets",
)
"""https://docs.nginx.com/nginx-ingress-controller/configuration/ingress-resources/advanced-configuration-with-snippets/"""
_OWN_LINES: Final = ("config-backend", "config-tcp-service")
"""https://haproxy-ingress.github.io/docs/configuration/keys/#configuration-snippet"""
_CERTIFICATES: Final = (
    "alb.ingress.kubernetes.io/certificate-arn",
    "networking.gke.io/managed-certificates",
    "ingress.gcp.kubernetes.io/pre-shared-cert",
)

RULES: Final = (
    exposed_services,
    service_external_ips,
    ingress_no_tls,
    ingress_snippet_annotation,
    ingress_wildcard_or_empty_host,
    mesh_mtls_not_strict,
)
