"""What the fields of workloads, autoscalers and budgets say together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from gate.documents.lenient import dig, is_number, labels, mapping, mappings, text
from gate.lint.kubernetes.across import Asked, Dated, Problem, at_most_one, is_set
from gate.lint.kubernetes.across_pods import unmounted
from gate.lint.kubernetes.formats import label
from gate.lint.kubernetes.rows import NEVER
from gate.model.document import Path

_POD: Final = ("template", "spec")
_METRICS: Final = {
    "Object": "object", "Pods": "pods", "Resource": "resource", "External": "external",
    "ContainerResource": "containerResource",
}  # fmt: skip
_CRON_NAME: Final = 52


def _always(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    policy = dig(value, *_POD, "restartPolicy")
    if policy in ("OnFailure", "Never"):
        yield (*path, *_POD, "restartPolicy"), "restartPolicy must be Always in this kind"
    if dig(value, *_POD, "activeDeadlineSeconds") is not None:
        field = "activeDeadlineSeconds"
        yield (*path, *_POD, field), f"{field} may not be set in this kind"


def _selector(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    selector = value.get("selector")
    if not isinstance(selector, dict) or not isinstance(value.get("template"), dict):
        return
    if not selector.get("matchLabels") and not selector.get("matchExpressions"):
        yield (*path, "selector"), "selector is empty"


def _mounted(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    claims = frozenset(
        text(dig(claim, "metadata", "name"))
        for _, claim in mappings(value.get("volumeClaimTemplates"))
    )
    pod = dig(value, *_POD)
    if isinstance(pod, dict):
        yield from unmounted(pod, (*path, *_POD), claims)


def _mounted_pod(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    pod = value.get("spec")
    if isinstance(pod, dict):
        yield from unmounted(pod, (*path, "spec"), frozenset())


def _deployment(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    strategy = mapping(value.get("strategy"))
    rolling = strategy.get("rollingUpdate")
    place = (*path, "strategy", "rollingUpdate")
    if strategy.get("type") == "Recreate" and rolling is not None:
        yield place, "rollingUpdate may not be set where the strategy is Recreate"
    yield from _standing(mapping(rolling), place)
    deadline, ready = value.get("progressDeadlineSeconds"), value.get("minReadySeconds")
    if is_number(ready) and (deadline if is_number(deadline) else 600) <= ready:
        message = "progressDeadlineSeconds must be above minReadySeconds"
        yield (*path, "progressDeadlineSeconds"), message


def _daemon(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    rolling = mapping(dig(value, "updateStrategy", "rollingUpdate"))
    surge, down = rolling.get("maxSurge"), rolling.get("maxUnavailable")
    place = (*path, "updateStrategy", "rollingUpdate")
    if surge not in (None, 0, "0%") and down not in (0, "0%"):
        yield (*place, "maxSurge"), "maxSurge may not be above 0 unless maxUnavailable is 0"
    yield from _standing({"maxSurge": 0} | rolling, place)


def _standing(rolling: dict[str, Any], path: Path) -> Iterator[Problem]:
    """Of maxSurge and maxUnavailable, one must allow the update to go on."""
    if rolling.get("maxSurge") in (0, "0%") and rolling.get("maxUnavailable") in (0, "0%"):
        yield (*path, "maxUnavailable"), "maxUnavailable may not be 0 where maxSurge is 0"


def _stateful(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    strategy = mapping(value.get("updateStrategy"))
    if strategy.get("type") == "OnDelete" and strategy.get("rollingUpdate") is not None:
        place = (*path, "updateStrategy", "rollingUpdate")
        yield place, "rollingUpdate may not be set where the type is OnDelete"


def _claims(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    """Yield each name of a claim that is no name of a volume of the pod."""
    for index, claim in mappings(value.get("volumeClaimTemplates")):
        must = label(dig(claim, "metadata", "name"))
        if must:
            place = (*path, "volumeClaimTemplates", index, "metadata", "name")
            yield place, f"the name of a claim must be {must}"


def _job(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    pod = dig(value, *_POD)
    if isinstance(pod, dict) and pod.get("restartPolicy") in (None, "", "Always"):
        message = "restartPolicy of a Job must be OnFailure or Never"
        yield (*path, *_POD, "restartPolicy"), message
    elif value.get("podFailurePolicy") is not None and dig(pod, "restartPolicy") == "OnFailure":
        message = "restartPolicy must be Never where podFailurePolicy is set"
        yield (*path, *_POD, "restartPolicy"), message
    indexed = value.get("completionMode") == "Indexed"
    counted = value.get("completions") is not None or value.get("parallelism") is None
    if indexed and not counted:  # without both, each is 1
        yield (*path, "completions"), "completions must be set where completionMode is Indexed"
    for name in ("backoffLimitPerIndex", "maxFailedIndexes", "successPolicy"):
        if not indexed and value.get(name) is not None:
            yield (*path, name), f"{name} needs completionMode Indexed"
    if is_set(value.get("selector")) and value.get("manualSelector") is not True:
        yield (*path, "selector"), "selector may be set only where manualSelector is true"


def _cron(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    name = dig(value, "metadata", "name")
    if isinstance(name, str) and len(name) > _CRON_NAME:
        message = f"the name of a CronJob may have at most {_CRON_NAME} characters"
        yield (*path, "metadata", "name"), message
    if dig(value, "spec", "jobTemplate", "spec", "selector"):
        place = ("spec", "jobTemplate", "spec", "selector")
        if dig(value, "spec", "jobTemplate", "spec", "manualSelector") is True:
            yield (*path, *place), "the job template of a CronJob may not have a selector"


def _autoscaler(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    least, most = value.get("minReplicas"), value.get("maxReplicas")
    if is_number(most) and is_number(least) and 1 <= most < least:
        yield (*path, "maxReplicas"), "maxReplicas is below minReplicas"
    for key in ("kind", "name"):
        if dig(value, "scaleTargetRef", key) == "":
            yield (*path, "scaleTargetRef", key), f"{key} is empty"


def _scaled_group(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    target = value.get("scaleTargetRef")
    version = target.get("apiVersion") if isinstance(target, dict) else ""
    if isinstance(target, dict) and (version is None or isinstance(version, str)):
        group, slash, rest = (version or "").partition("/")
        if not group or not slash or "/" in rest:
            message = "apiVersion must name an API group and a version, such as apps/v1"
            yield (*path, "scaleTargetRef", "apiVersion"), message


def _to_zero(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    kinds = {text(metric.get("type")) for _, metric in mappings(value.get("metrics"))}
    if value.get("minReplicas") == 0 and not kinds & {"Object", "External"}:
        message = "minReplicas 0 needs a metric of the type Object or External"
        yield (*path, "metrics"), message


def _metric(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    wanted = _METRICS.get(text(value.get("type")))
    if wanted and value.get(wanted) is None:
        yield (*path, wanted), f"{wanted} must be set where type is {value['type']}"
    for name in _METRICS.values():
        if wanted and name != wanted and value.get(name) is not None:
            yield (*path, name), f"{name} may not be set where type is {value['type']}"


def _scaling(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    if value.get("policies") == []:
        yield (*path, "policies"), "policies is empty"


def _pods_metric(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    if dig(value, "target", "averageValue") is None:
        message = "the target of pods must have averageValue"
        yield (*path, "target", "averageValue"), message


def _resource_metric(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    target = value.get("target")
    if isinstance(target, dict):
        used, amount = target.get("averageUtilization"), target.get("averageValue")
        place = (*path, "target")
        if used is None and amount is None:
            message = "target must have averageUtilization or averageValue"
            yield (*place, "averageUtilization"), message
        elif used is not None and amount is not None:
            message = "target may not have both averageUtilization and averageValue"
            yield (*place, "averageValue"), message


def _matching(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    """Of a ReplicationController, whose selector is plain labels."""
    if value.get("template") is None:
        yield (*path, "template"), "template must be set"
    selector = labels(value.get("selector"))
    have = labels(dig(value, "template", "metadata", "labels"))
    if not have and not value.get("selector") and isinstance(value.get("template"), dict):
        yield (*path, "selector"), "selector must be set where the template has no labels"
    if selector and not selector.items() <= have.items():
        message = "the template does not have the labels of the selector"
        yield (*path, "template", "metadata", "labels"), message


_SCALED_GROUP: Final = Dated(_scaled_group, range(34, NEVER))
ACROSS: Final[Mapping[str, tuple[Asked, ...]]] = {
    "DeploymentSpec": (_always, _selector, _mounted, _deployment),
    "DaemonSetSpec": (_always, _selector, _mounted, _daemon),
    "ReplicaSetSpec": (_always, _selector, _mounted),
    "StatefulSetSpec": (_always, _selector, _mounted, _stateful, _claims),
    "ReplicationControllerSpec": (_always, _mounted, _matching),
    "JobSpec": (_job, _mounted),
    "CronJob": (_cron,),
    "Pod": (_mounted_pod,),
    "HorizontalPodAutoscalerSpec": (_autoscaler, _to_zero, _SCALED_GROUP),
    "HorizontalPodAutoscalerSpecV1": (_autoscaler, _SCALED_GROUP),
    "MetricSpec": (_metric,),
    "HPAScalingRules": (_scaling,),
    "PodsMetricSource": (_pods_metric,),
    "ResourceMetricSource": (_resource_metric,),
    "ContainerResourceMetricSource": (_resource_metric,),
    "PodDisruptionBudgetSpec": (
        at_most_one(("minAvailable", "maxUnavailable"), "a PodDisruptionBudget"),
    ),
}
