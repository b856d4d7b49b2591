"""Writes what was found, in an order in which nobody ever sees a part without what it needs.

Blobs come first, then manifests from below, then evidence, the tags of evidence, and the image's
own tag last. What the destination has is not copied again, so that a run that was cut off goes on
where it ended. Before the tag moves, everything is looked for at the destination.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import field
from typing import Final, TypeVar

from gate.errors import RegistryError
from gate.model.image import Digest
from gate.model.records import dataclass
from gate.registry.bounds import Bounds
from gate.registry.codes import Code
from gate.registry.http.line import deadline
from gate.registry.oci.descriptor import Descriptor
from gate.registry.promote.cargo import Cargo, Part
from gate.registry.repository import Destination, Source, Taken
from gate.registry.write.shared_tags import SharedTags

_EMPTY: Final = Digest.of(b"{}")
_FOREIGN: Final = (
    "application/vnd.docker.image.rootfs.foreign.",
    "application/vnd.oci.image.layer.nondistributable.",
)
"""Layers that need not be in a registry: their manifest names other places, which nobody asks."""
_LOST: Final = frozenset((Code.UNREACHABLE, Code.TIMEOUT))

T = TypeVar("T")
R = TypeVar("R")


@dataclass(slots=True)
class Copied:
    """What became of everything."""

    blobs: Counter[Taken] = field(default_factory=Counter)
    bytes: int = 0
    """Of blobs that were copied, and neither mounted nor there before."""
    manifests: Counter[Taken] = field(default_factory=Counter)
    elsewhere: list[Descriptor] = field(default_factory=list)
    """Layers that the source leaves to other places."""


class Copier:
    """Copies one image. Raises RegistryError."""

    def __init__(self, cargo: Cargo, destination: Destination, bounds: Bounds) -> None:
        """Take what there is, and where it goes. Nothing is written yet."""
        self._cargo = cargo
        self._to = destination
        self._bounds = bounds
        self.copied = Copied()

    def copy(self) -> None:
        """Write everything but the image's own tag, and look whether it is there."""
        cargo = self._cargo
        self._to.prepare()
        self._blobs(cargo.image.values())
        for part in cargo.image.values():
            self._manifest(part, child=True)
        self._blobs(cargo.evidence.values())
        tagged = {part.digest for part in cargo.tagged.values()}
        listed = {part.digest for parts in cargo.listed.values() for part in parts}
        for part in cargo.evidence.values():
            self._manifest(part, child=part.digest not in listed or part.digest in tagged)
        self._lists()
        self._arrived()

    def tag(self, tag: str | None) -> None:
        """Put the image under a tag; without one, where it can be found by its digest.

        Raises RegistryError.
        """
        root = self._cargo.root
        if tag is None:
            self._to.put_manifest(root.stored.content, root.media_type)
            return
        held = self._to.tagged(tag)
        if held is not None and held.digest == root.digest:
            return
        if not self._to.put_tag(tag, root.stored.content, root.media_type, over=held):
            raise RegistryError(
                Code.PUSH_CONFLICT,
                f"{self._to.name}:{tag} changed while it was written",
                remedy="Run again when no other job writes that tag.",
            )

    def _blobs(self, parts: Iterable[Part]) -> None:
        wanted = {
            blob.digest: (blob, part.source)
            for part in parts
            for blob in part.blobs
        }  # fmt: skip
        for (blob, _), how in zip(
            wanted.values(), self._each(self._blob, wanted.values()), strict=True
        ):
            if how is None:
                self.copied.elsewhere.append(blob)
                continue
            self.copied.blobs[how] += 1
            self.copied.bytes += blob.size if how is Taken.COPIED else 0

    def _blob(self, wanted: tuple[Descriptor, Source]) -> Taken | None:
        """Copy one blob; None where the image leaves it to another place."""
        blob, source = wanted
        if blob.digest == _EMPTY:  # which many tools write into manifests and nowhere else
            there = self._to.holds(blob)
            self._to.put_blob(b"{}")
            return Taken.THERE if there else Taken.COPIED
        for attempt in range(1, self._bounds.tries + 1):
            seconds = self._bounds.request_seconds + blob.size / self._bounds.slowest
            try:
                with deadline(time.monotonic() + seconds):
                    return self._to.take(blob, source)
            except RegistryError as error:
                if error.code == Code.MISSING_BLOB and blob.media_type.startswith(_FOREIGN):
                    return None
                if error.code not in _LOST or attempt == self._bounds.tries:
                    raise
        raise AssertionError  # the last try returns or raises

    def _manifest(self, part: Part, *, child: bool) -> None:
        there = self._to.has_manifest(part.digest)
        if child and not there:
            self._to.put_child(part.stored.content, part.media_type)
        elif not child:  # a layout may have the bytes, and not list them
            self._to.put_manifest(part.stored.content, part.media_type)
        self.copied.manifests[Taken.THERE if there else Taken.COPIED] += 1

    def _lists(self) -> None:
        """Let readers find the evidence, also where the registry keeps no list of its own."""
        tags = SharedTags(self._bounds)
        for subject, parts in self._cargo.listed.items():
            shown = {entry.digest for entry in self._to.referrers(subject) or ()}
            lacking = [part.stored.content for part in parts if part.digest not in shown]
            if lacking:
                tags.list_referrer(self._to, subject, *lacking)
        for tag, part in self._cargo.tagged.items():
            tags.merge(self._to, tag, part.stored)
        tags.confirm()

    def _arrived(self) -> None:
        """Ask for everything at the destination."""
        parts = (*self._cargo.image.values(), *self._cargo.evidence.values())
        for _ in self._each(lambda part: self._to.manifest(part.digest), parts):
            pass  # it has that digest, or this raised
        elsewhere = {blob.digest for blob in self.copied.elsewhere}
        blobs = [b for b, _ in self._cargo.blobs().values() if b.digest not in elsewhere]
        for blob, there in zip(blobs, self._each(self._to.holds, blobs), strict=True):
            if not there:
                raise RegistryError(
                    Code.MISSING_BLOB,
                    f"{self._to.name} took {blob.digest}, and does not have it with "
                    f"{blob.size} bytes",
                    remedy="Run again; if it happens twice, look at the registry's storage.",
                )

    def _each(self, work: Callable[[T], R], items: Iterable[T]) -> list[R]:
        with ThreadPoolExecutor(self._bounds.promoted_at_once) as pool:
            running = [pool.submit(work, item) for item in items]
            try:
                return [one.result() for one in running]
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
