"""Kinds of Kubernetes' own, which other API groups may give the same names."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from gate.lint.kubernetes.fields import KINDS
from gate.lint.kubernetes.rows import rows
from gate.model.kubernetes import KubernetesObject
from gate.model.pods import is_native

_OWN: Final = frozenset(name.partition("=")[0] for _, *names in rows(KINDS) for name in names)


def is_of(obj: KubernetesObject, kinds: Collection[str]) -> bool:
    """Whether an object is of one of some kinds; a Service of Knative is no Service."""
    kind = obj.name.kind
    return kind in kinds and (kind not in _OWN or is_native(obj))
