"""Names, labels and annotations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from gate.documents.lenient import dig, labels, mapping, mappings, sequence
from gate.lint.facts.contents import Contents
from gate.lint.facts.view import Pod
from gate.lint.facts.whole import Whole, namespace_of
from gate.lint.kubernetes.formats import label_value, qualified
from gate.lint.rule import (
    WORKLOADS,
    Parameter,
    References,
    Scope,
    SetViolation,
    Violation,
    lint_rule,
)
from gate.model.document import Path
from gate.model.expressions import expression
from gate.model.kubernetes import KubernetesObject
from gate.model.pods import is_native
from gate.model.verdict import Action, Severity


@lint_rule("duplicate-object", Severity.MEDIUM, Action.WARN, Scope.SET, References())
def duplicate_object(whole: Whole) -> Iterator[SetViolation]:
    """Each object is there once.

    Why: of two objects of the same name, the one that is applied last wins.

    Passes when: no two objects share group, kind, namespace and name.

    Remedy: Remove one of the two, or judge the two environments in two runs.
    """
    seen: set[tuple[str, str, str, str]] = set()
    for obj in whole.objects:
        group = obj.api_version.rpartition("/")[0]
        key = (group, obj.name.kind, namespace_of(obj), obj.name.name)
        if obj.name.name and key in seen and not _generated(obj):
            yield obj, Violation("the object is there twice", ("metadata", "name"))
        seen.add(key)


@lint_rule(
    "required-label-owner",
    Severity.LOW,
    None,
    Scope.OBJECT,
    References(
        peers={
            "kube-linter": ("required-label-owner",),
            "kubescape": (
                "label-usage-for-resources",
                "k8s-common-labels-usage",
            ),
            "polaris": ("metadataAndInstanceMismatched",),
            "kyverno": ("require-labels",),
        }
    ),
    kinds=WORKLOADS,
    parameters=(Parameter("key", "owner", "The label that is asked."),),
)
def required_label_owner(obj: KubernetesObject, *, key: str) -> Iterator[Violation]:
    """Workloads carry a label, by default owner.

    Why: when it breaks at night, somebody has to be found.

    Passes when: metadata.labels has the key, with a value.

    Remedy: Add the label.
    """
    if not labels(dig(obj.value, "metadata", "labels")).get(key):
        yield Violation(f"the label {key} is missing", ("metadata", "labels", key))


@lint_rule(
    "required-annotation-email",
    Severity.LOW,
    None,
    Scope.OBJECT,
    References(
        peers={
            "kube-linter": ("required-annotation-email",),
            "kyverno": ("require-annotations",),
        }
    ),
    kinds=WORKLOADS,
    parameters=(Parameter("key", "email", "The annotation that is asked."),),
)
def required_annotation_email(obj: KubernetesObject, *, key: str) -> Iterator[Violation]:
    """Workloads carry an annotation with an address, by default email.

    Why: when it breaks at night, somebody has to be found.

    Passes when: metadata.annotations has the key, with an e-mail address.

    Remedy: Add the annotation.
    """
    value = labels(dig(obj.value, "metadata", "annotations")).get(key, "")
    if not _EMAIL.search(value):
        path = ("metadata", "annotations", key)
        yield Violation(f"the annotation {key} is missing or no address", path)


@lint_rule(
    "label-values",
    Severity.MEDIUM,
    Action.BLOCK,
    Scope.OBJECT,
    References(peers={"kube-score": ("Label values",)}),
)
def label_values(obj: KubernetesObject) -> Iterator[Violation]:
    """Labels are valid.

    Why: the API server refuses the object.

    Passes when: each key is a name of at most 63 letters, digits, dots, hyphens and
    underscores that begins and ends with a letter or digit, after an optional domain and a
    slash, and each value is empty or such a name.

    Remedy: Correct the label.
    """
    places: tuple[tuple[str, ...], ...] = (("metadata", "labels"),)
    if is_native(obj):  # custom kinds may fill a template in before it becomes an object
        places += (("spec", "template", "metadata", "labels"),)
    for path in places:
        for key, value in mapping(dig(obj.value, *path)).items():
            if must := qualified(key) or (None if key else "set"):
                yield Violation(f"the label's key {key} must be {must}", (*path, key))
            elif must := label_value(value):
                yield Violation(f"the value of the label {key} must be {must}", (*path, key))


@lint_rule(
    "suppression-without-reason",
    Severity.MEDIUM,
    Action.WARN,
    Scope.CONTENTS,
    References(),
)
def suppression_without_reason(held: Contents) -> Iterator[Violation]:
    """Each suppression says why.

    Why: a rule that was silenced without a word stays silent when the reason is gone.

    Passes when: each ignore annotation of KubeLinter and checkov, on objects and on pod
    templates, and each comment `# gate: ignore[rule]`, carries a reason.

    Remedy: Write the reason into the annotation's value or behind the comment.
    """
    obj = held.object
    path: Path = ("metadata", "annotations")
    yield from _unreasoned(dig(obj.value, "metadata", "annotations"), path)
    if obj.document.ignores and obj.root in ((), ("items", 0)):
        for line, comments in obj.document.ignores.items():
            if not all(reason for _, reason in comments):
                yield Violation(f"a suppression for line {line} gives no reason", ())
    for pod in held.pods:
        if pod.template is not None:
            path = (*pod.metadata_path, "annotations")
            yield from _unreasoned(pod.metadata.get("annotations"), path)


def _unreasoned(annotations: object, path: Path) -> Iterator[Violation]:
    for key, value in labels(annotations).items():
        if key.startswith("checkov.io/skip"):
            reason = value.partition("=")[2]
        elif key.startswith(("ignore-check.kube-linter.io/", "kube-linter.io/ignore-all")):
            reason = value
        else:
            continue
        if not reason.strip():
            yield Violation("the suppression gives no reason", (*path, key))


@lint_rule(
    "yaml-ambiguous-scalar",
    Severity.MEDIUM,
    Action.BLOCK,
    Scope.CONTENTS,
    References(),
)
def yaml_ambiguous_scalar(held: Contents) -> Iterator[Violation]:
    """Texts are not written as numbers or truth values.

    Why: yes, 0644 and 1.10 without quotes are true, 420 and 1.1 to Kubernetes, which then
    refuses the object. A kind that takes numbers there takes another text than was meant.

    Passes when: names, labels, annotations, variables, commands, and the data of config maps and
    secrets are texts. In a pod inside a custom object it is a warning, since the definition may
    take numbers there.

    Remedy: Put the value in quotes.
    """
    obj = held.object
    for path in (("metadata", "labels"), ("metadata", "annotations"), ("stringData",)):
        yield from _texts(dig(obj.value, *path), path)
    for key in ("name", "namespace"):
        yield from _texts({key: dig(obj.value, "metadata", key)}, ("metadata",))
    if obj.name.kind in ("ConfigMap", "Secret"):
        yield from _texts(obj.value.get("data"), ("data",))
    for pod in held.pods:
        for violation in _pod_texts(pod):
            yield violation if is_native(obj) else replace(violation, doubtful=True)


def _pod_texts(pod: Pod) -> Iterator[Violation]:
    for key in ("labels", "annotations") if pod.kind != "Pod" else ():
        yield from _texts(pod.metadata.get(key), (*pod.metadata_path, key))
    for container in pod.containers:
        for key in ("command", "args"):
            for index, part in enumerate(sequence(container.value.get(key))):
                yield from _text("the argument", part, (*container.path, key, index))
        for index, variable in mappings(container.value.get("env")):
            place = (*container.path, "env", index, "value")
            yield from _text("value", variable.get("value"), place)


def _texts(value: Any, path: Path) -> Iterator[Violation]:  # noqa: ANN401  # any JSON
    for key, part in mapping(value).items():
        yield from _text(key, part, (*path, key))


def _text(name: str, value: Any, path: Path) -> Iterator[Violation]:  # noqa: ANN401  # any JSON
    if isinstance(value, bool | int | float):
        yield Violation(f"{name} is not text but {str(value).lower()}", path)


def _generated(obj: KubernetesObject) -> bool:
    return not dig(obj.value, "metadata", "name")


_EMAIL: Final = expression(r"[a-zA-Z0-9_.+-]@[a-zA-Z0-9-]+\.[a-zA-Z0-9-.]")

RULES: Final = (
    duplicate_object,
    required_label_owner,
    required_annotation_email,
    label_values,
    suppression_without_reason,
    yaml_ambiguous_scalar,
)
