from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from gate.model.predicates import Provenance, Unreadable, Unrecognised
from gate.predicates import PARSERS, PROVENANCE_TYPES, parse
from tests.conformance.corpora import Row, payload, rows

ALONE = "predicate alone"


def statements(row: Row) -> Iterator[dict[str, Any]]:
    """Yield every statement of a document: alone, in an envelope or bundle, or line by line."""
    if row.format.startswith("gcloud") or row.verdict == "not JSON":
        return
    if row.format == "json lines":
        values = [json.loads(line) for line in row.content.splitlines() if line.strip()]
    else:
        values = [row.value]
    for value in values:
        try:
            yield payload(value)
        except ValueError:
            continue


def predicates(row: Row) -> list[Any]:
    """Return the predicates of the type that the index says, whole documents among them."""
    if row.format == ALONE:
        return [row.value]
    declared = row.facts.get("predicate_type")
    return [s.get("predicate") for s in statements(row) if s.get("predicateType") == declared]


def is_provenance(row: Row) -> bool:
    return row.facts.get("predicate_type") in PROVENANCE_TYPES and bool(predicates(row))


@pytest.mark.parametrize("row", rows("provenance", lambda row: any(statements(row))))
def test_a_recorded_predicate_is_read_named_or_refused_and_nothing_worse(row: Row) -> None:
    for statement in statements(row):
        declared = str(statement.get("predicateType"))
        read = parse(declared, statement.get("predicate"))
        assert isinstance(read, Unrecognised) is (declared not in PARSERS)
        if isinstance(read, Unreadable):
            assert read.problem


@pytest.mark.parametrize("row", rows("provenance", is_provenance))
def test_recorded_provenance_is_read_with_the_facts_that_are_known_of_it(row: Row) -> None:
    read = parse(row.facts["predicate_type"], predicates(row)[0])
    if isinstance(read, Unreadable):
        assert row.facts["builder"] is None, read
        return
    assert isinstance(read, Provenance)
    assert read.builder == (row.facts["builder"] or "")
    assert read.build_type == (row.facts["build_type"] or "")
    assert len(read.materials) == row.facts["materials"]
    stated = row.facts.get("source")
    if stated:
        assert stated.removeprefix("git+").startswith(read.source)
        assert read.source
    if row.facts.get("ref"):
        assert read.ref == row.facts["ref"]
