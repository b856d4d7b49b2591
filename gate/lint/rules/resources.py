"""What containers ask of their node."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any, Final

from gate.documents.lenient import dig, mapping, mappings
from gate.lint.facts.view import Container, Pod
from gate.lint.facts.whole import Whole, namespace_of
from gate.lint.rule import References, Scope, Violation, lint_rule
from gate.model.quantity import quantity
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


def _limited(whole: Whole) -> set[str]:
    """Return the namespaces whose LimitRange gives containers a limit of memory.

    One with a highest value alone gives that one.
    https://kubernetes.io/docs/concepts/policy/limit-range/
    """
    found: set[str] = set()
    for given in whole.of_kind("LimitRange"):
        for _, item in mappings(dig(given.value, "spec", "limits")):
            values = (dig(item, key, "memory") for key in ("default", "max"))
            if item.get("type") == "Container" and any(map(quantity, values)):
                found.add(namespace_of(given))
    return found


@lint_rule(
    "unset-memory-requirements",
    Severity.MEDIUM,
    Action.BLOCK,
    Scope.AMONG,
    versioned=True,
    gathers=_limited,
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
def unset_memory_requirements(
    pod: Pod, bounded: Collection[str], *, kubernetes: int
) -> Iterator[Violation]:
    """Containers have a bound on memory.

    Why: a leak in one container otherwise takes the node's memory, and its neighbours.

    Passes when: resources.limits.memory is above 0, on the container or, from Kubernetes
    1.34 on, on its pod, which bounds all of its containers. The profile gate only warns where a
    LimitRange may set the limit: one of the namespace is among the manifests and does, or the
    manifest names no namespace and the policy does not say that the manifests are complete.

    Remedy: Set resources.limits.memory.
    """
    namespace = namespace_of(pod.object)
    for container in pod.containers:
        if not _asked(container, kubernetes, "limits", "memory"):
            yield replace(
                _unset(container, "limits", "memory"),
                container=container.name,
                doubtful=namespace in bounded,
                elsewhere=not namespace,
            )


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
        if not quantity(dig(container.value, "resources", kind, "ephemeral-storage")):
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
        request, limit = quantity(value), quantity(limits.get(name))
        if request is not None and limit is not None and request > limit:
            path = (*container.path, "resources", "requests", name)
            yield Violation(f"the request of {name} is above its limit", path)


def _asked(container: Container, kubernetes: int, kind: str, resource: str) -> bool:
    if container.kind == "ephemeralContainers":
        return True  # resources cannot be set there
    pods = dig(container.pod.value, "resources", kind, resource)
    if kubernetes >= _POD_RESOURCES and _is_set(pods):
        return True
    return _is_set(dig(container.value, "resources", kind, resource))


def _is_set(said: Any) -> bool:  # noqa: ANN401  # any JSON value
    """Whether a quantity is above 0, or a parameter that a workflow fills in."""
    if isinstance(said, str) and any(mark in said for mark in _PARAMETERS):
        return True
    return bool(quantity(said))


def _unset(container: Container, kind: str, resource: str) -> Violation:
    path = (*container.path, "resources", kind, resource)
    return Violation(f"{kind} of {resource} are not set", path)


_PARAMETERS: Final = ("{{", "$(")
"""Of Argo Workflows (`{{inputs.parameters.memory}}`) and of Tekton (`$(params.memory)`)."""
_POD_RESOURCES: Final = 34
"""The minor version of Kubernetes from which a pod has resources unless somebody turns it off.

https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
"""
RULES: Final = (
    unset_cpu_requirements,
    unset_memory_requirements,
    unset_memory_request,
    unset_cpu_limit,
    unset_resources,
    unset_ephemeral_storage,
    requests_exceed_limits,
)
