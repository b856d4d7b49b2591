"""What `gate export vap` writes is enforced by a real API server, and agrees with gate."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from typing import Any, Final

import pytest

from gate.checks import CHECKS
from gate.export.vap import export_vap
from gate.lint.settings import check_rules
from gate.model.image import ImageReference
from gate.policy.document import Policy
from gate.policy.load import load_policy
from tests.interop.kubernetes.api_server import ApiServer

NAMESPACE: Final = "exported"
HEX: Final = "a" * 64
POLICY: Final = """\
version: 1
registries: {allow: [ghcr.io/acme, docker.io/library, "localhost:5000"]}
images:
  - match: ghcr.io/acme/**/base
    digest: required
  - match: "ghcr.io/acme/sh*"
    digest: required
  - match: docker.io/library/**
    digest: required
  - match: "localhost:5000/**"
    digest: required
manifests: {profile: baseline, block: [privilege-escalation-container]}
"""
NAMES: Final = (
    *("ghcr.io/acme/shop", "ghcr.io/acme/a/b/base", "ghcr.io/acme/base", "ghcr.io/acme/other"),
    *(
        "ghcr.io/acme-evil/shop",
        "ghcr.io/acmeXshop",
        "ghcrXio/acme/shop",
        "docker.io/library/nginx",
    ),
    *("nginx", "library/nginx", "docker.io/library.evil/nginx", "localhost:5000/a/b", "localhost"),
    *("ghcr.io/acme/shop/below", "evil.example/ghcr.io/acme/shop", "ghcr.io/acme/shopping"),
)
ENDS: Final = ("", ":1.0", f"@sha256:{HEX}", f":1.0@sha256:{HEX}", f"@sha256:{HEX}0")
RESOURCES: Final = {
    "Pod": ("v1", "pods"),
    "ReplicationController": ("v1", "replicationcontrollers"),
    "PodTemplate": ("v1", "podtemplates"),
    "Deployment": ("apps/v1", "deployments"),
    "StatefulSet": ("apps/v1", "statefulsets"),
    "DaemonSet": ("apps/v1", "daemonsets"),
    "ReplicaSet": ("apps/v1", "replicasets"),
    "Job": ("batch/v1", "jobs"),
    "CronJob": ("batch/v1", "cronjobs"),
}


def policy() -> Policy:
    return load_policy(
        POLICY.encode(),
        "p.yaml",
        checks={name: check.params for name, check in CHECKS.items()},
        check_rules=check_rules,
        read=lambda _: b"",
    )


def path(kind: str) -> str:
    version, resource = RESOURCES[kind]
    group = f"/apis/{version}" if "/" in version else f"/api/{version}"
    return f"{group}/namespaces/{NAMESPACE}/{resource}?dryRun=All"


def made(kind: str, pod: dict[str, Any]) -> dict[str, Any]:
    """Return an object of a kind that runs a pod."""
    labels = {"app": "a"}
    template = {"metadata": {"labels": labels}, "spec": pod}
    selector: Any = {"matchLabels": labels}
    specs: dict[str, Any] = {
        "Pod": pod,
        "ReplicationController": {"selector": labels, "template": template},
        "Job": {"template": {"spec": {**pod, "restartPolicy": "Never"}}},
        "CronJob": {
            "schedule": "0 0 * * *",
            "jobTemplate": {"spec": {"template": {"spec": {**pod, "restartPolicy": "Never"}}}},
        },
        "StatefulSet": {"serviceName": "a", "selector": selector, "template": template},
    }
    about = {
        "apiVersion": RESOURCES[kind][0],
        "kind": kind,
        "metadata": {"name": "a", "namespace": NAMESPACE},
    }
    if kind == "PodTemplate":
        return {**about, "template": template}
    return {**about, "spec": specs.get(kind, {"selector": selector, "template": template})}


def answered(server: ApiServer, kind: str, pod: dict[str, Any]) -> str:
    """Return what the server says against an object; nothing where it takes it."""
    answer = server.client.post(path(kind), json=made(kind, pod))
    return "" if answer.status_code == 201 else str(answer.json()["message"])


@pytest.fixture(scope="module")
def enforcing(api_server: ApiServer) -> Iterator[ApiServer]:
    """The server with the exported policy, bound to one namespace so that others are left alone."""
    policies, bindings = export_vap(policy()).body.split("---\n")
    chosen = [{"key": "kubernetes.io/metadata.name", "operator": "In", "values": [NAMESPACE]}]
    matched = json.dumps({"namespaceSelector": {"matchExpressions": chosen}})
    bound = f"{bindings}  matchResources: {matched}\n"
    assert api_server.kubectl("create", "namespace", NAMESPACE).returncode == 0
    done = api_server.kubectl("apply", "-f", "-", stdin=f"{policies}---\n{bound}")
    assert done.returncode == 0, done.stderr
    until = time.monotonic() + 60
    while not answered(api_server, "Pod", {"containers": [{"name": "a", "image": "evil"}]}):
        assert time.monotonic() < until, "the policy is not enforced"
    yield api_server
    api_server.kubectl("delete", "validatingadmissionpolicybinding/gate-images")
    api_server.kubectl("delete", "validatingadmissionpolicy/gate-images")


def judged(image: str) -> bool:
    """Whether gate itself takes an image of this name at deploy time."""
    asked = policy()
    try:
        reference = ImageReference.parse(image)
    except ValueError:
        return False
    allowed = any(entry.allows(reference) for entry in asked.allowed or ())
    return allowed and asked.entry(reference) is not None and reference.digest is not None


def test_the_server_and_gate_agree_on_images_of_every_kind_and_place(enforcing: ApiServer) -> None:
    chance = random.Random(7)  # noqa: S311  # a seed, and no secret
    milder, harder, taken = [], [], 0
    for number in range(200):
        kind = list(RESOURCES)[number % len(RESOURCES)]
        good = f"ghcr.io/acme/shop@sha256:{HEX}"
        image = chance.choice(NAMES) + chance.choice(ENDS)
        place = chance.choice(("containers", "initContainers", "volumes"))
        pod: dict[str, Any] = {"containers": [{"name": "a", "image": good}]}
        if place == "volumes":
            pod["volumes"] = [{"name": "v", "image": {"reference": image}}]
        elif place == "containers":
            pod[place] = [*pod[place], {"name": "b", "image": image}]
        else:
            pod[place] = [{"name": "b", "image": image}]
        said = answered(enforcing, kind, pod)
        taken += not said
        if not said and not judged(image):
            milder.append((kind, place, image))
        if said and judged(image) and "/" in image and not image.startswith("library/"):
            harder.append((kind, place, image, said))
    assert (milder, harder) == ([], [])
    assert taken > 20


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"hostNetwork": True}, "[host-network]"),
        ({"hostPID": True}, "[host-pid]"),
        ({"hostIPC": True}, "[host-ipc]"),
        ({"volumes": [{"name": "v", "hostPath": {"path": "/"}}]}, "[host-path-volume]"),
        (
            {"initContainers": [
                {"name": "b", "image": f"ghcr.io/acme/shop@sha256:{HEX}",
                 "securityContext": {"privileged": True}}
            ]},
            "[privileged-container]",
        ),
        *(
            ({"initContainers": [{"name": "b", "image": f"ghcr.io/acme/shop@sha256:{HEX}",
              "securityContext": {"capabilities": {"add": [name]}}}]}, problem)
            for name, problem in (
                ("SYS_ADMIN", "[privilege-escalation-container]"),
                ("cap_sys_Admin", "[privilege-escalation-container]"),
                ("NET_BIND_SERVICE", ""),
            )
        ),
        ({"hostNetwork": False, "hostPID": False, "volumes": [{"name": "v", "emptyDir": {}}]}, ""),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["Pod", "Deployment", "CronJob"])
def test_a_pod_that_a_rule_refuses_is_refused_in_every_kind(
    enforcing: ApiServer, kind: str, changed: dict[str, Any], problem: str
) -> None:
    pod = {"containers": [{"name": "a", "image": f"ghcr.io/acme/shop@sha256:{HEX}"}], **changed}
    said = answered(enforcing, kind, pod)
    assert problem in said
    assert bool(said) == bool(problem)


def test_the_refusal_names_the_images(enforcing: ApiServer) -> None:
    pod = {"containers": [{"name": "a", "image": "ghcr.io/acme/shop:1.0"}]}
    said = answered(enforcing, "Pod", pod)
    assert said.endswith("denied request: gate: images without a digest: ghcr.io/acme/shop:1.0")


def test_an_ephemeral_container_is_judged_and_a_label_is_not(enforcing: ApiServer) -> None:
    pod = {"containers": [{"name": "a", "image": f"ghcr.io/acme/shop@sha256:{HEX}"}]}
    at = path("Pod").partition("?")[0]
    assert enforcing.client.post(at, json=made("Pod", pod)).status_code == 201
    merge = {"content-type": "application/strategic-merge-patch+json"}
    labelled = enforcing.client.patch(
        f"{at}/a", content='{"metadata": {"labels": {"b": "c"}}}', headers=merge
    )
    debug = {"spec": {"ephemeralContainers": [{"name": "d", "image": "ghcr.io/acme/shop:1.0"}]}}
    refused = enforcing.client.patch(
        f"{at}/a/ephemeralcontainers", content=json.dumps(debug), headers=merge
    )
    enforcing.client.delete(f"{at}/a?gracePeriodSeconds=0")
    assert labelled.status_code == 200
    assert "gate: images without a digest: ghcr.io/acme/shop:1.0" in refused.json()["message"]
