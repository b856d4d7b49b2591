"""Writing to a repository in a registry over HTTP."""

from __future__ import annotations

import contextlib
import dataclasses
from typing import Final, NoReturn

from gate.errors import RegistryError
from gate.model.image import Digest
from gate.registry.codes import Code
from gate.registry.http.question import HttpAnswer, HttpQuestion, is_rate_limited
from gate.registry.http.redirect import is_redirect
from gate.registry.http.status import ACCEPTED, CREATED, OK
from gate.registry.http.url import Url
from gate.registry.oci.descriptor import Descriptor
from gate.registry.oci.manifest import ACCEPTED as MANIFESTS
from gate.registry.remote.repository import RemoteRepository
from gate.registry.repository import Source, Stored, Taken, whole
from gate.registry.wire import quote

_UPLOADS: Final = "blobs/uploads/"
_NOT_ALLOWED: Final = frozenset((400, 401, 403, 405, 409, 501))
"""How registries refuse to delete, one manifest or any."""


class WritableRemote(RemoteRepository):
    """One repository of one registry, to read and to write."""

    def put_blob(self, content: bytes) -> None:
        """Store a blob under its digest, unless it is there."""
        digest = Digest.of(content)
        if self._send(self._at(f"blobs/{digest}"), "HEAD").status == OK:
            return
        started = self._send(self._at(_UPLOADS), "POST")
        if started.status != ACCEPTED:
            self._not_written(started, str(digest))
        place = self._upload_place(started)
        ended = self._send(
            place.asking([("digest", str(digest))]),
            "PUT",
            content=content,
            content_type="application/octet-stream",
        )
        if ended.status != CREATED:
            self._not_written(ended, str(digest))

    def prepare(self) -> None:
        """Do nothing: a repository is made by what is pushed to it."""

    def holds(self, descriptor: Descriptor) -> bool:
        """Whether the registry says that it has a blob, of the size that is known.

        Where it sends us to another place for it, it has it.
        """
        url = self._at(f"blobs/{descriptor.digest}")
        answer = self._send(url, "HEAD", follow=False)
        length = answer.headers.get("content-length")
        right = length in (None, str(descriptor.size))
        return is_redirect(answer) or (answer.status == OK and right)

    def has_manifest(self, digest: Digest) -> bool:
        """Whether the registry says that it has a manifest."""
        url = self._at(f"manifests/{digest}")
        return self._send(url, "HEAD", accept=MANIFESTS).status == OK

    def put_child(self, content: bytes, media_type: str) -> None:
        """Store a manifest that another one lists."""
        self.put_manifest(content, media_type)

    def take(self, descriptor: Descriptor, source: Source) -> Taken:
        """Mount a blob that this registry has in another repository; stream any other.

        https://github.com/opencontainers/distribution-spec/blob/main/spec.md#mounting-a-blob-from-another-repository
        """
        if self.holds(descriptor):
            return Taken.THERE
        beside = source.path_at(self._scope.host) if isinstance(source, RemoteRepository) else None
        started, permission = self._begin(descriptor, beside)
        if beside is not None and started.status == CREATED:
            return Taken.MOUNTED
        if started.status != ACCEPTED:
            self._not_written(started, str(descriptor.digest))
        place = self._upload_place(started)
        question = HttpQuestion(
            url=place.asking([("digest", str(descriptor.digest))]),
            method="PUT",
            authorization=permission,
            content_type="application/octet-stream",
            most=self._bounds.error_bytes,
        )
        with contextlib.closing(source.stream(descriptor)) as pieces:
            sent = whole(pieces, descriptor, source.name)
            ended = self._exchange.upload(question, sent, descriptor.size)
        if ended.status != CREATED:
            self._not_written(ended, str(descriptor.digest))
        return Taken.COPIED

    def _begin(self, descriptor: Descriptor, beside: str | None) -> tuple[HttpAnswer, str | None]:
        """Begin an upload, or mount; return the answer, and what the host wanted to see."""
        url, scope = self._at(_UPLOADS), self._scope
        if beside is not None:
            url = url.asking([("mount", str(descriptor.digest)), ("from", beside)])
            scope = dataclasses.replace(scope, mounted=beside)
        sent: list[str | None] = []

        def send(authorization: str | None) -> HttpAnswer:
            sent.append(authorization)
            most = self._bounds.error_bytes
            asked = HttpQuestion(url=url, method="POST", authorization=authorization, most=most)
            return self._exchange.ask(asked)

        return self._authorizer.ask(scope, send), sent[-1]

    def try_upload(self) -> None:
        """Begin an upload and give it up, to see whether one may push. Raises RegistryError."""
        started = self._send(self._at(_UPLOADS), "POST")
        if started.status != ACCEPTED:
            self._not_written(started, "an upload")
        self._send(self._upload_place(started), "DELETE")  # where it is unknown, it expires

    def put_manifest(self, content: bytes, media_type: str) -> None:
        """Store a manifest under its digest, unless it is there."""
        digest = str(Digest.of(content))
        self._put(digest, content, media_type)

    def put_tag(self, tag: str, content: bytes, media_type: str, *, over: Stored | None) -> bool:
        """Store a manifest under a tag that held `over`.

        Registries know no compare-and-swap, so the tag is read right before and right
        after: False where it held or holds something else, which others wrote meanwhile.
        """
        now = self.tagged(tag)
        if (now and now.digest) != (over and over.digest):
            return False
        self._put(tag, content, media_type)
        after = self.tagged(tag)
        return after is not None and after.content == content

    def delete(self, digest: Digest) -> bool:
        """Delete a manifest; False where the registry or its rules for us do not allow it.

        405 is how a registry says that it deletes nothing. Raises RegistryError.
        """
        answer = self._send(self._at(f"manifests/{digest}"), "DELETE")
        if answer.status in (200, 202, 204, 404):
            return True
        if is_rate_limited(answer):
            raise self._refused(answer, str(digest))
        if answer.status in _NOT_ALLOWED:
            return False
        raise RegistryError(
            Code.UNEXPECTED_STATUS,
            f"{quote(answer.url.authority)} answered HTTP {answer.status} to the deletion of "
            f"{self.name} {digest}",
            remedy="Run again; if it stays so, look at the registry's log.",
        )

    def settle(self) -> None:
        """Wait until those who read a tag before we wrote it have written it too."""
        self._exchange.settle()

    def _put(self, name: str, content: bytes, media_type: str) -> None:
        answer = self._send(
            self._at(f"manifests/{name}"),
            "PUT",
            content=content,
            content_type=media_type,
        )
        if answer.status != CREATED:
            self._not_written(answer, name)

    def _upload_place(self, answer: HttpAnswer) -> Url:
        """Return where to upload to, which is on the same host or an error."""
        place = answer.url.join(answer.headers.get("location", ""))
        if place is None or place.origin != self._at(_UPLOADS).origin:
            raise RegistryError(
                Code.REDIRECT_REFUSED,
                f"{self._scope.host} wants uploads to go to another place",
                remedy="Look at the registry, or the proxy before it: uploads and credentials"
                " go to the registry's own https host only.",
            )
        return place

    def _not_written(self, answer: HttpAnswer, what: str) -> NoReturn:
        if is_rate_limited(answer) or answer.status in (401, 403, 404):
            raise self._refused(answer, what)
        raise RegistryError(
            Code.PUSH_REFUSED,
            f"{quote(answer.url.authority)} did not take {self.name} {what} (HTTP {answer.status})",
            remedy="Check that the login may push there, and the registry's log.",
        )
