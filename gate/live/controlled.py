"""What the controllers of Kubernetes make of a pod template, and what they write into it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gate.live.place import FieldPlace, Rule, all_of
from gate.live.shape import TEMPLATES
from gate.live.types import root_type

_LABELS: Final = frozenset(
    (
        *("pod-template-hash", "controller-revision-hash", "pod-template-generation"),
        *("statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index"),
        *("controller-uid", "batch.kubernetes.io/controller-uid", "job-name"),
        *("batch.kubernetes.io/job-name", "batch.kubernetes.io/job-completion-index"),
    )
)
"""Labels by which controllers find their Pods again."""
_INDEX: Final = "batch.kubernetes.io/job-completion-index"
_TOLERATED: Final = frozenset(
    f"node.kubernetes.io/{name}"
    for name in (
        *("not-ready", "unreachable", "disk-pressure", "memory-pressure", "pid-pressure"),
        *("unschedulable", "network-unavailable"),
    )
)
"""What every Pod of a DaemonSet tolerates."""


def pods_of(live: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the labels, the annotations and the spec of the pods of an object, as a template.

    `live` is in its normal form. None where it is neither a Pod nor of a kind that makes Pods.
    """
    name = root_type(live.get("apiVersion"), live.get("kind"))
    pods: Any = live if name == "Pod" else None
    if name in TEMPLATES:
        pods = live
        for key in TEMPLATES[name]:
            pods = pods.get(key) if isinstance(pods, dict) else None
    if not isinstance(pods, dict):
        return None
    metadata = pods.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    kept = {k: metadata[k] for k in ("labels", "annotations") if k in metadata}
    return {k: v for k, v in (("metadata", kept), ("spec", pods.get("spec"))) if v}


def _labels(value: Any, _at: FieldPlace) -> bool:  # noqa: ANN401  # any JSON value
    return isinstance(value, dict) and _LABELS.issuperset(value)


def _toleration(item: Any, at: FieldPlace) -> bool:  # noqa: ANN401  # any JSON value
    return (
        at.kind == "Pod"
        and isinstance(item, dict)
        and item.get("operator") == "Exists"
        and str(item.get("key")) in _TOLERATED
        and item.keys() <= {"key", "operator", "effect"}
    )


def _node(value: Any, at: FieldPlace) -> bool:  # noqa: ANN401  # any JSON value
    """Whether an affinity is that of a DaemonSet's Pod: to the one node that it is for."""
    try:
        terms = value["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
        (term,) = terms["nodeSelectorTerms"]
        (field,) = term["matchFields"]
        by_name = field["key"] == "metadata.name"
    except (KeyError, TypeError, ValueError):
        return False
    alone = len(value) == len(value["nodeAffinity"]) == len(terms) == len(term) == 1
    return at.kind == "Pod" and alone and bool(by_name)


def _own_name(value: Any, at: FieldPlace) -> bool:  # noqa: ANN401  # any JSON value
    """Whether it is the Pod's name, as of a StatefulSet, or that without its end, as of a Job."""
    own = isinstance(value, str) and f"{at.name}-".startswith(f"{value}-")
    return at.kind == "Pod" and own


def _claim(item: Any, at: FieldPlace) -> bool:  # noqa: ANN401  # any JSON value
    """Whether a volume is a claim of a StatefulSet's own: `files-web-0` of the Pod `web-0`."""
    if at.kind != "Pod" or not isinstance(item, dict):
        return False
    claim = {"claimName": f"{item.get('name')}-{at.name}"}
    return item == {"name": item.get("name"), "persistentVolumeClaim": claim}


def _index(item: Any, at: FieldPlace) -> bool:  # noqa: ANN401  # any JSON value
    """Whether a variable tells the Pod of an indexed Job its number."""
    source = {"fieldRef": {"apiVersion": "v1", "fieldPath": f"metadata.annotations['{_INDEX}']"}}
    label = {"fieldRef": {"apiVersion": "v1", "fieldPath": f"metadata.labels['{_INDEX}']"}}
    name = "JOB_COMPLETION_INDEX"
    return at.kind == "Pod" and item in (
        {"name": name, "valueFrom": source},
        {"name": name, "valueFrom": label},
    )


def controlled_entry(at: FieldPlace) -> bool:
    """Whether a label or an annotation is one that controllers write."""
    match at.path:
        case ("metadata", "labels", key):
            return key in _LABELS
        case ("metadata", "annotations", key):
            return key == _INDEX
        case _:
            return False


CONTROLLED_RULES: Final[Mapping[str, Rule]] = {
    "ObjectMeta.labels": _labels,
    "ObjectMeta.annotations": lambda value, _: isinstance(value, dict) and value.keys() == {_INDEX},
    "PodSpec.affinity": _node,
    "PodSpec.hostname": _own_name,
    "PodSpec.subdomain": lambda value, at: at.kind == "Pod" and isinstance(value, str),
    "PodSpec.tolerations": all_of(_toleration),
    "PodSpec.volumes": all_of(_claim),
    "Container.env": all_of(_index),
}
"""By type and field: what controllers write where the template says nothing."""
CONTROLLED_ITEMS: Final[Mapping[str, Rule]] = {
    "Volume": _claim,
    "Toleration": _toleration,
    "EnvVar": _index,
}
"""By the type of a list's items."""
