"""What keeps a pod apart from its node and kernel."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gate.lint.mounts import host_mounts, is_below, is_socket
from gate.lint.rule import References, Rule, Scope, Standard, Violation
from gate.lint.view import Container, Pod
from gate.model.verdict import Action, Severity


def privileged_container(container: Container) -> Iterator[Violation]:
    """Containers do not run privileged.

    Why: a privileged container has every capability and device of its node, so whoever
    controls it controls the node.

    Passes when: securityContext.privileged is not true, in init and ephemeral containers too.

    Remedy: Remove privileged: true, and add the single capability that is needed.
    """
    if container.context.get("privileged") is True:
        yield Violation("the container runs privileged", _context(container, "privileged"))


def host_network(pod: Pod) -> Iterator[Violation]:
    """Pods do not share their node's network.

    Why: the pod can listen to and speak as the node, and no network policy holds for it.

    Passes when: hostNetwork is not true.

    Remedy: Remove hostNetwork: true, and expose the port through a Service.
    """
    if pod.value.get("hostNetwork") is True:
        yield Violation("the pod shares the node's network", (*pod.path, "hostNetwork"))


def host_pid(pod: Pod) -> Iterator[Violation]:
    """Pods do not share their node's process list.

    Why: the pod sees every process of the node, their environments included, and can signal them.

    Passes when: hostPID is not true.

    Remedy: Remove hostPID: true.
    """
    if pod.value.get("hostPID") is True:
        yield Violation("the pod shares the node's process list", (*pod.path, "hostPID"))


def host_ipc(pod: Pod) -> Iterator[Violation]:
    """Pods do not share their node's inter-process communication.

    Why: the pod can read and write shared memory of other workloads on the node.

    Passes when: hostIPC is not true.

    Remedy: Remove hostIPC: true.
    """
    if pod.value.get("hostIPC") is True:
        yield Violation("the pod shares the node's shared memory", (*pod.path, "hostIPC"))


def sensitive_host_mounts(container: Container) -> Iterator[Violation]:
    """Containers do not mount system folders of their node.

    Why: with /etc, /proc or the root of the node in hand, a container can change the node.

    Passes when: no mounted hostPath is /, /boot, /dev, /etc, /lib, /proc, /sys or /usr, or
    stands below one of them.

    Remedy: Mount a volume that belongs to the pod, or only the one file that is needed.
    """
    for path, host in host_mounts(container):
        if is_below(host, _SYSTEM):
            yield Violation(f"the container mounts {host} of its node", path)


def docker_sock(container: Container) -> Iterator[Violation]:
    """Containers do not mount a container runtime's socket.

    Why: whoever speaks to the runtime can start a privileged container, and so owns the node.

    Passes when: no mounted hostPath ends in docker.sock, containerd.sock, crio.sock,
    cri-dockerd.sock or podman.sock, or is a folder that holds one by convention.

    Remedy: Remove the mount; build images with a tool that needs no daemon.
    """
    for path, host in host_mounts(container):
        if is_socket(host):
            yield Violation(f"the container mounts the runtime's socket {host}", path)


_SYSTEM: Final = ("/boot", "/dev", "/etc", "/lib", "/proc", "/sys", "/usr")


def _context(container: Container, key: str) -> tuple[str | int, ...]:
    return (*container.path, "securityContext", key)


RULES: Final = (
    Rule(
        "privileged-container",
        Severity.CRITICAL,
        Action.BLOCK,
        Scope.CONTAINER,
        privileged_container,
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
    ),
    Rule(
        "host-network",
        Severity.HIGH,
        Action.BLOCK,
        Scope.POD,
        host_network,
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
    ),
    Rule(
        "host-pid",
        Severity.HIGH,
        Action.BLOCK,
        Scope.POD,
        host_pid,
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
    ),
    Rule(
        "host-ipc",
        Severity.HIGH,
        Action.BLOCK,
        Scope.POD,
        host_ipc,
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
    ),
    Rule(
        "sensitive-host-mounts",
        Severity.HIGH,
        Action.BLOCK,
        Scope.CONTAINER,
        sensitive_host_mounts,
        References(
            pss=Standard.BASELINE,
            cis="5.2.12",
            owasp_2022="K01",
            owasp_2025="K01",
            peers={"kube-linter": ("sensitive-host-mounts",), "trivy": ("KSV-0121",)},
        ),
    ),
    Rule(
        "docker-sock",
        Severity.CRITICAL,
        Action.BLOCK,
        Scope.CONTAINER,
        docker_sock,
        References(
            owasp_2022="K01",
            owasp_2025="K01",
            peers={
                "kube-linter": ("docker-sock",),
                "checkov": ("CKV_K8S_27",),
                "trivy": ("KSV-0006",),
                "kubescape": ("containers-mounting-docker-socket",),
                "kyverno": (
                    "disallow-container-sock-mounts",
                    "docker-socket-check",
                ),
            },
        ),
    ),
)
