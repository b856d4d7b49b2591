"""How the caller says that registries are to be reached. Nothing here says what is allowed."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from gate.errors import UsageError
from gate.model.image import ImageReference
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
