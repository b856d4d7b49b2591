"""Ways to write a pass, or a list of ended ones, that says more than it should: each is refused."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from gate.checks.scan_age import CHECK as SCAN_AGE
from gate.checks.scan_age import ScanAgeParams
from gate.model.identity import CertificateIdentity, KeyIdentity
from gate.model.image import Digest
from gate.model.predicates import Unreadable
from gate.model.revocations import EndedSigner, Revocation, RevocationList
from gate.pipeline.superseded import Placed, own_statement, superseded
from gate.predicates import parse as parse_predicate
from gate.predicates.revocations import parse as parse_list
from gate.predicates.verification_summary import EXTENSION, TYPES, parse
from tests.builders.passes import HOUR, refused, signed, summary
from tests.builders.revocations import GOOD, HEX, LINE
from tests.checks.given import NOW, asked, codes, image, scan

FIRST, LAST = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
DIGEST: Final = f"sha256:{HEX}"
SAID: Final[dict[str, Any]] = {
    "verifier": {"id": "https://acme.example/gate"},
    "timeVerified": "2026-11-21T11:00:00Z",
    "resourceUri": f"ghcr.io/acme/shop@{DIGEST}",
    "policy": {"digest": {"sha256": HEX}},
    "verificationResult": "PASSED",
    "verifiedLevels": ["X"],
    f"{EXTENSION}environment": "production",
    f"{EXTENSION}notAfter": "2026-11-22T11:00:00Z",
    f"{EXTENSION}release": DIGEST,
    f"{EXTENSION}images": [f"ghcr.io/acme/shop@{DIGEST}"],
    f"{EXTENSION}objects": [DIGEST],
    f"{EXTENSION}identities": ["x"],
    f"{EXTENSION}checks": [{"check": "sbom", "result": "passed"}],
    f"{EXTENSION}waivers": [{"expires": "2026-12-31"}],
}


def test_the_summary_without_a_change_is_read() -> None:
    assert parse(SAID).environment == "production"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("waivers", None),
        ("waivers", {}),
        ("waivers", ["2026-12-31"]),
        ("waivers", [{"expires": None}]),
        ("waivers", [{"expires": "2026-12-31T00:00:00Z"}]),
        ("waivers", [{"expires": "2026-02-30"}]),
        ("waivers", [{"expires": 20261231}]),
        ("waivers", [{}]),
        ("checks", None),
        ("checks", [{"check": "sbom"}]),
        ("checks", [{"check": "sbom", "result": True}]),
        ("checks", [{"check": "sbom", "result": "passed", "until": 1}]),
        ("checks", [{"check": "sbom", "result": "passed", "until": ""}]),
        ("checks", [{"check": "sbom", "result": "passed", "until": "2026-11-22T11:00:00"}]),
        ("images", f"ghcr.io/acme/shop@{DIGEST}"),
        ("images", None),
        ("images", [[DIGEST]]),
        ("objects", {}),
        ("objects", DIGEST),
        ("objects", [None]),
        ("objects", [DIGEST.upper()]),
        ("objects", [HEX]),
        ("release", 1),
        ("release", HEX),
        ("release", f"sha512:{HEX}{HEX}"),
        ("identities", "x"),
        ("identities", [{"key": "x"}]),
        ("environment", ["production"]),
        ("environment", ""),
        ("notAfter", 1795345200),
        ("notAfter", "2026-11-22 11:00:00Z"),
        ("notAfter", "2026-11-22T24:00:00Z"),
        ("notAfter", "2026-11-22T11:00:60Z"),
        ("notAfter", "２０２６-11-22T11:00:00Z"),  # noqa: RUF001  # other digits
        ("notAfter", "2026-11-22T11:00:00+99:00"),
        ("notAfter", "9999-12-31T23:59:59-14:00"),
        ("notAfter", "0001-01-01T00:00:00+14:00"),
        ("objectNames", [{"digest": {"sha256": HEX}}]),
        ("declared", [{"object": {"sha256": HEX}, "name": "x"}]),
    ],
)
def test_a_field_of_another_form_makes_the_summary_unreadable(field: str, value: object) -> None:
    found = parse_predicate(TYPES[0], {**SAID, f"{EXTENSION}{field}": value})
    assert isinstance(found, Unreadable)
    assert "broke" not in found.problem


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("verifier", "https://acme.example/gate"),
        ("verifier", {"id": ""}),
        ("verifier", None),
        ("verificationResult", True),
        ("verificationResult", ["PASSED"]),
        ("timeVerified", None),
        ("timeVerified", "0001-01-01T00:00:00+14:00"),
        ("resourceUri", {"uri": "x"}),
        ("policy", None),
        ("policy", {"digest": "sha256"}),
        ("policy", {"digest": {"sha256": HEX.upper()}}),
    ],
)
def test_a_field_of_the_standard_of_another_form_makes_it_unreadable(
    field: str, value: object
) -> None:
    found = parse_predicate(TYPES[0], {**SAID, field: value})
    assert isinstance(found, Unreadable)
    assert "broke" not in found.problem


@pytest.mark.parametrize("value", [True, False, None, 0, ""])
def test_a_mark_of_a_dry_run_is_one_with_every_value(value: object) -> None:
    assert parse({**SAID, f"{EXTENSION}unsigned": value}).unsigned


def test_the_earliest_end_of_all_waivers_and_of_all_checks_counts() -> None:
    ends = [f"2026-11-{day}T00:00:00Z" for day in (25, 23, 24)]
    checks = [{"check": "x", "result": "passed", "until": end} for end in ends]
    waivers = [{"expires": f"2026-12-{day}"} for day in (20, 10, 15)]
    found = parse({**SAID, f"{EXTENSION}checks": checks, f"{EXTENSION}waivers": waivers})
    assert found.evidence_until == datetime(2026, 11, 23, tzinfo=UTC)
    assert found.waivers_expire == datetime(2026, 12, 10, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changed", "codes"),
    [
        ({"verified_at": LAST}, ["pass-from-the-future"]),
        ({"verified_at": FIRST}, ["pass-too-old"]),
        ({"not_after": LAST}, []),
        ({"not_after": FIRST}, ["pass-expired"]),
        ({"evidence_until": FIRST}, ["pass-evidence-expired"]),
        ({"waivers_expire": FIRST}, ["pass-waiver-expired"]),
        ({"evidence_until": LAST, "waivers_expire": LAST}, []),
        ({"not_after": NOW}, []),
        ({"not_after": NOW - timedelta(microseconds=1)}, ["pass-expired"]),
        ({"verified_at": NOW - 24 * HOUR}, []),
        ({"verified_at": NOW - 24 * HOUR - timedelta(microseconds=1)}, ["pass-too-old"]),
    ],
)
def test_times_at_the_end_of_the_calendar_and_of_a_pass_decide_as_others(
    changed: dict[str, Any], codes: list[str]
) -> None:
    assert refused(summary(**changed)) == codes


def test_a_pass_without_an_end_of_the_calendar_is_superseded_like_others() -> None:
    every = [signed(summary(verified_at=NOW - n * HOUR, not_after=LAST)) for n in (2, 1)]
    stated = [own_statement(one, NOW) for one in every]
    placed = [Placed(one, n) for n, one in enumerate(stated) if one is not None]
    assert superseded(placed, keep=1, now=NOW) == (0,)


@pytest.mark.parametrize(
    "changed",
    [{"result": "FAILED"}, {"unsigned": True}, {"not_after": None}, {"verified_at": LAST}],
)
def test_what_opens_nothing_supersedes_nothing(changed: dict[str, Any]) -> None:
    assert own_statement(signed(summary(**changed)), NOW) is None


KEY: Final = KeyIdentity(Digest(HEX))


def listed(*ended: EndedSigner) -> RevocationList:
    lines = tuple(Revocation(one, "leaked", NOW) for one in ended)
    return RevocationList("r.example/a:b", 1, NOW, NOW + HOUR, lines)


@pytest.mark.parametrize(
    ("signed_at", "ended", "is_ended"),
    [
        (NOW - HOUR, [EndedSigner(KEY, NOW)], False),
        (NOW, [EndedSigner(KEY, NOW)], True),
        (None, [EndedSigner(KEY, LAST)], True),
        (NOW - HOUR, [EndedSigner(KEY, NOW), EndedSigner(KEY)], True),
        (NOW - HOUR, [EndedSigner(KEY), EndedSigner(KEY, NOW)], True),
        (NOW - HOUR, [EndedSigner(KEY, NOW), EndedSigner(KEY, NOW - 2 * HOUR)], True),
        (NOW, [EndedSigner(CertificateIdentity(f"key {HEX}", ""))], False),
    ],
)
def test_of_several_lines_about_a_signer_the_strictest_counts(
    signed_at: datetime | None, ended: list[EndedSigner], *, is_ended: bool
) -> None:
    assert (listed(*ended).of_signer(KEY, signed_at) is not None) is is_ended


@pytest.mark.parametrize(
    "line",
    [
        {**LINE, "policy": DIGEST},
        {**LINE, "key": DIGEST},
        {**LINE, "since": "2026-11-01T00:00:00Z"},
        {**LINE, "image": HEX},
        {**LINE, "image": DIGEST.upper()},
        {**LINE, "image": [DIGEST]},
        {**LINE, "at": None},
        {"Image": DIGEST, **{k: v for k, v in LINE.items() if k != "image"}},
        {"subject": "x", "reason": "x", "at": LINE["at"]},
        {"issuer": "x", "reason": "x", "at": LINE["at"]},
        {"key": DIGEST, "since": "2026-11-01", "reason": "x", "at": LINE["at"]},
        {"key": DIGEST, "since": None, "reason": "x", "at": LINE["at"]},
        {"key": DIGEST, "since": "9999-12-31T23:59:59-14:00", "reason": "x", "at": LINE["at"]},
    ],
)
def test_a_line_that_two_readers_could_read_differently_makes_no_list(line: object) -> None:
    said = copy.deepcopy({**GOOD, "ended": [line]})
    with pytest.raises(ValueError, match=r"ended\[0\]"):
        parse_list(json.dumps(said).encode())


@pytest.mark.parametrize(
    ("stated", "code"),
    [
        ({"age": NOW - LAST}, "scan-from-the-future"),
        ({"age": NOW - FIRST}, "scan-too-old"),
        ({"database": NOW - LAST}, "scan-from-the-future"),
        ({"database": NOW - FIRST}, "scan-database-too-old"),
    ],
)
def test_a_scan_of_the_end_of_the_calendar_fails_for_its_date(
    stated: dict[str, Any], code: str
) -> None:
    params = asked(ScanAgeParams, by=["scanner"], max_age="7d", max_database_age="3d")
    given = scan(**{"database": HOUR, **stated})
    assert codes(SCAN_AGE.run(image(given), params, NOW)) == [code]
