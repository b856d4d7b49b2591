"""Where Kubernetes objects hold pods and images, by kind or by shape."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from gate.model.document import Path
from gate.model.kubernetes import KubernetesObject

CONTAINER_LISTS: Final = ("containers", "initContainers", "ephemeralContainers")

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


@dataclass(frozen=True, slots=True)
class PodSpec:
    """A pod specification inside an object."""

    value: dict[str, Any]
    path: Path
    """From the object's root."""
    metadata: dict[str, Any]
    """The pod's own metadata; empty where the object gives none."""

    @property
    def metadata_path(self) -> Path:
        """Where the pod's metadata stands or would stand, from the object's root."""
        return (*self.path[:-1], "metadata")


def api_group(api_version: str) -> str:
    """Return `apps` of `apps/v1`; the core group is empty."""
    return api_version.rpartition("/")[0]


def is_native(obj: KubernetesObject) -> bool:
    """Whether Kubernetes itself defines the object's kind."""
    return api_group(obj.api_version) in NATIVE_GROUPS


def pod_specs(obj: KubernetesObject) -> tuple[PodSpec, ...]:
    """Return every pod specification that the object holds.

    Of Kubernetes' own kinds the place is known; anything else is searched for mappings
    that have a list of containers, whatever the kind is called.
    """
    value = obj.value
    group = api_group(obj.api_version)
    if group in NATIVE_GROUPS or group == "apps.openshift.io":
        path = _NATIVE.get(obj.name.kind)
        return (_at(value, path),) if path else ()
    return () if _holds_patterns(group) else tuple(_search(value, value, ()))


def custom_images(obj: KubernetesObject) -> tuple[tuple[Path, str], ...]:
    """Return texts under a key `image` of a custom kind that stand outside its pods.

    Tekton steps, workflow templates, virtual machine disks and operators' own fields name
    images like that. Nothing says that such a text is an image, so it is taken for one.
    """
    if is_native(obj) or _holds_patterns(api_group(obj.api_version)):
        return ()
    return tuple(_loose(obj.value, ()))


def _holds_patterns(group: str) -> bool:
    return any(group == g or group.endswith("." + g) for g in _PATTERN_GROUPS)


def _at(value: dict[str, Any], path: Path) -> PodSpec:
    """Return the pod at a known place; an empty one where the object leaves it out."""
    parent: Any = value
    for key in path[:-1]:
        parent = parent.get(key) if isinstance(parent, dict) else None
    spec = parent.get(path[-1]) if isinstance(parent, dict) else None
    return PodSpec(spec if isinstance(spec, dict) else {}, path, _metadata(parent))


def _metadata(parent: Any) -> dict[str, Any]:  # noqa: ANN401  # any JSON value
    found = parent.get("metadata") if isinstance(parent, dict) else None
    return found if isinstance(found, dict) else {}


def _search(value: Any, parent: Any, path: Path) -> Iterator[PodSpec]:  # noqa: ANN401  # any JSON
    if isinstance(value, dict):
        if _holds_containers(value):
            yield PodSpec(value, path, _metadata(parent))
            return
        for key, part in value.items():
            if isinstance(part, dict | list):
                yield from _search(part, value, (*path, key))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            if isinstance(part, dict | list):
                yield from _search(part, value, (*path, index))


def _holds_containers(value: dict[str, Any]) -> bool:
    containers = value.get("containers")
    return isinstance(containers, list) and any(isinstance(c, dict) for c in containers)


def _loose(value: Any, path: Path) -> Iterator[tuple[Path, str]]:  # noqa: ANN401  # any JSON
    if isinstance(value, dict):
        pod = _holds_containers(value)
        for key, part in value.items():
            if key == "image" and isinstance(part, str):
                yield (*path, key), part
            elif not (pod and (key in CONTAINER_LISTS or key == "volumes")):
                yield from _loose(part, (*path, key))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _loose(part, (*path, index))
