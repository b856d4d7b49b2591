"""Which passes and scans a newer one of the same signer makes needless."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from gate.model.evidence import Storage, VerifiedAttestation
from gate.model.identity import KeyIdentity
from gate.model.image import Digest
from gate.model.predicates import Predicate
from gate.pipeline.superseded import Placed, own_statement, superseded
from tests.builders.passes import signed, summary
from tests.checks.given import NOW, scan

HOUR = timedelta(hours=1)


def a_pass(made: float, ends: float, **more: object) -> VerifiedAttestation[Predicate]:
    """Return a pass made so many hours ago, which ends in so many."""
    at, until = NOW - made * HOUR, NOW + ends * HOUR
    return signed(summary(verified_at=at, not_after=until, **more))


def a_scan(made: float, **more: Any) -> VerifiedAttestation[Predicate]:  # noqa: ANN401  # a scan's fields
    """Return a scan that ended so many hours ago."""
    return scan(made * HOUR, **{"findings": (), "targets": 1, **more})


def gone(
    every: Iterable[VerifiedAttestation[Predicate]], keep: int = 1, now: datetime = NOW
) -> list[int]:
    """Return which of them are superseded, by their order."""
    found = [(n, own_statement(one, now)) for n, one in enumerate(every)]
    placed = [Placed(statement, n) for n, statement in found if statement is not None]
    return sorted(superseded(placed, keep=keep, now=now))


@pytest.mark.parametrize("keep", [1, 2, 3])
def test_of_scans_by_one_tool_the_newest_stay(keep: int) -> None:
    assert gone([a_scan(3), a_scan(1), a_scan(2)], keep) == [[0, 2], [0], []][keep - 1]


def test_a_statement_that_is_stored_in_two_forms_stays_or_goes_in_both() -> None:
    said = Digest("6" * 64)
    forms = [
        replace(a_scan(1), statement=said),
        replace(a_scan(1), statement=said, storage=Storage.ATT_TAG),
    ]
    assert gone(forms) == []
    assert gone([*forms, a_scan(0)]) == [0, 1]


def test_a_scan_by_another_tool_or_another_signer_or_of_another_platform_stays() -> None:
    mine = a_scan(1)
    others = [
        a_scan(9, scanner="grype"),
        replace(a_scan(9), identity=KeyIdentity(Digest("9" * 64))),
        replace(a_scan(9), subject=Digest("8" * 64)),
        replace(a_scan(9), predicate_type="https://in-toto.io/attestation/vulns/v0.1"),
    ]
    assert gone([mine, *others]) == []
    assert gone([mine, a_scan(9)]) == [1]


@pytest.mark.parametrize(
    "newer",
    [
        a_scan(-1),
        a_scan(1, findings=None),
        a_scan(1, targets=0),
    ],
    ids=["dated in the future", "without a report", "of nothing"],
)
def test_a_scan_that_may_not_count_supersedes_nothing(
    newer: VerifiedAttestation[Predicate],
) -> None:
    assert gone([a_scan(2), newer]) == []
    assert gone([a_scan(2), a_scan(1)]) == [0]


def test_a_pass_for_the_same_release_and_policy_takes_the_place_of_one_that_still_holds() -> None:
    assert gone([a_pass(2, 22), a_pass(1, 23)]) == [0]


@pytest.mark.parametrize("field", ["policy", "release"])
def test_a_pass_for_another_release_or_policy_stays_as_long_as_it_holds(field: str) -> None:
    other = {field: Digest("7" * 64)}
    assert gone([a_pass(2, 1, **other), a_pass(1, 23)]) == []
    assert gone([a_pass(2, -1, **other), a_pass(1, 23)]) == [0]


@pytest.mark.parametrize(
    "other", [{"environment": "staging"}, {"verifier": "https://acme.example/other"}]
)
def test_a_pass_of_another_environment_or_verifier_is_of_another_kind(
    other: dict[str, object],
) -> None:
    assert gone([a_pass(99, -75, **other), a_pass(1, 23)]) == []


@pytest.mark.parametrize("other", [{"result": "FAILED"}, {"unsigned": True}])
def test_what_is_no_pass_neither_supersedes_nor_goes(other: dict[str, object]) -> None:
    assert gone([a_pass(9, -1), a_pass(1, 23, **other)]) == []
    assert gone([a_pass(9, -1, **other), a_pass(1, 23)]) == []


def test_a_pass_for_another_release_stays_for_the_minutes_that_clocks_may_differ() -> None:
    other, minute = {"release": Digest("7" * 64)}, 1 / 60
    assert gone([a_pass(2, -4 * minute, **other), a_pass(1, 23)]) == []
    assert gone([a_pass(2, -5 * minute, **other), a_pass(1, 23)]) == [0]
    assert gone([a_pass(2, 4 * minute, **other), a_pass(1, 23)]) == []


def test_of_two_older_passes_for_another_release_the_newer_stays_alone() -> None:
    other = {"release": Digest("7" * 64)}
    assert gone([a_pass(3, 20, **other), a_pass(2, 21, **other), a_pass(1, 23)]) == [0]


def test_what_was_signed_is_known_by_its_digest_and_else_by_the_bytes_that_are_stored() -> None:
    said = Digest("6" * 64)
    one = a_scan(1)
    found = [own_statement(replace(one, statement=digest), NOW) for digest in (said, None)]
    assert [None if own is None else own.digest for own in found] == [said, one.attached]
