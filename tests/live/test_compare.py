"""An object of the cluster is held against the declared one, field by field."""

from __future__ import annotations

import copy
import json
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.live.compare import differences
from gate.live.difference import Difference, FieldChange
from gate.live.managed import Managed, parse_path
from gate.live.match import NotDeclared, compare
from gate.live.normal import normal
from gate.live.shape import declare
from gate.model.declared import DeclaredObject
from gate.model.image import Digest

DIGEST: Final = Digest("d" * 64)
DECLARED: Final[dict[str, Any]] = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web", "namespace": "shop", "labels": {"team": "shop"}},
    "spec": {
        "replicas": 2,
        "template": {
            "metadata": {"labels": {"app": "web"}},
            "spec": {
                "automountServiceAccountToken": False,
                "containers": [
                    {
                        "name": "web",
                        "image": "ghcr.io/acme/shop@sha256:" + "1" * 64,
                        "env": [{"name": "MODE", "value": "fast"}],
                        "resources": {"limits": {"cpu": 0.5, "memory": "64Mi"}},
                    }
                ],
            },
        },
    },
}


def bound(value: dict[str, Any] = DECLARED) -> DeclaredObject:
    meta = value["metadata"]
    return declare(f"{meta.get('namespace', '')}/{value['kind']}/{meta['name']}", DIGEST, value)


def live(**edits: object) -> dict[str, Any]:
    """Return the object as a server stores it, with other values at some paths (`a__b__0__c`)."""
    value = copy.deepcopy(DECLARED)
    value["metadata"] |= {"uid": "u", "generation": 3, "creationTimestamp": "2026-01-01T00:00:00Z"}
    value["status"] = {"replicas": 7}
    value["spec"]["revisionHistoryLimit"] = 10
    value["spec"]["template"]["spec"]["dnsPolicy"] = "ClusterFirst"
    value["spec"]["template"]["spec"]["containers"][0]["resources"]["limits"]["cpu"] = "500m"
    for path, new in edits.items():
        *above, last = path.split("__")
        inside: Any = value
        for key in above:
            inside = inside[int(key)] if key.isdigit() else inside[key]
        if new is None:
            del inside[last]
        else:
            inside[last] = new
    return value


def told(value: dict[str, Any], *managed: str) -> list[str]:
    rules = [parse_path(path) for path in managed]
    return [f"{d.path} {d.change.value}" for d in differences(bound(), value, rules)]


def test_what_the_server_fills_in_and_writes_itself_is_no_difference() -> None:
    assert told(live()) == []


POD: Final = "spec__template__spec__"
IN_POD: Final = "spec.template.spec."


@pytest.mark.parametrize(
    ("path", "new", "expected"),
    [
        ("spec__replicas", 3, "spec.replicas changed"),
        (
            f"{POD}automountServiceAccountToken",
            None,
            f"{IN_POD}automountServiceAccountToken removed",
        ),
        (
            f"{POD}automountServiceAccountToken",
            True,
            f"{IN_POD}automountServiceAccountToken changed",
        ),
        (f"{POD}hostNetwork", True, f"{IN_POD}hostNetwork added"),
        (f"{POD}dnsPolicy", "Default", f"{IN_POD}dnsPolicy added"),
        (f"{POD}initContainers", [{"name": "x"}], f"{IN_POD}initContainers added"),
        (f"{POD}containers__0__image", "x", f"{IN_POD}containers[0].image changed"),
        (
            f"{POD}containers__0__env__0__value",
            "slow",
            f"{IN_POD}containers[0].env[0].value changed",
        ),
        (
            f"{POD}containers__0__resources__limits__memory",
            None,
            f"{IN_POD}containers[0].resources.limits.memory removed",
        ),
        ("metadata__labels__team", None, "metadata.labels removed"),
        ("metadata__labels", {"x": "y"}, "metadata.labels: a key removed"),
        ("metadata__labels__extra", "x", "metadata.labels.extra added"),
        ("metadata__annotations", {"x": "y"}, "metadata.annotations added"),
        ("metadata__ownerReferences", [{"kind": "X"}], "metadata.ownerReferences added"),
        ("spec__unheard", {}, "spec.unheard added"),
        ("apiVersion", "apps/v2", "apiVersion changed"),
        ("spec__template", "text", "spec.template changed"),
    ],
)
def test_a_field_that_differs_is_named(path: str, new: object, expected: str) -> None:
    assert expected in told(live(**{path: new}))


def test_a_number_that_differs_is_shown_and_a_text_never() -> None:
    (number,) = differences(bound(), live(spec__replicas=3))
    assert str(number) == "spec.replicas is not as declared: 2 was declared, and it is 3"
    (text,) = differences(bound(), live(**{f"{POD}containers__0__image": "x"}))
    assert str(text) == f"{IN_POD}containers[0].image is not as declared"


def test_an_item_that_was_put_between_is_named_alone() -> None:
    value = live()
    value["spec"]["template"]["spec"]["containers"].insert(0, {"name": "miner", "image": "x"})
    assert told(value) == [f"{IN_POD}containers[0] added"]


def test_a_text_with_the_same_hint_is_told_by_the_digest_over_all_texts() -> None:
    shape = json.dumps(bound().shape)
    others = (live(**{f"{POD}containers__0__env__0__value": f"slow{n}"}) for n in range(10_000))
    same = (one for one in others if [d.path for d in differences(bound(), one)] == [""])
    assert differences(bound(), next(same)) == (Difference(path="", change=FieldChange.UNPLACED),)
    assert "fast" not in shape


def test_what_the_policy_leaves_to_a_controller_may_differ() -> None:
    assert told(live(spec__replicas=9), "spec.replicas") == []
    assert told(live(spec__replicas=None), "spec.replicas") == []
    assert told(live(metadata__annotations={"a.b/c": "x"}), 'metadata.annotations["a.b/c"]') == []
    assert told(live(metadata__annotations={"a.b/c": "x", "d": "y"}), "metadata.annotations") == []
    value = live()
    value["spec"]["template"]["spec"]["containers"].append({"name": "istio-proxy", "image": "x"})
    assert told(value, "spec.template.spec.containers[name=istio-proxy]") == []
    assert told(value, "spec.template.spec.containers[name=other]") == [
        f"{IN_POD}containers[1] added"
    ]


def test_a_text_that_is_declared_and_left_to_a_controller_is_said_to_prove_nothing() -> None:
    value = live(metadata__labels__team="other")
    assert told(value, "metadata.labels.team") == ["metadata.labels.team left"]


def test_a_rule_of_another_kind_does_not_count() -> None:
    rule = Managed("StatefulSet", parse_path("spec.replicas"))
    found = compare([bound()], live(spec__replicas=9), [rule])
    assert isinstance(found, tuple)
    assert [d.path for d in found] == ["spec.replicas"]
    assert compare([bound()], live(spec__replicas=9), [Managed("*", rule.path)]) == ()
    assert compare([bound()], live(spec__replicas=9), [Managed("apps/Deployment", rule.path)]) == ()


@pytest.mark.parametrize("path", ["", ".spec", "spec..x", "[0]", "spec[", 'a["b', "a b", "a" * 600])
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="no path of a field"):
        parse_path(path)


def test_an_object_of_another_name_or_namespace_is_not_declared() -> None:
    assert compare([bound()], live(metadata__name="other"), ()) == NotDeclared()
    assert compare([bound()], live(metadata__namespace="other"), ()) == NotDeclared()


def test_an_object_that_was_declared_without_a_namespace_may_be_in_any() -> None:
    plain = copy.deepcopy(DECLARED)
    del plain["metadata"]["namespace"]
    one = declare("Deployment/web", DIGEST, plain)
    assert compare([one], live(metadata__namespace="any"), ()) == ()


def test_no_text_of_a_secret_gets_a_hint() -> None:
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "s"},
        "stringData": {"password": "hunter2"},
    }
    shape = declare("Secret/s", DIGEST, secret).shape
    assert isinstance(shape, dict)
    assert list(shape["data"].values()) == ["#"]  # type: ignore[union-attr]  # a mapping, as the manifest says
    stored = {**secret, "data": {"password": "aHVudGVyMg=="}, "type": "Opaque"}
    del stored["stringData"]
    assert differences(declare("Secret/s", DIGEST, secret), stored) == ()
    stored["data"] = {"password": "aHVudGVyMw=="}
    assert differences(declare("Secret/s", DIGEST, secret), stored) != ()


def test_a_zero_counts_where_absent_means_something_else() -> None:
    zero = normal({"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"replicas": 0}})
    assert zero["spec"] == {"replicas": 0}
    dropped = {"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"paused": False}}
    assert "spec" not in normal(dropped)


@pytest.mark.parametrize(
    ("declared", "stored"),
    [
        ({"kind": "ConfigMap", "data": {"empty": None}}, {"data": {"empty": ""}}),
        ({"kind": "Secret", "data": {"a": "YQ\n=="}}, {"data": {"a": "YQ=="}, "type": "Opaque"}),
        ({"kind": "ConfigMap", "data": {}}, {}),
        ({"kind": "Pod", "spec": {"serviceAccount": "x"}}, {"spec": {"serviceAccountName": "x"}}),
        (
            {"kind": "ResourceQuota", "spec": {"hard": {"x": "1500m"}}},
            {"spec": {"hard": {"x": 1.5}}},
        ),
    ],
)
def test_what_the_server_writes_another_way_is_the_same(
    declared: dict[str, Any], stored: dict[str, Any]
) -> None:
    head = {"apiVersion": "v1", "kind": declared["kind"], "metadata": {"name": "x"}}
    assert differences(declare("x", DIGEST, {**head, **declared}), {**head, **stored}) == ()


def test_the_status_of_an_older_autoscaler_is_not_compared() -> None:
    head: dict[str, Any] = {"apiVersion": "autoscaling/v1", "kind": "HorizontalPodAutoscaler"}
    alpha = "autoscaling.alpha.kubernetes.io/"
    declared = {**head, "metadata": {"name": "x", "annotations": {f"{alpha}conditions": "[]"}}}
    stored = {**head, "metadata": {"name": "x"}, "spec": {"targetCPUUtilizationPercentage": 80}}
    assert differences(declare("x", DIGEST, declared), stored) == ()
    stored["metadata"]["annotations"] = {f"{alpha}behavior": "{}"}
    assert differences(declare("x", DIGEST, declared), stored) != ()


VALUES: Final = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["spec", "name", "containers", "x", "~0", "status", "metadata"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)
KINDS: Final = st.sampled_from([("apps/v1", "Deployment"), ("v1", "Pod"), ("a/v1", "Thing")])


@given(VALUES, VALUES, KINDS)
def test_any_object_is_itself_and_no_other_one(one: Any, other: Any, kind: tuple[str, str]) -> None:  # noqa: ANN401  # any JSON value
    head = {"apiVersion": kind[0], "kind": kind[1]}
    first = {**head, "metadata": {"name": "x"}, "spec": one}
    second = {**head, "metadata": {"name": "x"}, "spec": other}
    try:
        said = declare("Thing/x", DIGEST, first)
    except ValueError:
        return
    assert differences(said, first) == ()
    if _written(normal(first)) == _written(normal(second)):
        assert differences(said, second) == ()
    elif kind[1] == "Thing":
        assert differences(said, second) != ()


def _written(value: object) -> str:
    return json.dumps(value, sort_keys=True)


def test_an_object_that_is_too_deep_is_said_to_be_unreadable() -> None:
    deep: Any = {}
    for _ in range(200):
        deep = {"x": deep}
    found = differences(bound(), live(spec=deep))
    assert [d.change for d in found] == [FieldChange.UNREADABLE]
