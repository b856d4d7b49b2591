"""Container image names and digests.

Grammar: https://github.com/distribution/reference, as the OCI distribution
spec uses it. Docker Hub shorthand is expanded once, here, so that the rest of
gate only ever compares full names.
"""

from __future__ import annotations

import hashlib
import ipaddress
from typing import Final

from gate.model.expressions import expression
from gate.model.records import dataclass

_HEX: Final = expression(r"[0-9a-f]{64}")
_SEGMENT: Final = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_PATH: Final = expression(rf"{_SEGMENT}(?:/{_SEGMENT})*")
_TAG: Final = expression(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_HOST: Final = expression(rf"({_LABEL}(?:\.{_LABEL})*|\[[0-9a-f:]+\])(?::([0-9]{{1,5}}))?")
_LONGEST_PATH: Final = 255
_LONGEST_HOST: Final = 253
_LAST_PORT: Final = 65535
_HTTPS: Final = 443
_HUB: Final = "docker.io"
_HUB_ALIAS: Final = "index.docker.io"
_NOT_NAMES: Final = frozenset(
    (
        *("sha256", "sha512", "http", "https", "file", "oci", "oci-archive", "ocidir", "ocifile"),
        *("docker-archive", "docker-daemon", "containers-storage"),
    )
)
"""What is before a colon in image ids and other tools' transports, never an image of ours."""


@dataclass(frozen=True, slots=True, order=True)
class Digest:
    """A SHA-256 digest. An instance is always well formed.

    >>> str(Digest.of(b""))[:19]
    'sha256:e3b0c44298fc'
    >>> Digest.parse("sha512:00")
    Traceback (most recent call last):
    ValueError: unsupported digest algorithm: 'sha512:00'
    """

    hex: str
    """64 lowercase hexadecimal digits, without the algorithm."""

    def __post_init__(self) -> None:
        """Refuse anything but 64 lowercase hexadecimal digits."""
        if not _HEX.fullmatch(self.hex):
            msg = f"not a sha256 digest: {_clipped(self.hex)}"
            raise ValueError(msg)

    @classmethod
    def parse(cls, text: str) -> Digest:
        """Read `sha256:<hex>`. Raises ValueError on any other algorithm."""
        algorithm, _, digits = text.partition(":")
        if algorithm != "sha256":
            msg = f"unsupported digest algorithm: {_clipped(text)}"
            raise ValueError(msg)
        return cls(digits)

    @classmethod
    def of(cls, content: bytes) -> Digest:
        """Return the digest of some bytes."""
        return cls(hashlib.sha256(content).hexdigest())

    def __str__(self) -> str:
        """Return `sha256:<hex>`, the inverse of parse."""
        return f"sha256:{self.hex}"


@dataclass(frozen=True, slots=True)
class ImageReference:
    """An image as a manifest names it, with every default filled in. Always well formed.

    >>> str(ImageReference.parse("nginx"))
    'docker.io/library/nginx'
    >>> ImageReference.parse("ghcr.io/acme/shop:1.4").tag
    '1.4'
    """

    registry: str
    """`host` or `host:port`: lower case, an IPv6 address in brackets, never `:443`."""
    repository: str
    tag: str | None = None
    digest: Digest | None = None

    def __post_init__(self) -> None:
        """Refuse parts that are not in canonical form: URLs are built from them."""
        if (
            _canonical_host(self.registry) != self.registry
            or not _PATH.fullmatch(self.repository)
            or len(self.repository) > _LONGEST_PATH
            or (self.tag is not None and not _TAG.fullmatch(self.tag))
        ):
            name = f"{self.registry}/{self.repository}:{self.tag}"
            msg = f"not an image reference: {_clipped(name)}"
            raise ValueError(msg)

    @classmethod
    def parse(cls, text: str) -> ImageReference:
        """Read `[registry/]repository[:tag][@digest]`.

        Both tag and digest are kept: the digest decides what runs, the tag is
        what people read. Raises ValueError when the text is not a reference,
        and also for what other tools read and gate does not: image ids, transports
        (`oci:`), digests other than sha256, and hosts of one upper-case label, whose
        canonical form could not be told from a Docker Hub path.
        """
        name, at, digest = text.partition("@")
        host, path = _split_host(name)
        path, colon, tag = path.partition(":")
        local = _HEX.fullmatch(name) or (colon and host is None and path in _NOT_NAMES)
        if local or (colon and not tag):
            msg = f"not an image reference: {_clipped(text)}"
            raise ValueError(msg)
        registry = _HUB if host is None else _canonical_host(host)
        if registry == _HUB and "/" not in path:
            path = f"library/{path}"
        return cls(registry, path, tag or None, Digest.parse(digest) if at else None)

    @property
    def name(self) -> str:
        """`registry/repository`, without tag and digest."""
        return f"{self.registry}/{self.repository}"

    @property
    def order(self) -> tuple[str, str, str, str]:
        """What references are sorted by: a name without a tag, or without a digest, comes first.

        A tag or digest that is absent does not compare with one that is there, so that the
        fields themselves have no order: `shop`, `shop@sha256:…`, `shop:1.0`.
        """
        digest = self.digest.hex if self.digest else ""
        return (self.registry, self.repository, self.tag or "", digest)

    def __str__(self) -> str:
        """Return the full name, the inverse of parse."""
        tag = f":{self.tag}" if self.tag else ""
        digest = f"@{self.digest}" if self.digest else ""
        return f"{self.name}{tag}{digest}"


def _clipped(text: str) -> str:
    """Return foreign text as a literal, no longer than a name is long."""
    return repr(text if len(text) <= _LONGEST_PATH else f"{text[:_LONGEST_PATH]}…")


def _split_host(name: str) -> tuple[str | None, str]:
    """Tell a host from a Docker Hub path as distribution/reference does."""
    head, slash, rest = name.partition("/")
    is_host = head == "localhost" or not {".", ":"}.isdisjoint(head) or head != head.lower()
    return (head, rest) if slash and is_host else (None, name)


def _canonical_host(text: str) -> str:
    """Return the one spelling of `host[:port]`. Raises ValueError where there is none."""
    form = _HOST.fullmatch(text.lower()) if text.isascii() else None
    if form is None or len(form[1]) > _LONGEST_HOST or not 0 < int(form[2] or 1) <= _LAST_PORT:
        msg = f"not a registry host: {_clipped(text)}"
        raise ValueError(msg)
    host = form[1]
    if host.startswith("["):
        host = f"[{_ipv6(host[1:-1])}]"
    qualified = "." in host or host.startswith("[") or host == "localhost"
    port = int(form[2] or _HTTPS)
    if not qualified and form[2] is None:
        msg = f"a registry host has a dot or a port: {_clipped(text)}"
        raise ValueError(msg)
    bare = _HUB if host == _HUB_ALIAS and port == _HTTPS else host
    return bare if qualified and port == _HTTPS else f"{bare}:{port}"


def _ipv6(text: str) -> ipaddress.IPv6Address:
    try:
        address: ipaddress.IPv6Address | None = ipaddress.IPv6Address(text)
    except ValueError:
        address = None
    if address is None or address.ipv4_mapped:  # which Python writes in two ways
        msg = f"not a registry host: {_clipped(text)}"
        raise ValueError(msg)
    return address


@dataclass(frozen=True, slots=True, order=True)
class Platform:
    """What a platform manifest runs on."""

    os: str
    architecture: str
    variant: str = ""

    def __str__(self) -> str:
        """Return `os/architecture[/variant]`, or `unspecified` where the index says nothing."""
        return "/".join(filter(None, (self.os, self.architecture, self.variant))) or "unspecified"


@dataclass(frozen=True, slots=True, order=True)
class PlatformManifest:
    """One runnable image of an index. `unknown/unknown` entries are never one."""

    platform: Platform
    digest: Digest


@dataclass(frozen=True, slots=True)
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
        return self.reference.name

    @property
    def order(self) -> tuple[tuple[str, ...], Digest, tuple[PlatformManifest, ...]]:
        """What images are sorted by: the reference, then what it resolved to."""
        return (self.reference.order, self.digest, self.platforms)

    def __str__(self) -> str:
        """Return the name pinned to its digest."""
        return f"{self.repository}@{self.digest}"
