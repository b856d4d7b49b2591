"""What predicates of several formats hold: times, digests, package URLs, notes, wrapping."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import pytest

from gate import predicates
from gate.documents.strict import TEXT
from gate.model.image import Digest
from gate.model.predicates import LayoutSet, Unreadable
from gate.predicates import PARSERS, fields, layout, notes, types, vulnerabilities
from gate.predicates.verification_summary import release_resource

HEX: Final = "a" * 64
AT: Final = "2026-11-20T10:00:00Z"


@pytest.mark.parametrize(
    ("text", "at"),
    [
        (AT, "2026-11-20T10:00:00"),
        ("2026-11-20T10:00:00.5Z", "2026-11-20T10:00:00.500000"),
        ("2026-11-20T10:00:00.1234567Z", "2026-11-20T10:00:00.123456"),
        ("2026-11-20T10:00:00.123456789123456789Z", "2026-11-20T10:00:00.123456"),
        ("2026-11-20T10:00:00-01:30", "2026-11-20T11:30:00"),
        ("0002-01-01T00:00:00Z", "0002-01-01T00:00:00"),
    ],
)
def test_a_time_is_read_to_the_microsecond_as_utc(text: str, at: str) -> None:
    expected = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert fields.instant(text, "at") == expected
    assert fields.instant_if_set(text, "at") == expected
    assert fields.instant_if_stated(text) == expected


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00Z", "0001-06-01T00:00:00Z"])
def test_a_time_of_the_first_year_was_never_set(text: str) -> None:
    with pytest.raises(ValueError, match="^at is the zero time, so it was never set$"):
        fields.instant(text, "at")
    assert fields.instant_if_stated(text) is None


def test_a_time_that_is_absent_is_not_set_and_one_that_is_wrong_is_refused() -> None:
    assert fields.instant_if_set(None, "at") is None
    assert fields.instant_if_set("0001-01-01T00:00:00Z", "at") is None
    for wrong in ("", "today", "2026-11-20", 0, "2026-02-30T00:00:00Z"):
        with pytest.raises(ValueError, match="^at is not an RFC 3339 time with an offset$"):
            fields.instant_if_set(wrong, "at")


def test_every_digest_in_a_text_is_found_and_nothing_else() -> None:
    other = "b" * 64
    found = fields.digests(
        f"a@sha256:{HEX}", f"pkg:oci/a@sha256%3A{other}", 7, None, f"sha512:{HEX}"
    )
    assert found == {Digest(HEX), Digest(other)}


LONGEST: Final = "pkg:npm/".ljust(TEXT, "a")


@pytest.mark.parametrize(
    ("value", "noted"),
    [
        *(("pkg:npm/a@1", []), ("PKG:npm/a@1", []), (None, []), ("", []), (LONGEST, [])),
        ("npm/a@1", ["purl is not a package URL: 'npm/a@1'"]),
        ("pkg:npm", ["purl is not a package URL: 'pkg:npm'"]),
        ("xpkg:npm/a", ["purl is not a package URL: 'xpkg:npm/a'"]),
    ],
)
def test_what_does_not_begin_as_a_package_url_is_noted_and_kept(
    value: str | None, noted: list[str]
) -> None:
    said: list[str] = []
    assert fields.noted_purl(value, "purl", said.append) == (value or "")
    assert said == noted


@pytest.mark.parametrize(
    ("value", "problem"),
    [(7, "purl is missing or not text"), (f"{LONGEST}a", f"purl is longer than {TEXT} characters")],
)
def test_a_package_url_that_is_no_text_or_too_long_is_refused(value: object, problem: str) -> None:
    with pytest.raises(ValueError, match=f"^{problem}$"):
        fields.noted_purl(value, "purl", list[str]().append)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        *((None, "missing"), ([1], "list"), ({}, "dict"), (7, "7"), (True, "True"), (1.5, "1.5")),
        ("a", "'a'"),
        ("a" * 200, repr("a" * 80)),
        ("\x00" * 39, repr("\x00" * 39)),
        ("\x00" * 80, "str"),
        (10**159, str(10**159)),
        (10**160, "int"),
    ],
)
def test_a_sentence_shows_the_beginning_of_a_value_or_its_kind(value: object, shown: str) -> None:
    assert fields.quoted(value) == shown


@pytest.mark.parametrize(
    ("document", "inside"),
    [
        ({"a": 1}, {"a": 1}),
        ({}, {}),
        ({"Data": {"a": 1}}, {"a": 1}),
        ({"Data": {"a": 1}, "Timestamp": AT}, {"a": 1}),
        ({"Data": '{"a": 1}', "Timestamp": AT}, {"a": 1}),
        ({"Timestamp": AT}, {"Timestamp": AT}),
        ({"Data": {"a": 1}, "b": 2}, {"Data": {"a": 1}, "b": 2}),
    ],
)
def test_a_document_is_taken_out_of_what_old_cosign_put_it_into(
    document: dict[str, Any], inside: dict[str, Any]
) -> None:
    assert fields.unwrapped(document, "it") == inside


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ([], "it is not an object"),
        ({"Data": []}, "it is not an object"),
        ({"Data": "[]"}, "it is not an object"),
        ({"Data": '{"a": 1, "a": 2}'}, "it inside `Data` is not strict JSON"),
        ({"Data": "x"}, "it inside `Data` is not strict JSON"),
    ],
)
def test_what_is_no_document_inside_is_refused(document: object, problem: str) -> None:
    with pytest.raises(ValueError, match=f"^{problem}$"):
        fields.unwrapped(document, "it")


def test_a_sentence_is_noted_once_and_of_too_many_the_rest_is_counted() -> None:
    said = notes.Notes()
    assert said.told() == ()
    for number in range(notes.MOST):
        said.add(f"n{number}")
        said.add("n0")
    first = tuple(f"n{number}" for number in range(notes.MOST))
    assert said.told() == first
    for sentence in ("more", "n1", "and more"):
        said.add(sentence)
    assert said.told() == (*first, "and 2 more of the kind")


def test_a_layout_and_its_links_are_kept_as_they_were_signed() -> None:
    links = [{"signed": {"name": "build"}}] * layout.LINKS
    read = layout.parse({"layout": {"signed": {}}, "links": links})
    assert read == LayoutSet('{"signed": {}}', ('{"signed": {"name": "build"}}',) * layout.LINKS)
    assert layout.parse({"Data": {"layout": {}}}) == LayoutSet("{}", ())


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ([], "the layout set is not an object"),
        ({}, "layout is not an object"),
        ({"layout": {}, "links": {}}, "links is not a list"),
        ({"layout": {}, "links": ["x"]}, "a link is not an object"),
        ({"layout": {}, "links": [{}] * (layout.LINKS + 1)}, "there are more than 1000 links"),
    ],
)
def test_what_is_no_layout_set_is_refused_with_its_reason(document: object, problem: str) -> None:
    with pytest.raises(ValueError, match=f"^{problem}$"):
        layout.parse(document)


@pytest.mark.parametrize(
    ("scanner", "expected"),
    [
        ({"result": []}, None),
        ({"result": [{"id": "CVE-2026-1", "severity": [], "annotations": []}]}, None),
        ({"result": [{"vulnerability": {"id": "CVE-2026-1"}}]}, None),
        ({"result": [dict.fromkeys(("id", "severity", "annotations", "vulnerability"))]}, None),
        ({"result": {}}, types.SCAN_COSIGN[0]),
        ({"result": ["CVE-2026-1"]}, types.SCAN_COSIGN[0]),
        ({"result": [{"id": "CVE-2026-1"}, {"id": "CVE-2026-2", "more": 1}]}, types.SCAN_COSIGN[0]),
        ({}, types.SCAN_COSIGN[0]),
        ([], types.SCAN_COSIGN[0]),
    ],
)
def test_a_list_of_ids_is_read_as_in_totos_and_a_report_as_cosigns(
    scanner: object, expected: str | None
) -> None:
    found = vulnerabilities.type_of({"scanner": scanner})
    assert found == (expected or "https://in-toto.io/attestation/vulns/v0.2")


def test_a_pass_of_a_whole_release_is_named_by_who_verified_it_and_its_digest() -> None:
    named = release_resource("https://acme.example/gate", Digest(HEX))
    assert named == f"https://acme.example/gate/release@sha256:{HEX}"


def test_a_reader_that_breaks_makes_its_document_unreadable_and_nothing_worse(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(_: object) -> None:
        raise ZeroDivisionError

    uri = types.LAYOUT[0]
    monkeypatch.setattr(predicates, "PARSERS", {**PARSERS, uri: broken})
    assert predicates.parse(uri, {}) == Unreadable(uri, "gate broke on it: ZeroDivisionError")
