"""What a pass says, field by field, of a run that was cleared."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import rfc8785

from gate.model.identity import KeyIdentity
from gate.model.image import Digest
from gate.model.signed_file import SignedFile
from gate.model.verdict import (
    Cleared,
    Outcome,
    Passed,
    Question,
    Result,
    Undecided,
)
from gate.predicates.verification_summary import EXTENSION, TYPES, parse, release_resource
from gate.signing.statement import release_statement, statements
from gate.signing.summary import Issuer, not_after
from tests.builders.statements import (
    AT,
    BUILD,
    CACHE,
    CACHE_NAME,
    HOUR,
    ISSUER,
    OBJECT,
    POLICY,
    RELEASE,
    ROOT,
    SCAN,
    SCANNER,
    SHOP,
    SHOP_NAME,
    SIGNATURE,
    WAIVED,
    WARNED,
    cleared,
)


def stated(run: Cleared | None = None, issuer: Issuer = ISSUER) -> dict[str, Any]:
    """Return the statement about the shop."""
    (found,) = (s for s in statements(run or cleared(), issuer) if s.image == SHOP)
    value = json.loads(found.payload)
    assert rfc8785.dumps(value) == found.payload
    assert isinstance(value, dict)
    return value


def own(name: str, predicate: dict[str, Any] | None = None) -> Any:  # noqa: ANN401  # any JSON
    return (predicate or stated()["predicate"])[f"{EXTENSION}{name}"]


def released(run: Cleared | None = None, issuer: Issuer = ISSUER) -> dict[str, Any]:
    found = release_statement(run or cleared(), issuer, [Digest("f" * 64), Digest("e" * 64)])
    assert found is not None
    value = json.loads(found.payload)
    assert rfc8785.dumps(value) == found.payload
    assert isinstance(value, dict)
    return value


def test_a_pass_names_each_check_about_its_image_and_the_run_with_its_result_and_end() -> None:
    assert own("checks") == [
        {"check": "manifests", "subject": "manifests", "result": "warned", "until": None},
        {"check": "provenance", "subject": str(SHOP), "result": "passed", "until": None},
        {
            "check": "scan-age",
            "subject": str(SHOP),
            "result": "passed",
            "until": "2026-11-21T18:00:00Z",
        },
        {"check": "signature", "subject": str(SHOP), "result": "passed", "until": None},
        {
            "check": "vulnerabilities",
            "subject": str(SHOP),
            "result": "waived",
            "until": "2026-11-30T23:59:59Z",
        },
    ]


def test_a_pass_names_what_the_manifests_silenced_and_why() -> None:
    assert own("suppressions") == [
        {
            "rule": "no-read-only-root-fs",
            "object": "acme/Deployment/shop",
            "reason": "it writes a lock file",
        }
    ]


def test_a_pass_quotes_no_more_than_a_bounded_part_of_a_manifests_reason() -> None:
    long = replace(ISSUER.suppressed[0], reason="x" * 10_000)
    predicate = stated(issuer=replace(ISSUER, suppressed=(long,)))["predicate"]
    assert own("suppressions", predicate)[0]["reason"] == "x" * 512


def test_a_pass_names_each_waiver_with_what_it_excuses_and_who_answers_for_it() -> None:
    assert own("waivers") == [
        {
            "check": "vulnerabilities",
            "finding": "CVE-2026-1234",
            "image": str(SHOP),
            "object": "",
            "owner": "team-web",
            "reason": "not reachable",
            "expires": "2026-11-30",
        }
    ]


def test_a_pass_names_the_evidence_with_every_time_that_somebody_vouches_for() -> None:
    evidence = {e["identity"]: e for e in own("evidence")}
    assert evidence[str(BUILD)] == {
        "digest": {"sha256": SIGNATURE.attached.hex},
        "predicateType": "https://sigstore.dev/cosign/sign/v1",
        "identity": str(BUILD),
        "signers": ["build"],
        "signedAt": "2026-11-21T10:00:00Z",
        "times": [
            {
                "at": "2026-11-21T10:00:00Z",
                "clock": "transparency-log",
                "authority": "rekor.example",
            },
            {
                "at": "2026-11-21T11:00:00Z",
                "clock": "timestamp-authority",
                "authority": "tsa.example",
            },
        ],
    }
    assert (evidence[str(SCANNER)]["signedAt"], evidence[str(SCANNER)]["times"]) == (None, [])
    assert own("identities") == sorted(evidence)


def test_the_inputs_of_a_pass_are_all_that_was_relied_on_waived_checks_included() -> None:
    assert stated()["predicate"]["inputAttestations"] == [
        {"digest": {"sha256": hex_}} for hex_ in sorted((SIGNATURE.attached.hex, SCAN.attached.hex))
    ]


def test_files_that_a_check_verified_are_inputs_and_their_keys_identities() -> None:
    key = KeyIdentity(Digest("8" * 64))
    file = SignedFile(Digest("1" * 64), (key,))
    run = cleared(signature=Passed((SIGNATURE,), files=(file,)))
    predicate = stated(run)["predicate"]
    assert {"digest": {"sha256": "1" * 64}} in predicate["inputAttestations"]
    assert str(key) in own("identities", predicate)


def test_a_pass_names_the_program_the_policy_and_the_trusted_roots() -> None:
    predicate = stated()["predicate"]
    assert predicate["verifier"] == {
        "id": "https://acme.example/gate",
        "version": {"gate": "1.2.3"},
    }
    assert predicate["policy"]["digest"] == {"sha256": POLICY.hex}
    assert own("trustedRoots", predicate) == [{"sha256": ROOT.hex}]


@pytest.mark.parametrize(
    ("answers", "valid_for", "end"),
    [
        pytest.param({}, 24 * HOUR, AT + 6 * HOUR, id="the scan ends first"),
        pytest.param({}, 2 * HOUR, AT + 2 * HOUR, id="valid-for ends first"),
        pytest.param(
            {"scan_age": Passed((SCAN,), AT + 400 * HOUR)},
            500 * HOUR,
            datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC),
            id="the waiver ends first",
        ),
        pytest.param(
            {"vulnerabilities": replace(WARNED, until=AT + 5 * HOUR)},
            24 * HOUR,
            AT + 5 * HOUR,
            id="a grace ends first",
        ),
        pytest.param(
            {"vulnerabilities": replace(WAIVED, until=AT + 5 * HOUR)},
            24 * HOUR,
            AT + 5 * HOUR,
            id="a grace beside a waiver ends first",
        ),
    ],
)
def test_a_pass_ends_with_the_first_thing_that_does(
    answers: dict[str, Outcome], valid_for: timedelta, end: datetime
) -> None:
    issuer = replace(ISSUER, valid_for=valid_for)
    run = cleared(**answers)
    assert not_after(run, issuer) == end
    for statement in (stated(run, issuer), released(run, issuer)):
        said = parse(statement["predicate"])
        assert said.not_after == end


def test_a_consumer_can_recompute_the_end_of_the_evidence_from_the_checks_alone() -> None:
    assert parse(stated()["predicate"]).evidence_until == AT + 6 * HOUR


def test_the_release_claims_of_its_checks_only_what_every_image_passed() -> None:
    assert released()["predicate"]["verifiedLevels"] == ["GATE_SIGNATURE"]
    assert stated()["predicate"]["verifiedLevels"] == [
        "GATE_PROVENANCE",
        "GATE_SCAN_AGE",
        "GATE_SIGNATURE",
    ]
    run = cleared(signature=WAIVED)
    assert released(run)["predicate"]["verifiedLevels"] == []


def test_a_build_level_is_claimed_only_where_provenance_of_that_level_passed() -> None:
    asks = replace(ISSUER, build_levels={SHOP_NAME: 3})
    assert "SLSA_BUILD_LEVEL_3" in stated(issuer=asks)["predicate"]["verifiedLevels"]
    waived = replace(WAIVED, relied_on=())
    unproven = stated(cleared(provenance=waived), asks)["predicate"]["verifiedLevels"]
    unasked = stated()["predicate"]["verifiedLevels"]
    assert [level for level in (*unproven, *unasked) if "SLSA" in level] == []


def test_a_run_with_anything_undecided_is_no_cleared_run() -> None:
    with pytest.raises(ValueError, match="not clear"):
        cleared(signature=Undecided("unreachable", "no answer", "run again"))


def test_the_release_names_every_image_platform_and_object_and_rests_on_the_passes() -> None:
    statement = released()
    assert statement["predicateType"] == TYPES[0]
    assert [(s["name"], s["digest"]["sha256"]) for s in statement["subject"]] == [
        ("release", RELEASE.digest.hex),
        (OBJECT.name, OBJECT.digest.hex),
        (CACHE.repository, CACHE.digest.hex),
        *((SHOP.repository, d.hex) for d in SHOP.digests),
    ]
    predicate = statement["predicate"]
    assert predicate["inputAttestations"] == [
        {"digest": {"sha256": digit * 64}} for digit in ("e", "f")
    ]
    assert predicate["resourceUri"] == release_resource(ISSUER.verifier, RELEASE.digest)
    assert {c["subject"] for c in own("checks", predicate)} == {
        "manifests",
        str(SHOP),
        str(CACHE),
    }


def test_a_release_without_manifests_binds_no_object() -> None:
    statement = released(issuer=replace(ISSUER, manifests_bound=False))
    assert OBJECT.name not in {s["name"] for s in statement["subject"]}
    assert f"{EXTENSION}objects" not in statement["predicate"]


def test_a_level_of_the_release_is_the_least_of_its_images() -> None:
    images = {SHOP_NAME: 3, CACHE_NAME: 2}
    results = (Result(Question("provenance", CACHE_NAME), Passed()),)
    run = cleared()
    both = tuple(sorted((*run.results, *results), key=lambda r: r.question))
    plan = replace(run.plan, questions=tuple(r.question for r in both))
    levels = released(Cleared(plan, both), replace(ISSUER, build_levels=images))
    assert "SLSA_BUILD_LEVEL_2" in levels["predicate"]["verifiedLevels"]


def test_a_release_with_an_image_of_no_level_claims_none() -> None:
    levels = released(issuer=replace(ISSUER, build_levels={SHOP_NAME: 3}))
    assert "SLSA_BUILD_LEVEL_3" not in levels["predicate"]["verifiedLevels"]


def test_a_statement_of_a_dry_run_says_so_and_says_all_else_alike() -> None:
    (_, dry) = statements(cleared(), ISSUER, unsigned=True)
    (_, real) = statements(cleared(), ISSUER)
    said = json.loads(dry.payload)
    mark = said["predicate"].pop(f"{EXTENSION}unsigned")
    assert mark == "a dry run: nobody signed this, and gate admits nothing by it"
    assert said == json.loads(real.payload)
    assert parse(json.loads(dry.payload)["predicate"]).unsigned
    assert not parse(json.loads(real.payload)["predicate"]).unsigned


def test_the_page_on_the_pass_names_each_field_that_is_stated() -> None:
    page = Path("docs/pass.md").read_text()
    (dry, _) = statements(cleared(), ISSUER, unsigned=True)
    unnamed = {
        name
        for value in (stated(), released(), json.loads(dry.payload))
        for name in _names(value)
        if f"`{name.removeprefix(EXTENSION)}`" not in page
    }
    assert unnamed == set()


def _names(value: object) -> set[str]:
    """Return every key, at whatever depth."""
    match value:
        case dict():
            return set(value).union(*map(_names, value.values()))
        case list():
            return set().union(*map(_names, value))
        case _:
            return set()
