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


def _custom(spec: str) -> str:
    return f"apiVersion: a.example/v1\nkind: A\nmetadata: {{name: a}}\nspec: {{{spec}}}\n"


def _hook(port: str) -> str:
    ports = "ports: [{containerPort: 80, name: http}]"
    return _pod(container=f"{ports}, lifecycle: {{postStart: {{httpGet: {{port: {port}}}}}}}")


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


def _deployed(version: str) -> str:
    pod = "{metadata: {labels: {app: a}}, spec: {containers: [{name: c, image: 'a:1'}]}}"
    head = f"apiVersion: {version}\nkind: Deployment\nmetadata: {{name: a, namespace: shop}}\n"
    return f"{head}spec: {{template: {pod}}}\n"


def _everything() -> str:
    return _pod("serviceAccountName: default, ") + _everyone("system:serviceaccounts")


def _nowhere() -> str:
    return _pod().replace(", namespace: shop", "")


def _security(text: str) -> str:
    return _pod(f"securityContext: {{{text}}}, ")


def _range(item: str, namespace: str = "shop") -> str:
    head = "---\napiVersion: v1\nkind: LimitRange\n"
    return f"{head}metadata: {{name: l, namespace: {namespace}}}\nspec: {{limits: [{{{item}}}]}}\n"


NUMBER: Final = "env: [{name: PORT, value: 80}]"
MEMORY: Final = "unset-memory-requirements"
ROOT: Final = "run-as-non-root"
BY_DEFAULT: Final = "type: Container, default: {memory: 1Gi}"
TOKEN: Final = "automount-service-account-token"
ACCOUNT: Final = _pod("serviceAccountName: web, ")
USER: Final = "system:serviceaccount:shop:web"
PAIRS: Final[list[tuple[str, str, str]]] = [
    ("liveness-port", _probe("livenessProbe", "9090"), _probe("livenessProbe", "web")),
    ("readiness-port", _probe("readinessProbe", "9090"), _probe("readinessProbe", "web")),
    ("startup-port", _probe("startupProbe", "9090"), _probe("startupProbe", "web")),
    ("lifecycle-port", _hook("9090"), _hook("web")),
    ("secret-in-field", _custom("password: hunter2"), _custom("url: 'https://a:hunter2@b'")),
    (
        "run-as-non-root",
        _pod("hostUsers: false, securityContext: {runAsUser: 0}, "),
        _pod("hostUsers: true, securityContext: {runAsUser: 0}, "),
    ),
    (TOKEN, _pod("serviceAccountName: web, automountServiceAccountToken: true, "), ACCOUNT),
    (TOKEN, ACCOUNT + _bound("web", "shop"), ACCOUNT),
    (TOKEN, ACCOUNT.replace(", namespace: shop", ""), ACCOUNT),
    (ROOT, _pod(), _security("runAsUser: 0")),
    (ROOT, _security("fsGroup: 0"), _security("runAsNonRoot: false")),
    (ROOT, _pod(), _security("runAsNonRoot: true, runAsGroup: 0")),
    (MEMORY, _nowhere(), _pod()),
    (MEMORY, _pod() + _range(BY_DEFAULT), _pod() + _range(BY_DEFAULT, "elsewhere")),
    (
        MEMORY,
        _pod() + _range("type: Container, max: {memory: 1Gi}"),
        _pod() + _range("type: Pod, max: {memory: 1Gi}"),
    ),
    (MEMORY, _pod() + _range(BY_DEFAULT), _pod() + _range(BY_DEFAULT.replace("1Gi", "0"))),
    (MEMORY, _pod() + _range(BY_DEFAULT), _pod() + _range(BY_DEFAULT.replace("memory", "cpu"))),
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
    (
        "added-capabilities",
        _pod(container="securityContext: {capabilities: {add: [IPC_LOCK]}}"),
        _pod(container="securityContext: {capabilities: {add: [SYS_TIME]}}"),
    ),
    ("mismatching-selector", _deployed("extensions/v1beta1"), _deployed("apps/v1")),
    ("mismatching-selector", _deployed("apps/v1beta1"), _deployed("apps/v1beta2")),
    ("persistent-volume-host-path", _volume("/data"), _volume("/")),
    (
        "yaml-ambiguous-scalar",
        _custom(f"template: {{spec: {{containers: [{{name: c, image: a, {NUMBER}}}]}}}}"),
        _pod(container=NUMBER),
    ),
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


@pytest.mark.parametrize(
    ("rule", "text"), [(MEMORY, _nowhere()), (TOKEN, ACCOUNT.replace(", namespace: shop", ""))]
)
def test_what_may_be_set_elsewhere_blocks_where_the_manifests_are_complete(
    rule: str, text: str
) -> None:
    complete = {"profile": "gate", "complete": True}
    assert _actions(text, complete, rule) == {Action.BLOCK}
    assert _actions(_pod(), complete, "default-service-account") == {Action.WARN}


def test_a_limit_that_a_range_sets_is_missing_in_the_container_for_other_profiles() -> None:
    text = _pod() + _range(BY_DEFAULT)
    assert _actions(text, {"profile": "kube-linter"}, MEMORY) == {Action.BLOCK}


DANGERS: Final[list[tuple[str, str]]] = [
    ("privileged-container", _pod(container="securityContext: {privileged: true}")),
    ("host-pid", _pod("hostPID: true, ")),
    ("host-ipc", _pod("hostIPC: true, ")),
    ("host-network", _pod("hostNetwork: true, ")),
    (
        "docker-sock",
        _pod(
            "volumes: [{name: v, hostPath: {path: /var/run/docker.sock}}], ",
            "volumeMounts: [{name: v, mountPath: /s}]",
        ),
    ),
    (ROOT, _security("runAsUser: 0")),
    (ROOT, _security("runAsNonRoot: false")),
    (ROOT, _pod(container="securityContext: {runAsNonRoot: false}")),
    ("default-service-account", _pod() + _bound("default", "shop")),
    ("default-service-account-binding", _bound("default", "shop")),
    ("latest-tag", _pod().replace("a:1", "a:latest")),
    ("latest-tag", _pod().replace("a:1", "a")),
    ("wildcard-in-rules", _wildcard("'*'")),
    ("cluster-admin-role-binding", _everyone("g").replace("view", "cluster-admin")),
]


@pytest.mark.parametrize(("rule", "text"), DANGERS)
def test_a_danger_blocks_whether_a_namespace_is_named_or_not(rule: str, text: str) -> None:
    assert _actions(text, {"profile": "gate"}, rule) == {Action.BLOCK}
    nowhere = text.replace(", namespace: shop", "")
    assert _actions(nowhere, {"profile": "gate"}, rule) == {Action.BLOCK}


def test_the_profile_kube_linter_blocks_a_probe_of_a_number_that_is_not_listed() -> None:
    text = _probe("readinessProbe", "9090")
    assert _actions(text, {"profile": "kube-linter"}, "readiness-port") == {Action.BLOCK}


def test_a_version_that_ignores_the_field_is_not_softened_by_it() -> None:
    users = _pod("hostUsers: false, securityContext: {runAsUser: 0}, ")
    memory = _pod("resources: {limits: {memory: 1Gi}}, ")
    old = {"profile": "gate", "kubernetes-version": "1.32"}
    assert _actions(users, old, "run-as-non-root") == {Action.BLOCK}
    assert _actions(memory, old, "unset-memory-requirements") == {Action.BLOCK}
    assert _actions(memory, {"profile": "gate"}, "unset-memory-requirements") == set()


def test_a_probe_of_a_sidecar_is_asked_for_its_port_too() -> None:
    sidecar = "initContainers: [{name: s, image: 'b:1', restartPolicy: Always, "
    probe = "readinessProbe: {httpGet: {port: web}}}], "
    assert _actions(_pod(sidecar + probe), {"profile": "gate"}, "readiness-port") == {Action.BLOCK}
