"""`gate lint --namespace`: objects that name no namespace are judged as in this one."""

from __future__ import annotations

from pathlib import Path

import pytest

from gate.cli.runs.lint import run_lint
from gate.errors import UsageError
from gate.manifests.load import load_manifests
from gate.manifests.namespaced import in_namespace
from gate.model.report import Report
from gate.model.verdict import Action

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: web}
spec: {serviceAccountName: web, containers: [{name: web, image: 'a:1'}]}
"""
LIMITS = """\
---
apiVersion: v1
kind: LimitRange
metadata: {name: limits, namespace: shop}
spec: {limits: [{type: Container, default: {memory: 1Gi}}]}
"""
CRD = """\
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: fleets.ops.example}
spec: {group: ops.example, scope: Cluster, names: {kind: Fleet}}
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def lint(text: str, namespace: str | None) -> Report:
    Path("m.yaml").write_text(text)
    return run_lint(
        ["m.yaml"], profile="gate", policy=None, kubernetes_version=None, namespace=namespace
    )


def actions(report: Report) -> dict[str, Action]:
    return {f.code: f.action for f in report.findings}


def test_an_object_without_a_namespace_is_judged_as_in_the_one_that_is_given() -> None:
    without, given, default = (actions(lint(POD, name)) for name in (None, "shop", "default"))
    assert [a.get("use-namespace") for a in (without, given, default)] == [
        Action.WARN,
        None,
        Action.WARN,
    ]
    memory = "unset-memory-requirements"
    assert (without[memory], given[memory]) == (Action.WARN, Action.BLOCK)
    assert actions(lint(POD, "kube-system"))["kube-system-namespace"] is Action.WARN


def test_its_name_in_the_report_has_the_namespace_as_waivers_and_baselines_write_it() -> None:
    named = {str(f.object) for f in lint(POD, "shop").findings}
    assert named == {"shop/Pod/web"}


def test_what_the_namespace_holds_counts_for_it() -> None:
    memory = "unset-memory-requirements"
    assert actions(lint(POD + LIMITS, "shop"))[memory] is Action.WARN
    assert actions(lint(POD + LIMITS, "store"))[memory] is Action.BLOCK


def test_an_object_that_names_a_namespace_or_belongs_to_none_stays_as_it_is() -> None:
    text = (
        f"{POD}{LIMITS}{CRD}---\napiVersion: ops.example/v1\nkind: Fleet\nmetadata: {{name: f}}\n"
        "---\napiVersion: ops.other/v1\nkind: Fleet\nmetadata: {name: f}\n"
        "---\napiVersion: serving.example/v1\nkind: Node\nmetadata: {name: node}\n"
        "---\napiVersion: v1\nkind: Node\nmetadata: {name: node}\n"
    )
    objects = load_manifests([("m.yaml", text.encode())]).objects
    assert [str(obj.name) for obj in in_namespace(objects, "store")] == [
        "store/Pod/web",
        "shop/LimitRange/limits",
        "CustomResourceDefinition/fleets.ops.example",
        "Fleet/f",
        "store/Fleet/f",
        "store/Node/node",
        "Node/node",
    ]


@pytest.mark.parametrize("name", ["", "Shop", "a" * 64, "shop/web", "-shop"])
def test_a_name_that_no_namespace_has_is_a_wrong_call(name: str) -> None:
    with pytest.raises(UsageError) as raised:
        lint(POD, name)
    assert raised.value.code == "lint-option"
    assert "--namespace" in str(raised.value)
