"""The Helm chart of the webhook: rendered, linted, and installed on a real API server."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from typer.testing import CliRunner

from gate.cli.app import app
from tests.interop.kubernetes.api_server import ApiServer
from tests.interop.kubernetes.charts import CHART, MADE, OWN, VALUES, helm

ALL: Final[dict[str, Any]] = {
    "pullSecrets": [{"namespace": "shop", "secrets": ["regcred"]}],
    "audit": {"every": "6h"},
    "serviceAccount": {"annotations": {"eks.amazonaws.com/role-arn": "arn:aws:iam::1:role/gate"}},
    "podLabels": {"azure.workload.identity/use": "true"},
    "registries": "version: 1\n",
    "registryLogin": "login",
    "policyDigest": f"sha256:{'2' * 64}",
    "metrics": {"serviceMonitor": {"enabled": True}, "alerts": {"enabled": True}},
    "webhook": {
        "rules": [
            {
                "apiGroups": ["x.io"],
                "apiVersions": ["v1"],
                "operations": ["CREATE"],
                "resources": ["xs"],
            }
        ],
    },
}

LABELS: Final = "admission: {audit-labels: {labels: {a.b/c: d}, set-by: [e]}}"
WATCHED: Final = {"policy": f"{VALUES['policy']}\n{LABELS}\n"}


def rendered(**more: Any) -> str:  # noqa: ANN401  # any values
    done = helm(
        *("template", "gate", str(CHART), "--namespace", "gate-system"),
        *("--kube-version", "1.37.2"),
        values={**VALUES, **more},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, []),
        (OWN, []),
        (MADE, []),
        (ALL, []),
        (WATCHED, []),
        # It changes what was judged, and gate says so of its own webhook too: a warning.
        ({"webhook": {"mutateDigests": True}}, ["changes-objects-later"]),
    ],
    ids=["plain", "own-certificate", "made", "everything", "watched", "pinning"],
)
def test_what_the_chart_renders_passes_gates_own_lint_without_a_suppression(
    more: dict[str, Any], said: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = rendered(**more)
    assert "ignore" not in text
    monkeypatch.chdir(tmp_path)
    Path("chart.yaml").write_text(text)
    done = CliRunner().invoke(
        app, ["lint", "--profile", "restricted", "--format", "json", "chart.yaml"]
    )
    report = json.loads(done.stdout)
    assert (done.exit_code, [f["code"] for f in report["findings"]]) == (0, said)
    assert report["counts"]["objects"] >= 7
    done = CliRunner().invoke(app, ["lint", "--profile", "gate", "--format", "json", "chart.yaml"])
    blocking = [f for f in json.loads(done.stdout)["findings"] if f["action"] == "block"]
    assert (done.exit_code, blocking) == (0, [])


def kinds(**more: Any) -> dict[str, list[dict[str, Any]]]:  # noqa: ANN401  # any values
    found: dict[str, list[dict[str, Any]]] = {}
    for one in yaml.safe_load_all(rendered(**more)):
        found.setdefault(one["kind"], []).append(one)
    return found


def test_a_cloud_finds_gates_account_by_its_annotations_and_the_labels_of_its_pods() -> None:
    found = kinds(**ALL)
    (account,), (deployment,) = found["ServiceAccount"], found["Deployment"]
    assert account["metadata"]["annotations"] == ALL["serviceAccount"]["annotations"]
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    assert labels.items() > deployment["spec"]["selector"]["matchLabels"].items()
    assert labels["azure.workload.identity/use"] == "true"


@pytest.mark.parametrize(
    ("more", "rights", "asks_about_namespaces"),
    [
        ({}, [], False),
        ({"mode": "audit"}, [("events", "create")], False),
        (
            {"policy": f"{VALUES['policy']}\nadmission: {{audit: [sandbox]}}\n"},
            [("events", "create")],
            False,
        ),
        (WATCHED, [("events", "create"), ("namespaces", "get")], True),
    ],
    ids=["enforce", "audit", "by-name", "by-label"],
)
def test_the_account_has_the_rights_of_what_is_used_and_no_more(
    more: dict[str, Any],
    rights: list[tuple[str, str]],
    asks_about_namespaces: bool,  # noqa: FBT001  # a table of cases
) -> None:
    found = kinds(**more)
    rules = [rule for role in found.get("ClusterRole", []) for rule in role["rules"]]
    given = [(what, verb) for rule in rules for what in rule["resources"] for verb in rule["verbs"]]
    assert given == rights
    assert "Role" not in found
    (webhook,) = found["ValidatingWebhookConfiguration"]
    names = [one["name"] for one in webhook["webhooks"]]
    assert ("namespaces.gate.internal" in names) is asks_about_namespaces
    (deployment,) = found["Deployment"]
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    assert ("--audit-events" in container["args"]) is bool(rights)


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"image": {"repository": "ghcr.io/acme/gate", "digest": ""}}, "image.digest"),
        ({"image": {"repository": "ghcr.io/acme/gate", "digest": "latest"}}, "image.digest"),
        ({"policy": ""}, "policy"),
        ({"replicas": 0}, "replicas"),
        ({"mode": "off"}, "mode"),
        ({"podLabels": {"app.kubernetes.io/name": "other"}}, "app.kubernetes.io/name"),
        ({"audit": {"every": "5m"}}, "audit.every"),
        ({"pullSecrets": [{"namespace": "shop"}]}, "pullSecrets.0"),
        ({"unheard": 1}, "unheard"),
        ({"tls": {"certManager": {"enabled": False}}}, "tls"),
        ({"tls": {"own": {"enabled": True}}}, "tls"),
        ({"webhook": {"failurePolicy": "Maybe"}}, "webhook.failurePolicy"),
        ({"webhook": {"timeoutSeconds": 31}}, "webhook.timeoutSeconds"),
    ],
)
def test_a_value_that_is_wrong_is_refused_by_name(values: dict[str, Any], named: str) -> None:
    done = helm(
        *("template", "gate", str(CHART), "--kube-version", "1.37.2"),
        values={**VALUES, **values},
    )
    assert done.returncode != 0
    assert named.replace(".", "/") in done.stderr.replace(".", "/")


@pytest.fixture(scope="module")
def installed(api_server: ApiServer) -> Iterator[str]:
    """The namespace of a release that was installed."""
    authority = base64.b64encode(api_server.files.authority.read_bytes()).decode()
    own = {"tls": {**OWN["tls"], "caBundle": authority}}
    space = "gate-chart"
    common = ("--namespace", space, "--kubeconfig", str(api_server.kubeconfig))
    done = helm(
        *("install", "gate", str(CHART), "--create-namespace", *common), values={**VALUES, **own}
    )
    assert done.returncode == 0, done.stderr
    try:
        yield space
    finally:
        helm("uninstall", "gate", *common)


def deployment(name: str, space: str) -> str:
    spec = {
        "selector": {"matchLabels": {"app": "x"}},
        "template": {
            "metadata": {"labels": {"app": "x"}},
            "spec": {"containers": [{"name": "x", "image": "ghcr.io/acme/x:1"}]},
        },
    }
    meta = {"name": name, "namespace": space}
    return json.dumps(
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": meta, "spec": spec}
    )


def test_while_no_replica_answers_nothing_but_gate_itself_is_let_in(
    installed: str, api_server: ApiServer
) -> None:
    """No node runs here, so the webhook answers nobody: it fails closed, and spares itself."""
    api_server.kubectl("create", "namespace", "gate-chart-other")
    for name, space in (("gate", "gate-chart-other"), ("other", installed), ("x", "default")):
        done = api_server.kubectl("apply", "-f", "-", stdin=deployment(name, space))
        assert done.returncode != 0
        assert 'failed calling webhook "admit.gate.internal"' in done.stderr
    edit = ("-n", installed, "annotate", "deployment", "gate", "again=yes")
    assert api_server.kubectl(*edit).returncode == 0
    done = api_server.kubectl("apply", "-f", "-", stdin=deployment("x", "kube-system"))
    assert done.returncode == 0, done.stderr
    api_server.kubectl("-n", "kube-system", "delete", "deployment", "x", "--wait=false")


def test_an_upgrade_has_a_policy_of_its_own_and_a_rollback_brings_the_one_before(
    installed: str, api_server: ApiServer
) -> None:
    common = ("--namespace", installed, "--kubeconfig", str(api_server.kubeconfig))

    def policy() -> tuple[str, str]:
        live = api_server.get(f"/apis/apps/v1/namespaces/{installed}/deployments/gate")
        name = live["spec"]["template"]["spec"]["volumes"][0]["configMap"]["name"]
        held = api_server.get(f"/api/v1/namespaces/{installed}/configmaps/{name}")
        return name, held["data"]["policy.yaml"]

    before = policy()
    changed = {**VALUES, "policy": VALUES["policy"] + "# another\n"}
    done = helm("upgrade", "gate", str(CHART), "--reuse-values", *common, values=changed)
    assert done.returncode == 0, done.stderr
    after = policy()
    assert after[0] != before[0]
    assert after[1].endswith("# another\n")
    done = helm("rollback", "gate", *common)
    assert done.returncode == 0, done.stderr
    assert policy() == before
