"""Which of the things that are attached to an image are fetched, and in which order.

What is looked at here is unsigned: it decides what is asked for first, and what is left where it
is because there is so much. It never decides what a thing says or whether it counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeAlias

from gate.predicates import PARSERS
from gate.registry.oci.descriptor import Descriptor

Wanted: TypeAlias = frozenset[str] | None
"""Predicate types that somebody asks for; None where everything is wanted."""

_PREDICATE_TYPE: Final = ("dev.sigstore.bundle.predicateType", "predicateType")
_CREATED: Final = "org.opencontainers.image.created"


def likely_first(entries: Iterable[Descriptor], wanted: Wanted) -> tuple[Descriptor, ...]:
    """Return the entries of a list: what it says is wanted, newest first, and then the rest."""

    def hint(entry: Descriptor) -> tuple[bool, str]:
        return claimed_type(entry) in (wanted or ()), entry.annotations.get(_CREATED, "")

    return tuple(sorted(entries, key=hint, reverse=True))


def chosen(
    entries: Iterable[Descriptor], wanted: Wanted, *, read_all: int
) -> tuple[Descriptor, ...]:
    """Return what to fetch of a list, in the order of `likely_first`.

    That is everything, unless the list has more than `read_all` entries. Then an entry is left out
    that is annotated with a predicate type which gate reads and nobody wants: of 300 passes and a
    scan, where `wanted` are the types of scans, the scan alone. Everybody who can write such an
    annotation can delete the entry too, so that it hides no more than deleting does.
    """
    ordered = likely_first(entries, wanted)
    if wanted is None or len(ordered) <= read_all:
        return ordered
    unwanted = PARSERS.keys() - wanted
    return tuple(entry for entry in ordered if claimed_type(entry) not in unwanted)


def claimed_type(entry: Descriptor) -> str:
    """Return the predicate type that an entry is annotated with; empty where it has no such."""
    return next((t for key in _PREDICATE_TYPE if (t := entry.annotations.get(key))), "")
