"""What the API server asks of fields as a whole, for every definition that is known here."""

from __future__ import annotations

from collections.abc import Mapping

from gate.lint.kubernetes import (
    across_containers,
    across_objects,
    across_pods,
    across_services,
    across_storage,
    across_workloads,
)
from gate.lint.kubernetes.across import Across


def across() -> Mapping[str, tuple[Across, ...]]:
    """Return what is asked, by definition."""
    found: dict[str, tuple[Across, ...]] = {}
    for module in (
        across_containers,
        across_objects,
        across_pods,
        across_services,
        across_storage,
        across_workloads,
    ):
        for name, asked in module.ACROSS.items():
            found[name] = (*found.get(name, ()), *asked)
    return found
