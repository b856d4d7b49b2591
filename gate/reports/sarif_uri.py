"""Paths as SARIF's URI references."""

from __future__ import annotations

import posixpath
from urllib.parse import quote

from gate.reports.neutral import terminal


def uri_of(path: str) -> str:
    """Return a reference from the working folder; `file://` for a path from the root.

    GitHub takes the checkout's path off the latter. Bytes that are no text were no text in
    the path either, and are shown as escapes.
    """
    if path == "<stdin>":
        return "stdin"
    clean = quote(terminal(posixpath.normpath(path)), safe="/")
    return f"file://{clean}" if clean.startswith("/") else clean


def base_of(path: str) -> dict[str, str]:
    """Return the base of a relative path; nothing for one from the root."""
    return {} if path.startswith("/") else {"uriBaseId": "%SRCROOT%"}
