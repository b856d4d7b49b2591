"""Judged objects to the text that is applied: gate's own, and read back before it counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from gate.documents.same_json import is_same_json
from gate.documents.yaml_written import write_yaml
from gate.errors import GateError
from gate.manifests.canonical import UnpinnedImageError, applied_value, object_digest
from gate.manifests.images import image_uses
from gate.manifests.load import load_manifests
from gate.manifests.manifests import Manifests
from gate.manifests.written import pinned_field, with_field
from gate.model.image import Digest
from gate.model.kubernetes import ImagePosition, KubernetesObject
from gate.model.records import dataclass

_AT_ONCE: Final = 500
"""Objects that are read back together: far below what one file may hold."""
_NAME: Final = "<pinned>"


@dataclass(frozen=True, slots=True)
class Pins:
    """What becomes of each image, by its text as `ImageUse.image` has it."""

    written: Mapping[str, str]
    """The text to write instead, such as `shop:1.0@sha256:…`; an image that lacks here has a
    digest already and stays as it is."""
    bound: Mapping[str, str]
    """The canonical `registry/repository@sha256:…` that a pass binds."""


def emit(
    objects: Iterable[KubernetesObject], pins: Pins, positions: Sequence[ImagePosition] = ()
) -> bytes:
    """Return one YAML document an object, in their order, with every image pinned.

    Only values are written, never a piece of the source: what a source would mean behind
    another one, or to another reader, is no question here. Each document begins with a line
    `---`. An item of a List is a document of its own. An object that another one carries is
    written inside that one alone.

    The text is then read again, as any manifest is. Each object must have the value that was
    written, down to the type of each number, and the digest that the pass binds. Raises
    GateError `pinned-differs` where one has not, and DocumentError `cannot-pin` for an image
    that takes no digest.
    """
    applied = iter(objects)
    parts = []
    while batch := list(islice(applied, _AT_ONCE)):
        values = [pinned_value(obj, pins, positions) for obj in batch]
        text = "".join(f"---\n{write_yaml(value)}" for value in values)
        data = text.encode(errors="surrogatepass")
        _hold(load_manifests([(_NAME, data)], tuple(positions)), batch, values, pins)
        parts.append(data)
    return b"".join(parts)


def pinned_value(
    obj: KubernetesObject, pins: Pins, positions: Sequence[ImagePosition] = ()
) -> dict[str, Any]:
    """Return the object's value with every image pinned. Raises DocumentError `cannot-pin`."""
    value = applied_value(obj)
    for use in image_uses((obj,), positions).uses:
        if use.image in pins.written:
            value = with_field(value, *pinned_field(use, pins.written[use.image]))
    return value


def _hold(
    read: Manifests, objects: list[KubernetesObject], values: list[dict[str, Any]], pins: Pins
) -> None:
    """Hold what is read from a text against what was meant. Raises GateError."""
    if len(read.objects) != len(objects):
        raise _differs(objects[0], f"{len(objects)} objects became {len(read.objects)}")
    known = {**pins.bound, **{new: pins.bound[old] for old, new in pins.written.items()}}
    for meant, value, found in zip(objects, values, read.objects, strict=True):
        if not is_same_json(found.value, value):
            raise _differs(meant, f"{meant.name} is not what was judged")
        if _digest(found, known, read.positions) != _digest(meant, pins.bound, read.positions):
            raise _differs(meant, f"{meant.name} has not the digest that the pass binds")


def _digest(
    obj: KubernetesObject, bound: Mapping[str, str], positions: Sequence[ImagePosition]
) -> Digest:
    try:
        return object_digest(obj, bound, positions)
    except UnpinnedImageError as error:
        raise _differs(obj, f"{obj.name} names {error.image!r}, which was not judged") from error


def _differs(obj: KubernetesObject, why: str) -> GateError:
    return GateError(
        "pinned-differs",
        f"the manifests to apply would not be what was judged: {why}",
        remedy="apply nothing; report this object, because it is a defect of gate",
        location=obj.place(),
    )
