"""What the processes of a container may do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gate.lint.rule import References, Rule, Scope, Standard, Violation
from gate.lint.view import Container, mapping, strings
from gate.model.document import Path
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
    return isinstance(value, int | float) and not isinstance(value, bool) and value == 0


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
)
