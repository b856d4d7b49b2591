"""Images in registries over HTTP.

https://github.com/opencontainers/distribution-spec/blob/main/spec.md
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack, closing
from itertools import chain
from typing import TYPE_CHECKING, Final, Self

from gate.errors import RegistryError
from gate.model.evidence import Attached, PlaceNote
from gate.model.image import ImageReference, ResolvedImage
from gate.model.image_configuration import ImageConfiguration
from gate.registry.artifact import StoredDocument, read_artifact
from gate.registry.attached import attached_to, in_order
from gate.registry.attempt import Told
from gate.registry.configuration import RegistryConfiguration, longest
from gate.registry.fetch_order import Wanted
from gate.registry.http.exchange import Exchange
from gate.registry.login.auth import Authorizer
from gate.registry.login.credentials import ANONYMOUS, Logins
from gate.registry.oci.image_configuration import configurations
from gate.registry.remote.ahead import Ahead, Early
from gate.registry.remote.ping import Pinged, ping
from gate.registry.remote.remembered import Memory, Remembered
from gate.registry.remote.repository import RemoteRepository
from gate.registry.remote.upload import WritableRemote
from gate.registry.repository import Stored
from gate.registry.resolve import manifest_digests, resolve

if TYPE_CHECKING:
    from gate.model.deployed import DeploymentRecord
    from gate.registry.elsewhere.github_deployments import GitHubDeployments

_DEFAULT: Final = RegistryConfiguration()


class RegistryClient:
    """Every registry, over HTTPS. Used from several threads; one object is one run.

    What a tag holds is asked once per run, and one digest is fetched once per run, as long
    as the memory bound allows.
    """

    def __init__(
        self,
        configuration: RegistryConfiguration = _DEFAULT,
        *,
        logins: Logins = ANONYMOUS,
        exchange: Exchange | None = None,
        early: Executor | None = None,
    ) -> None:
        """Take where things are, and who we are there. Nothing is connected yet.

        `early` asks for what is read next; threads of our own do where there is no such.
        """
        self.configuration = configuration
        self._exchange = exchange or Exchange(configuration)
        self._authorizer = Authorizer(self._exchange, logins, configuration)
        self._memory = Memory(configuration.bounds.cache_bytes)
        bounds = configuration.bounds
        pool = early or ThreadPoolExecutor(bounds.per_host, thread_name_prefix="early")
        self._early = Early(pool, bounds.early_held_bytes)
        self._has_referrers: dict[str, bool] = {}

    def resolve(self, reference: ImageReference) -> ResolvedImage:
        """Return the digest and platforms that the registry holds. Raises RegistryError."""

        def ask() -> ResolvedImage:
            return resolve(self._reader(reference), reference, self.configuration.bounds)

        return self._memory.once(("resolve", str(reference)), ask)

    def attached(self, image: ResolvedImage, wanted: Wanted = None) -> Iterator[Told]:
        """Yield all that is attached to the image and its platforms, and what could not be read.

        What the configuration says lies elsewhere is part of it.
        """
        reference, said = image.reference, self.configuration
        places = [self._evidence(reference)]
        if reference.registry in said.evidence_at_origin:
            places.append(self._place(said.home(reference), reference.repository))
        beside, *apart = (
            Ahead(place, self._early, said.bounds, wanted)
            for place in (self._reader(reference), *filter(None, places))
        )
        with ExitStack() as stack:
            for place in (beside, *apart):
                stack.callback(place.close)
                place.expect_attached(image)
            yield from attached_to(
                beside,
                image,
                said.bounds,
                wanted,
                elsewhere=apart,
                others=chain(self._mirrored(image), self._at_github(image)),
            )

    def attached_in_order(self, image: ResolvedImage) -> Iterator[Attached]:
        """Yield what refers to the image itself, the likeliest pass first; not complete.

        Nothing is asked before it is needed. Raises RegistryError.
        """
        evidence, beside = self._evidence(image.reference), self._reader(image.reference)
        places = (evidence, beside) if evidence else (beside,)
        bounds = self.configuration.bounds
        return chain.from_iterable(in_order(place, image, bounds) for place in places)

    def configurations(self, image: ResolvedImage) -> tuple[ImageConfiguration, ...]:
        """Return the configuration of every platform of the image. Raises RegistryError."""
        bounds = self.configuration.bounds
        with closing(Ahead(self._reader(image.reference), self._early, bounds)) as repository:
            repository.expect_configurations(manifest_digests(image))
            return tuple(configurations(repository, image, bounds))

    def artifact(self, reference: ImageReference, media_type: str, most: int) -> StoredDocument:
        """Return the document under a tag, of a type and at most so many bytes.

        Raises RegistryError.
        """
        bounds = self.configuration.bounds
        return read_artifact(self._reader(reference), reference, media_type, most, bounds)

    def record_deployment(self, place: GitHubDeployments, record: DeploymentRecord) -> None:
        """Tell GitHub of one deployment. Raises RegistryError."""
        from gate.registry.elsewhere.github_deployments import (  # noqa: PLC0415  # seldom asked
            record_at_github,
        )

        record_at_github(self._exchange, place, record, self.configuration.bounds)

    def ping(self, reference: ImageReference) -> Pinged:
        """Ask the host that holds a repository whether it is there. Raises RegistryError."""
        host, _ = self.configuration.endpoint(reference)
        return ping(self._exchange, self.configuration, host)

    def nearly_used(self) -> tuple[tuple[str, int], ...]:
        """Return each host that will soon let us ask no more, and how often it still does."""
        return self._exchange.allowances.nearly_used()

    def repository(self, reference: ImageReference, *, deletes: bool = False) -> WritableRemote:
        """Return where an image's evidence is written, as that is now, to read and to write."""
        place = self.configuration.evidence_place(reference)
        host, path = place or (self.configuration.home(reference), reference.repository)
        return self._remote(host, path, "pull,push,delete" if deletes else "pull,push")

    def own_repository(self, reference: ImageReference) -> WritableRemote:
        """Return the repository that a reference names, to read and to write."""
        return self._remote(self.configuration.home(reference), reference.repository, "pull,push")

    def sources(self, reference: ImageReference) -> tuple[RemoteRepository, ...]:
        """Return the repository that an image is read from, then those of evidence elsewhere."""
        said = self.configuration
        places = [said.endpoint(reference), said.evidence_place(reference)]
        if reference.registry in said.evidence_at_origin:
            places.append((said.home(reference), reference.repository))
        return tuple(self._remote(*place, "pull") for place in dict.fromkeys(places) if place)

    def held(self, image: ResolvedImage) -> Stored:
        """Return the manifest of the image itself. Raises RegistryError."""
        reference = image.reference
        if self.configuration.evidence_place(reference):
            return self._reader(reference).manifest(image.digest)
        home = self.configuration.home(reference)
        return self._place(home, reference.repository).manifest(image.digest)

    def kept_at(self, image: ResolvedImage) -> str:
        """Return the name of where the image's evidence is written."""
        return longest(self.configuration.evidence, image.reference) or image.repository

    def __enter__(self) -> Self:
        """Return the client, which is closed when the block ends."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close every connection."""
        self.close()

    def close(self) -> None:
        """Close every connection, and forget what was told."""
        self._exchange.stop()
        self._early.close()
        self._exchange.close()
        self._memory.clear()

    def _reader(self, reference: ImageReference) -> Remembered:
        return self._place(*self.configuration.endpoint(reference))

    def _evidence(self, reference: ImageReference) -> Remembered | None:
        place = self.configuration.evidence_place(reference)
        return self._place(*place) if place else None

    def _place(self, host: str, path: str) -> Remembered:
        return Remembered(self._remote(host, path, "pull"), self._memory)

    def _mirrored(self, image: ResolvedImage) -> Iterator[PlaceNote]:
        """Yield that a mirror keeps no list of what is attached, where the origin is not asked."""
        registry = image.reference.registry
        mirror = self.configuration.mirrors.get(registry)
        if mirror is None or registry in self.configuration.evidence_at_origin:
            return
        try:
            listed = self._reader(image.reference).referrers(image.digest)
        except RegistryError:
            return  # that it did not answer was told
        if listed is None:
            yield PlaceNote(
                f"it was read through the mirror {mirror}, which has no list of referrers, so "
                f"what is attached to it at {registry} may not be there",
                f"name {registry} under `evidence-at-origin` in the file of --registries, or use "
                "a mirror that has the referrers API",
            )

    def _at_github(self, image: ResolvedImage) -> Iterator[Told]:
        store = self.configuration.github
        owner = store.owner(image.reference) if store else None
        if store is None or owner is None:
            return iter(())
        from gate.registry.elsewhere.github import (  # noqa: PLC0415  # seldom named
            attested_at_github,
        )

        return attested_at_github(self._exchange, store, owner, image, self.configuration.bounds)

    def _remote(self, host: str, path: str, actions: str) -> WritableRemote:
        return WritableRemote(
            host,
            path,
            actions,
            exchange=self._exchange,
            authorizer=self._authorizer,
            configuration=self.configuration,
            has_referrers=self._has_referrers,
        )
