"""Of parts of pods, Jobs, quotas, webhooks and schemas: what the API server refuses, and beside it.

A row is a field, an object that a server 1.37 refuses for it, and one that it takes.
"""

from __future__ import annotations

from typing import Final

HOOK: Final = "admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration"
SLICE: Final = "discovery.k8s.io/v1 EndpointSlice"
FLOW: Final = "flowcontrol.apiserver.k8s.io/v1 FlowSchema"
URL: Final = "url: 'https://a.example/b'"
SERVED: Final = "service: {name: a, namespace: b, path: %s}"
TO: Final = "priorityLevelConfiguration: {name: a}"
USER: Final = "subjects: [{kind: User, user: {name: a}}]"
BY: Final = (
    "{metadata: {labels: {a: b}}, spec: {restartPolicy: Never, containers: [{name: c, image: a}]}}"
)


def _pod(spec: str, container: str = "") -> str:
    return f"v1 Pod\nspec: {{{spec}containers: [{{name: c, image: a{container}}}]}}"


def _volume(source: str) -> str:
    return _pod(f"volumes: [{{name: v, {source}}}], ")


def _job(spec: str) -> str:
    return f"batch/v1 Job\nspec: {{{spec}, template: {BY}}}"


def _failing(codes: str, name: str = "c") -> str:
    rule = f"{{action: FailJob, onExitCodes: {{containerName: {name}, {codes}}}}}"
    return _job(f"podFailurePolicy: {{rules: [{rule}]}}")


def _ended(rule: str) -> str:
    spec = "completionMode: Indexed, completions: 5, parallelism: 1"
    return _job(f"{spec}, successPolicy: {{rules: [{{{rule}}}]}}")


def _quota(hard: str) -> str:
    return f"v1 ResourceQuota\nspec: {{hard: {{{hard}}}}}"


def _scoped(values: str) -> str:
    item = f"{{scopeName: PriorityClass, operator: In{values}}}"
    return f"v1 ResourceQuota\nspec: {{scopeSelector: {{matchExpressions: [{item}]}}}}"


def _range(item: str, kind: str = "Container") -> str:
    return f"v1 LimitRange\nspec: {{limits: [{{type: {kind}, {item}}}]}}"


def _hook(
    client: str = URL, more: str = "admissionReviewVersions: [v1]", name: str = "a.b.c"
) -> str:
    item = f"{{name: {name}, sideEffects: None, clientConfig: {{{client}}}, {more}}}"
    return f"{HOOK}\nwebhooks: [{item}]"


def _rule(operations: str) -> str:
    rule = f"{{apiGroups: [''], apiVersions: [v1], resources: [pods], operations: [{operations}]}}"
    return _hook(more=f"admissionReviewVersions: [v1], rules: [{rule}]")


def schema_of(schema: str, more: str = "", column: str = "") -> str:
    inner = f"{{type: object, properties: {{a: {{{schema}}}}}}}"
    version = (
        f"{{name: v1, served: true, storage: true, schema: {{openAPIV3Schema: {inner}}}{column}}}"
    )
    names = "names: {plural: widgets, kind: Widget}"
    spec = f"group: a.example, scope: Cluster, {names}, versions: [{version}]{more}"
    return f"apiextensions.k8s.io/v1 CustomResourceDefinition widgets.a.example\nspec: {{{spec}}}"


def _scale(spec: str, status: str = ".status.replicas") -> str:
    paths = f"specReplicasPath: {spec}, statusReplicasPath: {status}"
    return schema_of("type: string", column=f", subresources: {{scale: {{{paths}}}}}")


def _column(path: str, form: str = "date") -> str:
    column = f"{{name: a, type: string, jsonPath: {path}, format: {form}}}"
    return schema_of("type: string", column=f", additionalPrinterColumns: [{column}]")


def _endpoints(kind: str, address: str) -> str:
    return f"{SLICE}\naddressType: {kind}\nendpoints: [{{addresses: ['{address}']}}]"


def _flow(rule: str, subjects: str = USER) -> str:
    return f"{FLOW}\nspec: {{{TO}, rules: [{{{subjects}, {rule}}}]}}"


def _scaler(name: str, metric: str = "rps") -> str:
    target = "{type: AverageValue, averageValue: 1}"
    used = f"{{name: {name}, container: c, target: {target}}}"
    one = f"{{type: ContainerResource, containerResource: {used}}}"
    two = f"{{type: Pods, pods: {{metric: {{name: {metric}}}, target: {target}}}}}"
    scaled = "maxReplicas: 2, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: a}"
    return f"autoscaling/v2 HorizontalPodAutoscaler\nspec: {{{scaled}, metrics: [{one}, {two}]}}"


def _resources(text: str) -> str:
    return _pod("", f", resources: {{{text}}}")


def _sleep(seconds: int) -> str:
    return _pod("", f", lifecycle: {{preStop: {{sleep: {{seconds: {seconds}}}}}}}")


def _header(name: str) -> str:
    probe = f"livenessProbe: {{httpGet: {{port: 80, httpHeaders: [{{name: {name}, value: a}}]}}}}"
    return _pod("", f", {probe}")


def _divided(resource: str, divisor: str) -> str:
    read = f"resourceFieldRef: {{resource: {resource}, divisor: {divisor}}}"
    return _pod("", f", env: [{{name: A, valueFrom: {{{read}}}}}]")


RULES: Final = "resourceRules: [{apiGroups: [''], resources: [pods], %s}]"
PATHS: Final = "nonResourceRules: [{verbs: [%s], nonResourceURLs: [%s]}]"
PROJECTED: Final = "projected: {sources: [{secret: {name: a, items: [%s]}}]}"
ALWAYS: Final = (
    "spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, "
    "spec: {containers: [{name: c, image: a}]}}}"
)
SECURITY: Final = "pod-security.kubernetes.io/warn-version"
CLASS: Final = (
    "metadata: {name: a, annotations: {kubernetes.io/ingress.class: %s}}\n"
    "spec: {ingressClassName: b, defaultBackend: {service: {name: a, port: {number: 1}}}}"
)
DEBUG: Final = "ephemeralContainers: [{name: d, image: a}], "
OWNED: Final = "metadata: {name: a, ownerReferences: [{apiVersion: v1, kind: A, name: a, uid: %s}]}"
HOST: Final = (
    "hostNetwork: true, initContainers: [{name: i, image: a, securityContext: {windowsOptions: "
    "{hostProcess: %s}}}], "
)
CLAIM: Final = "resources: {claims: [{name: %s}]}"
REFUSED: Final[list[tuple[str, str, str]]] = [
    # pods
    (
        "spec.schedulingGates[1].name",
        _pod("schedulingGates: [{name: a/b}, {name: a/b}], "),
        _pod("schedulingGates: [{name: a/b}, {name: a/c}], "),
    ),
    (
        "spec.containers[0].resources.claims[0].name",
        _pod("resourceClaims: [{name: a, resourceClaimName: b}], ", f", {CLAIM % 'b'}"),
        _pod("resourceClaims: [{name: a, resourceClaimName: b}], ", f", {CLAIM % 'a'}"),
    ),
    (
        "spec.resourceClaims[0]",
        _pod("resourceClaims: [{name: a}], "),
        _pod("resourceClaims: [{name: a, resourceClaimTemplateName: b}], "),
    ),
    ("spec.containers[0].lifecycle.preStop.sleep.seconds", _sleep(31), _sleep(30)),
    (
        "spec.resources.requests.cpu",
        _pod("resources: {requests: {cpu: 1}}, ", ", resources: {requests: {cpu: 1500m}}"),
        _pod("resources: {requests: {cpu: 1}}, ", ", resources: {requests: {cpu: 1000m}}"),
    ),
    (
        "spec.containers[0].resources.limits.memory",
        _pod("resources: {limits: {memory: 1Gi}}, ", ", resources: {limits: {memory: 2Gi}}"),
        _pod("resources: {limits: {memory: 1Gi}}, ", ", resources: {limits: {memory: 1Gi}}"),
    ),
    (
        "spec.containers[0].resources.limits.acme.example/gpu",
        _resources("limits: {acme.example/gpu: 500m}"),
        _resources("limits: {acme.example/gpu: 1000m}"),
    ),
    (
        "spec.containers[0].resources.limits",
        _resources("requests: {acme.example/gpu: 1}"),
        _resources("requests: {acme.example/gpu: 1}, limits: {acme.example/gpu: 1}"),
    ),
    (
        "spec.containers[0].env[0].valueFrom.resourceFieldRef.divisor",
        _divided("limits.cpu", "1Mi"),
        _divided("limits.cpu", "1m"),
    ),
    (
        "spec.containers[0].env[0].valueFrom.resourceFieldRef.divisor",
        _divided("limits.memory", "100m"),
        _divided("limits.memory", "1Mi"),
    ),
    (
        "spec.containers[0].livenessProbe.httpGet.httpHeaders[0].name",
        _header("X_A"),
        _header("X-A"),
    ),
    (
        "spec.securityContext.sysctls[0].name",
        _pod("securityContext: {sysctls: [{name: net..a, value: b}]}, "),
        _pod("securityContext: {sysctls: [{name: net/ipv4.a_b, value: b}]}, "),
    ),
    (
        "spec.dnsConfig.options[0].name",
        _pod("dnsConfig: {options: [{value: a}]}, "),
        _pod("dnsConfig: {options: [{name: a}]}, "),
    ),
    (
        "spec.volumes[0].projected.sources[0].secret.items[1].path",
        _volume(PROJECTED % "{key: a, path: p}, {key: b, path: p}"),
        _volume(PROJECTED % "{key: a, path: p}, {key: a, path: q}"),
    ),
    (
        "spec.volumes[0].downwardAPI.items[0]",
        _volume("downwardAPI: {items: [{path: a}]}"),
        _volume("downwardAPI: {items: [{path: a, fieldRef: {fieldPath: metadata.name}}]}"),
    ),
    (
        "spec.volumes[0].csi.nodePublishSecretRef.name",
        _volume("csi: {driver: a.example, nodePublishSecretRef: {name: A}}"),
        _volume("csi: {driver: A.example, nodePublishSecretRef: {name: a}}"),
    ),
    (
        "spec.volumes[0].azureDisk.diskURI",
        _volume("azureDisk: {diskName: a, kind: Managed, diskURI: 'https://a.example/b'}"),
        _volume("azureDisk: {diskName: a, kind: Managed, diskURI: /subscriptions/a}"),
    ),
    (
        "spec.volumes[0].iscsi.iqn",
        _volume("iscsi: {targetPortal: a, iqn: 'a:b'}"),
        _volume("iscsi: {targetPortal: a, iqn: 'iqn.2001-04.com.example:disk-1'}"),
    ),
    (
        "spec.hostNetwork",
        _pod("", ", securityContext: {windowsOptions: {hostProcess: true}}"),
        _pod("hostNetwork: true, ", ", securityContext: {windowsOptions: {hostProcess: true}}"),
    ),
    (
        "spec.initContainers[0]",
        _pod(HOST % "false", ", securityContext: {windowsOptions: {hostProcess: true}}"),
        _pod(HOST % "true", ", securityContext: {windowsOptions: {hostProcess: true}}"),
    ),
    (
        "spec.containers[0].securityContext.procMount",
        _pod("", ", securityContext: {procMount: Unmasked}"),
        _pod("hostUsers: false, ", ", securityContext: {procMount: Unmasked}"),
    ),
    (
        "spec.template.spec.ephemeralContainers",
        _job("backoffLimit: 0").replace("spec: {restart", f"spec: {{{DEBUG}restart"),
        _job("backoffLimit: 0"),
    ),
    (
        "metadata.ownerReferences[0].uid",
        "v1 ConfigMap\n" + OWNED % "''",
        "v1 ConfigMap\n" + OWNED % "b",
    ),
    # Jobs
    (
        "spec.podFailurePolicy.rules[0].onExitCodes.containerName",
        _failing("operator: In, values: [1]", "d"),
        _failing("operator: In, values: [1]"),
    ),
    (
        "spec.podFailurePolicy.rules[0].onExitCodes.values",
        _failing("operator: In, values: [2, 1]"),
        _failing("operator: NotIn, values: [0, 1]"),
    ),
    (
        "spec.podFailurePolicy.rules[0].onExitCodes.values",
        _failing("operator: In, values: [0]"),
        _failing("operator: In, values: [1]"),
    ),
    (
        "spec.successPolicy.rules[0].succeededIndexes",
        _ended("succeededIndexes: '3,1'"),
        _ended("succeededIndexes: '1,3-4'"),
    ),
    (
        "spec.successPolicy.rules[0].succeededIndexes",
        _ended("succeededIndexes: '0-5'"),
        _ended("succeededIndexes: '0-4'"),
    ),
    (
        "spec.successPolicy.rules[0].succeededCount",
        _ended("succeededIndexes: '0-2', succeededCount: 4"),
        _ended("succeededIndexes: '0-2', succeededCount: 3"),
    ),
    # quotas and limits
    ("spec.hard.pods", _quota("pods: 1500m"), _quota("pods: 2k, requests.cpu: 1500m")),
    ("spec.scopeSelector.matchExpressions[0].values", _scoped(""), _scoped(", values: [high]")),
    (
        "spec.limits[0].defaultRequest.memory",
        _range("min: {memory: 1Gi}, defaultRequest: {memory: 1Mi}"),
        _range("min: {memory: 1Mi}, defaultRequest: {memory: 1024Ki}"),
    ),
    (
        "spec.limits[0].defaultRequest.cpu",
        _range("defaultRequest: {cpu: 2}, max: {cpu: 1}"),
        _range("defaultRequest: {cpu: 1}, max: {cpu: 1}"),
    ),
    (
        "spec.limits[0].maxLimitRequestRatio.cpu",
        _range("min: {cpu: 1}, max: {cpu: 4}, maxLimitRequestRatio: {cpu: 5}"),
        _range("min: {cpu: 1}, max: {cpu: 4}, maxLimitRequestRatio: {cpu: 4}"),
    ),
    (
        "spec.limits[0].max.storage",
        _range("max: {storage: 1Gi}"),
        _range("max: {storage: 1Gi}", "PersistentVolumeClaim"),
    ),
    ("spec.hard.deployments", _quota("deployments: 1"), _quota("count/deployments.apps: 1")),
    (
        "spec.limits[1].type",
        _range("max: {cpu: 1}}, {type: Container, max: {memory: 1}"),
        _range("max: {cpu: 1}}, {type: Pod, max: {memory: 1}"),
    ),
    # names
    (
        "metadata.name",
        _job("backoffLimit: 0").replace("Job\n", f"Job {'a' * 64}\n"),
        _job("backoffLimit: 0").replace("Job\n", f"Job {'a' * 63}\n"),
    ),
    (
        "metadata.name",
        _job("completionMode: Indexed, completions: 11").replace("Job\n", f"Job {'a' * 61}\n"),
        _job("completionMode: Indexed, completions: 10").replace("Job\n", f"Job {'a' * 61}\n"),
    ),
    (
        "metadata.name",
        f"apps/v1 StatefulSet a.b\n{ALWAYS}",
        f"apps/v1 StatefulSet a-b\n{ALWAYS}",
    ),
    (
        "metadata.labels.pod-security.kubernetes.io/warn-version",
        f"v1 Namespace\nmetadata: {{name: a, labels: {{{SECURITY}: '1.30'}}}}",
        f"v1 Namespace\nmetadata: {{name: a, labels: {{{SECURITY}: v1.99}}}}",
    ),
    (
        "metadata.annotations.kubernetes.io/ingress.class",
        f"networking.k8s.io/v1 Ingress\n{CLASS % 'a'}",
        f"networking.k8s.io/v1 Ingress\n{CLASS % 'b'}",
    ),
    (
        "subsets[0]",
        "v1 Endpoints\nsubsets: [{ports: [{port: 1}]}]",
        "v1 Endpoints\nsubsets: [{notReadyAddresses: [{ip: 10.1.2.3}]}]",
    ),
    (
        "spec.ingress[0].ports[0].port",
        (
            "networking.k8s.io/v1 NetworkPolicy\n"
            "spec: {podSelector: {}, ingress: [{ports: [{port: ''}]}]}"
        ),
        (
            "networking.k8s.io/v1 NetworkPolicy\n"
            "spec: {podSelector: {}, ingress: [{ports: [{port: a}]}]}"
        ),
    ),
    # webhooks and definitions
    (
        "webhooks[0].rules[0].resources",
        _rule("CREATE").replace("[pods]", "['*', pods]"),
        _rule("CREATE").replace("[pods]", "['*', pods/exec]"),
    ),
    ("webhooks[0].name", _hook(name="a.b"), _hook()),
    (
        "webhooks[0].admissionReviewVersions",
        _hook(more="admissionReviewVersions: [v2]"),
        _hook(more="admissionReviewVersions: [v2, v1]"),
    ),
    ("webhooks[0].clientConfig.url", _hook("url: 'http://a'"), _hook("url: 'https://a:8443/b'")),
    (
        "webhooks[0].clientConfig.url",
        _hook("url: 'https://u@a/b'"),
        _hook("url: 'HTTPS://a.example'"),
    ),
    (
        "webhooks[0].clientConfig.service.path",
        _hook(SERVED % "/a//b"),
        _hook(SERVED % "/a/b/"),
    ),
    (
        "webhooks[0].clientConfig.caBundle",
        _hook(f"{URL}, caBundle: '?'"),
        _hook(f"{URL}, caBundle: YQ=="),
    ),
    ("webhooks[0].rules[0].operations", _rule("'*', CREATE"), _rule("CREATE, UPDATE")),
    (
        "spec.versions[0].schema.openAPIV3Schema.properties.a.type",
        schema_of("type: text"),
        schema_of("type: string"),
    ),
    (
        "spec.versions[0].schema.openAPIV3Schema.properties.a.type",
        schema_of("description: a"),
        schema_of("x-kubernetes-preserve-unknown-fields: true"),
    ),
    (
        "spec.versions[0].schema.openAPIV3Schema.properties.a.additionalProperties.type",
        schema_of("type: object, additionalProperties: {}"),
        schema_of("type: object, additionalProperties: {x-kubernetes-int-or-string: true}"),
    ),
    (
        "spec.versions[0].schema.openAPIV3Schema.properties.a.items",
        schema_of("type: array"),
        schema_of("type: array, items: {type: string}"),
    ),
    (
        "spec.versions[0].schema.openAPIV3Schema.properties.a.x-kubernetes-list-type",
        schema_of("type: array, items: {type: string}, x-kubernetes-list-type: Set"),
        schema_of("type: array, items: {type: string}, x-kubernetes-list-type: set"),
    ),
    (
        "spec.versions[0].schema.openAPIV3Schema.properties.a.default",
        schema_of("type: integer, maximum: 3, default: 4"),
        schema_of("type: integer, maximum: 3, default: 3"),
    ),
    (
        "spec.versions[0].schema.openAPIV3Schema.properties.a.default",
        schema_of("type: string, enum: [b], default: c"),
        schema_of("type: string, enum: [b], default: b"),
    ),
    (
        "spec.preserveUnknownFields",
        schema_of("type: string", ", preserveUnknownFields: true"),
        schema_of("type: string", ", preserveUnknownFields: false"),
    ),
    (
        "spec.conversion.webhook",
        schema_of("type: string", ", conversion: {strategy: Webhook}"),
        schema_of("type: string", ", conversion: {strategy: None}"),
    ),
    (
        "spec.versions[0].subresources.scale.specReplicasPath",
        _scale(".status.replicas"),
        _scale(".spec.replicas"),
    ),
    (
        "spec.versions[0].additionalPrinterColumns[0].jsonPath",
        _column("metadata.name"),
        _column(".metadata.name"),
    ),
    (
        "spec.versions[0].additionalPrinterColumns[0].format",
        _column(".metadata.name", "time"),
        _column(".metadata.name", "date-time"),
    ),
    # what else
    ("spec.metrics[0].containerResource.name", _scaler("pods"), _scaler("acme.example/gpu")),
    ("spec.metrics[1].pods.metric.name", _scaler("cpu", "a/b"), _scaler("cpu", "A_b")),
    ("endpoints[0].addresses[0]", _endpoints("IPv4", "fd00::1"), _endpoints("IPv6", "fd00::1")),
    ("endpoints[0].addresses[0]", _endpoints("IPv4", "010.0.0.1"), _endpoints("FQDN", "a.example")),
    (
        "ports[1].name",
        f"{SLICE}\naddressType: IPv4\nendpoints: []\nports: [{{port: 1}}, {{port: 2}}]",
        f"{SLICE}\naddressType: IPv4\nendpoints: []\nports: [{{port: 1}}, {{name: a, port: 2}}]",
    ),
    (
        "spec.rules[0].subjects[0].user",
        _flow(PATHS % ("get", "/a"), "subjects: [{kind: User, group: {name: a}}]"),
        _flow(PATHS % ("get", "/a")),
    ),
    (
        "spec.rules[0].resourceRules[0].verbs[0]",
        _flow(RULES % "verbs: [read], namespaces: [a]"),
        _flow(RULES % "verbs: [get], namespaces: ['*']"),
    ),
    (
        "spec.rules[0].resourceRules[0].namespaces",
        _flow(RULES % "verbs: [get]"),
        _flow(RULES % "verbs: [get], clusterScope: true"),
    ),
    (
        "spec.rules[0].nonResourceRules[0].nonResourceURLs[0]",
        _flow(PATHS % ("get", "healthz")),
        _flow(PATHS % ("'*'", "'*'")),
    ),
    (
        "spec.renewTime",
        "coordination.k8s.io/v1 Lease\nspec: {renewTime: '2026-01-31T08:00:00Z'}",
        "coordination.k8s.io/v1 Lease\nspec: {renewTime: '2026-01-31T08:00:00.000000Z'}",
    ),
]


def manifest(row: str) -> str:
    """Return the manifest of a row's object."""
    head, _, rest = row.partition("\n")
    api, kind, *name = head.split()
    named = "" if rest.startswith("metadata") else f"metadata: {{name: {(name or ['a'])[0]}}}\n"
    return f"apiVersion: {api}\nkind: {kind}\n{named}{rest}\n"
