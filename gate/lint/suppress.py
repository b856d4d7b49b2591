"""Comments and annotations in manifests that ask to silence a rule.

They are requests: a rule is silent only where the policy lists it as `suppressible`, and
only with a reason. Read are `# gate: ignore[rule] reason` on the line of the finding or
alone on the line above, KubeLinter's `ignore-check.kube-linter.io/<rule>: reason` and
`kube-linter.io/ignore-all: reason`, and checkov's `checkov.io/skip<n>: <id>=reason`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from gate.lint.rules import RULES
from gate.lint.view import dig, labels
from gate.model.document import Path
from gate.model.kubernetes import KubernetesObject
from gate.model.verdict import Finding

_ONE: Final = "ignore-check.kube-linter.io/"
_ALL: Final = "kube-linter.io/ignore-all"
_CHECKOV: Final = "checkov.io/skip"
_EVERY: Final = "*"


@dataclass(frozen=True, slots=True)
class Request:
    """One wish to silence a rule."""

    rule: str
    """`*` for every rule."""
    reason: str
    path: Path
    """Of the annotation, from the object's root; empty for a comment."""


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding that a comment or annotation silenced, as the policy allows, and why."""

    finding: Finding
    reason: str


def annotated(obj: KubernetesObject) -> Iterator[Request]:
    """Yield what an object's annotations ask to silence."""
    for key, value in labels(dig(obj.value, "metadata", "annotations")).items():
        path = ("metadata", "annotations", key)
        if key.startswith(_ONE):
            yield Request(key.removeprefix(_ONE), value.strip(), path)
        elif key == _ALL:
            yield Request(_EVERY, value.strip(), path)
        elif key.startswith(_CHECKOV):
            check, _, reason = value.partition("=")
            for rule in _checkov().get(check.strip(), ()):
                yield Request(rule, reason.strip(), path)


def request_for(finding: Finding, obj: KubernetesObject) -> Request | None:
    """Return the request that fits a finding, one with a reason first; None for none."""
    found = [r for r in annotated(obj) if r.rule in (finding.rule, _EVERY)]
    line = finding.location.line if finding.location else 0
    for rules, reason in obj.document.ignores.get(line, ()):
        if finding.rule in rules:
            found.append(Request(finding.rule, reason, ()))
    return max(found, key=lambda request: bool(request.reason), default=None)


def refused(finding: Finding, why: str) -> Finding:
    """Return the finding with a word on why a suppression does not hold."""
    return replace(finding, message=f"{finding.message}; the suppression does not count: {why}")


@cache
def _checkov() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for rule in RULES:
        for check in rule.references.peers.get("checkov", ()):
            found[check].append(rule.name)
    return {check: tuple(rules) for check, rules in found.items()}
