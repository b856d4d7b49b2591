"""Which kinds and API versions Kubernetes has, and when each came and goes.

The table is that of `gate.lint.kubernetes.fields`; what was gone before it begins is here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from gate.lint.kubernetes.fields import VERSIONS
from gate.lint.kubernetes.rows import rows
from gate.model.expressions import expression
from gate.model.records import dataclass

_NOTED: Final = expression(r"(\w+)(?:@(\d+))?(?:~(\d+))?(?:<(\d+))?(?:=(.+))?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """The minor versions of Kubernetes between which an API version has a kind."""

    came: int = 0
    """The first; 0 where it is 1.25 or older."""
    deprecated: int | None = None
    removed: int | None = None
    """The first that no longer has it. It may be one that is not released yet."""
    instead: str = ""
    """The API version that takes its place, with `/` and the kind where that is another."""


@cache
def lives() -> Mapping[tuple[str, str], Life]:
    """Return the life of each kind, by API version and kind."""
    found = {key: Life(removed=minor) for key, minor in _GONE.items()}
    for version, *kinds in rows(VERSIONS):
        for noted in kinds:
            match = _NOTED.fullmatch(noted)
            if match:
                kind, came, deprecated, removed, instead = match.groups()
                found[version, kind] = Life(
                    came=int(came or 0),
                    deprecated=int(deprecated) if deprecated else None,
                    removed=int(removed) if removed else None,
                    instead=instead or "",
                )
    return found


def life_of(api_version: str, kind: str) -> Life | None:
    """Return the life of a kind, or of the List of one; None where Kubernetes has no such kind."""
    known = lives()
    return known.get((api_version, kind)) or known.get((api_version, kind.removesuffix("List")))


@cache
def groups() -> frozenset[str]:
    """Return the API groups whose kinds are all known here; the core group is empty."""
    return frozenset(version.rpartition("/")[0] for version, _ in lives())


@cache
def _by_name() -> Mapping[str, tuple[str, str]]:
    """Return the API version and the kind, by the kind in small letters.

    Of several, the one that lives longest, and of these the most stable.
    """
    best: dict[str, tuple[tuple[int, bool, str], str, str]] = {}
    for (version, kind), life in lives().items():
        stable = "alpha" not in version and "beta" not in version
        rank = (life.removed or _NEVER, stable, version)
        if kind.lower() not in best or rank > best[kind.lower()][0]:
            best[kind.lower()] = rank, version, kind
    return {name: (version, kind) for name, (_, version, kind) in best.items()}


def meant(kind: str) -> tuple[str, str] | None:
    """Return the API version and the kind that a kind in other capitals means."""
    return _by_name().get(kind.lower())


_NEVER: Final = 1000
_GONE: Final[dict[tuple[str, str], int]] = {
    ("autoscaling/v2beta1", "HorizontalPodAutoscaler"): 25,
    ("batch/v2alpha1", "CronJob"): 21,
    ("extensions/v1beta1", "PodSecurityPolicy"): 16,
    ("flowcontrol.apiserver.k8s.io/v1alpha1", "FlowSchema"): 21,
    ("flowcontrol.apiserver.k8s.io/v1alpha1", "PriorityLevelConfiguration"): 21,
    ("policy/v1beta1", "PodSecurityPolicy"): 25,
    ("settings.k8s.io/v1alpha1", "PodPreset"): 20,
}
"""Gone before 1.25, and no longer in any source that the table is made from:
https://kubernetes.io/docs/reference/using-api/deprecation-guide/"""
