"""Who has which role.

https://kubernetes.io/docs/concepts/security/rbac-good-practices/
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from itertools import chain
from typing import Final

from gate.documents.lenient import dig, mappings, sequence, text
from gate.lint.facts.grants import CHANGE, RUNNING, grant, granted
from gate.lint.facts.selectors import Selector
from gate.lint.facts.whole import Whole, namespace_of
from gate.lint.rule import References, Scope, SetViolation, Violation, lint_rule
from gate.model.kubernetes import KubernetesObject
from gate.model.verdict import Action, Severity


@lint_rule(
    "cluster-admin-role-binding",
    Severity.CRITICAL,
    Action.BLOCK,
    Scope.OBJECT,
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
)
def cluster_admin_role_binding(obj: KubernetesObject) -> Iterator[Violation]:
    """Nobody is bound to cluster-admin.

    Why: cluster-admin may do anything, so one stolen token is the whole cluster.

    Passes when: roleRef does not name cluster-admin. The binding that Kubernetes itself
    makes for system:masters is cluster-admin's own and not meant.

    Remedy: Write a role with what is needed, and bind that.
    """
    if dig(obj.value, "roleRef", "name") == "cluster-admin" and sequence(obj.value.get("subjects")):
        yield Violation("somebody is bound to cluster-admin", ("roleRef", "name"))


@lint_rule(
    "admin-role-binding",
    Severity.HIGH,
    Action.WARN,
    Scope.OBJECT,
    References(owasp_2022="K03", owasp_2025="K02", peers={"trivy": ("KSV-0111",)}),
    kinds=frozenset(("ClusterRoleBinding", "RoleBinding")),
)
def admin_role_binding(obj: KubernetesObject) -> Iterator[Violation]:
    """Nobody is bound to the built-in roles admin and edit for more than a namespace of people.

    Why: admin and edit read secrets, run pods as any account and open shells in pods; given to
    the whole cluster they are nearly cluster-admin, and given to an account, one stolen token
    has them. So have the roles of Kubernetes' own controllers and of its nodes.

    Passes when: no ClusterRoleBinding names the ClusterRole admin or edit, and no RoleBinding
    of either is for an account. The same holds for system:aggregate-to-admin and -edit,
    system:node, system:kube-controller-manager and each system:controller: role.

    Remedy: Write a role with what is needed, and bind that.
    """
    name = dig(obj.value, "roleRef", "name")
    if not _is_powerful(name) or dig(obj.value, "roleRef", "kind") != "ClusterRole":
        return
    subjects = [subject for _, subject in mappings(obj.value.get("subjects"))]
    if obj.name.kind == "ClusterRoleBinding" and subjects:
        message = f"somebody is bound to the built-in role {name} in every namespace"
        yield Violation(message, ("roleRef", "name"))
    elif any(_is_account(subject) for subject in subjects):
        yield Violation(f"an account is bound to the built-in role {name}", ("roleRef", "name"))


def _is_powerful(name: object) -> bool:
    return isinstance(name, str) and (name in _POWERFUL or name.startswith("system:controller:"))


def _is_account(subject: Mapping[str, object]) -> bool:
    accounts = ("system:serviceaccount:", "system:serviceaccounts")
    return subject.get("kind") == "ServiceAccount" or text(subject.get("name")).startswith(accounts)


@lint_rule(
    "access-to-secrets",
    Severity.HIGH,
    Action.WARN,
    Scope.SET,
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
)
def access_to_secrets(whole: Whole) -> Iterator[SetViolation]:
    """Roles do not give access to secrets.

    Why: who can list secrets has every password and token of the namespace.

    Passes when: no bound role, aggregated roles included, allows get, list, watch, create,
    or delete of secrets; nor does a role that the manifests bind to nobody.

    Remedy: Remove secrets from the role, or name single ones in resourceNames.
    """
    yield from _granted(whole, {"secrets"}, {"get", "list", "watch", *CHANGE})


@lint_rule(
    "access-to-create-pods",
    Severity.HIGH,
    Action.WARN,
    Scope.SET,
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
)
def access_to_create_pods(whole: Whole) -> Iterator[SetViolation]:
    """Roles do not allow to create pods.

    Why: who can create a pod can mount every secret and use every account of its namespace.

    Passes when: no bound role, aggregated roles included, allows create of pods or of a
    workload; nor does a role that the manifests bind to nobody.

    Remedy: Leave creating workloads to the pipeline's own account.
    """
    yield from _granted(whole, RUNNING, {"create"})


@lint_rule(
    "rbac-anonymous-binding",
    Severity.CRITICAL,
    Action.BLOCK,
    Scope.OBJECT,
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
)
def rbac_anonymous_binding(obj: KubernetesObject) -> Iterator[Violation]:
    """No role is bound to those who did not log in.

    Why: everybody who reaches the API server has the role.

    Passes when: no subject is system:anonymous or system:unauthenticated.

    Remedy: Bind the role to a named group.
    """
    yield from _bound_to(obj, ("system:anonymous", "system:unauthenticated"))


@lint_rule(
    "rbac-authenticated-binding",
    Severity.HIGH,
    Action.BLOCK,
    Scope.OBJECT,
    References(owasp_2022="K06", owasp_2025="K09", peers={"trivy": ("KSV-01011",)}),
    kinds=frozenset(
        (
            "RoleBinding",
            "ClusterRoleBinding",
        )
    ),
)
def rbac_authenticated_binding(obj: KubernetesObject) -> Iterator[Violation]:
    """No role is bound to everybody who logged in.

    Why: every account of every namespace has the role.

    Passes when: no subject is system:authenticated or system:serviceaccounts, nor every account
    of one namespace (system:serviceaccounts:shop), about which the profile gate only warns.

    Remedy: Bind the role to a named group or account.
    """
    yield from _bound_to(obj, ("system:authenticated", "system:serviceaccounts"))
    for index, subject in mappings(obj.value.get("subjects")):
        name = text(subject.get("name"))
        if name.startswith(_OF_NAMESPACE):
            message = f"the role is bound to every account of a namespace, {name}"
            yield Violation(message, ("subjects", index, "name"), doubtful=True)


@lint_rule(
    "rbac-masters-binding",
    Severity.CRITICAL,
    Action.BLOCK,
    Scope.OBJECT,
    References(cis="5.1.7", owasp_2022="K03", owasp_2025="K02", peers={"trivy": ("KSV-0123",)}),
    kinds=frozenset(
        (
            "RoleBinding",
            "ClusterRoleBinding",
        )
    ),
)
def rbac_masters_binding(obj: KubernetesObject) -> Iterator[Violation]:
    """No role is bound to system:masters.

    Why: that group passes every check of the API server, and cannot be revoked.

    Passes when: no subject is system:masters.

    Remedy: Bind the role to a group of your own.
    """
    yield from _bound_to(obj, ("system:masters",))


def _bound_to(obj: KubernetesObject, names: Collection[str]) -> Iterator[Violation]:
    for index, subject in mappings(obj.value.get("subjects")):
        if subject.get("name") in names:
            path = ("subjects", index, "name")
            yield Violation(f"the role is bound to {subject['name']}", path)


def _granted(
    whole: Whole, resources: Collection[str], verbs: Collection[str]
) -> Iterator[SetViolation]:
    bound: set[int] = set()
    allowed = {
        id(role): found
        for role in whole.of_kind("Role", "ClusterRole")
        if (found := _first(role, resources, verbs))
    }
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
            found = allowed.get(id(part))
            if found:
                message = f"the role {name} allows {found}"
                yield binding, Violation(message, ("roleRef", "name"))
                break
    for role in whole.of_kind("Role", "ClusterRole"):
        found = allowed.get(id(role))
        if found and id(role) not in bound:
            index = next(
                i for i, r in mappings(role.value.get("rules")) if grant(r, resources, verbs)
            )
            yield role, granted(index, found)


def _first(
    role: KubernetesObject, resources: Collection[str], verbs: Collection[str]
) -> str | None:
    rules = mappings(role.value.get("rules"))
    return next((f for _, r in rules if (f := grant(r, resources, verbs))), None)


def _aggregated(whole: Whole, role: KubernetesObject) -> Iterator[KubernetesObject]:
    yield role
    for _, value in mappings(dig(role.value, "aggregationRule", "clusterRoleSelectors")):
        selector = Selector.parse(value)
        yield from (other for other in whole.cluster_roles.matching(selector) if other is not role)


_OF_NAMESPACE: Final = "system:serviceaccounts:"

_POWERFUL: Final = frozenset(
    (
        *("admin", "edit", "system:aggregate-to-admin", "system:aggregate-to-edit"),
        *("system:kube-controller-manager", "system:node"),
    )
)
"""https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings"""

RULES: Final = (
    cluster_admin_role_binding,
    admin_role_binding,
    access_to_secrets,
    access_to_create_pods,
    rbac_anonymous_binding,
    rbac_authenticated_binding,
    rbac_masters_binding,
)
