"""What roles grant, and to whom.

https://kubernetes.io/docs/concepts/security/rbac-good-practices/
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from itertools import chain
from typing import Any, Final

from gate.lint.rule import References, Rule, Scope, SetViolation, Violation
from gate.lint.selectors import Selector
from gate.lint.view import dig, labels, mappings, sequence, strings, text
from gate.lint.whole import Whole, namespace_of
from gate.model.kubernetes import KubernetesObject
from gate.model.verdict import Action, Severity


def cluster_admin_role_binding(obj: KubernetesObject) -> Iterator[Violation]:
    """Nobody is bound to cluster-admin.

    Why: cluster-admin may do anything, so one stolen token is the whole cluster.

    Passes when: roleRef does not name cluster-admin. The binding that Kubernetes itself
    makes for system:masters is cluster-admin's own and not meant.

    Remedy: Write a role with what is needed, and bind that.
    """
    if dig(obj.value, "roleRef", "name") == "cluster-admin" and sequence(obj.value.get("subjects")):
        yield Violation("somebody is bound to cluster-admin", ("roleRef", "name"))


def wildcard_in_rules(obj: KubernetesObject) -> Iterator[Violation]:
    """Roles name what they grant.

    Why: a wildcard also grants what will be installed next year.

    Passes when: no rule has * among its verbs, resources or apiGroups.

    Remedy: List the verbs, resources and groups that are needed.
    """
    for index, rule in mappings(obj.value.get("rules")):
        for key in ("verbs", "resources", "apiGroups"):
            granted = strings(rule.get(key))
            if "*" in granted:
                path = ("rules", index, key, granted.index("*"))
                yield Violation(f"the rule grants every one of {key}", path)


def access_to_secrets(whole: Whole) -> Iterator[SetViolation]:
    """Roles do not give access to secrets.

    Why: who can list secrets has every password and token of the namespace.

    Passes when: no bound role, aggregated roles included, allows get, list, watch, create,
    or delete of secrets; nor does a role that the manifests bind to nobody.

    Remedy: Remove secrets from the role, or name single ones in resourceNames.
    """
    yield from _granted(whole, {"secrets"}, {"get", "list", "watch", "delete", *_WRITE, _ALL_OF})


def access_to_create_pods(whole: Whole) -> Iterator[SetViolation]:
    """Roles do not allow to create pods.

    Why: who can create a pod can mount every secret and use every account of its namespace.

    Passes when: no bound role, aggregated roles included, allows create of pods or of a
    workload; nor does a role that the manifests bind to nobody.

    Remedy: Leave creating workloads to the pipeline's own account.
    """
    yield from _granted(whole, _WORKLOADS, {"create"})


def rbac_pod_exec(obj: KubernetesObject) -> Iterator[Violation]:
    """Roles do not allow to run commands in pods.

    Why: exec and attach give a shell with all that the pod has, past every review.

    Passes when: no rule allows create or get of pods/exec or pods/attach.

    Remedy: Remove pods/exec and pods/attach from the role.
    """
    yield from _grants(obj, {"pods/exec", "pods/attach"}, {"create", "get"})


def rbac_bind_escalate(obj: KubernetesObject) -> Iterator[Violation]:
    """Roles do not allow to grant more than one has.

    Why: bind and escalate switch off the rule that nobody can give what he lacks; to write
    bindings freely is nearly the same.

    Passes when: no rule allows bind or escalate on roles and cluster roles, or create,
    update or patch on roles and bindings.

    Remedy: Remove the verbs, or name single roles in resourceNames.
    """
    roles = {"roles", "clusterroles"}
    bindings = {"rolebindings", "clusterrolebindings"}
    yield from _grants(obj, roles | bindings, {"bind", "escalate"})
    yield from _grants(obj, roles | bindings, _WRITE, wildcards=False)


def rbac_impersonate(obj: KubernetesObject) -> Iterator[Violation]:
    """Roles do not allow to pose as others.

    Why: who can impersonate can be system:masters.

    Passes when: no rule allows impersonate.

    Remedy: Remove impersonate, or name single users in resourceNames.
    """
    resources = {"users", "groups", "serviceaccounts", "uids", "userextras"}
    yield from _grants(obj, resources, {"impersonate"})


def rbac_nodes_proxy(obj: KubernetesObject) -> Iterator[Violation]:
    """Roles do not reach the kubelet.

    Why: through nodes/proxy one runs commands in every pod of a node, and the audit log of
    the API server sees nothing.

    Passes when: no rule grants nodes/proxy.

    Remedy: Use the kubelet's fine-grained resources, such as nodes/metrics.
    """
    yield from _grants(obj, {"nodes/proxy"}, {"create", "get", "update", "patch", "delete"})


def rbac_approve_csr(obj: KubernetesObject) -> Iterator[Violation]:
    """Roles do not approve certificates.

    Why: who approves signing requests can make himself any user.

    Passes when: no rule allows update or patch of certificatesigningrequests/approval, or
    approve of signers.

    Remedy: Leave approval to the controller's own account.
    """
    yield from _grants(obj, {"certificatesigningrequests/approval"}, {"update", "patch"})
    yield from _grants(obj, {"signers"}, {"approve"})


def rbac_admission_webhooks(obj: KubernetesObject) -> Iterator[Violation]:
    """Roles do not change admission webhooks.

    Why: a webhook sees and may change every object, secrets included, and deleting one
    turns a policy off.

    Passes when: no rule allows to write validating or mutating webhook configurations.

    Remedy: Remove the resources from the role, or leave read access only.
    """
    resources = {"validatingwebhookconfigurations", "mutatingwebhookconfigurations"}
    yield from _grants(obj, resources, {*_WRITE, "delete", _ALL_OF})


def rbac_create_token(obj: KubernetesObject) -> Iterator[Violation]:
    """Roles do not issue tokens.

    Why: who can create a token of an account is that account.

    Passes when: no rule allows create of serviceaccounts/token.

    Remedy: Name single accounts in resourceNames, or remove the rule.
    """
    yield from _grants(obj, {"serviceaccounts/token"}, {"create"})


def rbac_persistent_volumes(obj: KubernetesObject) -> Iterator[Violation]:
    """Roles do not create persistent volumes.

    Why: a persistent volume may be a path of the node, which no pod standard then sees.

    Passes when: no rule allows create of persistentvolumes.

    Remedy: Let workloads claim volumes, and leave creating them to the provisioner.
    """
    yield from _grants(obj, {"persistentvolumes"}, {"create"})


def rbac_service_status(obj: KubernetesObject) -> Iterator[Violation]:
    """Roles do not write the status of services.

    Why: the load balancer address in the status draws other people's traffic
    (CVE-2020-8554).

    Passes when: no rule allows update or patch of services/status.

    Remedy: Leave the status to the cloud controller.
    """
    yield from _grants(obj, {"services/status"}, {"update", "patch"})


def rbac_network_write(obj: KubernetesObject) -> Iterator[Violation]:
    """Roles do not redirect traffic.

    Why: who writes services, endpoints or network policies decides who hears whom.

    Passes when: no rule allows to write services, endpoints, endpointslices, ingresses or
    networkpolicies.

    Remedy: Leave these objects to the pipeline's own account.
    """
    resources = {"services", "endpoints", "endpointslices", "ingresses", "networkpolicies"}
    yield from _grants(obj, resources, {*_WRITE, "delete", _ALL_OF})


def rbac_configmap_write(obj: KubernetesObject) -> Iterator[Violation]:
    """Roles do not write config maps.

    Why: config maps steer CoreDNS and, on some clouds, who may log in.

    Passes when: no rule allows to write configmaps.

    Remedy: Name single config maps in resourceNames.
    """
    yield from _grants(obj, {"configmaps"}, {*_WRITE, "delete", _ALL_OF})


def rbac_delete_evidence(obj: KubernetesObject) -> Iterator[Violation]:
    """Roles do not delete events or logs.

    Why: an intruder would use it to hide.

    Passes when: no rule allows to delete events, pods/log, or whole collections of them.

    Remedy: Remove the verbs from the role.
    """
    yield from _grants(obj, {"events", "pods/log"}, {"delete", _ALL_OF, "update"})


def rbac_anonymous_binding(obj: KubernetesObject) -> Iterator[Violation]:
    """No role is bound to those who did not log in.

    Why: whoever reaches the API server has the role.

    Passes when: no subject is system:anonymous or system:unauthenticated.

    Remedy: Bind the role to a named group.
    """
    yield from _bound_to(obj, ("system:anonymous", "system:unauthenticated"))


def rbac_authenticated_binding(obj: KubernetesObject) -> Iterator[Violation]:
    """No role is bound to everybody who logged in.

    Why: every account of every namespace has the role.

    Passes when: no subject is system:authenticated or system:serviceaccounts.

    Remedy: Bind the role to a named group.
    """
    yield from _bound_to(obj, ("system:authenticated", "system:serviceaccounts"))


def rbac_masters_binding(obj: KubernetesObject) -> Iterator[Violation]:
    """No role is bound to system:masters.

    Why: that group passes every check of the API server, and cannot be revoked.

    Passes when: no subject is system:masters.

    Remedy: Bind the role to a group of your own.
    """
    yield from _bound_to(obj, ("system:masters",))


def rbac_port_forward(obj: KubernetesObject) -> Iterator[Violation]:
    """Roles do not open tunnels into pods.

    Why: a tunnel goes past every network policy.

    Passes when: no rule allows create or get of pods/portforward.

    Remedy: Remove pods/portforward from the role.
    """
    yield from _grants(obj, {"pods/portforward"}, {"create", "get"})


def _grants(
    obj: KubernetesObject,
    resources: Collection[str],
    verbs: Collection[str],
    *,
    wildcards: bool = True,
) -> Iterator[Violation]:
    for index, rule in mappings(obj.value.get("rules")):
        found = grant(rule, resources, verbs, wildcards=wildcards)
        if found:
            yield Violation(f"the role allows {found}", ("rules", index, "resources"))


def grant(
    rule: dict[str, Any],
    resources: Collection[str],
    verbs: Collection[str],
    *,
    wildcards: bool = True,
) -> str | None:
    """Return in words what a rule allows of some verbs on some resources; None for nothing.

    A resource counts only in an API group that has it. A rule without apiGroups counts for all;
    so does a resource named in the core group, where people write what stands in another.
    """
    groups = strings(rule.get("apiGroups"))
    named, every = set(resources), {"*"} if wildcards else set()
    if groups and "*" not in groups:
        resources = {r for r in resources if not _groups_of(r).isdisjoint(groups)}
        named = named if "" in groups else set(resources)
        every = every if resources else set()
    verb = next((v for v in strings(rule.get("verbs")) if v in verbs or v in every), None)
    if verb is None:
        return None
    for resource in strings(rule.get("resources")):
        subresource = resource.partition("/")[2]
        if resource in named or resource in every:
            return f"{verb} on {resource}"
        if resource.startswith("*/") and any(r.endswith("/" + subresource) for r in resources):
            return f"{verb} on {resource}"
    return None


def _groups_of(resource: str) -> frozenset[str]:
    """Return the API groups that have a resource; the core group's name is empty."""
    return _GROUPS.get(resource.partition("/")[0], _CORE)


def _bound_to(obj: KubernetesObject, names: Collection[str]) -> Iterator[Violation]:
    for index, subject in mappings(obj.value.get("subjects")):
        if subject.get("name") in names:
            path = ("subjects", index, "name")
            yield Violation(f"the role is bound to {subject['name']}", path)


def _granted(whole: Whole, resources: set[str], verbs: set[str]) -> Iterator[SetViolation]:
    bound: set[int] = set()
    roles: dict[tuple[str, str, str], list[KubernetesObject]] = defaultdict(list)
    for role in whole.of_kind("Role", "ClusterRole"):  # two of a name: both count
        roles[role.name.kind, namespace_of(role), role.name.name].append(role)
    for binding in whole.of_kind("RoleBinding", "ClusterRoleBinding"):
        name = text(dig(binding.value, "roleRef", "name"))
        kind = text(dig(binding.value, "roleRef", "kind"))
        namespace = namespace_of(binding) if kind == "Role" else ""
        for part in chain.from_iterable(
            _aggregated(whole, r) for r in roles[kind, namespace, name]
        ):
            bound.add(id(part))
            found = _first(part, resources, verbs)
            if found:
                message = f"the role {name} allows {found}"
                yield binding, Violation(message, ("roleRef", "name"))
                break
    for role in whole.of_kind("Role", "ClusterRole"):
        found = _first(role, resources, verbs)
        if found and id(role) not in bound:
            index = next(
                i for i, r in mappings(role.value.get("rules")) if grant(r, resources, verbs)
            )
            yield role, Violation(f"the role allows {found}", ("rules", index, "resources"))


def _first(role: KubernetesObject, resources: set[str], verbs: set[str]) -> str | None:
    rules = mappings(role.value.get("rules"))
    return next((f for _, r in rules if (f := grant(r, resources, verbs))), None)


def _aggregated(whole: Whole, role: KubernetesObject) -> Iterator[KubernetesObject]:
    yield role
    for _, value in mappings(dig(role.value, "aggregationRule", "clusterRoleSelectors")):
        selector = Selector.parse(value)
        for other in whole.of_kind("ClusterRole"):
            if other is not role and selector.matches(
                labels(dig(other.value, "metadata", "labels"))
            ):
                yield other


_ALL_OF: Final = "deletecollection"
_CORE: Final = frozenset(("",))
_APPS: Final = frozenset(("apps", "extensions"))
_NETWORK: Final = frozenset(("networking.k8s.io", "extensions"))
_BATCH: Final = frozenset(("batch",))
_RBAC: Final = frozenset(("rbac.authorization.k8s.io",))
_CERTIFICATES: Final = frozenset(("certificates.k8s.io",))
_ADMISSION: Final = frozenset(("admissionregistration.k8s.io",))
_AUTHENTICATION: Final = frozenset(("", "authentication.k8s.io"))
_GROUPS: Final = {
    "certificatesigningrequests": _CERTIFICATES,
    "clusterrolebindings": _RBAC,
    "clusterroles": _RBAC,
    "cronjobs": _BATCH,
    "daemonsets": _APPS,
    "deployments": _APPS,
    "endpointslices": frozenset(("discovery.k8s.io",)),
    "events": frozenset(("", "events.k8s.io")),
    "groups": _AUTHENTICATION,
    "ingresses": _NETWORK,
    "jobs": _BATCH,
    "mutatingwebhookconfigurations": _ADMISSION,
    "networkpolicies": _NETWORK,
    "replicasets": _APPS,
    "rolebindings": _RBAC,
    "roles": _RBAC,
    "signers": _CERTIFICATES,
    "statefulsets": _APPS,
    "uids": _AUTHENTICATION,
    "userextras": _AUTHENTICATION,
    "users": _AUTHENTICATION,
    "validatingwebhookconfigurations": _ADMISSION,
}
"""Where a resource stands in other API groups than the core."""
_WRITE: Final = frozenset(("create", "update", "patch"))
_WORKLOADS: Final = {
    "pods",
    "deployments",
    "statefulsets",
    "replicasets",
    "daemonsets",
    "cronjobs",
    "jobs",
    "replicationcontrollers",
}

RULES: Final = (
    Rule(
        "cluster-admin-role-binding",
        Severity.CRITICAL,
        Action.BLOCK,
        Scope.OBJECT,
        cluster_admin_role_binding,
        References(
            cis="5.1.1",
            owasp_2022="K03",
            owasp_2025="K02",
            peers={
                "kube-linter": ("cluster-admin-role-binding",),
                "trivy": ("KSV-0111",),
                "kubescape": ("rule-list-all-cluster-admins-v1",),
                "polaris": (
                    "clusterrolebindingClusterAdmin",
                    "rolebindingClusterAdminClusterRole",
                    "rolebindingClusterAdminRole",
                ),
                "kyverno": ("restrict-binding-clusteradmin",),
            },
        ),
        kinds=frozenset(
            (
                "ClusterRoleBinding",
                "RoleBinding",
            )
        ),
    ),
    Rule(
        "wildcard-in-rules",
        Severity.HIGH,
        Action.BLOCK,
        Scope.OBJECT,
        wildcard_in_rules,
        References(
            cis="5.1.3",
            owasp_2022="K03",
            owasp_2025="K02",
            peers={
                "kube-linter": ("wildcard-in-rules",),
                "checkov": ("CKV_K8S_49",),
                "trivy": (
                    "KSV-0044",
                    "KSV-0045",
                    "KSV-0046",
                    "KSV-0112",
                ),
                "kyverno": (
                    "restrict-wildcard-resources",
                    "restrict-wildcard-verbs",
                ),
            },
        ),
        kinds=frozenset(
            (
                "Role",
                "ClusterRole",
            )
        ),
    ),
    Rule(
        "access-to-secrets",
        Severity.HIGH,
        Action.WARN,
        Scope.SET,
        access_to_secrets,
        References(
            cis="5.1.2",
            owasp_2022="K03",
            owasp_2025="K02",
            peers={
                "kube-linter": ("access-to-secrets",),
                "checkov": ("CKV2_K8S_5",),
                "trivy": (
                    "KSV-0041",
                    "KSV-0113",
                ),
                "kubescape": ("rule-can-list-get-secrets-v1",),
                "kyverno": ("restrict-secret-role-verbs",),
            },
        ),
    ),
    Rule(
        "access-to-create-pods",
        Severity.HIGH,
        Action.WARN,
        Scope.SET,
        access_to_create_pods,
        References(
            cis="5.1.4",
            owasp_2022="K03",
            owasp_2025="K02",
            peers={
                "kube-linter": ("access-to-create-pods",),
                "trivy": ("KSV-0048",),
                "kubescape": ("rule-can-create-pod",),
            },
        ),
    ),
    Rule(
        "rbac-pod-exec",
        Severity.HIGH,
        Action.WARN,
        Scope.OBJECT,
        rbac_pod_exec,
        References(
            owasp_2022="K03",
            owasp_2025="K02",
            peers={
                "trivy": (
                    "KSV-0053",
                    "KSV-0054",
                ),
                "kubescape": ("exec-into-container-v1",),
                "polaris": (
                    "clusterrolePodExecAttach",
                    "rolePodExecAttach",
                    "clusterrolebindingPodExecAttach",
                    "rolebindingRolePodExecAttach",
                    "rolebindingClusterRolePodExecAttach",
                ),
            },
        ),
        kinds=frozenset(
            (
                "Role",
                "ClusterRole",
            )
        ),
    ),
    Rule(
        "rbac-bind-escalate",
        Severity.CRITICAL,
        Action.BLOCK,
        Scope.OBJECT,
        rbac_bind_escalate,
        References(
            cis="5.1.8",
            owasp_2022="K03",
            owasp_2025="K02",
            peers={
                "checkov": (
                    "CKV_K8S_157",
                    "CKV_K8S_158",
                    "CKV2_K8S_1",
                ),
                "trivy": (
                    "KSV-0050",
                    "KSV-0051",
                    "KSV-0052",
                    "KSV-0055",
                ),
                "kubescape": ("rule-can-bind-escalate",),
                "kyverno": ("restrict-escalation-verbs-roles",),
            },
        ),
        kinds=frozenset(
            (
                "Role",
                "ClusterRole",
            )
        ),
    ),
    Rule(
        "rbac-impersonate",
        Severity.CRITICAL,
        Action.BLOCK,
        Scope.OBJECT,
        rbac_impersonate,
        References(
            cis="5.1.8",
            owasp_2022="K03",
            owasp_2025="K02",
            peers={
                "checkov": ("CKV2_K8S_3",),
                "trivy": ("KSV-0043",),
                "kubescape": ("rule-can-impersonate-users-groups-v1",),
            },
        ),
        kinds=frozenset(
            (
                "Role",
                "ClusterRole",
            )
        ),
    ),
    Rule(
        "rbac-nodes-proxy",
        Severity.HIGH,
        Action.WARN,
        Scope.OBJECT,
        rbac_nodes_proxy,
        References(
            cis="5.1.10",
            owasp_2022="K03",
            owasp_2025="K02",
            peers={
                "checkov": ("CKV2_K8S_2",),
                "trivy": ("KSV-0047",),
                "kubescape": ("rule-can-access-proxy-subresource",),
                "kyverno": ("restrict-clusterrole-nodesproxy",),
            },
        ),
        kinds=frozenset(
            (
                "Role",
                "ClusterRole",
            )
        ),
    ),
    Rule(
        "rbac-approve-csr",
        Severity.HIGH,
        Action.WARN,
        Scope.OBJECT,
        rbac_approve_csr,
        References(
            cis="5.1.11",
            owasp_2022="K03",
            owasp_2025="K02",
            peers={
                "checkov": ("CKV_K8S_156",),
                "kubescape": ("rule-can-approve-cert-signing-request",),
                "kyverno": ("restrict-clusterrole-csr",),
            },
        ),
        kinds=frozenset(
            (
                "Role",
                "ClusterRole",
            )
        ),
    ),
    Rule(
        "rbac-admission-webhooks",
        Severity.HIGH,
        Action.WARN,
        Scope.OBJECT,
        rbac_admission_webhooks,
        References(
            cis="5.1.12",
            owasp_2022="K03",
            owasp_2025="K02",
            peers={
                "checkov": ("CKV_K8S_155",),
                "trivy": ("KSV-0114",),
                "kubescape": ("rule-can-modify-admission-webhooks",),
                "kyverno": ("restrict-clusterrole-mutating-validating-admission-webhooks",),
            },
        ),
        kinds=frozenset(
            (
                "Role",
                "ClusterRole",
            )
        ),
    ),
    Rule(
        "rbac-create-token",
        Severity.HIGH,
        Action.WARN,
        Scope.OBJECT,
        rbac_create_token,
        References(
            cis="5.1.13",
            owasp_2022="K03",
            owasp_2025="K02",
            peers={"kubescape": ("rule-can-create-service-account-token",)},
        ),
        kinds=frozenset(
            (
                "Role",
                "ClusterRole",
            )
        ),
    ),
    Rule(
        "rbac-persistent-volumes",
        Severity.MEDIUM,
        Action.WARN,
        Scope.OBJECT,
        rbac_persistent_volumes,
        References(
            cis="5.1.9",
            owasp_2022="K03",
            owasp_2025="K02",
            peers={"kubescape": ("rule-can-create-pv",)},
        ),
        kinds=frozenset(
            (
                "Role",
                "ClusterRole",
            )
        ),
    ),
    Rule(
        "rbac-service-status",
        Severity.MEDIUM,
        None,
        Scope.OBJECT,
        rbac_service_status,
        References(owasp_2022="K03", owasp_2025="K02", peers={"checkov": ("CKV2_K8S_4",)}),
        kinds=frozenset(
            (
                "Role",
                "ClusterRole",
            )
        ),
    ),
    Rule(
        "rbac-network-write",
        Severity.MEDIUM,
        None,
        Scope.OBJECT,
        rbac_network_write,
        References(owasp_2022="K03", owasp_2025="K02", peers={"trivy": ("KSV-0056",)}),
        kinds=frozenset(
            (
                "Role",
                "ClusterRole",
            )
        ),
    ),
    Rule(
        "rbac-configmap-write",
        Severity.LOW,
        None,
        Scope.OBJECT,
        rbac_configmap_write,
        References(
            owasp_2022="K03",
            owasp_2025="K02",
            peers={
                "trivy": (
                    "KSV-0049",
                    "KSV-0115",
                ),
                "kubescape": ("rule-can-update-configmap-v1",),
            },
        ),
        kinds=frozenset(
            (
                "Role",
                "ClusterRole",
            )
        ),
    ),
    Rule(
        "rbac-delete-evidence",
        Severity.LOW,
        None,
        Scope.OBJECT,
        rbac_delete_evidence,
        References(
            owasp_2022="K05",
            owasp_2025="K10",
            peers={
                "trivy": ("KSV-0042",),
                "kubescape": (
                    "rule-can-delete-k8s-events-v1",
                    "rule-excessive-delete-rights-v1",
                ),
            },
        ),
        kinds=frozenset(
            (
                "Role",
                "ClusterRole",
            )
        ),
    ),
    Rule(
        "rbac-anonymous-binding",
        Severity.CRITICAL,
        Action.BLOCK,
        Scope.OBJECT,
        rbac_anonymous_binding,
        References(
            owasp_2022="K06",
            owasp_2025="K09",
            peers={
                "trivy": ("KSV-0122",),
                "kubescape": ("anonymous-access-enabled",),
                "kyverno": ("restrict-binding-system-groups",),
            },
        ),
        kinds=frozenset(
            (
                "RoleBinding",
                "ClusterRoleBinding",
            )
        ),
    ),
    Rule(
        "rbac-authenticated-binding",
        Severity.HIGH,
        Action.BLOCK,
        Scope.OBJECT,
        rbac_authenticated_binding,
        References(owasp_2022="K06", owasp_2025="K09", peers={"trivy": ("KSV-01011",)}),
        kinds=frozenset(
            (
                "RoleBinding",
                "ClusterRoleBinding",
            )
        ),
    ),
    Rule(
        "rbac-masters-binding",
        Severity.CRITICAL,
        Action.BLOCK,
        Scope.OBJECT,
        rbac_masters_binding,
        References(cis="5.1.7", owasp_2022="K03", owasp_2025="K02", peers={"trivy": ("KSV-0123",)}),
        kinds=frozenset(
            (
                "RoleBinding",
                "ClusterRoleBinding",
            )
        ),
    ),
    Rule(
        "rbac-port-forward",
        Severity.LOW,
        None,
        Scope.OBJECT,
        rbac_port_forward,
        References(
            owasp_2022="K03", owasp_2025="K02", peers={"kubescape": ("rule-can-portforward-v1",)}
        ),
        kinds=frozenset(
            (
                "Role",
                "ClusterRole",
            )
        ),
    ),
)
