"""Whether the parts of a workload fit each other, and what it takes its variables from."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final, TypeAlias

from gate.documents.lenient import dig, labels, mapping, mappings, text
from gate.lint.facts.selectors import Selector
from gate.lint.facts.view import Container, Pod
from gate.lint.facts.whole import Whole, namespace_of
from gate.lint.rule import References, Scope, Violation, lint_rule
from gate.model.document import Path
from gate.model.kubernetes import KubernetesObject
from gate.model.pods import is_native
from gate.model.verdict import Action, Severity


@lint_rule(
    "mismatching-selector",
    Severity.HIGH,
    Action.BLOCK,
    Scope.OBJECT,
    References(
        peers={
            "kube-linter": ("mismatching-selector",),
            "kubescape": ("mismatching-selector",),
            "kube-score": ("StatefulSet Pod Selector labels match template metadata labels",),
        }
    ),
    kinds=frozenset(
        (
            "Deployment",
            "StatefulSet",
            "DaemonSet",
            "ReplicaSet",
            "ReplicationController",
            "DeploymentConfig",
        )
    ),
)
def mismatching_selector(obj: KubernetesObject) -> Iterator[Violation]:
    """Workloads select the pods that they make.

    Why: the API server refuses a workload whose selector does not match its template.

    Passes when: spec.selector matches the labels of spec.template. The profile gate only warns
    where none is set in extensions/v1beta1 and apps/v1beta1, which took the template's labels.

    Remedy: Make the labels of the template those of the selector.
    """
    if not is_native(obj) and obj.name.kind != "DeploymentConfig":
        return  # a kind of the same name in another group has its own rules
    spec = mapping(obj.value.get("spec"))
    found = mapping(spec.get("selector"))
    plain = found and not {"matchLabels", "matchExpressions"} & found.keys()
    selector = Selector(labels(found)) if plain else Selector.parse(found)
    marked = labels(dig(spec, "template", "metadata", "labels"))
    path: Path = ("spec", "selector")
    if selector.is_empty:
        if obj.name.kind not in ("ReplicationController", "DeploymentConfig"):
            filled = obj.value.get("apiVersion") in ("extensions/v1beta1", "apps/v1beta1")
            yield Violation("the workload has no selector", path, doubtful=filled)
    elif not selector.matches(marked):
        yield Violation("the selector does not match the template's labels", path)


_Keys: TypeAlias = Mapping[tuple[str, str, str], Collection[str]]
"""The keys of secrets and config maps, by kind, namespace and name."""


def _keys(whole: Whole) -> _Keys:
    return {
        (kind, namespace, obj.name.name): frozenset(
            key
            for part in ("data", "stringData", "binaryData")
            for key in mapping(obj.value.get(part))
        )
        for kind in ("Secret", "ConfigMap")
        for namespace, obj in whole.all_named(kind)
    }


@lint_rule(
    "env-value-from",
    Severity.MEDIUM,
    Action.BLOCK,
    Scope.AMONG,
    gathers=_keys,
    references=References(peers={"kube-linter": ("env-value-from",)}),
    referential=True,
)
def env_value_from(pod: Pod, keys: _Keys) -> Iterator[Violation]:
    """Variables come from secrets and config maps that exist.

    Why: a container whose reference leads nowhere never starts.

    Passes when: each secretKeyRef and configMapKeyRef that is not optional names an object
    of the pod's namespace and one of its keys.

    Remedy: Correct the name or the key, or add the object.
    """
    for container in pod.containers:
        for index, variable in mappings(container.value.get("env")):
            for key, kind in (("secretKeyRef", "Secret"), ("configMapKeyRef", "ConfigMap")):
                wanted = mapping(dig(variable, "valueFrom", key))
                if wanted and wanted.get("optional") is not True:
                    problem = _lacks(keys, pod, kind, wanted)
                    if problem:
                        path = (*container.path, "env", index, "valueFrom", key)
                        yield Violation(problem, path, container.name)


@lint_rule(
    "duplicate-env-var",
    Severity.MEDIUM,
    Action.BLOCK,
    Scope.CONTAINER,
    References(
        peers={
            "kube-linter": ("duplicate-env-var",),
            "kubescape": ("duplicate-env-var",),
            "kube-score": ("Environment Variable Key Duplication",),
        }
    ),
)
def duplicate_env_var(container: Container) -> Iterator[Violation]:
    """Each variable is set once.

    Why: which of the two counts depends on the order, and one of them is a mistake.

    Passes when: no name is in env twice.

    Remedy: Remove one of the two.
    """
    seen: set[str] = set()
    for index, variable in mappings(container.value.get("env")):
        name = text(variable.get("name"))
        if name and name in seen:
            path = (*container.path, "env", index, "name")
            yield Violation(f"the variable {name} is set twice", path)
        seen.add(name)


def _lacks(keys: _Keys, pod: Pod, kind: str, wanted: dict[str, Any]) -> str | None:
    name, key = text(wanted.get("name")), text(wanted.get("key"))
    found = keys.get((kind, namespace_of(pod.object), name))
    if found is None:
        return f"there is no {kind} {name}"
    return None if key in found else f"the {kind} {name} has no key {key}"


RULES: Final = (
    mismatching_selector,
    env_value_from,
    duplicate_env_var,
)
