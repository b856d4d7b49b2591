"""What only some versions of Kubernetes refuse: each value is told for those that refuse it."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from gate.lint.kubernetes.schemas import ObjectFields
from gate.lint.rules.schema import invalid_value, schema_validation
from gate.lint.settings import lint_settings
from gate.manifests.load import load_manifests
from gate.model.kubernetes import KubernetesObject, field_path
from gate.policy.profile import Profile, ProfileAlone
from tests.builders.dated_values import DATED, MINORS, dated_object, policy_of
from tests.fakes.linted import linted


def _object(value: dict[str, Any]) -> KubernetesObject:
    (obj,) = load_manifests([("f.yaml", json.dumps(value).encode())]).objects
    return obj


def _refusing(obj: KubernetesObject, field: str) -> list[int]:
    """Return the minor versions for which the field is told."""
    fields = ObjectFields(obj)
    return [
        minor
        for minor in MINORS
        for rule in (invalid_value, schema_validation)
        for found in rule.run(fields, kubernetes=minor)
        if field_path(found.path) == field
    ]


@pytest.mark.parametrize("name", DATED)
def test_a_value_is_told_for_the_versions_that_refuse_it_and_for_no_others(name: str) -> None:
    _, field, versions = DATED[name]
    assert _refusing(_object(dated_object(name)), field) == list(versions)


def test_a_word_that_a_version_takes_where_a_feature_is_on_is_told_for_older_ones_only() -> None:
    toleration = {"key": "a", "operator": "Gt", "value": "1"}
    value = dated_object("a restart policy of a container")
    value["spec"]["tolerations"] = [toleration]
    assert _refusing(_object(value), "spec.tolerations[0].operator") == list(range(25, 35))


@pytest.mark.parametrize("cidr", ["10.0.0.0/8", "2001:db8::/32", "0.0.0.0/0", "10.1.2.3/32"])
def test_a_network_that_is_written_in_one_way_is_taken_by_all(cidr: str) -> None:
    api, kind, rest = policy_of(cidr)
    head = f"apiVersion: {api}\nkind: {kind}\nmetadata: {{name: a}}\n"
    obj = _object(yaml.safe_load(head + rest))
    assert _refusing(obj, "spec.ingress[0].from[0].ipBlock.cidr") == []


def test_a_policy_names_the_version_that_values_are_held_to() -> None:
    obj = _object(dated_object("a pod of a StatefulSet"))
    for version, told in (("1.33", False), ("1.34", True)):
        section = ProfileAlone(profile=Profile.GATE, kubernetes_version=version)
        found = linted([obj], lint_settings(section)).findings
        assert ("invalid-value" in {f.rule for f in found}) is told
