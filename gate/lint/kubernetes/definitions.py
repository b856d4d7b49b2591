"""What CustomResourceDefinitions say of the objects of their kinds.

https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from gate.documents.lenient import dig, is_number, mapping, mappings, text
from gate.lint.kubernetes.json_schema import CustomFault
from gate.lint.kubernetes.structural import Structural, UnusableSchemaError
from gate.model.document import Path
from gate.model.kubernetes import KubernetesObject, field_path
from gate.model.pods import api_group
from gate.model.records import dataclass


@dataclass(frozen=True)
class DefinedVersion:
    """One version of a kind."""

    served: bool
    schema: Mapping[str, Any]
    """As it is written; empty where the version has none."""
    path: Path
    """Where the schema is, from the definition's root."""
    replicas_path: str = ""
    """The field that scaling sets, such as `.spec.replicas`; empty where nothing scales it."""

    @cached_property
    def structural(self) -> Structural:
        """The schema, ready to judge objects. Raises UnusableSchemaError each time."""
        return Structural(self.schema)

    @cached_property
    def unusable(self) -> str:
        """Why the schema can judge no object; empty where it can, and where there is none."""
        try:
            _ = self.schema and self.structural
        except UnusableSchemaError as error:
            return str(error)
        return ""

    def replicas(self, value: dict[str, Any]) -> Iterator[CustomFault]:
        """Yield a number of replicas that no scaling can have."""
        path = tuple(self.replicas_path.removeprefix(".").split("."))
        count = dig(value, *path)
        if is_number(count) and count < 0:
            yield CustomFault(path, f"{field_path(path)} must be at least 0")


@dataclass(frozen=True, slots=True)
class CustomKind:
    """A kind, as its definition says."""

    definition: KubernetesObject
    versions: Mapping[str, DefinedVersion]

    @property
    def served(self) -> tuple[str, ...]:
        """The versions that the API server takes, in the definition's order."""
        return tuple(name for name, version in self.versions.items() if version.served)


def custom_kinds(
    objects: Iterable[KubernetesObject],
) -> Mapping[tuple[str, str], tuple[CustomKind, ...]]:
    """Return what is defined by group and kind; several where a kind is defined differently."""
    found: dict[tuple[str, str], list[CustomKind]] = {}
    for obj in objects:
        if obj.name.kind != "CustomResourceDefinition":
            continue
        if api_group(obj.api_version) != "apiextensions.k8s.io":
            continue
        spec = mapping(obj.value.get("spec"))
        key = text(spec.get("group")), text(dig(spec, "names", "kind"))
        versions = {
            text(version.get("name")): DefinedVersion(
                version.get("served") is True,
                mapping(dig(version, "schema", "openAPIV3Schema")),
                ("spec", "versions", index, "schema", "openAPIV3Schema"),
                text(dig(version, "subresources", "scale", "specReplicasPath")),
            )
            for index, version in mappings(spec.get("versions"))
        }
        others = found.setdefault(key, [])
        if all(key) and versions and all(versions != other.versions for other in others):
            others.append(CustomKind(obj, versions))
    return {key: tuple(kinds) for key, kinds in found.items() if kinds}
