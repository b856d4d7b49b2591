"""Of parts of pods, Jobs, quotas, webhooks and schemas: what is refused, and what is beside it."""

from __future__ import annotations

import pytest

from gate.lint.kubernetes.schemas import Fault, Wrong, faults
from gate.lint.kubernetes.shapes import definition_of
from gate.manifests.load import load_manifests
from gate.model.kubernetes import field_path
from gate.policy.profile import NEWEST_KUBERNETES
from tests.builders.refused_values import REFUSED, manifest, schema_of


def _faults(row: str) -> list[Fault]:
    (obj,) = load_manifests([("f.yaml", manifest(row).encode())]).objects
    definition = definition_of(obj, native=False)
    assert definition is not None
    return [fault for fault in faults(obj, definition) if fault.wrong is not Wrong.AGE]


@pytest.mark.parametrize(("field", "bad", "good"), REFUSED)
def test_what_the_api_server_refuses_is_found_at_its_field_and_its_neighbour_is_not(
    field: str, bad: str, good: str
) -> None:
    found = [fault for fault in _faults(bad) if fault.stops(NEWEST_KUBERNETES)]
    assert field in [field_path(fault.path) for fault in found]
    assert {fault.wrong for fault in found} <= {Wrong.UNREADABLE, Wrong.VALUE}
    assert _faults(good) == []


@pytest.mark.parametrize(
    ("part", "field"),
    [
        ("type: string, maxLength: '5'", "maxLength"),
        ("type: object, properties: [a]", "properties"),
        ("type: object, required: a", "required"),
        ("type: object, additionalProperties: a", "additionalProperties"),
        ("type: string, typ: string", "typ"),
        ("type: object, oneOf: [{properties: {b: {minimum: a}}}]", "oneOf[0].properties.b.minimum"),
    ],
)
def test_a_schema_of_another_form_is_found_at_its_field(part: str, field: str) -> None:
    found = [field_path(f.path) for f in _faults(schema_of(part)) if f.wrong is Wrong.FORM]
    assert found == [f"spec.versions[0].schema.openAPIV3Schema.properties.a.{field}"]
