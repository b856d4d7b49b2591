"""Service accounts of pods."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Container, Iterator, Mapping
from typing import Final, TypeAlias

from gate.documents.lenient import mappings, text
from gate.lint.facts.view import Pod
from gate.lint.facts.whole import Whole, namespace_of
from gate.lint.rule import References, Scope, Violation, lint_rule
from gate.model.expressions import expression
from gate.model.kubernetes import KubernetesObject
from gate.model.verdict import Action, Severity

_EVERY_ACCOUNT: Final = "system:serviceaccounts"
_ACCOUNT: Final = expression(r"system:serviceaccount:([^:]{1,63}):([^:]{1,253})")
_Bound: TypeAlias = Mapping[str, Collection[str]]
"""The accounts that have a role: of each name its namespaces."""
_Tokens: TypeAlias = tuple[_Bound, Mapping[tuple[str, str], object]]


def bound_accounts(whole: Whole) -> dict[str, set[str]]:
    """Return the accounts that have a role among the manifests: of each name its namespaces.

    An empty namespace is one that the manifest does not say.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for binding in whole.of_kind("RoleBinding", "ClusterRoleBinding"):
        for _, subject in mappings(binding.value.get("subjects")):
            name, namespace = text(subject.get("name")), text(subject.get("namespace"))
            user = _ACCOUNT.fullmatch(name)
            if subject.get("kind") == "Group" and name.startswith(_EVERY_ACCOUNT):
                found["default"].add(name.removeprefix(_EVERY_ACCOUNT).removeprefix(":"))
            elif subject.get("kind") == "ServiceAccount":
                found[name].add(namespace or namespace_of(binding))
            elif subject.get("kind") == "User" and user:
                found[user[2]].add(user[1])
    return found


def _accounts(whole: Whole) -> Mapping[tuple[str, str], object]:
    """Return each service account by namespace and name, and whether its pods get a token."""
    found: dict[tuple[str, str], object] = {}
    for namespace, account in whole.all_named("ServiceAccount"):
        mounts = account.value.get("automountServiceAccountToken")
        found[namespace, account.name.name] = (
            mounts if isinstance(mounts, bool | int | float) else None
        )
    return found


def _tokens(whole: Whole) -> _Tokens:
    return bound_accounts(whole), _accounts(whole)


@lint_rule(
    "default-service-account",
    Severity.MEDIUM,
    Action.BLOCK,
    Scope.AMONG,
    gathers=bound_accounts,
    references=References(
        cis="5.1.5",
        owasp_2022="K03",
        owasp_2025="K02",
        peers={"kube-linter": ("default-service-account",)},
    ),
)
def default_service_account(pod: Pod, bound: _Bound) -> Iterator[Violation]:
    """Pods run under a service account of their own.

    Why: every right of the default account is a right of every pod of the namespace.

    Passes when: serviceAccountName (or the old serviceAccount) names an account other than
    default, or automountServiceAccountToken is false, so that the pod has no account's token.
    The profile gate blocks where the manifests bind a role to the default account, and only
    warns where they do not: without a role, its token opens nothing.

    Remedy: Create a service account for the workload and name it in serviceAccountName.
    """
    token = pod.value.get("automountServiceAccountToken")
    if token is not False and account(pod) in ("", "default"):
        powerless = not is_bound(bound, "default", namespace_of(pod.object))
        path = (*pod.path, "serviceAccountName")
        message = "the pod runs under the default service account"
        if not powerless:
            message += ", which has a role"
        yield Violation(message, path, doubtful=powerless)


@lint_rule(
    "automount-service-account-token",
    Severity.MEDIUM,
    Action.BLOCK,
    Scope.AMONG,
    gathers=_tokens,
    references=References(
        cis="5.1.6",
        owasp_2022="K01",
        owasp_2025="K01",
        peers={
            "checkov": ("CKV_K8S_38",),
            "trivy": ("KSV-0036",),
            "kubescape": (
                "automount-service-account",
                "serviceaccount-token-mount",
            ),
            "polaris": ("automountServiceAccountToken",),
            "kyverno": (
                "restrict-automount-sa-token",
                "restrict-sa-automount-sa-token",
            ),
        },
    ),
)
def automount_service_account_token(pod: Pod, known: _Tokens) -> Iterator[Violation]:
    """Pods that do not ask for it get no token of the cluster.

    Why: everybody who reads a file in the container can speak to the cluster as its account.

    Passes when: automountServiceAccountToken is false on the pod, or on its service account
    while the pod does not say otherwise. The profile gate only warns where the token is wanted:
    the field is true, or the manifests bind a role to the account; and where it opens nothing:
    the account is default, and the manifests bind no role to it. It only warns too where the
    manifest names no namespace and the policy does not say that the manifests are complete:
    the call that deploys chooses the namespace, where a role may be bound to the account.

    Remedy: Set automountServiceAccountToken: false, and mount a projected token where needed.
    """
    bound, accounts = known
    own = pod.value.get("automountServiceAccountToken")
    name, namespace = account(pod) or "default", namespace_of(pod.object)
    mounts = accounts.get((namespace, name))
    if own is not False and not (own is None and mounts is False):
        path = (*pod.path, "automountServiceAccountToken")
        uses = is_bound(bound, name, namespace) is not (name == "default")
        wanted = True in (own, mounts) or uses
        message = "the pod gets a token of the cluster"
        by_default = name == "default" and own is None
        fault = (*pod.path, "serviceAccountName") if by_default else None
        open_still = not namespace
        violation = Violation(message, path, doubtful=wanted, elsewhere=open_still, fault=fault)
        yield violation


@lint_rule(
    "default-service-account-automount",
    Severity.MEDIUM,
    Action.WARN,
    Scope.OBJECT,
    References(
        cis="5.1.5",
        owasp_2022="K03",
        owasp_2025="K02",
        peers={"checkov": ("CKV_K8S_41",), "kubescape": ("automount-default-service-account",)},
    ),
    kinds=frozenset(("ServiceAccount",)),
)
def default_service_account_automount(obj: KubernetesObject) -> Iterator[Violation]:
    """The default service account hands out no tokens.

    Why: every pod that names no account gets one of its tokens.

    Passes when: the ServiceAccount default has automountServiceAccountToken: false.

    Remedy: Set automountServiceAccountToken: false.
    """
    if obj.name.name == "default" and obj.value.get("automountServiceAccountToken") is not False:
        path = ("automountServiceAccountToken",)
        yield Violation("the default service account hands out tokens", path)


@lint_rule(
    "default-service-account-binding",
    Severity.HIGH,
    Action.BLOCK,
    Scope.OBJECT,
    References(cis="5.1.5", owasp_2022="K03", owasp_2025="K02", peers={"checkov": ("CKV_K8S_42",)}),
    kinds=frozenset(
        (
            "RoleBinding",
            "ClusterRoleBinding",
        )
    ),
)
def default_service_account_binding(obj: KubernetesObject) -> Iterator[Violation]:
    """No role is bound to a default service account.

    Why: every pod of the namespace that names no account gets the role.

    Passes when: no subject is a ServiceAccount called default.

    Remedy: Bind the role to an account of the workload's own.
    """
    for index, subject in mappings(obj.value.get("subjects")):
        if subject.get("kind") == "ServiceAccount" and subject.get("name") == "default":
            path = ("subjects", index, "name")
            yield Violation("the role is bound to a default service account", path)


@lint_rule(
    "deprecated-service-account-field",
    Severity.LOW,
    Action.WARN,
    Scope.POD,
    References(
        peers={
            "kube-linter": ("deprecated-service-account-field",),
            "kubescape": ("deprecated-service-account-field",),
        }
    ),
)
def deprecated_service_account_field(pod: Pod) -> Iterator[Violation]:
    """Pods name their account in serviceAccountName.

    Why: serviceAccount is the old name; where both are set and differ, readers disagree.

    Passes when: serviceAccount is not set, or is the same as serviceAccountName (as the API
    server returns it).

    Remedy: Rename serviceAccount to serviceAccountName.
    """
    old = pod.value.get("serviceAccount")
    if old and old != pod.value.get("serviceAccountName"):
        yield Violation("serviceAccount is the old name", (*pod.path, "serviceAccount"))


@lint_rule(
    "non-existent-service-account",
    Severity.MEDIUM,
    Action.BLOCK,
    Scope.AMONG,
    gathers=_accounts,
    references=References(
        peers={
            "kube-linter": ("non-existent-service-account",),
            "kubescape": ("non-existent-service-account",),
        }
    ),
    referential=True,
)
def non_existent_service_account(
    pod: Pod, accounts: Container[tuple[str, str]]
) -> Iterator[Violation]:
    """Service accounts that pods name are among the manifests.

    Why: a pod whose account does not exist is never created.

    Passes when: a ServiceAccount of that name is in the pod's namespace; default always
    exists.

    Remedy: Add the service account, or correct its name.
    """
    name = account(pod)
    if name not in ("", "default") and (namespace_of(pod.object), name) not in accounts:
        key = "serviceAccountName" if pod.value.get("serviceAccountName") else "serviceAccount"
        yield Violation(f"no service account is called {name}", (*pod.path, key))


def is_bound(bound: _Bound, name: str, namespace: str) -> bool:
    """Whether an account has a role; one that every namespace has, only where it is the pod's."""
    namespaces = bound.get(name, ())
    if not namespace and name != "default":
        return bool(namespaces)
    return not {namespace or "default", ""}.isdisjoint(namespaces)


def account(pod: Pod) -> str:
    """Return the name of the pod's service account; empty where it names none."""
    name = pod.value.get("serviceAccountName") or pod.value.get("serviceAccount")
    return name if isinstance(name, str) else ""


RULES: Final = (
    default_service_account,
    automount_service_account_token,
    default_service_account_automount,
    default_service_account_binding,
    deprecated_service_account_field,
    non_existent_service_account,
)
