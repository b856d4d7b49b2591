"""Every form in which manifests name an image: seen, said to be unjudged, or rightly quiet."""

from __future__ import annotations

import base64
import json

import pytest

from gate.manifests.canonical import object_digest
from gate.manifests.emit import Pins, pinned_value
from gate.manifests.images import ImageUses, image_uses
from gate.manifests.load import load_manifests
from gate.manifests.positions import texts
from gate.model.kubernetes import ImagePosition, field_path

HEX = "a" * 64
DIGEST = f"sha256:{HEX}"
MACHINES = "infrastructure.cluster.x-k8s.io/v1"
_POD_WITH_VOLUME = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "a"},
    "spec": {"containers": [{"image": "i:1"}]},
}
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: "


def _found(text: str, *positions: ImagePosition) -> ImageUses:
    return image_uses(load_manifests([("f", text.encode())]).objects, positions)


def _custom(spec: str, kind: str = "Broker", group: str = "ops.example.org/v1") -> str:
    return f"apiVersion: {group}\nkind: {kind}\nmetadata: {{name: a}}\nspec: {spec}\n"


def _carried(version: str, kind: str, spec: str) -> str:
    return f"{{apiVersion: {version}, kind: {kind}, metadata: {{name: b}}, spec: {spec}}}"


def _pod(annotations: str = "{}", more: str = "", container: str = "") -> str:
    return (
        "apiVersion: v1\nkind: Pod\n"
        f"metadata: {{name: a, annotations: {annotations}}}\n"
        f"spec:\n  containers: [{{name: c, image: i{container}}}]\n{more}"
    )


def _images(text: str) -> list[tuple[str, str]]:
    return [(field_path(u.path), u.image) for u in _found(text).uses]


def _unjudged(text: str) -> list[str | None]:
    return [f.field for f in _found(text).findings if f.code == "unjudged-image"]


@pytest.mark.parametrize(
    ("spec", "field", "image"),
    [
        ("{image: busybox}", "spec.image", "busybox"),
        ("{proxyImage: 'example.org/x:1'}", "spec.proxyImage", "example.org/x:1"),
        ("{base-image: 'example.org/x:1'}", "spec.base-image", "example.org/x:1"),
        ("{imageName: 'example.org/x:1'}", "spec.imageName", "example.org/x:1"),
        ("{imageURL: 'example.org/x:1'}", "spec.imageURL", "example.org/x:1"),
        ("{baseImage: example.org/x, tag: v1}", "spec.baseImage", "example.org/x:v1"),
        ("{proxyImage: x, proxyImageTag: 2}", "spec.proxyImage", "x:2"),
        ("{image: example.org/x, imageTag: v1}", "spec.image", "example.org/x:v1"),
        (
            "{imageRepository: example.org/x, imageTag: v1}",
            "spec.imageRepository",
            "example.org/x:v1",
        ),
        ("{registry: example.org, image: x, tag: 1}", "spec.image", "example.org/x:1"),
        ("{registry: example.org, image: 'x:1'}", "spec.image", "example.org/x:1"),
        ("{image: {repository: x, tag: '2.5'}}", "spec.image.repository", "x:2.5"),
        ("{image: {repository: x, version: '2.5'}}", "spec.image.repository", "x:2.5"),
        (
            f"{{image: {{repository: x, tag: '2', digest: '{DIGEST}'}}}}",
            "spec.image.repository",
            f"x:2@{DIGEST}",
        ),
        (
            "{image: {registry: example.org, repository: a/x, tag: '2'}}",
            "spec.image.repository",
            "example.org/a/x:2",
        ),
        ("{image: {name: 'example.org/x:1'}}", "spec.image.name", "example.org/x:1"),
        ("{image: {name: example.org/x, tag: v1}}", "spec.image.name", "example.org/x:v1"),
        ("{image: {ref: 'example.org/x:1'}}", "spec.image.ref", "example.org/x:1"),
        (
            "{code: {image: {url: 'oci://example.org/x:1'}}}",
            "spec.code.image.url",
            "example.org/x:1",
        ),
        (
            "{images: [{name: x, newName: example.org/x, newTag: v2}]}",
            "spec.images[0].newName",
            "example.org/x:v2",
        ),
        (
            "{driver: {repository: example.org/n, image: driver, version: '5'}}",
            "spec.driver.repository",
            "example.org/n/driver:5",
        ),
        ("{db: {repository: example.org/x, tag: v1}}", "spec.db.repository", "example.org/x:v1"),
        ("{env: [{name: RELATED_IMAGE_A, value: 'x:1'}]}", "spec.env[0].value", "x:1"),
        ("{from: {kind: DockerImage, name: 'x:1'}}", "spec.from.name", "x:1"),
        (
            "{taskRef: {resolver: bundles, params: [{name: bundle, value: 'x:1'}]}}",
            "spec.taskRef.params[0].value",
            "x:1",
        ),
    ],
)
def test_a_form_that_any_kind_may_use_names_an_image(spec: str, field: str, image: str) -> None:
    found = _found(_custom(spec))
    assert [(field_path(u.path), u.image) for u in found.uses] == [(field, image)]
    assert found.findings == ()


@pytest.mark.parametrize(
    ("group", "kind", "spec", "field", "image"),
    [
        ("postgresql.cnpg.io/v1", "Cluster", "{imageName: 'x:1'}", "spec.imageName", "x:1"),
        (
            "monitoring.coreos.com/v1",
            "Prometheus",
            "{baseImage: x, version: v1}",
            "spec.baseImage",
            "x:v1",
        ),
        ("pkg.crossplane.io/v1", "Provider", "{package: 'x:1'}", "spec.package", "x:1"),
        (
            "source.toolkit.fluxcd.io/v1",
            "OCIRepository",
            "{url: 'oci://example.org/x', ref: {tag: v1}}",
            "spec.url",
            "example.org/x:v1",
        ),
        (
            "source.toolkit.fluxcd.io/v1",
            "OCIRepository",
            "{url: 'oci://example.org/x'}",
            "spec.url",
            "example.org/x",
        ),
        (
            "extensions.istio.io/v1alpha1",
            "WasmPlugin",
            "{url: 'example.org/x:1'}",
            "spec.url",
            "example.org/x:1",
        ),
        (
            "cdi.kubevirt.io/v1beta1",
            "DataVolume",
            "{source: {registry: {url: 'docker://x:1'}}}",
            "spec.source.registry.url",
            "x:1",
        ),
        (
            "argoproj.io/v1alpha1",
            "Application",
            "{source: {kustomize: {images: ['a=example.org/x:1']}}}",
            "spec.source.kustomize.images[0]",
            "example.org/x:1",
        ),
        (
            "argoproj.io/v1alpha1",
            "Application",
            "{source: {helm: {values: 'image: {repository: example.org/x, tag: v1}'}}}",
            "spec.source.helm.values",
            "example.org/x:v1",
        ),
    ],
)
def test_a_row_of_the_table_names_an_image(
    group: str, kind: str, spec: str, field: str, image: str
) -> None:
    assert _images(_custom(spec, kind, group)) == [(field, image)]


@pytest.mark.parametrize(
    ("text", "field", "image"),
    [
        (
            _pod("{sidecar.istio.io/proxyImage: 'x:1'}"),
            "metadata.annotations.sidecar.istio.io/proxyImage",
            "x:1",
        ),
        (
            _pod("{config.linkerd.io/proxy-image: x, config.linkerd.io/proxy-version: v1}"),
            "metadata.annotations.config.linkerd.io/proxy-image",
            "x:v1",
        ),
        (
            _pod(container=", env: [{name: SIDECAR_IMAGE, value: 'example.org/x:1'}]"),
            "spec.containers[0].env[0].value",
            "example.org/x:1",
        ),
        (
            _pod(container=", args: ['--solver-image=example.org/x:1']"),
            "spec.containers[0].args[0]",
            "example.org/x:1",
        ),
        (
            _pod(container=", args: [-entrypoint-image, 'example.org/x:1']"),
            "spec.containers[0].args[1]",
            "example.org/x:1",
        ),
        (
            _pod(more="  volumes: [{name: v, csi: {driver: d, volumeAttributes: {image: x}}}]\n"),
            "spec.volumes[0].csi.volumeAttributes.image",
            "x",
        ),
        (
            _pod(more="  volumes: [{name: v, image: {reference: 'x:1'}}]\n"),
            "spec.volumes[0].image.reference",
            "x:1",
        ),
    ],
)
def test_a_pod_names_images_beside_those_of_its_containers(
    text: str, field: str, image: str
) -> None:
    assert set(_images(text)) == {("spec.containers[0].image", "i"), (field, image)}


CONTAINERS = "spec:\n  initContainers: [{name: a, image: 'example.org/x:1'}]"


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (_custom(json.dumps({"podSpecPatch": CONTAINERS}), "Workflow"), "spec.podSpecPatch"),
        (
            _custom(
                json.dumps({"templates": [{"podSpecPatch": '{"containers":[{"image":"i:1"}]}'}]}),
                "WorkflowTemplate",
            ),
            "spec.templates[0].podSpecPatch",
        ),
        (_custom(json.dumps({"pods": 'a: [{containers: [{image: "i:1"}]}]'})), "spec.pods"),
        (
            _custom(
                json.dumps({"podSpecPatch": 'volumes: [{image: {reference: "i:1"}}]'}), "Workflow"
            ),
            "spec.podSpecPatch",
        ),
        (_custom(json.dumps({"pods": '[{containers: [{image: "i:1"}]}]'})), "spec.pods"),
        (f"{CONFIG}{json.dumps({'pod.yaml': CONTAINERS})}\n", "data.pod.yaml"),
        (
            CONFIG.replace("ConfigMap", "Secret")
            + json.dumps({"a": base64.b64encode(CONTAINERS.encode()).decode()})
            + "\n",
            "data.a",
        ),
    ],
)
def test_containers_in_a_text_without_a_kind_name_images(text: str, field: str) -> None:
    found = _found(text)
    assert [field_path(use.path) for use in found.uses] == [field]
    assert [use.image in ("example.org/x:1", "i:1") for use in found.uses] == [True]
    assert [use.fixed for use in found.uses] == [True]
    assert found.findings == ()


def test_a_container_in_a_text_has_its_name_or_none() -> None:
    pods = "containers: [{name: a, image: i}, {name: '', image: j}, {name: 1, image: k}]"
    found = _found(_custom(json.dumps({"pods": pods}), "Workflow"))
    assert [(use.image, use.container) for use in found.uses] == [
        *(("i", "a"), ("j", None), ("k", None)),
    ]


def test_a_volume_in_a_text_has_an_image_where_it_names_one_and_no_container() -> None:
    volumes = "[{name: a, image: {reference: i}}, {name: b, image: j}, {name: c, emptyDir: {}}]"
    pods = f"containers: [{{name: c, image: k}}]\nvolumes: {volumes}"
    found = _found(_custom(json.dumps({"pods": pods}), "Workflow"))
    assert [(use.image, use.container) for use in found.uses] == [("k", "c"), ("i", None)]


def test_what_an_object_of_a_text_names_is_judged_there_alone() -> None:
    text = json.dumps({"a": _pod(container="\nimage: 'example.org/x:1'").replace("image: i\n", "")})
    found = _found(f"{CONFIG}{text}\n")
    assert ([use.image for use in found.uses], found.findings) == (["example.org/x:1"], ())


def test_what_one_file_is_judged_for_is_not_judged_in_another() -> None:
    files = {"a": "spec: {containers: [{image: 'example.org/x:1'}]}", "b": "image: example.org/x:1"}
    text = f"{CONFIG}{json.dumps(files)}\n"
    assert (_images(text), _unjudged(text)) == ([("data.a", "example.org/x:1")], ["data.b"])


def test_a_text_that_is_an_object_is_told_of_as_one_and_not_again_as_a_file() -> None:
    text = _carried("ops.example.org/v1", "Broker", "{imageRegistry: example.org}")
    found = _found(f"{CONFIG}{json.dumps({'a': text})}\n")
    assert [f.field for f in found.findings] == ["data.a.spec.imageRegistry"]


def test_a_repository_that_is_judged_in_a_file_is_not_said_again() -> None:
    file = "containers: [{image: e.org/x}]\nnote: |\n  a_repository = e.org/x\n  a_tag = 1\n"
    found = _found(f"{CONFIG}{json.dumps({'a': file})}\n")
    assert ([use.image for use in found.uses], found.findings) == (["e.org/x"], ())


def test_files_of_settings_have_so_many_parts_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"a": "image: 1\nb: 2\n", "b": "image: 1\nb: 2\n"}
    text = f"{CONFIG}{json.dumps(files)}\n"
    monkeypatch.setattr(texts, "_MOST_PARTS", 6)
    assert _unjudged(text) == []
    monkeypatch.setattr(texts, "_MOST_PARTS", 5)
    (finding,) = _found(text).findings
    assert (finding.field, finding.message.split()[0]) == ("data.b", "'b'")


def test_a_file_that_is_no_yaml_has_no_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "_MOST_PARTS", 3)
    files = {"a": "image: 1\nb: 2\n", "b": "image: [\n"}
    assert _unjudged(f"{CONFIG}{json.dumps(files)}\n") == []


def test_a_finding_in_a_file_shows_what_it_holds_unless_that_is_a_secret() -> None:
    file = "global:\n  imageRegistry: example.org\n"
    (shown,) = _found(f"{CONFIG}{json.dumps({'a': file})}\n").findings
    assert (shown.field, shown.message.split()[0]) == ("data.a", "'example.org'")
    coded = json.dumps({"a": base64.b64encode(file.encode()).decode()})
    (hidden,) = _found(f"{CONFIG.replace('ConfigMap', 'Secret')}{coded}\n").findings
    assert (hidden.field, hidden.message.split()[0]) == ("data.a", "'a'")
    assert "example.org" not in hidden.message


def test_a_variable_of_a_registry_is_what_names_begin_with() -> None:
    variables = "[{name: IMAGE_REGISTRY, value: local}, {name: IMAGE_REGISTRY, value: e.org}]"
    assert _unjudged(_pod(container=f", env: {variables}")) == ["spec.containers[0].env[1].value"]


def test_an_argument_by_digest_alone_names_no_image() -> None:
    text = _pod(container=f", args: ['x@{DIGEST}', 'e.org/x@{DIGEST}']")
    assert _unjudged(text) == ["spec.containers[0].args[1]"]


def test_texts_of_an_object_have_so_many_parts_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    inner = {"a": "containers: [{image: i}]", "b": "containers: [{image: j}]"}
    text = _custom(json.dumps({"x": inner}))
    monkeypatch.setattr(texts, "_MOST_PARTS", 8)
    assert (_images(text), _unjudged(text)) == ([("spec.x.a", "i"), ("spec.x.b", "j")], [])
    monkeypatch.setattr(texts, "_MOST_PARTS", 7)
    (finding,) = _found(text).findings
    assert _images(text) == [("spec.x.a", "i")]
    assert (finding.field, finding.message.split()[0]) == ("spec.x.b", "'b'")


@pytest.mark.parametrize(
    "file",
    [
        "image: example.org/x:1",
        "a:\n  proxyImage: 'example.org/x'",
        '{"image": "example.org/x:1"}',
        '[runners]\nimage = "example.org/x:1"',
        "A=b\nSIDECAR_IMAGE=example.org/x:1\n",
        "agent.image=localhost:5000/x:1",
        "spec: {containers: [{image: 'i:1'}]}\nimage: example.org/x:1",
        "image:\n  repository: example.org/x\n  tag: '1'\n",
        "image:\n  registry: example.org\n  repository: x\n  tag: '1'\n",
        "image:\n  repository: example.org/x\n",
        "global:\n  imageRegistry: example.org\n",
        "global:\n  hub: example.org/istio\n  tag: '1'\n",
        '{"images": ["example.org/x:1"]}',
        "images:\n  - example.org/x:1\n",
        "a: {}\n---\nimages:\n  - example.org/x:1\n",
        "image.repository=example.org/x",
        'images = ["a=example.org/x:1"]',
        "[kubernetes]\nworker_repository = example.org/x\nworker_tag = 1\n",
        '{"hub": "example.org/istio"}',
        ' [{"hub": "example.org/istio"}]',
        "hub: example.org/istio",
        "example.org/x:1",
        f"example.org/x@sha256:{'0' * 64}",
        "oci://example.org/x:1",
    ],
)
def test_a_file_of_settings_that_names_an_image_is_said(file: str) -> None:
    assert _unjudged(f"{CONFIG}{json.dumps({'a': file})}\n") == ["data.a"]


@pytest.mark.parametrize(
    "file",
    [
        "# image: example.org/x:1",
        "# image: example.org/x:1" + "\n" * 300,
        "image: acme/x:1",
        "image: x:1",
        "logoImage: example.org/logo",
        "imagePullPolicy: example.org/x",
        "url: example.org/x:1",
        "image: '{{ .Values.image }}'",
        "image: https://example.org/x.png",
        "image: example.org/{{ name }}",
        "containers: [a, b]\nimages: []",
        "containers: {image: x",
        "image:\n  repository: x\n  tag: '1'\n",
        "image:\n  repository: {{ name }}\n",
        "image: {}\nurl: https://example.org/x:1\n",
        "a: {}\nurl: example.org/x:1\n",
        "repository = example.org/x\nbranch = 1\n",
        "repository = github.com/acme/x",
        "worker_repository = example.org/x\ntag = 1\n",
        "worker_repository = acme/x\nworker_tag = 1\n",
        "example.org/x",
        "example.org:443",
    ],
)
def test_a_file_of_settings_without_an_image_of_a_registry_is_quiet(file: str) -> None:
    found = _found(f"{CONFIG}{json.dumps({'a': file})}\n")
    assert (found.uses, found.findings) == ((), ())


def test_a_patch_of_pods_that_nobody_can_read_is_said_where_it_speaks_of_images() -> None:
    template = "containers: [{resources: {{inputs.parameters.r}} %s}]"
    patch = json.dumps({"podSpecPatch": template % ", image: a"})
    assert _unjudged(_custom(patch, "Workflow")) == ["spec.podSpecPatch"]
    nested = json.dumps({"templates": [{"podSpecPatch": template % ", image: a"}]})
    assert _unjudged(_custom(nested, "Workflow")) == ["spec.templates[0].podSpecPatch"]
    for quiet in (template % "", "resources: {{inputs.parameters.r}} image"):
        assert _unjudged(_custom(json.dumps({"podSpecPatch": quiet}), "Workflow")) == []


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        ({"a.repository": "example.org/x", "a.tag": "1"}, ["data.a.repository"]),
        ({"aRepository": "example.org/x", "aTag": "1"}, ["data.aRepository"]),
        ({"a.repository": "example.org/x", "b.tag": "1"}, []),
        ({"a.repository": "x", "a.tag": "1"}, []),
        ({"a": "example.org/x:1"}, ["data.a"]),
        ({"a": "example.org/x"}, []),
    ],
)
def test_a_text_of_a_config_map_names_an_image_alone_or_with_the_tag_beside_it(
    data: dict[str, str], fields: list[str]
) -> None:
    assert _unjudged(f"{CONFIG}{json.dumps(data)}\n") == fields


def test_what_a_secret_holds_under_other_keys_is_not_shown() -> None:
    file = "image: {}\ndsn: db.example.org/shop:hunter2\n"
    secret = CONFIG.replace("ConfigMap", "Secret").replace("data: ", "stringData: ")
    (finding,) = _found(f"{secret}{json.dumps({'a': file})}\n").findings
    assert (finding.code, finding.field) == ("unjudged-image", "stringData.a")
    assert "hunter2" not in finding.message
    assert _found(f"{secret}{{dsn: 'db.example.org/shop:hunter2'}}\n").findings == ()


def test_a_volume_driver_mounts_what_its_attributes_name() -> None:
    for volume in (
        {"csi": {"driver": "d", "volumeAttributes": {"d/reference": "example.org/x:1"}}},
        {"flexVolume": {"driver": "d", "options": {"reference": "example.org/x:1"}}},
    ):
        pod = json.loads(json.dumps(_POD_WITH_VOLUME))
        pod["spec"]["volumes"] = [{"name": "v", **volume}]
        assert len(_unjudged(json.dumps(pod))) == 1
        text = json.dumps(pod).replace("example.org/x:1", "example.org/x")
        assert _unjudged(text) == []


def test_a_template_of_an_application_set_is_read_where_it_speaks_of_images() -> None:
    def told(text: str) -> tuple[list[str], list[str | None]]:
        spec = json.dumps({"templatePatch": text})
        obj = _custom(spec, "ApplicationSet", "argoproj.io/v1alpha1")
        return [image for _, image in _images(obj)], _unjudged(obj)

    source = "spec: {source: {kustomize: {images: ['a=example.org/x:1']}}}"
    assert told(source) == ([], ["spec.templatePatch.spec.source.kustomize.images[0]"])
    assert told("spec:\n{{- if .auto }}\n  syncPolicy: {}\n{{- end }}\n") == ([], [])
    assert told("spec:\n{{- if .a }}\n  image: x\n{{- end }}\n") == ([], ["spec.templatePatch"])


@pytest.mark.parametrize(
    ("kind", "group", "spec", "images", "unjudged"),
    [
        ("Installation", "operator.tigera.io/v1", "{registry: quay.io/}", [], ["spec.registry"]),
        (
            "KnativeServing",
            "operator.knative.dev/v1beta1",
            "{registry: {default: 'example.org/${NAME}:v1', override: {activator: example.org/a}}}",
            ["example.org/a"],
            ["spec.registry.default"],
        ),
        (
            "OverridePolicy",
            "policy.karmada.io/v1alpha1",
            "{overrideRules: [{overriders: {imageOverrider: [{component: Tag, value: v2}]}}]}",
            [],
            ["spec.overrideRules[0].overriders.imageOverrider[0].value"],
        ),
        (
            "AddOnDeploymentConfig",
            "addon.open-cluster-management.io/v1alpha1",
            "{registries: [{source: quay.io/a, mirror: example.org/a}]}",
            [],
            ["spec.registries[0].mirror"],
        ),
        ("Image", "kpack.io/v1alpha2", "{tag: 'example.org/x:1'}", [], []),
        ("Build", "shipwright.io/v1beta1", "{output: {image: 'example.org/x:1'}}", [], []),
        (
            "Build",
            "example.org/v1",
            "{output: {image: 'example.org/x:1'}}",
            ["example.org/x:1"],
            [],
        ),
    ],
)
def test_kinds_that_name_a_registry_or_what_they_build(
    kind: str, group: str, spec: str, images: list[str], unjudged: list[str]
) -> None:
    text = _custom(spec, kind, group)
    assert ([image for _, image in _images(text)], _unjudged(text)) == (images, unjudged)


def test_a_controller_revision_and_a_persistent_volume_name_images() -> None:
    revision = (
        "apiVersion: apps/v1\nkind: ControllerRevision\nmetadata: {name: a}\n"
        "data: {spec: {template: {spec: {containers: [{image: 'x:1'}]}}}}\n"
    )
    assert [image for _, image in _images(revision)] == ["x:1"]
    volume = (
        "apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: a}\n"
        "spec: {csi: {volumeHandle: 'example.org/x:1', volumeAttributes: {image: 'z:1'}}}\n"
    )
    assert {image for _, image in _images(volume)} == {"example.org/x:1", "z:1"}


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (_custom("{plugin: 'oci://example.org/x:1'}"), "spec.plugin"),
        (_custom("{plugins: ['oci://example.org/x:1']}"), "spec.plugins[0]"),
        (_custom("{images: {proxy: 'example.org/x:1'}}"), "spec.images.proxy"),
        (_custom("{sidecarImages: ['example.org/x:1']}"), "spec.sidecarImages[0]"),
        (_custom("{params: [{name: image, value: 'example.org/x:1'}]}"), "spec.params[0].value"),
        (_custom("{image: {repository: example.org/x}}"), "spec.image.repository"),
        (_custom("{image: {repository: example.org/x, tag: ''}}"), "spec.image.repository"),
        (_custom("{image: {repository: example.org/x, tag: 1.10}}"), "spec.image.repository"),
        (
            _custom(
                "{url: 'oci://example.org/x', ref: {semver: '>1'}}",
                "OCIRepository",
                "source.toolkit.fluxcd.io/v1",
            ),
            "spec.url",
        ),
        (
            _custom(
                '{mutations: [{jsonPatch: {expression: \'["e", "example.org/x:1"]\'}}]}',
                "MutatingAdmissionPolicy",
                "admissionregistration.k8s.io/v1",
            ),
            "spec.mutations[0].jsonPatch.expression",
        ),
        (
            _custom("{hub: example.org/x, tag: v1}", "IstioOperator", "install.istio.io/v1alpha1"),
            "spec.hub",
        ),
        (
            CONFIG + "{agent-image: 'example.org/x:1'}\n",
            "data.agent-image",
        ),
        (
            _pod("{config.linkerd.io/proxy-image: example.org/x}"),
            "metadata.annotations.config.linkerd.io/proxy-image",
        ),
        (
            _pod("{argocd-image-updater.argoproj.io/image-list: 'a=example.org/x'}"),
            "metadata.annotations.argocd-image-updater.argoproj.io/image-list",
        ),
        (
            _custom(
                "{mutations: [{applyConfiguration: {expression: 'image: \"example.org/x:1\"'}}]}",
                "MutatingAdmissionPolicy",
                "admissionregistration.k8s.io/v1",
            ),
            "spec.mutations[0].applyConfiguration.expression",
        ),
        (_custom(f"{{engine: 'example.org/x@sha256:{'0' * 64}'}}"), "spec.engine"),
        (_custom(f"{{engines: ['example.org/x@sha256:{'0' * 64}']}}"), "spec.engines[0]"),
        (
            _custom(
                "{parameters: {assignDomain: example.org}}",
                "AssignImage",
                "mutations.gatekeeper.sh/v1alpha1",
            ),
            "spec.parameters.assignDomain",
        ),
        (
            _custom(
                "{location: spec.image, parameters: {assign: {value: 'example.org/x:1'}}}",
                "Assign",
                "mutations.gatekeeper.sh/v1",
            ),
            "spec.parameters.assign.value",
        ),
    ],
)
def test_what_looks_like_an_image_and_is_not_known_is_said(text: str, field: str) -> None:
    assert _unjudged(text) == [field]
    assert [i for _, i in _images(text) if i != "i"] == []


@pytest.mark.parametrize(
    "text",
    [
        _custom("{logoImage: 'example.org/logo:1'}"),
        _custom("{iconImage: example.org/icon.png}"),
        _custom("{imageURL: 'https://example.org/x.qcow2'}"),
        _custom("{backgroundImage: sky}"),
        _custom("{imagePullPolicy: Always, imagePullSecrets: [{name: a.example.org/b}]}"),
        _custom("{image: ami-0abc123}"),
        _custom("{image: 'projects/p/global/images/family/i'}"),
        _custom("{image: 'https://example.org/disk.img'}"),
        _custom("{image: Ubuntu 22.04 LTS}"),
        _custom(
            "{image: ubuntu-22.04}",
            "OpenStackMachineTemplate",
            "infrastructure.cluster.x-k8s.io/v1",
        ),
        _custom("{git: {repository: github.com/a/b, tag: v1}}"),
        _custom(
            "{parameters: {assignDomain: example.org}}", "Assign", "mutations.gatekeeper.sh/v1"
        ),
        _custom("{documentation: 'https://example.org/docs/images'}"),
        _custom("{size: 1}") + "status: {image: 'example.org/x:1'}\n",
        _custom("{size: 1}") + "status: {a: 'containers: [{image: \"x:1\"}]'}\n",
        _custom("{image: ghcr.io/acme/x}", "ImageRepository", "image.toolkit.fluxcd.io/v1"),
        _custom(
            "{output: {to: {kind: DockerImage, name: 'example.org/x:1'}}}",
            "BuildConfig",
            "build.openshift.io/v1",
        ),
        _custom(
            "{rules: [{verifyImages: [{imageReferences: ['ghcr.io/acme/*']}]}]}",
            "ClusterPolicy",
            "kyverno.io/v1",
        ),
        _custom(f"{{digest: 'sha256:{'0' * 64}', note: 'see a@sha256:{'0' * 64} of May'}}"),
        CONFIG + "{image: sky.png, x: ghcr.io/a/b}\n",
        CONFIG + "{trivy: example.org/x, trivyTag: v1}\n",
        CONFIG + json.dumps({"a": _carried("v1", "Service", "{image: example.org/x}")}) + "\n",
        CONFIG + json.dumps({"a": _carried("v1", "Service", "{containers: [{image: x}]}")}) + "\n",
        _custom(
            f"{{parts: [{_carried(MACHINES, 'AWSMachineTemplate', '{image: ubuntu-22.04}')}]}}"
        ),
    ],
)
def test_what_is_no_image_is_quiet(text: str) -> None:
    found = _found(text)
    assert (found.uses, found.findings) == ((), ())


def test_a_tag_and_its_digest_bind_the_same_and_pinning_adds_the_digest() -> None:
    text = _custom("{image: {repository: example.org/x, tag: v1}}")
    (obj,) = load_manifests([("f", text.encode())]).objects
    bound = {"example.org/x:v1": f"example.org/x@{DIGEST}"}
    pins = Pins(written={"example.org/x:v1": f"example.org/x:v1@{DIGEST}"}, bound=bound)
    value = pinned_value(obj, pins)
    assert value["spec"]["image"] == {"repository": "example.org/x", "tag": f"v1@{DIGEST}"}
    (pinned,) = load_manifests([("f", json.dumps(value).encode())]).objects
    again = {f"example.org/x:v1@{DIGEST}": f"example.org/x@{DIGEST}"}
    assert object_digest(pinned, again) == object_digest(obj, bound)
    other = text.replace("tag: v1", "tag: v2")
    (changed,) = load_manifests([("f", other.encode())]).objects
    assert object_digest(changed, {"example.org/x:v2": f"example.org/x@{DIGEST}"}) != object_digest(
        obj, bound
    )


def test_a_policy_names_a_field_and_its_tag() -> None:
    text = _custom("{pools: [{engine: example.org/x, release: v1}, {engine: example.org/y}]}")
    position = ImagePosition("Broker", "spec.pools[*].engine", "spec.pools[*].release")
    found = _found(text, position)
    assert [(u.image, u.fixed) for u in found.uses] == [
        ("example.org/x:v1", True),
        ("example.org/y", True),
    ]
    assert (
        _found(text, ImagePosition("other.example.org/Broker", "spec.pools[*].engine")).uses == ()
    )


def test_a_policy_says_that_a_field_names_nothing_that_runs() -> None:
    text = _custom("{image: 'example.org/x:1', plugin: 'oci://example.org/y'}")
    ignored = ImagePosition("ops.example.org/Broker", "spec.plugin", ignore=True)
    found = _found(text, ignored)
    assert ([u.image for u in found.uses], found.findings) == (["example.org/x:1"], ())
    assert _found(text, ImagePosition("Broker", "spec", ignore=True)).uses == ()


def test_an_argument_of_a_container_is_looked_at_whatever_carries_it() -> None:
    spec = "{containers: [{name: c, image: i, args: ['--proxy-image=e.org/x:1']}]}"
    text = _custom(f"{{template: {_carried('v1', 'Service', spec)}}}")
    container = "spec.template.spec.containers[0]"
    assert _unjudged(text) == [f"{container}.image", f"{container}.args[0]"]


def test_a_policy_says_that_a_field_of_a_carried_object_names_nothing_that_runs() -> None:
    spec = "{a: {image: e.org/x}, b: {image: e.org/y}}"
    text = _custom(f"{{template: {_carried('v1', 'Service', spec)}}}")
    found = _found(text, ImagePosition("Service", "spec.a", ignore=True))
    assert [f.field for f in found.findings] == ["spec.template.spec.b.image"]
    found = _found(text, ImagePosition("Service", "spec", ignore=True))
    assert (found.uses, found.findings) == ((), ())


def test_a_policy_says_what_a_variable_or_an_argument_is_and_not_what_a_container_runs() -> None:
    image = f"example.org/x@sha256:{'0' * 64}"
    pod = json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": "a"},
            "spec": {
                "containers": [
                    {
                        "image": "i:1",
                        "args": ["push", image, f"--to={image}", "--tag=example.org/x:1"],
                        "env": [{"name": "TO", "value": "example.org/x:1"}],
                    }
                ]
            },
        }
    )
    at = "spec.containers[0]"
    assert _unjudged(pod) == [f"{at}.env[0].value", f"{at}.args[1]", f"{at}.args[2]"]
    fields = ("spec.containers[*].args", "spec.containers[*].env[*].value", at)
    ignored = [ImagePosition("Pod", field, ignore=True) for field in fields]
    found = _found(pod, *ignored)
    assert ([use.image for use in found.uses], found.findings) == (["i:1"], ())


def test_no_policy_leaves_out_what_a_container_runs() -> None:
    found = _found(_pod(), ImagePosition("Pod", "spec", ignore=True))
    assert [u.image for u in found.uses] == ["i"]


def test_no_policy_leaves_out_a_container_without_an_image() -> None:
    text = _pod(more="  initContainers: [{name: a}]\n")
    found = _found(text, ImagePosition("Pod", "spec", ignore=True))
    assert [f.field for f in found.findings] == ["spec.initContainers[0].image"]
