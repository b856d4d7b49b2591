"""Which pattern of a policy an image misses by little, and how it would be written to match."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from typing import Final

from gate.model.image import ImageReference
from gate.model.records import dataclass
from gate.policy.match import ImagePattern

MAX_COMPARED: Final = 100
"""The most patterns that are compared letter by letter: a long policy costs no time here."""
_LIKE: Final = 0.8
_HUB: Final = ("index.docker.io/", "registry-1.docker.io/", "registry.hub.docker.com/")


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A pattern that does not match an image, and nearly does."""

    text: str
    """The pattern as the policy has it."""
    corrected: str | None
    """What would match the image; None where the pattern is only spelt alike."""


def near_miss(reference: ImageReference, patterns: Sequence[ImagePattern]) -> NearMiss | None:
    """Return the first pattern that misses the image by its form, else the one most alike.

    `ghcr.io/acme` misses `ghcr.io/acme/shop` by its form: `ghcr.io/acme/**` matches it.
    """
    for pattern in patterns:
        for corrected in _corrections(pattern.text):
            if _matches(corrected, reference):
                return NearMiss(pattern.text, corrected)
    texts = {p.text.removesuffix("/**").removesuffix("/*"): p.text for p in patterns[:MAX_COMPARED]}
    parents = reference.name.split("/")
    names = ["/".join(parents[:count]) for count in range(len(parents), 1, -1)]
    for name in names:
        for like in difflib.get_close_matches(name, texts, n=1, cutoff=_LIKE):
            return NearMiss(texts[like], None)
    return None


def _corrections(text: str) -> Iterator[str]:
    """Yield what else a pattern may have been meant to be, the narrowest first."""
    host, slash, path = text.partition("/")
    for hub in _HUB:
        if text.startswith(hub):
            yield f"docker.io/{text.removeprefix(hub)}"
            yield f"docker.io/library/{text.removeprefix(hub)}"
    if host == "docker.io" and slash and "/" not in path:
        yield f"docker.io/library/{path}"
    for wildcard in ("/**", "/*"):
        if text.endswith(wildcard):
            yield text.removesuffix(wildcard)
    if text.endswith("/*"):
        yield f"{text}*"
    if not text.endswith("*"):
        yield f"{text}/**"


def _matches(text: str, reference: ImageReference) -> bool:
    try:
        return ImagePattern(text).matches(reference)
    except ValueError:
        return False
