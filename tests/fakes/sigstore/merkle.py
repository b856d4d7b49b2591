"""The Merkle tree of a transparency log, whole in memory. RFC 6962, section 2."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.fakes.sigstore.encoding import sha256


@dataclass(frozen=True, slots=True)
class Inclusion:
    """That a leaf is in a tree of a certain size."""

    index: int
    size: int
    root: bytes
    path: tuple[bytes, ...]


class Tree:
    """A tree that only grows."""

    def __init__(self) -> None:
        """Begin with leaves of others, so that proofs are not empty."""
        self._leaves = [sha256(b"\x00filler %d" % number) for number in range(5)]

    def append(self, body: bytes) -> Inclusion:
        """Add a leaf and prove it in the tree that it completes."""
        self._leaves.append(sha256(b"\x00" + body))
        index, size = len(self._leaves) - 1, len(self._leaves)
        return Inclusion(index, size, tree_root(self._leaves), audit_path(index, self._leaves))


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right)


def _split(leaves: Sequence[bytes]) -> int:
    """Return the largest power of two below the number of leaves."""
    return 1 << ((len(leaves) - 1).bit_length() - 1)


def tree_root(leaves: Sequence[bytes]) -> bytes:
    """Return the root of a tree of these leaves' hashes. RFC 6962, 2.1."""
    if len(leaves) == 1:
        return leaves[0]
    middle = _split(leaves)
    return _node(tree_root(leaves[:middle]), tree_root(leaves[middle:]))


def audit_path(index: int, leaves: Sequence[bytes]) -> tuple[bytes, ...]:
    """Return the audit path of one leaf. RFC 6962, 2.1.1."""
    if len(leaves) == 1:
        return ()
    middle = _split(leaves)
    if index < middle:
        return (*audit_path(index, leaves[:middle]), tree_root(leaves[middle:]))
    return (*audit_path(index - middle, leaves[middle:]), tree_root(leaves[:middle]))
