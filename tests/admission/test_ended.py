"""The list of ended passes, while a server runs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from gate.admission import ended
from gate.model.image import Digest
from gate.model.revocations import (
    EndedBy,
    EndedDigest,
    Revocation,
    RevocationList,
    Revocations,
    RevocationsUnknown,
)
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
