"""The place of a field in an object of the cluster, for the rules that say what is a default."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from typing import Any, Final, TypeAlias

from gate.model.document import Path
from gate.model.records import dataclass

_JOB_UID: Final = ("controller-uid", "batch.kubernetes.io/controller-uid")
_JOB_NAME: Final = ("job-name", "batch.kubernetes.io/job-name")


@dataclass(frozen=True, slots=True)
class FieldPlace:
    """A field that nobody declared."""

    live: Mapping[str, Any]
    """The object as the cluster has it."""
    normal: Mapping[str, Any]
    """The object in its normal form."""
    path: Path
    parent: Mapping[str, Any]
    """The mapping that the field is in."""
    declared: Container[str]
    """Its fields that were declared."""

    @property
    def kind(self) -> str:
        """The object's kind."""
        return str(self.normal.get("kind"))

    @property
    def name(self) -> object:
        """The object's own name; None where it has none."""
        return _mapping(self.normal.get("metadata")).get("name")

    def up(self, steps: int) -> Mapping[str, Any]:
        """Return the mapping that many steps above the field; empty where that is no mapping."""
        value: Any = self.normal
        for key in self.path[: len(self.path) - steps]:
            value = value[key]
        return _mapping(value)

    def spec(self) -> Mapping[str, Any]:
        """Return the object's spec."""
        return _mapping(self.normal.get("spec"))

    def template_labels(self) -> Mapping[str, Any]:
        """Return the labels of the pod template in the object's spec."""
        metadata = _mapping(_mapping(self.spec().get("template")).get("metadata"))
        return _mapping(metadata.get("labels"))

    def of_job(self, key: object, value: object) -> bool:
        """Whether a label is one that the API server gives the pods of this Job."""
        uid = _mapping(self.live.get("metadata")).get("uid")
        if key in _JOB_UID:
            return value is not None and value == uid
        return key in _JOB_NAME and value is not None and value == self.name


Rule: TypeAlias = Callable[[Any, FieldPlace], bool]
"""Whether a value at a place that nobody declared is the API server's doing."""


def all_of(rule: Rule) -> Rule:
    """Return a rule of a list: that another one holds for each item."""
    return lambda value, at: isinstance(value, list) and all(rule(item, at) for item in value)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
