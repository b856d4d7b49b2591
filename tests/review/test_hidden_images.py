"""Ways to hide an image in manifests: each is judged as an image, or blocks for what it is."""

from __future__ import annotations

import base64
import json
from typing import Any, Final

import pytest

from gate.manifests.images import image_uses
from gate.manifests.load import load_manifests
from gate.model.verdict import Action

EVIL: Final = "evil.example/a:1"
GOOD: Final = "good.example/a:1"


def pod(image: str = EVIL, **more: Any) -> dict[str, Any]:  # noqa: ANN401  # parts of a spec
    spec = {"containers": [{"name": "main", "image": image}], **more}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "a", "namespace": "shop"},
        "spec": spec,
    }


def custom(value: object, kind: str = "Widget", api: str = "acme.example/v1") -> dict[str, Any]:
    return {"apiVersion": api, "kind": kind, "metadata": {"name": "a"}, "spec": value}


def held(kind: str, text: str | bytes) -> dict[str, Any]:
    data = base64.b64encode(text).decode() if isinstance(text, bytes) else text
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": "a"}, "data": {"a.yaml": data}}


def told(text: str) -> tuple[set[str], set[str]]:
    """Return the images that are judged, and the codes that block."""
    manifests = load_manifests([("f", text.encode())])
    found = image_uses(manifests.objects)
    findings = (*manifests.findings, *found.findings)
    return {use.image for use in found.uses}, {
        one.code for one in findings if one.action is Action.BLOCK
    }


YAML: Final = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{image: %s}]}\n"
TEMPLATE: Final = {"spec": pod()["spec"]}


@pytest.mark.parametrize(
    "value",
    [
        pytest.param({"apiVersion": "v1", "kind": "List", "items": [pod()]}, id="list"),
        pytest.param(
            {
                "apiVersion": "v1",
                "kind": "List",
                "items": [{"apiVersion": "v1", "kind": "List", "items": [pod()]}],
            },
            id="list in a list",
        ),
        pytest.param(
            {"apiVersion": "v1", "kind": "PodList", "items": [{"spec": pod()["spec"]}]},
            id="items without a kind",
        ),
        pytest.param(
            {
                "apiVersion": "acme.example/v1",
                "kind": "WidgetList",
                "items": [{"metadata": {"name": "a"}, "spec": {"image": EVIL}}],
            },
            id="items of a custom kind",
        ),
        pytest.param(
            custom({"template": TEMPLATE}, "Deployment", "extensions/v1beta1"), id="old group"
        ),
        pytest.param(
            {
                "apiVersion": "v1",
                "kind": "PodTemplate",
                "metadata": {"name": "a"},
                "template": TEMPLATE,
            },
            id="template",
        ),
        pytest.param(
            {
                "apiVersion": "apps/v1",
                "kind": "ControllerRevision",
                "metadata": {"name": "a"},
                "revision": 1,
                "data": {"spec": {"template": TEMPLATE}},
            },
            id="revision",
        ),
        pytest.param(pod(GOOD, initContainers=[{"name": "i", "image": EVIL}]), id="init"),
        pytest.param(pod(GOOD, ephemeralContainers=[{"name": "d", "image": EVIL}]), id="ephemeral"),
        pytest.param(pod(GOOD, volumes=[{"name": "v", "image": {"reference": EVIL}}]), id="volume"),
        pytest.param(
            pod(GOOD)
            | {"metadata": {"name": "a", "annotations": {"sidecar.istio.io/proxyImage": EVIL}}},
            id="annotation of an injector",
        ),
        pytest.param(
            pod(GOOD)
            | {
                "spec": {
                    "containers": [
                        {
                            "name": "m",
                            "image": GOOD,
                            "env": [{"name": "RELATED_IMAGE_X", "value": EVIL}],
                        }
                    ]
                }
            },
            id="variable of an operator",
        ),
        pytest.param(custom({"image": {"repository": "evil.example/a", "tag": "1"}}), id="parts"),
        pytest.param(
            custom(
                {"values": {"image": {"repository": "evil.example/a", "tag": "1"}}},
                "HelmRelease",
                "helm.toolkit.fluxcd.io/v2",
            ),
            id="values of a chart",
        ),
        pytest.param(held("ConfigMap", YAML % EVIL), id="text"),
        pytest.param(held("ConfigMap", (YAML % EVIL).replace("\n", "\r\n")), id="text with CRLF"),
        pytest.param(held("ConfigMap", json.dumps(pod())), id="JSON in a text"),
        pytest.param(
            held("ConfigMap", json.dumps(pod()).replace("apiVersion", "\\u0061piVersion")),
            id="JSON with an escaped key in a text",
        ),
        pytest.param(held("Secret", (YAML % EVIL).encode()), id="text in base64"),
    ],
)
def test_an_image_that_runs_is_judged_wherever_it_is_written(value: dict[str, Any]) -> None:
    images, blocked = told(json.dumps(value))
    assert (EVIL in images, blocked) == (True, set())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (YAML % f"!!binary {base64.b64encode(EVIL.encode()).decode()}", "yaml-tag"),
        (f"{YAML % GOOD}items: []\n", "list-items"),
        (f"{YAML % GOOD}items: null\n", "list-items"),
        (f"{YAML % GOOD}items: [{json.dumps(pod())}]\n", "list-items"),
        (f"x: &x {{image: {EVIL}}}\n{YAML % f'{GOOD}, <<: *x'}", "yaml-merge"),
        (f"{YAML % GOOD}#\u0085spec: {{containers: [{{image: {EVIL}}}]}}\n", "yaml-encoding"),
        (f"{YAML % GOOD}#\u2028spec: {{containers: [{{image: {EVIL}}}]}}\n", "yaml-encoding"),
        (f"{YAML % GOOD}--- {json.dumps(pod())}\n", "yaml-separator"),
        (f"{YAML % GOOD}...\n{YAML % EVIL}", "yaml-parse-error"),
        (f"%YAML 1.1\n---\n{YAML % EVIL}", "yaml-directive"),
        (f"%TAG !e! tag:yaml.org,2002:\n---\n{YAML % f'!e!str {EVIL}'}", "yaml-directive"),
        (f"{YAML % GOOD}---\n\ufeff{YAML % EVIL}", "yaml-encoding"),
        ((YAML % GOOD + "---\n" + YAML % EVIL).replace("\n", "\r"), "yaml-line-ends"),
        (json.dumps(pod("")), "image-missing"),
        (json.dumps(pod("auto")), "image-missing"),
    ],
)
def test_what_two_readers_of_yaml_take_for_two_things_blocks(text: str, code: str) -> None:
    assert told(text)[1] == {code}


@pytest.mark.parametrize(
    "value",
    [
        custom(
            {
                "mutations": [
                    {
                        "patchType": "JSONPatch",
                        "jsonPatch": {"expression": f'[JSONPatch{{value: "{EVIL}"}}]'},
                    }
                ]
            },
            "MutatingAdmissionPolicy",
            "admissionregistration.k8s.io/v1",
        ),
        custom(
            {
                "source": {
                    "helm": {
                        "parameters": [
                            {"name": "image.repository", "value": "evil.example/a"},
                            {"name": "image.tag", "value": "1"},
                        ]
                    }
                }
            },
            "Application",
            "argoproj.io/v1alpha1",
        ),
    ],
)
def test_an_image_that_something_in_the_cluster_puts_in_is_said(value: dict[str, Any]) -> None:
    found = image_uses(load_manifests([("f", json.dumps(value).encode())]).objects)
    assert {one.code for one in found.findings} == {"unjudged-image"}


@pytest.mark.parametrize("key", ["Spec", "SPEC"])
def test_a_key_of_other_case_is_no_key_of_the_server(key: str) -> None:
    """The API server reads keys by their case, and tells of one that it does not know."""
    images, blocked = told(json.dumps({**pod(GOOD), key: pod()["spec"]}))
    assert (images, blocked) == ({GOOD}, set())


RUNS_NONE: Final = (
    ("v1", "Service"),
    ("v1", "ConfigMap"),
    ("v1", "Namespace"),
    ("apps/v1", "Nothing"),
    ("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
    ("image.toolkit.fluxcd.io/v1", "ImagePolicy"),
    ("image.toolkit.fluxcd.io/v1", "ImageRepository"),
    ("kyverno.io/v1", "ClusterPolicy"),
    ("policies.kyverno.io/v1", "ValidatingPolicy"),
    ("constraints.gatekeeper.sh/v1beta1", "Anything"),
    ("apps.openshift.io/v1", "DeploymentConfig"),
)
"""Kinds that run no image: what says that it is one was searched for none."""


SEARCHED: Final = (*RUNS_NONE[5:7], RUNS_NONE[-1])
"""Of those, the kinds of others in which a container is looked for everywhere."""


def said_to_be(kind: tuple[str, str], **parts: object) -> dict[str, Any]:
    return {"apiVersion": kind[0], "kind": kind[1], "metadata": {"name": "b"}, **parts}


@pytest.mark.parametrize("image", [EVIL, "evil/a:1", "evil", f"{EVIL}@sha256:{'a' * 64}"])
@pytest.mark.parametrize("kind", RUNS_NONE, ids="/".join)
def test_a_pod_that_says_it_is_something_without_one_is_looked_at_as_a_pod(
    kind: tuple[str, str], image: str
) -> None:
    """An operator that makes the pod need not read what the template says that it is."""
    expected = ({image}, set()) if kind in SEARCHED else (set(), {"unjudged-image"})
    rollout = custom({"template": said_to_be(kind, spec=pod(image)["spec"])}, "Rollout")
    assert told(json.dumps(rollout)) == expected
    deeper = custom({"template": said_to_be(kind, more={"a": [pod(image)["spec"]]})}, "Rollout")
    assert told(json.dumps(deeper)) == expected


@pytest.mark.parametrize("kind", RUNS_NONE[:-1], ids="/".join)
def test_an_image_of_an_operator_is_looked_at_whatever_its_part_says_that_it_is(
    kind: tuple[str, str],
) -> None:
    alone = said_to_be(kind, image="evil/a:1")
    in_parts = said_to_be(kind, proxy={"image": {"repository": "evil.example/a", "tag": "1"}})
    in_spec = [] if kind[1] == "ImageRepository" else [said_to_be(kind, spec={"image": "evil/a:1"})]
    for part in (alone, in_parts, *in_spec):
        api = "monitoring.coreos.com/v1"
        value = {**custom(part, "Prometheus", api)}
        assert told(json.dumps(value)) == (set(), {"unjudged-image"})


POLICY_OF_PODS: Final = {
    "rules": [
        {
            "validate": {"pattern": {"spec": {"containers": [{"image": "good.example/*"}]}}},
            "context": [{"imageRegistry": {"reference": "{{ element.image }}"}}],
        }
    ]
}
DEFINITION: Final = {
    "names": {"kind": "Widget"},
    "versions": [{"schema": {"properties": {"image": {"type": "string", "default": GOOD}}}}],
}


@pytest.mark.parametrize(
    "part",
    [
        said_to_be(("v1", "Service"), spec={"ports": [{"port": 80}], "selector": {"a": "image"}}),
        said_to_be(("v1", "ConfigMap"), data={"image": "a", "a.sh": f"docker run {GOOD}"}),
        said_to_be(("v1", "Namespace")),
        said_to_be(("kyverno.io/v1", "ClusterPolicy"), spec=POLICY_OF_PODS),
        said_to_be(("apiextensions.k8s.io/v1", "CustomResourceDefinition"), spec=DEFINITION),
        said_to_be(("image.toolkit.fluxcd.io/v1", "ImageRepository"), spec={"image": GOOD[:-2]}),
        said_to_be(("acme.example/v1", "Widget"), spec={"image": {"pullPolicy": "Always"}}),
    ],
    ids=lambda part: part["kind"],
)
def test_what_carries_objects_without_images_has_none(part: dict[str, Any]) -> None:
    carrier = custom({"manifests": [part]}, "ManifestWork", "work.open-cluster-management.io/v1")
    assert told(json.dumps(carrier)) == (set(), set())


@pytest.mark.parametrize("api", ["v1", "apps/v1", "batch/v1"])
def test_a_pod_in_a_carried_object_is_judged_once(api: str) -> None:
    kinds = {"v1": "Pod", "apps/v1": "Deployment", "batch/v1": "Job"}
    spec = pod(GOOD, volumes=[{"name": "v", "image": {"reference": GOOD}}])["spec"]
    spec["containers"][0]["env"] = [{"name": "RELATED_IMAGE_A", "value": GOOD}]
    template = {"metadata": {"annotations": {"sidecar.istio.io/proxyImage": GOOD}}, "spec": spec}
    whole = spec if api == "v1" else {"template": template}
    carrier = custom({"manifests": [said_to_be((api, kinds[api]), spec=whole)]}, "ManifestWork")
    assert told(json.dumps(carrier)) == ({GOOD}, set())
