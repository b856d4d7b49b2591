"""For each rule, a manifest on which it fires, and one that differs little and passes."""

from __future__ import annotations

from typing import Final

import pytest

from gate.explain.rules import list_rules
from gate.lint.rule import Scope
from gate.lint.settings import lint_settings
from gate.manifests.load import load_manifests
from gate.policy.manifests import ManifestsSection
from gate.policy.profile import Profile
from tests.fakes.linted import linted


def _pod(pod: str = "", container: str = "", kind: str = "Pod") -> str:
    return (
        f"apiVersion: v1\nkind: {kind}\nmetadata: {{name: a}}\n"
        f"spec: {{{pod}{', ' if pod else ''}containers: [{{name: c{', ' if container else ''}"
        f"{container}}}]}}\n"
    )


def _container(text: str) -> str:
    return _pod(container=text)


def _secure(text: str) -> str:
    return _container(f"securityContext: {{{text}}}")


def _deployment(spec: str = "", pod: str = "", container: str = "") -> str:
    return (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, namespace: shop}\n"
        f"spec: {{{spec}{', ' if spec else ''}selector: {{matchLabels: {{app: a}}}},"
        " template: {metadata: {labels: {app: a}},"
        f" spec: {{{pod}{', ' if pod else ''}containers: [{{name: c{', ' if container else ''}"
        f"{container}}}]}}}}}}\n"
    )


def _object(
    kind: str, rest: str, metadata: str = "name: a, namespace: shop", api: str = "v1"
) -> str:
    return f"apiVersion: {api}\nkind: {kind}\nmetadata: {{{metadata}}}\n{rest}\n"


def _role(rule: str) -> str:
    return _object("ClusterRole", f"rules: [{{{rule}}}]", "name: r", RBAC)


def _grant(resources: str, verbs: str, group: str = '""') -> str:
    return _role(f"apiGroups: [{group}], resources: [{resources}], verbs: [{verbs}]")


def _binding(subject: str, role: str = "view") -> str:
    rest = f"roleRef: {{kind: ClusterRole, name: {role}}}\nsubjects: [{{{subject}}}]"
    return _object("ClusterRoleBinding", rest, "name: b", RBAC)


def _mounted(path: str, mount: str = "mountPath: /m, readOnly: true") -> str:
    pod = f"volumes: [{{name: v, hostPath: {{path: {path}}}}}]"
    return _pod(pod, f"volumeMounts: [{{name: v, {mount}}}]")


def _service(spec: str, name: str = "s") -> str:
    return _object("Service", f"spec: {{{spec}}}", f"name: {name}, namespace: shop")


RBAC: Final = "rbac.authorization.k8s.io/v1"
NET: Final = "networking.k8s.io/v1"
PORT: Final = "ports: [{containerPort: 80, name: http}]"
ISOLATED: Final = _object("NetworkPolicy", "spec: {podSelector: {}}", api=NET)
INGRESS: Final = "rules: [{host: a.example, http: {paths: [{backend: {service: {name: s, port: "
HPA: Final = _object(
    "HorizontalPodAutoscaler",
    "spec: {minReplicas: 3, maxReplicas: 5, scaleTargetRef: {kind: Deployment, name: a}}",
    api="autoscaling/v2",
)
SPREAD: Final = (
    "maxSkew: 1, topologyKey: z, whenUnsatisfiable: DoNotSchedule,"
    " labelSelector: {matchLabels: {app: a}}"
)
PDB: Final = "spec: {selector: {matchLabels: {app: a}}, unhealthyPodEvictionPolicy: AlwaysAllow, "

CASES: Final[dict[str, tuple[str, str]]] = {
    "privileged-container": (_secure("privileged: true"), _secure("privileged: false")),
    "host-network": (_pod("hostNetwork: true"), _pod("hostNetwork: false")),
    "host-pid": (_pod("hostPID: true"), _pod("hostPID: false")),
    "host-ipc": (_pod("hostIPC: true"), _pod("hostIPC: false")),
    "host-port": (
        _container("ports: [{containerPort: 80, hostPort: 80}]"),
        _container("ports: [{containerPort: 80, hostPort: 0}]"),
    ),
    "host-path-volume": (_mounted("/data"), _pod("volumes: [{name: v, emptyDir: {}}]")),
    "sensitive-host-mounts": (_mounted("/data/../etc/kubernetes"), _mounted("/etcetera")),
    "writable-host-mount": (_mounted("/data", "mountPath: /m"), _mounted("/data")),
    "docker-sock": (_mounted("/var/run/docker.sock"), _mounted("/var/run/docker.socket")),
    "cloud-credentials-host-mount": (_mounted("/root/.aws/credentials"), _mounted("/root/aws")),
    "restricted-volume-types": (
        _pod("volumes: [{name: v, nfs: {server: s, path: /}}]"),
        _pod("volumes: [{name: v, image: {reference: a}}]"),
    ),
    "windows-host-process": (
        _pod("securityContext: {windowsOptions: {hostProcess: true}}"),
        _pod("securityContext: {windowsOptions: {hostProcess: false}}"),
    ),
    "unsafe-proc-mount": (_secure("procMount: Unmasked"), _secure("procMount: Default")),
    "unsafe-proc-mount-restricted": (_secure("procMount: Unmasked"), _secure("procMount: Default")),
    "unsafe-sysctls": (
        _pod("securityContext: {sysctls: [{name: kernel.msgmax}]}"),
        _pod("securityContext: {sysctls: [{name: net.ipv4.tcp_syncookies}]}"),
    ),
    "apparmor-profile": (
        _secure("appArmorProfile: {type: Unconfined}"),
        _secure("appArmorProfile: {type: RuntimeDefault}"),
    ),
    "selinux-options": (
        _secure("seLinuxOptions: {type: spc_t}"),
        _secure("seLinuxOptions: {type: container_t, level: 's0'}"),
    ),
    "seccomp-unconfined": (
        _secure("seccompProfile: {type: Unconfined}"),
        _secure("seccompProfile: {type: Localhost, localhostProfile: p}"),
    ),
    "seccomp-profile-unset": (
        _pod(),
        _pod("securityContext: {seccompProfile: {type: RuntimeDefault}}"),
    ),
    "host-probe-target": (
        _container("livenessProbe: {httpGet: {host: 127.0.0.1, port: 80}}"),
        _container("livenessProbe: {httpGet: {port: 80}}"),
    ),
    "host-aliases": (_pod("hostAliases: [{ip: 127.0.0.1, hostnames: [a]}]"), _pod()),
    "privilege-escalation-container": (
        _secure("capabilities: {add: [CAP_SYS_ADMIN]}"),
        _pod(),
    ),
    "allow-privilege-escalation-unset": (_pod(), _secure("allowPrivilegeEscalation: false")),
    "run-as-non-root": (_pod(), _secure("runAsUser: 1000")),
    "run-as-non-root-explicit": (_secure("runAsUser: 1000"), _secure("runAsNonRoot: true")),
    "run-as-root-user": (_secure("runAsUser: 0"), _secure("runAsUser: 1")),
    "low-user-id": (
        _secure("runAsUser: 1000, runAsGroup: 20000"),
        _secure("runAsUser: 20000, runAsGroup: 20000"),
    ),
    "root-group": (
        _pod("securityContext: {supplementalGroups: [1, 0]}"),
        _pod("securityContext: {supplementalGroups: [1]}"),
    ),
    "no-read-only-root-fs": (_pod(), _secure("readOnlyRootFilesystem: true")),
    "drop-net-raw-capability": (_pod(), _secure("capabilities: {drop: [NET_RAW]}")),
    "drop-all-capabilities": (
        _secure("capabilities: {drop: [all]}"),
        _secure("capabilities: {drop: [ALL]}"),
    ),
    "added-capabilities-restricted": (
        _secure("capabilities: {add: [CHOWN]}"),
        _secure("capabilities: {add: [NET_BIND_SERVICE]}"),
    ),
    "added-capabilities": (
        _secure("capabilities: {add: [CAP_CHOWN]}"),
        _secure("capabilities: {add: [CHOWN]}"),
    ),
    "dangerous-capabilities": (
        _secure("capabilities: {add: [cap_sys_admin]}"),
        _secure("capabilities: {add: [CHOWN]}"),
    ),
    "security-context-missing": (_pod(), _secure("privileged: false")),
    "ssh-port": (
        _container("ports: [{containerPort: 22}]"),
        _container("ports: [{containerPort: 22, protocol: UDP}]"),
    ),
    "privileged-ports": (_container("ports: [{containerPort: 80}]"), _pod()),
    "sudo-in-command": (
        _container("command: [sh, -c, 'sudo ls']"),
        _container("command: [sh, -c, 'pseudo ls']"),
    ),
    "scc-deny-privileged-container": (
        _object("SecurityContextConstraints", "allowPrivilegedContainer: true"),
        _object("SecurityContextConstraints", "allowPrivilegedContainer: false"),
    ),
    "latest-tag": (
        _container("image: 'r.example:5000/a'"),
        _container("image: 'r.example:5000/a:1'"),
    ),
    "image-digest-required": (
        _container("image: 'a:1'"),
        _container(f"image: 'a:1@sha256:{'0' * 64}'"),
    ),
    "deprecated-image-registry": (
        _container("image: k8s.gcr.io/pause"),
        _container("image: registry.k8s.io/pause"),
    ),
    "image-pull-policy": (
        _container("image: a, imagePullPolicy: IfNotPresent"),
        _container("image: 'a:1', imagePullPolicy: IfNotPresent"),
    ),
    "gatekeeper-repo-ambiguous-prefix": (
        _object("K8sAllowedRepos", "spec: {parameters: {repos: [r.example/team]}}"),
        _object("K8sAllowedRepos", "spec: {parameters: {repos: [r.example/team/]}}"),
    ),
    "known-vulnerable-component": (
        _container("image: 'registry.k8s.io/ingress-nginx/controller:v1.11.4'"),
        _container("image: 'registry.k8s.io/ingress-nginx/controller:v1.11.5'"),
    ),
    "not-linted-inside": (
        "{apiVersion: ops.example/v1, kind: App, metadata: {name: a}, spec: {image: 'a:1'}}",
        (
            "{apiVersion: ops.example/v1, kind: App, metadata: {name: a},"
            " spec: {image: 'a:1', args: [serve]}}"
        ),
    ),
    "given-up-component": (
        _container("image: 'registry.k8s.io/ingress-nginx/controller:v1.14.1'"),
        _container("image: 'ghcr.io/nginx/kubernetes-ingress:5.2.0'"),
    ),
    "admin-role-binding": (
        _binding("kind: User, name: a", "edit"),
        _binding("kind: User, name: a", "view"),
    ),
    "rbac-workload-change": (_grant("deployments", "patch", "apps"), _grant("pods", "list")),
    "rbac-workload-delete": (_grant("cronjobs", "delete", "batch"), _grant("pods", "patch")),
    "rbac-ephemeral-containers": (
        _grant("pods/ephemeralcontainers", "patch"),
        _grant("pods/ephemeralcontainers", "get"),
    ),
    "rbac-namespaces": (_grant("namespaces", "patch"), _grant("namespaces", "watch")),
    "rbac-custom-resource-definitions": (
        _grant("customresourcedefinitions", "update", "apiextensions.k8s.io"),
        _grant("customresourcedefinitions", "get", "apiextensions.k8s.io"),
    ),
    "rbac-api-services": (
        _grant("apiservices", "create", "apiregistration.k8s.io"),
        _grant("apiservices", "list", "apiregistration.k8s.io"),
    ),
    "rbac-admission-policies": (
        _grant("validatingadmissionpolicies", "delete", "admissionregistration.k8s.io"),
        _grant("validatingadmissionpolicies", "get", "admissionregistration.k8s.io"),
    ),
    "role-grants-nothing": (
        _grant("nodes", "get").replace("ClusterRole", "Role"),
        _grant("namespaces", "get").replace("ClusterRole", "Role"),
    ),
    "external-name-inside": (
        _service("type: ExternalName, externalName: LOCALHOST."),
        _service("type: ExternalName, externalName: db.example.com"),
    ),
    "ingress-annotation-injection": (
        _object(
            "Ingress",
            "spec: {}",
            "name: a, annotations: {nginx.ingress.kubernetes.io/auth-url: 'http://a/;}x'}",
            NET,
        ),
        _object(
            "Ingress",
            "spec: {}",
            "name: a, annotations: {nginx.ingress.kubernetes.io/auth-url: 'http://a/${host}'}",
            NET,
        ),
    ),
    "persistent-volume-host-path": (
        _object("PersistentVolume", "spec: {hostPath: {path: /data}}", "name: v"),
        _object("PersistentVolume", "spec: {local: {path: /mnt/disks/a}}", "name: v"),
    ),
    "git-sync-injection": (
        _container("image: 'k8s/git-sync:v4', args: ['--git-config=x']"),
        _container("image: 'k8s/git-sync:v4', args: ['--depth=1']"),
    ),
    "env-var-secret": (
        _container("env: [{name: DB_PASSWORD, value: hunter2}]"),
        _container("env: [{name: DB_PASSWORD_FILE, value: /run/p}]"),
    ),
    "container-secret": (
        _container("args: ['--db-password=hunter2']"),
        _container("args: ['--db-password=$(DB_PASSWORD)', '--db-password-file=hunter2']"),
    ),
    "read-secret-from-env-var": (
        _container("envFrom: [{secretRef: {name: s}}]"),
        _container("envFrom: [{configMapRef: {name: s}}]"),
    ),
    "configmap-secret": (
        _object("ConfigMap", "data: {password: hunter2}"),
        _object("ConfigMap", "data: {password_file: hunter2}"),
    ),
    "secret-in-manifest": (
        _object("Secret", "stringData: {a: hunter2}"),
        _object("Secret", "stringData: {a: ''}"),
    ),
    "env-value-from": (
        _pod(container="env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k}}}]"),
        _pod(
            container="env: [{name: A, valueFrom: {secretKeyRef:"
            " {name: s, key: k, optional: true}}}]"
        ),
    ),
    "long-lived-service-account-token": (
        _object("Secret", "type: kubernetes.io/service-account-token"),
        _object("Secret", "type: Opaque"),
    ),
    "default-service-account": (_pod(), _pod("serviceAccountName: a")),
    "automount-service-account-token": (
        _pod("serviceAccountName: s"),
        _pod("serviceAccountName: s")
        + "---\n"
        + _object("ServiceAccount", "automountServiceAccountToken: false", "name: s"),
    ),
    "default-service-account-automount": (
        _object("ServiceAccount", "", "name: default"),
        _object("ServiceAccount", "automountServiceAccountToken: false", "name: default"),
    ),
    "default-service-account-binding": (
        _binding("kind: ServiceAccount, name: default, namespace: shop"),
        _binding("kind: ServiceAccount, name: a, namespace: shop"),
    ),
    "deprecated-service-account-field": (_pod("serviceAccount: a"), _pod("serviceAccountName: a")),
    "non-existent-service-account": (
        _pod("serviceAccountName: s"),
        _pod("serviceAccountName: s") + "---\n" + _object("ServiceAccount", "", "name: s"),
    ),
    "cluster-admin-role-binding": (
        _binding("kind: User, name: u", "cluster-admin"),
        _binding("kind: User, name: u", "admin"),
    ),
    "wildcard-in-rules": (_grant("pods", "'*'"), _grant("pods", "get")),
    "access-to-secrets": (_grant("secrets", "list"), _grant("configmaps", "list")),
    "access-to-create-pods": (_grant("pods", "create"), _grant("pods", "get")),
    "rbac-pod-exec": (_grant("pods/exec", "create"), _grant("pods/log", "get")),
    "rbac-bind-escalate": (
        _grant("clusterroles", "escalate", "rbac.authorization.k8s.io"),
        _grant("clusterroles", "get", "rbac.authorization.k8s.io"),
    ),
    "rbac-impersonate": (_grant("users", "impersonate"), _grant("users", "get")),
    "rbac-nodes-proxy": (_grant("nodes/proxy", "get"), _grant("nodes/metrics", "get")),
    "rbac-approve-csr": (
        _grant("certificatesigningrequests/approval", "update", "certificates.k8s.io"),
        _grant("certificatesigningrequests", "update", "certificates.k8s.io"),
    ),
    "rbac-admission-webhooks": (
        _grant("mutatingwebhookconfigurations", "patch", "admissionregistration.k8s.io"),
        _grant("mutatingwebhookconfigurations", "get", "admissionregistration.k8s.io"),
    ),
    "rbac-create-token": (
        _grant("serviceaccounts/token", "create"),
        _grant("serviceaccounts", "create"),
    ),
    "rbac-persistent-volumes": (
        _grant("persistentvolumes", "create"),
        _grant("persistentvolumeclaims", "create"),
    ),
    "rbac-service-status": (_grant("services/status", "patch"), _grant("services", "patch")),
    "rbac-network-write": (_grant("endpoints", "update"), _grant("endpoints", "get")),
    "rbac-configmap-write": (_grant("configmaps", "update"), _grant("configmaps", "get")),
    "rbac-delete-evidence": (_grant("events", "delete"), _grant("events", "create")),
    "rbac-anonymous-binding": (
        _binding("kind: User, name: 'system:anonymous'"),
        _binding("kind: User, name: u"),
    ),
    "rbac-authenticated-binding": (
        _binding("kind: Group, name: 'system:authenticated'"),
        _binding("kind: Group, name: g"),
    ),
    "rbac-masters-binding": (
        _binding("kind: Group, name: 'system:masters'"),
        _binding("kind: Group, name: g"),
    ),
    "rbac-port-forward": (_grant("pods/portforward", "create"), _grant("pods", "get")),
    "non-isolated-pod": (_deployment(), _deployment() + "---\n" + ISOLATED),
    "namespace-without-network-policy": (
        _object("Namespace", "", "name: shop"),
        _object("Namespace", "", "name: shop") + "---\n" + ISOLATED,
    ),
    "network-policy-allow-all": (
        _object("NetworkPolicy", "spec: {podSelector: {}, ingress: [{}]}", api=NET),
        ISOLATED,
    ),
    "dangling-networkpolicy": (
        _object("NetworkPolicy", "spec: {podSelector: {matchLabels: {app: b}}}", api=NET),
        ISOLATED,
    ),
    "dangling-networkpolicypeer-podselector": (
        _object(
            "NetworkPolicy",
            "spec: {podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: b}}}]}]}",
            api=NET,
        )
        + "---\n"
        + _deployment(),
        _object(
            "NetworkPolicy",
            "spec: {podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: a}}}]}]}",
            api=NET,
        )
        + "---\n"
        + _deployment(),
    ),
    "containers-injected": (
        _object("Namespace", "", "name: a, labels: {istio-injection: enabled}"),
        _object("Namespace", "", "name: a, labels: {istio-injection: disabled}"),
    ),
    "exposed-services": (_service("type: NodePort"), _service("type: ClusterIP")),
    "service-external-ips": (_service("externalIPs: [192.0.2.1]"), _service("externalIPs: []")),
    "ingress-no-tls": (
        _object("Ingress", "spec: {rules: [{host: a.example}], tls: [{hosts: [b.example]}]}"),
        _object("Ingress", "spec: {rules: [{host: a.example}], tls: [{hosts: ['*.example']}]}"),
    ),
    "ingress-snippet-annotation": (
        _object(
            "Ingress",
            "",
            "name: a, annotations: {nginx.ingress.kubernetes.io/server-snippet: x}",
        ),
        _object("Ingress", "", "name: a, annotations: {example.com/server-snippet: x}"),
    ),
    "ingress-wildcard-or-empty-host": (
        _object("Ingress", "spec: {rules: [{host: '*.example'}]}"),
        _object("Ingress", "spec: {rules: [{host: a.example}]}"),
    ),
    "mesh-mtls-not-strict": (
        _object("PeerAuthentication", "spec: {mtls: {mode: PERMISSIVE}}"),
        _object("PeerAuthentication", "spec: {mtls: {mode: STRICT}}"),
    ),
    "unset-cpu-requirements": (_pod(), _container("resources: {requests: {cpu: 1m}}")),
    "unset-memory-requirements": (_pod(), _container("resources: {limits: {memory: 1Gi}}")),
    "unset-memory-request": (_pod(), _container("resources: {requests: {memory: 1Gi}}")),
    "unset-cpu-limit": (_pod(), _container("resources: {limits: {cpu: 2}}")),
    "unset-resources": (
        _container("resources: {limits: {cpu: 2, memory: 1Gi}}"),
        _container("resources: {limits: {cpu: 2, memory: 1Gi}, requests: {cpu: 1, memory: 1Gi}}"),
    ),
    "unset-ephemeral-storage": (
        _pod(),
        _container(
            "resources: {limits: {ephemeral-storage: 1Gi}, requests: {ephemeral-storage: 1Gi}}"
        ),
    ),
    "requests-exceed-limits": (
        _container("resources: {limits: {memory: 1G}, requests: {memory: 1Gi}}"),
        _container("resources: {limits: {cpu: 1}, requests: {cpu: 1000m}}"),
    ),
    "namespace-without-quota": (
        _object("Namespace", "", "name: shop"),
        _object("Namespace", "", "name: shop") + "---\n" + _object("LimitRange", ""),
    ),
    "minimum-three-replicas": (_deployment("replicas: 2"), _deployment("replicas: 3")),
    "no-liveness-probe": (_pod(), _container("livenessProbe: {exec: {command: [a]}}")),
    "no-readiness-probe": (_pod(), _container("readinessProbe: {exec: {command: [a]}}")),
    "identical-probes": (
        _container("livenessProbe: &p {exec: {command: [a]}}, readinessProbe: *p"),
        _container("livenessProbe: {exec: {command: [a]}}"),
    ),
    "no-anti-affinity": (
        _deployment("replicas: 2"),
        _deployment(
            "replicas: 2",
            "affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution:"
            " [{topologyKey: h, labelSelector: {matchLabels: {app: a}}}]}}",
        ),
    ),
    "topology-spread-constraint": (
        _deployment(),
        _deployment(pod=f"topologySpreadConstraints: [{{{SPREAD}}}]"),
    ),
    "no-node-affinity": (_pod(), _pod("affinity: {nodeAffinity: {a: b}}")),
    "no-rolling-update-strategy": (
        _deployment("strategy: {type: Recreate}"),
        _deployment("strategy: {type: RollingUpdate}"),
    ),
    "pdb-max-unavailable": (
        _object("PodDisruptionBudget", PDB + "maxUnavailable: 0%}"),
        _object("PodDisruptionBudget", PDB + "maxUnavailable: 1}"),
    ),
    "pdb-min-available": (
        _deployment("replicas: 2")
        + "---\n"
        + _object("PodDisruptionBudget", PDB + "minAvailable: 2}"),
        _deployment("replicas: 2")
        + "---\n"
        + _object("PodDisruptionBudget", PDB + "minAvailable: 50%}"),
    ),
    "pdb-unhealthy-pod-eviction-policy": (
        _object("PodDisruptionBudget", "spec: {maxUnavailable: 1}"),
        _object("PodDisruptionBudget", PDB + "maxUnavailable: 1}"),
    ),
    "pdb-missing": (
        _deployment("replicas: 2"),
        _deployment("replicas: 2")
        + "---\n"
        + _object("PodDisruptionBudget", PDB + "maxUnavailable: 1}"),
    ),
    "pdb-has-policy": (
        _object("PodDisruptionBudget", "spec: {selector: {}}"),
        _object("PodDisruptionBudget", PDB + "maxUnavailable: 1}"),
    ),
    "hpa-minimum-three-replicas": (HPA.replace("minReplicas: 3", "minReplicas: 2"), HPA),
    "hpa-max-equals-min": (HPA.replace("maxReplicas: 5", "maxReplicas: 3"), HPA),
    "hpa-static-replicas": (
        HPA + "---\n" + _deployment("replicas: 2"),
        HPA + "---\n" + _deployment(),
    ),
    "priority-class-name": (
        _pod("priorityClassName: mine"),
        _pod("priorityClassName: system-node-critical"),
    ),
    "restart-policy": (_pod("restartPolicy: Never"), _pod("restartPolicy: OnFailure")),
    "job-ttl-seconds-after-finished": (
        _object("Job", "spec: {template: {}}", api="batch/v1"),
        _object("Job", "spec: {template: {}, ttlSecondsAfterFinished: 1}", api="batch/v1"),
    ),
    "cronjob-has-deadline": (
        _object("CronJob", "spec: {}", api="batch/v1"),
        _object("CronJob", "spec: {startingDeadlineSeconds: 1}", api="batch/v1"),
    ),
    "naked-pod": (_pod(), _deployment()),
    "dnsconfig-options": (
        _pod("dnsConfig: {options: [{name: ndots, value: '5'}]}"),
        _pod("dnsConfig: {options: [{name: ndots, value: '2'}]}"),
    ),
    "dangling-service": (
        _service("selector: {app: b}") + "---\n" + _deployment(),
        _service("selector: {app: a}") + "---\n" + _deployment(),
    ),
    "dangling-ingress": (
        _object("Ingress", f"spec: {{{INGRESS}{{number: 81}}}}}}}}]}}}}]}}")
        + "---\n"
        + _service("ports: [{port: 80}]"),
        _object("Ingress", f"spec: {{{INGRESS}{{number: 80}}}}}}}}]}}}}]}}")
        + "---\n"
        + _service("ports: [{port: 80}]"),
    ),
    "dangling-gateway-backend": (
        _object("HTTPRoute", "spec: {rules: [{backendRefs: [{name: s, port: 80}]}]}"),
        _object("HTTPRoute", "spec: {rules: [{backendRefs: [{name: s, port: 80}]}]}")
        + "---\n"
        + _service("ports: [{port: 80}]"),
    ),
    "dangling-horizontalpodautoscaler": (HPA, HPA + "---\n" + _deployment()),
    "dangling-servicemonitor": (
        _object("ServiceMonitor", "spec: {selector: {matchLabels: {a: b}}}"),
        _object("ServiceMonitor", "spec: {selector: {}}") + "---\n" + _service(""),
    ),
    "mismatching-selector": (
        _deployment().replace("labels: {app: a}", "labels: {app: b}"),
        _deployment(),
    ),
    "statefulset-service-name": (
        _deployment("serviceName: s").replace("Deployment", "StatefulSet"),
        _deployment("serviceName: s").replace("Deployment", "StatefulSet")
        + "---\n"
        + _service("clusterIP: None, selector: {app: a}"),
    ),
    "invalid-target-ports": (
        _service("ports: [{port: 80, targetPort: 65536}]"),
        _service("ports: [{port: 80, targetPort: http}]"),
    ),
    "liveness-port": (
        _container(f"{PORT}, livenessProbe: {{httpGet: {{port: 81}}}}"),
        _container(f"{PORT}, livenessProbe: {{httpGet: {{port: http}}}}"),
    ),
    "readiness-port": (
        _container(f"{PORT}, readinessProbe: {{tcpSocket: {{port: https}}}}"),
        _container(f"{PORT}, readinessProbe: {{tcpSocket: {{port: 80}}}}"),
    ),
    "startup-port": (
        _container(f"{PORT}, startupProbe: {{grpc: {{port: 81}}}}"),
        _container(f"{PORT}, startupProbe: {{grpc: {{port: 80}}}}"),
    ),
    "duplicate-env-var": (
        _container("env: [{name: A, value: a}, {name: A, value: b}]"),
        _container("env: [{name: A, value: a}, {name: B, value: b}]"),
    ),
    "yaml-ambiguous-scalar": (
        _container("env: [{name: A, value: yes}]"),
        _container("env: [{name: A, value: 'yes'}]"),
    ),
    "schema-validation": (
        _pod("hostNetwork: 'true'"),
        _pod("hostNetwork: true"),
    ),
    "invalid-value": (
        _container("image: a, imagePullPolicy: always"),
        _container("image: a, imagePullPolicy: Always"),
    ),
    "unknown-field": (
        _secure("runAsNonroot: true"),
        _secure("runAsNonRoot: true"),
    ),
    "unknown-kind": (
        _object("deployment", "", api="apps/v1"),
        _object("Deployment", "", api="apps/v1"),
    ),
    "deprecated-api-version": (
        _object("Lease", "", api="coordination.k8s.io/v1beta1").replace("Lease", "LeaseCandidate"),
        _object("Lease", "", api="coordination.k8s.io/v1"),
    ),
    "newer-field": (
        _pod("resourceClaims: [{name: c, source: {}}]"),
        _pod("resourceClaims: [{name: c, resourceClaimName: d}]"),
    ),
    "no-extensions-v1beta": (
        _object("Ingress", "", api="extensions/v1beta1"),
        _object("Ingress", "", api=NET),
    ),
    "removed-api-version": (
        _object("PodDisruptionBudget", "", api="policy/v1beta1"),
        _object("PodDisruptionBudget", "", api="policy/v1"),
    ),
    "duplicate-object": (_deployment() + "---\n" + _deployment(), _deployment()),
    "label-values": (
        _object("ConfigMap", "", "name: a, labels: {a: '-'}"),
        _object("ConfigMap", "", "name: a, labels: {example.com/a: ''}"),
    ),
    "sorted-keys": (
        _object("A", "").replace("name: a, ", "") + "b: c\na: b\n",
        _object("ConfigMap", "", "name: a"),
    ),
    "use-namespace": (_pod(), _deployment()),
    "kube-system-namespace": (
        _object("Pod", "spec: {}", "name: a, namespace: kube-system"),
        _object("Pod", "spec: {}"),
    ),
    "namespace-without-pod-security": (
        _object("Namespace", "", "name: shop"),
        _object(
            "Namespace", "", "name: shop, labels: {pod-security.kubernetes.io/enforce: baseline}"
        ),
    ),
    "required-label-owner": (_pod(), _object("Pod", "spec: {}", "name: a, labels: {owner: me}")),
    "required-annotation-email": (
        _pod(),
        _object("Pod", "spec: {}", "name: a, annotations: {email: me@example.com}"),
    ),
    "suppression-without-reason": (
        _object("ConfigMap", "", "name: a, annotations: {kube-linter.io/ignore-all: ''}"),
        _object("ConfigMap", "", "name: a, annotations: {kube-linter.io/ignore-all: because}"),
    ),
}


def _rules(text: str) -> set[str]:
    manifests = load_manifests([("f.yaml", text.encode())])
    assert not manifests.findings
    section = ManifestsSection.model_validate({"profile": Profile.ALL.value, "complete": True})
    return {
        r
        for f in linted(manifests.objects, lint_settings(section)).findings
        for r in (f.rule, *f.also)
    }


def test_every_rule_on_objects_has_its_cases() -> None:
    assert set(CASES) == {rule.name for rule in list_rules() if rule.scope is not Scope.FILE}


@pytest.mark.parametrize("name", CASES)
def test_the_rule_fires_on_what_it_is_about_and_on_nothing_near_it(name: str) -> None:
    bad, good = CASES[name]
    assert name in _rules(bad)
    assert name not in _rules(good)


@pytest.mark.parametrize("rule", list_rules(), ids=lambda rule: rule.name)
def test_every_rule_says_why_when_it_passes_and_what_to_do(rule: object) -> None:
    sections = getattr(rule, "sections", {})
    assert all(sections[part] for part in ("headline", "Why", "Passes when", "Remedy"))
