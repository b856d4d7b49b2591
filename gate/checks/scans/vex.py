"""What demanded signers say about a vulnerability in this image (VEX).

A statement excuses a finding only where it is about this image, by digest, by an OCI
purl of its repository, or because it is attested for it and names nothing else, or about
the very package in which the vulnerability was found. One about a platform is not about
the others, and a finding is excused only where every package and digest that it was found
in is. What does not excuse warns: it is about all that it may mean, and counts even where it
is dated in the future. Of all that apply the newest counts; of several that are equally new,
and of any without a time, one that warns outweighs one that excuses.

For example, CVE-2026-1 is found in pkg:npm/a@1 and pkg:npm/b@2 of an image:

- `not_affected` for pkg:npm/a@1 alone excuses nothing: b@2 is not said to be safe;
- `not_affected` for both, of 1 May, excuses it;
- `affected` for pkg:npm/a@1, of 2 May, warns again, because it is newer;
- both of 1 May: it warns, because of two equally new the one that warns counts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import Final

from gate.checks.scans.merged import Merged
from gate.model.clock import is_ahead
from gate.model.evidence import ImageEvidence, VerifiedAttestation
from gate.model.image import Digest
from gate.model.predicates import (
    Predicate,
    Sbom,
    Unreadable,
    Vex,
    VexProduct,
    VexStatement,
    VexStatus,
)
from gate.model.records import dataclass
from gate.packages.purl import Purl, parsed
from gate.predicates import VEX_TYPES

_IMAGE: Final = "oci"
"""The type of an image's purl."""
_NEVER: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Said:
    """One statement, and the attestation that carries it."""

    statement: VexStatement
    attestation: VerifiedAttestation[Predicate]

    @property
    def at(self) -> datetime:
        """When it was said, UTC: what excuses, no later than it was signed."""
        stated, signed = self.statement.at, self.attestation.signed_at
        if stated is None:
            return _NEVER
        return min(stated, signed) if signed and _excuses(self.statement) else stated


def statements(image: ImageEvidence, by: Collection[str], now: datetime) -> tuple[Said, ...]:
    """Return every statement of the signers in `by`; of those dated after `now`, what warns."""
    return tuple(
        Said(statement, attestation)
        for attestation in image.attestations
        if not set(by).isdisjoint(attestation.signers)
        for statement in _of(attestation.predicate)
        if not _excuses(statement)
        or not any(is_ahead(at, now) for at in (statement.at, attestation.signed_at))
    )


def _of(predicate: Predicate) -> tuple[VexStatement, ...]:
    if isinstance(predicate, Vex):
        return predicate.statements
    return predicate.vex if isinstance(predicate, Sbom) else ()


def unread(image: ImageEvidence, by: Collection[str], used: Collection[Said]) -> str | None:
    """Return why what is excused cannot be told: newer words of a signer in `by` are not read."""
    since = min((s.at for s in used), default=None)
    if since is None:
        return None
    problems = [
        f"a VEX document by {a.identity} cannot be read: {a.predicate.problem}"
        for a in image.attested(Unreadable, by=by)
        if a.predicate_type in VEX_TYPES and (a.signed_at is None or a.signed_at >= since)
    ]
    return min(problems, default=None)


def excuse(said: Collection[Said], merged: Merged, image: ImageEvidence) -> tuple[Said, ...]:
    """Return the newest statement for each place of a finding; none unless all are excused."""
    found = [_excuse(said, merged, place, image) for place in sorted(merged.places)]
    used = tuple(one for one in found if one is not None)
    return used if len(used) == len(found) else ()


def why_not(said: Collection[Said], merged: Merged, image: ImageEvidence) -> str:
    """Say why statements about a finding do not excuse it; empty where none names it.

    Asked of a finding that `excuse` found nothing for.
    """
    named = [s for s in said if _names(s.statement, merged)]
    if not named:
        return ""
    bare = next(p for p in sorted(merged.places) if _excuse(named, merged, p, image) is None)
    about = [s for s in named if _applies(s, bare, image)]
    if not about:
        who = sorted({n for s in named for n in s.attestation.signers})
        return f"VEX by {', '.join(who)} is about another image or package"
    one = max((s for s in about if not _excuses(s.statement)), key=_outweighs)
    why = f"VEX by {', '.join(one.attestation.signers)} says {one.statement.status.value}"
    if one.statement.status is VexStatus.NOT_AFFECTED:
        return f"{why}, and gives no justification"
    return why


def _outweighs(warning: Said) -> tuple[bool, datetime, str]:
    return (warning.statement.at is None, warning.at, warning.statement.status.value)


def _excuse(
    said: Collection[Said], merged: Merged, place: tuple[str, Digest], image: ImageEvidence
) -> Said | None:
    applying = [s for s in said if _names(s.statement, merged) and _applies(s, place, image)]
    if any(s.statement.at is None and not _excuses(s.statement) for s in applying):
        return None
    newest = max((s.at for s in applying), default=_NEVER)
    latest = [s for s in applying if s.at == newest]
    if not latest or not all(_excuses(s.statement) for s in latest):
        return None
    return min(latest, key=lambda s: (s.attestation.attached, s.statement.justification))


def _names(statement: VexStatement, merged: Merged) -> bool:
    return not merged.lowered.isdisjoint(n.strip().lower() for n in statement.names)


def _excuses(statement: VexStatement) -> bool:
    """Whether a statement excuses what it is about; `not_affected` must say why."""
    if statement.status is VexStatus.NOT_AFFECTED:
        return bool(statement.justification.strip())
    return statement.status is VexStatus.FIXED


def _applies(said: Said, place: tuple[str, Digest], image: ImageEvidence) -> bool:
    """Whether a statement is about the image where it was scanned, or about that package."""
    products = said.statement.products
    package = parsed(place[0])
    if not _excuses(said.statement):
        return not products or any(_may_mean(p, package, image) for p in products)
    if products is None:
        return _reaches({said.attestation.subject}, place[1], image)
    return any(_means(p, package, place[1], image) for p in products)


def _reaches(named: Collection[Digest], scanned: Digest, image: ImageEvidence) -> bool:
    """Whether what is said of some of the image's digests is said of the one that was scanned.

    What is said of the index is said of each platform; what is said of one platform is not
    said of another, and of the index only where every platform is named.
    """
    if not {image.image.digest, scanned}.isdisjoint(named):
        return True
    platforms = {p.digest for p in image.image.platforms}
    return bool(platforms) and platforms <= set(named)


def _means(
    product: VexProduct, package: Purl | None, scanned: Digest, image: ImageEvidence
) -> bool:
    """Whether a product is the image where it was scanned, and this part of it, or the package."""
    purls = list(_purls(product.purls))
    named = product.digests | {d for p in purls for d in _image_digests(p, image)}
    if not named.isdisjoint(image.image.digests):
        if not _reaches(named, scanned, image):
            return False
        return product.parts is None or _covers(product.parts, package)
    return (
        product.parts is None
        and package is not None
        and any(p.version and p.covers_build(package) for p in purls)
    )


def _may_mean(product: VexProduct, package: Purl | None, image: ImageEvidence) -> bool:
    """Whether a product may be any part of the image, or the package: unless it plainly is not."""
    purls = list(_purls(product.purls))
    named = product.digests | {d for p in purls for d in _image_digests(p, image, any_build=True)}
    packages = [p for p in (*purls, *_purls(product.parts or ())) if p.type != _IMAGE]
    about_package = package is None or any(p.covers(package) for p in packages)
    if not named.isdisjoint(image.image.digests):
        return not product.parts or about_package
    if packages:
        return about_package
    return not purls and not product.digests


def _covers(parts: Collection[str], package: Purl | None) -> bool:
    return package is not None and any(p.covers_build(package) for p in _purls(parts))


def _purls(texts: Collection[str]) -> Iterator[Purl]:
    return (p for p in map(parsed, texts) if p is not None)


def _image_digests(
    purl: Purl, image: ImageEvidence, *, any_build: bool = False
) -> Collection[Digest]:
    """Return the image's digests that an OCI purl names: by one, or by its repository.

    With `arch` it names the platforms of that architecture. With `any_build` it does not
    matter which build is named, and a tag may be any.
    """
    if purl.type != _IMAGE:
        return ()
    every = set(image.image.digests)
    pinned = purl.version.startswith("sha256:") or (bool(purl.version) and not any_build)
    if pinned:
        every = {d for d in every if str(d) == purl.version}
    elif not _is_repository(purl, image.image.repository):
        return ()
    arch = dict(purl.qualifiers).get("arch")
    if arch is None or any_build or (pinned and not image.image.platforms):
        return every
    of_arch = {p.digest for p in image.image.platforms if p.platform.architecture == arch}
    return of_arch if image.image.digest in every else of_arch & every


def _is_repository(purl: Purl, repository: str) -> bool:
    parent, _, name = repository.rpartition("/")
    return purl.name == name and purl.repository in ("", repository, parent)
