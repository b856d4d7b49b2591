"""What the door says of objects: allowed, denied for its reason, could not tell."""

from __future__ import annotations

from typing import Any

import pytest

from gate.admission.answer import MAX_MESSAGE
from gate.admission.door import Mode
from tests.builders.admission import (
    DAY,
    HOUR,
    NOW,
    PERSON,
    POLICY,
    REPLICASETS,
    Clock,
    Shelf,
    deployment,
    down,
    pinned,
    pod,
    request,
)
from tests.builders.doors import Webhook

SHOP, WORKER, OTHER = map(pinned, ("shop", "worker", "other"))
LACKING = "pass-absent,pass-incomplete-release"
"""Of two images that run together one has no pass, and the other's pass does not list it."""
SYSTEM = SHOP.replace("/acme/", "/system/")


@pytest.fixture
def shelf() -> Shelf:
    """A registry with a pass for the shop and its worker, and none for the other image."""
    made = Shelf()
    made.give_pass(SHOP, WORKER)
    return made


def said(shelf: Shelf, review: dict[str, Any], **more: Any) -> str:  # noqa: ANN401  # what the call takes
    """Return `allowed`, or the reason codes of the refusal, first those that say `denied`."""
    with Webhook(shelf, **more) as webhook:
        response = webhook.ask(review).response
    if response["allowed"]:
        return "allowed"
    word = {403: "denied", 503: "could not tell"}[response["status"]["code"]]
    return f"{word}: {response['auditAnnotations']['codes']}"


def test_a_pod_whose_image_has_a_pass_is_allowed_and_its_evidence_is_named(shelf: Shelf) -> None:
    with Webhook(shelf) as webhook:
        response = webhook.ask(request(pod(SHOP))).response
    assert response["allowed"] is True
    assert response["uid"] == request(pod(SHOP))["request"]["uid"]
    assert "status" not in response
    notes = response["auditAnnotations"]
    assert (notes["outcome"], notes["images"]) == ("allowed", SHOP)
    assert notes["passes"].startswith("sha256:")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, "pass-absent"),
        ({"environment": "staging"}, "pass-wrong-environment"),
        ({"by_stranger": True}, "pass-unsigned"),
        ({"at": NOW - 2 * DAY, "valid_for": 7 * DAY}, "pass-too-old"),
        ({"at": NOW - 2 * HOUR, "valid_for": HOUR}, "pass-expired"),
    ],
)
def test_a_pod_whose_image_has_no_pass_that_counts_is_denied_for_that_reason(
    given: dict[str, Any], code: str
) -> None:
    shelf = Shelf()
    if given:
        shelf.give_pass(SHOP, **given)
    answer = said(shelf, request(pod(SHOP)))
    assert answer == f"denied: {code}" or (
        code == "pass-unsigned" and "pass-wrong-signer" in answer
    )


def test_a_refusal_names_code_container_image_and_next_step_on_one_line(shelf: Shelf) -> None:
    with Webhook(shelf) as webhook:
        message = webhook.ask(request(pod(SHOP, OTHER))).response["status"]["message"]
    assert message.startswith("[pass-absent] container c1: ")
    assert OTHER in message
    assert "Next: run `gate check`" in message
    assert "\n" not in message
    assert len(message) <= MAX_MESSAGE


@pytest.mark.parametrize(
    "spec",
    [
        {"initContainers": [{"name": "i", "image": OTHER}]},
        {"ephemeralContainers": [{"name": "e", "image": OTHER}]},
        {"volumes": [{"name": "v", "image": {"reference": OTHER}}]},
    ],
    ids=["init container", "ephemeral container", "image volume"],
)
def test_every_place_of_a_pod_that_runs_an_image_is_judged(
    shelf: Shelf, spec: dict[str, Any]
) -> None:
    assert said(shelf, request(pod(SHOP, **spec))) == f"denied: {LACKING}"
    fine = request(pod(SHOP, **{k: _with_worker(v) for k, v in spec.items()}))
    assert said(shelf, fine) == "allowed"


def _with_worker(value: Any) -> Any:  # noqa: ANN401  # any JSON value
    if isinstance(value, str):
        return value.replace(OTHER, WORKER)
    if isinstance(value, dict):
        return {k: _with_worker(v) for k, v in value.items()}
    return [_with_worker(v) for v in value]


def test_a_workload_is_judged_by_its_template(shelf: Shelf) -> None:
    assert said(shelf, request(deployment(SHOP))) == "allowed"
    assert said(shelf, request(deployment(OTHER))) == "denied: pass-absent"


def test_images_that_run_together_need_one_pass_that_covers_them(shelf: Shelf) -> None:
    shelf.give_pass(OTHER)
    assert said(shelf, request(pod(SHOP, WORKER))) == "allowed"
    assert said(shelf, request(pod(OTHER))) == "allowed"
    assert said(shelf, request(pod(SHOP, OTHER))) == "denied: pass-incomplete-release"


def test_a_tag_is_refused_before_any_registry_is_asked(shelf: Shelf) -> None:
    assert said(shelf, request(pod("registry.example/acme/shop:1.0"))) == "denied: digest-required"
    assert shelf.asked == []


def test_an_image_that_no_entry_matches_is_refused(shelf: Shelf) -> None:
    elsewhere = SHOP.replace("registry.example", "evil.example")
    assert said(shelf, request(pod(elsewhere))) == "denied: image-not-covered"


def test_a_container_without_an_image_is_refused(shelf: Shelf) -> None:
    assert said(shelf, request(pod("auto"))) == "denied: image-missing"


def test_a_custom_kind_with_a_pod_template_is_judged(shelf: Shelf) -> None:
    def rollout(image: str) -> dict[str, Any]:
        return {**deployment(image), "apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout"}

    assert said(shelf, request(rollout(SHOP))) == "allowed"
    assert said(shelf, request(rollout(OTHER))) == "denied: pass-absent"


def test_a_field_that_the_policy_names_is_judged(shelf: Shelf) -> None:
    text = POLICY + "manifests:\n  images: [{kind: Broker, path: spec.runs}]\n"
    broker = {
        "apiVersion": "ops.example.org/v1",
        "kind": "Broker",
        "metadata": {"name": "b", "namespace": "shop"},
        "spec": {"runs": OTHER},
    }
    assert said(shelf, request(broker), text=text) == "denied: pass-absent"
    broker["spec"] = {"runs": SHOP}
    assert said(shelf, request(broker), text=text) == "allowed"


def test_an_object_that_runs_nothing_is_allowed(shelf: Shelf) -> None:
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "a"}}
    assert said(shelf, request(account)) == "allowed"


def test_the_manifest_rules_of_the_policy_hold_for_the_object(shelf: Shelf) -> None:
    text = POLICY + "manifests: {profile: restricted}\n"
    safe = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
    fine = pod(
        SHOP, securityContext={"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
    )
    fine["spec"]["containers"][0]["securityContext"] = safe
    assert said(shelf, request(fine), text=text) == "allowed"
    fine["spec"]["hostNetwork"] = True
    assert "host-network" in said(shelf, request(fine), text=text)


def test_a_deletion_and_a_change_of_nothing_pass_without_a_registry(shelf: Shelf) -> None:
    old = pod(OTHER)
    new = pod(OTHER)
    new["metadata"] |= {"finalizers": [], "deletionTimestamp": "2026-11-21T12:00:00Z"}
    new["status"] = {"phase": "Running"}
    assert said(shelf, request(new, old)) == "allowed"
    assert said(shelf, request(None, old, operation="DELETE")) == "allowed"
    assert shelf.asked == []


@pytest.mark.parametrize(
    "change",
    [
        {"metadata": {"name": "web", "namespace": "shop", "labels": {"a": "b"}}},
        {"spec": {"containers": [{"name": "c0", "image": OTHER}], "hostPID": True}},
    ],
)
def test_any_other_update_is_judged_whole(shelf: Shelf, change: dict[str, Any]) -> None:
    assert said(shelf, request({**pod(OTHER), **change}, pod(OTHER))) == "denied: pass-absent"


def test_an_object_that_is_being_deleted_cannot_take_another_image(shelf: Shelf) -> None:
    old = pod(SHOP)
    old["metadata"]["deletionTimestamp"] = "2026-11-21T12:00:00Z"
    new = pod(OTHER)
    new["metadata"]["deletionTimestamp"] = "2026-11-21T12:00:00Z"
    assert said(shelf, request(new, old)) == "denied: pass-absent"


def test_an_init_container_that_is_added_later_is_refused(shelf: Shelf) -> None:
    new = deployment(SHOP)
    new["spec"]["template"]["spec"]["initContainers"] = [{"name": "i", "image": OTHER}]
    assert said(shelf, request(new, deployment(SHOP))) == f"denied: {LACKING}"


OWNED = {"ownerReferences": [{"kind": "ReplicaSet", "name": "web", "uid": "1", "controller": True}]}


def old_shelf() -> Shelf:
    """A registry whose pass is a year old."""
    shelf = Shelf()
    shelf.give_pass(SHOP, at=NOW - 365 * DAY)
    return shelf


def test_what_a_controller_runs_again_is_not_refused_for_the_age_of_its_pass() -> None:
    assert said(old_shelf(), request(pod(SHOP), user=REPLICASETS)) == "allowed"
    assert said(Shelf(), request(pod(SHOP), user=REPLICASETS)) == "denied: pass-absent"


def test_what_a_controller_runs_again_still_needs_the_environment_and_the_signer() -> None:
    staging, strange = Shelf(), Shelf()
    staging.give_pass(SHOP, environment="staging", at=NOW - 365 * DAY)
    strange.give_pass(SHOP, by_stranger=True, at=NOW - 365 * DAY)
    review = request(pod(SHOP), user=REPLICASETS)
    assert said(staging, review) == "denied: pass-wrong-environment"
    assert said(strange, review).startswith("denied: pass-")


def test_an_owner_that_a_person_writes_into_a_pod_excuses_nothing() -> None:
    forged = pod(SHOP)
    forged["metadata"] |= OWNED
    assert said(
        old_shelf(), request(forged, user=PERSON)
    ) == "denied: pass-expired,pass-too-old" or (
        said(old_shelf(), request(forged, user=PERSON)) == "denied: pass-too-old"
    )


@pytest.mark.parametrize(
    "user",
    [
        "system:serviceaccount:shop:replicaset-controller",
        "system:serviceaccount:kube-system:replicaset-controller2",
        "system:kube-scheduler",
        "",
    ],
)
def test_a_user_with_a_name_like_a_controllers_is_none(user: str) -> None:
    assert said(old_shelf(), request(pod(SHOP), user=user)) == "denied: pass-too-old"


def test_an_operator_that_the_policy_names_runs_again_too() -> None:
    operator = "system:serviceaccount:ops:operator"
    text = f"{POLICY}admission:\n  controllers: ['{operator}']\n"
    review = request(pod(SHOP), user=operator)
    assert said(old_shelf(), review, text=text) == "allowed"
    assert said(old_shelf(), review) == "denied: pass-too-old"


def test_an_update_that_keeps_the_images_is_not_refused_for_age() -> None:
    scaled = request(deployment(SHOP, replicas=3), deployment(SHOP))
    assert said(old_shelf(), scaled) == "allowed"


def test_age_counts_for_an_image_that_an_update_brings() -> None:
    shelf = old_shelf()
    shelf.give_pass(WORKER, at=NOW - 365 * DAY)
    new = request(deployment(SHOP), deployment(WORKER))
    assert said(shelf, new) == "denied: pass-too-old"


def test_a_registry_that_does_not_answer_is_told_apart_and_denied(shelf: Shelf) -> None:
    shelf.fault = down()
    with Webhook(shelf) as webhook:
        response = webhook.ask(request(pod(SHOP))).response
    assert response["allowed"] is False
    assert response["status"]["reason"] == "ServiceUnavailable"
    assert response["status"]["message"].startswith("gate could not tell, and denies: [timeout] ")


def test_what_is_wrong_is_said_before_what_could_not_be_told(shelf: Shelf) -> None:
    def fail(name: str) -> None:
        if name == OTHER:
            down()(name)

    shelf.fault = fail
    assert said(shelf, request(pod("a/b:1", OTHER))).startswith("denied: ")


def test_in_the_mode_audit_what_would_be_refused_is_a_warning(shelf: Shelf) -> None:
    with Webhook(shelf, mode=Mode.AUDIT) as webhook:
        response = webhook.ask(request(pod(OTHER))).response
    assert response["allowed"] is True
    assert response["warnings"][0].startswith("gate would refuse this: [pass-absent] ")
    assert response["auditAnnotations"]["outcome"] == "would-deny"


def test_a_namespace_that_is_watched_refuses_nothing_and_others_do(shelf: Shelf) -> None:
    text = POLICY + "admission: {audit: [shop]}\n"
    assert said(shelf, request(pod(OTHER)), text=text) == "allowed"
    elsewhere = pod(OTHER)
    elsewhere["metadata"]["namespace"] = "bank"
    assert said(shelf, request(elsewhere), text=text) == "denied: pass-absent"


def test_an_image_that_needs_no_pass_is_judged_by_what_its_entry_asks(shelf: Shelf) -> None:
    assert said(shelf, request(pod(SYSTEM))) == "denied: signature-absent"


def test_a_pass_opens_nothing_after_its_end_however_warm_the_answer_is(shelf: Shelf) -> None:
    clock = Clock()
    with Webhook(shelf, clock=clock) as webhook:
        assert webhook.ask(request(pod(SHOP))).response["allowed"] is True
        clock.now = NOW + 23 * HOUR - DAY / 24 / 60
        assert webhook.ask(request(pod(SHOP))).response["allowed"] is True
        clock.now = NOW + 23 * HOUR + DAY / 24 / 3600
        response = webhook.ask(request(pod(SHOP))).response
    assert response["auditAnnotations"]["codes"] == "pass-too-old"
