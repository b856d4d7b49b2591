"""Custom objects are held to the definition of their kind, as the API server holds them."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from gate.cli.reads.baseline import policy_settings
from gate.cli.reads.find_policy import find_policy
from gate.errors import PolicyError
from gate.lint.kubernetes.structural import MAX_PARTS
from gate.lint.settings import lint_settings
from gate.manifests.load import load_manifests
from gate.policy.profile import ProfileAlone
from tests.fakes.linted import linted

ALL = lint_settings(ProfileAlone())
RULES = ("custom-object", "custom-definition")
SETTINGS = replace(ALL, bound=tuple(b for b in ALL.bound if b.rule.name in RULES))
SPEC = {
    "type": "object",
    "required": ["size", "filled"],
    "properties": {
        "size": {"type": "integer", "format": "int32", "minimum": 1},
        "filled": {"type": "string", "default": "yes"},
        "port": {
            "x-kubernetes-int-or-string": True,
            "anyOf": [{"type": "integer"}, {"type": "string"}],
        },
        "maybe": {"type": "string", "nullable": True},
        "word": {"type": "string", "pattern": "^(a+)+$", "maxLength": 100_000},
        "kind": {"type": "string", "enum": ["Full", "Part"]},
        "at": {"type": "string", "format": "date-time"},
        "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
        "names": {"type": "array", "items": {"type": "string"}, "x-kubernetes-list-type": "set"},
        "ports": {
            "type": "array",
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": ["port", "protocol"],
            "items": {
                "type": "object",
                "properties": {
                    "port": {"type": "integer"},
                    "protocol": {"type": "string", "default": "TCP"},
                },
            },
        },
        "inner": {
            "type": "object",
            "x-kubernetes-embedded-resource": True,
            "x-kubernetes-preserve-unknown-fields": True,
        },
        "labels": {"type": "object", "additionalProperties": {"type": "string"}},
        "one": {
            "type": "object",
            "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
            "oneOf": [{"required": ["a"]}, {"required": ["b"]}],
        },
    },
}


def definition(spec: dict[str, Any] = SPEC, **version: object) -> dict[str, Any]:
    schema = {"openAPIV3Schema": {"type": "object", "properties": {"spec": spec}}}
    versions = [{"name": "v1", "served": True, "storage": True, "schema": schema, **version}]
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "boxes.acme.example"},
        "spec": {"group": "acme.example", "names": {"kind": "Box"}, "versions": versions},
    }


def box(version: str = "v1", **spec: object) -> dict[str, Any]:
    head = {"apiVersion": f"acme.example/{version}", "kind": "Box", "metadata": {"name": "b"}}
    return {**head, "spec": {"size": 1, **spec}}


def found(*values: dict[str, Any]) -> list[tuple[str | None, str]]:
    files = [
        (f"{i}.json", json.dumps(value, indent=0, sort_keys=True).encode())
        for i, value in enumerate(values)
    ]
    findings = linted(load_manifests(files).objects, SETTINGS).findings
    return [(finding.field, finding.message) for finding in findings]


@pytest.mark.parametrize(
    "spec",
    [
        {"port": "http"},
        {"port": 80},
        {"maybe": None},
        {"size": 2.0},
        {"word": None},
        {"free": {"any": {"thing": 1}}},
        {"at": "2026-01-31T12:00:00.5+01:00"},
        {"names": ["a", "b"]},
        {"ports": [{"port": 1}, {"port": 1, "protocol": "UDP"}]},
        {"inner": {"apiVersion": "v1", "kind": "Pod", "metadata": {}, "spec": {}}},
        {"labels": {"a": "b"}},
        {"one": {"a": "x"}},
        {"filled": None},
    ],
    ids=str,
)
def test_what_the_definition_allows_is_taken(spec: dict[str, Any]) -> None:
    assert found(definition(), box(**spec)) == []


@pytest.mark.parametrize(
    ("spec", "field", "message"),
    [
        ({"size": 0}, "spec.size", "spec.size must be at least 1"),
        ({"size": 2**31}, "spec.size", "spec.size must be at most 2147483647"),
        ({"size": "1"}, "spec.size", "spec.size must be a whole number"),
        ({"size": None}, "spec.size", "spec.size is missing"),
        ({"sise": 1}, "spec.sise", "sise is not a field of spec"),
        ({"port": True}, "spec.port", "spec.port must be a whole number or text"),
        ({"maybe": 1}, "spec.maybe", "spec.maybe must be text or null"),
        ({"word": "b"}, "spec.word", "spec.word must match ^(a+)+$"),
        ({"kind": "full"}, "spec.kind", "spec.kind must be one of Full, Part"),
        ({"at": "noon"}, "spec.at", "spec.at must be a time, such as 2026-01-31T12:00:00Z"),
        ({"names": ["a", "a"]}, "spec.names[1]", "spec.names[1] is in the list twice"),
        (
            {"ports": [{"port": 1}, {"port": 1, "protocol": "TCP"}]},
            "spec.ports[1]",
            "spec.ports[1] is in the list twice",
        ),
        ({"inner": {"kind": "Pod"}}, "spec.inner.apiVersion", "spec.inner.apiVersion is missing"),
        ({"labels": {"a": 1}}, "spec.labels.a", "spec.labels.a must be text"),
        (
            {"one": {"a": "x", "b": "z"}},
            "spec.one",
            "spec.one must have exactly one of the forms that its definition lists",
        ),
    ],
    ids=str,
)
def test_what_the_definition_rules_out_is_found_at_its_field(
    spec: dict[str, Any], field: str, message: str
) -> None:
    assert found(definition(), box(**spec)) == [(field, message)]


@pytest.mark.parametrize(
    ("metadata", "field"),
    [
        ({"name": "A_b"}, "metadata.name"),
        ({}, "metadata.name"),
        ({"name": "a", "lables": {}}, "metadata.lables"),
        ({"name": "a", "labels": {"b": {"c": "d"}}}, "metadata.labels.b"),
        ({"name": "a", "annotations": {"b c": "d"}}, "metadata.annotations.b c"),
        ({"name": "a", "finalizers": "b"}, "metadata.finalizers"),
    ],
    ids=str,
)
def test_the_metadata_of_a_custom_object_is_held_where_its_kind_is_defined(
    metadata: dict[str, Any], field: str
) -> None:
    value = {**box(), "metadata": metadata}
    assert [place for place, _ in found(definition(), value)] == [field]
    assert found(value) == []


@pytest.mark.parametrize(
    "metadata",
    [
        {"generateName": "a-"},
        {"name": "a.b", "labels": {"c.example/d": ""}, "annotations": {"e": None}},
        {
            "name": "a",
            "ownerReferences": [{"apiVersion": "v1", "kind": "A", "name": "a", "uid": "b"}],
        },
    ],
    ids=str,
)
def test_metadata_as_that_of_all_objects_is_taken(metadata: dict[str, Any]) -> None:
    assert found(definition(), {**box(), "metadata": metadata}) == []


def test_a_version_that_is_not_served_is_found() -> None:
    (finding,) = found(definition(), box("v2"))
    words = "its definition does not serve the version v2; it serves: v1"
    assert finding == ("apiVersion", words)
    assert found(definition(served=False), box())[0][0] == "apiVersion"


def test_replicas_below_zero_are_refused_where_something_scales_them() -> None:
    spec = {"type": "object", "properties": {"size": {"type": "integer"}}}
    scale = {"scale": {"specReplicasPath": ".spec.size", "statusReplicasPath": ".status.n"}}
    assert found(definition(spec), box(size=-1)) == []
    assert found(definition(spec, subresources=scale), box(size=-1)) == [
        ("spec.size", "spec.size must be at least 0")
    ]


def test_a_kind_that_is_defined_twice_may_be_what_either_says() -> None:
    other = definition({"type": "object", "properties": {"size": {"type": "integer"}}})
    assert found(definition(), other, box(size=0)) == []
    assert len(found(definition(), other, box(size="x"))) == 1


def test_without_a_definition_nothing_is_said() -> None:
    assert found(box(size="x")) == []


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({"$ref": "#/definitions/x"}, "the schema has a $ref, which the API server refuses"),
        ({"properties": {"size": 1}}, "a part of the schema is no mapping"),
        (
            {"enum": list(range(MAX_PARTS))} | {str(n): 0 for n in range(MAX_PARTS)},
            "the schema has more than 100,000 parts",
        ),
    ],
    ids=["ref", "shape", "size"],
)
def test_a_schema_that_cannot_be_held_is_told_and_holds_nothing(
    spec: dict[str, Any], message: str
) -> None:
    assert [words for _, words in found(definition(spec), box())] == [message]


def test_a_pattern_takes_linear_time() -> None:
    before = time.process_time()
    assert found(definition(), box(word="a" * 50_000 + "b"))[0][0] == "spec.word"
    assert time.process_time() - before < 5


def test_a_pattern_that_does_not_compile_holds_nothing() -> None:
    spec = {
        "type": "object",
        "properties": {"size": {"type": "integer"}, "w": {"pattern": "(?=a)"}},
    }
    assert found(definition(spec), box(w="b")) == []


def _policy(crds: str) -> None:
    Path(".gate.yaml").write_text(
        "version: 1\nimages: [{match: '**', digest: required}]\n"
        f"manifests: {{profile: gate, crds: [{crds}]}}\n"
    )


def test_definitions_in_a_folder_that_the_policy_names_hold_objects_and_bind_its_digest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("crds").mkdir()
    _policy("crds")
    file = Path("crds/boxes.yaml")
    file.write_text(yaml.safe_dump(definition()))
    policy = find_policy(None, None)
    settings = policy_settings(policy)
    assert settings is not None
    objects = load_manifests([("b.yaml", yaml.safe_dump(box(size=0)).encode())]).objects
    fields = [f.field for f in linted(objects, settings).findings if f.rule == "custom-object"]
    assert fields == ["spec.size"]
    file.write_text(yaml.safe_dump(definition({"type": "object"})))
    assert find_policy(None, None).digest != policy.digest


def test_a_name_without_definitions_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("crds").mkdir()
    _policy("crds")
    with pytest.raises(PolicyError, match="it holds no CustomResourceDefinition") as refused:
        policy_settings(find_policy(None, None))
    assert refused.value.code == "crds-unreadable"
    Path("crds/a.yaml").symlink_to("/etc/hostname")
    with pytest.raises(PolicyError, match="a.yaml is no plain file"):
        find_policy(None, None)
