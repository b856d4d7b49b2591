"""What is proven about each image."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import replace
from functools import partial
from typing import Protocol, TypeAlias, TypeVar

from gate.errors import RegistryError
from gate.model.evidence import (
    Attached,
    ImageEvidence,
    PlaceNote,
    Rejection,
    Storage,
    Unavailable,
    Unread,
    VerifiedAttestation,
)
from gate.model.image import ImageReference, ResolvedImage
from gate.model.predicates import Predicate
from gate.model.review import ReviewedImage
from gate.pipeline.evaluate import crash
from gate.registry.attempt import Told
from gate.registry.fetch_order import Wanted
from gate.registry.interface import Registry

T = TypeVar("T")

MAX_PARALLEL = 32
"""Images looked at together. How much a registry is asked at once is bounded by host."""


_LEGACY = (Storage.SIG_TAG, Storage.ATT_TAG)


Progress: TypeAlias = Callable[[ImageReference], None]
"""Is told each image before it is asked for. Called from several threads."""


def tell_nobody(reference: ImageReference) -> None:
    """Say nothing of an image that is asked for."""
    del reference


class Verifier(Protocol):
    """Turns unverified bytes into something proven."""

    def verify(
        self, attached: Attached, image: ResolvedImage
    ) -> VerifiedAttestation[Predicate] | Rejection:
        """Verify what is attached to an image. Never raises on any bytes."""


def gather_all(
    images: Iterable[ReviewedImage],
    stopped: Collection[str],
    configured: Collection[str],
    registry: Registry,
    verifier: Verifier,
    *,
    wanted: Callable[[ReviewedImage], Wanted],
    then: Callable[[ReviewedImage], T],
    progress: Progress = tell_nobody,
) -> list[T]:
    """Gather the evidence of every image that its name does not already block, in their order.

    `wanted` says which predicate types the checks of an image look for. `then` makes of each image,
    as soon as its evidence is there, what is kept of it. It is called from several threads.
    """

    def look(image: ReviewedImage) -> T:
        if image.reference is None or image.name in stopped:
            return then(image)
        progress(image.reference)
        found = gather(
            image.name,
            image.reference,
            registry,
            verifier,
            configured=image.name in configured and image.artifact is None,
            wanted=wanted(image),
            known=image.artifact.found if image.artifact else None,
        )
        return then(replace(image, evidence=found))

    return each(look, images)


def each(look: Callable[[ReviewedImage], T], images: Iterable[ReviewedImage]) -> list[T]:
    """Return what `look` makes of every image, in their order; MAX_PARALLEL are looked at together.

    No more images than that are begun and not done. What `look` raises is raised here, and then no
    other image is begun.
    """
    waiting = deque(enumerate(images))
    if len(waiting) == 1:  # no thread has to be started for it
        return [look(image) for _, image in waiting]
    found: dict[int, T] = {}

    def work() -> None:
        while waiting:
            try:
                place, image = waiting.popleft()
            except IndexError:  # another thread took the last one
                return
            found[place] = look(image)

    with ThreadPoolExecutor(MAX_PARALLEL) as pool:
        workers = [pool.submit(work) for _ in range(min(MAX_PARALLEL, len(waiting)))]
        try:
            wait(workers, return_when=FIRST_EXCEPTION)
        finally:
            waiting.clear()
    for worker in workers:
        worker.result()
    return [found[place] for place in sorted(found)]


def gather(
    name: str,
    reference: ImageReference,
    registry: Registry,
    verifier: Verifier,
    *,
    configured: bool = False,
    wanted: Wanted = None,
    known: ResolvedImage | Unavailable | None = None,
) -> ImageEvidence | Unavailable:
    """Collect what is proven about one image. Everything that goes wrong ends as Unavailable.

    With `configured`, its configurations are fetched too; they are part of what a digest
    says, and nobody signs them apart. `known` is what an artifact's objects were read from: it is
    not looked up again.
    """
    if isinstance(known, Unavailable):
        return known
    image = known
    try:
        image = known or registry.resolve(reference)
        # Each is verified as it comes, so that no two of them are held at the same time.
        judged = list(
            map(partial(_judged, verifier=verifier, image=image), registry.attached(image, wanted))
        )
        configurations = registry.configurations(image) if configured else None
    except RegistryError as error:
        return Unavailable(name, error.code, error.problem, error.remedy, image)
    except Exception as error:  # noqa: BLE001  # one image's crash must not hide another's verdict
        return Unavailable(name, *crash(error), image)
    return ImageEvidence(
        image,
        attestations=in_one_order(once([v for v in judged if isinstance(v, VerifiedAttestation)])),
        rejections=tuple(
            sorted((v for v in judged if isinstance(v, Rejection)), key=lambda v: v.order)
        ),
        configurations=configurations,
        unread=tuple(v for v in judged if isinstance(v, Unread)),
        place_notes=tuple(sorted({v for v in judged if isinstance(v, PlaceNote)})),
        is_artifact=known is not None,
    )


def _judged(
    item: Told, *, verifier: Verifier, image: ResolvedImage
) -> VerifiedAttestation[Predicate] | Rejection | Unread | PlaceNote:
    return verifier.verify(item, image) if isinstance(item, Attached) else item


def once(
    attestations: Collection[VerifiedAttestation[Predicate]],
) -> Iterator[VerifiedAttestation[Predicate]]:
    """Yield each statement of one identity once, by the copy that most is vouched for.

    gate itself stores a keyed attestation in two forms. A copy goes only where another has all of
    its times and logs: nothing that a check asks of it is lost. A bundle outlasts cosign's form.
    """
    kept: dict[object, list[VerifiedAttestation[Predicate]]] = {}
    for one in sorted(attestations, key=lambda a: (a.storage in _LEGACY, _order(a))):
        key = (one.statement or one.attached, one.predicate_type, one.subject, one.signers)
        same = kept.setdefault((*key, str(one.identity), one.signature), [])
        if not any(_vouched(one) <= _vouched(other) for other in same):
            same[:] = [*(o for o in same if not _vouched(o) <= _vouched(one)), one]
    for same in kept.values():
        yield from same


def _vouched(attestation: VerifiedAttestation[Predicate]) -> frozenset[object]:
    return frozenset((*attestation.times, *attestation.logs))


def in_one_order(
    attestations: Iterable[VerifiedAttestation[Predicate]],
) -> tuple[VerifiedAttestation[Predicate], ...]:
    """Return attestations as every run lists them, in any order that they were found in."""
    return tuple(sorted(attestations, key=_order))


def _order(attestation: VerifiedAttestation[Predicate]) -> tuple[object, ...]:
    """Return what attestations are sorted by: all that tells two of them apart.

    The bytes alone do not: the same envelope can be stored twice, with a log entry and without.
    """
    return (
        attestation.predicate_type,
        attestation.attached,
        attestation.subject,
        attestation.signers,
        str(attestation.identity),
        [(t.at, t.clock, t.authority) for t in attestation.times],
        attestation.logs,
        attestation.storage,
    )
