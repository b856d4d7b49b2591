"""What is carried, looked at as a plain part of the object that carries it.

A part of a custom object says itself that it is a Service, and an operator that makes a pod of it
need not read that. So a kind that runs no image hides none: docs/decisions/0073.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final

from gate.manifests.positions.gathered import Gathered
from gate.manifests.positions.pod import pod
from gate.manifests.positions.walk import walk
from gate.model.document import Path
from gate.model.image import ImageReference
from gate.model.kubernetes import ImageUse, KubernetesObject
from gate.model.pods import api_group, pod_specs
from gate.model.verdict import Finding

_ANY: Final = "any.invalid/v1"
"""The version of a kind of which gate knows nothing."""
_TEXTS: Final = frozenset(("data", "stringData", "binaryData"))
"""Fields of ConfigMaps and Secrets, whose texts have a search of their own."""
_NAMED: Final[Path] = ("spec", "image")
_NAMING: Final = ("image.toolkit.fluxcd.io", "ImageRepository")
"""Flux's kind that names there what it looks for tags of."""


def as_part(carried: KubernetesObject, known: Collection[Path]) -> dict[Path, ImageUse | Finding]:
    """Return a finding `unjudged-image` for each image that the kind of an object hides.

    `known` are the fields that were judged by that kind. What no runtime can pull, such as
    `ghcr.io/*`, and a container without an image are left out: patterns of policies have both.
    """
    part = replace(carried, api_version=_ANY, embedded=())
    looked, found = Gathered(part), Gathered(carried)
    for spec in pod_specs(part):
        pod(looked, spec)
    walk(looked, {key: value for key, value in part.value.items() if key not in _TEXTS})
    why = f"this part says that it is a {carried.name.kind}, and a program may run it all the same"
    is_naming = (api_group(carried.api_version), carried.name.kind) == _NAMING
    for path, item in looked.items.items():
        if path in known or (is_naming and path == _NAMED):
            continue
        if isinstance(item, ImageUse) and _is_reference(item.image):
            found.unjudged(path, item.image, why)
    return found.items


def _is_reference(text: str) -> bool:
    try:
        ImageReference.parse(text)
    except ValueError:
        return False
    return True
