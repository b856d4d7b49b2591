"""Container image names and digests.

Grammar: https://github.com/distribution/reference, as the OCI distribution
spec uses it. Docker Hub shorthand is expanded once, here, so that the rest of
gate only ever compares full names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_HEX = re.compile(r"[0-9a-f]{64}")
_PATH = re.compile(
    r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*"
)
_TAG = re.compile(r"\w[\w.-]{0,127}", re.ASCII)
_HUB = "docker.io"


@dataclass(frozen=True, slots=True, order=True)
class Digest:
    """A SHA-256 digest. An instance is always well formed."""

    hex: str
    """64 lowercase hexadecimal digits, without the algorithm."""

    def __post_init__(self) -> None:
        """Refuse anything but 64 lowercase hexadecimal digits."""
        if not _HEX.fullmatch(self.hex):
            msg = f"not a sha256 digest: {self.hex!r}"
            raise ValueError(msg)

    @classmethod
    def parse(cls, text: str) -> Digest:
        """Read `sha256:<hex>`. Raises ValueError on any other algorithm."""
        algorithm, _, digits = text.partition(":")
        if algorithm != "sha256":
            msg = f"unsupported digest algorithm: {text!r}"
            raise ValueError(msg)
        return cls(digits)

    def __str__(self) -> str:
        """Return `sha256:<hex>`, the inverse of parse."""
        return f"sha256:{self.hex}"


@dataclass(frozen=True, slots=True, order=True)
class ImageReference:
    """An image as a manifest names it, with every default filled in."""

    registry: str
    repository: str
    tag: str | None = None
    digest: Digest | None = None

    @classmethod
    def parse(cls, text: str) -> ImageReference:
        """Read `[registry/]repository[:tag][@digest]`.

        Both tag and digest are kept: the digest decides what runs, the tag is
        what people read. Raises ValueError when the text is not a reference.
        """
        name, at, digest = text.partition("@")
        head, slash, rest = name.partition("/")
        if slash and (head == "localhost" or "." in head or ":" in head):
            registry, path = head, rest
        else:
            registry, path = _HUB, name
        path, colon, tag = path.partition(":")
        if registry == _HUB and "/" not in path:
            path = f"library/{path}"
        if not _PATH.fullmatch(path) or (colon and not _TAG.fullmatch(tag)):
            msg = f"not an image reference: {text!r}"
            raise ValueError(msg)
        return cls(registry, path, tag or None, Digest.parse(digest) if at else None)

    def __str__(self) -> str:
        """Return the full name, the inverse of parse."""
        tag = f":{self.tag}" if self.tag else ""
        digest = f"@{self.digest}" if self.digest else ""
        return f"{self.registry}/{self.repository}{tag}{digest}"


@dataclass(frozen=True, slots=True, order=True)
class Platform:
    """What a platform manifest runs on."""

    os: str
    architecture: str
    variant: str = ""

    def __str__(self) -> str:
        """Return `os/architecture[/variant]`."""
        return "/".join(filter(None, (self.os, self.architecture, self.variant)))


@dataclass(frozen=True, slots=True, order=True)
class PlatformManifest:
    """One runnable image of an index. `unknown/unknown` entries are never one."""

    platform: Platform
    digest: Digest


@dataclass(frozen=True, slots=True, order=True)
class ResolvedImage:
    """A reference and the digest that the registry holds for it."""

    reference: ImageReference
    digest: Digest
    """Of the index, or of the manifest where there is no index."""
    platforms: tuple[PlatformManifest, ...] = ()
    """The runnable images of the index, sorted; empty where there is no index."""

    @property
    def digests(self) -> tuple[Digest, ...]:
        """The image's own digest, then its platforms'."""
        return (self.digest, *(p.digest for p in self.platforms))

    @property
    def repository(self) -> str:
        """`registry/repository` in canonical form."""
        return f"{self.reference.registry}/{self.reference.repository}"

    def __str__(self) -> str:
        """Return the name pinned to its digest."""
        return f"{self.repository}@{self.digest}"
