"""The set of things that one run judges together."""

from __future__ import annotations

from dataclasses import dataclass

from gate.model.image import Digest


@dataclass(frozen=True, slots=True, order=True)
class ReleaseImage:
    """One image of a release, by what runs: repository and digest."""

    repository: str
    """`registry/repository` in canonical form, without tag."""
    digest: Digest

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


@dataclass(frozen=True, slots=True)
class Release:
    """Every image and every manifest object of one run, sorted and without repeats."""

    images: tuple[ReleaseImage, ...]
    objects: tuple[ReleaseObject, ...]
    digest: Digest
    """SHA-256 of the RFC 8785 JSON of both lists."""
