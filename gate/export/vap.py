"""A ValidatingAdmissionPolicy: digests, names, registries and the plainest rules, in CEL.

https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/

It needs no webhook and asks no registry, so it sees no signature, no pass and no other
evidence. It knows the pods of Kubernetes' own kinds. An update that leaves the pod as it was is
not judged, so that nothing that runs already is kept from being changed or deleted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from gate.checks.digest import CHECK as DIGEST
from gate.checks.verdict_pass import CHECK as PASS
from gate.documents.yaml_written import write_yaml
from gate.export.account import Account, Exported
from gate.export.names import DIGEST as DIGEST_EXPRESSION
from gate.export.names import IN_FULL, NOT_IN_FULL, allowed_expression, image_expression, spellings
from gate.policy.document import ImageEntry, Policy

TARGET: Final = "vap"
_NAME: Final = "gate-images"
_POD: Final = (
    "{0} == null ? null : {0}.kind == 'Pod' ? {0}.spec : {0}.kind == 'PodTemplate' ? "
    "{0}.template.spec : {0}.kind == 'CronJob' ? {0}.spec.jobTemplate.spec.template.spec : "
    "has({0}.spec.template) ? {0}.spec.template.spec : null"
)
_LISTS: Final = ("containers", "initContainers", "ephemeralContainers")


def _each(mapped: str, kept: str = "") -> str:
    """Return a list made of every container of the pod, in every list of containers."""
    return " + ".join(
        f"(has(variables.pod.{name}) ? variables.pod.{name}{kept}.map(c, {mapped}) : [])"
        for name in _LISTS
    )


_IMAGES: Final = (
    "variables.pod == null ? [] : "
    + _each("has(c.image) ? c.image : ''")
    + " + (has(variables.pod.volumes) ? variables.pod.volumes.filter(v, has(v.image))"
    ".map(v, has(v.image.reference) ? v.image.reference : '') : [])"
)
_SECURITY: Final = "has(c.securityContext) && has(c.securityContext.{0}) && c.securityContext.{0}"
_ESCALATES: Final = _SECURITY.format("allowPrivilegeEscalation")
_ADMIN: Final = (
    "has(c.securityContext) && has(c.securityContext.capabilities) "
    "&& has(c.securityContext.capabilities.add) "
    "&& c.securityContext.capabilities.add.exists(a, a.matches('(?i)^(cap_)?sys_admin$'))"
)


def _none(condition: str) -> str:
    """Return that no container of the pod is so."""
    parts = (
        f"(!has(variables.pod.{name}) || !variables.pod.{name}.exists(c, {condition}))"
        for name in _LISTS
    )
    return " && ".join(parts)


RULES: Final[dict[str, tuple[str, str]]] = {
    "privileged-container": (
        _none(_SECURITY.format("privileged")),
        "a container is privileged",
    ),
    "privilege-escalation-container": (
        " && ".join(map(_none, (_ESCALATES, _SECURITY.format("privileged"), _ADMIN))),
        "a container allows privilege escalation",
    ),
    **{
        rule: (
            f"!has(variables.pod.{key}) || !variables.pod.{key}",
            f"the pod has {key}",
        )
        for rule, key in (
            ("host-network", "hostNetwork"),
            ("host-pid", "hostPID"),
            ("host-ipc", "hostIPC"),
        )
    },
    "host-path-volume": (
        "!has(variables.pod.volumes) || !variables.pod.volumes.exists(v, has(v.hostPath))",
        "the pod has a hostPath volume",
    ),
}
"""Rules of lint that a short expression says whole, by name: what must hold, and what is told."""


def export_vap(policy: Policy) -> Exported:
    """Return the policy's admission policy and its binding, as YAML."""
    account = Account(policy)
    validations = [*_names(policy, account), *_rules(account, policy)]
    spec = {
        "failurePolicy": "Fail",
        "matchConstraints": {"resourceRules": _resources()},
        "variables": [
            {"name": "pod", "expression": _POD.format("object")},
            {"name": "before", "expression": _POD.format("oldObject")},
            {
                "name": "unchanged",
                "expression": "variables.before != null && variables.pod == variables.before",
            },
            {"name": "images", "expression": _IMAGES},
        ],
        "validations": [
            {
                "expression": f"variables.unchanged || variables.pod == null || ({must})",
                "messageExpression": told,
                "message": plain,
                "reason": "Forbidden",
            }
            for must, told, plain in validations
        ],
    }
    group = "admissionregistration.k8s.io/v1"
    made = {
        "apiVersion": group,
        "kind": "ValidatingAdmissionPolicy",
        "metadata": {"name": _NAME},
        "spec": spec,
    }
    bound = {
        "apiVersion": group,
        "kind": "ValidatingAdmissionPolicyBinding",
        "metadata": {"name": _NAME},
        "spec": {"policyName": _NAME, "validationActions": ["Deny"]},
    }
    return account.closed(TARGET, f"{write_yaml(made)}---\n{write_yaml(bound)}")


def _resources() -> list[dict[str, Any]]:
    kinds = {
        "": ["pods", "pods/ephemeralcontainers", "podtemplates", "replicationcontrollers"],
        "apps": ["daemonsets", "deployments", "replicasets", "statefulsets"],
        "batch": ["cronjobs", "jobs"],
    }
    return [
        {
            "apiGroups": [group],
            "apiVersions": ["v1"],
            "operations": ["CREATE", "UPDATE"],
            "resources": resources,
        }
        for group, resources in kinds.items()
    ]


def _names(policy: Policy, account: Account) -> Iterator[tuple[str, str, str]]:
    if policy.allowed is not None:
        fits = " || ".join(_fits(allowed_expression(a.text)) for a in policy.allowed)
        account.approximated("registries.allow", IN_FULL)
        yield _about_images(fits, "from no allowed registry")
    if told := spellings([entry.pattern.text for entry in policy.images]):
        yield _about_images(f"{_fits(told[0])} && !{_fits(told[1])}", NOT_IN_FULL)
    covered = " || ".join(_fits(image_expression(e.pattern.text)) for e in policy.images)
    yield _about_images(covered, "that no entry of the policy matches")
    pinned = "false"
    for entry in reversed(policy.images):
        here = _fits(f"{DIGEST_EXPRESSION}$") if _wants_digest(entry) else "true"
        pinned = f"{_fits(image_expression(entry.pattern.text))} ? {here} : ({pinned})"
        if DIGEST.name in entry.checks:
            account.approximated(f"images {entry.pattern.text} digest", IN_FULL)
        if PASS.name in entry.checks:
            account.approximated(
                f"images {entry.pattern.text} pass", "a digest is demanded, and no pass"
            )
    if any(map(_wants_digest, policy.images)):
        yield _about_images(pinned, "without a digest")


def _wants_digest(entry: ImageEntry) -> bool:
    """Whether the deploy step would refuse a tag: a pass names digests."""
    return not entry.checks.keys().isdisjoint((DIGEST.name, PASS.name))


def _fits(expression: str) -> str:
    return f"i.matches({json.dumps(expression)})"


def _about_images(must: str, problem: str) -> tuple[str, str, str]:
    told = f"'gate: images {problem}: ' + variables.images.filter(i, !({must})).join(', ')"
    return f"variables.images.all(i, {must})", told, f"gate: there are images {problem}"


def _rules(account: Account, policy: Policy) -> Iterator[tuple[str, str, str]]:
    if policy.manifests is None:
        return
    for name, (must, problem) in RULES.items():
        try:
            account.expressed(f"manifests {name}")
        except KeyError:
            continue  # it does not block here
        yield must, f"'gate: {problem} [{name}]'", f"gate: {problem} [{name}]"
