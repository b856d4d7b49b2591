"""What containers ask of their node."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from gate.documents.lenient import dig, mapping
from gate.lint.facts.view import Container
from gate.lint.rule import References, Scope, Violation, lint_rule
from gate.model.verdict import Action, Severity


@lint_rule(
    "unset-cpu-requirements",
    Severity.MEDIUM,
    Action.WARN,
    Scope.CONTAINER,
    versioned=True,
    references=References(
        owasp_2022="K01",
        owasp_2025="K01",
        peers={
            "kube-linter": ("unset-cpu-requirements",),
            "checkov": ("CKV_K8S_10",),
            "trivy": ("KSV-0015",),
            "kubescape": ("resources-cpu-requests",),
            "polaris": ("cpuRequestsMissing",),
        },
    ),
)
def unset_cpu_requirements(container: Container, *, kubernetes: int) -> Iterator[Violation]:
    """Containers say how much CPU they need.

    Why: without a request the scheduler packs the container onto a node that has no time
    for it, and it is the first to starve.

    Passes when: resources.requests.cpu is above 0, on the container or, from Kubernetes
    1.34 on, on its pod, which bounds all of its containers.

    Remedy: Set resources.requests.cpu.
    """
    if not _asked(container, kubernetes, "requests", "cpu"):
        yield _unset(container, "requests", "cpu")


@lint_rule(
    "unset-memory-requirements",
    Severity.MEDIUM,
    Action.BLOCK,
    Scope.CONTAINER,
    versioned=True,
    references=References(
        owasp_2022="K01",
        owasp_2025="K01",
        peers={
            "kube-linter": ("unset-memory-requirements",),
            "checkov": ("CKV_K8S_13",),
            "trivy": ("KSV-0018",),
            "kubescape": ("resources-memory-limits",),
            "polaris": ("memoryLimitsMissing",),
        },
    ),
)
def unset_memory_requirements(container: Container, *, kubernetes: int) -> Iterator[Violation]:
    """Containers have a bound on memory.

    Why: a leak in one container otherwise takes the node's memory, and its neighbours.

    Passes when: resources.limits.memory is above 0, on the container or, from Kubernetes
    1.34 on, on its pod, which bounds all of its containers.

    Remedy: Set resources.limits.memory.
    """
    if not _asked(container, kubernetes, "limits", "memory"):
        yield _unset(container, "limits", "memory")


@lint_rule(
    "unset-memory-request",
    Severity.LOW,
    Action.WARN,
    Scope.CONTAINER,
    versioned=True,
    references=References(
        owasp_2022="K01",
        owasp_2025="K01",
        peers={
            "checkov": ("CKV_K8S_12",),
            "trivy": ("KSV-0016",),
            "kubescape": ("resources-memory-requests",),
            "polaris": ("memoryRequestsMissing",),
        },
    ),
)
def unset_memory_request(container: Container, *, kubernetes: int) -> Iterator[Violation]:
    """Containers say how much memory they need.

    Why: without a request the scheduler counts the container as nothing.

    Passes when: resources.requests.memory is above 0, on the container or, from Kubernetes
    1.34 on, on its pod, which bounds all of its containers.

    Remedy: Set resources.requests.memory.
    """
    if not _asked(container, kubernetes, "requests", "memory"):
        yield _unset(container, "requests", "memory")


@lint_rule(
    "unset-cpu-limit",
    Severity.LOW,
    None,
    Scope.CONTAINER,
    versioned=True,
    references=References(
        owasp_2022="K01",
        owasp_2025="K01",
        peers={
            "checkov": ("CKV_K8S_11",),
            "trivy": ("KSV-0011",),
            "kubescape": ("resources-cpu-limits",),
            "polaris": ("cpuLimitsMissing",),
            "kyverno": ("require-cpu-limits",),
        },
    ),
)
def unset_cpu_limit(container: Container, *, kubernetes: int) -> Iterator[Violation]:
    """Containers have a bound on CPU.

    Why: some clusters demand it; elsewhere a limit slows a container while its node idles,
    which is why this rule is off by default.

    Passes when: resources.limits.cpu is above 0, on the container or, from Kubernetes
    1.34 on, on its pod, which bounds all of its containers.

    Remedy: Set resources.limits.cpu.
    """
    if not _asked(container, kubernetes, "limits", "cpu"):
        yield _unset(container, "limits", "cpu")


@lint_rule(
    "unset-resources",
    Severity.LOW,
    None,
    Scope.CONTAINER,
    versioned=True,
    references=References(
        owasp_2022="K01",
        owasp_2025="K01",
        peers={
            "kubescape": (
                "resource-policies",
                "resources-cpu-limit-and-request",
                "resources-memory-limit-and-request",
            ),
            "kube-score": ("Container Resources",),
            "kyverno": ("require-requests-limits",),
        },
    ),
)
def unset_resources(container: Container, *, kubernetes: int) -> Iterator[Violation]:
    """Containers set requests and limits of CPU and memory.

    Why: all four together give the pod a guaranteed class of service.

    Passes when: each of the four is set, on the container or, from Kubernetes 1.34 on, on its
    pod.

    Remedy: Set resources.requests and resources.limits for cpu and memory.
    """
    for kind in ("requests", "limits"):
        for resource in ("cpu", "memory"):
            if not _asked(container, kubernetes, kind, resource):
                yield _unset(container, kind, resource)


@lint_rule(
    "unset-ephemeral-storage",
    Severity.LOW,
    None,
    Scope.CONTAINER,
    References(
        owasp_2022="K01",
        owasp_2025="K01",
        peers={"kube-score": ("Container Ephemeral Storage Request and Limit",)},
    ),
)
def unset_ephemeral_storage(container: Container) -> Iterator[Violation]:
    """Containers have a request for and a bound on scratch space.

    Why: logs and temporary files of one container fill the disk of the whole node.

    Passes when: requests and limits of ephemeral-storage are set.

    Remedy: Set ephemeral-storage under resources.requests and resources.limits.
    """
    if container.kind == "ephemeralContainers":
        return  # resources cannot be set there
    for kind in ("requests", "limits"):
        if not _quantity(dig(container.value, "resources", kind, "ephemeral-storage")):
            yield _unset(container, kind, "ephemeral-storage")


@lint_rule(
    "requests-exceed-limits",
    Severity.HIGH,
    Action.BLOCK,
    Scope.CONTAINER,
    References(),
)
def requests_exceed_limits(container: Container) -> Iterator[Violation]:
    """No request is above its limit.

    Why: the API server refuses the pod, so the release fails when it is applied.

    Passes when: each request is at most the limit of the same resource.

    Remedy: Lower the request, or raise the limit.
    """
    resources = mapping(container.value.get("resources"))
    limits = mapping(resources.get("limits"))
    for name, value in mapping(resources.get("requests")).items():
        request, limit = _quantity(value), _quantity(limits.get(name))
        if request is not None and limit is not None and request > limit:
            path = (*container.path, "resources", "requests", name)
            yield Violation(f"the request of {name} is above its limit", path)


def _asked(container: Container, kubernetes: int, kind: str, resource: str) -> bool:
    if container.kind == "ephemeralContainers":
        return True  # resources cannot be set there
    pods = dig(container.pod.value, "resources", kind, resource)
    if kubernetes >= _POD_RESOURCES and _quantity(pods):
        return True
    return bool(_quantity(dig(container.value, "resources", kind, resource)))


def _unset(container: Container, kind: str, resource: str) -> Violation:
    path = (*container.path, "resources", kind, resource)
    return Violation(f"{kind} of {resource} are not set", path)


def _quantity(value: Any) -> Decimal | None:  # noqa: ANN401  # any JSON value
    """Read a Kubernetes quantity such as 100m or 1.5Gi; None where it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    found = _QUANTITY.fullmatch(str(value))
    if not found:
        return None
    try:
        number = Decimal(found[1])
    except InvalidOperation:
        return None
    return number * _SUFFIX[found[2]] if found[2] in _SUFFIX else number


_POD_RESOURCES: Final = 34
"""The minor version of Kubernetes from which a pod has resources unless somebody turns it off.

https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
"""
_QUANTITY: Final = re.compile(
    r"([+-]?[0-9]{0,32}\.?[0-9]{0,32}(?:[eE][+-]?[0-9]{1,2})?)(n|u|m|k|M|G|T|P|E|[KMGTPE]i)?",
    re.ASCII,
)
_SUFFIX: Final = {
    "n": Decimal("1e-9"),
    "u": Decimal("1e-6"),
    "m": Decimal("1e-3"),
    "k": Decimal(10) ** 3,
    "M": Decimal(10) ** 6,
    "G": Decimal(10) ** 9,
    "T": Decimal(10) ** 12,
    "P": Decimal(10) ** 15,
    "E": Decimal(10) ** 18,
    "Ki": Decimal(2) ** 10,
    "Mi": Decimal(2) ** 20,
    "Gi": Decimal(2) ** 30,
    "Ti": Decimal(2) ** 40,
    "Pi": Decimal(2) ** 50,
    "Ei": Decimal(2) ** 60,
}

RULES: Final = (
    unset_cpu_requirements,
    unset_memory_requirements,
    unset_memory_request,
    unset_cpu_limit,
    unset_resources,
    unset_ephemeral_storage,
    requests_exceed_limits,
)
