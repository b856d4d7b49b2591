"""Objects that name no namespace get that of the call, where they can have one."""

from __future__ import annotations

import pytest

from gate.manifests.load import load_manifests
from gate.manifests.namespaced import in_namespace


def _put(text: str) -> dict[str, str | None]:
    """Return the namespace of each object by its kind."""
    objects = load_manifests([("f", text.encode())]).objects
    return {obj.name.kind: obj.name.namespace for obj in in_namespace(objects, "shop")}


def _text(api_version: str, kind: str, metadata: str = "{name: a}", spec: str = "{}") -> str:
    return f"---\napiVersion: {api_version}\nkind: {kind}\nmetadata: {metadata}\nspec: {spec}\n"


def _definition(scope: str, kind: str = "CustomResourceDefinition") -> str:
    spec = f"{{group: ops.example.org, scope: {scope}, names: {{kind: Broker}}}}"
    return _text("apiextensions.k8s.io/v1", kind, spec=spec)


BROKER = _text("ops.example.org/v1", "Broker")


@pytest.mark.parametrize(
    ("text", "kind", "namespace"),
    [
        (_text("v1", "Pod"), "Pod", "shop"),
        (_text("v1", "Pod", "{name: a, namespace: own}"), "Pod", "own"),
        (_text("rbac.authorization.k8s.io/v1", "ClusterRole"), "ClusterRole", None),
        (_text("ops.example.org/v1", "ClusterRole"), "ClusterRole", "shop"),
        (_text("v1", "Namespace"), "Namespace", None),
        (BROKER, "Broker", "shop"),
        (_definition("Cluster") + BROKER, "Broker", None),
        (BROKER + _definition("Cluster"), "Broker", None),
        (_definition("Namespaced") + BROKER, "Broker", "shop"),
        (_definition("Cluster", "Other") + BROKER, "Broker", "shop"),
        (_definition("Cluster") + _text("other.example.org/v1", "Broker"), "Broker", "shop"),
        (_definition("Cluster") + _text("ops.example.org/v1", "Topic"), "Topic", "shop"),
    ],
)
def test_an_object_without_a_namespace_gets_one_unless_its_kind_has_none(
    text: str, kind: str, namespace: str | None
) -> None:
    assert _put(text)[kind] == namespace
