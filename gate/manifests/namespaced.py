"""Objects as `kubectl apply --namespace` puts them: those that name no namespace get one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from gate.documents.lenient import dig, text
from gate.model.kubernetes import KubernetesObject
from gate.model.pods import is_native

_CLUSTER: Final = frozenset(
    (
        *("APIService", "CertificateSigningRequest", "ClusterRole", "ClusterRoleBinding"),
        *("ClusterTrustBundle", "ComponentStatus", "CSIDriver", "CSINode"),
        *("CustomResourceDefinition", "DeviceClass", "DeviceTaintRule", "FlowSchema"),
        *("IngressClass", "IPAddress", "MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding"),
        *("MutatingWebhookConfiguration", "Namespace", "Node", "PersistentVolume"),
        *("PodSecurityPolicy", "PriorityClass", "PriorityLevelConfiguration", "ResourceSlice"),
        *("RuntimeClass", "SelfSubjectAccessReview", "SelfSubjectReview"),
        *("SelfSubjectRulesReview", "ServiceCIDR", "StorageClass", "StorageVersion"),
        *("StorageVersionMigration", "SubjectAccessReview", "TokenReview"),
        *("ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"),
        *("ValidatingWebhookConfiguration", "VolumeAttachment", "VolumeAttributesClass"),
    )
)
"""Kinds of Kubernetes' own that belong to no namespace (`kubectl api-resources`)."""


def in_namespace(
    objects: Iterable[KubernetesObject], namespace: str
) -> tuple[KubernetesObject, ...]:
    """Return the objects, each that names no namespace in this one.

    What belongs to no namespace stays as it is: a ClusterRole, and an object whose
    CustomResourceDefinition is among the objects and says so. Objects that others carry stay
    too: the reader of the outer one applies them.
    """
    every = tuple(objects)
    wide = {
        (text(dig(o.value, "spec", "group")), text(dig(o.value, "spec", "names", "kind")))
        for o in every
        if o.name.kind == "CustomResourceDefinition" and dig(o.value, "spec", "scope") == "Cluster"
    }
    return tuple(
        obj
        if obj.name.namespace is not None or _is_wide(obj, wide)
        else replace(obj, name=replace(obj.name, namespace=namespace))
        for obj in every
    )


def _is_wide(obj: KubernetesObject, wide: set[tuple[str, str]]) -> bool:
    if is_native(obj) and obj.name.kind in _CLUSTER:
        return True
    group = obj.api_version.rpartition("/")[0]
    return (group, obj.name.kind) in wide
