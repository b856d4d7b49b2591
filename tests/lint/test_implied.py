"""Rules that imply each other report the most telling one."""

from __future__ import annotations

from typing import Any, Final

import pytest

from gate.lint import implied
from gate.lint.rules import rule_named
from gate.lint.settings import lint_settings
from gate.manifests.load import load_manifests
from gate.model.verdict import Action, Finding
from gate.policy.manifests import ManifestsSection
from tests.fakes.linted import linted

POD: Final = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: shop}\n"
ROLE: Final = (
    "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: r}\n"
    "rules: [{apiGroups: ['*'], resources: ['*'], verbs: [get, impersonate]}]\n"
)
SOCKET: Final = "/var/run/docker.sock"


def _pod(container: str, pod: str = "") -> str:
    return f"{POD}spec: {{{pod}containers: [{{name: c, image: 'a:1', {container}}}]}}\n"


def _secure(text: str) -> str:
    return _pod(f"securityContext: {{{text}}}")


def _mounted(host: str) -> str:
    volume = f"volumes: [{{name: v, hostPath: {{path: {host}}}}}], "
    return _pod("volumeMounts: [{name: v, mountPath: /m, readOnly: true}]", volume)


def _findings(text: str, **section: Any) -> tuple[Finding, ...]:  # noqa: ANN401  # of a policy
    manifests = load_manifests([("f.yaml", text.encode())])
    assert not manifests.findings
    settings = lint_settings(ManifestsSection.model_validate({"profile": "gate", **section}))
    return linted(manifests.objects, settings).findings


CASES: Final[list[tuple[str, str, set[str]]]] = [
    (
        "dangerous-capabilities",
        _secure("capabilities: {add: [SYS_ADMIN]}"),
        {"added-capabilities", "privilege-escalation-container"},
    ),
    (
        "privileged-container",
        _secure("privileged: true"),
        {"privilege-escalation-container"},
    ),
    ("run-as-non-root", _secure("runAsUser: 0"), {"run-as-root-user"}),
    ("docker-sock", _mounted(SOCKET), {"host-path-volume"}),
    ("sensitive-host-mounts", _mounted("/etc"), {"host-path-volume"}),
    ("wildcard-in-rules", ROLE, {"rbac-impersonate"}),
    ("yaml-ambiguous-scalar", _pod("args: [sleep, 60]"), {"schema-validation"}),
    (
        "label-values",
        _pod("").replace("name: a,", "name: a, labels: {b: c d},", 1),
        {"invalid-value"},
    ),
    ("default-service-account", _pod(""), {"automount-service-account-token"}),
]


@pytest.mark.parametrize(("telling", "text", "others"), CASES, ids=[c[0] for c in CASES])
def test_one_fault_is_one_finding_that_names_the_others(
    telling: str, text: str, others: set[str]
) -> None:
    found = _findings(text)
    assert others <= {name for f in found if f.rule == telling for name in f.also}
    assert others.isdisjoint({f.rule for f in found})


def test_two_faults_are_two_findings() -> None:
    text = _secure("allowPrivilegeEscalation: true, capabilities: {add: [SYS_TIME, SYS_ADMIN]}")
    found = {f.rule for f in _findings(text)}
    assert {"added-capabilities", "dangerous-capabilities"} <= found
    assert "privilege-escalation-container" in found


def test_what_blocks_does_not_go_into_what_only_warns() -> None:
    text = _secure("capabilities: {add: [SYS_ADMIN]}")
    found = {f.rule: f.action for f in _findings(text, warn=["dangerous-capabilities"])}
    assert found["dangerous-capabilities"] is Action.WARN
    assert found["added-capabilities"] is Action.BLOCK


def test_what_is_silenced_takes_no_other_finding_with_it() -> None:
    silence = 'annotations: {ignore-check.kube-linter.io/dangerous-capabilities: "a reason"}'
    text = _secure("capabilities: {add: [SYS_ADMIN]}").replace("name: a,", f"name: a, {silence},")
    found = {f.rule for f in _findings(text, suppressible=["dangerous-capabilities"])}
    assert "dangerous-capabilities" not in found
    assert "added-capabilities" in found


@pytest.mark.parametrize("profile", ["kube-linter", "baseline", "restricted"])
def test_the_profiles_of_others_report_each_rule(profile: str) -> None:
    found = _findings(
        _secure("privileged: true, capabilities: {add: [SYS_ADMIN]}"), profile=profile
    )
    assert {f.also for f in found} == {()}


def test_the_table_names_rules_that_there_are() -> None:
    table = implied._IMPLIED_BY  # noqa: SLF001  # the table is what the test is about
    names = {*table, *(name for telling in table.values() for name in telling)}
    assert {name for name in names if rule_named(name) is None} == set()


@pytest.mark.parametrize(
    ("image", "rules"),
    [
        ("a:latest", {"latest-tag", "image-digest-required"}),
        ("a:1", {"image-digest-required"}),
        (f"a:latest@sha256:{'0' * 64}", set()),
    ],
)
def test_a_tag_that_moves_and_a_digest_that_lacks_are_two_faults(
    image: str, rules: set[str]
) -> None:
    text = f"{POD}spec: {{containers: [{{name: c, image: '{image}'}}]}}\n"
    found = {f.rule for f in _findings(text, profile="all")}
    assert found & {"latest-tag", "image-digest-required"} == rules
