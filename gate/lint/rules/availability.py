"""What keeps a service up while nodes come and go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from gate.lint.rule import Parameter, References, Rule, Scope, Violation
from gate.lint.selectors import Selector
from gate.lint.view import Container, Pod, dig, is_number, mapping, mappings, strings, text
from gate.lint.whole import namespace_of
from gate.model.document import Path
from gate.model.kubernetes import KubernetesObject
from gate.model.verdict import Action, Severity


def minimum_three_replicas(pod: Pod, *, min_replicas: int) -> Iterator[Violation]:
    """Workloads have enough replicas.

    Why: with fewer, one node that goes takes the service with it.

    Passes when: replicas is at least the minimum. Asked of Deployments, StatefulSets,
    ReplicaSets and their like.

    Remedy: Set replicas to at least the minimum.
    """
    if pod.kind in _REPLICATED and replicas(pod) < min_replicas:
        message = f"there are {replicas(pod)} replicas, and {min_replicas} are asked"
        yield Violation(message, _REPLICAS)


def no_liveness_probe(container: Container) -> Iterator[Violation]:
    """Long-running containers have a liveness probe.

    Why: without one, a process that hangs is never restarted.

    Passes when: livenessProbe is set. Jobs and init containers need none.

    Remedy: Add a livenessProbe.
    """
    if _is_probed(container) and not mapping(container.value.get("livenessProbe")):
        yield Violation("there is no liveness probe", (*container.path, "livenessProbe"))


def no_readiness_probe(container: Container) -> Iterator[Violation]:
    """Long-running containers have a readiness probe.

    Why: without one, a container gets traffic before it can answer.

    Passes when: readinessProbe is set. Jobs and init containers need none.

    Remedy: Add a readinessProbe.
    """
    if _is_probed(container) and not mapping(container.value.get("readinessProbe")):
        yield Violation("there is no readiness probe", (*container.path, "readinessProbe"))


def identical_probes(container: Container) -> Iterator[Violation]:
    """Liveness and readiness are different questions.

    Why: with the same probe, a container that is merely busy is killed.

    Passes when: the two probes differ.

    Remedy: Make the liveness probe the weaker one.
    """
    live = mapping(container.value.get("livenessProbe"))
    if live and live == container.value.get("readinessProbe"):
        yield Violation("both probes ask the same", (*container.path, "livenessProbe"))


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


def no_node_affinity(pod: Pod) -> Iterator[Violation]:
    """Pods say on which nodes they belong.

    Why: clusters with nodes of several kinds need it.

    Passes when: affinity.nodeAffinity is set.

    Remedy: Add affinity.nodeAffinity.
    """
    if not mapping(dig(pod.value, "affinity", "nodeAffinity")):
        path = (*pod.path, "affinity", "nodeAffinity")
        yield Violation("the pod has no node affinity", path)


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


def hpa_minimum_three_replicas(obj: KubernetesObject, *, min_replicas: int) -> Iterator[Violation]:
    """Autoscalers keep enough replicas.

    Why: scaled down to fewer, one node that goes takes the service with it.

    Passes when: minReplicas is at least the minimum.

    Remedy: Raise minReplicas.
    """
    found = dig(obj.value, "spec", "minReplicas")
    count = found if is_number(found) else 1
    if count < min_replicas:
        message = f"minReplicas is {count}, and {min_replicas} are asked"
        yield Violation(message, ("spec", "minReplicas"))


def hpa_max_equals_min(obj: KubernetesObject) -> Iterator[Violation]:
    """Autoscalers have room to scale.

    Why: with one number for both, nothing is ever scaled.

    Passes when: maxReplicas is above minReplicas.

    Remedy: Raise maxReplicas.
    """
    low, high = (dig(obj.value, "spec", key) for key in ("minReplicas", "maxReplicas"))
    if is_number(high) and high <= (low if is_number(low) else 1):
        yield Violation("the autoscaler has no room", ("spec", "maxReplicas"))


def priority_class_name(pod: Pod, *, accepted: tuple[str, ...]) -> Iterator[Violation]:
    """Pods have a priority that was agreed on.

    Why: a priority decides who is evicted first.

    Passes when: priorityClassName is one of the accepted names, or unset.

    Remedy: Use one of the accepted names.
    """
    name = text(pod.value.get("priorityClassName"))
    if name and name not in accepted:
        path = (*pod.path, "priorityClassName")
        yield Violation(f"the priority class {name} is not accepted", path)


def restart_policy(pod: Pod) -> Iterator[Violation]:
    """Pods are restarted when they fail.

    Why: with Never, what fails stays down.

    Passes when: restartPolicy is Always or OnFailure or unset.

    Remedy: Set restartPolicy: OnFailure, or remove it.
    """
    policy = pod.value.get("restartPolicy")
    if policy not in (None, "Always", "OnFailure"):
        yield Violation(f"the restart policy is {policy}", (*pod.path, "restartPolicy"))


def job_ttl_seconds_after_finished(obj: KubernetesObject) -> Iterator[Violation]:
    """Finished jobs are removed.

    Why: otherwise their pods pile up; of a CronJob, the history limits do the same, and two
    rules for one thing get in each other's way.

    Passes when: a Job sets ttlSecondsAfterFinished, and the template of a CronJob does not.

    Remedy: Set ttlSecondsAfterFinished on a Job; on a CronJob use its history limits.
    """
    if obj.name.kind == "Job":
        path: Path = ("spec", "ttlSecondsAfterFinished")
        if dig(obj.value, *map(str, path)) is None:
            yield Violation("the finished job is never removed", path)
    else:
        path = ("spec", "jobTemplate", "spec", "ttlSecondsAfterFinished")
        if dig(obj.value, *map(str, path)) is not None:
            yield Violation("the CronJob's history limits do this already", path)


def cronjob_has_deadline(obj: KubernetesObject) -> Iterator[Violation]:
    """CronJobs give up a start that was missed.

    Why: without a deadline, after a hundred missed starts the job never starts again.

    Passes when: startingDeadlineSeconds is set.

    Remedy: Set startingDeadlineSeconds.
    """
    if dig(obj.value, "spec", "startingDeadlineSeconds") is None:
        yield Violation("there is no deadline", ("spec", "startingDeadlineSeconds"))


def naked_pod(obj: KubernetesObject) -> Iterator[Violation]:
    """Pods belong to a controller.

    Why: a bare pod is gone for good with its node.

    Passes when: the object is no Pod, or has an owner.

    Remedy: Use a Deployment, or a Job.
    """
    if not dig(obj.value, "metadata", "ownerReferences"):
        yield Violation("no controller keeps the pod", ("kind",))


def dnsconfig_options(pod: Pod, *, key: str, value: str) -> Iterator[Violation]:
    """Pods set a DNS option.

    Why: the default ndots of 5 turns each outside name into five failed look-ups.

    Passes when: dnsConfig.options has the option with the value.

    Remedy: Add the option under dnsConfig.options.
    """
    for _, option in mappings(dig(pod.value, "dnsConfig", "options")):
        if option.get("name") == key and str(option.get("value")) == value:
            return
    path = (*pod.path, "dnsConfig", "options")
    yield Violation(f"the DNS option {key} is not {value}", path)


def pdb_max_unavailable(obj: KubernetesObject) -> Iterator[Violation]:
    """Disruption budgets let nodes be drained.

    Why: with maxUnavailable 0 no pod may ever be moved, and the drain hangs.

    Passes when: maxUnavailable is above 0 and not 0%.

    Remedy: Set maxUnavailable to at least 1.
    """
    number = dig(obj.value, "spec", "maxUnavailable")
    if number in ("0", "0%") or (is_number(number) and number <= 0):
        yield Violation("no pod may ever be moved", ("spec", "maxUnavailable"))


def pdb_unhealthy_pod_eviction_policy(obj: KubernetesObject) -> Iterator[Violation]:
    """Disruption budgets say what happens to pods that are broken.

    Why: by default a broken pod counts, and blocks the drain of its node.

    Passes when: unhealthyPodEvictionPolicy is set.

    Remedy: Set unhealthyPodEvictionPolicy: AlwaysAllow.
    """
    if not dig(obj.value, "spec", "unhealthyPodEvictionPolicy"):
        yield Violation("the policy is not set", ("spec", "unhealthyPodEvictionPolicy"))


def pdb_has_policy(obj: KubernetesObject) -> Iterator[Violation]:
    """Disruption budgets have a budget.

    Why: one without numbers does nothing.

    Passes when: minAvailable or maxUnavailable is set.

    Remedy: Set maxUnavailable: 1.
    """
    spec = mapping(obj.value.get("spec"))
    if spec.get("minAvailable") is None and spec.get("maxUnavailable") is None:
        yield Violation("the budget has no number", ("spec",))


def replicas(pod: Pod) -> int | float:
    """Return how many replicas the pod's controller asks for; one where it does not say."""
    found = dig(pod.object.value, "spec", "replicas")
    return found if is_number(found) else 1


def _is_probed(container: Container) -> bool:
    return container.kind == "containers" and not container.pod.is_job


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
_MIN: Final = "The lowest number of replicas that is accepted."

RULES: Final = (
    Rule(
        "minimum-three-replicas",
        Severity.LOW,
        None,
        Scope.POD,
        minimum_three_replicas,
        References(
            peers={
                "kube-linter": ("minimum-three-replicas",),
                "polaris": ("deploymentMissingReplicas",),
                "kube-score": ("Deployment Replicas",),
                "kyverno": ("deployment-has-multiple-replicas",),
            }
        ),
        parameters=(Parameter("min-replicas", 3, _MIN),),
    ),
    Rule(
        "no-liveness-probe",
        Severity.LOW,
        Action.WARN,
        Scope.CONTAINER,
        no_liveness_probe,
        References(
            peers={
                "kube-linter": ("no-liveness-probe",),
                "checkov": ("CKV_K8S_8",),
                "kubescape": ("configured-liveness-probe",),
                "polaris": ("livenessProbeMissing",),
            }
        ),
    ),
    Rule(
        "no-readiness-probe",
        Severity.LOW,
        Action.WARN,
        Scope.CONTAINER,
        no_readiness_probe,
        References(
            peers={
                "kube-linter": ("no-readiness-probe",),
                "checkov": ("CKV_K8S_9",),
                "kubescape": ("configured-readiness-probe",),
                "polaris": ("readinessProbeMissing",),
                "kube-score": ("Pod Probes",),
                "kyverno": ("require-pod-probes",),
            }
        ),
    ),
    Rule(
        "identical-probes",
        Severity.LOW,
        None,
        Scope.CONTAINER,
        identical_probes,
        References(
            peers={"kube-score": ("Pod Probes Identical",), "kyverno": ("validate-probes",)}
        ),
    ),
    Rule(
        "no-anti-affinity",
        Severity.LOW,
        None,
        Scope.POD,
        no_anti_affinity,
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
    ),
    Rule(
        "topology-spread-constraint",
        Severity.LOW,
        None,
        Scope.POD,
        topology_spread_constraint,
        References(
            peers={
                "polaris": ("topologySpreadConstraint",),
                "kube-score": ("Pod Topology Spread Constraints",),
                "kyverno": ("topologyspreadconstraints-policy",),
            }
        ),
    ),
    Rule(
        "no-node-affinity",
        Severity.LOW,
        None,
        Scope.POD,
        no_node_affinity,
        References(peers={"kube-linter": ("no-node-affinity",)}),
    ),
    Rule(
        "no-rolling-update-strategy",
        Severity.LOW,
        Action.WARN,
        Scope.OBJECT,
        no_rolling_update_strategy,
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
    ),
    Rule(
        "hpa-minimum-three-replicas",
        Severity.LOW,
        None,
        Scope.OBJECT,
        hpa_minimum_three_replicas,
        References(
            peers={
                "kube-linter": ("hpa-minimum-three-replicas",),
                "polaris": ("hpaMinAvailability",),
                "kube-score": ("HorizontalPodAutoscaler Replicas",),
            }
        ),
        kinds=frozenset(("HorizontalPodAutoscaler",)),
        parameters=(Parameter("min-replicas", 3, _MIN),),
    ),
    Rule(
        "hpa-max-equals-min",
        Severity.LOW,
        None,
        Scope.OBJECT,
        hpa_max_equals_min,
        References(peers={"polaris": ("hpaMaxAvailability",)}),
        kinds=frozenset(("HorizontalPodAutoscaler",)),
    ),
    Rule(
        "priority-class-name",
        Severity.LOW,
        None,
        Scope.POD,
        priority_class_name,
        References(
            peers={
                "kube-linter": ("priority-class-name",),
                "polaris": ("priorityClassNotSet",),
                "kyverno": ("require-pod-priorityclassname",),
            }
        ),
        parameters=(
            Parameter(
                "accepted",
                ("system-cluster-critical", "system-node-critical"),
                "Names that are accepted.",
            ),
        ),
    ),
    Rule(
        "restart-policy",
        Severity.LOW,
        None,
        Scope.POD,
        restart_policy,
        References(peers={"kube-linter": ("restart-policy",)}),
    ),
    Rule(
        "job-ttl-seconds-after-finished",
        Severity.LOW,
        Action.WARN,
        Scope.OBJECT,
        job_ttl_seconds_after_finished,
        References(peers={"kube-linter": ("job-ttl-seconds-after-finished",)}),
        kinds=frozenset(
            (
                "Job",
                "CronJob",
            )
        ),
    ),
    Rule(
        "cronjob-has-deadline",
        Severity.LOW,
        None,
        Scope.OBJECT,
        cronjob_has_deadline,
        References(peers={"kube-score": ("CronJob has deadline",)}),
        kinds=frozenset(("CronJob",)),
    ),
    Rule(
        "naked-pod",
        Severity.LOW,
        Action.WARN,
        Scope.OBJECT,
        naked_pod,
        References(peers={"kubescape": ("naked-pods",), "kyverno": ("prevent-bare-pods",)}),
        kinds=frozenset(("Pod",)),
    ),
    Rule(
        "dnsconfig-options",
        Severity.LOW,
        None,
        Scope.POD,
        dnsconfig_options,
        References(peers={"kube-linter": ("dnsconfig-options",)}),
        parameters=(
            Parameter("key", "ndots", "The option's name."),
            Parameter("value", "2", "The value that is asked, as text."),
        ),
    ),
    Rule(
        "pdb-max-unavailable",
        Severity.MEDIUM,
        Action.WARN,
        Scope.OBJECT,
        pdb_max_unavailable,
        References(
            peers={
                "kube-linter": ("pdb-max-unavailable",),
                "polaris": ("pdbDisruptionsIsZero",),
                "kyverno": ("pdb-maxunavailable",),
            }
        ),
        kinds=frozenset(("PodDisruptionBudget",)),
    ),
    Rule(
        "pdb-unhealthy-pod-eviction-policy",
        Severity.LOW,
        None,
        Scope.OBJECT,
        pdb_unhealthy_pod_eviction_policy,
        References(peers={"kube-linter": ("pdb-unhealthy-pod-eviction-policy",)}),
        kinds=frozenset(("PodDisruptionBudget",)),
    ),
    Rule(
        "pdb-has-policy",
        Severity.LOW,
        Action.WARN,
        Scope.OBJECT,
        pdb_has_policy,
        References(peers={"kube-score": ("PodDisruptionBudget has policy",)}),
        kinds=frozenset(("PodDisruptionBudget",)),
    ),
)
