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


@pytest.mark.parametrize("row", rows("provenance"))
def test_a_recorded_predicate_is_read_named_or_refused_and_nothing_worse(row: Row) -> None:
    for statement in statements(row):
        declared = str(statement.get("predicateType"))
        read = parse(declared, statement.get("predicate"))
        assert isinstance(read, Unrecognised) is (declared not in PARSERS)
        if isinstance(read, Unreadable):
            assert read.problem


@pytest.mark.parametrize("row", rows("provenance"))
def test_recorded_provenance_is_read_with_the_facts_that_are_known_of_it(row: Row) -> None:
    declared = row.facts.get("predicate_type")
    if declared not in PROVENANCE_TYPES:
        return
    alone = row.format == ALONE
    found = (
        [row.value]
        if alone
        else [s.get("predicate") for s in statements(row) if s.get("predicateType") == declared]
    )
    if not found:
        return
    read = parse(declared, found[0])
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
