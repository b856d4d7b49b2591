"""How many replicas there are, where they run, and how they are replaced."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from gate.documents.lenient import dig, is_number, mapping, mappings, strings, text
from gate.lint.facts.selectors import Selector
from gate.lint.facts.view import Pod
from gate.lint.facts.whole import namespace_of
from gate.lint.rule import Parameter, References, Scope, Violation, lint_rule
from gate.model.kubernetes import KubernetesObject
from gate.model.verdict import Action, Severity

_MIN: Final = "The lowest number of replicas that is accepted."


@lint_rule(
    "minimum-three-replicas",
    Severity.LOW,
    None,
    Scope.POD,
    References(
        peers={
            "kube-linter": ("minimum-three-replicas",),
            "polaris": ("deploymentMissingReplicas",),
            "kube-score": ("Deployment Replicas",),
            "kyverno": ("deployment-has-multiple-replicas",),
        }
    ),
    parameters=(Parameter("min-replicas", 3, _MIN),),
)
def minimum_three_replicas(pod: Pod, *, min_replicas: int) -> Iterator[Violation]:
    """Workloads have enough replicas.

    Why: with fewer, one node that goes takes the service with it.

    Passes when: replicas is at least the minimum. Asked of Deployments, StatefulSets,
    ReplicaSets and their like.

    Remedy: Set replicas to at least the minimum.
    """
    if pod.kind in _REPLICATED and replicas(pod) < min_replicas:
        message = f"there are {replicas(pod)} replicas, and at least {min_replicas} are asked for"
        yield Violation(message, _REPLICAS)


@lint_rule(
    "no-anti-affinity",
    Severity.LOW,
    None,
    Scope.POD,
    References(
        peers={
            "kube-linter": ("no-anti-affinity",),
            "kube-score": (
                "Deployment has host PodAntiAffinity",
                "StatefulSet has host PodAntiAffinity",
            ),
        }
    ),
    parameters=(Parameter("min-replicas", 2, "Below this many replicas nothing is asked."),),
)
def no_anti_affinity(pod: Pod, *, min_replicas: int) -> Iterator[Violation]:
    """Replicas are spread over nodes.

    Why: replicas on one node all go with it.

    Passes when: there are fewer replicas than the minimum, or podAntiAffinity has a term
    that selects the pod itself, in its own namespace, and names a topologyKey.

    Remedy: Add a podAntiAffinity term with the pod's own labels.
    """
    if pod.kind not in _REPLICATED or replicas(pod) < min_replicas:
        return
    path = (*pod.path, "affinity", "podAntiAffinity")
    found = mapping(dig(pod.value, "affinity", "podAntiAffinity"))
    terms = [t for _, t in mappings(found.get("requiredDuringSchedulingIgnoredDuringExecution"))]
    for _, weighted in mappings(found.get("preferredDuringSchedulingIgnoredDuringExecution")):
        terms.append(mapping(weighted.get("podAffinityTerm")))
    if not any(_spreads(term, pod) for term in terms):
        yield Violation("nothing spreads the replicas over nodes", path)


@lint_rule(
    "topology-spread-constraint",
    Severity.LOW,
    None,
    Scope.POD,
    References(
        peers={
            "polaris": ("topologySpreadConstraint",),
            "kube-score": ("Pod Topology Spread Constraints",),
            "kyverno": ("topologyspreadconstraints-policy",),
        }
    ),
)
def topology_spread_constraint(pod: Pod) -> Iterator[Violation]:
    """Replicas are spread over zones or nodes by a constraint.

    Why: the scheduler may otherwise put all of them in one zone.

    Passes when: a replicated workload sets topologySpreadConstraints, and each one, of any
    pod, has a labelSelector that selects the pod, a topologyKey, a maxSkew above 0, a
    minDomains above 0 where it is set, and a whenUnsatisfiable that Kubernetes knows.

    Remedy: Add a topologySpreadConstraint with the pod's own labels.
    """
    path = (*pod.path, "topologySpreadConstraints")
    constraints = list(mappings(pod.value.get("topologySpreadConstraints")))
    if not constraints and pod.kind in _REPLICATED:
        yield Violation("nothing spreads the replicas", path)
    for index, constraint in constraints:
        selector = constraint.get("labelSelector")
        if not isinstance(selector, dict) or not Selector.parse(selector).matches(pod.labels):
            yield Violation("the constraint does not select the pod", (*path, index))
        for key, problem in _unusable(constraint):
            yield Violation(problem, (*path, index, key))


@lint_rule(
    "no-node-affinity",
    Severity.LOW,
    None,
    Scope.POD,
    References(peers={"kube-linter": ("no-node-affinity",)}),
)
def no_node_affinity(pod: Pod) -> Iterator[Violation]:
    """Pods say on which nodes they belong.

    Why: clusters with nodes of several kinds need it.

    Passes when: affinity.nodeAffinity is set.

    Remedy: Add affinity.nodeAffinity.
    """
    if not mapping(dig(pod.value, "affinity", "nodeAffinity")):
        path = (*pod.path, "affinity", "nodeAffinity")
        yield Violation("the pod has no node affinity", path)


@lint_rule(
    "no-rolling-update-strategy",
    Severity.LOW,
    Action.WARN,
    Scope.OBJECT,
    References(
        peers={
            "kube-linter": ("no-rolling-update-strategy",),
            "kubescape": ("no-rolling-update-strategy",),
            "kube-score": ("Deployment Strategy",),
        }
    ),
    kinds=frozenset(
        (
            "Deployment",
            "DeploymentConfig",
            "DaemonSet",
        )
    ),
)
def no_rolling_update_strategy(obj: KubernetesObject) -> Iterator[Violation]:
    """Deployments replace their pods one after another.

    Why: any other strategy stops the service for each release.

    Passes when: strategy.type is RollingUpdate (Rolling on OpenShift) or unset.

    Remedy: Set strategy.type: RollingUpdate.
    """
    key = "updateStrategy" if obj.name.kind == "DaemonSet" else "strategy"
    kind = dig(obj.value, "spec", key, "type")
    if kind not in (None, "RollingUpdate", "Rolling"):
        yield Violation(f"the strategy is {kind}", ("spec", key, "type"))


def replicas(pod: Pod) -> int | float:
    """Return how many replicas the pod's controller asks for; one where it does not say."""
    found = dig(pod.object.value, "spec", "replicas")
    return found if is_number(found) else 1


def _unusable(constraint: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what the API server refuses in a topology spread constraint."""
    if not text(constraint.get("topologyKey")):
        yield "topologyKey", "the constraint names no topologyKey"
    for key, unset in (("maxSkew", 0), ("minDomains", 1)):
        number = constraint.get(key, unset)
        if not is_number(number) or number < 1:
            yield key, f"{key} of the constraint is not above 0"
    if constraint.get("whenUnsatisfiable") not in ("DoNotSchedule", "ScheduleAnyway"):
        yield "whenUnsatisfiable", "whenUnsatisfiable is neither DoNotSchedule nor ScheduleAnyway"


def _spreads(term: dict[str, Any], pod: Pod) -> bool:
    namespaces = strings(term.get("namespaces"))
    return (
        bool(term.get("topologyKey"))
        and (not namespaces or namespace_of(pod.object) in namespaces)
        and isinstance(term.get("labelSelector"), dict)
        and Selector.parse(term["labelSelector"]).matches(pod.labels)
    )


_REPLICAS: Final = ("spec", "replicas")
_REPLICATED: Final = frozenset(
    (
        "Deployment",
        "StatefulSet",
        "ReplicaSet",
        "ReplicationController",
        "DeploymentConfig",
        "Rollout",
    )
)

RULES: Final = (
    minimum_three_replicas,
    no_anti_affinity,
    topology_spread_constraint,
    no_node_affinity,
    no_rolling_update_strategy,
)
