"""One digest for what an object says, however it was written down."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import rfc8785

from gate.errors import DocumentError
from gate.manifests.images import image_uses
from gate.manifests.written import bound_value
from gate.model.image import Digest
from gate.model.kubernetes import ImagePosition, KubernetesObject


class UnpinnedImageError(Exception):
    """An object names an image without a pin."""

    def __init__(self, image: str) -> None:
        """Take the image, as it is written."""
        super().__init__(image)
        self.image = image


def object_digest(
    obj: KubernetesObject,
    pins: Mapping[str, str],
    positions: Sequence[ImagePosition] = (),
) -> Digest:
    """Return the SHA-256 of the RFC 8785 JSON of the object, its images pinned.

    The JSON is the object as declared, whole: no field is left out or defaulted, comments,
    formatting, key order and anchors do not count: `{b: 1, a: [x]}` and `{a: [x], b: 1.0}` have
    one digest, `{a: [x], b: "1"}` another. https://www.rfc-editor.org/rfc/rfc8785

    Raises what `bound_object` raises, and DocumentError for what RFC 8785 cannot hold (whole
    numbers beyond 2**53 - 1, half characters).
    """
    return bound_digest(obj, bound_object(obj, pins, positions))


def bound_object(
    obj: KubernetesObject,
    pins: Mapping[str, str],
    positions: Sequence[ImagePosition] = (),
) -> dict[str, Any]:
    """Return the object as it is applied alone, each image as what runs.

    An item of a typed list, such as a PodList, has the list's apiVersion and kind. Each image
    position (see `gate.manifests.images`) is replaced by `pins[image as written]`, the image's
    canonical `registry/repository@sha256:…`, so that a tag and the digest it resolved to give the
    same result; of an image in parts the repository is replaced and the digest's own field left
    out. Objects inside the object are part of it; what is text, and the fields that only the
    policy knows (`positions`), stay as they are declared. Raises UnpinnedImageError for an image
    that `pins` lacks.
    """
    value = applied_value(obj)
    for use in image_uses((obj,), positions).uses:
        pinned = pins.get(use.image)
        if pinned is None:
            raise UnpinnedImageError(use.image)
        value = bound_value(value, use, pinned)
    return value


def bound_digest(obj: KubernetesObject, value: Mapping[str, Any]) -> Digest:
    """Return the digest of an object whose images are pinned, as `object_digest` does."""
    try:
        text = rfc8785.dumps(dict(value))
    except (rfc8785.CanonicalizationError, ValueError, RecursionError) as error:
        raise DocumentError(
            "not-canonical",
            f"the object has no canonical form: {error}",
            remedy="quote numbers beyond 2**53 - 1",
            location=obj.place(),
        ) from error
    return Digest(hashlib.sha256(text).hexdigest())


def applied_value(obj: KubernetesObject) -> dict[str, Any]:
    """Return the object as it is applied alone: with apiVersion and kind.

    Items of a typed list need not repeat them: kubectl takes both from the list.
    """
    return {"apiVersion": obj.api_version, "kind": obj.name.kind, **obj.value}
