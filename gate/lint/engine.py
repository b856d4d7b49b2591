"""Every rule that the policy asks for, over every object. Pure: no I/O, no clock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TypeAlias

from gate.lint.facts.kinds import is_of
from gate.lint.facts.view import Pod, pods
from gate.lint.facts.whole import Whole
from gate.lint.rule import Scope, Violation
from gate.lint.settings import Bound, LintSettings
from gate.lint.suppress import Request, Suppressed, annotated, refused, request_for
from gate.model.kubernetes import KubernetesObject, field_path
from gate.model.memory import without_collector
from gate.model.verdict import Finding

_Found: TypeAlias = tuple[Bound, Violation, str | None]
"""A rule, where it does not hold, and in which container."""


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
    with without_collector():
        return _lint(objects, settings)


def _lint(objects: Sequence[KubernetesObject], settings: LintSettings) -> LintReport:
    by_scope: dict[Scope, list[Bound]] = defaultdict(list)
    for bound in settings.bound:
        by_scope[bound.rule.scope].append(bound)
    objects = sorted(objects, key=lambda obj: obj.place())  # whoever lists the files differently
    found: dict[int, list[_Found]] = {}
    asked: dict[int, tuple[Request, ...]] = {}
    all_pods: list[Pod] = []
    for obj in objects:
        held = pods(obj)
        all_pods.extend(held)
        asked[id(obj)] = tuple(annotated(obj, held))
        found[id(obj)] = list(_object(obj, held, by_scope))
    whole = Whole(objects, all_pods)
    for bound in by_scope[Scope.SET]:
        for obj, violation in bound.run(whole):
            found[id(obj)].append((bound, violation, None))
    for pod in all_pods:
        pod.containers.clear()  # they name their pod: without this, only a collector frees both
    findings: list[Finding] = []
    suppressed: list[Suppressed] = []
    for obj, following in zip_longest(objects, objects[1:]):
        for bound, violation, container in found.pop(id(obj), ()):
            finding = _finding(obj, bound, violation, container)
            judged = _suppress(finding, request_for(finding, obj, asked[id(obj)]), settings)
            (suppressed if isinstance(judged, Suppressed) else findings).append(judged)  # type: ignore[arg-type]  # each to its own list
        if following is None or following.document is not obj.document:
            obj.document.forget()  # the places of one document at a time
    findings.sort(key=_order)
    suppressed.sort(key=lambda s: _order(s.finding))
    return LintReport(tuple(findings), len(settings.bound), len(objects), tuple(suppressed))


def _suppress(
    finding: Finding, request: Request | None, settings: LintSettings
) -> Finding | Suppressed:
    """Return the finding, unless the manifest asks for silence and the policy allows it."""
    if request is None or finding.rule == "suppression-without-reason":
        return finding
    if finding.rule not in settings.suppressible:
        return refused(finding, "the policy does not list the rule as suppressible")
    if not request.reason:
        return refused(finding, "it gives no reason")
    return Suppressed(finding, request.reason)


def _object(
    obj: KubernetesObject, held: Iterable[Pod], by_scope: dict[Scope, list[Bound]]
) -> Iterator[_Found]:
    for bound in by_scope[Scope.OBJECT]:
        if not bound.rule.kinds or is_of(obj, bound.rule.kinds):
            for violation in bound.run(obj):
                yield bound, violation, None
    for pod in held:
        for bound in by_scope[Scope.POD]:
            for violation in bound.run(pod):
                yield bound, violation, None
        for bound in by_scope[Scope.CONTAINER]:
            for container in pod.containers:
                for violation in bound.run(container):
                    yield bound, violation, container.name


def _finding(
    obj: KubernetesObject, bound: Bound, violation: Violation, container: str | None
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
