"""Every demand of a policy, and what became of each in another enforcer's words."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import field
from typing import Any, Final

from gate.lint.settings import ALWAYS, lint_settings
from gate.model.records import dataclass
from gate.model.verdict import Action
from gate.policy.document import Policy
from gate.policy.section import Section

_NOT_DEMANDS: Final = frozenset(("demand",))
"""What `digest: required` is read as: the word says no more than that the check is asked."""


class Fate(enum.StrEnum):
    """What became of a demand."""

    EXPRESSED = "expressed"
    """The target demands the same."""
    APPROXIMATED = "approximated"
    """It demands something else, and the account says what."""
    LOST = "not expressible"
    """It demands nothing of the kind."""


@dataclass(frozen=True, slots=True)
class DemandFate:
    """One demand and its fate."""

    demand: str
    """Where the policy makes it: `images ghcr.io/acme/** signature.by.ci.identity`."""
    fate: Fate
    how: str = ""
    """Of an approximated one: what is demanded in its place."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A policy in the words of a target."""

    target: str
    body: str
    """What the target takes, without the header."""
    entries: tuple[DemandFate, ...]
    """Every demand of the policy, in its order."""

    def of(self, fate: Fate) -> tuple[DemandFate, ...]:
        """Return the demands with a fate."""
        return tuple(entry for entry in self.entries if entry.fate is fate)


@dataclass(slots=True)
class Account:
    """Collects the fate of each demand while a target is written."""

    policy: Policy
    _fates: dict[str, DemandFate] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Begin with every demand lost."""
        for demand in demands(self.policy):
            self._fates[demand] = DemandFate(demand, Fate.LOST)

    def expressed(self, demand: str) -> None:
        """Say that a demand is made as it is. One that the policy does not make is a defect."""
        self._set(demand, Fate.EXPRESSED, "")

    def approximated(self, demand: str, how: str) -> None:
        """Say what is demanded in its place."""
        self._set(demand, Fate.APPROXIMATED, how)

    def _set(self, demand: str, fate: Fate, how: str) -> None:
        if demand not in self._fates:
            msg = f"the policy makes no demand {demand!r}"
            raise KeyError(msg)
        before = self._fates[demand]
        # A demand that is made twice is as good as the worse of the two.
        if before.fate is not Fate.APPROXIMATED:
            self._fates[demand] = DemandFate(demand, fate, how)

    def closed(self, target: str, body: str) -> Exported:
        """Return what was written, with the fate of every demand."""
        return Exported(target, body, tuple(self._fates.values()))


def demands(policy: Policy) -> Iterator[str]:
    """Yield every demand of a policy, once, by its place."""
    if policy.allowed is not None:
        yield "registries.allow"
    for entry in policy.images:
        at = f"images {entry.pattern.text}"
        for check, params in entry.checks.items():
            yield f"{at} {check}"
            for key, value in _set_keys(params):
                if key == "by":
                    for name in sorted(set(value)):
                        yield from signer_demands(f"{at} {check}.by.{name}", policy, name)
                elif key not in _NOT_DEMANDS:
                    yield f"{at} {check}.{key}"
    if policy.manifests is not None:
        actions = lint_settings(policy.manifests).actions()
        blocking = {name for name, action in actions.items() if action is Action.BLOCK}
        # Those that always block say that a file cannot be read, and no policy asks for them.
        yield from (f"manifests {name}" for name in sorted(blocking - ALWAYS))
    if policy.revocations is not None:
        yield "revocations"


def signer_demands(at: str, policy: Policy, name: str) -> Iterator[str]:
    """Yield what a signer that is named at a place must show."""
    for key, _ in _set_keys(policy.signers[name]):
        yield f"{at}.{key}"


def _set_keys(section: Section) -> Iterator[tuple[str, Any]]:
    """Yield what a section says itself, under the policy's own keys; no default is a demand."""
    for name, info in section.fields().items():
        if name in section.model_fields_set:
            yield info.alias, getattr(section, name)
