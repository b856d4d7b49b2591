"""What lint is asked for: a profile for some version of Kubernetes, and what changes it.

It knows nothing of policy files, so that `gate lint` without one starts without their reader.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import field
from typing import Any, Final, Protocol

from gate.model.expressions import expression
from gate.model.kubernetes import ImagePosition
from gate.model.records import dataclass

OLDEST_KUBERNETES: Final = 25
NEWEST_KUBERNETES: Final = 37
_VERSION: Final = expression(r"1\.([1-9][0-9])", re.ASCII)


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


def known_version(text: str) -> str:
    """Return a version of Kubernetes as it is. Raises ValueError for one that does not exist."""
    found = _VERSION.fullmatch(text)
    if not found or not OLDEST_KUBERNETES <= int(found[1]) <= NEWEST_KUBERNETES:
        msg = f"a Kubernetes version is 1.{OLDEST_KUBERNETES} to 1.{NEWEST_KUBERNETES}, quoted"
        raise ValueError(msg)
    return text


class LintDemands(Protocol):
    """What a policy's `manifests` section says, or a call without a policy."""

    @property
    def profile(self) -> Profile:
        """Which rules run, and which of them block."""

    @property
    def kubernetes_version(self) -> str:
        """The cluster's version."""

    @property
    def block(self) -> tuple[str, ...] | None:
        """Rules that block, also where the profile does not ask for them."""

    @property
    def warn(self) -> tuple[str, ...] | None:
        """Rules that report and do not block."""

    @property
    def off(self) -> tuple[str, ...] | None:
        """Rules that do not run."""

    @property
    def suppressible(self) -> tuple[str, ...] | None:
        """Rules that may be silenced in a manifest."""

    @property
    def complete(self) -> bool:
        """Whether the manifests are all there is."""

    @property
    def positions(self) -> tuple[ImagePosition, ...]:
        """Fields of custom objects of which the policy says what they are."""

    @property
    def patches(self) -> tuple[str, ...] | None:
        """Custom kinds whose pods patch those that an operator makes."""

    @property
    def parameters(self) -> Mapping[str, Mapping[str, Any]]:
        """Of each rule by its name, each parameter by its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileAlone:
    """A profile as it is: nothing changed, nothing silenced."""

    profile: Profile = Profile.GATE
    kubernetes_version: str = f"1.{NEWEST_KUBERNETES}"
    block: tuple[str, ...] | None = None
    warn: tuple[str, ...] | None = None
    off: tuple[str, ...] | None = None
    suppressible: tuple[str, ...] | None = None
    complete: bool = False
    positions: tuple[ImagePosition, ...] = ()
    patches: tuple[str, ...] | None = None
    parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a version that does not exist. Raises ValueError."""
        known_version(self.kubernetes_version)
