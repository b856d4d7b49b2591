"""What reports call an object, and the file that a tool made it from."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gate.manifests.load import load_manifests
from gate.model.kubernetes import ObjectName

ORIGIN = "config.kubernetes.io/origin"


def _name(metadata: Any) -> ObjectName:  # noqa: ANN401  # any JSON value
    value = {"apiVersion": "v1", "kind": "Pod", "metadata": metadata}
    (obj,) = load_manifests([("f", json.dumps(value).encode())]).objects
    return obj.name


@pytest.mark.parametrize(
    ("metadata", "name", "namespace"),
    [
        ({"name": "a"}, "a", None),
        ({"name": "a", "namespace": "n"}, "a", "n"),
        ({"generateName": "a-"}, "a-", None),
        ({"name": "a", "generateName": "b-"}, "a", None),
        ({"name": "a", "namespace": ""}, "a", None),
        ({"name": 1, "namespace": 1}, "", None),
        ([{"name": "a"}], "", None),
    ],
)
def test_an_object_is_called_by_its_metadata(
    metadata: object, name: str, namespace: str | None
) -> None:
    assert _name(metadata) == ObjectName("Pod", namespace, name)


@pytest.mark.parametrize(
    ("origin", "source"),
    [
        ("path: a.yaml\n", "a.yaml"),
        ("path: a.yaml\nrepo: https://example.org/x\n", "a.yaml of https://example.org/x"),
        ("configuredIn: k.yaml\n", "k.yaml"),
        ("configuredIn: k.yaml\npath: a.yaml\n", "a.yaml"),
        ("repo: https://example.org/x\n", None),
        ("mypath: a.yaml\n", None),
        ("path: " + "a" * 4_090, "a" * 4_090),
        ("path: " + "a" * 4_091, None),
        (1, None),
    ],
)
def test_kustomize_says_which_file_an_object_was_built_from(
    origin: object, source: str | None
) -> None:
    assert _name({"annotations": {ORIGIN: origin}}).source == source


def test_annotations_of_another_shape_say_nothing() -> None:
    assert _name({"annotations": [ORIGIN]}).source is None
