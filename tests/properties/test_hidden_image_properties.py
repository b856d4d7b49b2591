"""Whatever is written around a pod of a custom object, its image is judged, or something blocks."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any, Final

import pytest

from gate.manifests.canonical import bound_object
from gate.manifests.images import image_uses
from gate.manifests.load import load_manifests
from gate.model.verdict import Action

IMAGE: Final = "evil.example/a:1"
OUTER: Final = (
    *(("argoproj.io/v1alpha1", "Rollout"), ("acme.example/v1", "Widget")),
    *(("monitoring.coreos.com/v1", "Prometheus"), ("tekton.dev/v1", "Task")),
    *(("helm.toolkit.fluxcd.io/v2", "HelmRelease"), ("work.example/v1", "ManifestWork")),
)
SAID: Final = (
    *(("v1", "Service"), ("v1", "ConfigMap"), ("v1", "Secret"), ("v1", "Pod"), ("v1", "List")),
    *(("v1", "PodList"), ("apps/v1", "Deployment"), ("batch/v1", "CronJob")),
    *(("kyverno.io/v1", "ClusterPolicy"), ("policies.kyverno.io/v1", "ValidatingPolicy")),
    *(("constraints.gatekeeper.sh/v1", "A"), ("mutations.gatekeeper.sh/v1", "Assign")),
    *(("image.toolkit.fluxcd.io/v1", "ImagePolicy"), ("config.openshift.io/v1", "Image")),
    *(("kustomize.config.k8s.io/v1", "Kustomization"), ("apps.openshift.io/v1", "A")),
    *(("apiextensions.k8s.io/v1", "CustomResourceDefinition"), ("template.example/v1", "AList")),
    *(("infrastructure.cluster.x-k8s.io/v1", "A"), ("build.openshift.io/v1", "BuildConfig")),
)
KEYS: Final = (
    *("items", "patches", "patch", "data", "images", "digest", "tag", "repository", "registry"),
    *("name", "newName", "value", "path", "env", "resolver", "generate", "mutate", "rules", "sha"),
    *("template", "stringData", "uid", "namespace", "version", "reference", "from", "to", "spec"),
    *("volumes", "annotations", "x", "apiVersion", "kind", "metadata"),
)
VALUES: Final = (
    *("null", "true", "0", '""', '"x"', '"v1"', '"List"', '"1"', "[]", "{}", "[{}]", '["x"]'),
    *('{"name": "x"}', '{"image": "good.example/a:1"}', '["good.example/a:1"]', '"DockerImage"'),
)


def mappings(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in inner:
        yield from mappings(part)


def holds(value: object) -> bool:
    return IMAGE in json.dumps(value)


def written_around(chance: random.Random) -> dict[str, Any]:
    """Return a custom object with a pod, and with types, fields and folds that say other things."""
    pod: dict[str, Any] = {"containers": [{"name": "main", "image": IMAGE}]}
    body: dict[str, Any] = {"template": {"metadata": {"name": "a"}, "spec": pod}}
    for _ in range(chance.randint(1, 5)):
        part = chance.choice(list(mappings(body)))
        said = dict(part)
        match chance.randrange(3):
            case 0:
                api, kind = chance.choice(SAID)
                said = {**said, "apiVersion": api, "kind": kind}
                said.setdefault("metadata", {})
            case 1:
                key = chance.choice(KEYS)
                if not holds(said.get(key)):
                    said = {key: json.loads(chance.choice(VALUES)), **said}
            case _:
                inner = [k for k, v in said.items() if holds(v) and k not in pod and k != "image"]
                if inner:
                    folded = said.pop(inner[0])
                    said.setdefault(chance.choice(KEYS[:-3]), {chance.choice(KEYS): folded})
        part.clear()
        part.update(said)
    api, kind = chance.choice(OUTER)
    return {"apiVersion": api, "kind": kind, "metadata": {"name": "a"}, "spec": body}


@pytest.mark.parametrize("seed", range(4))
def test_an_image_is_judged_or_blocks_whatever_is_written_around_it(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  # the same each time
    hidden, judged = [], 0
    for _ in range(150):
        value = written_around(chance)
        if not holds(value):
            continue
        manifests = load_manifests([("f", json.dumps(value).encode())])
        found = image_uses(manifests.objects)
        if IMAGE in {use.image for use in found.uses}:
            judged += 1
            pins = {use.image: f"a.example/a@sha256:{'1' * 64}" for use in found.uses}
            for one in manifests.objects:
                bound_object(one, pins)
        elif all(f.action is not Action.BLOCK for f in (*manifests.findings, *found.findings)):
            hidden.append(value)
    assert hidden == []
    assert judged > 20
