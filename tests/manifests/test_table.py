"""Each kind of row of the table of image positions, and what a policy adds to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from gate.manifests.images import ImageUses, image_uses
from gate.manifests.load import load_manifests
from gate.manifests.positions.page import page
from gate.model.kubernetes import ImagePosition, ImageUse, Split, field_path
from gate.model.location import Location

DIGEST = f"sha256:{'a' * 64}"
FLUX = "source.toolkit.fluxcd.io/v1 OCIRepository"
PROMETHEUS = "monitoring.coreos.com/v1 Prometheus"
APPLICATION = "argoproj.io/v1alpha1 Application"
CHART = "helm.cattle.io/v1 HelmChart"
GRAFANA = "grafana.integreatly.org/v1 Grafana"
WASM = "extensions.istio.io/v1 WasmPlugin"
ISTIO = "install.istio.io/v1 IstioOperator"
DISK = "cdi.kubevirt.io/v1beta1 DataVolume"


def _found(kind: str, spec: str, *positions: ImagePosition) -> ImageUses:
    version, name = kind.split()
    text = f"apiVersion: {version}\nkind: {name}\nmetadata: {{name: a}}\nspec: {spec}\n"
    return image_uses(load_manifests([("f", text.encode())]).objects, positions)


def _uses(found: ImageUses) -> list[tuple[str, str, str]]:
    """Return each image with its field and what is before it."""
    return [(use.image, field_path(use.path), use.prefix) for use in found.uses]


def _unjudged(found: ImageUses) -> list[tuple[str | None, str]]:
    """Return the field of each place that nobody judges, and the reason."""
    assert {finding.code for finding in found.findings} <= {"unjudged-image"}
    return [(f.field, f.message.rpartition(": ")[2]) for f in found.findings]


@pytest.mark.parametrize(
    ("kind", "spec", "use"),
    [
        (FLUX, "{url: 'oci://e.org/x', ref: {tag: v1}}", ("e.org/x:v1", "spec.url", "oci://")),
        (FLUX, "{url: 'oci://e.org/x:2', ref: {tag: v1}}", ("e.org/x:2", "spec.url", "oci://")),
        (
            FLUX,
            f"{{url: 'oci://e.org/x', ref: {{digest: '{DIGEST}'}}}}",
            (f"e.org/x@{DIGEST}", "spec.url", "oci://"),
        ),
        (
            FLUX,
            f"{{url: 'oci://e.org/x', ref: {{tag: v1, semver: '>1', digest: '{DIGEST}'}}}}",
            (f"e.org/x:v1@{DIGEST}", "spec.url", "oci://"),
        ),
        (FLUX, "{url: 'oci://e.org/x', ref: 1}", ("e.org/x", "spec.url", "oci://")),
        (PROMETHEUS, "{baseImage: x, tag: b, version: c}", ("x:b", "spec.baseImage", "")),
        (PROMETHEUS, "{baseImage: x, sha: '', version: 3}", ("x:3", "spec.baseImage", "")),
        (PROMETHEUS, "{baseImage: 'x:1', version: c}", ("x:1", "spec.baseImage", "")),
        (
            DISK,
            "{source: {registry: {url: 'docker://x'}}}",
            ("x", "spec.source.registry.url", "docker://"),
        ),
        (
            APPLICATION,
            "{source: {kustomize: {images: ['a=e.org/x:1']}}}",
            ("e.org/x:1", "spec.source.kustomize.images[0]", "a="),
        ),
        (
            APPLICATION,
            "{sources: [1, {kustomize: {images: ['e.org/x:1']}}]}",
            ("e.org/x:1", "spec.sources[1].kustomize.images[0]", ""),
        ),
        (GRAFANA, "{version: 'e.org/x:1'}", ("e.org/x:1", "spec.version", "")),
        (WASM, "{url: 'oci://e.org/x:1'}", ("e.org/x:1", "spec.url", "oci://")),
        (CHART, "{valuesContent: 'a: {image: x}'}", ("x", "spec.valuesContent", "")),
        (
            CHART,
            "{valuesContent: 'a: {repository: e.org/x, tag: v1}'}",
            ("e.org/x:v1", "spec.valuesContent", ""),
        ),
        (
            CHART,
            r"""{valuesContent: '"\x69mage": e.org/x'}""",
            ("e.org/x", "spec.valuesContent", ""),
        ),
    ],
)
def test_a_row_names_one_image(kind: str, spec: str, use: tuple[str, str, str]) -> None:
    found = _found(kind, spec)
    assert (_uses(found), _unjudged(found)) == ([use], [])


INSIDE = "its tag is filled in only inside the cluster"


@pytest.mark.parametrize(
    ("kind", "spec", "field", "why"),
    [
        (PROMETHEUS, "{baseImage: x}", "spec.baseImage", INSIDE),
        (PROMETHEUS, "{baseImage: x, version: true}", "spec.baseImage", INSIDE),
        (
            FLUX,
            "{url: 'oci://e.org/x', ref: {tag: v1, semver: '>1'}}",
            "spec.url",
            "its tag is chosen only inside the cluster",
        ),
        (
            APPLICATION,
            "{source: {kustomize: {images: ['a=e.org/x']}}}",
            "spec.source.kustomize.images[0]",
            "its tag is the one that the files have",
        ),
        (ISTIO, "{hub: x}", "spec.hub", "the names of images begin with it"),
        (
            CHART,
            "{valuesContent: 'a: 1\n\n  a: ['}",
            "spec.valuesContent",
            "gate cannot read the YAML in it",
        ),
        (
            CHART,
            "{valuesContent: 'a: {image: {repository: e.org/x}}'}",
            "spec.valuesContent.a.image.repository",
            INSIDE,
        ),
    ],
)
def test_a_row_whose_image_is_not_known_says_why(
    kind: str, spec: str, field: str, why: str
) -> None:
    found = _found(kind, spec)
    assert (_uses(found), _unjudged(found)) == ([], [(field, why)])


@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        (GRAFANA, "{version: 10.4.1}"),
        (GRAFANA, "{version: ''}"),
        (WASM, "{url: 'file:///x.wasm'}"),
        (ISTIO, "{hub: ''}"),
        (ISTIO, "{hub: 1}"),
        (DISK, "{source: {registry: {url: 'https://e.org/x.img'}}}"),
        (DISK, "{source: {registry: {url: ''}}}"),
        (CHART, "{valuesContent: ''}"),
        (CHART, "{valuesContent: 'a: b'}"),
        (CHART, "{valuesContent: 1}"),
        ("kafka.strimzi.io/v1 KafkaConnect", "{build: {output: {image: 'e.org/x:1'}}}"),
        ("build.openshift.io/v1 BuildConfig", "{output: {imageLabels: [{value: 'e.org/x:1'}]}}"),
        ("pkg.crossplane.io/v1 ImageConfig", "{matchImages: [{prefix: 'oci://e.org/x:1'}]}"),
    ],
)
def test_a_row_that_holds_no_image_is_quiet(kind: str, spec: str) -> None:
    found = _found(kind, spec)
    assert (found.uses, found.findings) == ((), ())


def test_the_text_of_values_is_one_field_and_its_images_are_at_its_place() -> None:
    values = '"a: {image: x, b: {image: {registry: e.org, repository: w, tag: z}}}"'
    found = _found(CHART, f"{{valuesContent: {values}}}")
    assert [
        (use.image, use.path, use.split, use.fixed, str(use.location)) for use in found.uses
    ] == [
        ("x", ("spec", "valuesContent"), None, True, "f:4:8"),
        ("e.org/w:z", ("spec", "valuesContent"), None, True, "f:4:8"),
    ]


@pytest.mark.parametrize(
    ("ref", "split"),
    [
        (f"{{digest: '{DIGEST}'}}", Split(("spec", "ref", "digest"), "", Location("f", 4, 36))),
        ("{tag: v1}", Split(("spec", "ref", "digest"))),
    ],
)
def test_the_digest_of_an_artifact_belongs_into_the_field_that_its_kind_has(
    ref: str, split: Split
) -> None:
    (use,) = _found(FLUX, f"{{url: 'oci://e.org/x', ref: {ref}}}").uses
    assert use.split == split
    assert _found(PROMETHEUS, "{baseImage: x, tag: b}").uses[0].split == Split(None)


def _position(path: str, tag: str = "") -> ImagePosition:
    return ImagePosition("Broker", path, tag)


@pytest.mark.parametrize(
    ("spec", "position", "images"),
    [
        ("{a: x, b: 1}", _position("spec.a", "spec.b"), ["x:1"]),
        ("{a: 'x:2', b: 1}", _position("spec.a", "spec.b"), ["x:2"]),
        ("{a: x}", _position("spec.a", "spec.b"), ["x"]),
        ("{a: x}", _position("spec.a"), ["x"]),
        ("{a: 'oci://e.org/x', b: v1}", _position("spec.a", "spec.b"), ["e.org/x:v1"]),
        ("{a: x, b: 'sha256:0'}", _position("spec.a", "spec.b"), ["x@sha256:0"]),
        ("{a: ''}", _position("spec.a"), []),
        ("{a: [x]}", _position("spec.a"), []),
        ("{a: [x, w]}", _position("spec.a[1]"), ["w"]),
    ],
)
def test_a_policy_names_a_field_with_or_without_its_tag(
    spec: str, position: ImagePosition, images: list[str]
) -> None:
    found = _found("ops.example.org/v1 Broker", spec, position).uses
    assert [(use.image, use.fixed, use.split) for use in found] == [(i, True, None) for i in images]


def _kept(*positions: ImagePosition) -> list[ImageUse]:
    spec = "{image: x, b: {image: w}, containers: [{name: c, image: z}]}"
    return list(_found("ops.example.org/v1 Broker", spec, *positions).uses)


def test_what_a_policy_leaves_out_covers_the_fields_below_it_and_no_others() -> None:
    def images(*paths: str) -> list[str]:
        return sorted(
            u.image for u in _kept(*(ImagePosition("Broker", p, ignore=True) for p in paths))
        )

    assert images() == ["w", "x", "z"]
    assert images("spec.b") == ["x", "z"]
    assert images("spec.b", "spec.image") == ["z"]
    assert images("spec.missing") == ["w", "x", "z"]
    assert images("spec.containers") == ["w", "x"]
    assert images("spec") == []


def test_one_position_that_leaves_out_does_not_hide_what_another_one_names() -> None:
    spec = "{a: x, b: w}"
    positions = (ImagePosition("Broker", "spec.b", ignore=True), _position("spec.a"))
    found = _found("ops.example.org/v1 Broker", spec, *positions)
    assert [use.image for use in found.uses] == ["x"]


def test_the_page_that_users_read_is_made_from_the_table() -> None:
    written = Path(__file__).parents[2] / "docs" / "images.md"
    assert page() == written.read_text()
