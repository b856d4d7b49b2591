"""Every rule that the policy asks for, over every object. Pure: no I/O, no clock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
from gate.model.records import dataclass
from gate.model.verdict import Finding

_Found: TypeAlias = tuple[Bound, Violation, str | None]
"""A rule, where it does not hold, and in which container."""
_Gathered: TypeAlias = Mapping[Callable[[Whole], object] | None, object]
"""What rules know of all objects, by the function that gathered it."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is put to one object."""

    by_scope: Mapping[Scope, Sequence[Bound]]
    known: _Gathered
    told: Sequence[_Found]
    """What the rules said of the object that look at all of them."""


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
    images: dict[int, list[tuple[Path, ImageUse]]],
    settings: LintSettings,
) -> LintReport:
    by_scope: dict[Scope, list[Bound]] = defaultdict(list)
    for bound in settings.bound:
        by_scope[bound.rule.scope].append(bound)
    count = len(objects)
    # First the rules that need all objects: the others take them one by one, and let each go.
    same: dict[Violation, Violation] = {}
    places, known, told = _ask_whole(objects, by_scope, settings, same)
    findings: list[Finding] = []
    suppressed: list[Suppressed] = []
    fields: dict[Path, str] = {}
    for obj in given_away(objects):
        for held in contents(obj, images.pop(id(obj.name), ()), places):
            found = _ask(held, _Asked(by_scope, known, told.pop()), same)
            for judged in _judged(held, found, settings, fields):
                (suppressed if isinstance(judged, Suppressed) else findings).append(judged)  # type: ignore[arg-type]  # each to its own list
            for pod in held.pods:
                pod.containers.clear()  # they name their pod: else only a collector frees both
        if not objects or objects[-1].document is not obj.document:
            obj.document.forget()  # one document at a time
    findings = by_file(findings, _order)
    if settings.baseline is not None:
        from gate.lint.baseline import mark  # noqa: PLC0415  # likewise

        findings = list(mark(findings, settings.baseline, settings.never_known))
    suppressed.sort(key=lambda s: _order(s.finding))
    return LintReport(tuple(findings), len(settings.bound), count, tuple(suppressed))


def _ask_whole(
    objects: Sequence[KubernetesObject],
    by_scope: Mapping[Scope, Sequence[Bound]],
    settings: LintSettings,
    same: dict[Violation, Violation],
) -> tuple[Mapping[int, Sequence[Path]], _Gathered, list[Sequence[_Found]]]:
    """Return where pods are, what rules gather, and what those say that look at all objects.

    The last has a place for each object and each that it carries, the last one first. Nothing
    that is returned keeps an object. Raises KeyError where a rule speaks of an object that is
    not one of them. `same` is as `_ask` has it.
    """
    every = [one for obj in objects for one in obj.unfolded()]
    whole = Whole(every, settings.definitions)
    own = {id(one) for one in every}
    found: dict[int, list[_Found]] = defaultdict(list)
    for bound in by_scope[Scope.SET]:
        for obj, violation in bound.run(whole):
            if id(obj) not in own:
                raise KeyError(str(obj.name))
            found[id(obj)].append((bound, same.setdefault(violation, violation), None))
    gathering = {bound.rule.gathers for bound in by_scope[Scope.AMONG]}
    known: _Gathered = {gathers: gathers(whole) for gathers in gathering if gathers}
    return whole.pod_places, known, [found.get(id(one), ()) for one in reversed(every)]


def _ask(held: Contents, asked: _Asked, same: dict[Violation, Violation]) -> list[_Found]:
    """Put the rules to one object. `same` keeps violations that many objects have alike once."""
    parts = Parts(held.pods)
    found = (*_object(held, parts, asked), *(f for f in asked.told if _counts(f[1], parts)))
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


def _object(held: Contents, parts: Parts, asked: _Asked) -> Iterator[_Found]:
    by_scope = asked.by_scope
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
        yield from (found for found in _pod(pod, asked) if parts.keeps(found[1].path))


def _images(images: Iterable[NamedImage], rules: Iterable[Bound]) -> Iterator[_Found]:
    for bound in rules:
        for image in images:
            for violation in bound.run(image):
                yield bound, violation, image.container


def _pod(pod: Pod, asked: _Asked) -> Iterator[_Found]:
    for bound in asked.by_scope[Scope.POD]:
        for violation in bound.run(pod):
            yield bound, violation, None
    for bound in asked.by_scope[Scope.AMONG]:
        for violation in bound.run(pod, asked.known[bound.rule.gathers]):
            yield bound, violation, None
    for bound in asked.by_scope[Scope.CONTAINER]:
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
