from __future__ import annotations

import operator
from datetime import timedelta
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from gate.checks import provenance, sbom, scan_age, signature, vulnerabilities
from gate.checks.demand.base import Check, SignedParams
from gate.model.evidence import VerifiedAttestation
from gate.model.predicates import (
    ImageSignature,
    Predicate,
    Provenance,
    Rating,
    Sbom,
    Unrecognised,
    Vex,
    VexStatement,
    VexStatus,
    Vulnerability,
)
from gate.model.verdict import Action, Failed, Outcome, Passed
from gate.predicates import PARSERS, parse
from tests.checks.given import AMD64, ARM64, INDEX, NOW, asked, attested, image, rejected, scan

HOUR = timedelta(hours=1)
BY = ["ci", "scanner"]

ages = st.integers(-48, 400).map(lambda hours: hours * HOUR)
signers = st.sampled_from(["ci", "scanner", "other"])
subjects = st.sampled_from([INDEX, AMD64, ARM64])
vulnerable = st.builds(
    Vulnerability,
    id=st.sampled_from(["CVE-2026-1", "CVE-2026-2", "GHSA-1"]),
    rating=st.sampled_from([None, *Rating]),
    aliases=st.sampled_from([(), ("CVE-2026-1",)]),
    score=st.sampled_from([None, 0.0, 2.0, 9.8]),
    fixed_in=st.sampled_from(["", "2"]),
    published=st.sampled_from([None, NOW - HOUR, NOW - 999 * HOUR]),
)
scans = st.builds(
    scan,
    ages,
    database=st.none() | ages,
    scanner=st.sampled_from(["trivy", "grype"]),
    by=signers,
    signed=st.none() | ages,
    subject=subjects,
    findings=st.none() | st.lists(vulnerable, max_size=2).map(tuple),
)
others = st.builds(
    attested,
    st.sampled_from(
        [
            ImageSignature(),
            Sbom("spdx", "SPDX-2.3", 0),
            Sbom("spdx", "SPDX-2.3", 3, ("t",), NOW - HOUR),
            Sbom("spdx", "SPDX-2.3", 3, ("t",), NOW + HOUR),
            Provenance(version="1", builder="b"),
            Provenance(version="1", builder="c"),
            Unrecognised("x"),
            Vex("a", (VexStatement(names=("CVE-2026-1",), status=VexStatus.FIXED),)),
        ]
    ),
    by=signers,
    predicate_type=st.sampled_from(["https://cyclonedx.org/bom", "x"]),
    subject=subjects,
    signed=st.none() | ages.map(lambda age: NOW - age),
)
evidence = st.lists(scans | others, max_size=6)
on = st.sampled_from(["index", "platforms", "either"])

EXISTENTIAL: tuple[tuple[Check[Any], dict[str, Any]], ...] = (
    (signature.CHECK, {}),
    (sbom.CHECK, {}),
    (scan_age.CHECK, {"max_age": "7d"}),
    (scan_age.CHECK, {"max_age": "7d", "max_database_age": "7d"}),
    (provenance.CHECK, {"builder": "b"}),
)
FOUND: tuple[Check[Any], dict[str, Any]] = (vulnerabilities.CHECK, {"fail_on": "high"})
mostly_index = st.sampled_from([INDEX, INDEX, AMD64, ARM64])
young = st.integers(0, 160).map(lambda hours: hours * HOUR)
clean = st.builds(
    scan,
    young,
    database=young,
    scanner=st.sampled_from(["trivy", "grype"]),
    by=st.sampled_from(BY),
    signed=st.none() | young,
    subject=mostly_index,
    findings=st.just(()),
)


def good(predicate: Predicate) -> st.SearchStrategy[VerifiedAttestation[Predicate]]:
    """Return attestations that count of a predicate."""
    return st.builds(attested, st.just(predicate), by=st.sampled_from(BY), subject=mostly_index)


GOOD: dict[str, st.SearchStrategy[VerifiedAttestation[Any]]] = {
    "signature": good(ImageSignature()),
    "sbom": good(Sbom("spdx", "SPDX-2.3", 3, ("t",), NOW - HOUR)),
    "scan-age": clean,
    "vulnerabilities": clean,
    "provenance": good(Provenance(version="1", builder="b")),
}
"""What counts, by check: of what is drawn at large next to nothing does."""


def hanging(
    *checks: tuple[Check[Any], dict[str, Any]],
) -> st.SearchStrategy[tuple[Any, list[VerifiedAttestation[Predicate]]]]:
    """Draw one of these checks, and evidence of which much counts for it."""
    return st.sampled_from(checks).flatmap(
        lambda which: st.tuples(
            st.just(which),
            st.builds(
                operator.add,
                st.lists(GOOD[which[0].name], max_size=5),
                st.lists(scans | others, max_size=3),
            ).flatmap(st.permutations),
        )
    )


def run(
    which: tuple[Check[Any], dict[str, Any]],
    attestations: list[VerifiedAttestation[Predicate]],
    level: str = "either",
    at_least: int = 1,
) -> Outcome:
    check, more = which
    params: SignedParams = asked(check.params, by=BY, on=level, at_least=at_least, **more)
    return check.run(image(*attestations, platforms=True), params, NOW)


def blocks(outcome: Outcome) -> bool:
    if isinstance(outcome, Failed):
        return any(f.action is Action.BLOCK for f in outcome.findings)
    return not isinstance(outcome, Passed)


@settings(max_examples=250)
@given(hanging(*EXISTENTIAL), scans | others, on, st.integers(1, 2))
def test_more_evidence_never_turns_a_check_that_passed_into_one_that_fails(
    drawn: tuple[tuple[Check[Any], dict[str, Any]], list[VerifiedAttestation[Predicate]]],
    more: VerifiedAttestation[Predicate],
    level: str,
    at_least: int,
) -> None:
    which, attestations = drawn
    before = run(which, attestations, level, at_least)
    after = run(which, [*attestations, more], level, at_least)
    event(type(before).__name__)
    if isinstance(before, Passed):
        assert isinstance(after, Passed)
        assert (after.until or NOW) >= (before.until or NOW)


@given(hanging(FOUND), others, on)
def test_what_is_no_scan_never_makes_the_vulnerabilities_of_an_image_worse(
    drawn: tuple[Any, list[VerifiedAttestation[Predicate]]],
    more: VerifiedAttestation[Predicate],
    level: str,
) -> None:
    _, attestations = drawn
    blocked = blocks(run(FOUND, attestations, level))
    event("blocked" if blocked else "cleared")
    if not blocked:
        assert not blocks(run(FOUND, [*attestations, more], level))


@given(evidence, st.lists(vulnerable, max_size=2).map(tuple), st.sampled_from(["low", "critical"]))
def test_one_more_scanner_never_makes_what_was_found_milder(
    attestations: list[VerifiedAttestation[Predicate]],
    hits: tuple[Vulnerability, ...],
    threshold: str,
) -> None:
    # But for `grace`: a date of publication is a fact, whichever scanner has it.
    which = (vulnerabilities.CHECK, {"fail_on": threshold, "fail_on_unfixable": "high"})
    judged = [scan(HOUR, by="scanner", findings=()), *attestations]
    more = scan(HOUR, by="scanner", scanner="snyk", findings=hits)
    if blocks(run(which, judged, "index")):
        assert blocks(run(which, [*judged, more], "index"))


@settings(max_examples=250)
@given(hanging(*EXISTENTIAL, FOUND), st.randoms(use_true_random=False), on)
def test_the_order_of_evidence_changes_nothing(
    drawn: tuple[tuple[Check[Any], dict[str, Any]], list[VerifiedAttestation[Predicate]]],
    random: Any,  # noqa: ANN401  # hypothesis has its own type of random.Random
    level: str,
) -> None:
    which, attestations = drawn
    shuffled = list(attestations)
    random.shuffle(shuffled)
    assert run(which, shuffled, level) == run(which, attestations, level)


@given(hanging(FOUND), st.integers(1, 9), on)
def test_a_scan_dated_in_the_future_neither_counts_nor_hides_one_that_does(
    drawn: tuple[Any, list[VerifiedAttestation[Predicate]]], hours: int, level: str
) -> None:
    _, attestations = drawn
    later = scan(-hours * HOUR, by="ci", findings=())
    for which in (EXISTENTIAL[2], FOUND):
        without, beside = (run(which, e, level) for e in (attestations, [*attestations, later]))
        assert blocks(beside) == blocks(without)


@given(hanging(EXISTENTIAL[3]), st.integers(0, 200), st.integers(0, 200))
def test_r098_more_age_never_turns_a_scan_that_is_too_old_into_one_that_is_not(
    drawn: tuple[Any, list[VerifiedAttestation[Predicate]]], first: int, more: int
) -> None:
    _, attestations = drawn
    past = [a for a in attestations if all(t.at <= NOW for t in a.times) and _scanned_before_now(a)]
    params = asked(scan_age.ScanAgeParams, by=BY, max_age="7d", max_database_age="7d")
    early, late = (
        scan_age.CHECK.run(image(*past), params, NOW + n * HOUR) for n in (first, first + more)
    )
    assert not (blocks(early) and not blocks(late))


def _scanned_before_now(attestation: VerifiedAttestation[Predicate]) -> bool:
    said = attestation.predicate
    times = [getattr(said, "finished", None), getattr(said, "database", None)]
    return all(t is None or t <= NOW for t in times)


@given(
    st.sampled_from(sorted(PARSERS)),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        *(
                            "bomFormat",
                            "specVersion",
                            "components",
                            "metadata",
                            "scanner",
                            "result",
                        ),
                        *(
                            "spdxVersion",
                            "packages",
                            "creationInfo",
                            "statements",
                            "@context",
                            "name",
                        ),
                        *("matches", "Results", "runs", "vulnerabilities", "artifacts", "builder"),
                        *("Data", "tools", "licenses", "buildDefinition", "runDetails", "layout"),
                    ]
                ),
                inner | st.sampled_from(["CycloneDX", "1.5", "SPDX-2.3", "2026-01-01T00:00:00Z"]),
                max_size=4,
            )
        ),
        max_leaves=12,
    ),
)
def test_r074_no_json_at_all_makes_a_parser_raise(predicate_type: str, predicate: object) -> None:
    parse(predicate_type, predicate)


@given(
    st.lists(
        st.sampled_from(["wrong-signer", "wrong-subject", "unsigned", "bad-signature"]), max_size=4
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_rejections_changes_no_finding(
    found: list[str],
    random: Any,  # noqa: ANN401  # hypothesis has its own type of random.Random
) -> None:
    rejections = [rejected(code, message=f"{code} {n}") for n, code in enumerate(found)]
    params = asked(SignedParams, by=BY)
    first = signature.CHECK.run(image(rejections=rejections), params, NOW)
    random.shuffle(rejections)
    assert signature.CHECK.run(image(rejections=rejections), params, NOW) == first
