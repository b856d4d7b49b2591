"""What a pass says of declared objects, held against what the real API server makes of them."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from gate.live.compare import differences
from gate.live.difference import FieldChange
from gate.live.managed import parse_path
from gate.live.match import NotDeclared, compare
from gate.live.shape import declare
from gate.model.declared import DeclaredObject
from gate.model.image import Digest
from tests.interop.kubernetes.api_server import ApiServer
from tests.interop.kubernetes.controllers import controllers, pods
from tests.interop.kubernetes.fields import FREE, changed, holder, live_fields
from tests.interop.kubernetes.manifests import every_kind

HERE: Final = Path(__file__).parent
DIGEST: Final = Digest("d" * 64)
Pair = tuple[dict[str, Any], dict[str, Any]]
WORKLOADS: Final = (
    *("Pod", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController"),
    *("Job", "CronJob", "PodTemplate", "Service", "ConfigMap", "Secret", "NetworkPolicy"),
)


@pytest.fixture(scope="module")
def pairs(api_server: ApiServer, tmp_path_factory: pytest.TempPathFactory) -> list[Pair]:
    """Each object as it was declared, and as the server then holds it."""
    text = every_kind().replace("every-kind", "live-every")
    texts = [
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: live-forms}\n",
        text,
        (HERE / "workloads.yaml").read_text(),
    ]
    path = tmp_path_factory.mktemp("live") / "all.yaml"
    path.write_text("\n---\n".join(texts))
    declared = [one for one in yaml.safe_load_all(path.read_text()) if one]
    try:
        done = api_server.kubectl("apply", "--filename", str(path))
        assert done.returncode == 0, done.stderr
        done = api_server.kubectl("get", "--filename", str(path), "-o", "json")
        assert done.returncode == 0, done.stderr
    finally:
        api_server.kubectl("delete", "--wait=false", "--force", "--filename", str(path))
    return list(zip(declared, json.loads(done.stdout)["items"], strict=True))


def told(declared: dict[str, Any], live: dict[str, Any]) -> list[str]:
    name = f"{declared['kind']}/{declared['metadata']['name']}"
    return [f"{name}: {one}" for one in differences(declare(name, DIGEST, declared), live)]


def test_every_kind_is_accepted_as_the_server_holds_it(pairs: list[Pair]) -> None:
    assert {declared["kind"] for declared, _ in pairs} >= set(WORKLOADS)
    assert [one for pair in pairs for one in told(*pair)] == [
        # A controller of nodes owns it, so a policy names it.
        "Node/live-every: spec.taints was added: it was not declared, and it is no default"
    ]


def test_a_field_that_the_policy_leaves_to_a_controller_may_be_another_way(
    pairs: list[Pair],
) -> None:
    declared, live = next(pair for pair in pairs if pair[0]["kind"] == "Node")
    bound = declare("x", DIGEST, declared)
    assert differences(bound, live, [parse_path("spec.taints")]) == ()


SPEC: Final = {
    "Pod": "spec",
    "CronJob": "spec.jobTemplate.spec.template.spec",
    "PodTemplate": "template.spec",
}
EDITS: Final = (
    ("containers[0].image", "evil.example/x@sha256:0", FieldChange.CHANGED),
    ("containers[0].command", ["sh"], FieldChange.ADDED),
    ("hostPID", True, FieldChange.ADDED),
    ("terminationGracePeriodSeconds", 5, FieldChange.ADDED),
    ("initContainers[0]", {"name": "x", "image": "x"}, FieldChange.ADDED),
    ("containers[1]", {"name": "x", "image": "x"}, FieldChange.ADDED),
    ("containers[0].image", None, FieldChange.REMOVED),
)


@pytest.mark.parametrize("kind", [k for k in WORKLOADS if k[0] != "S" or k == "StatefulSet"][:9])
@pytest.mark.parametrize(("field", "value", "change"), EDITS)
def test_a_changed_an_added_and_a_removed_field_is_named(
    pairs: list[Pair], kind: str, field: str, value: object, change: FieldChange
) -> None:
    declared, live = next(p for p in reversed(pairs) if p[0]["kind"] == kind)
    forged = copy.deepcopy(live)
    spec = SPEC.get(kind, "spec.template.spec")
    path = f"{spec}.{field}"
    *above, last = re.findall(r"[A-Za-z]+|[0-9]+", path)
    inside: Any = forged
    for key in above:
        inside = inside[int(key)] if key.isdigit() else inside.setdefault(key, [])
    if value is None:
        del inside[last]
    elif last.isdigit():
        path = path.replace(f"[{last}]", f"[{len(inside)}]")
        inside.append(value)
    else:
        inside[last] = value
    found = differences(declare("x", DIGEST, declared), forged)
    expected = path.replace("initContainers[0]", "initContainers")
    known = [one for one in found if one.path in (path, expected)]
    assert [one.change for one in known] == [change], list(map(str, found))


def test_each_field_that_is_changed_is_named_and_each_that_is_removed(pairs: list[Pair]) -> None:
    silent, count = [], 0
    for declared, live in pairs:
        if declared["kind"] not in WORKLOADS:
            continue
        bound = declare("x", DIGEST, declared)
        for path in live_fields(live):
            forged = copy.deepcopy(live)
            inside = holder(forged, path)
            inside[path[-1]] = changed(inside[path[-1]])
            found = differences(bound, forged)
            count += 1
            if not found and not set(path) & set(FREE):
                silent.append((declared["kind"], path))
    assert count > 600
    assert silent == []


def test_each_declared_field_that_is_taken_away_is_named(pairs: list[Pair]) -> None:
    silent = []
    for declared, live in pairs:
        if declared["kind"] not in WORKLOADS:
            continue
        bound = declare("x", DIGEST, declared)
        for path in live_fields(live):
            forged = copy.deepcopy(live)
            inside = holder(forged, path)
            del inside[path[-1]]
            if not differences(bound, forged) and _is_declared(declared, path):
                silent.append((declared["kind"], path))
    assert silent == []


def _is_declared(declared: Any, path: tuple[Any, ...]) -> bool:  # noqa: ANN401  # any JSON value
    for key in path:
        try:
            declared = declared[key]
        except (KeyError, IndexError, TypeError):
            return False
    return declared not in (False, "", 0) and not str(path[-1]).startswith("serviceAccount")


MAKERS: Final = (HERE / "makers.yaml").read_text()
MADE: Final = ("web", "data", "each", "once", "old")
"""The workloads of which Pods come at once."""


@pytest.fixture(scope="module")
def made(api_server: ApiServer, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Pods, and a ReplicaSet, that the real controllers made."""
    folder = tmp_path_factory.mktemp("made")
    space = "apiVersion: v1\nkind: Namespace\nmetadata: {name: live-pods}\n---\n"
    node = "apiVersion: v1\nkind: Node\nmetadata: {name: live-node}\n---\n"
    with controllers(api_server, folder):
        done = api_server.kubectl("apply", "-f", "-", stdin=space + node + MAKERS)
        assert done.returncode == 0, done.stderr
        try:
            found = _made(api_server)
        finally:
            api_server.kubectl("delete", "--wait=false", "--force", "-f", "-", stdin=node + MAKERS)
    return found


def _made(api_server: ApiServer) -> list[dict[str, Any]]:
    """Return what was made, once there is a Pod of each."""
    found = pods(api_server, "live-pods", MADE).values()
    sets = api_server.get("/apis/apps/v1/namespaces/live-pods/replicasets")["items"]
    versions = [{"apiVersion": "apps/v1", "kind": "ReplicaSet", **one} for one in sets]
    return [{"apiVersion": "v1", "kind": "Pod", **one} for one in found] + versions


def bound_makers() -> list[DeclaredObject]:
    return [
        declare(f"live-pods/{one['kind']}/{one['metadata']['name']}", DIGEST, one)
        for one in yaml.safe_load_all(MAKERS)
    ]


def told_of(live: dict[str, Any]) -> list[str]:
    """Return the paths in which an object differs from its template."""
    found = compare(bound_makers(), live, ())
    assert isinstance(found, tuple)
    return [one.path for one in found]


def test_what_controllers_make_of_a_declared_template_is_accepted(
    made: list[dict[str, Any]],
) -> None:
    assert {one["metadata"]["name"].partition("-")[0] for one in made} >= set(MADE)
    assert {one["kind"] for one in made} == {"Pod", "ReplicaSet"}
    differing = {one["metadata"]["name"]: told_of(one) for one in made}
    assert {name: found for name, found in differing.items() if found} == {}


@pytest.mark.parametrize("name", MADE)
def test_a_pod_that_is_more_than_its_template_is_refused(
    made: list[dict[str, Any]], name: str
) -> None:
    pod = next(one for one in made if one["metadata"]["name"].startswith(name))
    forged = copy.deepcopy(pod)
    forged["spec"]["hostPID"] = True
    assert told_of(forged) == ["spec.hostPID"]
    forged = copy.deepcopy(pod)
    forged["spec"]["containers"][0]["image"] = "evil.example/x"
    assert told_of(forged) == ["spec.containers[0].image"]


def test_a_pod_without_an_owner_is_no_part_of_the_release(made: list[dict[str, Any]]) -> None:
    pod = copy.deepcopy(made[0])
    del pod["metadata"]["ownerReferences"]
    assert compare(bound_makers(), pod, ()) == NotDeclared()
