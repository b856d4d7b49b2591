"""Service accounts and what they may do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gate.lint.rule import References, Rule, Scope, Violation
from gate.lint.view import Pod
from gate.model.verdict import Action, Severity


def default_service_account(pod: Pod) -> Iterator[Violation]:
    """Pods run under a service account of their own.

    Why: whatever is granted to the default account is granted to every pod of the namespace.

    Passes when: serviceAccountName (or the old serviceAccount) names an account other than
    default, or the pod mounts no token.

    Remedy: Create a service account for the workload and name it in serviceAccountName.
    """
    name = pod.value.get("serviceAccountName") or pod.value.get("serviceAccount")
    if name in (None, "", "default") and pod.value.get("automountServiceAccountToken") is not False:
        yield Violation(
            "the pod runs under the default service account", (*pod.path, "serviceAccountName")
        )


RULES: Final = (
    Rule(
        "default-service-account",
        Severity.MEDIUM,
        Action.BLOCK,
        Scope.POD,
        default_service_account,
        References(
            cis="5.1.5",
            owasp_2022="K03",
            owasp_2025="K02",
            peers={"kube-linter": ("default-service-account",)},
        ),
    ),
)
