"""Oracles of what SBOMs and scans say of packages: purls, versions, licences; and of Snappy."""

from __future__ import annotations

from typing import Final

from gate.packages.licenses import allowed, forbidden
from gate.packages.purl import Purl
from gate.packages.ranges import PackagePattern
from gate.packages.versions import ORDERS, compare
from gate.registry.elsewhere.snappy import uncompress

KINDS: Final = tuple(ORDERS)
"""Types of packages, of which the first byte of an input chooses one."""
_ONLY: Final = frozenset({"MIT", "Apache-2.0"})
_BANNED: Final = frozenset({"AGPL-3.0-only", "GPL-2.0-only"})
_MOST: Final = 1 << 16


def purl(data: bytes) -> bool:
    """Hold that a package that is read is itself, and that a pattern of it covers it."""
    text = data.decode("utf-8", "replace")
    try:
        read = Purl.parse(text)
    except ValueError:
        return False
    assert read.covers_build(read)
    try:
        pattern = PackagePattern.parse(text)
    except ValueError:
        return True
    assert pattern.bounds or pattern.matches(read)
    return True


def versions(data: bytes) -> bool:
    """Hold that two versions are in one order, whichever is asked about first."""
    kind = KINDS[data[0] % len(KINDS)] if data else KINDS[0]
    one, _, other = data[1:].decode("utf-8", "replace").partition("\0")
    try:
        order = compare(kind, one, other)
    except ValueError:
        order = None
    try:
        back = compare(kind, other, one)
    except ValueError:
        back = None
    assert order is None or order in {-1, 0, 1}
    assert back == (None if order is None else -order)
    return order is not None


def licence(data: bytes) -> bool:
    """Hold that no licence is allowed that is forbidden too."""
    text = data.decode("utf-8", "replace")
    taken, refused = allowed(text, _ONLY), forbidden(text, _BANNED)
    assert not (taken and refused)
    return taken or refused


def snappy(data: bytes) -> bool:
    """Hold that what is unpacked is bounded."""
    try:
        read = uncompress(data, most=_MOST)
    except ValueError:
        return False
    assert len(read) <= _MOST
    return True
