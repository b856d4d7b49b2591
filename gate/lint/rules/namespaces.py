"""Namespaces: what they enforce, and what is in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gate.documents.lenient import dig, labels
from gate.lint.facts.whole import Whole, namespace_of
from gate.lint.rule import WORKLOADS, References, Scope, SetViolation, Violation, lint_rule
from gate.model.kubernetes import KubernetesObject
from gate.model.verdict import Action, Severity


@lint_rule(
    "use-namespace",
    Severity.LOW,
    Action.WARN,
    Scope.OBJECT,
    References(
        cis="5.7.4",
        owasp_2022="K09",
        owasp_2025="K07",
        peers={
            "kube-linter": ("use-namespace",),
            "checkov": ("CKV_K8S_21",),
            "trivy": ("KSV-0110",),
            "kubescape": ("pods-in-default-namespace",),
            "kyverno": ("disallow-default-namespace",),
        },
    ),
    kinds=WORKLOADS | {"Service"},
)
def use_namespace(obj: KubernetesObject) -> Iterator[Violation]:
    """Workloads and services have a namespace of their own.

    Why: quotas, roles and network policies are given to namespaces; default is everybody's.

    Passes when: metadata.namespace is set and is not default.

    Remedy: Set metadata.namespace.
    """
    if obj.name.namespace in (None, "default"):
        path = ("metadata", "namespace")
        yield Violation("the object is in the default namespace", path)


@lint_rule(
    "kube-system-namespace",
    Severity.MEDIUM,
    Action.WARN,
    Scope.OBJECT,
    References(cis="5.7.1", owasp_2022="K09", owasp_2025="K07", peers={"trivy": ("KSV-0037",)}),
    kinds=WORKLOADS,
)
def kube_system_namespace(obj: KubernetesObject) -> Iterator[Violation]:
    """Workloads stay out of the namespace of the cluster itself.

    Why: workloads in kube-system run beside the components that run the cluster, and are
    often exempt from policies.

    Passes when: metadata.namespace is not kube-system.

    Remedy: Move the workload to a namespace of its own.
    """
    if obj.name.namespace == "kube-system":
        path = ("metadata", "namespace")
        yield Violation("the workload is in kube-system", path)


@lint_rule(
    "namespace-without-pod-security",
    Severity.MEDIUM,
    Action.WARN,
    Scope.OBJECT,
    References(
        cis="5.2.1",
        owasp_2022="K04",
        owasp_2025="K04",
        peers={
            "kubescape": (
                "pod-security-admission-applied-1",
                "pod-security-admission-baseline-applied-1",
                "pod-security-admission-restricted-applied-1",
            )
        },
    ),
    kinds=frozenset(("Namespace",)),
)
def namespace_without_pod_security(obj: KubernetesObject) -> Iterator[Violation]:
    """Namespaces enforce a pod security standard.

    Why: without the label, the admission controller lets every pod in.

    Passes when: the label pod-security.kubernetes.io/enforce is baseline or restricted.

    Remedy: Add the label pod-security.kubernetes.io/enforce: restricted.
    """
    level = labels(dig(obj.value, "metadata", "labels")).get(_ENFORCE)
    if level not in ("baseline", "restricted") and not obj.name.name.startswith("kube-"):
        path = ("metadata", "labels", _ENFORCE)
        yield Violation(f"the namespace enforces {level or 'no standard'}", path)


@lint_rule(
    "namespace-without-quota",
    Severity.LOW,
    None,
    Scope.SET,
    References(
        owasp_2022="K01",
        owasp_2025="K01",
        peers={
            "trivy": (
                "KSV-0039",
                "KSV-0040",
            )
        },
    ),
)
def namespace_without_quota(whole: Whole) -> Iterator[SetViolation]:
    """Each namespace has a quota or a limit range.

    Why: without one, a single namespace can take the whole cluster.

    Passes when: a ResourceQuota or a LimitRange is in the namespace.

    Remedy: Add a ResourceQuota to the namespace.
    """
    bounded = {namespace_of(obj) for obj in whole.of_kind("ResourceQuota", "LimitRange")}
    for namespace in whole.of_kind("Namespace"):
        if namespace.name.name not in bounded:
            yield namespace, Violation("the namespace has no quota", ("metadata", "name"))


_ENFORCE: Final = "pod-security.kubernetes.io/enforce"

RULES: Final = (
    use_namespace,
    kube_system_namespace,
    namespace_without_pod_security,
    namespace_without_quota,
)
