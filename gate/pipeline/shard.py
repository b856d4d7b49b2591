"""Which images of a run fall to which shard, and what all shards of one run have in common. Pure.

Of a run in N parts each part looks at the images that fall to it, and nobody tells anybody: every
part finds out by itself (rendezvous hashing). The same images in N + 1 parts stay where they are,
but for one of N + 1.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Final

from gate.model.expressions import expression
from gate.model.image import Digest, ImageReference
from gate.model.records import dataclass

MOST: Final = 1000
"""The most shards of a run."""
_FORM: Final = expression(r"([1-9][0-9]{0,3})/([1-9][0-9]{0,3})")


@dataclass(frozen=True, slots=True, order=True)
class Shard:
    """One part of a run.

    >>> Shard.parse("3/8")
    Shard(index=3, of=8)
    """

    index: int
    """From 1."""
    of: int

    def __post_init__(self) -> None:
        """Refuse a part that is not one of so many."""
        if not 1 <= self.index <= self.of <= MOST:
            msg = f"not a shard: {self.index}/{self.of}"
            raise ValueError(msg)

    @classmethod
    def parse(cls, text: str) -> Shard:
        """Read `I/N`, such as `3/8`. Raises ValueError."""
        form = _FORM.fullmatch(text)
        if form is None:
            msg = f"not a shard: {text!r}"
            raise ValueError(msg)
        return cls(int(form[1]), int(form[2]))

    def holds(self, reference: ImageReference) -> bool:
        """Whether an image falls to this shard."""
        return shard_of(reference, self.of) == self.index

    def __str__(self) -> str:
        """Return `I/N`, the inverse of parse."""
        return f"{self.index}/{self.of}"


def shard_of(reference: ImageReference, of: int) -> int:
    """Return the number of the shard that an image falls to, from 1.

    By its digest, so that every name of one digest falls to one shard; a name without a digest
    falls by itself, because to resolve it would ask for every image in every shard.
    """
    key = str(reference.digest or reference).encode()
    return max(range(1, of + 1), key=lambda i: hashlib.sha256(b"%d " % i + key).digest())


def plan_digest(
    *,
    policy: Digest,
    roots: Iterable[Digest],
    tool: str,
    of: int,
    images: Iterable[str],
    files: Mapping[str, bytes],
    bundles: Iterable[bytes],
) -> Digest:
    """Return what all shards of one run share: policy, roots, tool, number, and what is judged.

    `files` are the manifests by name, `bundles` what files hold that counts as attached.
    """
    value = {
        "policy": str(policy),
        "roots": sorted(map(str, roots)),
        "tool": tool,
        "of": of,
        "images": sorted(set(images)),
        "files": {
            # A file name of bytes that are no text holds surrogates.
            name.encode(errors="surrogatepass").hex(): str(Digest.of(content))
            for name, content in files.items()
        },
        "bundles": sorted(str(Digest.of(content)) for content in bundles),
    }
    return Digest.of(json.dumps(value, sort_keys=True, separators=(",", ":")).encode())
