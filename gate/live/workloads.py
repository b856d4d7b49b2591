"""What the API server and its admission plugins fill into workloads and Pods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gate.live.place import FieldPlace, Rule, all_of

_TOKEN: Final = "kube-api-access-"  # noqa: S105  # the start of a volume's name
_TOKEN_PATH: Final = "/var/run/secrets/kubernetes.io/serviceaccount"  # noqa: S105  # a path
_TOKEN_VOLUME: Final = {
    "defaultMode": 420,
    "sources": [
        {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
        {
            "configMap": {
                "name": "kube-root-ca.crt",
                "items": [{"key": "ca.crt", "path": "ca.crt"}],
            }
        },
        {
            "downwardAPI": {
                "items": [
                    {
                        "path": "namespace",
                        "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"},
                    }
                ]
            }
        },
    ],
}
_NODE_FAULTS: Final = ("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")
_GRACE: Final = 300
_ENDLESS: Final = 2**31 - 1


def _completions(value: Any, at: FieldPlace) -> bool:  # noqa: ANN401  # any JSON value
    """One, unless the Job says how many run at once: it then ends by another rule."""
    return value == 1 and value is not True and "parallelism" not in at.declared


def _backoff(value: Any, at: FieldPlace) -> bool:  # noqa: ANN401  # any JSON value
    return bool(value == (_ENDLESS if "backoffLimitPerIndex" in at.parent else 6))


def _replacement(value: Any, at: FieldPlace) -> bool:  # noqa: ANN401  # any JSON value
    return bool(value == ("Failed" if "podFailurePolicy" in at.parent else "TerminatingOrFailed"))


def _job_selector(value: Any, at: FieldPlace) -> bool:  # noqa: ANN401  # any JSON value
    labels = value.get("matchLabels") if isinstance(value, dict) and len(value) == 1 else None
    return isinstance(labels, dict) and all(at.of_job(k, v) for k, v in labels.items())


def _labels(value: Any, at: FieldPlace) -> bool:  # noqa: ANN401  # any JSON value
    """Whether they are those of the template, or those that the template of a Job is given."""
    if not isinstance(value, dict):
        return False
    if at.path == ("metadata", "labels") and at.kind in ("Job", "ReplicationController"):
        return bool(value.items() <= at.template_labels().items())
    if at.path == ("metadata", "labels") and at.kind == "Namespace":
        return bool(value == {"kubernetes.io/metadata.name": at.name})
    if at.path == ("spec", "template", "metadata", "labels") and at.kind == "Job":
        return all(at.of_job(k, v) for k, v in value.items())
    return False


def _requests(value: Any, at: FieldPlace) -> bool:  # noqa: ANN401  # any JSON value
    limits = at.parent.get("limits")
    if at.kind != "Pod" or not isinstance(limits, dict) or not isinstance(value, dict):
        return False
    return value.items() <= limits.items()


def _host_port(value: Any, at: FieldPlace) -> bool:  # noqa: ANN401  # any JSON value
    network = at.spec().get("hostNetwork") is True
    copied = bool(value == at.parent.get("containerPort"))
    return at.kind == "Pod" and network and copied


def _token_volume(item: Any, at: FieldPlace) -> bool:  # noqa: ANN401  # any JSON value
    return (
        _has_token(item, at)
        and item.keys() == {"name", "projected"}
        and item["projected"] == _TOKEN_VOLUME
    )


def _token_mount(item: Any, at: FieldPlace) -> bool:  # noqa: ANN401  # any JSON value
    expected = {"mountPath": _TOKEN_PATH, "readOnly": True}
    return _has_token(item, at) and {k: v for k, v in item.items() if k != "name"} == expected


def _has_token(item: Any, at: FieldPlace) -> bool:  # noqa: ANN401  # any JSON value
    named = isinstance(item, dict) and str(item.get("name")).startswith(_TOKEN)
    return at.kind == "Pod" and named and at.spec().get("automountServiceAccountToken") is not False


def _toleration(item: Any, at: FieldPlace) -> bool:  # noqa: ANN401  # any JSON value
    return at.kind == "Pod" and any(
        item
        == {
            "key": key,
            "operator": "Exists",
            "effect": "NoExecute",
            "tolerationSeconds": _GRACE,
        }
        for key in _NODE_FAULTS
    )


def _in_pod(expected: object) -> Rule:
    return lambda value, at: at.kind == "Pod" and value == expected


def _in_template(expected: object) -> Rule:
    return lambda value, at: "volumeClaimTemplates" in at.path and value == expected


def _pull(value: Any, _at: FieldPlace) -> bool:  # noqa: ANN401  # any JSON value
    """Whether a policy of pulling is one of the two that the API server fills in.

    The tag decides between them; of an image that is named by its digest both run the same.
    """
    return value in ("IfNotPresent", "Always")


WORKLOAD_RULES: Final[Mapping[str, Rule]] = {
    "JobSpec.completions": _completions,
    "JobSpec.backoffLimit": _backoff,
    "JobSpec.podReplacementPolicy": _replacement,
    "JobSpec.selector": _job_selector,
    "ObjectMeta.labels": _labels,
    "ReplicationControllerSpec.selector": lambda value, at: value == at.template_labels(),
    "ResourceRequirements.requests": _requests,
    "ContainerPort.hostPort": _host_port,
    "Container.imagePullPolicy": _pull,
    "EphemeralContainer.imagePullPolicy": _pull,
    "ImageVolumeSource.pullPolicy": _pull,
    "Container.volumeMounts": all_of(_token_mount),
    "PodSpec.volumes": all_of(_token_volume),
    "PodSpec.tolerations": all_of(_toleration),
    "PodSpec.serviceAccountName": _in_pod("default"),
    "PodSpec.priority": _in_pod(0),
    "PodSpec.preemptionPolicy": _in_pod("PreemptLowerPriority"),
    "PodSpec.enableServiceLinks": _in_pod(expected=True),
    "PersistentVolumeClaim.apiVersion": _in_template("v1"),
    "PersistentVolumeClaim.kind": _in_template("PersistentVolumeClaim"),
}
"""By type and field."""

ITEM_RULES: Final[Mapping[str, Rule]] = {
    "Volume": _token_volume,
    "VolumeMount": _token_mount,
    "Toleration": _toleration,
}
"""By the type of a list's items."""
