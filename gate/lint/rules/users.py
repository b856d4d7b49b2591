"""Under which users and groups containers run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gate.documents.lenient import dig, is_number, sequence, text
from gate.lint.facts.security import USER_NAMESPACES
from gate.lint.facts.view import Container, Pod
from gate.lint.rule import Parameter, References, Scope, Standard, Violation, lint_rule
from gate.model.verdict import Action, Severity


@lint_rule(
    "run-as-non-root",
    Severity.HIGH,
    Action.BLOCK,
    Scope.CONTAINER,
    versioned=True,
    references=References(
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
)
def run_as_non_root(container: Container, *, kubernetes: int) -> Iterator[Violation]:
    """Containers are certain not to run as root.

    Why: root inside a container is root to the kernel, so every flaw in the isolation is a
    way to the node.

    Passes when: of the container, or else of its pod, runAsNonRoot is true or runAsUser is
    above 0, and neither runAsUser nor runAsGroup is 0. On Windows, where numbers mean nothing,
    windowsOptions.runAsUserName may name another user than ContainerAdministrator. The profile
    gate only warns from Kubernetes 1.33 on where hostUsers is false: root is nobody outside then.
    It only warns too where the manifest says nothing: the image then names the user, and lint
    reads no image. The check configuration with user: not-root reads it, and blocks root.

    Remedy: Set runAsNonRoot: true, and runAsUser and runAsGroup to numbers above 0.
    """
    group, group_at = container.setting("runAsGroup")
    user, user_at = container.setting("runAsUser")
    non_root, non_root_at = container.setting("runAsNonRoot")
    pod = container.pod
    if pod.needs_windows and _is_windows_user(container):
        return
    alone = kubernetes >= _HOST_USERS and pod.value.get("hostUsers") is False
    inside = " of its own user namespace" if alone else ""
    if _zero(group):
        message = f"the container runs as the root group{inside}"
        yield Violation(message, group_at, doubtful=alone)
    if _zero(user):
        yield Violation(f"the container runs as root{inside}", user_at, doubtful=alone)
    elif non_root is False and user is None:
        message = f"runAsNonRoot: false lets the container run as root{inside}"
        yield Violation(message, non_root_at, doubtful=alone)
    elif non_root is not True and user is None:
        message = f"nothing keeps the container from running as root{inside}"
        yield Violation(message, non_root_at, doubtful=True)


def _is_windows_user(container: Container) -> bool:
    options, _ = container.setting("windowsOptions")
    name = text(dig(options, "runAsUserName")).rpartition("\\")[2]
    return name.casefold() not in ("", "containeradministrator", "administrator")


@lint_rule(
    "run-as-non-root-explicit",
    Severity.MEDIUM,
    Action.WARN,
    Scope.POD,
    References(
        pss=Standard.RESTRICTED,
        admission=("runAsNonRoot",),
        cis="5.2.7",
        owasp_2022="K01",
        owasp_2025="K01",
    ),
    versioned=True,
)
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
                container.security("runAsNonRoot"),
                container.name,
            )


@lint_rule(
    "run-as-root-user",
    Severity.HIGH,
    Action.BLOCK,
    Scope.POD,
    References(
        pss=Standard.RESTRICTED,
        admission=("runAsUser",),
        cis="5.2.7",
        owasp_2022="K01",
        owasp_2025="K01",
        peers={"trivy": ("KSV-0105",), "kyverno": ("require-run-as-non-root-user",)},
    ),
    versioned=True,
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
            path = container.security("runAsUser")
            yield Violation("the container runs as root", path, container.name)


@lint_rule(
    "low-user-id",
    Severity.LOW,
    None,
    Scope.CONTAINER,
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
)
def low_user_id(container: Container, *, minimum: int) -> Iterator[Violation]:
    """User and group numbers are out of the range that nodes use.

    Why: should a process get out of its container, its number must not be somebody's there.

    Passes when: runAsUser and runAsGroup, of the container or else of the pod, are set and
    at least the minimum, or the pod runs on Windows.

    Remedy: Set runAsUser and runAsGroup to 10000 or more.
    """
    if container.pod.needs_windows:
        return
    for key in ("runAsUser", "runAsGroup"):
        value, path = container.setting(key)
        if not is_number(value) or value < minimum:
            yield Violation(f"{key} is not at least {minimum}", path)


@lint_rule(
    "root-group",
    Severity.LOW,
    Action.WARN,
    Scope.POD,
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
)
def root_group(pod: Pod) -> Iterator[Violation]:
    """No group is the root group.

    Why: files of the root group are readable and often writable to its members.

    Passes when: runAsGroup, fsGroup and supplementalGroups hold no 0, and each container that
    has a runAsUser has a runAsGroup too: without one, a user that the image does not list
    (runAsUser: 10001) is in the group 0. Windows knows none of these.

    Remedy: Set runAsGroup to a number above 0.
    """
    if pod.needs_windows:
        return
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
            where = container.security("runAsGroup")
            yield Violation("runAsGroup is the root group", where, container.name)
        elif container.setting("runAsGroup")[0] is None and container.setting("runAsUser")[0]:
            where = container.security("runAsGroup")
            message = "a user is set and no group, so the group may be root"
            yield Violation(message, where, container.name)


def _own_users(pod: Pod, kubernetes: int) -> bool:
    return kubernetes >= USER_NAMESPACES and pod.value.get("hostUsers") is False


_HOST_USERS: Final = 33
"""The minor version of Kubernetes from which hostUsers works unless somebody turns it off."""


def _zero(value: object) -> bool:
    return is_number(value) and value == 0


RULES: Final = (
    run_as_non_root,
    run_as_non_root_explicit,
    run_as_root_user,
    low_user_id,
    root_group,
)
