from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from gate.model.predicates import Rating, Unreadable, Unrecognised, VulnerabilityScan
from gate.predicates import PARSERS, SCAN_TYPES, parse, types


def predicate(finished: object = "2026-11-20T10:00:00Z", **scanner: object) -> dict[str, Any]:
    return {
        "scanner": {"uri": "pkg:github/aquasecurity/trivy@0.60.0", **scanner},
        "metadata": {"scanStartedOn": "2026-11-20T09:59:00Z", "scanFinishedOn": finished},
    }


def read(value: object) -> VulnerabilityScan:
    scan = PARSERS["https://cosign.sigstore.dev/attestation/vuln/v1"](value)
    assert isinstance(scan, VulnerabilityScan)
    return scan


def test_a_scan_ends_when_its_predicate_says() -> None:
    scan = read(predicate())
    assert (scan.scanner, scan.finished) == ("trivy", datetime(2026, 11, 20, 10, tzinfo=UTC))
    assert scan.database is None


def test_an_embedded_report_that_is_older_than_its_predicate_counts() -> None:
    report = {"SchemaVersion": 2, "CreatedAt": "2026-10-01T00:00:00.123456789+02:00", "Results": []}
    scan = read(predicate(result=report))
    assert scan.finished == datetime(2026, 9, 30, 22, 0, 0, 123456, tzinfo=UTC)
    assert scan.latest == datetime(2026, 11, 20, 10, tzinfo=UTC)


def test_a_scan_that_states_one_time_has_no_later_one() -> None:
    assert read(predicate()).latest is None


@pytest.mark.parametrize("where", ["built", "status"])
def test_grype_says_when_its_database_was_built(where: str) -> None:
    built = "2026-11-19T01:02:03Z"
    database = {"built": built} if where == "built" else {"status": {"built": built}}
    report = {"matches": [], "descriptor": {"name": "grype", "db": database}}
    scan = read(predicate(result=report))
    assert (scan.scanner, scan.database) == ("grype", datetime(2026, 11, 19, 1, 2, 3, tzinfo=UTC))


@pytest.mark.parametrize(
    "time",
    [
        "2026-11-20T10:00:00",
        "2026-11-20",
        "2026-11-20T24:00:00Z",
        "2026-11-20T23:59:60Z",
        "0001-01-01T00:00:00Z",
        "\uff1926-11-20T10:00:00Z",
        "2026-11-20T10:00:00Z\n",
        "0001-01-01T00:00:00+14:00",
        "",
        None,
        0,
        1700000000,
    ],
)
def test_r091_r094_a_time_that_is_not_rfc_3339_is_refused(time: object) -> None:
    assert parse(SCAN_TYPES[0], predicate(time)) == Unreadable(
        SCAN_TYPES[0],
        "metadata.scanFinishedOn is the zero time, so it was never set"
        if time == "0001-01-01T00:00:00Z"
        else "metadata.scanFinishedOn is not an RFC 3339 time with an offset",
    )


def test_r091_a_time_with_an_offset_of_fourteen_hours_is_read() -> None:
    assert read(predicate("2026-11-20T10:00:00+14:00")).finished == datetime(
        2026, 11, 19, 20, tzinfo=UTC
    )


@pytest.mark.parametrize("value", [None, "text", [], 1, True, {}])
def test_r074_a_predicate_that_is_no_scan_is_unreadable_and_nothing_worse(value: object) -> None:
    for uri in set(PARSERS) - set(types.IMAGE_SIGNATURE):  # a signature says nothing else
        assert isinstance(parse(uri, value), Unreadable)


def test_r072_a_type_that_only_begins_like_a_known_one_is_not_recognised() -> None:
    uri = "https://in-toto.io/attestation/vulns/v0.20"
    assert parse(uri, predicate()) == Unrecognised(uri)


@pytest.mark.parametrize(
    ("kind", "targets"),
    [
        ("https://cosign.sigstore.dev/attestation/vuln/v1", 0),
        ("https://in-toto.io/attestation/vulns/v0.2", None),
    ],
)
def test_an_empty_list_is_a_result_of_in_toto_and_the_report_of_no_tool(
    kind: str, targets: int | None
) -> None:
    stated = predicate()
    stated["scanner"]["result"] = []
    scan = parse(kind, stated)
    assert isinstance(scan, VulnerabilityScan)
    assert (scan.findings, scan.targets) == ((), targets)


@pytest.mark.parametrize(
    ("scores", "rating", "score"),
    [
        (["LOW"], Rating.LOW, None),
        (["LOW", "moderate"], Rating.MEDIUM, None),
        (["LOW", "7.5"], Rating.HIGH, 7.5),
        (["LOW", "weird"], None, None),
        (["2.0", None], None, None),
        (["unknown"], None, None),
        (["weird", "9.8"], Rating.CRITICAL, 9.8),
    ],
)
def test_of_several_severities_one_that_is_not_known_is_never_low(
    scores: list[object], rating: Rating | None, score: float | None
) -> None:
    stated = predicate()
    severities = [{"method": "m", "score": s} for s in scores]
    stated["scanner"]["result"] = [{"id": "CVE-2026-1", "severity": severities}]
    scan = parse("https://in-toto.io/attestation/vulns/v0.2", stated)
    assert isinstance(scan, VulnerabilityScan)
    (found,) = scan.findings or ()
    assert (found.rating, found.score) == (rating, score)


@pytest.mark.parametrize(
    ("predicate_says", "report_says", "built"),
    [
        ("2026-11-19T00:00:00Z", "2026-11-01T00:00:00Z", datetime(2026, 11, 1, tzinfo=UTC)),
        ("2026-11-01T00:00:00Z", "2026-11-19T00:00:00Z", datetime(2026, 11, 1, tzinfo=UTC)),
        ("", "2026-11-19T00:00:00Z", datetime(2026, 11, 19, tzinfo=UTC)),
        ("2026-11-19T00:00:00Z", "", datetime(2026, 11, 19, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", "2026-11-19", None),
    ],
)
def test_a_database_is_as_old_as_the_predicate_or_its_report_says_whichever_is_older(
    predicate_says: str, report_says: str, built: datetime | None
) -> None:
    report = {"matches": [], "descriptor": {"name": "grype", "db": {"built": report_says}}}
    scan = read(predicate(db={"lastUpdate": predicate_says}, result=report))
    assert scan.database == built


IN_TOTO = "https://in-toto.io/attestation/vulns/v0.2"


def _listed(*items: object) -> VulnerabilityScan | Unreadable:
    stated = predicate()
    stated["scanner"]["result"] = list(items)
    scan = parse(IN_TOTO, stated)
    assert isinstance(scan, VulnerabilityScan | Unreadable)
    return scan


@pytest.mark.parametrize(
    ("item", "rating", "score"),
    [
        ({"severity": {"score": "high"}}, Rating.HIGH, None),
        ({"severity": {"score": "7.5"}}, Rating.HIGH, 7.5),
        ({"severity": [{"score": "9.8"}, {"score": "low"}]}, Rating.CRITICAL, 9.8),
        ({"severity": [{"score": "critical"}, {"score": "x"}]}, Rating.CRITICAL, None),
        ({"severity": [{"score": "5.0"}, {"score": "x"}]}, None, None),
        ({"severity": ["high"]}, None, None),
        ({"severity": "high"}, None, None),
        ({"severity": []}, None, None),
        ({"annotations": []}, None, None),
    ],
)
def test_a_severity_of_the_specifications_list_is_read_or_not_known(
    item: dict[str, Any], rating: Rating | None, score: float | None
) -> None:
    for stated in ({"id": "CVE-2026-1", **item}, {"vulnerability": {"id": "CVE-2026-1", **item}}):
        scan = _listed(stated)
        assert isinstance(scan, VulnerabilityScan)
        (found,) = scan.findings or ()
        assert (found.id, found.rating, found.score) == ("CVE-2026-1", rating, score)
        assert found.fix_told is False


@pytest.mark.parametrize("beside", [{"id": "CVE-2026-2"}, {"severity": {"score": "low"}}])
def test_a_result_says_what_it_is_once(beside: dict[str, Any]) -> None:
    inner = {"vulnerability": {"id": "CVE-2026-1"}}
    assert isinstance(_listed({**inner, "annotations": []}), VulnerabilityScan)
    assert _listed({**inner, **beside}) == Unreadable(
        IN_TOTO, "a result has its id or severity both beside and inside of `vulnerability`"
    )


def test_a_list_with_something_in_it_was_looked_at_under_cosigns_type_too() -> None:
    scan = read(predicate(result=[{"id": "CVE-2026-1"}]))
    assert (len(scan.findings or ()), scan.targets) == (1, None)


@pytest.mark.parametrize("part", ["scanner", "metadata"])
def test_a_scan_without_its_scanner_or_its_times_is_none(part: str) -> None:
    stated = {name: value for name, value in predicate().items() if name != part}
    assert parse(IN_TOTO, stated) == Unreadable(IN_TOTO, f"{part} is not an object")


def test_a_report_that_is_newer_than_its_predicate_does_not_make_the_scan_newer() -> None:
    report = {"SchemaVersion": 2, "CreatedAt": "2026-11-21T00:00:00Z", "Results": []}
    scan = read(predicate(result=report))
    assert scan.finished == datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert scan.latest == datetime(2026, 11, 21, tzinfo=UTC)
    assert scan.scanner == "trivy"


@pytest.mark.parametrize(
    ("report", "scanner"),
    [
        ({"matches": [], "descriptor": {"name": "grype"}}, "grype"),
        ({"SchemaVersion": 2, "Results": []}, "trivy"),
        ([], "pkg:x"),
        ({"of": "nobody"}, "pkg:x"),
    ],
)
def test_a_report_tells_its_tool_and_of_others_the_predicate_does(
    report: object, scanner: str
) -> None:
    stated = {**predicate(), "scanner": {"uri": "pkg:x", "result": report}}
    assert read(stated).scanner == scanner
