"""With `manifests: exact` the door lets in what was judged, as the API server completes it."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.builders.admission import (
    PERSON,
    POLICY,
    REPLICASETS,
    Shelf,
    deployment,
    pinned,
    request,
)
from tests.builders.doors import Webhook

SHOP, OTHER = map(pinned, ("shop", "other"))
EXACT = POLICY.replace("manifests: images", "manifests: exact")
SCALED = f"{EXACT}      managed: [{{kind: Deployment, path: spec.replicas}}]\n"
DECLARED = deployment(SHOP, replicas=2)


@pytest.fixture
def shelf() -> Shelf:
    made = Shelf()
    made.give_pass(SHOP, declared=[DECLARED])
    return made


def live(**spec: Any) -> dict[str, Any]:  # noqa: ANN401  # fields of the spec
    """Return the Deployment as a server completes it."""
    value = copy.deepcopy(DECLARED)
    value["metadata"] |= {"uid": "1", "generation": 1}
    value["spec"] |= {"revisionHistoryLimit": 10, "progressDeadlineSeconds": 600, **spec}
    value["spec"]["template"]["spec"] |= {"restartPolicy": "Always", "securityContext": {}}
    value["status"] = {}
    return value


def made(name: str = "web-1a2b3-xyz12", **spec: Any) -> dict[str, Any]:  # noqa: ANN401  # what the call takes
    """Return a Pod as the controller of a ReplicaSet makes it."""
    template = copy.deepcopy(DECLARED["spec"]["template"])
    token = {"name": f"kube-api-access-{name[-5:]}"}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": name,
            "generateName": "web-1a2b3-",
            "namespace": "shop",
            "labels": {"app": "web", "pod-template-hash": "1a2b3"},
            "ownerReferences": [{"kind": "ReplicaSet", "name": "web-1a2b3", "controller": True}],
        },
        "spec": {
            **template["spec"],
            "containers": [
                {
                    **template["spec"]["containers"][0],
                    "volumeMounts": [
                        {
                            **token,
                            "readOnly": True,
                            "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount",
                        }
                    ],
                }
            ],
            **spec,
        },
    }


def said(shelf: Shelf, review: dict[str, Any], policy: str = EXACT) -> str:
    with Webhook(shelf, text=policy) as webhook:
        response = webhook.ask(review).response
    return "allowed" if response["allowed"] else str(response["status"]["message"])


def test_the_declared_object_is_let_in_as_the_server_completes_it(shelf: Shelf) -> None:
    assert said(shelf, request(live())) == "allowed"


@pytest.mark.parametrize(
    ("spec", "path"),
    [
        ({"replicas": 3}, "spec.replicas is not as declared: 2 was declared, and it is 3"),
        ({"paused": True}, "spec.paused was added"),
        ({"selector": {"matchLabels": {}}}, "spec.selector"),
    ],
)
def test_a_changed_field_is_refused_by_its_path(
    shelf: Shelf, spec: dict[str, Any], path: str
) -> None:
    assert path in said(shelf, request(live(**spec)))


def test_a_field_that_the_policy_leaves_to_a_controller_may_be_changed(shelf: Shelf) -> None:
    assert said(shelf, request(live(replicas=9)), SCALED) == "allowed"


def test_an_object_that_the_release_does_not_declare_is_refused(shelf: Shelf) -> None:
    other = live()
    other["metadata"]["name"] = "miner"
    assert "the pass covers no object shop/Deployment/miner" in said(shelf, request(other))


def test_a_pass_of_the_images_alone_covers_no_object() -> None:
    plain = Shelf()
    plain.give_pass(SHOP)
    assert "the pass was given without judging manifests" in said(plain, request(live()))


@pytest.mark.parametrize("user", [REPLICASETS, PERSON])
def test_a_pod_is_let_in_by_its_template_whoever_makes_it(shelf: Shelf, user: str) -> None:
    assert said(shelf, request(made(), user=user)) == "allowed"
    told = said(shelf, request(made(hostPID=True), user=user))
    assert "shop/Pod/web-1a2b3-… is not as it was when the pass was given: spec.hostPID" in told


def test_the_pods_of_one_controller_are_looked_up_once(shelf: Shelf) -> None:
    with Webhook(shelf, text=EXACT) as webhook:
        for name in ("web-1a2b3-aaaaa", "web-1a2b3-bbbbb", "web-1a2b3-ccccc"):
            assert webhook.ask(request(made(name), user=REPLICASETS)).response["allowed"]
        assert shelf.asked == [SHOP]
        bad = made("web-1a2b3-ddddd", hostNetwork=True)
        assert not webhook.ask(request(bad, user=REPLICASETS)).response["allowed"]


def test_no_object_is_held_with_an_answer(shelf: Shelf) -> None:
    with Webhook(shelf, text=EXACT) as webhook:
        webhook.ask(request(live()))
        held = list(webhook.book._held)  # noqa: SLF001  # nothing public shows it
    assert [one.value for question in held for one in question.covered.objects] == [{}]
