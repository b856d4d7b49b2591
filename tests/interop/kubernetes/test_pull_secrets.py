"""`gate serve` with the pull secrets of one namespace, behind a real API server with its RBAC.

The registry lets nobody in without a login, and gate has none of its own.
"""

from __future__ import annotations

import json
import subprocess
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from tests.acceptance import door as doors
from tests.fakes.registry import FakeRegistry
from tests.interop.kubernetes.api_server import ApiServer
from tests.interop.kubernetes.charts import CHART, VALUES, helm
from tests.interop.kubernetes.doors import door
from tests.interop.tools import KUBECTL

SPACE: Final = "pulls"
OTHER: Final = "pulls-other"
LOGIN: Final = ("puller", "canary-of-the-password")
OPTED_IN: Final = {"pullSecrets": [{"namespace": SPACE, "secrets": ["regcred", "odd"]}]}


@dataclass(frozen=True)
class Pulls:
    """An API server that asks gate about two namespaces, of which one opted in."""

    server: ApiServer
    image: str
    folder: Path

    def apply(
        self, name: str, space: str = SPACE, **spec: object
    ) -> subprocess.CompletedProcess[str]:
        """Ask for a Deployment, and let nothing be stored. Each has a label of its own."""
        template = {
            "metadata": {"labels": {"app": name}},
            "spec": {"containers": [{"name": "web", "image": self.image}], **spec},
        }
        one = {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": name, "namespace": space},
            "spec": {"selector": {"matchLabels": {"app": name}}, "template": template},
        }
        done = self.server.kubectl("apply", "--dry-run=server", "-f", "-", stdin=json.dumps(one))
        assert LOGIN[1] not in done.stderr + done.stdout
        return done

    @property
    def log(self) -> str:
        return (self.folder / "gate.log").read_text()


def _secret(name: str, space: str, host: str) -> dict[str, Any]:
    auth = b64encode(":".join(LOGIN).encode()).decode()
    content = json.dumps({"auths": {host: {"auth": auth}}})
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": name, "namespace": space},
        "type": "kubernetes.io/dockerconfigjson",
        "stringData": {".dockerconfigjson": content},
    }


def _objects(host: str) -> list[dict[str, Any]]:
    opaque = _secret("odd", SPACE, host)
    opaque["type"] = "Opaque"
    named = (("puller", "regcred"), ("default", ""))
    accounts = [
        {
            "apiVersion": "v1",
            "kind": "ServiceAccount",
            "metadata": {"name": name, "namespace": SPACE},
            "imagePullSecrets": [{"name": secret}] if secret else [],
        }
        for name, secret in named
    ]
    return [
        _secret("regcred", SPACE, host),
        _secret("unlisted", SPACE, host),
        _secret("regcred", OTHER, host),
        _secret("elsewhere", OTHER, host),
        opaque,
        *accounts,
    ]


def _account(server: ApiServer, folder: Path) -> Path:
    """Give gate the rights of the chart, and return a kubeconfig of its account."""
    done = helm(
        *("template", "gate", str(CHART), "--namespace", OTHER, "--kube-version", KUBECTL),
        values={**VALUES, **OPTED_IN},
    )
    assert done.returncode == 0, done.stderr
    wanted = ("ServiceAccount", "Role", "RoleBinding")
    rights = [one for one in yaml.safe_load_all(done.stdout) if one and one["kind"] in wanted]
    taken = server.kubectl("apply", "-f", "-", stdin=yaml.safe_dump_all(rights))
    assert taken.returncode == 0, taken.stderr
    config = json.loads(server.kubeconfig.read_text())
    token = server.kubectl("-n", OTHER, "create", "token", "gate").stdout.strip()
    config["users"][0]["user"] = {"token": token}
    path = folder / "account.json"
    path.write_text(json.dumps(config))
    return path


@pytest.fixture(scope="module")
def pulls(api_server: ApiServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pulls]:
    folder = tmp_path_factory.mktemp("pulls")
    with FakeRegistry() as registry:
        image = f"{registry.host}/acme/shop@{registry.image('acme/shop', '1.0')}"
        doors.door(folder, registry.host, image)
        policy = folder / "admit.yaml"
        policy.write_text(policy.read_text().partition("revocations:")[0])
        registry.login = LOGIN
        for space in (SPACE, OTHER):
            assert api_server.kubectl("create", "namespace", space).returncode == 0
        done = api_server.kubectl(
            "apply", "-f", "-", stdin=yaml.safe_dump_all(_objects(registry.host))
        )
        assert done.returncode == 0, done.stderr
        options = (
            *("--policy=admit.yaml", f"--plain-http={registry.host}", f"--pull-secrets={SPACE}"),
            f"--kubeconfig={_account(api_server, folder)}",
        )
        with door(api_server, folder, SPACE, *options, also=[OTHER]):
            yield Pulls(api_server, image, folder)
    api_server.kubectl("delete", "namespace", SPACE, OTHER, "--wait=false")


def test_an_image_that_its_pod_may_pull_is_let_in(pulls: Pulls) -> None:
    for name, spec in (
        ("own", {"imagePullSecrets": [{"name": "regcred"}]}),
        ("account", {"serviceAccountName": "puller"}),
        ("second", {"imagePullSecrets": [{"name": "missing"}, {"name": "regcred"}]}),
    ):
        done = pulls.apply(name, **spec)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("name", "space", "spec"),
    [
        ("none", SPACE, {}),
        ("another-account", SPACE, {"serviceAccountName": "default"}),
        ("of-another-namespace", SPACE, {"imagePullSecrets": [{"name": "elsewhere"}]}),
        ("not-in-the-role", SPACE, {"imagePullSecrets": [{"name": "unlisted"}]}),
        ("of-another-type", SPACE, {"imagePullSecrets": [{"name": "odd"}]}),
        ("not-opted-in", OTHER, {"imagePullSecrets": [{"name": "regcred"}]}),
        ("a-path", SPACE, {"imagePullSecrets": [{"name": "../../pulls-other/secrets/regcred"}]}),
    ],
)
def test_an_image_is_not_looked_at_with_what_its_pod_cannot_pull_by(
    pulls: Pulls, name: str, space: str, spec: dict[str, object]
) -> None:
    """Also after the image was let in for another pod: an answer is held for its secrets alone."""
    assert pulls.apply("first", imagePullSecrets=[{"name": "regcred"}]).returncode == 0
    done = pulls.apply(name, space, **spec)
    assert done.returncode == 1
    assert "gate could not tell, and denies: [" in done.stderr


def test_a_secret_that_may_not_be_read_is_logged_by_its_name_and_none_by_its_content(
    pulls: Pulls,
) -> None:
    pulls.apply("logged", imagePullSecrets=[{"name": "unlisted"}, {"name": "regcred"}])
    end = time.monotonic() + 30
    while '"unlisted"' not in pulls.log and time.monotonic() < end:
        threading.Event().wait(0.05)  # the log is written a few times a second
    lines = pulls.log.splitlines(keepends=True)
    told = [json.loads(x) for x in lines if "pull-secret-unused" in x and x.endswith("\n")]
    named = {(one["namespace"], one["name"], one["code"]) for one in told}
    assert (SPACE, "unlisted", "cluster-object-denied") in named
    assert {space for space, _, _ in named} == {SPACE}
    encoded = b64encode(":".join(LOGIN).encode()).decode()
    assert LOGIN[1] not in pulls.log
    assert encoded not in pulls.log
