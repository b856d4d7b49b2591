"""The real helm, kustomize and kubectl as renderers: what they make is what gate judges."""

from __future__ import annotations

import io
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from gate.cli.reads.inputs import Inputs
from gate.cli.reads.render_command import Rendering
from gate.cli.reads.rendered import collect_rendered
from gate.cli.reads.unpacked import collect_unpacked
from gate.manifests.load import load_manifests
from gate.model.artifact import ArtifactKind
from gate.model.image import Digest, ImageReference, ResolvedImage
from gate.registry.bounds import BOUNDS
from gate.registry.packed import Packed
from tests.builders.artifacts import packed
from tests.interop.tools import required, required_kubectl, run

HELM = "go install helm.sh/helm/v3/cmd/helm@v3.19.0"
KUSTOMIZE = "go install sigs.k8s.io/kustomize/kustomize/v5@v5.7.1"
CHART = "apiVersion: v2\nname: shop\nversion: 1.0.0\n"
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop}\ndata: {a: b}\n"
TEMPLATE = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: {{ .Release.Name }}, namespace: {{ .Release.Namespace }}}
spec: {template: {spec: {containers: [{name: c, image: "{{ .Values.image }}"}]}}}
"""
HOOK = """\
apiVersion: batch/v1
kind: Job
metadata: {name: {{ .Release.Name }}-migrate, annotations: {helm.sh/hook: pre-upgrade}}
spec: {template: {spec: {containers: [{name: c, image: "{{ .Values.image }}"}]}}}
"""


def write(files: dict[str, str]) -> None:
    for name, text in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)


@pytest.fixture
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def helm(_here: None, monkeypatch: pytest.MonkeyPatch) -> str:
    return on_path(required("helm", HELM), monkeypatch)


@pytest.fixture(params=["kustomize", "kubectl"])
def builder(request: pytest.FixtureRequest, _here: None, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "kubectl":
        return on_path(required_kubectl(), monkeypatch)
    return on_path(required("kustomize", KUSTOMIZE), monkeypatch)


def on_path(program: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Make a program the only one of its folder on PATH, beside the system's own."""
    Path("bin").mkdir()
    Path("bin", Path(program).name).symlink_to(program)
    monkeypatch.setenv("PATH", f"{Path.cwd()}/bin:/usr/bin:/bin")
    return program


def read(path: str, **rendering: object) -> Inputs:
    return collect_rendered([path], io.BytesIO(), Rendering(**rendering))  # type: ignore[arg-type]  # as each test names them


def images(inputs: Inputs) -> list[tuple[str, str]]:
    return [
        (str(o.name), o.value["spec"]["template"]["spec"]["containers"][0]["image"])
        for o in load_manifests(inputs.files).objects
    ]


def test_helm_renders_hooks_values_and_the_charts_inside_a_chart(helm: str) -> None:
    write(
        {
            "c/Chart.yaml": CHART,
            "c/values.yaml": "image: old:1\nsub: {image: 'sub:1'}\n",
            "c/templates/a.yaml": TEMPLATE,
            "c/templates/hook.yaml": HOOK,
            "c/charts/sub/Chart.yaml": CHART.replace("shop", "sub"),
            "c/charts/sub/templates/a.yaml": TEMPLATE.replace("{{ .Release.Name }}", "sub"),
            "v.yaml": "image: new:2\n",
        }
    )
    inputs = read("c", values=["v.yaml"], release="prod/web", kubernetes="1.34")
    assert sorted(images(inputs)) == [
        ("Job/web-migrate", "new:2"),
        ("prod/Deployment/sub", "sub:1"),
        ("prod/Deployment/web", "new:2"),
    ]
    assert inputs.findings == ()
    (tool,) = inputs.rendered
    said = subprocess.run([helm, "version", "--short"], capture_output=True, text=True, check=True)  # noqa: S603  # a fixed program
    assert said.stdout.startswith(tool.version)
    sources = {o.name.source for o in load_manifests(inputs.files).objects}
    assert "shop/charts/sub/templates/a.yaml" in sources


def unpacked(kind: ArtifactKind, files: dict[str, str], **rendering: object) -> Inputs:
    """Return what is judged of an artifact of these files."""
    image = ResolvedImage(ImageReference.parse("ghcr.io/acme/it:1"), Digest("0" * 64))
    held = Packed(image, kind, packed(files), gzipped=True, titled=())
    return collect_unpacked("oci://it", held, BOUNDS, Rendering(**rendering))  # type: ignore[arg-type]  # as each test names them


@pytest.mark.usefixtures("helm")
def test_a_packaged_chart_is_what_helm_makes_of_it_and_of_its_folder() -> None:
    write({"v.yaml": "image: new:2\n"})
    files = {
        "shop/Chart.yaml": CHART,
        "shop/values.yaml": "image: old:1\n",
        "shop/templates/a.yaml": TEMPLATE,
        "shop/templates/hook.yaml": HOOK,
        "shop/charts/sub/Chart.yaml": CHART.replace("shop", "sub"),
        "shop/charts/sub/templates/a.yaml": CONFIG,
    }
    inputs = unpacked(ArtifactKind.CHART, files, values=["v.yaml"], release="prod/web")
    assert inputs.findings == ()
    assert [name for name, _ in inputs.files] == ["oci://it <rendered>"]
    objects = load_manifests(inputs.files).objects
    assert sorted(str(o.name) for o in objects) == [
        *("Job/web-migrate", "prod/Deployment/web", "shop/ConfigMap/a"),
    ]
    assert b'image: "new:2"' in inputs.files[0][1]
    files["shop/.helmignore"] = "templates/hook.yaml\n"
    hidden = unpacked(ArtifactKind.CHART, files, values=["v.yaml"], release="prod/web")
    assert [finding.code for finding in hidden.findings] == ["render-differs"]


def test_a_bundle_with_a_kustomization_is_what_kustomize_makes_of_it(builder: str) -> None:
    files = {
        "kustomization.yaml": "resources: [base]\nnamePrefix: eu-\n",
        "base/kustomization.yaml": "resources: [a.yaml]\n",
        "base/a.yaml": CONFIG,
    }
    inputs = unpacked(ArtifactKind.MANIFESTS, files, asked=True)
    assert [str(o.name) for o in load_manifests(inputs.files).objects] == ["shop/ConfigMap/eu-a"]
    assert (inputs.findings, [one.path for one in inputs.rendered]) == ((), ["oci://it"])
    assert Path(builder).name == inputs.rendered[0].tool


@pytest.mark.usefixtures("helm")
def test_nearly_every_chart_needs_no_word_of_the_call() -> None:
    write({"c/Chart.yaml": CHART, "c/values.yaml": "image: a:1\n", "c/templates/a.yaml": TEMPLATE})
    write(
        {
            "c/crds/crd.yaml": CONFIG,
            "c/templates/_x.tpl": "{{ define }}",
            "c/templates/b.yaml": HOOK,
        }
    )
    inputs = read("c")
    assert inputs.findings[0].code == "render-failed"  # `define` without a name
    Path("c/templates/_x.tpl").write_text('{{ define "x" }}x{{ end }}')
    assert read("c").findings == ()


@pytest.mark.usefixtures("helm")
@pytest.mark.parametrize(
    ("template", "code"),
    [
        ("a: {{ randAlphaNum 9 }}", "render-differs"),
        ("a: {{ .Values.none.deeper }}", "render-failed"),
        ('a: {{ required "give it" .Values.none }}', "render-failed"),
        ('a: {{ getHostByName "localhost" | quote }}', None),
        ('a: {{ lookup "v1" "Secret" "a" "b" | toJson | quote }}', None),
        ('a: {{ env "HOME" }}', "render-failed"),
    ],
)
def test_helm_gives_a_chart_nothing_that_is_not_in_it(template: str, code: str | None) -> None:
    text = f"{CONFIG}---\n{CONFIG.replace('name: a', 'name: b').replace('data: {a: b}', 'data:')}"
    write({"c/Chart.yaml": CHART, "c/templates/a.yaml": f"{text}  {template}\n"})
    inputs = read("c", asked=True)
    assert [f.code for f in inputs.findings] == ([code] if code else [])
    if code is None:
        assert load_manifests(inputs.files).objects[1].value["data"]["a"] in {"", "{}"}


def test_an_overlay_is_judged_with_its_base_and_its_patches(builder: str) -> None:
    write(
        {
            "base/kustomization.yaml": "resources: [a.yaml]\n",
            "base/a.yaml": CONFIG,
            "over/kustomization.yaml": "resources: [../base]\nnamePrefix: x-\n",
        }
    )
    inputs = read("over")
    assert [str(o.name) for o in load_manifests(inputs.files).objects] == ["shop/ConfigMap/x-a"]
    assert inputs.findings == ()
    assert [one.tool for one in inputs.rendered] == [Path(builder).name]
    assert read("base").findings == ()


@pytest.mark.usefixtures("builder")
@pytest.mark.parametrize(
    "kustomization",
    [
        "resources: [a.yaml]\ngenerators: [g.yaml]\n",
        "resources: [a.yaml]\nhelmCharts: [{name: shop, repo: 'https://example.org'}]\n",
        "resources: [a.yaml, ../outside.yaml]\n",
        "resources: [a.yaml, https://github.com/acme/base]\n",
        "resources: [a.yaml]\nconfigMapGenerator: [{name: x, files: [/etc/passwd]}]\n",
    ],
    ids=["plugin", "helm", "outside", "remote", "file outside"],
)
def test_what_would_run_or_fetch_something_is_not_built(kustomization: str) -> None:
    plugin = "apiVersion: x/v1\nkind: Exec\nmetadata:\n  name: x\n  annotations:\n"
    function = "    config.kubernetes.io/function: 'exec: {path: ./run}'\n"
    write({"k/kustomization.yaml": kustomization, "k/a.yaml": CONFIG, "outside.yaml": CONFIG})
    write({"k/g.yaml": plugin + function, "k/run": "#!/bin/sh\ntouch /tmp/gate-ran\n"})
    assert [f.code for f in read("k", asked=True).findings] == ["render-failed"]
    assert not Path("/tmp/gate-ran").exists()  # noqa: S108  # what the function would leave


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """Yield the address of a server and the paths that it was asked for."""
    paths: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_error(404)

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.server_port}", paths
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.usefixtures("builder")
def test_nothing_is_fetched_not_even_from_this_machine(asked: tuple[str, list[str]]) -> None:
    address, paths = asked
    if run("unshare", "--user", "--map-root-user", "--net", "true").accepted is False:
        pytest.skip("this system lets no process give up its network; the proxy holds for others")
    write({"k/kustomization.yaml": f"resources: [{address}/a.yaml]\n"})
    (finding,) = read("k").findings
    assert (finding.code, paths) == ("render-failed", [])
    assert finding.remedy.startswith("copy what lies at this address into the repository")
