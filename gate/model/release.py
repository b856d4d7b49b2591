"""The set of things that one run judges together."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Any

from gate.model.image import Digest
from gate.model.records import dataclass


@dataclass(frozen=True, slots=True, order=True)
class ReleaseImage:
    """One image of a release, by what runs: repository and digest."""

    repository: str
    """`registry/repository` in canonical form, without tag."""
    digest: Digest

    @classmethod
    def parse(cls, pinned: str) -> ReleaseImage:
        """Read `registry/repository@sha256:…`. Raises ValueError."""
        repository, _, digest = pinned.rpartition("@")
        if not repository:
            msg = f"not an image pinned to its digest: {pinned!r}"
            raise ValueError(msg)
        return cls(repository, Digest.parse(digest))

    def __str__(self) -> str:
        """Return `registry/repository@sha256:…`."""
        return f"{self.repository}@{self.digest}"


@dataclass(frozen=True, slots=True, order=True)
class ReleaseObject:
    """One Kubernetes object of a release, by the digest of its canonical form."""

    name: str
    """`namespace/Kind/name`, for people."""
    digest: Digest
    """SHA-256 of the RFC 8785 JSON of the object, its images pinned to digests."""
    value: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """The object itself, each image as `registry/repository@sha256:…`; empty where it is not
    known. It is no part of what makes two objects one."""


@dataclass(frozen=True, slots=True)
class Release:
    """Every image and every manifest object of one run, sorted and without repeats."""

    images: tuple[ReleaseImage, ...]
    objects: tuple[ReleaseObject, ...]
    digest: Digest
    """SHA-256 of the RFC 8785 JSON of both lists."""
    stored: bool = False
    """Whether the objects are as a cluster stores them, with all that its API server fills in, so
    that their digests are not those of the declared ones."""


def release_of(
    images: Iterable[ReleaseImage], objects: Iterable[ReleaseObject], *, stored: bool = False
) -> Release:
    """Return the release of these images and objects, in any order they come.

    The digest is over `{"images": […], "objects": […]}`: the images' pinned names and the
    objects' digests, each list sorted and without repeats.
    """
    kept = tuple(sorted(set(images)))
    named = tuple(sorted(set(objects)))
    value = {
        "images": [str(image) for image in kept],
        "objects": sorted({str(o.digest) for o in named}),
    }
    # Of ASCII strings alone, this is what RFC 8785 prescribes.
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    digest = Digest(hashlib.sha256(canonical.encode()).hexdigest())
    return Release(kept, named, digest, stored)


NO_RELEASE = release_of((), ())
"""Of evidence that is gathered before the run knows its release."""
