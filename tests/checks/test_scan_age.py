from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from gate.checks.scan_age import CHECK, ScanAgeParams
from gate.model.clock import TOLERANCE
from gate.model.predicates import Doubt, Unreadable
from gate.model.verdict import Age, Failed, Passed
from tests.checks.given import (
    AMD64,
    INDEX,
    NOW,
    OTHER,
    SCAN_TYPE,
    asked,
    attested,
    codes,
    findings,
    image,
    rejected,
    scan,
)

DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)
WEEK = asked(ScanAgeParams, by=["scanner"], max_age="7d")
WEEK_AND_DATABASE = asked(ScanAgeParams, by=["scanner"], max_age="7d", max_database_age="3d")


def test_no_scan_is_absent() -> None:
    assert codes(CHECK.run(image(), WEEK, NOW)) == ["scan-absent"]


@pytest.mark.parametrize(
    ("age", "passes"), [(7 * DAY - SECOND, True), (7 * DAY, True), (7 * DAY + SECOND, False)]
)
def test_r089_a_scan_is_good_up_to_and_including_its_maximum_age(
    age: timedelta,
    passes: bool,  # noqa: FBT001  # a table of cases
) -> None:
    assert isinstance(CHECK.run(image(scan(age)), WEEK, NOW), Passed) is passes


def test_a_scan_too_old_names_the_day_it_was_last_good() -> None:
    (finding,) = findings(CHECK.run(image(scan(9 * DAY)), WEEK, NOW))
    assert finding.code == "scan-too-old"
    assert finding.message == (
        "the newest scan is of 2026-11-12T12:00:00Z and was good until 2026-11-19T12:00:00Z: "
        "it is 9d old, over 7d"
    )


@pytest.mark.parametrize(
    ("age", "most", "said"),
    [
        (9 * DAY + 4 * HOUR, "7d", "9d 4h old, over 7d"),
        (8 * DAY + 59 * SECOND, "26h", "8d old, over 1d 2h"),
        (3 * HOUR + 59 * SECOND * 60, "90m", "3h old, over 1h"),
        (12 * 60 * SECOND, "10m", "12m old, over 10m"),
        (60 * 60 * SECOND, "59m", "1h old, over 59m"),
    ],
)
def test_an_age_is_told_in_days_and_hours_or_in_minutes(
    age: timedelta, most: str, said: str
) -> None:
    asks = asked(ScanAgeParams, by=["scanner"], max_age=most)
    (finding,) = findings(CHECK.run(image(scan(age)), asks, NOW))
    assert finding.message.rpartition(": it is ")[2] == said


def test_of_several_scans_too_old_the_newest_is_told() -> None:
    evidence = image(scan(30 * DAY), scan(8 * DAY), scan(20 * DAY))
    (finding,) = findings(CHECK.run(evidence, WEEK, NOW))
    assert "2026-11-13T12:00:00Z" in finding.message


def test_r090_a_scan_from_the_future_does_not_count() -> None:
    ahead = image(scan(-TOLERANCE - SECOND))
    assert codes(CHECK.run(ahead, WEEK, NOW)) == ["scan-from-the-future"]


def test_a_scan_by_a_clock_that_is_a_little_ahead_counts() -> None:
    assert isinstance(CHECK.run(image(scan(-TOLERANCE)), WEEK, NOW), Passed)


def test_a_scan_of_which_one_time_alone_is_to_come_does_not_count() -> None:
    for latest, refused in ((NOW + HOUR, ["scan-from-the-future"]), (NOW - HOUR, [])):
        outcome = CHECK.run(image(scan(2 * HOUR, latest=latest)), WEEK, NOW)
        assert ([] if isinstance(outcome, Passed) else codes(outcome)) == refused


def test_a_scan_of_which_one_time_alone_is_after_its_signature_does_not_count() -> None:
    for latest, refused in ((NOW - HOUR, ["scan-after-signing"]), (NOW - 3 * HOUR, [])):
        found = scan(4 * HOUR, signed=2 * HOUR, latest=latest)
        outcome = CHECK.run(image(found), WEEK, NOW)
        assert ([] if isinstance(outcome, Passed) else codes(outcome)) == refused


def test_r090_a_scan_from_the_future_hides_none_that_counts() -> None:
    good = scan(DAY)
    assert CHECK.run(image(scan(-DAY), good), WEEK, NOW) == Passed((good,), until=NOW + 6 * DAY)


@pytest.mark.parametrize(("at_least", "until"), [(1, 6 * DAY), (2, 4 * DAY)])
def test_it_says_until_when_enough_of_the_scans_it_relies_on_are_good(
    at_least: int, until: timedelta
) -> None:
    both = image(scan(DAY), scan(3 * DAY, scanner="grype"))
    params = asked(
        ScanAgeParams, by=["scanner"], max_age="7d", scanners=["trivy", "grype"], at_least=at_least
    )
    outcome = CHECK.run(both, params, NOW)
    assert isinstance(outcome, Passed)
    assert outcome.until == NOW + until


def test_it_tells_how_old_the_scan_and_its_database_are_also_where_they_are_too_old() -> None:
    for days in (1, 30):
        both = image(scan(days * DAY, database=2 * DAY), scan(40 * DAY))
        outcome = CHECK.run(both, WEEK_AND_DATABASE, NOW)
        assert isinstance(outcome, Passed if days == 1 else Failed)
        assert outcome.ages == (
            Age(of="database", since=NOW - 2 * DAY, until=NOW + DAY),
            Age(of="scan", since=NOW - days * DAY, until=NOW + (7 - days) * DAY),
        )


def test_r093_an_old_scan_signed_again_today_is_old() -> None:
    evidence = image(scan(9 * DAY, signed=HOUR))
    assert codes(CHECK.run(evidence, WEEK, NOW)) == ["scan-too-old"]


def test_r093_a_scan_that_ended_after_it_was_signed_is_a_lie() -> None:
    evidence = image(scan(HOUR, signed=2 * DAY))
    assert codes(CHECK.run(evidence, WEEK, NOW)) == ["scan-after-signing"]


def test_a_scanner_clock_that_is_seconds_ahead_of_the_log_is_borne() -> None:
    assert isinstance(CHECK.run(image(scan(HOUR, signed=HOUR + SECOND)), WEEK, NOW), Passed)


def test_r092_an_old_database_makes_a_fresh_scan_fail_with_the_day_it_was_last_good() -> None:
    evidence = image(scan(HOUR, database=4 * DAY))
    (finding,) = findings(CHECK.run(evidence, WEEK_AND_DATABASE, NOW))
    assert finding.code == "scan-database-too-old"
    assert "2026-11-17T12:00:00Z and was good until 2026-11-20T12:00:00Z" in finding.message


def test_r092_a_database_without_a_date_is_told_apart_from_a_fresh_one() -> None:
    evidence = image(scan(HOUR))
    assert codes(CHECK.run(evidence, WEEK_AND_DATABASE, NOW)) == ["scan-database-undated"]
    assert isinstance(CHECK.run(evidence, WEEK, NOW), Passed)


def test_a_database_from_the_future_does_not_count() -> None:
    evidence = image(scan(HOUR, database=-HOUR))
    assert codes(CHECK.run(evidence, WEEK_AND_DATABASE, NOW)) == ["scan-from-the-future"]


def test_an_unreadable_scan_by_a_demanded_signer_is_not_called_absent() -> None:
    broken = attested(
        Unreadable(SCAN_TYPE, "metadata is not an object"), by="scanner", predicate_type=SCAN_TYPE
    )
    (finding,) = findings(CHECK.run(image(broken), WEEK, NOW))
    assert finding.code == "scan-unreadable"
    assert "metadata is not an object" in finding.message


@pytest.mark.parametrize(
    ("code", "ours"),
    [("wrong-signer", "scan-wrong-signer"), ("wrong-subject", "scan-wrong-subject")],
)
def test_a_rejected_scan_says_why(code: str, ours: str) -> None:
    evidence = image(rejections=[rejected(code, predicate_type=SCAN_TYPE)])
    assert codes(CHECK.run(evidence, WEEK, NOW)) == [ours]


def test_at_least_counts_tools_where_tools_are_demanded() -> None:
    params = asked(
        ScanAgeParams, by=["scanner"], max_age="7d", scanners=["trivy", "grype"], at_least=2
    )
    one = image(scan(HOUR), scan(2 * HOUR))
    both = image(scan(HOUR), scan(HOUR, scanner="grype"))
    (finding,) = findings(CHECK.run(one, params, NOW))
    assert finding.code == "scan-too-few"
    assert finding.remedy == "scan with another of trivy or grype too and attest the result"
    assert isinstance(CHECK.run(both, params, NOW), Passed)


def test_a_scan_by_a_tool_that_was_not_asked_for_does_not_count() -> None:
    params = asked(ScanAgeParams, by=["scanner"], max_age="7d", scanners=["grype"])
    assert codes(CHECK.run(image(scan(HOUR)), params, NOW)) == ["scan-other-scanner"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_age": "0d"},
        {"max_age": 7},
        {"max_age": "7 days"},
        {"max_database_age": "soon"},
        {"scanners": []},
        {"scanners": ["Acme Cloud"]},
        {"scanners": ["trivy"], "at_least": 2},
        {"scanners": ["trivy", "trivy"], "at_least": 2},
        {"at_least": 0},
        {"by": []},
        {"by": ["nobody"]},
        {"on": "everywhere"},
        {"max-aeg": "7d"},
    ],
)
def test_a_wrong_policy_is_refused_at_load(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        asked(ScanAgeParams, **{"by": ["scanner"], "max_age": "7d", **wrong})


def test_r027_of_a_good_scan_and_an_old_one_the_good_one_counts_in_any_order() -> None:
    good, old = scan(DAY), scan(30 * DAY)
    outcomes = {
        isinstance(CHECK.run(image(*o), WEEK, NOW), Passed) for o in ((good, old), (old, good))
    }
    assert outcomes == {True}


@pytest.mark.parametrize("level", ["index", "either"])
def test_why_a_scan_of_the_index_does_not_count_is_told_of_an_image_with_platforms_too(
    level: str,
) -> None:
    week = asked(ScanAgeParams, by=["scanner"], max_age="7d", on=level)
    assert codes(CHECK.run(image(scan(9 * DAY), platforms=True), week, NOW)) == ["scan-too-old"]


def test_a_predicate_type_that_is_right_is_never_said_to_be_mistyped() -> None:
    week = asked(ScanAgeParams, by=["scanner"], max_age="7d", on="index")
    platform = scan(9 * DAY, subject=AMD64)
    assert codes(CHECK.run(image(platform, platforms=True), week, NOW)) == ["scan-absent"]


def test_r095_a_registry_that_hides_the_newest_scan_gains_no_more_than_the_maximum_age() -> None:
    older, newest = scan(8 * DAY, findings=()), scan(DAY, findings=())
    assert isinstance(CHECK.run(image(older, newest), WEEK, NOW), Passed)
    (finding,) = findings(CHECK.run(image(older), WEEK, NOW))
    assert finding.code == "scan-too-old"
    assert "2026-11-13T12:00:00Z" in finding.message  # what was seen


def test_a_scan_that_looked_at_nothing_is_no_scan() -> None:
    outcome = CHECK.run(image(scan(findings=(), targets=0)), WEEK, NOW)
    assert codes(outcome) == ["scan-nothing-scanned"]


def test_a_scan_that_looked_at_another_image_is_no_scan_of_this_one() -> None:
    other = scan(about=frozenset({OTHER}))
    assert codes(CHECK.run(image(other), WEEK, NOW)) == ["scan-describes-another"]
    for about in ({INDEX}, {OTHER, INDEX}, set()):
        good = scan(about=frozenset(about))
        assert isinstance(CHECK.run(image(good, other), WEEK, NOW), Passed)


def test_what_is_no_scanners_report_is_no_scan_and_says_what_it_is() -> None:
    doubt = Doubt(why="holds SARIF by Checkov, which is no scanner", remedy="attest another")
    (finding,) = findings(CHECK.run(image(scan(doubt=doubt)), WEEK, NOW))
    assert (finding.code, finding.message, finding.remedy) == (
        "scan-not-a-scan",
        "the scan holds SARIF by Checkov, which is no scanner",
        "attest another",
    )
    assert isinstance(CHECK.run(image(scan(), scan(doubt=doubt, by="scanner")), WEEK, NOW), Passed)


def test_a_scan_that_does_not_show_what_it_looked_at_is_told_as_that() -> None:
    doubt = Doubt(why="lists no package", remedy="scan again")
    outcome = CHECK.run(image(scan(doubt=doubt, findings=())), WEEK, NOW)
    assert codes(outcome) == ["scan-nothing-shown"]


@pytest.mark.parametrize("name", ["docker-scout", "Docker Scout", "docker scout"])
def test_a_tool_is_demanded_by_any_name_that_it_calls_itself(name: str) -> None:
    params = asked(ScanAgeParams, by=["scanner"], max_age="7d", scanners=[name])
    assert params.scanners == ("docker-scout",)
    assert isinstance(CHECK.run(image(scan(scanner="docker-scout")), params, NOW), Passed)
    assert codes(CHECK.run(image(scan(scanner="trivy")), params, NOW)) == ["scan-other-scanner"]


def test_two_names_of_one_tool_are_one_tool() -> None:
    with pytest.raises(ValidationError, match="no more than 1 can count"):
        asked(
            ScanAgeParams,
            by=["scanner"],
            max_age="7d",
            scanners=["twistlock", "Prisma Cloud"],
            at_least=2,
        )


@pytest.mark.parametrize(
    ("after", "taken"), [(timedelta(minutes=5), True), (timedelta(minutes=5, seconds=1), False)]
)
def test_five_minutes_may_lie_between_the_end_of_a_scan_and_its_signature(
    after: timedelta,
    taken: bool,  # noqa: FBT001  # the answer itself
) -> None:
    hour = timedelta(hours=1)
    given = scan(hour, signed=hour + after)
    outcome = CHECK.run(image(given), asked(ScanAgeParams, by=["scanner"], max_age="7d"), NOW)
    assert ([] if isinstance(outcome, Passed) else codes(outcome)) == (
        [] if taken else ["scan-after-signing"]
    )


@pytest.mark.parametrize(
    ("past", "found"), [(timedelta(), []), (timedelta(seconds=1), ["scan-database-too-old"])]
)
def test_a_database_may_be_as_old_as_the_policy_says_and_no_second_older(
    past: timedelta, found: list[str]
) -> None:
    given = scan(database=timedelta(days=1) + past)
    lax = asked(ScanAgeParams, by=["scanner"], max_age="7d", max_database_age="1d")
    outcome = CHECK.run(image(given), lax, NOW)
    assert ([] if isinstance(outcome, Passed) else codes(outcome)) == found


@pytest.mark.parametrize(
    ("further", "code"),
    [
        ({"scanner": "clair"}, "scan-other-scanner"),
        ({"age": timedelta(hours=-1)}, "scan-from-the-future"),
        ({"signed": timedelta(hours=2)}, "scan-after-signing"),
    ],
)
def test_a_scan_that_is_only_too_old_came_nearer_than_one_that_cannot_be_believed(
    further: dict[str, Any], code: str
) -> None:
    strict = asked(ScanAgeParams, by=["scanner"], max_age="7d", scanners=["trivy"])
    wrong, old = scan(**further), scan(timedelta(days=9))
    assert codes(CHECK.run(image(wrong), strict, NOW))[0] == code
    for both in ((wrong, old), (old, wrong)):
        assert codes(CHECK.run(image(*both), strict, NOW))[0] == "scan-too-old"


def test_a_scan_is_as_old_as_the_older_of_its_end_and_its_signature() -> None:
    week, minute = timedelta(days=7), timedelta(minutes=1)
    strict = asked(ScanAgeParams, by=["scanner"], max_age="7d")
    signed_before = scan(week - 2 * minute, signed=week + minute)
    assert codes(CHECK.run(image(signed_before), strict, NOW)) == ["scan-too-old"]
    signed_after = scan(week - 2 * minute, signed=week - 3 * minute)
    outcome = CHECK.run(image(signed_after), strict, NOW)
    assert isinstance(outcome, Passed)
    assert outcome.until == NOW + 2 * minute


@pytest.mark.parametrize(
    ("missing", "code"),
    [
        ({"targets": 0}, "scan-nothing-scanned"),
        ({"doubt": Doubt(why="lists no package", remedy="r")}, "scan-not-a-scan"),
        ({"about": frozenset({AMD64})}, "scan-describes-another"),
    ],
)
def test_a_scan_that_is_only_too_old_came_nearer_than_one_of_nothing(
    missing: dict[str, Any], code: str
) -> None:
    strict = asked(ScanAgeParams, by=["scanner"], max_age="7d")
    wrong, old = scan(**missing), scan(timedelta(days=9))
    assert codes(CHECK.run(image(wrong), strict, NOW)) == [code]
    assert codes(CHECK.run(image(wrong, old), strict, NOW)) == ["scan-too-old"]
