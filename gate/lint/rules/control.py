"""Roles that change what runs, and what the API server lets in.

https://kubernetes.io/docs/concepts/security/rbac-good-practices/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gate.documents.lenient import mappings, strings
from gate.lint.facts.grants import CHANGE, DELETE, RUNNING, grant, grants, is_cluster_wide
from gate.lint.rule import References, Scope, Violation, lint_rule
from gate.model.kubernetes import KubernetesObject
from gate.model.verdict import Action, Severity

_ROLES: Final = frozenset(("Role", "ClusterRole"))
_REFERENCES: Final = References(owasp_2022="K03", owasp_2025="K02")


@lint_rule(
    "rbac-workload-change",
    Severity.HIGH,
    Action.WARN,
    Scope.OBJECT,
    References(owasp_2022="K03", owasp_2025="K02", peers={"trivy": ("KSV-0048",)}),
    kinds=_ROLES,
)
def rbac_workload_change(obj: KubernetesObject) -> Iterator[Violation]:
    """Roles do not change what runs.

    Why: who can patch a Deployment can put any image into it, with its account and its secrets.

    Passes when: no rule allows update or patch of pods, or of Deployments, CronJobs and the
    like. access-to-create-pods asks who may create them.

    Remedy: Leave changing workloads to the pipeline's own account.
    """
    yield from grants(obj, RUNNING, {"update", "patch"})


@lint_rule(
    "rbac-workload-delete",
    Severity.MEDIUM,
    None,
    Scope.OBJECT,
    References(owasp_2022="K03", owasp_2025="K02", peers={"trivy": ("KSV-0048",)}),
    kinds=_ROLES,
)
def rbac_workload_delete(obj: KubernetesObject) -> Iterator[Violation]:
    """Roles do not delete what runs.

    Why: one call with deletecollection ends every workload of a namespace.

    Passes when: no rule allows delete or deletecollection of pods, or of Deployments, CronJobs
    and the like.

    Remedy: Leave deleting workloads to the pipeline's own account.
    """
    yield from grants(obj, RUNNING, DELETE)


@lint_rule(
    "rbac-ephemeral-containers",
    Severity.HIGH,
    Action.WARN,
    Scope.OBJECT,
    _REFERENCES,
    kinds=_ROLES,
)
def rbac_ephemeral_containers(obj: KubernetesObject) -> Iterator[Violation]:
    """Roles do not put containers into running pods.

    Why: an ephemeral container runs any image beside the others, and reads their files and
    their memory.

    Passes when: no rule allows update or patch of pods/ephemeralcontainers.

    Remedy: Remove pods/ephemeralcontainers from the role.
    """
    yield from grants(obj, {"pods/ephemeralcontainers"}, {"update", "patch"})


@lint_rule(
    "rbac-namespaces",
    Severity.HIGH,
    Action.WARN,
    Scope.OBJECT,
    _REFERENCES,
    kinds=_ROLES,
)
def rbac_namespaces(obj: KubernetesObject) -> Iterator[Violation]:
    """Roles do not change namespaces.

    Why: the labels of a namespace say which pod security standard holds in it, so who can patch
    them lets privileged pods in; who deletes a namespace deletes all that is in it.

    Passes when: no rule allows to update, patch or delete namespaces.

    Remedy: Leave namespaces to the pipeline's own account.
    """
    yield from grants(obj, {"namespaces"}, {"update", "patch", *DELETE})


@lint_rule(
    "rbac-nodes",
    Severity.HIGH,
    Action.WARN,
    Scope.OBJECT,
    _REFERENCES,
    kinds=_ROLES,
)
def rbac_nodes(obj: KubernetesObject) -> Iterator[Violation]:
    """Roles do not change nodes.

    Why: the labels and taints of a node say which pods run on it, so who can patch them draws
    other people's pods, with their secrets, to a node of choice; who deletes a node ends its pods.

    Passes when: no rule allows to create, update, patch or delete nodes, or to update or patch
    nodes/status.

    Remedy: Leave nodes to the kubelet and to the cloud's controller.
    """
    yield from grants(obj, {"nodes"}, CHANGE)
    yield from grants(obj, {"nodes/status"}, {"update", "patch"}, wildcards=False)


@lint_rule(
    "rbac-custom-resource-definitions",
    Severity.MEDIUM,
    Action.WARN,
    Scope.OBJECT,
    _REFERENCES,
    kinds=_ROLES,
)
def rbac_custom_resource_definitions(obj: KubernetesObject) -> Iterator[Violation]:
    """Roles do not change the definitions of kinds.

    Why: deleting a definition deletes every object of its kind, and changing one may send
    each object through a conversion webhook of somebody's own.

    Passes when: no rule allows to write customresourcedefinitions.

    Remedy: Install definitions with the pipeline's own account, and leave read access only.
    """
    yield from grants(obj, {"customresourcedefinitions"}, CHANGE)


@lint_rule(
    "rbac-api-services",
    Severity.HIGH,
    Action.WARN,
    Scope.OBJECT,
    _REFERENCES,
    kinds=_ROLES,
)
def rbac_api_services(obj: KubernetesObject) -> Iterator[Violation]:
    """Roles do not change which server answers for an API group.

    Why: who writes an APIService takes over the group, and gets the requests and the
    identities of all who use it.

    Passes when: no rule allows to write apiservices.

    Remedy: Remove apiservices from the role, or leave read access only.
    """
    yield from grants(obj, {"apiservices"}, CHANGE)


@lint_rule(
    "rbac-admission-policies",
    Severity.HIGH,
    Action.WARN,
    Scope.OBJECT,
    _REFERENCES,
    kinds=_ROLES,
)
def rbac_admission_policies(obj: KubernetesObject) -> Iterator[Violation]:
    """Roles do not change admission policies.

    Why: deleting a policy or its binding turns it off, and a mutating one changes every object.

    Passes when: no rule allows to write validating or mutating admission policies, or their
    bindings, nor the policies and exceptions of Kyverno, the constraint templates of Gatekeeper, or
    the policies of Sigstore's policy-controller.

    Remedy: Remove the resources from the role, or leave read access only.
    """
    kinds = ("validatingadmissionpolicies", "validatingadmissionpolicybindings")
    changing = ("mutatingadmissionpolicies", "mutatingadmissionpolicybindings")
    yield from grants(obj, {*kinds, *changing, *_OF_ENFORCERS}, CHANGE)


@lint_rule(
    "role-grants-nothing",
    Severity.LOW,
    Action.WARN,
    Scope.OBJECT,
    _REFERENCES,
    kinds=frozenset(("Role",)),
)
def role_grants_nothing(obj: KubernetesObject) -> Iterator[Violation]:
    """A namespaced Role names kinds that belong to a namespace.

    Why: a Role grants nothing on nodes, persistent volumes or webhooks, which stand in no
    namespace. Who wrote it believes otherwise, and what needs the right will fail.

    Passes when: no rule of a Role names a resource of Kubernetes that belongs to no namespace.
    The verb bind on clusterroles is no such right.

    Remedy: Remove the resource, or use a ClusterRole where it is needed.
    """
    for index, rule in mappings(obj.value.get("rules")):
        verbs = strings(rule.get("verbs"))
        for position, resource in enumerate(strings(rule.get("resources"))):
            wide = is_cluster_wide(resource) and grant(rule, {resource}, verbs, wildcards=False)
            if wide and not (resource == "clusterroles" and "bind" in verbs):
                path = ("rules", index, "resources", position)
                message = f"a Role grants nothing on {resource}, which belongs to no namespace"
                yield Violation(message, path)


_OF_ENFORCERS: Final = frozenset(
    (
        # https://kyverno.io/docs/policy-types/
        *("clusterpolicies", "policies", "policyexceptions", "validatingpolicies"),
        *("imagevalidatingpolicies", "mutatingpolicies", "generatingpolicies"),
        # https://open-policy-agent.github.io/gatekeeper/website/docs/howto
        "constrainttemplates",
        # https://docs.sigstore.dev/policy-controller/overview/
        "clusterimagepolicies",
    )
)

RULES: Final = (
    rbac_workload_change,
    rbac_workload_delete,
    rbac_ephemeral_containers,
    rbac_namespaces,
    rbac_nodes,
    rbac_custom_resource_definitions,
    rbac_api_services,
    rbac_admission_policies,
    role_grants_nothing,
)
