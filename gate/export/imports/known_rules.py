"""Which rules of gate answer the checks of another linter, by the names that it gives them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import field
from typing import Final

from gate.lint.rule import Rule
from gate.lint.settings import ALWAYS
from gate.model.expressions import expression
from gate.model.records import dataclass

_POD_SECURITY_POLICY: Final = frozenset(
    f"CKV_K8S_{number}" for number in (1, 2, 3, 4, 5, 6, 7, 24, 32, 36)
)
"""checkov's checks of PodSecurityPolicies, which no cluster since Kubernetes 1.25 has."""
_TRIVY: Final = expression(r"(?:AVD-)?(KSV)-?(\d+)", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class KnownRules:
    """The rules that there are, and what other linters call them."""

    names: Collection[str] = frozenset()
    _peers: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    _called: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> KnownRules:
        """Return them from gate's table of rules."""
        names, peers = set[str](), dict[tuple[str, str], list[str]]()
        called: dict[tuple[str, str], tuple[str, ...]] = {}
        for rule in rules:
            names.add(rule.name)
            for tool, checks in rule.references.peers.items():
                called[tool, rule.name] = tuple(checks)
                for check in checks:
                    peers.setdefault((tool, check), []).append(rule.name)
        return cls(frozenset(names), {key: tuple(found) for key, found in peers.items()}, called)

    def answering(self, tool: str, check: str) -> tuple[str, ...]:
        """Return the rules that answer a check of a tool, which may be none."""
        return self._peers.get((tool, check_id(check)), ())

    def silenced(self, tool: str, checks: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Return each rule that some of these checks answer to, with its checks that remain.

        A rule may answer several checks. While one of them is still asked, the rule is.
        """
        skipped = {check_id(check) for check in checks}
        found: dict[str, tuple[str, ...]] = {}
        for check in skipped:
            for rule in set(self._peers.get((tool, check), ())) - ALWAYS:
                rest = set(self._called[tool, rule]) - skipped - _POD_SECURITY_POLICY
                found[rule] = tuple(sorted(rest))
        return found


def check_id(text: str) -> str:
    """Return a check's id as the table has it: KSV012 and AVD-KSV-0012 are KSV-0012."""
    found = _TRIVY.fullmatch(text.strip())
    if found is None:
        return text.strip()
    number = found[2]
    return f"KSV-{number if len(number) > 4 else number.zfill(4)}"  # noqa: PLR2004  # digits
