"""Objects of the kinds that a policy names as patches, marked so."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from gate.model.kubernetes import Embedded, KubernetesObject


def marked(
    objects: Iterable[KubernetesObject], patches: Collection[str]
) -> tuple[KubernetesObject, ...]:
    """Return the objects, and mark each whose kind is one of `patches`: `example.org/Broker`.

    Objects that others carry are marked like all. The mark changes nothing of a kind that
    Kubernetes itself defines: see `gate.model.pods`.
    """
    return tuple(_marked(obj, patches) for obj in objects) if patches else tuple(objects)


def _marked(obj: KubernetesObject, patches: Collection[str]) -> KubernetesObject:
    group = obj.api_version.rpartition("/")[0]
    held = tuple(Embedded(_marked(e.object, patches), e.path, e.is_text) for e in obj.embedded)
    return replace(obj, embedded=held, patches=f"{group}/{obj.name.kind}" in patches)
