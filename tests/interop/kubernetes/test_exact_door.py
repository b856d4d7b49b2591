"""`gate serve` with `manifests: exact` behind a real API server, with its real controllers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

import pytest

from tests.interop.kubernetes.api_server import ApiServer
from tests.interop.kubernetes.controllers import controllers, pods
from tests.interop.kubernetes.doors import door
from tests.interop.kubernetes.makers import MADE, MAKERS, POD, SPACE
from tests.interop.kubernetes.releases import LAYOUT, Admitted, admitted_release


@pytest.fixture(scope="module")
def admitted(api_server: ApiServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Admitted]:
    """A release that was judged and pinned, with its door before the namespace."""
    folder = tmp_path_factory.mktemp("door")
    text = MAKERS.read_text().replace("live-pods", SPACE) + POD
    release = admitted_release(folder, text)
    node = '{"apiVersion": "v1", "kind": "Node", "metadata": {"name": "exact-node"}}'
    api_server.kubectl("create", "namespace", SPACE)
    api_server.kubectl("apply", "-f", "-", stdin=node)
    with door(api_server, folder, SPACE, "--policy=admit.yaml", *LAYOUT):
        yield release
    api_server.kubectl("delete", "namespace", SPACE, "--wait=false")
    api_server.kubectl("delete", "node", "exact-node")


@pytest.fixture(scope="module")
def applied(
    api_server: ApiServer, admitted: Admitted, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[set[str]]:
    """The names of the Pods that controllers made of the release, once there is one of each."""
    with controllers(api_server, tmp_path_factory.mktemp("controllers")):
        done = api_server.kubectl("apply", "-f", "-", stdin=admitted.text)
        assert done.returncode == 0, done.stderr
        yield set(pods(api_server, SPACE, (*MADE, "alone")))


def test_the_release_is_let_in_and_so_is_what_controllers_make_of_it(applied: set[str]) -> None:
    assert {name.partition("-")[0] for name in applied} >= {*MADE, "alone"}


PATCHES: Final = [
    ("deployment/web", {"spec": {"replicas": 3}}, "spec.replicas was added"),
    (
        "deployment/web",
        {"spec": {"template": {"spec": {"hostPID": True}}}},
        "spec.template.spec.hostPID was added",
    ),
    (
        "statefulset/data",
        {"spec": {"template": {"spec": {"initContainers": [{"name": "x", "image": "IMAGE"}]}}}},
        "spec.template.spec.initContainers was added",
    ),
    (
        "daemonset/each",
        {"spec": {"template": {"spec": {"tolerations": None}}}},
        "spec.template.spec.tolerations was declared and is not there",
    ),
    ("cronjob/often", {"spec": {"schedule": "0 * * * *"}}, "spec.schedule is not as declared"),
    (
        "replicationcontroller/old",
        {"spec": {"template": {"metadata": {"annotations": {"x": "y"}}}}},
        "spec.template.metadata.annotations was added",
    ),
    ("job/once", {"metadata": {"labels": {"x": "y"}}}, "metadata.labels"),
    ("pod/alone", {"spec": {"activeDeadlineSeconds": 5}}, "spec.activeDeadlineSeconds was added"),
]


@pytest.mark.parametrize(("name", "patch", "told"), PATCHES, ids=[p[2] for p in PATCHES])
def test_a_patch_is_refused_by_the_path_of_what_it_changes(
    api_server: ApiServer,
    applied: set[str],
    name: str,
    patch: dict[str, object],
    told: str,
) -> None:
    assert applied
    live = api_server.get(f"/apis/apps/v1/namespaces/{SPACE}/deployments/web")
    image = live["spec"]["template"]["spec"]["containers"][0]["image"]
    text = json.dumps(patch).replace("IMAGE", image)
    kind = "merge" if "Container" in text or "null" in text else "strategic"
    done = api_server.kubectl("-n", SPACE, "patch", name, f"--type={kind}", "-p", text)
    assert done.returncode != 0, done.stdout
    assert "[pass-manifests-changed]" in done.stderr
    assert told in done.stderr


def test_a_pod_that_only_claims_to_be_of_a_controller_is_held_against_the_templates(
    api_server: ApiServer, applied: set[str]
) -> None:
    name = next(name for name in applied if name.startswith("web-"))
    live = api_server.get(f"/api/v1/namespaces/{SPACE}/pods/{name}")
    owner = live["metadata"]["ownerReferences"]
    meta = {"name": "forged", "namespace": SPACE, "ownerReferences": owner}
    forged = {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": live["spec"]}
    forged["spec"] = {**live["spec"], "hostNetwork": True, "nodeName": "exact-node"}
    done = api_server.kubectl("create", "-f", "-", stdin=json.dumps(forged))
    assert done.returncode != 0
    assert "pass-manifests-changed" in done.stderr
    del meta["ownerReferences"]
    forged["spec"] = live["spec"]
    done = api_server.kubectl("create", "-f", "-", stdin=json.dumps(forged))
    assert f"the pass covers no object {SPACE}/Pod/forged" in done.stderr
