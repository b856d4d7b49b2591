"""Images that are written in a text of an object.

A workflow's `podSpecPatch` and the pod templates of build servers are pods without apiVersion and
kind, as YAML or JSON in a field: something in the cluster runs their containers and mounts their
volumes, so their images count. Files of settings in a ConfigMap name images of which nobody here
knows what becomes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from gate.documents import read_yaml
from gate.documents.lenient import dig, mappings, texts_in
from gate.documents.lenient import text as text_of
from gate.errors import DocumentError
from gate.manifests.embedded import POD_PATCHES, files
from gate.manifests.positions.gathered import Gathered
from gate.manifests.positions.walk import walk
from gate.manifests.positions.words import Speaks, has_host, speaks
from gate.model.document import Document, Path
from gate.model.expressions import expression
from gate.model.kubernetes import ImageUse, KubernetesObject, field_path

_IMAGE: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(("containers", "initContainers", "ephemeralContainers"), ("image",)),
    "volumes": ("image", "reference"),
}
"""Lists of a pod, and where each item of one names its image."""
_LISTS: Final = ("ontainers", "olumes")
"""What their keys have in common: a text without it is of no pod."""
_OF_THE_SERVER: Final = frozenset(("metadata", "status"))
_TOO_MUCH: Final = "the object holds too much text"
_NOT_SHOWN: Final = "a text in it does, and gate does not show what a Secret holds"
_MOST_PARTS: Final = 1_000_000
"""Of all texts of one object, after their aliases are expanded."""


_SAY_IMAGES: Final = ("mage", "MAGE", "epository", "hub", "@sha256:", "oci://", "docker://")
"""Of a file that has none of these, gate knows no form in which it would name an image."""
_NAMED: Final = expression(
    r"""((?:image|Image|IMAGE)[\w.-]{0,32})["']?[ \t]{0,8}[:=][ \t]{0,8}\[?["']?"""
    r"""(?:[\w./-]{1,128}=)?"""
    r"""([\w.-]{1,253}(?::\d{1,5})?/[\w./@:+-]{1,768})""",
    re.ASCII,
)
_SPLIT: Final = expression(
    r"""^[ \t]{0,64}([\w.-]{1,64})repository[ \t]{0,8}=[ \t]{0,8}["']?"""
    r"""([\w.-]{1,253}(?::\d{1,5})?/[\w./-]{1,768})["']?[ \t]{0,8}$""",
    re.ASCII | re.MULTILINE,
)
"""A repository whose tag is in another line: `worker_repository = ghcr.io/acme/a`."""
_KEY: Final = expression(r"[\w-]{0,64}\Z", re.ASCII)
_LINE: Final = 256
"""How far before a name the beginning of its line is looked for."""


def named_in_files(found: Gathered) -> None:
    """Remember each text of a ConfigMap or Secret that gives a key of images one with a registry.

    YAML, JSON, TOML, properties and variables of a shell do that alike: `image: ghcr.io/acme/a:1`.
    YAML and JSON are searched as the values of a chart are, too, for what has a registry. A
    comment names none, and what was judged in the same text is not said again.
    """
    parts = 0
    for path, text in files(found.object.value, found.object.name.kind):
        if path in found.closed or not any(word in text for word in _SAY_IMAGES):
            continue
        judged = {
            item.image
            for key, item in found.items.items()
            if isinstance(item, ImageUse) and key[: len(path)] == path
        }
        parts += _as_values(found, path, text, judged)
        if parts > _MOST_PARTS:
            found.unjudged(path, str(path[-1]), _TOO_MUCH)
            return
        for match in _NAMED.finditer(text):
            image = match[2]
            if image not in judged and has_host(image) and _is_named(text, match):
                found.unjudged(path, image)
                break
        for match in _SPLIT.finditer(text):
            if match[2] not in judged and has_host(match[2]) and f"{match[1]}tag" in text.lower():
                found.unjudged(path, match[2])
                break


def _as_values(found: Gathered, path: Path, text: str, judged: set[str]) -> int:
    """Look at a file as at the values of a chart; return how many parts it has.

    A text that gate cannot read has none: templates of injectors are ordinary.
    """
    obj, parts = found.object, 0
    try:
        documents = read_yaml(text.encode("utf-8", "surrogatepass"), obj.document.path)
    except DocumentError:
        return 0
    for document in documents:
        parts += len(document.marks)
        inner = Gathered(replace(obj, document=document, root=(), embedded=()))
        walk(inner, document.value)
        for item in inner.items.values():
            if isinstance(item, ImageUse):
                if item.image not in judged and has_host(item.image):
                    found.unjudged(path, item.image)
            elif obj.name.kind == "Secret":
                found.unjudged(path, str(path[-1]), _NOT_SHOWN)
            else:
                found.items.setdefault(
                    path,
                    replace(
                        item, location=obj.place(*path), field=field_path(path), object=obj.name
                    ),
                )
    return parts


def _is_named(text: str, match: re.Match[str]) -> bool:
    line = text[max(match.start() - _LINE, 0) : match.start()].rpartition("\n")[2]
    key = _KEY.findall(line)[0] + match[1]
    return speaks(key) is not Speaks.NOTHING and not line.lstrip().startswith(("#", ";", "//"))


def written_pods(found: Gathered) -> None:
    """Remember the images of pods in the texts of a ConfigMap, a Secret or a custom kind.

    They are those of containers and of volumes.

    A text that gate cannot read counts for nothing, except a patch of pods that names an image.
    """
    obj, parts = found.object, 0
    for path, text in _texts(obj):
        if path in found.closed or "image" not in text or not any(x in text for x in _LISTS):
            continue
        try:
            documents = read_yaml(text.encode("utf-8", "surrogatepass"), obj.document.path)
        except DocumentError:
            if path[-1] in POD_PATCHES:
                found.unjudged(path, text, "gate cannot read the YAML in it")
            continue
        for document in documents:
            parts += len(document.marks)
            if parts > _MOST_PARTS:
                found.unjudged(path, str(path[-1]), _TOO_MUCH)
                return
            _remember(found, path, document)


def _remember(found: Gathered, path: Path, document: Document) -> None:
    obj = found.object
    place = obj.place(*path)
    for key, image, container in _of_pods(document.value, ()):
        use = ImageUse(image, obj.name, path, place, container, fixed=True)
        found.items.setdefault((*path, *key), use)


def _texts(obj: KubernetesObject) -> Iterator[tuple[Path, str]]:
    if obj.name.kind in ("ConfigMap", "Secret"):
        yield from files(obj.value, obj.name.kind)
        return
    for key, part in obj.value.items():
        if key not in _OF_THE_SERVER:
            yield from texts_in(part, (key,))


def _of_pods(value: Any, path: Path) -> Iterator[tuple[Path, str, str | None]]:  # noqa: ANN401  # any JSON
    """Yield the place, the image and the container's name of each image, wherever it is."""
    if isinstance(value, list):
        for index, part in enumerate(value):
            yield from _of_pods(part, (*path, index))
    elif isinstance(value, dict):
        for key, part in value.items():
            here = (*path, key)
            if key not in _IMAGE:
                yield from _of_pods(part, here)
                continue
            for index, item in mappings(part):
                if image := text_of(dig(item, *_IMAGE[key])):
                    name = None if key == "volumes" else text_of(item.get("name")) or None
                    yield (*here, index, *_IMAGE[key]), image, name
