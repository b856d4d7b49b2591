"""Where the meaning of a rule has an edge: manifests on both sides of it."""

from __future__ import annotations

import json
from typing import Final

import pytest

from gate.lint.settings import lint_settings
from gate.manifests.load import load_manifests
from gate.policy.manifests import ManifestsSection
from gate.policy.profile import Profile
from tests.fakes.linted import linted

ALL: Final = ManifestsSection.model_validate({"profile": Profile.ALL.value, "complete": True})
POD: Final = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: shop, labels: {app: a}}\n"
ROLE: Final = (
    "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: r}\nrules: "
)
NET: Final = "networking.k8s.io/v1"
RBAC: Final = "rbac.authorization.k8s.io"
NGINX: Final = "nginx.ingress.kubernetes.io"
SPREAD: Final = "topologySpreadConstraints: [{labelSelector: {matchLabels: {app: a}}, "


def _rules(text: str) -> set[str]:
    manifests = load_manifests([("f.yaml", text.encode())])
    assert not manifests.findings
    return {
        r for f in linted(manifests.objects, lint_settings(ALL)).findings for r in (f.rule, *f.also)
    }


def _pod(spec: str, container: str = "image: a") -> str:
    return f"{POD}spec: {{{spec}containers: [{{name: c, {container}}}]}}\n"


def _image(image: str) -> str:
    return _pod("", f"image: {image}")


def _env(value: str) -> str:
    return _pod("", f"env: [{{name: A, value: {value}}}]")


def _hook(key: str, port: str) -> str:
    hook = f"lifecycle: {{{key}: {{httpGet: {{port: {port}}}}}}}"
    return _pod("", f"ports: [{{name: http, containerPort: 80}}], {hook}")


def _role(groups: str, resources: str, verbs: str) -> str:
    rule = f"resources: [{resources}], verbs: [{verbs}]"
    return f"{ROLE}[{{{groups and f'apiGroups: [{groups}], '}{rule}}}]\n"


def _cilium(kind: str, spec: str) -> str:
    head = f"---\napiVersion: cilium.io/v2\nkind: {kind}\nmetadata: {{name: p, namespace: shop}}\n"
    return f"{_pod('')}{head}spec: {{{spec}}}\n"


def _object(api: str, kind: str, rest: str) -> str:
    return f"apiVersion: {api}\nkind: {kind}\nmetadata: {{name: a, namespace: shop}}\n{rest}\n"


def _policy(spec: str) -> str:
    return "---\n" + _object(NET, "NetworkPolicy", f"spec: {{podSelector: {{}}, {spec}}}")


def _namespaced(groups: str, resources: str, verbs: str) -> str:
    return _role(groups, resources, verbs).replace("ClusterRole", "Role")


def _bound(kind: str, role: str, subject: str, role_kind: str = "ClusterRole") -> str:
    rest = f"roleRef: {{kind: {role_kind}, name: {role}}}\nsubjects: [{{{subject}}}]"
    return _object(f"{RBAC}/v1", kind, rest)


def _volume(spec: str) -> str:
    return _object("v1", "PersistentVolume", f"spec: {spec}")


def _leading(host: str) -> str:
    spec = f"spec: {{type: ExternalName, externalName: {host}}}"
    return _object("v1", "Service", spec)


def _naming(role: str, name: str) -> str:
    return role.replace("verbs:", f"resourceNames: ['{name}'], verbs:")


def _of_nginx(kind: str, spec: str) -> str:
    head = f"apiVersion: k8s.nginx.org/v1\nkind: {kind}\nmetadata: {{name: a}}\n"
    return f"{head}spec: {{host: a.example, {spec}}}\n"


def _annotated(key: str, value: str) -> str:
    metadata = f"metadata: {{name: a, annotations: {{{key}: {json.dumps(value)}}}}}"
    return f"apiVersion: {NET}\nkind: Ingress\n{metadata}\nspec: {{}}\n"


def _init(container: str) -> str:
    return f"{POD}spec: {{initContainers: [{{name: i, {container}}}]}}\n"


def _ephemeral(container: str) -> str:
    return f"{POD}spec: {{ephemeralContainers: [{{name: e, {container}}}]}}\n"


UNAVAILABLE: Final = "spec: {maxUnavailable: -1, selector: {}}"
ALL_NAMESPACES: Final = "CiliumClusterwideNetworkPolicy"
ONE_NAMESPACE: Final = "CiliumNetworkPolicy"


def _noted(text: str) -> str:
    note = f"annotations: {{note: '{text}'}}"
    template = f"{{metadata: {{{note}}}, spec: {{containers: [{{name: c, image: a}}]}}}}"
    return _object("apps/v1", "Deployment", f"spec: {{template: {template}}}")


def _shop(spec: str, kind: str = "Broker") -> str:
    return _object("ops.example.org/v1", kind, f"spec: {{{spec}}}")


TOKEN: Final = "ghp_" + "aB3d" * 9
FIRES: Final[list[tuple[str, str]]] = [
    ("deprecated-service-account-field", _pod("serviceAccount: a, ")),
    ("deprecated-service-account-field", _pod("serviceAccount: a, serviceAccountName: b, ")),
    ("default-service-account", _pod("")),
    ("dangling-service", _object("v1", "Service", "spec: {selector: {app: none}}")),
    ("exposed-services", _object("v1", "Service", "spec: {type: NodePort}")),
    ("docker-sock", _pod("volumes: [{name: v, hostPath: {path: /var/run/docker.sock}}], ")),
    ("docker-sock", _pod("volumes: [{name: v, hostPath: {path: /run/containerd/}}], ")),
    ("env-var-secret", _env("AKIAABCDEFGHIJKLMNOP")),
    ("env-var-secret", _env("bearer abc123def")),
    ("env-var-secret", _env("'-----BEGIN OPENSSH PRIVATE KEY-----'")),
    ("env-var-secret", _pod("", "env: [{name: AZURE_BATCH_KEY, value: abcdefg}]")),
    ("image-digest-required", _image(f"a@sha256:{'0' * 63}")),
    ("invalid-target-ports", _pod("", "ports: [{name: a, containerPort: 1}, {name: a}]")),
    ("non-isolated-pod", _pod("")),
    ("non-isolated-pod", _cilium(ONE_NAMESPACE, "endpointSelector: {}")),
    ("non-isolated-pod", _cilium(ALL_NAMESPACES, "nodeSelector: {}, ingress: []")),
    ("non-isolated-pod", _cilium(ALL_NAMESPACES, "endpointSelector: {}, egress: []")),
    ("non-isolated-pod", _pod("") + _policy("policyTypes: [Egress]")),
    ("root-group", _pod("securityContext: {runAsUser: 10001}, ")),
    ("rbac-workload-change", _role('""', "pods", '"*"')),
    ("rbac-bind-escalate", _namespaced(RBAC, "clusterroles", "bind")),
    ("rbac-namespaces", _namespaced('""', "namespaces", "patch")),
    ("role-grants-nothing", _namespaced('""', "nodes/proxy", "get")),
    ("admin-role-binding", _bound("RoleBinding", "edit", "kind: ServiceAccount, name: a")),
    ("persistent-volume-host-path", _volume("{local: {path: /etc/kubernetes}}")),
    ("persistent-volume-host-path", _volume("{local: {path: /var/run/docker.sock}}")),
    ("external-name-inside", _leading("127.0.0.1")),
    ("external-name-inside", _leading("app.localhost")),
    ("external-name-inside", _leading("169.254.169.254")),
    ("external-name-inside", _leading("Metadata.Google.Internal.")),
    ("external-name-inside", _leading("kubernetes.default.svc.cluster.local")),
    ("external-name-inside", _leading("kubernetes.default")),
    ("external-name-inside", _leading("169-254-169-254.sslip.io")),
    ("external-name-inside", _leading("app.127.0.0.1.nip.io")),
    ("ingress-snippet-annotation", _of_nginx("VirtualServer", "server-snippets: a")),
    (
        "ingress-snippet-annotation",
        _of_nginx("VirtualServerRoute", "subroutes: [{path: /a, location-snippets: b}]"),
    ),
    (
        "ingress-snippet-annotation",
        (
            "apiVersion: gateway.nginx.org/v1alpha1\nkind: SnippetsFilter\nmetadata: {name: a}\n"
            "spec: {snippets: [{context: http, value: a}]}\n"
        ),
    ),
    (
        "ingress-snippet-annotation",
        (
            "apiVersion: v1\nkind: Service\n"
            "metadata: {name: a, annotations: {haproxy.org/backend-config-snippet: b}}\n"
        ),
    ),
    ("rbac-impersonate", _role("authentication.k8s.io", "userextras/scopes", "impersonate")),
    ("rbac-impersonate", _role("authentication.k8s.io", "users", "'impersonate:user-info'")),
    ("rbac-impersonate", _naming(_role('""', "groups", "impersonate"), "system:masters")),
    ("rbac-workload-change", _role("argoproj.io", "rollouts", "patch")),
    ("ingress-snippet-annotation", _annotated("nginx.org/location-snippets", "a")),
    ("ingress-snippet-annotation", _annotated("haproxy-ingress.github.io/config-backend", "a")),
    ("ingress-annotation-injection", _annotated(f"{NGINX}/proxy-redirect-from", "a;")),
    ("rbac-nodes", _role('""', "nodes/status", "patch")),
    ("rbac-nodes", _role('""', "nodes", "delete")),
    ("rbac-admission-policies", _role("kyverno.io", "policyexceptions", "create")),
    ("rbac-admission-policies", _role("templates.gatekeeper.sh", "constrainttemplates", "delete")),
    ("admin-role-binding", _bound("ClusterRoleBinding", "system:node", "kind: Group, name: a")),
    (
        "admin-role-binding",
        _bound("RoleBinding", "system:controller:job-controller", "kind: ServiceAccount, name: a"),
    ),
    ("lifecycle-port", _hook("preStop", "web")),
    ("container-secret", _pod("", "command: [sh, -c, 'DB_PASSWORD=hunter2 ./run']")),
    ("container-secret", _pod("", "command: [sh, -c, \"export API_TOKEN='hunter2'; ./run\"]")),
    ("container-secret", _pod("", "args: ['env ADMIN_PASSWORD=\"hunter 2\" ./run']")),
    ("secret-in-field", _noted(TOKEN)),
    ("secret-in-field", _pod("").replace("name: a", f"name: a, annotations: {{b: {TOKEN}}}", 1)),
    ("secret-in-field", _shop(f"values: {{env: [{{name: A, value: {TOKEN}}}]}}")),
    ("secret-in-field", _shop("url: 'https://robot:hunter2@git.example/a'")),
    ("secret-in-field", _shop("auth: {adminPassword: hunter2}")),
    ("secret-in-field", _shop("parameters: [{name: db.password, value: hunter2}]")),
    (
        "secret-in-field",
        _object("v1", "PersistentVolume", "spec: {csi: {volumeAttributes: {password: hunter2}}}"),
    ),
    ("env-var-secret", _pod("", "env: [{name: DB_PASS, value: hunter2}]")),
    ("ingress-annotation-injection", _annotated(f"{NGINX}/mirror-target", "a;\n\n}")),
    ("ingress-annotation-injection", _annotated(f"{NGINX}/auth-tls-match-cn", "CN=a}")),
    ("ingress-annotation-injection", _annotated(f"{NGINX}/proxy-body-size", "1m;\n\n}")),
    ("given-up-component", _image("bitnamilegacy/redis:7.2")),
    ("given-up-component", _image("index.docker.io/bitnamilegacy/redis:7.2")),
    ("given-up-component", _image("gcr.io/kubebuilder/kube-rbac-proxy:v0.13.1")),
    ("no-liveness-probe", _init("restartPolicy: Always, image: a")),
    ("network-policy-allow-all", _policy("egress: [{to: [{ipBlock: {cidr: 10.0.0.0/0}}]}]")),
    (
        "non-isolated-pod",
        _cilium(ONE_NAMESPACE, "endpointSelector: {matchLabels: {app: b}}, ingress: []"),
    ),
    ("topology-spread-constraint", _pod(f"{SPREAD}maxSkew: 1}}], ")),
    (
        "topology-spread-constraint",
        _pod(f"{SPREAD}maxSkew: 0, topologyKey: z, whenUnsatisfiable: DoNotSchedule}}], "),
    ),
    ("access-to-create-pods", _role('""', "pods", "create")),
    ("access-to-create-pods", _role("apps", "deployments", "create")),
    ("access-to-create-pods", _role('"*"', "jobs", "create")),
    ("access-to-create-pods", _role("", "pods", "create")),
    ("rbac-approve-csr", _role('""', "certificatesigningrequests/approval", "update")),
    ("rbac-approve-csr", _role('""', "certificatesigningrequests/approval", '"*"')),
    ("known-vulnerable-component", _pod("serviceAccountName: kubernetes-dashboard, ")),
    ("configmap-secret", _object("v1", "ConfigMap", "data: {db_pwd: abc}")),
    ("configmap-secret", _object("v1", "ConfigMap", "data: {env: 'REDIS_PASSWORD=abcd1234'}")),
    ("configmap-secret", _object("v1", "ConfigMap", "data: {config: 'DB_PASSWORD:supersecret'}")),
    ("network-policy-allow-all", _object(NET, "NetworkPolicy", "spec: {ingress: [{from: [{}]}]}")),
    ("known-vulnerable-component", _pod("").replace("name: a,", "name: tiller-deploy,")),
    ("pdb-max-unavailable", _object("policy/v1", "PodDisruptionBudget", UNAVAILABLE)),
    ("access-to-secrets", _role('""', "secrets", "deletecollection")),
    ("ssh-port", "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {ports: [{port: 22}]}"),
]
PASSES: Final[list[tuple[str, str]]] = [
    ("dangling-service", _object("v1", "Service", "spec: {clusterIP: None, ports: []}")),
    ("non-isolated-pod", _pod("") + _policy("policyTypes: [Ingress, Egress]")),
    ("non-isolated-pod", _pod("") + _policy("policyTypes: [Egress]") + _policy("egress: []")),
    ("root-group", _pod("securityContext: {runAsUser: 10001, runAsGroup: 10001}, ")),
    ("root-group", _pod("os: {name: windows}, securityContext: {runAsUser: 10001}, ")),
    ("no-read-only-root-fs", _pod("os: {name: windows}, ")),
    ("no-read-only-root-fs", _pod("nodeSelector: {kubernetes.io/os: windows}, ")),
    ("low-user-id", _pod("os: {name: windows}, ")),
    (
        "run-as-non-root",
        _pod("os: {name: windows}, securityContext: {windowsOptions: {runAsUserName: me}}, "),
    ),
    ("rbac-nodes-proxy", _namespaced('""', "nodes/proxy", "get")),
    ("rbac-impersonate", _namespaced('""', "users", "impersonate")),
    ("rbac-admission-webhooks", _namespaced('"*"', "validatingwebhookconfigurations", "update")),
    ("rbac-api-services", _namespaced('"*"', "apiservices", "update")),
    ("role-grants-nothing", _namespaced(RBAC, "clusterroles", "bind")),
    ("role-grants-nothing", _namespaced("example.com", "nodes", "get")),
    ("role-grants-nothing", _namespaced('""', "namespaces", "patch")),
    ("admin-role-binding", _bound("RoleBinding", "edit", "kind: Group, name: developers")),
    ("admin-role-binding", _bound("RoleBinding", "edit", "kind: ServiceAccount, name: a", "Role")),
    ("external-name-inside", _leading("localhost.example.com")),
    ("external-name-inside", _leading("10.0.0.7")),
    ("external-name-inside", _leading("10.0.0.7.nip.io")),
    ("ingress-snippet-annotation", _of_nginx("VirtualServer", "routes: [{path: /snippets}]")),
    ("rbac-impersonate", _naming(_role('""', "users", "impersonate"), "alice")),
    ("rbac-create-token", _naming(_role('""', "serviceaccounts/token", "create"), "vault")),
    ("rbac-workload-change", _role("acme.example", "rollouts", "patch")),
    ("external-name-inside", _leading("kubernetes.default.example.com")),
    ("external-name-inside", _leading("db.shop.svc.cluster.local")),
    ("ingress-snippet-annotation", _annotated("haproxy-ingress.github.io/config-defaults", "a")),
    ("rbac-nodes", _role('""', "nodes", "watch")),
    ("rbac-nodes", _role('""', "nodes/proxy", "update")),
    ("rbac-nodes", _namespaced('""', "nodes", "patch")),
    ("rbac-admission-policies", _role("example.com", "policies", "create")),
    ("rbac-admission-policies", _role("kyverno.io", "clusterpolicies", "get")),
    (
        "admin-role-binding",
        _bound("ClusterRoleBinding", "system:basic-user", "kind: Group, name: a"),
    ),
    ("lifecycle-port", _hook("preStop", "http")),
    ("container-secret", _pod("", "command: [sh, -c, 'DB_PASSWORD=$(cat /a) ./run']")),
    ("container-secret", _pod("", "command: [sh, -c, 'DB_PASSWORD=\"$1\" TOKEN=$A ./run']")),
    ("container-secret", _pod("", "command: [sh, -c, 'PASSWORD_FILE=/run/a TOKEN=/b ./run']")),
    ("container-secret", _pod("", "command: [sh, -c, 'MAX_TOKENS=4096 USE_TOKEN=maybe ./run']")),
    ("secret-in-field", _pod("", f"env: [{{name: A, value: {TOKEN}}}]")),
    ("secret-in-field", _shop("url: 'https://git.example/a', token: shop-token")),
    ("secret-in-field", _shop("auth: {passwordSecret: shop, passwordKey: password}")),
    ("secret-in-field", _shop("remoteRef: {key: db, property: password}, password: DB_PASSWORD")),
    ("secret-in-field", _shop("auth: {adminPassword: '${ADMIN_PASSWORD}'}")),
    ("secret-in-field", _shop("encryptedData: {password: AgBy3i4OJSWK}", "SealedSecret")),
    ("secret-in-field", _object("v1", "ConfigMap", f"data: {{a: {TOKEN}}}")),
    ("env-var-secret", _pod("", "env: [{name: PROXY_PASS, value: backend}]")),
    ("ingress-snippet-annotation", _annotated("example.com/my-snippets", "a")),
    ("ingress-annotation-injection", _annotated(f"{NGINX}/rewrite-target", "/a{1,3}/$1")),
    ("ingress-annotation-injection", _annotated(f"{NGINX}/proxy-cookie-path", "/ /; secure")),
    ("ingress-annotation-injection", _annotated("example.com/auth-url", "a;}")),
    ("given-up-component", _image("bitnami/redis:7.2")),
    ("given-up-component", _image("r.example/bitnamilegacy/redis:7.2")),
    ("unset-memory-requirements", _pod("resources: {limits: {memory: 1Gi}}, ")),
    ("unset-cpu-requirements", _pod("resources: {requests: {cpu: 1}}, ")),
    ("unset-ephemeral-storage", _ephemeral("image: a")),
    ("unset-resources", _ephemeral("image: a")),
    ("no-liveness-probe", _init("image: a")),
    ("deprecated-service-account-field", _pod("serviceAccount: a, serviceAccountName: a, ")),
    ("docker-sock", _pod("volumes: [{name: v, hostPath: {path: /run/docker-data}}], ")),
    ("env-var-secret", _env("bearer")),
    ("default-service-account", _pod("automountServiceAccountToken: false, ")),
    ("dangling-service", _object("serving.knative.dev/v1", "Service", "spec: {template: {}}")),
    ("exposed-services", _object("example.com/v1", "Service", "spec: {type: NodePort}")),
    ("image-digest-required", _image(f"a@sha512:{'0' * 128}")),
    ("image-digest-required", _image(f"a@blake3:{'0' * 64}")),
    ("invalid-target-ports", _pod("", "ports: [{name: a, containerPort: 1}, {containerPort: 2}]")),
    ("non-isolated-pod", _cilium(ALL_NAMESPACES, "endpointSelector: {}, ingress: []")),
    (
        "non-isolated-pod",
        _cilium(ONE_NAMESPACE, "endpointSelector: {matchLabels: {'k8s:app': a}}, ingress: []"),
    ),
    ("topology-spread-constraint", _pod("")),
    ("access-to-create-pods", _role("rbac.authorization.k8s.io", "pods", "create")),
    ("access-to-create-pods", _role("storage.k8s.io", '"*"', "create")),
    ("rbac-admission-webhooks", _role('""', '"*"', "update")),
    ("configmap-secret", _object("v1", "ConfigMap", "data: {cpwd1: abc}")),
    ("configmap-secret", _object("v1", "ConfigMap", "data: {env: 'A_PASSWORD='}")),
    ("configmap-secret", _object("v1", "ConfigMap", "data: {env: 'A_PASSWORD=${A_PASSWORD}'}")),
    ("configmap-secret", _object("v1", "ConfigMap", "data: {env: 'A_PASSWORD={{ .Values.a }}'}")),
    ("configmap-secret", _object("v1", "ConfigMap", "data: {env: 'A_PASSWORD=\"$(< a)\"'}")),
    ("configmap-secret", _object("v1", "ConfigMap", "data: {env: 'A_PASSWORD_FILE=/run/a'}")),
    ("known-vulnerable-component", _pod("").replace("name: a,", "name: distiller,")),
    ("rbac-persistent-volumes", _role("storage.k8s.io", "persistentvolumes", "create")),
]


def _ids(case: object) -> str:
    return case if isinstance(case, str) and "\n" not in case else ""


@pytest.mark.parametrize(("rule", "text"), FIRES, ids=_ids)
def test_the_rule_fires_on_this_side_of_its_edge(rule: str, text: str) -> None:
    assert rule in _rules(text)


@pytest.mark.parametrize(("rule", "text"), PASSES, ids=_ids)
def test_the_rule_passes_on_the_other_side_of_its_edge(rule: str, text: str) -> None:
    assert rule not in _rules(text)


def test_a_binding_gives_what_any_role_of_its_name_gives() -> None:
    harmless, creating = _role('""', "pods", "get"), _role('""', "pods", "create")
    binding = (
        "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\n"
        "metadata: {name: b}\nroleRef: {kind: ClusterRole, name: r}\n"
    )
    text = f"{harmless}---\n{creating}{binding}"
    found = linted(load_manifests([("f.yaml", text.encode())]).objects, lint_settings(ALL)).findings
    kinds = [f.object.kind for f in found if f.object and f.rule == "access-to-create-pods"]
    assert kinds == ["ClusterRoleBinding"]


def test_a_secret_in_a_manifest_is_shown_at_what_is_secret_by_its_name() -> None:
    text = _object("v1", "Secret", "stringData: {url: a, password: b}")
    found = linted(load_manifests([("f.yaml", text.encode())]).objects, lint_settings(ALL)).findings
    assert [f.field for f in found if f.rule == "secret-in-manifest"] == ["stringData.password"]


@pytest.mark.parametrize(
    ("spec", "container", "rule"),
    [
        ("hostNetwork: on, ", "image: a", "host-network"),
        ("hostNetwork: 'on', ", "image: a", "schema-validation"),
        ("", "securityContext: {privileged: y}", "privileged-container"),
        ("", "securityContext: {privileged: 'yes'}", "schema-validation"),
        ("", "securityContext: {runAsUser: 0o0}", "run-as-root-user"),
        ("", "securityContext: {runAsUser: 00}", "run-as-root-user"),
    ],
)
def test_r254_a_word_that_parsers_read_differently_is_found_as_what_kubernetes_reads(
    spec: str, container: str, rule: str
) -> None:
    assert rule in _rules(_pod(spec, container))


@pytest.mark.parametrize("field", ["Image: a", "IMAGE: a", "image: a, Image: b", "other: 1"])
def test_r258_a_field_in_another_case_or_without_a_meaning_is_reported(field: str) -> None:
    assert "schema-validation" in _rules(_pod("", field))


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ('{{hub fromConfigMap "" "a" "ca.crt" | base64enc hub}}', False),
        ("aHVudGVyMg==", True),
        ("{{ a }} hunter2 {{ b }}", True),
    ],
)
def test_what_the_cluster_computes_is_no_secret_in_a_manifest(value: str, *, found: bool) -> None:
    text = f"apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\ndata: {{password: '{value}'}}\n"
    objects = load_manifests([("f", text.encode())]).objects
    rules = {f.rule for f in linted(objects, lint_settings(ManifestsSection())).findings}
    assert ("secret-in-manifest" in rules) is found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("kind: Namespace\nmetadata: {name: a, labels: {istio-injection: enabled}}", True),
        ("kind: Namespace\nmetadata: {name: a, labels: {istio-injection: disabled}}", False),
        ("kind: Namespace\nmetadata: {name: a, annotations: {linkerd.io/inject: ingress}}", True),
        ("kind: Pod\nmetadata: {name: a, annotations: {dapr.io/enabled: 'true'}}", True),
        ("kind: Pod\nmetadata: {name: a, annotations: {dapr.io/enabled: 'false'}}", False),
        ("kind: Service\nmetadata: {name: a, labels: {istio-injection: enabled}}", False),
    ],
)
def test_containers_that_are_asked_for_inside_the_cluster_are_said(
    text: str, *, found: bool
) -> None:
    manifest = f"apiVersion: v1\n{text}\nspec: {{containers: [{{name: c, image: i}}]}}\n"
    assert ("containers-injected" in _rules(manifest)) is found
