"""Proxies, as the environment names them for every tool."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping

from gate.model.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxies:
    """Which proxy to use for what. Without any, every connection is direct."""

    https: str = ""
    http: str = ""
    exempt: tuple[str, ...] = ()
    """Hosts, `.suffixes`, addresses and networks that are reached directly; `*` is all."""

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Proxies:
        """Read HTTPS_PROXY, http_proxy, ALL_PROXY and NO_PROXY; lower case wins.

        HTTP_PROXY in upper case is ignored, as curl does: a CGI request can set it.
        """
        every = environ.get("all_proxy") or environ.get("ALL_PROXY") or ""
        exempt = environ.get("no_proxy") or environ.get("NO_PROXY") or ""
        return cls(
            https=environ.get("https_proxy") or environ.get("HTTPS_PROXY") or every,
            http=environ.get("http_proxy") or every,
            exempt=tuple(filter(None, (entry.strip().lower() for entry in exempt.split(",")))),
        )

    def choose(self, scheme: str, host: str, port: int) -> str | None:
        """Return the proxy's URL; None to connect directly."""
        proxy = self.https if scheme == "https" else self.http
        direct = any(_fits(entry, host.lower(), port) for entry in self.exempt)
        return None if direct or not proxy else proxy


def _fits(entry: str, host: str, port: int) -> bool:
    if entry in ("*", f"{host}:{port}"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")) in ipaddress.ip_network(entry, strict=False)
    except ValueError:
        suffix = entry.removeprefix("*").removeprefix(".")
        return host == suffix or host.endswith(f".{suffix}")
