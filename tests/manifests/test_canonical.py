"""One digest for what an object says: what it counts, and what has none."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from gate.errors import DocumentError
from gate.manifests.canonical import object_digest
from gate.manifests.stored import stored_object
from gate.model.kubernetes import KubernetesObject


def _with(value: Any) -> KubernetesObject:  # noqa: ANN401  # any JSON value
    whole = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "x": value}
    (obj,) = stored_object(whole).objects
    return obj


@pytest.mark.parametrize("value", [2**53, -(2**53), ["\ud800"], {"\udfff": 1}])
def test_an_object_that_canonical_json_cannot_hold_has_no_digest_and_its_place_is_said(
    value: object,
) -> None:
    with pytest.raises(DocumentError) as caught:
        object_digest(_with(value), {})
    assert (caught.value.code, str(caught.value.location)) == ("not-canonical", "object:1:1")


@pytest.mark.parametrize("value", [2**53 - 1, 1 - 2**53, str(2**53), ["\U0001f600"]])
def test_its_near_neighbour_has_one(value: object) -> None:
    assert str(object_digest(_with(value), {})).startswith("sha256:")


def test_the_digest_is_that_of_the_rfc_8785_json_of_the_whole_object() -> None:
    text = b'{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"x":[1,true,null]}'
    assert object_digest(_with([1.0, True, None]), {}).hex == hashlib.sha256(text).hexdigest()
