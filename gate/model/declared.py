"""What a pass says of a declared object, so that the one in the cluster can be compared."""

from __future__ import annotations

from typing import TypeAlias

from gate.model.image import Digest
from gate.model.records import dataclass

Shape: TypeAlias = "bool | int | float | str | list[Shape] | dict[str, Shape] | None"
"""The fields of an object, without its texts; see `gate.live.shape`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredObject:
    """An object as it was judged, without what it says in texts."""

    name: str
    """`namespace/Kind/name`, without the namespace where the manifest does not say."""
    object: Digest
    """Of the object as declared, as the pass lists it; what hints are salted with."""
    text: Digest
    """Of the object in its normal form, numbers, truths and quantities left out."""
    shape: Shape
    template: Digest | None = None
    """Of the pod template alone, as `text` is of the object: of a kind of Kubernetes that has one,
    so that what its controllers make of it can be compared."""
