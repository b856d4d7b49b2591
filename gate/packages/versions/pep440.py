"""Versions of Python packages, by `packaging`: docs/decisions/0020-versions-as-their-ecosystem.md.

https://packaging.python.org/en/latest/specifications/version-specifiers/

`1.0.dev1 < 1.0a1 < 1.0rc1.dev1 < 1.0rc1 < 1.0 < 1.0+acme.1 < 1.0.post1.dev1 < 1.0.post1 < 1!0.1`.
"""

from __future__ import annotations

from packaging.version import InvalidVersion, Version

from gate.packages.versions.refusal import no_version


def compare(one: str, other: str) -> int:
    """Return -1, 0 or 1. Raises ValueError."""
    left, right = _version(one), _version(other)
    return (left > right) - (left < right)


def _version(text: str) -> Version:
    try:
        return Version(text)
    except InvalidVersion as error:
        raise no_version(text, "PEP 440") from error
