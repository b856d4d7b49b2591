"""What the profile `gate` only warns about, and the near neighbour that blocks."""

from __future__ import annotations

from typing import Any, Final

import pytest

from gate.lint.settings import lint_settings
from gate.manifests.load import load_manifests
from gate.model.verdict import Action
from gate.policy.manifests import ManifestsSection
from tests.fakes.linted import linted

POD: Final = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: shop}\n"
GROUP: Final = "rbac.authorization.k8s.io"
CRD: Final = (
    "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
    "metadata: {name: carts.shop.example}\nspec: {group: shop.example}\n---\n"
)


def _pod(pod: str = "", container: str = "") -> str:
    return f"{POD}spec: {{{pod}containers: [{{name: c, image: 'a:1', {container}}}]}}\n"


def _probe(key: str, port: str) -> str:
    ports = "ports: [{containerPort: 80, name: http}]"
    return _pod(container=f"{ports}, {key}: {{httpGet: {{port: {port}}}}}")


def _bound(account: str, namespace: str, kind: str = "ServiceAccount") -> str:
    subject = f"{{kind: {kind}, name: '{account}', namespace: {namespace}}}"
    return (
        f"---\napiVersion: {GROUP}/v1\nkind: RoleBinding\n"
        f"metadata: {{name: b, namespace: {namespace}}}\n"
        f"roleRef: {{kind: Role, name: r}}\nsubjects: [{subject}]\n"
    )


def _wildcard(groups: str) -> str:
    rule = f"{{apiGroups: [{groups}], resources: ['*'], verbs: ['*']}}"
    return f"apiVersion: {GROUP}/v1\nkind: ClusterRole\nmetadata: {{name: r}}\nrules: [{rule}]\n"


def _everyone(group: str) -> str:
    return (
        f"---\napiVersion: {GROUP}/v1\nkind: ClusterRoleBinding\nmetadata: {{name: b}}\n"
        "roleRef: {kind: ClusterRole, name: view}\n"
        f"subjects: [{{kind: Group, name: '{group}'}}]\n"
    )


def _volume(path: str) -> str:
    head = "apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: v}\n"
    return f"{head}spec: {{hostPath: {{path: {path}}}}}\n"


def _everything() -> str:
    return _pod("serviceAccountName: default, ") + _everyone("system:serviceaccounts")


def _nowhere() -> str:
    return _pod().replace(", namespace: shop", "")


TOKEN: Final = "automount-service-account-token"
ACCOUNT: Final = _pod("serviceAccountName: web, ")
USER: Final = "system:serviceaccount:shop:web"
PAIRS: Final[list[tuple[str, str, str]]] = [
    ("liveness-port", _probe("livenessProbe", "9090"), _probe("livenessProbe", "web")),
    ("readiness-port", _probe("readinessProbe", "9090"), _probe("readinessProbe", "web")),
    ("startup-port", _probe("startupProbe", "9090"), _probe("startupProbe", "web")),
    (
        "run-as-non-root",
        _pod("hostUsers: false, securityContext: {runAsUser: 0}, "),
        _pod("hostUsers: true, securityContext: {runAsUser: 0}, "),
    ),
    (TOKEN, _pod("serviceAccountName: web, automountServiceAccountToken: true, "), ACCOUNT),
    (TOKEN, ACCOUNT + _bound("web", "shop"), ACCOUNT),
    (TOKEN, ACCOUNT + _bound(USER, "shop", "User"), ACCOUNT + _bound("web", "elsewhere")),
    ("default-service-account", _pod(), _pod() + _bound("default", "shop")),
    ("default-service-account", _pod(), _pod() + _everyone("system:serviceaccounts:shop")),
    ("default-service-account", _pod() + _bound("default", "elsewhere"), _everything()),
    (
        "default-service-account",
        _nowhere() + _bound("default", "elsewhere"),
        _nowhere() + _bound("default", "default"),
    ),
    ("wildcard-in-rules", CRD + _wildcard("shop.example"), CRD + _wildcard("''")),
    ("wildcard-in-rules", CRD + _wildcard("shop.example"), CRD + _wildcard("shop.example, ''")),
    ("wildcard-in-rules", CRD + _wildcard("shop.example"), _wildcard("shop.example")),
    (
        "rbac-authenticated-binding",
        _everyone("system:serviceaccounts:shop"),
        _everyone("system:serviceaccounts"),
    ),
    ("persistent-volume-host-path", _volume("/data"), _volume("/")),
]


def _actions(text: str, section: dict[str, Any], rule: str) -> set[Action]:
    manifests = load_manifests([("f.yaml", text.encode())])
    assert not manifests.findings
    settings = lint_settings(ManifestsSection.model_validate(section))
    found = linted(manifests.objects, settings).findings
    return {f.action for f in found if f.rule == rule}


@pytest.mark.parametrize(("rule", "doubtful", "sure"), PAIRS, ids=[p[0] for p in PAIRS])
def test_the_profile_gate_warns_where_it_may_be_meant_so_and_blocks_beside_it(
    rule: str, doubtful: str, sure: str
) -> None:
    assert _actions(doubtful, {"profile": "gate"}, rule) == {Action.WARN}
    assert _actions(sure, {"profile": "gate"}, rule) == {Action.BLOCK}


@pytest.mark.parametrize("rule", sorted({p[0] for p in PAIRS}))
def test_a_policy_that_names_the_rule_blocks_what_may_be_meant_so(rule: str) -> None:
    text = next(p[1] for p in PAIRS if p[0] == rule)
    assert _actions(text, {"profile": "gate", "block": [rule]}, rule) == {Action.BLOCK}


def test_the_profile_kube_linter_blocks_a_probe_of_a_number_that_is_not_listed() -> None:
    text = _probe("readinessProbe", "9090")
    assert _actions(text, {"profile": "kube-linter"}, "readiness-port") == {Action.BLOCK}


def test_a_version_that_ignores_the_field_is_not_softened_by_it() -> None:
    users = _pod("hostUsers: false, ")
    memory = _pod("resources: {limits: {memory: 1Gi}}, ")
    old = {"profile": "gate", "kubernetes-version": "1.32"}
    assert _actions(users, old, "run-as-non-root") == {Action.BLOCK}
    assert _actions(memory, old, "unset-memory-requirements") == {Action.BLOCK}
    assert _actions(memory, {"profile": "gate"}, "unset-memory-requirements") == set()


def test_a_probe_of_a_sidecar_is_asked_for_its_port_too() -> None:
    sidecar = "initContainers: [{name: s, image: 'b:1', restartPolicy: Always, "
    probe = "readinessProbe: {httpGet: {port: web}}}], "
    assert _actions(_pod(sidecar + probe), {"profile": "gate"}, "readiness-port") == {Action.BLOCK}
