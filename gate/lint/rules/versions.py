"""Whether kinds, API versions and fields exist in the cluster's version of Kubernetes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from gate.lint.kubernetes.schemas import ObjectFields, Wrong
from gate.lint.kubernetes.versions import Life, groups, life_of, meant
from gate.lint.rule import References, Scope, Violation, lint_rule
from gate.model.expressions import expression
from gate.model.kubernetes import KubernetesObject, field_path
from gate.model.pods import api_group
from gate.model.verdict import Action, Severity
from gate.model.words import clipped

_OTHERS: Final = frozenset(
    (
        *("Config", "List", "Template"),
        *("BuildConfig", "DeploymentConfig", "ImageStream", "Project", "Route"),
    )
)
"""Kinds of `v1` that are not the API server's: a kubeconfig, and OpenShift's before 4."""
_CORE: Final = expression(r"v\d{1,3}(?:(?:alpha|beta)\d{1,3})?", re.ASCII)
_LONGEST: Final = 80


@lint_rule(
    "unknown-kind",
    Severity.HIGH,
    Action.BLOCK,
    Scope.OBJECT,
    References(),
    versioned=True,
)
def unknown_kind(obj: KubernetesObject, *, kubernetes: int) -> Iterator[Violation]:
    """Each kind of Kubernetes' own groups exists, spelt as it is, in the version asked for.

    Why: the API server knows no such kind, so it refuses the object.

    Passes when: the kind is one that the API version has, or had, in Kubernetes 1.25 to 1.37, and
    not one that comes later than the version asked for. Kinds of groups with a dot that are not
    Kubernetes' own are not looked at, nor objects inside others, which may be templates.

    Remedy: Write the kind and the apiVersion as kubectl api-resources lists them.
    """
    kind, version = obj.name.kind, obj.api_version
    if obj.holder is not None:
        return  # it may be a template
    group = api_group(version)
    if group not in groups() and ("." in group or meant(kind) is None):
        return  # a group of somebody else's, whose name has a dot
    if not group and (not _CORE.fullmatch(version) or kind in _OTHERS):
        return
    life = life_of(version, kind)
    shown = f"{clipped(version, _LONGEST)} has no kind {clipped(kind, _LONGEST)}"
    if life is None:
        right = meant(kind)
        hint = f"; {right[0]} has {right[1]}" if right else ""
        wrong = "kind" if right is None or right[1] != kind else "apiVersion"
        yield Violation(shown + hint, (wrong,))
    elif life.came > kubernetes:
        yield Violation(f"{shown} before Kubernetes 1.{life.came}", ("apiVersion",))


@lint_rule(
    "removed-api-version",
    Severity.HIGH,
    Action.BLOCK,
    Scope.OBJECT,
    References(
        owasp_2022="K10",
        owasp_2025="K07",
        peers={"trivy": ("KSV-0107",), "kyverno": ("check-deprecated-apis",)},
    ),
    versioned=True,
)
def removed_api_version(obj: KubernetesObject, *, kubernetes: int) -> Iterator[Violation]:
    """Each API version exists in the version of Kubernetes that is asked for.

    Why: the API server refuses the object.

    Passes when: the kind's apiVersion was not removed up to that version.

    Remedy: Move to the API version that replaced it.
    """
    life = life_of(obj.api_version, obj.name.kind)
    if life and life.removed and kubernetes >= life.removed:
        message = f"{obj.api_version} {obj.name.kind} was removed in Kubernetes 1.{life.removed}"
        yield Violation(message + _instead(obj, life), ("apiVersion",))


@lint_rule(
    "deprecated-api-version",
    Severity.LOW,
    Action.WARN,
    Scope.OBJECT,
    References(),
    versioned=True,
)
def deprecated_api_version(obj: KubernetesObject, *, kubernetes: int) -> Iterator[Violation]:
    """No API version is one that is about to go.

    Why: an upgrade of the cluster removes it, and the release then fails.

    Passes when: the kind's apiVersion is not deprecated in the version asked for, or was already
    removed there, which removed-api-version says.

    Remedy: Move to the API version that replaces it.
    """
    life = life_of(obj.api_version, obj.name.kind)
    if life is None or not life.deprecated or kubernetes < life.deprecated:
        return
    if life.removed is None or kubernetes < life.removed:
        goes = f" and goes in 1.{life.removed}" if life.removed else ""
        message = (
            f"{obj.api_version} {obj.name.kind} is deprecated since Kubernetes "
            f"1.{life.deprecated}{goes}"
        )
        yield Violation(message + _instead(obj, life), ("apiVersion",))


@lint_rule(
    "newer-field",
    Severity.HIGH,
    Action.BLOCK,
    Scope.FIELDS,
    References(),
    versioned=True,
)
def newer_field(fields: ObjectFields, *, kubernetes: int) -> Iterator[Violation]:
    """Each field exists in the version of Kubernetes that is asked for.

    Why: kubectl and Helm refuse the object, or the server drops the field without a word.

    Passes when: no field came later than that version, or went before it.

    Remedy: Remove the field, or upgrade the cluster first.
    """
    for fault in fields.exact:
        if fault.wrong is Wrong.AGE and fault.life and kubernetes not in fault.life:
            where = field_path(fault.path)
            message = (
                f"{where} came with Kubernetes 1.{fault.life.start}"
                if kubernetes < fault.life.start
                else f"{where} is gone since Kubernetes 1.{fault.life.stop}"
            )
            yield Violation(message, fault.path)


def _instead(obj: KubernetesObject, life: Life) -> str:
    """Return `; use apps/v1`, or nothing where nothing is known to replace it."""
    if life.instead:
        return f"; use {life.instead}"
    right = meant(obj.name.kind)
    same = right and api_group(right[0]) == api_group(obj.api_version)
    return f"; use {right[0]}" if right and same and right[0] != obj.api_version else ""


RULES: Final = (
    unknown_kind,
    removed_api_version,
    deprecated_api_version,
    newer_field,
)
