"""One fault, one finding: rules that imply each other report the most telling one.

Example: a container that adds SYS_ADMIN breaks dangerous-capabilities, added-capabilities and
privilege-escalation-container at the same field. The first is reported, and names the others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from gate.model.document import Path
from gate.model.verdict import Action, Finding


def folded(found: Iterable[tuple[Path, Finding]]) -> list[Finding]:
    """Return the findings of one object without those that another one says as well.

    Each comes with its fault. One goes into another of the same fault whose rule implies it,
    and never into a milder one: what blocks alone goes on blocking.
    """
    by_fault: dict[Path, list[Finding]] = defaultdict(list)
    for fault, finding in found:
        by_fault[fault].append(finding)
    return [kept for group in by_fault.values() for kept in _one(group)]


def _one(group: list[Finding]) -> list[Finding]:
    if len(group) == 1:
        return group
    kept: list[Finding] = []
    for finding in sorted(group, key=lambda f: len(_IMPLIED_BY.get(f.rule, ()))):
        telling = _IMPLIED_BY.get(finding.rule, ())
        place = next(
            (i for r in telling for i, k in enumerate(kept) if k.rule == r and _holds(k, finding)),
            None,
        )
        if place is None:
            kept.append(finding)
        else:
            also = sorted({*kept[place].also, finding.rule})
            kept[place] = replace(kept[place], also=tuple(also))
    return kept


def _holds(telling: Finding, other: Finding) -> bool:
    return telling.action is Action.BLOCK or other.action is Action.WARN


_WILDCARD: Final = ("wildcard-in-rules",)
_IMPLIED_BY: Final[dict[str, tuple[str, ...]]] = {
    "added-capabilities": ("dangerous-capabilities",),
    "added-capabilities-restricted": ("dangerous-capabilities", "added-capabilities"),
    "privilege-escalation-container": ("dangerous-capabilities", "privileged-container"),
    "allow-privilege-escalation-unset": ("privilege-escalation-container",),
    "drop-net-raw-capability": ("added-capabilities", "drop-all-capabilities"),
    "run-as-root-user": ("run-as-non-root",),
    "run-as-non-root-explicit": ("run-as-non-root",),
    "root-group": ("run-as-non-root",),
    "sensitive-host-mounts": ("docker-sock",),
    "host-path-volume": ("docker-sock", "sensitive-host-mounts"),
    "restricted-volume-types": ("docker-sock", "sensitive-host-mounts", "host-path-volume"),
    "given-up-component": ("known-vulnerable-component",),
    "unset-resources": (
        *("unset-memory-requirements", "unset-cpu-requirements"),
        *("unset-memory-request", "unset-cpu-limit"),
    ),
    "automount-service-account-token": ("default-service-account",),
    "schema-validation": ("yaml-ambiguous-scalar",),
    "custom-object": ("yaml-ambiguous-scalar", "label-values"),
    "invalid-value": ("label-values",),
    "no-extensions-v1beta": ("removed-api-version",),
    "access-to-secrets": _WILDCARD,
    "access-to-create-pods": _WILDCARD,
    "rbac-admission-policies": _WILDCARD,
    "rbac-admission-webhooks": _WILDCARD,
    "rbac-api-services": _WILDCARD,
    "rbac-approve-csr": _WILDCARD,
    "rbac-bind-escalate": _WILDCARD,
    "rbac-configmap-write": _WILDCARD,
    "rbac-create-token": _WILDCARD,
    "rbac-custom-resource-definitions": _WILDCARD,
    "rbac-delete-evidence": _WILDCARD,
    "rbac-ephemeral-containers": _WILDCARD,
    "rbac-impersonate": _WILDCARD,
    "rbac-namespaces": _WILDCARD,
    "rbac-network-write": _WILDCARD,
    "rbac-nodes-proxy": _WILDCARD,
    "rbac-persistent-volumes": _WILDCARD,
    "rbac-pod-exec": _WILDCARD,
    "rbac-port-forward": _WILDCARD,
    "rbac-service-status": _WILDCARD,
    "rbac-workload-change": _WILDCARD,
    "rbac-workload-delete": _WILDCARD,
}
"""Of each rule those that imply it at the same fault, the most telling one first."""
