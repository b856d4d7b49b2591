from __future__ import annotations

import pytest

from gate.manifests.canonical import UnpinnedImageError, object_digest
from gate.manifests.images import image_uses
from gate.manifests.load import load_manifests
from gate.model.kubernetes import ImagePosition, field_path
from gate.model.verdict import Action

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: c, image: i}]}\n"
DIGEST = "sha256:" + "a" * 64


def _codes(text: str) -> list[str]:
    return [f.code for f in load_manifests([("f", text.encode())]).findings]


def _images(text: str) -> list[tuple[str, str]]:
    uses = image_uses(load_manifests([("f", text.encode())]).objects).uses
    return [(field_path(use.path), use.image) for use in uses]


def test_a_file_that_does_not_parse_blocks_and_the_others_still_load() -> None:
    manifests = load_manifests([("bad", b"a: ["), ("good", POD.encode())])
    (finding,) = manifests.findings
    assert (finding.rule, finding.action) == ("yaml-parse-error", Action.BLOCK)
    assert str(finding.location) == "bad:1:5"
    assert [str(o.name) for o in manifests.objects] == ["Pod/a"]
    assert (manifests.files, manifests.documents) == (2, 1)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("a: 1\na: 2", "yaml-duplicate-key"),
        ("[" * 100, "yaml-limits"),
        ("kind: {{ x }}", "yaml-parse-error"),
        ("name: chart\nversion: 1.0.0", "not-a-kubernetes-object"),
        ("- a", "not-a-kubernetes-object"),
        (
            "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization",
            "not-a-kubernetes-object",
        ),
        ("apiVersion: v1\nkind: List\nitems: 1", "list-items"),
        ("apiVersion: v1\nkind: List", "list-items"),
        ("apiVersion: a.example.org/v1\nkind: List\nspec: {a: b}", "list-items"),
        ("apiVersion: v1\nkind: List\nitems: null", "list-items"),
        ("apiVersion: v1\nkind: PodList\nitems: null", "list-items"),
        (
            "apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: List}]",
            "list-items",
        ),
        ("apiVersion: v1\nkind: List\nitems: [1]", "incomplete-object"),
        ("apiVersion: v1\nkind: List\nitems: [{kind: Pod}]", "incomplete-object"),
        ("apiVersion: v1\nkind: List\nitems: [{apiVersion: v1}]", "incomplete-object"),
        ("apiVersion: v1\nkind: PodList\nitems: [{kind: ''}]", "incomplete-object"),
        ("apiVersion: [v1]\nkind: Pod", "incomplete-object"),
        ("apiVersion: v1\nkind: Pod\nmetadata: {name: '{{ .Release.Name }}'}", "yaml-parse-error"),
    ],
)
def test_r205_nothing_is_skipped_silently(text: str, rule: str) -> None:
    (finding,) = load_manifests([("f", text.encode())]).findings
    assert finding.rule == rule
    assert finding.location is not None


def test_a_template_that_nobody_rendered_is_called_one() -> None:
    assert _codes("kind: {{ x }}") == ["template-not-rendered"]


def test_lists_are_unfolded_at_any_depth_and_items_keep_their_place() -> None:
    text = (
        "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: List\n  items:\n"
        "  - apiVersion: v1\n    kind: Pod\n    metadata: {name: a}\n"
    )
    (obj,) = load_manifests([("f", text.encode())]).objects
    assert (obj.name.kind, obj.name.name) == ("Pod", "a")
    assert str(obj.place("metadata", "name")) == "f:9:16"


def test_a_list_may_be_empty_and_other_kinds_may_end_in_list() -> None:
    empty = load_manifests([("f", b"apiVersion: v1\nkind: List\nitems: []\n")])
    assert (empty.objects, empty.findings) == ((), ())
    custom = load_manifests([("f", b"apiVersion: a.example.org/v1\nkind: DenyList\nspec: {}\n")])
    assert [o.name.kind for o in custom.objects] == ["DenyList"]


def test_items_of_a_typed_list_have_the_lists_kind() -> None:
    text = "apiVersion: apps/v1\nkind: DeploymentList\nitems: [{metadata: {name: a}}]"
    (obj,) = load_manifests([("f", text.encode())]).objects
    assert (obj.api_version, obj.name.kind) == ("apps/v1", "Deployment")


@pytest.mark.parametrize("end", ["", " \t", "\r", " \r"])
def test_a_source_comment_ends_where_its_text_does(end: str) -> None:
    text = f"# Source: a b{end}\n{POD}"
    (obj,) = load_manifests([("-", text.encode())]).objects
    assert obj.name.source == "a b"


def test_a_source_comment_of_a_megabyte_costs_no_more_than_its_length() -> None:
    text = f"# Source: a{' ' * 1_000_000}b\n{POD}" + "# Source: \n" * 50_000
    (obj,) = load_manifests([("-", text.encode())]).objects
    assert (obj.name.source or "")[-3:] == "  b"


def test_helms_source_comment_leads_back_to_the_template() -> None:
    text = f"---\n# Source: c/templates/a.yaml\n{POD}---\n{POD}---\n# Source: c/b.yaml\n{POD}"
    sources = [o.name.source for o in load_manifests([("-", text.encode())]).objects]
    assert sources == ["c/templates/a.yaml", None, "c/b.yaml"]


def test_a_source_comment_counts_right_below_the_document_before_it() -> None:
    pod = "{apiVersion: v1, kind: Pod, metadata: {name: a}}\n"
    text = f"\n{pod}# Source: c/a.yaml\n---\n{pod}"
    sources = [o.name.source for o in load_manifests([("-", text.encode())]).objects]
    assert sources == [None, "c/a.yaml"]


@pytest.mark.parametrize(
    ("kind", "prefix", "spec"),
    [
        ("v1 Pod", "spec", "spec: {%s}"),
        ("v1 PodTemplate", "template.spec", "template: {spec: {%s}}"),
        ("apps/v1 Deployment", "spec.template.spec", "spec: {template: {spec: {%s}}, replicas: 0}"),
        (
            "batch/v1 CronJob",
            "spec.jobTemplate.spec.template.spec",
            "spec: {jobTemplate: {spec: {template: {spec: {%s}}}}}",
        ),
        ("argoproj.io/v1 Rollout", "spec.template.spec", "spec: {template: {spec: {%s}}}"),
        (
            "volcano.sh/v1 Job",
            "spec.tasks[0].template.spec",
            "spec: {tasks: [{template: {spec: {%s}}}]}",
        ),
    ],
)
def test_r139_r141_r142_r143_r144_r148_images_are_found_at_every_position(
    kind: str, prefix: str, spec: str
) -> None:
    api, name = kind.split()
    pod = (
        "containers: [{image: a}], initContainers: [{image: b, restartPolicy: Always}],"
        " ephemeralContainers: [{image: c}], volumes: [{name: v, image: {reference: d}}]"
    )
    text = f"apiVersion: {api}\nkind: {name}\nmetadata: {{name: x}}\n{spec % pod}\n"
    assert _images(text) == [
        (f"{prefix}.containers[0].image", "a"),
        (f"{prefix}.initContainers[0].image", "b"),
        (f"{prefix}.ephemeralContainers[0].image", "c"),
        (f"{prefix}.volumes[0].image.reference", "d"),
    ]


def test_r149_other_images_of_custom_kinds_are_found_too() -> None:
    text = (
        "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: x}\n"
        "spec: {steps: [{image: a, script: b}], sidecars: [{image: c}]}\n"
    )
    assert _images(text) == [("spec.steps[0].image", "a"), ("spec.sidecars[0].image", "c")]


@pytest.mark.parametrize("image", ["", "image: ''", "image: null", "image: 1", "image: auto"])
def test_r150_a_missing_image_blocks(image: str) -> None:
    text = POD.replace("image: i", image).replace(", }", "}")
    found = image_uses(load_manifests([("f", text.encode())]).objects)
    assert [f.code for f in found.findings] == ["image-missing"]
    assert found.uses == ()


def test_the_canonical_digest_knows_content_and_pins_and_nothing_else() -> None:
    def digest(text: str, pin: str = DIGEST) -> str:
        (obj,) = load_manifests([("f", text.encode())]).objects
        return str(object_digest(obj, {"i": f"r/i@{pin}", f"r/i@{pin}": f"r/i@{pin}"}))

    other = "# comment\nkind: Pod\napiVersion: 'v1'\nmetadata:\n  name: a\n"
    other += f"spec:\n  containers:\n  - image: r/i@{DIGEST}\n    name: c\n"
    assert digest(POD) == digest(other)
    assert digest(POD) != digest(POD.replace("name: c", "name: d"))
    assert digest(POD) != digest(POD, "sha256:" + "b" * 64)


def test_an_image_without_a_pin_has_no_digest() -> None:
    (obj,) = load_manifests([("f", POD.encode())]).objects
    with pytest.raises(UnpinnedImageError):
        object_digest(obj, {})


def test_patterns_of_policies_are_not_taken_for_pods() -> None:
    text = (
        "apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {name: x}\n"
        "spec: {rules: [{validate: {pattern: {spec: {containers: [{image: '!*:latest'}]}}}}]}\n"
    )
    assert _images(text) == []


@pytest.mark.parametrize("items", ["[{apiVersion: v1, kind: Pod}]", "[]", "{}", "null"])
def test_items_in_what_is_no_list_are_refused_since_kubectl_would_apply_them(items: str) -> None:
    text = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: x}}\nitems: {items}\n"
    for whole in (text, f"apiVersion: v1\nkind: List\nitems: [{{{text.replace(chr(10), ', ')}}}]"):
        found = load_manifests([("m.yaml", whole.encode())])
        assert found.objects == ()
        assert [f.code for f in found.findings] == ["list-items"]


def test_manifests_tell_the_images_of_their_objects_and_what_is_wrong_with_them() -> None:
    text = (
        f"{POD}---\napiVersion: o.example.org/v1\nkind: B\nmetadata: {{name: b}}\nspec: {{a: x}}\n"
    )
    position = ImagePosition("B", "spec.a")
    both = f"{text}---\napiVersion: v1\nkind: Pod\nspec: {{containers: [{{name: c}}]}}\n"
    uses, findings = load_manifests([("f", both.encode())], (position,)).images()
    assert [use.image for use in uses] == ["i", "x"]
    assert [finding.code for finding in findings] == ["image-missing"]
    assert load_manifests([("f", b"a: b\n")], (position,)).images() == ((), ())


def test_an_object_takes_little_room_until_somebody_looks_at_it_again() -> None:
    (obj,) = load_manifests([("f", POD.encode())]).objects
    before = obj.value
    obj.document.forget()
    assert obj.value == before
    assert obj.value is not before
