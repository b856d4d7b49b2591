"""What an attestation can say about an image, reduced to what checks ask.

`gate.predicates` has one module a format that makes these from verified statements.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from gate.model.image import Digest


@dataclass(frozen=True, slots=True)
class ImageSignature:
    """A signature over the image digest that says nothing else."""


@dataclass(frozen=True, slots=True)
class Package:
    """One component that an SBOM lists. Text is foreign: neutralise it to print."""

    name: str
    version: str = ""
    purl: str = ""
    """As written, not parsed; empty where there is none."""
    supplier: str = ""
    licenses: tuple[str, ...] = ()
    """SPDX expressions or names, as written; `NOASSERTION` and `NONE` are left out."""
    identified: bool = False
    """Whether a purl, CPE, SWID tag or hash tells it from others of its name."""


@dataclass(frozen=True, slots=True)
class BaseImage:
    """What an SBOM says its image was built from."""

    name: str
    built: datetime | None = None


@dataclass(frozen=True, slots=True)
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
    authors: tuple[str, ...] = ()
    """Who made the document, tools not counted."""
    relationships: int = 0
    """How many dependencies between components it states."""
    about: frozenset[Digest] = frozenset()
    """SHA-256 digests of what it says it describes; empty where it names none."""
    base: BaseImage | None = None


@dataclass(frozen=True, slots=True)
class VulnerabilityScan:
    """A scan for known vulnerabilities. Every time is UTC."""

    scanner: str
    """The tool's name in lower case where gate knows it, else what the predicate calls it."""
    finished: datetime
    """The oldest honest claim: the predicate's or the embedded report's own, whichever is older."""
    database: datetime | None = None
    """When the scanner's database was built; None where the report does not say."""


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
    evidence_identities: tuple[str, ...] = ()
    """The identities behind the evidence that the verdict relied on."""


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
    ImageSignature | Sbom | VulnerabilityScan | VerificationSummary | Unrecognised | Unreadable
)
