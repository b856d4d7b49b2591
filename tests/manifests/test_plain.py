"""Files that hold no object: what blocks, what warns, and what is said of it."""

from __future__ import annotations

import json

import pytest

from gate.explain.schema import policy_schema
from gate.lint.settings import ALWAYS, check_rules, lint_settings
from gate.manifests.load import load_manifests
from gate.manifests.manifests import Manifests
from gate.manifests.plain import POLICY_KEYS, SCHEMA_TITLE
from gate.model.verdict import Action
from gate.policy.document import PolicyFile
from gate.policy.manifests import ManifestsSection
from gate.policy.profile import Profile

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: c, image: i}]}\n"
CHART = "apiVersion: v2\nname: shop\nversion: 0.1.0\n"


def _load(files: dict[str, str], *named: str) -> Manifests:
    return load_manifests(
        [(name, text.encode()) for name, text in files.items()], named=frozenset(named)
    )


def _found(files: dict[str, str], *named: str) -> list[tuple[str, str, str]]:
    """Return the action, the code and the place of each finding."""
    return [(f.action.value, f.code, str(f.location)) for f in _load(files, *named).findings]


def _warned(files: dict[str, str]) -> list[tuple[str, str]]:
    """Return the message and the remedy of each warning."""
    found = _load({"pod.yaml": POD, **files}).findings
    assert {(f.action, f.code) for f in found} == {(Action.WARN, "not-a-kubernetes-object")}
    return [(f.message, f.remedy) for f in found]


@pytest.mark.parametrize(
    ("path", "text", "what", "command"),
    [
        ("c/Chart.yaml", CHART, "a Helm chart", "`helm template c | gate check -`"),
        ("c/values.yaml", "a: 1", "Helm values", "`gate check CHART --values c/values.yaml`"),
        ("c/values.yaml", "kind: DaemonSet", "Helm values", "--values c/values.yaml`"),
        ("c/kustomization.yaml", "resources: [a]", "a kustomization", "`kustomize build c | gate"),
        ("c/Kustomization", "kind: Kustomization", "a kustomization", "`kustomize build c | gate"),
        (
            "c/k.yml",
            "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component",
            "a kustomization",
            "`kustomize build c | gate check -`",
        ),
        ("Chart.yaml", CHART, ".: this is a Helm chart", "`helm template . | gate check -`"),
        ("a b/Chart.yaml", CHART, "a Helm chart", "`helm template 'a b' |"),
        ("package.json", '{"name": "x"}', "no apiVersion and kind (package.json)", "exclude"),
        ("c/patch.yaml", "- {op: remove, path: /a}", "no apiVersion and kind", "exclude"),
        ("c/text.yaml", "text", "no apiVersion and kind", "exclude"),
    ],
)
def test_a_file_that_kubectl_refuses_warns_of_what_it_is_and_how_it_is_rendered(
    path: str, text: str, what: str, command: str
) -> None:
    ((message, remedy),) = _warned({path: text})
    assert (what in message, command in remedy) == (True, True), (message, remedy)


@pytest.mark.parametrize(
    ("path", "text", "code"),
    [
        ("a.yaml", "- a: b\n- kind: Pod\n", "incomplete-object"),
        ("a.yaml", CHART, "incomplete-object"),
        ("values.yaml", "apiVersion: v1\na: b\n", "incomplete-object"),
        ("values.yaml", "items: [{kind: Pod}]\n", "list-items"),
        ("Chart.yaml", "apiVersion: v1\nname: shop\n", "incomplete-object"),
        ("Chart.yaml", "apiVersion: v1\nname: 1\nversion: '1'\n", "incomplete-object"),
        ("Chart.yaml", "apiVersion: v3\nname: shop\nversion: '1'\n", "incomplete-object"),
        ("Chart.yaml", f"{CHART}metadata: {{}}\n", "incomplete-object"),
        ("Chart.yaml", f"{CHART}spec: {{}}\n", "incomplete-object"),
        ("Chart.yaml", f"{CHART}items: []\n", "list-items"),
        ("kustomization.yaml", "kind: Pod\nimages: []\n", "incomplete-object"),
        ("kustomization.yaml", "apiVersion: v1\nimages: []\n", "incomplete-object"),
    ],
)
def test_what_its_name_alone_says_to_be_plain_blocks(path: str, text: str, code: str) -> None:
    assert [found[:2] for found in _found({path: text})] == [("block", code)]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.yaml", "- a: b\n- 1\n"),
        ("a.yaml", "metadata: {labels: {a: b}}\n"),
        ("Chart.yaml", f"{CHART}kubeVersion: '1'\n"),
        ("values.yaml", "metadata: {labels: {}}\nspec: 1\n"),
    ],
)
def test_its_near_neighbour_warns(path: str, text: str) -> None:
    assert _found({path: text}) == [("warn", "not-a-kubernetes-object", f"{path}:1:1")]


def test_settings_of_tools_that_the_call_names_warn_by_their_name_alone() -> None:
    files = {"a/package.json": "{}", ".github/x.yml": "a: b", "a/.github/y.yml": "a: b"}
    assert {action for action, _, _ in _found(files, *files)} == {"warn"}
    others = {"package.yaml": "a: b", "x.github/y.yml": "a: b", "github/z.yml": "a: b"}
    assert {action for action, _, _ in _found(others, *others)} == {"block"}


def test_one_warning_tells_of_a_chart_with_all_that_lies_in_it() -> None:
    chart = {
        "c/values.yaml": "a: 1",
        "c/Chart.yaml": CHART,
        "c/ci/values-test.yaml": "b: 1",
        "c/values.schema.json": "{}",
    }
    ((message, _),) = _warned(chart)
    assert str(_load({"pod.yaml": POD, **chart}).findings[0].location) == "c/Chart.yaml:1:1"
    assert message.startswith("c: this is a Helm chart that was not rendered")
    assert message.endswith("(Chart.yaml, ci/values-test.yaml, values.schema.json, values.yaml)")


def test_other_files_belong_to_the_topmost_folder_without_objects() -> None:
    others = {f"node_modules/p{n}/package.json": "{}" for n in range(8)}
    found = _warned({"m/web/pod.yaml": POD, "m/web/x.yaml": "a: b", "a.json": "{}", **others})
    assert [message.partition(":")[0] for message, _ in found] == ["m/web", ".", "node_modules"]
    assert "p4/package.json and 3 more" in found[-1][0]


def _folders(*paths: str) -> list[str]:
    """Return the folder of each warning where the files lie beside an object in `m`."""
    texts = {"Chart.yaml": CHART, "pod.yaml": POD, "kustomization.yaml": "resources: []"}
    files = {path: texts.get(path.rpartition("/")[2], "{}") for path in (*paths, "m/pod.yaml")}
    return [f.message.partition(":")[0] for f in _load(files).findings]


@pytest.mark.parametrize(
    ("paths", "folders"),
    [
        (("m/x.json", "m/a/b/x.json", "m/a/c/x.json"), ["m", "m/a"]),
        (("x.json", "/x.json", "/a/x.json", "./x.json"), [".", "/", "/a", "."]),
        (("a/x.json", "a/k/kustomization.yaml", "a/k/y/x.json"), ["a", "a/k"]),
        (("a/x.json", "a/c/Chart.yaml", "a/c/ci/x.json"), ["a", "a/c"]),
        (("c/Chart.yaml", "c/crds/pod.yaml", "c/ci/x.json", "c/crds/x.json"), ["c"]),
        (("a/Chart.yaml", "a/b/kustomization.yaml", "a/b/x.json"), ["a", "a/b"]),
    ],
)
def test_a_warning_is_told_for_the_nearest_folder_that_a_tool_renders_or_the_topmost_plain_one(
    paths: tuple[str, ...], folders: list[str]
) -> None:
    assert _folders(*paths) == folders


def test_a_warning_names_five_files_and_counts_the_others() -> None:
    for count, more in ((5, ")"), (6, " and 1 more)")):
        ((message, _),) = _warned({f"d/{n}.json": "{}" for n in range(count)})
        assert message.endswith(f"(0.json, 1.json, 2.json, 3.json, 4.json{more}")


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("apiVersion: v1\nmetadata: {name: a}", "incomplete-object", 1),
        ("kind: Pod\nmetadata: {name: a}", "incomplete-object", 1),
        ("metadata: {name: a}\nspec: {containers: []}", "incomplete-object", 1),
        ("apiVersion: v1\nkind: ''", "incomplete-object", 1),
        ("apiVersion: v1\nkind: 1", "incomplete-object", 1),
        ("- apiVersion: v1\n  kind: Pod", "incomplete-object", 1),
        (f"{POD}---\na: b", "mixed-file", 6),
        (f"a: b\n---\n{POD}", "mixed-file", 1),
        (f"{POD}---\napiVersion: v1", "incomplete-object", 6),
        ("apiVersion: v1\nkind: List\nitems: [{a: b}]", "incomplete-object", 3),
        ("apiVersion: v1\nkind: ConfigMap\nitems: []", "list-items", 3),
        ("kind: Pod\nitems: [{kind: Pod}]", "list-items", 2),
        (
            f"apiVersion: kustomize.config.k8s.io/v1\nkind: Kustomization\nitems: [{{{POD[:14]}}}]",
            "list-items",
            3,
        ),
        ("a: [", "yaml-parse-error", 1),
        ("{{ x }}", "template-not-rendered", 1),
    ],
)
def test_what_may_be_an_object_that_nobody_judged_always_blocks(
    text: str, code: str, line: int
) -> None:
    found = _load({"m/f.yaml": text, "m/pod.yaml": POD}).findings
    assert [(f.action, f.code) for f in found] == [(Action.BLOCK, code)]
    assert found[0].location is not None
    assert (found[0].location.path, found[0].location.line) == ("m/f.yaml", line)
    assert found[0].rule in ALWAYS
    off = lint_settings(ManifestsSection(off=("not-a-kubernetes-object",)))
    assert [f.action for f in off.judge(found)] == [Action.BLOCK] * len(found)
    with pytest.raises(ValueError, match="always blocks"):
        check_rules(ManifestsSection(off=(found[0].rule,)))


@pytest.mark.parametrize("name", ["name", "generateName"])
def test_no_name_of_a_file_makes_values_of_what_the_api_server_could_store(name: str) -> None:
    text = f"kind: Pod\nmetadata: {{{name}: a}}\nspec: {{containers: []}}"
    (finding,) = _load({"m/values.yaml": text, "m/pod.yaml": POD}).findings
    assert (finding.action, finding.code) == (Action.BLOCK, "incomplete-object")


def test_a_file_that_does_not_parse_may_be_excluded_and_says_so() -> None:
    (finding,) = _load({"tsconfig.json": '{ // comment\n "a": 1 }'}).findings
    assert finding.action is Action.BLOCK
    assert "if the file is no manifest, leave it out with `manifests: {exclude:" in finding.remedy


def test_a_key_that_parsers_type_differently_makes_no_object_of_a_workflow() -> None:
    on = "on: push\n"
    assert _found(
        {"m/pod.yaml": POD, ".github/workflows/ci.yml": on, "x.yaml": "1: a\nyes: b\n"}
    ) == [
        ("warn", "not-a-kubernetes-object", ".github/workflows/ci.yml:1:1"),
        ("warn", "not-a-kubernetes-object", "x.yaml:1:1"),
    ]
    for text in (f"{POD}{on}", f"{on}---\n{POD}", f"{on}kind: Pod\n", f"{on}a: &x 1\nb: &x 2\n"):
        ((action, code, _),) = _found({"a.yaml": text})
        assert (action, code) == ("block", "yaml-key")


def test_a_template_of_a_chart_blocks_even_where_it_parses() -> None:
    value = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: '{{ .Values.a }}'}\n"
    assert _found({"c/Chart.yaml": CHART, "c/templates/x/a.yaml": value}) == [
        ("block", "template-not-rendered", "c/templates/x/a.yaml:4:12"),
        ("warn", "not-a-kubernetes-object", "c/Chart.yaml:1:1"),
    ]
    assert _found({"c/templates/a.yaml": value}) == []
    assert _found({"c/values.yaml": "a: 1", "c/templates/a.yaml": value})[0][0] == "warn"
    assert _found({"c/Chart.yaml": CHART, "c/templates/a.yaml": POD})[0][0] == "warn"
    assert _found({"c/Chart.yaml": CHART, "c/other/a.yaml": value})[0][0] == "warn"
    inner = {"c/templates/d/Chart.yaml": CHART, "c/templates/d/templates/a.yaml": value}
    assert _found(inner)[0][1] == "template-not-rendered"
    assert _found({**inner, "c/templates/d/Chart.yaml": POD}) == []
    assert _found({"Chart.yaml": CHART, "templates/a.yaml": value})[0][1] == "template-not-rendered"


def test_a_file_that_the_call_names_blocks_unless_gate_knows_what_it_is() -> None:
    files = {"a.yaml": "a: b", "kustomization.yaml": "resources: [pod.yaml]", "pod.yaml": POD}
    assert _found(files, "a.yaml", "kustomization.yaml") == [
        ("block", "incomplete-object", "a.yaml:1:1"),
        ("warn", "not-a-kubernetes-object", "kustomization.yaml:1:1"),
    ]
    both = "apiVersion: kustomize.config.k8s.io/v1\nkind: Component\n---\na: b\n"
    assert _found({"a.yaml": both}, "a.yaml") == [("block", "incomplete-object", "a.yaml:1:1")]


def test_a_policy_and_its_schema_are_known_by_what_they_say() -> None:
    policy = 'version: 1\nimages: [{match: "**", digest: required}]\nmax-waiver: 9d\n'
    own = {".gate.yaml": policy, "x/admit.yaml": policy, "s.json": json.dumps(policy_schema())}
    assert _found({"pod.yaml": POD, **own}) == []
    schema = {"$schema": "x", "title": SCHEMA_TITLE}
    for known in (schema, dict.fromkeys(POLICY_KEYS, 1), {"version": 1, "images": []}):
        assert _found({"a.json": json.dumps(known)}) == []
    for key, other in (("$schema", "x"), ("title", SCHEMA_TITLE), ("version", 1), ("images", 1)):
        assert len(_found({"a.json": json.dumps({key: other})})) == 1
    assert _found({".gate.yaml": policy.replace("max-", "min-"), "m/pod.yaml": POD}) == [
        ("warn", "not-a-kubernetes-object", ".gate.yaml:1:1")
    ]


@pytest.mark.parametrize("name", [".gate.yaml", ".gate.schema.json", "kustomization.yaml"])
def test_an_object_is_judged_whatever_the_name_of_its_file(name: str) -> None:
    policy = "version: 1\nimages: []\nmanifests: {}\n"
    found = _load({name: policy + POD, "Chart.yaml": POD, "values.yaml": POD})
    assert [o.document.path for o in found.objects] == [name, "Chart.yaml", "values.yaml"]
    assert found.findings == ()


def test_the_keys_of_a_policy_are_those_that_it_has() -> None:
    fields = PolicyFile.fields().items()
    assert {field.alias or name for name, field in fields} == POLICY_KEYS


@pytest.mark.parametrize("profile", Profile)
def test_every_profile_warns_of_plain_files_and_blocks_what_was_not_judged(
    profile: Profile,
) -> None:
    actions = lint_settings(ManifestsSection(profile=profile)).actions()
    assert actions["not-a-kubernetes-object"] is Action.WARN
    assert {actions[rule] for rule in ALWAYS} == {Action.BLOCK}


def test_a_run_of_plain_files_is_empty_and_one_of_a_broken_file_is_not() -> None:
    assert _load({"a.yaml": "a: b"}).empty
    assert _load({}).empty
    assert not _load({"a.yaml": "a: ["}).empty
    assert not _load({"a.yaml": POD}).empty


def test_folders_deep_and_wide_take_linear_time() -> None:
    deep = "/".join(["d"] * 1500)
    files = {f"{deep}/{n}/a.json": "{}" for n in range(2000)}
    (finding,) = _load(files).findings
    assert finding.message.startswith("d: nothing is deployed")
