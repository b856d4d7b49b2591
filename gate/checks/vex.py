"""What demanded signers say about a vulnerability in this image (VEX).

A statement excuses a finding only where it is about this image, by digest, by an OCI
purl of its repository, or because it is attested for it and names nothing else, or about
the very package in which the vulnerability was found. Of all that apply the newest
counts; of several that are equally new, and of any without a time, one that excuses
nothing outweighs one that does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from gate.model.evidence import ImageEvidence, VerifiedAttestation
from gate.model.predicates import (
    Predicate,
    Sbom,
    Vex,
    VexProduct,
    VexStatement,
    VexStatus,
    Vulnerability,
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


def excuse(
    said: Collection[Said], names: Collection[str], found: Vulnerability, image: ImageEvidence
) -> Said | None:
    """Return the newest statement that applies to a finding, where it excuses it."""
    wanted = {n.lower() for n in names}
    applying = [
        s
        for s in said
        if not wanted.isdisjoint(n.lower() for n in s.statement.names)
        and applies(s.statement, found, image)
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


def applies(statement: VexStatement, found: Vulnerability, image: ImageEvidence) -> bool:
    """Whether a statement is about this image, or about the package of this finding."""
    if statement.products is None:
        return True
    return any(_product_applies(p, found, image) for p in statement.products)


def _product_applies(product: VexProduct, found: Vulnerability, image: ImageEvidence) -> bool:
    package = parsed(found.purl) if found.purl else None
    purls = list(_purls(product.purls))
    about_image = not product.digests.isdisjoint(image.image.digests) or any(
        _names_image(p, image) for p in purls
    )
    if about_image:
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


def _names_image(purl: Purl, image: ImageEvidence) -> bool:
    """Whether an OCI purl names this image: its digest, or its repository as a whole."""
    if purl.type != "oci":
        return False
    if purl.version:
        return purl.version in map(str, image.image.digests)
    repository = image.image.repository
    return purl.name == repository.rpartition("/")[2] and purl.repository in (
        "",
        repository,
        repository.rpartition("/")[0],
    )
