"""Namespaces that are watched by their labels, on the newest and the oldest API server.

gate asks as the account of the chart, with the chart's rights; the API server asks gate by the
chart's webhooks.
"""

from __future__ import annotations

import base64
import json
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from gate.keys.public import public_pem
from tests.builders.admission import POLICY, Shelf
from tests.interop.kubernetes.api_server import ApiServer, as_account, free_ports, started
from tests.interop.kubernetes.certificates import Authority
from tests.interop.kubernetes.charts import give_rights, rendered
from tests.interop.kubernetes.serving import pushed_images, serving, write_pair
from tests.interop.tools import KUBECTL, OLDEST, required_oldest

SYSTEM: Final = "gate-watched"
PLATFORM: Final = "system:serviceaccount:platform:spaces"
AS_PLATFORM: Final = (f"--as={PLATFORM}", "--as-group=system:masters")
_SECONDS: Final = 60


def policy(key: str) -> str:
    rule = f"{{labels: {{{key}: audit}}, set-by: ['{PLATFORM}']}}"
    return f"{POLICY}admission: {{audit-labels: {rule}}}\n"


KEY: Final = "acme.example/gate"
"""Whose webhook asks gate."""
ALONE: Final = "acme.example/alone"
"""Whose webhook asks nobody that answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An API server that asks gate."""

    server: ApiServer
    bare: str
    """An image without a pass."""

    def run(self, *arguments: str, stdin: object = None) -> subprocess.CompletedProcess[str]:
        return self.server.kubectl(*arguments, stdin=json.dumps(stdin) if stdin else "")

    def pod(self, space: str, name: str, *more: str) -> subprocess.CompletedProcess[str]:
        made = {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": name, "namespace": space},
            "spec": {"containers": [{"name": "c", "image": self.bare}]},
        }
        return self.run("create", "-f", "-", *more, stdin=made)

    def create(self, name: str, *more: str, **labels: str) -> subprocess.CompletedProcess[str]:
        return self.run("create", "-f", "-", *more, stdin=namespace(name, labels))

    def wait(self, word: str, *arguments: str, stdin: object = None) -> None:
        """Wait until kubectl's output has a word: API servers read webhooks from time to time."""
        end = time.monotonic() + _SECONDS
        while time.monotonic() < end:
            done = self.run(*arguments, stdin=stdin)
            if word in done.stdout + done.stderr:
                return
            threading.Event().wait(0.1)
        pytest.fail(f"{word!r} is not in {done.stdout + done.stderr!r}")


def namespace(name: str, labels: dict[str, str]) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}


@pytest.fixture(scope="module", params=[KUBECTL, OLDEST])
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("watched")
    shelf, authority = Shelf(), Authority.new()
    images = pushed_images(folder, shelf, datetime.now(UTC).replace(microsecond=0))
    write_pair(authority, folder / "tls.crt", folder / "tls.key")
    (folder / "gate.pub").write_bytes(public_pem(shelf.key.public_key()))
    (folder / "admit.yaml").write_text(policy(KEY))
    (folder / "server").mkdir()
    (port, nobody) = free_ports(2)
    with ExitStack() as stack:
        program = required_oldest("kube-apiserver") if request.param == OLDEST else None
        server = stack.enter_context(started(folder / "server", program=program))
        assert server.get("/version")["gitVersion"] == f"v{request.param}"
        assert server.kubectl("create", "namespace", SYSTEM).returncode == 0
        give_rights(server, SYSTEM, {"policy": policy(KEY)})
        account = str(as_account(server, SYSTEM, "gate"))
        options = ("--kubeconfig", account, "--audit-events")
        stack.enter_context(serving(folder, port, authority, folder / "ca.pem", *options))
        made = Place(server=server, bare=images["bare"])
        for key, where in ((KEY, port), (ALONE, nobody)):
            done = made.run("apply", "-f", "-", stdin=_webhooks(key, where, authority))
            assert done.returncode == 0, done.stderr
            word = "denied the request" if key == KEY else "failed calling webhook"
            probe = namespace("probe", {key: "audit"})
            made.wait(word, "create", "--dry-run=server", "-f", "-", stdin=probe)
        yield made


def _webhooks(key: str, port: int, authority: Authority) -> dict[str, Any]:
    """Return the chart's webhooks, called at a port; of the label alone where nobody answers."""
    (found,) = (
        one
        for one in rendered(SYSTEM, {"policy": policy(key)})
        if one["kind"] == "ValidatingWebhookConfiguration"
    )
    found["metadata"]["name"] += f"-{key.rpartition('/')[2]}"
    bundle = base64.b64encode(authority.pem).decode()
    for one in found["webhooks"]:
        one["clientConfig"] = {"url": f"https://127.0.0.1:{port}/validate", "caBundle": bundle}
    found["webhooks"] = found["webhooks"][0 if key == KEY else 1 :]
    return found


def test_who_is_not_named_cannot_open_a_namespace_on_any_way(place: Place) -> None:
    assert place.create("shop", owner="someone").returncode == 0
    labelled = namespace("shop", {KEY: "audit"})
    patch = json.dumps({"metadata": {"labels": {KEY: "audit"}}})
    tried = {
        "create": place.create("other", **{KEY: "audit"}),
        "label": place.run("label", "namespace", "shop", f"{KEY}=audit"),
        "apply": place.run("apply", "--server-side", "-f", "-", stdin=labelled),
        "status": place.run("patch", "namespace", "shop", "--subresource=status", "-p", patch),
    }
    for way, done in tried.items():
        assert "denied the request: [admission-audit-labels] " in done.stderr, way
        assert f"the label {KEY}=audit decides" in done.stderr
    page = Path(__file__).parents[3].joinpath("docs/admission.md").read_text()
    shown = tried["label"].stderr.strip().replace("and admin may", "and kubernetes-admin may")
    assert shown in page
    live = place.server.get("/api/v1/namespaces/shop")
    live["metadata"]["labels"][KEY] = "audit"
    answer = place.server.client.put("/api/v1/namespaces/shop/finalize", json=live)
    assert "[admission-audit-labels]" in answer.text
    assert KEY not in place.server.get("/api/v1/namespaces/shop")["metadata"]["labels"]
    assert "[pass-absent]" in place.pod("shop", "web").stderr


def test_without_the_guard_labels_can_be_written_by_way_of_each_subresource(place: Place) -> None:
    """What the rules of the webhook are for: another label goes in by all of these ways."""
    assert place.create("ways").returncode == 0
    patch = json.dumps({"metadata": {"labels": {"a": "b"}}})
    done = place.run("patch", "namespace", "ways", "--subresource=status", "-p", patch)
    assert done.returncode == 0, done.stderr
    live = place.server.get("/api/v1/namespaces/ways")
    assert live["metadata"]["labels"]["a"] == "b"
    live["metadata"]["labels"]["c"] = "d"
    assert place.server.client.put("/api/v1/namespaces/ways/finalize", json=live).is_success
    assert place.server.get("/api/v1/namespaces/ways")["metadata"]["labels"]["c"] == "d"


def test_where_the_platform_opened_a_namespace_a_refusal_is_a_warning_and_an_event(
    place: Place,
) -> None:
    done = place.create("play", *AS_PLATFORM, **{KEY: "audit"})
    assert done.returncode == 0, done.stderr
    tried = place.pod("play", "tried", "--dry-run=server")
    done = place.pod("play", "miner")
    for one in (tried, done):
        assert one.returncode == 0, one.stderr
        assert one.stderr.startswith("Warning: gate would refuse this: [pass-absent]")
    place.wait("WouldBeRefused", "-n", "play", "describe", "pod", "miner")
    events = place.server.get("/api/v1/namespaces/play/events")["items"]
    live = place.server.get("/api/v1/namespaces/play/pods/miner")
    ours = [one["involvedObject"] for one in events if one["source"].get("component") == "gate"]
    assert [(one["name"], one["uid"]) for one in ours] == [("miner", live["metadata"]["uid"])]


def test_who_owns_a_namespace_may_close_it_again_and_not_open_it(place: Place) -> None:
    assert place.create("closed", *AS_PLATFORM, **{KEY: "audit"}).returncode == 0
    assert place.pod("closed", "one").returncode == 0
    assert place.run("label", "namespace", "closed", "a=b").returncode == 0
    assert place.run("label", "namespace", "closed", f"{KEY}-").returncode == 0
    made = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "two", "namespace": "closed"},
        "spec": {"containers": [{"name": "c", "image": place.bare}]},
    }
    place.wait("[pass-absent]", "create", "--dry-run=server", "-f", "-", stdin=made)
    done = place.run("label", "namespace", "closed", f"{KEY}=audit")
    assert "[admission-audit-labels]" in done.stderr


def test_while_gate_does_not_answer_namespaces_are_made_changed_and_deleted(place: Place) -> None:
    done = place.create("alone", **{ALONE: "audit"})
    assert "failed calling webhook" in done.stderr
    assert place.create("alone", **{ALONE: "enforce"}).returncode == 0
    assert place.run("label", "namespace", "alone", "a=b").returncode == 0
    done = place.run("label", "namespace", "alone", "--overwrite", f"{ALONE}=audit")
    assert "failed calling webhook" in done.stderr
    assert place.run("delete", "namespace", "alone", "--wait=false").returncode == 0
    live = place.server.get("/api/v1/namespaces/alone")
    live["spec"]["finalizers"] = []
    assert place.server.client.put("/api/v1/namespaces/alone/finalize", json=live).is_success


def test_gates_account_may_read_namespaces_and_create_events_and_nothing_else(
    place: Place,
) -> None:
    account = f"--as=system:serviceaccount:{SYSTEM}:gate"

    def may(*asked: str) -> bool:
        return place.run("auth", "can-i", account, *asked).stdout.strip() == "yes"

    assert may("get", "namespaces")
    assert may("create", "events", "-n", "play")
    for verb in ("list", "watch", "create", "update", "patch", "delete"):
        assert not may(verb, "namespaces")
    for verb in ("get", "list", "update", "patch", "delete"):
        assert not may(verb, "events", "-n", "play")
    for what in ("secrets", "pods", "configmaps", "deployments.apps"):
        assert not may("get", what, "-n", "play")
