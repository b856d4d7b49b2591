"""Two replicas of `gate serve` that make their certificate, before a real API server.

The certificate is replaced every few seconds, and each request must get through both replicas.
"""

from __future__ import annotations

import json
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import yaml

from gate.keys.public import public_pem
from tests.builders.admission import POLICY, Shelf, pod
from tests.interop.kubernetes.api_server import ApiServer, free_ports, running
from tests.interop.kubernetes.charts import CHART, MADE, VALUES, helm
from tests.interop.kubernetes.doors import RULES
from tests.interop.kubernetes.serving import HOST, pushed_images
from tests.interop.tools import KUBECTL

SPACE: Final = "gate-made"
WEBHOOK: Final = f"{SPACE}-gate"
_SECONDS: Final = 60
_ROTATIONS: Final = 2
QUICK: Final = """
from datetime import timedelta
from gate.admission import own, own_pairs
own.RENEW_BEFORE = own.VALID_FOR - timedelta(seconds=1)
own_pairs.SETTLED_AFTER = timedelta(seconds=1)
own_pairs.OwnPairs.every = 0.2
from gate.__main__ import main
main()
"""
"""The program with little time between two certificates."""


def _rights(server: ApiServer) -> None:
    """Give gate's account what the chart gives it, and the empty Secret."""
    done = helm(
        *("template", "gate", str(CHART), "--namespace", SPACE, "--kube-version", KUBECTL),
        values={**VALUES, **MADE},
    )
    assert done.returncode == 0, done.stderr
    wanted = ("ServiceAccount", "Secret", "Role", "RoleBinding", "ClusterRole")
    objects = [
        one
        for one in yaml.safe_load_all(done.stdout)
        if one and one["kind"] in (*wanted, "ClusterRoleBinding")
    ]
    taken = server.kubectl("apply", "-f", "-", stdin=yaml.safe_dump_all(objects))
    assert taken.returncode == 0, taken.stderr


def _account(server: ApiServer, folder: Path) -> Path:
    done = server.kubectl("-n", SPACE, "create", "token", "gate")
    assert done.returncode == 0, done.stderr
    config = json.loads(server.kubeconfig.read_text())
    config["users"][0]["user"] = {"token": done.stdout.strip()}
    path = folder / "account.json"
    path.write_text(json.dumps(config))
    return path


def _configuration(ports: list[int]) -> str:
    webhooks = [
        {
            "name": f"replica{number}.gate.test",
            "admissionReviewVersions": ["v1"],
            "sideEffects": "None",
            "failurePolicy": "Fail",
            "clientConfig": {"url": f"https://127.0.0.1:{port}/validate"},
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": SPACE}},
            "rules": RULES,
        }
        for number, port in enumerate(ports)
    ]
    return json.dumps(
        {
            "apiVersion": "admissionregistration.k8s.io/v1",
            "kind": "ValidatingWebhookConfiguration",
            "metadata": {"name": WEBHOOK},
            "webhooks": webhooks,
        }
    )


@pytest.fixture(scope="module")
def image(api_server: ApiServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An image with a pass, asked for through two replicas; logs are in `replica*.log`."""
    folder = tmp_path_factory.mktemp("made")
    shelf = Shelf()
    images = pushed_images(folder, shelf, datetime.now(UTC).replace(microsecond=0))
    (folder / "gate.pub").write_bytes(public_pem(shelf.key.public_key()))
    (folder / "admit.yaml").write_text(POLICY)
    assert api_server.kubectl("create", "namespace", SPACE).returncode == 0
    _rights(api_server)
    ports = free_ports(2)
    done = api_server.kubectl("apply", "-f", "-", stdin=_configuration(ports))
    assert done.returncode == 0, done.stderr
    account = _account(api_server, folder)
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for number, port in enumerate(ports):
            command = [
                *(sys.executable, "-c", QUICK, "serve", "--policy=admit.yaml"),
                *(f"--listen=127.0.0.1:{port}", f"--own-certificate={SPACE}/gate-tls"),
                *("--certificate-for=127.0.0.1", f"--webhook={WEBHOOK}"),
                *(f"--kubeconfig={account}", f"--layout={HOST}={folder / 'images'}"),
            ]
            log = folder / f"replica{number}.log"
            stack.enter_context(running(command, log, stop=signal.SIGINT))
        try:
            _until(lambda: asked(api_server, images["good"]).is_success, folder)
            yield images["good"]
        finally:
            api_server.kubectl("delete", "validatingwebhookconfiguration", WEBHOOK)
            api_server.kubectl("delete", "clusterrole,clusterrolebinding", f"{WEBHOOK}-certificate")
            api_server.kubectl("delete", "namespace", SPACE, "--wait=false")


def _until(holds: Any, folder: Path) -> None:  # noqa: ANN401  # a condition
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end:
        if holds():
            return
        threading.Event().wait(0.1)
    logs = [path.read_text()[-1500:] for path in sorted(folder.glob("replica*.log"))]
    pytest.fail("\n".join(logs))


def asked(server: ApiServer, image: str) -> httpx.Response:
    one = pod(image)
    one["metadata"] = {"name": "steady", "namespace": SPACE}
    return server.client.post(f"/api/v1/namespaces/{SPACE}/pods?dryRun=All", json=one)


def bundle(server: ApiServer) -> str:
    path = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"
    webhooks = server.get(f"{path}/{WEBHOOK}")["webhooks"]
    first, second = (one["clientConfig"]["caBundle"] for one in webhooks)
    assert first == second
    return str(first)


def test_the_certificate_is_replaced_again_and_again_without_a_refused_request(
    api_server: ApiServer, image: str
) -> None:
    path = f"/api/v1/namespaces/{SPACE}/secrets/gate-tls"
    shown = {api_server.get(path)["data"]["tls.crt"]}
    count = 0
    end = time.monotonic() + _SECONDS
    while len(shown) <= _ROTATIONS and time.monotonic() < end:
        for _ in range(10):
            answer = asked(api_server, image)
            assert answer.is_success, answer.text
            count += 1
        shown.add(api_server.get(path)["data"]["tls.crt"])
    assert len(shown) == _ROTATIONS + 1
    assert count >= 20
    assert bundle(api_server)


def test_the_account_has_no_right_to_any_other_secret_or_webhook(
    api_server: ApiServer, image: str
) -> None:
    assert image
    account = f"--as=system:serviceaccount:{SPACE}:gate"
    mine = ("secrets/gate-tls", f"validatingwebhookconfigurations/{WEBHOOK}")
    others = ("secrets/other", "secrets", "validatingwebhookconfigurations/other", "pods")
    told = {}
    for verb in ("get", "update", "patch", "delete", "create", "list"):
        for what in (*mine, *others):
            done = api_server.kubectl("auth", "can-i", verb, what, "-n", SPACE, account)
            told[verb, what] = done.stdout.strip() == "yes"
    assert {key for key, holds in told.items() if holds} == {
        *(("get", what) for what in mine),
        ("update", "secrets/gate-tls"),
        ("patch", mine[1]),
    }
