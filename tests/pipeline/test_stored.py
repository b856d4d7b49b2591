"""Objects as a cluster stores them, as what a pass must cover."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from gate.manifests.load import load_manifests
from gate.model.image import Digest
from gate.model.release import ReleaseObject
from gate.pipeline.stored import stored_objects

IMAGE = "ghcr.io/acme/shop:1"
PINS = {IMAGE: f"ghcr.io/acme/shop@{Digest('a' * 64)}"}
POD: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {
        "name": "web-abcde",
        "generateName": "web-",
        "namespace": "shop",
        "ownerReferences": [{"kind": "ReplicaSet", "name": "web", "controller": True}],
    },
    "spec": {
        "containers": [{"name": "main", "image": IMAGE}],
        "volumes": [{"name": "kube-api-access-abcde", "emptyDir": {}}],
    },
}


def changed(*path: str, to: object, of: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return a copy with one field set, or without it where it is set to nothing."""
    value = copy.deepcopy(of or POD)
    at = value
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = to
    if to is None:
        del at[path[-1]]
    return value


def stored(*values: dict[str, Any]) -> list[ReleaseObject]:
    files = [(f"{n}.json", json.dumps(value).encode()) for n, value in enumerate(values)]
    return list(stored_objects(load_manifests(files), PINS))


ALONE = changed("metadata", "ownerReferences", to=None)


@pytest.mark.parametrize("of", [POD, ALONE])
@pytest.mark.parametrize(
    ("path", "to"),
    [
        (("status",), {"phase": "Running"}),
        (("metadata", "managedFields"), [{"manager": "kubectl"}]),
        (("metadata", "resourceVersion"), "17"),
        (("metadata", "generation"), 2),
        (("metadata", "creationTimestamp"), "2026-11-21T12:00:00Z"),
        (("metadata", "selfLink"), "/api/v1/x"),
    ],
)
def test_what_a_cluster_writes_into_an_object_changes_nothing(
    of: dict[str, Any], path: tuple[str, ...], to: object
) -> None:
    one, other = stored(of, changed(*path, to=to, of=of))
    assert one == other


@pytest.mark.parametrize(
    ("path", "to"),
    [
        (("spec", "hostNetwork"), True),
        (("metadata", "labels"), {"a": "b"}),
        (("metadata", "generateName"), "other-"),
        (("metadata", "namespace"), "other"),
        (("spec", "volumes"), [{"name": "token", "emptyDir": {}}]),
        (("spec", "volumes"), [{"name": "kube-api-access-ABCDE", "emptyDir": {}}]),
    ],
)
def test_what_somebody_asks_of_a_pod_is_part_of_it(path: tuple[str, ...], to: object) -> None:
    one, other = stored(POD, changed(*path, to=to))
    assert one.digest != other.digest


def another(of: dict[str, Any]) -> dict[str, Any]:
    """Return what its controller makes next: other in all that is made up for each."""
    named = changed(
        "metadata", "name", to="web-fghij", of=changed("metadata", "uid", to="u2", of=of)
    )
    return changed(
        "spec", "volumes", to=[{"name": "kube-api-access-fghij", "emptyDir": {}}], of=named
    )


def test_two_pods_of_one_controller_are_equal_and_shown_by_what_their_names_begin_with() -> None:
    one, other = stored(changed("metadata", "uid", to="u1"), another(POD))
    assert one == other
    assert one.name == "shop/Pod/web-…"
    assert one.value["metadata"]["name"] == "web-abcde"


CLAIM = {"name": "files", "persistentVolumeClaim": {"claimName": "files-web-abcde"}}
TOKEN = {"name": "kube-api-access-abcde", "emptyDir": {}}


@pytest.mark.parametrize(
    ("path", "to"),
    [
        (("spec", "hostname"), "web-abcde"),
        (("spec", "volumes"), [CLAIM]),
        (("spec", "volumes"), [TOKEN, CLAIM]),
    ],
)
def test_a_pod_with_a_host_name_or_a_claim_is_one_of_its_own_name(
    path: tuple[str, ...], to: object
) -> None:
    of = changed(*path, to=to)
    one, same, other = stored(of, of, changed("metadata", "name", to="web-fghij", of=of))
    assert (one == same, one == other) == (True, False)


@pytest.mark.parametrize(
    ("path", "to"),
    [
        (("spec", "subdomain"), "web"),
        (("spec", "volumes"), [TOKEN]),
        (("spec", "volumes"), [{"name": "x", "emptyDir": {}}, TOKEN]),
        (("spec",), None),
        (("spec",), ["hostname"]),
    ],
)
def test_what_is_not_held_against_the_name_of_a_pod_makes_it_none_of_its_own(
    path: tuple[str, ...], to: object
) -> None:
    of = changed(*path, to=to)
    one, other = stored(of, changed("metadata", "name", to="web-fghij", of=of))
    assert one == other


@pytest.mark.parametrize(
    "of",
    [
        ALONE,
        changed("metadata", "generateName", to=None),
        changed("metadata", "ownerReferences", to=[{"kind": "ReplicaSet", "name": "web"}]),
        changed("kind", to="PodTemplate"),
    ],
)
def test_of_what_no_controller_made_up_the_name_each_is_one_of_its_own(of: dict[str, Any]) -> None:
    one, other = stored(of, another(of))
    assert one.digest != other.digest
    assert one.name == f"shop/{of['kind']}/web-abcde"


def test_a_pod_that_has_no_name_yet_is_one_whose_controller_made_it_up() -> None:
    bare = changed("metadata", "name", to=None)
    nothing = changed("spec", "nodeName", to="", of=bare)
    word = changed("spec", "nodeName", to="/name", of=bare)
    one, same, other = stored(nothing, nothing, word)
    assert (one.name, one == same, one == other) == ("shop/Pod/web-…", True, False)
    assert (
        stored(changed("metadata", "name", to="", of=nothing))[0]
        != stored(changed("metadata", "name", to="", of=word))[0]
    )


def test_a_long_beginning_of_a_name_is_cut_off() -> None:
    (one,) = stored(changed("metadata", "generateName", to="w" * 300))
    assert one.name == f"shop/Pod/{'w' * 253}…"


def backwards(value: Any) -> Any:  # noqa: ANN401  # JSON
    """Return the same JSON with the fields of each mapping in the other order."""
    if isinstance(value, dict):
        return {key: backwards(value[key]) for key in reversed(value)}
    return [backwards(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize("of", [POD, ALONE])
def test_the_order_of_fields_changes_nothing(of: dict[str, Any]) -> None:
    one, other = stored(of, backwards(of))
    assert one == other


def test_what_is_in_the_place_of_metadata_or_of_a_name_is_no_reason_to_break() -> None:
    (bare,) = stored(changed("metadata", to=None))
    assert bare.name == "Pod"
    numbered = changed("metadata", "name", to=1)
    (one, other) = stored(
        changed("spec", "priority", to=1, of=numbered),
        changed("spec", "priority", to="/name", of=numbered),
    )
    assert (one.name, one == other) == ("shop/Pod/web-…", False)


def test_an_object_with_an_image_that_did_not_resolve_is_left_out() -> None:
    other = [{"name": "main", "image": "ghcr.io/acme/other:1"}]
    assert len(stored(POD, changed("spec", "containers", to=other))) == 1
