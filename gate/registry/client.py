"""Images in registries over HTTP.

https://github.com/opencontainers/distribution-spec/blob/main/spec.md
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Self

from gate.model.evidence import Attached
from gate.model.image import ImageReference, ResolvedImage
from gate.model.image_configuration import ImageConfiguration
from gate.registry.artifact import StoredDocument, read_artifact
from gate.registry.attached import attached_to, in_order
from gate.registry.attempt import Item
from gate.registry.configuration import RegistryConfiguration
from gate.registry.fetch_order import Wanted
from gate.registry.http.exchange import Exchange
from gate.registry.login.auth import Authorizer
from gate.registry.login.credentials import ANONYMOUS, Logins
from gate.registry.oci.image_configuration import configurations
from gate.registry.remote.ping import Pinged, ping
from gate.registry.remote.remembered import Memory, Remembered
from gate.registry.remote.upload import WritableRemote
from gate.registry.resolve import resolve

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
    ) -> None:
        """Take where things are, and who we are there. Nothing is connected yet."""
        self._configuration = configuration
        self._exchange = exchange or Exchange(configuration)
        self._authorizer = Authorizer(self._exchange, logins, configuration)
        self._memory = Memory(configuration.bounds.cache_bytes)
        self._has_referrers: dict[str, bool] = {}

    def resolve(self, reference: ImageReference) -> ResolvedImage:
        """Return the digest and platforms that the registry holds. Raises RegistryError."""

        def ask() -> ResolvedImage:
            return resolve(self._reader(reference), reference, self._configuration.bounds)

        return self._memory.once(("resolve", str(reference)), ask)

    def attached(self, image: ResolvedImage, wanted: Wanted = None) -> Iterator[Item]:
        """Yield all that hangs on the image and its platforms, and what could not be read."""
        bounds = self._configuration.bounds
        return attached_to(self._reader(image.reference), image, bounds, wanted)

    def attached_in_order(self, image: ResolvedImage) -> Iterator[Attached]:
        """Yield what refers to the image itself, the likeliest pass first; not complete.

        Nothing is asked before it is needed. Raises RegistryError.
        """
        return in_order(self._reader(image.reference), image, self._configuration.bounds)

    def configurations(self, image: ResolvedImage) -> tuple[ImageConfiguration, ...]:
        """Return the configuration of every platform of the image. Raises RegistryError."""
        repository = self._reader(image.reference)
        return tuple(configurations(repository, image, self._configuration.bounds))

    def artifact(self, reference: ImageReference, media_type: str, most: int) -> StoredDocument:
        """Return the document under a tag, of a type and at most so many bytes.

        Raises RegistryError.
        """
        bounds = self._configuration.bounds
        return read_artifact(self._reader(reference), reference, media_type, most, bounds)

    def ping(self, reference: ImageReference) -> Pinged:
        """Ask the host that holds a repository whether it is there. Raises RegistryError."""
        host, _ = self._configuration.endpoint(reference)
        return ping(self._exchange, self._configuration, host)

    def nearly_used(self) -> tuple[tuple[str, int], ...]:
        """Return each host that will soon let us ask no more, and how often it still does."""
        return self._exchange.allowances.nearly_used()

    def repository(self, reference: ImageReference) -> WritableRemote:
        """Return the repository as its registry holds it now, to read and to write."""
        return self._remote(self._configuration.home(reference), reference.repository, "pull,push")

    def __enter__(self) -> Self:
        """Return the client, which is closed when the block ends."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close every connection."""
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._exchange.close()

    def _reader(self, reference: ImageReference) -> Remembered:
        host, path = self._configuration.endpoint(reference)
        return Remembered(self._remote(host, path, "pull"), self._memory)

    def _remote(self, host: str, path: str, actions: str) -> WritableRemote:
        return WritableRemote(
            host,
            path,
            actions,
            exchange=self._exchange,
            authorizer=self._authorizer,
            configuration=self._configuration,
            has_referrers=self._has_referrers,
        )
