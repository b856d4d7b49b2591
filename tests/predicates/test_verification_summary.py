"""A pass is read strictly: what it says of itself is never read as less than it says."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import pytest

from gate.model.declared import DeclaredObject
from gate.model.image import Digest
from gate.model.predicates import VerificationSummary
from gate.predicates.verification_summary import EXTENSION, MAX_ITEMS, parse

ONE: Final = "1" * 64
TWO: Final = "2" * 64
GOOD: Final[dict[str, Any]] = {
    "verifier": {"id": "https://acme.example/gate"},
    "resourceUri": f"ghcr.io/acme/shop@sha256:{ONE}",
    "verificationResult": "PASSED",
    "timeVerified": "2026-11-21T12:00:00Z",
    "policy": {"uri": "https://acme.example/policy"},
    "verifiedLevels": ["SLSA_BUILD_LEVEL_3"],
}
WHOLE: Final[dict[str, Any]] = {
    **GOOD,
    "policy": {"digest": {"sha256": ONE}},
    **{
        f"{EXTENSION}{name}": value
        for name, value in {
            "environment": "production",
            "notAfter": "2026-11-22T13:00:00.5+01:00",
            "release": f"sha256:{TWO}",
            "images": ["ghcr.io/acme/shop"],
            "objects": [f"sha256:{ONE}"],
            "objectNames": [
                {"digest": {"sha256": ONE}, "name": "shop/Service/web"},
                {"digest": {"sha512": "0"}, "name": "known by no digest that gate reads"},
            ],
            "declared": [
                {
                    "name": "shop/Service/web",
                    "object": {"sha256": ONE},
                    "text": {"sha256": TWO},
                    "template": {"sha256": TWO},
                    "shape": {"a": 1},
                }
            ],
            "identities": ["key sha256:0"],
            "checks": [
                {"check": "sbom", "result": "passed", "until": "2026-12-02T00:00:00Z"},
                {"check": "digest", "result": "waived"},
                {"check": "manifests", "result": "warned", "until": "2026-12-01T00:00:00Z"},
                {"check": "layout", "result": "failed"},
            ],
            "waivers": [{"expires": "2026-12-31"}, {"expires": "2026-12-30"}],
            "unsigned": True,
        }.items()
    },
}


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=UTC)


def test_a_summary_of_another_tool_says_what_the_standard_has_fields_for() -> None:
    assert parse(GOOD) == VerificationSummary(
        verifier="https://acme.example/gate",
        resource=f"ghcr.io/acme/shop@sha256:{ONE}",
        result="PASSED",
        verified_at=at("11-21T12:00"),
        levels=("SLSA_BUILD_LEVEL_3",),
    )


def test_a_pass_says_in_addition_what_it_is_about_and_when_it_ends() -> None:
    assert parse(WHOLE) == VerificationSummary(
        verifier="https://acme.example/gate",
        resource=f"ghcr.io/acme/shop@sha256:{ONE}",
        result="PASSED",
        verified_at=at("11-21T12:00"),
        policy=Digest(ONE),
        levels=("SLSA_BUILD_LEVEL_3",),
        environment="production",
        not_after=at("11-22T12:00:00.500000"),
        release=Digest(TWO),
        images=("ghcr.io/acme/shop",),
        objects=(Digest(ONE),),
        object_names=((Digest(ONE), "shop/Service/web"),),
        declared=(
            DeclaredObject(
                name="shop/Service/web",
                object=Digest(ONE),
                text=Digest(TWO),
                template=Digest(TWO),
                shape={"a": 1},
            ),
        ),
        evidence_identities=("key sha256:0",),
        waivers_expire=at("12-30T23:59:59"),
        evidence_until=at("12-01T00:00"),
        unsettled=("layout",),
        unsigned=True,
    )


def test_a_pass_without_a_list_of_objects_binds_none_and_an_empty_list_is_one() -> None:
    assert parse({**GOOD, f"{EXTENSION}objects": None}).objects is None
    assert parse({**GOOD, f"{EXTENSION}objects": []}).objects == ()


def test_a_list_of_a_pass_is_read_up_to_its_bound() -> None:
    most = ["ghcr.io/acme/shop"] * MAX_ITEMS
    assert len(parse({**GOOD, f"{EXTENSION}images": most}).images) == MAX_ITEMS


def test_a_dry_run_is_one_whatever_it_says_of_that() -> None:
    assert parse({**GOOD, f"{EXTENSION}unsigned": False}).unsigned


NO_TEXT: Final = "is missing, empty or not text"
NO_LIST: Final = f"is not a list of at most {MAX_ITEMS} items"
NO_TIME: Final = "is no RFC 3339 time"
OTHER_TIMES: Final = [
    *("2026-11-21", "2026-11-21T12:00:00", "2026-11-21 12:00:00Z", "2026-11-21T12:00:00z"),
    *("20261121T120000Z", "2026-11-21T12:00:00.Z", "2026-11-21T12:00:00.0123456789Z", "now"),
]


@pytest.mark.parametrize(
    ("field", "values", "problem"),
    [
        ("verifier", [None, "gate", []], "verifier is not an object"),
        ("verifier", [{}, {"id": ""}, {"id": 1}], f"id {NO_TEXT}"),
        ("resourceUri", [None, "", 1], f"resourceUri {NO_TEXT}"),
        ("verificationResult", [None, "", True], f"verificationResult {NO_TEXT}"),
        ("timeVerified", [None, "", 1], f"timeVerified {NO_TEXT}"),
        ("timeVerified", OTHER_TIMES, f"timeVerified {NO_TIME}"),
        ("policy", [None, "x", []], "policy is not an object"),
        ("policy", [{"digest": "x"}, {"digest": []}], "policy digest is not an object"),
        ("policy", [{"digest": {"sha256": ""}}], f"sha256 {NO_TEXT}"),
        ("verifiedLevels", [None, {}, "x"], f"verifiedLevels {NO_LIST}"),
        ("verifiedLevels", [[1], ["a", None]], "verifiedLevels holds something that is not text"),
        ("environment", ["", 1, []], f"{EXTENSION}environment {NO_TEXT}"),
        ("notAfter", ["", 1, []], f"{EXTENSION}notAfter {NO_TEXT}"),
        ("notAfter", OTHER_TIMES, f"{EXTENSION}notAfter {NO_TIME}"),
        ("release", ["", 1, {}], f"{EXTENSION}release {NO_TEXT}"),
        ("images", [None, {}, ["a"] * (MAX_ITEMS + 1)], f"images {NO_LIST}"),
        ("images", [[1]], "images holds something that is not text"),
        ("objects", [{}, "x"], f"objects {NO_LIST}"),
        ("objects", [[1]], "objects holds something that is not text"),
        ("objectNames", [None, {}], f"objectNames {NO_LIST}"),
        ("objectNames", [["a"], [None]], "objectNames is not an object"),
        ("objectNames", [[{"digest": {"sha256": ONE}}]], f"name {NO_TEXT}"),
        ("declared", [None, {}], f"declared {NO_LIST}"),
        ("declared", [["a"]], "declared is not an object"),
        (
            "declared",
            [[{"name": "a", "object": {"sha256": ONE}}], [{"name": "a", "text": {"sha256": ONE}}]],
            "declared has an object without its digests",
        ),
        ("identities", [None, {}], f"identities {NO_LIST}"),
        ("checks", [None, {}], f"checks {NO_LIST}"),
        ("checks", [["sbom"]], "check is not an object"),
        ("checks", [[{"result": "failed"}]], f"check {NO_TEXT}"),
        ("checks", [[{"check": "sbom"}]], f"result {NO_TEXT}"),
        ("checks", [[{"check": "sbom", "result": "passed", "until": "x"}]], f"until {NO_TIME}"),
        ("waivers", [None, {}], f"waivers {NO_LIST}"),
        ("waivers", [["a"]], "waiver is not an object"),
        ("waivers", [[{}]], f"expires {NO_TEXT}"),
        ("waivers", [[{"expires": "never"}]], f"waiver's expires {NO_TIME}"),
    ],
)  # fmt: skip
def test_a_field_of_another_shape_is_refused_with_its_name(
    field: str, values: list[object], problem: str
) -> None:
    said = []
    for value in values:
        changed = {field if field in WHOLE else f"{EXTENSION}{field}": value}
        with pytest.raises(ValueError, match="^the summary's ") as refused:
            parse({**WHOLE, **changed})
        said.append(str(refused.value))
    assert said == [f"the summary's {problem}"] * len(values)


@pytest.mark.parametrize(
    "text", ["2026-02-30T00:00:00Z", "2026-11-21T24:30:00Z", "0001-01-01T00:00:00+23:59"]
)
def test_a_time_that_is_on_no_clock_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="^the summary's timeVerified is no time that there is: "):
        parse({**GOOD, "timeVerified": text})


@pytest.mark.parametrize("wrong", ["a", "A" * 64, f"sha256:{ONE}", "1" * 63])
def test_a_digest_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="^not a sha256 digest"):
        parse({**GOOD, "policy": {"digest": {"sha256": wrong}}})
    for field in ("objectNames", "declared"):
        item = {"name": "a", "digest": {"sha256": wrong}, "object": {"sha256": wrong}}
        with pytest.raises(ValueError, match="^not a sha256 digest"):
            parse({**GOOD, f"{EXTENSION}{field}": [item]})


@pytest.mark.parametrize("field", ["release", "objects"])
def test_a_release_and_its_objects_are_named_by_sha_256_alone(field: str) -> None:
    for text in (ONE, f"sha512:{ONE}"):
        value = [text] if field == "objects" else text
        with pytest.raises(ValueError, match="^unsupported digest algorithm"):
            parse({**GOOD, f"{EXTENSION}{field}": value})
