"""What demanded signers say about a vulnerability in this image (VEX).

A statement excuses a finding only where it is about this image, by digest, by an OCI
purl of its repository, or because it is attested for it and names nothing else, or about
the very package in which the vulnerability was found. One about a platform is not about
the others, and a finding is excused only where every package and digest that it was found
in is. Of all that apply the newest
counts; of several that are equally new, and of any without a time, one that excuses
nothing outweighs one that does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from gate.checks.found import Merged
from gate.model.evidence import ImageEvidence, VerifiedAttestation
from gate.model.image import Digest
from gate.model.predicates import (
    Predicate,
    Sbom,
    Vex,
    VexProduct,
    VexStatement,
    VexStatus,
)
from gate.policy.purls import Purl, parsed

_NEVER: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Said:
    """One statement, and the attestation that carries it."""

    statement: VexStatement
    attestation: VerifiedAttestation[Predicate]


def statements(image: ImageEvidence, by: Collection[str], now: datetime) -> tuple[Said, ...]:
    """Return every statement of the signers in `by` that is not dated after `now`."""
    return tuple(
        Said(statement, attestation)
        for attestation in image.attestations
        if not set(by).isdisjoint(attestation.signers)
        for statement in _of(attestation.predicate)
        if (statement.at is None or statement.at <= now)
        and (attestation.signed_at is None or attestation.signed_at <= now)
    )


def _of(predicate: Predicate) -> tuple[VexStatement, ...]:
    if isinstance(predicate, Vex):
        return predicate.statements
    return predicate.vex if isinstance(predicate, Sbom) else ()


def excuse(said: Collection[Said], merged: Merged, image: ImageEvidence) -> tuple[Said, ...]:
    """Return the newest statement for each place of a finding; none unless all are excused."""
    found = [_excuse(said, merged, place, image) for place in sorted(merged.places)]
    used = tuple(one for one in found if one is not None)
    return used if len(used) == len(found) else ()


def _excuse(
    said: Collection[Said], merged: Merged, place: tuple[str, Digest], image: ImageEvidence
) -> Said | None:
    wanted = merged.lowered
    applying = [
        s
        for s in said
        if not wanted.isdisjoint(n.lower() for n in s.statement.names) and _applies(s, place, image)
    ]
    if any(s.statement.at is None and not _excuses(s.statement) for s in applying):
        return None
    newest = max((s.statement.at or _NEVER for s in applying), default=_NEVER)
    latest = [s for s in applying if (s.statement.at or _NEVER) == newest]
    if not latest or not all(_excuses(s.statement) for s in latest):
        return None
    return min(latest, key=lambda s: (s.attestation.attached, s.statement.justification))


def _excuses(statement: VexStatement) -> bool:
    """Whether a statement excuses what it is about; `not_affected` must say why."""
    if statement.status is VexStatus.NOT_AFFECTED:
        return bool(statement.justification)
    return statement.status is VexStatus.FIXED


def _applies(said: Said, place: tuple[str, Digest], image: ImageEvidence) -> bool:
    """Whether a statement is about the image where it was scanned, or about that package."""
    # What warns of any part of the image counts against all of it.
    scanned = place[1] if _excuses(said.statement) else None
    if said.statement.products is None:
        return _reaches({said.attestation.subject}, scanned, image)
    return any(_product_applies(p, place[0], scanned, image) for p in said.statement.products)


def _reaches(named: Collection[Digest], scanned: Digest | None, image: ImageEvidence) -> bool:
    """Whether what is said of some of the image's digests is said of the one that was scanned.

    What is said of the index is said of each platform; what is said of one platform is not
    said of another, and of the index only where every platform is named. None is any.
    """
    if scanned is None or not {image.image.digest, scanned}.isdisjoint(named):
        return True
    platforms = {p.digest for p in image.image.platforms}
    return bool(platforms) and platforms <= set(named)


def _product_applies(
    product: VexProduct, purl: str, scanned: Digest | None, image: ImageEvidence
) -> bool:
    package = parsed(purl) if purl else None
    purls = list(_purls(product.purls))
    named = product.digests | {d for p in purls for d in _image_digests(p, image)}
    if not named.isdisjoint(image.image.digests):
        if not _reaches(named, scanned, image):
            return False
        return product.parts is None or _covers(product.parts, package)
    return (
        product.parts is None
        and package is not None
        and any(p.version and p.covers(package) for p in purls)
    )


def _covers(parts: Collection[str], package: Purl | None) -> bool:
    return package is not None and any(p.covers(package) for p in _purls(parts))


def _purls(texts: Collection[str]) -> Iterator[Purl]:
    return (p for p in map(parsed, texts) if p is not None)


def _image_digests(purl: Purl, image: ImageEvidence) -> Iterator[Digest]:
    """Yield the image's digests that an OCI purl names: by one, or by its repository."""
    if purl.type != "oci":
        return
    if purl.version:
        yield from (d for d in image.image.digests if str(d) == purl.version)
        return
    repository = image.image.repository
    if purl.name == repository.rpartition("/")[2] and purl.repository in (
        "",
        repository,
        repository.rpartition("/")[0],
    ):
        yield from image.image.digests
