"""A new pass or scan takes the place of older ones that the same signer stored."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Final

from gate.cli.reads.signer import Signer
from gate.cli.writes.standard_error import warn
from gate.errors import RegistryError
from gate.model.evidence import Attached, AttachedKind, Storage, VerifiedAttestation
from gate.model.image import Digest, ResolvedImage
from gate.model.records import dataclass
from gate.pipeline.gather import MAX_PARALLEL
from gate.pipeline.superseded import (
    REPLACEABLE,
    OwnStatement,
    Placed,
    own_statement,
    superseded,
)
from gate.registry.repository import Repositories
from gate.registry.write.remove import Removal, Remover, Spot
from gate.trust.own import own_verifier
from gate.trust.verify import AttachedVerifier

_LOOKED_AT: Final = 16
"""How many of the newest, and of the oldest, are looked at in one run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class New:
    """What this run has just stored."""

    image: ResolvedImage
    bundle: bytes
    predicate_type: str
    manifest: Digest
    """What carries it."""
    layer: Digest | None
    """Its older form; None where it has none."""
    overwritten: Mapping[str, Collection[Digest]]
    """Older forms of the lists that name it, by repository."""


def replace_older(
    every: Sequence[New], registry: Repositories, signer: Signer, now: datetime
) -> int:
    """Take off what new statements supersede; return how many places of it are gone.

    Only what the same signer signed, of the same kind (see `gate.pipeline.superseded`). Raises
    nothing: what is new is stored, and a registry that does not delete leaves the old where it is.
    """
    remover = Remover(registry)

    def find(new: New) -> Removal:
        return Removal(new.image, _superseded(new, remover, signer, now), new.overwritten)

    replaceable = [new for new in every if new.predicate_type in REPLACEABLE]
    try:
        with ThreadPoolExecutor(MAX_PARALLEL) as pool:
            found = list(pool.map(find, replaceable))
        return remover.remove(*found).gone
    except RegistryError as error:
        warn(
            f"older statements beside the image stay there: {error.problem}",
            error.code,
            "`gate prune` takes them off later",
        )
        return 0


def _superseded(new: New, remover: Remover, signer: Signer, now: datetime) -> tuple[Spot, ...]:
    verifier = own_verifier(
        new.bundle, new.image, key=signer.key, trust_config=signer.trust_config, now=now
    )
    attached = Attached(AttachedKind.BUNDLE, new.bundle, Storage.FILE, new.image.digest)
    said = _statement(attached, new.image, verifier, now) if verifier else None
    if verifier is None or said is None:
        return ()
    here = Placed(said, Spot(new.manifest, None))
    older = _older(new, said, remover, verifier, now)
    gone = superseded([here, *older], keep=1, now=now)
    return tuple(spot for spot in gone if spot != here.place)


def _older(
    new: New, said: OwnStatement, remover: Remover, verifier: AttachedVerifier, now: datetime
) -> Iterator[Placed[Spot]]:
    """Yield every statement of the same kind that was made no later than the new one."""
    # What this run has just stored is not fetched again: a scan may have 50 MB.
    new_ones = {new.manifest, *filter(None, (new.layer,))}
    for spot, attached in remover.stored(new.image, {new.predicate_type}, _LOOKED_AT, but=new_ones):
        found = _statement(attached, new.image, verifier, now)
        if found is not None and found.kind == said.kind and found.made < said.made:
            yield Placed(found, spot)


def _statement(
    attached: Attached, image: ResolvedImage, verifier: AttachedVerifier, now: datetime
) -> OwnStatement | None:
    judged = verifier.verify(attached, image)
    return own_statement(judged, now) if isinstance(judged, VerifiedAttestation) else None
