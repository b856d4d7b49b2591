"""Findings with one right answer, as the fields that mend them. See docs/lint.md.

What is decided here is only what shall be set. `gate.documents.set_fields` writes it into the
text, and the caller lints the result before it is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from typing import Final

from gate.documents.field_edits import Setting
from gate.documents.lenient import dig
from gate.lint.facts.view import Container, Pod, pods
from gate.lint.facts.whole import Whole, namespace_of
from gate.lint.mends import (
    OF_CONTAINERS,
    READ_ONLY,
    LeaveError,
    allows,
    check_user,
    is_careless,
)
from gate.lint.report import LintReport
from gate.lint.rules.identity import account, bound_accounts, is_bound
from gate.lint.suppress import annotated, request_for
from gate.model.document import Path
from gate.model.kubernetes import KubernetesObject, field_path
from gate.model.location import Location
from gate.model.pods import api_group, is_native
from gate.model.records import dataclass
from gate.model.verdict import Finding

_WHOLE_ELSEWHERE: Final = frozenset(
    (("apps.openshift.io", "DeploymentConfig"), ("argoproj.io", "Rollout"))
)
"""Kinds beside Kubernetes' own whose pod template is Kubernetes' own."""


@dataclass(frozen=True, slots=True)
class Left:
    """A finding with a right answer that is left alone."""

    location: Location
    why: str
    """The cause, as the end of a sentence that begins with `left alone: `."""


@dataclass(frozen=True, slots=True)
class Mending:
    """What would mend the findings."""

    settings: Mapping[str, tuple[Setting, ...]]
    """By file, each once."""
    left: tuple[Left, ...]
    places: Mapping[Setting, Location]
    """Where the finding of each setting is; two files may share a setting, never a place."""


@dataclass(slots=True)
class _Together:
    """A setting that the pod takes for its containers, if all of them take it."""

    wanted: list[Container] = field(default_factory=list)
    refused: set[Path] = field(default_factory=set)


@dataclass(slots=True)
class _Held:
    """One pod, and what is wanted of it."""

    pod: Pod
    users: _Together = field(default_factory=_Together)
    seccomp: _Together = field(default_factory=_Together)


def propose(
    objects: Sequence[KubernetesObject],
    report: LintReport,
    *,
    unsafe: bool = False,
    kept: Mapping[str, str] | None = None,
) -> Mending:
    """Return the fields that mend findings of a report of these very objects. Raises nothing.

    With `unsafe` root file systems become read-only too, which stops each program that writes
    into its image. `kept` are files that stay as they are, and why. Left alone are findings that
    a baseline knows or that the manifest asks to silence, objects that were rendered from
    something else or lie inside of others, and containers that the value would keep from
    starting: one that is privileged, or whose user is 0.
    """
    return _Proposing(Whole(objects), unsafe, kept or {}).of(objects, report)


@dataclass(slots=True)
class _Proposing:
    whole: Whole
    unsafe: bool
    kept: Mapping[str, str]
    left: list[Left] = field(default_factory=list)
    settings: dict[str, dict[Setting, None]] = field(default_factory=dict)
    places: dict[Setting, Location] = field(default_factory=dict)

    def of(self, objects: Sequence[KubernetesObject], report: LintReport) -> Mending:
        by_name: dict[int, list[Finding]] = {}
        for finding in report.findings:
            if self._is_fixed(finding):
                by_name.setdefault(id(finding.object), []).append(finding)
        for obj in objects:
            found = by_name.pop(id(obj.name), ())
            if found:
                self._object(obj, found)
        for finding in (f for found in by_name.values() for f in found):
            self._leave(finding, "the object is written inside another one")
        for suppressed in report.suppressed:
            if self._is_fixed(suppressed.finding):
                self._leave(suppressed.finding, "the manifest silences the rule")
        settings = {path: tuple(found) for path, found in self.settings.items()}
        return Mending(settings, tuple(self.left), self.places)

    def _is_fixed(self, finding: Finding) -> bool:
        rules = {finding.rule, *finding.also}
        return not rules.isdisjoint(_SAFE) or (self.unsafe and READ_ONLY in rules)

    def _leave(self, finding: Finding, why: str) -> None:
        if finding.location is not None:
            self.left.append(Left(finding.location, why))

    def _object(self, obj: KubernetesObject, found: Iterable[Finding]) -> None:
        held = [_Held(pod) for pod in pods(obj)]
        requests = tuple(annotated(obj, [one.pod for one in held]))
        for finding in sorted(found, key=lambda f: not f.known):  # what is known speaks first
            one, container = _within(finding, held)
            why = self._untouched(obj, one)
            if finding.known:
                why = "the baseline knows it"
            elif request_for(finding, obj, requests) is not None:
                why = "the manifest asks to silence the rule"
            try:
                if why:
                    self._refuse(one, container, why)
                for rule in (finding.rule, *finding.also):
                    self._rule(rule, obj, one, container, finding)
            except LeaveError as error:
                self._leave(finding, str(error))
        for one in held:
            self._together(obj, one)

    def _untouched(self, obj: KubernetesObject, one: _Held | None) -> str:
        if obj.document.path in self.kept:
            return self.kept[obj.document.path]
        if obj.name.source:
            return f"it was rendered from {obj.name.source}, so change that"
        if one is not None:
            whole = (api_group(obj.api_version), obj.name.kind) in _WHOLE_ELSEWHERE
            if not one.pod.whole or not (is_native(obj) or whole):
                return f"gate does not know that the kind {obj.name.kind} takes what a pod takes"
            if one.pod.needs_windows:
                return "the pod runs on Windows"
        return ""

    def _refuse(self, one: _Held | None, container: Container | None, why: str) -> None:
        if one is not None and container is not None:
            one.users.refused.add(container.path)
            one.seccomp.refused.add(container.path)
        raise LeaveError(why)

    def _rule(
        self,
        rule: str,
        obj: KubernetesObject,
        one: _Held | None,
        container: Container | None,
        finding: Finding,
    ) -> None:
        if rule == "default-service-account-automount":
            self._set(obj, ("automountServiceAccountToken",), False, finding)  # noqa: FBT003  # the value that is set
        elif one is not None and rule == "automount-service-account-token":
            self._token(obj, one.pod, finding)
        elif one is not None and container is not None and rule in OF_CONTAINERS:
            if rule == READ_ONLY and not self.unsafe:
                return
            for path, value in OF_CONTAINERS[rule](container):
                self._set(obj, path, value, finding)
        elif one is not None and rule in _USERS:
            self._want(one, one.users, container, check_user)
        elif one is not None and rule in _SECCOMP:
            self._want(one, one.seccomp, container, lambda _: None)

    def _want(
        self,
        one: _Held,
        together: _Together,
        container: Container | None,
        check: Callable[[Container], None],
    ) -> None:
        for each in one.pod.containers if container is None else (container,):
            try:
                check(each)
            except LeaveError:
                together.refused.add(each.path)
                raise
            if each not in together.wanted:
                together.wanted.append(each)

    def _together(self, obj: KubernetesObject, one: _Held) -> None:
        """Set what the pod can say for all of its containers on the pod, else on each."""
        for key, value, together, check in (
            (("runAsNonRoot",), True, one.users, check_user),
            (("seccompProfile", "type"), "RuntimeDefault", one.seccomp, lambda _: None),
        ):
            pod, wanted = one.pod, together.wanted
            bare = [c for c in pod.containers if c.context.get(key[0]) is None]
            on_pod = bool(bare) and not together.refused and all(map(allows(check), bare))
            if wanted and on_pod and dig(pod.context, *key) != value:
                self._set(obj, (*pod.path, "securityContext", *key), value, None)
            for container in wanted:
                own = container.context.get(key[0])
                if own is None and (on_pod or container.path in together.refused):
                    continue
                if dig(container.context, *key) != value and is_careless(container, key):
                    self._set(obj, (*container.context_path, *key), value, None)

    def _token(self, obj: KubernetesObject, pod: Pod, finding: Finding) -> None:
        name, namespace = account(pod) or "default", namespace_of(obj)
        named = self.whole.named("ServiceAccount", namespace, name)
        asked = named.value.get("automountServiceAccountToken") if named else None
        if True in (pod.value.get("automountServiceAccountToken"), asked):
            raise LeaveError("the token is asked for")
        if is_bound(bound_accounts(self.whole), name, namespace):
            raise LeaveError(f"a role is bound to the account {name}, so the token may be used")
        if named is None and name != "default":
            raise LeaveError(
                f"the account {name} is not among the manifests, so its roles are not known"
            )
        self._set(obj, (*pod.path, "automountServiceAccountToken"), False, finding)  # noqa: FBT003  # the value that is set

    def _set(
        self,
        obj: KubernetesObject,
        path: Path,
        value: bool | str,  # noqa: FBT001  # the value that is set
        finding: Finding | None,
    ) -> None:
        mark = obj.document.marks[0]
        root = (mark >> 32, mark & 0xFFFFFFFF)
        whole: bool | str | tuple[str, ...] = value
        if value == "ALL" and path[-1] == "drop":
            whole = ("ALL",)
        setting = Setting(root, (*obj.root, *path), whole)
        self.settings.setdefault(obj.document.path, {})[setting] = None
        self.places[setting] = (finding and finding.location) or obj.place(*path)


def _within(finding: Finding, held: Sequence[_Held]) -> tuple[_Held | None, Container | None]:
    """Return the pod and the container that a finding's field is in."""
    where = f"{finding.field}."
    for one in held:
        if not where.startswith(f"{field_path(one.pod.path)}."):
            continue
        for container in one.pod.containers:
            if where.startswith(f"{field_path(container.path)}."):
                return one, container
        return one, None
    return None, None


_USERS: Final = ("run-as-non-root", "run-as-non-root-explicit")
_SECCOMP: Final = ("seccomp-profile-unset", "seccomp-unconfined")
_TOKENS: Final = ("automount-service-account-token", "default-service-account-automount")
_SAFE: Final = frozenset((*OF_CONTAINERS, *_USERS, *_SECCOMP, *_TOKENS)) - {READ_ONLY}
