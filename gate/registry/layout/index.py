"""`index.json` of an OCI layout folder: what the folder lists, and the version beside it.

https://github.com/opencontainers/image-spec/blob/main/image-layout.md
"""

from __future__ import annotations

import functools
import json
from typing import Any, Final

from gate.errors import RegistryError
from gate.model.image import Digest
from gate.registry.bounds import Bounds
from gate.registry.codes import Code
from gate.registry.layout.folder import Folder
from gate.registry.oci.descriptor import Descriptor
from gate.registry.oci.manifest import OCI_INDEX, ImageIndex, listing, parse_manifest
from gate.registry.wire import parse_object

REF_NAME: Final = "org.opencontainers.image.ref.name"
_VERSION: Final = {"imageLayoutVersion": "1.0.0"}


class LayoutIndex:
    """The list of one layout folder, read once and again after it was written."""

    def __init__(self, folder: Folder, bounds: Bounds, *, name: str) -> None:
        """Take the folder, and what to call it in a message; nothing is read yet."""
        self._folder = folder
        self._bounds = bounds
        self._name = name

    @functools.cached_property
    def entries(self) -> tuple[Descriptor, ...]:
        """What is listed. Raises RegistryError, `not-found` where there is no layout."""
        return self._parse(self._held())

    def make(self) -> None:
        """Make an empty layout, unless there is one."""
        if self._read() is None:
            empty = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": []}
            self._folder.write(json.dumps(_VERSION).encode(), "oci-layout")
            self._folder.write(json.dumps(empty).encode(), "index.json")

    def add(self, content: bytes, media_type: str, tag: str | None) -> None:
        """List a manifest, under a tag or none, and keep every other entry as it is.

        The caller holds the folder's lock from reading what the tag held to here.
        """
        held = self._held()
        self._parse(held)
        index: dict[str, Any] = parse_object(
            held, what=f"{self._name} index.json", depth=self._bounds.json_depth
        )
        digest = str(Digest.of(content))
        entry = listing(content, media_type)
        if tag is not None:
            entry["annotations"] = {**entry.get("annotations", {}), REF_NAME: tag}
        kept = [
            other
            for other in index["manifests"]
            if tag is None or (other.get("annotations") or {}).get(REF_NAME) != tag
        ]
        if tag is None and any(other.get("digest") == digest for other in kept):
            return
        index["manifests"] = [*kept, entry]
        self._folder.write(json.dumps(index, indent=2).encode(), "index.json")
        self.__dict__.pop("entries", None)

    def remove(self, digest: Digest) -> None:
        """Take every entry of a manifest off the list. The caller holds the folder's lock."""
        what = f"{self._name} index.json"
        index = parse_object(self._held(), what=what, depth=self._bounds.json_depth)
        index["manifests"] = [e for e in index["manifests"] if e.get("digest") != str(digest)]
        self._folder.write(json.dumps(index, indent=2).encode(), "index.json")
        self.__dict__.pop("entries", None)

    def _parse(self, content: bytes) -> tuple[Descriptor, ...]:
        index = parse_manifest(
            content,
            content_type=OCI_INDEX,
            what=f"{self._name} index.json",
            bounds=self._bounds,
            entries=self._bounds.layout_entries,
        )
        return index.manifests if isinstance(index, ImageIndex) else ()

    def _held(self) -> bytes:
        content = self._read()
        if content is None and not self._folder.path.exists():
            raise RegistryError(
                Code.NOT_FOUND,
                f"there is no folder {self._folder.path}",
                remedy="Name the folder of an OCI layout, such as one that skopeo copy wrote.",
            )
        if content is None:
            raise RegistryError(
                Code.NOT_FOUND,
                f"{self._folder.path} is no OCI layout: it lacks oci-layout or index.json",
                remedy="Name the folder that holds both, such as one that skopeo copy wrote.",
            )
        return content

    def _read(self) -> bytes | None:
        """Return `index.json` of a layout of version 1.0.0; None where there is no layout."""
        content = self._folder.read("oci-layout", most=self._bounds.error_bytes)
        if content is None:
            return None
        what = f"{self._name} oci-layout"
        version = parse_object(content, what=what, depth=self._bounds.json_depth)
        if version.get("imageLayoutVersion") != _VERSION["imageLayoutVersion"]:
            raise RegistryError(
                Code.LAYOUT_MALFORMED,
                f"{self._name} is no layout of version 1.0.0",
                remedy="Write it again with a current tool.",
            )
        return self._folder.read("index.json", most=self._bounds.manifest_bytes)
