"""Inclusion proofs in Merkle trees.

https://www.rfc-editor.org/rfc/rfc9162#section-2.1.3
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from gate.trust.refusal import Reason, Refusal


def leaf_hash(body: bytes) -> bytes:
    """Return the hash of a leaf."""
    return hashlib.sha256(b"\x00" + body).digest()


def root_of(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """Return the root to which a proof leads from the leaf. Raises Refusal.

    `index` counts from 0 in a tree of `size` leaves; `path` is the siblings from the leaf up.
    """
    if not 0 <= index < size:
        raise Refusal(Reason.LOG_ENTRY_INVALID, f"leaf {index} is not in a tree of {size} leaves")
    inner = (index ^ (size - 1)).bit_length()
    border = (index >> inner).bit_count()
    if len(path) != inner + border:
        message = f"an inclusion proof has {inner + border} hashes here, and this has {len(path)}"
        raise Refusal(Reason.LOG_ENTRY_INVALID, message)
    node = leaf
    for level, sibling in enumerate(path):
        left = level >= inner or (index >> level) & 1
        node = _node(sibling, node) if left else _node(node, sibling)
    return node


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
