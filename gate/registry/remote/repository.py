"""One repository in a registry over HTTP."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Generator
from typing import Final, TypeVar

from gate.errors import RegistryError
from gate.model.image import Digest
from gate.registry.codes import Code
from gate.registry.configuration import RegistryConfiguration
from gate.registry.http.exchange import Exchange
from gate.registry.http.question import HttpAnswer, HttpQuestion
from gate.registry.http.status import NOT_FOUND, OK, PARTIAL_CONTENT
from gate.registry.http.url import Url
from gate.registry.login.auth import Authorizer
from gate.registry.login.scope import TokenScope
from gate.registry.oci.descriptor import Descriptor
from gate.registry.oci.manifest import ACCEPTED, OCI_INDEX
from gate.registry.remote.referrers import lacks_referrers, next_page, parse_page
from gate.registry.remote.refused import refused
from gate.registry.repository import Stored, checked
from gate.registry.wire import error_codes, quote

_TWICE: Final = frozenset(
    (Code.NOT_FOUND, Code.MISSING_BLOB, Code.DIGEST_MISMATCH, Code.SIZE_MISMATCH)
)

_MOST_BREAKS: Final = 16
"""How often one blob may break off on its way, each time further on."""

T = TypeVar("T")


class RemoteRepository:
    """One repository of one registry. Raises RegistryError, and nothing else."""

    def __init__(
        self,
        host: str,
        path: str,
        actions: str,
        *,
        exchange: Exchange,
        authorizer: Authorizer,
        configuration: RegistryConfiguration,
        has_referrers: dict[str, bool],
    ) -> None:
        """Take its place, and what to do there: `pull` or `pull,push`."""
        self._scope = TokenScope(host, path, actions)
        self._base = Url.parse(f"{configuration.origin(host)}/v2/{path}")
        self._exchange = exchange
        self._authorizer = authorizer
        self._bounds = configuration.bounds
        self._has_referrers = has_referrers

    @property
    def name(self) -> str:
        """`host/path`, as it is asked."""
        return f"{self._scope.host}/{self._scope.repository}"

    def path_at(self, host: str) -> str | None:
        """Return the repository's path, where it is in the registry of this host."""
        return self._scope.repository if host == self._scope.host else None

    def tagged(self, tag: str) -> Stored | None:
        """Return the manifest under a tag; None only where the registry says there is none."""
        answer = self._get(f"manifests/{tag}", ACCEPTED, self._bounds.manifest_bytes)
        if answer.status == NOT_FOUND and "NAME_UNKNOWN" not in error_codes(answer.content):
            return None
        return self._stored(answer, tag)

    def untagged(self, tag: str) -> RegistryError:
        """Return what to say of a tag that is not there, for all that we may see."""
        return RegistryError(
            Code.NOT_FOUND,
            f"{self.name} has no tag {tag}, or does not show it to us",
            remedy="Check the name and the tag, and log in if the repository is private.",
        )

    def manifest(self, digest: Digest) -> Stored:
        """Return the manifest with a digest."""

        def fetch() -> Stored:
            answer = self._get(f"manifests/{digest}", ACCEPTED, self._bounds.manifest_bytes)
            stored = self._stored(answer, str(digest))
            checked(stored.content, digest, f"{self.name} {digest}")
            return stored

        return _twice(fetch)

    def blob(self, descriptor: Descriptor) -> bytes:
        """Return the content that a descriptor is about. Raises RegistryError."""
        what = f"{self.name} {descriptor.digest}"
        if descriptor.size > self._bounds.blob_bytes:
            raise RegistryError(
                Code.TOO_LARGE,
                f"{what} has {descriptor.size} bytes, and at most {self._bounds.blob_bytes}"
                " are read",
                remedy="Attach a smaller document.",
            )

        def fetch() -> bytes:
            answer = self._get(f"blobs/{descriptor.digest}", "*/*", descriptor.size)
            self._demand(answer, f"blob {descriptor.digest}")
            if len(answer.content) != descriptor.size:
                raise RegistryError(
                    Code.SIZE_MISMATCH,
                    f"{what} has {len(answer.content)} bytes, and its manifest says"
                    f" {descriptor.size}",
                    remedy="Push it again; if it happens twice, do not trust this registry.",
                )
            return checked(answer.content, descriptor.digest, what)

        return _twice(fetch)

    def stream(self, descriptor: Descriptor) -> Generator[bytes, None, None]:
        """Yield a blob as it comes; where the connection breaks, go on where it broke.

        Neither size nor digest is checked here. The caller holds a `deadline`.
        """
        url = self._at(f"blobs/{descriptor.digest}")
        done = broken = 0
        while True:
            began = done
            question = HttpQuestion(
                url=url,
                authorization=self._permission(url),
                headers={"range": f"bytes={done}-"} if done else {},
                most=self._bounds.error_bytes,
            )
            try:
                with self._exchange.download(question) as found:
                    self._demand_part(found.answer, descriptor, done)
                    for piece in found.pieces:
                        done += len(piece)
                        yield piece
            except RegistryError as error:
                broken += 1
                lost = error.code in (Code.UNREACHABLE, Code.TIMEOUT)
                if not lost or broken > _MOST_BREAKS or (done == began and broken > 1):
                    raise
            else:
                return

    def _permission(self, url: Url) -> str | None:
        """Return what a blob's host wants to see before it gives it, as a HEAD finds out."""
        sent: list[str | None] = []

        def send(authorization: str | None) -> HttpAnswer:
            sent.append(authorization)
            asked = HttpQuestion(
                url=url, method="HEAD", authorization=authorization, follow=False, most=0
            )
            return self._exchange.ask(asked)

        self._authorizer.ask(self._scope, send)
        return sent[-1]

    def _demand_part(self, answer: HttpAnswer, descriptor: Descriptor, done: int) -> None:
        if not done and answer.status == OK:
            return
        goes_on = answer.headers.get("content-range", "").startswith(f"bytes {done}-")
        if done and answer.status == PARTIAL_CONTENT and goes_on:
            return
        if done and answer.status == OK:
            raise RegistryError(
                Code.UNEXPECTED_STATUS,
                f"{self.name} {descriptor.digest} broke off after {done} bytes, and the registry "
                "cannot go on from there",
                remedy="Run again: what has arrived is not copied again.",
            )
        raise self._refused(answer, f"blob {descriptor.digest}")

    def referrers(self, subject: Digest) -> tuple[Descriptor, ...] | None:
        """Return manifests that say they are about a subject; None where there is no such API.

        The unsigned artifact type in the list is not looked at: registries and tools get it
        wrong, so each manifest is read. Raises RegistryError.
        """
        if self._has_referrers.get(self.name) is False:
            return None
        found: dict[Digest, Descriptor] = {}
        url = self._at(f"referrers/{subject}")
        for _ in range(self._bounds.pages):
            answer = self._send(url, "GET", accept=OCI_INDEX, most=self._bounds.manifest_bytes)
            if self._has_referrers.get(self.name) is not True and lacks_referrers(answer):
                self._has_referrers[self.name] = False
                return None
            self._demand(answer, f"referrers of {subject}")
            what = f"{self.name} referrers of {subject}"
            for entry in parse_page(answer, what=what, bounds=self._bounds):
                found.setdefault(entry.digest, entry)
            self._has_referrers[self.name] = True
            following = next_page(answer, url, host=self._scope.host)
            if len(found) > self._bounds.entries:
                break
            if following is None:
                return tuple(found.values())
            url = following
        raise RegistryError(
            Code.TOO_MANY,
            f"{self.name} lists more referrers of {subject} than are read"
            f" ({self._bounds.entries} on {self._bounds.pages} pages)",
            remedy="Remove old attestations from the image.",
        )

    def companions(self, image: Digest) -> tuple[Digest, ...]:  # noqa: ARG002  # the Protocol's
        """Return nothing: in a registry all that is attached has a name."""
        return ()

    def _at(self, path: str) -> Url:
        """Return the URL of a part of the repository, of a digest or a tag that is well formed."""
        return Url(*self._base.origin, f"{self._base.target}/{path}")

    def _get(self, path: str, accept: str, most: int) -> HttpAnswer:
        return self._send(self._at(path), "GET", accept=accept, most=most)

    def _send(
        self,
        url: Url,
        method: str,
        *,
        accept: str = "*/*",
        most: int | None = None,
        content: bytes = b"",
        content_type: str = "",
        follow: bool = True,
    ) -> HttpAnswer:
        question = HttpQuestion(
            url=url,
            method=method,
            accept=accept,
            content=content,
            content_type=content_type,
            follow=follow,
            most=self._bounds.error_bytes if most is None else most,
        )
        return self._authorizer.ask(
            self._scope,
            lambda authorization: self._exchange.ask(
                question
                if authorization is None
                else dataclasses.replace(question, authorization=authorization)
            ),
        )

    def _stored(self, answer: HttpAnswer, what: str) -> Stored:
        self._demand(answer, what)
        return Stored(answer.content, answer.headers.get("content-type", ""))

    def _demand(self, answer: HttpAnswer, what: str) -> None:
        """Refuse every status but 200, saying what it means."""
        if answer.status != OK:
            raise self._refused(answer, what)
        length = answer.headers.get("content-length")
        if length is not None and length != str(len(answer.content)):
            raise RegistryError(
                Code.SIZE_MISMATCH,
                f"{self.name} {what} has {len(answer.content)} bytes, and the answer was to have"
                f" {quote(length)}",
                remedy="Run again; if it happens twice, look at the registry's storage.",
            )

    def _refused(self, answer: HttpAnswer, what: str) -> RegistryError:
        return refused(answer, what, self._scope, who=lambda: self._authorizer.who(self._scope))


def _twice(fetch: Callable[[], T]) -> T:
    """Fetch content that is known to exist, again if the registry answers wrongly once.

    Registries that restart, and caches before them, serve cut bodies and passing 404s.
    """
    try:
        return fetch()
    except RegistryError as error:
        if error.code not in _TWICE:
            raise
        return fetch()
