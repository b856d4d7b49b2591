"""Named choices of rules."""

from __future__ import annotations

from typing import Final, assert_never

from gate.lint.rule import ParameterValue, Rule, Scope, Standard
from gate.lint.rules import RULES
from gate.model.verdict import Action
from gate.policy.profile import Profile

KUBE_LINTER: Final = frozenset(
    (
        "dangling-service",
        "deprecated-service-account-field",
        "docker-sock",
        "drop-net-raw-capability",
        "duplicate-env-var",
        "env-var-secret",
        "host-ipc",
        "host-network",
        "host-pid",
        "invalid-target-ports",
        "job-ttl-seconds-after-finished",
        "latest-tag",
        "liveness-port",
        "mismatching-selector",
        "no-anti-affinity",
        "no-extensions-v1beta",
        "no-read-only-root-fs",
        "non-existent-service-account",
        "pdb-max-unavailable",
        "pdb-min-available",
        "pdb-unhealthy-pod-eviction-policy",
        "privilege-escalation-container",
        "privileged-container",
        "readiness-port",
        "run-as-non-root",
        "sensitive-host-mounts",
        "ssh-port",
        "startup-port",
        "unsafe-sysctls",
        "unset-cpu-requirements",
        "unset-memory-requirements",
    )
)
"""What KubeLinter runs unless told otherwise."""

PARAMETERS: Final[dict[Profile, dict[str, dict[str, ParameterValue]]]] = {
    Profile.KUBE_LINTER: {"env-var-secret": {"any-secret": True}}
}
"""What a profile sets where the policy sets nothing else."""

_SAID: Final = frozenset(("not-linted-inside",))
"""Rules that tell what was not looked at: no level of the Pod Security Standards hides it."""


def actions_of(profile: Profile) -> dict[str, Action | None]:
    """Return what a profile does about each rule; None where the rule does not run.

    Rules about files that do not parse belong to every profile.
    """
    return {rule.name: _action(rule, profile) for rule in RULES}


def _action(rule: Rule, profile: Profile) -> Action | None:
    if rule.scope is Scope.FILE:
        return rule.default
    match profile:
        case Profile.GATE:
            return rule.default
        case Profile.ALL:
            return rule.default or Action.WARN
        case Profile.KUBE_LINTER:
            return Action.BLOCK if rule.name in KUBE_LINTER else None
        case Profile.BASELINE:
            return _standard(rule, (Standard.BASELINE,))
        case Profile.RESTRICTED:
            return _standard(rule, (Standard.BASELINE, Standard.RESTRICTED))
        case unreachable:
            assert_never(unreachable)


def _standard(rule: Rule, levels: tuple[Standard, ...]) -> Action | None:
    if rule.name in _SAID:
        return rule.default
    asked = rule.references.admission and rule.references.pss in levels
    return Action.BLOCK if asked else None
