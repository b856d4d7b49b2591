"""Pods found by their shape, where no kind says that one is there."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, Final

from gate.model.document import Path
from gate.model.pod_spec import CONTAINER_LISTS, ContainerSpec, PodSpec, listed, metadata_of
from gate.model.records import dataclass

_LISTS: Final = frozenset(CONTAINER_LISTS)
_OF_CONTAINERS: Final = frozenset(
    (
        *("args", "command", "env", "envFrom", "imagePullPolicy", "lifecycle", "livenessProbe"),
        *("ports", "readinessProbe", "resources", "script", "securityContext", "startupProbe"),
        *("stdin", "terminationMessagePath", "terminationMessagePolicy", "tty"),
        *("volumeDevices", "volumeMounts", "workingDir"),
    )
)
"""Fields of a container beside its name and its image; `script` is Tekton's."""
_OF_CONTAINER_SECURITY: Final = frozenset(
    (
        *("allowPrivilegeEscalation", "capabilities", "privileged", "procMount"),
        "readOnlyRootFilesystem",
    )
)
"""Fields that the security context of a container has, and that of a pod has not."""
_SAYING: Final = ("container", "containers", "script", "sidecar", "sidecars", "steps")
"""How the keys end that custom kinds put containers under."""
_NODE: Final = ("hostIPC", "hostNetwork", "hostPID")
_OF_A_POD: Final = frozenset((*_NODE, "securityContext", "volumes"))
"""What a pod alone sets, or may set: a mapping with none of these is no part of one."""


@dataclass(frozen=True, slots=True)
class ShapeSearch:
    """The search of one object for pods by their shape."""

    whole: bool
    """Whether a mapping with `containers` is a whole pod in this kind."""
    patch: bool

    def all(self, value: dict[str, Any]) -> Iterator[PodSpec]:
        """Yield the pods of an object, the outer ones first."""
        return self._mapping(value, value, (), frozenset())

    def at(self, value: dict[str, Any], path: Path) -> PodSpec:
        """Return the pod at a place where `all` has found one."""
        parent: Any = value
        part: Any = value
        for key in path:
            parent, part = part, part[key]
        return self._pod(part, parent, path, self._containers(part, path))

    def _mapping(
        self, value: dict[str, Any], parent: object, path: Path, inner: Collection[Path]
    ) -> Iterator[PodSpec]:
        """Yield the pods of a mapping; `inner` are the containers of what it is in."""
        containers = self._containers(value, path)
        if containers or (path not in inner and _is_pod_part(value)):
            yield self._pod(value, parent, path, containers)
        inner = {container.path for container in containers}
        for key, part in value.items():
            if isinstance(part, dict):
                if path or key != "status":
                    yield from self._mapping(part, value, (*path, key), inner)
            elif isinstance(part, list):
                yield from self._list(part, (*path, key), inner)

    def _list(self, value: list[Any], path: Path, inner: Collection[Path]) -> Iterator[PodSpec]:
        for index, part in enumerate(value):
            if isinstance(part, dict):
                yield from self._mapping(part, value, (*path, index), inner)
            elif isinstance(part, list):
                yield from self._list(part, (*path, index), inner)

    def _containers(self, value: dict[str, Any], path: Path) -> tuple[ContainerSpec, ...]:
        if _LISTS.isdisjoint(value):
            return tuple(_shaped(value, path))
        has_own = _has_containers(value)
        whole, named = has_own and self.whole, has_own and self.patch
        return (*listed(value, path, whole=whole, named=named), *_shaped(value, path))

    def _pod(
        self,
        value: dict[str, Any],
        parent: object,
        path: Path,
        containers: tuple[ContainerSpec, ...],
    ) -> PodSpec:
        whole = self.whole and _has_containers(value)
        beside = metadata_of(parent)
        inside = metadata_of(value) if beside is None else None
        where = path if inside is not None else path[:-1]
        return PodSpec(
            value,
            path,
            beside or inside or {},
            (*where, "metadata"),
            containers,
            whole=whole,
            patch=self.patch,
        )


def _shaped(value: dict[str, Any], path: Path) -> Iterator[ContainerSpec]:
    """Yield what is shaped like a container in a mapping, outside the lists of a pod."""
    for key, part in value.items():
        if isinstance(part, dict):
            if _is_container(key, part):
                yield _part(part, (*path, key), key)
        elif isinstance(part, list) and key not in CONTAINER_LISTS:
            for index, item in enumerate(part):
                if isinstance(item, dict) and _is_container(key, item):
                    yield _part(item, (*path, key, index), key)


def _part(value: dict[str, Any], path: Path, kind: str) -> ContainerSpec:
    return ContainerSpec(value, path, kind, False, _security_key(value) or "securityContext")  # noqa: FBT003  # `whole`


def _has_containers(value: dict[str, Any]) -> bool:
    """Whether a mapping has a list `containers` with a mapping in it."""
    part = value.get("containers")
    return isinstance(part, list) and any(isinstance(item, dict) for item in part)


def _is_container(key: str, value: dict[str, Any]) -> bool:
    """Whether a mapping under a key is shaped like a container.

    It has the security context of a container, or an image and another field of a container,
    or an image under a key that speaks of containers. So `step: {image: a, command: [b]}` and
    `sidecars: [{image: a}]` are some, and `source: {image: a, name: b}` is not one.
    """
    if _security_key(value) is not None:
        return True
    image = value.get("image")
    if not isinstance(image, str) or not image or not _LISTS.isdisjoint(value):
        return False
    return not _OF_CONTAINERS.isdisjoint(value) or key.lower().endswith(_SAYING)


def _security_key(value: dict[str, Any]) -> str | None:
    """Return the key of a container's security context; None where there is none.

    `securityContext`, and names that end like it: charts and operators also write
    `containerSecurityContext`. What the context holds tells it from that of a pod.
    """
    found = None
    for key, part in value.items():
        if (
            key.endswith("ecurityContext")
            and isinstance(part, dict)
            and not _OF_CONTAINER_SECURITY.isdisjoint(part)
        ):
            if key == "securityContext":
                return key
            found = found or key
    return found


def _is_pod_part(value: dict[str, Any]) -> bool:
    """Whether a mapping without containers sets what only a pod sets.

    Such as a workflow whose steps all share the node's network, or have a volume of its disk.
    """
    if not value.keys() & _OF_A_POD:
        return False
    if any(value.get(key) is True for key in _NODE):
        return True
    if isinstance(value.get("securityContext"), dict):
        return True
    volumes = value.get("volumes")
    return isinstance(volumes, list) and any(
        isinstance(v, dict) and isinstance(v.get("hostPath"), dict) for v in volumes
    )
