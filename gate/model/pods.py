"""Where Kubernetes objects hold pods and images, by kind or by shape."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from gate.model.completed import is_completed, is_patch
from gate.model.document import Path
from gate.model.kubernetes import KubernetesObject
from gate.model.pod_spec import CONTAINER_LISTS, ContainerSpec, PodSpec, listed, metadata_of
from gate.model.shapes import Search

__all__ = [
    "CONTAINER_LISTS",
    "ContainerSpec",
    "PodSpec",
    "api_group",
    "custom_images",
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

_NAMING_GROUPS: Final = frozenset(("image.toolkit.fluxcd.io", "skaffold"))
"""Groups whose objects name images that they run nowhere.

Flux looks for new tags of them and writes these to Git; Skaffold is a file of a build tool.
https://fluxcd.io/flux/components/image/ https://skaffold.dev/docs/references/yaml/
"""

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


def pod_specs(obj: KubernetesObject) -> tuple[PodSpec, ...]:
    """Return every pod specification that the object holds, and every part of one.

    Of Kubernetes' own kinds the place is known. Anything else is searched to its end, with
    the exception of its `status`. Found is each mapping that has a list of
    containers (any of the three), that holds something shaped like a container under any key,
    or that sets what only a pod sets. Only a mapping with `containers`, of a kind that nothing
    completes, is a whole pod. Example: of a Tekton Task, `spec` is a part with one container
    for each of `steps` and `sidecars`.
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
    search = Search(whole=not is_completed(obj), patch=is_patch(obj))
    return tuple(search.mapping(value, value, ()))


def custom_images(obj: KubernetesObject) -> tuple[tuple[Path, str], ...]:
    """Return texts under a key `image` of a custom kind that stand outside its pods.

    Tekton steps, workflow templates, virtual machine disks and operators' own fields name
    images like that. Nothing says that such a text is an image, so it is taken for one.
    """
    group = api_group(obj.api_version)
    if is_native(obj) or _holds_patterns(group) or group in _NAMING_GROUPS:
        return ()
    return tuple(_loose(obj))


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


def _loose(obj: KubernetesObject) -> Iterator[tuple[Path, str]]:
    taken: set[Path] = set()
    for pod in pod_specs(obj):
        taken.update((*c.path, "image") for c in pod.containers if c.kind in CONTAINER_LISTS)
        volumes = pod.value.get("volumes")
        for index in range(len(volumes) if isinstance(volumes, list) else 0):
            taken.add((*pod.path, "volumes", index, "image"))
    for path, image in _images(obj.value, ()):
        if path not in taken:
            yield path, image


def _images(value: Any, path: Path) -> Iterator[tuple[Path, str]]:  # noqa: ANN401  # any JSON
    if isinstance(value, dict):
        for key, part in value.items():
            if key == "image" and isinstance(part, str):
                yield (*path, key), part
            elif path or key != "status":
                yield from _images(part, (*path, key))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _images(part, (*path, index))
