"""Network paths that nothing uses: where the manifests decide it, and where they do not."""

from __future__ import annotations

from typing import Final

import pytest

from gate.lint.settings import lint_settings
from gate.manifests.load import load_manifests
from gate.policy.manifests import ManifestsSection
from tests.fakes.linted import linted

SETTINGS: Final = lint_settings(ManifestsSection())
PORTS: Final = "ports: [{name: http, containerPort: 8080}]"
SERVICE, POLICY = "service-port-unlisted", "network-policy-port-unlisted"
PEER: Final = "dangling-networkpolicypeer-namespaceselector"
NAME: Final = "kubernetes.io/metadata.name"
WEB: Final = "podSelector: {matchLabels: {app: web}}"


def _object(api: str, kind: str, spec: str, namespace: str = "shop") -> str:
    return (
        f"---\napiVersion: {api}\nkind: {kind}\n"
        f"metadata: {{name: a, namespace: {namespace}, labels: {{app: web}}}}\nspec: {{{spec}}}\n"
    )


def _pod(container: str, more: str = "") -> str:
    return _object("v1", "Pod", f"containers: [{{name: c, image: a, {container}}}]{more}")


def _service(port: str, spec: str = "selector: {app: web}, ") -> str:
    return _object("v1", "Service", f"{spec}ports: [{port}]")


def _policy(rules: str, selector: str = WEB, namespace: str = "shop") -> str:
    api = "networking.k8s.io/v1"
    return _object(api, "NetworkPolicy", f"{selector}, {rules}", namespace)


def _found(rule: str, *texts: str) -> list[tuple[str, str]]:
    manifests = load_manifests([("f.yaml", "".join(texts).encode())])
    assert not manifests.findings
    found = linted(manifests.objects, SETTINGS).findings
    return [(f.field or "", f.message) for f in found if f.rule == rule]


@pytest.mark.parametrize(
    ("port", "field", "shown"),
    [
        ("{port: 80}", "port", "80"),
        ("{port: 8080, targetPort: 80}", "targetPort", "80"),
        ("{port: 80, targetPort: web}", "targetPort", "web"),
        ("{port: 8080, protocol: UDP}", "port", "8080 over UDP"),
        ("{port: 80, targetPort: http, protocol: UDP}", "targetPort", "http over UDP"),
    ],
)
def test_a_port_of_a_service_that_no_container_lists_is_told(
    port: str, field: str, shown: str
) -> None:
    message = f"no container of the service's pods lists the port {shown}"
    assert _found(SERVICE, _service(port), _pod(PORTS)) == [(f"spec.ports[0].{field}", message)]


@pytest.mark.parametrize(
    "port", ["{port: 8080}", "{port: 80, targetPort: 8080}", "{port: 80, targetPort: http}"]
)
def test_a_port_of_a_service_that_a_container_lists_is_right(port: str) -> None:
    assert _found(SERVICE, _service(port), _pod(PORTS)) == []


def test_a_sidecar_and_any_of_several_pods_may_be_the_one_that_lists_the_port() -> None:
    sidecar = f", initContainers: [{{name: s, image: a, restartPolicy: Always, {PORTS}}}]"
    other = "ports: [{containerPort: 9090}]"
    assert _found(SERVICE, _service("{port: 8080}"), _pod(other, sidecar)) == []
    second = _pod(PORTS).replace("name: a,", "name: b,")
    assert _found(SERVICE, _service("{port: 8080}"), _pod(other), second) == []


def test_of_a_container_that_lists_no_port_only_a_name_is_surely_wrong() -> None:
    silent = _pod("command: [x]")
    assert _found(SERVICE, _service("{port: 80}"), silent) == []
    assert len(_found(SERVICE, _service("{port: 80, targetPort: http}"), silent)) == 1


@pytest.mark.parametrize(
    "spec", ["", "selector: {app: other}, ", "type: ExternalName, selector: {app: web}, "]
)
def test_nothing_is_said_of_a_service_whose_pods_the_manifests_do_not_have(spec: str) -> None:
    assert _found(SERVICE, _service("{port: 80}", spec), _pod(PORTS)) == []


def test_an_ingress_rule_is_held_to_the_ports_of_the_policys_pods() -> None:
    rule = "ingress: [{ports: [{port: 8080}, {port: 80}, {port: http}, {port: web}]}]"
    message = "no container that the rule is about lists the port"
    assert _found(POLICY, _policy(rule), _pod(PORTS)) == [
        ("spec.ingress[0].ports[1].port", f"{message} 80"),
        ("spec.ingress[0].ports[3].port", f"{message} web"),
    ]
    assert _found(POLICY, _policy(rule, "podSelector: {}"), _pod(PORTS)) == []


def test_a_range_of_ports_is_right_where_one_of_them_is_listed() -> None:
    message = "no container that the rule is about lists the port 8081 to 9000"
    wrong = _policy("ingress: [{ports: [{port: 8081, endPort: 9000}]}]")
    assert _found(POLICY, wrong, _pod(PORTS)) == [("spec.ingress[0].ports[0].port", message)]
    right = _policy("ingress: [{ports: [{port: 8000, endPort: 8080}]}]")
    assert _found(POLICY, right, _pod(PORTS)) == []


@pytest.mark.parametrize(
    ("peers", "told"),
    [
        (f"to: [{{{WEB}}}], ", True),
        (f"to: [{{{WEB}}}, {{ipBlock: {{cidr: 10.0.0.0/8}}}}], ", False),
        (f"to: [{{namespaceSelector: {{}}, {WEB}}}], ", False),
        ("to: [{podSelector: {}}], ", False),
        ("", False),
    ],
)
def test_an_egress_rule_is_held_to_the_ports_of_the_pods_that_it_leads_to(
    peers: str,
    told: bool,  # noqa: FBT001  # a column
) -> None:
    policy = _policy(f"egress: [{{{peers}ports: [{{port: 80}}]}}]", "podSelector: {}")
    assert bool(_found(POLICY, policy, _pod(PORTS))) is told


@pytest.mark.parametrize(
    ("namespaces", "pods", "told"),
    [
        (f"matchLabels: {{{NAME}: shop}}", "app: wbe", True),
        (
            f"matchExpressions: [{{key: {NAME}, operator: In, values: [shop]}}]",
            "app: wbe",
            True,
        ),
        (f"matchLabels: {{{NAME}: shop}}", "app: web", False),
        (f"matchLabels: {{{NAME}: elsewhere}}", "app: wbe", False),
        (
            f"matchExpressions: [{{key: {NAME}, operator: In, values: [shop, elsewhere]}}]",
            "app: wbe",
            False,
        ),
        ("matchLabels: {team: shop}", "app: wbe", False),
        ("", "app: wbe", False),
    ],
)
def test_a_peer_of_named_namespaces_is_a_pod_of_them(
    namespaces: str,
    pods: str,
    told: bool,  # noqa: FBT001  # a column
) -> None:
    peer = f"namespaceSelector: {{{namespaces}}}, podSelector: {{matchLabels: {{{pods}}}}}"
    policy = _policy(f"ingress: [{{from: [{{{peer}}}]}}]", "podSelector: {}", "till")
    wanted = "spec.ingress[0].from[0].podSelector"
    found = _found(PEER, policy, _pod(PORTS))
    assert [field for field, _ in found] == [wanted] * told


@pytest.mark.parametrize(("key", "told"), [("containers", True), ("initContainers", False)])
def test_nothing_is_said_where_something_else_completes_the_pods(
    key: str,
    told: bool,  # noqa: FBT001  # a column
) -> None:
    pod = f"{{{key}: [{{name: c, image: a, {PORTS}}}]}}"
    template = f"template: {{metadata: {{labels: {{app: web}}}}, spec: {pod}}}"
    shop = _object("apps.example.org/v1", "Shop", template)
    assert bool(_found(SERVICE, _service("{port: 80}"), shop)) is told


def _cilium(spec: str, kind: str = "CiliumNetworkPolicy") -> str:
    return _object("cilium.io/v2", kind, f"{spec}, ingress: []")


@pytest.mark.parametrize(
    ("policy", "told"),
    [
        (_cilium("endpointSelector: {matchLabels: {app: wbe}}"), True),
        (_cilium("endpointSelector: {matchLabels: {'k8s:app': web}}"), False),
        (_cilium("endpointSelector: {}"), False),
        (_cilium("endpointSelector: {matchLabels: {'k8s:io.kubernetes.pod.namespace': x}}"), False),
        (
            _cilium(
                "endpointSelector: {matchLabels: {app: wbe}}", "CiliumClusterwideNetworkPolicy"
            ),
            False,
        ),
        (_policy("ingress: []", "podSelector: {matchLabels: {app: wbe}}"), True),
        (_policy("ingress: []"), False),
    ],
)
def test_a_policy_of_a_namespace_that_selects_no_pod_of_it_is_told(
    policy: str,
    told: bool,  # noqa: FBT001  # a column
) -> None:
    assert bool(_found("dangling-networkpolicy", policy, _pod(PORTS))) is told
