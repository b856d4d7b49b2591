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


def _read(**statement: object) -> VexStatement:
    read = parse(OPENVEX, document(**statement))
    assert isinstance(read, Vex)
    return read.statements[0]


@pytest.mark.parametrize(
    ("vulnerability", "more", "names"),
    [
        ("CVE-2026-1", {}, ("CVE-2026-1",)),
        ({"name": "CVE-2026-1", "@id": "https://e.org/1"}, {}, ("CVE-2026-1",)),
        ({"@id": "https://e.org/1"}, {"@id": "s"}, ("https://e.org/1",)),
        ({"name": ""}, {"@id": "s"}, ("s",)),
        ({"name": "a", "aliases": ["b", "a"]}, {}, ("a", "b")),
    ],
)
def test_an_openvex_vulnerability_has_its_name_or_its_address(
    vulnerability: object, more: dict[str, Any], names: tuple[str, ...]
) -> None:
    assert _read(vulnerability=vulnerability, **more).names == names


@pytest.mark.parametrize(
    ("product", "read"),
    [
        ("PKG:oci/shop", VexProduct(purls=("PKG:oci/shop",))),
        ("https://e.org/shop", VexProduct(purls=())),
        ({"@id": "https://e.org/shop"}, VexProduct(purls=())),
        (
            {"@id": "pkg:oci/shop", "identifiers": {"purl": "pkg:oci/b"}},
            VexProduct(purls=("pkg:oci/shop", "pkg:oci/b")),
        ),
        (
            {"@id": "pkg:oci/a", "identifiers": {"purl": "pkg:oci/a"}, "hashes": {"sha1": "b"}},
            VexProduct(purls=("pkg:oci/a",)),
        ),
        (
            {"hashes": {"sha-256": "A" * 64, "sha256": "b" * 64}},
            VexProduct(digests=frozenset({Digest("a" * 64), Digest("b" * 64)})),
        ),
        (
            {"subcomponents": [{"@id": 7, "identifiers": {"purl": "pkg:npm/a"}}, "pkg:npm/b"]},
            VexProduct(parts=("pkg:npm/a", "pkg:npm/b")),
        ),
        ({"subcomponents": ["https://e.org/a"]}, VexProduct(parts=())),
        ({"subcomponents": []}, VexProduct(parts=None)),
    ],
)
def test_an_openvex_product_is_known_by_its_package_urls_and_its_digests(
    product: object, read: VexProduct
) -> None:
    assert _read(products=[product]).products == (read,)


def test_parts_beside_the_products_are_those_of_each_product_that_names_none() -> None:
    stated = [{"@id": "pkg:oci/a"}, {"@id": "pkg:oci/b", "subcomponents": ["pkg:npm/b"]}]
    products = _read(products=stated, subcomponents=["pkg:npm/a"]).products or ()
    assert [one.parts for one in products] == [("pkg:npm/a",), ("pkg:npm/b",)]


@pytest.mark.parametrize(
    ("more", "at"),
    [
        ({}, AT),
        ({"timestamp": "2026-11-02T00:00:00Z"}, datetime(2026, 11, 2, tzinfo=UTC)),
        (
            {"timestamp": "2026-11-02T00:00:00Z", "last_updated": "2026-11-03T00:00:00Z"},
            datetime(2026, 11, 3, tzinfo=UTC),
        ),
    ],
)
def test_an_openvex_statement_is_as_new_as_it_says_itself_or_as_its_document(
    more: dict[str, str], at: datetime
) -> None:
    assert _read(**more).at == at


def test_an_openvex_document_without_a_time_has_statements_without_one() -> None:
    stated = document()
    del stated["timestamp"]
    read = parse(OPENVEX, stated)
    assert isinstance(read, Vex)
    assert read.statements[0].at is None


@pytest.mark.parametrize("context", [None, 7, ["x"], "", "https://openvex.dev/ns/v9"])
def test_a_document_of_another_context_is_no_openvex_document(context: object) -> None:
    read = parse(OPENVEX, {**document(), "@context": context})
    assert isinstance(read, Unreadable)
    assert read.problem.startswith("@context is not one that OpenVEX names")
