"""What a request changes: an age is excused only for what was there before, and only so far."""

from __future__ import annotations

from typing import Any, Final

import pytest

from gate.admission.changes import CONTROLLERS, images_before, is_no_change, pinned, runs_again
from gate.admission.request import AdmissionRequest, read_review
from tests.builders import admission
from tests.builders.admission import PERSON, REPLICASETS, deployment, encoded, pod, request

SHOP, OTHER = map(admission.pinned, ("shop", "other"))
TAG: Final = "registry.example/acme/shop:1"
DIGEST: Final = SHOP.rpartition("@")[2]


def asked(
    new: dict[str, Any] | None,
    old: dict[str, Any] | None = None,
    **more: Any,  # noqa: ANN401  # fields of the request
) -> AdmissionRequest:
    return read_review(encoded(request(new, old, **more)))


def with_metadata(**fields: object) -> dict[str, Any]:
    made = pod(SHOP)
    made["metadata"] |= fields
    return made


@pytest.mark.parametrize(
    "new",
    [
        pod(SHOP),
        {**pod(SHOP), "status": {"phase": "Running"}},
        with_metadata(finalizers=["a"]),
        with_metadata(ownerReferences=[], generation=2, resourceVersion="9"),
    ],
)
def test_an_update_of_what_nobody_judges_changes_nothing(new: dict[str, Any]) -> None:
    assert is_no_change(asked(new, pod(SHOP)))


@pytest.mark.parametrize(
    "new",
    [
        pod(OTHER),
        pod(SHOP, hostPID=True),
        with_metadata(labels={"a": "b"}),
        with_metadata(annotations={"a": "b"}),
        {**pod(SHOP), "kind": "Other", "status": {}},
    ],
)
def test_an_update_of_anything_else_is_a_change(new: dict[str, Any]) -> None:
    assert not is_no_change(asked(new, pod(SHOP)))


def test_an_object_without_metadata_is_compared_as_it_is() -> None:
    bare = {**pod(SHOP), "metadata": None}
    review = request(pod(SHOP), pod(SHOP))
    review["request"] |= {"object": bare, "oldObject": bare}
    assert is_no_change(read_review(encoded(review)))


@pytest.mark.parametrize("operation", ["CREATE", "DELETE", "CONNECT"])
def test_an_old_object_beside_another_operation_excuses_nothing(operation: str) -> None:
    other = asked(pod(SHOP), pod(SHOP), operation=operation)
    assert not is_no_change(other)
    assert images_before(other, ()) == frozenset()


@pytest.mark.parametrize(
    ("operation", "user", "again"),
    [
        ("CREATE", REPLICASETS, True),
        ("CREATE", PERSON, False),
        ("UPDATE", REPLICASETS, False),
    ],
)
def test_only_what_a_controller_creates_is_run_again(
    operation: str,
    user: str,
    again: bool,  # noqa: FBT001  # what is said
) -> None:
    made = asked(pod(SHOP), pod(OTHER), operation=operation, user=user)
    assert runs_again(made, CONTROLLERS) is again


def test_the_images_before_are_the_pinned_ones_of_the_stored_object() -> None:
    old = deployment(SHOP, TAG, f"{TAG}@{OTHER.rpartition('@')[2]}", "not an image")
    assert images_before(asked(deployment(OTHER), old), ()) == {
        SHOP,
        f"registry.example/acme/shop@{OTHER.rpartition('@')[2]}",
    }


def test_an_old_object_that_is_none_had_no_images() -> None:
    assert images_before(asked(pod(OTHER), {**pod(SHOP), "kind": ""}), ()) == frozenset()
    assert images_before(asked(pod(OTHER), pod(SHOP)), ()) == {SHOP}


@pytest.mark.parametrize(
    ("image", "name"),
    [
        (SHOP, SHOP),
        (f"{TAG}@{DIGEST}", SHOP),
        (TAG, None),
        ("not an image", None),
    ],
)
def test_a_pinned_name_has_a_digest_and_no_tag(image: str, name: str | None) -> None:
    assert pinned(image) == name
