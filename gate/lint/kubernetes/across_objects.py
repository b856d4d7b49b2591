"""What names, labels and annotations must be, wherever they are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from gate.documents.lenient import mapping
from gate.lint.kubernetes.across import Across, Asked, Problem
from gate.lint.kubernetes.formats import (
    Format,
    annotation_key,
    label,
    label_from_letter,
    label_value,
    path_segment,
    qualified,
    subdomain,
)
from gate.lint.kubernetes.rows import NEVER
from gate.model.document import Path

_NAMES: Final[Mapping[str, Format]] = {
    "ClusterRole": path_segment,
    "ClusterRoleBinding": path_segment,
    "Namespace": label,
    "Role": path_segment,
    "RoleBinding": path_segment,
    "Service": label,
    **dict.fromkeys(
        (
            *("ConfigMap", "ControllerRevision", "CronJob", "CSIDriver", "CSINode", "DaemonSet"),
            *("Deployment", "DeviceClass", "EndpointSlice", "Endpoints", "FlowSchema"),
            *("HorizontalPodAutoscaler", "Ingress", "IngressClass", "Job", "Lease", "LimitRange"),
            *("MutatingAdmissionPolicy", "MutatingWebhookConfiguration", "NetworkPolicy", "Node"),
            *("PersistentVolume", "PersistentVolumeClaim", "Pod"),
            *("PodTemplate", "PriorityClass", "PriorityLevelConfiguration", "ReplicaSet"),
            *("ReplicationController", "ResourceClaim", "ResourceClaimTemplate", "ResourceQuota"),
            *("RuntimeClass", "Secret", "ServiceAccount", "StatefulSet", "StorageClass"),
            *("ValidatingAdmissionPolicy", "ValidatingWebhookConfiguration", "VolumeAttachment"),
            *("CSIStorageCapacity", "MutatingAdmissionPolicyBinding", "ServiceCIDR"),
            *("ValidatingAdmissionPolicyBinding", "VolumeAttributesClass", "Event"),
            *("PodCertificateRequest", "DeviceTaintRule", "ResourceSlice"),
            "StorageVersionMigration",
        ),
        subdomain,
    ),
}
"""What the name of a kind must be; kinds that are not here take the names of a Role."""
_NAMELESS: Final = ("Review", "LimitRange")
"""How kinds end that need no name: they ask something of the server, or it takes them so."""
_LARGEST: Final = 256 * 1024
"""Bytes of all annotations together."""


_DATED: Final[Mapping[str, tuple[Format, range]]] = {
    "Service": (label_from_letter, range(36)),
    "StatefulSet": (label, range(29, NEVER)),  # it is the beginning of the names of its pods
}
"""What only some versions ask besides, and which do. 29 is the oldest that was tried."""


def name_problem(
    kind: str, metadata: Mapping[str, Any], *, custom: bool = False
) -> Iterator[tuple[Path, str, range | None]]:
    """Yield what is wrong with the name of an object.

    With each comes which minor versions refuse it; None where all do.
    """
    name, prefix = metadata.get("name"), metadata.get("generateName")
    if not name and not prefix and not kind.endswith(_NAMELESS):
        yield ("metadata", "name"), "metadata.name is missing", None
    asked = subdomain if custom else _NAMES.get(kind, path_segment)
    must = asked(name)
    if must:
        yield ("metadata", "name"), f"the name of a {kind} must be {must}", None
    elif kind in _DATED and not custom:
        held, versions = _DATED[kind]
        if must := held(name):
            yield ("metadata", "name"), f"the name of a {kind} must be {must}", versions


def _labels(field: str) -> Across:
    def across_(value: dict[str, Any], path: Path) -> Iterator[Problem]:
        for key, held in mapping(value.get(field)).items():
            if must := qualified(key) or (None if key else "set"):
                yield (*path, field, key), f"the key of a label must be {must}"
            elif must := label_value(held):
                yield (*path, field, key), f"the value of a label must be {must}"

    return across_


def _annotations(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    total = 0
    for key, held in mapping(value.get("annotations")).items():
        total += len(key) + (len(held) if isinstance(held, str) else 0)
        if must := annotation_key(key) or (None if key else "set"):
            yield (*path, "annotations", key), f"the key of an annotation must be {must}"
    if total > _LARGEST:
        yield (*path, "annotations"), "annotations may have at most 256 KiB together"


ACROSS: Final[Mapping[str, tuple[Asked, ...]]] = {
    "ObjectMeta": (_labels("labels"), _annotations),
    "LabelSelector": (_labels("matchLabels"),),
    "PodSpec": (_labels("nodeSelector"),),
    "Scheduling": (_labels("nodeSelector"),),
    "ServiceSpec": (_labels("selector"),),
    "ReplicationControllerSpec": (_labels("selector"),),
}
