"""Whether custom objects are what their definitions ask for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from gate.lint.facts.whole import Whole
from gate.lint.rule import References, Scope, SetViolation, Violation, lint_rule
from gate.model.kubernetes import KubernetesObject
from gate.model.pods import api_group
from gate.model.verdict import Action, Severity
from gate.model.words import listed

if TYPE_CHECKING:  # loaded with the first definition
    from gate.lint.kubernetes.definitions import CustomKind

_NAMED: Final = 5


@lint_rule("custom-object", Severity.HIGH, Action.BLOCK, Scope.SET, References())
def custom_object(whole: Whole) -> Iterator[SetViolation]:
    """Custom objects are what the definition of their kind asks for.

    Why: the API server refuses the object, so the release stops halfway.

    Passes when: of an object whose CustomResourceDefinition is among the manifests, or in a
    folder that the policy names under crds, the version is served, each field is known, and
    types and values are as the schema says; its metadata is as that of all objects. Rules in
    CEL (x-kubernetes-validations) are not evaluated, and an object inside another one is not held
    to this.

    Remedy: Correct the field; kubectl explain tells what the definition says of it.
    """
    kinds = whole.custom_kinds
    for obj in whole.objects if kinds else ():
        found = kinds.get((api_group(obj.api_version), obj.name.kind))
        if found and obj.holder is None:
            # One kind may be defined again, in another release of it: each of them may hold.
            faults = [list(_faults(obj, kind)) for kind in found]
            least = min(faults, key=len)
            yield from ((obj, violation) for violation in (*_metadata(obj), *least))


@lint_rule("custom-definition", Severity.MEDIUM, Action.WARN, Scope.SET, References())
def custom_definition(whole: Whole) -> Iterator[SetViolation]:
    """Custom objects can be held to the definition of their kind.

    Why: nobody knows before the release whether the API server takes the objects.

    Passes when: the schema of each custom kind that has objects here is one that gate reads: it
    has no $ref, which the API server refuses, and at most 100,000 parts.

    Remedy: Write the schema out, without $ref.
    """
    kinds = whole.custom_kinds
    own = {id(obj) for obj in whole.objects}
    used = {(obj.api_version, obj.name.kind) for obj in whole.objects} if kinds else set()
    for (group, kind), found in kinds.items():
        for one in (one for one in found if id(one.definition) in own):
            for name, version in one.versions.items():
                if (f"{group}/{name}", kind) in used and version.unusable:
                    yield one.definition, Violation(version.unusable, version.path)


def _metadata(obj: KubernetesObject) -> Iterator[Violation]:
    from gate.lint.kubernetes.schemas import metadata_faults  # noqa: PLC0415  # seldom

    for fault in metadata_faults(obj):
        yield Violation(fault.message, fault.path, of_parts=True)


def _faults(obj: KubernetesObject, kind: CustomKind) -> Iterator[Violation]:
    name = obj.api_version.rpartition("/")[2]
    version = kind.versions.get(name)
    if version is None or not version.served:
        served = listed(kind.served, _NAMED) or "none"
        message = f"its definition does not serve the version {name}; it serves: {served}"
        yield Violation(message, ("apiVersion",))
    elif version.schema and not version.unusable:  # else custom-definition tells it
        for fault in (*version.structural.faults(obj.value), *version.replicas(obj.value)):
            yield Violation(fault.message, fault.path, of_parts=True)


RULES: Final = (custom_object, custom_definition)
