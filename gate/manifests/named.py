"""What reports call an object."""

from __future__ import annotations

import re
from typing import Any, Final

from gate.documents.lenient import mapping, text
from gate.model.expressions import expression
from gate.model.kubernetes import ObjectName

_ORIGIN: Final = "config.kubernetes.io/origin"
_ORIGIN_LINE: Final = expression(r"^(path|repo|configuredIn): (\S[^\n]*)", re.MULTILINE)
_MAX_ORIGIN: Final = 4_096


def object_name(kind: str, metadata: Any) -> ObjectName:  # noqa: ANN401  # any JSON value
    """Return what reports call an object of a kind, from its metadata."""
    given = mapping(metadata)
    name = text(given.get("name")) or text(given.get("generateName"))
    origin = _origin(text(mapping(given.get("annotations")).get(_ORIGIN)))
    return ObjectName(kind, text(given.get("namespace")) or None, name, origin)


def _origin(said: str) -> str | None:
    """Return the file that kustomize's `originAnnotations` name, with its repository.

    https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/buildmetadata/
    """
    if len(said) > _MAX_ORIGIN:
        return None
    lines = dict(_ORIGIN_LINE.findall(said))
    path = lines.get("path") or lines.get("configuredIn")
    return f"{path} of {lines['repo']}" if path and "repo" in lines else path
