"""The mutating twin: tags become digests, nothing else changes, and nothing is let in by it."""

from __future__ import annotations

import asyncio
import base64
import copy
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

import pytest

from tests.builders.admission import (
    NOW,
    POLICY,
    Shelf,
    deployment,
    down,
    encoded,
    pinned,
    pod,
    request,
)
from tests.builders.doors import Webhook

SHOP: Final = pinned("shop")
TAG: Final = "registry.example/acme/shop:1"
DIGEST: Final = SHOP.rpartition("@")[2]
MOVED: Final = pinned("moved")


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    shelf = Shelf(tags={TAG: SHOP, "registry.example/acme/shop": SHOP})
    shelf.give_pass(SHOP)
    with Webhook(shelf, pins_tags=True) as made:
        yield made


def patched(webhook: Webhook, review: dict[str, Any]) -> dict[str, Any]:
    """Return the object after the patch of the answer."""
    response = webhook.ask(review, path="/mutate").response
    assert response["allowed"] is True
    made = copy.deepcopy(review["request"]["object"])
    assert ("patch" in response) == ("patchType" in response)
    for operation in json.loads(base64.b64decode(response.get("patch", "W10="))):
        assert operation["op"] == "add"
        *parents, last = operation["path"].split("/")[1:]
        place = made
        for key in parents:
            place = place[int(key) if isinstance(place, list) else key]
        place[last] = operation["value"]
    assert isinstance(made, dict)
    return made


def test_a_tag_becomes_its_digest_and_nothing_else_changes(webhook: Webhook) -> None:
    made = deployment(TAG, "registry.example/acme/shop", SHOP)
    wanted = deployment(f"{TAG}@{DIGEST}", f"registry.example/acme/shop@{DIGEST}", SHOP)
    assert patched(webhook, request(made)) == wanted
    assert webhook.ask(request(wanted)).response["allowed"] is True
    assert webhook.ask(request(made)).response["allowed"] is False


def test_the_status_tells_how_many_tags_are_held(webhook: Webhook) -> None:
    assert webhook.status.value()["tags"] == {"held": 0}
    patched(webhook, request(deployment(TAG, "registry.example/acme/shop", SHOP)))
    assert webhook.status.value()["tags"] == {"held": 2}


def test_init_containers_ephemeral_ones_and_image_volumes_are_pinned(webhook: Webhook) -> None:
    def made(image: str) -> dict[str, Any]:
        return pod(
            image,
            initContainers=[{"name": "i", "image": image}],
            ephemeralContainers=[{"name": "e", "image": image}],
            volumes=[{"name": "v", "image": {"reference": image}}],
        )

    assert patched(webhook, request(made(TAG))) == made(f"{TAG}@{DIGEST}")


def test_what_is_pinned_already_gets_no_patch_and_asks_nobody(webhook: Webhook) -> None:
    response = webhook.ask(request(pod(SHOP)), path="/mutate").response
    assert response == {"uid": response["uid"], "allowed": True}
    assert webhook.shelf.asked == []


def test_an_update_that_writes_the_same_tag_keeps_the_digest_that_is_stored(
    webhook: Webhook,
) -> None:
    webhook.shelf.tags[TAG] = MOVED
    stored = deployment(f"{TAG}@{DIGEST}")
    again = deployment(TAG, replicas=3)
    assert patched(webhook, request(again, stored)) == deployment(f"{TAG}@{DIGEST}", replicas=3)
    assert webhook.shelf.asked == []
    fresh = patched(webhook, request(deployment(TAG)))
    assert fresh == deployment(f"{TAG}@{MOVED.rpartition('@')[2]}")


def test_a_field_that_an_update_leaves_as_it_is_stays(webhook: Webhook) -> None:
    """The template of a Job may not change: a patch would make each update of it fail."""
    stored, labelled = deployment(TAG), deployment(TAG, replicas=3)
    assert patched(webhook, request(labelled, stored)) == labelled


def test_no_registry_is_asked_for_what_the_policy_does_not_cover(webhook: Webhook) -> None:
    made = pod("other.example/acme/shop:1", "not an image")
    assert patched(webhook, request(made)) == made
    assert webhook.shelf.asked == []


@pytest.mark.parametrize("code", ["timeout", "not-found"])
def test_what_cannot_be_resolved_stays_with_a_warning_and_is_refused(
    webhook: Webhook, code: str
) -> None:
    webhook.shelf.fault = down(code)
    response = webhook.ask(request(pod(TAG)), path="/mutate").response
    assert "patch" not in response
    (warning,) = response["warnings"]
    assert warning.startswith(f"gate: [{code}] ")
    assert webhook.ask(request(pod(TAG))).response["auditAnnotations"]["codes"] == "digest-required"


def test_a_defect_changes_nothing(webhook: Webhook) -> None:
    def crash(_: str) -> None:
        raise ZeroDivisionError

    webhook.shelf.fault = crash
    response = webhook.ask(request(pod(TAG)), path="/mutate").response
    assert (response["allowed"], "patch" in response) == (True, False)
    assert len(response["warnings"]) == 1


def test_a_slow_registry_is_answered_for_before_the_deadline(webhook: Webhook) -> None:
    release = threading.Event()

    def wait(_: str) -> None:
        release.wait(10)

    webhook.shelf.fault = wait
    reply = webhook.ask(request(pod(TAG)), path="/mutate", query=b"timeout=1s")
    release.set()
    assert reply.response["warnings"][0].startswith("gate: [admission-deadline]")


def test_a_tag_is_asked_for_once_by_those_who_ask_together_and_again_after_seconds(
    webhook: Webhook,
) -> None:
    async def together() -> None:
        bodies = [encoded(request(pod(TAG)))] * 20
        await asyncio.gather(*(webhook.post(body, path="/mutate") for body in bodies))

    asyncio.run(together())
    assert webhook.shelf.asked == [TAG]
    webhook.clock.now = NOW + timedelta(seconds=6)
    webhook.shelf.tags[TAG] = MOVED
    assert patched(webhook, request(pod(TAG))) == pod(f"{TAG}@{MOVED.rpartition('@')[2]}")


def test_a_registry_that_gives_no_answer_again_and_again_is_left_alone(webhook: Webhook) -> None:
    webhook.shelf.fault = down()
    told = [
        webhook.ask(request(pod(f"registry.example/acme/x{n}:1")), path="/mutate")
        .response["warnings"][0]
        .partition("]")[0]
        for n in range(7)
    ]
    assert told == ["gate: [timeout"] * 5 + ["gate: [registry-circuit-open"] * 2


@pytest.mark.parametrize("operation", ["DELETE", "CONNECT"])
def test_other_operations_are_left_as_they_are(webhook: Webhook, operation: str) -> None:
    review = request(pod(TAG), operation=operation)
    response = webhook.ask(review, path="/mutate").response
    assert response == {"uid": response["uid"], "allowed": True}


def test_a_review_that_cannot_be_read_is_refused_here_too(webhook: Webhook) -> None:
    review = request(pod(TAG))
    review["request"]["operation"] = "X"
    assert webhook.ask(review, path="/mutate").response["allowed"] is False


def test_without_the_option_nothing_is_there() -> None:
    with Webhook(Shelf(), POLICY) as webhook:
        assert webhook.ask(request(pod(TAG)), path="/mutate").status == 404


WORKER: Final = "registry.example/acme/worker:1"
CUSTOM: Final = {
    "apiVersion": "ops.example.org/v1",
    "kind": "Broker",
    "metadata": {"name": "b", "namespace": "shop"},
}


def answered(webhook: Webhook, review: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = webhook.ask(review, path="/mutate").response
    return found


def operations(response: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(base64.b64decode(response["patch"]))
    return found


def test_an_answer_says_what_is_pinned_and_no_more(webhook: Webhook) -> None:
    response = answered(webhook, request(pod(TAG, TAG, "registry.example/acme/shop")))
    patch = response.pop("patch")
    assert response == {
        "uid": response["uid"],
        "allowed": True,
        "patchType": "JSONPatch",
        "auditAnnotations": {
            "pinned": f"{TAG}@{DIGEST},registry.example/acme/shop@{DIGEST}",
        },
    }
    made = sorted(json.loads(base64.b64decode(patch)), key=lambda one: str(one["path"]))
    assert made == [
        {"op": "add", "path": f"/spec/containers/{n}/image", "value": f"{image}@{DIGEST}"}
        for n, image in enumerate((TAG, TAG, "registry.example/acme/shop"))
    ]


def test_what_is_no_image_keeps_no_other_from_being_pinned(webhook: Webhook) -> None:
    response = answered(webhook, request(pod(TAG, "not an image", SHOP)))
    assert [one["value"] for one in operations(response)] == [f"{TAG}@{DIGEST}"]
    assert "warnings" not in response


def test_an_old_object_beside_a_creation_keeps_no_digest(webhook: Webhook) -> None:
    stored = pod(f"{TAG}@{MOVED.rpartition('@')[2]}")
    made = request(pod(TAG), stored, operation="CREATE")
    assert patched(webhook, made) == pod(f"{TAG}@{DIGEST}")
    assert webhook.shelf.asked == [TAG]


def test_only_what_is_not_kept_is_asked_for(webhook: Webhook) -> None:
    webhook.shelf.tags[WORKER] = MOVED
    old = DIGEST.replace(DIGEST[-4:], "0000")
    again = request(pod(TAG, WORKER, replicas=1), pod(f"{TAG}@{old}"))
    assert patched(webhook, again) == pod(
        f"{TAG}@{old}", f"{WORKER}@{MOVED.rpartition('@')[2]}", replicas=1
    )
    assert webhook.shelf.asked == [WORKER]


@pytest.mark.parametrize(
    "stored",
    [
        f"registry.example/acme/shop:2@{MOVED.rpartition('@')[2]}",
        f"registry.example/acme/other:1@{MOVED.rpartition('@')[2]}",
        f"registry.example/acme/shop@{MOVED.rpartition('@')[2]}",
        "registry.example/acme/shop:2",
        "not an image",
    ],
)
def test_the_digest_of_another_name_or_tag_is_not_kept(webhook: Webhook, stored: str) -> None:
    assert patched(webhook, request(pod(TAG), pod(stored))) == pod(f"{TAG}@{DIGEST}")
    assert webhook.shelf.asked == [TAG]


def test_an_old_object_that_is_none_keeps_nothing(webhook: Webhook) -> None:
    stored = {**pod(f"{TAG}@{MOVED.rpartition('@')[2]}"), "kind": ""}
    assert patched(webhook, request(pod(TAG), stored)) == pod(f"{TAG}@{DIGEST}")


def test_an_object_that_is_none_has_no_tags(webhook: Webhook) -> None:
    made = request(pod(TAG))
    made["request"]["object"] = {**pod(TAG), "kind": ""}
    assert answered(webhook, made) == {"uid": made["request"]["uid"], "allowed": True}


def test_a_key_with_a_slash_is_written_as_a_pointer_writes_it(webhook: Webhook) -> None:
    template = {"spec": pod(TAG)["spec"]}
    made = {**CUSTOM, "spec": {"a/b~c": {"template": template}}}
    assert [one["path"] for one in operations(answered(webhook, request(made)))] == [
        "/spec/a~1b~0c/template/spec/containers/0/image"
    ]


def test_a_field_that_takes_no_digest_is_told() -> None:
    images = "[{kind: Broker, path: spec.runs}, {kind: Broker, path: spec.name, tag: spec.tag}]"
    shelf = Shelf(tags={TAG: SHOP, WORKER: MOVED})
    with Webhook(shelf, f"{POLICY}manifests: {{images: {images}}}\n", pins_tags=True) as webhook:
        name, _, tag = TAG.rpartition(":")
        made = {**CUSTOM, "spec": {"runs": WORKER, "name": name, "tag": tag}}
        response = answered(webhook, request(made))
    assert "patch" not in response
    assert [one.partition(" is written")[0] for one in response["warnings"]] == [
        f"gate: [cannot-pin] the image '{image}'" for image in (TAG, WORKER)
    ]


def test_few_warnings_tell_what_stays(webhook: Webhook) -> None:
    made = pod(*(f"registry.example/acme/none:{n}" for n in range(17)))
    response = answered(webhook, request(made))
    assert len(response["warnings"]) == 15
    assert "patch" not in response


def test_a_tag_that_is_known_in_time_is_written_beside_one_that_is_not(webhook: Webhook) -> None:
    release = threading.Event()
    webhook.shelf.tags[WORKER] = MOVED

    def wait(name: str) -> None:
        if name == WORKER:
            release.wait(60)

    webhook.shelf.fault = wait

    async def late() -> tuple[dict[str, Any], int]:
        try:
            body = encoded(request(pod(TAG)))
            await webhook.post(body, path="/mutate")
            body = encoded(request(pod(TAG, WORKER)))
            reply = await webhook.post(body, path="/mutate", query=b"timeout=0s")
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            return reply.response, len(asyncio.all_tasks())
        finally:
            release.set()

    response, tasks = asyncio.run(late())
    assert [one["value"] for one in operations(response)] == [f"{TAG}@{DIGEST}"]
    (warning,) = response["warnings"]
    why = "its registry did not answer before the deadline of the webhook"
    assert warning == f"gate: [admission-deadline] {WORKER}: {why}"
    # The lookup of the tag goes on, and this task itself.
    assert tasks == 2
