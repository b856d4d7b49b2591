"""What a pass says of an object: which fields it declares, and of its texts no more than hints.

The shape of an object has its structure. A number, a truth or a quantity is there as it is (a
quantity as `=500m`): anybody could guess it in a moment, so hiding it would be for show. Of a text
there is a hint of eight bits, `#a7`, and of a value in a Secret none, `#`. Hints name the field
that was changed; they prove nothing. The one digest over all texts together proves them, and
a reader who wants to guess a text by it has to know every other text of the object.

Keys that Kubernetes defines, and the names of resources, are there as they are. Any other key,
such as that of a label or of a ConfigMap's data, is `~` and 32 bits of its digest. Hints and keys
are salted with the digest of the object, so that those of two objects cannot be compared.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

import rfc8785

from gate.live.normal import form_of, normal
from gate.live.types import ANYTHING, fields_of, root_type
from gate.model.declared import DeclaredObject, Shape
from gate.model.document import Path
from gate.model.image import Digest

_HINT: Final = 2
_KEY: Final = 8
"""Hexadecimal digits."""
DAEMON_SET: Final = "DaemonSet"
TEMPLATES: Final[Mapping[str, Path]] = {
    **dict.fromkeys(
        ("DaemonSet", "Deployment", "Job", "ReplicaSet", "ReplicationController", "StatefulSet"),
        ("spec", "template"),
    ),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
}
"""By type: where the template is of which controllers make Pods."""


def declare(name: str, digest: Digest, value: Mapping[str, Any]) -> DeclaredObject:
    """Return what a pass says of an object, whose images are pinned.

    Raises ValueError for an object that is deeper than 100, and for a text with half a character.
    """
    found = normal(value)
    kind = root_type(found.get("apiVersion"), found.get("kind"))
    texts = texts_of(found)
    template: Any = texts
    for key in TEMPLATES.get(kind, ()):
        template = template.get(key) if isinstance(template, dict) else None
    templated = kind in TEMPLATES and isinstance(template, dict)
    if kind == DAEMON_SET and templated:
        template = without_affinity(template)
    return DeclaredObject(
        name=name,
        object=digest,
        text=text_digest(texts),
        template=text_digest(template) if templated else None,
        shape=_shape(found, kind, (), Salt(digest, secret=found.get("kind") == "Secret")),
    )


class Salt:
    """Makes the hints and the keys of one object."""

    __slots__ = ("_object", "_secret")

    def __init__(self, digest: Digest, *, secret: bool = False) -> None:
        """Take the digest of the object; of a `secret` no text gets a hint."""
        self._object = digest.hex
        self._secret = secret

    def hint(self, path: Path, text: str) -> str:
        """Return what a shape says of a text, such as `#a7`."""
        if self._secret and path[:1] == ("data",):
            return "#"
        return f"#{self._digest('text', *path, text)[:_HINT]}"

    def key(self, path: Path, key: str) -> str:
        """Return what a shape calls a key that Kubernetes does not define, such as `~0a1b2c3d`."""
        return f"~{self._digest('key', *path, key)[:_KEY]}"

    def _digest(self, *parts: str | int) -> str:
        text = json.dumps([self._object, *parts], ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()


def without_affinity(template: Mapping[str, Any]) -> dict[str, Any]:
    """Return a pod template of a DaemonSet without its affinity.

    Its controller writes the node of each Pod over what the template declares there.
    """
    spec = template.get("spec")
    if not isinstance(spec, dict):
        return dict(template)
    return {**template, "spec": {k: v for k, v in spec.items() if k != "affinity"}}


def is_clear(value: object, form: str) -> bool:
    """Whether a shape has a value as it is."""
    return form.lstrip("*") == "q" or isinstance(value, bool | int | float)


def clear(value: Any, form: str) -> Shape:  # noqa: ANN401  # a JSON scalar
    """Return what a shape says of a value that it has as it is."""
    if form.lstrip("*") == "q":
        return f"={value}"
    scalar: Shape = value
    return scalar


def named(owner: str | None, free: str, key: str) -> bool:
    """Whether a shape has a key as it is: of a type a field, and of quantities any key.

    `owner` and `free` are what `inner` returns of the mapping's form.
    """
    return free == "q" if owner is None else key in (fields_of(owner) or {})


def inner(form: str) -> tuple[str | None, str]:
    """Return the type of a mapping in a form, None if its keys are free, and the form of those."""
    bare = form.lstrip("*")
    if bare[:1] == "{":
        return None, bare[1:]
    return (bare, ANYTHING) if fields_of(bare) is not None else (None, ANYTHING)


def below(owner: str | None, free: str, key: str) -> str:
    """Return the form of the value at a key of a mapping."""
    return free if owner is None else form_of(owner, key)


def item_form(form: str) -> str:
    """Return the form of the items of a list."""
    bare = form.lstrip("*")
    return bare[1:] if bare[:1] == "[" else ANYTHING


def texts_of(value: Any, form: str | None = None) -> Any:  # noqa: ANN401  # JSON values
    """Return an object in its normal form with `null` for all that a shape has as it is."""
    if form is None:
        form = root_type(value.get("apiVersion"), value.get("kind"))
    if isinstance(value, dict):
        owner, free = inner(form)
        return {k: texts_of(v, below(owner, free, k)) for k, v in value.items()}
    if isinstance(value, list):
        return [texts_of(v, item_form(form)) for v in value]
    return None if is_clear(value, form) else value


def text_digest(texts: object) -> Digest:
    """Return the SHA-256 of the RFC 8785 JSON of what `texts_of` returns. Raises ValueError."""
    try:
        data = rfc8785.dumps(texts)  # type: ignore[arg-type]  # JSON values
    except (rfc8785.CanonicalizationError, RecursionError) as error:
        raise ValueError(str(error)) from error
    return Digest(hashlib.sha256(data).hexdigest())


def _shape(value: Any, form: str, path: Path, salt: Salt) -> Shape:  # noqa: ANN401  # JSON values
    if isinstance(value, dict):
        owner, free = inner(form)
        return {
            key if named(owner, free, key) else salt.key(path, key): _shape(
                part, below(owner, free, key), (*path, key), salt
            )
            for key, part in value.items()
        }
    if isinstance(value, list):
        one = item_form(form)
        return [_shape(part, one, (*path, i), salt) for i, part in enumerate(value)]
    if value is None:
        return None
    return clear(value, form) if is_clear(value, form) else salt.hint(path, value)
