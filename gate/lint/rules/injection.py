"""Containers that something adds to a pod inside the cluster, because the pod asks for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from gate.documents.lenient import labels, mapping
from gate.lint.facts.contents import Contents
from gate.lint.rule import References, Scope, Violation, lint_rule
from gate.model.document import Path
from gate.model.verdict import Action, Severity

_INJECTED: Final[dict[str, frozenset[str]]] = {
    # https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/
    "istio-injection": frozenset(("enabled",)),
    "sidecar.istio.io/inject": frozenset(("true",)),
    # https://linkerd.io/2/features/proxy-injection/
    "linkerd.io/inject": frozenset(("enabled", "ingress")),
    # https://developer.hashicorp.com/vault/docs/deploy/kubernetes/injector/annotations
    "vault.hashicorp.com/agent-inject": frozenset(("true",)),
    # https://docs.dapr.io/reference/arguments-annotations-overview/
    "dapr.io/enabled": frozenset(("true",)),
    # https://developer.hashicorp.com/consul/docs/k8s/annotations-and-labels
    "consul.hashicorp.com/connect-inject": frozenset(("true",)),
}
"""Labels and annotations that ask for containers, with the values that do."""


@lint_rule(
    "containers-injected",
    Severity.LOW,
    Action.WARN,
    Scope.CONTENTS,
    References(),
)
def containers_injected(held: Contents) -> Iterator[Violation]:
    """No pod asks for containers that are added inside the cluster.

    Why: a sidecar that an injector adds was not among the manifests, so nobody has judged its
    image or its rights.

    Passes when: neither a pod nor a namespace has a label or annotation that asks Istio,
    Linkerd, Vault, Dapr or Consul to inject, such as istio-injection set to enabled.

    Remedy: Judge the pods in the cluster too, with an admission webhook.
    """
    if held.object.name.kind == "Namespace":
        yield from _asked(mapping(held.object.value.get("metadata")), ("metadata",))
    for pod in held.pods:
        yield from _asked(pod.metadata, pod.metadata_path)


def _asked(metadata: Mapping[str, Any], path: Path) -> Iterator[Violation]:
    for part in ("labels", "annotations"):
        for key, value in labels(metadata.get(part)).items():
            if value in _INJECTED.get(key, ()):
                yield Violation(f"{key} asks for containers that nobody judged", (*path, part, key))


RULES: Final = (containers_injected,)
