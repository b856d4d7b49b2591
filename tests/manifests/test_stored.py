"""An object of an API server is judged as one of a file is, without a file."""

from __future__ import annotations

from typing import Any

import pytest

from gate.manifests.images import image_uses
from gate.manifests.load import load_manifests
from gate.manifests.stored import PLACE, stored_object
from gate.model.kubernetes import ImagePosition

POD = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "a", "namespace": "n"},
    "spec": {"containers": [{"name": "c", "image": "example.org/x:1"}]},
}
WORK = {
    "apiVersion": "work.open-cluster-management.io/v1",
    "kind": "ManifestWork",
    "metadata": {"name": "w"},
    "spec": {"workload": {"manifests": [POD]}},
}


def test_it_has_its_name_its_images_and_no_lines() -> None:
    found = stored_object(POD)
    (obj,) = found.objects
    (use,) = image_uses(found.objects).uses
    assert (str(obj.name), obj.value, obj.api_version) == ("n/Pod/a", POD, "v1")
    assert (use.image, str(use.location)) == ("example.org/x:1", f"{PLACE}:1:1")
    assert (found.files, found.documents, found.findings) == (1, 1, ())


def test_what_it_carries_and_what_is_wrong_with_it_come_along() -> None:
    (work,) = stored_object(WORK).objects
    assert [str(held.object.name) for held in work.embedded] == ["n/Pod/a"]
    hook = {"apiVersion": "admissionregistration.k8s.io/v1", "kind": "MutatingWebhookConfiguration"}
    found = stored_object({**hook, "metadata": {"name": "h"}})
    assert [f.code for f in found.findings] == ["changes-objects-later"]
    assert [str(o.name) for o in found.objects] == ["MutatingWebhookConfiguration/h"]


def test_positions_patches_and_the_place_are_those_of_the_caller() -> None:
    positions = (ImagePosition("Pod", "spec.x"),)
    kind = "work.open-cluster-management.io/ManifestWork"
    found = stored_object(WORK, positions, patches={kind}, place="n/a")
    (obj,) = found.objects
    assert (found.positions, obj.patches, str(obj.place())) == (positions, True, "n/a:1:1")


@pytest.mark.parametrize(
    "wrong",
    [{"kind": ""}, {"kind": None}, {"kind": 1}, {"apiVersion": ""}, {"apiVersion": ["v1"]}],
)
def test_what_lacks_its_type_is_no_object(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="it lacks its apiVersion or its kind"):
        stored_object({**POD, **wrong})


def _patching(kinds: set[str], api_version: str = "ops.example.org/v1") -> list[bool]:
    broker = f"apiVersion: {api_version}\nkind: Broker\nmetadata: {{name: b}}\nspec: {{}}\n"
    work = WORK["apiVersion"]
    carrier = f"apiVersion: {work}\nkind: ManifestWork\nmetadata: {{name: w}}\nspec:\n  - "
    text = broker + "---\n" + carrier + broker.replace("\n", "\n    ")
    objects = load_manifests([("f", text.encode())], patches=kinds).objects
    return [obj.patches for outer in objects for obj in outer.unfolded()]


def test_the_kinds_that_a_policy_names_as_patches_are_marked_also_where_they_are_carried() -> None:
    assert _patching({"ops.example.org/Broker"}) == [True, False, True]
    assert _patching({"ops.example.org/Topic"}) == [False, False, False]
    assert _patching({"other.example.org/Broker"}) == [False, False, False]
    assert _patching(set()) == [False, False, False]
