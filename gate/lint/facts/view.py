"""What rules look at: pods and containers, the same in any kind that holds them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from typing import Any, Final, TypeAlias

from gate.documents.lenient import dig, labels, mapping, text
from gate.model.document import Path
from gate.model.kubernetes import KubernetesObject
from gate.model.pods import PodSpec, pod_specs
from gate.model.records import dataclass

_NODE_OS: Final = "kubernetes.io/os"
_JOBS: Final = frozenset(("Job", "CronJob"))
PodKey: TypeAlias = tuple[int, Path]
"""The identity of the object that holds a pod, and where in it the pod is."""


@dataclass(frozen=True, slots=True)
class Container:
    """One container of a pod, of any of the three lists, or what is shaped like one."""

    value: dict[str, Any]
    path: Path
    """From the object's root."""
    kind: str
    """The key that it is found under: one of the three lists, or another such as `steps`."""
    pod: Pod = field(repr=False)
    context: dict[str, Any]
    """Its securityContext; empty where there is none."""
    context_path: Path
    whole: bool = True
    """Whether it is all of the container; False where something else completes it."""

    @property
    def name(self) -> str:
        """The container's name; empty where it has none."""
        return text(self.value.get("name"))

    @property
    def image(self) -> str:
        """The image as written; empty where there is none."""
        return text(self.value.get("image"))

    @property
    def is_sidecar(self) -> bool:
        """Whether it is an init container that goes on running beside the others.

        https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
        """
        return self.kind == "initContainers" and self.value.get("restartPolicy") == "Always"

    @property
    def is_long_running(self) -> bool:
        """Whether it is meant to run for as long as its pod does."""
        return self.kind == "containers" or self.is_sidecar

    def security(self, key: str) -> Path:
        """Return the place of a key of the container's own security context."""
        return (*self.context_path, key)

    def setting(self, key: str) -> tuple[Any, Path]:
        """Return a security setting that holds for the container, and where it is set.

        The container's own wins over the pod's; where neither sets it, the value is None
        and the place is the container's own.
        """
        own = self.context.get(key)
        if own is None:
            pods = self.pod.context.get(key)
            if pods is not None:
                return pods, (*self.pod.path, "securityContext", key)
        return own, self.security(key)


@dataclass(frozen=True, slots=True)
class Pod:
    """One pod specification and what holds it."""

    object: KubernetesObject
    value: dict[str, Any]
    path: Path
    """From the object's root."""
    metadata: dict[str, Any]
    metadata_path: Path
    context: dict[str, Any]
    """The pod's securityContext; empty where there is none."""
    whole: bool = True
    """Whether it is all of the pod; False where something else completes it."""
    containers: list[Container] = field(default_factory=list, repr=False)
    """Of all three lists, in that order, then all others."""

    @property
    def key(self) -> PodKey:
        """What the pod is told from all others by, as long as its object is there."""
        return id(self.object), self.path

    @property
    def kind(self) -> str:
        """The kind of the object that holds the pod."""
        return self.object.name.kind

    @property
    def template(self) -> Path | None:
        """The place of the template that the pod is in; None where the object is the pod."""
        return self.metadata_path[:-1] or None

    @property
    def is_windows(self) -> bool:
        """Whether the pod says that it runs on Windows."""
        return bool(dig(self.value, "os", "name") == "windows")

    @property
    def needs_windows(self) -> bool:
        """Whether the pod runs on Windows or not at all: it says so, or selects such nodes."""
        return self.is_windows or dig(self.value, "nodeSelector", _NODE_OS) == "windows"

    @property
    def is_job(self) -> bool:
        """Whether the pod runs to completion."""
        return self.kind in _JOBS

    @property
    def labels(self) -> dict[str, str]:
        """The pod's own labels."""
        return labels(self.metadata.get("labels"))

    @property
    def annotations(self) -> dict[str, str]:
        """The pod's own annotations."""
        return labels(self.metadata.get("annotations"))


def pods(obj: KubernetesObject, places: Iterable[Path] | None = None) -> tuple[Pod, ...]:
    """Return the pods that an object holds, without those of objects that it carries.

    Who knows from an earlier call the `places` of all pods spares the search.
    """
    found = pod_specs(obj, places)
    return tuple(_pod(obj, spec) for spec in found if not obj.embeds(spec.path))


def _pod(obj: KubernetesObject, spec: PodSpec) -> Pod:
    pod = Pod(
        obj,
        spec.value,
        spec.path,
        spec.metadata,
        spec.metadata_path,
        mapping(spec.value.get("securityContext")),
        spec.whole,
    )
    for c in spec.containers:
        context = mapping(c.value.get(c.security_key))
        context_path = (*c.path, c.security_key)
        pod.containers.append(
            Container(c.value, c.path, c.kind, pod, context, context_path, c.whole)
        )
    return pod
