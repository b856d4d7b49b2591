"""A list of ended passes as gate meets it: signed bytes under a tag, and what was seen before."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from gate.errors import RegistryError
from gate.keys.public import fingerprint
from gate.model.evidence import Attached, AttachedKind, Storage, Unread
from gate.model.image import Digest, ImageReference, ResolvedImage
from gate.model.revocations import Revocations
from gate.pipeline.revocations import revocations_of
from gate.policy.document import Policy
from gate.predicates.revocations import MEDIA_TYPE
from gate.registry.artifact import StoredDocument
from gate.registry.repository import Stored
from tests.judge.ended import EndedList, Line
from tests.judge.made import digest_of, key, sigstore, text_of, verifier, when

NAME: Final = "registry.example/security/ended:production"
SERIAL: Final = 7
_OTHER: Final = Digest("e" * 64)
"""Of an image, a release or a policy that has nothing to do with the deployment."""
_SEEN: Final = {"an older": -1, "the same": 0, "a newer": 1, "its twin": 0}


@dataclass(frozen=True)
class Facts:
    """What the lines of a list can be about."""

    release: Digest
    policy: Digest
    signer: str
    """The name of the key that signs passes."""
    checked: int
    """The hour of the run of `gate check`."""


@dataclass(frozen=True)
class ListShelf:
    """The registry that holds the list."""

    made: EndedList
    content: bytes

    def artifact(self, reference: ImageReference, media_type: str, most: int) -> StoredDocument:
        del media_type, most
        if self.made.state == "absent":
            raise RegistryError("not-found", f"{reference} is not there", remedy="write it")
        if self.made.state == "silent":
            raise RegistryError("timeout", f"{reference} cannot be asked", remedy="try again")
        found = ResolvedImage(reference, Digest.of(self.content))
        return StoredDocument(found, self.content, Stored(self.content))

    def attached(
        self, image: ResolvedImage, wanted: frozenset[str] | None = None
    ) -> Iterator[Attached | Unread]:
        del wanted
        state = self.made.state
        if state == "unread":
            yield Unread(
                storage=Storage.REFERRERS,
                subject=image.digest,
                digest=None,
                kind="a bundle",
                code="denied",
                reason="it may not be read",
                remedy="log in",
            )
        if state in {"not signed", "unread"}:
            return
        about = _OTHER if state == "another is signed" else image.digest
        by = "9" if state == "signed by another" else "security"
        bundle = sigstore().keyed_bundle(_signature(about), key(by), at=when(0), rekor=None)
        yield Attached(AttachedKind.BUNDLE, bundle, Storage.REFERRERS, image.digest)


@dataclass(frozen=True)
class SeenBefore:
    """What this machine saw before."""

    which: tuple[int, Digest] | None

    def last(self, name: str) -> tuple[int, Digest] | None:
        assert name == NAME
        return self.which

    def remember(self, name: str, serial: int, digest: Digest) -> None:
        """Forget it: each world is a machine of its own."""


def found(made: EndedList | None, facts: Facts, policy: Policy, at: int) -> Revocations | None:
    """Return what a deploy policy's list ends, at an hour."""
    if made is None:
        return None
    content = _content(made, facts, at)
    seen = None
    if made.seen:
        digest = Digest.of(content) if made.seen == "the same" else _OTHER
        seen = (SERIAL + _SEEN[made.seen], digest)
    shelf = ListShelf(made, content)
    return revocations_of(policy, shelf, verifier(policy, at), when(at), SeenBefore(seen))


def section(made: EndedList | None) -> Mapping[str, Any]:
    """Return what a deploy policy says of a list."""
    if made is None:
        return {}
    return {"revocations": {"from": NAME, "by": ["security"], "max-age": f"{made.max_age}h"}}


def _content(made: EndedList, facts: Facts, at: int) -> bytes:
    issued = at - made.age
    said = {
        "mediaType": MEDIA_TYPE,
        "name": NAME.replace("production", "staging") if made.state == "of another place" else NAME,
        "serial": SERIAL,
        "issued": text_of(issued),
        "expires": text_of(issued + made.lasts),
        "ended": [_line(line, facts, text_of(issued)) for line in made.lines],
    }
    if made.state == "malformed":
        said["also"] = "a field of a newer gate"
    return json.dumps(said).encode()


def _line(line: Line, facts: Facts, at: str) -> dict[str, str]:
    told = {"reason": "x", "at": at, **_ended(line, facts)}
    if line.since is not None:
        told["since"] = text_of(facts.checked + line.since)
    return told


def _ended(line: Line, facts: Facts) -> dict[str, str]:
    own = {
        "image": {"image": str(digest_of(line.image, "index"))},
        "amd64": {"image": str(digest_of(line.image, "amd64"))},
        "release": {"release": str(facts.release)},
        "policy": {"policy": str(facts.policy)},
        "signer": {"key": str(fingerprint(key(facts.signer).public_key()))},
        "other signer": {"key": str(fingerprint(key("2").public_key()))},
    }
    return own.get(line.what) or {line.what.removeprefix("other "): str(_OTHER)}


def _signature(digest: Digest) -> bytes:
    return json.dumps(
        {
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [{"name": "list", "digest": {"sha256": digest.hex}}],
            "predicateType": "https://sigstore.dev/cosign/sign/v1",
            "predicate": {},
        }
    ).encode()
