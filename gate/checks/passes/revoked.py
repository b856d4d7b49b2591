"""Whether a pass was ended before its time, by the list that the deploy policy names.

A leaked key signs what its holder likes, dates too. So of a signer that is ended since a day,
a pass lives on only where somebody else vouches that it is older: a log or an authority.

    key k1 ended since 10 May; a pass by k1 that says 1 May, without a verified time: ended
    the same pass, which a timestamp authority dates to 1 May: it lives on
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gate.checks.passes.reason import Reason
from gate.checks.passes.validity import Pass
from gate.model.image import Digest, ResolvedImage
from gate.model.revocations import Ended, EndedBy, EndedDigest, Revocation, RevocationList
from gate.model.words import timestamp

_NEXT: Final[dict[EndedBy, str]] = {
    EndedBy.RELEASE: "change the release and run `gate check`; another pass of this one is ended",
    EndedBy.IMAGE: "deploy another image; another pass of this one is ended",
    EndedBy.POLICY: "run `gate check` with another policy; another pass by this one is ended",
}
"""What to do, by what is ended. To give the same pass again changes nothing."""


def revoked(found: Pass, image: ResolvedImage, listed: RevocationList | None) -> Reason | None:
    """Return why the list ends a pass of an image; None where it does not, or there is no list."""
    line = ending(found, image, listed) if listed else None
    if line is None:
        return None
    return (
        "pass-revoked",
        f"the pass was ended on {timestamp(line.at)}, by its {line.ended}: {line.reason}",
        _next(line.ended),
    )


def _next(ended: Ended) -> str:
    if isinstance(ended, EndedDigest):
        return _NEXT[ended.by]
    return "run `gate check` again, and let another key or identity sign its pass"


def ending(found: Pass, image: ResolvedImage, listed: RevocationList) -> Revocation | None:
    """Return the line of the list that ends a pass."""
    for by, digest in _digests(found, image):
        line = listed.of_digest(by, digest)
        if line is not None:
            return line
    return listed.of_signer(found.identity, found.signed_at)


def _digests(found: Pass, image: ResolvedImage) -> Iterator[tuple[EndedBy, Digest]]:
    said = found.predicate
    if said.release is not None:
        yield EndedBy.RELEASE, said.release
    if said.policy is not None:
        yield EndedBy.POLICY, said.policy
    # What a pass names too are the image's platforms, which nobody may have looked up, and of a
    # pass of the whole release its other images.
    for digest in dict.fromkeys((found.subject, *image.digests, *sorted(found.also))):
        yield EndedBy.IMAGE, digest
