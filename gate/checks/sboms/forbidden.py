"""What SBOMs list that a policy forbids."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import unquote

from gate.model.clock import is_ahead
from gate.model.expressions import expression
from gate.model.image import Digest, ImageReference
from gate.model.predicates import BaseImage, Package
from gate.model.records import dataclass
from gate.packages import licenses
from gate.packages.purl import Purl, parsed, plain_name
from gate.packages.ranges import PackagePattern
from gate.predicates.fields import digests, is_purl

_IMAGES: Final = ("pkg:oci/", "pkg:docker/")
"""How the purl of an image begins."""
_NAME: Final = expression(r"[/:@?#&=]")
"""What separates the parts of a link, and of a package's name with its namespace."""


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """One thing that an SBOM lists and a policy forbids."""

    code: str
    """In kebab-case, without the check's prefix."""
    id: str
    """What a waiver names."""
    message: str
    remedy: str


def forbidden_packages(
    packages: Iterable[Package], patterns: Collection[str], *, about: Collection[Digest]
) -> set[Found]:
    """Return each package that a pattern means; an image of `about` is no package.

    A purl that cannot be read is the package whose name is in it. Where something else is
    in its place, such as a link, the package is each whose name is its own or a part of that.
    One without a purl may be each of its name, also with a namespace before that. A purl
    without a version has the version beside it; where there is none either, it may be each.
    """
    wanted = list(map(PackagePattern.parse, patterns))
    named = [(plain_name(w.package.name), w) for w in wanted]
    called = [(_names(w.package), w) for w in wanted]
    found: set[Found] = set()
    for package in packages:
        if not package.purl:
            own = plain_name(package.name)
            near = [w for names, w in called if own in names]
            found.update(_by_name(package, near, about))
            continue
        text = plain_name(unquote(package.purl))
        near = [w for name, w in named if name in text]
        if not is_purl(package.purl):
            own_names = {plain_name(part) for part in (package.name, *_NAME.split(package.name))}
            own_names |= {plain_name(part) for part in _NAME.split(unquote(package.purl))}
            near = [w for name, w in named if name in own_names]
        purl = parsed(package.purl) if near else None
        if purl is not None and not purl.version:
            purl = replace(purl, version=package.version)
        found |= {
            Found(
                "sbom-package-forbidden",
                package.purl,
                f"{package.purl} is listed, and the policy forbids {pattern.text}{why}",
                "remove the package, or update it to a version that is not forbidden",
            )
            for pattern in near
            if (why := _why(pattern, purl)) is not None
        }
    return found


def _names(package: Purl) -> frozenset[str]:
    """Return what SBOMs call a package that they give no purl."""
    space, name = package.namespace, package.name
    return frozenset(map(plain_name, (name, f"{space}/{name}", f"{space}:{name}")))


def _by_name(
    package: Package, near: Iterable[PackagePattern], about: Collection[Digest]
) -> Iterator[Found]:
    """Yield a package without a purl under each pattern whose name it has, and whose version."""
    shown = f"{package.name}@{package.version}" if package.version else package.name
    for pattern in near:
        why = _why(pattern, replace(pattern.package, version=package.version))
        if why is not None and digests(package.version).isdisjoint(about):
            yield Found(
                "sbom-package-forbidden",
                shown,
                f"{shown} is listed without a purl and may be what the policy forbids: "
                f"{pattern.text}{why}",
                "let the SBOM say which package it is by a purl, or remove it",
            )


def _why(pattern: PackagePattern, purl: Purl | None) -> str | None:
    """Return what is added to the message where a package is forbidden; None where it is not."""
    if purl is None:
        return ""
    why = pattern.why(purl)
    return f": {why}" if why else why


def wrong_licenses(
    packages: Iterable[Package],
    forbid: Collection[str] | None,
    allow: Collection[str] | None,
    *,
    about: Collection[Digest],
) -> set[Found]:
    """Return each package under a licence that is forbidden, or that is not allowed.

    With `allow`, a package that has a purl and no licence is not allowed. An image of which an
    SBOM is, by its digest in `about`, needs none: its packages have them.
    """
    return {
        Found(
            "sbom-license-forbidden",
            f"license of {package.purl or package.name}",
            f"{package.purl or package.name}: {why}",
            remedy,
        )
        for package in packages
        for why, remedy in _wrong(package, forbid or (), allow, about)
    }


def _wrong(
    package: Package,
    forbid: Collection[str],
    allow: Collection[str] | None,
    about: Collection[Digest],
) -> Iterator[tuple[str, str]]:
    """Yield each cause with its next step."""
    other = "remove the package, or replace it by one under another licence"
    for text in package.licenses:
        if licenses.forbidden(text, forbid):
            yield f"its licence is {text}, which the policy forbids", other
        elif allow is not None and not licenses.allowed(text, allow):
            yield f"its licence is {text}, which the policy does not allow", other
    unnamed = allow is not None and package.purl and not package.licenses
    if unnamed and not _is_image(package.purl, about):
        yield (
            "the SBOM names no licence of it, and the policy allows only named ones",
            "make the SBOM with a tool that finds licences, or remove the package",
        )


def _is_image(purl: str, about: Collection[Digest]) -> bool:
    """Whether a purl names an image by one of these digests."""
    return purl.startswith(_IMAGES) and not digests(purl).isdisjoint(about)


def wrong_base(
    bases: Collection[BaseImage],
    allow: Collection[str],
    max_age: timedelta | None,
    now: datetime,
) -> set[Found]:
    """Return what is wrong with the base image; naming none is wrong too."""
    if not bases:
        return {
            Found(
                "sbom-base-image-unknown",
                "",
                "no SBOM says what the image was built from",
                "name the base image in the SBOM (SPDX DESCENDANT_OF, CycloneDX pedigree)",
            )
        }
    found = set()
    for base in bases:
        if not _from_allowed(base.name, allow):
            found.add(
                Found(
                    "sbom-base-image-forbidden",
                    base.name,
                    f"the image is built from {base.name}, which the policy does not allow",
                    f"build it from {' or '.join(sorted(allow))}",
                )
            )
        if max_age is not None and (base.built is None or not _fresh(base.built, max_age, now)):
            said = "does not say when" if base.built is None else f"says {base.built:%Y-%m-%d}"
            found.add(
                Found(
                    "sbom-base-image-too-old",
                    base.name,
                    f"the base image {base.name} may be {max_age.days} days old at most; "
                    f"the SBOM {said}",
                    "rebuild on a newer base image, and let the SBOM say when that was built",
                )
            )
    return found


def _fresh(built: datetime, max_age: timedelta, now: datetime) -> bool:
    return not is_ahead(built, now) and now - built <= max_age


def _from_allowed(name: str, allow: Collection[str]) -> bool:
    try:
        reference = ImageReference.parse(name)
    except ValueError:
        return False
    full = f"{reference.registry}/{reference.repository}/"
    return any(full.startswith(f"{allowed}/") for allowed in allow)
