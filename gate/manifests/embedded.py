"""Objects inside of objects: wrapped ones, and manifests that are the text of a field.

A ManifestWork, a Crossplane composition or a workflow carries whole objects, a ConfigMap
carries files of YAML. Something in the cluster creates them later, so they are judged with the
object that carries them. They are no objects of the release by themselves: the digest of
the outer object covers them.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final, TypeAlias

from gate.documents import read_yaml
from gate.documents.lenient import dig, labels, mapping, mappings
from gate.documents.lenient import text as text_of
from gate.errors import DocumentError
from gate.manifests.later import later
from gate.manifests.named import object_name
from gate.model.completed import POD_PATCH
from gate.model.document import Document, Path, mark
from gate.model.expressions import expression
from gate.model.kubernetes import Embedded, KubernetesObject, ObjectName, field_path
from gate.model.location import Location
from gate.model.pods import api_group, is_native
from gate.model.records import dataclass
from gate.model.value import Value
from gate.model.verdict import Finding, Severity

_TOO_MUCH: Final = "the file embeds too much text"
UNREAD: Final = "embedded-manifest-unread"
_DEEPEST: Final = 3
"""Texts inside of texts that are read."""
_MOST_PARTS: Final = 1_000_000
"""Of all embedded texts of one file, after their aliases are expanded."""
_API_VERSION: Final = expression(r"[a-z0-9.-]{1,253}(?:/[a-z0-9]{1,63})?")
_KIND: Final = expression(r"[A-Z][A-Za-z0-9]{0,62}")
_HEADER: Final = expression(
    r"(?:^|[{,]\s*)[\"']?(apiVersion|kind)[\"']?[ \t]*:[ \t]*[^\s#]", re.MULTILINE
)
_BEGINS: Final = expression(
    r"(?:(?:#|---|\{\{|[ \t\r]*$)[^\n]*\n)*(?:[\"']?[A-Za-z]+[\"']?[ \t]*:|\{(?!\{))",
    re.MULTILINE,
)
"""A text whose first line that says something begins with a key."""
_ESCAPE: Final = expression(
    r"\\(?:(?:x|u00|U000000)([0-7][0-9A-Fa-f])|[\r\n\x85\u2028\u2029]+[ \t]*)"
)
"""What may spell a letter of a key in quotes, or break a key into two lines."""
_TEMPLATE: Final = expression(r"\{\{|\{%|<<|\$\{|\$\(")
_BODIES: Final = frozenset(
    ("rules", "roleRef", "subjects", "webhooks", "data", "stringData", "template", "mutations")
)
"""Fields that hold what native kinds without a `spec` say."""
_REFERENCES: Final = frozenset(("name", "namespace", "uid", "resourceVersion", "fieldPath"))
_PATCHES: Final = frozenset(("patch", "patches", "patchStrategicMerge", "patchesStrategicMerge"))
"""Fields with parts of objects: their images count, and lint has nothing whole to look at."""
POD_PATCHES: Final = frozenset(("podSpecPatch",))
"""Fields of a text that changes the pods of a workflow.

https://argo-workflows.readthedocs.io/en/latest/fields/#workflowspec"""
_PATCH_VERSION: Final = "argoproj.io/v1alpha1"
_FILES: Final = frozenset(("ConfigMap", "Secret"))
_FIELDS: Final = {"data": False, "stringData": False, "binaryData": True}
"""Fields of these kinds that hold texts, and whether the text is base64."""
_KUSTOMIZE: Final = "kustomize.config.k8s.io"
_SILENT_GROUPS: Final = frozenset(
    (
        *("constraints.gatekeeper.sh", "templates.gatekeeper.sh", "mutations.gatekeeper.sh"),
        *("policies.kyverno.io", _KUSTOMIZE),
    )
)
"""Groups whose objects speak of others and hold none."""
_OF_THE_SERVER: Final = frozenset(("metadata", "status"))
_Type: TypeAlias = tuple[str, str]
"""An apiVersion and a kind."""
_UNTYPED: Final = ("", "")


@dataclass(slots=True)
class Budget:
    """What is left for the embedded texts of one file."""

    parts: int = _MOST_PARTS


def with_embedded(obj: KubernetesObject, budget: Budget) -> tuple[KubernetesObject, list[Finding]]:
    """Return the object with everything that it carries, and a finding for each unread text.

    An object inside is a mapping with apiVersion and kind and more than a reference has: a
    `metadata`, a `spec`, or the body of a kind that has neither. Text counts where each of its
    YAML documents is looked at in the same way. Places in a text are those of its field.
    """
    findings = list(later(obj))
    held = tuple(_Search(obj, budget, findings).all())
    return replace(obj, embedded=held), findings


def _may_carry(obj: KubernetesObject) -> bool:
    group, kind = api_group(obj.api_version), obj.name.kind
    if group == "":
        return kind in {"ConfigMap", "Secret", "Template"}
    return group not in _SILENT_GROUPS and not is_native(obj)


@dataclass(frozen=True, slots=True)
class _Search:
    """One search of one object, `depth` texts below the file."""

    outer: KubernetesObject
    budget: Budget
    findings: list[Finding]
    depth: int = 0

    def all(self) -> Iterator[Embedded]:
        """Yield the objects that the outer one carries, without those inside of them."""
        outer = self.outer
        if not _may_carry(outer):
            return
        value = outer.value
        if api_group(outer.api_version) == "kyverno.io":
            yield from self._generated(value)
        elif outer.name.kind in _FILES and is_native(outer):
            for path, text in files(value, outer.name.kind):
                yield from self._text(path, text)
        else:
            for key, part in value.items():
                if key not in _OF_THE_SERVER:
                    yield from self._any(part, (key,))

    def _any(self, part: Any, path: Path, listed: _Type = _UNTYPED) -> Iterator[Embedded]:  # noqa: ANN401  # any JSON value
        """Yield what a part carries; `listed` is what it is where it does not say it itself."""
        if part.__class__ is dict:
            typed = _type_of(part, listed)
            if typed and _has_body(part) and not _is_list(part, typed):
                root = (*self.outer.root, *path)
                yield self._carried(self.outer.document, root, typed, path)
                return
            of_items = _of_items(typed) if typed else _UNTYPED
            for key, inner in part.items():
                if key in POD_PATCHES and inner.__class__ is str:
                    yield from self._pod_patch((*path, key), inner)
                elif key not in _PATCHES:
                    is_of = of_items if key == "items" else _UNTYPED
                    yield from self._any(inner, (*path, key), is_of)
        elif part.__class__ is list:
            for index, inner in enumerate(part):
                yield from self._any(inner, (*path, index), listed)
        elif part.__class__ is str:
            yield from self._text(path, part)

    def _carried(self, document: Document, root: Path, typed: _Type, path: Path) -> Embedded:
        """Return one object that is carried, with those that it carries itself."""
        api_version, kind = typed
        is_text = document is not self.outer.document
        inner = KubernetesObject(api_version, ObjectName(kind, None, ""), document, root)
        name = object_name(kind, inner.value.get("metadata"))
        inner = replace(
            inner, name=replace(name, source=self.outer.name.source), holder=self.outer.name
        )
        held = tuple(_Search(inner, self.budget, self.findings, self.depth + is_text).all())
        self.findings.extend(later(inner))
        return Embedded(replace(inner, embedded=held), path, is_text)

    def _text(self, path: Path, text: str) -> Iterator[Embedded]:
        """Yield the objects that a text holds, if it is written as manifests."""
        if not _speaks_of_objects(text):
            return
        place = self.outer.place(*path)
        if self.depth >= _DEEPEST or self.budget.parts <= 0:
            self.findings.append(_unread(self.outer, path, text, _TOO_MUCH))
            return
        try:
            documents = read_yaml(text.encode("utf-8", "surrogatepass"), place.path)
        except DocumentError as error:
            if _is_like_a_manifest(text):
                self.findings.append(_unread(self.outer, path, text, error.problem))
            return
        for document in documents:
            self.budget.parts -= len(document.marks)
            moved = at_one_place(document.value, len(document.marks), place)
            for root, typed in _objects(moved.value, ()):
                yield self._carried(moved, root, typed, path)

    def _pod_patch(self, path: Path, text: str) -> Iterator[Embedded]:
        """Yield what a text changes in pods that a controller makes: a part of their `spec`.

        One that gate cannot read holds nothing here; `gate.manifests.positions` says so of it.
        """
        outer, place = self.outer, self.outer.place(*path)
        if self.budget.parts <= 0:
            self.findings.append(_unread(outer, path, text, _TOO_MUCH))
            return
        try:
            documents = read_yaml(text.encode("utf-8", "surrogatepass"), place.path)
        except DocumentError:
            return
        metadata = {"generateName": outer.name.name, "namespace": outer.name.namespace}
        named = {key: said for key, said in metadata.items() if said}
        for document in documents:
            self.budget.parts -= len(document.marks)
            if isinstance(document.value, dict):
                typed = (_PATCH_VERSION, POD_PATCH)
                whole = {"apiVersion": typed[0], "kind": typed[1], "metadata": named}
                whole["spec"] = document.value
                yield self._carried(at_one_place(whole, parts_of(whole), place), (), typed, path)

    def _generated(self, value: dict[str, Any]) -> Iterator[Embedded]:
        """Yield what the rules of a Kyverno policy generate."""
        for index, rule in mappings(dig(value, "spec", "rules")):
            made = mapping(rule.get("generate"))
            typed, data = _type_of(made), made.get("data")
            if typed is None or not isinstance(data, dict):
                continue
            path: Path = ("spec", "rules", index, "generate", "data")
            names: dict[str, Any] = {k: made[k] for k in ("name", "namespace") if k in made}
            metadata = {**mapping(data.get("metadata")), **names}
            whole = {**data, "apiVersion": typed[0], "kind": typed[1], "metadata": metadata}
            document = at_one_place(whole, parts_of(whole), self.outer.place(*path))
            yield self._carried(document, (), typed, path)


def _has_body(value: dict[str, Any]) -> bool:
    """Whether a mapping with a type is an object, and no reference to one.

    `{apiVersion: apps/v1, kind: Deployment, name: shop}` names an object, as a
    `scaleTargetRef` does; `{apiVersion: v1, kind: Pod, spec: {…}}` is one.
    """
    if isinstance(value.get("metadata"), dict) or isinstance(value.get("spec"), dict):
        return True
    return not _BODIES.isdisjoint(value) and _REFERENCES.isdisjoint(value)


def _speaks_of_objects(text: str) -> bool:
    """Whether a text may hold objects: both keys are in it, or escapes that spell them."""
    spelled = _ESCAPE.sub(_letter, text) if "\\" in text else text
    return "apiVersion" in spelled and "kind" in spelled


def _letter(escape: re.Match[str]) -> str:
    return chr(int(escape[1], 16)) if escape[1] else ""


def _is_like_a_manifest(text: str) -> bool:
    """Whether a text that is no YAML was meant as a manifest, and not as a script with one."""
    said = text.removeprefix("\ufeff")
    keys = {match[1] for match in _HEADER.finditer(said)}
    return len(keys) > 1 and _BEGINS.match(said) is not None


def at_one_place(value: Any, parts: int, place: Location) -> Document:  # noqa: ANN401  # any JSON value
    """Return a document whose every part is at one place: it is text inside of a field."""
    return Document(Value(value), place.path, [mark(place.line - 1, place.column - 1)] * parts)


def _type_of(value: dict[str, Any], listed: _Type = _UNTYPED) -> _Type | None:
    """Return what a mapping says that it is, or its list; None where no object says that."""
    kind = text_of(value.get("kind", listed[1]))
    api_version = text_of(value.get("apiVersion", listed[0]))
    if _KIND.fullmatch(kind) and _API_VERSION.fullmatch(api_version):
        return api_version, kind
    return None


def _is_list(value: dict[str, Any], typed: _Type) -> bool:
    return typed[1].endswith("List") and isinstance(value.get("items"), list)


def _of_items(typed: _Type) -> _Type:
    """Return what items are that do not say it: those of a PodList are Pods, as kubectl reads."""
    api_version, kind = typed
    return _UNTYPED if kind == "List" else (api_version, kind.removesuffix("List"))


def _objects(value: Any, root: Path, listed: _Type = _UNTYPED) -> Iterator[tuple[Path, _Type]]:  # noqa: ANN401  # any JSON
    """Yield the objects of one document, the items of lists each by itself."""
    typed = _type_of(value, listed) if isinstance(value, dict) else None
    if typed is None:
        return
    items = value.get("items")
    if isinstance(items, list):
        for index, item in enumerate(items):
            yield from _objects(item, (*root, "items", index), _of_items(typed))
    elif _has_body(value) and api_group(typed[0]) != _KUSTOMIZE:
        yield root, typed


def files(value: dict[str, Any], kind: str) -> Iterator[tuple[Path, str]]:
    """Yield each text of a ConfigMap or Secret with its field; base64 is decoded."""
    for part, is_base64 in _FIELDS.items():
        coded = is_base64 or (kind == "Secret" and part == "data")
        for key, text in labels(value.get(part)).items():
            yield (part, key), _decoded(text) if coded else text


def _decoded(text: str) -> str:
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode()
    except ValueError:
        return ""


def parts_of(value: Any) -> int:  # noqa: ANN401  # any JSON value
    """Return how many marks a document with this value has."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + sum(map(parts_of, inner))


def _unread(outer: KubernetesObject, path: Path, text: str, problem: str) -> Finding:
    if _TEMPLATE.search(text):
        why = "it is a template that is filled in inside the cluster"
        remedy = "write the objects themselves, or accept that nobody judges them"
    else:
        why, remedy = problem, "correct the YAML in this field"
    return Finding(
        rule=UNREAD,
        code=UNREAD,
        severity=Severity.HIGH,
        message=f"this text is written like a manifest, and gate cannot read it: {why}",
        remedy=remedy,
        location=outer.place(*path),
        field=field_path(path),
        object=outer.name,
    )
