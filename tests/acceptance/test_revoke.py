"""Passes are ended by a signed list: on a registry, by `gate revoke`, as `gate admit` sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.acceptance.door import LIST, Door, door, on_distribution, on_the_fake, put_list
from tests.fakes.registry import OCI_MANIFEST, FakeRegistry, error


@pytest.fixture
def faked(tmp_path: Path) -> Iterator[tuple[Door, FakeRegistry]]:
    with FakeRegistry() as fake:
        image = f"{fake.host}/acme/shop@{fake.image('acme/shop', '1.0')}"
        yield door(tmp_path, fake.host, image), fake


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Door, FakeRegistry]]:
    """Where no test writes a list."""
    with FakeRegistry() as fake:
        image = f"{fake.host}/acme/shop@{fake.image('acme/shop', '1.0')}"
        yield door(tmp_path_factory.mktemp("empty"), fake.host, image), fake


@pytest.fixture(scope="module")
def by_hand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Door, FakeRegistry]]:
    """Where each test puts a list of its own in place, as seen by a machine of its own."""
    with FakeRegistry() as fake:
        image = f"{fake.host}/acme/shop@{fake.image('acme/shop', '1.0')}"
        yield door(tmp_path_factory.mktemp("by-hand"), fake.host, image), fake


@pytest.mark.parametrize("place", [on_the_fake, on_distribution])
def test_r326_admitted_before_refused_after_and_admitted_again_when_taken_back(
    tmp_path: Path,
    place: Callable[[Path], AbstractContextManager[Door]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    with place(tmp_path) as here:
        assert here.admit() == ["revocations-absent"]
        here.revoke(create=True)
        assert here.admit() == []
        capsys.readouterr()
        here.revoke(images=(here.image,), reason="a backdoor in it")
        told = capsys.readouterr().out
        assert here.admit() == ["pass-revoked"]
        here.revoke(undo=(here.image.partition("@")[2],))
    assert f"this ends 1 of 1 passes of {here.image}\n  release sha256:" in told
    assert "  serial 2, of " in told


def ended(here: Door, **asked: object) -> list[str]:
    here.revoke(create=True, reason="the key leaked", **asked)  # type: ignore[arg-type]  # fields of a list, as each test names them
    return here.admit()


def test_a_signer_of_the_policy_is_ended_by_its_key(faked: tuple[Door, FakeRegistry]) -> None:
    assert ended(faked[0], signers=("gate",)) == ["pass-revoked"]


def test_another_signer_that_is_ended_ends_nothing_else(faked: tuple[Door, FakeRegistry]) -> None:
    assert ended(faked[0], signers=("security",)) == []


def test_a_pass_whose_time_nobody_vouches_for_is_ended_with_its_signer_whatever_it_says(
    faked: tuple[Door, FakeRegistry],
) -> None:
    assert ended(faked[0], signers=("gate",), since="2999-01-01T00:00:00Z") == ["pass-revoked"]


def test_the_policy_that_judged_is_ended_by_its_digest(faked: tuple[Door, FakeRegistry]) -> None:
    here, _ = faked
    digest = (here.folder / "admit.yaml").read_text().partition('policies: ["')[2].partition('"')[0]
    assert ended(here, policies=(digest,)) == ["pass-revoked"]


NOW = datetime.now(UTC).replace(microsecond=0)
HOURS = timedelta(hours=1)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        pytest.param({"key": None}, "revocations-not-verified", id="unsigned"),
        pytest.param({"key": "build"}, "revocations-not-verified", id="a stranger's"),
        pytest.param({"key": "gate"}, "revocations-not-verified", id="another signer's"),
        pytest.param({"issued": NOW - 2 * HOURS}, "revocations-stale", id="older than max-age"),
        pytest.param(
            {"issued": NOW - HOURS / 2, "expires": NOW - HOURS / 4}, "revocations-stale", id="ended"
        ),
        pytest.param({"issued": NOW + HOURS}, "revocations-from-the-future", id="ahead"),
        pytest.param({"name": "r.example/a:staging"}, "revocations-of-another", id="of staging"),
    ],
)
def test_r326_a_list_that_cannot_be_believed_admits_nothing_and_says_why(
    by_hand: tuple[Door, FakeRegistry],
    changed: dict[str, object],
    code: str,
    request: pytest.FixtureRequest,
) -> None:
    put_list(*by_hand, **changed)  # type: ignore[arg-type]  # fields of a list, as each test names them
    assert by_hand[0].admit(home=request.node.name) == [code]


def test_a_list_by_hand_that_is_in_order_admits(by_hand: tuple[Door, FakeRegistry]) -> None:
    put_list(*by_hand)
    assert by_hand[0].admit() == []


def test_r326_an_older_list_put_back_is_told_by_who_saw_the_newer_one(
    faked: tuple[Door, FakeRegistry],
) -> None:
    here, fake = faked
    here.revoke(create=True)
    older = fake.tagged(LIST, "production")
    here.revoke(images=(here.image,), reason="a backdoor in it")
    assert here.admit() == ["pass-revoked"]
    fake.manifest(LIST, older, OCI_MANIFEST, tag="production")
    assert here.admit() == ["revocations-rolled-back"]
    assert here.refused(renew=True) == "revocations-rolled-back"
    assert here.admit(home="a machine that never saw it") == []


def test_r326_an_older_list_that_the_policy_takes_no_longer_is_continued_by_nobody_unasked(
    by_hand: tuple[Door, FakeRegistry],
) -> None:
    here, fake = by_hand
    put_list(here, fake, serial=3, issued=NOW - 2 * HOURS)
    before = fake.tagged(LIST, "production")
    # Not twice either: what is refused is not remembered.
    for _ in range(2):
        assert here.refused(renew=True, home="a runner") == "revoke-stale-list"
    assert here.refused(renew=True, from_serial=4, home="a runner") == "revoke-lower-serial"
    assert fake.tagged(LIST, "production") == before
    here.revoke(renew=True, from_serial=3, home="a runner")
    assert here.admit(home="a runner") == []


def test_a_list_that_the_policy_takes_is_continued_by_a_new_machine(
    by_hand: tuple[Door, FakeRegistry],
) -> None:
    here, fake = by_hand
    put_list(here, fake, serial=3, issued=NOW - HOURS / 2)
    assert here.refused(renew=True, from_serial=4, home="another") == "revoke-lower-serial"
    here.revoke(renew=True, home="another")


def test_a_machine_that_saw_the_list_continues_it_however_old_it_is(
    by_hand: tuple[Door, FakeRegistry],
) -> None:
    here, fake = by_hand
    put_list(here, fake, serial=3, issued=NOW - HOURS / 2)
    assert here.admit(home="a third") == []
    put_list(here, fake, serial=4, issued=NOW - 2 * HOURS)
    here.revoke(renew=True, home="a third")


def test_a_list_that_is_begun_anew_has_a_higher_serial_than_the_one_that_is_known(
    faked: tuple[Door, FakeRegistry], capsys: pytest.CaptureFixture[str]
) -> None:
    here, _ = faked
    here.revoke(create=True, from_serial=41, home="a runner")
    assert "  serial 42, of " in capsys.readouterr().out


@pytest.mark.parametrize("asked", [{"from_serial": 0, "renew": True}, {"from_serial": 1}])
def test_a_serial_is_for_a_call_that_writes_a_list(
    empty: tuple[Door, FakeRegistry], asked: dict[str, object]
) -> None:
    assert empty[0].refused(**asked) == "revoke-from-serial"


def test_two_lists_with_one_serial_are_told_by_who_saw_both(
    faked: tuple[Door, FakeRegistry],
) -> None:
    here, fake = faked
    put_list(here, fake)
    assert here.admit() == []
    put_list(here, fake, expires=NOW + 9 * HOURS)
    assert here.admit() == ["revocations-rolled-back"]


def test_who_deletes_the_list_brings_no_pass_back(faked: tuple[Door, FakeRegistry]) -> None:
    here, fake = faked
    here.revoke(create=True, images=(here.image,), reason="a backdoor in it")
    gone = error(404, "MANIFEST_UNKNOWN")
    fake.script(rf"GET /v2/{LIST}/manifests/production", gone, forever=True)
    assert here.admit() == ["revocations-absent"]
    assert here.refused(renew=True) == "revocations-absent"


def test_a_registry_that_does_not_answer_is_not_an_empty_list(
    faked: tuple[Door, FakeRegistry],
) -> None:
    here, fake = faked
    here.revoke(create=True)
    fake.script(rf"GET /v2/{LIST}/manifests/production", error(403, "DENIED"), forever=True)
    assert here.admit() == ["denied"]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"create": True, "key": "gate"}, "revoke-not-counted"),
        ({"renew": True}, "revocations-absent"),
        ({}, "revocations-absent"),
        ({"create": True, "images": ("a",)}, "revoke-without-reason"),
        ({"create": True, "since": "2026-01-01T00:00:00Z"}, "revoke-since"),
        ({"create": True, "releases": ("x",), "reason": "y"}, "revoke-digest"),
        ({"create": True, "signers": ("x",), "reason": "y"}, "revoke-unknown-signer"),
        ({"create": True, "undo": ("x",)}, "revoke-nothing-to-undo"),
        ({"create": True, "expires_in": "soon"}, "revoke-expires"),
        ({"create": True, "signers": ("gate",), "reason": "y" * 501}, "revoke-unwritable"),
        ({"create": True, "images": ("::",), "reason": "y"}, "image-reference-malformed"),
        ({"create": True, "signers": ("gate",), "reason": "y", "since": "now"}, "time-malformed"),
    ],
)
def test_a_call_that_would_not_end_what_it_says_writes_no_list(
    empty: tuple[Door, FakeRegistry], asked: dict[str, object], code: str
) -> None:
    here, fake = empty
    assert here.refused(**asked) == code
    with pytest.raises(KeyError):
        fake.tagged(LIST, "production")


def test_an_image_that_is_gone_is_ended_by_its_digest_and_one_that_is_not_answered_is_not(
    faked: tuple[Door, FakeRegistry], capsys: pytest.CaptureFixture[str]
) -> None:
    here, fake = faked
    asked: dict[str, object] = {"create": True, "images": (here.image,), "reason": "bad"}
    shop = r"(GET|HEAD) /v2/acme/shop/manifests/"
    fake.script(shop, error(403, "DENIED"), forever=True)
    assert here.refused(**asked) == "denied"
    with pytest.raises(KeyError):
        fake.tagged(LIST, "production")
    fake.script(shop, error(404, "MANIFEST_UNKNOWN"), forever=True)
    here.revoke(**asked)  # type: ignore[arg-type]  # fields of a list, as each test names them
    assert f"  image {here.image.partition('@')[2]}\n" in capsys.readouterr().out


def test_a_list_that_is_there_is_not_begun_anew(faked: tuple[Door, FakeRegistry]) -> None:
    faked[0].revoke(create=True)
    assert faked[0].refused(create=True) == "revoke-list-exists"


def test_the_list_is_printed_with_its_reasons_and_no_terminal_obeys_them(
    faked: tuple[Door, FakeRegistry], capsys: pytest.CaptureFixture[str]
) -> None:
    here, _ = faked
    here.revoke(create=True, policies=(f"sha256:{'1' * 64}",), reason="odd \x1b[31m text")
    capsys.readouterr()
    here.revoke()
    said = capsys.readouterr().out.splitlines()
    assert said[2] == f"  policy sha256:{'1' * 64}"
    assert said[3].endswith(r": odd \x1b[31m text")


def test_a_policy_without_a_list_asks_for_none(faked: tuple[Door, FakeRegistry]) -> None:
    here, fake = faked
    path = here.folder / "admit.yaml"
    path.write_text(path.read_text().partition("revocations:")[0])
    assert here.admit() == []
    assert fake.asked(LIST) == 0
    assert here.refused(renew=True) == "revoke-without-list"


def test_a_policy_that_asks_for_no_pass_does_not_ask_for_its_list(
    faked: tuple[Door, FakeRegistry],
) -> None:
    here, fake = faked
    policy = here.folder / "admit.yaml"
    head, _, rest = policy.read_text().partition("    pass:\n")
    tail = rest.partition("revocations:")[2]
    policy.write_text(
        f'{head}    digest: required\n    without-pass: "built by others"\nrevocations:{tail}'
    )
    fake.requests.clear()
    assert here.admit() == []
    assert fake.asked(LIST) == 0
