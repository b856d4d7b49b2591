"""Which declared object an object of the cluster is, and how it differs from it.

An object is found by its kind, namespace and name. One that nobody declared and that a controller
of Kubernetes made, such as a Pod of a ReplicaSet of a Deployment, is held against the pod templates
of all declared objects of its namespace. Anybody can write down an owner: so the owner opens
nothing, and what runs is what a template declares, for everybody who asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from gate.live.compare import differences, template_differences
from gate.live.difference import Difference
from gate.live.managed import Managed
from gate.model.declared import DeclaredObject
from gate.model.records import dataclass


@dataclass(frozen=True, slots=True)
class NotDeclared:
    """No object of the release has this name."""


Compared: TypeAlias = tuple[Difference, ...] | NotDeclared


def compare(
    declared: Iterable[DeclaredObject], live: Mapping[str, Any], managed: Sequence[Managed]
) -> Compared:
    """Return how an object of the cluster differs from the declared one that it comes nearest to.

    `live` has its images pinned. Nothing differs where the tuple is empty. Several objects may
    have one name, such as those that leave out their namespace. Never raises.
    """
    rules = tuple(m.path for m in managed if m.is_of(live.get("apiVersion"), live.get("kind")))
    names = names_of(live)
    known = list(declared)
    made = has_controller(live)
    pod = made and live.get("kind") == "Pod"
    # The name of a Pod that a controller made is made up, and so it is no Pod that was declared.
    found = [differences(one, live, rules) for one in known if one.name in names and not pod]
    if not found and made:
        found = [
            told
            for one in known
            if _may_be_beside(one, live)
            and (told := template_differences(one, live, rules)) is not None
        ]
    return min(found, key=len, default=NotDeclared())


def _may_be_beside(declared: DeclaredObject, live: Mapping[str, Any]) -> bool:
    """Whether controllers make objects of a declared one where an object is: in its namespace."""
    namespace = declared.name.rpartition("/")[0].rpartition("/")[0]
    metadata = live.get("metadata")
    return not namespace or (isinstance(metadata, dict) and metadata.get("namespace") == namespace)


def names_of(live: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what a pass calls an object: with its namespace, and as it is declared without."""
    metadata = live.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    plain = f"{live.get('kind')}/{metadata.get('name')}"
    namespace = metadata.get("namespace")
    return (plain, f"{namespace}/{plain}") if namespace else (plain,)


def has_controller(live: Mapping[str, Any]) -> bool:
    """Whether an object names a controller that made it."""
    metadata = live.get("metadata")
    owners = metadata.get("ownerReferences") if isinstance(metadata, dict) else None
    return isinstance(owners, list) and any(
        isinstance(owner, dict) and owner.get("controller") is True for owner in owners
    )
