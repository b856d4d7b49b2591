"""The definitions of custom kinds that a policy names."""

from __future__ import annotations

from collections.abc import Iterable

from gate.errors import PolicyError
from gate.manifests.load import load_manifests
from gate.model.kubernetes import KubernetesObject
from gate.model.pods import api_group
from gate.policy.document import Policy

_KIND = "CustomResourceDefinition"


def policy_definitions(policy: Policy, names: Iterable[str]) -> tuple[KubernetesObject, ...]:
    """Return the definitions in the files and folders of these names. Raises PolicyError.

    A name without a definition is refused, since it would hold no object to anything.
    """
    found: list[KubernetesObject] = []
    for name in names:
        read = load_manifests([(name, policy.files[name])])
        wrong = next((f for f in read.findings if f.location and f.rule.startswith("yaml")), None)
        if wrong is not None:
            raise _refused(name, wrong.message)
        here = [
            obj
            for obj in read.objects
            if obj.name.kind == _KIND and api_group(obj.api_version) == "apiextensions.k8s.io"
        ]
        if not here:
            raise _refused(name, f"it holds no {_KIND}")
        found += here
    return tuple(found)


def _refused(name: str, why: str) -> PolicyError:
    return PolicyError(
        "crds-unreadable",
        f"the definitions in {name} cannot be used: {why}",
        remedy=f"name a folder with the {_KIND}s of the cluster, as `kubectl get crds -o yaml` "
        "prints them",
    )
