"""The image has a bill of materials that says something, and nothing that is forbidden.

Why: what is inside an image can only be judged, today or when the next vulnerability is
published, where somebody wrote it down and answers for it.

Passes when: `at-least` of `by` attest an SBOM (CycloneDX 1.2 to 1.7, SPDX 2.2 or 2.3, or
syft JSON) of the image that parses, lists at least `minimum-packages` components, and
names its tool and its time (or was signed at a time that a log or a timestamp authority
vouches for). `minimum-elements: ntia` also demands the NTIA minimum elements of every
component; `none` demands neither tool nor time. `describes-image` demands that the document
itself names the image's digest. What any SBOM of a demanded signer lists counts, and so does
what it is about: no package of `forbid-packages`, no licence of `forbid-licenses` that cannot
be avoided by choice, and with `allow-licenses` no other licence; and a `base-image` of an
allowed repository that is not too old. Where any of this is asked, and one of those SBOMs
cannot be read, it is undecided.

Remedy: make an SBOM of the pushed image and attest it with `gate attest --type sbom`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Final, Literal

from gate.checks.demand.base import Check, Proposal, SignedParams
from gate.checks.demand.codes import shortfall_pages
from gate.checks.demand.counting import judge, ordered
from gate.checks.demand.shortfall import Refused, Shortfalls, Sought, clipped
from gate.model.clock import is_ahead
from gate.model.code_page import CodePage
from gate.model.evidence import ImageEvidence, VerifiedAttestation
from gate.model.predicates import Sbom, Unreadable
from gate.model.verdict import Action, Failed, Finding, Outcome, Severity, Undecided
from gate.policy.duration import Duration
from gate.policy.fields import After, Sized, written
from gate.policy.section import Section
from gate.predicates import SBOM_TYPES

if TYPE_CHECKING:
    from gate.checks.sboms.forbidden import Found

_MEND_SCHEMA: Final = "update the tool that makes the SBOM, or tell its makers"
_REMEDY: Final = "make an SBOM of the pushed image and attest it with `gate attest --type sbom`"

_SOUGHT: Final = Sought(
    codes=Shortfalls(
        absent="sbom-absent",
        incomplete="sbom-incomplete",
        not_verified="sbom-not-verified",
        too_few="sbom-too-few",
        unreadable="sbom-unreadable",
        unsigned="sbom-unsigned",
        wrong_predicate="sbom-wrong-predicate",
        wrong_signer="sbom-wrong-signer",
        wrong_subject="sbom-wrong-subject",
    ),
    noun="an SBOM",
    kind=Sbom,
    types=SBOM_TYPES,
    remedy=_REMEDY,
    of_artifact="make an SBOM of what is in it, and attest it with "
    "`gate attest --type sbom FILE oci://{name}`",
)


def _license(text: str) -> str:
    from gate.packages.licenses import listed_license  # noqa: PLC0415  # few policies name one

    return listed_license(text)


def _package(text: str) -> str:
    from gate.packages.ranges import checked  # noqa: PLC0415  # likewise

    return checked(text)


Licenses = Annotated[tuple[Annotated[str, After(_license)], ...], Sized(min_length=1)]


class BaseImageParams(Section):
    """What an image may be built from."""

    allow: Annotated[
        tuple[Annotated[str, Sized(pattern=r"^[a-z0-9][a-z0-9._:/-]*[a-z0-9]$")], ...],
        Sized(min_length=1),
    ]
    """Repositories, and folders of them, by whole path segments."""
    max_age: Duration | None = written(default=None, alias="max-age")
    """How old the base image may be; an SBOM that does not say is refused."""


class SbomParams(SignedParams):
    """Whose SBOM counts, what it must hold, and what it may not list."""

    minimum_packages: Annotated[int, Sized(ge=1)] = written(alias="minimum-packages", default=1)
    """How many packages it lists at least."""
    minimum_elements: Literal["ntia", "document", "none"] = written(
        default="document", alias="minimum-elements"
    )
    """`document`: it names its tool and time; `ntia`: each package the NTIA minimum too;
    `none`: nothing of this."""
    describes_image: bool = written(default=False, alias="describes-image")
    """Whether the document itself must name the image's digest, besides the signed subject."""
    forbid_packages: (
        Annotated[tuple[Annotated[str, After(_package)], ...], Sized(min_length=1)] | None
    ) = written(default=None, alias="forbid-packages")
    """Package URLs, with a version or a range (`pkg:npm/lodash@<4.17.21`) or without, that may
    not be listed. A package that an SBOM lists without a purl is judged by its name, and one
    without a version as every version."""
    forbid_licenses: Licenses | None = written(default=None, alias="forbid-licenses")
    """SPDX licence ids that no package may be under, unless it lets you choose another."""
    allow_licenses: Licenses | None = written(default=None, alias="allow-licenses")
    """SPDX licence ids, one of which every package must be under."""
    base_image: BaseImageParams | None = written(default=None, alias="base-image")
    """What the image may be built from."""
    schema_: Literal["strict", "noted"] = written(default="noted", alias="schema")
    """`strict`: an SBOM does not count with a licence id that SPDX does not list, a type that its
    version does not know, or a purl that begins like none; `noted`: it counts, with a warning."""


def _run(image: ImageEvidence, asked: SbomParams, now: datetime) -> Outcome:
    outcome = judge(CHECK, _SOUGHT, image, asked, lambda a: _refuse(a, image, asked, now), now=now)
    lacking = isinstance(outcome, Failed)
    # Where none counts, one that a waiver lets count is looked at too.
    listed = ordered(
        a
        for a in image.attested(Sbom, by=asked.by)
        if a.predicate.components and (lacking or not _late(a, now))
    )
    if listed and (problem := _unread(image, asked)):
        return Undecided("sbom-contents-unreadable", clipped(problem), _REMEDY)
    sboms = tuple(a.predicate for a in listed)
    # Where no SBOM is there, what is missing is said once.
    found = _contents(sboms, asked, now) if sboms else []
    until = _base_ends(sboms, asked, now)
    noted = _noted(image, listed) if asked.schema_ == "noted" else ()
    if not found and not noted:
        return replace(outcome, until=until)
    findings = tuple(
        CHECK.finding(image, f.code, clipped(f.message), remedy=f.remedy, id=f.id) for f in found
    )
    gaps = outcome.findings if isinstance(outcome, Failed) else ()
    return Failed((*gaps, *findings, *noted), relied_on=listed, until=until, lacking=lacking)


def _noted(
    image: ImageEvidence, listed: tuple[VerifiedAttestation[Sbom], ...]
) -> tuple[Finding, ...]:
    """Return a warning for each thing that breaks the schema of an SBOM that counts."""
    notes = sorted({note for a in listed for note in a.predicate.notes})
    return tuple(
        replace(
            CHECK.finding(image, "sbom-schema-noted", clipped(note), remedy=_MEND_SCHEMA, id=note),
            action=Action.WARN,
            severity=Severity.INFO,
        )
        for note in notes
    )


def _unread(image: ImageEvidence, asked: SbomParams) -> str | None:
    """Return why what the image contains cannot be told, where the policy asks what that is."""
    if not (
        asked.forbid_packages or asked.forbid_licenses or asked.allow_licenses or asked.base_image
    ):
        return None
    problems = (
        f"an SBOM by {a.identity} cannot be read: {a.predicate.problem}"
        for a in image.attested(Unreadable, by=asked.by)
        if a.predicate_type in SBOM_TYPES
    )
    return min(problems, default=None)


def _contents(sboms: tuple[Sbom, ...], asked: SbomParams, now: datetime) -> list[Found]:
    if _looks_at_no_contents(asked):
        return []
    from gate.checks.sboms import forbidden as contents  # noqa: PLC0415  # few policies ask

    packages = [p for s in sboms for p in (*s.described, *s.packages)]
    found: set[Found] = set()
    about = frozenset().union(*(s.about for s in sboms))
    if asked.forbid_packages:
        found |= contents.forbidden_packages(packages, asked.forbid_packages, about=about)
    if asked.forbid_licenses or asked.allow_licenses:
        found |= contents.wrong_licenses(
            packages, asked.forbid_licenses, asked.allow_licenses, about=about
        )
    if asked.base_image:
        found |= contents.wrong_base(
            [s.base for s in sboms if s.base], asked.base_image.allow, asked.base_image.max_age, now
        )
    return sorted(found)


def _base_ends(sboms: tuple[Sbom, ...], asked: SbomParams, now: datetime) -> datetime | None:
    """Return the moment after which a base image that is fresh now is too old."""
    if asked.base_image is None or asked.base_image.max_age is None:
        return None
    built = [
        s.base.built for s in sboms if s.base and s.base.built and not is_ahead(s.base.built, now)
    ]
    ends = (at + asked.base_image.max_age for at in built)
    return min((end for end in ends if end >= now), default=None)


def _late(attestation: VerifiedAttestation[Sbom], now: datetime) -> bool:
    times = (attestation.predicate.created, attestation.signed_at)
    return any(is_ahead(at, now) for at in times)


def _refuse(
    attestation: VerifiedAttestation[Sbom], image: ImageEvidence, asked: SbomParams, now: datetime
) -> Iterator[Refused]:
    """Yield what is wrong, the first thing first."""
    sbom = attestation.predicate
    if not sbom.components:
        yield Refused("sbom-empty", "the SBOM lists no component", _REMEDY)
        return
    if sbom.components < asked.minimum_packages:
        yield Refused(
            "sbom-too-small",
            f"the SBOM lists {sbom.components} components; the policy demands "
            f"{asked.minimum_packages}",
            _REMEDY,
            rank=sbom.components,
        )
    if _late(attestation, now):
        yield Refused(
            "sbom-from-the-future",
            "the SBOM is dated after this run began",
            "set the clock of the machine that makes the SBOM",
        )
    if asked.describes_image and sbom.about.isdisjoint(image.image.digests):
        named = ", ".join(map(str, sorted(sbom.about))) or "no digest"
        yield Refused(
            "sbom-describes-another",
            clipped(f"the SBOM says it describes {named}; this image is {image.image.digest}"),
            "make the SBOM of the image as it was pushed, by its digest",
        )
    if asked.schema_ == "strict" and sbom.notes:
        yield Refused("sbom-schema-broken", clipped(sbom.notes[0]), _MEND_SCHEMA)
    yield from _lacking(attestation, asked)


def _lacking(attestation: VerifiedAttestation[Sbom], asked: SbomParams) -> Iterator[Refused]:
    """Yield which of the demanded elements the document lacks."""
    sbom = attestation.predicate
    if asked.minimum_elements == "none":
        return
    if not sbom.tools and not (asked.minimum_elements == "ntia" and sbom.authors):
        yield Refused("sbom-tool-missing", "the SBOM does not name the tool that made it", _REMEDY)
    if sbom.created is None and attestation.signed_at is None:
        yield Refused("sbom-time-missing", "the SBOM does not say when it was made", _REMEDY)
    if asked.minimum_elements == "document":
        return
    lacking = {
        "a supplier": sum(not p.supplier for p in sbom.packages),
        "a name": sum(not p.name for p in sbom.packages),
        "a version": sum(not p.version for p in sbom.packages),
        "a unique identifier": sum(not p.identified for p in sbom.packages),
    }
    said = [f"{count} lack {what}" for what, count in lacking.items() if count]
    if not sbom.relationships:
        said.append("no dependency is stated")
    if said:
        yield Refused(
            "sbom-below-minimum",
            f"of {sbom.components} components {', '.join(said)}",
            "make the SBOM with a tool that writes the NTIA minimum elements",
            rank=-sum(lacking.values()),
        )


_CODES: Final[dict[str, CodePage]] = {
    **shortfall_pages(_SOUGHT),
    "sbom-schema-noted": CodePage(
        "The SBOM is read, and one of its fields breaks the schema.",
        "A licence id is not on the SPDX list, a type is newer than the document's version, or "
        "another text is in the place of a package URL. It is a warning: the package is "
        "kept, and judged by what it says.",
        "Update the tool that makes the SBOM, or tell its makers.",
    ),
    "sbom-schema-broken": CodePage(
        "A field of the SBOM breaks the schema, and the policy is strict.",
        "The policy has `schema: strict`. A licence id is not on the SPDX list, a type is newer "
        "than the document's version, or another text is in the place of a package URL.",
        "Update the tool that makes the SBOM, or take `schema: strict` out of the policy.",
        "sbom: {by: [ci], schema: strict}",
    ),
    "sbom-empty": CodePage(
        "The SBOM lists no component.",
        "A list with nothing in it says nothing about the image. Most often the tool looked at "
        "an empty folder, or at a file system that it does not read.",
        "Make the SBOM of the pushed image, look at what it lists, and attest it again.",
    ),
    "sbom-too-small": CodePage(
        "The SBOM lists fewer components than the policy demands.",
        "`minimum-packages` finds the SBOM of a wrong folder: an image has more packages than "
        "its own application.",
        "Make the SBOM of the pushed image, and not of the source folder.",
        "sbom: {by: [ci], minimum-packages: 20}",
    ),
    "sbom-from-the-future": CodePage(
        "The SBOM is dated after this run began.",
        "One of two clocks is wrong. What is dated in the future never counts.",
        "Set the clock of the machine that makes the SBOM.",
    ),
    "sbom-describes-another": CodePage(
        "The SBOM says that it describes another image.",
        "The policy has `describes-image: true`, so the document itself must name this image's "
        "digest.",
        "Make the SBOM of the image as it was pushed, by its digest.",
    ),
    "sbom-tool-missing": CodePage(
        "The SBOM does not name the tool that made it.",
        "`minimum-elements: document` asks for the tool and the time. Without the tool nobody "
        "can tell how complete the list is.",
        "Make the SBOM with a tool that names itself, such as syft, and attest it again.",
    ),
    "sbom-time-missing": CodePage(
        "The SBOM does not say when it was made.",
        "Neither the document nor its signature has a trusted time, so nobody can tell which "
        "build it describes.",
        "Make the SBOM with a tool that writes the time, and attest it again.",
    ),
    "sbom-below-minimum": CodePage(
        "The SBOM lacks the NTIA minimum elements.",
        "The policy has `minimum-elements: ntia`: each component needs a supplier, a name, a "
        "version and a unique identifier, and the document needs one dependency.",
        "Make the SBOM with a tool that writes the NTIA minimum elements.",
    ),
    "sbom-package-forbidden": CodePage(
        "The image holds a package that the policy forbids.",
        "A demanded signer's SBOM lists a package that `forbid-packages` names, by its package "
        "URL and version. A package without a package URL is judged by its name: which ecosystem "
        "it is from is not known. One without a version may be any version.",
        "Remove the package, or update it to a version that is not forbidden.",
        'forbid-packages: ["pkg:npm/lodash@<4.17.21"]',
    ),
    "sbom-license-forbidden": CodePage(
        "A package is under a licence that the policy does not allow.",
        "`forbid-licenses` names the licence, or `allow-licenses` does not. `A OR B` lets you "
        "choose the one that is allowed.",
        "Remove the package, or let its licence into the policy after reading it.",
        "forbid-licenses: [AGPL-3.0-only]",
    ),
    "sbom-base-image-forbidden": CodePage(
        "The image is built from a base that the policy does not allow.",
        "The SBOM names the base image, and `base-image.allow` lists neither its repository nor "
        "a folder above it.",
        "Build from an allowed base image, or add its repository to the policy.",
    ),
    "sbom-base-image-too-old": CodePage(
        "The base image is older than the policy allows.",
        "`base-image.max-age` counts from when the base image was built.",
        "Build again from a newer base image.",
    ),
    "sbom-base-image-unknown": CodePage(
        "The SBOM does not say which base image was used.",
        "The policy has `base-image`, and what is not stated cannot be allowed.",
        "Make the SBOM with a tool that names the base image, or attest it with that annotation.",
    ),
    "sbom-contents-unreadable": CodePage(
        "gate cannot tell what the image holds.",
        "The policy forbids packages, licences or base images, and an SBOM by a demanded signer "
        "cannot be read. What it lists is unknown, so the check is undecided.",
        "Attest that SBOM again in a form that gate reads.",
    ),
}


def _looks_at_no_contents(asked: SbomParams) -> bool:
    """Whether no SBOM more could list something that is forbidden."""
    rules = (asked.forbid_packages, asked.forbid_licenses, asked.allow_licenses, asked.base_image)
    return all(rule is None for rule in rules)


CHECK: Final = Check(
    name="sbom",
    severity=Severity.HIGH,
    params=SbomParams,
    run=_run,
    codes=_CODES,
    wants=frozenset(SBOM_TYPES),
    monotone=_looks_at_no_contents,
    makes=(
        "gate attest --type sbom{key} sbom.json {image}",
        "cosign attest --type cyclonedx --predicate sbom.json{key} {image}",
    ),
    proposal=Proposal("sbom", "sbom: {by: %s}"),
)
