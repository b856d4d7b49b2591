"""Files without any Kubernetes object: what they are, and one warning for each folder.

kubectl, Argo CD and Flux refuse a document that has no apiVersion and kind, so nothing is
deployed from it as it is. It may still make manifests once a tool renders it: the warning
names that tool and its command. gate's own policy and schema are known by what they say,
never by their name, and get no warning.
"""

from __future__ import annotations

import enum
import posixpath
import shlex
from collections.abc import Iterable, Mapping
from typing import Any, Final

from gate.documents.lenient import mapping, mappings, text
from gate.manifests.manifests import NOT_AN_OBJECT
from gate.model.location import Location
from gate.model.records import dataclass
from gate.model.verdict import Action, Finding, Severity

_TOPS: Final = frozenset(("", "/", ".", ".."))
_NAMED: Final = 5
"""How many files of a folder a warning names."""
POLICY_KEYS: Final = frozenset(
    (
        *("version", "verifier", "signers", "trusted-roots", "registries", "images"),
        *("manifests", "waivers", "max-waiver", "pass", "revocations", "admission", "shards"),
    )
)
SCHEMA_TITLE: Final = "The policy of gate, version 1"
"""Of the schema that `gate schema` prints and `gate init` writes."""
KUSTOMIZATIONS: Final = frozenset(("kustomization.yaml", "kustomization.yml", "Kustomization"))
"""The names under which kustomize looks for one; apiVersion and kind may then be left out."""
_TOOLS: Final = frozenset(("package.json", "package-lock.json"))
_KUSTOMIZE: Final = "kustomize.config.k8s.io/"


class Nature(enum.IntEnum):
    """What a file without objects is, as far as gate knows; the greatest names its folder."""

    OTHER = 0
    """Anything without an apiVersion and a kind: settings of a tool, a list of patches."""
    TOOL = 1
    """Settings that are known by their name: package.json, what GitHub reads in `.github`."""
    VALUES = 2
    """Helm values."""
    KUSTOMIZATION = 3
    CHART = 4
    """A Helm chart's Chart.yaml."""
    OWN = 5
    """A policy of gate, or the schema of its policies."""


@dataclass(frozen=True, slots=True)
class Plain:
    """A document that is not a Kubernetes object, and that kubectl refuses."""

    nature: Nature
    location: Location


def nature_of(path: str, value: Any) -> Nature | None:  # noqa: ANN401  # whatever a file holds
    """Return what a document is if nothing can be deployed from it as it is, else None.

    None where it has an apiVersion, a kind, or metadata with a name or a generateName, and is
    neither a chart nor a kustomization: it is an object that lost something. `path` is the
    file's, with slashes.

    >>> nature_of("shop/Chart.yaml", {"apiVersion": "v2", "name": "shop", "version": "1.0.0"})
    <Nature.CHART: 4>
    >>> nature_of("shop/pod.yaml", {"apiVersion": "v1", "metadata": {"name": "shop"}}) is None
    True
    """
    if any(_typed(item) for _, item in mappings(value)):
        return None
    return _of_mapping(path, value) if isinstance(value, dict) else Nature.OTHER


def _of_mapping(path: str, value: Mapping[str, Any]) -> Nature | None:
    name = posixpath.basename(path)
    if _kustomizes(name, value):
        return Nature.KUSTOMIZATION
    if name == "Chart.yaml" and _is_chart(value):
        return Nature.CHART
    values = name.startswith("values")
    if _is_named(value.get("metadata")) or (_typed(value) and not values):
        return None
    if values:
        # Charts have a value called kind, for what they make of their pods.
        return None if value.keys() & {"apiVersion", "items"} else Nature.VALUES
    if _is_own(value):
        return Nature.OWN
    return Nature.TOOL if name in _TOOLS or "/.github/" in f"/{path}" else Nature.OTHER


def _is_named(metadata: Any) -> bool:  # noqa: ANN401  # whatever a file holds
    """Whether the API server could store the object: a generated name is a name too."""
    return not mapping(metadata).keys().isdisjoint(("name", "generateName"))


def _typed(value: Mapping[str, Any]) -> bool:
    return "apiVersion" in value or "kind" in value


def _kustomizes(name: str, value: Mapping[str, Any]) -> bool:
    # kubectl unfolds the items of every kind, also of this one.
    kind = value.get("kind", "Kustomization")
    if "items" in value or not kind:
        return False
    if "apiVersion" in value:
        return text(value["apiVersion"]).startswith(_KUSTOMIZE)
    return name in KUSTOMIZATIONS and kind in ("Kustomization", "Component")


def _is_chart(value: Mapping[str, Any]) -> bool:
    return (
        value.get("apiVersion") in ("v1", "v2")
        and isinstance(value.get("name"), str)
        and "version" in value
        and not value.keys() & {"kind", "metadata", "spec", "items"}
    )


def _is_own(value: Mapping[str, Any]) -> bool:
    if "$schema" in value and value.get("title") == SCHEMA_TITLE:
        return True
    return {"version", "images"} <= value.keys() <= POLICY_KEYS


def plain_findings(plain: Iterable[Plain], objects: Iterable[str]) -> list[Finding]:
    """Return one warning for each folder that holds files without objects.

    `objects` are the paths of the files with objects. A chart and a kustomization are a folder
    of their own, with all below them. Other files belong to the topmost folder in which no
    object lies, so `node_modules` is one warning. Takes time linear in the paths' lengths.
    """
    found = [item for item in plain if item.nature is not Nature.OWN]
    rendered = {_folder(item) for item in found if item.nature >= Nature.KUSTOMIZATION}
    inhabited: set[str] = set()
    for path in objects:
        _add_with_parents(posixpath.dirname(path), inhabited)
    groups: dict[str, list[Plain]] = {}
    known: dict[str, str] = {}
    for item in found:
        group = _group(_folder(item), rendered, inhabited, known)
        groups.setdefault(group, []).append(item)
    return [_warning(folder, items) for folder, items in groups.items()]


def _folder(item: Plain) -> str:
    return posixpath.dirname(item.location.path)


def _add_with_parents(folder: str, known: set[str]) -> None:
    while folder not in known:
        known.add(folder)
        folder = posixpath.dirname(folder)


def _group(folder: str, rendered: set[str], inhabited: set[str], known: dict[str, str]) -> str:
    """Return the nearest folder that a tool renders, else the topmost that holds no object."""
    passed = []
    while folder not in known:
        if folder in rendered or folder in _TOPS:
            known[folder] = folder
        else:
            passed.append(folder)
            folder = posixpath.dirname(folder)
    for below in reversed(passed):
        alone = folder not in rendered and (folder in inhabited or folder in _TOPS)
        known[below] = below if alone else known[folder]
        folder = below
    return known[folder]


def _warning(folder: str, items: list[Plain]) -> Finding:
    first = min(items, key=lambda item: item.location)
    what, remedy = _TEXTS[max(item.nature for item in items)]
    paths = sorted({item.location.path for item in items})
    names = [posixpath.relpath(path, folder) for path in paths[:_NAMED]]
    more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
    return Finding(
        rule=NOT_AN_OBJECT,
        code=NOT_AN_OBJECT,
        severity=Severity.LOW,
        action=Action.WARN,
        message=f"{folder or '.'}: {what} ({', '.join(names)}{more})",
        remedy=remedy.format(folder=shlex.quote(folder or "."), file=shlex.quote(paths[0])),
        location=first.location,
    )


_NOTHING: Final = "nothing is deployed from these files, which have no apiVersion and kind"
_NAME_MANIFESTS: Final = (
    "name the manifests alone, or leave these out with `manifests: {{exclude: […]}}`"
)
_TEXTS: Final = {
    Nature.CHART: (
        "this is a Helm chart that was not rendered, and nothing here was judged for it",
        (
            "name this folder itself, which gate renders where helm is on PATH, or render it "
            "yourself: `helm template {folder} | gate check -`"
        ),
    ),
    Nature.KUSTOMIZATION: (
        "this is a kustomization that was not built, and nothing here was judged for it",
        (
            "name this folder itself, which gate builds where kustomize or kubectl is on PATH, or "
            "build it yourself: `kustomize build {folder} | gate check -`"
        ),
    ),
    Nature.VALUES: (
        "these are Helm values without their chart, and nothing is deployed from them",
        "give them with their chart: `gate check CHART --values {file}`",
    ),
    Nature.OTHER: (_NOTHING, _NAME_MANIFESTS),
    Nature.TOOL: (_NOTHING, _NAME_MANIFESTS),
}
