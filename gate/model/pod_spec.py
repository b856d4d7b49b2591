"""Pods and containers as objects declare them, whole or in part."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from gate.model.document import Path
from gate.model.records import dataclass

CONTAINER_LISTS: Final = ("containers", "initContainers", "ephemeralContainers")


@dataclass(frozen=True, slots=True)
class ContainerSpec:
    """A container inside a pod specification, or what is shaped like one."""

    value: dict[str, Any]
    path: Path
    """From the object's root."""
    kind: str
    """The key that it is found under, such as `containers`, `initContainers` or `steps`."""
    whole: bool
    """Whether it is all of the container; False where something else completes it."""
    security_key: str = "securityContext"
    """The key of its security context."""


@dataclass(frozen=True, slots=True)
class PodSpec:
    """A pod specification inside an object, or what is shaped like a part of one."""

    value: dict[str, Any]
    path: Path
    """From the object's root."""
    metadata: dict[str, Any]
    """The pod's own metadata; empty where the object gives none."""
    metadata_path: Path
    """Where the pod's metadata is or would be, from the object's root."""
    containers: tuple[ContainerSpec, ...]
    """Those of the three lists of a pod, in the order of CONTAINER_LISTS, then all others."""
    whole: bool = True
    """Whether it is all of the pod; False where something else completes it."""
    patch: bool = False
    """Whether an operator fills in the image of a container that names none."""


def metadata_of(parent: Any) -> dict[str, Any] | None:  # noqa: ANN401  # any JSON value
    """Return the metadata inside of a value; None where there is none."""
    found = parent.get("metadata") if isinstance(parent, dict) else None
    return found if isinstance(found, dict) else None


def listed(
    pod: dict[str, Any], path: Path, *, whole: bool, named: bool = False
) -> Iterator[ContainerSpec]:
    """Yield what the three lists hold; with `named`, what has an image of its own is whole."""
    for kind in CONTAINER_LISTS:
        part = pod.get(kind)
        for index, value in enumerate(part if isinstance(part, list) else ()):
            if isinstance(value, dict):
                where = (*path, kind, index)
                yield ContainerSpec(value, where, kind, whole or (named and "image" in value))
