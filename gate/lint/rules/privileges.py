"""What the processes of a container may do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from gate.lint.rule import Parameter, References, Rule, Scope, SetViolation, Standard, Violation
from gate.lint.view import Container, Pod, dig, is_number, mapping, mappings, sequence, strings
from gate.lint.whole import Whole
from gate.model.document import Path
from gate.model.kubernetes import KubernetesObject
from gate.model.verdict import Action, Severity


def privilege_escalation_container(container: Container) -> Iterator[Violation]:
    """Processes cannot gain more privileges than they start with.

    Why: a set-uid binary in the image turns a harmless process into one that runs as root.

    Passes when: allowPrivilegeEscalation and privileged are not true and SYS_ADMIN is not
    added. An unset allowPrivilegeEscalation is allow-privilege-escalation-unset's matter.

    Remedy: Set allowPrivilegeEscalation: false, and drop privileged and SYS_ADMIN.
    """
    if container.context.get("allowPrivilegeEscalation") is True:
        yield Violation(
            "the container allows privilege escalation",
            _context(container, "allowPrivilegeEscalation"),
        )
    elif container.context.get("privileged") is True:
        yield Violation(
            "the container is privileged, which allows privilege escalation",
            _context(container, "privileged"),
        )
    else:
        for path, name in _added(container):
            if _plain(name) == "SYS_ADMIN":
                yield Violation("SYS_ADMIN allows privilege escalation", path)


def run_as_non_root(container: Container) -> Iterator[Violation]:
    """Containers are certain not to run as root.

    Why: root inside a container is root to the kernel, so every flaw in the isolation is a
    way to the node.

    Passes when: of the container, or else of its pod, runAsNonRoot is true or runAsUser is
    above 0, and neither runAsUser nor runAsGroup is 0.

    Remedy: Set runAsNonRoot: true, and runAsUser and runAsGroup to numbers above 0.
    """
    group, group_at = container.setting("runAsGroup")
    user, user_at = container.setting("runAsUser")
    non_root, non_root_at = container.setting("runAsNonRoot")
    if _zero(group):
        yield Violation("the container runs as the root group", group_at)
    if _zero(user):
        yield Violation("the container runs as root", user_at)
    elif non_root is not True and user is None:
        yield Violation("nothing keeps the container from running as root", non_root_at)


def no_read_only_root_fs(container: Container) -> Iterator[Violation]:
    """The root file system of containers is read-only.

    Why: an intruder who cannot write has nowhere to put tools and nothing to change.

    Passes when: securityContext.readOnlyRootFilesystem is true.

    Remedy: Set readOnlyRootFilesystem: true, and mount an emptyDir where files are written.
    """
    if container.context.get("readOnlyRootFilesystem") is not True:
        yield Violation(
            "the root file system is writable", _context(container, "readOnlyRootFilesystem")
        )


def allow_privilege_escalation_unset(container: Container) -> Iterator[Violation]:
    """Privilege escalation is ruled out in so many words.

    Why: unset means allowed, so a set-uid binary in the image gives root.

    Passes when: allowPrivilegeEscalation is false, or the pod runs on Windows.

    Remedy: Set allowPrivilegeEscalation: false.
    """
    own = container.context.get("allowPrivilegeEscalation")
    if own is not False and not container.pod.is_windows:
        path = _context(container, "allowPrivilegeEscalation")
        yield Violation("privilege escalation is not ruled out", path)


def run_as_non_root_explicit(pod: Pod, *, kubernetes: int) -> Iterator[Violation]:
    """RunAsNonRoot is true for every container.

    Why: the kubelet then refuses to start a container whose image says root; a user number
    alone does not make it look.

    Passes when: nothing sets runAsNonRoot to false, and the pod or every container sets it
    to true; from Kubernetes 1.35 also in a pod that has its own user namespace.

    Remedy: Set runAsNonRoot: true on the pod.
    """
    if _own_users(pod, kubernetes):
        return
    general = pod.context.get("runAsNonRoot")
    if general is False:
        path = (*pod.path, "securityContext", "runAsNonRoot")
        yield Violation("the pod allows its containers to run as root", path)
    for container in pod.containers:
        own = container.context.get("runAsNonRoot")
        if own is not True and not (own is None and general is True):
            yield Violation(
                "nothing makes sure that the container does not run as root",
                _context(container, "runAsNonRoot"),
                container.name,
            )


def run_as_root_user(pod: Pod, *, kubernetes: int) -> Iterator[Violation]:
    """No user number is 0.

    Why: 0 is root, to the container and to the kernel.

    Passes when: runAsUser is not 0, on the pod and on each container; from Kubernetes 1.35
    also in a pod that has its own user namespace.

    Remedy: Set runAsUser to a number above 0.
    """
    if _own_users(pod, kubernetes):
        return
    if _zero(pod.context.get("runAsUser")):
        yield Violation("the pod runs as root", (*pod.path, "securityContext", "runAsUser"))
    for container in pod.containers:
        if _zero(container.context.get("runAsUser")):
            path = _context(container, "runAsUser")
            yield Violation("the container runs as root", path, container.name)


def low_user_id(container: Container, *, minimum: int) -> Iterator[Violation]:
    """User and group numbers are out of the range that nodes use.

    Why: should a process get out of its container, its number must not be somebody's there.

    Passes when: runAsUser and runAsGroup, of the container or else of the pod, are set and
    at least the minimum.

    Remedy: Set runAsUser and runAsGroup to 10000 or more.
    """
    for key in ("runAsUser", "runAsGroup"):
        value, path = container.setting(key)
        if not is_number(value) or value < minimum:
            yield Violation(f"{key} is not at least {minimum}", path)


def root_group(pod: Pod) -> Iterator[Violation]:
    """No group is the root group.

    Why: files of the root group are readable and often writable to its members.

    Passes when: runAsGroup, fsGroup and supplementalGroups hold no 0.

    Remedy: Use a group number above 0.
    """
    path = (*pod.path, "securityContext")
    for key in ("runAsGroup", "fsGroup"):
        if _zero(pod.context.get(key)):
            yield Violation(f"{key} is the root group", (*path, key))
    for index, group in enumerate(sequence(pod.context.get("supplementalGroups"))):
        if _zero(group):
            where = (*path, "supplementalGroups", index)
            yield Violation("a supplemental group is the root group", where)
    for container in pod.containers:
        if _zero(container.context.get("runAsGroup")):
            where = _context(container, "runAsGroup")
            yield Violation("runAsGroup is the root group", where, container.name)


def drop_net_raw_capability(container: Container) -> Iterator[Violation]:
    """The capability NET_RAW is dropped.

    Why: with raw packets a container can pose as its neighbours.

    Passes when: NET_RAW or ALL is dropped and NET_RAW is not added.

    Remedy: Add NET_RAW, or better ALL, to capabilities.drop.
    """
    if container.pod.is_windows:
        return
    for path, name in _added(container):
        if _plain(name) == "NET_RAW":
            yield Violation("NET_RAW is added", path)
            return
    if not {"NET_RAW", "ALL"} & {_plain(name) for name in _dropped(container)}:
        yield Violation("NET_RAW is not dropped", (*_context(container, "capabilities"), "drop"))


def drop_all_capabilities(container: Container) -> Iterator[Violation]:
    """Every capability is dropped first.

    Why: what is not there cannot be used against the kernel.

    Passes when: capabilities.drop holds ALL, spelt so, or the pod runs on Windows.

    Remedy: Set capabilities.drop: [ALL].
    """
    if "ALL" not in _dropped(container) and not container.pod.is_windows:
        path = (*_context(container, "capabilities"), "drop")
        yield Violation("not every capability is dropped", path)


def added_capabilities_restricted(container: Container) -> Iterator[Violation]:
    """Only NET_BIND_SERVICE is added back.

    Why: a well-behaved service needs no other capability.

    Passes when: capabilities.add holds nothing but NET_BIND_SERVICE, or the pod runs on
    Windows.

    Remedy: Remove the capability.
    """
    if container.pod.is_windows:
        return
    for path, name in _added(container):
        if name != "NET_BIND_SERVICE":
            yield Violation(f"the capability {name} is added", path)


def added_capabilities(container: Container) -> Iterator[Violation]:
    """Added capabilities are among those that containers have anyway.

    Why: each further capability opens a part of the kernel that was closed for a reason.

    Passes when: each added capability is one of those of the baseline standard,
    spelt as Kubernetes does.

    Remedy: Remove the capability.
    """
    for path, name in _added(container):
        if name not in _BASELINE:
            yield Violation(f"the capability {name} is added", path)


def dangerous_capabilities(container: Container) -> Iterator[Violation]:
    """No capability is added that amounts to owning the node.

    Why: each of these is enough to leave the container.

    Passes when: none of ALL, SYS_ADMIN, NET_ADMIN, SYS_MODULE, SYS_PTRACE, SYS_RAWIO,
    SYS_BOOT, DAC_READ_SEARCH, BPF and PERFMON is added, however it is spelt.

    Remedy: Remove the capability.
    """
    for path, name in _added(container):
        if _plain(name) in _DANGEROUS:
            yield Violation(f"the dangerous capability {name} is added", path)


def security_context_missing(container: Container) -> Iterator[Violation]:
    """Somebody has thought about what the container may do.

    Why: without a security context every default holds, and the defaults are wide.

    Passes when: the container or its pod has a securityContext that says something.

    Remedy: Add a securityContext to the container.
    """
    if not container.context and not container.pod.context:
        path = (*container.path, "securityContext")
        yield Violation("neither the container nor its pod has a security context", path)


def ssh_port(whole: Whole) -> Iterator[SetViolation]:
    """Containers and services offer no SSH.

    Why: a shell server in a container is a way in that no access control of the cluster sees.

    Passes when: no container port, and no port or targetPort of a service, is 22 over TCP.

    Remedy: Remove the port, and use kubectl exec where a shell is needed.
    """
    for pod in whole.all_pods:
        for container in pod.containers:
            for where in _ssh(container.value.get("ports"), "containerPort"):
                path = (*container.path, "ports", *where)
                yield pod.object, Violation("the container offers port 22", path, container.name)
    for service in whole.of_kind("Service"):
        for where in _ssh(dig(service.value, "spec", "ports"), "targetPort", "port"):
            path = ("spec", "ports", *where)
            yield service, Violation("the service offers port 22", path)


def _ssh(ports: object, *keys: str) -> Iterator[tuple[int, str]]:
    """Yield the index and the key of each port that is 22 over TCP."""
    for index, port in mappings(ports):
        key = next((key for key in keys if port.get(key) == _SSH), None)
        if key and port.get("protocol", "TCP") == "TCP":
            yield index, key


def privileged_ports(container: Container) -> Iterator[Violation]:
    """Containers listen on ports that need no privilege.

    Why: ports below 1024 make images run as root or with NET_BIND_SERVICE.

    Passes when: each containerPort is 1024 or more.

    Remedy: Listen on a high port, and map it in the Service.
    """
    for index, port in mappings(container.value.get("ports")):
        number = port.get("containerPort")
        if is_number(number) and 0 < number < _UNPRIVILEGED:
            yield Violation(
                f"the container listens on port {number}",
                (*container.path, "ports", index, "containerPort"),
            )


def sudo_in_command(container: Container) -> Iterator[Violation]:
    """Commands do not call sudo.

    Why: sudo works only where privilege escalation is allowed.

    Passes when: no word of command and args is sudo.

    Remedy: Run the container as the user that the command needs.
    """
    for key in ("command", "args"):
        for index, part in enumerate(strings(container.value.get(key))):
            if _SUDO.search(part):
                yield Violation("the command calls sudo", (*container.path, key, index))
                return


def scc_deny_privileged_container(obj: KubernetesObject) -> Iterator[Violation]:
    """OpenShift's security context constraints allow no privileged container.

    Why: whoever may use the constraint owns the nodes.

    Passes when: allowPrivilegedContainer is not true.

    Remedy: Set allowPrivilegedContainer: false, and list the capabilities that are needed.
    """
    if obj.value.get("allowPrivilegedContainer") is True:
        yield Violation(
            "the constraint allows privileged containers", ("allowPrivilegedContainer",)
        )


def _own_users(pod: Pod, kubernetes: int) -> bool:
    return kubernetes >= _USER_NAMESPACES and pod.value.get("hostUsers") is False


def _dropped(container: Container) -> list[str]:
    return strings(mapping(container.context.get("capabilities")).get("drop"))


_USER_NAMESPACES: Final = 35
_SSH: Final = 22
_UNPRIVILEGED: Final = 1024
_SUDO: Final = re.compile(r"(?:^|[\s;&|(])(?:/usr/bin/)?sudo(?:\s|$)")
_BASELINE: Final = frozenset(
    (
        "AUDIT_WRITE",
        "CHOWN",
        "DAC_OVERRIDE",
        "FOWNER",
        "FSETID",
        "KILL",
        "MKNOD",
        "NET_BIND_SERVICE",
        "SETFCAP",
        "SETGID",
        "SETPCAP",
        "SETUID",
        "SYS_CHROOT",
    )
)
_DANGEROUS: Final = frozenset(
    (
        "ALL",
        "BPF",
        "DAC_READ_SEARCH",
        "NET_ADMIN",
        "PERFMON",
        "SYS_ADMIN",
        "SYS_BOOT",
        "SYS_MODULE",
        "SYS_PTRACE",
        "SYS_RAWIO",
    )
)


def _context(container: Container, key: str) -> Path:
    return (*container.path, "securityContext", key)


def _added(container: Container) -> Iterator[tuple[Path, str]]:
    capabilities = mapping(container.context.get("capabilities"))
    for index, name in enumerate(strings(capabilities.get("add"))):
        yield (*_context(container, "capabilities"), "add", index), name


def _plain(name: str) -> str:
    """Return a capability's name as the kernel lists it, without CAP_."""
    return name.upper().removeprefix("CAP_")


def _zero(value: object) -> bool:
    return is_number(value) and value == 0


RULES: Final = (
    Rule(
        "privilege-escalation-container",
        Severity.HIGH,
        Action.BLOCK,
        Scope.CONTAINER,
        privilege_escalation_container,
        References(
            pss=Standard.BASELINE,
            cis="5.2.6",
            owasp_2022="K01",
            owasp_2025="K01",
            peers={"kube-linter": ("privilege-escalation-container",)},
        ),
    ),
    Rule(
        "run-as-non-root",
        Severity.HIGH,
        Action.BLOCK,
        Scope.CONTAINER,
        run_as_non_root,
        References(
            pss=Standard.RESTRICTED,
            cis="5.2.7",
            owasp_2022="K01",
            owasp_2025="K01",
            peers={
                "kube-linter": ("run-as-non-root",),
                "checkov": (
                    "CKV_K8S_23",
                    "CKV_K8S_6",
                ),
                "trivy": ("KSV-0012",),
                "kubescape": (
                    "non-root-containers",
                    "psp-deny-root-container",
                ),
                "polaris": ("runAsRootAllowed",),
                "kyverno": ("require-run-as-nonroot",),
            },
        ),
    ),
    Rule(
        "no-read-only-root-fs",
        Severity.MEDIUM,
        Action.WARN,
        Scope.CONTAINER,
        no_read_only_root_fs,
        References(
            cis="5.7.3",
            owasp_2022="K01",
            owasp_2025="K01",
            peers={
                "kube-linter": ("no-read-only-root-fs",),
                "checkov": ("CKV_K8S_22",),
                "trivy": ("KSV-0014",),
                "kubescape": ("immutable-container-filesystem",),
                "polaris": ("notReadOnlyRootFilesystem",),
                "kube-score": ("Container Security Context ReadOnlyRootFilesystem",),
                "kyverno": ("require-ro-rootfs",),
            },
        ),
    ),
    Rule(
        "allow-privilege-escalation-unset",
        Severity.MEDIUM,
        Action.WARN,
        Scope.CONTAINER,
        allow_privilege_escalation_unset,
        References(
            pss=Standard.RESTRICTED,
            admission=("allowPrivilegeEscalation",),
            cis="5.2.6",
            owasp_2022="K01",
            owasp_2025="K01",
            peers={
                "checkov": (
                    "CKV_K8S_20",
                    "CKV_K8S_5",
                ),
                "trivy": ("KSV-0001",),
                "kubescape": (
                    "rule-allow-privilege-escalation",
                    "psp-deny-allowprivilegeescalation",
                ),
                "polaris": ("privilegeEscalationAllowed",),
                "kyverno": ("disallow-privilege-escalation",),
            },
        ),
    ),
    Rule(
        "run-as-non-root-explicit",
        Severity.MEDIUM,
        Action.WARN,
        Scope.POD,
        run_as_non_root_explicit,
        References(
            pss=Standard.RESTRICTED,
            admission=("runAsNonRoot",),
            cis="5.2.7",
            owasp_2022="K01",
            owasp_2025="K01",
        ),
        versioned=True,
    ),
    Rule(
        "run-as-root-user",
        Severity.HIGH,
        Action.BLOCK,
        Scope.POD,
        run_as_root_user,
        References(
            pss=Standard.RESTRICTED,
            admission=("runAsUser",),
            cis="5.2.7",
            owasp_2022="K01",
            owasp_2025="K01",
            peers={"trivy": ("KSV-0105",), "kyverno": ("require-run-as-non-root-user",)},
        ),
        versioned=True,
    ),
    Rule(
        "low-user-id",
        Severity.LOW,
        None,
        Scope.CONTAINER,
        low_user_id,
        References(
            owasp_2022="K01",
            owasp_2025="K01",
            peers={
                "checkov": ("CKV_K8S_40",),
                "trivy": (
                    "KSV-0020",
                    "KSV-0021",
                ),
                "kube-score": ("Container Security Context User Group ID",),
                "kyverno": ("validate-userid-groupid-fsgroup",),
            },
        ),
        parameters=(Parameter("minimum", 10000, "The lowest number that is accepted."),),
    ),
    Rule(
        "root-group",
        Severity.LOW,
        Action.WARN,
        Scope.POD,
        root_group,
        References(
            owasp_2022="K01",
            owasp_2025="K01",
            peers={
                "trivy": ("KSV-0116",),
                "kubescape": (
                    "set-supplementalgroups-values",
                    "set-fsgroup-value",
                ),
                "kyverno": ("require-non-root-groups",),
            },
        ),
    ),
    Rule(
        "drop-net-raw-capability",
        Severity.MEDIUM,
        Action.WARN,
        Scope.CONTAINER,
        drop_net_raw_capability,
        References(
            cis="5.2.8",
            owasp_2022="K01",
            owasp_2025="K01",
            peers={
                "kube-linter": ("drop-net-raw-capability",),
                "checkov": (
                    "CKV_K8S_28",
                    "CKV_K8S_7",
                ),
                "trivy": ("KSV-0119",),
                "kubescape": ("drop-capability-netraw",),
                "kyverno": ("drop-cap-net-raw",),
            },
        ),
    ),
    Rule(
        "drop-all-capabilities",
        Severity.MEDIUM,
        Action.WARN,
        Scope.CONTAINER,
        drop_all_capabilities,
        References(
            pss=Standard.RESTRICTED,
            admission=("capabilities_restricted",),
            cis="5.2.10",
            owasp_2022="K01",
            owasp_2025="K01",
            peers={
                "checkov": (
                    "CKV_K8S_37",
                    "CKV_K8S_36",
                ),
                "trivy": (
                    "KSV-0003",
                    "KSV-0004",
                ),
                "kubescape": ("psp-required-drop-capabilities",),
                "polaris": ("insecureCapabilities",),
                "kyverno": (
                    "disallow-capabilities-strict",
                    "drop-all-capabilities",
                ),
            },
        ),
    ),
    Rule(
        "added-capabilities-restricted",
        Severity.MEDIUM,
        Action.WARN,
        Scope.CONTAINER,
        added_capabilities_restricted,
        References(
            pss=Standard.RESTRICTED,
            admission=("capabilities_restricted",),
            cis="5.2.9",
            owasp_2022="K01",
            owasp_2025="K01",
            peers={"trivy": ("KSV-0106",)},
        ),
    ),
    Rule(
        "added-capabilities",
        Severity.HIGH,
        Action.BLOCK,
        Scope.CONTAINER,
        added_capabilities,
        References(
            pss=Standard.BASELINE,
            admission=("capabilities_baseline",),
            cis="5.2.9",
            owasp_2022="K01",
            owasp_2025="K01",
            peers={
                "checkov": (
                    "CKV_K8S_25",
                    "CKV_K8S_24",
                ),
                "trivy": ("KSV-0022",),
                "kubescape": (
                    "insecure-capabilities",
                    "psp-deny-allowed-capabilities",
                ),
                "kyverno": ("disallow-capabilities",),
            },
        ),
    ),
    Rule(
        "dangerous-capabilities",
        Severity.CRITICAL,
        Action.BLOCK,
        Scope.CONTAINER,
        dangerous_capabilities,
        References(
            pss=Standard.BASELINE,
            cis="5.2.9",
            owasp_2022="K01",
            owasp_2025="K01",
            peers={
                "checkov": ("CKV_K8S_39",),
                "trivy": (
                    "KSV-0005",
                    "KSV-0120",
                ),
                "polaris": ("dangerousCapabilities",),
            },
        ),
    ),
    Rule(
        "security-context-missing",
        Severity.LOW,
        Action.WARN,
        Scope.CONTAINER,
        security_context_missing,
        References(
            cis="5.7.3",
            owasp_2022="K01",
            owasp_2025="K01",
            peers={
                "checkov": (
                    "CKV_K8S_29",
                    "CKV_K8S_30",
                ),
                "trivy": ("KSV-0118",),
                "kubescape": ("linux-hardening",),
                "polaris": ("linuxHardening",),
            },
        ),
    ),
    Rule(
        "ssh-port",
        Severity.MEDIUM,
        Action.WARN,
        Scope.SET,
        ssh_port,
        References(
            owasp_2022="K07",
            owasp_2025="K05",
            peers={"kube-linter": ("ssh-port",), "kubescape": ("rule-can-ssh-to-pod-v1",)},
        ),
    ),
    Rule(
        "privileged-ports",
        Severity.LOW,
        None,
        Scope.CONTAINER,
        privileged_ports,
        References(
            owasp_2022="K01",
            owasp_2025="K01",
            peers={"kube-linter": ("privileged-ports",), "trivy": ("KSV-0117",)},
        ),
    ),
    Rule(
        "sudo-in-command",
        Severity.LOW,
        Action.WARN,
        Scope.CONTAINER,
        sudo_in_command,
        References(
            owasp_2022="K01",
            owasp_2025="K01",
            peers={"kubescape": ("sudo-in-container-entrypoint",)},
        ),
    ),
    Rule(
        "scc-deny-privileged-container",
        Severity.MEDIUM,
        None,
        Scope.OBJECT,
        scc_deny_privileged_container,
        References(
            cis="5.2.2",
            owasp_2022="K04",
            owasp_2025="K04",
            peers={"kube-linter": ("scc-deny-privileged-container",)},
        ),
        kinds=frozenset(("SecurityContextConstraints",)),
    ),
)
