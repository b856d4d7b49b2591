"""The statements of a pass: what is signed when a release is cleared, and nothing else.

One SLSA verification summary for each image, and one for the release, RFC 8785 bytes. They
are made from a `Cleared` and from nothing less, so what is signed is what was judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import rfc8785

from gate.model.image import Digest, ResolvedImage
from gate.model.records import dataclass
from gate.model.verdict import Cleared, Result
from gate.predicates.verification_summary import EXTENSION, TYPES, release_resource
from gate.signing.grounds import inputs
from gate.signing.summary import Issuer, predicate

STATEMENT_TYPE: Final = "https://in-toto.io/Statement/v1"
UNSIGNED: Final = "a dry run: nobody signed this, and gate admits nothing by it"


@dataclass(frozen=True, slots=True)
class PassStatement:
    """An unsigned statement about one image, or about a release that this image is one of."""

    image: ResolvedImage
    payload: bytes


def statements(
    cleared: Cleared, issuer: Issuer, *, unsigned: bool = False
) -> tuple[PassStatement, ...]:
    """Return the statement of each image of a cleared release, sorted by image.

    An image that the release names twice, such as by a tag and by its digest, has one.
    With `unsigned` each says that it is from a dry run, so that no consumer admits anything
    by it, with any signer afterwards.
    """
    named: dict[str, list[ResolvedImage]] = {}
    for image in cleared.plan.images:
        named.setdefault(str(image), []).append(image)
    return tuple(
        PassStatement(same[0], _image_statement(cleared, issuer, same, unsigned=unsigned))
        for same in named.values()
    )


def release_statement(
    cleared: Cleared, issuer: Issuer, passes: Iterable[Digest]
) -> PassStatement | None:
    """Return the one statement about the whole release; None where it has no image.

    Its subjects are the release, each object and each image with its platforms; its inputs
    are the signed bundles of the images' passes, by their digests. It opens the deployment
    of every image that it lists, as the images' own passes do.
    """
    images = cleared.plan.images
    release = cleared.plan.release
    if not images:
        return None
    subjects = [_subject("release", release.digest)]
    if issuer.manifests_bound:
        subjects += (_subject(o.name, o.digest) for o in release.objects)
    subjects += (_subject(i.repository, d) for i in images for d in i.digests)
    about = predicate(
        cleared,
        issuer,
        resource=release_resource(issuer.verifier, release.digest),
        images=images,
        results=cleared.results,
        inputs=sorted(passes),
    )
    return PassStatement(images[0], _encoded(subjects, about))


def _image_statement(
    cleared: Cleared, issuer: Issuer, same: Sequence[ResolvedImage], *, unsigned: bool
) -> bytes:
    """Return the statement about one image, by all the names that the release has for it."""
    results = _about(cleared, same)
    about = predicate(
        cleared,
        issuer,
        resource=str(same[0]),
        images=same,
        results=results,
        inputs=inputs(results),
    )
    if unsigned:
        about[f"{EXTENSION}unsigned"] = UNSIGNED
    return _encoded([_subject(i.repository, d) for i in same for d in i.digests], about)


def _about(cleared: Cleared, same: Iterable[ResolvedImage]) -> tuple[Result, ...]:
    """Return the answers about this image and about the run, not those about other images.

    An answer is found by the name that the run judged the image by.
    """
    others = {str(i.reference) for i in cleared.plan.images} - {str(i.reference) for i in same}
    return tuple(r for r in cleared.results if r.question.subject not in others)


def _encoded(subjects: Iterable[dict[str, Any]], about: dict[str, Any]) -> bytes:
    unique = {(s["name"], s["digest"]["sha256"]): s for s in subjects}
    return rfc8785.dumps(
        {
            "_type": STATEMENT_TYPE,
            "subject": list(unique.values()),
            "predicateType": TYPES[0],
            "predicate": about,
        }
    )


def _subject(name: str, digest: Digest) -> dict[str, Any]:
    return {"name": name, "digest": {"sha256": digest.hex}}
