"""Every rule that the policy asks for, over every object. Pure: no I/O, no clock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from gate.lint.facts.contents import Contents, NamedImage, contents, images_by_object
from gate.lint.facts.kinds import is_of
from gate.lint.facts.parts import Parts
from gate.lint.facts.view import Pod
from gate.lint.facts.whole import Whole
from gate.lint.implied import folded
from gate.lint.kubernetes.schemas import ObjectFields
from gate.lint.report import LintReport
from gate.lint.rule import Scope, Violation
from gate.lint.settings import Bound, LintSettings
from gate.lint.suppress import Request, Suppressed, annotated, refused, request_for
from gate.model.by_file import by_file
from gate.model.document import Path
from gate.model.kubernetes import ImageUse, KubernetesObject, field_path
from gate.model.location import Location
from gate.model.memory import given_away, without_collector
from gate.model.verdict import Finding

_Found: TypeAlias = tuple[Bound, Violation, str | None]
"""A rule, where it does not hold, and in which container."""


def lint(
    objects: Iterable[KubernetesObject], uses: Iterable[ImageUse], settings: LintSettings
) -> LintReport:
    """Put every rule of the settings to every object. Never raises on any shape of object.

    `uses` are the images of these very objects: each names its object by the `name` that is
    the object's own. Raises ValueError where one is of another object. An object and its images
    are let go once their findings are made: who gives them away has their memory back.
    """
    with without_collector():
        # Whoever lists the files differently gets the same report.
        ordered = sorted(objects, key=lambda obj: obj.place())
        return _lint(ordered, images_by_object(ordered, uses), settings)


def _lint(
    objects: list[KubernetesObject],
    images: Mapping[int, Sequence[tuple[Path, ImageUse]]],
    settings: LintSettings,
) -> LintReport:
    by_scope: dict[Scope, list[Bound]] = defaultdict(list)
    for bound in settings.bound:
        by_scope[bound.rule.scope].append(bound)
    count = len(objects)
    groups = [list(contents(obj, images[id(obj.name)])) for obj in given_away(objects)]
    del images
    # First the rules that need all objects: the others take them one by one, and let each go.
    told = _ask_whole([held for group in groups for held in group], by_scope[Scope.SET], settings)
    findings: list[Finding] = []
    suppressed: list[Suppressed] = []
    same: dict[Violation, Violation] = {}
    fields: dict[Path, str] = {}
    for group in given_away(groups):
        for held in group:
            found = _ask(held, by_scope, told.get(id(held.object), ()), same)
            for judged in _judged(held, found, settings, fields):
                (suppressed if isinstance(judged, Suppressed) else findings).append(judged)  # type: ignore[arg-type]  # each to its own list
            for pod in held.pods:
                pod.containers.clear()  # they name their pod: else only a collector frees both
        document = group[0].object.document
        if not groups or groups[-1][0].object.document is not document:
            document.forget()  # the places of one document at a time
    findings[:] = by_file(findings, _order)
    if settings.baseline is not None:
        from gate.lint.baseline import mark  # noqa: PLC0415  # likewise

        findings[:] = mark(findings, settings.baseline, settings.never_known)
    suppressed.sort(key=lambda s: _order(s.finding))
    return LintReport(tuple(findings), len(settings.bound), count, tuple(suppressed))


def _ask_whole(
    every: Sequence[Contents], rules: Iterable[Bound], settings: LintSettings
) -> Mapping[int, Sequence[_Found]]:
    """Return what the rules say that look at all objects at once, by the object's identity.

    Raises KeyError where a rule speaks of an object that is not one of them.
    """
    pods = [pod for held in every for pod in held.pods]
    whole = Whole([held.object for held in every], pods, settings.definitions)
    own = {id(held.object): held.object for held in every}
    found: dict[int, list[_Found]] = defaultdict(list)
    for bound in rules:
        for obj, violation in bound.run(whole):
            found[id(own[id(obj)])].append((bound, violation, None))
    return found


def _ask(
    held: Contents,
    by_scope: dict[Scope, list[Bound]],
    told: Iterable[_Found],
    same: dict[Violation, Violation],
) -> list[_Found]:
    """Put the rules to one object; `told` is what the rules said that look at all of them.

    `same` keeps violations that many objects have alike once.
    """
    parts = Parts(held.pods)
    found = (*_object(held, parts, by_scope), *(f for f in told if _counts(f[1], parts)))
    return [(bound, same.setdefault(v, v), container) for bound, v, container in found]


def _counts(violation: Violation, parts: Parts) -> bool:
    return violation.of_parts or parts.keeps(violation.path)


def _judged(
    held: Contents, asked: Iterable[_Found], settings: LintSettings, fields: dict[Path, str]
) -> Iterator[Finding | Suppressed]:
    """Yield what becomes of each violation; `fields` keeps the text of each path once."""
    if settings.baseline is not None:
        from gate.lint.baseline import held as holding  # noqa: PLC0415  # only for who keeps one
    obj = held.object
    requests = tuple(annotated(obj, held.pods))
    found: list[tuple[Path, Finding]] = []
    places: dict[Path, Location] = {}
    for one in asked:
        _, violation, _ = one
        path = violation.path
        if path not in places:
            places[path] = obj.place(*path)
        if path not in fields:
            fields[path] = field_path(path)
        finding = _finding(obj, one, places[path], fields[path])
        if settings.baseline is not None:
            finding = replace(finding, holds=holding(obj.value, path))
        judged = _suppress(finding, request_for(finding, obj, requests), settings)
        if isinstance(judged, Suppressed):
            yield judged  # nothing goes into what is silenced
        else:
            found.append((violation.fault or path, judged))
    yield from folded(found) if settings.folds else (finding for _, finding in found)


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


def _object(held: Contents, parts: Parts, by_scope: dict[Scope, list[Bound]]) -> Iterator[_Found]:
    for bound in by_scope[Scope.OBJECT]:
        if not bound.rule.kinds or is_of(held.object, bound.rule.kinds):
            for violation in bound.run(held.object):
                yield bound, violation, None
    fields = ObjectFields(held.object)
    for bound in by_scope[Scope.FIELDS]:
        for violation in bound.run(fields):
            yield bound, violation, None
    for bound in by_scope[Scope.CONTENTS]:
        for violation in bound.run(held):
            yield bound, violation, None
    yield from _images(held.images, by_scope[Scope.IMAGE])
    for pod in held.pods:
        yield from (found for found in _pod(pod, by_scope) if parts.keeps(found[1].path))


def _images(images: Iterable[NamedImage], rules: Iterable[Bound]) -> Iterator[_Found]:
    for bound in rules:
        for image in images:
            for violation in bound.run(image):
                yield bound, violation, image.container


def _pod(pod: Pod, by_scope: dict[Scope, list[Bound]]) -> Iterator[_Found]:
    for bound in by_scope[Scope.POD]:
        for violation in bound.run(pod):
            yield bound, violation, None
    for bound in by_scope[Scope.CONTAINER]:
        for container in pod.containers:
            for violation in bound.run(container):
                yield bound, violation, container.name


def _finding(obj: KubernetesObject, found: _Found, location: Location, field: str) -> Finding:
    bound, violation, container = found
    rule = bound.rule
    return Finding(
        rule=rule.name,
        code=rule.name,
        severity=rule.severity,
        message=violation.message,
        remedy=rule.remedy,
        action=bound.action_for(violation),
        location=location,
        field=field,
        object=obj.name,
        container=violation.container if violation.container is not None else container,
    )


def _order(finding: Finding) -> tuple[str, int, int, str, str, str]:
    place = finding.location
    where = (place.path, place.line, place.column) if place else ("", 0, 0)
    return (*where, finding.rule, finding.field or "", finding.message)
