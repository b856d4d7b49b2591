from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from gate.checks.vulnerabilities import CHECK, VulnerabilitiesParams
from gate.model.evidence import Clock, SigningTime, VerifiedAttestation
from gate.model.image import Digest
from gate.model.predicates import (
    Doubt,
    Predicate,
    Rating,
    Sbom,
    Unreadable,
    Vex,
    VexProduct,
    VexStatement,
    VexStatus,
    Vulnerability,
    VulnerabilityScan,
)
from gate.model.verdict import Action, Failed, Passed, Undecided
from tests.checks.given import (
    AMD64,
    ARM64,
    INDEX,
    NOW,
    OTHER,
    SCAN_TYPE,
    asked,
    attested,
    codes,
    findings,
    image,
    scan,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PURL = "pkg:deb/debian/openssl@3.0.1"


def params(**more: Any) -> VulnerabilitiesParams:  # noqa: ANN401  # whatever a policy can hold
    return asked(VulnerabilitiesParams, **{"by": ["scanner"], "fail_on": "high", **more})


def hit(name: str = "CVE-2026-1234", **more: Any) -> Vulnerability:  # noqa: ANN401  # of Vulnerability
    values: dict[str, Any] = {
        "id": name,
        "package": "openssl",
        "version": "3.0.1",
        "purl": PURL,
        "rating": Rating.HIGH,
        "fixed_in": "3.0.2",
    }
    return Vulnerability(**{**values, **more})


def found(
    *hits: Vulnerability,
    age: timedelta = HOUR,
    **more: Any,  # noqa: ANN401  # as given.scan takes it
) -> VerifiedAttestation[VulnerabilityScan]:
    return scan(age, findings=hits, report="trivy", **more)


def vex(
    status: VexStatus = VexStatus.NOT_AFFECTED,
    *,
    names: tuple[str, ...] = ("CVE-2026-1234",),
    products: tuple[VexProduct, ...] | None = None,
    justification: str = "vulnerable_code_not_present",
    age: timedelta = DAY,
    by: str = "ci",
    subject: Digest = INDEX,
) -> VerifiedAttestation[Predicate]:
    statement = VexStatement(
        names=names,
        status=status,
        products=products,
        justification=justification,
        at=NOW - age,
    )
    document: Predicate = Vex("acme", (statement,))
    return attested(document, by=by, predicate_type="https://openvex.dev/ns", subject=subject)


def undated(given: VerifiedAttestation[Predicate]) -> VerifiedAttestation[Predicate]:
    document = given.predicate
    assert isinstance(document, Vex)
    return replace(
        given, predicate=Vex("acme", tuple(replace(s, at=None) for s in document.statements))
    )


def signed_vex(
    status: VexStatus, *, age: timedelta, signed: timedelta
) -> VerifiedAttestation[Predicate]:
    return replace(vex(status, age=age), times=(SigningTime(NOW - signed, Clock.LOG, "log"),))


WITH_VEX = params(vex=["ci"])


def test_a_scan_that_found_nothing_severe_passes_and_is_relied_on() -> None:
    clean = found(hit(rating=Rating.MEDIUM))
    assert CHECK.run(image(clean), params(), NOW) == Passed((clean,))


def test_a_severe_vulnerability_fails_under_its_id_with_what_mends_it() -> None:
    (finding,) = findings(CHECK.run(image(found(hit())), params(), NOW))
    assert (finding.code, finding.id) == ("vulnerability-found", "CVE-2026-1234")
    assert finding.message == "CVE-2026-1234 in openssl 3.0.1: high, and the policy fails on high"
    assert finding.remedy == "update openssl to 3.0.2"


@pytest.mark.parametrize("threshold", ["low", "medium", "high", "critical"])
def test_an_unknown_severity_is_never_low(threshold: str) -> None:
    outcome = CHECK.run(image(found(hit(rating=None))), params(fail_on=threshold), NOW)
    assert codes(outcome) == ["vulnerability-found"]


def test_a_score_stands_in_for_a_severity_that_is_not_given() -> None:
    low = found(hit(rating=None, score=3.1))
    assert isinstance(CHECK.run(image(low), params(), NOW), Passed)


@pytest.mark.parametrize(
    ("rating", "score", "bound", "passes"),
    [
        (Rating.HIGH, None, 7.0, False),
        (Rating.HIGH, None, 8.9, False),
        (Rating.HIGH, 0.0, 7.0, False),
        (Rating.HIGH, 7.9, 8.0, True),
        (Rating.HIGH, None, 9.0, True),
        (Rating.MEDIUM, None, 7.0, True),
        (Rating.MEDIUM, None, 6.9, False),
        (Rating.LOW, None, 4.0, True),
        (Rating.LOW, None, 3.9, False),
        (Rating.NEGLIGIBLE, None, 0.1, True),
    ],
)
def test_a_score_that_is_not_known_may_be_the_highest_of_the_severity(
    rating: Rating,
    score: float | None,
    bound: float,
    passes: bool,  # noqa: FBT001  # a table of cases
) -> None:
    one = found(hit(rating=rating, score=score))
    asked = params(fail_on="critical", fail_on_cvss=bound)
    outcome = CHECK.run(image(one), asked, NOW)
    assert isinstance(outcome, Passed) is passes
    assert ("without a CVSS score" in str(outcome)) is not passes


@pytest.mark.parametrize(("score", "passes"), [(6.9, True), (7.0, False), (None, True)])
def test_a_policy_may_fail_on_a_score(
    score: float | None,
    passes: bool,  # noqa: FBT001  # a table of cases
) -> None:
    one = found(hit(rating=Rating.LOW, score=score))
    assert isinstance(CHECK.run(image(one), params(fail_on_cvss=7.0), NOW), Passed) is passes


@pytest.mark.parametrize(
    ("unfixable", "fixed_in", "passes"),
    [
        (None, "", False),
        ("never", "", True),
        ("never", "3.0.2", False),
        ("critical", "", True),
        ("high", "", False),
    ],
)
def test_what_has_no_fix_may_have_its_own_threshold(
    unfixable: str | None,
    fixed_in: str,
    passes: bool,  # noqa: FBT001  # a table of cases
) -> None:
    more = {"fail_on_unfixable": unfixable} if unfixable else {}
    outcome = CHECK.run(image(found(hit(fixed_in=fixed_in))), params(**more), NOW)
    assert isinstance(outcome, Passed) is passes


def test_a_denied_id_fails_whatever_its_severity_or_alias() -> None:
    one = found(hit(rating=Rating.LOW, aliases=("GHSA-abcd-abcd-abcd",)))
    denied = params(deny=["ghsa-ABCD-abcd-abcd"], grace="99d", vex=["ci"])
    assert codes(CHECK.run(image(one, vex()), denied, NOW)) == ["vulnerability-denied"]


@pytest.mark.parametrize(
    ("age", "action"),
    [
        (6 * DAY, Action.WARN),
        (7 * DAY, Action.WARN),
        (8 * DAY, Action.BLOCK),
        (-DAY, Action.BLOCK),
        (None, Action.BLOCK),
    ],
)
def test_grace_runs_from_publication_and_needs_its_date(
    age: timedelta | None, action: Action
) -> None:
    published = None if age is None else NOW - age
    (finding,) = findings(
        CHECK.run(image(found(hit(published=published))), params(grace="7d"), NOW)
    )
    assert finding.action is action


def test_what_is_cleared_by_a_grace_holds_until_the_first_of_them_ends() -> None:
    hits = (
        hit("CVE-2026-1", published=NOW - 2 * DAY),
        hit("CVE-2026-2", published=NOW - 4 * DAY),
        hit("CVE-2026-3", published=NOW - 6 * DAY, rating=Rating.LOW),
    )
    outcome = CHECK.run(image(found(*hits)), params(grace="7d"), NOW)
    assert isinstance(outcome, Failed)
    assert {f.action for f in outcome.findings} == {Action.WARN}
    assert outcome.until == NOW + 3 * DAY


def test_a_grace_of_what_blocks_or_is_excused_otherwise_ends_nothing() -> None:
    denied = hit("CVE-2026-2", published=NOW - DAY)
    excused = hit(published=NOW - 2 * DAY)
    asks = params(grace="7d", deny=["CVE-2026-2"], vex=["ci"])
    outcome = CHECK.run(image(found(denied, excused), vex()), asks, NOW)
    assert codes(outcome) == ["vulnerability-not-affected", "vulnerability-denied"]
    assert isinstance(outcome, Failed)
    assert outcome.until is None


def test_names_of_one_vulnerability_are_merged_across_scanners() -> None:
    trivy = found(hit("GHSA-aaaa-bbbb-cccc"), scanner="trivy")
    grype = found(hit(aliases=("GHSA-aaaa-bbbb-cccc",), rating=Rating.CRITICAL), scanner="grype")
    (finding,) = findings(CHECK.run(image(trivy, grype), params(), NOW))
    assert finding.id == "CVE-2026-1234"
    assert "critical" in finding.message


@pytest.mark.parametrize(
    ("ratings", "says"),
    [
        ((None, Rating.LOW), "its severity is unknown, which is never low"),
        ((Rating.LOW, None), "its severity is unknown, which is never low"),
        ((None, Rating.HIGH), "its severity is unknown, which is never low"),
        ((None, Rating.CRITICAL), "critical, and the policy fails on critical"),
        ((Rating.NONE, None), "its severity is unknown, which is never low"),
    ],
)
def test_what_one_scanner_does_not_know_another_does_not_make_milder(
    ratings: tuple[Rating | None, Rating | None], says: str
) -> None:
    scans = [
        found(hit(rating=rating), scanner=tool)
        for rating, tool in zip(ratings, ("trivy", "grype"), strict=True)
    ]
    (finding,) = findings(CHECK.run(image(*scans), params(fail_on="critical"), NOW))
    assert finding.message.endswith(says)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"rating": Rating.NONE, "score": 7.5}, ["vulnerability-found"]),
        ({"rating": None, "score": 0.0}, ["vulnerability-found"]),
        ({"rating": Rating.NONE, "score": 0.0}, None),
        ({"rating": Rating.NONE, "score": None}, None),
        ({"rating": Rating.LOW, "score": 0.0}, None),
    ],
)
def test_a_score_that_contradicts_no_severity_counts_and_one_of_zero_rates_nothing(
    more: dict[str, Any], code: list[str] | None
) -> None:
    outcome = CHECK.run(image(found(hit(**more))), params(), NOW)
    assert (codes(outcome) if isinstance(outcome, Failed) else None) == code


@pytest.mark.parametrize(
    ("on_fixable", "on_unfixable", "blocks"),
    [("high", "never", True), ("critical", "high", True), ("critical", "never", False)],
)
@pytest.mark.parametrize("order", [1, -1])
def test_where_scanners_differ_on_a_fix_the_stricter_threshold_decides(
    on_fixable: str,
    on_unfixable: str,
    blocks: bool,  # noqa: FBT001  # a table of cases
    order: int,
) -> None:
    scans = [found(hit(fixed_in=""), scanner="trivy"), found(hit(), scanner="grype")][::order]
    asks = params(fail_on=on_fixable, fail_on_unfixable=on_unfixable)
    assert isinstance(CHECK.run(image(*scans), asks, NOW), Failed) is blocks


def test_a_vulnerability_is_as_old_as_its_oldest_date_in_whatever_package() -> None:
    one = hit(published=NOW - 9 * DAY, rating=Rating.LOW)
    other = hit(package="libssl3", published=NOW - DAY)
    undated = hit("GHSA-aaaa-bbbb-cccc", aliases=("CVE-2026-1234",), package="libcrypto3")
    outcome = CHECK.run(image(found(one, other, undated)), params(grace="7d"), NOW)
    assert codes(outcome) == ["vulnerability-found"] * 2
    longer = CHECK.run(image(found(one, other, undated)), params(grace="10d"), NOW)
    assert codes(longer) == ["vulnerability-in-grace"] * 2


def test_blanks_around_an_id_hide_it_from_nothing() -> None:
    one = found(hit(" CVE-2026-1234 ", aliases=("", "  "), rating=Rating.LOW))
    assert codes(CHECK.run(image(one), params(deny=["CVE-2026-1234"]), NOW)) == [
        "vulnerability-denied"
    ]
    (blank,) = findings(CHECK.run(image(found(hit(" "))), params(), NOW))
    assert blank.id == "unnamed"


def test_an_entry_of_two_cves_is_two_findings_so_that_a_waiver_excuses_one() -> None:
    both = found(hit("SNYK-1", aliases=("CVE-2026-1", "CVE-2026-2")))
    ids = {f.id for f in findings(CHECK.run(image(both), params(), NOW))}
    assert ids == {"CVE-2026-1", "CVE-2026-2"}


@pytest.mark.parametrize(
    "clean",
    [
        found(age=HOUR, by="ci"),
        found(age=HOUR, scanner="grype"),
        found(age=HOUR, subject=AMD64),
    ],
)
def test_a_newer_scan_by_another_or_of_another_digest_replaces_nothing(
    clean: VerifiedAttestation[VulnerabilityScan],
) -> None:
    evidence = image(found(hit(), age=DAY), clean, platforms=True)
    outcome = CHECK.run(evidence, params(by=["scanner", "ci"]), NOW)
    assert codes(outcome) == ["vulnerability-found"]


def test_of_an_entry_of_two_cves_words_about_one_excuse_the_other_not() -> None:
    one = found(hit("GHSA-aaaa-bbbb-cccc", aliases=("CVE-2026-1", "CVE-2026-2")))
    outcome = CHECK.run(image(one, vex(names=("CVE-2026-2",))), WITH_VEX, NOW)
    assert [(f.code, f.id) for f in findings(outcome)] == [
        ("vulnerability-found", "CVE-2026-1"),
        ("vulnerability-not-affected", "CVE-2026-2"),
    ]
    outcome = CHECK.run(image(one, vex(names=("GHSA-aaaa-bbbb-cccc",))), WITH_VEX, NOW)
    assert codes(outcome) == ["vulnerability-not-affected"] * 2


@pytest.mark.parametrize(
    ("name", "aliases", "told"),
    [
        ("GHSA-x", ("GHSA-a",), "GHSA-x"),
        (" ", ("GHSA-b", "GHSA-a"), "GHSA-a"),
        (" ", (), "unnamed"),
    ],
)
def test_what_has_no_cve_is_told_by_its_id_or_else_by_its_first_other_name(
    name: str, aliases: tuple[str, ...], told: str
) -> None:
    one = found(hit(name, aliases=aliases))
    assert [f.id for f in findings(CHECK.run(image(one), params(), NOW))] == [told]


def test_a_vulnerability_in_no_package_is_told_without_one() -> None:
    nowhere = hit(package="", version="", purl="", fixed_in="")
    (finding,) = findings(CHECK.run(image(found(nowhere)), params(), NOW))
    assert finding.message == "CVE-2026-1234: high, and the policy fails on high"


def test_a_fix_that_any_scanner_knows_is_told_and_of_several_the_first() -> None:
    def told(*fixes: str) -> str:
        scans = [found(hit(fixed_in=fix), scanner=f"s{n}") for n, fix in enumerate(fixes)]
        return findings(CHECK.run(image(*scans), params(), NOW))[0].remedy

    assert told("3.0.2", "") == told("", "3.0.2") == "update openssl to 3.0.2"
    assert told("3.0.2", "3.0.3") == told("3.0.3", "3.0.2") == "update openssl to 3.0.2"


def test_the_newest_scan_of_a_scanner_replaces_its_older_ones() -> None:
    evidence = image(found(hit(), age=DAY), found(age=HOUR))
    assert isinstance(CHECK.run(evidence, params(), NOW), Passed)


def test_a_newer_failing_scan_beats_an_older_passing_one() -> None:
    evidence = image(found(age=DAY), found(hit(), age=HOUR))
    assert codes(CHECK.run(evidence, params(), NOW)) == ["vulnerability-found"]


def test_what_any_scanner_found_counts() -> None:
    evidence = image(found(scanner="trivy"), found(hit(), scanner="grype", age=9 * DAY))
    assert codes(CHECK.run(evidence, params(), NOW)) == ["vulnerability-found"]


def test_a_scan_from_the_future_neither_counts_nor_hides() -> None:
    assert codes(CHECK.run(image(found(age=-DAY)), params(), NOW)) == [
        "vulnerabilities-from-the-future"
    ]
    hiding = image(found(hit(), age=DAY), found(age=-DAY))
    assert codes(CHECK.run(hiding, params(), NOW)) == ["vulnerability-found"]


def test_a_scan_of_which_one_time_alone_is_to_come_counts_only_by_what_it_found() -> None:
    clean, bad = found(latest=NOW + HOUR), found(hit(), latest=NOW + HOUR)
    assert codes(CHECK.run(image(clean), params(), NOW)) == ["vulnerabilities-from-the-future"]
    assert isinstance(CHECK.run(image(found(age=DAY), clean), params(), NOW), Passed)
    for evidence in (image(found(age=DAY), bad), image(found(hit(), age=DAY), clean)):
        assert codes(CHECK.run(evidence, params(), NOW)) == ["vulnerability-found"]


def test_a_newer_scan_that_cannot_be_read_is_undecided() -> None:
    unread = scan(HOUR)
    outcome = CHECK.run(image(found(age=DAY), unread), params(), NOW)
    assert isinstance(outcome, Undecided)
    assert outcome.code == "vulnerabilities-unreadable"


def test_an_older_scan_by_another_tool_that_cannot_be_read_is_let_be() -> None:
    unread = scan(DAY, scanner="xeol")
    assert isinstance(CHECK.run(image(found(), unread), params(), NOW), Passed)


@pytest.mark.parametrize(
    ("unread", "read", "undecided"),
    [
        (INDEX, INDEX, False),
        (AMD64, INDEX, False),
        (AMD64, AMD64, False),
        (INDEX, AMD64, True),
        (AMD64, ARM64, True),
    ],
)
def test_a_newer_scan_of_one_platform_says_nothing_of_what_was_not_read_of_another(
    unread: Digest, read: Digest, *, undecided: bool
) -> None:
    scans = [found(subject=INDEX, age=9 * DAY), scan(DAY, scanner="xeol", subject=unread)]
    evidence = image(*scans, found(subject=read), platforms=True)
    assert isinstance(CHECK.run(evidence, params(), NOW), Undecided if undecided else Passed)


def test_a_broken_statement_of_a_demanded_signer_without_a_time_is_undecided() -> None:
    broken = attested(Unreadable(SCAN_TYPE, "no"), by="scanner", predicate_type=SCAN_TYPE)
    assert isinstance(CHECK.run(image(found(), broken), params(), NOW), Undecided)


def test_a_broken_statement_by_somebody_else_is_let_be() -> None:
    broken = attested(Unreadable(SCAN_TYPE, "no"), by="other", predicate_type=SCAN_TYPE)
    assert isinstance(CHECK.run(image(found(), broken), params(), NOW), Passed)


def test_r012_a_scan_that_looked_at_nothing_does_not_count() -> None:
    assert codes(CHECK.run(image(found(targets=0)), params(), NOW)) == [
        "vulnerabilities-nothing-scanned"
    ]


def test_a_scan_that_looked_at_another_image_neither_counts_nor_hides_one_of_this() -> None:
    other = found(about=frozenset({OTHER}))
    assert codes(CHECK.run(image(other), params(), NOW)) == ["vulnerabilities-describes-another"]
    older = found(hit(), age=DAY, about=frozenset({OTHER, INDEX}))
    assert codes(CHECK.run(image(other, older), params(), NOW)) == ["vulnerability-found"]
    platform = found(about=frozenset({AMD64}))
    assert isinstance(CHECK.run(image(platform, platforms=True), params(), NOW), Passed)


def test_no_scan_is_absent() -> None:
    assert codes(CHECK.run(image(), params(), NOW)) == ["vulnerabilities-absent"]


def test_a_vex_by_a_demanded_signer_excuses_a_finding_and_shows_why() -> None:
    statement = vex()
    outcome = CHECK.run(image(found(hit()), statement), WITH_VEX, NOW)
    assert isinstance(outcome, Failed)
    (finding,) = outcome.findings
    assert (finding.action, finding.code) == (Action.WARN, "vulnerability-not-affected")
    assert "not_affected by ci (vulnerable_code_not_present)" in finding.message
    assert statement in outcome.relied_on


@pytest.mark.parametrize(
    "statement",
    [
        vex(by="other"),
        vex(VexStatus.AFFECTED),
        vex(VexStatus.UNDER_INVESTIGATION),
        vex(justification=""),
        vex(names=("CVE-2026-9999",)),
        vex(age=-DAY),
        vex(products=()),
        vex(products=(VexProduct(digests=frozenset({OTHER})),)),
        vex(products=(VexProduct(purls=("pkg:oci/other",)),)),
        vex(products=(VexProduct(purls=("pkg:oci/shop?repository_url=ghcr.io/evil",)),)),
        vex(products=(VexProduct(purls=(f"pkg:oci/shop@{OTHER}",)),)),
        vex(products=(VexProduct(purls=("pkg:deb/debian/openssl@3.0.0",)),)),
        vex(products=(VexProduct(purls=("pkg:deb/debian/openssl",)),)),
        vex(products=(VexProduct(purls=("pkg:oci/shop",), parts=("pkg:deb/debian/curl",)),)),
        vex(products=(VexProduct(purls=("pkg:oci/shop",), parts=()),)),
        vex(products=(VexProduct(purls=("not a purl",)),)),
        vex(products=(VexProduct(purls=("pkg:oci/shop@1.0",)),)),
        vex(products=(VexProduct(purls=("pkg:generic/shop",)),)),
        vex(products=(VexProduct(purls=(f"pkg:generic/shop@{INDEX}",)),)),
        vex(products=(VexProduct(purls=(PURL,), parts=()),)),
        vex(products=(VexProduct(purls=(PURL,), parts=("pkg:deb/debian/zlib@1",)),)),
        signed_vex(VexStatus.NOT_AFFECTED, age=HOUR, signed=-HOUR),
    ],
)
def test_a_vex_that_says_less_excuses_nothing(statement: VerifiedAttestation[Predicate]) -> None:
    outcome = CHECK.run(image(found(hit()), statement), WITH_VEX, NOW)
    assert codes(outcome) == ["vulnerability-found"]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (vex(VexStatus.AFFECTED), "; VEX by ci says affected"),
        (vex(justification=""), "; VEX by ci says not_affected, and gives no justification"),
        (vex(products=(VexProduct(purls=("pkg:oci/x",)),)), "; VEX by ci is about another image"),
        (vex(names=("CVE-2026-9999",)), "fails on high"),
        (vex(by="other"), "fails on high"),
    ],
)
def test_a_finding_says_why_the_vex_about_it_does_not_excuse_it(
    statement: VerifiedAttestation[Predicate], said: str
) -> None:
    outcome = CHECK.run(image(found(hit()), statement), WITH_VEX, NOW)
    assert isinstance(outcome, Failed)
    assert said in outcome.findings[0].message
    assert ("VEX" in outcome.findings[0].message) == ("VEX" in said)


def test_a_finding_says_what_is_said_of_the_package_that_is_not_excused() -> None:
    npm = "pkg:npm/openssl@3.0.1"
    excuse = vex(products=(VexProduct(purls=(PURL,)),))
    warns = vex(VexStatus.AFFECTED, products=(VexProduct(purls=(npm,)),))
    both = found(hit(), hit(purl=npm))
    (finding,) = findings(CHECK.run(image(both, excuse, warns), WITH_VEX, NOW))
    assert finding.message.endswith("; VEX by ci says affected")


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        ((vex(age=DAY), vex(VexStatus.AFFECTED, age=HOUR)), "affected"),
        (
            (vex(VexStatus.AFFECTED, age=DAY), vex(VexStatus.UNDER_INVESTIGATION, age=HOUR)),
            "under_investigation",
        ),
        (
            (vex(VexStatus.AFFECTED, age=HOUR), vex(VexStatus.UNDER_INVESTIGATION, age=HOUR)),
            "under_investigation",
        ),
        (
            (vex(VexStatus.AFFECTED, age=HOUR), undated(vex(VexStatus.UNDER_INVESTIGATION))),
            "under_investigation",
        ),
        (
            (undated(vex(VexStatus.AFFECTED)), vex(VexStatus.UNDER_INVESTIGATION, age=HOUR)),
            "affected",
        ),
        ((undated(vex()), vex(VexStatus.AFFECTED)), "affected"),
        (
            (
                signed_vex(VexStatus.NOT_AFFECTED, age=HOUR, signed=3 * DAY),
                vex(VexStatus.AFFECTED, age=DAY),
            ),
            "affected",
        ),
    ],
)
def test_a_finding_tells_of_the_warning_that_outweighs_the_others(
    statements: tuple[VerifiedAttestation[Predicate], ...], said: str
) -> None:
    for given in (statements, statements[::-1]):
        (finding,) = findings(CHECK.run(image(found(hit()), *given), WITH_VEX, NOW))
        assert finding.message.endswith(f"fails on high; VEX by ci says {said}")


def test_what_a_vex_excuses_asks_for_nothing_and_still_names_the_fix() -> None:
    outcome = CHECK.run(image(found(hit()), vex()), WITH_VEX, NOW)
    assert isinstance(outcome, Failed)
    assert outcome.findings[0].remedy.startswith("do nothing while that statement is in force")


def test_grace_without_a_date_of_publication_is_said_not_to_apply() -> None:
    outcome = CHECK.run(image(found(hit())), params(grace="7d"), NOW)
    assert isinstance(outcome, Failed)
    assert "no grace, because no scan says when it was published" in outcome.findings[0].message


@pytest.mark.parametrize(
    "product",
    [
        VexProduct(digests=frozenset({INDEX})),
        VexProduct(purls=(f"pkg:oci/shop@{INDEX}",)),
        VexProduct(purls=(f"pkg:oci/shop@sha256%3A{INDEX.hex}",)),
        VexProduct(purls=("pkg:oci/shop?repository_url=ghcr.io/acme/shop",)),
        VexProduct(purls=("pkg:oci/shop?repository_url=ghcr.io/acme",)),
        VexProduct(purls=("pkg:oci/shop",), parts=("pkg:deb/debian/openssl",)),
        VexProduct(purls=("pkg:oci/shop",), parts=(PURL,)),
        VexProduct(purls=(PURL,)),
    ],
)
def test_a_vex_product_is_matched_by_digest_or_purl(product: VexProduct) -> None:
    outcome = CHECK.run(image(found(hit()), vex(products=(product,))), WITH_VEX, NOW)
    assert codes(outcome) == ["vulnerability-not-affected"]


def test_the_newest_vex_statement_counts() -> None:
    later = vex(VexStatus.AFFECTED, age=HOUR)
    assert codes(CHECK.run(image(found(hit()), vex(), later), WITH_VEX, NOW)) == [
        "vulnerability-found"
    ]
    earlier = vex(VexStatus.AFFECTED, age=9 * DAY)
    assert codes(CHECK.run(image(found(hit()), vex(), earlier), WITH_VEX, NOW)) == [
        "vulnerability-not-affected"
    ]


def test_a_vex_by_nobody_the_policy_names_is_not_looked_at() -> None:
    assert codes(CHECK.run(image(found(hit()), vex()), params(), NOW)) == ["vulnerability-found"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"fail_on": "severe"},
        {"fail_on": "none"},
        {"fail_on_cvss": 0},
        {"fail_on_cvss": 10.1},
        {"deny": []},
        {"deny": ["CVE-*"]},
        {"grace": "7"},
        {"vex": []},
        {"vex": ["nobody"]},
    ],
)
def test_a_wrong_policy_is_refused_at_load(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        params(**wrong)


@pytest.mark.parametrize(
    "statement",
    [
        vex(subject=AMD64),
        vex(products=(VexProduct(digests=frozenset({AMD64})),)),
        vex(products=(VexProduct(purls=(f"pkg:oci/shop@{AMD64}",)),)),
    ],
)
@pytest.mark.parametrize("scanned", [ARM64, INDEX])
def test_a_vex_about_one_platform_excuses_nothing_on_another(
    statement: VerifiedAttestation[Predicate], scanned: Digest
) -> None:
    clean = [found(subject=AMD64), found(subject=ARM64, age=2 * HOUR), found(age=2 * HOUR)]
    evidence = image(found(hit(), subject=scanned), *clean, statement, platforms=True)
    assert codes(CHECK.run(evidence, WITH_VEX, NOW)) == ["vulnerability-found"]


def test_a_vex_about_one_platform_excuses_what_was_found_on_it() -> None:
    scans = [found(hit(), subject=AMD64), found(subject=ARM64)]
    evidence = image(*scans, vex(subject=AMD64), platforms=True)
    assert codes(CHECK.run(evidence, WITH_VEX, NOW)) == ["vulnerability-not-affected"]


def test_a_vex_for_each_platform_excuses_what_was_found_on_both() -> None:
    one, other = vex(subject=AMD64), vex(subject=ARM64)
    scans = [found(hit(), subject=AMD64), found(hit(), subject=ARM64)]
    both = image(*scans, one, other, platforms=True)
    assert codes(CHECK.run(both, WITH_VEX, NOW)) == ["vulnerability-not-affected"]
    half = image(*scans, one, platforms=True)
    assert codes(CHECK.run(half, WITH_VEX, NOW)) == ["vulnerability-found"]


def test_a_vex_about_one_package_excuses_no_namesake_of_it() -> None:
    statement = vex(products=(VexProduct(purls=(PURL,)),))
    evidence = image(found(hit(), hit(purl="pkg:npm/openssl@3.0.1")), statement)
    assert codes(CHECK.run(evidence, WITH_VEX, NOW)) == ["vulnerability-found"]


def test_a_vex_that_warns_of_one_platform_outweighs_an_older_one_about_all() -> None:
    later = vex(VexStatus.AFFECTED, products=(VexProduct(digests=frozenset({ARM64})),), age=HOUR)
    evidence = image(found(hit()), vex(), later, platforms=True)
    assert codes(CHECK.run(evidence, WITH_VEX, NOW)) == ["vulnerability-found"]


def test_r288_a_hundred_thousand_equal_findings_are_one_and_cost_no_more_than_each() -> None:
    start = time.process_time()
    outcome = CHECK.run(image(found(*[hit()] * 100_000)), params(), NOW)
    assert codes(outcome) == ["vulnerability-found"]
    # A wide bound: what compares each with each would take hours.
    assert time.process_time() - start < 20


ARCH_PURL = f"{PURL}?arch=amd64&distro=debian-12"


@pytest.mark.parametrize(
    ("named", "excuses"),
    [
        (PURL, True),
        (f"{PURL}?arch=amd64", True),
        (f"{PURL}?distro=debian-12.1", True),
        (f"{PURL}?arch=arm64", False),
        (f"{PURL}?epoch=1", False),
        ("pkg:deb/debian/openssl@3.0%2E1?ARCH=amd64", True),
    ],
)
@pytest.mark.parametrize("inside", [True, False])
def test_a_vex_about_one_build_of_a_package_excuses_no_other(
    named: str,
    excuses: bool,  # noqa: FBT001  # a table of cases
    inside: bool,  # noqa: FBT001  # a table of cases
) -> None:
    product = (
        VexProduct(purls=("pkg:oci/shop",), parts=(named,))
        if inside
        else VexProduct(purls=(named,))
    )
    outcome = CHECK.run(image(found(hit(purl=ARCH_PURL)), vex(products=(product,))), WITH_VEX, NOW)
    assert codes(outcome) == ["vulnerability-not-affected" if excuses else "vulnerability-found"]


@pytest.mark.parametrize(
    ("purl", "subject", "excuses"),
    [
        (f"pkg:oci/shop@{INDEX}?arch=amd64", AMD64, True),
        (f"pkg:oci/shop@{INDEX}?arch=amd64", ARM64, False),
        (f"pkg:oci/shop@{INDEX}?arch=amd64", INDEX, False),
        (f"pkg:oci/shop@{AMD64}?arch=arm64", AMD64, False),
        (f"pkg:oci/shop@{AMD64}?arch=arm64", ARM64, False),
        ("pkg:oci/shop?arch=arm64", ARM64, True),
        ("pkg:oci/shop?arch=arm64", AMD64, False),
    ],
)
def test_a_vex_about_one_architecture_of_an_image_excuses_no_other(
    purl: str,
    subject: Digest,
    excuses: bool,  # noqa: FBT001  # a table of cases
) -> None:
    clean = [found(subject=d, age=2 * HOUR) for d in (INDEX, AMD64, ARM64)]
    statement = vex(products=(VexProduct(purls=(purl,)),))
    evidence = image(found(hit(), subject=subject), *clean, statement, platforms=True)
    expected = "vulnerability-not-affected" if excuses else "vulnerability-found"
    assert codes(CHECK.run(evidence, WITH_VEX, NOW)) == [expected]


def test_of_an_image_without_platforms_only_its_digest_says_which_architecture_is_meant() -> None:
    for purl, code in (
        (f"pkg:oci/shop@{INDEX}?arch=amd64", "vulnerability-not-affected"),
        ("pkg:oci/shop?arch=amd64", "vulnerability-found"),
    ):
        evidence = image(found(hit()), vex(products=(VexProduct(purls=(purl,)),)))
        assert codes(CHECK.run(evidence, WITH_VEX, NOW)) == [code]


@pytest.mark.parametrize(
    ("product", "warns"),
    [
        (VexProduct(purls=("pkg:deb/debian/openssl",)), True),
        (VexProduct(purls=("pkg:deb/debian/curl",)), False),
        (VexProduct(purls=("pkg:oci/shop",), parts=("pkg:deb/debian/openssl@3.0.1",)), True),
        (VexProduct(purls=("pkg:oci/shop",), parts=("pkg:deb/debian/curl",)), False),
        (VexProduct(purls=("pkg:oci/shop",), parts=()), True),
        (VexProduct(purls=("pkg:oci/shop@1.0",)), True),
        (VexProduct(purls=("pkg:oci/shop?arch=arm64",)), True),
        (VexProduct(purls=("pkg:oci/cart@1.0",)), False),
        (VexProduct(purls=(f"pkg:oci/shop@{OTHER}",)), False),
        (VexProduct(digests=frozenset({OTHER})), False),
        (VexProduct(purls=("pkg:maven/acme/app",), parts=("pkg:deb/debian/openssl",)), True),
        (VexProduct(), True),
        (VexProduct(purls=("not a purl",)), True),
        (VexProduct(purls=("not a purl",), digests=frozenset({OTHER})), False),
        (VexProduct(digests=frozenset({INDEX})), True),
        (VexProduct(digests=frozenset({INDEX}), parts=("pkg:deb/debian/curl",)), False),
    ],
)
def test_a_newer_warning_counts_against_whatever_it_may_mean(
    product: VexProduct,
    warns: bool,  # noqa: FBT001  # a table of cases
) -> None:
    newer = vex(VexStatus.AFFECTED, products=(product,), age=HOUR)
    outcome = CHECK.run(image(found(hit()), vex(), newer), WITH_VEX, NOW)
    assert codes(outcome) == ["vulnerability-found" if warns else "vulnerability-not-affected"]


@pytest.mark.parametrize(
    "product",
    [
        VexProduct(purls=("pkg:deb/debian/curl",)),
        VexProduct(purls=("pkg:oci/shop",), parts=("pkg:deb/debian/curl",)),
    ],
)
def test_a_warning_of_some_package_counts_where_the_scan_does_not_say_which_one_it_is(
    product: VexProduct,
) -> None:
    newer = vex(VexStatus.AFFECTED, products=(product,), age=HOUR)
    outcome = CHECK.run(image(found(hit(purl="")), vex(), newer), WITH_VEX, NOW)
    assert codes(outcome) == ["vulnerability-found"]


@pytest.mark.parametrize(
    ("product", "excuses"),
    [
        (VexProduct(digests=frozenset({INDEX})), True),
        (VexProduct(purls=(PURL,)), False),
        (VexProduct(purls=("pkg:oci/shop",), parts=(PURL,)), False),
    ],
)
def test_what_was_found_in_a_package_of_no_name_is_excused_with_the_whole_image_alone(
    product: VexProduct, *, excuses: bool
) -> None:
    bare = found(hit(purl=""))
    outcome = CHECK.run(image(bare, vex(products=(product,))), WITH_VEX, NOW)
    assert codes(outcome) == ["vulnerability-not-affected" if excuses else "vulnerability-found"]
    elsewhere = VexProduct(purls=("pkg:oci/cart@1.0",))
    newer = vex(VexStatus.AFFECTED, products=(elsewhere,), age=HOUR)
    again = CHECK.run(image(bare, vex(products=(product,)), newer), WITH_VEX, NOW)
    assert codes(again) == codes(outcome)


def test_words_about_several_products_are_about_each_of_them() -> None:
    both = (VexProduct(purls=("pkg:oci/cart@1.0",)), VexProduct(digests=frozenset({INDEX})))
    for products in (both, both[::-1]):
        newer = vex(VexStatus.AFFECTED, products=products, age=HOUR)
        outcome = CHECK.run(image(found(hit()), vex(), newer), WITH_VEX, NOW)
        assert codes(outcome) == ["vulnerability-found"]
        outcome = CHECK.run(image(found(hit()), vex(products=products)), WITH_VEX, NOW)
        assert codes(outcome) == ["vulnerability-not-affected"]


def test_a_vex_that_names_no_product_at_all_excuses_nothing_and_warns_of_everything() -> None:
    assert codes(CHECK.run(image(found(hit()), vex(products=())), WITH_VEX, NOW)) == [
        "vulnerability-found"
    ]
    newer = vex(VexStatus.UNDER_INVESTIGATION, products=(), age=HOUR)
    assert codes(CHECK.run(image(found(hit()), vex(), newer), WITH_VEX, NOW)) == [
        "vulnerability-found"
    ]


def test_a_warning_dated_in_the_future_counts_and_an_excuse_does_not() -> None:
    coming = vex(VexStatus.AFFECTED, age=-HOUR)
    assert codes(CHECK.run(image(found(hit()), vex(), coming), WITH_VEX, NOW)) == [
        "vulnerability-found"
    ]
    excuse = image(found(hit()), vex(age=-HOUR))
    assert codes(CHECK.run(excuse, WITH_VEX, NOW)) == ["vulnerability-found"]


def test_an_excuse_is_no_newer_than_its_signature() -> None:
    postdated = replace(vex(age=HOUR), times=(SigningTime(NOW - 3 * DAY, Clock.LOG, "log"),))
    between = vex(VexStatus.AFFECTED, age=2 * DAY)
    assert codes(CHECK.run(image(found(hit()), postdated, between), WITH_VEX, NOW)) == [
        "vulnerability-found"
    ]
    assert codes(CHECK.run(image(found(hit()), postdated), WITH_VEX, NOW)) == [
        "vulnerability-not-affected"
    ]


def test_a_blank_reason_is_none() -> None:
    evidence = image(found(hit()), vex(justification=" \n"))
    assert codes(CHECK.run(evidence, WITH_VEX, NOW)) == ["vulnerability-found"]


def unread_vex(
    signed: timedelta | None, by: str = "ci", kind: str = "https://openvex.dev/ns"
) -> VerifiedAttestation[Predicate]:
    broken: Predicate = Unreadable(kind, "its status is none")
    at = None if signed is None else NOW - signed
    return attested(broken, by=by, predicate_type=kind, signed=at)


@pytest.mark.parametrize(
    ("broken", "decided"),
    [
        (unread_vex(None), False),
        (unread_vex(HOUR), False),
        (unread_vex(2 * DAY), True),
        (unread_vex(None, by="other"), True),
        (unread_vex(None, kind="https://cyclonedx.org/bom"), False),
        (unread_vex(None, kind="https://spdx.dev/Document"), True),
    ],
)
def test_what_is_excused_is_undecided_where_newer_words_of_the_same_signers_are_not_read(
    broken: VerifiedAttestation[Predicate],
    decided: bool,  # noqa: FBT001  # a table of cases
) -> None:
    outcome = CHECK.run(image(found(hit()), vex(), broken), WITH_VEX, NOW)
    if decided:
        assert codes(outcome) == ["vulnerability-not-affected"]
    else:
        assert isinstance(outcome, Undecided)
        assert outcome.code == "vulnerabilities-vex-unreadable"


def test_of_several_vex_documents_that_are_not_read_the_first_by_its_problem_is_told() -> None:
    kind = "https://openvex.dev/ns"
    both = [attested(Unreadable(kind, problem), predicate_type=kind) for problem in ("b", "a")]
    for broken in (both, both[::-1]):
        outcome = CHECK.run(image(found(hit()), vex(), *broken), WITH_VEX, NOW)
        assert isinstance(outcome, Undecided)
        assert outcome.reason.endswith(" cannot be read: a")


def test_an_unread_vex_is_no_matter_where_nothing_is_excused() -> None:
    evidence = image(found(hit(rating=Rating.LOW)), vex(), unread_vex(None))
    assert isinstance(CHECK.run(evidence, WITH_VEX, NOW), Passed)


@pytest.mark.parametrize("excuse", [VexStatus.NOT_AFFECTED, VexStatus.FIXED])
@pytest.mark.parametrize("warning", [VexStatus.AFFECTED, VexStatus.UNDER_INVESTIGATION])
def test_of_two_vex_statements_of_one_time_the_one_that_warns_outweighs(
    excuse: VexStatus, warning: VexStatus
) -> None:
    both = vex(excuse, age=HOUR), vex(warning, age=HOUR)
    for statements in (both, both[::-1]):
        outcome = CHECK.run(image(found(hit()), *statements), WITH_VEX, NOW)
        assert codes(outcome) == ["vulnerability-found"]


@pytest.mark.parametrize(
    ("found_", "blocks"),
    [
        (hit(rating=Rating.LOW, score=9.8), True),
        (hit(rating=Rating.LOW, quoted=Rating.CRITICAL), True),
        (hit(rating=Rating.CRITICAL, score=2.0), True),
        (hit(rating=Rating.LOW, score=3.1, quoted=Rating.MEDIUM), False),
    ],
)
def test_of_all_that_a_report_says_of_a_finding_the_highest_counts(
    found_: Vulnerability, *, blocks: bool
) -> None:
    outcome = CHECK.run(image(found(found_)), params(), NOW)
    assert isinstance(outcome, Failed if blocks else Passed)


def test_what_is_no_scanners_report_leaves_undecided_what_was_found() -> None:
    doubt = Doubt(why="holds SARIF by Checkov, which is no scanner", remedy="attest another")
    outcome = CHECK.run(image(found(age=DAY), scan(HOUR, doubt=doubt)), params(), NOW)
    assert isinstance(outcome, Undecided)
    assert outcome.code == "vulnerabilities-unreadable"
    assert outcome.reason == (
        "the newest scan by https://example.com/scanner (issuer https://issuer) holds SARIF by "
        "Checkov, which is no scanner"
    )
    older = scan(DAY, scanner="checkov", doubt=doubt)
    assert isinstance(CHECK.run(image(found(), older), params(), NOW), Passed)


def test_an_unread_report_about_another_image_neither_counts_nor_hides_one_of_this() -> None:
    other = scan(HOUR, about=frozenset({OTHER}))
    assert codes(CHECK.run(image(other), params(), NOW)) == [
        "vulnerabilities-describes-another",
        "vulnerabilities-unread",
    ]
    assert isinstance(CHECK.run(image(found(age=DAY), other), params(), NOW), Passed)


def test_a_clean_report_that_does_not_show_what_it_looked_at_is_told_as_that() -> None:
    doubt = Doubt(why="lists no package", remedy="scan again with --all-packages")
    (finding,) = findings(CHECK.run(image(found(doubt=doubt)), params(), NOW))
    assert (finding.code, finding.remedy) == (
        "vulnerabilities-nothing-shown",
        "scan again with --all-packages",
    )


@pytest.mark.parametrize("wrong", ["", " ", " CVE-2026-1234", "CVE-2026-1234\n", "CVE-2026-*"])
def test_what_is_no_exact_id_cannot_be_denied(wrong: str) -> None:
    with pytest.raises(ValidationError, match="exact id"):
        params(deny=[wrong])
    assert params(deny=["CVE-2026-1234"]).deny == ("CVE-2026-1234",)


def test_what_a_scan_of_another_image_found_is_not_held_against_this_one() -> None:
    clean = found(age=DAY)
    other = found(hit(rating=Rating.CRITICAL), about=frozenset({OTHER}))
    assert CHECK.run(image(clean, other), params(), NOW) == Passed((clean,))


def test_where_too_few_scans_count_what_those_that_do_not_found_is_told_too() -> None:
    clean, other = found(), found(hit(), age=DAY, about=frozenset({OTHER}))
    outcome = CHECK.run(image(clean, other), params(by=["scanner", "ci"], at_least=2), NOW)
    assert "vulnerability-found" in codes(outcome)
    assert len(codes(outcome)) > 1


def test_a_scan_with_one_time_to_come_is_relied_on_only_for_what_it_found() -> None:
    clean, ahead = found(), found(age=DAY, latest=NOW + HOUR, scanner="grype")
    assert CHECK.run(image(clean, ahead), params(), NOW) == Passed((clean,))
    ahead = found(hit(), age=DAY, latest=NOW + HOUR, scanner="grype")
    assert codes(CHECK.run(image(clean, ahead), params(), NOW)) == ["vulnerability-found"]


@pytest.mark.parametrize(
    ("fixed_in", "bare", "excused"),
    [
        (
            "3.0.2",
            "update openssl to 3.0.2",
            "do nothing while that statement is in force; or update openssl to 3.0.2",
        ),
        (
            "",
            "no fix is known: state in a VEX document why it does not matter, or waive it",
            "do nothing while that statement is in force",
        ),
    ],
)
def test_the_next_step_is_the_fix_where_there_is_one(
    fixed_in: str, bare: str, excused: str
) -> None:
    given = found(hit(fixed_in=fixed_in))
    remedies = [
        finding.remedy
        for evidence in (image(given), image(given, vex()))
        for finding in findings(CHECK.run(evidence, WITH_VEX, NOW))
    ]
    assert remedies == [bare, excused]


@pytest.mark.parametrize(
    ("published", "end"),
    [(None, "; no grace, because no scan says when it was published"), (NOW - 9 * DAY, "")],
)
def test_only_where_no_scan_says_when_it_was_published_that_is_told(
    published: datetime | None, end: str
) -> None:
    given = found(hit(published=published))
    (finding,) = findings(CHECK.run(image(given), params(grace="2d"), NOW))
    assert finding.code == "vulnerability-found"
    assert finding.message == (
        f"CVE-2026-1234 in openssl 3.0.1: high, and the policy fails on high{end}"
    )


@pytest.mark.parametrize(
    ("score", "bound", "blocks"),
    [(3.0, 3.0, True), (2.9, 3.0, False), (3.1, 3.0, True), (0.1, 0.5, False)],
)
def test_a_score_blocks_from_the_bound_on(score: float, bound: float, *, blocks: bool) -> None:
    given = found(hit(rating=Rating.LOW, score=score))
    outcome = CHECK.run(image(given), params(fail_on_cvss=bound), NOW)
    assert isinstance(outcome, Failed) is blocks


UNREAD = Doubt(why="cannot be read", remedy="attest another")


def unread_scan(age: timedelta, **more: Any) -> VerifiedAttestation[VulnerabilityScan]:  # noqa: ANN401  # as given.scan takes it
    return scan(age, doubt=UNREAD, **more)


def is_told(*scans: VerifiedAttestation[Predicate], by: tuple[str, ...] = ("scanner",)) -> bool:
    outcome = CHECK.run(image(*scans), params(by=list(by)), NOW)
    assert isinstance(outcome, Passed | Undecided), outcome
    return isinstance(outcome, Passed)


def test_a_scan_that_is_not_read_matters_until_its_signer_has_a_newer_one_that_is() -> None:
    other = unread_scan(DAY, scanner="clair")
    assert is_told(found(age=DAY - timedelta(seconds=1)), other)
    assert not is_told(found(age=DAY), other)
    assert not is_told(found(age=2 * DAY), other)
    assert not is_told(found(by="other"), other, by=("scanner", "other"))


def test_a_scan_that_is_not_read_matters_where_it_hides_what_the_same_tool_found() -> None:
    hidden, hides = found(age=3 * DAY), unread_scan(2 * DAY)
    newer = found(age=DAY, scanner="grype")
    assert not is_told(hidden, hides, newer)
    assert is_told(hides, newer)


def test_a_statement_that_cannot_be_read_matters_if_it_is_a_scan_and_none_is_newer() -> None:
    def broken(kind: str, signed: timedelta | None) -> VerifiedAttestation[Predicate]:
        at = None if signed is None else NOW - signed
        said: Predicate = Unreadable(kind, "it is cut off")
        return attested(said, by="scanner", predicate_type=kind, signed=at)

    assert is_told(found(age=HOUR), broken(SCAN_TYPE, DAY))
    assert not is_told(found(age=2 * DAY), broken(SCAN_TYPE, DAY))
    assert not is_told(found(age=HOUR), broken(SCAN_TYPE, None))
    assert is_told(found(age=2 * DAY), broken("https://cyclonedx.org/bom", DAY))


def test_of_several_that_are_not_read_the_first_by_its_words_is_told() -> None:
    whys = ("cannot be read, b", "cannot be read, a")
    both = [
        scan(HOUR, scanner=why[-1], doubt=Doubt(why=why, remedy="attest another")) for why in whys
    ]
    for order in (both, both[::-1]):
        outcome = CHECK.run(image(*order), params(), NOW)
        assert isinstance(outcome, Undecided)
        assert outcome.reason.endswith("cannot be read, a")


def test_what_a_scan_found_that_is_wholly_in_the_future_is_not_held_against_the_image() -> None:
    clean = found()
    ahead = found(hit(), age=-DAY, latest=NOW + 2 * DAY, scanner="grype")
    assert CHECK.run(image(clean, ahead), params(), NOW) == Passed((clean,))


def test_a_scan_that_was_signed_in_the_future_does_not_count() -> None:
    ahead = found(signed=timedelta(minutes=-6))
    assert codes(CHECK.run(image(ahead), params(), NOW)) == ["vulnerabilities-from-the-future"]
    near = found(signed=timedelta(minutes=-5))
    assert CHECK.run(image(near), params(), NOW) == Passed((near,))


def test_what_excuses_is_no_newer_than_its_signature_and_what_warns_is_as_new_as_it_says() -> None:
    excuse = signed_vex(VexStatus.NOT_AFFECTED, age=2 * HOUR, signed=2 * HOUR)
    warns = signed_vex(VexStatus.AFFECTED, age=HOUR, signed=3 * HOUR)
    outcome = CHECK.run(image(found(hit()), excuse, warns), WITH_VEX, NOW)
    assert codes(outcome) == ["vulnerability-found"]
    late = signed_vex(VexStatus.NOT_AFFECTED, age=HOUR, signed=3 * HOUR)
    warned = signed_vex(VexStatus.AFFECTED, age=2 * HOUR, signed=2 * HOUR)
    outcome = CHECK.run(image(found(hit()), late, warned), WITH_VEX, NOW)
    assert codes(outcome) == ["vulnerability-found"]


@pytest.mark.parametrize(
    ("signed", "undecided"),
    [(2 * DAY, True), (3 * DAY, True), (3 * DAY + HOUR, False)],
)
def test_words_that_are_not_read_matter_from_the_oldest_excuse_on(
    signed: timedelta, *, undecided: bool
) -> None:
    other = hit("CVE-2026-9999", package="zlib", purl="pkg:deb/debian/zlib@1")
    excuses = (vex(age=3 * DAY), vex(names=("CVE-2026-9999",), age=DAY))
    broken = attested(
        Unreadable("https://openvex.dev/ns", "it is cut off"),
        predicate_type="https://openvex.dev/ns",
        signed=NOW - signed,
    )
    outcome = CHECK.run(image(found(hit(), other), *excuses, broken), WITH_VEX, NOW)
    assert isinstance(outcome, Undecided) is undecided


def test_what_an_sbom_says_of_a_vulnerability_counts_like_a_vex_document() -> None:
    document = vex().predicate
    assert isinstance(document, Vex)
    said: Predicate = Sbom("cyclonedx", "1.5", 1, vex=document.statements)
    (finding,) = findings(CHECK.run(image(found(hit()), attested(said)), WITH_VEX, NOW))
    assert (finding.code, finding.action) == ("vulnerability-not-affected", Action.WARN)
    (finding,) = findings(CHECK.run(image(found(hit()), attested(said, by="other")), WITH_VEX, NOW))
    assert finding.code == "vulnerability-found"


def test_of_the_scores_of_several_scans_the_highest_counts() -> None:
    low, high = (
        found(hit(rating=Rating.LOW, score=score), scanner=tool)
        for score, tool in ((3.0, "trivy"), (7.0, "grype"))
    )
    outcome = CHECK.run(image(low, high), params(fail_on="critical", fail_on_cvss=7), NOW)
    assert codes(outcome) == ["vulnerability-found"]


@pytest.mark.parametrize("warning", [VexStatus.AFFECTED, VexStatus.UNDER_INVESTIGATION])
def test_a_warning_without_a_date_outweighs_every_excuse(warning: VexStatus) -> None:
    for age in (timedelta(), HOUR, 99 * DAY):
        statements = (vex(age=age), undated(vex(warning)))
        outcome = CHECK.run(image(found(hit()), *statements), WITH_VEX, NOW)
        assert codes(outcome) == ["vulnerability-found"]
    assert codes(CHECK.run(image(found(hit()), vex()), WITH_VEX, NOW)) == [
        "vulnerability-not-affected"
    ]


def test_of_excuses_that_are_equally_new_the_first_by_the_digest_of_its_bytes_is_told() -> None:
    both = [vex(by="ci"), vex(by="other")]
    first = min(both, key=lambda one: one.attached)
    for given in (both, both[::-1]):
        outcome = CHECK.run(image(found(hit()), *given), params(vex=["ci", "other"]), NOW)
        said = f": not_affected by {first.signers[0]} (vulnerable_code_not_present)"
        assert [f.message.endswith(said) for f in findings(outcome)] == [True]


def test_an_excuse_without_a_date_excuses_and_outweighs_no_warning() -> None:
    alone = image(found(hit()), undated(vex()))
    assert codes(CHECK.run(alone, WITH_VEX, NOW)) == ["vulnerability-not-affected"]
    statements = (undated(vex()), vex(VexStatus.AFFECTED, age=99 * DAY))
    outcome = CHECK.run(image(found(hit()), *statements), WITH_VEX, NOW)
    assert codes(outcome) == ["vulnerability-found"]


@pytest.mark.parametrize(
    ("said", "excused"),
    [
        ((AMD64, ARM64), True),
        ((AMD64,), False),
        ((INDEX,), True),
        ((INDEX, AMD64), True),
        ((OTHER,), False),
    ],
)
def test_what_is_said_of_an_image_is_said_of_its_platforms_and_of_all_of_them_for_the_image(
    said: tuple[Digest, ...], *, excused: bool
) -> None:
    product = VexProduct(digests=frozenset(said))
    evidence = image(found(hit()), vex(products=(product,)), platforms=True)
    code = "vulnerability-not-affected" if excused else "vulnerability-found"
    assert codes(CHECK.run(evidence, WITH_VEX, NOW)) == [code]


def test_an_image_without_platforms_is_not_excused_by_words_about_another() -> None:
    evidence = image(found(hit()), vex(subject=OTHER))
    assert codes(CHECK.run(evidence, WITH_VEX, NOW)) == ["vulnerability-found"]
