"""What an attestation can say about an image, reduced to what checks ask.

`gate.predicates` has one module a format that makes these from verified statements.
"""

from __future__ import annotations

import enum
from datetime import datetime
from typing import NamedTuple, TypeAlias

from gate.model.declared import DeclaredObject
from gate.model.image import Digest
from gate.model.records import dataclass


@dataclass(frozen=True, slots=True)
class ImageSignature:
    """A signature over the image digest that says nothing else."""


class Package(NamedTuple):
    """One component that an SBOM lists. Text is foreign: neutralise it to print.

    A tuple, because an SBOM has up to a million, and a dataclass takes three times as long to make.
    """

    name: str
    version: str = ""
    purl: str = ""
    """As written, not parsed; empty where there is none."""
    supplier: str = ""
    licenses: tuple[str, ...] = ()
    """SPDX expressions or names, as written; `NOASSERTION` and `NONE` are left out."""
    identified: bool = False
    """Whether a purl, CPE, SWID tag or hash tells it from others of its name."""


class VexStatus(enum.StrEnum):
    """What a VEX statement says, in OpenVEX's words."""

    NOT_AFFECTED = "not_affected"
    AFFECTED = "affected"
    FIXED = "fixed"
    UNDER_INVESTIGATION = "under_investigation"


@dataclass(frozen=True, slots=True, kw_only=True)
class VexProduct:
    """What a VEX statement is about. Text is foreign."""

    purls: tuple[str, ...] = ()
    digests: frozenset[Digest] = frozenset()
    parts: tuple[str, ...] | None = None
    """Purls of the packages inside it that are meant; None where it is meant whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VexStatement:
    """Whether a vulnerability matters to a product, and why. Text is foreign."""

    names: tuple[str, ...]
    """The vulnerability's id, then its aliases."""
    status: VexStatus
    products: tuple[VexProduct, ...] | None = None
    """None where the statement is about the image that it is attested for."""
    justification: str = ""
    at: datetime | None = None
    """UTC; None where the document does not say."""


@dataclass(frozen=True, slots=True)
class Vex:
    """An OpenVEX document."""

    author: str
    statements: tuple[VexStatement, ...]


@dataclass(frozen=True, slots=True)
class BaseImage:
    """What an SBOM says its image was built from."""

    name: str
    built: datetime | None = None


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Sbom:
    """A software bill of materials."""

    format: str
    """`cyclonedx`, `spdx` or `syft`."""
    version: str
    """Of the format, as the document has it."""
    components: int
    """How many the document lists, nested ones included, its own subject not."""
    tools: tuple[str, ...] = ()
    created: datetime | None = None
    packages: tuple[Package, ...] = ()
    """The components, in the document's order."""
    described: tuple[Package, ...] = ()
    """What the document is about, then what is inside that, where `packages` does not have them."""
    authors: tuple[str, ...] = ()
    """Who made the document, tools not counted."""
    relationships: int = 0
    """How many dependencies between components it states."""
    about: frozenset[Digest] = frozenset()
    """SHA-256 digests of what it says it describes; empty where it names none."""
    base: BaseImage | None = None
    notes: tuple[str, ...] = ()
    """Where it breaks its schema in fields that it can be read without: a foreign sentence each."""
    vex: tuple[VexStatement, ...] = ()
    """What a CycloneDX document says about vulnerabilities; one that says only this is a VEX."""


class Rating(enum.IntEnum):
    """How severe a vulnerability is. What is unknown has none, and is never low."""

    NONE = 1
    NEGLIGIBLE = 2
    LOW = 3
    MEDIUM = 4
    HIGH = 5
    CRITICAL = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Vulnerability:
    """One vulnerability that a scanner found. Text is foreign: neutralise it to print."""

    id: str
    aliases: tuple[str, ...] = ()
    """Other names of the same vulnerability."""
    package: str = ""
    version: str = ""
    purl: str = ""
    rating: Rating | None = None
    """None where the scanner does not know."""
    quoted: Rating | None = None
    """The highest word of other sources that the report quotes beside the scanner's own."""
    score: float | None = None
    """CVSS base score, 0 to 10."""
    fixed_in: str = ""
    """The version that mends it, in the scanner's words; empty where there is none."""
    fix_told: bool = True
    """Whether an empty `fixed_in` says that there is no fix. Some forms do not say."""
    published: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Why a scan does not show that packages of an image were looked at. Text may be foreign."""

    why: str
    """What follows `the scan` in a sentence: `lists no package`, `holds SARIF by Checkov`."""
    remedy: str
    """One next step."""


@dataclass(frozen=True, slots=True)
class VulnerabilityScan:
    """A scan for known vulnerabilities. Every time is UTC."""

    scanner: str
    """The tool's name in lower case where gate knows it, else what the predicate calls it."""
    finished: datetime
    """The oldest honest claim: the predicate's or the embedded report's own, whichever is older."""
    database: datetime | None = None
    """When the scanner's database was built; None where the report does not say."""
    findings: tuple[Vulnerability, ...] | None = None
    """What was found; None where the scan has no report that gate reads."""
    report: str = "unknown"
    """The form of the report, such as `trivy` or `sarif`."""
    targets: int | None = None
    """How many things were looked at; None where the report does not say."""
    about: frozenset[Digest] = frozenset()
    """SHA-256 digests of the image that it says it looked at; empty where it names none."""
    doubt: Doubt | None = None
    """Why it does not count as a scan at all; None where it does."""
    least: Rating | None = None
    """The lowest severity that the scanner was told to list; None where it lists all."""
    fixable_only: bool = False
    """Whether the scanner was told to list only what has a fix."""
    latest: datetime | None = None
    """The newest claim of the same kind as `finished`; None where there is one claim alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """How an artifact was built (SLSA provenance). Text is foreign; empty where not stated.

    https://slsa.dev/spec/v1.1/provenance
    """

    version: str
    """`0.2` or `1`."""
    builder: str
    """The builder's id, exactly as signed."""
    build_type: str = ""
    source: str = ""
    """The repository that was built, as a URL without `git+`, ref and `.git`."""
    ref: str = ""
    """The git ref, such as `refs/tags/v1`."""
    entry_point: str = ""
    """The workflow or build file."""
    finished: datetime | None = None
    materials: tuple[str, ...] = ()
    """URIs of what went into the build; empty text where one has none."""
    inputs: tuple[tuple[str, str], ...] = ()
    """What Tekton Chains lists as inputs of the run, each once, in the form of `source` and `ref`.
    The tasks of the run named them, and no trigger did."""


@dataclass(frozen=True, slots=True)
class LayoutSet:
    """An in-toto layout and the links of its steps, each still signed by its own keys."""

    layout: str
    """JSON text of the signed metadata, DSSE or traditional."""
    links: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VerificationSummary:
    """Another verifier's verdict (SLSA VSA v1): a pass, when its result is PASSED.

    https://slsa.dev/spec/v1.1/verification_summary
    """

    verifier: str
    resource: str
    """`resourceUri`."""
    result: str
    """`verificationResult`, exactly as signed. Only `PASSED` is a pass."""
    verified_at: datetime
    policy: Digest | None = None
    levels: tuple[str, ...] = ()
    environment: str | None = None
    not_after: datetime | None = None
    release: Digest | None = None
    images: tuple[str, ...] = ()
    """Every image of the release, `registry/repository@sha256:…`."""
    objects: tuple[Digest, ...] | None = None
    """Canonical digests of every manifest object; None where manifests were not bound."""
    object_names: tuple[tuple[Digest, str], ...] = ()
    """What objects are called, for people; empty in a pass of a gate that did not say it."""
    declared: tuple[DeclaredObject, ...] = ()
    """What lets each object be compared with the one in a cluster; of an object that is too large,
    and in a pass of an earlier gate, nothing."""
    evidence_identities: tuple[str, ...] = ()
    """The identities behind the evidence that the verdict relied on."""
    waivers_expire: datetime | None = None
    """When the first of the waivers that it rests on ends; None where it rests on none."""
    evidence_until: datetime | None = None
    """When the first of its checks stops holding, by its own account; None where none does."""
    unsettled: tuple[str, ...] = ()
    """Checks that it lists with another result than one that clears."""
    unsigned: bool = False
    """Whether it says that it is from a dry run, which opens nothing, by any signer."""


@dataclass(frozen=True, slots=True)
class LetGo:
    """What a statement said, after every check of its image was answered: its kind alone.

    No check finds in it what the statement was, so that nothing is judged by less than all.
    """

    kind: type[Predicate]


@dataclass(frozen=True, slots=True)
class Unrecognised:
    """A verified statement whose predicate type gate does not read."""

    predicate_type: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A verified statement of a type that gate reads, whose content it cannot."""

    predicate_type: str
    problem: str
    """One sentence. May quote foreign text: neutralise to print."""


Predicate: TypeAlias = (
    ImageSignature
    | Sbom
    | VulnerabilityScan
    | Vex
    | Provenance
    | LayoutSet
    | VerificationSummary
    | Unrecognised
    | Unreadable
    | LetGo
)
