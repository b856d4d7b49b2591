"""Ways to run something beside what a release declares: each field is held against it."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any, Final

import pytest

from gate.cluster.runs import judged
from gate.live.compare import template_differences
from gate.live.difference import Difference
from gate.live.managed import Managed, parse_path
from gate.live.match import compare
from gate.live.shape import declare
from gate.model.image import Digest

TEMPLATE: Final[dict[str, Any]] = {
    "metadata": {"labels": {"app": "web"}},
    "spec": {
        "containers": [
            {"name": "web", "image": "a", "resources": {"limits": {"cpu": "1"}}},
            {"name": "log", "image": "b"},
        ]
    },
}
VERSIONS: Final = {"Pod": "v1", "Job": "batch/v1", "CronJob": "batch/v1"}
TOKEN: Final = "kube-api-access-abcde"  # the name of a volume
MOUNT: Final = "/var/run/secrets/kubernetes.io/serviceaccount"


def one(kind: str, **spec: Any) -> dict[str, Any]:  # noqa: ANN401  # any JSON value
    meta = {"name": "web-0", "namespace": "shop"}
    version = VERSIONS.get(kind, "apps/v1")
    return {"apiVersion": version, "kind": kind, "metadata": meta, "spec": spec}


def of_controller(value: dict[str, Any]) -> dict[str, Any]:
    value["metadata"]["ownerReferences"] = [{"controller": True}]
    return value


def running(**spec: Any) -> dict[str, Any]:  # noqa: ANN401  # any JSON value
    found = of_controller(one("Pod", **{**copy.deepcopy(TEMPLATE["spec"]), **spec}))
    found["metadata"]["labels"] = {"app": "web"}
    return found


def against_template(live: dict[str, Any], *managed: Managed) -> list[str]:
    value = one("Deployment", template=TEMPLATE)
    return _paths(compare([declare("shop/Deployment/web", Digest("d" * 64), value)], live, managed))


def _paths(found: object) -> list[str]:
    assert isinstance(found, tuple)
    return [change.path for change in found if isinstance(change, Difference)]


def claim(name: str, **more: object) -> list[dict[str, Any]]:
    return [{"name": "d", "persistentVolumeClaim": {"claimName": name, **more}}]


def node(**more: object) -> dict[str, Any]:
    term = {"matchFields": [{"key": "metadata.name", "operator": "In", "values": ["n"]}]}
    terms = {"nodeSelectorTerms": [{**term, **more}]}
    return {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": terms}}


def first(**more: object) -> list[dict[str, Any]]:
    web, log = copy.deepcopy(TEMPLATE["spec"]["containers"])
    return [{**web, **more}, log]


@pytest.mark.parametrize(
    "spec",
    [
        {"volumes": claim("d-web-0", readOnly=True)},
        {"volumes": claim("d-web-1")},
        {"volumes": claim("web-0")},
        {"volumes": [{"name": TOKEN, "hostPath": {"path": "/"}}]},
        {"volumes": [{"name": TOKEN, "projected": {"sources": []}}]},
        {"containers": first(volumeMounts=[{"name": TOKEN, "mountPath": "/etc"}])},
        {"containers": first(volumeMounts=[{"name": TOKEN, "mountPath": MOUNT}])},
        {"containers": first(env=[{"name": "JOB_COMPLETION_INDEX", "value": "x"}])},
        {"containers": first(env=[{"name": "LD_PRELOAD", "value": "x"}])},
        {"containers": first(command=["sh"])},
        {"containers": first(imagePullPolicy="Never")},
        {"containers": first(resources={"limits": {"cpu": "2"}})},
        {"containers": first(resources={"limits": {"cpu": "1"}, "requests": {"cpu": "2"}})},
        {"containers": first(securityContext={"privileged": True})},
        {"containers": first()[::-1]},
        {"containers": [*first(), first()[1]]},
        {"containers": first()[:1]},
        {"initContainers": first()[:1]},
        {"ephemeralContainers": first()[:1]},
        {"tolerations": [{"operator": "Exists"}]},
        {"tolerations": [{"key": "node.kubernetes.io/not-ready", "operator": "Equal"}]},
        {"tolerations": [{"key": ["node.kubernetes.io/not-ready"], "operator": "Exists"}]},
        {"affinity": node(matchExpressions=[{"key": "a", "operator": "Exists"}])},
        {"affinity": node(matchFields=["metadata.name"])},
        {"affinity": node(matchFields=[{"key": ["metadata.name"]}])},
        {"affinity": {**node(), "podAffinity": {}}},
        {"hostname": "eb-0"},
        {"hostname": "web-0-x"},
        {"nodeName": "n"},
        {"hostPID": True},
        {"shareProcessNamespace": True},
        {"serviceAccountName": "admin"},
        {"serviceAccount": "admin"},
        {"priority": 1},
        {"preemptionPolicy": "Never"},
        {"enableServiceLinks": False},
        {"schedulerName": "mine"},
        {"runtimeClassName": "mine"},
        {"restartPolicy": "Never"},
        {"terminationGracePeriodSeconds": 0},
        {"securityContext": {"runAsUser": 0}},
        {"hostAliases": [{"ip": "192.0.2.1", "hostnames": ["registry"]}]},
        {"dnsConfig": {"nameservers": ["192.0.2.1"]}},
        {"overhead": {"cpu": "1"}},
        {"activeDeadlineSeconds": 1},
    ],
)
def test_a_pod_that_is_more_than_its_template_is_told(spec: dict[str, Any]) -> None:
    assert against_template(running(**spec)) != []


@pytest.mark.parametrize(
    "spec",
    [
        {},
        {"volumes": claim("d-web-0")},
        {"tolerations": [{"key": "node.kubernetes.io/not-ready", "operator": "Exists"}]},
        {"affinity": node()},
        {"hostname": "web-0"},
        {"hostname": "web"},
        {"priority": 0, "preemptionPolicy": "PreemptLowerPriority", "enableServiceLinks": True},
        {"containers": first(imagePullPolicy="Always")},
        {"containers": first(resources={"limits": {"cpu": "1"}, "requests": {"cpu": "1000m"}})},
    ],
)
def test_what_kubernetes_adds_to_a_pod_is_not_told(spec: dict[str, Any]) -> None:
    assert against_template(running(**spec)) == []


@pytest.mark.parametrize(
    ("labels", "annotations"),
    [
        ({"app": "web", "job-name": "x", "team": "x"}, {}),
        ({"app": "other"}, {}),
        ({}, {}),
        ({"app": "web"}, {"kubectl.kubernetes.io/last-applied-configuration": "{}"}),
        ({"app": "web"}, {"batch.kubernetes.io/job-completion-index": "0", "x": "y"}),
    ],
)
def test_labels_and_annotations_of_a_pod_are_those_of_its_template(
    labels: dict[str, str], annotations: dict[str, str]
) -> None:
    live = running()
    live["metadata"] |= {"labels": labels, "annotations": annotations}
    assert against_template(live) != []


def makes(kind: str, **spec: Any) -> dict[str, Any]:  # noqa: ANN401  # any JSON value
    template = copy.deepcopy(TEMPLATE)
    template["metadata"]["annotations"] = {"a": "b"}
    template["spec"] |= spec
    return of_controller(one(kind, template=template))


ANNOTATIONS: Final = "metadata.annotations"


@pytest.mark.parametrize(
    ("live", "kind", "path", "expected"),
    [
        (makes("ReplicaSet"), "ReplicaSet", ANNOTATIONS, [ANNOTATIONS]),
        (makes("ReplicaSet"), "*", ANNOTATIONS, [ANNOTATIONS]),
        (makes("Job", hostPID=True), "Job", "spec.*", [ANNOTATIONS, "spec.hostPID"]),
        (makes("Job"), "Job", "spec.template", [ANNOTATIONS]),
        (makes("Job"), "Job", "spec.*", [ANNOTATIONS]),
        (makes("ReplicaSet"), "ReplicaSet", f"spec.template.{ANNOTATIONS}", []),
        (makes("Job"), "Job", f"spec.template.{ANNOTATIONS}.a", []),
    ],
)
def test_a_field_that_is_left_to_a_controller_is_not_the_one_of_that_name_in_a_template(
    live: dict[str, Any], kind: str, path: str, expected: list[str]
) -> None:
    assert against_template(live, Managed(kind, parse_path(path))) == expected


ODD: Final[Sequence[object]] = (True, 1, 1.5, "x", ["x"], [["x"]], [{"key": ["x"]}], {"x": ["y"]})


@pytest.mark.parametrize("kind", ["Deployment", "Job", "Pod"])
@pytest.mark.parametrize(
    ("inside", "key"),
    [
        *((("metadata",), key) for key in ("labels", "annotations", "finalizers")),
        *((("spec",), key) for key in ("selector", "affinity", "tolerations", "volumes")),
        *((("spec",), key) for key in ("completions", "backoffLimit", "hostname")),
        *(((), key) for key in ("apiVersion", "kind")),
    ],
)
def test_a_field_of_another_type_is_told_and_breaks_nothing(
    kind: str, inside: tuple[str, ...], key: str
) -> None:
    spec = TEMPLATE["spec"] if kind == "Pod" else {"template": TEMPLATE}
    declared = declare(f"shop/{kind}/web-0", Digest("d" * 64), one(kind, **spec))
    for value in ODD:
        live = copy.deepcopy(one(kind, **spec))
        place = live
        for step in inside:
            place = place[step]
        place[key] = value
        default = kind == "Job" and key == "completions" and value is not True and value == 1
        found = compare([declared], live, ())
        assert (found == ()) is default, (value, found)
        template_differences(declared, of_controller(live))


def seen(name: str, **edits: object) -> dict[str, Any]:
    """Return a Pod of one controller, as a cluster lists it."""
    found = of_controller(one("Pod", **copy.deepcopy(TEMPLATE["spec"])))
    found["metadata"] |= {"name": name, "namespace": "shop"} | {
        key: value for key, value in edits.items() if key in {"namespace", "labels", "annotations"}
    }
    found["spec"] |= {key: value for key, value in edits.items() if key not in found["metadata"]}
    return found


@pytest.mark.parametrize(
    ("first_one", "second"),
    [
        (
            seen("serve", containers=first(command=["serve"])),
            seen("sh", containers=first(command=["sh"])),
        ),
        (seen("web", serviceAccountName="web"), seen("admin", serviceAccountName="admin")),
        (seen("a", nodeName="x", hostname="x"), seen("b", nodeName="y", hostname="y")),
        (
            seen("a", containers=first(command=[TOKEN])),
            seen("b", containers=first(command=[TOKEN[:-5] + "fghij"])),
        ),
        (seen("a"), seen("a", namespace="kube-system")),
        (seen("a"), seen("b", annotations={"apparmor": "unconfined"})),
        (seen("a"), seen("b", labels={"app": "other"})),
    ],
)
def test_an_audit_leaves_out_no_pod_for_one_that_only_looks_alike(
    first_one: dict[str, Any], second: dict[str, Any]
) -> None:
    assert len(list(judged([first_one, second]))) == 2


def test_an_audit_judges_one_of_the_pods_of_a_controller() -> None:
    assert len(list(judged([seen("a", nodeName="x"), seen("b", nodeName="y")]))) == 1
