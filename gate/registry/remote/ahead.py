"""A repository that is asked early for what will be read, all at once where nothing depends.

A reader goes one step after another, as if nothing else happened: what is yielded, in which
order, and which fault is told, is the same as without. Only the waiting is over sooner. An early
answer is given once, a failed one too, so that nothing is asked twice because of it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterable, Iterator
from concurrent.futures import Executor, Future
from contextlib import suppress
from functools import partial
from typing import TypeAlias, TypeVar

from gate.errors import RegistryError
from gate.model.image import Digest, ResolvedImage
from gate.registry.bounds import Bounds
from gate.registry.fetch_order import Wanted, chosen
from gate.registry.oci.contents import is_content, referrers_tag
from gate.registry.oci.descriptor import Descriptor
from gate.registry.oci.manifest import ImageIndex, ImageManifest
from gate.registry.repository import Repository, Stored, parse_stored

T = TypeVar("T")

_Follow: TypeAlias = Callable[[T], "Iterable[_Question]"]
_Question: TypeAlias = tuple[Hashable, int, Callable[[], object]]
"""What is asked, how many bytes its answer has at most, and how to ask."""


class Early:
    """The threads that ask early, and the bytes that they may hold. One for each run."""

    def __init__(self, pool: Executor, most: int) -> None:
        """Take who asks, and how many bytes may wait to be read."""
        self._pool = pool
        self._lock = threading.Lock()
        self._free = most

    def take(self, size: int) -> bool:
        """Whether so many bytes more may be held; then `give` gives them back."""
        with self._lock:
            if size > self._free:
                return False
            self._free -= size
            return True

    def give(self, size: int) -> None:
        """Hold so many bytes less."""
        with self._lock:
            self._free += size

    def submit(self, call: Callable[[], T]) -> Future[T]:
        """Ask when a thread is free."""
        return self._pool.submit(call)

    def close(self) -> None:
        """Ask nothing more, and wait for what is under way."""
        self._pool.shutdown(cancel_futures=True)


class Ahead:
    """One repository, read for one image. Its maker closes it."""

    def __init__(
        self, inner: Repository, early: Early, bounds: Bounds, wanted: Wanted = None
    ) -> None:
        """Take the repository, which remembers what it was asked, and which types are read."""
        self._inner = inner
        self._early = early
        self._bounds = bounds
        self._wanted = wanted
        self._lock = threading.Lock()
        self._asked: dict[Hashable, tuple[Future[object], int]] = {}
        self._known: set[Hashable] = set()
        self._later: list[_Question] = []
        self._closed = False

    # what will be read

    def expect_attached(self, image: ResolvedImage) -> None:
        """Ask for every list of what is attached to an image, and then for what they list."""
        subjects = image.digests
        # Its answer tells whether there is such an API, so that the others are asked after it.
        self._expect([self._referrers(image.digest, [d for d in subjects if d != image.digest])])
        for suffix in ("", ".sig", ".att"):
            self._expect(self._tag(f"{referrers_tag(subject)}{suffix}") for subject in subjects)

    def expect_configurations(self, digests: Iterable[Digest]) -> None:
        """Ask for the manifests of platforms, and then for their configurations."""
        most = self._bounds.early_bytes
        self._expect(self._manifest(digest, most, self._configuration) for digest in digests)

    # what is read

    @property
    def name(self) -> str:
        """What to call it in a message."""
        return self._inner.name

    def tagged(self, tag: str) -> Stored | None:
        """Return the manifest under a tag; None only where the answer is that there is none."""
        return self._take(("tag", tag), lambda: self._inner.tagged(tag))

    def untagged(self, tag: str) -> RegistryError:
        """Return what to say of a tag that is not there."""
        return self._inner.untagged(tag)

    def manifest(self, digest: Digest) -> Stored:
        """Return the manifest with a digest."""
        return self._take(("manifest", digest), lambda: self._inner.manifest(digest))

    def blob(self, descriptor: Descriptor) -> bytes:
        """Return the content that a descriptor is about."""
        key = ("blob", descriptor.digest, descriptor.size)
        return self._take(key, lambda: self._inner.blob(descriptor))

    def referrers(self, subject: Digest) -> tuple[Descriptor, ...] | None:
        """Return what is listed as being about a subject; None where it cannot tell."""
        return self._take(("referrers", subject), lambda: self._inner.referrers(subject))

    def companions(self, image: Digest) -> tuple[Digest, ...]:
        """Return manifests that lie beside the image as signatures."""
        return self._inner.companions(image)

    def close(self) -> None:
        """Ask nothing more, and hold nothing."""
        with self._lock:
            self._closed = True
            self._later.clear()
            asked, self._asked = list(self._asked.values()), {}
        for future, size in asked:
            future.cancel()
            self._early.give(size)

    # what follows from an answer

    def _referrers(self, subject: Digest, then: Iterable[Digest] = ()) -> _Question:
        def ask() -> object:
            found = self._inner.referrers(subject)
            if found is not None:
                self._expect([*self._entries(found), *map(self._referrers, then)])
            return found

        return ("referrers", subject), self._bounds.early_bytes, ask

    def _tag(self, tag: str) -> _Question:
        def ask() -> object:
            stored = self._inner.tagged(tag)
            if stored is not None:
                self._expect(self._contents(stored))
            return stored

        return ("tag", tag), self._bounds.early_bytes, ask

    def _manifest(self, digest: Digest, size: int, follow: _Follow[Stored]) -> _Question:
        def ask() -> object:
            stored = self._inner.manifest(digest)
            self._expect(follow(stored))
            return stored

        return ("manifest", digest), size, ask

    def _blob(self, descriptor: Descriptor) -> _Question:
        key = ("blob", descriptor.digest, descriptor.size)
        return key, descriptor.size, lambda: self._inner.blob(descriptor)

    def _contents(self, stored: Stored) -> Iterator[_Question]:
        manifest = parse_stored(stored, what=self.name, bounds=self._bounds)
        if isinstance(manifest, ImageIndex):
            yield from self._entries(manifest.manifests)
        else:
            layers = chosen(manifest.layers, self._wanted, read_all=self._bounds.read_all)
            yield from (self._blob(layer) for layer in layers if is_content(layer))

    def _entries(self, entries: Iterable[Descriptor]) -> Iterator[_Question]:
        for entry in chosen(entries, self._wanted, read_all=self._bounds.read_all):
            yield self._manifest(entry.digest, entry.size, self._contents)

    def _configuration(self, stored: Stored) -> Iterator[_Question]:
        manifest = parse_stored(stored, what=self.name, bounds=self._bounds)
        most = self._bounds.configuration_bytes
        if isinstance(manifest, ImageManifest) and manifest.config.size <= most:
            yield self._blob(manifest.config)

    # how it is asked

    def _expect(self, questions: Iterable[_Question]) -> None:
        """Ask what is small enough, within the bounds, and the rest as these are read."""
        with suppress(RegistryError):  # whoever reads it says what is wrong with it
            fitting = [q for q in questions if q[1] <= self._bounds.early_bytes]
            with self._lock:
                self._later += fitting[: self._bounds.entries]
            self._advance()

    def _advance(self) -> None:
        with self._lock:
            while self._later and not self._closed and len(self._asked) < self._bounds.early:
                key, size, ask = self._later[0]
                if key in self._known:
                    del self._later[0]
                    continue
                if not self._early.take(size):
                    return
                del self._later[0]
                self._known.add(key)
                self._asked[key] = self._early.submit(partial(_short, ask, size)), size

    def _take(self, key: Hashable, ask: Callable[[], T]) -> T:
        """Return the early answer to a question, or ask now; an early failure is raised."""
        with self._lock:
            self._known.add(key)
            future, size = self._asked.pop(key, (None, 0))
        self._advance()
        if future is None or future.cancel():
            self._early.give(size)
            return ask()
        try:
            return future.result()  # type: ignore[return-value]  # of the question of this key
        except _LongAnswer:
            return ask()
        finally:
            self._early.give(size)


class _LongAnswer(Exception):  # noqa: N818  # no error: it is read when it is read
    """The answer is longer than its list says, and is not held until it is read."""


def _short(ask: Callable[[], object], most: int) -> object:
    answer = ask()
    content = answer.content if isinstance(answer, Stored) else b""
    if len(content) > most:
        raise _LongAnswer
    return answer
