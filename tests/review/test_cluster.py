"""Ways to bring something past the door of a cluster: each is refused for what it is."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, Final

import pytest
import yaml

from gate.admission.app import inner_deadline
from gate.admission.changes import CONTROLLERS, is_no_change, runs_again
from gate.admission.decision import Allowed, Denied
from gate.admission.judge import Case, open_case
from gate.admission.request import MalformedReviewError, read_review
from gate.cluster.kubeconfig import read_kubeconfig
from gate.errors import UsageError
from gate.live.match import NotDeclared, compare
from gate.live.shape import declare
from gate.model.image import Digest
from gate.model.release import ReleaseObject
from tests.builders.admission import (
    NOW,
    PERSON,
    POLICY,
    REPLICASETS,
    Shelf,
    deployment,
    encoded,
    pinned,
    pod,
    request,
)

SHOP, OTHER = map(pinned, ("shop", "other"))
EXACT: Final = POLICY.replace("manifests: images", "manifests: exact")
TOKEN: Final = {"name": "kube-api-access-abcde", "emptyDir": {}}
HIDDEN: Final = [{"name": "x", "image": OTHER}]


def opened(review: dict[str, Any], text: str = POLICY) -> Case | Allowed | Denied:
    return open_case(
        read_review(encoded(review)),
        Shelf().policy(text),
        rules=None,
        now=NOW,
        controllers=CONTROLLERS,
    )


def codes(review: dict[str, Any]) -> set[str]:
    found = opened(review)
    return {reason.code for reason in found.reasons} if isinstance(found, Denied) else set()


def malformed(review: dict[str, Any]) -> str:
    with pytest.raises(MalformedReviewError) as caught:
        read_review(encoded(review))
    return caught.value.code


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("operation", "create"),
        ("operation", "DELETE "),
        ("operation", ["DELETE"]),
        ("operation", "StrEnum"),
        ("operation", None),
        ("object", [pod(SHOP)]),
        ("object", None),
        ("object", "null"),
        ("kind", "Pod"),
        ("kind", {"group": 1, "version": "v1", "kind": "Pod"}),
        ("resource", None),
        ("userInfo", None),
        ("userInfo", {"username": [REPLICASETS]}),
        ("subResource", False),
        ("namespace", {"a": "b"}),
    ],
)
def test_a_request_in_another_form_is_no_request(field: str, value: object) -> None:
    review = request(pod(SHOP))
    review["request"][field] = value
    assert malformed(review) == "admission-review-malformed"


def without(key: str) -> dict[str, Any]:
    made = pod(SHOP)
    del made["spec"][key]
    return made


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({**pod(SHOP), "spec": None}, "admission-pod-unreadable"),
        ({**pod(SHOP), "spec": []}, "admission-pod-unreadable"),
        (pod(SHOP, containers=[]), "admission-pod-unreadable"),
        (pod(SHOP, containers=None), "admission-pod-unreadable"),
        (pod(SHOP, containers={"0": {"image": SHOP}}), "admission-pod-unreadable"),
        (without("containers"), "admission-pod-unreadable"),
    ],
)
def test_an_object_without_its_pods_is_refused(value: dict[str, Any], code: str) -> None:
    assert codes(request(value)) == {code}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("apiVersion", "v1beta1"),
        ("apiVersion", "V1"),
        ("apiVersion", 1),
        ("kind", "pod"),
        ("kind", "Event"),
        ("kind", None),
    ],
)
def test_an_object_of_another_kind_than_its_request_is_refused(field: str, value: object) -> None:
    review = request(pod(SHOP))
    review["request"]["object"][field] = value
    assert codes(review) == {"admission-object-mismatch"}


@pytest.mark.parametrize(
    "spec",
    [
        {"initContainers": HIDDEN},
        {"ephemeralContainers": HIDDEN},
        {"volumes": [{"name": "v", "image": {"reference": OTHER}}]},
    ],
)
def test_a_second_image_of_a_pod_is_asked_for(spec: dict[str, Any]) -> None:
    found = opened(request(pod(SHOP, **spec)))
    assert isinstance(found, Case)
    assert {question.pinned for _, question in found.questions} == {SHOP, OTHER}


@pytest.mark.parametrize(
    "user",
    [
        f"{REPLICASETS} ",
        REPLICASETS.upper(),
        REPLICASETS.replace("kube-system", "shop"),
        f"{REPLICASETS}\u200b",
        PERSON,
        "",
    ],
)
def test_who_is_no_controller_runs_nothing_again(user: str) -> None:
    assert not runs_again(read_review(encoded(request(pod(SHOP), user=user))), CONTROLLERS)


def test_a_controller_runs_again_what_it_creates_and_not_what_it_changes() -> None:
    made = read_review(encoded(request(pod(SHOP), user=REPLICASETS)))
    updated = read_review(encoded(request(pod(OTHER), pod(SHOP), user=REPLICASETS)))
    assert (runs_again(made, CONTROLLERS), runs_again(updated, CONTROLLERS)) == (True, False)


def custom(value: object) -> dict[str, Any]:
    meta = {"name": "a", "namespace": "shop"}
    return {"apiVersion": "acme.example/v1", "kind": "Widget", "metadata": meta, "spec": value}


@pytest.mark.parametrize(
    ("new", "old", "same"),
    [
        ({"on": True}, {"on": 1}, False),
        ({"on": False}, {"on": 0}, False),
        ({"many": 1.0}, {"many": 1}, False),
        ({"on": [{"x": True}]}, {"on": [{"x": 1}]}, False),
        ({"on": None}, {}, False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ({"on": True}, {"on": True}, True),
    ],
)
def test_another_type_of_value_is_a_change(new: object, old: object, *, same: bool) -> None:
    asked = read_review(encoded(request(custom(new), custom(old))))
    assert is_no_change(asked) is same


def controlled(name: str = "serve", **edits: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    made = pod(SHOP, volumes=[TOKEN])
    owner = {"kind": "ReplicaSet", "name": "web", "controller": True}
    made["metadata"] |= {
        "name": name,
        "namespace": "shop",
        "generateName": "web-",
        "ownerReferences": [owner],
    }
    for edit in edits.values():
        edit(made)
    return made


def bound(value: dict[str, Any]) -> ReleaseObject:
    found = opened(request(value), EXACT)
    assert isinstance(found, Case)
    ((_, question),) = found.questions
    (one,) = question.covered.objects
    return one


def command(word: str) -> Callable[[dict[str, Any]], None]:
    return lambda made: made["spec"]["containers"][0].update(command=[word])


def spec(**fields: object) -> Callable[[dict[str, Any]], None]:
    return lambda made: made["spec"].update(fields)


def mounted(*names: str) -> Callable[[dict[str, Any]], None]:
    def edit(made: dict[str, Any]) -> None:
        made["spec"]["volumes"] = [
            {"name": "kube-api-access-aaaaa", "emptyDir": {}},
            {"name": "kube-api-access-bbbbb", "hostPath": {"path": "/"}},
        ]
        mounts = [{"name": f"kube-api-access-{name * 5}", "mountPath": "/x"} for name in names]
        made["spec"]["containers"][0]["volumeMounts"] = mounts

    return edit


CLAIM: Final = [{"name": "files", "persistentVolumeClaim": {"claimName": "files-web-0"}}]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (controlled("serve", e=command("serve")), controlled("sh", e=command("sh"))),
        (
            controlled("web", e=spec(serviceAccountName="web")),
            controlled("admin", e=spec(serviceAccountName="admin")),
        ),
        (controlled("web-0", e=spec(hostname="web-0")), controlled("x", e=spec(hostname="web-0"))),
        (controlled("web-0", e=spec(hostname="web-0")), controlled("x", e=spec(hostname="x"))),
        (controlled("web-0", e=spec(volumes=CLAIM)), controlled("x", e=spec(volumes=CLAIM))),
        (
            controlled(e=command("kube-api-access-aaaaa")),
            controlled(e=command("kube-api-access-bbbbb")),
        ),
        (controlled(e=mounted("a")), controlled(e=mounted("b"))),
    ],
    ids=["command", "account", "host name", "both", "claim", "token in a text", "other volume"],
)
def test_an_answer_about_one_pod_is_none_about_another(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    assert bound(one).digest != bound(other).digest


def test_an_answer_about_one_pod_holds_for_the_next_of_its_controller() -> None:
    following = controlled("web-2")
    following["spec"]["volumes"] = [{**TOKEN, "name": "kube-api-access-fghij"}]
    assert bound(controlled("web-1")) == bound(following)


def made_in(namespace: str, *, controller: object = True) -> dict[str, Any]:
    template = deployment(SHOP)["spec"]["template"]
    owner = {"kind": "ReplicaSet", "name": "web", "controller": controller}
    meta = {"name": "x", "namespace": namespace, "ownerReferences": [owner]}
    labels = template.get("metadata", {}).get("labels", {})
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {**meta, "labels": labels},
        "spec": copy.deepcopy(template["spec"]),
    }


@pytest.mark.parametrize(
    ("declared_in", "live", "found"),
    [
        ("shop", made_in("shop"), ()),
        ("", made_in("shop"), ()),
        ("shop", made_in("kube-system"), NotDeclared()),
        ("shop", made_in("shop-2"), NotDeclared()),
        ("shop", made_in("shop", controller="true"), NotDeclared()),
        ("shop", made_in("shop", controller=1), NotDeclared()),
    ],
)
def test_a_template_is_one_of_its_namespace_alone(
    declared_in: str, live: dict[str, Any], found: object
) -> None:
    value = deployment(SHOP)
    value["metadata"].pop("namespace", None)
    if declared_in:
        value["metadata"]["namespace"] = declared_in
    name = "/".join(filter(None, (declared_in, "Deployment", value["metadata"]["name"])))
    assert compare([declare(name, Digest("d" * 64), value)], live, ()) == found


@pytest.mark.parametrize(
    ("query", "seconds"),
    [
        (b"timeout=0s", 0.0),
        (b"timeout=99s", 29.0),
        (b"timeout=-5s", 9.0),
        (b"timeout=1e9s", 9.0),
        (b"timeout=10s&timeout=99s", 9.0),
        (b"timeout=10h", 9.0),
        (b"", 9.0),
    ],
)
def test_no_timeout_of_a_request_lets_it_wait_for_ever(query: bytes, seconds: float) -> None:
    assert inner_deadline(query) == seconds


@pytest.mark.parametrize(
    ("cluster", "user", "code"),
    [
        ({"insecure-skip-tls-verify": "false"}, {"token": "t"}, "kubeconfig-unsupported"),
        ({"server": "HTTP://api.example"}, {"token": "t"}, "kubeconfig-unsupported"),
        ({"server": "https://a@api.example"}, {"token": "t"}, "kubeconfig-unsupported"),
        ({"server": "https://api.example?x=1"}, {"token": "t"}, "kubeconfig-unsupported"),
        ({"proxy-url": "http://127.0.0.1"}, {"token": "t"}, "kubeconfig-unsupported"),
        ({}, {"token": "t\nx: y"}, "kubeconfig-unreadable"),
        ({}, {"token": ["t"]}, "kubeconfig-unreadable"),
        ({}, {"token": "t", "as": "system:masters"}, "kubeconfig-unsupported"),
        ({}, {"token": "t", "exec": {"command": "sh"}}, "kubeconfig-unsupported"),
        ({}, {}, "kubeconfig-unsupported"),
        ({"tls-server-name": ["a"]}, {"token": "t"}, "kubeconfig-unreadable"),
        ({"certificate-authority-data": "%%%"}, {"token": "t"}, "kubeconfig-unreadable"),
    ],
)
def test_a_kubeconfig_that_trusts_more_is_refused(
    cluster: dict[str, Any], user: dict[str, Any], code: str
) -> None:
    value = {
        "current-context": "a",
        "contexts": [{"name": "a", "context": {"cluster": "c", "user": "u"}}],
        "clusters": [{"name": "c", "cluster": {"server": "https://api.example", **cluster}}],
        "users": [{"name": "u", "user": user}],
    }
    with pytest.raises(UsageError) as caught:
        read_kubeconfig(yaml.safe_dump(value).encode(), "f", context=None, read=lambda _: b"")
    assert caught.value.code == code
