"""Volumes that stand beside pods, and what of the node they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gate.documents.lenient import dig, text
from gate.lint.facts.mounts import SYSTEM, is_below, is_socket, normal
from gate.lint.rule import References, Scope, Violation, lint_rule
from gate.model.kubernetes import KubernetesObject
from gate.model.verdict import Action, Severity


@lint_rule(
    "persistent-volume-host-path",
    Severity.HIGH,
    Action.BLOCK,
    Scope.OBJECT,
    References(owasp_2022="K01", owasp_2025="K01"),
    kinds=frozenset(("PersistentVolume",)),
)
def persistent_volume_host_path(obj: KubernetesObject) -> Iterator[Violation]:
    """No persistent volume is a path of a node.

    Why: a pod that claims the volume has the node's files, and no pod security standard sees
    it, since the pod names only a claim.

    Passes when: spec.hostPath is not set, and spec.local.path is no system folder of the node
    and no runtime's socket. The profile gate blocks where the path is /, a system folder such
    as /etc, or a runtime's socket, and warns about every other hostPath.

    Remedy: Use a CSI driver, or a local volume with a folder of its own.
    """
    for kind in ("hostPath", "local"):
        found = dig(obj.value, "spec", kind)
        if not isinstance(found, dict):
            continue
        path = normal(text(found.get("path")))
        owns_node = is_below(path, SYSTEM) or is_socket(path)
        if owns_node or kind == "hostPath":
            message = f"the volume is {path} of the node, by {kind}"
            yield Violation(message, ("spec", kind, "path"), doubtful=not owns_node)


RULES: Final = (persistent_volume_host_path,)
