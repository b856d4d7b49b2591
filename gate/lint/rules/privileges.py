"""What the processes of a container may do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gate.documents.lenient import strings
from gate.lint.facts.security import added, plain
from gate.lint.facts.view import Container
from gate.lint.rule import References, Scope, Standard, Violation, lint_rule
from gate.model.expressions import expression
from gate.model.kubernetes import KubernetesObject
from gate.model.verdict import Action, Severity


@lint_rule(
    "privilege-escalation-container",
    Severity.HIGH,
    Action.BLOCK,
    Scope.CONTAINER,
    References(
        pss=Standard.BASELINE,
        cis="5.2.6",
        owasp_2022="K01",
        owasp_2025="K01",
        peers={"kube-linter": ("privilege-escalation-container",)},
    ),
)
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
            container.security("allowPrivilegeEscalation"),
        )
    elif container.context.get("privileged") is True:
        yield Violation(
            "the container is privileged, which allows privilege escalation",
            container.security("privileged"),
        )
    else:
        for path, name in added(container):
            if plain(name) == "SYS_ADMIN":
                yield Violation("SYS_ADMIN allows privilege escalation", path)


@lint_rule(
    "no-read-only-root-fs",
    Severity.MEDIUM,
    Action.WARN,
    Scope.CONTAINER,
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
)
def no_read_only_root_fs(container: Container) -> Iterator[Violation]:
    """The root file system of containers is read-only.

    Why: an intruder who cannot write has nowhere to put tools and nothing to change.

    Passes when: securityContext.readOnlyRootFilesystem is true, or the pod runs on Windows,
    which cannot have it.

    Remedy: Set readOnlyRootFilesystem: true, and mount an emptyDir where files are written.
    """
    if container.pod.needs_windows:
        return
    if container.context.get("readOnlyRootFilesystem") is not True:
        yield Violation(
            "the root file system is writable", container.security("readOnlyRootFilesystem")
        )


@lint_rule(
    "allow-privilege-escalation-unset",
    Severity.MEDIUM,
    Action.WARN,
    Scope.CONTAINER,
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
)
def allow_privilege_escalation_unset(container: Container) -> Iterator[Violation]:
    """Privilege escalation is ruled out in so many words.

    Why: unset means allowed, so a set-uid binary in the image gives root.

    Passes when: allowPrivilegeEscalation is false, or the pod runs on Windows.

    Remedy: Set allowPrivilegeEscalation: false.
    """
    own = container.context.get("allowPrivilegeEscalation")
    if own is not False and not container.pod.is_windows:
        path = container.security("allowPrivilegeEscalation")
        yield Violation("privilege escalation is not ruled out", path)


@lint_rule(
    "security-context-missing",
    Severity.LOW,
    Action.WARN,
    Scope.CONTAINER,
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
)
def security_context_missing(container: Container) -> Iterator[Violation]:
    """Somebody has thought about what the container may do.

    Why: without a security context every default holds, and the defaults are wide.

    Passes when: the container or its pod has a securityContext that says something.

    Remedy: Add a securityContext to the container.
    """
    if not container.context and not container.pod.context:
        path = container.context_path
        yield Violation("neither the container nor its pod has a security context", path)


@lint_rule(
    "sudo-in-command",
    Severity.LOW,
    Action.WARN,
    Scope.CONTAINER,
    References(
        owasp_2022="K01",
        owasp_2025="K01",
        peers={"kubescape": ("sudo-in-container-entrypoint",)},
    ),
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


@lint_rule(
    "scc-deny-privileged-container",
    Severity.MEDIUM,
    None,
    Scope.OBJECT,
    References(
        cis="5.2.2",
        owasp_2022="K04",
        owasp_2025="K04",
        peers={"kube-linter": ("scc-deny-privileged-container",)},
    ),
    kinds=frozenset(("SecurityContextConstraints",)),
)
def scc_deny_privileged_container(obj: KubernetesObject) -> Iterator[Violation]:
    """OpenShift's security context constraints allow no privileged container.

    Why: everybody who may use the constraint owns the nodes.

    Passes when: allowPrivilegedContainer is not true.

    Remedy: Set allowPrivilegedContainer: false, and list the capabilities that are needed.
    """
    if obj.value.get("allowPrivilegedContainer") is True:
        yield Violation(
            "the constraint allows privileged containers", ("allowPrivilegedContainer",)
        )


_SUDO: Final = expression(r"(?:^|[\s;&|(])(?:/usr/bin/)?sudo(?:\s|$)")

RULES: Final = (
    privilege_escalation_container,
    no_read_only_root_fs,
    allow_privilege_escalation_unset,
    security_context_missing,
    sudo_in_command,
    scc_deny_privileged_container,
)
