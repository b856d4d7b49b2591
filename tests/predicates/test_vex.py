from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from gate.model.image import Digest
from gate.model.predicates import Sbom, Unreadable, Vex, VexProduct, VexStatement, VexStatus
from gate.predicates import parse

OPENVEX = "https://openvex.dev/ns/v0.2.0"
AT = datetime(2026, 11, 1, tzinfo=UTC)


def document(**statement: Any) -> dict[str, Any]:  # noqa: ANN401  # JSON
    return {
        "@context": OPENVEX,
        "author": "acme",
        "timestamp": "2026-11-01T00:00:00Z",
        "statements": [{"vulnerability": {"name": "CVE-2026-1"}, "status": "fixed", **statement}],
    }


def test_an_openvex_statement_is_read_with_its_products_and_their_parts() -> None:
    read = parse(
        OPENVEX,
        document(
            vulnerability={"name": "CVE-2026-1", "aliases": ["GHSA-1"]},
            status="not_affected",
            justification="component_not_present",
            products=[
                {
                    "@id": "pkg:oci/shop",
                    "hashes": {"sha-256": "a" * 64},
                    "subcomponents": [{"@id": "pkg:npm/a@1"}],
                }
            ],
        ),
    )
    product = VexProduct(
        purls=("pkg:oci/shop",), digests=frozenset({Digest("a" * 64)}), parts=("pkg:npm/a@1",)
    )
    statement = VexStatement(
        names=("CVE-2026-1", "GHSA-1"),
        status=VexStatus.NOT_AFFECTED,
        products=(product,),
        justification="component_not_present",
        at=AT,
    )
    assert read == Vex("acme", (statement,))


def test_the_plain_form_before_0_2_is_read() -> None:
    read = parse(
        OPENVEX,
        document(
            vulnerability="CVE-2026-1", products=["pkg:oci/shop"], subcomponents=["pkg:npm/a"]
        ),
    )
    assert isinstance(read, Vex)
    (statement,) = read.statements
    assert statement.names == ("CVE-2026-1",)
    assert statement.products == (VexProduct(purls=("pkg:oci/shop",), parts=("pkg:npm/a",)),)


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "ignored"},
        {"status": None},
        {"vulnerability": None},
        {"products": [1]},
        {"products": [{"hashes": {"sha-256": "x"}}]},
        {"timestamp": "yesterday"},
    ],
)
def test_an_openvex_statement_that_is_wrong_makes_the_document_unreadable(
    wrong: dict[str, Any],
) -> None:
    assert isinstance(parse(OPENVEX, document(**wrong)), Unreadable)


def cyclonedx(*affects: dict[str, Any], **analysis: str) -> tuple[VexStatement, ...]:
    read = parse(
        "https://cyclonedx.org/bom",
        {
            "bomFormat": "CycloneDX",
            "specVersion": "1.5",
            "metadata": {"timestamp": "2026-11-01T00:00:00Z"},
            "components": [{"type": "library", "name": "a", "bom-ref": "a", "purl": "pkg:npm/a@1"}],
            "vulnerabilities": [
                {"id": "CVE-2026-1", "analysis": analysis, "affects": list(affects)}
            ],
        },
    )
    assert isinstance(read, Sbom)
    return read.vex


@pytest.mark.parametrize(
    ("affected", "products"),
    [
        ({"ref": "a"}, (VexProduct(purls=("pkg:npm/a@1",)),)),
        ({"ref": "urn:cdx:x/1#a"}, (VexProduct(purls=("pkg:npm/a@1",)),)),
        ({"ref": "urn:cdx:x/1#pkg%3Anpm/b@2"}, (VexProduct(purls=("pkg:npm/b@2",)),)),
        ({"ref": "PKG:npm/c@3"}, (VexProduct(purls=("PKG:npm/c@3",)),)),
        ({"ref": "elsewhere"}, (VexProduct(),)),
        ({"ref": "a", "versions": [{"version": "1"}]}, ()),
    ],
)
def test_what_a_cyclonedx_vex_affects_is_resolved_or_left_out_but_never_taken_for_all(
    affected: dict[str, Any], products: tuple[VexProduct, ...]
) -> None:
    (statement,) = cyclonedx(affected, state="not_affected", justification="code_not_present")
    assert (statement.products, statement.at) == (products, AT)


def test_a_cyclonedx_warning_is_about_every_version_of_what_it_names() -> None:
    (statement,) = cyclonedx({"ref": "a", "versions": [{"version": "1"}]}, state="exploitable")
    assert statement.products == (VexProduct(purls=("pkg:npm/a@1",)),)


def test_an_openvex_statement_with_an_empty_list_of_products_is_about_none() -> None:
    for products, read in (([], ()), (None, None)):
        stated = parse(OPENVEX, document(products=products))
        assert isinstance(stated, Vex)
        assert stated.statements[0].products == read


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("resolved", VexStatus.FIXED),
        ("exploitable", VexStatus.AFFECTED),
        ("in_triage", VexStatus.UNDER_INVESTIGATION),
        ("false_positive", VexStatus.NOT_AFFECTED),
    ],
)
def test_a_cyclonedx_state_has_its_openvex_status(state: str, status: VexStatus) -> None:
    (statement,) = cyclonedx({"ref": "a"}, state=state)
    assert statement.status is status


def test_a_vulnerability_without_an_analysis_says_nothing() -> None:
    assert cyclonedx({"ref": "a"}) == ()


@pytest.mark.parametrize(
    "why", ["null", "none", "Code_Not_Present", "inline_mitigations_already_exist"]
)
def test_a_justification_that_cyclonedx_does_not_know_is_no_reason(why: str) -> None:
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "vulnerabilities": [
            {"id": "CVE-2026-1", "analysis": {"state": "not_affected", "justification": why}}
        ],
    }
    read = parse("https://cyclonedx.org/bom", document)
    assert isinstance(read, Unreadable)
    assert read.problem == "analysis.justification is not one that CycloneDX knows"


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"justification": "component_not_present"}, "component_not_present"),
        ({"justification": "not_important"}, ""),
        ({"justification": "null", "impact_statement": "it is never called"}, "it is never called"),
        ({}, ""),
    ],
)
def test_a_justification_that_openvex_does_not_know_is_no_reason(
    more: dict[str, str], reason: str
) -> None:
    stated = document(status="not_affected", justification=None, impact_statement=None)
    stated["statements"][0].update(more)
    read = parse(OPENVEX, stated)
    assert isinstance(read, Vex)
    assert read.statements[0].justification == reason
