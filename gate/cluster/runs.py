"""Which objects of a cluster are judged: each that somebody declared, and what else runs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from gate.errors import ClusterError
from gate.model.pod_tokens import tokens_by_number

MAX_OBJECTS: Final = 50_000
"""How many objects one run judges."""
_ENDED: Final = ("Succeeded", "Failed")


def judged(objects: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield each object that no controller made, and the Pods that controllers made.

    Of Pods of one owner that are alike, one is yielded: a Deployment of 100 Pods is judged as the
    Deployment and one Pod, unless some of its Pods have another spec than the rest. Pods that have
    ended do not run, and what controllers make between the two (a ReplicaSet) is seen in its Pods.
    What an API server adds besides (`managedFields`) and the status are left out. Raises
    ClusterError `cluster-too-large`.
    """
    seen: set[bytes] = set()
    count = 0
    for value in objects:
        owner = _controller(value)
        if value["kind"] == "Pod" and _mapping(value.get("status")).get("phase") in _ENDED:
            continue
        if owner is not None:
            form = _form(value, owner)
            if value["kind"] != "Pod" or form in seen:
                continue
            seen.add(form)
        count += 1
        if count > MAX_OBJECTS:
            raise ClusterError(
                "cluster-too-large",
                f"the cluster has more than {MAX_OBJECTS} workloads",
                remedy="name namespaces with --namespace, and run `gate audit` once for each",
            )
        yield _lean(value)


def _controller(value: dict[str, Any]) -> str | None:
    owners = _mapping(value.get("metadata")).get("ownerReferences")
    for owner in owners if isinstance(owners, list) else ():
        if isinstance(owner, dict) and owner.get("controller") is True:
            return f"{owner.get('kind')} {owner.get('uid')}"
    return None


def _form(value: dict[str, Any], owner: str) -> bytes:
    """Return what the Pods of one owner have in common where they are alike.

    A Pod's own name, also as its host name, its node, and the random end of its token's volume do
    not count. Anybody can write down an owner, so nothing else is left out: no text that is equal
    to a name by chance.
    """
    metadata = _mapping(value.get("metadata"))
    said = {k: metadata.get(k) for k in ("namespace", "labels", "annotations")}
    spec = _mapping(tokens_by_number(value.get("spec")))
    node = spec.get("nodeName")
    affinity = json.dumps(spec.get("affinity"), sort_keys=True)
    if isinstance(node, str) and node:
        affinity = affinity.replace(json.dumps(node), "0")
    rest = {k: v for k, v in spec.items() if k not in {"affinity", "nodeName"}}
    if rest.get("hostname") == metadata.get("name"):
        rest["hostname"] = None
    text = json.dumps([owner, said, affinity, rest], sort_keys=True)
    return hashlib.sha256(text.encode()).digest()


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _lean(value: dict[str, Any]) -> dict[str, Any]:
    metadata = value.get("metadata")
    kept = {k: v for k, v in value.items() if k != "status"}
    if isinstance(metadata, dict):
        kept["metadata"] = {k: v for k, v in metadata.items() if k != "managedFields"}
    return kept
