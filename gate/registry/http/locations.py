"""URLs that come from outside, and what credentials belong to."""

from __future__ import annotations

from typing import Final

import httpx

_LONGEST_URL: Final = 8192
_LAST_PORT: Final = 65535


def origin(url: httpx.URL) -> tuple[str, str, int]:
    """Return scheme, host and port: what credentials belong to."""
    return url.scheme, url.host, url.port or (443 if url.scheme == "https" else 80)


def authority(url: httpx.URL) -> str:
    """Return `host[:port]`, the port only where it is not the scheme's own."""
    host = f"[{url.host}]" if ":" in url.host else url.host
    return f"{host}:{url.port}" if url.port else host


def join(base: httpx.URL, location: str) -> httpx.URL | None:
    """Return the URL that a header leads to; None unless it is a plain http(s) URL."""
    if not location or len(location) > _LONGEST_URL or not location.isascii():
        return None
    try:
        target = base.join(location)
    except (httpx.InvalidURL, ValueError, TypeError):
        return None
    plain = target.scheme in ("https", "http") and target.host and not target.userinfo
    valid_port = target.port is None or 0 < target.port <= _LAST_PORT
    return target if plain and valid_port and "\\" not in location else None
