"""Disruption budgets."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from typing import Any, Final

from gate.documents.lenient import dig, is_number, mapping
from gate.lint.facts.selectors import Selector
from gate.lint.facts.view import Pod, PodKey
from gate.lint.facts.whole import Whole, namespace_of, replicas
from gate.lint.rule import References, Scope, SetViolation, Violation, lint_rule
from gate.model.kubernetes import KubernetesObject
from gate.model.verdict import Action, Severity


def _floors(whole: Whole) -> Mapping[tuple[str, str, str], float]:
    """Return the fewest replicas that autoscalers set, by the workload's kind and name."""
    set_by = {
        target: dig(scaler.value, "spec", "minReplicas")
        for target, scaler in whole.autoscaled.items()
    }
    return {
        target: least if is_number(least) else 1
        for target, least in set_by.items()
        if least is not None
    }


def _guarded(whole: Whole) -> tuple[Container[PodKey], Mapping[tuple[str, str, str], float]]:
    """Return the pods that a budget selects, and what autoscalers set."""
    guarded = {
        pod.key
        for budget in whole.of_kind("PodDisruptionBudget")
        for pod in whole.pods_in(namespace_of(budget)).matching(
            Selector.parse(dig(budget.value, "spec", "selector"))
        )
    }
    return guarded, _floors(whole)


@lint_rule(
    "pdb-min-available",
    Severity.MEDIUM,
    Action.WARN,
    Scope.SET,
    References(
        peers={
            "kube-linter": ("pdb-min-available",),
            "polaris": ("pdbMinAvailableGreaterThanHPAMinReplicas",),
        }
    ),
)
def pdb_min_available(whole: Whole) -> Iterator[SetViolation]:
    """Disruption budgets leave a pod to move.

    Why: when all replicas must stay available, no node can ever be drained.

    Passes when: minAvailable is below the replicas (of an autoscaled workload, below
    minReplicas) of each workload that the budget selects, and is not 100%.

    Remedy: Lower minAvailable, or use maxUnavailable: 1.
    """
    floors = _floors(whole)
    for budget in whole.of_kind("PodDisruptionBudget"):
        least = dig(budget.value, "spec", "minAvailable")
        path = ("spec", "minAvailable")
        if least == "100%":
            yield budget, Violation("no pod may ever be moved", path)
            continue
        selector = Selector.parse(dig(budget.value, "spec", "selector"))
        if least is None or selector.is_empty:
            continue
        for pod in whole.pods_in(namespace_of(budget)).matching(selector):
            count = floors.get(_named(pod.object), pod.replicas)
            if pod.kind in _SCALED and _share(least, count) >= count:
                message = f"all {count} replicas of {pod.object.name.name} must stay"
                yield budget, Violation(message, path)
                break


@lint_rule(
    "pdb-missing",
    Severity.LOW,
    None,
    Scope.AMONG,
    gathers=_guarded,
    references=References(
        peers={
            "polaris": ("missingPodDisruptionBudget",),
            "kube-score": (
                "Deployment has PodDisruptionBudget",
                "StatefulSet has PodDisruptionBudget",
            ),
        }
    ),
    referential=True,
)
def pdb_missing(
    pod: Pod, known: tuple[Container[PodKey], Mapping[tuple[str, str, str], float]]
) -> Iterator[Violation]:
    """Replicated workloads have a disruption budget.

    Why: without one, draining two nodes may take every replica at once.

    Passes when: a PodDisruptionBudget of the namespace selects the pods of each workload
    with more than one replica.

    Remedy: Add a disruption budget with maxUnavailable: 1.
    """
    guarded, floors = known
    count = floors.get(_named(pod.object), replicas(pod.object))
    if pod.kind in _SCALED and count > 1 and pod.key not in guarded:
        yield Violation("no disruption budget selects the pods", ("spec",))


@lint_rule(
    "pdb-max-unavailable",
    Severity.MEDIUM,
    Action.WARN,
    Scope.OBJECT,
    References(
        peers={
            "kube-linter": ("pdb-max-unavailable",),
            "polaris": ("pdbDisruptionsIsZero",),
            "kyverno": ("pdb-maxunavailable",),
        }
    ),
    kinds=frozenset(("PodDisruptionBudget",)),
)
def pdb_max_unavailable(obj: KubernetesObject) -> Iterator[Violation]:
    """Disruption budgets let nodes be drained.

    Why: with maxUnavailable 0 no pod may ever be moved, and the drain hangs.

    Passes when: maxUnavailable is above 0 and not 0%.

    Remedy: Set maxUnavailable to at least 1.
    """
    number = dig(obj.value, "spec", "maxUnavailable")
    if number in ("0", "0%") or (is_number(number) and number <= 0):
        yield Violation("no pod may ever be moved", ("spec", "maxUnavailable"))


@lint_rule(
    "pdb-unhealthy-pod-eviction-policy",
    Severity.LOW,
    None,
    Scope.OBJECT,
    References(peers={"kube-linter": ("pdb-unhealthy-pod-eviction-policy",)}),
    kinds=frozenset(("PodDisruptionBudget",)),
)
def pdb_unhealthy_pod_eviction_policy(obj: KubernetesObject) -> Iterator[Violation]:
    """Disruption budgets say what happens to pods that are broken.

    Why: by default a broken pod counts, and blocks the drain of its node.

    Passes when: unhealthyPodEvictionPolicy is set.

    Remedy: Set unhealthyPodEvictionPolicy: AlwaysAllow.
    """
    if not dig(obj.value, "spec", "unhealthyPodEvictionPolicy"):
        yield Violation("the policy is not set", ("spec", "unhealthyPodEvictionPolicy"))


@lint_rule(
    "pdb-has-policy",
    Severity.LOW,
    Action.WARN,
    Scope.OBJECT,
    References(peers={"kube-score": ("PodDisruptionBudget has policy",)}),
    kinds=frozenset(("PodDisruptionBudget",)),
)
def pdb_has_policy(obj: KubernetesObject) -> Iterator[Violation]:
    """Disruption budgets have a budget.

    Why: one without numbers does nothing.

    Passes when: minAvailable or maxUnavailable is set.

    Remedy: Set maxUnavailable: 1.
    """
    spec = mapping(obj.value.get("spec"))
    if spec.get("minAvailable") is None and spec.get("maxUnavailable") is None:
        yield Violation("the budget has no number", ("spec",))


def _named(obj: KubernetesObject) -> tuple[str, str, str]:
    return obj.name.kind, namespace_of(obj), obj.name.name


def _share(least: Any, count: float) -> float:  # noqa: ANN401  # any JSON value
    """Return how many of `count` pods a number or a percentage means, rounded up."""
    if is_number(least):
        return least
    if isinstance(least, str) and (found := re.fullmatch(r"([0-9]{1,3})%?", least, re.ASCII)):
        number = int(found[1])
        return -(-number * count // 100) if least.endswith("%") else number
    return 0


_SCALED: Final = ("Deployment", "StatefulSet", "ReplicaSet", "DeploymentConfig", "Rollout")

RULES: Final = (
    pdb_min_available,
    pdb_missing,
    pdb_max_unavailable,
    pdb_unhealthy_pod_eviction_policy,
    pdb_has_policy,
)
