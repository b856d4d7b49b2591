"""How kinds that nobody listed name images: what is judged, what is said to be unknown, what not.

Each row has the `spec` of an object, its images by field, and the fields that nobody judges.
"""

from __future__ import annotations

from typing import Any

import pytest

from gate.manifests.canonical import bound_object
from gate.manifests.emit import Pins, pinned_value
from gate.manifests.images import ImageUses, image_uses
from gate.manifests.load import load_manifests
from gate.model.kubernetes import KubernetesObject, Split, field_path
from gate.model.location import Location

DIGEST = f"sha256:{'a' * 64}"
Row = tuple[str, dict[str, str], list[str]]


def _object(spec: str, kind: str = "ops.example.org/v1 Broker", more: str = "") -> KubernetesObject:
    version, name = kind.split()
    text = f"apiVersion: {version}\nkind: {name}\nmetadata: {{name: a}}\nspec: {spec}\n{more}"
    (obj,) = load_manifests([("f", text.encode())]).objects
    return obj


def _found(spec: str, kind: str = "ops.example.org/v1 Broker", more: str = "") -> ImageUses:
    return image_uses([_object(spec, kind, more)])


def _judged(found: ImageUses) -> tuple[dict[str, str], list[str | None]]:
    """Return the images by their fields, without `spec.`, and the fields of the findings."""
    assert {finding.code for finding in found.findings} <= {"unjudged-image"}
    images = {field_path(use.path).removeprefix("spec."): use.image for use in found.uses}
    return images, [(f.field or "").removeprefix("spec.") for f in found.findings]


TEXTS: list[Row] = [
    ("{image: x}", {"image": "x"}, []),
    ("{image: ''}", {}, []),
    ("{image: 1}", {}, []),
    ("{image: a b}", {}, []),
    ("{image: 'a {{b}}'}", {"image": "a {{b}}"}, []),
    ("{image: 'a ${b}'}", {"image": "a ${b}"}, []),
    ("{image: ' e.org/x '}", {"image": " e.org/x "}, []),
    ("{image: 'oci://e.org/x'}", {"image": "e.org/x"}, []),
    ("{proxyImage: x}", {}, []),
    ("{proxyImage: e.org/x}", {"proxyImage": "e.org/x"}, []),
    ("{proxyImage: 'x:1'}", {}, []),
    ("{proxyImage: x, proxyImageTag: v1}", {"proxyImage": "x:v1"}, []),
    ("{proxyImage: a b, proxyImageTag: v1}", {}, []),
    ("{proxyImage: x, proxyTag: v1}", {}, []),
    ("{proxyImage: e.org/x, proxyImage-tag: v1}", {"proxyImage": "e.org/x:v1"}, []),
    ("{proxyImage: e.org/x, proxyImage_tag: v1}", {"proxyImage": "e.org/x:v1"}, []),
    ("{proxyImage: 'e.org/x:2', tag: v1}", {"proxyImage": "e.org/x:2"}, []),
    ("{proxyImage: 'e.org:5000/x', tag: v1}", {"proxyImage": "e.org:5000/x:v1"}, []),
    (f"{{image: 'x@{DIGEST}', tag: v1}}", {"image": f"x@{DIGEST}"}, []),
    (f"{{image: x, imageDigest: '{DIGEST}'}}", {"image": f"x@{DIGEST}"}, []),
    (f"{{image: x, tag: '{DIGEST}'}}", {"image": f"x@{DIGEST}"}, []),
    (f"{{image: x, tag: v1, digest: {DIGEST[7:]}}}", {"image": f"x:v1@{DIGEST}"}, []),
    (f"{{image: x, tag: '{DIGEST}', digest: '{DIGEST}'}}", {"image": f"x@{DIGEST}"}, []),
    (f"{{image: x, tag: 'sha256:0', digest: '{DIGEST}'}}", {"image": f"x@{DIGEST}"}, []),
    ("{image: x, tag: ''}", {}, ["image"]),
    ("{image: x, tag: true}", {}, ["image"]),
    ("{image: x, tag: 1.5}", {}, ["image"]),
    ("{image: x, tag: 15}", {"image": "x:15"}, []),
    ("{image: x, imageTag: '', tag: v1}", {"image": "x:v1"}, []),
    ("{imageRepository: x, tag: v1}", {}, []),
    ("{imageRepository: e.org/x}", {}, ["imageRepository"]),
    ("{imageRepository: e.org/x, tag: v1}", {"imageRepository": "e.org/x:v1"}, []),
    ("{imageRepository: 'e.org/x:2'}", {"imageRepository": "e.org/x:2"}, []),
    ("{image: x, registry: e.org}", {"image": "e.org/x"}, []),
    ("{image: /x, registry: e.org/}", {}, []),
    ("{image: a/x, imageRegistry: e.org}", {"image": "e.org/a/x"}, []),
    ("{image: w.org/x, registry: e.org}", {"image": "w.org/x"}, []),
    ("{image: 'w:5000/x', registry: e.org}", {"image": "w:5000/x"}, []),
    ("{image: 'x.a:1', registry: e.org}", {"image": "e.org/x.a:1"}, []),
    ("{image: x, registry: ''}", {"image": "x"}, []),
    ("{image: x, registry: 1}", {"image": "x"}, []),
    ("{imageList: 'e.org/x:1'}", {}, ["imageList"]),
    ("{imageList: 'a=e.org/x,b=w'}", {}, ["imageList"]),
    ("{imageList: 'w, b=e.org/x'}", {}, ["imageList"]),
    ("{imageList: 'w,v'}", {}, []),
    (f"{{imageList: '{'w,' * 99}e.org/x'}}", {}, ["imageList"]),
    (f"{{module: '{'w,' * 99}e.org/x:1'}}", {}, ["module"]),
    ("{images: ['e.org/x:1', w, 1, [e.org/v]]}", {}, ["images[0]", "images[3][0]"]),
    ("{images: [{a: e.org/x}]}", {}, ["images[0].a"]),
    ("{names: ['e.org/x:1', 'oci://e.org/x']}", {}, ["names[0]", "names[1]"]),
    ("{names: {a: 'e.org/x:1', b: 'docker://e.org/x'}}", {}, ["names.a", "names.b"]),
    ("{module: 'registry://e.org/x'}", {}, ["module"]),
    ("{module: 'a=w,b=e.org/x:1'}", {}, ["module"]),
    ("{module: 'localhost:5000/x:1'}", {}, ["module"]),
    (f"{{module: 'e.org/x@{DIGEST}'}}", {}, ["module"]),
    ("{imageRegistry: e.org}", {}, ["imageRegistry"]),
    ("{imageRegistry: 'localhost:5000'}", {}, ["imageRegistry"]),
    ("{global: {imageRegistry: e.org/a}}", {}, ["global.imageRegistry"]),
    ("{imagePrefix: e.org/a-}", {}, ["imagePrefix"]),
    ("{imageRegistry: e.org, image: a/x}", {"image": "e.org/a/x"}, []),
    ("{imageRegistry: ''}", {}, []),
    ("{imageRegistry: e.org, image: {pullPolicy: Always}}", {}, ["imageRegistry"]),
    ("{imageRegistry: local}", {}, []),
    ("{imageRegistry: 'https://e.org'}", {}, []),
    ("{hub: e.org/a, tag: v1}", {}, ["hub"]),
    ("{hub: github.com/a}", {}, []),
    ("{hub: e.org}", {}, []),
    ("{registrationImagePullSpec: 'e.org/x:1'}", {"registrationImagePullSpec": "e.org/x:1"}, []),
    ("{imagePullSpecs: 'e.org/x:1'}", {}, []),
    ("{source: {chart: a, repoURL: e.org/charts}}", {}, ["source.repoURL"]),
    ("{source: {chart: a, repoURL: e.org}}", {}, ["source.repoURL"]),
    ("{source: {chart: a, repoURL: 'https://e.org/charts'}}", {}, []),
    ("{source: {path: a, repoURL: e.org/charts}}", {}, []),
    ("{module: e.org/x}", {}, []),
    ("{imagine: e.org/x}", {}, []),
    ("{endpoint: 'e.org:443'}", {}, []),
    ("{source: 'github.com/a/b:main'}", {}, []),
    ("{taint: 'node.kubernetes.io/not-ready:NoExecute'}", {}, []),
    ("{taint: 'e.org/gpu:NoSchedule'}", {}, []),
    ("{principal: cluster.local/ns/a/sa/b}", {}, []),
    ("{note: 'see e.org/x:1'}", {}, []),
    ("{args: ['--destination=e.org/x:1'], command: [push, 'e.org/x:1']}", {}, []),
    ("{args: {destination: 'e.org/x:1'}}", {}, ["args.destination"]),
    (f"{{args: ['e.org/x@{DIGEST}', 'e.org/x:1']}}", {}, ["args[0]"]),
    ("{a: [{path: /spec/image, value: e.org/x}]}", {}, ["a[0].value"]),
    ("{a: {args: ['--destination=e.org/x:1'], list: ['e.org/x:1']}}", {}, ["a.list[0]"]),
    ("{a: {to: {name: 'e.org/x:1'}, from: {name: 'e.org/x:1'}}}", {}, ["a.from.name"]),
    ('{note: "a\\n,e.org/x:1", list: "a,e.org/x:1"}', {}, ["list"]),
    ("{images: {apiVersion: e.org/v1, kind: e.org/x, namespace: e.org/x}}", {}, []),
    ("{images: {apiGroup: e.org/v1, other: e.org/v1}}", {}, ["images.other"]),
]
PARTS: list[Row] = [
    ("{image: {repository: x, tag: v1}}", {"image.repository": "x:v1"}, []),
    ("{image: {repository: x, tag: v1, version: v2}}", {"image.repository": "x:v1"}, []),
    ("{image: {repository: x, newTag: 1}}", {"image.repository": "x:1"}, []),
    ("{image: {repository: 'x:2', tag: v1}}", {"image.repository": "x:2"}, []),
    ("{image: {repository: x, digest: ''}}", {}, ["image.repository"]),
    ("{image: {repository: x}}", {}, ["image.repository"]),
    ("{image: {repository: 1, tag: v1}}", {}, []),
    ("{image: {repo: x, tag: v1}}", {"image.repo": "x:v1"}, []),
    ("{image: {registry: e.org, repository: 'x:2'}}", {"image.repository": "e.org/x:2"}, []),
    (
        f"{{image: {{repository: x, sha256: {DIGEST[7:]}}}}}",
        {"image.repository": f"x@{DIGEST}"},
        [],
    ),
    (f"{{image: {{repository: x, sha: '{DIGEST}'}}}}", {"image.repository": f"x@{DIGEST}"}, []),
    ("{image: {registry: e.org, tag: v1}}", {}, []),
    (
        "{image: {registry: e.org/, repository: /x, tag: v1}}",
        {"image.repository": "e.org/x:v1"},
        [],
    ),
    ("{image: {name: x}}", {}, []),
    ("{image: {name: 'x:1'}}", {"image.name": "x:1"}, []),
    ("{image: {fullName: 'x:1'}}", {"image.fullName": "x:1"}, []),
    ("{image: {reference: 'x:1'}}", {"image.reference": "x:1"}, []),
    ("{image: {name: 'Ubuntu: 22'}}", {}, []),
    ("{image: {url: 'x:1'}}", {}, []),
    ("{image: {url: 'e.org/x:1'}}", {"image.url": "e.org/x:1"}, []),
    ("{image: {url: 'docker://e.org/x:1'}}", {"image.url": "e.org/x:1"}, []),
    ("{image: {ref: e.org/x}}", {"image.ref": "e.org/x"}, []),
    ("{image: {path: e.org/x, tag: ''}}", {}, ["image.path"]),
    ("{image: {name: x, tag: v1}}", {"image.name": "x:v1"}, []),
    ("{image: {name: x, newTag: v1}}", {"image.name": "x:v1"}, []),
    ("{image: {name: x, version: v1}}", {}, []),
    ("{image: {name: e.org/x, version: v1}}", {"image.name": "e.org/x:v1"}, []),
    ("{image: {name: a/x, registry: e.org}}", {"image.name": "e.org/a/x"}, []),
    ("{image: {name: 'a/x:1', registry: e.org}}", {"image.name": "e.org/a/x:1"}, []),
    ("{image: {name: '', ref: 'e.org/x:1'}}", {"image.ref": "e.org/x:1"}, []),
    ("{image: {name: x, ref: 'e.org/x:1'}}", {"image.ref": "e.org/x:1"}, []),
    (
        "{image: {name: 'e.org/x:1', url: 'e.org/w:1'}}",
        {"image.name": "e.org/x:1"},
        ["image.url"],
    ),
    ("{db: {name: 'e.org/x:1', tag: v1}}", {}, ["db.name"]),
    ("{db: {name: e.org/x, tag: v1}}", {}, []),
    ("{db: {repository: e.org/x, tag: v1}}", {"db.repository": "e.org/x:v1"}, []),
    ("{db: {repo: e.org/x, imageTag: v1}}", {"db.repo": "e.org/x:v1"}, []),
    ("{db: {newName: e.org/x, newTag: v1}}", {"db.newName": "e.org/x:v1"}, []),
    ("{db: {repository: e.org/x, version: v1}}", {}, []),
    ("{db: {repository: x, tag: v1}}", {}, []),
    ("{db: {repository: e.org/x}}", {}, []),
    ("{db: {repository: github.com/a/x, tag: v1}}", {}, []),
    ("{db: {repository: git.e.org/a/x, tag: v1}}", {}, []),
    ("{db: {repository: e.org/a, image: x, tag: v1}}", {"db.repository": "e.org/a/x:v1"}, []),
    ("{db: {repository: e.org/a/, image: 'x:2'}}", {"db.repository": "e.org/a/x:2"}, []),
    (
        "{db: {repository: e.org/a, image: 'w.org/x:1', tag: v1}}",
        {"db.repository": "e.org/a:v1", "db.image": "w.org/x:1"},
        [],
    ),
    (
        "{db: {repo: e.org/a, image: 'x:1', tag: v1}}",
        {"db.repo": "e.org/a:v1", "db.image": "x:1"},
        [],
    ),
]
NAMED: list[Row] = [
    ("{a: [{name: image, value: 'e.org/x:1'}]}", {}, ["a[0].value"]),
    ("{a: [{name: x, value: 'e.org/x:1'}]}", {}, ["a[0].value"]),
    ("{a: [{name: x, value: e.org/x}]}", {}, []),
    ("{a: [{name: image, string: e.org/x}]}", {}, ["a[0].string"]),
    ("{a: [{name: x, string: e.org/x}]}", {}, []),
    ("{a: [{path: /spec/image, value: 'e.org/x:1'}]}", {}, ["a[0].value"]),
    ("{a: [{path: /image/spec, value: e.org/x}]}", {}, []),
    ("{a: [{name: x, path: /spec/image, value: e.org/x}]}", {}, []),
    ("{a: [{name: 1, path: /spec/image, value: 'e.org/x:1'}]}", {}, ["a[0].value"]),
    ("{a: [{name: image, value: [e.org/x]}]}", {}, []),
    ("{env: [{name: RELATED_IMAGE_X, value: x}]}", {"env[0].value": "x"}, []),
    ("{env: [{name: RELATED_IMAGE_X, value: ''}]}", {}, []),
    ("{env: [{name: X_IMAGE, value: e.org/x}]}", {"env[0].value": "e.org/x"}, []),
    ("{env: [{name: X_IMAGES, value: e.org/x}]}", {}, ["env[0].value"]),
    ("{env: [{name: X_IMAGE, value: x}]}", {}, []),
    ("{envs: [{name: RELATED_IMAGE_X, value: x}]}", {}, []),
    ("{from: {kind: DockerImage, name: x}}", {"from.name": "x"}, []),
    ("{from: {kind: DockerImage, name: ''}}", {}, []),
    ("{from: {kind: ImageStreamTag, name: 'x:1'}}", {}, []),
    ("{to: {kind: DockerImage, name: 'e.org/x:1'}}", {}, []),
    ("{a: {to: {kind: DockerImage, name: 'e.org/x:1'}}}", {}, []),
    ("{a: {env: [{name: RELATED_IMAGE_X, value: x}]}}", {"a.env[0].value": "x"}, []),
    ("{to: {from: {kind: DockerImage, name: x}}}", {"to.from.name": "x"}, []),
    ("{taskRef: {bundle: x}}", {"taskRef.bundle": "x"}, []),
    ("{pipelineRef: {bundle: x}}", {"pipelineRef.bundle": "x"}, []),
    ("{taskRef: {bundle: ''}}", {}, []),
    ("{a: {taskRef: {bundle: x}}}", {"a.taskRef.bundle": "x"}, []),
    ("{other: {bundle: x}}", {}, []),
    ("{taskRef: {a: {bundle: x}}}", {}, []),
    (
        "{a: {resolver: bundles, params: [1, {name: bundle, value: x}, {name: kind, value: w}]}}",
        {"a.params[1].value": "x"},
        [],
    ),
    ("{a: {resolver: bundles, params: [{name: bundle, value: ''}]}}", {}, []),
    ("{a: {resolver: bundles, params: {name: bundle, value: x}}}", {}, []),
    ("{a: {resolver: git, params: [{name: bundle, value: x}]}}", {}, []),
]
QUIET: list[Row] = [
    (f"{{{key}: 'e.org/x:1'}}", {}, [])
    for key in (
        "mage",
        "imagery",
        "damage",
        "logoImage",
        "imagePullPolicy",
        "IMAGE_SIZE",
    )
]
STYLES: list[Row] = [
    (f"{{{key}: 'e.org/x:1'}}", {key: "e.org/x:1"}, [])
    for key in (
        *("image", "IMAGE", "Image", "proxyImage", "ProxyImage", "proxy_image", "proxy-image"),
        *("PROXY_IMAGE", "imageName", "image_ref", "imageReference", "imageURL", "imageUri"),
        *("imageFullname", "imagePath", "HTTPImage", "proxy2Image"),
    )
] + [
    (f"{{{key}: 'e.org/x:1'}}", {}, [key])
    for key in ("images", "imageOverride", "imageList", "nameImages", "imageNameList")
]


@pytest.mark.parametrize(
    ("spec", "images", "unjudged"), [*TEXTS, *PARTS, *NAMED, *QUIET, *STYLES], ids=str
)
def test_a_custom_kind_names_images_in_forms_that_any_kind_may_use(
    spec: str, images: dict[str, str], unjudged: list[str]
) -> None:
    assert _judged(_found(spec)) == (images, unjudged)


@pytest.mark.parametrize(
    ("text", "is_image"),
    [
        ("e.org/x", True),
        ("localhost/x", True),
        ("e:5000/x", True),
        ("e.org/x.png:1", True),
        ("e.org/x:1.raw", True),
        (f"e.org/x.png@{DIGEST}", True),
        ("oci://e.org/x", True),
        ("docker-image://e.org/x", True),
        ("e.org/" + "a" * 250, True),
        ("e.org/" + "a/" * 600 + "b", False),
        ("e.org/" + "a" * 256, False),
        ("e/x", False),
        ("e.org", False),
        ("e.org/", False),
        ("e.org/X", False),
        ("e.org/x.png", False),
        ("e.org/x.TAR", False),
        ("https://e.org/x", False),
        ("localhosts/x", False),
    ],
)
def test_a_text_is_like_an_image_where_it_parses_and_has_a_registry(
    text: str,
    is_image: bool,  # noqa: FBT001  # a row of the table
) -> None:
    (finding,) = _found(f"{{images: ['{text}', 'e.org/other']}}").findings[:1]
    assert (finding.field == "spec.images[0]") == is_image


def test_no_number_of_commas_hides_an_image() -> None:
    for commas in (1, 64, 65, 1000):
        text = "a," * commas + "e.org/x"
        assert _judged(_found(f"{{images: ['{text}']}}"))[1] == ["images[0]"]


def test_a_long_text_is_shown_in_part() -> None:
    for length, shown in ((200, "0'"), (201, "0…'")):
        text = f"e.org/x,{'0' * (length - 8)}"
        (finding,) = _found(f"{{images: ['{text}']}}").findings
        assert finding.message.startswith(f"'{text[:200]}"[:-1] + shown)
        assert finding.message.endswith("gate does not know what this kind of object does with it")


@pytest.mark.parametrize(
    ("kind", "images"),
    [
        ("infrastructure.cluster.x-k8s.io/v1 Machine", {}),
        ("compute.gcp.upbound.io/v1 Instance", {}),
        ("v2.compute.gcp.upbound.io/v1 Instance", {}),
        ("mycompute.gcp.upbound.io/v1 Instance", {"image": "x"}),
        ("ops.example.org/v1 Instance", {"image": "x"}),
    ],
)
def test_a_machine_has_an_image_of_a_registry_only_where_it_names_one(
    kind: str, images: dict[str, str]
) -> None:
    assert _judged(_found("{image: x}", kind)) == (images, [])
    assert _judged(_found("{image: e.org/x}", kind)) == ({"image": "e.org/x"}, [])


@pytest.mark.parametrize(
    ("kind", "spec", "more", "images", "unjudged"),
    [
        ("v1 ImageStream", "{from: {kind: DockerImage, name: x}}", "", {"from.name": "x"}, []),
        ("apps/v1 ImageStream", "{from: {kind: DockerImage, name: x}}", "", {}, []),
        ("v1 Service", "{proxyImage: e.org/x}", "data: {image: e.org/x}\n", {}, []),
        ("v1 Service", "{csi: {volumeAttributes: {image: x}}}", "", {}, []),
        ("v1 ConfigMap", "{image: e.org/x}", "data: {a-image: e.org/x}\n", {}, ["data.a-image"]),
        ("v1 Secret", "{}", "stringData: {image: e.org/x, a: 1}\n", {}, ["stringData.image"]),
        ("v1 ConfigMap", "{}", "data: {a-image: 1, b: e.org/x}\n", {}, []),
        ("v1 ConfigMap", "{}", "data: [e.org/x]\n", {}, []),
        (
            "apps/v1 ControllerRevision",
            "{image: e.org/x}",
            "data: {a: {proxyImage: e.org/x}}\n",
            {"data.a.proxyImage": "e.org/x"},
            [],
        ),
        (
            "v1 PersistentVolume",
            "{csi: {volumeAttributes: {rootImage: e.org/x}}}",
            "data: {image: e.org/x}\n",
            {"csi.volumeAttributes.rootImage": "e.org/x"},
            [],
        ),
        ("v1 PersistentVolume", "{csi: 1}", "", {}, []),
        ("image.toolkit.fluxcd.io/v1 ImagePolicy", "{image: e.org/x}", "", {}, []),
        (
            "ops.example.org/v1 Broker",
            "{}",
            "status: {image: e.org/x}\nimage: x\n",
            {"image": "x"},
            [],
        ),
        ("ops.example.org/v1 Broker", "{status: {image: x}}", "", {"status.image": "x"}, []),
        (
            "kyverno.io/v1 ClusterPolicy",
            "{rules: [{mutate: {a: {proxyImage: e.org/x}}, validate: {image: w}}]}",
            "",
            {"rules[0].mutate.a.proxyImage": "e.org/x"},
            [],
        ),
        (
            "mutations.gatekeeper.sh/v1 Assign",
            "{parameters: {assign: {value: e.org/x}, other: {value: e.org/x}}}",
            "",
            {},
            ["parameters.assign.value"],
        ),
        ("mutations.gatekeeper.sh/v1 Assign", "{parameters: {assign: {value: 1}}}", "", {}, []),
        ("constraints.gatekeeper.sh/v1 X", "{image: e.org/x}", "", {}, []),
        ("my-constraints.gatekeeper.sh/v1 X", "{image: x}", "", {"image": "x"}, []),
    ],
)
def test_a_kind_that_is_known_is_searched_where_it_holds_images(
    kind: str, spec: str, more: str, images: dict[str, str], unjudged: list[str]
) -> None:
    assert _judged(_found(spec, kind, more)) == (images, unjudged)


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ('a == "e.org/x:1"', "e.org/x:1"),
        ("a == 'e.org/x:1'", "e.org/x:1"),
        (f"a == 'e.org/x@{DIGEST}'", f"e.org/x@{DIGEST}"),
        ("a == '' || a == 'e.org/x:1'", "e.org/x:1"),
        ("a == 'e.org/x'", None),
        ("a == 'e:5000/x'", None),
        ("a == 'x:1'", None),
        ("a == 'a/x:1'", None),
        ("a == 'mail@e.org'", None),
        ("a == e.org/x:1", None),
        ("a == ''", None),
        ('a == ""', None),
    ],
)
def test_an_expression_that_quotes_an_image_with_its_tag_is_said(
    expression: str, said: str | None
) -> None:
    kind = "admissionregistration.k8s.io/v1 MutatingAdmissionPolicy"
    text = expression.replace('"', '\\"')
    found = _found(f'{{mutations: [1, {{a: "{text}"}}]}}', kind)
    assert _judged(found) == ({}, ["mutations[1].a"] if said else [])
    assert [f.message.startswith(f"{said!r} looks") for f in found.findings] == [True] * bool(said)


PINS = Pins(
    written={"e.org/x:v1": f"e.org/x:v1@{DIGEST}"}, bound={"e.org/x:v1": f"e.org/x@{DIGEST}"}
)
AT = Location("f", 4, 31)
BOUND = f"e.org/x@{DIGEST}"


@pytest.mark.parametrize(
    ("image", "pinned", "bound"),
    [
        (
            "{repository: e.org/x, tag: v1}",
            {"repository": "e.org/x", "tag": f"v1@{DIGEST}"},
            {"repository": BOUND, "tag": "v1"},
        ),
        (
            "{repository: e.org/x, tag: v1, digest: ''}",
            {"repository": "e.org/x", "tag": "v1", "digest": DIGEST},
            {"repository": BOUND, "tag": "v1"},
        ),
        (
            "{registry: e.org, name: x, tag: v1}",
            {"registry": "e.org", "name": "x", "tag": f"v1@{DIGEST}"},
            {"registry": "e.org", "name": BOUND, "tag": "v1"},
        ),
        (
            "{repository: 'e.org/x:v1', tag: v2}",
            {"repository": f"e.org/x:v1@{DIGEST}", "tag": "v2"},
            {"repository": BOUND, "tag": "v2"},
        ),
        (
            "{url: 'oci://e.org/x:v1'}",
            {"url": f"oci://e.org/x:v1@{DIGEST}"},
            {"url": f"oci://{BOUND}"},
        ),
    ],
)
def test_an_image_is_pinned_and_bound_where_its_form_has_the_digest(
    image: str, pinned: dict[str, Any], bound: dict[str, Any]
) -> None:
    for spec, key in ((f"{{image: {image}}}", "image"), (f"{{a: 1, image: {image}}}", "image")):
        obj = _object(spec)
        assert pinned_value(obj, PINS)["spec"][key] == pinned
        assert bound_object(obj, PINS.bound)["spec"][key] == bound
    work = _object(
        "{manifests: [{apiVersion: ops.example.org/v1, kind: Broker, metadata: {}, "
        f"spec: {{image: {image}}}}}]}}",
        "work.open-cluster-management.io/v1 ManifestWork",
    )
    (inner,) = pinned_value(work, PINS)["spec"]["manifests"]
    assert inner["spec"]["image"] == pinned


@pytest.mark.parametrize(
    ("image", "split"),
    [
        (f"{{repository: x, tag: '{DIGEST}'}}", Split(("spec", "image", "tag"), "", AT)),
        ("{repository: x, tag: v1}", Split(("spec", "image", "tag"), "v1@", AT)),
        (f"{{repository: x, tag: 'v1@{DIGEST}'}}", Split(("spec", "image", "tag"), "v1@", AT)),
        ("{repository: x, version: v1}", Split(None)),
        ("{repository: x, digest: '', tag: v1}", Split(("spec", "image", "digest"), "", AT)),
        ("{repository: x, digest: {a: b}, tag: v1}", Split(None)),
        ("{repository: x, digest: [b], tag: v1}", Split(None)),
    ],
)
def test_a_tag_or_an_empty_digest_takes_the_digest_and_a_mapping_does_not(
    image: str, split: Split
) -> None:
    (use,) = _found(f"{{image: {image}}}").uses
    assert use.split == split
