"""Objects inside of objects: wrapped ones, and manifests that are the text of a field.

A ManifestWork, a Crossplane composition or a workflow carries whole objects, a ConfigMap
carries files of YAML. Something in the cluster creates them later, so they are judged with the
object that carries them. They are no objects of the release by themselves: the digest of
the outer object covers them.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from gate.documents import read_yaml
from gate.errors import DocumentError
from gate.manifests.later import later
from gate.model.document import Document, Path, mark
from gate.model.kubernetes import Embedded, KubernetesObject, ObjectName, field_path
from gate.model.location import Location
from gate.model.pods import api_group, is_native
from gate.model.records import dataclass
from gate.model.verdict import Finding, Severity

UNREAD: Final = "embedded-manifest-unread"
_DEEPEST: Final = 3
"""Texts inside of texts that are read."""
_MOST_PARTS: Final = 1_000_000
"""Of all embedded texts of one file, after their aliases are expanded."""
_API_VERSION: Final = re.compile(r"[a-z0-9.-]{1,253}(?:/[a-z0-9]{1,63})?")
_KIND: Final = re.compile(r"[A-Z][A-Za-z0-9]{0,62}")
_HEADER: Final = re.compile(r"^(?:apiVersion|kind):[ \t]*[^\s#]", re.MULTILINE)
_FIRST: Final = re.compile(r"^(?!#|---|\{\{|[ \t\r]*$)(?:\"?[A-Za-z]+\"?:|\{)?", re.MULTILINE)
"""The beginning of the first line that says something, with the key that it has."""
_TEMPLATE: Final = re.compile(r"\{\{|\{%|<<|\$\{|\$\(")
_BODIES: Final = frozenset(
    ("rules", "roleRef", "subjects", "webhooks", "data", "stringData", "template", "mutations")
)
"""Fields that hold what native kinds without a `spec` say."""
_REFERENCES: Final = frozenset(("name", "namespace", "uid", "resourceVersion", "fieldPath"))
_PATCHES: Final = frozenset(("patch", "patches", "patchStrategicMerge", "patchesStrategicMerge"))
"""Fields with parts of objects: their images count, and lint has nothing whole to look at."""
_FILES: Final = frozenset(("ConfigMap", "Secret"))
_FIELDS: Final = {"data": False, "stringData": False, "binaryData": True}
"""Fields of these kinds that hold texts, and whether the text is base64."""
_SILENT_GROUPS: Final = (
    *("constraints.gatekeeper.sh", "templates.gatekeeper.sh", "mutations.gatekeeper.sh"),
    *("policies.kyverno.io", "kustomize.config.k8s.io"),
)
"""Groups whose objects speak of others and hold none."""


@dataclass(slots=True)
class Budget:
    """What is left for the embedded texts of one file."""

    parts: int = _MOST_PARTS


def with_embedded(obj: KubernetesObject, budget: Budget) -> Iterator[KubernetesObject | Finding]:
    """Yield the object with everything that it carries, and a finding for each unread text.

    An object inside is a mapping with apiVersion and kind and more than a reference has: a
    `metadata`, a `spec`, or the body of a kind that has neither. Text counts where each of its
    YAML documents is looked at in the same way. Places in a text are those of its field.
    """
    findings = list(later(obj))
    if not _may_carry(obj):
        yield obj
        yield from findings
        return
    held = tuple(_Search(obj, budget, findings).all())
    yield replace(obj, embedded=held) if held else obj
    yield from findings


def _may_carry(obj: KubernetesObject) -> bool:
    group, kind = api_group(obj.api_version), obj.name.kind
    if group == "":
        return kind in {"ConfigMap", "Secret", "Template"}
    if group.endswith(_SILENT_GROUPS):
        return False
    return not is_native(obj)


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
        if api_group(outer.api_version).endswith("kyverno.io"):
            yield from self._generated(value)
        elif outer.name.kind in _FILES and is_native(outer):
            for path, text in _files(value):
                yield from self._text(path, text)
        else:
            for key, part in value.items():
                if key not in {"metadata", "status"}:
                    yield from self._part(part, (key,))

    def _part(self, value: Any, path: Path) -> Iterator[Embedded]:  # noqa: ANN401  # any JSON
        if value.__class__ is dict:
            if "kind" in value and is_object(value):
                yield self._carried(self.outer.document, (*self.outer.root, *path), value, path)
                return
            for key, part in value.items():
                if key not in _PATCHES:
                    yield from self._any(part, (*path, key))
        elif value.__class__ is list:
            for index, part in enumerate(value):
                yield from self._any(part, (*path, index))

    def _any(self, part: Any, path: Path) -> Iterator[Embedded]:  # noqa: ANN401  # any JSON value
        if part.__class__ is dict or part.__class__ is list:
            yield from self._part(part, path)
        elif part.__class__ is str and "apiVersion" in part:
            yield from self._text(path, part)

    def _carried(
        self, document: Document, root: Path, value: dict[str, Any], path: Path
    ) -> Embedded:
        """Return one object that is carried, with those that it carries itself."""
        is_text = document is not self.outer.document
        name = replace(_name(value), source=self.outer.name.source)
        inner = KubernetesObject(value["apiVersion"], name, document, root, self.outer.name)
        held = tuple(_Search(inner, self.budget, self.findings, self.depth + is_text).all())
        self.findings.extend(later(inner))
        return Embedded(replace(inner, embedded=held) if held else inner, path, is_text)

    def _text(self, path: Path, text: str) -> Iterator[Embedded]:
        """Yield the objects that a text holds, if it is written as manifests."""
        if "apiVersion" not in text or "kind" not in text:
            return
        place = self.outer.place(*path)
        if self.depth >= _DEEPEST or self.budget.parts <= 0:
            self.findings.append(_unread(self.outer, path, text, "the file embeds too much text"))
            return
        try:
            documents = read_yaml(text.encode("utf-8", "surrogatepass"), place.path)
        except DocumentError as error:
            if _is_like_a_manifest(text):
                self.findings.append(_unread(self.outer, path, text, error.problem))
            return
        for document in documents:
            self.budget.parts -= len(document.marks)
            moved = at_one_place(document, place)
            for root, value in _objects(moved.value, ()):
                yield self._carried(moved, root, value, path)

    def _generated(self, value: dict[str, Any]) -> Iterator[Embedded]:
        """Yield what the rules of a Kyverno policy generate."""
        spec = value.get("spec")
        rules = spec.get("rules") if isinstance(spec, dict) else None
        for index, rule in enumerate(rules if isinstance(rules, list) else ()):
            made = rule.get("generate") if isinstance(rule, dict) else None
            data = made.get("data") if isinstance(made, dict) else None
            if not isinstance(made, dict) or not isinstance(data, dict) or not _is_typed(made):
                continue
            path = ("spec", "rules", index, "generate", "data")
            metadata = data.get("metadata")
            names = {k: made[k] for k in ("name", "namespace") if k in made}
            whole = {
                **data,
                "apiVersion": made["apiVersion"],
                "kind": made["kind"],
                "metadata": {**(metadata if isinstance(metadata, dict) else {}), **names},
            }
            place = self.outer.place(*path)
            document = at_one_place(Document(whole, place.path, [0] * parts_of(whole)), place)
            yield self._carried(document, (), whole, path)


def is_object(value: dict[str, Any]) -> bool:
    """Whether a mapping is an object, and no reference to one such as a `scaleTargetRef`.

    `{apiVersion: apps/v1, kind: Deployment, name: shop}` names an object;
    `{apiVersion: v1, kind: Pod, spec: {…}}` is one.
    """
    if not _is_typed(value):
        return False
    if isinstance(value.get("metadata"), dict) or isinstance(value.get("spec"), dict):
        return True
    return not _BODIES.isdisjoint(value) and _REFERENCES.isdisjoint(value)


def _is_like_a_manifest(text: str) -> bool:
    """Whether a text that is no YAML was meant as a manifest, and not as a script with one."""
    first = _FIRST.search(text)
    keys = {match[0].partition(":")[0] for match in _HEADER.finditer(text)}
    return first is not None and bool(first[0]) and len(keys) > 1


def at_one_place(document: Document, place: Location) -> Document:
    """Return a document whose every part is at one place: it is text inside of a field."""
    here = mark(place.line - 1, place.column - 1)
    return Document(document.value, place.path, [here] * len(document.marks))


def _is_typed(value: dict[str, Any]) -> bool:
    version, kind = value.get("apiVersion"), value.get("kind")
    return (
        isinstance(version, str)
        and isinstance(kind, str)
        and _API_VERSION.fullmatch(version) is not None
        and _KIND.fullmatch(kind) is not None
    )


def _objects(value: Any, root: Path) -> Iterator[tuple[Path, dict[str, Any]]]:  # noqa: ANN401  # any JSON
    """Yield the objects of one document, the items of lists each by itself."""
    if not isinstance(value, dict) or not _is_typed(value):
        return
    items = value.get("items")
    if isinstance(items, list):
        for index, item in enumerate(items):
            yield from _objects(item, (*root, "items", index))
    elif is_object(value) and not value["apiVersion"].startswith("kustomize.config.k8s.io/"):
        yield root, value


def _files(value: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    for part, is_base64 in _FIELDS.items():
        texts = value.get(part)
        if part == "data" and value.get("kind") == "Secret":
            is_base64 = True  # noqa: PLW2901  # of the same name in both kinds, and not the same
        for key, text in texts.items() if isinstance(texts, dict) else ():
            if isinstance(text, str):
                yield (part, key), _decoded(text) if is_base64 else text


def _decoded(text: str) -> str:
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""


def _name(value: dict[str, Any]) -> ObjectName:
    metadata = value.get("metadata")
    given = metadata if isinstance(metadata, dict) else {}
    name = given.get("name") or given.get("generateName")
    namespace = given.get("namespace")
    return ObjectName(
        value["kind"],
        namespace if isinstance(namespace, str) and namespace else None,
        name if isinstance(name, str) else "",
    )


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
