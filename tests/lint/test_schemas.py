from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.lint.kubernetes.fields import FIELDS
from gate.lint.kubernetes.schemas import Wrong, faults
from gate.lint.kubernetes.shapes import definition_of, definitions
from gate.manifests.load import load_manifests
from gate.model.kubernetes import KubernetesObject, field_path

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec:
  selector: {matchLabels: {app: a}}
  template:
    spec:
      containers:
      - name: c
        ports: [{containerPort: 80}]
"""


def _object(text: str) -> KubernetesObject:
    (obj,) = load_manifests([("f.yaml", text.encode())]).objects
    return obj


def _faults(text: str) -> list[tuple[str, str]]:
    obj = _object(text)
    definition = definition_of(obj, native=True)
    assert definition is not None
    kinds = (Wrong.FORM, Wrong.MISSING)
    found = [fault for fault in faults(obj, definition) if fault.wrong in kinds]
    return [(field_path(fault.path), fault.message) for fault in found]


def _of(kind: str, api: str, rest: str) -> list[tuple[str, str]]:
    return _faults(f"apiVersion: {api}\nkind: {kind}\nmetadata: {{name: a}}\n{rest}\n")


def test_an_object_with_all_that_is_required_has_no_fault() -> None:
    assert _faults(DEPLOYMENT) == []


def test_every_definition_that_a_field_names_stands_in_the_table() -> None:
    shapes = [s for d in definitions().values() for s in d.fields.values()]
    while any(shape.of for shape in shapes):
        shapes = [shape.of or shape for shape in shapes]
    assert {s.form for s in shapes if len(s.form) > 1} <= set(definitions())
    assert len(definitions()) > 180
    assert len(FIELDS) < 100_000


@pytest.mark.parametrize(
    ("kind", "api", "rest", "field", "message"),
    [
        ("ConfigMap", "v1", "dta: {}", "dta", "dta is not a field of the object"),
        ("Pod", "v1", "", "spec", "spec is missing"),
        ("Pod", "v1", "spec: {containers: []}", "spec.containers", "containers is missing"),
        (
            "HorizontalPodAutoscaler",
            "autoscaling/v2",
            "spec: {maxReplicas: '3', scaleTargetRef: {kind: Deployment, name: a}}",
            "spec.maxReplicas",
            "spec.maxReplicas must be a whole number",
        ),
        (
            "Ingress",
            "networking.k8s.io/v1",
            "spec: {rules: [{http: {paths: [{pathType: Prefix, backend: {serviceName: s}}]}}]}",
            "spec.rules[0].http.paths[0].backend.serviceName",
            "serviceName is not a field of spec.rules[0].http.paths[0].backend",
        ),
        (
            "NetworkPolicy",
            "networking.k8s.io/v1",
            "spec: {podSelector: {}, ingress: {}}",
            "spec.ingress",
            "spec.ingress must be a list",
        ),
        (
            "Role",
            "rbac.authorization.k8s.io/v1",
            "rules: [{apiGroups: [''], resources: [pods]}]",
            "rules[0].verbs",
            "verbs is missing",
        ),
        (
            "PodDisruptionBudget",
            "policy/v1",
            "spec: {minAvailable: [1]}",
            "spec.minAvailable",
            "spec.minAvailable must be a number or text",
        ),
        (
            "PersistentVolumeClaim",
            "v1",
            "spec: {accessModes: ReadWriteOnce}",
            "spec.accessModes",
            "spec.accessModes must be a list",
        ),
        ("ServiceAccount", "v1", "secrets: [a]", "secrets[0]", "secrets[0] must be a mapping"),
    ],
)
def test_a_fault_has_its_field_and_its_cause(
    kind: str, api: str, rest: str, field: str, message: str
) -> None:
    assert _of(kind, api, rest) == [(field, message)]


def test_a_number_without_end_is_no_whole_number() -> None:
    obj = _object(DEPLOYMENT)
    obj.value["spec"]["replicas"] = float("inf")
    found = faults(obj, definitions()["Deployment"])
    assert [fault.message for fault in found if fault.wrong is Wrong.FORM] == [
        "spec.replicas must be a whole number"
    ]


def test_what_is_not_set_is_no_fault() -> None:
    assert _of("ConfigMap", "v1", "data:\nbinaryData: null") == []


@pytest.mark.parametrize(
    ("kind", "api", "rest"),
    [
        ("ConfigMap", "v1", "data: {a: null}"),
        ("Service", "v1", "spec: {selector: {app: null}, ports: [{port: 1}]}"),
        ("Pod", "v1", "spec: {containers: [{name: a, args: [null]}], imagePullSecrets: [null]}"),
        ("NetworkPolicy", "networking.k8s.io/v1", "spec: {podSelector: {}, egress: [null]}"),
        ("ResourceQuota", "v1", "spec: {hard: {pods: null}}"),
    ],
)
def test_an_item_that_is_null_is_one_with_nothing_set(kind: str, api: str, rest: str) -> None:
    assert _of(kind, api, rest) == []


@pytest.mark.parametrize(
    ("kind", "api", "rest", "missing"),
    [
        ("Pod", "v1", "spec: {containers: [null]}", "spec.containers[0].name"),
        ("Service", "v1", "spec: {ports: [null]}", "spec.ports[0].port"),
        ("RoleBinding", "rbac.authorization.k8s.io/v1", "subjects: [null]", "subjects[0].kind"),
    ],
)
def test_an_item_that_is_null_lacks_what_an_item_must_have(
    kind: str, api: str, rest: str, missing: str
) -> None:
    assert missing in [field for field, _ in _of(kind, api, rest)]


@pytest.mark.parametrize(
    ("rest", "field"),
    [
        ("data: {a: {b: c}}", "data.a"),
        ("data: {a: []}", "data.a"),
        ("data: {a: 5}", "data.a"),
        ("metadata: {name: a, labels: {b: {c: d}}}", "metadata.labels.b"),
        ("metadata: {name: a, annotations: {b: [c]}}", "metadata.annotations.b"),
    ],
)
def test_what_must_be_text_is_no_mapping_no_list_and_no_number(rest: str, field: str) -> None:
    found = _faults(f"apiVersion: v1\nkind: ConfigMap\n{rest}\n")
    assert (field, f"{field} must be text") in found


def test_custom_kinds_have_no_definition() -> None:
    obj = _object("apiVersion: example.com/v1\nkind: Deployment\nmetadata: {name: a}\n")
    assert definition_of(obj, native=False) is None


def test_a_kind_in_a_version_that_is_gone_is_looked_up_in_the_newest_for_spelling_only() -> None:
    obj = _object("apiVersion: extensions/v1beta1\nkind: Deployment\nmetadata: {name: a}\n")
    assert definition_of(obj, native=False) is None
    assert definition_of(obj, native=True) is definitions()["Deployment"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["spec", "containers", "template", "metadata", "ports", "env", "replicas"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON, st.sampled_from(["Pod", "Deployment", "Ingress", "Role", "CronJob"]))
def test_no_shape_of_object_makes_the_walk_fail(value: object, kind: str) -> None:
    obj = _object(DEPLOYMENT)
    obj.value.clear()
    obj.value.update(value if isinstance(value, dict) else {"spec": value})
    assert all(fault.message for fault in faults(obj, definitions()[kind]))
