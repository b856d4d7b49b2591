"""Every rule that the policy asks for, over every object. Pure: no I/O, no clock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gate.lint.rule import Scope, Violation
from gate.lint.settings import Bound, LintSettings
from gate.lint.view import Pod, pods
from gate.model.kubernetes import KubernetesObject, field_path
from gate.model.verdict import Finding


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding that a comment or annotation silenced, as the policy allows, and why."""

    finding: Finding
    reason: str


@dataclass(frozen=True, slots=True)
class LintReport:
    """What lint found in a set of objects."""

    findings: tuple[Finding, ...]
    """Sorted by place, then by rule."""
    rules: int
    """How many rules were asked."""
    objects: int
    suppressed: tuple[Suppressed, ...] = ()


def lint(objects: Sequence[KubernetesObject], settings: LintSettings) -> LintReport:
    """Put every rule of the settings to every object. Never raises on any shape of object."""
    by_scope: dict[Scope, list[Bound]] = defaultdict(list)
    for bound in settings.bound:
        by_scope[bound.rule.scope].append(bound)
    findings: list[Finding] = []
    for obj in objects:
        held = pods(obj)
        findings.extend(_object(obj, held, by_scope))
    findings.sort(key=_order)
    return LintReport(tuple(findings), len(settings.bound), len(objects))


def _object(
    obj: KubernetesObject, held: Iterable[Pod], by_scope: dict[Scope, list[Bound]]
) -> Iterator[Finding]:
    for bound in by_scope[Scope.OBJECT]:
        if not bound.rule.kinds or obj.name.kind in bound.rule.kinds:
            for violation in bound.run(obj):
                yield _finding(obj, bound, violation)
    for pod in held:
        for bound in by_scope[Scope.POD]:
            for violation in bound.run(pod):
                yield _finding(obj, bound, violation)
        for bound in by_scope[Scope.CONTAINER]:
            for container in pod.containers:
                for violation in bound.run(container):
                    yield _finding(obj, bound, violation, container.name)


def _finding(
    obj: KubernetesObject, bound: Bound, violation: Violation, container: str | None = None
) -> Finding:
    rule = bound.rule
    return Finding(
        rule=rule.name,
        code=rule.name,
        severity=rule.severity,
        message=violation.message,
        remedy=rule.remedy,
        action=bound.action,
        location=obj.place(*violation.path),
        field=field_path(violation.path),
        object=obj.name,
        container=violation.container if violation.container is not None else container,
    )


def _order(finding: Finding) -> tuple[str, int, int, str, str, str]:
    place = finding.location
    where = (place.path, place.line, place.column) if place else ("", 0, 0)
    return (*where, finding.rule, finding.field or "", finding.message)
