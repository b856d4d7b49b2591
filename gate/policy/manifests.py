"""The `manifests` section of a policy: what lint asks of the manifests."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from gate.policy.profile import NEWEST_KUBERNETES, Profile, known_version
from gate.policy.section import Section


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
    kubernetes_version: Annotated[str, AfterValidator(known_version)] = Field(
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
