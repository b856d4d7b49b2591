"""The images that a kustomization sets.

https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import Any, Final

from gate.documents import read_yaml
from gate.errors import DocumentError
from gate.model.document import Document
from gate.model.kubernetes import ImageUse, ObjectName, Split

FILES: Final = frozenset(("kustomization.yaml", "kustomization.yml", "Kustomization"))
"""The names under which kustomize looks for one; apiVersion and kind may then be left out."""
GROUP: Final = "kustomize.config.k8s.io/"


def kustomized_images(data: bytes, path: str) -> Iterator[ImageUse]:
    """Yield each entry of `images` that sets a tag; nothing for other files.

    `{name: shop, newName: ghcr.io/acme/shop, newTag: "1.0"}` names `ghcr.io/acme/shop:1.0` and
    takes the digest in `digest`, which is how kustomize reads it. An entry without a tag names
    nothing here: the tag is in the manifests below.
    """
    try:
        documents = read_yaml(data, path)
    except DocumentError:
        return
    for document in documents:
        if not is_kustomization(document):
            continue
        images = document.value.get("images")
        for index, entry in enumerate(images if isinstance(images, list) else ()):
            name, tag = _named(entry)
            if name and tag:
                at = ("images", index)
                digest = entry.get("digest")
                yield ImageUse(
                    f"{name}:{tag}" if digest is None else f"{name}:{tag}@{digest}",
                    ObjectName("Kustomization", None, ""),
                    (*at, "newName" if "newName" in entry else "name"),
                    document.place(*at, "newTag"),
                    split=Split((*at, "digest")),
                )


def is_kustomization(document: Document) -> bool:
    """Whether kustomize would read this document, and kubectl would apply nothing of it."""
    value: Any = document.value
    if not isinstance(value, dict):
        return False
    version = value.get("apiVersion")
    if version is None:
        return "kind" not in value and PurePath(document.path).name in FILES
    return isinstance(version, str) and version.startswith(GROUP)


def _named(entry: Any) -> tuple[str, str]:  # noqa: ANN401  # whatever the file holds
    if not isinstance(entry, dict):
        return "", ""
    name, tag = entry.get("newName") or entry.get("name"), entry.get("newTag")
    return (name, tag) if isinstance(name, str) and isinstance(tag, str) else ("", "")
