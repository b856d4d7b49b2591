"""`gate serve` behind a real API server, with real controllers: what is let in, and what is not.

The server is a process of its own, as it is installed, and has its images in layout folders.
"""

from __future__ import annotations

import base64
import json
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from typer.testing import CliRunner

from gate.cli.app import app
from gate.keys.private import private_pem
from gate.keys.public import public_pem
from tests.builders.admission import POLICY, Shelf
from tests.interop.kubernetes.api_server import ApiServer, free_ports
from tests.interop.kubernetes.certificates import Authority
from tests.interop.kubernetes.controllers import controllers
from tests.interop.kubernetes.serving import HOST, pushed_images, serving, write_pair
from tests.interop.tools import KUBECTL, OLDEST, required_oldest

SPACE: Final = "door"
PINNED: Final = "pinned"
"""The namespace whose tags are pinned."""
SPACES: Final = (SPACE, "watched", PINNED)
NAME: Final = "gate.test.example"
_SECONDS: Final = 60
UNKNOWN_VOLUME: Final = 'unknown field "spec.volumes[0].image"'
RULES: Final = (
    (
        "",
        "v1",
        ("pods", "pods/ephemeralcontainers", "replicationcontrollers", "podtemplates"),
    ),
    ("apps", "v1", ("deployments", "replicasets", "statefulsets", "daemonsets")),
    ("batch", "v1", ("jobs", "cronjobs")),
    ("ops.example.org", "v1", ("brokers",)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """An API server that asks gate, and the images that there are."""

    server: ApiServer
    has_image_volumes: bool
    """Which the oldest version does not know."""
    url: str
    good: str
    """Has a pass, which covers the sidecar too."""
    sidecar: str
    bare: str
    """Has no pass."""
    staging: str
    """Has a pass for staging."""
    aged: str
    """Has a pass of a year ago."""
    ended: str
    """Has a pass that the list of ended passes names."""
    certificate: Path
    key: Path
    authority: Authority

    def apply(self, manifest: dict[str, Any], *more: str) -> subprocess.CompletedProcess[str]:
        return self.server.kubectl("apply", *more, "-f", "-", stdin=json.dumps(manifest))

    def wait(self, path: str, field: str, wanted: object) -> None:
        """Wait until a field of an object, such as `status.replicas`, has a value."""
        end = time.monotonic() + _SECONDS
        pause = threading.Event()
        found: Any = None
        while time.monotonic() < end:
            found = self.server.get(path)
            for part in field.split("."):
                found = found.get(part) if isinstance(found, dict) else None
            if found == wanted:
                return
            pause.wait(0.1)
        pytest.fail(f"{field} of {path} is {found!r}, and not {wanted!r}")


@pytest.fixture(scope="module", params=[KUBECTL, OLDEST])
def world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("door")
    if request.param == KUBECTL:
        yield from _world(folder, request.getfixturevalue("api_server"), None)
        return
    manager = required_oldest("kube-controller-manager")
    yield from _world(folder, request.getfixturevalue("oldest_api_server"), manager)


def _world(folder: Path, api_server: ApiServer, manager: str | None) -> Iterator[World]:
    shelf = Shelf()
    now = datetime.now(UTC).replace(microsecond=0)
    images = pushed_images(folder, shelf, now)
    authority = Authority.new()
    certificate, key = folder / "tls.crt", folder / "tls.key"
    write_pair(authority, certificate, key)
    (folder / "gate.pub").write_bytes(public_pem(shelf.key.public_key()))
    (folder / "admit.yaml").write_text(
        f"{POLICY}manifests:\n  profile: baseline\n  images: [{{kind: Broker, path: spec.runs}}]\n"
        "admission: {audit: [watched]}\n"
        f"revocations: {{from: {HOST}/security/revocations:1, by: [gate], max-age: 1d}}\n"
    )
    _end_passes(folder, shelf, images["ended"])
    (port,) = free_ports(1)
    url = f"https://127.0.0.1:{port}"
    with serving(folder, port, authority, folder / "ca.pem", "--mutate-digests"):
        for space in SPACES:
            assert api_server.kubectl("create", "namespace", space).returncode == 0
        assert (
            api_server.kubectl("apply", "-f", "-", stdin=json.dumps(_definition())).returncode == 0
        )
        stuck = _pod("stuck", images["bare"])
        stuck["metadata"]["finalizers"] = ["example.org/hold"]
        assert api_server.kubectl("apply", "-f", "-", stdin=json.dumps(stuck)).returncode == 0
        ca = (folder / "ca.pem").read_bytes()
        for configuration in (_webhook(url, ca), _pinning(url, ca)):
            done = api_server.kubectl("apply", "-f", "-", stdin=json.dumps(configuration))
            assert done.returncode == 0, done.stderr
        try:
            with controllers(api_server, folder, program=manager):
                made = World(
                    server=api_server,
                    has_image_volumes=manager is None,
                    url=url,
                    certificate=certificate,
                    key=key,
                    authority=authority,
                    **images,
                )
                _wait_for_the_door(made)
                yield made
        finally:
            both = "validatingwebhookconfiguration,mutatingwebhookconfiguration"
            api_server.kubectl("delete", both, NAME)
            api_server.kubectl("delete", "namespace", *SPACES, "--wait=false")


def _end_passes(folder: Path, shelf: Shelf, image: str) -> None:
    """Write the list of ended passes, with every pass of an image."""
    (folder / "gate.key").write_bytes(private_pem(shelf.key))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("XDG_STATE_HOME", str(folder))
        options = ("-p", "admit.yaml", "--key", "gate.key", "--layout", f"{HOST}=images")
        for more in (("--create",), ("--image", image, "--reason", "the signing job was taken")):
            done = CliRunner().invoke(app, ["revoke", *options, *more])
            assert done.exit_code == 0, done.output


def _wait_for_the_door(world: World) -> None:
    """Wait until the API server has read the webhook's configuration."""
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end:
        if world.apply(_pod("probe", world.bare), "--dry-run=server").returncode != 0:
            return
        threading.Event().wait(0.1)
    pytest.fail("the API server does not ask gate")


def _webhook(url: str, ca: bytes) -> dict[str, Any]:
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingWebhookConfiguration",
        "metadata": {"name": NAME},
        "webhooks": [
            {
                "name": NAME,
                "admissionReviewVersions": ["v1"],
                "sideEffects": "None",
                "failurePolicy": "Fail",
                "timeoutSeconds": 10,
                "clientConfig": {
                    "url": f"{url}/validate",
                    "caBundle": base64.b64encode(ca).decode(),
                },
                "namespaceSelector": {
                    "matchExpressions": [
                        {
                            "key": "kubernetes.io/metadata.name",
                            "operator": "In",
                            "values": list(SPACES),
                        }
                    ]
                },
                "rules": [
                    {
                        "apiGroups": [group],
                        "apiVersions": [version],
                        "operations": ["CREATE", "UPDATE"],
                        "resources": list(resources),
                    }
                    for group, version, resources in RULES
                ],
            }
        ],
    }


def _pinning(url: str, ca: bytes) -> dict[str, Any]:
    """Return the mutating twin, for one namespace."""
    made = _webhook(url.replace("/validate", ""), ca)
    made["kind"] = "MutatingWebhookConfiguration"
    (one,) = made["webhooks"]
    one["clientConfig"]["url"] = f"{url}/mutate"
    one["namespaceSelector"] = {"matchLabels": {"kubernetes.io/metadata.name": PINNED}}
    one["reinvocationPolicy"] = "IfNeeded"
    return made


def _definition() -> dict[str, Any]:
    schema = {
        "type": "object",
        "properties": {"spec": {"type": "object", "properties": {"runs": {"type": "string"}}}},
    }
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "brokers.ops.example.org"},
        "spec": {
            "group": "ops.example.org",
            "scope": "Namespaced",
            "names": {"plural": "brokers", "kind": "Broker"},
            "versions": [
                {
                    "name": "v1",
                    "served": True,
                    "storage": True,
                    "schema": {"openAPIV3Schema": schema},
                }
            ],
        },
    }


def _spec(*images: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401  # fields of a pod
    return {
        "containers": [{"name": f"c{n}", "image": image} for n, image in enumerate(images)],
        **more,
    }


def _object(kind: str, version: str, name: str, spec: dict[str, Any]) -> dict[str, Any]:
    metadata = {"name": name, "namespace": SPACE}
    return {"apiVersion": version, "kind": kind, "metadata": metadata, "spec": spec}


def _pod(name: str, *images: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401  # fields of a pod
    return _object("Pod", "v1", name, _spec(*images, **more))


def _template(image: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401  # fields of a pod
    return {
        "selector": {"matchLabels": {"app": "web"}},
        "template": {"metadata": {"labels": {"app": "web"}}, "spec": _spec(image, **more)},
    }


def _job(image: str) -> dict[str, Any]:
    return {"template": {"spec": _spec(image, restartPolicy="Never")}}


def workload(kind: str, name: str, image: str) -> dict[str, Any]:
    volume = {"name": "v", "image": {"reference": image}}
    nightly = {"schedule": "0 3 * * *", "jobTemplate": {"spec": _job(image)}}
    kinds = {
        "StatefulSet": ("apps/v1", {**_template(image), "serviceName": "web"}),
        "Job": ("batch/v1", _job(image)),
        "CronJob": ("batch/v1", nightly),
        "Broker": ("ops.example.org/v1", {"runs": image}),
        "Pod": ("v1", _spec(image)),
        "image volume": ("v1", _spec(image, volumes=[volume])),
    }
    version, spec = kinds.get(kind, ("apps/v1", _template(image)))
    return _object("Pod" if version == "v1" else kind, version, name, spec)


KINDS: Final = (
    *("Pod", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob"),
    *("Broker", "image volume"),
)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_let_in_with_a_pass_and_refused_without(world: World, kind: str) -> None:
    name = kind.lower().replace(" ", "-")
    done = world.apply(workload(kind, name, world.good), "--dry-run=server")
    if kind == "image volume" and not world.has_image_volumes:
        assert UNKNOWN_VOLUME in done.stderr
        return
    assert done.returncode == 0, done.stderr
    for image, code in ((world.bare, "pass-absent"), (world.staging, "pass-wrong-environment")):
        done = world.apply(workload(kind, name, image), "--dry-run=server")
        assert done.returncode == 1
        assert f'admission webhook "{NAME}" denied the request: [{code}]' in done.stderr
        assert image in done.stderr


def test_what_kubectl_shows_is_what_the_documentation_shows(world: World) -> None:
    done = world.server.kubectl(
        "create", "-f", "-", stdin=json.dumps(workload("Deployment", "web", world.bare))
    )
    shown = done.stderr.strip().replace(NAME, "admit.gate.internal").replace("STDIN", "web.yaml")
    digest = world.bare.rpartition("@")[2]
    page = Path(__file__).parents[3].joinpath("docs/admission.md").read_text()
    assert shown.replace(digest, "sha256:…") in page


def test_a_tag_is_refused_with_the_way_to_pin_it(world: World) -> None:
    done = world.apply(_pod("tagged", f"{HOST}/acme/good:1"), "--dry-run=server")
    assert "[digest-required]" in done.stderr
    assert "gate pin" in done.stderr


@pytest.mark.parametrize("kind", [*(kind for kind in KINDS if kind != "Broker"), "init"])
def test_a_tag_is_pinned_where_that_is_asked_for_and_its_image_is_judged(
    world: World, kind: str
) -> None:
    for image, code in ((world.good, ""), (world.bare, "pass-absent")):
        tag = image.partition("@")[0] + ":1"
        made = workload("Pod" if kind == "init" else kind, kind.lower().replace(" ", "-"), tag)
        if kind == "init":
            made["spec"]["initContainers"] = [{"name": "i", "image": tag}]
        made["metadata"]["namespace"] = PINNED
        done = world.apply(made, "--dry-run=server", "-o", "json")
        if kind == "image volume" and not world.has_image_volumes:
            assert UNKNOWN_VOLUME in done.stderr
        elif code:
            assert f"[{code}]" in done.stderr
        else:
            assert done.returncode == 0, done.stderr
            assert f'"{tag}@{image.rpartition("@")[2]}"' in done.stdout
            assert f'"{tag}"' not in done.stdout.partition('"spec": {')[2]


def test_a_tag_that_nobody_can_resolve_stays_and_is_refused_with_the_reason(world: World) -> None:
    lost = _pod("lost", f"{HOST}/acme/nowhere:1")
    lost["metadata"]["namespace"] = PINNED
    done = world.apply(lost, "--dry-run=server")
    assert done.returncode == 1
    assert "Warning: gate: [" in done.stderr
    assert "[digest-required]" in done.stderr


def test_who_applies_a_tag_again_changes_nothing_on_the_server(world: World) -> None:
    tag = world.good.partition("@")[0] + ":1"
    made = workload("Deployment", "again", tag)
    made["metadata"]["namespace"] = PINNED
    path = f"/apis/apps/v1/namespaces/{PINNED}/deployments/again"
    specs = []
    for more in ((), (), ("--server-side", "--force-conflicts"), ("--server-side",)):
        done = world.apply(made, *more)
        assert done.returncode == 0, done.stderr
        specs.append(world.server.get(path)["spec"])
    (container,) = specs[0]["template"]["spec"]["containers"]
    assert container["image"] == f"{tag}@{world.good.rpartition('@')[2]}"
    assert specs == [specs[0]] * 4
    world.server.kubectl("-n", PINNED, "delete", "deployment", "again")


def test_a_field_that_the_policy_alone_knows_is_not_written(world: World) -> None:
    made = workload("Broker", "broker", world.good.partition("@")[0] + ":1")
    made["metadata"]["namespace"] = PINNED
    done = world.apply(made, "--dry-run=server")
    assert done.returncode == 1
    assert "Warning: gate: [cannot-pin]" in done.stderr
    assert "[digest-required]" in done.stderr


def test_a_deployment_gets_its_pods_and_loses_them(world: World) -> None:
    path = f"/apis/apps/v1/namespaces/{SPACE}/deployments/runs"
    assert world.apply(workload("Deployment", "runs", world.good)).returncode == 0
    world.wait(path, "status.replicas", 1)
    patch = {
        "spec": {"template": {"spec": {"initContainers": [{"name": "i", "image": world.bare}]}}}
    }
    added = ("patch", "deployment", "runs", "-n", SPACE, "-p", json.dumps(patch))
    done = world.server.kubectl(*added)
    assert done.returncode == 1
    assert "[pass-absent] container i: " in done.stderr
    swapped = ("set", "image", "deployment/runs", f"c0={world.bare}", "-n", SPACE)
    assert "[pass-absent]" in world.server.kubectl(*swapped).stderr
    scaled = world.server.kubectl("scale", "deployment/runs", "--replicas=2", "-n", SPACE)
    assert scaled.returncode == 0, scaled.stderr
    world.wait(path, "status.replicas", 2)
    assert world.server.kubectl("delete", "deployment", "runs", "-n", SPACE).returncode == 0


def test_an_ephemeral_container_is_judged(world: World) -> None:
    assert world.apply(_pod("debugged", world.good)).returncode == 0
    for image, word in ((world.bare, "[pass-absent]"), (world.sidecar, "")):
        body = {"spec": {"ephemeralContainers": [{"name": "e", "image": image}]}}
        answer = world.server.client.patch(
            f"/api/v1/namespaces/{SPACE}/pods/debugged/ephemeralcontainers",
            json=body,
            headers={"content-type": "application/strategic-merge-patch+json"},
        )
        assert answer.is_success is not bool(word), answer.text
        assert word in answer.text


def test_what_was_stored_before_gate_came_can_be_let_go_and_deleted(world: World) -> None:
    stuck = ("pod", "stuck", "-n", SPACE)
    label = world.server.kubectl("label", *stuck, "a=b")
    assert "[pass-absent]" in label.stderr
    assert world.server.kubectl("delete", *stuck, "--wait=false").returncode == 0
    free = ("--type=merge", "-p", '{"metadata":{"finalizers":[]}}')
    done = world.server.kubectl("patch", *stuck, *free)
    assert done.returncode == 0, done.stderr


def test_the_age_of_a_pass_counts_for_people_and_not_for_controllers(world: World) -> None:
    done = world.apply(workload("ReplicaSet", "aged", world.aged))
    assert "[pass-too-old]" in done.stderr
    forged = _pod("forged", world.aged)
    forged["metadata"]["ownerReferences"] = [
        {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "r", "uid": "1", "controller": True}
    ]
    assert "[pass-too-old]" in world.apply(forged).stderr
    account = "--as=system:serviceaccount:kube-system:replicaset-controller"
    done = world.server.kubectl(
        "create", account, "--as-group=system:masters", "--dry-run=server", "-f", "-",
        stdin=json.dumps(_pod("again", world.aged)),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_a_pass_that_somebody_ended_lets_nothing_in(world: World) -> None:
    done = world.apply(_pod("ended", world.ended), "--dry-run=server")
    assert "denied the request: [pass-revoked] container c0: " in done.stderr
    assert "the signing job was taken" in done.stderr
    account = "--as=system:serviceaccount:kube-system:replicaset-controller"
    again = ("create", account, "--as-group=system:masters", "--dry-run=server", "-f", "-")
    done = world.server.kubectl(*again, stdin=json.dumps(_pod("ended", world.ended)))
    assert "[pass-revoked]" in done.stderr


def test_a_namespace_that_is_watched_gets_a_warning(world: World) -> None:
    pod = _pod("watched", world.bare)
    pod["metadata"]["namespace"] = "watched"
    done = world.apply(pod, "--dry-run=server")
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("Warning: gate would refuse this: [pass-absent]")


def test_an_image_that_cannot_be_looked_at_is_said_to_be_unknown(world: World) -> None:
    lost = world.bare.replace("/acme/bare", "/acme/lost")
    done = world.apply(_pod("lost", lost), "--dry-run=server")
    assert done.returncode == 1
    assert "gate could not tell, and denies: [" in done.stderr


def test_a_certificate_is_replaced_without_a_refused_request(world: World) -> None:
    taken = threading.Event()
    failed: list[str] = []

    def ask() -> None:
        while not taken.is_set():
            done = world.apply(_pod("steady", world.good), "--dry-run=server")
            if done.returncode:
                failed.append(done.stderr)

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        for _ in range(2):
            log = world.certificate.with_name("serve.log")
            before = log.read_text().count("certificate-taken")
            write_pair(world.authority, world.certificate, world.key)
            _wait_for_reload(log, before)
    finally:
        taken.set()
        asking.join()
    assert failed == []


def _wait_for_reload(log: Path, before: int) -> None:
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end:
        if log.read_text().count("certificate-taken") > before:
            return
        threading.Event().wait(0.1)
    pytest.fail(f"the certificate was not taken: {log.read_text()[-2000:]}")
