"""How the caller says that registries are to be reached. Nothing here says what is allowed."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Final

from gate.errors import UsageError
from gate.model.image import ImageReference
from gate.model.records import dataclass
from gate.registry.bounds import BOUNDS, Bounds
from gate.registry.codes import Code
from gate.registry.proxies import Proxies

_HUB: Final = "docker.io"
_HUB_ENDPOINT: Final = "registry-1.docker.io"
_REALMS: Final[Mapping[str, frozenset[str]]] = {
    _HUB_ENDPOINT: frozenset(("auth.docker.io",)),
    "registry.gitlab.com": frozenset(("gitlab.com",)),
}
"""Registries whose own token server has another host, as their documentation says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GitHubStore:
    """GitHub's store of attestations, which holds them by the digest of what they are about."""

    api: str
    """`https://api.github.com`, or of an own server `https://HOST/api/v3`. No slash at the end."""
    owners: Mapping[str, str] = field(default_factory=dict)
    """By `registry[/path]`: the account, or `account/repository`, whose attestations count."""
    token: str = field(default="", repr=False)
    """Sent to the host of `api`, and to no other."""

    def owner(self, reference: ImageReference) -> str | None:
        """Return whose attestations are asked for of an image; None where nobody's are.

        Of `ghcr.io/acme/shop` it is `acme`, unless `owners` says another.
        """
        named = longest(self.owners, reference)
        if named is None and reference.registry == "ghcr.io" and "/" in reference.repository:
            return reference.repository.partition("/")[0]
        return named


def longest(by_name: Mapping[str, str], reference: ImageReference) -> str | None:
    """Return the value of the longest key that the name is, or lies below, by whole segments.

    Of `docker.io` and `docker.io/library`, the second for `docker.io/library/nginx`.
    """
    segments = reference.name.split("/")
    names = ("/".join(segments[:length]) for length in range(len(segments), 0, -1))
    return next((by_name[name] for name in names if name in by_name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryConfiguration:
    """Where registries are. A host is written `host` or `host:port` and matches exactly."""

    insecure_hosts: frozenset[str] = frozenset()
    """Asked over plain http, and allowed to be at a private address."""
    private_hosts: frozenset[str] = frozenset()
    """Registries, token servers and mirrors that may be at a private address."""
    realms: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By registry: other hosts that its credentials may be sent to for a token."""
    mirrors: Mapping[str, str] = field(default_factory=dict)
    """By registry: `host[/path]` that is read instead. Policies still match the registry."""
    evidence: Mapping[str, str] = field(default_factory=dict)
    """By `registry[/path]`: the repository that is read besides, and where evidence is written."""
    evidence_at_origin: frozenset[str] = frozenset()
    """Registries with a mirror that are asked themselves what is attached to an image."""
    github: GitHubStore | None = None
    ca_file: Path | None = None
    """PEM certificates that are trusted besides the system's."""
    client_certificate: tuple[Path, Path] | None = None
    """PEM certificate and key, shown to registries that ask."""
    proxies: Proxies = field(default_factory=Proxies)
    bounds: Bounds = BOUNDS

    def origin(self, host: str) -> str:
        """Return `scheme://host` of a host."""
        return f"{'http' if host in self.insecure_hosts else 'https'}://{host}"

    def endpoint(self, reference: ImageReference) -> tuple[str, str]:
        """Return the host to read a repository from, and the repository's path there."""
        mirror = self.mirrors.get(reference.registry)
        if mirror is not None:
            host, _, path = mirror.partition("/")
            return host, f"{path}/{reference.repository}" if path else reference.repository
        return self.home(reference), reference.repository

    def evidence_place(self, reference: ImageReference) -> tuple[str, str] | None:
        """Return host and path of where evidence lies that is not beside the image."""
        place = longest(self.evidence, reference)
        if place is None:
            return None
        host, _, path = place.partition("/")
        return (_HUB_ENDPOINT if host == _HUB else host), path

    def home(self, reference: ImageReference) -> str:
        """Return the host of the registry itself, which is where things are written."""
        return _HUB_ENDPOINT if reference.registry == _HUB else reference.registry

    def may_be_private(self, host: str) -> bool:
        """Whether a host was named as one that is at a private address."""
        return host in self.insecure_hosts or host in self.private_hosts

    def may_hear(self, realm: str, registry: str) -> bool:
        """Whether the token server of a registry may be told the registry's credentials."""
        named = self.realms.get(registry, frozenset()) | _REALMS.get(registry, frozenset())
        return realm == registry or realm in named

    def tls(self) -> ssl.SSLContext:
        """Return how certificates are checked. Raises UsageError on files that are none."""
        try:
            context = ssl.create_default_context()
            if self.ca_file is not None:
                context.load_verify_locations(self.ca_file)
            if self.client_certificate is not None:
                context.load_cert_chain(*self.client_certificate)
        except (OSError, ValueError) as error:
            raise UsageError(
                Code.CERTIFICATE_UNREADABLE,
                f"a certificate for registries cannot be read: {type(error).__name__}",
                remedy="Give PEM files that this user can read.",
            ) from error
        return context
