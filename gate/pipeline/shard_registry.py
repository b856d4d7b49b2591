"""A registry that writes down what it is told of images, and one that tells it again."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace

from gate.errors import RegistryError
from gate.model.evidence import Attached, PlaceNote, Unread
from gate.model.image import ImageReference, ResolvedImage
from gate.model.image_configuration import ImageConfiguration
from gate.model.records import dataclass
from gate.pipeline.shard import shard_of
from gate.pipeline.shard_record import Record, SeenProblem, ShardImage
from gate.registry.attempt import Told
from gate.registry.fetch_order import Wanted
from gate.registry.interface import Registry


@dataclass(slots=True)
class _Told:
    image: ResolvedImage | None = None
    items: list[Told] = field(default_factory=list)
    configurations: tuple[ImageConfiguration, ...] | None = None
    problem: SeenProblem | None = None
    whole: bool = False


class Recording:
    """Hands on what a registry says of images, and keeps it. Used from several threads.

    What it breaks on is not kept, so that no shard vouches for a look that did not end.
    """

    def __init__(self, inner: Registry) -> None:
        """Take the registry."""
        self._inner = inner
        self._lock = threading.Lock()
        self._told: dict[str, _Told] = {}

    def resolve(self, reference: ImageReference) -> ResolvedImage:
        """Return the digest and platforms that it holds. Raises RegistryError."""
        told = self._of(reference)
        try:
            told.image = self._inner.resolve(reference)
        except RegistryError as error:
            told.problem = _problem(error)
            raise
        return told.image

    def attached(self, image: ResolvedImage, wanted: Wanted = None) -> Iterator[Told]:
        """Yield all that is attached to the image and its platforms. Raises RegistryError."""
        told = self._of(image.reference)
        told.image = image  # an artifact was resolved before
        try:
            for item in self._inner.attached(image, wanted):
                told.items.append(item)
                yield item
        except RegistryError as error:
            told.problem = _problem(error)
            raise
        told.whole = True

    def attached_in_order(self, image: ResolvedImage) -> Iterable[Attached]:
        """Return what refers to the image itself; it is not kept."""
        return self._inner.attached_in_order(image)

    def configurations(self, image: ResolvedImage) -> tuple[ImageConfiguration, ...]:
        """Return the configuration of every platform of the image. Raises RegistryError."""
        told = self._of(image.reference)
        try:
            told.configurations = self._inner.configurations(image)
        except RegistryError as error:
            told.problem = _problem(error)
            raise
        return told.configurations

    def seen(self) -> Iterator[ShardImage]:
        """Yield what is known of each image that was looked at to the end."""
        for name, told in self._told.items():
            if told.whole or told.problem is not None:
                yield ShardImage(
                    name=name,
                    image=told.image,
                    attached=tuple(i for i in told.items if isinstance(i, Attached)),
                    unread=tuple(i for i in told.items if isinstance(i, Unread)),
                    notes=tuple(i for i in told.items if isinstance(i, PlaceNote)),
                    configurations=told.configurations,
                    problem=told.problem,
                )

    def _of(self, reference: ImageReference) -> _Told:
        with self._lock:
            return self._told.setdefault(str(reference), _Told())


class Recorded:
    """Tells again what records say, each image once from the shard that it falls to."""

    def __init__(
        self,
        records: Iterable[Record],
        lost: Mapping[int, SeenProblem],
        of: int,
        *,
        proof: Registry | None = None,
    ) -> None:
        """Take the records, and why what is told of some of the shards does not count.

        `proof` is asked for what the digest of an image says: its platforms, which a pass covers,
        and its configurations. A record could say anything of them. Without `proof` nothing may be
        signed.
        """
        self._proof = proof
        self._images = {name: one for record in records for name, one in record.images.items()}
        self._lost = lost
        self._of = of

    def resolve(self, reference: ImageReference) -> ResolvedImage:
        """Return the digest and platforms. Raises RegistryError."""
        seen = self._seen(reference)
        if seen.image is None:
            raise _error(seen)
        if self._proof is not None:
            _demand_true(seen.image, self._proof)
        return seen.image

    def attached(self, image: ResolvedImage, wanted: Wanted = None) -> Iterator[Told]:
        """Yield what the shard was told. Raises RegistryError where it was told no more."""
        del wanted  # the shard had the same policy
        seen = self._about(image)
        items: tuple[Told, ...] = (*seen.attached, *seen.unread, *seen.notes)
        yield from items
        if seen.problem is not None:
            raise _error(seen)

    def attached_in_order(self, image: ResolvedImage) -> Iterable[Attached]:
        """Return nothing: the caller then asks `attached`."""
        del image
        return ()

    def configurations(self, image: ResolvedImage) -> tuple[ImageConfiguration, ...]:
        """Return what the image's digest says; in a dry run what the shard was told of that.

        Raises RegistryError.
        """
        seen = self._about(image)
        if self._proof is not None:
            return self._proof.configurations(image)
        if seen.configurations is None:
            raise _error(seen)
        return seen.configurations

    def _about(self, image: ResolvedImage) -> ShardImage:
        """Return what was seen of an image, where the shard looked at the same one."""
        seen = self._seen(image.reference)
        if seen.image not in (None, image):  # of an artifact, whose tag the merge looks up too
            raise RegistryError(
                "shard-foreign",
                f"its shard looked at {seen.image}, and this run is about {image}",
                remedy="run that shard again, and merge again",
            )
        return seen

    def _seen(self, reference: ImageReference) -> ShardImage:
        lost = self._lost.get(shard_of(reference, self._of))
        if lost is not None:
            raise RegistryError(lost.code, lost.problem, remedy=lost.remedy)
        seen = self._images.get(str(reference))
        if seen is None:
            raise _error(ShardImage(name=str(reference)))
        return seen


def _demand_true(told: ResolvedImage, proof: Registry) -> None:
    """Refuse platforms that the image does not have. Raises RegistryError."""
    pinned = replace(told.reference, digest=told.digest)
    if proof.resolve(pinned).platforms != told.platforms:
        raise RegistryError(
            "shard-untrue",
            f"its shard says that {told} has other platforms than its manifest lists",
            remedy="find out who wrote that record, whose signature counts, and run the shard "
            "again where nobody else can write",
        )


def _problem(error: RegistryError) -> SeenProblem:
    return SeenProblem(str(error.code), error.problem, error.remedy)


def _error(seen: ShardImage) -> RegistryError:
    problem = seen.problem or SeenProblem(*_incomplete(ImageReference.parse(seen.name)))
    return RegistryError(problem.code, problem.problem, remedy=problem.remedy)


def _incomplete(reference: ImageReference) -> tuple[str, str, str]:
    return (
        "shard-incomplete",
        f"the record of its shard does not say what is attached to {reference}",
        "run that shard again",
    )
