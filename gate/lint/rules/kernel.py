"""What the kernel of the node lets a container do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gate.documents.lenient import dig, mapping, mappings, text
from gate.lint.facts.security import USER_NAMESPACES, contexts
from gate.lint.facts.view import Container, Pod
from gate.lint.rule import References, Scope, Standard, Violation, lint_rule
from gate.model.verdict import Action, Severity


@lint_rule(
    "unsafe-proc-mount",
    Severity.HIGH,
    Action.BLOCK,
    Scope.CONTAINER,
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
)
def unsafe_proc_mount(container: Container, *, kubernetes: int) -> Iterator[Violation]:
    """The kernel's /proc stays masked.

    Why: unmasked, it shows and changes settings of the node's kernel.

    Passes when: procMount is unset or Default; from Kubernetes 1.35 also in a pod that has
    its own user namespace (hostUsers: false).

    Remedy: Remove procMount.
    """
    if kubernetes >= USER_NAMESPACES and container.pod.value.get("hostUsers") is False:
        return
    yield from unsafe_proc_mount_restricted.run(container)


@lint_rule(
    "unsafe-proc-mount-restricted",
    Severity.MEDIUM,
    None,
    Scope.CONTAINER,
    References(
        pss=Standard.RESTRICTED,
        admission=("procMount_restricted",),
        owasp_2022="K01",
        owasp_2025="K01",
    ),
)
def unsafe_proc_mount_restricted(container: Container) -> Iterator[Violation]:
    """The kernel's /proc stays masked, in user namespaces too.

    Why: the restricted standard makes no exception for pods with their own user namespace.

    Passes when: procMount is unset or Default.

    Remedy: Remove procMount.
    """
    if container.context.get("procMount") not in (None, "Default"):
        yield Violation("the container sees an unmasked /proc", container.security("procMount"))


@lint_rule(
    "unsafe-sysctls",
    Severity.MEDIUM,
    Action.BLOCK,
    Scope.POD,
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
)
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


@lint_rule(
    "apparmor-profile",
    Severity.MEDIUM,
    Action.WARN,
    Scope.POD,
    References(
        pss=Standard.BASELINE,
        admission=("appArmorProfile",),
        owasp_2022="K01",
        owasp_2025="K01",
        peers={"trivy": ("KSV-0002",), "kyverno": ("restrict-apparmor-profiles",)},
    ),
)
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


@lint_rule(
    "selinux-options",
    Severity.MEDIUM,
    Action.WARN,
    Scope.POD,
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
)
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


@lint_rule(
    "seccomp-unconfined",
    Severity.HIGH,
    Action.BLOCK,
    Scope.POD,
    References(
        pss=Standard.BASELINE,
        admission=("seccompProfile_baseline",),
        cis="5.7.2",
        owasp_2022="K01",
        owasp_2025="K01",
        peers={"trivy": ("KSV-0104",), "kyverno": ("restrict-seccomp",)},
    ),
)
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


@lint_rule(
    "seccomp-profile-unset",
    Severity.MEDIUM,
    Action.WARN,
    Scope.CONTAINER,
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
)
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

RULES: Final = (
    unsafe_proc_mount,
    unsafe_proc_mount_restricted,
    unsafe_sysctls,
    apparmor_profile,
    selinux_options,
    seccomp_unconfined,
    seccomp_profile_unset,
)
