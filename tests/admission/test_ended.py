"""The list of ended passes, while a server runs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from gate.admission import ended
from gate.admission.ended import EndedPasses
from gate.model.image import Digest
from gate.model.revocations import (
    EndedBy,
    EndedDigest,
    Revocation,
    RevocationList,
    Revocations,
    RevocationsUnknown,
)
from gate.pipeline.release import UNASKED
from gate.pipeline.revocations import Seen
from gate.registry.codes import Code
from gate.trust.policy import verifier_of
from tests.builders.admission import (
    DAY,
    HOUR,
    NOW,
    POLICY,
    REPLICASETS,
    Shelf,
    pinned,
    pod,
    request,
)
from tests.builders.doors import Webhook

SHOP = pinned("shop")
LIST = "registry.example/security/revocations:production"
TEXT = f"{POLICY}revocations: {{from: {LIST}, by: [gate], max-age: 1d}}\n"
AWAY = RevocationsUnknown("timeout", "the registry did not answer", "try again")
NOT_GIVEN = (
    *(Code.UNREACHABLE, Code.TIMEOUT, Code.TLS_FAILED, Code.RATE_LIMITED, Code.UNEXPECTED_STATUS),
    *(Code.DENIED, Code.ADDRESS_REFUSED, Code.REDIRECT_REFUSED),
    *(Code.CREDENTIALS_UNREADABLE, Code.CERTIFICATE_UNREADABLE),
)
FORGED = RevocationsUnknown("revocations-not-verified", "nobody signed it", "find out who")


def listed(serial: int, *images: str, issued: datetime = NOW) -> RevocationList:
    lines = [
        Revocation(EndedDigest(EndedBy.IMAGE, Digest.parse(i.rpartition("@")[2])), "leaked", NOW)
        for i in images
    ]
    return RevocationList(LIST, serial, issued, issued + 7 * DAY, tuple(lines))


class Lists:
    """What the registry has, one after another."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now: Revocations = listed(1)
        monkeypatch.setattr(ended, "revocations_of", lambda *_: self.now)


@pytest.fixture
def lists(monkeypatch: pytest.MonkeyPatch) -> Lists:
    return Lists(monkeypatch)


@pytest.fixture
def webhook(lists: Lists) -> Iterator[Webhook]:
    del lists
    shelf = Shelf()
    shelf.give_pass(SHOP)
    with Webhook(shelf, text=TEXT) as made:
        made.renew_ended()
        yield made


def codes(webhook: Webhook, user: str = "person") -> str:
    response = webhook.ask(request(pod(SHOP), user=user)).response
    return "" if response["allowed"] else str(response["auditAnnotations"]["codes"])


def test_a_pass_that_is_on_the_list_opens_nothing_from_the_next_look_on(
    webhook: Webhook, lists: Lists
) -> None:
    assert codes(webhook) == ""
    lists.now = listed(2, SHOP)
    webhook.renew_ended()
    assert codes(webhook) == "pass-revoked"
    assert codes(webhook, user=REPLICASETS) == "pass-revoked"


def test_a_list_that_says_the_same_leaves_the_answers_where_they_are(webhook: Webhook) -> None:
    assert codes(webhook) == ""
    webhook.renew_ended()
    assert codes(webhook) == ""
    assert webhook.shelf.asked == [SHOP]


def test_before_the_first_list_nobody_is_let_in(lists: Lists) -> None:
    del lists
    shelf = Shelf()
    shelf.give_pass(SHOP)
    with Webhook(shelf, text=TEXT) as webhook:
        assert codes(webhook) == "not-answered"


def test_a_verified_list_holds_while_its_registry_is_away_and_no_longer_than_it_may(
    webhook: Webhook, lists: Lists
) -> None:
    lists.now = AWAY
    webhook.renew_ended()
    assert codes(webhook) == ""
    webhook.shelf.give_pass(SHOP, at=NOW + 20 * HOUR)
    webhook.clock.now = NOW + DAY
    assert codes(webhook) == ""
    webhook.clock.now = NOW + DAY + timedelta(seconds=1)
    assert codes(webhook) == "revocations-stale"


def test_a_list_that_is_there_and_not_believed_holds_nothing(
    webhook: Webhook, lists: Lists
) -> None:
    assert codes(webhook) == ""
    lists.now = FORGED
    webhook.renew_ended()
    assert codes(webhook) == "revocations-not-verified"
    lists.now = listed(3)
    webhook.renew_ended()
    webhook.clock.now = NOW + timedelta(seconds=6)
    assert codes(webhook) == ""


class Remembered:
    """What earlier runs on this machine saw."""

    def __init__(self, **seen: tuple[int, Digest]) -> None:
        self.seen = dict(seen)

    def last(self, name: str) -> tuple[int, Digest] | None:
        return self.seen.get(name)

    def remember(self, name: str, serial: int, digest: Digest) -> None:
        self.seen[f"{name}-written"] = serial, digest


def passes(text: str = TEXT, seen: Seen | None = None) -> EndedPasses:
    shelf = Shelf()
    return EndedPasses(shelf.policy(text), lambda: shelf, seen or Remembered())


def refresh(of: EndedPasses, at: datetime = NOW) -> bool:
    return of.refresh(verifier_of(Shelf().policy(), NOW, None), at)


def test_a_policy_without_a_list_asks_for_none_and_ends_nothing(lists: Lists) -> None:
    made = passes(POLICY)
    assert refresh(made) is False
    assert (made.current(NOW), made.until()) == (None, None)
    lists.now = FORGED
    assert refresh(made) is False
    assert made.current(NOW) is None


def test_before_the_first_answer_nothing_is_known(lists: Lists) -> None:
    made = passes()
    assert (made.current(NOW), made.until()) == (UNASKED, None)
    lists.now = AWAY
    assert refresh(made) is True
    assert (made.current(NOW), made.until()) == (AWAY, None)


@pytest.mark.parametrize(
    ("found", "held"),
    [
        (listed(2), True),
        (FORGED, True),
        (AWAY, False),
        *((RevocationsUnknown(str(c), "no way", "try again"), False) for c in NOT_GIVEN),
        *(
            (RevocationsUnknown(str(c), "no list", "look"), True)
            for c in Code
            if c not in NOT_GIVEN
        ),
    ],
)
def test_what_takes_the_place_of_a_list_that_was_verified(
    lists: Lists,
    found: Revocations,
    held: bool,  # noqa: FBT001  # whether it does
) -> None:
    made = passes()
    assert refresh(made) is True
    assert refresh(made) is False
    first, lists.now = lists.now, found
    assert refresh(made) is held
    assert made.current(NOW) == (found if held else first)
    lists.now = first
    assert refresh(made) is held


def test_a_list_holds_until_its_own_end_or_the_age_that_the_policy_takes(lists: Lists) -> None:
    made, patient = passes(), passes(TEXT.replace("max-age: 1d", "max-age: 30d"))
    for one in (made, patient):
        refresh(one)
    assert (made.until(), patient.until()) == (NOW + DAY, NOW + 7 * DAY)
    assert made.current(NOW + DAY) == lists.now
    late = made.current(NOW + DAY + timedelta(seconds=1))
    assert isinstance(late, RevocationsUnknown)
    assert late.code == "revocations-stale"


def test_what_was_seen_is_remembered_here_before_what_a_file_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = []

    def look(*given: Any) -> Revocations:  # noqa: ANN401  # what the pipeline takes
        seen = given[-1]
        told.append(seen.last(LIST))
        seen.remember(LIST, len(told) + 7, Digest("2" * 64))
        return listed(1)

    monkeypatch.setattr(ended, "revocations_of", look)
    file = Remembered(**{LIST: (3, Digest("1" * 64))})
    made = passes(seen=file)
    for _ in range(3):
        refresh(made)
    assert told == [(3, Digest("1" * 64)), (8, Digest("2" * 64)), (9, Digest("2" * 64))]
    assert file.seen[f"{LIST}-written"] == (10, Digest("2" * 64))
