"""Which capabilities containers have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gate.lint.facts.security import added, dropped, plain
from gate.lint.facts.view import Container
from gate.lint.rule import References, Scope, Standard, Violation, lint_rule
from gate.model.verdict import Action, Severity


@lint_rule(
    "drop-net-raw-capability",
    Severity.MEDIUM,
    Action.WARN,
    Scope.CONTAINER,
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
)
def drop_net_raw_capability(container: Container) -> Iterator[Violation]:
    """The capability NET_RAW is dropped.

    Why: with raw packets a container can pose as its neighbours.

    Passes when: NET_RAW or ALL is dropped and NET_RAW is not added.

    Remedy: Add NET_RAW, or better ALL, to capabilities.drop.
    """
    if container.pod.is_windows:
        return
    for path, name in added(container):
        if plain(name) == "NET_RAW":
            yield Violation("NET_RAW is added", path)
            return
    if not {"NET_RAW", "ALL"} & {plain(name) for name in dropped(container)}:
        yield Violation("NET_RAW is not dropped", (*container.security("capabilities"), "drop"))


@lint_rule(
    "drop-all-capabilities",
    Severity.MEDIUM,
    Action.WARN,
    Scope.CONTAINER,
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
)
def drop_all_capabilities(container: Container) -> Iterator[Violation]:
    """Every capability is dropped first.

    Why: what is not there cannot be used against the kernel.

    Passes when: capabilities.drop holds ALL, spelt so, or the pod runs on Windows.

    Remedy: Set capabilities.drop: [ALL].
    """
    if "ALL" not in dropped(container) and not container.pod.is_windows:
        path = (*container.security("capabilities"), "drop")
        yield Violation("not every capability is dropped", path)


@lint_rule(
    "added-capabilities-restricted",
    Severity.MEDIUM,
    Action.WARN,
    Scope.CONTAINER,
    References(
        pss=Standard.RESTRICTED,
        admission=("capabilities_restricted",),
        cis="5.2.9",
        owasp_2022="K01",
        owasp_2025="K01",
        peers={"trivy": ("KSV-0106",)},
    ),
)
def added_capabilities_restricted(container: Container) -> Iterator[Violation]:
    """Only NET_BIND_SERVICE is added back.

    Why: a well-behaved service needs no other capability.

    Passes when: capabilities.add holds nothing but NET_BIND_SERVICE, or the pod runs on
    Windows.

    Remedy: Remove the capability.
    """
    if container.pod.is_windows:
        return
    for path, name in added(container):
        if name != "NET_BIND_SERVICE":
            yield Violation(f"the capability {name} is added", path)


@lint_rule(
    "added-capabilities",
    Severity.HIGH,
    Action.BLOCK,
    Scope.CONTAINER,
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
)
def added_capabilities(container: Container) -> Iterator[Violation]:
    """Added capabilities are among those that containers have anyway.

    Why: each further capability opens a part of the kernel that was closed for a reason.

    Passes when: each added capability is one of those of the baseline standard,
    spelt as Kubernetes does. The profile gate only warns of IPC_LOCK, which databases use to
    keep their memory from being swapped out: it opens no way out of the container.

    Remedy: Remove the capability.
    """
    for path, name in added(container):
        if name not in _BASELINE:
            locks = name == "IPC_LOCK"
            yield Violation(f"the capability {name} is added", path, doubtful=locks)


@lint_rule(
    "dangerous-capabilities",
    Severity.CRITICAL,
    Action.BLOCK,
    Scope.CONTAINER,
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
)
def dangerous_capabilities(container: Container) -> Iterator[Violation]:
    """No capability is added that amounts to owning the node.

    Why: each of these is enough to leave the container.

    Passes when: none of ALL, SYS_ADMIN, NET_ADMIN, SYS_MODULE, SYS_PTRACE, SYS_RAWIO,
    SYS_BOOT, DAC_READ_SEARCH, BPF and PERFMON is added, however it is spelt.

    Remedy: Remove the capability.
    """
    for path, name in added(container):
        if plain(name) in _DANGEROUS:
            yield Violation(f"the dangerous capability {name} is added", path)


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

RULES: Final = (
    drop_net_raw_capability,
    drop_all_capabilities,
    added_capabilities_restricted,
    added_capabilities,
    dangerous_capabilities,
)
