"""A world: who may sign, images, what is attached to them, what fails, a policy, and a time.

Times are whole hours after a fixed moment, so that a world can be moved along the clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

Part: TypeAlias = Literal["index", "amd64", "arm64", "other"]
"""Which digest something is about: the image's own, a platform's, or another image's."""
PLATFORMS: Final[tuple[Part, ...]] = ("amd64", "arm64")


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who signs: with a bare key, or with a certificate for an identity."""

    key: str = ""
    subject: str = ""
    issuer: str = ""
    repository: str = ""
    """Of a workflow's certificate: the repository that was built."""
    trigger: str = ""


_WORKFLOW: Final = "https://github.com/acme/ci/.github/workflows/release.yml"
_ACTIONS: Final = "https://token.actions.githubusercontent.com"
_ACCOUNTS: Final = "https://accounts.example"


def _workflow(ref: str, **other: str) -> Holder:
    told = {"issuer": _ACTIONS, "repository": "https://github.com/acme/ci", "trigger": "push"}
    return Holder(subject=f"{_WORKFLOW}@{ref}", **(told | other))


HOLDERS: Final[Mapping[str, Holder]] = {
    "key 1": Holder(key="1"),
    "key 2": Holder(key="2"),
    "key 3": Holder(key="3"),
    "stranger's key": Holder(key="9"),
    "tag": _workflow("refs/tags/v1"),
    "other tag": _workflow("refs/tags/v2"),
    "nested tag": _workflow("refs/tags/evil/v1"),
    "branch": _workflow("refs/heads/main"),
    "pull request": _workflow("refs/tags/v1", trigger="pull_request"),
    "fork": _workflow("refs/tags/v1", repository="https://github.com/evil/ci"),
    "foreign issuer": _workflow("refs/tags/v1", issuer="https://evil.example"),
    "person": Holder(subject="dev@acme.example", issuer=_ACCOUNTS),
    "namesake": Holder(subject="dev@acme.example", issuer="https://mail.example"),
}

SIGNERS: Final[Mapping[str, Mapping[str, str]]] = {
    "build": {"key": "1.pub"},
    "build-too": {"key": "1.pub"},
    "scanner": {"key": "2.pub"},
    "logged": {"key": "3.pub", "log": "required"},
    "stamped": {"key": "2.pub", "timestamp": "required"},
    "release": {"issuer": _ACTIONS, "identity": f"{_WORKFLOW}@refs/tags/*"},
    "person": {"issuer": _ACCOUNTS, "identity": "dev@acme.example"},
}
"""As a policy writes them. Two names have one key."""


@dataclass(frozen=True, slots=True)
class Sbom:
    """A CycloneDX document."""

    made: int | None
    tool: bool = True
    packages: tuple[str, ...] = ("left-pad@1.0.0 MIT",)
    """Each as `name@version licence`, of npm."""
    readable: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """A vulnerability, as a scanner tells it."""

    id: str
    severity: str
    """The scanner's word: `LOW` to `CRITICAL`, or `UNKNOWN`."""
    fixed: bool = True
    published: int | None = None


@dataclass(frozen=True, slots=True)
class Scan:
    """A report of Trivy or Grype in cosign's predicate."""

    finished: int
    reported: int | None = None
    """The embedded report's own time."""
    database: int | None = None
    scanner: str = "trivy"
    found: tuple[Found, ...] = ()
    form: Literal["read", "nothing-scanned", "no-scan"] = "read"


@dataclass(frozen=True, slots=True)
class Vex:
    """An OpenVEX document of one statement."""

    made: int
    id: str
    status: str
    about: Part
    readable: bool = True


@dataclass(frozen=True, slots=True)
class Built:
    """SLSA provenance, version 1."""

    builder: str
    source: str = "https://github.com/acme/shop"
    ref: str = "refs/tags/v1"


Said: TypeAlias = Sbom | Scan | Vex | Built | None
"""What a statement holds; None for a signature of the image."""


@dataclass(frozen=True, slots=True)
class Item:
    """Something that is attached to an image."""

    by: str
    """A name of HOLDERS."""
    about: Part
    said: Said = None
    signed: int | None = None
    """When a trusted clock saw it; None where no clock did."""
    clock: Literal["log", "authority"] = "log"
    broken: Literal["", "signature", "payload-type", "predicate-type"] = ""


@dataclass(frozen=True, slots=True)
class Image:
    """An image, and what its registry says of it."""

    name: str
    """`registry/repository`."""
    pinned: bool = False
    platforms: bool = True
    items: tuple[Item, ...] = ()
    silent: bool = False
    """The registry gives no answer about it."""
    unread: bool = False
    """Something more may be attached that could not be read."""
    user: str = "65532"
    created: int = -24
    unread_configuration: bool = False


@dataclass(frozen=True, slots=True)
class Waiver:
    """One finding that is accepted until a day."""

    check: str
    finding: str
    image: str
    """`registry/repository`."""
    pinned: bool
    """Whether it is for this digest alone."""
    last_day: int
    """Days after the first moment's day."""


@dataclass(frozen=True, slots=True)
class World:
    """All that a run of `gate check` depends on."""

    images: tuple[Image, ...]
    entries: tuple[Mapping[str, Any], ...]
    """The policy's `images`, as it is written."""
    allow: tuple[str, ...] = ()
    """The policy's `registries.allow`; empty where it has none."""
    waivers: tuple[Waiver, ...] = ()
    valid_for: int = 24
    """Hours, of `pass`."""
    bound: bool = False
    """Whether the release has manifests: a Pod for each image."""
    at: int = 0
    """When the run begins."""
