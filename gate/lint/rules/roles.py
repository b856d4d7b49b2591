"""Roles that reach into workloads, their network and their traces.

https://kubernetes.io/docs/concepts/security/rbac-good-practices/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gate.lint.facts.grants import CHANGE, grants
from gate.lint.rule import References, Scope, Violation, lint_rule
from gate.model.kubernetes import KubernetesObject
from gate.model.verdict import Action, Severity


@lint_rule(
    "rbac-pod-exec",
    Severity.HIGH,
    Action.WARN,
    Scope.OBJECT,
    References(
        owasp_2022="K03",
        owasp_2025="K02",
        peers={
            "trivy": (
                "KSV-0053",
                "KSV-0054",
            ),
            "kubescape": ("exec-into-container-v1",),
            "polaris": (
                "clusterrolePodExecAttach",
                "rolePodExecAttach",
                "clusterrolebindingPodExecAttach",
                "rolebindingRolePodExecAttach",
                "rolebindingClusterRolePodExecAttach",
            ),
        },
    ),
    kinds=frozenset(
        (
            "Role",
            "ClusterRole",
        )
    ),
)
def rbac_pod_exec(obj: KubernetesObject) -> Iterator[Violation]:
    """Roles do not allow to run commands in pods.

    Why: exec and attach give a shell with all that the pod has, past every review.

    Passes when: no rule allows create or get of pods/exec or pods/attach.

    Remedy: Remove pods/exec and pods/attach from the role.
    """
    yield from grants(obj, {"pods/exec", "pods/attach"}, {"create", "get"})


@lint_rule(
    "rbac-port-forward",
    Severity.LOW,
    None,
    Scope.OBJECT,
    References(
        owasp_2022="K03", owasp_2025="K02", peers={"kubescape": ("rule-can-portforward-v1",)}
    ),
    kinds=frozenset(
        (
            "Role",
            "ClusterRole",
        )
    ),
)
def rbac_port_forward(obj: KubernetesObject) -> Iterator[Violation]:
    """Roles do not open tunnels into pods.

    Why: a tunnel goes past every network policy.

    Passes when: no rule allows create or get of pods/portforward.

    Remedy: Remove pods/portforward from the role.
    """
    yield from grants(obj, {"pods/portforward"}, {"create", "get"})


@lint_rule(
    "rbac-persistent-volumes",
    Severity.MEDIUM,
    Action.WARN,
    Scope.OBJECT,
    References(
        cis="5.1.9",
        owasp_2022="K03",
        owasp_2025="K02",
        peers={"kubescape": ("rule-can-create-pv",)},
    ),
    kinds=frozenset(
        (
            "Role",
            "ClusterRole",
        )
    ),
)
def rbac_persistent_volumes(obj: KubernetesObject) -> Iterator[Violation]:
    """Roles do not create persistent volumes.

    Why: a persistent volume may be a path of the node, which no pod standard then sees.

    Passes when: no rule allows create of persistentvolumes.

    Remedy: Let workloads claim volumes, and leave creating them to the provisioner.
    """
    yield from grants(obj, {"persistentvolumes"}, {"create"})


@lint_rule(
    "rbac-service-status",
    Severity.MEDIUM,
    None,
    Scope.OBJECT,
    References(owasp_2022="K03", owasp_2025="K02", peers={"checkov": ("CKV2_K8S_4",)}),
    kinds=frozenset(
        (
            "Role",
            "ClusterRole",
        )
    ),
)
def rbac_service_status(obj: KubernetesObject) -> Iterator[Violation]:
    """Roles do not write the status of services.

    Why: the load balancer address in the status draws other people's traffic
    (CVE-2020-8554).

    Passes when: no rule allows update or patch of services/status.

    Remedy: Leave the status to the cloud controller.
    """
    yield from grants(obj, {"services/status"}, {"update", "patch"})


@lint_rule(
    "rbac-network-write",
    Severity.MEDIUM,
    None,
    Scope.OBJECT,
    References(owasp_2022="K03", owasp_2025="K02", peers={"trivy": ("KSV-0056",)}),
    kinds=frozenset(
        (
            "Role",
            "ClusterRole",
        )
    ),
)
def rbac_network_write(obj: KubernetesObject) -> Iterator[Violation]:
    """Roles do not redirect traffic.

    Why: who writes services, endpoints or network policies decides who hears whom.

    Passes when: no rule allows to write services, endpoints, endpointslices, ingresses or
    networkpolicies.

    Remedy: Leave these objects to the pipeline's own account.
    """
    resources = {"services", "endpoints", "endpointslices", "ingresses", "networkpolicies"}
    yield from grants(obj, resources, CHANGE)


@lint_rule(
    "rbac-configmap-write",
    Severity.LOW,
    None,
    Scope.OBJECT,
    References(
        owasp_2022="K03",
        owasp_2025="K02",
        peers={
            "trivy": (
                "KSV-0049",
                "KSV-0115",
            ),
            "kubescape": ("rule-can-update-configmap-v1",),
        },
    ),
    kinds=frozenset(
        (
            "Role",
            "ClusterRole",
        )
    ),
)
def rbac_configmap_write(obj: KubernetesObject) -> Iterator[Violation]:
    """Roles do not write config maps.

    Why: config maps steer CoreDNS and, on some clouds, who may log in.

    Passes when: no rule allows to write configmaps.

    Remedy: Name single config maps in resourceNames.
    """
    yield from grants(obj, {"configmaps"}, CHANGE)


@lint_rule(
    "rbac-delete-evidence",
    Severity.LOW,
    None,
    Scope.OBJECT,
    References(
        owasp_2022="K05",
        owasp_2025="K10",
        peers={
            "trivy": ("KSV-0042",),
            "kubescape": (
                "rule-can-delete-k8s-events-v1",
                "rule-excessive-delete-rights-v1",
            ),
        },
    ),
    kinds=frozenset(
        (
            "Role",
            "ClusterRole",
        )
    ),
)
def rbac_delete_evidence(obj: KubernetesObject) -> Iterator[Violation]:
    """Roles do not delete events or logs.

    Why: an intruder would use it to hide.

    Passes when: no rule allows to delete events, pods/log, or whole collections of them.

    Remedy: Remove the verbs from the role.
    """
    yield from grants(obj, {"events", "pods/log"}, {"delete", "deletecollection", "update"})


RULES: Final = (
    rbac_pod_exec,
    rbac_port_forward,
    rbac_persistent_volumes,
    rbac_service_status,
    rbac_network_write,
    rbac_configmap_write,
    rbac_delete_evidence,
)
