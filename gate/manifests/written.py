"""How an image is written in an object: what changes where it is pinned or bound."""

from __future__ import annotations

from typing import Any

from gate.errors import DocumentError
from gate.model.document import Path
from gate.model.kubernetes import ImageUse


def pinned_field(use: ImageUse, pinned: str) -> tuple[Path, str]:
    """Return the field that pins an image, from the object's root, and its new text.

    `pinned` is the image with its digest, such as `ghcr.io/acme/shop:1.0@sha256:…`. One
    text takes it whole, after what is before the image (`oci://`). An image in parts
    takes the digest alone, in the field that its kind has for it, which need not exist yet,
    or behind the tag (`tag: 1.0@sha256:…`).

    Raises DocumentError `cannot-pin`, with the place, where nothing can be written.
    """
    if use.split is None and not use.fixed:
        return use.path, f"{use.prefix}{pinned}"
    if use.split is None or use.split.digest is None:
        raise DocumentError(
            "cannot-pin",
            f"the image {use.image!r} is written in a way that takes no digest from gate",
            remedy="write the digest here yourself, where the kind of object takes one",
            location=use.location,
        )
    return use.split.digest, f"{use.split.before}{pinned.rpartition('@')[2]}"


def bound_value(value: Any, use: ImageUse, pinned: str) -> Any:  # noqa: ANN401  # any JSON value
    """Return a copy of an object's value in which the image counts by what runs alone.

    The text at `use.path` becomes `pinned`, after what is before the image. Of an image
    in parts the digest's own field is left out, or the digest behind a tag, because
    `pinned` says it; every other part stays as it is declared.
    """
    if use.fixed:
        return value
    value = with_field(value, use.path, f"{use.prefix}{pinned}")
    if use.split is None or use.split.digest is None:
        return value
    if use.split.before:
        return with_field(value, use.split.digest, use.split.before.removesuffix("@"))
    return _without(value, use.split.digest)


def with_field(value: Any, path: Path, new: Any) -> Any:  # noqa: ANN401  # any JSON values
    """Return a copy with another value at `path`: copied along `path` alone.

    The rest may be shared by anchors. The last key need not exist, all others must.
    """
    key, *rest = path
    copy = value.copy()
    copy[key] = with_field(value[key], tuple(rest), new) if rest else new
    return copy


def _without(value: Any, path: Path) -> Any:  # noqa: ANN401  # any JSON value
    key, *rest = path
    copy = value.copy()
    if rest:
        copy[key] = _without(value[key], tuple(rest))
    else:
        copy.pop(key, None)
    return copy
