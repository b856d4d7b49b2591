"""CIS Kubernetes Benchmark v1.12, section 5: what is said of policies and workloads."""

from __future__ import annotations

from typing import Final

from gate.explain.evidence_map.item import REGISTRIES, Framework, FrameworkItem

_TEXTS: Final = {
    "5.1.1": "Few subjects have the cluster-admin role.",
    "5.1.2": "Few subjects may read Secrets.",
    "5.1.3": "Roles name what they allow, without wildcards.",
    "5.1.4": "Few subjects may create pods.",
    "5.1.5": "Workloads do not run as the default service account.",
    "5.1.6": "A service account's token is mounted only where it is used.",
    "5.1.7": "Nobody is in the group system:masters.",
    "5.1.8": "Few subjects may bind, impersonate or escalate.",
    "5.1.9": "Few subjects may create persistent volumes.",
    "5.1.10": "Few subjects may use the proxy of nodes.",
    "5.1.11": "Few subjects may approve certificate requests.",
    "5.1.12": "Few subjects may change webhooks of admission.",
    "5.1.13": "Few subjects may create tokens of service accounts.",
    "5.2.1": "Something in the cluster enforces what pods may do.",
    "5.2.2": "Containers are not privileged.",
    "5.2.3": "Containers do not share the process namespace of the host.",
    "5.2.4": "Containers do not share the IPC namespace of the host.",
    "5.2.5": "Containers do not share the network of the host.",
    "5.2.6": "A process cannot gain more privileges than its parent.",
    "5.2.7": "Containers do not run as root.",
    "5.2.8": "Containers do not have NET_RAW.",
    "5.2.9": "Containers add no capabilities.",
    "5.2.10": "Containers have no capabilities that they do not need.",
    "5.2.11": "Windows containers are not HostProcess containers.",
    "5.2.12": "Pods mount no folders of the host.",
    "5.2.13": "Containers use no ports of the host.",
    "5.3.1": "The network plug-in enforces network policies.",
    "5.3.2": "Each namespace has network policies.",
    "5.4.1": "Secrets are mounted as files and not put into the environment.",
    "5.4.2": "Secrets are kept in a store outside of the cluster where that is possible.",
    "5.5.1": "An admission controller verifies where images come from.",
    "5.7.1": "Namespaces separate what does not belong together.",
    "5.7.2": "Pods have the seccomp profile of the runtime.",
    "5.7.3": "Pods and containers say their security context.",
    "5.7.4": "Nothing runs in the default namespace.",
}
_CHECKS: Final = {"5.5.1": ("signature", "provenance", "pass", REGISTRIES)}

FRAMEWORK: Final = Framework(
    name="cis",
    title="CIS Kubernetes Benchmark v1.12, section 5",
    source="https://www.cisecurity.org/benchmark/kubernetes",
    items=tuple(
        FrameworkItem(identifier, text, _CHECKS.get(identifier, ()), (f"cis {identifier}",))
        for identifier, text in _TEXTS.items()
    ),
)
