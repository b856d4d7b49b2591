"""Patterns as the pages for users tell them."""

from __future__ import annotations

import re


def of_image(pattern: str, name: str) -> bool:
    """Tell whether a name fits: `*` stays inside one path segment, `**` spans them."""
    parts = re.split(r"(\*\*|\*)", pattern)
    wild = {"**": ".*", "*": "[^/]*"}
    return re.fullmatch("".join(wild.get(p, re.escape(p)) for p in parts), name) is not None


def of_identity(pattern: str, subject: str) -> bool:
    """Tell whether an identity fits: `*` crosses neither `/` nor `@`."""
    parts = pattern.split("*")
    return re.fullmatch("[^/@]*".join(map(re.escape, parts)), subject) is not None


def of_repository(allowed: str, name: str) -> bool:
    """Tell whether a name is this repository or below it, by whole path segments."""
    return name == allowed or name.startswith(f"{allowed}/")
