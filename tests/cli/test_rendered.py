"""Charts and kustomizations that a call names: who renders them, and what then is judged.

The programs here are scripts that stand for helm and kustomize, for faults and for speed;
tests/interop/test_renderers.py asks the real ones.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import jsonschema
import pytest

from gate.cli.reads import renderer
from gate.cli.reads.inputs import Inputs
from gate.cli.reads.render_command import Rendering
from gate.cli.reads.rendered import collect_rendered
from gate.cli.runs.lint import run_lint
from gate.errors import UsageError
from gate.explain.codes import codes
from gate.manifests.load import load_manifests
from gate.reports import FORMATS, json_v1

CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop}\ndata: {a: b}\n"
CHART = "apiVersion: v2\nname: shop\nversion: 1.0.0\n"
TEMPLATE = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}\n"
PRIVILEGED = """\
apiVersion: v1
kind: Pod
metadata: {name: p, namespace: shop}
spec: {hostPID: true, containers: [{name: c, image: "ghcr.io/acme/shop:1.0"}]}
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", f"{tmp_path}/bin")


def write(files: dict[str, str]) -> None:
    for name, text in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)


def program(name: str, body: str, folder: str = "../bin") -> None:
    """Put a program on PATH; `body` is Python that prints what it renders."""
    path = Path(folder, name)
    path.parent.mkdir(exist_ok=True)
    version = "import sys, os\nif 'version' in sys.argv: print('v9.8.7+gabc'); sys.exit()\n"
    path.write_text(f"#!{sys.executable} -IS\n{version}{body}")
    path.chmod(0o755)


def helm(output: str) -> None:
    program("helm", f"print({output!r}, end='')\n")


def chart(**more: str) -> None:
    write({"c/Chart.yaml": CHART, "c/values.yaml": "a: 1\n", "c/templates/a.yaml": TEMPLATE})
    write({f"c/{name}": text for name, text in more.items()})


def read(*paths: str, rendering: Rendering | None = None) -> Inputs:
    return collect_rendered(paths, io.BytesIO(), rendering or Rendering())


def found(*paths: str, rendering: Rendering | None = None) -> list[str]:
    return [finding.code for finding in read(*paths, rendering=rendering).findings]


def names(inputs: Inputs) -> list[str]:
    return [str(obj.name) for obj in load_manifests(inputs.files).objects]


def test_a_named_chart_is_judged_by_what_helm_makes_of_it() -> None:
    chart()
    helm(CONFIG)
    inputs = read("c/")
    assert [(name, data.decode()) for name, data in inputs.files] == [("c <rendered>", CONFIG)]
    assert [(one.path, one.tool, one.version) for one in inputs.rendered] == [
        ("c", "helm", "v9.8.7")
    ]
    assert inputs.findings == ()


def test_a_named_kustomization_is_built_and_other_paths_are_read_beside_it() -> None:
    write({"k/kustomization.yaml": "resources: [a.yaml]\n", "k/a.yaml": CONFIG, "b.yaml": CONFIG})
    program("kubectl", f"print({CONFIG!r} if sys.argv[1] == 'kustomize' else 1, end='')\n")
    assert [name for name, _ in read("k", "b.yaml").files] == ["b.yaml", "k <rendered>"]
    program("kustomize", f"print({CONFIG!r} if sys.argv[1] == 'build' else 1, end='')\n")
    assert [one.tool for one in read("k").rendered] == ["kustomize"]


def test_without_the_tool_a_chart_is_read_as_any_folder_unless_the_call_asks_for_it() -> None:
    chart()
    assert next(name for name, _ in read("c").files) == "c/Chart.yaml"
    with pytest.raises(UsageError, match="helm cannot be found on PATH") as caught:
        read("c", rendering=Rendering(asked=True))
    assert caught.value.code == "renderer-missing"


def test_a_chart_below_the_named_folder_is_not_rendered() -> None:
    chart()
    helm(CONFIG)
    assert read(".").rendered == ()


@pytest.mark.parametrize(
    "more",
    [
        {"pod.yaml": PRIVILEGED},
        {"templates/pod.yaml": PRIVILEGED},
        {"charts/sub/pod.json": '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}}'},
        {"templates/pod.yaml": f"# {{{{ if false }}}}\n{PRIVILEGED}---\n{{{{ end }}}}\n"},
        {"templates/pod.yaml": f"{{{{ if false }}}}\n---\n{PRIVILEGED}---\n{{{{ end }}}}\n"},
        {"templates/pod.yaml": PRIVILEGED.replace("ghcr.io/acme/shop:1.0", "{{ .Values.image }}")},
    ],
    ids=["beside", "template", "json", "before a broken one", "between broken ones", "quoted"],
)
def test_a_chart_of_which_kubectl_would_apply_something_else_is_refused(
    more: dict[str, str],
) -> None:
    chart(**more)
    helm(CONFIG)
    assert found("c") == ["render-or-apply"]
    assert found("c", rendering=Rendering(asked=True)) == []


def test_the_place_of_what_could_be_applied_counts_the_whole_file() -> None:
    chart(**{"templates/pod.yaml": f"{{{{ if false }}}}\n---\n{PRIVILEGED}"})
    helm(CONFIG)
    assert [str(f.location) for f in read("c").findings] == ["c/templates/pod.yaml:3:1"]


def test_a_chart_whose_plain_objects_are_rendered_as_they_are_needs_no_word() -> None:
    chart(**{"crds/a.yaml": "kind: ConfigMap\n" + CONFIG.replace("kind: ConfigMap\n", "")})
    helm(f"---\n# Source: shop/crds/a.yaml\n{CONFIG}")
    assert found("c") == []


def test_a_kustomization_that_changes_what_lies_in_its_folder_needs_render() -> None:
    write({"k/kustomization.yaml": "resources: [a.yaml]\nnamePrefix: x\n", "k/a.yaml": PRIVILEGED})
    program("kustomize", f"print({CONFIG!r})\n")
    assert found("k") == ["render-or-apply"]
    asked = read("k", rendering=Rendering(asked=True))
    assert (names(asked), asked.findings) == (["shop/ConfigMap/a"], ())


def test_a_link_in_a_chart_blocks_though_kubectl_would_not_follow_it() -> None:
    chart()
    Path("secret").write_text("x")
    Path("c/files").mkdir()
    Path("c/files/x.txt").symlink_to(Path("secret").resolve())
    helm(CONFIG)
    assert found("c", rendering=Rendering(asked=True)) == ["linked-input"]


def test_a_tool_inside_of_the_judged_folder_is_not_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chart()
    program("helm", "open('started', 'w')\n", folder="c/bin")
    for path in (f"{tmp_path}/work/c/bin", "c/bin"):
        monkeypatch.setenv("PATH", path)
        with pytest.raises(UsageError, match="the author of a change can write") as caught:
            read("c")
        assert caught.value.code == "renderer-untrusted"


def test_the_tool_gets_nothing_of_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    chart()
    monkeypatch.setenv("REGISTRY_TOKEN", "secret")
    monkeypatch.setenv("HELM_PLUGINS", "/plugins")
    program(
        "helm",
        "import json\n"
        "print('apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: a}\\ndata: ' + json.dumps("
        "{**os.environ, 'here': str(os.listdir()), 'in': sys.stdin.read()}))\n",
    )
    rendering = Rendering(asked=True, twice=False)
    (told,) = load_manifests(read("c", rendering=rendering).files).objects
    data = told.value["data"]
    assert sorted(data) == [
        *("ALL_PROXY", "HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME", "HELM_PLUGINS"),
        *("HOME", "HTTPS_PROXY", "HTTP_PROXY", "KUBECONFIG", "KUSTOMIZE_PLUGIN_HOME", "LC_ALL"),
        *("PATH", "TMPDIR", "TZ", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"),
        *("here", "in"),
    ]
    assert (data["here"], data["in"]) == ("[]", "")
    assert not Path(data["PATH"]).exists()


def test_values_and_release_reach_helm_as_plain_files_and_words() -> None:
    chart()
    write({"https:,x.yaml": "a: 2\n"})
    program(
        "helm",
        "read = [open(a[9:]).read() for a in sys.argv if a.startswith('--values=')]\n"
        "said = [a for a in sys.argv[2:] if not a.startswith(('--values=', '/'))]\n"
        "print('apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: a}\\ndata:')\n"
        "print('  said:', repr(' '.join(said)))\nprint('  read:', repr(''.join(read)))\n",
    )
    rendering = Rendering(values=["https:,x.yaml"], release="shop/web", kubernetes="1.34")
    (told,) = load_manifests(read("c", rendering=rendering).files).objects
    assert told.value["data"] == {
        "said": "web --include-crds --namespace=shop --kube-version=1.34",
        "read": "a: 2\\n",
    }


@pytest.mark.parametrize(
    ("paths", "rendering", "code"),
    [
        (["c"], Rendering(release="-x"), "release-malformed"),
        (["c"], Rendering(release="a/b/c"), "release-malformed"),
        (["c"], Rendering(values=["none.yaml"]), "cannot-read"),
        (["a.yaml"], Rendering(asked=True), "render-nothing"),
        (["k"], Rendering(values=["a.yaml"]), "render-nothing"),
        (["both"], Rendering(), "render-ambiguous"),
    ],
)
def test_a_call_that_cannot_be_rendered_is_wrong(
    paths: Sequence[str], rendering: Rendering, code: str
) -> None:
    chart()
    write({"a.yaml": CONFIG, "k/kustomization.yaml": "resources: []\n"})
    write({"both/Chart.yaml": CHART, "both/kustomization.yml": "resources: []\n"})
    helm(CONFIG)
    program("kustomize", f"print({CONFIG!r})\n")
    with pytest.raises(UsageError) as caught:
        read(*paths, rendering=rendering)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("body", "said", "remedy"),
    [
        ("sys.exit('Error: no \\x1b[1m values')\n", "Error: no", "run `helm template c` and"),
        ("sys.exit('Error: missing in charts/ directory: x')\n", "x", "`helm dependency build c`"),
        ("sys.exit('x https://e.org/b')\n", "x https://e.org/b", "copy what lies at this address"),
        ("sys.exit(3)\n", "it ended with 3", "run `helm template c` and"),
        ("while True: pass\n", "it took longer than 0.2 s", "run `helm template c` and"),
    ],
    ids=["error", "dependency", "remote", "silent", "endless"],
)
def test_a_tool_that_fails_is_a_finding_with_what_it_says(
    body: str, said: str, remedy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    chart()
    program("helm", body)
    monkeypatch.setattr(renderer, "MAX_SECONDS", 0.2 if "while" in body else 60)
    if "while" in body:  # its version takes longer than that on a busy machine
        once = renderer.Renderer(tool="helm", path=str(Path("../bin/helm").resolve()), version="v1")
        monkeypatch.setattr(renderer, "find_renderer", lambda _tools, _folder: once)
    (finding,) = read("c").findings
    assert (finding.code, str(finding.location)) == ("render-failed", "c/Chart.yaml:1:1")
    assert said in finding.message
    assert remedy in finding.remedy


def test_output_without_end_is_cut_and_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    chart()
    program("helm", "while True: print('a: ' + 'b' * 9999)\n")
    monkeypatch.setattr(renderer, "MAX_FILE_BYTES", 100_000)
    ((_, data),) = read("c", rendering=Rendering(asked=True)).files
    assert len(data) == 100_001


def test_output_that_differs_each_time_is_refused_where_a_pass_would_bind_it() -> None:
    chart()
    program("helm", "print('# Source: shop/templates/a.yaml\\na: ' + os.urandom(9).hex())\n")
    (finding,) = read("c").findings
    assert finding.code == "render-differs"
    assert "makes something else each time in shop/templates/a.yaml" in finding.message
    assert found("c", rendering=Rendering(asked=True, twice=False)) == []


def test_a_chart_that_renders_to_nothing_is_nothing_to_judge() -> None:
    chart()
    helm("---\n# nothing\n")
    with pytest.raises(UsageError, match="no Kubernetes object"):
        run_lint(["c"], profile="gate", policy=None, kubernetes_version=None)


def test_every_report_names_the_tool_and_no_annotation_the_output() -> None:
    chart()
    helm(f"---\n# Source: shop/templates/a.yaml\n{PRIVILEGED}")
    report = run_lint(["c"], profile="baseline", policy=None, kubernetes_version=None)
    assert "rendered c with helm v9.8.7" in FORMATS["text"](report)
    assert "Rendered <code>c</code> with <code>helm v9.8.7</code>" in FORMATS["markdown"](report)
    assert json.loads(json_v1.render(report))["rendered"] == [
        {"path": "c", "tool": "helm", "version": "v9.8.7"}
    ]
    schema = json.loads((Path(__file__).parents[2] / "docs/report-v1.schema.json").read_text())
    jsonschema.validate(json.loads(json_v1.render(report)), schema)
    annotated = FORMATS["github"](report)
    assert "rendered from shop/templates/a.yaml" in annotated
    assert "file=" not in annotated
    assert '"uri": "c"' in FORMATS["sarif"](report)


def test_each_code_of_rendering_has_a_page() -> None:
    wanted = ("render-or-apply", "render-failed", "render-differs", "renderer-untrusted")
    assert [code for code in wanted if code not in codes()] == []
