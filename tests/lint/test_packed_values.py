"""What rules know of all objects does not keep the objects (docs/decisions/0069)."""

from __future__ import annotations

import gc
from collections.abc import Sequence

import pytest

from gate.explain.rule_examples import example_of
from gate.lint.facts.whole import SelectedPod, Whole
from gate.lint.report import LintReport
from gate.lint.rule import Rule, Scope
from gate.lint.rules import RULES
from gate.lint.settings import lint_settings
from gate.manifests.load import load_manifests
from gate.model.document import Document
from gate.model.kubernetes import KubernetesObject
from gate.model.value import Value
from gate.policy.profile import Profile, ProfileAlone
from tests.fakes.linted import linted

AMONG = [rule for rule in RULES if rule.scope is Scope.AMONG]
SHOP = """\
apiVersion: v1
kind: LimitRange
metadata: {name: l, namespace: n}
spec: {limits: [{type: Container, default: {memory: 1Gi}}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: d, namespace: n}
spec:
  replicas: 2
  selector: {matchLabels: {app: d}}
  template:
    metadata: {labels: {app: d}}
    spec: {containers: [{name: c, image: a}]}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: b, namespace: n}
spec: {minAvailable: 1, selector: {matchLabels: {app: d}}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: n}
spec: {podSelector: {matchLabels: {app: d}}}
---
apiVersion: v1
kind: Secret
metadata: {name: s, namespace: n}
stringData: {key: value}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: a, namespace: n}
automountServiceAccountToken: false
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: r, namespace: n}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}
subjects: [{kind: ServiceAccount, name: a}]
"""
KEPT = (KubernetesObject, Document, Value, SelectedPod)


@pytest.fixture(scope="module")
def files() -> list[tuple[str, bytes]]:
    """The bad and the good example of every rule, each a file."""
    found = [(rule.name, example_of(rule.name)) for rule in RULES]
    texts = [(name, one) for name, one in found if one]
    bad = [(f"{name}/bad.yaml", one.bad.encode()) for name, one in texts]
    return bad + [(f"{name}/good.yaml", one.good.encode()) for name, one in texts]


def _reported(files: Sequence[tuple[str, bytes]]) -> LintReport:
    settings = lint_settings(ProfileAlone(profile=Profile.ALL))
    return linted(load_manifests(files).objects, settings)


def test_all_examples_together_are_judged_alike_packed_and_not(
    files: list[tuple[str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = _reported(files)
    monkeypatch.setattr(Value, "pack", lambda _: None)
    assert packed == _reported(files)
    assert len({finding.rule for finding in packed.findings}) > 100


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_only_a_rule_about_a_pod_among_all_objects_gathers(rule: Rule) -> None:
    assert (rule.gathers is not None) is (rule.scope is Scope.AMONG)


@pytest.mark.parametrize("rule", AMONG, ids=lambda rule: rule.name)
def test_what_a_rule_gathers_keeps_no_object(rule: Rule) -> None:
    assert rule.gathers is not None
    known = rule.gathers(Whole(load_manifests([("shop.yaml", SHOP.encode())]).objects))
    seen: dict[int, object] = {}
    waiting = [known]
    while waiting:
        part = waiting.pop()
        if id(part) not in seen and not isinstance(part, type):
            seen[id(part)] = part
            waiting += gc.get_referents(part)
    assert [part for part in seen.values() if isinstance(part, KEPT)] == []
    assert len(seen) > 1
