"""What a pod makes run: its containers, its volumes, and what its programs are told to run."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gate.manifests.images import ImageUses, image_uses
from gate.manifests.stored import stored_object
from gate.model.kubernetes import Split, field_path

BROKER = "ops.example.org/Broker"


def _found(value: dict[str, Any], *patches: str) -> ImageUses:
    return image_uses(stored_object(value, patches=patches).objects)


def _pod(spec: dict[str, Any], annotations: object = None) -> ImageUses:
    metadata = {"name": "a", "annotations": annotations}
    return _found({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec})


def _container(**fields: object) -> ImageUses:
    """Return what a pod with one container names beside the image of that one."""
    found = _pod({"containers": [{"name": "c", "image": "i", **fields}]})
    assert [use.image for use in found.uses][:1] == ["i"]
    return ImageUses(found.uses[1:], found.findings)


def _uses(found: ImageUses) -> list[tuple[str, str]]:
    return [(use.image, field_path(use.path)) for use in found.uses]


def _findings(found: ImageUses) -> list[tuple[str, str | None]]:
    return [(finding.code, finding.field) for finding in found.findings]


@pytest.mark.parametrize(
    ("container", "field", "why"),
    [
        ({"name": "c"}, "[0].image", "no image is named"),
        ({"name": "c", "image": " "}, "[0].image", "no image is named"),
        ({"name": "c", "image": ["i"]}, "[0].image", "no image is named"),
        ({"name": "c", "image": "auto"}, "[0].image", "only inside the cluster"),
        ("i", "[0]", "the container is not a mapping"),
    ],
)
def test_a_container_without_an_image_says_so_with_its_name(
    container: object, field: str, why: str
) -> None:
    for kind in ("containers", "initContainers", "ephemeralContainers"):
        (finding,) = _pod({kind: [container]}).findings
        assert (finding.code, finding.field) == ("image-missing", f"spec.{kind}{field}")
        named = "c" if isinstance(container, dict) else None
        assert (finding.container, why in finding.message) == (named, True)


@pytest.mark.parametrize(("name", "called"), [("c", "c"), (1, ""), (None, "")])
def test_an_image_has_the_name_of_its_container(name: object, called: str) -> None:
    env = [{"name": "RELATED_IMAGE_A", "value": "x"}]
    container = {"name": name, "image": "oci://i", "env": env}
    uses = _pod({"containers": [container]}).uses
    assert [(use.image, use.container) for use in uses] == [("oci://i", called), ("x", called)]


def test_what_is_no_list_of_containers_is_said_of_a_whole_pod_alone() -> None:
    whole = _pod({"containers": {"c": {"image": "i"}}})
    assert _findings(whole) == [("image-missing", "spec.containers")]
    assert "the containers are not a list" in whole.findings[0].message
    assert _findings(_pod({"initContainers": 1})) == [("image-missing", "spec.initContainers")]
    assert _findings(_pod({"initContainers": None, "containers": []})) == []
    part = {"spec": {"hostNetwork": True, "containers": {"c": 1}}}
    task = {"apiVersion": "tekton.dev/v1", "kind": "Task", "metadata": {"name": "a"}, **part}
    assert _findings(_found(task)) == []


def _broker(*containers: object) -> dict[str, Any]:
    return {
        "apiVersion": "ops.example.org/v1",
        "kind": "Broker",
        "metadata": {"name": "a"},
        "spec": {"template": {"spec": {"containers": [{"image": "i"}, *containers]}}},
    }


@pytest.mark.parametrize(
    ("container", "whole", "patch"),
    [
        ({"name": "c"}, ["[1].image"], []),
        ({"name": "c", "image": ""}, ["[1].image"], ["[1].image"]),
        ("c", ["[1]"], ["[1]"]),
        ({"name": "c", "image": "i"}, [], []),
    ],
)
def test_a_container_that_a_patch_names_without_an_image_is_the_operators(
    container: object, whole: list[str], patch: list[str]
) -> None:
    for patches, fields in (((), whole), ((BROKER,), patch)):
        found = _findings(_found(_broker(container), *patches))
        path = "spec.template.spec.containers"
        assert found == [("image-missing", f"{path}{field}") for field in fields]


def test_variables_of_a_container_count_wherever_a_container_is() -> None:
    env = [{"name": "RELATED_IMAGE_A", "value": "x"}]
    for patches in ((), (BROKER,)):
        uses = _uses(_found(_broker({"name": "c", "image": "k", "env": env}), *patches))
        assert ("x", "spec.template.spec.containers[1].env[0].value") in uses
    task = {"apiVersion": "tekton.dev/v1", "kind": "Task", "metadata": {"name": "a"}}
    step = {"image": "k", "args": ["--x-image=e.org/x:1"]}
    found = _found({**task, "spec": {"steps": [step]}})
    assert ("e.org/x:1", "spec.steps[0].args[0]") in _uses(found)


@pytest.mark.parametrize(
    ("name", "value", "images", "unjudged"),
    [
        ("RELATED_IMAGE_A", "x", ["x"], 0),
        ("RELATED_IMAGE_A", "", [], 0),
        ("RELATED_IMAGE_A", "https://e.org/x.html", [], 0),
        ("SIDECAR_IMAGE", "e.org/x:1", ["e.org/x:1"], 0),
        ("SIDECAR_IMAGE", "x:1", [], 0),
        ("IMAGE", "e.org/x", ["e.org/x"], 0),
        ("SIDECAR_IMAGES", "e.org/x:1", [], 1),
        ("SIDECAR_IMAGE", "a=e.org/x:1,b=e.org/w", [], 1),
        ("SIDECAR", "e.org/x:1", [], 1),
        ("SIDECAR", "e.org/x", [], 0),
        ("SIDECAR", "e.org:1", [], 0),
        ("IMAGE_REGISTRY", "e.org", [], 1),
        ("IMAGE_HOST", "e.org", [], 0),
        ("SIDECAR_IMAGE", None, [], 0),
        (1, "e.org/x:1", [], 1),
        (1, "e.org/x", [], 0),
    ],
)
def test_a_variable_whose_name_speaks_of_an_image_names_it(
    name: object, value: object, images: list[str], unjudged: int
) -> None:
    found = _container(env=["x", {"name": name, "value": value}])
    field = "spec.containers[0].env[1].value"
    assert _uses(found) == [(image, field) for image in images]
    assert _findings(found) == [("unjudged-image", field)] * unjudged


@pytest.mark.parametrize(
    ("arguments", "images", "unjudged"),
    [
        (["--x-image=e.org/x:1"], [("e.org/x:1", 0, "--x-image=")], []),
        (["-x-image", "e.org/x:1"], [("e.org/x:1", 1, "")], []),
        (["--x-image=e.org/x:1", "e.org/w:1"], [("e.org/x:1", 0, "--x-image=")], []),
        (["--x-image", "e.org/x:1", "e.org/w:1"], [("e.org/x:1", 1, "")], []),
        (["--x-image", 1, "e.org/w:1"], [], []),
        (["--x-image", "--other", "e.org/w:1"], [], []),
        (["--x-image", "--x-image=e.org/x:1"], [("e.org/x:1", 1, "--x-image=")], []),
        (
            ["--prometheus-config-reloader=e.org/x:1"],
            [("e.org/x:1", 0, "--prometheus-config-reloader=")],
            [],
        ),
        (["--prometheus-config=e.org/x:1"], [], []),
        (["--other=e.org/x:1", "e.org/x:1"], [], []),
        (["run", "e.org/x:1"], [], []),
        (["--x-image=x:1"], [], []),
        (["x-image=e.org/x:1"], [], []),
        (["--x-images=e.org/x:1"], [], [0]),
        (["--x-images=a=e.org/x:1,b=e.org/w"], [], [0]),
        (["--x-image", "a=e.org/x:1"], [], [1]),
    ],
)
def test_an_argument_whose_option_speaks_of_an_image_names_it(
    arguments: list[object], images: list[tuple[str, int, str]], unjudged: list[int]
) -> None:
    for key in ("command", "args"):
        found = _container(**{key: arguments})
        assert [(use.image, use.path[3:], use.prefix, use.container) for use in found.uses] == [
            (image, (key, index), prefix, "c") for image, index, prefix in images
        ]
        fields = [f"spec.containers[0].{key}[{index}]" for index in unjudged]
        assert _findings(found) == [("unjudged-image", field) for field in fields]


def test_an_option_at_the_end_of_the_command_takes_the_first_argument() -> None:
    found = _container(command=["run", "--x-image"], args=["e.org/x:1", "e.org/w:1"])
    assert _uses(found) == [("e.org/x:1", "spec.containers[0].args[0]")]


@pytest.mark.parametrize("key", ["env", "command", "args"])
def test_programs_of_another_shape_are_told_nothing(key: str) -> None:
    for value in ("--x-image=e.org/x:1", {"name": "X_IMAGE", "value": "e.org/x:1"}, 1, None):
        found = _container(**{key: value})
        assert (found.uses, found.findings) == ((), ())


@pytest.mark.parametrize(
    ("volume", "images", "missing"),
    [
        ({"image": {"reference": "x"}}, [("x", "image.reference")], []),
        ({"image": {"reference": ""}}, [], ["image.reference"]),
        ({"image": {}}, [], ["image.reference"]),
        ({"image": "x"}, [], ["image.reference"]),
        ({"image": None}, [], []),
        ({"csi": {"volumeAttributes": {"image": "x"}}}, [("x", "csi.volumeAttributes.image")], []),
        ({"flexVolume": {"options": {"image": "x"}}}, [("x", "flexVolume.options.image")], []),
        (
            {"csi": {"volumeAttributes": {"rootImage": "e.org/x", "a": "e.org/w"}}},
            [("e.org/x", "csi.volumeAttributes.rootImage")],
            [],
        ),
        ({"csi": {"volumeAttributes": {"rootImage": "x", "image": ""}}}, [], []),
        ({"csi": {"volumeAttributes": {"image": 1}}}, [], []),
        ({"csi": {"volumeAttributes": ["image"]}, "flexVolume": 1}, [], []),
        ({"csi": "image", "flexVolume": {"options": "image"}}, [], []),
    ],
)
def test_a_volume_names_the_image_that_it_mounts(
    volume: dict[str, Any], images: list[tuple[str, str]], missing: list[str]
) -> None:
    found = _pod({"volumes": ["x", {"name": "v", **volume}]})
    at = "spec.volumes[1]."
    assert _uses(found) == [(image, f"{at}{field}") for image, field in images]
    assert _findings(found) == [("image-missing", f"{at}{field}") for field in missing]
    assert [use.container for use in found.uses] == [None] * len(images)


LINKERD = "config.linkerd.io/proxy-image"
VERSION = "config.linkerd.io/proxy-version"


@pytest.mark.parametrize(
    ("annotations", "images", "unjudged"),
    [
        ({"sidecar.istio.io/proxyImage": "x"}, ["x"], []),
        ({"sidecar.istio.io/proxyImage": "e.org/x:1"}, ["e.org/x:1"], []),
        ({"sidecar.istio.io/proxyImage": ""}, [], []),
        ({"sidecar.istio.io/proxyImage": 1}, [], []),
        ({LINKERD: "x", VERSION: "2"}, ["x:2"], []),
        ({LINKERD: "x:1", VERSION: "2"}, ["x:1"], []),
        ({LINKERD: "docker://x", VERSION: "2"}, ["x:2"], []),
        ({LINKERD: "x", VERSION: ""}, [], [LINKERD]),
        ({LINKERD: "x", VERSION: 2}, [], [LINKERD]),
        ({"example.org/proxy-image": "e.org/x:1"}, [], ["example.org/proxy-image"]),
        ({"proxyImage": "e.org/x:1"}, [], ["proxyImage"]),
        ({"image.example.org/a": "e.org/x:1"}, [], []),
        ({"proxyImage": "x:1", "other": "e.org/x:1", "a-image": ["e.org/x"]}, [], []),
    ],
)
def test_an_annotation_names_an_image_or_looks_as_if_it_did(
    annotations: dict[str, Any], images: list[str], unjudged: list[str]
) -> None:
    found = _pod({}, annotations)
    assert [use.image for use in found.uses] == images
    at = "metadata.annotations."
    assert _findings(found) == [("unjudged-image", f"{at}{key}") for key in unjudged]
    assert _pod({}, [json.dumps(annotations)]) == ImageUses((), ())


def test_the_tag_of_an_annotation_in_another_one_takes_no_digest() -> None:
    split, whole = (
        _pod({}, {LINKERD: image, VERSION: "2"}).uses[0].split for image in ("x", "x:1")
    )
    assert (split, whole) == (Split(None), None)


def test_annotations_count_at_a_template_and_at_any_object() -> None:
    metadata = {"annotations": {"sidecar.istio.io/proxyImage": "x"}}
    template = {"metadata": metadata, "spec": {}}
    apps = {"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"template": template}}
    (use,) = _found({**apps, "metadata": {"name": "a"}}).uses
    assert field_path(use.path[:4]) == "spec.template.metadata.annotations"
    (use,) = _found({"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}).uses
    assert field_path(use.path[:2]) == "metadata.annotations"
