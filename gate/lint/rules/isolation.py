"""What keeps a pod apart from its node and kernel."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from gate.lint.mounts import host_mounts, host_paths, is_below, is_socket
from gate.lint.rule import References, Rule, Scope, Standard, Violation
from gate.lint.view import Container, Pod, dig, mapping, mappings, text
from gate.model.document import Path
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


def docker_sock(pod: Pod) -> Iterator[Violation]:
    """Pods do not hold a container runtime's socket.

    Why: whoever speaks to the runtime can start a privileged container, and so owns the node.

    Passes when: no hostPath, mounted or not, ends in docker.sock, containerd.sock, crio.sock,
    cri-dockerd.sock or podman.sock, or is a folder below /run or /var/run that holds one by
    convention.

    Remedy: Remove the volume; build images with a tool that needs no daemon.
    """
    mounted = set()
    for container in pod.containers:
        for path, host in host_mounts(container):
            if is_socket(host):
                mounted.add(host)
                message = f"the container mounts the runtime's socket {host}"
                yield Violation(message, path, container.name)
    for path, _, host in host_paths(pod):
        if is_socket(host) and host not in mounted:
            yield Violation(f"a volume is the runtime's socket {host}", path)


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


def host_path_volume(pod: Pod) -> Iterator[Violation]:
    """Pods have no volume that is a path of their node.

    Why: files of the node are shared with whatever else runs there, and links lead anywhere.

    Passes when: no volume is a hostPath.

    Remedy: Use a persistent volume claim, an emptyDir or a projected volume.
    """
    for path, name, host in host_paths(pod):
        yield Violation(f"the volume {name} is {host} of the node", path)


def writable_host_mount(container: Container) -> Iterator[Violation]:
    """Paths of the node are mounted read-only.

    Why: what a container writes there is read by the node and by other pods.

    Passes when: each mount of a hostPath volume has readOnly: true.

    Remedy: Set readOnly: true on the mount.
    """
    for path, host in host_mounts(container):
        *above, key = path
        if key != "mountPath" or _at(container, path, "readOnly") is not True:
            yield Violation(f"the container can write to {host} of its node", (*above, "readOnly"))


def cloud_credentials_host_mount(container: Container) -> Iterator[Violation]:
    """Containers do not mount the node's cloud credentials.

    Why: with the node's credentials a container acts as the node in the cloud account.

    Passes when: no mounted hostPath is a known place of AWS, Azure or Google credentials.

    Remedy: Give the pod an identity of its own through its service account.
    """
    for path, host in host_mounts(container):
        if host != "/" and any(part in host + "/" for part in _CLOUD):
            yield Violation(f"the container mounts cloud credentials: {host}", path)


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
                yield Violation(f"the volume is of the type {kind}", path)


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


def unsafe_proc_mount(container: Container, *, kubernetes: int) -> Iterator[Violation]:
    """The kernel's /proc stays masked.

    Why: unmasked, it shows and changes settings of the node's kernel.

    Passes when: procMount is unset or Default; from Kubernetes 1.35 also in a pod that has
    its own user namespace (hostUsers: false).

    Remedy: Remove procMount.
    """
    if kubernetes >= _USER_NAMESPACES and container.pod.value.get("hostUsers") is False:
        return
    yield from unsafe_proc_mount_restricted(container)


def unsafe_proc_mount_restricted(container: Container) -> Iterator[Violation]:
    """The kernel's /proc stays masked, in user namespaces too.

    Why: the restricted standard makes no exception for pods with their own user namespace.

    Passes when: procMount is unset or Default.

    Remedy: Remove procMount.
    """
    if container.context.get("procMount") not in (None, "Default"):
        yield Violation("the container sees an unmasked /proc", _context(container, "procMount"))


def unsafe_sysctls(pod: Pod, *, kubernetes: int) -> Iterator[Violation]:
    """Pods set only kernel parameters that are their own.

    Why: other parameters belong to the node, and change it for every pod on it.

    Passes when: each sysctl is on the list of safe ones of the Kubernetes version.

    Remedy: Remove the sysctl, or set it on the node.
    """
    for index, sysctl in mappings(pod.context.get("sysctls")):
        name = text(sysctl.get("name"))
        if _SAFE_SYSCTLS.get(name, kubernetes + 1) > kubernetes:
            path = (*pod.path, "securityContext", "sysctls", index, "name")
            yield Violation(f"the sysctl {name} is not a safe one", path)


def apparmor_profile(pod: Pod) -> Iterator[Violation]:
    """AppArmor is not turned off.

    Why: the profile is what keeps a process from files and calls it never needs.

    Passes when: the profile, as a field or as an annotation of the pod, is unset,
    RuntimeDefault or Localhost.

    Remedy: Remove the profile, or set RuntimeDefault.
    """
    for context, path in contexts(pod):
        kind = dig(context, "appArmorProfile", "type")
        if isinstance(context.get("appArmorProfile"), dict) and kind not in _PROFILES:
            where = (*path, "appArmorProfile", "type")
            yield Violation(f"the AppArmor profile is {kind}", where)
    for key, value in pod.annotations.items():
        if key.startswith(_APPARMOR) and not (
            value in ("", "runtime/default") or value.startswith("localhost/")
        ):
            where = (*pod.metadata_path, "annotations", key)
            yield Violation(f"the AppArmor profile is {value}", where)


def selinux_options(pod: Pod, *, kubernetes: int) -> Iterator[Violation]:
    """SELinux labels are those that containers are meant to have.

    Why: another type, user or role lets the process out of the container's confinement.

    Passes when: seLinuxOptions sets no user and no role, and its type is unset or one of
    container_t, container_init_t, container_kvm_t, and from 1.31 container_engine_t.

    Remedy: Remove seLinuxOptions, or set only its level.
    """
    for context, path in contexts(pod):
        options = mapping(context.get("seLinuxOptions"))
        kind = options.get("type")
        if kind and _SELINUX_TYPES.get(text(kind), kubernetes + 1) > kubernetes:
            yield Violation(f"the SELinux type is {kind}", (*path, "seLinuxOptions", "type"))
        for key in ("user", "role"):
            if options.get(key):
                yield Violation(f"the SELinux {key} is set", (*path, "seLinuxOptions", key))


def seccomp_unconfined(pod: Pod) -> Iterator[Violation]:
    """Seccomp is not turned off.

    Why: unconfined, a process can make every call of the node's kernel.

    Passes when: each seccompProfile that is set is RuntimeDefault or Localhost.

    Remedy: Set seccompProfile.type: RuntimeDefault.
    """
    for context, path in contexts(pod):
        profile = context.get("seccompProfile")
        if isinstance(profile, dict) and profile.get("type") not in _PROFILES:
            where = (*path, "seccompProfile", "type")
            yield Violation(f"the seccomp profile is {profile.get('type')}", where)


def seccomp_profile_unset(container: Container) -> Iterator[Violation]:
    """Each container runs under a seccomp profile.

    Why: without one, a process can make every call of the node's kernel.

    Passes when: seccompProfile of the container, or else of the pod, is RuntimeDefault or
    Localhost, or the pod runs on Windows.

    Remedy: Set seccompProfile.type: RuntimeDefault on the pod.
    """
    if container.pod.is_windows:
        return
    profile, path = container.setting("seccompProfile")
    if dig(profile, "type") not in _PROFILES:
        yield Violation("no seccomp profile holds for the container", path)


def host_probe_target(container: Container, *, kubernetes: int) -> Iterator[Violation]:
    """Probes and lifecycle hooks call the pod itself.

    Why: the kubelet makes the call, so a host in it reaches what only the node can reach.

    Passes when: no httpGet and no tcpSocket names a host, not even 127.0.0.1. Asked from
    Kubernetes 1.34 on.

    Remedy: Remove host from the probe or hook.
    """
    if kubernetes < _HOST_PROBES:
        return
    for path, handler in handlers(container):
        for key in ("httpGet", "tcpSocket"):
            host = dig(handler, key, "host")
            if host not in (None, ""):
                yield Violation(f"the kubelet is sent to {host}", (*path, key, "host"))


def host_aliases(pod: Pod) -> Iterator[Violation]:
    """Pods resolve names through DNS alone.

    Why: entries in the pod's hosts file send names elsewhere without anybody seeing it.

    Passes when: hostAliases is not set.

    Remedy: Remove hostAliases, and name the address in DNS or a Service.
    """
    if pod.value.get("hostAliases"):
        yield Violation("the pod has names of its own", (*pod.path, "hostAliases"))


def contexts(pod: Pod) -> Iterator[tuple[dict[str, Any], Path]]:
    """Yield the security context of the pod and of each container, with its place."""
    yield pod.context, (*pod.path, "securityContext")
    for container in pod.containers:
        yield container.context, (*container.path, "securityContext")


def handlers(container: Container) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield each probe and lifecycle hook of a container, with its place."""
    for key in ("livenessProbe", "readinessProbe", "startupProbe"):
        yield (*container.path, key), mapping(container.value.get(key))
    for key in ("postStart", "preStop"):
        yield (
            (*container.path, "lifecycle", key),
            mapping(dig(container.value, "lifecycle", key)),
        )


_USER_NAMESPACES: Final = 35
_HOST_PROBES: Final = 34
_PROFILES: Final = ("RuntimeDefault", "Localhost")
_APPARMOR: Final = "container.apparmor.security.beta.kubernetes.io/"
_SELINUX_TYPES: Final = {
    "container_t": 0,
    "container_init_t": 0,
    "container_kvm_t": 0,
    "container_engine_t": 31,
}
_SAFE_SYSCTLS: Final = {
    "kernel.shm_rmid_forced": 0,
    "net.ipv4.ip_local_port_range": 0,
    "net.ipv4.ip_unprivileged_port_start": 0,
    "net.ipv4.ping_group_range": 0,
    "net.ipv4.tcp_syncookies": 0,
    "net.ipv4.ip_local_reserved_ports": 27,
    "net.ipv4.tcp_fin_timeout": 29,
    "net.ipv4.tcp_keepalive_intvl": 29,
    "net.ipv4.tcp_keepalive_probes": 29,
    "net.ipv4.tcp_keepalive_time": 29,
    "net.ipv4.tcp_rmem": 32,
    "net.ipv4.tcp_wmem": 32,
    "net.ipv4.tcp_notsent_lowat": 37,
    "net.ipv4.tcp_slow_start_after_idle": 37,
}
"""The minor version of Kubernetes from which each parameter counts as safe."""
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
_SYSTEM: Final = ("/boot", "/dev", "/etc", "/lib", "/proc", "/sys", "/usr")


def _at(container: Container, path: Path, key: str) -> Any:  # noqa: ANN401  # any JSON value
    """Return a neighbour of the field at `path`, two steps inside the container."""
    *_, lists, index, _ = path
    return container.value[str(lists)][int(index)].get(key)


def _context(container: Container, key: str) -> Path:
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
        Scope.POD,
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
    Rule(
        "host-port",
        Severity.MEDIUM,
        Action.WARN,
        Scope.CONTAINER,
        host_port,
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
    ),
    Rule(
        "host-path-volume",
        Severity.HIGH,
        Action.BLOCK,
        Scope.POD,
        host_path_volume,
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
    ),
    Rule(
        "writable-host-mount",
        Severity.HIGH,
        Action.WARN,
        Scope.CONTAINER,
        writable_host_mount,
        References(
            cis="5.2.12",
            owasp_2022="K01",
            owasp_2025="K01",
            peers={"kube-linter": ("writable-host-mount",), "kubescape": ("alert-rw-hostpath",)},
        ),
    ),
    Rule(
        "cloud-credentials-host-mount",
        Severity.HIGH,
        Action.WARN,
        Scope.CONTAINER,
        cloud_credentials_host_mount,
        References(
            owasp_2022="K01",
            owasp_2025="K08",
            peers={"kubescape": ("alert-mount-potential-credentials-paths",)},
        ),
    ),
    Rule(
        "restricted-volume-types",
        Severity.MEDIUM,
        Action.WARN,
        Scope.POD,
        restricted_volume_types,
        References(
            pss=Standard.RESTRICTED,
            admission=("restrictedVolumes",),
            owasp_2022="K01",
            owasp_2025="K01",
            peers={"trivy": ("KSV-0028",), "kyverno": ("restrict-volume-types",)},
        ),
    ),
    Rule(
        "windows-host-process",
        Severity.HIGH,
        Action.BLOCK,
        Scope.POD,
        windows_host_process,
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
    ),
    Rule(
        "unsafe-proc-mount",
        Severity.HIGH,
        Action.BLOCK,
        Scope.CONTAINER,
        unsafe_proc_mount,
        References(
            pss=Standard.BASELINE,
            admission=("procMount",),
            owasp_2022="K01",
            owasp_2025="K01",
            peers={
                "kube-linter": ("unsafe-proc-mount",),
                "trivy": ("KSV-0027",),
                "kubescape": ("set-procmount-default",),
                "polaris": ("procMount",),
                "kyverno": ("disallow-proc-mount",),
            },
        ),
        versioned=True,
    ),
    Rule(
        "unsafe-proc-mount-restricted",
        Severity.MEDIUM,
        None,
        Scope.CONTAINER,
        unsafe_proc_mount_restricted,
        References(
            pss=Standard.RESTRICTED,
            admission=("procMount_restricted",),
            owasp_2022="K01",
            owasp_2025="K01",
        ),
    ),
    Rule(
        "unsafe-sysctls",
        Severity.MEDIUM,
        Action.BLOCK,
        Scope.POD,
        unsafe_sysctls,
        References(
            pss=Standard.BASELINE,
            admission=("sysctls",),
            owasp_2022="K01",
            owasp_2025="K01",
            peers={
                "kube-linter": ("unsafe-sysctls",),
                "trivy": ("KSV-0026",),
                "kubescape": ("set-sysctls-params",),
                "kyverno": ("restrict-sysctls",),
            },
        ),
        versioned=True,
    ),
    Rule(
        "apparmor-profile",
        Severity.MEDIUM,
        Action.WARN,
        Scope.POD,
        apparmor_profile,
        References(
            pss=Standard.BASELINE,
            admission=("appArmorProfile",),
            owasp_2022="K01",
            owasp_2025="K01",
            peers={"trivy": ("KSV-0002",), "kyverno": ("restrict-apparmor-profiles",)},
        ),
    ),
    Rule(
        "selinux-options",
        Severity.MEDIUM,
        Action.WARN,
        Scope.POD,
        selinux_options,
        References(
            pss=Standard.BASELINE,
            admission=("seLinuxOptions",),
            owasp_2022="K01",
            owasp_2025="K01",
            peers={
                "trivy": ("KSV-0025",),
                "kubescape": ("set-seLinuxOptions",),
                "kyverno": ("disallow-selinux",),
            },
        ),
        versioned=True,
    ),
    Rule(
        "seccomp-unconfined",
        Severity.HIGH,
        Action.BLOCK,
        Scope.POD,
        seccomp_unconfined,
        References(
            pss=Standard.BASELINE,
            admission=("seccompProfile_baseline",),
            cis="5.7.2",
            owasp_2022="K01",
            owasp_2025="K01",
            peers={"trivy": ("KSV-0104",), "kyverno": ("restrict-seccomp",)},
        ),
    ),
    Rule(
        "seccomp-profile-unset",
        Severity.MEDIUM,
        Action.WARN,
        Scope.CONTAINER,
        seccomp_profile_unset,
        References(
            pss=Standard.RESTRICTED,
            admission=("seccompProfile_restricted",),
            cis="5.7.2",
            owasp_2022="K01",
            owasp_2025="K01",
            peers={
                "checkov": (
                    "CKV_K8S_31",
                    "CKV_K8S_32",
                ),
                "trivy": ("KSV-0030",),
                "kubescape": (
                    "set-seccomp-profile",
                    "set-seccomp-profile-RuntimeDefault",
                ),
                "kube-score": ("Container Seccomp Profile",),
                "kyverno": ("restrict-seccomp-strict",),
            },
        ),
    ),
    Rule(
        "host-probe-target",
        Severity.MEDIUM,
        Action.WARN,
        Scope.CONTAINER,
        host_probe_target,
        References(
            pss=Standard.BASELINE,
            admission=("hostProbesAndHostLifecycle",),
            owasp_2022="K01",
            owasp_2025="K05",
            peers={"kyverno": ("no-localhost-service",)},
        ),
        versioned=True,
    ),
    Rule(
        "host-aliases",
        Severity.LOW,
        None,
        Scope.POD,
        host_aliases,
        References(owasp_2022="K01", owasp_2025="K01", peers={"trivy": ("KSV-0007",)}),
    ),
)
