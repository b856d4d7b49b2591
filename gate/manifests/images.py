"""Every position where manifests name an image."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from gate.documents.lenient import dig, labels, text
from gate.manifests.positions.as_part import as_part
from gate.manifests.positions.gathered import MISSING, UNJUDGED, Gathered
from gate.manifests.positions.known import by_policy, by_table
from gate.manifests.positions.pod import annotated, image_attribute, pod
from gate.manifests.positions.rows import NAMING_GROUPS
from gate.manifests.positions.select import at, select
from gate.manifests.positions.texts import named_in_files, written_pods
from gate.manifests.positions.walk import likely, quoted, walk
from gate.manifests.positions.words import Speaks, has_host, is_whole, speaks
from gate.model.document import Path
from gate.model.kubernetes import (
    Embedded,
    ImagePosition,
    ImageUse,
    KubernetesObject,
    field_path,
)
from gate.model.pods import api_group, is_native, pod_specs
from gate.model.records import dataclass
from gate.model.verdict import Finding

__all__ = ["MISSING", "UNJUDGED", "ImageUses", "image_uses"]

_OPENSHIFT: Final = frozenset(("BuildConfig", "ImageStream", "Template"))
"""Kinds of OpenShift 3 in the core group, which Kubernetes does not define."""
_TEXTS: Final = frozenset(("ConfigMap", "Secret"))
_TAGS: Final = ("tag", "Tag", "version", "Version")
_CEL_KINDS: Final = frozenset(("MutatingAdmissionPolicy", "MutatingPolicy", "GeneratingPolicy"))
_PATTERN_GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "kyverno.io": ("spec.rules[*].generate", "spec.rules[*].mutate"),
    "policies.kyverno.io": (),
    "mutations.gatekeeper.sh": ("spec.parameters.assign", "spec.parameters.values"),
    "constraints.gatekeeper.sh": (),
    "templates.gatekeeper.sh": (),
}
"""Groups whose objects describe other objects, and the parts of them that become objects."""


_SEARCHED_IN_PART: Final = frozenset((*NAMING_GROUPS, *_PATTERN_GROUPS, "apps.openshift.io"))
"""Groups beside Kubernetes' own whose objects are not searched everywhere."""


@dataclass(frozen=True, slots=True)
class ImageUses:
    """The images of a set of objects, and the places that should name one and do not."""

    uses: tuple[ImageUse, ...]
    findings: tuple[Finding, ...]


def image_uses(
    objects: Iterable[KubernetesObject], positions: Sequence[ImagePosition] = ()
) -> ImageUses:
    """Return every image that objects can make run, and each place whose image is unknown.

    Looked at are pods of every kind (containers, image volumes, annotations of injectors,
    variables and arguments of operators), the table of positions in
    `gate.manifests.positions`, the forms of custom kinds (`image`, `proxyImage`, a repository
    with a tag), objects inside objects, and `positions`, which the policy adds.

    A container without an image, with an empty one, or with one that is filled in later
    (`auto`, as Istio writes it) is a blocking finding `image-missing`. What looks like an
    image and is in none of these positions is a finding `unjudged-image`; a position with
    `ignore` says that a field is no image, except for a container's. Never raises on any shape.
    """
    uses: list[ImageUse] = []
    findings: list[Finding] = []
    last = None
    for obj in objects:
        if last is not None and last is not obj.document:
            last.forget()  # one document at a time
        last = obj.document
        for item in _object(obj, positions).values():
            (uses if isinstance(item, ImageUse) else findings).append(item)  # type: ignore[arg-type]  # each to its own list
    return ImageUses(tuple(uses), tuple(findings))


def _object(
    obj: KubernetesObject, positions: Sequence[ImagePosition]
) -> dict[Path, ImageUse | Finding]:
    found = Gathered(obj, closed={e.path for e in obj.embedded})
    for spec in pod_specs(obj):
        pod(found, spec)
    fixed = _fixed(found) if is_native(obj) else frozenset()
    ignored = by_policy(found, positions)
    by_table(found)
    _beyond_pods(found)
    items = found.items
    for held in obj.embedded:
        items |= _rehomed(obj, held, positions)
    return {path: i for path, i in items.items() if path in fixed or not _is_under(path, ignored)}


def _fixed(found: Gathered) -> frozenset[Path]:
    """Return what no policy leaves out: all that pods name, but not what only looks like it."""
    return frozenset(
        path
        for path, item in found.items.items()
        if isinstance(item, ImageUse) or item.code != UNJUDGED
    )


def _beyond_pods(found: Gathered) -> None:
    obj = found.object
    value = obj.value
    metadata = value.get("metadata")
    annotated(found, metadata, ("metadata",))
    group = api_group(obj.api_version)
    if obj.name.kind in _CEL_KINDS:
        quoted(found, value.get("spec"), ("spec",))
    elif group in NAMING_GROUPS:
        return
    elif group in _PATTERN_GROUPS:
        for path in (p for part in _PATTERN_GROUPS[group] for p in select(value, part)):
            _made(found, at(value, path), path)
        if obj.name.kind == "AssignImage":
            _assigned(found, value)
    elif not is_native(obj) or (not group and obj.name.kind in _OPENSHIFT):
        walk(found, value)
        written_pods(found)
    else:
        _native(found, value)


def _native(found: Gathered, value: dict[str, Any]) -> None:
    obj = found.object
    if obj.name.kind in _TEXTS:
        _texts(found, value)
        written_pods(found)
        named_in_files(found)
    elif obj.name.kind == "ControllerRevision":
        walk(found, value.get("data"), ("data",))
    elif obj.name.kind == "PersistentVolume":
        path = ("spec", "csi", "volumeAttributes")
        image_attribute(found, path, dig(value, *path))


def _assigned(found: Gathered, value: Any) -> None:  # noqa: ANN401  # any JSON value
    """Remember the parts of images that Gatekeeper's AssignImage puts into pods."""
    for part in ("assignDomain", "assignPath", "assignTag"):
        if said := text(dig(value, "spec", "parameters", part)):
            path = ("spec", "parameters", part)
            found.unjudged(path, said, "it becomes a part of the images of pods later")


def _made(found: Gathered, value: Any, path: Path) -> None:  # noqa: ANN401  # any JSON value
    """Search what a policy object makes of others: a mapping, or the text that it sets."""
    likely(found, (*path, "value"), text(dig(value, "value")))
    walk(found, value, path)


def _texts(found: Gathered, value: dict[str, Any]) -> None:
    for part in ("data", "stringData"):
        for key, said in labels(value.get(part)).items():
            if speaks(key) is not Speaks.NOTHING:
                likely(found, (part, key), said)
            if part == "data" and (is_whole(said) or _has_tag(value[part], key, said)):
                found.unjudged((part, key), said)


def _has_tag(texts: dict[str, Any], key: str, said: str) -> bool:
    """Whether a repository has its tag in a key beside it: `trivy.repository`, `trivy.tag`."""
    before = key.removesuffix("repository").removesuffix("Repository")
    return before != key and has_host(said) and any(f"{before}{t}" in texts for t in _TAGS)


def _rehomed(
    obj: KubernetesObject, held: Embedded, positions: Sequence[ImagePosition]
) -> Iterator[tuple[Path, ImageUse | Finding]]:
    """Yield what an object inside of `obj` names, with paths and names of `obj` itself."""
    for path, item in _carried(held, positions).items():
        here = (*held.path, *path)
        if not isinstance(item, ImageUse):
            yield here, replace(item, field=field_path(here))
        elif held.is_text or item.fixed:
            yield here, replace(item, object=obj.name, path=held.path, split=None, fixed=True)
        else:
            split = item.split
            if split is not None and split.digest is not None:
                split = replace(split, digest=(*held.path, *split.digest))
            yield here, replace(item, object=obj.name, path=here, split=split)


def _carried(held: Embedded, positions: Sequence[ImagePosition]) -> dict[Path, ImageUse | Finding]:
    """Return what a carried object names, by the kind that it says and as a part of the outer."""
    carried = held.object
    items = _object(carried, positions)
    group = api_group(carried.api_version)
    if held.is_text or not (is_native(carried) or group in _SEARCHED_IN_PART):
        return items
    ignored = by_policy(Gathered(carried), positions)
    hidden = as_part(carried, items).items()
    return items | {path: item for path, item in hidden if not _is_under(path, ignored)}


def _is_under(path: Path, ignored: frozenset[Path]) -> bool:
    return any(path[: len(parent)] == parent for parent in ignored)
