"""No rule raises, and every finding has a place, on any shape of object."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.lint.kubernetes.fields import FIELDS, KINDS
from gate.lint.report import LintReport
from gate.lint.settings import lint_settings
from gate.manifests.images import ImageUses, image_uses
from gate.manifests.load import load_manifests
from gate.model.pods import pod_specs
from gate.model.value import Value
from gate.policy.manifests import ManifestsSection
from gate.policy.profile import Profile
from tests.fakes.linted import linted

SETTINGS = lint_settings(
    ManifestsSection.model_validate({"profile": Profile.ALL.value, "complete": True})
)
WORDS = sorted({part.partition(":")[0] for part in FIELDS.split() if ":" in part})
OTHERS = ["CiliumNetworkPolicy", "HTTPRoute", "Rollout", "ServiceMonitor", "Policy"]
VERSIONS = ["v1", "apps/v1", "batch/v1", "example.com/v1", "rbac.authorization.k8s.io/v1"]
NAMES = [name for line in KINDS.splitlines() for name in line.split()[1:]] + OTHERS

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["", "*", "a", "100%", "-1", "default", "/var/run", "@", "a:b@sha256:"])
)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4)
    ),
    max_leaves=25,
)
CONTAINERS = st.lists(st.dictionaries(st.sampled_from(WORDS), JSON, max_size=5) | JSON, max_size=3)


@st.composite
def _objects(draw: st.DrawFn) -> dict[str, Any]:
    pod = {"containers": draw(CONTAINERS), "volumes": draw(JSON), "securityContext": draw(JSON)}
    spec = draw(st.just({"template": {"spec": pod, "metadata": draw(JSON)}}) | st.just(pod) | JSON)
    extra = draw(st.dictionaries(st.sampled_from(WORDS), JSON, max_size=4))
    return {
        **extra,
        "apiVersion": draw(st.sampled_from(VERSIONS)),
        "kind": draw(st.sampled_from(NAMES)),
        "metadata": {"name": "a", "namespace": draw(st.sampled_from(["a", "b"]))},
        "spec": spec,
    }


def _reported(values: list[dict[str, Any]]) -> tuple[LintReport, ImageUses]:
    manifests = load_manifests((f"{n}.json", json.dumps(v).encode()) for n, v in enumerate(values))
    return linted(manifests.objects, SETTINGS), image_uses(manifests.objects)


@settings(max_examples=40)
@given(st.lists(_objects(), min_size=1, max_size=6))
def test_rules_say_of_packed_values_what_they_say_of_the_values(
    values: list[dict[str, Any]],
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Value, "pack", lambda _: None)
        expected = _reported(values)
    assert _reported(values) == expected


@settings(max_examples=40)
@given(st.lists(_objects(), min_size=1, max_size=3))
def test_pods_are_the_same_where_their_places_are_known(values: list[dict[str, Any]]) -> None:
    manifests = load_manifests((f"{n}.json", json.dumps(v).encode()) for n, v in enumerate(values))
    for obj in manifests.objects:
        found = pod_specs(obj)
        assert pod_specs(obj, [spec.path for spec in found]) == found


@given(st.lists(_objects(), min_size=1, max_size=3))
def test_no_rule_raises_on_any_shape_and_every_finding_has_a_place(
    values: list[dict[str, Any]],
) -> None:
    text = "\n---\n".join(json.dumps(value) for value in values)
    loaded = load_manifests([("f.yaml", text.encode())])
    report = linted(loaded.objects, SETTINGS)
    assert all(finding.location for finding in report.findings)
    assert report.objects == len(loaded.objects)
