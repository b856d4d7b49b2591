"""Roles with which one gets more than one was given.

https://kubernetes.io/docs/concepts/security/rbac-good-practices/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from gate.documents.lenient import dig, mappings, sequence, strings, text
from gate.lint.facts.grants import CHANGE, WRITE, grants
from gate.lint.facts.whole import Whole
from gate.lint.rule import References, Scope, SetViolation, Violation, lint_rule
from gate.model.kubernetes import KubernetesObject
from gate.model.verdict import Action, Severity


@lint_rule(
    "wildcard-in-rules",
    Severity.HIGH,
    Action.BLOCK,
    Scope.SET,
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
)
def wildcard_in_rules(whole: Whole) -> Iterator[SetViolation]:
    """Roles name what they grant.

    Why: a wildcard also grants what will be installed next year.

    Passes when: no rule has * among its verbs, resources or apiGroups. The profile gate only
    warns where each of the rule's groups has a CustomResourceDefinition among the manifests:
    an operator may do everything with its own kinds.

    Remedy: List the verbs, resources and groups that are needed.
    """
    defined = {
        text(dig(obj.value, "spec", "group")) for obj in whole.of_kind("CustomResourceDefinition")
    }
    for role in whole.of_kind("Role", "ClusterRole"):
        for index, rule in mappings(role.value.get("rules")):
            groups = strings(rule.get("apiGroups"))
            own = bool(groups) and all(g and g in defined for g in groups)
            for key in ("verbs", "resources", "apiGroups"):
                granted = strings(rule.get(key))
                if "*" in granted:
                    path = ("rules", index, key, granted.index("*"))
                    message = f"the rule grants every one of {key}"
                    violation = Violation(message, path, doubtful=own, fault=("rules", index))
                    yield role, violation


@lint_rule(
    "rbac-bind-escalate",
    Severity.CRITICAL,
    Action.BLOCK,
    Scope.OBJECT,
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
)
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
    yield from grants(obj, roles | bindings, {"bind", "escalate"})
    yield from grants(obj, roles | bindings, WRITE, wildcards=False)


@lint_rule(
    "rbac-impersonate",
    Severity.CRITICAL,
    Action.BLOCK,
    Scope.OBJECT,
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
)
def rbac_impersonate(obj: KubernetesObject) -> Iterator[Violation]:
    """Roles do not allow to pose as others.

    Why: who can impersonate can be system:masters.

    Passes when: no rule allows impersonate, or one of its parts such as impersonate:user-info,
    unless resourceNames names those whom one may pose as, without any of Kubernetes' own
    (system:masters).

    Remedy: Remove impersonate, or name single users in resourceNames.
    """
    rules = [rule for _, rule in mappings(obj.value.get("rules"))]
    extras = {r for rule in rules for r in strings(rule.get("resources")) if r.startswith(_EXTRAS)}
    verbs = {v for rule in rules for v in strings(rule.get("verbs")) if v.startswith(_PARTS)}
    resources = {"users", "groups", "serviceaccounts", "uids", *extras}
    yield from _unnamed(obj, grants(obj, resources, {"impersonate", *verbs}))


@lint_rule(
    "rbac-nodes-proxy",
    Severity.HIGH,
    Action.WARN,
    Scope.OBJECT,
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
)
def rbac_nodes_proxy(obj: KubernetesObject) -> Iterator[Violation]:
    """Roles do not reach the kubelet.

    Why: through nodes/proxy one runs commands in every pod of a node, and the audit log of
    the API server sees nothing.

    Passes when: no rule grants nodes/proxy.

    Remedy: Use the kubelet's fine-grained resources, such as nodes/metrics.
    """
    yield from grants(obj, {"nodes/proxy"}, {"create", "get", "update", "patch", "delete"})


@lint_rule(
    "rbac-approve-csr",
    Severity.HIGH,
    Action.WARN,
    Scope.OBJECT,
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
)
def rbac_approve_csr(obj: KubernetesObject) -> Iterator[Violation]:
    """Roles do not approve certificates.

    Why: who approves signing requests can make himself any user.

    Passes when: no rule allows update or patch of certificatesigningrequests/approval, or
    approve of signers.

    Remedy: Leave approval to the controller's own account.
    """
    yield from grants(obj, {"certificatesigningrequests/approval"}, {"update", "patch"})
    yield from grants(obj, {"signers"}, {"approve"})


@lint_rule(
    "rbac-admission-webhooks",
    Severity.HIGH,
    Action.WARN,
    Scope.OBJECT,
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
)
def rbac_admission_webhooks(obj: KubernetesObject) -> Iterator[Violation]:
    """Roles do not change admission webhooks.

    Why: a webhook sees and may change every object, secrets included, and deleting one
    turns a policy off.

    Passes when: no rule allows to write validating or mutating webhook configurations.

    Remedy: Remove the resources from the role, or leave read access only.
    """
    resources = {"validatingwebhookconfigurations", "mutatingwebhookconfigurations"}
    yield from grants(obj, resources, CHANGE)


@lint_rule(
    "rbac-create-token",
    Severity.HIGH,
    Action.WARN,
    Scope.OBJECT,
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
)
def rbac_create_token(obj: KubernetesObject) -> Iterator[Violation]:
    """Roles do not issue tokens.

    Why: who can create a token of an account is that account.

    Passes when: no rule allows create of serviceaccounts/token, unless resourceNames names the
    accounts.

    Remedy: Name single accounts in resourceNames, or remove the rule.
    """
    yield from _unnamed(obj, grants(obj, {"serviceaccounts/token"}, {"create"}))


def _unnamed(obj: KubernetesObject, found: Iterable[Violation]) -> Iterator[Violation]:
    """Yield the violations of rules that name nobody, or somebody of Kubernetes' own."""
    rules = sequence(obj.value.get("rules"))
    for violation in found:
        names = strings(dig(rules[int(violation.path[1])], "resourceNames"))
        if not names or any(name.startswith(_OWN) and name.count(":") == 1 for name in names):
            yield violation


_EXTRAS: Final = "userextras/"
_PARTS: Final = "impersonate:"
"""https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/"""
_OWN: Final = "system:"


RULES: Final = (
    wildcard_in_rules,
    rbac_bind_escalate,
    rbac_impersonate,
    rbac_nodes_proxy,
    rbac_approve_csr,
    rbac_admission_webhooks,
    rbac_create_token,
)
