"""Which files of their node pods see."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from gate.documents.lenient import mappings
from gate.lint.facts.mounts import SYSTEM, host_mounts, host_paths, is_below, is_socket
from gate.lint.facts.view import Container, Pod
from gate.lint.rule import References, Scope, Standard, Violation, lint_rule
from gate.model.document import Path
from gate.model.verdict import Action, Severity


@lint_rule(
    "sensitive-host-mounts",
    Severity.HIGH,
    Action.BLOCK,
    Scope.CONTAINER,
    References(
        pss=Standard.BASELINE,
        cis="5.2.12",
        owasp_2022="K01",
        owasp_2025="K01",
        peers={"kube-linter": ("sensitive-host-mounts",), "trivy": ("KSV-0121",)},
    ),
)
def sensitive_host_mounts(container: Container) -> Iterator[Violation]:
    """Containers do not mount system folders of their node.

    Why: with /etc, /proc or the root of the node in hand, a container can change the node.

    Passes when: no mounted hostPath is /, /boot, /dev, /etc, /lib, /proc, /sys or /usr, or
    is below one of them.

    Remedy: Mount a volume that belongs to the pod, or only the one file that is needed.
    """
    for path, host, fault in host_mounts(container):
        if is_below(host, SYSTEM):
            yield Violation(f"the container mounts {host} of its node", path, fault=fault)


@lint_rule(
    "docker-sock",
    Severity.CRITICAL,
    Action.BLOCK,
    Scope.POD,
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
)
def docker_sock(pod: Pod) -> Iterator[Violation]:
    """Pods do not hold a container runtime's socket.

    Why: a program that speaks to the runtime can start a privileged container, and so owns the
    node.

    Passes when: no hostPath, mounted or not, ends in docker.sock, containerd.sock, crio.sock,
    cri-dockerd.sock or podman.sock, or is a folder below /run or /var/run that holds one by
    convention.

    Remedy: Remove the volume; build images with a tool that needs no daemon.
    """
    mounted = set()
    for container in pod.containers:
        for path, host, fault in host_mounts(container):
            if is_socket(host):
                mounted.add(host)
                message = f"the container mounts the runtime's socket {host}"
                yield Violation(message, path, container.name, fault=fault)
    for path, _, host in host_paths(pod):
        if is_socket(host) and host not in mounted:
            yield Violation(f"a volume is the runtime's socket {host}", path)


@lint_rule(
    "host-path-volume",
    Severity.HIGH,
    Action.BLOCK,
    Scope.POD,
    References(
        pss=Standard.BASELINE,
        admission=("hostPathVolumes",),
        cis="5.2.12",
        owasp_2022="K01",
        owasp_2025="K01",
        peers={
            "trivy": ("KSV-0023",),
            "kubescape": ("alert-any-hostpath",),
            "polaris": ("hostPathSet",),
            "kyverno": ("disallow-host-path",),
        },
    ),
)
def host_path_volume(pod: Pod) -> Iterator[Violation]:
    """Pods have no volume that is a path of their node.

    Why: files of the node are shared with every other program there, and links lead anywhere.

    Passes when: no volume is a hostPath.

    Remedy: Use a persistent volume claim, an emptyDir or a projected volume.
    """
    for path, name, host in host_paths(pod):
        yield Violation(f"the volume {name} is {host} of the node", path)


@lint_rule(
    "writable-host-mount",
    Severity.HIGH,
    Action.WARN,
    Scope.CONTAINER,
    References(
        cis="5.2.12",
        owasp_2022="K01",
        owasp_2025="K01",
        peers={"kube-linter": ("writable-host-mount",), "kubescape": ("alert-rw-hostpath",)},
    ),
)
def writable_host_mount(container: Container) -> Iterator[Violation]:
    """Paths of the node are mounted read-only.

    Why: what a container writes there is read by the node and by other pods.

    Passes when: each mount of a hostPath volume has readOnly: true.

    Remedy: Set readOnly: true on the mount.
    """
    for path, host, _ in host_mounts(container):
        *above, key = path
        if key != "mountPath" or _at(container, path, "readOnly") is not True:
            yield Violation(f"the container can write to {host} of its node", (*above, "readOnly"))


@lint_rule(
    "cloud-credentials-host-mount",
    Severity.HIGH,
    Action.WARN,
    Scope.CONTAINER,
    References(
        owasp_2022="K01",
        owasp_2025="K08",
        peers={"kubescape": ("alert-mount-potential-credentials-paths",)},
    ),
)
def cloud_credentials_host_mount(container: Container) -> Iterator[Violation]:
    """Containers do not mount the node's cloud credentials.

    Why: with the node's credentials a container acts as the node in the cloud account.

    Passes when: no mounted hostPath is a known place of AWS, Azure or Google credentials.

    Remedy: Give the pod an identity of its own through its service account.
    """
    for path, host, _ in host_mounts(container):
        if host != "/" and any(part in host + "/" for part in _CLOUD):
            yield Violation(f"the container mounts cloud credentials: {host}", path)


@lint_rule(
    "restricted-volume-types",
    Severity.MEDIUM,
    Action.WARN,
    Scope.POD,
    References(
        pss=Standard.RESTRICTED,
        admission=("restrictedVolumes",),
        owasp_2022="K01",
        owasp_2025="K01",
        peers={"trivy": ("KSV-0028",), "kyverno": ("restrict-volume-types",)},
    ),
)
def restricted_volume_types(pod: Pod) -> Iterator[Violation]:
    """Volumes are of types that stay inside the pod or behind a claim.

    Why: the other types reach the node or name storage servers directly.

    Passes when: each volume is a configMap, csi, downwardAPI, emptyDir, ephemeral, image,
    persistentVolumeClaim, projected or secret.

    Remedy: Use one of these types; put storage servers behind a persistent volume claim.
    """
    for index, volume in mappings(pod.value.get("volumes")):
        for kind, source in volume.items():
            if kind not in _VOLUMES and source is not None:
                path = (*pod.path, "volumes", index, kind)
                fault = (*path, "path") if kind == "hostPath" else None
                yield Violation(f"the volume is of the type {kind}", path, fault=fault)


def _at(container: Container, path: Path, key: str) -> Any:  # noqa: ANN401  # any JSON value
    """Return a neighbour of the field at `path`, two steps inside the container."""
    *_, lists, index, _ = path
    return container.value[str(lists)][int(index)].get(key)


_CLOUD: Final = (
    "/.aws/",
    "/.azure/",
    "/.config/gcloud/",
    "/etc/kubernetes/azure.json/",
    "/etc/kubernetes/cloud-config/",
    "/etc/srv/kubernetes/",
    "/var/lib/cloud/",
    "/var/lib/waagent/",
    "/gcloud/",
)
_VOLUMES: Final = frozenset(
    (
        "name",
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "image",
        "persistentVolumeClaim",
        "projected",
        "secret",
    )
)

RULES: Final = (
    sensitive_host_mounts,
    docker_sock,
    host_path_volume,
    writable_host_mount,
    cloud_credentials_host_mount,
    restricted_volume_types,
)
