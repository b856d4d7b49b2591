"""Custom kinds whose pods something else completes before they run.

A pod there is a part: an operator adds the image and the security settings of its own
containers, a workflow engine adds what the workflow says as a whole. So what such a part
leaves out says nothing; what it writes does.
"""

from __future__ import annotations

from typing import Final

from gate.model.kubernetes import KubernetesObject

_ALL: Final[frozenset[str]] = frozenset()

_STEPS: Final[dict[str, frozenset[str]]] = {
    # https://argo-workflows.readthedocs.io/en/latest/fields/, and Argo Events beside it
    "argoproj.io": frozenset(
        (
            *("ClusterWorkflowTemplate", "CronWorkflow", "EventSource", "Sensor", "Workflow"),
            "WorkflowTemplate",
        )
    ),
    # https://tekton.dev/docs/pipelines/tasks/#defining-steps
    "tekton.dev": _ALL,
}
"""Kinds whose containers are steps, by API group; an empty set is every kind of the group."""

POD_PATCH: Final = "PodSpecPatch"
"""What a text that changes the pods of a workflow is called, as it has no kind of its own."""
_PATCHES: Final[dict[str, frozenset[str]]] = {
    # https://argo-workflows.readthedocs.io/en/latest/fields/#workflowspec: podSpecPatch
    "argoproj.io": frozenset((POD_PATCH,)),
    # https://docs.k8ssandra.io/reference/crd/cass-operator-crds-latest/: podTemplateSpec
    "cassandra.datastax.com": _ALL,
    # https://nightlies.apache.org/flink/flink-kubernetes-operator-docs-main/: podTemplate
    "flink.apache.org": _ALL,
    # https://gateway.envoyproxy.io/docs/tasks/operations/customize-envoyproxy/: patch
    "gateway.envoyproxy.io": frozenset(("EnvoyProxy",)),
    # https://grafana.github.io/grafana-operator/docs/api/: spec.deployment
    "grafana.integreatly.org": frozenset(("Grafana",)),
    # https://www.keycloak.org/operator/advanced-configuration: spec.unsupported.podTemplate
    "k8s.keycloak.org": frozenset(("Keycloak",)),
    # https://prometheus-operator.dev/docs/api-reference/api/: strategic merge by name
    "monitoring.coreos.com": frozenset(
        ("Alertmanager", "Prometheus", "PrometheusAgent", "ThanosRuler")
    ),
    # https://docs.victoriametrics.com/operator/api/: containers, merged by name
    "operator.victoriametrics.com": _ALL,
    # https://docs.crossplane.io/latest/packages/providers/#runtime-configuration
    "pkg.crossplane.io": frozenset(("DeploymentRuntimeConfig",)),
    # https://www.rabbitmq.com/kubernetes/operator/using-operator#override
    "rabbitmq.com": frozenset(("RabbitmqCluster",)),
    # https://github.com/kubeflow/spark-operator/blob/master/docs/api-docs.md: driver.template
    "sparkoperator.k8s.io": _ALL,
}
"""Kinds that patch the pods of their operator: an image that is left out is the operator's."""

# https://www.elastic.co/docs/deploy-manage/deploy/cloud-on-k8s/customize-pods: podTemplate
_PATCHING_SUFFIX: Final = ".k8s.elastic.co"


def is_patch(obj: KubernetesObject) -> bool:
    """Whether the pods of an object's kind patch those that an operator makes."""
    group = _group(obj)
    return obj.patches or group.endswith(_PATCHING_SUFFIX) or _is_in(_PATCHES, group, obj.name.kind)


def is_completed(obj: KubernetesObject) -> bool:
    """Whether something else completes the pods of an object's kind."""
    return is_patch(obj) or _is_in(_STEPS, _group(obj), obj.name.kind)


def _group(obj: KubernetesObject) -> str:
    return obj.api_version.rpartition("/")[0]


def _is_in(table: dict[str, frozenset[str]], group: str, kind: str) -> bool:
    kinds = table.get(group)
    return kinds is not None and (not kinds or kind in kinds)
