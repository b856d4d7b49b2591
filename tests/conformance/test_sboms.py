from __future__ import annotations

import pytest

from gate.documents import MalformedJson, read_json
from gate.model.predicates import Sbom, Unreadable
from gate.predicates import fields, parse
from tests.builders.recorded_sboms import SPDX, UNREAD, is_invalid, is_read, is_spdx_3
from tests.conformance.corpora import Row, rows

TYPES = {"cdx": "https://cyclonedx.org/bom", "syft": "https://syft.dev/bom"}
NOTED = ("invalid-component-type", "invalid-license-id", "invalid-metadata-license", "invalid-purl")
"""In the names of documents that break the schema in a field without which they can be read."""
WITHOUT_LOCATION = "tools-python--a2c560da-"
"""Its packages have no downloadLocation, on which nothing depends: see docs/evidence.md."""


def read(row: Row) -> object:
    return parse(TYPES.get(row.format.partition(":")[0], SPDX), row.value)


def further_purls(row: Row) -> int:
    """Return how many purls packages of SPDX have beside their first: each is looked at."""
    packages = row.value.get("packages", []) if row.format.startswith("spdx") else []
    purls = (
        sum(r.get("referenceType") == "purl" for r in p.get("externalRefs", ())) for p in packages
    )
    return sum(max(0, count - 1) for count in purls)


def is_broken(row: Row) -> bool:
    return row.format == "broken-json"


def is_without_location(row: Row) -> bool:
    return is_invalid(row) and row.file.startswith(WITHOUT_LOCATION)


@pytest.mark.parametrize("row", rows("sboms", is_read))
def test_a_recorded_sbom_is_read_with_the_facts_that_are_known_of_it(row: Row) -> None:
    sbom = read(row)
    facts = row.facts
    assert isinstance(sbom, Sbom), sbom
    assert sbom.components == facts.get("components_nested", facts["components"])
    assert len(sbom.packages) == sbom.components + further_purls(row)
    assert sbom.notes == ()
    if "with_purl" in facts:
        assert sum(bool(p.purl) for p in sbom.packages) >= facts["with_purl"]
    assert sbom.created == fields.instant_if_stated(facts.get("time"))
    stated = [t.removeprefix("Tool: ") for t in facts.get("tool", [])]
    assert set(sbom.tools) >= {t for t in stated if t}


@pytest.mark.parametrize("row", rows("sboms", is_without_location))
def test_a_recorded_sbom_that_lacks_only_what_no_check_needs_is_read(row: Row) -> None:
    assert isinstance(read(row), Sbom)


@pytest.mark.parametrize("row", rows("sboms", is_broken))
def test_a_recorded_sbom_that_is_not_json_is_refused(row: Row) -> None:
    with pytest.raises(MalformedJson):
        read_json(row.content, max_bytes=len(row.content), max_depth=128)


@pytest.mark.parametrize(
    "row",
    rows("sboms", lambda r: is_invalid(r) and not (is_broken(r) or is_without_location(r))),
)
def test_a_recorded_sbom_that_is_invalid_is_refused_with_a_sentence(row: Row) -> None:
    refused = read(row)
    if isinstance(refused, Sbom) and any(part in row.file for part in NOTED):
        # `schema: strict` does not count it; without it, it counts with a warning.
        (sentence,) = refused.notes
    else:
        assert isinstance(refused, Unreadable)
        sentence = refused.problem
    assert len(sentence.split()) > 2


@pytest.mark.parametrize("row", rows("sboms", lambda row: row.file in UNREAD))
def test_a_recorded_sbom_that_is_not_well_formed_is_refused(row: Row) -> None:
    assert isinstance(read(row), Unreadable)


@pytest.mark.parametrize("row", rows("sboms", is_spdx_3))
def test_an_spdx_3_document_is_named_as_what_it_is_not(row: Row) -> None:
    refused = read(row)
    assert isinstance(refused, Unreadable)
    assert "SPDX" in refused.problem
