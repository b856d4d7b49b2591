"""Bytes of manifests to Kubernetes objects; what is no object becomes a finding."""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_right
from collections.abc import Collection, Container, Iterable, Iterator
from dataclasses import replace
from itertools import accumulate
from typing import Any, Final, TypeAlias

from gate.documents import read_yaml
from gate.documents.kept import Kept
from gate.documents.lenient import text
from gate.errors import DocumentError
from gate.manifests.embedded import Budget, with_embedded
from gate.manifests.manifests import Manifests
from gate.manifests.named import object_name
from gate.manifests.patching import marked
from gate.manifests.plain import Nature, Plain, nature_of, plain_findings
from gate.manifests.refused import incomplete, list_items, mixed, unknown, unreadable, unrendered
from gate.manifests.settings import settings_in_json
from gate.model.document import Document, Path
from gate.model.expressions import expression
from gate.model.kubernetes import ImagePosition, KubernetesObject
from gate.model.location import Location
from gate.model.memory import without_collector
from gate.model.verdict import Finding

_SOURCE: Final = expression(rb"^# Source: ([^\s][^\n]*)", re.MULTILINE)
_Item: TypeAlias = KubernetesObject | Finding | Plain
_TEMPLATE: Final = expression(r"\{\{|\$\{")


def load_manifests(
    files: Iterable[tuple[str, bytes]],
    positions: tuple[ImagePosition, ...] = (),
    *,
    patches: Collection[str] = (),
    found: Iterable[Finding] = (),
    named: Container[str] = (),
) -> Manifests:
    """Read every file, each with the name that reports shall use.

    A file that does not parse is one blocking finding and the others still load. Lists are
    unfolded at any depth. Nothing is skipped silently: a file in which no document is an object
    (a kustomization, a chart, values) is part of its folder's warning, since kubectl refuses all
    of it; a document that is no object beside others that are, an object that lacks its
    apiVersion or kind, and a template that was not rendered block. Objects inside of objects are
    kept with the one that carries them, in its `embedded`. `positions` are kept as they are.
    `patches` are kinds, such as `example.org/Broker`, whose pods patch those of an operator.
    `found` is what was wrong with the files before they were read here. `named` are the files
    that the call names itself, and does not only find in a folder: one of them blocks if gate
    does not know what it is. Never raises on any bytes.
    """
    objects: list[KubernetesObject] = []
    findings: list[Finding] = list(found)
    plain: list[Plain] = []
    templated: list[Location] = []
    kept = Kept()
    count = documents = 0
    with without_collector():
        for path, data in files:
            count += 1
            try:
                read, items = _items(data, path, kept)
            except DocumentError as error:
                findings.append(unreadable(error, data, path))
                continue
            documents += read
            if b"{{" in data:
                templated.append(_template_at(data, path))
            for item in items:
                if isinstance(item, KubernetesObject):
                    objects.append(item)
                    for one in item.unfolded():
                        one.document.pack()
            findings += (item for item in items if isinstance(item, Finding))
            others = [item for item in items if isinstance(item, Plain)]
            if len(others) < len(items):
                findings += map(mixed, others)
            elif path in named and any(item.nature is Nature.OTHER for item in others):
                findings.append(unknown(others[0].location))
            else:
                plain += others
    findings += _in_charts(templated, plain)
    findings += plain_findings(plain, {o.document.path for o in objects})
    return Manifests(marked(objects, patches), tuple(findings), count, documents, positions)


def _items(data: bytes, path: str, kept: Kept) -> tuple[int, list[_Item]]:
    """Return how many documents a file has, and what is in them. Raises DocumentError."""
    settings = settings_in_json(data, path)
    if settings is not None:
        return 1, [settings]
    documents = _documents(data, path, kept)
    return len(documents), list(_file(documents, data))


def _documents(data: bytes, path: str, kept: Kept) -> tuple[Document, ...]:
    """Return the documents of a file. One with a key such as `on` may hold no object.

    Parsers type such a key differently, and none of them makes an apiVersion or a kind of it: a
    workflow of GitHub is no manifest to any of them. Raises DocumentError.
    """
    try:
        return read_yaml(data, path, kept=kept)
    except DocumentError as error:
        if error.code != "yaml-key":
            raise
        try:
            found = read_yaml(data, path, keys_as_written=True)
        except DocumentError:
            raise error from None
        if any(nature_of(path, document.value) is None for document in found):
            raise
        return found


def _file(documents: Iterable[Document], data: bytes) -> Iterator[_Item]:
    sources = _sources(data) if b"# Source: " in data else []
    lines = [line for line, _ in sources]
    previous = 0
    budget = Budget()
    for document in documents:
        line = document.place().line
        index = bisect_right(lines, line) - 1
        source = sources[index][1] if index >= 0 and lines[index] > previous else None
        previous = line
        nature = nature_of(document.path, document.value)
        if nature is not None:
            yield Plain(nature, document.place())
            continue
        for item in _unfold(document, (), document.value, ("", "")):
            if isinstance(item, KubernetesObject):
                named = replace(item, name=replace(item.name, source=source)) if source else item
                whole, findings = with_embedded(named, budget)
                yield whole
                yield from findings
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
        yield incomplete(document, path, "it is not a mapping")
        return
    api_version = text(value.get("apiVersion", listed[0]))
    kind = text(value.get("kind", listed[1]))
    items = value.get("items")
    if "items" in value and not kind.endswith("List"):
        # kubectl looks at this field alone: it would apply the items, which nobody judged.
        yield list_items(document, (*path, "items"), "it is no List, and has items like one")
        return
    if not api_version or not kind:
        yield incomplete(document, path, "it lacks its apiVersion or its kind")
        return
    if "items" in value or kind == "List":
        if not isinstance(items, list):
            # kubectl applies it as one object, or nothing at all, as it stands deeper or not.
            yield list_items(document, (*path, "items"), "it is a List without a list of items")
            return
        for index, item in enumerate(items):
            typed = ("", "") if kind == "List" else (api_version, kind.removesuffix("List"))
            yield from _unfold(document, (*path, "items", index), item, typed)
        return
    found = KubernetesObject(api_version, object_name(kind, value.get("metadata")), document, path)
    if any(_TEMPLATE.search(part) for part in (api_version, kind, found.name.name)):
        yield unrendered(found.place(), "its kind or name holds template code")
    yield found


def _in_charts(templated: Iterable[Location], plain: Iterable[Plain]) -> Iterator[Finding]:
    """Yield the templates of charts that parse by chance: Helm would make other objects of them."""
    charts = {posixpath.dirname(p.location.path) for p in plain if p.nature is Nature.CHART}
    for location in templated:
        steps = f"/{location.path}".split("/templates/")
        folders = accumulate(steps[:-1], "{}/templates/{}".format)
        if any(folder[1:] in charts for folder in folders):
            yield unrendered(location, "Helm would replace the text in {{ }}")


def _template_at(data: bytes, path: str) -> Location:
    before = data[: data.index(b"{{")].decode("utf-8", "replace")
    return Location(path, before.count("\n") + 1, len(before) - before.rfind("\n"))
