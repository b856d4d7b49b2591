"""What a pod shares with its node."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gate.documents.lenient import dig, mappings
from gate.lint.facts.security import contexts
from gate.lint.facts.view import Container, Pod
from gate.lint.rule import References, Scope, Standard, Violation, lint_rule
from gate.model.verdict import Action, Severity


@lint_rule(
    "privileged-container",
    Severity.CRITICAL,
    Action.BLOCK,
    Scope.CONTAINER,
    References(
        pss=Standard.BASELINE,
        admission=("privileged",),
        cis="5.2.2",
        owasp_2022="K01",
        owasp_2025="K01",
        peers={
            "kube-linter": ("privileged-container",),
            "checkov": (
                "CKV_K8S_16",
                "CKV_K8S_2",
            ),
            "trivy": ("KSV-0017",),
            "kubescape": ("rule-privileged-container",),
            "polaris": ("runAsPrivileged",),
            "kube-score": ("Container Security Context Privileged",),
            "kyverno": ("disallow-privileged-containers",),
        },
    ),
)
def privileged_container(container: Container) -> Iterator[Violation]:
    """Containers do not run privileged.

    Why: a privileged container has every capability and device of its node, so the
    one who controls it controls the node.

    Passes when: securityContext.privileged is not true, in init and ephemeral containers too.

    Remedy: Remove privileged: true, and add the single capability that is needed.
    """
    if container.context.get("privileged") is True:
        yield Violation("the container runs privileged", container.security("privileged"))


@lint_rule(
    "host-network",
    Severity.HIGH,
    Action.BLOCK,
    Scope.POD,
    References(
        pss=Standard.BASELINE,
        admission=("hostNamespaces",),
        cis="5.2.5",
        owasp_2022="K01",
        owasp_2025="K01",
        peers={
            "kube-linter": ("host-network",),
            "checkov": (
                "CKV_K8S_19",
                "CKV_K8S_4",
            ),
            "trivy": ("KSV-0009",),
            "kubescape": (
                "host-network-access",
                "psp-deny-hostnetwork",
            ),
            "polaris": ("hostNetworkSet",),
            "kyverno": ("disallow-host-namespaces",),
        },
    ),
)
def host_network(pod: Pod) -> Iterator[Violation]:
    """Pods do not share their node's network.

    Why: the pod can listen to and speak as the node, and no network policy holds for it.

    Passes when: hostNetwork is not true.

    Remedy: Remove hostNetwork: true, and expose the port through a Service.
    """
    if pod.value.get("hostNetwork") is True:
        yield Violation("the pod shares the node's network", (*pod.path, "hostNetwork"))


@lint_rule(
    "host-pid",
    Severity.HIGH,
    Action.BLOCK,
    Scope.POD,
    References(
        pss=Standard.BASELINE,
        admission=("hostNamespaces",),
        cis="5.2.3",
        owasp_2022="K01",
        owasp_2025="K01",
        peers={
            "kube-linter": ("host-pid",),
            "checkov": (
                "CKV_K8S_17",
                "CKV_K8S_1",
            ),
            "trivy": ("KSV-0010",),
            "kubescape": (
                "host-pid-privileges",
                "psp-deny-hostpid",
            ),
            "polaris": ("hostPIDSet",),
        },
    ),
)
def host_pid(pod: Pod) -> Iterator[Violation]:
    """Pods do not share their node's process list.

    Why: the pod sees every process of the node, their environments included, and can signal them.

    Passes when: hostPID is not true.

    Remedy: Remove hostPID: true.
    """
    if pod.value.get("hostPID") is True:
        yield Violation("the pod shares the node's process list", (*pod.path, "hostPID"))


@lint_rule(
    "host-ipc",
    Severity.HIGH,
    Action.BLOCK,
    Scope.POD,
    References(
        pss=Standard.BASELINE,
        admission=("hostNamespaces",),
        cis="5.2.4",
        owasp_2022="K01",
        owasp_2025="K01",
        peers={
            "kube-linter": ("host-ipc",),
            "checkov": (
                "CKV_K8S_18",
                "CKV_K8S_3",
            ),
            "trivy": ("KSV-0008",),
            "kubescape": (
                "host-ipc-privileges",
                "psp-deny-hostipc",
            ),
            "polaris": ("hostIPCSet",),
        },
    ),
)
def host_ipc(pod: Pod) -> Iterator[Violation]:
    """Pods do not share their node's inter-process communication.

    Why: the pod can read and write shared memory of other workloads on the node.

    Passes when: hostIPC is not true.

    Remedy: Remove hostIPC: true.
    """
    if pod.value.get("hostIPC") is True:
        yield Violation("the pod shares the node's shared memory", (*pod.path, "hostIPC"))


@lint_rule(
    "host-port",
    Severity.MEDIUM,
    Action.WARN,
    Scope.CONTAINER,
    References(
        pss=Standard.BASELINE,
        admission=("hostPorts",),
        cis="5.2.13",
        owasp_2022="K01",
        owasp_2025="K05",
        peers={
            "checkov": ("CKV_K8S_26",),
            "trivy": ("KSV-0024",),
            "kubescape": ("container-hostPort",),
            "polaris": ("hostPortSet",),
            "kyverno": ("disallow-host-ports",),
        },
    ),
)
def host_port(container: Container) -> Iterator[Violation]:
    """Containers claim no port of their node.

    Why: the port is open on the node's address, past Services and most network policies.

    Passes when: no hostPort is set, or it is 0.

    Remedy: Remove hostPort, and expose the port through a Service.
    """
    for index, port in mappings(container.value.get("ports")):
        if port.get("hostPort") not in (None, 0):
            path = (*container.path, "ports", index, "hostPort")
            yield Violation("the container claims a port of its node", path)


@lint_rule(
    "host-aliases",
    Severity.LOW,
    None,
    Scope.POD,
    References(owasp_2022="K01", owasp_2025="K01", peers={"trivy": ("KSV-0007",)}),
)
def host_aliases(pod: Pod) -> Iterator[Violation]:
    """Pods resolve names through DNS alone.

    Why: entries in the pod's hosts file send names elsewhere without anybody seeing it.

    Passes when: hostAliases is not set.

    Remedy: Remove hostAliases, and name the address in DNS or a Service.
    """
    if pod.value.get("hostAliases"):
        yield Violation("the pod has names of its own", (*pod.path, "hostAliases"))


@lint_rule(
    "windows-host-process",
    Severity.HIGH,
    Action.BLOCK,
    Scope.POD,
    References(
        pss=Standard.BASELINE,
        admission=("windowsHostProcess",),
        cis="5.2.11",
        owasp_2022="K01",
        owasp_2025="K01",
        peers={
            "trivy": ("KSV-0103",),
            "kubescape": ("set-hostprocess-true",),
            "polaris": ("hostProcess",),
            "kyverno": ("disallow-host-process",),
        },
    ),
)
def windows_host_process(pod: Pod) -> Iterator[Violation]:
    """Windows containers do not run as processes of their node.

    Why: a host process has the node's file system, network and services.

    Passes when: windowsOptions.hostProcess is not true, on the pod and on each container.

    Remedy: Remove hostProcess: true.
    """
    for context, path in contexts(pod):
        if dig(context, "windowsOptions", "hostProcess") is True:
            where = (*path, "windowsOptions", "hostProcess")
            yield Violation("a Windows container runs as a process of its node", where)


RULES: Final = (
    privileged_container,
    host_network,
    host_pid,
    host_ipc,
    host_port,
    host_aliases,
    windows_host_process,
)
