"""What a rule of a role grants.

https://kubernetes.io/docs/reference/access-authn-authz/rbac/
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, Final

from gate.documents.lenient import mappings, strings
from gate.lint.rule import Violation
from gate.model.kubernetes import KubernetesObject

WRITE: Final = frozenset(("create", "update", "patch"))
DELETE: Final = frozenset(("delete", "deletecollection"))
CHANGE: Final = WRITE | DELETE
RUNNING: Final = frozenset(
    (
        *("pods", "deployments", "statefulsets", "replicasets", "daemonsets", "cronjobs", "jobs"),
        *("replicationcontrollers", "rollouts", "deploymentconfigs"),
    )
)
"""What runs images, or makes something that does."""


def grants(
    obj: KubernetesObject,
    resources: Collection[str],
    verbs: Collection[str],
    *,
    wildcards: bool = True,
) -> Iterator[Violation]:
    """Yield each rule of a role that allows one of some verbs on one of some resources.

    A namespaced Role allows nothing on what is in no namespace, for all that it says: a Role
    that names nodes/proxy yields nothing. But it may allow to bind cluster roles, since a
    RoleBinding of one is in its namespace.
    """
    if obj.name.kind == "Role":
        resources = {
            r
            for r in resources
            if not is_cluster_wide(r) or (r == "clusterroles" and "bind" in verbs)
        }
    for index, rule in mappings(obj.value.get("rules")):
        found = grant(rule, resources, verbs, wildcards=wildcards)
        if found:
            yield granted(index, found)


def granted(index: int, found: str) -> Violation:
    """Return the violation of a rule of a role. Through a wildcard, that is the fault."""
    fault = ("rules", index) if "*" in found else None
    return Violation(f"the role allows {found}", ("rules", index, "resources"), fault=fault)


def grant(
    rule: dict[str, Any],
    resources: Collection[str],
    verbs: Collection[str],
    *,
    wildcards: bool = True,
) -> str | None:
    """Return in words what a rule allows of some verbs on some resources; None for nothing.

    A resource counts only in an API group that has it. A rule without apiGroups counts for all;
    so does a resource named in the core group, where people write what is in another.
    """
    star = {"*"} if wildcards else set()
    verb = next((v for v in strings(rule.get("verbs")) if v in verbs or v in star), None)
    if verb is None:
        return None
    groups = strings(rule.get("apiGroups"))
    named, every = set(resources), star
    if groups and "*" not in groups:
        resources = {r for r in resources if not _groups_of(r).isdisjoint(groups)}
        named = named if "" in groups else set(resources)
        every = star if resources else set()
    for resource in strings(rule.get("resources")):
        subresource = resource.partition("/")[2]
        if resource in named or resource in every:
            return f"{verb} on {resource}"
        if resource.startswith("*/") and any(r.endswith("/" + subresource) for r in resources):
            return f"{verb} on {resource}"
    return None


def is_cluster_wide(resource: str) -> bool:
    """Whether a resource is in no namespace.

    A namespace is in itself: the API server asks the roles of `shop` about the namespace
    `shop`, so a Role there can allow to change it.
    """
    return resource.partition("/")[0] in _CLUSTER_WIDE


def _groups_of(resource: str) -> frozenset[str]:
    """Return the API groups that have a resource; the core group's name is empty."""
    return _GROUPS.get(resource.partition("/")[0], _CORE)


_CORE: Final = frozenset(("",))
_APPS: Final = frozenset(("apps", "extensions"))
_NETWORK: Final = frozenset(("networking.k8s.io", "extensions"))
_BATCH: Final = frozenset(("batch",))
_RBAC: Final = frozenset(("rbac.authorization.k8s.io",))
_CERTIFICATES: Final = frozenset(("certificates.k8s.io",))
_ADMISSION: Final = frozenset(("admissionregistration.k8s.io",))
_DEFINITIONS: Final = frozenset(("apiextensions.k8s.io",))
_SERVICES: Final = frozenset(("apiregistration.k8s.io",))
_KYVERNO: Final = frozenset(("kyverno.io", "policies.kyverno.io"))
_AUTHENTICATION: Final = frozenset(("", "authentication.k8s.io"))
_GROUPS: Final = {
    "apiservices": _SERVICES,
    "certificatesigningrequests": _CERTIFICATES,
    "clusterimagepolicies": frozenset(("policy.sigstore.dev",)),
    "clusterpolicies": _KYVERNO,
    "clusterrolebindings": _RBAC,
    "clusterroles": _RBAC,
    "constrainttemplates": frozenset(("templates.gatekeeper.sh",)),
    "cronjobs": _BATCH,
    "customresourcedefinitions": _DEFINITIONS,
    "daemonsets": _APPS,
    "deploymentconfigs": frozenset(("apps.openshift.io",)),
    "deployments": _APPS,
    "endpointslices": frozenset(("discovery.k8s.io",)),
    "events": frozenset(("", "events.k8s.io")),
    "generatingpolicies": _KYVERNO,
    "groups": _AUTHENTICATION,
    "imagevalidatingpolicies": _KYVERNO,
    "ingresses": _NETWORK,
    "jobs": _BATCH,
    "mutatingadmissionpolicies": _ADMISSION,
    "mutatingadmissionpolicybindings": _ADMISSION,
    "mutatingwebhookconfigurations": _ADMISSION,
    "mutatingpolicies": _KYVERNO,
    "networkpolicies": _NETWORK,
    "policies": _KYVERNO,
    "policyexceptions": _KYVERNO,
    "replicasets": _APPS,
    "rolebindings": _RBAC,
    "roles": _RBAC,
    "rollouts": frozenset(("argoproj.io",)),
    "signers": _CERTIFICATES,
    "statefulsets": _APPS,
    "uids": _AUTHENTICATION,
    "userextras": _AUTHENTICATION,
    "users": _AUTHENTICATION,
    "validatingadmissionpolicies": _ADMISSION,
    "validatingadmissionpolicybindings": _ADMISSION,
    "validatingpolicies": _KYVERNO,
    "validatingwebhookconfigurations": _ADMISSION,
}
"""Where a resource is in other API groups than the core."""
_CLUSTER_WIDE: Final = frozenset(
    (
        *("apiservices", "certificatesigningrequests", "clusterrolebindings", "clusterroles"),
        *("componentstatuses", "csidrivers", "csinodes", "customresourcedefinitions"),
        *("flowschemas", "groups", "ingressclasses", "ipaddresses", "mutatingadmissionpolicies"),
        *("mutatingadmissionpolicybindings", "mutatingwebhookconfigurations", "nodes"),
        *("persistentvolumes", "priorityclasses", "prioritylevelconfigurations"),
        *("runtimeclasses", "selfsubjectaccessreviews", "servicecidrs", "signers"),
        *("storageclasses", "subjectaccessreviews", "tokenreviews", "uids", "userextras", "users"),
        *("validatingadmissionpolicies", "validatingadmissionpolicybindings"),
        *("validatingwebhookconfigurations", "volumeattachments", "volumeattributesclasses"),
    )
)
"""Resources of Kubernetes' own that stand in no namespace.

https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
"""
