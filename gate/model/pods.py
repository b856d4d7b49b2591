"""Where Kubernetes objects hold pods and images, by kind or by shape."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from gate.model.completed import is_completed, is_patch
from gate.model.document import Path
from gate.model.kubernetes import KubernetesObject
from gate.model.pod_spec import CONTAINER_LISTS, ContainerSpec, PodSpec, listed, metadata_of
from gate.model.shapes import ShapeSearch

__all__ = [
    "CONTAINER_LISTS",
    "ContainerSpec",
    "PodSpec",
    "api_group",
    "is_native",
    "pod_specs",
]

NATIVE_GROUPS: Final = frozenset(
    (
        "",
        "admissionregistration.k8s.io",
        "apiextensions.k8s.io",
        "apiregistration.k8s.io",
        "apps",
        "authentication.k8s.io",
        "authorization.k8s.io",
        "autoscaling",
        "batch",
        "certificates.k8s.io",
        "coordination.k8s.io",
        "discovery.k8s.io",
        "events.k8s.io",
        "extensions",
        "flowcontrol.apiserver.k8s.io",
        "internal.apiserver.k8s.io",
        "networking.k8s.io",
        "node.k8s.io",
        "policy",
        "rbac.authorization.k8s.io",
        "resource.k8s.io",
        "scheduling.k8s.io",
        "storage.k8s.io",
        "storagemigration.k8s.io",
    )
)
"""API groups whose kinds Kubernetes itself defines: what holds a pod there is known."""

_PATTERN_GROUPS: Final = (
    "kyverno.io",
    "constraints.gatekeeper.sh",
    "mutations.gatekeeper.sh",
    "templates.gatekeeper.sh",
)
"""Groups whose objects describe what pods should look like, and hold none."""

_TEMPLATE: Final = ("spec", "template", "spec")
_NATIVE: Final[dict[str, Path]] = {
    "CronJob": ("spec", "jobTemplate", *_TEMPLATE),
    "DaemonSet": _TEMPLATE,
    "Deployment": _TEMPLATE,
    "Job": _TEMPLATE,
    "Pod": ("spec",),
    "DeploymentConfig": _TEMPLATE,
    "PodTemplate": ("template", "spec"),
    "ReplicaSet": _TEMPLATE,
    "ReplicationController": _TEMPLATE,
    "StatefulSet": _TEMPLATE,
}


_SEARCHED: Final = frozenset(("ControllerRevision",))
"""Kinds of Kubernetes' own that hold a part of any object."""


def api_group(api_version: str) -> str:
    """Return `apps` of `apps/v1`; the core group is empty."""
    return api_version.rpartition("/")[0]


def is_native(obj: KubernetesObject) -> bool:
    """Whether Kubernetes itself defines the object's kind."""
    return api_group(obj.api_version) in NATIVE_GROUPS


def pod_specs(obj: KubernetesObject, places: Iterable[Path] | None = None) -> tuple[PodSpec, ...]:
    """Return every pod specification that the object holds, and every part of one.

    Of Kubernetes' own kinds the place is known. Anything else is searched to its end, with
    the exception of its `status`. Found is each mapping that has a list of
    containers (any of the three), that holds something shaped like a container under any key,
    or that sets what only a pod sets. Only a mapping with `containers`, of a kind that nothing
    completes, is a whole pod. Example: of a Tekton Task, `spec` is a part with one container
    for each of `steps` and `sidecars`. The pods of objects that it carries
    are theirs. Who knows from an earlier call the `places` of all pods spares the search.
    """
    value = obj.value
    group = api_group(obj.api_version)
    if group in NATIVE_GROUPS or group == "apps.openshift.io":
        path = _NATIVE.get(obj.name.kind)
        if path:
            return (_at(value, path),)
        if obj.name.kind not in _SEARCHED:
            return ()
    if _holds_patterns(group):
        return ()
    search = ShapeSearch(whole=not is_completed(obj), patch=is_patch(obj))
    if places is not None:
        return tuple(search.at(value, path) for path in places)
    return tuple(spec for spec in search.all(value) if not obj.embeds(spec.path))


def _holds_patterns(group: str) -> bool:
    return any(group == g or group.endswith("." + g) for g in _PATTERN_GROUPS)


def _at(value: dict[str, Any], path: Path) -> PodSpec:
    """Return the pod at a known place; an empty one where the object leaves it out."""
    parent: Any = value
    for key in path[:-1]:
        parent = parent.get(key) if isinstance(parent, dict) else None
    spec = parent.get(path[-1]) if isinstance(parent, dict) else None
    pod = spec if isinstance(spec, dict) else {}
    containers = tuple(listed(pod, path, whole=True))
    return PodSpec(pod, path, metadata_of(parent) or {}, (*path[:-1], "metadata"), containers)
