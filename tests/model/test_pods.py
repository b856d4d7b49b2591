from __future__ import annotations

from typing import Any, Final

import pytest
import yaml

from gate.manifests.load import load_manifests
from gate.model.kubernetes import field_path
from gate.model.pods import PodSpec, pod_specs

STEP: Final = "{name: a, image: 'r.example/a:1', securityContext: {privileged: true}}"


def _pods(kind: str, rest: str, api: str = "ops.example/v1") -> tuple[PodSpec, ...]:
    text = f"{{apiVersion: {api}, kind: {kind}, metadata: {{name: a}}, {rest}}}"
    manifests = load_manifests([("f", text.encode())])
    return pod_specs(manifests.objects[0])


def _found(kind: str, rest: str, api: str = "ops.example/v1") -> dict[str, list[str]]:
    return {
        field_path(p.path): [field_path(c.path) for c in p.containers]
        for p in _pods(kind, rest, api)
    }


SHAPES: Final[dict[str, tuple[str, str, str]]] = {
    "containers at the top before a template": (
        "argoproj.io/v1alpha1 Rollout",
        f"containers: [{{name: b}}], spec: {{template: {{spec: {{containers: [{STEP}]}}}}}}",
        "spec.template.spec.containers[0]",
    ),
    "containers inside of a container": (
        "ops.example/v1 Odd",
        f"spec: {{containers: [{{name: b, more: {{containers: [{STEP}]}}}}]}}",
        "spec.containers[0].more.containers[0]",
    ),
    "init containers alone": (
        "elasticsearch.k8s.elastic.co/v1 Elasticsearch",
        f"spec: {{nodeSets: [{{podTemplate: {{spec: {{initContainers: [{STEP}]}}}}}}]}}",
        "spec.nodeSets[0].podTemplate.spec.initContainers[0]",
    ),
    "ephemeral containers alone": (
        "ops.example/v1 Debug",
        f"spec: {{ephemeralContainers: [{STEP}]}}",
        "spec.ephemeralContainers[0]",
    ),
    "one container of a workflow": (
        "argoproj.io/v1alpha1 Workflow",
        f"spec: {{templates: [{{name: a, container: {STEP}}}]}}",
        "spec.templates[0].container",
    ),
    "a script of a workflow": (
        "argoproj.io/v1alpha1 WorkflowTemplate",
        f"spec: {{templates: [{{name: a, script: {STEP}}}]}}",
        "spec.templates[0].script",
    ),
    "sidecars of a workflow in a schedule": (
        "argoproj.io/v1alpha1 CronWorkflow",
        f"spec: {{workflowSpec: {{templates: [{{name: a, sidecars: [{STEP}]}}]}}}}",
        "spec.workflowSpec.templates[0].sidecars[0]",
    ),
    "a set of containers of a workflow": (
        "argoproj.io/v1alpha1 Workflow",
        f"spec: {{templateDefaults: {{containerSet: {{containers: [{STEP}]}}}}}}",
        "spec.templateDefaults.containerSet.containers[0]",
    ),
    "steps of a task": ("tekton.dev/v1 Task", f"spec: {{steps: [{STEP}]}}", "spec.steps[0]"),
    "sidecars of a task inside of a run of a pipeline": (
        "tekton.dev/v1 PipelineRun",
        f"spec: {{pipelineSpec: {{finally: [{{taskSpec: {{sidecars: [{STEP}]}}}}]}}}}",
        "spec.pipelineSpec.finally[0].taskSpec.sidecars[0]",
    ),
    "what all steps share": (
        "tekton.dev/v1 Task",
        "spec: {stepTemplate: {securityContext: {privileged: true}}}",
        "spec.stepTemplate",
    ),
    "a revision of Knative": (
        "serving.knative.dev/v1 Service",
        f"spec: {{template: {{spec: {{containers: [{STEP}]}}}}}}",
        "spec.template.spec.containers[0]",
    ),
    "a pod template inside of a kind of somebody": (
        "ops.example/v1 App",
        f"spec: {{parts: [[{{podTemplate: {{template: {{spec: {{containers: [{STEP}]}}}}}}}}]]}}",
        "spec.parts[0][0].podTemplate.template.spec.containers[0]",
    ),
    "an object that is like a container itself": (
        "ops.example/v1 App",
        "spec: {image: 'a:1', env: [{name: A, value: b}]}",
        "spec",
    ),
    "a security context under a key of its own": (
        "helm.toolkit.fluxcd.io/v2 HelmRelease",
        "spec: {values: {shop: {containerSecurityContext: {privileged: true}}}}",
        "spec.values.shop",
    ),
    "a revision that a rollback brings back": (
        "apps/v1 ControllerRevision",
        f"data: {{spec: {{template: {{spec: {{containers: [{STEP}]}}}}}}}}",
        "data.spec.template.spec.containers[0]",
    ),
}


@pytest.mark.parametrize("case", SHAPES.values(), ids=SHAPES)
def test_a_container_is_found_where_it_is(case: tuple[str, str, str]) -> None:
    (api, kind), rest, path = case[0].split(), case[1], case[2]
    assert path in {p for paths in _found(kind, rest, api).values() for p in paths}


NONE: Final[dict[str, tuple[str, str]]] = {
    "a pattern of Kyverno": (
        "kyverno.io/v1 ClusterPolicy",
        "spec: {rules: [{validate: {pattern: {spec: {containers: [{image: '!*:latest'}]}}}}]}",
    ),
    "a constraint of Gatekeeper": (
        "constraints.gatekeeper.sh/v1beta1 K8sPods",
        "spec: {parameters: {containers: [{name: a, image: 'a:1'}]}}",
    ),
    "the schema of a kind": (
        "apiextensions.k8s.io/v1 CustomResourceDefinition",
        "spec: {versions: [{schema: {openAPIV3Schema: {default: {containers: [{name: a}]}}}}]}",
    ),
    "the schema of a composite": (
        "apiextensions.crossplane.io/v1 CompositeResourceDefinition",
        (
            "spec: {versions: [{schema: {openAPIV3Schema: {properties: {containers: {type: array,"
            " items: {type: object, required: [image], properties: {image: {type: string},"
            " command: {type: array}, privileged: {type: boolean}}}}}}}}]}"
        ),
    ),
    "what an object reports": (
        "ops.example/v1 App",
        f"spec: {{size: 1}}, status: {{containers: [{STEP}]}}",
    ),
    "a list of names": ("ops.example/v1 App", "spec: {containers: [a, b]}"),
    "an image by its name": (
        "ops.example/v1 App",
        "spec: {source: {image: 'a:1', name: b}, images: [{name: a, image: 'b:1'}]}",
    ),
    "a kind of Kubernetes' own that runs nothing": (
        "v1 ConfigMap",
        f"containers: [{STEP}]",
    ),
}


@pytest.mark.parametrize("case", NONE.values(), ids=NONE)
def test_no_pod_is_seen_where_there_is_none(case: tuple[str, str]) -> None:
    api, kind = case[0].split()
    assert _found(kind, case[1], api) == {}


def test_two_pods_of_one_object_are_two() -> None:
    rest = f"spec: {{head: {{containers: [{STEP}]}}, workers: [{{containers: [{STEP}, {STEP}]}}]}}"
    assert _found("Cluster", rest) == {
        "spec.head": ["spec.head.containers[0]"],
        "spec.workers[0]": ["spec.workers[0].containers[0]", "spec.workers[0].containers[1]"],
    }


def test_what_only_a_pod_sets_makes_a_part_of_a_pod() -> None:
    rest = "spec: {podTemplate: {hostNetwork: true}, run: {volumes: [{hostPath: {path: /}}]}}"
    assert _found("TaskRun", rest, "tekton.dev/v1") == {"spec.podTemplate": [], "spec.run": []}


WHOLE: Final = (
    ("apps/v1 Deployment", "spec: {template: {spec: {containers: [{name: a}]}}}"),
    ("ops.example/v1 App", "spec: {containers: [{name: a}]}"),
    ("argoproj.io/v1alpha1 Rollout", "spec: {containers: [{name: a}]}"),
)
PARTS: Final = (
    ("ops.example/v1 App", "spec: {initContainers: [{name: a}]}"),
    ("tekton.dev/v1 Task", "spec: {steps: [{image: a, args: [b]}]}"),
    ("argoproj.io/v1alpha1 Workflow", "spec: {containers: [{name: a}]}"),
    ("monitoring.coreos.com/v1 Prometheus", "spec: {containers: [{name: a}]}"),
)


@pytest.mark.parametrize("case", WHOLE + PARTS, ids=[f"{k} {r}" for k, r in WHOLE + PARTS])
def test_a_pod_that_something_else_completes_is_not_whole(case: tuple[str, str]) -> None:
    api, kind = case[0].split()
    (pod,) = _pods(kind, case[1], api)
    assert pod.whole is (case in WHOLE)
    assert [c.whole for c in pod.containers] == [case in WHOLE]


def test_a_container_that_a_patch_adds_with_its_image_is_whole() -> None:
    rest = "spec: {containers: [{name: prometheus}, {name: proxy, image: 'a:1'}]}"
    (pod,) = _pods("Prometheus", rest, "monitoring.coreos.com/v1")
    assert pod.patch
    assert [c.whole for c in pod.containers] == [False, True]


def test_the_metadata_of_a_template_are_the_pods() -> None:
    rest = f"spec: {{templates: [{{metadata: {{labels: {{a: b}}}}, container: {STEP}}}]}}"
    (pod,) = _pods("Workflow", rest, "argoproj.io/v1alpha1")
    labels: dict[str, Any] = yaml.safe_load("{labels: {a: b}}")
    assert pod.metadata == labels
    assert field_path(pod.metadata_path) == "spec.templates[0].metadata"
