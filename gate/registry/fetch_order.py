"""Which of the things that hang on an image to fetch first. Unsigned, so it decides no more."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from gate.model.image import Digest
from gate.predicates.verification_summary import TYPES
from gate.registry.oci.descriptor import Descriptor

_PREDICATE_TYPE: Final = "dev.sigstore.bundle.predicateType"
_CREATED: Final = "org.opencontainers.image.created"


def likely_first(entries: Iterable[Descriptor]) -> tuple[Digest, ...]:
    """Return each digest once: what its annotations call a pass, newest first, then the rest."""
    return tuple(dict.fromkeys(e.digest for e in sorted(entries, key=_hint, reverse=True)))


def _hint(entry: Descriptor) -> tuple[bool, str]:
    is_pass = entry.annotations.get(_PREDICATE_TYPE) in TYPES
    return is_pass, entry.annotations.get(_CREATED, "") if is_pass else ""
