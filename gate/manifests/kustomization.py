"""The images that a kustomization sets.

https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/
"""

from __future__ import annotations

from collections.abc import Iterator

from gate.documents import read_yaml
from gate.documents.lenient import mappings, text
from gate.errors import DocumentError
from gate.manifests.plain import Nature, nature_of
from gate.model.kubernetes import ImageUse, ObjectName, Split


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
        if nature_of(path, document.value) is not Nature.KUSTOMIZATION:
            continue
        for index, entry in mappings(document.value.get("images")):
            name = text(entry.get("newName") or entry.get("name"))
            tag = text(entry.get("newTag"))
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
