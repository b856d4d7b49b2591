"""Whether objects are what the API server would take."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, Final

from gate.lint.kubernetes.schemas import ObjectFields, Wrong
from gate.lint.rule import References, Scope, Violation, lint_rule
from gate.model.document import Path
from gate.model.kubernetes import KubernetesObject, field_path
from gate.model.verdict import Action, Severity


@lint_rule(
    "schema-validation",
    Severity.HIGH,
    Action.BLOCK,
    Scope.FIELDS,
    References(peers={"kube-linter": ("schema-validation",)}),
    versioned=True,
)
def schema_validation(fields: ObjectFields, *, kubernetes: int) -> Iterator[Violation]:
    """Objects have the fields, and the types of fields, that Kubernetes knows.

    Why: the API server refuses the object, or drops what it does not know without a word.

    Passes when: of an object of a common kind of Kubernetes' own, each field is known to one of
    the releases 1.25 to 1.37, of its type, and none that the version asked for requires is
    missing. Custom kinds and status are not looked at.

    Remedy: Correct the field; kubectl explain tells its name and type.
    """
    for fault in fields.exact:
        if fault.wrong in (Wrong.FORM, Wrong.MISSING) and fault.stops(kubernetes):
            yield Violation(fault.message, fault.path)


@lint_rule(
    "invalid-value",
    Severity.HIGH,
    Action.BLOCK,
    Scope.FIELDS,
    References(),
    versioned=True,
)
def invalid_value(fields: ObjectFields, *, kubernetes: int) -> Iterator[Violation]:
    """No value is one that the API server always refuses.

    Why: the API server refuses the object, so the release stops halfway.

    Passes when: of an object of a common kind of Kubernetes' own, names, words, numbers, ports,
    addresses, schedules, quantities and base64 are as the validation of the version asked for
    has it, and no two fields exclude each other. What a cluster adds by admission is not known
    here, and an object inside another one, which may be a template, is not held to this.

    Remedy: Write a value that the API server takes; kubectl apply --dry-run=server shows it.
    """
    for fault in fields.exact if fields.object.holder is None else ():
        if fault.wrong in (Wrong.UNREADABLE, Wrong.VALUE) and fault.stops(kubernetes):
            yield Violation(fault.message, fault.path)


@lint_rule("unknown-field", Severity.MEDIUM, Action.WARN, Scope.FIELDS, References())
def unknown_field(fields: ObjectFields) -> Iterator[Violation]:
    """No field is a known one misspelt.

    Why: Kubernetes ignores what it does not know, so runasnonroot protects nothing.

    Passes when: no unknown field of an object of Kubernetes' own kinds is like a known one.

    Remedy: Write the field as it is known.
    """
    for fault in fields.faults:
        if fault.unknown and fault.definition:
            meant = _like(fault.unknown, fault.definition.fields)
            if meant:
                yield Violation(f"{fault.unknown} is not a field; {meant} is", fault.path)
    for key in fields.object.value if fields.nearest is None else ():
        if key not in _TOP and key.lower() in _TOP_LOWER:
            yield Violation(f"{key} is not a field; {_TOP_LOWER[key.lower()]} is", (key,))


@lint_rule(
    "no-extensions-v1beta",
    Severity.MEDIUM,
    Action.BLOCK,
    Scope.OBJECT,
    References(peers={"kube-linter": ("no-extensions-v1beta",), "kube-score": ("Stable version",)}),
)
def no_extensions_v1beta(obj: KubernetesObject) -> Iterator[Violation]:
    """Nothing uses the API group extensions.

    Why: it has been gone since Kubernetes 1.22.

    Passes when: apiVersion does not begin with extensions/v1beta.

    Remedy: Use apps/v1, networking.k8s.io/v1 or policy/v1.
    """
    if obj.api_version.startswith("extensions/v1beta"):
        yield Violation(f"the API {obj.api_version} is gone", ("apiVersion",))


@lint_rule(
    "sorted-keys",
    Severity.INFO,
    None,
    Scope.OBJECT,
    References(peers={"kube-linter": ("sorted-keys",)}),
)
def sorted_keys(obj: KubernetesObject) -> Iterator[Violation]:
    """Keys of mappings are sorted.

    Why: sorted files make small differences; a matter of taste, so it is off by default.

    Passes when: the keys of each mapping are in alphabetical order.

    Remedy: Sort the keys.
    """
    found: list[Violation] = []
    _unsorted(obj.value, (), found, {})
    yield from found


def _unsorted(
    value: Any,  # noqa: ANN401  # any JSON
    path: Path,
    found: list[Violation],
    known: dict[tuple[str, ...], bool],
) -> None:
    """Add a violation for each mapping, at or below a value, whose keys are not sorted.

    `known` tells of which keys in a row it is known already whether they are.
    """
    parts: Iterable[tuple[str | int, Any]]
    if value.__class__ is dict:
        keys = tuple(value)
        unsorted = known.get(keys)
        if unsorted is None:
            unsorted = known[keys] = list(keys) != sorted(keys)
        if unsorted:
            where = field_path(path) or "the root"
            found.append(Violation(f"the keys of {where} are not sorted", path))
        parts = value.items()
    else:
        parts = enumerate(value)
    for key, part in parts:
        if part.__class__ in _HOLDERS:
            _unsorted(part, (*path, key), found, known)


def _like(key: str, fields: Collection[str]) -> str | None:
    """Return the field that differs in its capitals or in one letter; None where none does."""
    for name in fields:
        if name.lower() == key.lower().replace("_", "").replace("-", ""):
            return name
    return next((name for name in fields if _one_off(key.lower(), name.lower())), None)


def _one_off(left: str, right: str) -> bool:
    """Whether one letter added, dropped or changed, or two swapped, makes one the other."""
    if abs(len(left) - len(right)) > 1 or min(len(left), len(right)) < _SHORT:
        return False
    start = next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), None)
    if start is None:
        return True
    a, b = left[start:], right[start:]
    return a[1:] in (b[1:], b) or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])


_HOLDERS: Final[frozenset[type]] = frozenset((dict, list))
_SHORT: Final = 5
_TOP: Final = frozenset(("apiVersion", "kind", "metadata", "spec", "status", "data", "stringData"))
_TOP_LOWER: Final = {key.lower(): key for key in sorted(_TOP)}
RULES: Final = (
    schema_validation,
    invalid_value,
    unknown_field,
    no_extensions_v1beta,
    sorted_keys,
)
