"""Of each kind of value that the API server refuses, one that is found and its near neighbour."""

from __future__ import annotations

from typing import Final

import pytest

from gate.lint.kubernetes.across_all import across
from gate.lint.kubernetes.addresses import network, port_name
from gate.lint.kubernetes.cron import schedule, zoneless
from gate.lint.kubernetes.formats import Format, amount_or_percent, bytes64, data_key, moment
from gate.lint.kubernetes.quantities import amount, written_amount
from gate.lint.kubernetes.schemas import Wrong, faults
from gate.lint.kubernetes.shapes import definition_of, definitions
from gate.lint.kubernetes.values import formats
from gate.lint.kubernetes.zones import zone
from gate.manifests.load import load_manifests
from gate.model.kubernetes import field_path

NET: Final = "networking.k8s.io/v1"
RBAC: Final = "rbac.authorization.k8s.io/v1"
HPA: Final = "maxReplicas: 2, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: a}"


def _pod(spec: str = "", container: str = "") -> tuple[str, str, str]:
    return ("v1", "Pod", f"spec: {{{spec}containers: [{{name: c, image: a{container}}}]}}")


def _spec(kind: str, spec: str, pod: str = "") -> tuple[str, str, str]:
    template = (
        f"template: {{metadata: {{labels: {{a: b}}}}, spec: {{{pod}containers: "
        "[{name: c, image: a}]}}"
    )
    group = "batch/v1" if kind == "Job" else "apps/v1"
    selector = "" if kind == "Job" else "selector: {matchLabels: {a: b}}, "
    return (group, kind, f"spec: {{{spec}{selector}{template}}}")


def _cron(spec: str) -> tuple[str, str, str]:
    pod = "{restartPolicy: Never, containers: [{name: c, image: a}]}"
    job = f"jobTemplate: {{spec: {{template: {{spec: {pod}}}}}}}"
    return ("batch/v1", "CronJob", f"spec: {{{spec}, {job}}}")


def _service(spec: str) -> tuple[str, str, str]:
    return ("v1", "Service", f"spec: {{{spec}}}")


def _ingress(rule: str) -> tuple[str, str, str]:
    return (NET, "Ingress", f"spec: {{rules: [{{{rule}}}]}}")


def _backend(backend: str, path: str = "path: /, pathType: Prefix") -> tuple[str, str, str]:
    return _ingress(f"http: {{paths: [{{{path}, backend: {{{backend}}}}}]}}")


def _policy(peer: str) -> tuple[str, str, str]:
    return (NET, "NetworkPolicy", f"spec: {{podSelector: {{}}, ingress: [{{{peer}}}]}}")


def _scaler(metric: str) -> tuple[str, str, str]:
    return ("autoscaling/v2", "HorizontalPodAutoscaler", f"spec: {{{HPA}, metrics: [{metric}]}}")


def _claim(spec: str) -> tuple[str, str, str]:
    return ("v1", "PersistentVolumeClaim", f"spec: {{{spec}}}")


def _admission(spec: str) -> tuple[str, str, str]:
    group = "admissionregistration.k8s.io/v1"
    return (group, "ValidatingAdmissionPolicy", f"spec: {{{spec}}}")


def _bound(spec: str) -> tuple[str, str, str]:
    group = "admissionregistration.k8s.io/v1"
    rest = f"spec: {{policyName: a, validationActions: [Deny], {spec}}}"
    return (group, "ValidatingAdmissionPolicyBinding", rest)


def _aggregated(priority: int, name: str = "v1.a") -> tuple[str, str, str, str]:
    spec = f"version: v1, groupPriorityMinimum: 1, versionPriority: {priority}"
    rest = f"spec: {{group: a, {spec}}}"
    return ("apiregistration.k8s.io/v1", "APIService", rest, f"name: {name}")


def _crd(
    *versions: str,
    plural: str = "widgets",
    scope: str = "Namespaced",
    schema: str = "{type: object}",
    name: str = "widgets.a.example",
) -> tuple[str, str, str, str]:
    listed = ", ".join(
        f"{{name: {version}, served: true, storage: true, schema: {{openAPIV3Schema: {schema}}}}}"
        for version in versions or ("v1",)
    )
    names = f"names: {{plural: {plural}, kind: Widget}}"
    spec = f"group: a.example, scope: {scope}, {names}, versions: [{listed}]"
    kind = "CustomResourceDefinition"
    return ("apiextensions.k8s.io/v1", kind, f"spec: {{{spec}}}", f"name: {name}")


SECURITY: Final = "pod-security.kubernetes.io/enforce"
RULES: Final = (
    "matchConstraints: {resourceRules: [{apiGroups: [''], apiVersions: [v1], "
    "operations: [CREATE], resources: [pods]}]}"
)
PARAMETERS: Final = "spec: {controller: a.example/b, parameters: {kind: A, name: a"
VOLUME: Final = (
    "capacity: {storage: 1Gi}, accessModes: [ReadOnlyMany], csi: {driver: a, volumeHandle: b}"
)
TERMS: Final = "{nodeSelectorTerms: [{matchExpressions: [{key: a, operator: Exists}]}]}"
SERVICE: Final = "service: {name: a, port: {number: 80}}"
STORAGE: Final = "resources: {requests: {storage: 1Gi}}"
SPREAD: Final = "topologyKey: z, whenUnsatisfiable: DoNotSchedule"
FROM: Final = "{fieldRef: {fieldPath: metadata.name}}"
PROBE: Final = "livenessProbe: {tcpSocket: {port: 1}}"
USED: Final = "{type: Utilization, averageUtilization: 1}"
GROUP: Final = "apiGroup: rbac.authorization.k8s.io"
PAIRS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    # words
    "spec.containers[0].imagePullPolicy": (
        _pod(container=", imagePullPolicy: always"),
        _pod(container=", imagePullPolicy: Always"),
    ),
    "spec.dnsPolicy": (_pod("dnsPolicy: clusterFirst, "), _pod("dnsPolicy: ClusterFirst, ")),
    "spec.accessModes[0]": (
        _claim(f"accessModes: [ReadWrite], {STORAGE}"),
        _claim(f"accessModes: [ReadWriteOnce], {STORAGE}"),
    ),
    "spec.concurrencyPolicy": (
        _cron("schedule: '@daily', concurrencyPolicy: forbid"),
        _cron("schedule: '@daily', concurrencyPolicy: Forbid"),
    ),
    # names
    "spec.containers[0].name": (
        ("v1", "Pod", "spec: {containers: [{name: A_b, image: a}]}"),
        _pod(),
    ),
    "spec.containers[0].env[0].name": (
        _pod(container=", env: [{name: a=b}]"),
        _pod(container=", env: [{name: a.b}]"),
    ),
    "data.a b": (("v1", "ConfigMap", "data: {a b: c}"), ("v1", "ConfigMap", "data: {a.b: c}")),
    "spec.rules[0].host": (_ingress("host: A_b"), _ingress("host: '*.a.example'")),
    "spec.nodeSelector.a b": (_pod("nodeSelector: {a b: c}, "), _pod("nodeSelector: {a/b: c}, ")),
    # numbers
    "spec.containers[0].ports[0].containerPort": (
        _pod(container=", ports: [{containerPort: 70000}]"),
        _pod(container=", ports: [{containerPort: 65535}]"),
    ),
    "spec.replicas": (_spec("Deployment", "replicas: -1, "), _spec("Deployment", "replicas: 0, ")),
    "spec.topologySpreadConstraints[0].maxSkew": (
        _pod(f"topologySpreadConstraints: [{{maxSkew: 0, {SPREAD}}}], "),
        _pod(f"topologySpreadConstraints: [{{maxSkew: 1, {SPREAD}}}], "),
    ),
    "spec.containers[0].livenessProbe.successThreshold": (
        _pod(container=", livenessProbe: {tcpSocket: {port: 1}, successThreshold: 2}"),
        _pod(container=", livenessProbe: {tcpSocket: {port: 1}, successThreshold: 1}"),
    ),
    "spec.securityContext.runAsUser": (
        _pod("securityContext: {runAsUser: -1}, "),
        _pod("securityContext: {runAsUser: 0}, "),
    ),
    # policies, classes and definitions of the cluster
    "spec.matchConstraints.resourceRules": (
        _admission("matchConstraints: {}, validations: [{expression: a}]"),
        _admission(f"{RULES}, validations: [{{expression: a}}]"),
    ),
    "spec.validations[0].reason": (
        _admission(f"{RULES}, validations: [{{expression: a, reason: Wrong}}]"),
        _admission(f"{RULES}, validations: [{{expression: a, reason: Invalid}}]"),
    ),
    "spec.validations": (
        _admission(f"{RULES}, validations: []"),
        _admission(f"{RULES}, auditAnnotations: [{{key: a, valueExpression: b}}]"),
    ),
    "spec.paramRef.parameterNotFoundAction": (
        _bound("paramRef: {name: a}"),
        _bound("paramRef: {name: a, parameterNotFoundAction: Deny}"),
    ),
    "spec.paramRef.name": (
        _bound("paramRef: {name: a, selector: {}, parameterNotFoundAction: Deny}"),
        _bound("paramRef: {selector: {}, parameterNotFoundAction: Deny}"),
    ),
    "aggregationRule.clusterRoleSelectors": (
        (f"{RBAC}", "ClusterRole", "aggregationRule: {clusterRoleSelectors: []}"),
        (f"{RBAC}", "ClusterRole", "aggregationRule: {clusterRoleSelectors: [{}]}"),
    ),
    "spec.names.plural": (_crd(plural="Widgets"), _crd()),
    "spec.versions": (_crd("v1", "v2"), _crd("v1")),
    "spec.versions[0].schema.openAPIV3Schema": (_crd(schema="{}"), _crd()),
    "spec.versions[0].schema.openAPIV3Schema.type": (_crd(schema="{type: string}"), _crd()),
    "spec.scope": (_crd(scope="namespaced"), _crd(scope="Cluster")),
    "spec.fsGroupPolicy": (
        ("storage.k8s.io/v1", "CSIDriver", "spec: {fsGroupPolicy: Files}"),
        ("storage.k8s.io/v1", "CSIDriver", "spec: {fsGroupPolicy: File}"),
    ),
    "spec.tokenRequests[0].expirationSeconds": (
        ("storage.k8s.io/v1", "CSIDriver", "spec: {tokenRequests: [{expirationSeconds: 60}]}"),
        ("storage.k8s.io/v1", "CSIDriver", "spec: {tokenRequests: [{expirationSeconds: 600}]}"),
    ),
    "spec.controller": (
        (NET, "IngressClass", "spec: {controller: nginx}"),
        (NET, "IngressClass", "spec: {controller: k8s.io/ingress-nginx}"),
    ),
    "spec.parameters.namespace": (
        (NET, "IngressClass", f"{PARAMETERS}, namespace: a}}}}"),
        (NET, "IngressClass", f"{PARAMETERS}, scope: Namespace, namespace: a}}}}"),
    ),
    "handler": (
        ("node.k8s.io/v1", "RuntimeClass", "handler: Runsc"),
        ("node.k8s.io/v1", "RuntimeClass", "handler: runsc"),
    ),
    "provisioner": (
        ("storage.k8s.io/v1", "StorageClass", "provisioner: a b"),
        ("storage.k8s.io/v1", "StorageClass", "provisioner: Acme.example/Disk"),
    ),
    "allowedTopologies[0].matchLabelExpressions": (
        ("storage.k8s.io/v1", "StorageClass", "provisioner: a\nallowedTopologies: [{}]"),
        (
            "storage.k8s.io/v1",
            "StorageClass",
            "provisioner: a\nallowedTopologies: [{matchLabelExpressions: [{key: a, values: [b]}]}]",
        ),
    ),
    "spec.limits[0].type": (
        ("v1", "LimitRange", "spec: {limits: [{type: pod}]}"),
        ("v1", "LimitRange", "spec: {limits: [{type: acme.example/thing}]}"),
    ),
    "spec.loadBalancerClass": (
        _service("type: LoadBalancer, loadBalancerClass: A.example/lb, ports: [{port: 1}]"),
        _service("type: LoadBalancer, loadBalancerClass: a.example/lb, ports: [{port: 1}]"),
    ),
    "spec.podFailurePolicy.rules[0]": (
        _spec("Job", "podFailurePolicy: {rules: [{action: Ignore}]}, ", "restartPolicy: Never, "),
        _spec(
            "Job",
            "podFailurePolicy: {rules: [{action: Ignore, onPodConditions: [{type: A, "
            "status: 'True'}]}]}, ",
            "restartPolicy: Never, ",
        ),
    ),
    "spec.defaultBackend.resource.apiGroup": (
        (NET, "Ingress", "spec: {defaultBackend: {resource: {apiGroup: A, kind: B, name: c}}}"),
        (NET, "Ingress", "spec: {defaultBackend: {resource: {apiGroup: a, kind: B, name: c}}}"),
    ),
    "spec.nodeAffinity.required": (
        ("v1", "PersistentVolume", f"spec: {{{VOLUME}, nodeAffinity: {{}}}}"),
        ("v1", "PersistentVolume", f"spec: {{{VOLUME}, nodeAffinity: {{required: {TERMS}}}}}"),
    ),
    "spec.versionPriority": (_aggregated(0), _aggregated(1)),
    # formats
    "spec.schedule": (_cron("schedule: 61 * * * *"), _cron("schedule: 59 * * * *")),
    "spec.timeZone": (
        _cron("schedule: '@daily', timeZone: Nowhere"),
        _cron("schedule: '@daily', timeZone: Etc/UTC"),
    ),
    "spec.ingress[0].from[0].ipBlock.cidr": (
        _policy("from: [{ipBlock: {cidr: 10.0.0.0}}]"),
        _policy("from: [{ipBlock: {cidr: 10.0.0.0/8}}]"),
    ),
    "spec.clusterIP": (
        _service("ports: [{port: 1}], clusterIP: 300.1.1.1"),
        _service("ports: [{port: 1}], clusterIP: None"),
    ),
    "data.a": (("v1", "Secret", "data: {a: '?'}"), ("v1", "Secret", "data: {a: YQ==}")),
    "spec.resources.requests.storage": (
        _claim("accessModes: [ReadWriteOnce], resources: {requests: {storage: 1 Gi}}"),
        _claim(f"accessModes: [ReadWriteOnce], {STORAGE}"),
    ),
    # fields together
    "spec.containers[0].env[0].valueFrom": (
        _pod(container=f", env: [{{name: A, value: b, valueFrom: {FROM}}}]"),
        _pod(container=f", env: [{{name: A, valueFrom: {FROM}}}]"),
    ),
    "spec.containers[0].volumeMounts[0].name": (
        _pod(container=", volumeMounts: [{name: v, mountPath: /v}]"),
        _pod("volumes: [{name: v}], ", ", volumeMounts: [{name: v, mountPath: /v}]"),
    ),
    "spec.containers[0].volumeMounts[0].mountPath": (
        _pod("volumes: [{name: v}], ", ", volumeMounts: [{name: v, mountPath: ''}]"),
        _pod("volumes: [{name: v}], ", ", volumeMounts: [{name: v, mountPath: /}]"),
    ),
    "spec.volumes[1].name": (
        _pod("volumes: [{name: v}, {name: v}], "),
        _pod("volumes: [{name: v}, {name: w}], "),
    ),
    "spec.volumes[0].emptyDir": (
        _pod("volumes: [{name: v, configMap: {name: a}, emptyDir: {}}], "),
        _pod("volumes: [{name: v, emptyDir: {}}], "),
    ),
    "spec.containers[0].readinessProbe": (
        _pod(container=", readinessProbe: {periodSeconds: 1}"),
        _pod(container=", readinessProbe: {exec: {command: [a]}}"),
    ),
    "spec.initContainers[0].livenessProbe": (
        _pod(f"initContainers: [{{name: i, image: a, {PROBE}}}], "),
        _pod(f"initContainers: [{{name: i, image: a, restartPolicy: Always, {PROBE}}}], "),
    ),
    "spec.template.spec.restartPolicy": (
        _spec("Job", ""),
        _spec("Job", "", "restartPolicy: OnFailure, "),
    ),
    "spec.containers[0].resources.requests.cpu": (
        _pod(container=", resources: {requests: {cpu: 2}, limits: {cpu: 1000m}}"),
        _pod(container=", resources: {requests: {cpu: 1}, limits: {cpu: 1000m}}"),
    ),
    "spec.strategy.rollingUpdate.maxUnavailable": (
        _spec("Deployment", "strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 0}}, "),
        _spec("Deployment", "strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 1}}, "),
    ),
    "spec.ports[0].nodePort": (
        _service("ports: [{port: 80, nodePort: 30000}]"),
        _service("type: NodePort, ports: [{port: 80, nodePort: 30000}]"),
    ),
    "spec.ports[0].name": (
        _service("ports: [{port: 1}, {port: 2, name: b}]"),
        _service("ports: [{port: 1, name: a}, {port: 2, name: b}]"),
    ),
    "spec.externalName": (
        _service("type: ExternalName"),
        _service("type: ExternalName, externalName: a.b"),
    ),
    "spec.rules[0].http.paths[0].backend.service.port": (
        _backend("service: {name: a, port: {}}"),
        _backend(SERVICE),
    ),
    "spec.rules[0].http.paths[0].path": (
        _backend(SERVICE, "path: a, pathType: Prefix"),
        _backend(SERVICE),
    ),
    "spec.ingress[0].from[0]": (_policy("from: [{}]"), _policy("from: [{podSelector: {}}]")),
    "spec.metrics[0].resource": (
        _scaler("{type: Resource, pods: {metric: {name: a}, target: {type: Value}}}"),
        _scaler(f"{{type: Resource, resource: {{name: cpu, target: {USED}}}}}"),
    ),
    "spec.maxUnavailable": (
        ("policy/v1", "PodDisruptionBudget", "spec: {minAvailable: 1, maxUnavailable: 1}"),
        ("policy/v1", "PodDisruptionBudget", "spec: {maxUnavailable: 1}"),
    ),
    "roleRef.kind": (
        (RBAC, "ClusterRoleBinding", f"roleRef: {{{GROUP}, kind: Role, name: a}}"),
        (RBAC, "ClusterRoleBinding", f"roleRef: {{{GROUP}, kind: ClusterRole, name: a}}"),
    ),
    "rules[0].apiGroups": (
        (RBAC, "Role", "rules: [{resources: [pods], verbs: [get]}]"),
        (RBAC, "Role", "rules: [{apiGroups: [''], resources: [pods], verbs: [get]}]"),
    ),
    "data": (
        ("v1", "Secret", "type: kubernetes.io/tls\nstringData: {tls.crt: a}"),
        ("v1", "Secret", "type: kubernetes.io/tls\nstringData: {tls.crt: a, tls.key: b}"),
    ),
    "value": (
        ("scheduling.k8s.io/v1", "PriorityClass", "value: 1000000001"),
        ("scheduling.k8s.io/v1", "PriorityClass", "value: 1000000000"),
    ),
}


def _fields(api: str, kind: str, rest: str, metadata: str = "name: a") -> list[str]:
    text = f"apiVersion: {api}\nkind: {kind}\nmetadata: {{{metadata}}}\n{rest}\n"
    (obj,) = load_manifests([("f.yaml", text.encode())]).objects
    definition = definition_of(obj, native=False)
    assert definition is not None
    found = list(faults(obj, definition))
    assert [f.message for f in found if f.wrong in (Wrong.FORM, Wrong.MISSING)] == []
    of_value = (Wrong.UNREADABLE, Wrong.VALUE)
    return [field_path(fault.path) for fault in found if fault.wrong in of_value]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        (_crd(name="widget.a.example"), _crd()),
        (_aggregated(1, "v2.a"), _aggregated(1)),
        (
            ("v1", "Namespace", "", f"name: a, labels: {{{SECURITY}: Restricted}}"),
            ("v1", "Namespace", "", f"name: a, labels: {{{SECURITY}: restricted}}"),
        ),
    ],
)
def test_a_name_and_a_label_that_the_rest_of_the_object_or_its_kind_decides(
    wrong: tuple[str, str, str, str], right: tuple[str, str, str, str]
) -> None:
    assert [field.partition(".")[0] for field in _fields(*wrong)] == ["metadata"]
    assert _fields(*right) == []


@pytest.mark.parametrize("field", PAIRS)
def test_what_the_api_server_refuses_is_found_at_its_field_and_its_neighbour_is_not(
    field: str,
) -> None:
    bad, good = PAIRS[field]
    assert field in _fields(*bad)
    assert _fields(*good) == []


@pytest.mark.parametrize(
    ("field", "most"),
    [("spec.replicas", 2**31 - 1), ("spec.progressDeadlineSeconds", 2**31 - 1)],
)
def test_a_number_that_has_too_many_bits_for_its_field_is_one_finding(
    field: str, most: int
) -> None:
    key = field.partition(".")[2]
    assert _fields(*_spec("Deployment", f"{key}: {most}, ")) == []
    assert _fields(*_spec("Deployment", f"{key}: {most + 1}, ")) == [field]


@pytest.mark.parametrize("wrong", ["true", "80.5"])
def test_a_port_that_is_neither_a_whole_number_nor_text_is_none(wrong: str) -> None:
    probe = f", livenessProbe: {{tcpSocket: {{port: {wrong}}}}}"
    field = "spec.containers[0].livenessProbe.tcpSocket.port"
    assert _fields(*_pod(container=probe)) == [field]
    assert _fields(*_service(f"ports: [{{port: 1, targetPort: {wrong}}}]")) == [
        "spec.ports[0].targetPort"
    ]


def test_a_target_port_of_0_is_the_port_of_the_service() -> None:
    assert _fields(*_service("ports: [{port: 1, targetPort: 0}]")) == []


def test_the_selector_of_a_metric_is_any_text_and_that_of_a_workload_is_labels() -> None:
    selector = "selector: {matchLabels: {a b: c/d}, matchExpressions: [{key: /, operator: is}]}"
    target = "target: {type: AverageValue, averageValue: 1}"
    metric = f"{{type: Pods, pods: {{metric: {{name: a, {selector}}}, {target}}}}}"
    assert _fields(*_scaler(metric)) == []
    budget = ("policy/v1", "PodDisruptionBudget", f"spec: {{maxUnavailable: 1, {selector}}}")
    assert _fields(*budget) == [
        "spec.selector.matchExpressions[0].key",
        "spec.selector.matchExpressions[0].operator",
        "spec.selector.matchLabels.a b",
    ]


def test_a_field_of_64_bits_takes_what_one_of_32_does_not() -> None:
    key = "activeDeadlineSeconds"
    assert _fields(*_spec("Job", "", f"restartPolicy: Never, {key}: {2**31 - 1}, ")) == []
    assert _fields(*_pod(f"terminationGracePeriodSeconds: {2**31}, ")) == []
    assert _fields(*_pod(f"terminationGracePeriodSeconds: {2**63}, ")) == [
        "spec.terminationGracePeriodSeconds"
    ]


@pytest.mark.parametrize(
    ("kind", "api", "name", "fits"),
    [
        ("ConfigMap", "v1", "A_b", False),
        ("ConfigMap", "v1", "a.b-c", True),
        ("Namespace", "v1", "a.b", False),
        ("Namespace", "v1", "a-b", True),
        ("Role", RBAC, "system:a.B", True),
        ("Role", RBAC, "a/b", False),
    ],
)
def test_a_name_is_held_to_what_its_kind_asks(kind: str, api: str, name: str, fits: bool) -> None:  # noqa: FBT001  # a column
    rest = "rules: []" if kind == "Role" else ""
    assert ("metadata.name" not in _fields(api, kind, rest, f"name: {name!r}")) is fits


def test_labels_and_annotations_have_keys_and_values_that_kubernetes_takes() -> None:
    wrong = "name: a, labels: {a b: c, d: e f}, annotations: {g h: i}"
    assert _fields("v1", "ConfigMap", "", wrong) == [
        "metadata.labels.a b", "metadata.labels.d", "metadata.annotations.g h",
    ]  # fmt: skip
    fine = "name: a, labels: {a.b/c: D_e, f: ''}, annotations: {A.b/G: 'any thing'}"
    assert _fields("v1", "ConfigMap", "", fine) == []


@pytest.mark.parametrize(
    ("format_", "value", "fits"),
    [
        (moment, "2026-01-31T08:00:00Z", True),
        (moment, "2026-01-31T08:00:00.123456789+01:00", True),
        (moment, "2026-01-31", False),
        (moment, "2026-01-31T08:00:00", False),
        (moment, "2026-13-31T08:00:00Z", False),
        (moment, "2026-01-31t08:00:00z", False),
        (amount_or_percent, 2**31 - 1, True),
        (amount_or_percent, 2**31, False),
        (schedule, "0 8-18/2 * * MON-FRI", True),
        (schedule, "@every 1h30m", True),
        (schedule, "@fortnightly", False),
        (schedule, "* * * *", False),
        (schedule, "*/0 * * * *", False),
        (schedule, "5-1 * * * *", False),
        (schedule, "TZ=UTC 0 0 * * *", True),
        (schedule, "TZ=UTC 61 0 * * *", False),
        (zoneless, "CRON_TZ=UTC 0 0 * * *", False),
        (zoneless, "0 0 * * *", True),
        (schedule, "0 0 ? * 7", False),
        (zone, "Europe/Paris", True),
        (zone, "europe/paris", False),
        (written_amount, "1e3", True),
        (written_amount, "1.5Gi", True),
        (written_amount, "-1", True),
        (written_amount, "1gb", False),
        (written_amount, ".", False),
        (amount, "0", True),
        (amount, "-1", False),
        (network, "2001:db8::/32", True),
        (network, "10.0.0.0/33", False),
        (network, "010.0.0.0/8", True),
        (port_name, "http-2", True),
        (port_name, "80", False),
        (port_name, "a" * 16, False),
        (bytes64, "YQ=\n=", True),
        (bytes64, "YQ", False),
        (data_key, "..", False),
        (data_key, ".a", True),
    ],
)
def test_a_format_takes_what_kubernetes_takes(format_: Format, value: object, fits: bool) -> None:  # noqa: FBT001  # a column
    assert (format_(value) is None) is fits


def test_each_rule_about_a_value_names_a_definition_and_a_field_that_exist() -> None:
    fields = {name: known.fields for name, known in definitions().items()}
    assert [name for name in across() if name not in fields] == []
    named = [(name, *name.partition(".")[::2]) for name in formats()]
    assert [name for name, of, field in named if field not in fields.get(of, ())] == []
