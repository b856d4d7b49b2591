"""Who holds the list of ended passes lies about it: what `gate admit` and the webhook say then.

Both reach the registry through a mirror, behind whose name are two: one may be behind the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gate.cli.reads.find_policy import find_policy
from gate.cli.reads.places import open_registry
from gate.errors import UsageError
from gate.model.image import Digest
from gate.model.revocations import EndedBy, EndedDigest, Revocation
from gate.registry.route import RoutedRegistry
from tests.acceptance.door import LIST, Door, door, put_list
from tests.builders.admission import Clock, Shelf, pod, request
from tests.builders.doors import Webhook
from tests.fakes.registry import OCI_MANIFEST, FakeRegistry, Reply, error

TAG = rf"^(GET|HEAD) /v2/{LIST}/manifests/production$"
ABSENT = error(404, "MANIFEST_UNKNOWN")
NOW = datetime.now(UTC).replace(microsecond=0)
MINUTES = timedelta(minutes=1)


def ago(span: timedelta) -> datetime:
    """Return a time before now: the tests before this one may have taken many minutes."""
    return datetime.now(UTC).replace(microsecond=0) - span


@dataclass
class Views:
    """A cleared image, its registry, and what the mirror says of the list's tag."""

    origin: FakeRegistry
    writer: Door
    """Reaches the registry itself."""
    reader: Door
    """Reaches the mirror."""
    behind: Reply | None = None
    """What the mirror that is behind answers; None while the one that is not is reached."""

    def seen_by_all(self) -> Reply:
        """Return what the registry itself says of the tag now."""
        content = self.origin.tagged(LIST, "production")
        digest = str(Digest.of(content))
        return Reply(200, {"content-type": OCI_MANIFEST, "docker-content-digest": digest}, content)

    def put(self, **changed: object) -> None:
        """Put a list in place as somebody could who may write to the registry."""
        put_list(self.writer, self.origin, **changed)  # type: ignore[arg-type]  # fields of a list, as each test names them

    @property
    def ended(self) -> tuple[Revocation, ...]:
        """The line that ends the image."""
        digest = Digest.parse(self.writer.image.partition("@")[2])
        return (Revocation(EndedDigest(EndedBy.IMAGE, digest), "a backdoor in it", NOW),)


def through(here: Door, mirror: FakeRegistry, name: str) -> Door:
    """Return a door that reads by a mirror."""
    path = here.folder / f"{name}.yaml"
    path.write_text(f'mirrors: {{"{here.host}": "{mirror.host}"}}\nplain-http: ["{mirror.host}"]\n')
    return replace(here, registries=str(path))


@pytest.fixture
def views(tmp_path: Path) -> Iterator[Views]:
    with FakeRegistry() as origin, FakeRegistry() as mirror:
        image = f"{origin.host}/acme/shop@{origin.image('acme/shop', '1.0')}"
        here = door(tmp_path, origin.host, image)
        made = Views(origin, here, through(here, mirror, "mirror"))
        mirror.script(".", origin.answer, forever=True)
        mirror.script(TAG, lambda _: made.behind or made.seen_by_all(), forever=True)
        yield made


Asks = Callable[[], list[str]]
"""Asks whether the image may run; returns the codes that say no."""


@contextmanager
def on_the_command_line(views: Views) -> Iterator[Asks]:
    yield views.reader.admit


@contextmanager
def on_the_webhook(views: Views) -> Iterator[Asks]:
    here, clock, opened = views.reader, Clock(datetime.now(UTC)), ExitStack()

    def open_anew() -> RoutedRegistry:
        return opened.enter_context(closing(open_registry(here.access())[0]))

    webhook = Webhook(
        Shelf(),
        clock=clock,
        policy=find_policy(str(here.folder / "admit.yaml"), None),
        open_registry=open_anew,
    )

    def ask() -> list[str]:
        clock.now += timedelta(seconds=10)
        webhook.renew_ended()
        response = webhook.ask(request(pod(here.image))).response
        return [] if response["allowed"] else [str(response["auditAnnotations"]["codes"])]

    with opened, webhook:
        yield ask


@pytest.fixture(params=[on_the_command_line, on_the_webhook])
def ask(request: pytest.FixtureRequest, views: Views) -> Iterator[Asks]:
    with request.param(views) as made:
        yield made


def test_r326_admitted_before_and_refused_after_a_line_is_written(views: Views, ask: Asks) -> None:
    views.put()
    assert ask() == []
    views.put(serial=2, revocations=views.ended)
    assert ask() == ["pass-revoked"]
    views.put(serial=3)
    assert ask() == []


def test_r326_an_older_list_put_back_is_rolled_back(views: Views, ask: Asks) -> None:
    views.put()
    older = views.origin.tagged(LIST, "production")
    assert ask() == []
    views.put(serial=2, revocations=views.ended)
    assert ask() == ["pass-revoked"]
    views.origin.manifest(LIST, older, OCI_MANIFEST, tag="production")
    assert ask() == ["revocations-rolled-back"]
    views.put(serial=3)
    assert ask() == []


def test_r326_a_list_past_max_age_is_stale_and_one_just_before_is_not(
    views: Views, ask: Asks
) -> None:
    views.put(issued=ago(50 * MINUTES))
    assert ask() == []
    views.put(serial=2, issued=ago(61 * MINUTES))
    assert ask() == ["revocations-stale"]


@pytest.mark.parametrize("key", [None, "gate", "build"])
def test_r326_a_newer_list_that_another_signed_is_not_verified(
    views: Views, ask: Asks, key: str | None
) -> None:
    views.put(revocations=views.ended)
    assert ask() == ["pass-revoked"]
    views.put(serial=2, key=key)
    assert ask() == ["revocations-not-verified"]
    views.put(serial=2)
    assert ask() == []


def test_r326_a_list_that_somebody_deleted_is_absent(views: Views, ask: Asks) -> None:
    views.put(revocations=views.ended)
    assert ask() == ["pass-revoked"]
    views.behind = ABSENT
    assert ask() == ["revocations-absent"]
    views.behind = None
    assert ask() == ["pass-revoked"]


def test_where_a_mirror_has_no_list_the_message_names_the_mirror(views: Views) -> None:
    views.put()
    views.behind = ABSENT
    mirror = (views.reader.folder / "mirror.yaml").read_text().split('"')[3]
    with pytest.raises(UsageError, match=f"{mirror}/{LIST} has no tag production"):
        views.reader.revoke()


def test_r326_of_two_mirrors_the_one_that_is_behind_is_told_by_who_saw_the_other(
    views: Views, ask: Asks
) -> None:
    views.put()
    older = views.seen_by_all()
    views.put(serial=2, revocations=views.ended)
    views.behind = older
    assert ask() == []  # nobody told it of a newer one
    views.behind = None
    assert ask() == ["pass-revoked"]
    views.behind = older
    assert ask() == ["revocations-rolled-back"]
    views.behind = ABSENT
    assert ask() == ["revocations-absent"]
    views.behind = None
    assert ask() == ["pass-revoked"]


def test_r326_who_reaches_only_the_mirror_that_is_behind_admits_until_max_age_and_no_longer(
    views: Views, ask: Asks
) -> None:
    views.put(issued=ago(50 * MINUTES))
    views.behind = views.seen_by_all()
    views.put(serial=2, revocations=views.ended)
    assert ask() == []
    views.put(serial=3, issued=ago(61 * MINUTES))
    views.behind = views.seen_by_all()
    views.put(serial=4, revocations=views.ended)
    assert ask() == ["revocations-stale"]


def test_r326_a_mirror_that_hides_the_signature_of_the_list_hides_the_list(
    views: Views, ask: Asks
) -> None:
    views.put()
    assert ask() == []
    digest = Digest.of(views.origin.tagged(LIST, "production"))
    hidden = rf"/v2/{LIST}/(referrers/{digest}|manifests/sha256-{digest.hex})"
    views.origin.script(hidden, ABSENT, forever=True)
    assert ask() == ["revocations-not-verified"]


def test_r326_two_hosts_that_mirror_one_registry_share_what_a_machine_saw(views: Views) -> None:
    views.put()
    older = views.seen_by_all()
    views.put(serial=2, revocations=views.ended)
    with FakeRegistry() as mirror:
        mirror.script(".", views.origin.answer, forever=True)
        mirror.script(TAG, older, forever=True)
        behind = through(views.writer, mirror, "behind")
        assert views.reader.admit() == ["pass-revoked"]
        assert behind.admit() == ["revocations-rolled-back"]
        assert behind.admit(home="a machine that never saw the newer one") == []


def test_r326_a_list_is_never_begun_anew_or_continued_from_a_mirror_that_is_behind(
    views: Views,
) -> None:
    views.put()
    older = views.seen_by_all()
    views.put(serial=2, revocations=views.ended)
    newest = views.origin.tagged(LIST, "production")
    behind = ((older, "renew"), (ABSENT, "create"), (ABSENT, "renew"))
    for views.behind, asked in behind:
        assert views.reader.refused(**{asked: True}) == "revoke-mirror-differs"
        assert views.origin.tagged(LIST, "production") == newest
    views.behind = None
    views.reader.revoke(renew=True)
    assert views.reader.admit() == ["pass-revoked"]
