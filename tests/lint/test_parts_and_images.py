"""Pods in kinds of others, images outside of containers, and what lint cannot look into."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from gate.lint.engine import lint
from gate.lint.settings import lint_settings
from gate.manifests.images import image_uses
from gate.manifests.load import load_manifests
from gate.model.document import Document
from gate.model.kubernetes import Embedded, ImageUse, KubernetesObject, ObjectName
from gate.model.verdict import Action, Finding
from gate.policy.profile import Profile, ProfileAlone
from tests.fakes.linted import linted

SHOP: Final = "r.example/shop:1"
PRIVILEGED: Final = f"{{name: a, image: '{SHOP}', securityContext: {{privileged: true}}}}"


def _objects(api_and_kind: str, rest: str) -> tuple[KubernetesObject, ...]:
    api, kind = api_and_kind.split()
    text = f"{{apiVersion: {api}, kind: {kind}, metadata: {{name: a, namespace: b}}, {rest}}}"
    manifests = load_manifests([("f", text.encode())])
    assert not manifests.findings
    return manifests.objects


def _found(
    api_and_kind: str, rest: str, profile: Profile = Profile.GATE, rule: str = ""
) -> list[Finding]:
    settings = lint_settings(ProfileAlone(profile=profile))
    found = linted(_objects(api_and_kind, rest), settings).findings
    return [f for f in found if rule in ("", f.rule, *f.also)]


def _blocks(api_and_kind: str, rest: str, profile: Profile = Profile.GATE) -> set[str]:
    return {f.rule for f in _found(api_and_kind, rest, profile) if f.action is Action.BLOCK}


@pytest.mark.parametrize(
    ("kind", "rest"),
    [
        ("tekton.dev/v1 Task", f"spec: {{steps: [{PRIVILEGED}]}}"),
        ("argoproj.io/v1alpha1 Workflow", f"spec: {{templates: [{{container: {PRIVILEGED}}}]}}"),
        ("argoproj.io/v1alpha1 Rollout", f"containers: [{{name: b}}], spec: {{a: {PRIVILEGED}}}"),
        ("ops.example/v1 App", f"spec: {{initContainers: [{PRIVILEGED}]}}"),
    ],
)
def test_a_privileged_container_of_any_kind_blocks(kind: str, rest: str) -> None:
    assert "privileged-container" in _blocks(kind, rest, Profile.BASELINE)


def test_a_clean_step_of_a_task_blocks_nothing_and_says_nothing_about_what_it_leaves_out() -> None:
    rest = f"spec: {{steps: [{{name: a, image: '{SHOP}'}}, {{name: b, ref: {{name: c}}}}]}}"
    assert [f.rule for f in _found("tekton.dev/v1 Task", rest)] == ["image-digest-required"]


@pytest.mark.parametrize(
    ("rest", "rule"),
    [
        ("env: [{name: DB_PASSWORD, value: hunter2}]", "env-var-secret"),
        ("securityContext: {runAsUser: 0}", "run-as-root-user"),
        ("ports: [{containerPort: 80, hostPort: 80}]", "host-port"),
        ("securityContext: {capabilities: {add: [SYS_ADMIN]}}", "dangerous-capabilities"),
    ],
)
def test_what_a_step_writes_is_judged(rest: str, rule: str) -> None:
    step = f"spec: {{steps: [{{name: a, image: '{SHOP}', {rest}}}]}}"
    assert _found("tekton.dev/v1 Task", step, Profile.ALL, rule)


def test_a_writable_mount_of_the_node_in_a_step_is_found_though_readonly_is_left_out() -> None:
    rest = (
        "spec: {volumes: [{name: v, hostPath: {path: /etc}}],"
        f" steps: [{{image: '{SHOP}', volumeMounts: [{{name: v, mountPath: /v}}]}}]}}"
    )
    every = _found("tekton.dev/v1 Task", rest, Profile.ALL)
    found = {name for f in every for name in (f.rule, *f.also)}
    assert {"writable-host-mount", "host-path-volume", "sensitive-host-mounts"} <= found


def test_settings_of_a_workflow_without_a_container_are_judged() -> None:
    rest = "spec: {hostNetwork: true, securityContext: {runAsUser: 0}}"
    assert {"host-network", "run-as-root-user"} <= _blocks("argoproj.io/v1alpha1 Workflow", rest)


def test_a_patch_of_an_operators_container_asks_for_no_image_and_for_no_settings() -> None:
    rest = "spec: {containers: [{name: config-reloader, resources: {limits: {memory: 50Mi}}}]}"
    objects = _objects("monitoring.coreos.com/v1 Prometheus", rest)
    assert image_uses(objects).findings == ()
    assert _found("monitoring.coreos.com/v1 Prometheus", rest) == []


def test_a_container_without_an_image_goes_on_blocking_in_any_other_kind() -> None:
    (finding,) = image_uses(
        _objects("ops.example/v1 App", "spec: {containers: [{name: a}]}")
    ).findings
    assert finding.code == "image-missing"


def test_a_container_that_a_patch_adds_is_judged_as_a_whole_one() -> None:
    rest = f"spec: {{containers: [{{name: proxy, image: '{SHOP}'}}]}}"
    assert "unset-memory-requirements" in _blocks("monitoring.coreos.com/v1 Prometheus", rest)


@pytest.mark.parametrize(
    ("rule", "image"),
    [
        ("latest-tag", "r.example/data:latest"),
        ("image-digest-required", "r.example/data:1"),
        ("deprecated-image-registry", "k8s.gcr.io/data:1"),
        ("known-vulnerable-component", "registry.k8s.io/ingress-nginx/controller:v1.11.4"),
    ],
)
@pytest.mark.parametrize(
    ("kind", "rest", "field"),
    [
        (
            "v1 Pod",
            "spec: {{volumes: [{{name: v, image: {{reference: '{0}'}}}}]}}",
            "spec.volumes[0].image.reference",
        ),
        ("ops.example/v1 App", "spec: {{image: '{0}'}}", "spec.image"),
        (
            "kubevirt.io/v1 VirtualMachine",
            "spec: {{volumes: [{{name: d, containerDisk: {{image: '{0}'}}}}]}}",
            "spec.volumes[0].containerDisk.image",
        ),
        (
            "tekton.dev/v1 Task",
            "spec: {{steps: [{{image: '{0}', args: [a]}}]}}",
            "spec.steps[0].image",
        ),
    ],
)
def test_rules_about_images_run_over_every_place_that_names_one(
    rule: str, image: str, kind: str, rest: str, field: str
) -> None:
    (finding,) = _found(kind, rest.format(image), Profile.ALL, rule)
    assert finding.field == field


def test_the_pull_policy_beside_an_image_volume_is_read() -> None:
    rest = "spec: {volumes: [{image: {reference: r.example/a, pullPolicy: %s}}]}"
    (finding,) = _found("v1 Pod", rest % "Never", Profile.ALL, "image-pull-policy")
    assert finding.field == "spec.volumes[0].image.pullPolicy"
    assert not _found("v1 Pod", rest % "Always", Profile.ALL, "image-pull-policy")


@pytest.mark.parametrize(
    ("kind", "rest"),
    [
        ("v1 Pod", "spec: {containers: [{name: shop, image: r.example/a}]}"),
        ("ops.example/v1 App", "spec: {containers: [{name: shop, image: r.example/a}]}"),
        ("tekton.dev/v1 Task", "spec: {steps: [{name: shop, image: r.example/a}]}"),
    ],
)
def test_an_image_of_a_container_is_found_once_and_with_the_containers_name(
    kind: str, rest: str
) -> None:
    (finding,) = _found(kind, rest, rule="latest-tag")
    assert finding.container == "shop"


@pytest.mark.parametrize(
    "profile", [Profile.GATE, Profile.ALL, Profile.BASELINE, Profile.RESTRICTED]
)
def test_lint_says_once_where_it_did_not_look_inside_and_does_not_block_for_it(
    profile: Profile,
) -> None:
    rest = f"spec: {{image: '{SHOP}', proxy: {{image: '{SHOP}'}}}}"
    (finding,) = _found("ops.example/v1 App", rest, profile, "not-linted-inside")
    assert finding.action is Action.WARN
    assert finding.message == f"lint does not know how {SHOP} runs in this App"


@pytest.mark.parametrize(
    ("kind", "rest"),
    [
        ("v1 Pod", f"spec: {{containers: [{{name: a, image: '{SHOP}'}}]}}"),
        ("v1 Pod", f"spec: {{volumes: [{{name: a, image: {{reference: '{SHOP}'}}}}]}}"),
        ("tekton.dev/v1 Task", f"spec: {{steps: [{{name: a, image: '{SHOP}'}}]}}"),
        ("ops.example/v1 App", "spec: {size: 1}"),
    ],
)
def test_lint_says_nothing_of_what_it_looked_into(kind: str, rest: str) -> None:
    assert not _found(kind, rest, rule="not-linted-inside")


def test_an_image_outside_of_the_pods_of_an_object_is_said_too() -> None:
    rest = (
        f"spec: {{containers: [{{name: a, image: '{SHOP}'}}], agent: {{image: 'r.example/b:1'}}}}"
    )
    (finding,) = _found("ops.example/v1 App", rest, rule="not-linted-inside")
    assert finding.field == "spec.agent.image"


def test_images_of_objects_that_are_not_linted_are_refused() -> None:
    (obj,) = _objects("v1 Pod", f"spec: {{containers: [{{name: a, image: '{SHOP}'}}]}}")
    other = ImageUse(SHOP, ObjectName("Pod", None, "z"), ("spec",), obj.place())
    settings = lint_settings(ProfileAlone(profile=Profile.GATE))
    with pytest.raises(ValueError, match="Pod/z names an image, and is not among the objects"):
        lint([obj], [other], settings)


def test_two_objects_of_the_same_name_have_each_its_own_images() -> None:
    (one,) = _objects("v1 Pod", "spec: {containers: [{name: a, image: r.example/a}]}")
    (two,) = _objects("v1 Pod", f"spec: {{containers: [{{name: a, image: '{SHOP}'}}]}}")
    settings = lint_settings(ProfileAlone(profile=Profile.GATE))
    found = [f for f in linted([one, two], settings).findings if f.rule == "latest-tag"]
    assert len(found) == 1


def _carrying(inner: str, *, is_text: bool) -> KubernetesObject:
    """Return a ManifestWork that carries an object, as the loader gives it."""
    (outer,) = _objects(
        "work.open-cluster-management.io/v1 ManifestWork", f"spec: {{manifests: [{inner}]}}"
    )
    path = ("spec", "manifests", 0)
    value = outer.value["spec"]["manifests"][0]
    name = ObjectName(value["kind"], None, value["metadata"]["name"])
    document: Document = outer.document
    held = KubernetesObject(value["apiVersion"], name, document, path, holder=outer.name)
    return replace(outer, embedded=(Embedded(held, path, is_text),))


def test_objects_that_an_object_carries_are_linted_by_themselves() -> None:
    outer = _carrying(
        "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding,"
        " metadata: {name: all}, roleRef: {kind: ClusterRole, name: cluster-admin},"
        " subjects: [{kind: ServiceAccount, name: shop, namespace: b}]}",
        is_text=False,
    )
    report = linted([outer], lint_settings(ProfileAlone(profile=Profile.GATE)))
    (finding,) = [f for f in report.findings if f.rule == "cluster-admin-role-binding"]
    assert str(finding.object) == "ClusterRoleBinding/all"


@pytest.mark.parametrize("is_text", [False, True])
def test_a_pod_that_an_object_carries_is_judged_once(is_text: bool) -> None:  # noqa: FBT001  # a table of cases
    outer = _carrying(
        "{apiVersion: v1, kind: Pod, metadata: {name: p},"
        f" spec: {{containers: [{PRIVILEGED}]}}}}",
        is_text=is_text,
    )
    report = linted([outer], lint_settings(ProfileAlone(profile=Profile.BASELINE)))
    privileged = [f for f in report.findings if f.rule == "privileged-container"]
    assert [str(f.object) for f in privileged] == ["Pod/p"]
    assert not [f for f in report.findings if f.rule == "not-linted-inside"]


@pytest.mark.parametrize(
    ("memory", "is_set"),
    [
        *(("'{{inputs.parameters.memory}}'", True), ("$(params.memory)", True)),
        *(("1Gi", True), ("0", False), ("'{memory}'", False), ("$memory", False)),
    ],
)
def test_a_parameter_of_a_workflow_sets_a_limit(memory: str, *, is_set: bool) -> None:
    container = f"{{name: a, image: 'i:1', resources: {{limits: {{memory: {memory}}}}}}}"
    rest = f"spec: {{templates: [{{name: a, container: {container}}}]}}"
    found = _found("argoproj.io/v1alpha1 Workflow", rest, rule="unset-memory-requirements")
    assert (not found) == is_set
