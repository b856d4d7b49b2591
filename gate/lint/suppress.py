"""Comments and annotations in manifests that ask to silence a rule.

They are requests: a rule is silent only where the policy lists it as `suppressible`, and
only with a reason. Read are `# gate: ignore[rule] reason` on the line of the finding or
alone on the line above, KubeLinter's `ignore-check.kube-linter.io/<rule>: reason` and
`kube-linter.io/ignore-all: reason`, and checkov's `checkov.io/skip<n>: <id>=reason`. An
annotation of an object is about all of it, one of a pod template about that template alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Final

from gate.documents.lenient import dig, labels
from gate.lint.facts.view import Pod
from gate.lint.rules import RULES
from gate.model.kubernetes import KubernetesObject, field_path
from gate.model.records import dataclass
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
    within: str = ""
    """The field that it is about, with all below it; empty for the whole object."""

    def covers(self, finding: Finding) -> bool:
        """Whether the wish is about the finding's rule and field."""
        field = finding.field or ""
        inside = not self.within or field == self.within or field.startswith(self.within + ".")
        return inside and self.rule in (finding.rule, _EVERY)


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding that a comment or annotation silenced, as the policy allows, and why."""

    finding: Finding
    reason: str


def annotated(obj: KubernetesObject, held: Iterable[Pod]) -> Iterator[Request]:
    """Yield what the annotations of an object and of its pod templates ask to silence."""
    yield from _asked(dig(obj.value, "metadata", "annotations"), "")
    for pod in held:
        if pod.template is not None:
            yield from _asked(pod.metadata.get("annotations"), field_path(pod.template))


def _asked(annotations: object, within: str) -> Iterator[Request]:
    for key, value in labels(annotations).items():
        if key.startswith(_ONE):
            yield Request(key.removeprefix(_ONE), value.strip(), within)
        elif key == _ALL:
            yield Request(_EVERY, value.strip(), within)
        elif key.startswith(_CHECKOV):
            check, _, reason = value.partition("=")
            for rule in _checkov().get(check.strip(), ()):
                yield Request(rule, reason.strip(), within)


def request_for(
    finding: Finding, obj: KubernetesObject, asked: Sequence[Request]
) -> Request | None:
    """Return the request that fits a finding, one with a reason first; None for none.

    `asked` is what `annotated` says of the object.
    """
    if not asked and not obj.document.ignores:
        return None
    found = [request for request in asked if request.covers(finding)]
    line = finding.location.line if finding.location else 0
    for rules, reason in obj.document.ignores.get(line, ()):
        if finding.rule in rules:
            found.append(Request(finding.rule, reason))
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
