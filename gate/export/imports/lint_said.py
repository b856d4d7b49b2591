"""What each linter's configuration demands of manifests, and what all of them demand together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Final

from gate.lint.profiles import KUBE_LINTER
from gate.model.records import dataclass
from gate.policy.paths import PathPattern
from gate.policy.profile import Profile

_WIDEST_FIRST: Final = (Profile.ALL, Profile.GATE, Profile.KUBE_LINTER)


@dataclass(slots=True)
class LintSaid:
    """The demands of one tool, from all its files."""

    profile: Profile
    block: set[str] = field(default_factory=set)
    warn: set[str] = field(default_factory=set)
    off: set[str] = field(default_factory=set)
    exclude: set[str] = field(default_factory=set)

    def widened(self, profile: Profile) -> None:
        """Ask for a profile too."""
        self.profile = min(self.profile, profile, key=_WIDEST_FIRST.index)


def together(said: Mapping[str, LintSaid]) -> tuple[LintSaid | None, list[str]]:
    """Return what demands as much as every tool, and a note for each part that one gives up.

    A rule is off, and a folder left out, only where every tool says so.
    """
    tools = list(said.values())
    if not tools:
        return None, []
    profiles = {one.profile for one in tools}
    whole = LintSaid(min(profiles, key=_WIDEST_FIRST.index))
    whole.off = set.intersection(*(one.off for one in tools))
    whole.block = set.union(*(one.block for one in tools)) - whole.off
    if len(profiles) > 1 and Profile.KUBE_LINTER in profiles:
        whole.block |= _default_rules(said) - whole.off
    whole.warn = set.intersection(*(one.warn | one.off for one in tools))
    whole.warn -= whole.off | whole.block
    whole.exclude = set.intersection(*(one.exclude for one in tools))
    return whole, list(_given_up(said, whole))


def _default_rules(said: Mapping[str, LintSaid]) -> frozenset[str]:
    off = set.intersection(*(o.off for o in said.values() if o.profile is Profile.KUBE_LINTER))
    return KUBE_LINTER - off


def _given_up(said: Mapping[str, LintSaid], whole: LintSaid) -> Iterator[str]:
    for tool, one in said.items():
        for rule in sorted(one.off - whole.off):
            yield f"{rule} is off in the configuration of {tool}, and another tool asks for it"
        for path in sorted(one.exclude - whole.exclude):
            yield f"{path} is left out by {tool}, and another tool looks at it"


def left_out(text: str) -> str | None:
    """Return a path that a tool leaves out as a pattern of `exclude`, or None for another.

    What the pattern leaves out is never more: a path that may be anywhere is the one path from
    the working folder.
    """
    path = text.strip().removeprefix("./").removesuffix("/**").rstrip("/")
    try:
        return PathPattern(path).text
    except ValueError:
        return None
