"""The `manifests` section of a policy: what lint asks of the manifests."""

from __future__ import annotations

import enum
import re
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from gate.policy.section import Section

OLDEST_KUBERNETES: Final = 25
NEWEST_KUBERNETES: Final = 37
_VERSION: Final = re.compile(r"1\.([1-9][0-9])", re.ASCII)


class Profile(enum.StrEnum):
    """Which rules run, and which of them block."""

    KUBE_LINTER = "kube-linter"
    """The checks that KubeLinter runs by default, all blocking."""
    BASELINE = "baseline"
    """The Pod Security Standard of that name, as the admission controller decides."""
    RESTRICTED = "restricted"
    """Likewise."""
    GATE = "gate"
    """Every rule with its own default action."""
    ALL = "all"
    """Every rule; those that are off by default warn."""


def _version(text: str) -> str:
    found = _VERSION.fullmatch(text)
    if not found or not OLDEST_KUBERNETES <= int(found[1]) <= NEWEST_KUBERNETES:
        msg = f"a Kubernetes version is 1.{OLDEST_KUBERNETES} to 1.{NEWEST_KUBERNETES}, quoted"
        raise ValueError(msg)
    return text


def _once(names: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(names)) != len(names):
        msg = "a name stands twice"
        raise ValueError(msg)
    return names


RuleNames = Annotated[tuple[str, ...], Field(min_length=1, strict=False), AfterValidator(_once)]
ParameterValue = bool | int | str | Annotated[tuple[str, ...], Field(strict=False)]


class ManifestsSection(Section):
    """What the policy says about manifests. Names of rules are checked by `gate.lint`."""

    profile: Annotated[Profile, Field(strict=False)] = Profile.GATE
    """Which rules run, and which of them block."""
    kubernetes_version: Annotated[str, AfterValidator(_version)] = Field(
        default=f"1.{NEWEST_KUBERNETES}", alias="kubernetes-version"
    )
    """The cluster's version, quoted: Pod Security differs by it."""
    block: RuleNames | None = None
    """Rules that block, whatever the profile says."""
    warn: RuleNames | None = None
    """Rules that report and do not block."""
    off: RuleNames | None = None
    """Rules that do not run."""
    suppressible: RuleNames | None = None
    """Rules that a comment or annotation in a manifest may silence. None by default."""
    complete: bool = False
    """Whether the manifests are all there is, so that what they refer to must be among them."""
    parameters: dict[str, dict[str, ParameterValue]] = Field(default_factory=dict)
    """Of each rule by its name, each parameter by its name."""
