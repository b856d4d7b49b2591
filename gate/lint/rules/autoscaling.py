"""Autoscalers of pods."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gate.documents.lenient import dig, is_number
from gate.lint.facts.whole import Whole
from gate.lint.rule import Parameter, References, Scope, SetViolation, Violation, lint_rule
from gate.model.kubernetes import KubernetesObject
from gate.model.verdict import Action, Severity

_MIN: Final = "The lowest number of replicas that is accepted."


@lint_rule(
    "hpa-static-replicas",
    Severity.LOW,
    Action.WARN,
    Scope.SET,
    References(
        peers={"kube-score": ("Deployment targeted by HPA does not have replicas configured",)}
    ),
)
def hpa_static_replicas(whole: Whole) -> Iterator[SetViolation]:
    """Autoscaled workloads do not fix their replicas.

    Why: each release sets the number back, in the middle of the load.

    Passes when: replicas is unset on each target of an autoscaler.

    Remedy: Remove replicas.
    """
    for kind, namespace, name in whole.autoscaled:
        obj = whole.named(kind, namespace, name)
        if obj and dig(obj.value, "spec", "replicas") is not None:
            yield obj, Violation("an autoscaler owns this number", ("spec", "replicas"))


@lint_rule(
    "hpa-minimum-three-replicas",
    Severity.LOW,
    None,
    Scope.OBJECT,
    References(
        peers={
            "kube-linter": ("hpa-minimum-three-replicas",),
            "polaris": ("hpaMinAvailability",),
            "kube-score": ("HorizontalPodAutoscaler Replicas",),
        }
    ),
    kinds=frozenset(("HorizontalPodAutoscaler",)),
    parameters=(Parameter("min-replicas", 3, _MIN),),
)
def hpa_minimum_three_replicas(obj: KubernetesObject, *, min_replicas: int) -> Iterator[Violation]:
    """Autoscalers keep enough replicas.

    Why: scaled down to fewer, one node that goes takes the service with it.

    Passes when: minReplicas is at least the minimum.

    Remedy: Raise minReplicas.
    """
    found = dig(obj.value, "spec", "minReplicas")
    count = found if is_number(found) else 1
    if count < min_replicas:
        message = f"minReplicas is {count}, and at least {min_replicas} are asked for"
        yield Violation(message, ("spec", "minReplicas"))


@lint_rule(
    "hpa-max-equals-min",
    Severity.LOW,
    None,
    Scope.OBJECT,
    References(peers={"polaris": ("hpaMaxAvailability",)}),
    kinds=frozenset(("HorizontalPodAutoscaler",)),
)
def hpa_max_equals_min(obj: KubernetesObject) -> Iterator[Violation]:
    """Autoscalers have room to scale.

    Why: with one number for both, nothing is ever scaled.

    Passes when: maxReplicas is above minReplicas.

    Remedy: Raise maxReplicas.
    """
    low, high = (dig(obj.value, "spec", key) for key in ("minReplicas", "maxReplicas"))
    if is_number(high) and high <= (low if is_number(low) else 1):
        yield Violation("the autoscaler has no room", ("spec", "maxReplicas"))


RULES: Final = (
    hpa_static_replicas,
    hpa_minimum_three_replicas,
    hpa_max_equals_min,
)
