"""Bytes of manifests to Kubernetes objects; whatever is none becomes a finding."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from gate.documents import read_yaml
from gate.errors import DocumentError
from gate.manifests.embedded import Budget, with_embedded
from gate.model.document import Document, Path
from gate.model.kubernetes import ImagePosition, KubernetesObject, ObjectName
from gate.model.location import Location
from gate.model.memory import without_collector
from gate.model.verdict import Finding, Severity

NOT_AN_OBJECT: Final = "not-a-kubernetes-object"
NOT_RENDERED: Final = "template-not-rendered"
LIMITS: Final = frozenset(
    ("yaml-too-large", "yaml-too-deep", "yaml-too-many-nodes", "yaml-too-many-documents")
)
_RENDER: Final = "render it first, as in `helm template CHART >rendered.yaml`, and name that file"
_SOURCE: Final = re.compile(rb"^# Source: ([^\s][^\n]*)", re.MULTILINE)
_TEMPLATE: Final = re.compile(r"\{\{|\$\{")


@dataclass(frozen=True, slots=True)
class Manifests:
    """What a set of files holds."""

    objects: tuple[KubernetesObject, ...]
    """In the order of the files, Lists unfolded."""
    findings: tuple[Finding, ...]
    """One for each file that does not parse and each document that is not an object."""
    files: int
    documents: int
    """That were read and are not empty."""
    positions: tuple[ImagePosition, ...] = ()
    """Fields of which the policy says whether they name an image."""


def load_manifests(
    files: Iterable[tuple[str, bytes]], positions: tuple[ImagePosition, ...] = ()
) -> Manifests:
    """Read every file, each with the name that reports shall use.

    A file that does not parse is one blocking finding and the others still load. Lists are
    unfolded at any depth. A document that is not a Kubernetes object (a kustomization, a
    chart, values, a template that nobody rendered) is a finding too: nothing is skipped
    silently. Objects inside of objects are kept with the one that carries them, in its
    `embedded`. `positions` are kept as they are. Never raises on any bytes.
    """
    objects: list[KubernetesObject] = []
    findings: list[Finding] = []
    strings: dict[str, str] = {}
    count = documents = 0
    with without_collector():
        for path, data in files:
            count += 1
            try:
                found = read_yaml(data, path, strings=strings)
            except DocumentError as error:
                findings.append(_unreadable(error, data, path))
                continue
            documents += len(found)
            for item in _file(found, data):
                (objects if isinstance(item, KubernetesObject) else findings).append(item)  # type: ignore[arg-type]  # each to its own list
    return Manifests(tuple(objects), tuple(findings), count, documents, positions)


def _file(documents: Iterable[Document], data: bytes) -> Iterator[KubernetesObject | Finding]:
    sources = _sources(data) if b"# Source: " in data else []
    lines = [line for line, _ in sources]
    previous = 0
    budget = Budget()
    for document in documents:
        line = document.place().line
        index = bisect_right(lines, line) - 1
        source = sources[index][1] if index >= 0 and lines[index] > previous else None
        previous = line
        for item in _unfold(document, (), document.value, ("", "")):
            if isinstance(item, KubernetesObject):
                yield from with_embedded(replace(item, source=source), budget)
            else:
                yield item


def _sources(data: bytes) -> list[tuple[int, str]]:
    found = []
    line, position = 1, 0
    for match in _SOURCE.finditer(data):
        line += data.count(b"\n", position, match.start())
        position = match.start()
        found.append((line, match[1].rstrip(b" \t\r").decode("utf-8", "replace")))
    return found


def _unfold(
    document: Document,
    path: Path,
    value: Any,  # noqa: ANN401  # whatever the file holds
    listed: tuple[str, str],
) -> Iterator[KubernetesObject | Finding]:
    if not isinstance(value, dict):
        yield _not_an_object(document, path, "it is not a mapping")
        return
    api_version: Any = value.get("apiVersion", listed[0])
    kind: Any = value.get("kind", listed[1])
    if not isinstance(api_version, str) or not isinstance(kind, str) or not api_version or not kind:
        yield _not_an_object(document, path, "it has no apiVersion and kind")
        return
    if api_version.startswith("kustomize.config.k8s.io/"):
        yield _not_an_object(document, path, f"it is a {kind}, which names manifests")
        return
    items = value.get("items")
    if "items" in value and not kind.endswith("List"):
        # kubectl looks at this field alone: it would apply the items, which nobody judged.
        yield _not_an_object(document, (*path, "items"), "it is no List, and has items like one")
        return
    if kind.endswith("List") and ("items" in value or kind == "List"):
        if not isinstance(items, list):
            # kubectl applies it as one object, or nothing at all, as it stands deeper or not.
            yield _not_an_object(document, (*path, "items"), "it is a List without a list of items")
            return
        for index, item in enumerate(items):
            typed = ("", "") if kind == "List" else (api_version, kind.removesuffix("List"))
            yield from _unfold(document, (*path, "items", index), item, typed)
        return
    found = KubernetesObject(api_version, _name(kind, value.get("metadata")), document, path)
    if any(_TEMPLATE.search(text) for text in (api_version, kind, found.name.name)):
        yield _unrendered(found.place(), "its kind or name holds template code")
    yield found


def _name(kind: str, metadata: Any) -> ObjectName:  # noqa: ANN401  # whatever the file holds
    if not isinstance(metadata, dict):
        return ObjectName(kind, None, "")
    name = metadata.get("name") or metadata.get("generateName")
    namespace = metadata.get("namespace")
    return ObjectName(
        kind,
        namespace if isinstance(namespace, str) and namespace else None,
        name if isinstance(name, str) else "",
    )


def _not_an_object(document: Document, path: Path, why: str) -> Finding:
    return Finding(
        rule=NOT_AN_OBJECT,
        code=NOT_AN_OBJECT,
        severity=Severity.HIGH,
        message=f"this document is not a Kubernetes object: {why}",
        remedy="name rendered manifests alone: what `helm template` or `kustomize build` prints",
        location=document.place(*path),
    )


def _unrendered(location: Location, why: str) -> Finding:
    return Finding(
        rule="yaml-parse-error",
        code=NOT_RENDERED,
        severity=Severity.HIGH,
        message=f"this is a template that was not rendered: {why}",
        remedy=_RENDER,
        location=location,
    )


def _unreadable(error: DocumentError, data: bytes, path: str) -> Finding:
    location = error.location or Location(path, 1)
    if b"{{" in data and error.code not in LIMITS:
        return _unrendered(location, error.problem)
    code = error.code
    rule = code if code == "yaml-duplicate-key" else "yaml-parse-error"
    return Finding(
        rule="yaml-limits" if code in LIMITS else rule,
        code=code,
        severity=Severity.HIGH,
        message=error.problem,
        remedy=error.remedy,
        location=location,
    )
