"""Parts of objects into which older versions of the API server did not look.

Before 1.34 it read the pod and the volume claims of a StatefulSet and asked nothing of them but
their types: https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/apis/apps/validation/validation.go
has `SkipValidatePodTemplateSpec` and `validateVolumeClaimTemplates`, and v1.33.0 has neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gate.documents.lenient import dig, mappings, text
from gate.lint.kubernetes.rows import NEVER
from gate.model.document import Path

_POD: Final = ("spec", "template", "spec")
_CLAIM: Final = ("spec", "volumeClaimTemplates", "*")
_SINCE_34: Final = range(34, NEVER)
_PARTS: Final[Mapping[str, Mapping[Path, range]]] = {
    "CronJob": {("spec", "jobTemplate", "metadata"): range(0)},
    "StatefulSet": {
        (*_POD, "restartPolicy"): range(NEVER),
        (*_POD, "activeDeadlineSeconds"): range(NEVER),
        # The controller of StatefulSets writes its own.
        (*_POD, "hostname"): range(0),
        (*_POD, "subdomain"): range(0),
        _POD: _SINCE_34,
        (*_CLAIM, "metadata", "name"): _SINCE_34,
        (*_CLAIM, "metadata"): range(0),
        _CLAIM: _SINCE_34,
    },
}
"""By kind, parts, and the minor versions that look into them: the first that a field is in counts.

`*` is any item of a list.
"""
DEFINITIONS: Final[Mapping[str, range]] = {"ContainerResizePolicy": range(33, NEVER)}
"""Definitions that older versions drop unread, since what they belong to is off by default there:
https://github.com/kubernetes/kubernetes/blob/v1.33.0/pkg/features/kube_features.go"""


def parts_of(kind: str, value: Mapping[str, Any]) -> Mapping[Path, range]:
    """Return the parts of an object that not every version looks into.

    Of a StatefulSet these are also the volumes that have the name of a claim: the claim takes
    their place.
    """
    known = _PARTS.get(kind, {})
    if kind != "StatefulSet":
        return known
    claims = {
        text(dig(claim, "metadata", "name"))
        for _, claim in mappings(dig(value, "spec", "volumeClaimTemplates"))
    }
    replaced: dict[Path, range] = {
        (*_POD, "volumes", index): range(0)
        for index, volume in mappings(dig(value, *_POD, "volumes"))
        if volume.get("name") in claims
    }
    return {**replaced, **known}


def looked_into(parts: Mapping[Path, range], path: Path) -> range | None:
    """Return the minor versions that look at a field; None where all do."""
    for part, versions in parts.items():
        if len(path) >= len(part) and all(
            wanted in (key, "*") for wanted, key in zip(part, path, strict=False)
        ):
            return versions
    return None
