"""Objects inside of objects are judged with the one that carries them, and bound by it alone."""

from __future__ import annotations

import base64
import json
from typing import Any, ClassVar

import pytest

from gate.documents import read_yaml
from gate.lint.engine import lint
from gate.lint.settings import lint_settings
from gate.manifests.canonical import object_digest
from gate.manifests.embedded import Budget, parts_of, with_embedded
from gate.manifests.images import image_uses
from gate.manifests.load import load_manifests
from gate.manifests.manifests import Manifests
from gate.model.document import Document
from gate.model.kubernetes import ImagePosition, KubernetesObject, ObjectName, field_path
from gate.model.value import Value
from gate.model.verdict import Finding
from gate.policy.profile import Profile, ProfileAlone

POD = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "inner"},
    "spec": {
        "containers": [
            {"name": "c", "image": "example.org/x:1", "securityContext": {"privileged": True}}
        ]
    },
}
TEXT = json.dumps(POD)
UNTYPED = {key: POD[key] for key in ("metadata", "spec")}
BROKEN_KEY = (
    '? "api\\\n  Version"\n: v1\nkind: Pod\n'
    f"metadata: {{name: inner}}\nspec: {json.dumps(POD['spec'])}\n"
)
LIST = {"apiVersion": "v1", "kind": "List", "metadata": {"resourceVersion": ""}, "items": [POD]}
PODS = {"apiVersion": "v1", "kind": "PodList", "metadata": {}, "items": [UNTYPED]}
BINDING = {
    "apiVersion": "rbac.authorization.k8s.io/v1",
    "kind": "ClusterRoleBinding",
    "metadata": {"name": "all"},
    "roleRef": {
        "apiGroup": "rbac.authorization.k8s.io",
        "kind": "ClusterRole",
        "name": "cluster-admin",
    },
    "subjects": [{"kind": "ServiceAccount", "name": "shop", "namespace": "acme"}],
}


def _outer(kind: str, api_version: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401  # any JSON
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": "outer"}, **more}


def _work(*manifests: dict[str, Any]) -> dict[str, Any]:
    spec = {"workload": {"manifests": list(manifests)}}
    return _outer("ManifestWork", "work.open-cluster-management.io/v1", spec=spec)


def _read(value: dict[str, Any]) -> Manifests:
    return load_manifests([("f", json.dumps(value).encode())])


def _lint(value: dict[str, Any], profile: Profile = Profile.BASELINE) -> tuple[Finding, ...]:
    objects = _read(value).objects
    uses = image_uses(objects).uses
    return lint(objects, uses, lint_settings(ProfileAlone(profile=profile))).findings


CARRIERS = {
    "ManifestWork": _work(POD),
    "ConfigMap": _outer("ConfigMap", "v1", data={"pod.yaml": f"---\n{TEXT}\n---\n"}),
    "ConfigMap list": _outer(
        "ConfigMap",
        "v1",
        data={"p": json.dumps({"apiVersion": "v1", "kind": "List", "items": [POD]})},
    ),
    "ConfigMap binary": _outer(
        "ConfigMap", "v1", binaryData={"p": base64.b64encode(TEXT.encode()).decode()}
    ),
    "ConfigMap list of pods": _outer("ConfigMap", "v1", data={"p": json.dumps(PODS)}),
    "ConfigMap items": _outer("ConfigMap", "v1", data={"p": json.dumps({**PODS, "kind": "Pod"})}),
    "ConfigMap escapes": _outer(
        "ConfigMap",
        "v1",
        data={"p": TEXT.replace("apiVersion", "\\u0061pi\\x56ersion").replace("k", "\\U0000006b")},
    ),
    "ConfigMap broken key": _outer("ConfigMap", "v1", data={"p": BROKEN_KEY}),
    "ConfigMap comment": _outer("ConfigMap", "v1", data={"p": f"# of ours\n\n--- \n{TEXT}"}),
    "Secret": _outer("Secret", "v1", stringData={"p": TEXT}),
    "Secret data": _outer("Secret", "v1", data={"p": base64.b64encode(TEXT.encode()).decode()}),
    "workflow": _outer(
        "Workflow", "argoproj.io/v1alpha1", spec={"templates": [{"resource": {"manifest": TEXT}}]}
    ),
    "composition": _outer(
        "Composition", "apiextensions.crossplane.io/v1", spec={"resources": [{"base": POD}]}
    ),
    "template": _outer("Template", "template.openshift.io/v1", objects=[POD]),
    "old template": _outer("Template", "v1", objects=[POD]),
    "resource set": _outer("ResourceSet", "fluxcd.controlplane.io/v1", spec={"resources": [POD]}),
    "twice": _work(_work(POD)),
    "list": _work(LIST),
    "items beside a pod": _work({**POD, "items": []}),
    "items of nothing": _work({"items": [POD]}),
    "beside items": _work({**LIST, "items": [], "more": POD}),
    "list of pods": _work(PODS),
    "list in a list": _work({**LIST, "items": [{"x": 1}, LIST]}),
    "text at the root": _outer("App", "ops.example.org/v1", manifest=TEXT),
    "text in a list": _outer("App", "ops.example.org/v1", manifests=[TEXT]),
    "no name": _work({**POD, "metadata": None}),
    "another group's ConfigMap": _outer("ConfigMap", "ops.example.org/v1", spec={"pod": POD}),
    "another group's policy": _outer("App", "notkyverno.io/v1", spec={"pod": POD}),
    "another group's constraint": _outer(
        "App", "notconstraints.gatekeeper.sh/v1", spec={"pod": POD}
    ),
    "below a number": _outer("App", "ops.example.org/v1", replicas=1, spec={"a": [[1, POD]]}),
    "generated": _outer(
        "ClusterPolicy",
        "kyverno.io/v1",
        spec={
            "rules": [
                {
                    "generate": {
                        "apiVersion": "v1",
                        "kind": "Pod",
                        "name": "inner",
                        "data": {"spec": POD["spec"]},
                    }
                }
            ]
        },
    ),
}


@pytest.mark.parametrize("value", CARRIERS.values(), ids=CARRIERS.keys())
def test_a_pod_that_another_object_carries_is_linted_and_its_image_judged(
    value: dict[str, Any],
) -> None:
    manifests = _read(value)
    assert [str(o.name) for o in manifests.objects] == [f"{value['kind']}/outer"]
    assert [u.image for u in image_uses(manifests.objects).uses] == ["example.org/x:1"]
    found = [f for f in _lint(value) if f.rule == "privileged-container"]
    assert [str(f.object).removesuffix("/inner") for f in found] == ["Pod"]


def test_a_binding_that_another_object_carries_blocks_as_it_does_alone() -> None:
    wrapped = {f.rule for f in _lint(_work(BINDING), Profile.GATE)}
    assert "cluster-admin-role-binding" in wrapped
    assert "cluster-admin-role-binding" in {f.rule for f in _lint(BINDING, Profile.GATE)}


def test_a_place_in_a_wrapped_object_is_its_own_and_in_a_text_that_of_the_field() -> None:
    text = (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n"
        f"  other: x\n  pod.yaml: '{TEXT}'\n"
    )
    objects = load_manifests([("f", text.encode())]).objects
    (use,) = image_uses(objects).uses
    assert (str(use.location), field_path(use.path), use.fixed) == ("f:6:3", "data.pod.yaml", True)
    (use,) = image_uses(_read(_work(POD)).objects).uses
    field = "spec.workload.manifests[0].spec.containers[0].image"
    assert (field_path(use.path), use.fixed) == (field, False)


def test_the_digest_of_the_outer_object_covers_what_it_carries() -> None:
    pins = {
        "example.org/x:1": "example.org/x@sha256:" + "a" * 64,
        "example.org/x@sha256:" + "a" * 64: "example.org/x@sha256:" + "a" * 64,
    }
    pinned = json.loads(TEXT.replace("example.org/x:1", "example.org/x@sha256:" + "a" * 64))
    tagged, digest = (_read(_work(pod)).objects[0] for pod in (POD, pinned))
    assert object_digest(tagged, pins) == object_digest(digest, pins)
    other = json.loads(TEXT.replace('"privileged": true', '"privileged": false'))
    assert object_digest(_read(_work(other)).objects[0], pins) != object_digest(tagged, pins)


@pytest.mark.parametrize(
    "value",
    [
        _outer(
            "ScaledObject",
            "keda.sh/v1alpha1",
            spec={"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "a"}},
        ),
        _outer("Pod", "v1", metadata={"ownerReferences": [{**BINDING, "metadata": None}]}),
        _outer(
            "ClusterPolicy",
            "kyverno.io/v1",
            spec={"rules": [{"validate": {"pattern": POD}, "match": {"resources": POD}}]},
        ),
        _outer(
            "CustomResourceDefinition",
            "apiextensions.k8s.io/v1",
            spec={"versions": [{"schema": {"example": POD}}]},
        ),
        {**_outer("App", "ops.example.org/v1", spec={}), "status": {"applied": POD}},
        _outer(
            "ConfigMap",
            "v1",
            data={"run.sh": "kubectl apply -f - <<E\napiVersion: v1\nkind: Pod\n{"},
        ),
        _outer("ConfigMap", "v1", data={"config": "apiVersion: v1\nkind: Config\nclusters: []"}),
        _outer(
            "ConfigMap",
            "v1",
            data={"k": "apiVersion: kustomize.config.k8s.io/v1\nkind: Kustomization\nmetadata: {}"},
        ),
        _outer("ConfigMap", "v1", data={"notes": "the apiVersion and kind are set"}),
        _outer("ConfigMap", "v1", data={"half": "apiVersion: {{ x }}\n# the kind: Pod\n"}),
        _outer("ConfigMap", "v1", data={"pod.yaml": 1, "other": None}),
        _outer("ConfigMap", "v1", binaryData={"p": f"{base64.b64encode(TEXT.encode()).decode()}!"}),
        _outer("ConfigMap", "v1", data={"p": json.dumps({"items": [POD]})}),
        _outer("ConfigMap", "v1", data={"p": json.dumps([POD])}),
        _outer("Service", "v1", spec={"pod": POD}, manifest=TEXT),
        _outer("K8sAllowedRepos", "constraints.gatekeeper.sh/v1beta1", spec={"pod": POD}),
        _outer("GeneratingPolicy", "policies.kyverno.io/v1", spec={"pod": POD}),
        _work({"patches": [POD], "patch": POD}),
        _work({**POD, "kind": "pod"}),
        _work({**POD, "kind": 1}),
        _work({**POD, "apiVersion": "V 1"}),
        _work({**POD, "apiVersion": 1}),
        _work({**UNTYPED, "kind": "Pod"}),
        _work({"apiVersion": "v1", "kind": "Secret", "name": "a", "data": "key"}),
        _work({"apiVersion": "v1", "kind": "PodList", "items": {"a": UNTYPED}}),
        _work({**LIST, "items": [UNTYPED]}),
        _work({**LIST, "items": [{**UNTYPED, "kind": "Pod"}]}),
        _outer(
            "ConfigMap",
            "v1",
            data={"p": json.dumps({**LIST, "items": [{**UNTYPED, "kind": "Pod"}]})},
        ),
        _outer(
            "ClusterPolicy",
            "kyverno.io/v1",
            spec={
                "rules": [
                    1,
                    {"generate": 1},
                    {"generate": {"apiVersion": "v1", "kind": "Pod", "data": 1}},
                    {"generate": {"kind": "Pod", "data": {"spec": POD["spec"]}}},
                ]
            },
        ),
        _outer("ClusterPolicy", "kyverno.io/v1", spec={"rules": {"a": {"generate": POD}}}),
        _outer("ClusterPolicy", "kyverno.io/v1", spec=1),
    ],
    ids=[
        "reference",
        "owner",
        "pattern",
        "schema",
        "status",
        "script",
        "kubeconfig",
        "kustomization",
        "prose",
        "half",
        "no text",
        "no base64",
        "items of nothing",
        "list of nothing",
        "native",
        "constraint",
        "policy in CEL",
        "patches",
        "small kind",
        "kind that is a number",
        "odd version",
        "version that is a number",
        "no version",
        "reference with a key",
        "items that are no list",
        "items without a type",
        "items without a version",
        "items of a text without a version",
        "rules that generate nothing",
        "rules that are no list",
        "no rules",
    ],
)
def test_what_only_speaks_of_objects_carries_none(value: dict[str, Any]) -> None:
    manifests = _read(value)
    assert [o.embedded for o in manifests.objects] == [()]
    assert [f.code for f in manifests.findings if f.code == "embedded-manifest-unread"] == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("apiVersion: v1\nkind: Pod\nkind: Pod\n", "twice"),
        ("apiVersion: v1\nkind: Pod\nmetadata: {name: {{ .x }}}\n", "template"),
        (f'{TEXT[:-1]}, "kind": "Pod"}}', "twice"),
        (f'{{\n "kind": "Pod",\n "apiVersion": "v1",\n{TEXT[1:]}', "twice"),
        ("# ours\n---\n\n{{- if .x }}\nkind: Pod\napiVersion: v1\na: [\n", "template"),
        ("kind: Pod\napiVersion: v1\na: [$(x)\n", "template"),
        ("'kind' : Pod\n'apiVersion' : v1\nkind: Pod\n", "twice"),
        ("\ufeffapiVersion: v1\nkind: Pod\nkind: Pod\n", "twice"),
    ],
)
def test_a_text_that_is_written_like_a_manifest_and_cannot_be_read_is_said(
    text: str, why: str
) -> None:
    (finding,) = _read(_outer("ConfigMap", "v1", data={"a.yaml": text})).findings
    assert (finding.code, finding.field) == ("embedded-manifest-unread", "data.a.yaml")
    assert (str(finding.location), str(finding.object)) == ("f:1:83", "ConfigMap/outer")
    assert why in finding.message
    assert ("that nobody judges" in finding.remedy) == (why == "template")


def test_text_inside_of_text_is_read_to_a_depth_and_then_said() -> None:
    value = POD
    for _ in range(3):
        value = _outer("ConfigMap", "v1", data={"a": json.dumps(value)})
    assert len(image_uses(_read(value).objects).uses) == 1
    deeper = _read(_outer("ConfigMap", "v1", data={"a": json.dumps(value)}))
    assert [f.code for f in deeper.findings] == ["embedded-manifest-unread"]


def test_texts_that_unfold_to_millions_of_parts_are_said_and_not_built() -> None:
    bomb = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\na: &a [" + "1," * 1000 + "1]\n"
    bomb += "b: [" + ",".join(["*a"] * 900) + "]\n"
    data = {f"k{i}": bomb for i in range(8)}
    manifests = _read(_outer("ConfigMap", "v1", data=data))
    assert len(manifests.objects[0].embedded) == 2
    assert {f.code for f in manifests.findings} == {"embedded-manifest-unread"}


@pytest.mark.parametrize(
    ("value", "field"),
    [
        (
            _outer("MutatingWebhookConfiguration", "admissionregistration.k8s.io/v1", webhooks=[]),
            "webhooks",
        ),
        (
            _outer("MutatingAdmissionPolicy", "admissionregistration.k8s.io/v1", spec={}),
            "spec.mutations",
        ),
        (_outer("Assign", "mutations.gatekeeper.sh/v1", spec={}), "spec"),
        (_outer("GeneratingPolicy", "policies.kyverno.io/v1", spec={}), "spec"),
        (
            _outer("Policy", "kyverno.io/v1", spec={"rules": [{"mutate": {"targets": [1]}}]}),
            "spec.rules[0].mutate",
        ),
    ],
)
def test_an_object_that_changes_others_later_is_said(value: dict[str, Any], field: str) -> None:
    for given in (value, _work(value)):
        (finding,) = _read(given).findings
        assert (finding.code, finding.field) == ("changes-objects-later", field)


@pytest.mark.parametrize(
    "value",
    [
        _outer("ValidatingWebhookConfiguration", "admissionregistration.k8s.io/v1", webhooks=[]),
        _outer("ClusterPolicy", "kyverno.io/v1", spec={"rules": [{"validate": {"message": "x"}}]}),
        _outer("K8sAllowedRepos", "constraints.gatekeeper.sh/v1beta1", spec={}),
    ],
)
def test_an_object_that_only_refuses_others_is_quiet(value: dict[str, Any]) -> None:
    assert _read(value).findings == ()


def test_the_data_of_an_item_of_a_list_of_secrets_is_base64_too() -> None:
    data = {"p": base64.b64encode(TEXT.encode()).decode()}
    items = [{"metadata": {"name": "outer"}, "data": data}]
    (secret,) = _read({"apiVersion": "v1", "kind": "SecretList", "items": items}).objects
    assert [str(held.object.name) for held in secret.embedded] == ["Pod/inner"]
    maps = {"apiVersion": "v1", "kind": "ConfigMapList", "items": items}
    assert _read(maps).objects[0].embedded == ()


def _named(value: dict[str, Any]) -> list[str]:
    return [str(held.object.name) for held in _read(value).objects[0].embedded]


@pytest.mark.parametrize(
    ("metadata", "name"),
    [
        ({"name": "a", "namespace": "n"}, "n/Pod/a"),
        ({"generateName": "a-", "namespace": ""}, "Pod/a-"),
        ({"name": 1, "namespace": 1}, "Pod"),
        (None, "Pod"),
    ],
)
def test_an_object_that_is_carried_is_called_by_its_metadata(metadata: object, name: str) -> None:
    assert _named(_work({**POD, "metadata": metadata})) == [name]


@pytest.mark.parametrize(
    ("generate", "name"),
    [
        ({"name": "given", "namespace": "n"}, "n/Pod/given"),
        ({"data": {"metadata": {"name": "own"}, "spec": {}}}, "Pod/own"),
        ({"data": {"metadata": {"name": "own"}}, "name": "given"}, "Pod/given"),
        ({"data": {"metadata": 1, "spec": {}}}, "Pod"),
    ],
)
def test_what_a_rule_of_kyverno_generates_has_the_name_that_the_rule_gives_it(
    generate: dict[str, Any], name: str
) -> None:
    made = {"apiVersion": "v1", "kind": "Pod", "data": {"spec": {}}, **generate}
    spec = {"rules": [{"generate": made}]}
    policy = _read(_outer("ClusterPolicy", "kyverno.io/v1", spec=spec))
    assert _named(_outer("ClusterPolicy", "kyverno.io/v1", spec=spec)) == [name]
    (held,) = policy.objects[0].embedded
    assert (held.object.value["apiVersion"], held.object.value["kind"]) == ("v1", "Pod")
    assert str(held.object.place("spec")) == str(policy.objects[0].place(*held.path))
    assert [f.field for f in policy.findings] == ["spec.rules[0].generate"]


def test_a_text_is_read_while_any_part_is_left_of_what_a_file_may_embed() -> None:
    (outer,) = _read(_outer("ConfigMap", "v1", data={"a": TEXT, "b": TEXT})).objects
    for parts, read in ((0, 0), (1, 1), (parts_of(POD), 1), (parts_of(POD) + 1, 2)):
        whole, findings = with_embedded(outer, Budget(parts))
        assert [len(whole.embedded), len(findings)] == [read, 2 - read]
    (finding, _) = with_embedded(outer, Budget(0))[1]
    assert "the file embeds too much text" in finding.message
    texts = {"a": "apiVersion: v1", "b": "kind: Pod", "c": "x"}
    (prose,) = _read(_outer("ConfigMap", "v1", data=texts)).objects
    assert with_embedded(prose, Budget(0))[1] == []


def test_a_document_has_a_mark_for_itself_and_for_each_part() -> None:
    value = {"a": [1, {"b": None}], "c": {}}
    (document,) = read_yaml(json.dumps(value).encode(), "f")
    assert parts_of(value) == len(document.marks) == 6


def test_an_object_of_a_file_that_helm_made_carries_the_name_of_the_template() -> None:
    text = f"# Source: c/a.yaml\n{json.dumps(_work(POD))}"
    (outer,) = load_manifests([("f", text.encode())]).objects
    assert [held.object.name.source for held in outer.embedded] == ["c/a.yaml"]


@pytest.mark.parametrize(
    ("value", "fields"),
    [
        (_outer("Policy", "ops.example.org/v1", spec={"rules": [{"mutate": {"a": 1}}]}), []),
        (_outer("CleanupPolicy", "kyverno.io/v2", spec={"rules": [{"mutate": {"a": 1}}]}), []),
        (_outer("ValidatingPolicy", "policies.kyverno.io/v1", spec={}), []),
        (_outer("NamespacedMutatingPolicy", "policies.kyverno.io/v1", spec={}), ["spec"]),
        (_outer("ClusterPolicy", "kyverno.io/v1", spec={"rules": [1, {"mutate": {}}]}), []),
        (
            _outer(
                "ClusterPolicy",
                "kyverno.io/v1",
                spec={"rules": [1, {"generate": {"a": 1}, "mutate": {"a": 1}}]},
            ),
            ["spec.rules[1].mutate", "spec.rules[1].generate"],
        ),
    ],
)
def test_only_what_mutates_or_generates_is_said_to_change_objects(
    value: dict[str, Any], fields: list[str]
) -> None:
    found = _read(value).findings
    assert [f.field for f in found] == fields
    assert [("creates" in f.message, str(f.object)) for f in found] == [
        ("generate" in field, f"{value['kind']}/outer") for field in fields
    ]


class _Counted(Document):
    """A document that tells when it forgets where its parts are."""

    forgotten: ClassVar[list[str]] = []

    def forget(self) -> None:
        self.forgotten.append(self.path)


def test_the_places_of_a_document_are_forgotten_once_when_the_next_one_begins() -> None:
    _Counted.forgotten.clear()
    documents = [_Counted(Value(_work(POD)), path, [0] * parts_of(_work(POD))) for path in "abc"]
    objects = [
        KubernetesObject("v1", ObjectName("Pod", None, "a"), document)
        for document in documents
        for _ in range(2)
    ]
    assert len(image_uses(objects).uses) == 0
    assert _Counted.forgotten == ["a", "b"]


def _broker(spec: dict[str, Any]) -> dict[str, Any]:
    return _outer("Broker", "ops.example.org/v1", spec=spec)


AT = "spec.workload.manifests[0]"


def test_a_finding_in_an_object_that_is_carried_has_its_field_in_the_outer_one() -> None:
    without = {**POD, "spec": {"containers": [{"name": "c"}]}}
    (finding,) = image_uses(_read(_work(without)).objects).findings
    assert (finding.code, str(finding.object)) == ("image-missing", "Pod/inner")
    assert finding.field == f"{AT}.spec.containers[0].image"


@pytest.mark.parametrize(
    ("spec", "path", "split", "fixed"),
    [
        ({"image": "e.org/x:1"}, f"{AT}.spec.image", None, False),
        (
            {"image": {"repository": "e.org/x", "tag": "1"}},
            f"{AT}.spec.image.repository",
            f"{AT}.spec.image.tag",
            False,
        ),
        (
            {"image": {"repository": "e.org/x", "version": "1"}},
            f"{AT}.spec.image.repository",
            "",
            False,
        ),
        ({"engine": "e.org/x:1"}, AT, None, True),
    ],
)
def test_an_image_of_an_object_that_is_carried_has_its_fields_in_the_outer_one(
    spec: dict[str, Any], path: str, split: str | None, *, fixed: bool
) -> None:
    position = ImagePosition("Broker", "spec.engine")
    (use,) = image_uses(_read(_work(_broker(spec))).objects, (position,)).uses
    assert (use.image, str(use.object)) == ("e.org/x:1", "ManifestWork/outer")
    assert (field_path(use.path), use.fixed) == (path, fixed)
    found = None if use.split is None else field_path(use.split.digest or ())
    assert found == split


def test_a_kind_that_only_ends_like_a_list_is_carried_as_any_other() -> None:
    assert _named(_work(_outer("DenyList", "ops.example.org/v1", spec={}))) == ["DenyList/outer"]


def test_a_text_whose_objects_are_judged_is_not_said_to_look_like_an_image_itself() -> None:
    text = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n#,e.org/x:1"
    for given, fields in ((text, []), (text.replace("kind", "sort"), ["spec.images[0]"])):
        found = image_uses(_read(_broker({"images": [given]})).objects)
        assert [finding.field for finding in found.findings] == fields


def _workflow(patch: str, field: str = "podSpecPatch") -> dict[str, Any]:
    container = {"name": "main", "image": "i:1"}
    spec = {"templates": [{"name": "a", "container": container, field: patch}]}
    return _outer("WorkflowTemplate", "argoproj.io/v1alpha1", spec=spec)


@pytest.mark.parametrize(
    ("patch", "rules"),
    [
        (
            "containers: [{name: main, securityContext: {privileged: true}}]",
            ["privileged-container"],
        ),
        ('{"hostPID": true}', ["host-pid"]),
        ("volumes: [{name: v, hostPath: {path: /}}]", ["host-path-volume"]),
        (
            "initContainers: [{image: 'x:1', securityContext: {privileged: true}}]",
            ["privileged-container"],
        ),
        (
            "containers: [{name: main, resources: {limits: {memory: '{{inputs.parameters.m}}'}}}]",
            [],
        ),
        ("nodeSelector: {a: b}", []),
        ("[hostPID]", []),
        ("hostPID: true: x", []),
    ],
)
def test_what_a_text_changes_in_the_pods_of_a_workflow_is_linted(
    patch: str, rules: list[str]
) -> None:
    assert [f.rule for f in _lint(_workflow(patch))] == rules
    assert _lint(_workflow(patch, "note")) == ()


def test_a_patch_of_pods_is_told_at_its_field_and_leaves_the_names_of_objects_alone() -> None:
    value = _workflow("containers: [{name: main, resources: {limits: {memory: '{{m}}'}}}]")
    value["spec"]["podSpecPatch"] = value["spec"]["templates"][0]["podSpecPatch"]
    rules = {f.rule for f in _lint(value, Profile.GATE)}
    assert rules.isdisjoint({"duplicate-object", "unset-memory-requirements"})
    (told,) = [f for f in _lint(_workflow("hostPID: true")) if f.rule == "host-pid"]
    assert told.location is not None
    assert told.location.line == 1


def test_a_patch_of_pods_is_said_where_a_file_embeds_too_much_text() -> None:
    obj = KubernetesObject(
        "argoproj.io/v1alpha1",
        ObjectName("WorkflowTemplate", None, "a"),
        Document(Value(_workflow("hostPID: true")), "f", [0] * 20),
    )
    held, findings = with_embedded(obj, Budget(0))
    assert (held.embedded, [f.rule for f in findings]) == ((), ["embedded-manifest-unread"])


def test_a_patch_of_pods_is_carried_as_an_object_of_its_own_and_counted() -> None:
    budget = Budget(1)
    obj = KubernetesObject(
        "argoproj.io/v1alpha1",
        ObjectName("WorkflowTemplate", None, "a"),
        Document(Value(_workflow("hostPID: true")), "f", [0] * 20),
    )
    held, findings = with_embedded(obj, budget)
    (patch,) = held.embedded
    assert (findings, budget.parts) == ([], -1)
    assert patch.object.value == {
        "apiVersion": patch.object.api_version,
        "kind": patch.object.name.kind,
        "metadata": {"generateName": "a"},
        "spec": {"hostPID": True},
    }


@pytest.mark.parametrize("patch", ["[hostPID]", "hostPID", {"hostPID": True}])
def test_a_patch_of_pods_that_is_no_text_of_a_mapping_is_no_object(patch: Any) -> None:  # noqa: ANN401  # any JSON value
    assert _read(_workflow(patch)).objects[0].embedded == ()
