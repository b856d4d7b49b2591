from __future__ import annotations

from collections import Counter

import pytest

from gate.model.predicates import Sbom, Unreadable, Vex
from gate.predicates import parse
from tests.conformance.corpora import Row, payload, rows


@pytest.mark.parametrize("row", rows("vex", lambda r: r.format == "openvex"))
def test_a_recorded_openvex_document_is_read_with_the_facts_that_are_known_of_it(row: Row) -> None:
    read = parse("https://openvex.dev/ns/v0.2.0", row.value)
    facts = row.facts
    assert isinstance(read, Vex)
    assert len(read.statements) == facts["statements"]
    assert Counter(s.status.value for s in read.statements) == facts["statuses"]
    assert read.author == facts["author"]
    if facts["vulnerabilities"] != [None]:
        named = {n for s in read.statements for n in s.names}
        assert named >= set(facts["vulnerabilities"])
    purls = {p for p in facts["products"] if p.startswith("pkg:")}
    assert {u for s in read.statements for p in s.products or () for u in p.purls} >= purls


@pytest.mark.parametrize("row", rows("vex", lambda r: r.format == "statement openvex"))
def test_a_recorded_openvex_statement_is_read_or_refused_with_a_sentence(row: Row) -> None:
    statement = payload(row.value)
    read = parse(statement["predicateType"], statement["predicate"])
    assert isinstance(read, Vex | Unreadable)


@pytest.mark.parametrize("row", rows("vex", lambda r: r.format.startswith("cdx:")))
def test_a_recorded_cyclonedx_vex_is_read_with_the_facts_that_are_known_of_it(row: Row) -> None:
    read = parse("https://cyclonedx.org/bom", row.value)
    facts = row.facts
    assert isinstance(read, Sbom)
    stated = [v.get("analysis", {}).get("state") for v in row.value["vulnerabilities"]]
    assert len(read.vex) == sum(s is not None for s in stated) == sum(facts["states"].values())
    assert read.components == facts["components"]
    assert {s.justification for s in read.vex} >= set(facts["justifications"])


@pytest.mark.parametrize("row", rows("vex", lambda r: r.format.startswith("csaf")))
def test_a_csaf_document_is_refused_under_every_vex_type_with_a_sentence(row: Row) -> None:
    assert parse("https://openvex.dev/ns", row.value) == Unreadable(
        "https://openvex.dev/ns",
        "@context is not one that OpenVEX names, so this is no OpenVEX document",
    )
