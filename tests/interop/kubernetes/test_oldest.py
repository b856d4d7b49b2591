"""`gate serve` before the oldest Kubernetes that it is for, with that version's controllers."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from tests.interop.kubernetes import charts
from tests.interop.kubernetes.api_server import ApiServer
from tests.interop.kubernetes.charts import CHART, OWN, VALUES, helm
from tests.interop.kubernetes.controllers import controllers, pods
from tests.interop.kubernetes.doors import door
from tests.interop.kubernetes.makers import MADE, MAKERS, POD
from tests.interop.kubernetes.releases import LAYOUT, Admitted, admitted_release
from tests.interop.tools import OLDEST, required_oldest

SPACE: Final = "exact-door"
DIGEST: Final = "0" * 64


@pytest.fixture(scope="module")
def admitted(
    oldest_api_server: ApiServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Admitted]:
    """A release with every kind of workload, let in with its controllers' Pods."""
    folder = tmp_path_factory.mktemp("door")
    release = admitted_release(folder, MAKERS.read_text().replace("live-pods", SPACE) + POD)
    node = '{"apiVersion": "v1", "kind": "Node", "metadata": {"name": "exact-node"}}'
    oldest_api_server.kubectl("create", "namespace", SPACE)
    oldest_api_server.kubectl("apply", "-f", "-", stdin=node)
    manager = required_oldest("kube-controller-manager")
    with (
        door(oldest_api_server, folder, SPACE, "--policy=admit.yaml", *LAYOUT),
        controllers(oldest_api_server, folder, program=manager),
    ):
        done = oldest_api_server.kubectl("apply", "-f", "-", stdin=release.text)
        assert done.returncode == 0, done.stderr
        yield release


def test_it_is_the_version_that_the_documentation_names(oldest_api_server: ApiServer) -> None:
    version = oldest_api_server.get("/version")["gitVersion"]
    minor = OLDEST.rpartition(".")[0]
    page = Path(__file__).parents[3].joinpath("docs/admission.md").read_text()
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    assert version == f"v{OLDEST}"
    assert f"Kubernetes {minor} and newer" in page
    assert chart["kubeVersion"] == f">={minor}.0-0"


def test_every_workload_is_let_in_with_its_pass_and_so_is_what_controllers_make_of_it(
    oldest_api_server: ApiServer, admitted: Admitted
) -> None:
    assert admitted.digests
    made = pods(oldest_api_server, SPACE, (*MADE, "alone"))
    assert {name.partition("-")[0] for name in made} >= {*MADE, "alone"}


@pytest.mark.parametrize(
    "name",
    [
        *("deployment/web", "statefulset/data", "daemonset/each", "replicationcontroller/old"),
        "cronjob/often",
    ],
)
def test_an_image_that_a_patch_brings_and_a_field_that_it_changes_are_refused(
    oldest_api_server: ApiServer, admitted: Admitted, name: str
) -> None:
    assert admitted.digests
    added = {"initContainers": [{"name": "x", "image": f"ghcr.io/acme/x@sha256:{DIGEST}"}]}
    for spec in (added, {"hostPID": True}):
        template: dict[str, Any] = {"template": {"spec": spec}}
        patch = {"spec": {"jobTemplate": {"spec": template}} if "cronjob" in name else template}
        done = oldest_api_server.kubectl(
            "-n", SPACE, "patch", name, "--type=merge", "-p", json.dumps(patch), "--dry-run=server"
        )
        assert done.returncode != 0, done.stdout
        assert "gate" in done.stderr
        code = "[pass-manifests-changed]" if spec is not added else "[pass-"
        assert code in done.stderr, done.stderr


def test_an_ephemeral_container_is_judged(oldest_api_server: ApiServer, admitted: Admitted) -> None:
    assert admitted.digests
    body = {"spec": {"ephemeralContainers": [{"name": "e", "image": "ghcr.io/acme/x:1"}]}}
    answer = oldest_api_server.client.patch(
        f"/api/v1/namespaces/{SPACE}/pods/alone/ephemeralcontainers",
        json=body,
        headers={"content-type": "application/strategic-merge-patch+json"},
    )
    assert answer.is_client_error
    assert "[digest-required]" in answer.text


def test_it_takes_what_the_chart_renders(oldest_api_server: ApiServer) -> None:
    """Its webhook has conditions in CEL, which older servers do not know or leave out."""
    done = helm(
        *("template", "gate", str(CHART), "--namespace", "gate-system", "--kube-version", OLDEST),
        values={**VALUES, **OWN},
    )
    assert done.returncode == 0, done.stderr
    oldest_api_server.kubectl("create", "namespace", "gate-system")
    taken = oldest_api_server.kubectl("apply", "--dry-run=server", "-f", "-", stdin=done.stdout)
    assert taken.returncode == 0, taken.stderr
    assert "Warning" not in taken.stderr


def test_an_upgrade_leaves_the_certificate_that_gate_made_and_the_trust_in_it(
    oldest_api_server: ApiServer,
) -> None:
    """On a server of its own: while no replica answers, the webhook refuses for every namespace."""
    space = "gate-chart-made"
    common = ("--namespace", space, "--kubeconfig", str(oldest_api_server.kubeconfig))
    secret = ("-n", space, "secret", "gate-tls")
    webhook = ("validatingwebhookconfiguration", f"{space}-gate")
    values = {**VALUES, **charts.MADE}
    try:
        done = helm("install", "gate", str(CHART), "--create-namespace", *common, values=values)
        assert done.returncode == 0, done.stderr
        written = '{"data": {"tls.crt": "YQ=="}}'
        assert oldest_api_server.kubectl("patch", *secret, "-p", written).returncode == 0
        bundle = base64.b64encode(oldest_api_server.files.authority.read_bytes()).decode()
        place = "/webhooks/0/clientConfig/caBundle"
        patch = json.dumps([{"op": "add", "path": place, "value": bundle}])
        done = oldest_api_server.kubectl("patch", *webhook, "--type=json", "-p", patch)
        assert done.returncode == 0, done.stderr
        changed = {**values, "replicas": 2, "webhook": {"timeoutSeconds": 7}}
        done = helm("upgrade", "gate", str(CHART), *common, values=changed)
        assert done.returncode == 0, done.stderr
        held = oldest_api_server.get(f"/api/v1/namespaces/{space}/secrets/gate-tls")
        path = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"
        live = oldest_api_server.get(f"{path}/{space}-gate")["webhooks"][0]
    finally:
        helm("uninstall", "gate", *common)
    assert held["data"] == {"tls.crt": "YQ=="}
    assert (live["timeoutSeconds"], live["clientConfig"]["caBundle"]) == (7, bundle)
