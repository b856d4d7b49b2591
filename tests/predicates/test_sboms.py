from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from gate.model.image import Digest
from gate.model.predicates import Package, Sbom, Unreadable
from gate.predicates import PARSERS, parse
from tests.builders.sboms import CYCLONEDX, SPDX

LEFT_PAD = Package("left-pad", "1.0.0", "pkg:npm/left-pad@1.0.0", "Acme", ("MIT",), True)  # noqa: FBT003  # a literal of the model


def test_a_cyclonedx_document_is_read_whole() -> None:
    assert parse("https://cyclonedx.org/bom", CYCLONEDX) == Sbom(
        format="cyclonedx",
        version="1.5",
        components=2,
        tools=("syft 1.18",),
        created=datetime(2026, 11, 20, 10, tzinfo=UTC),
        packages=(LEFT_PAD, Package("index.js")),
        described=(Package("shop", "sha256:" + "a" * 64),),
        relationships=2,
        about=frozenset({Digest("a" * 64)}),
    )


def test_an_spdx_document_is_read_whole() -> None:
    assert parse("https://spdx.dev/Document", SPDX) == Sbom(
        format="spdx",
        version="SPDX-2.3",
        components=1,
        tools=("syft-1.18",),
        created=datetime(2026, 11, 20, 10, tzinfo=UTC),
        packages=(LEFT_PAD,),
        authors=("Acme",),
    )


@pytest.mark.parametrize(
    "uri",
    [
        "https://cyclonedx.org/bom",
        "https://cyclonedx.org/bom/v1.4",
        "https://cyclonedx.org/bom/v1.5",
        "https://cyclonedx.org/bom/v1.6",
        "cyclonedx.org/bom",
    ],
)
def test_every_spelling_of_the_cyclonedx_type_is_read(uri: str) -> None:
    assert isinstance(parse(uri, CYCLONEDX), Sbom)


@pytest.mark.parametrize(
    "uri",
    [
        "https://spdx.dev/Document",
        "https://spdx.dev/Document/v2.2",
        "https://spdx.dev/Document/v2.3",
        "spdx.dev/Document",
    ],
)
def test_every_spelling_of_the_spdx_type_is_read(uri: str) -> None:
    assert isinstance(parse(uri, SPDX), Sbom)


@pytest.mark.parametrize("wrap", [lambda d: d, json.dumps])
def test_the_wrapping_of_cosign_before_2_is_taken_off(wrap: Any) -> None:  # noqa: ANN401  # any JSON value
    wrapped = {"Data": wrap(SPDX), "Timestamp": "2022-01-01T00:00:00Z"}
    assert parse("https://spdx.dev/Document", wrapped) == parse("https://spdx.dev/Document", SPDX)


@pytest.mark.parametrize("data", ["{", '{"a":1,"a":2}', '{"a":NaN}', "[" * 100_000, "SPDXVersion:"])
def test_wrapped_text_that_is_not_strict_json_is_unreadable(data: str) -> None:
    assert parse("https://spdx.dev/Document", {"Data": data}) == Unreadable(
        "https://spdx.dev/Document", "the SPDX document inside `Data` is not strict JSON"
    )


def test_r078_declared_spdx_with_cyclonedx_inside_is_unreadable() -> None:
    assert isinstance(parse("https://spdx.dev/Document", CYCLONEDX), Unreadable)
    assert isinstance(parse("https://cyclonedx.org/bom", SPDX), Unreadable)


def test_r274_a_document_with_more_components_than_any_honest_one_is_refused_unread() -> None:
    many = {**CYCLONEDX, "components": [0] * 1_000_001}
    assert parse("https://cyclonedx.org/bom", many) == Unreadable(
        "https://cyclonedx.org/bom", "components has 1000001 items, over 1000000"
    )


def test_components_nested_without_end_are_unreadable() -> None:
    deep: dict[str, Any] = {"type": "file", "name": "x"}
    for _ in range(500):
        deep = {"type": "file", "name": "x", "components": [deep]}
    assert parse("https://cyclonedx.org/bom", {**CYCLONEDX, "components": [deep]}) == Unreadable(
        "https://cyclonedx.org/bom", "components are nested deeper than 64"
    )


def test_no_parser_is_listed_for_a_type_with_anything_around_it() -> None:
    assert all(uri == uri.strip() and "*" not in uri for uri in PARSERS)


@pytest.mark.parametrize("odd", ["(", "MIT AND", "AND", "MIT)(", "MIT WITH WITH", "(" * 4000])
def test_a_licence_id_that_the_library_chokes_on_is_noted(odd: str) -> None:
    read = with_license(odd)
    assert isinstance(read, Sbom)
    assert (read.packages[0].licenses, len(read.notes)) == ((odd,), 1)


def test_a_licence_id_that_is_empty_is_refused() -> None:
    read = with_license("")
    assert isinstance(read, Unreadable)
    assert "licence" in read.problem


def with_license(name: str) -> object:
    component = {"type": "library", "name": "x", "licenses": [{"license": {"id": name}}]}
    return parse("https://cyclonedx.org/bom", {**CYCLONEDX, "components": [component]})


@pytest.mark.parametrize(
    "name",
    ["MIT", "GPL-2.0-with-classpath-exception", "Classpath-exception-2.0", "GPL-2.0+", "WordNet"],
)
def test_a_licence_id_is_any_of_the_spdx_list_exceptions_and_deprecated_ones_too(name: str) -> None:
    read = with_license(name)
    assert isinstance(read, Sbom)
    assert read.packages[0].licenses == (name,)


@pytest.mark.parametrize(
    "name", ["mit", "(MIT)", "MIT ", "LicenseRef-scancode-3com-microcode", "GPL"]
)
def test_a_licence_id_that_spdx_does_not_list_is_kept_as_written_and_noted(name: str) -> None:
    read = with_license(name)
    assert isinstance(read, Sbom)
    assert read.packages[0].licenses == (name,)
    assert read.notes == (f"a licence's id is not one of the SPDX licence list: {name!r}",)


@pytest.mark.parametrize("purl", ["left-pad", "pkg:", "pkg:npm", "npm/left-pad@1", " pkg:npm/a"])
def test_a_purl_that_is_no_package_url_is_kept_as_written_and_noted(purl: str) -> None:
    component = {"type": "library", "name": "x", "purl": purl}
    reference = {"referenceCategory": "OTHER", "referenceType": "purl", "referenceLocator": purl}
    package = {"SPDXID": "SPDXRef-1", "name": "x", "externalRefs": [reference]}
    for uri, document in (
        ("https://cyclonedx.org/bom", {**CYCLONEDX, "components": [component]}),
        ("https://spdx.dev/Document", {**SPDX, "packages": [package]}),
    ):
        read = parse(uri, document)
        assert isinstance(read, Sbom)
        assert [p.purl for p in read.packages] == [purl]
        (note,) = read.notes
        assert note.endswith(f"purl is not a package URL: {purl!r}")


def test_a_type_of_a_newer_version_is_noted_and_none_at_all_is_refused() -> None:
    newer = {"type": "cryptographic-asset", "name": "x"}
    read = parse("https://cyclonedx.org/bom", {**CYCLONEDX, "components": [newer, newer]})
    assert isinstance(read, Sbom)
    assert (read.components, len(read.notes)) == (2, 1)
    assert "a component's type is not one of CycloneDX" in read.notes[0]
    for none in ({"name": "x"}, {"name": "x", "type": ""}, {"name": "x", "type": 1}):
        refused = parse("https://cyclonedx.org/bom", {**CYCLONEDX, "components": [none]})
        assert isinstance(refused, Unreadable)


def test_of_many_notes_the_first_are_told_and_the_rest_counted() -> None:
    components = [{"type": "library", "name": "x", "purl": f"link-{n}"} for n in range(25)]
    read = parse("https://cyclonedx.org/bom", {**CYCLONEDX, "components": components})
    assert isinstance(read, Sbom)
    assert (len(read.notes), read.notes[-1]) == (21, "and 5 more of the kind")


def test_a_component_may_have_an_empty_name_and_not_none_at_all() -> None:
    for name, listed in (({"name": ""}, True), ({}, False), ({"name": None}, False)):
        component = {"type": "library", "purl": "pkg:npm/a@1", **name}
        read = parse("https://cyclonedx.org/bom", {**CYCLONEDX, "components": [component]})
        assert isinstance(read, Sbom) is listed


@pytest.mark.parametrize("tools", [{"vendor": "a", "name": "b"}, "syft", {"components": {}}])
def test_tools_in_no_shape_that_cyclonedx_knows_are_refused(tools: object) -> None:
    document = {**CYCLONEDX, "metadata": {**CYCLONEDX["metadata"], "tools": tools}}
    read = parse("https://cyclonedx.org/bom", document)
    assert isinstance(read, Unreadable)
    assert "metadata.tools" in read.problem


ROOT = {"type": "container", "bom-ref": "root", "name": "shop", "version": "1"}


def about(root: object, *components: object, version: str = "1.6") -> object:
    """Read a document about a root, which lists components."""
    return parse(
        "https://cyclonedx.org/bom",
        {
            "bomFormat": "CycloneDX",
            "specVersion": version,
            "metadata": {"component": root},
            "components": list(components),
        },
    )


def refusal(read: object) -> str:
    assert isinstance(read, Unreadable)
    return read.problem


def test_a_root_that_is_listed_again_among_the_components_is_one_of_them() -> None:
    read = about(ROOT, {**ROOT, "hashes": []}, {"type": "library", "name": "a"})
    assert isinstance(read, Sbom)
    assert read.components == 2


@pytest.mark.parametrize("change", [{"version": "2"}, {"name": "till"}, {"purl": "pkg:oci/a"}])
def test_a_component_that_takes_the_roots_reference_and_is_not_the_root_is_refused(
    change: dict[str, str],
) -> None:
    nested = {"type": "library", "name": "a", "components": [{**ROOT, **change}]}
    named = change.get("name", "shop")
    assert refusal(about(ROOT, nested)) == (
        f"a component that is not metadata.component has its bom-ref: {named!r}"
    )


def test_a_root_that_is_listed_twice_is_refused() -> None:
    assert "a bom-ref is there twice" in refusal(about(ROOT, ROOT, ROOT))


def test_the_root_is_described_with_what_is_inside_it_and_counts_as_no_component() -> None:
    parts = [{"type": "library", "name": "a", "components": [{"type": "library", "name": "b"}]}]
    root = {**ROOT, "purl": "pkg:npm/shop@1", "licenses": [{"license": {"id": "MIT"}}]}
    read = about({**root, "components": parts}, {"type": "library", "name": "c"})
    assert isinstance(read, Sbom)
    assert read.described == (
        Package("shop", "1", "pkg:npm/shop@1", "", ("MIT",), identified=True),
        Package("a"),
        Package("b"),
    )
    assert (read.components, [p.name for p in read.packages]) == (1, ["c"])


def test_without_a_root_nothing_is_described() -> None:
    read = about(None, {"type": "library", "name": "c"})
    assert isinstance(read, Sbom)
    assert read.described == ()


def test_what_is_inside_the_root_is_held_to_the_schema() -> None:
    assert refusal(about({**ROOT, "components": [{"name": "a"}]})) == (
        "a component has no type: missing"
    )


def test_a_root_may_have_an_empty_name_and_not_none_at_all() -> None:
    assert isinstance(about({"type": "file", "name": ""}), Sbom)
    assert refusal(about({"type": "file"})) == "metadata.component's name is missing or not text"
    assert refusal(about({})) == "a component has no type: missing"


def test_a_licence_of_the_root_is_held_to_the_schema() -> None:
    both = {"license": {"id": "MIT", "name": "MIT License"}}
    assert refusal(about({**ROOT, "licenses": [both]})) == "a licence has either an id or a name"


@pytest.mark.parametrize(
    ("version", "read"), [("1.2", True), ("1.4", True), ("1.5", False), ("1.7", False)]
)
def test_a_reference_may_be_empty_until_cyclonedx_1_4(version: str, read: bool) -> None:  # noqa: FBT001  # what the table says
    nameless = {"type": "library", "name": "a", "bom-ref": ""}
    assert isinstance(about(ROOT, nameless, version=version), Sbom) is read


@pytest.mark.parametrize(
    ("version", "read"),
    [("1.2", True), ("1.4", True), ("1.5", False), ("1.6", False), ("1.7", True)],
)
def test_an_expression_stands_alone_where_the_version_demands_it(version: str, read: bool) -> None:  # noqa: FBT001  # what the table says
    for mixed in (
        [{"license": {"id": "MIT"}}, {"expression": "MIT OR ISC"}],
        [{"expression": "MIT"}, {"expression": "ISC"}],
    ):
        component = {"type": "library", "name": "a", "licenses": mixed}
        assert isinstance(about(ROOT, component, version=version), Sbom) is read


def test_a_licence_name_that_is_a_whole_licence_text_is_kept_cut() -> None:
    whole = {"type": "library", "name": "a", "licenses": [{"license": {"name": "x" * 50_000}}]}
    read = about(ROOT, whole)
    assert isinstance(read, Sbom)
    assert read.packages[0].licenses == ("x" * 4096,)


def test_an_spdx_purl_of_which_nothing_is_asserted_is_none() -> None:
    reference = {"referenceType": "purl", "referenceLocator": "NOASSERTION"}
    package = {"SPDXID": "SPDXRef-1", "name": "x", "externalRefs": [reference]}
    read = parse("https://spdx.dev/Document", {**SPDX, "packages": [package]})
    assert isinstance(read, Sbom)
    assert read.packages[0].purl == ""


def test_an_older_spdx_version_is_named_with_those_that_are_read() -> None:
    assert refusal(parse("https://spdx.dev/Document", {**SPDX, "spdxVersion": "SPDX-2.1"})) == (
        "spdxVersion is not one of SPDX-2.2, SPDX-2.3, and gate reads no other"
    )


def test_the_zero_time_is_no_time_of_an_sbom_and_any_other_that_is_none_is_refused() -> None:
    for stated, read in (("0001-01-01T00:00:00Z", True), ("0001-01-02T00:00:00Z", False)):
        for uri, document in (
            ("https://cyclonedx.org/bom", {**CYCLONEDX, "metadata": {"timestamp": stated}}),
            ("https://spdx.dev/Document", {**SPDX, "creationInfo": {"created": stated}}),
        ):
            found = parse(uri, document)
            assert isinstance(found, Sbom) is read
            assert not isinstance(found, Sbom) or found.created is None


@pytest.mark.parametrize(
    ("odd", "shown"),
    [
        ("x" * 500, repr("x" * 80)),
        (7, "7"),
        (["x"], "list"),
        (None, "missing"),
        ("\x1b" * 500, "str"),
    ],
)
def test_a_sentence_shows_no_more_of_a_value_than_finds_it(odd: object, shown: str) -> None:
    hashes = [{"alg": odd, "content": "00"}]
    assert refusal(about(ROOT, {"type": "library", "name": "a", "hashes": hashes})) == (
        f"a hash's algorithm is not one that CycloneDX knows: {shown}"
    )


def whole(version: str, document: dict[str, object], metadata: dict[str, object]) -> object:
    stated = {"bomFormat": "CycloneDX", "specVersion": version, "metadata": metadata}
    return parse("https://cyclonedx.org/bom", {**stated, **document})


@pytest.mark.parametrize(
    ("since", "before", "field"),
    [
        ("1.4", None, "vulnerabilities"),
        ("1.5", "1.4", "annotations"),
        ("1.6", "1.5", "definitions"),
        ("1.7", "1.6", "citations"),
    ],
)
def test_a_field_of_a_later_cyclonedx_or_of_none_is_refused(
    since: str, before: str | None, field: str
) -> None:
    assert isinstance(whole(since, {field: []}, {}), Sbom)
    for version, odd in [(since, "x-field"), *([(before, field)] if before else [])]:
        assert refusal(whole(version, {odd: []}, {})) == (
            f"CycloneDX {version} knows no such field in the document: {odd!r}"
        )


@pytest.mark.parametrize(
    ("since", "before", "field"),
    [
        ("1.5", "1.4", "lifecycles"),
        ("1.6", "1.5", "manufacturer"),
        ("1.7", "1.6", "distributionConstraints"),
    ],
)
def test_a_field_of_metadata_that_the_version_does_not_know_is_refused(
    since: str, before: str, field: str
) -> None:
    assert isinstance(whole(since, {}, {field: None}), Sbom)
    assert refusal(whole(before, {}, {field: None})) == (
        f"CycloneDX {before} knows no such field in metadata: {field!r}"
    )


@pytest.mark.parametrize("version", ["1.2", "1.3"])
def test_cyclonedx_before_1_4_may_have_fields_of_its_writers(version: str) -> None:
    assert isinstance(whole(version, {"x-field": 1}, {"x-field": 1}), Sbom)


def test_a_citation_says_when_by_whom_and_of_what() -> None:
    good = {"timestamp": "2026-11-20T10:00:00Z", "attributedTo": "a", "pointers": ["/components/0"]}
    assert isinstance(whole("1.7", {"citations": [good]}, {}), Sbom)
    for change, problem in (
        ({"timestamp": "today"}, "a citation's timestamp is not an RFC 3339 time with an offset"),
        ({"expressions": ["$"]}, "a citation has either pointers or expressions"),
    ):
        assert refusal(whole("1.7", {"citations": [{**good, **change}]}, {})) == problem
    nobody = {key: value for key, value in good.items() if key != "attributedTo"}
    assert refusal(whole("1.7", {"citations": [nobody]}, {})) == (
        "a citation names neither attributedTo nor process"
    )
