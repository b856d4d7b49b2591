"""What the API server asks of fields as a whole, for every definition that is known here."""

from __future__ import annotations

from collections.abc import Mapping

from gate.lint.kubernetes import (
    across_classes,
    across_containers,
    across_jobs,
    across_objects,
    across_parts,
    across_pods,
    across_policies,
    across_schemas,
    across_services,
    across_storage,
    across_workloads,
)
from gate.lint.kubernetes.across import Across, Asked, Dated


def across() -> Mapping[str, tuple[tuple[Across, range | None], ...]]:
    """Return what is asked, by definition, with the versions that ask it; None where all do."""
    found: dict[str, tuple[tuple[Across, range | None], ...]] = {}
    for module in (
        across_classes,
        across_containers,
        across_jobs,
        across_objects,
        across_parts,
        across_pods,
        across_policies,
        across_schemas,
        across_services,
        across_storage,
        across_workloads,
    ):
        for name, asked in module.ACROSS.items():
            found[name] = (*found.get(name, ()), *map(_dated, asked))
    return found


def _dated(asked: Asked) -> tuple[Across, range | None]:
    return (asked.asked, asked.versions) if isinstance(asked, Dated) else (asked, None)
