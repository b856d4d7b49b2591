"""Content that was fetched once and is asked for again, within a bound on memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final, TypeVar

from gate.errors import RegistryError
from gate.model.image import Digest
from gate.registry.oci.descriptor import Descriptor
from gate.registry.repository import Repository, Stored

T = TypeVar("T")

_OVERHEAD_BYTES: Final = 700
"""About what an answer takes in memory besides its content: its key, its headers, its places."""
_ENTRY_BYTES: Final = 1_000
"""About what an entry of a list takes, with its annotations."""


class Memory:
    """Answers by key, each made by one thread while others wait for it.

    Answers that nobody weighs stay; the others go, the longest unused first, where their
    sum would pass the bound. Failures are not kept.
    """

    def __init__(self, most: int) -> None:
        """Take the bound, in bytes."""
        self._most = most
        self._lock = threading.Lock()
        self._staying: dict[Hashable, object] = {}
        self._held: OrderedDict[Hashable, tuple[object, int]] = OrderedDict()
        self._flights: dict[Hashable, threading.Lock] = {}
        self._weight = 0

    def once(
        self, key: Hashable, make: Callable[[], T], weigh: Callable[[T], int] | None = None
    ) -> T:
        """Return the answer to a key, made now unless it is held."""
        with self._lock:
            flight = self._flights.setdefault(key, threading.Lock())
        try:
            with flight:
                with self._lock:
                    if key in self._staying:
                        return self._staying[key]  # type: ignore[return-value]  # as below
                    if key in self._held:
                        self._held.move_to_end(key)
                        return self._held[key][0]  # type: ignore[return-value]  # one key, one maker
                made = make()
                if weigh is None:
                    self._staying[key] = made
                else:
                    self._keep(key, made, _OVERHEAD_BYTES + weigh(made))
                return made
        finally:
            with self._lock:
                self._flights.pop(key, None)

    def clear(self) -> None:
        """Forget every answer."""
        with self._lock:
            self._staying.clear()
            self._held.clear()
            self._weight = 0

    def _keep(self, key: Hashable, made: object, weight: int) -> None:
        with self._lock:
            self._held[key] = made, weight
            self._weight += weight
            while self._weight > self._most:
                _, (_, lighter) = self._held.popitem(last=False)
                self._weight -= lighter


class Remembered:
    """A repository whose content is fetched once per run; tags and lists are asked for once."""

    def __init__(self, inner: Repository, memory: Memory) -> None:
        """Take the repository, and the memory that all repositories of a run share."""
        self._inner = inner
        self._memory = memory

    @property
    def name(self) -> str:
        """What to call it in a message."""
        return self._inner.name

    def tagged(self, tag: str) -> Stored | None:
        """Return the manifest under a tag, and remember it under its digest."""
        stored = self._memory.once(
            ("tag", self.name, tag),
            lambda: self._inner.tagged(tag),
            lambda found: len(found.content) if found else 0,
        )
        if stored is not None:
            self._memory.once(
                ("manifest", self.name, stored.digest), lambda: stored, lambda s: len(s.content)
            )
        return stored

    def untagged(self, tag: str) -> RegistryError:
        """Return what to say of a tag that is not there."""
        return self._inner.untagged(tag)

    def manifest(self, digest: Digest) -> Stored:
        """Return the manifest with a digest."""
        return self._memory.once(
            ("manifest", self.name, digest),
            lambda: self._inner.manifest(digest),
            lambda stored: len(stored.content),
        )

    def blob(self, descriptor: Descriptor) -> bytes:
        """Return the content that a descriptor is about."""
        return self._memory.once(
            ("blob", self.name, descriptor.digest, descriptor.size),
            lambda: self._inner.blob(descriptor),
            len,
        )

    def referrers(self, subject: Digest) -> tuple[Descriptor, ...] | None:
        """Return manifests that say they are about a subject."""
        return self._memory.once(
            ("referrers", self.name, subject),
            lambda: self._inner.referrers(subject),
            lambda found: _ENTRY_BYTES * len(found or ()),
        )

    def companions(self, image: Digest) -> tuple[Digest, ...]:
        """Return manifests that lie beside the image as signatures."""
        return self._inner.companions(image)
