"""What is gathered of an image: one thing after another, each statement once."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from gate.model.artifact import NamedArtifact
from gate.model.evidence import (
    Attached,
    AttachedKind,
    Clock,
    ImageEvidence,
    PlaceNote,
    Rejection,
    SigningTime,
    Storage,
    Unavailable,
    Unread,
    VerifiedAttestation,
)
from gate.model.image import Digest, ImageReference, ResolvedImage
from gate.model.image_configuration import ImageConfiguration
from gate.model.predicates import Predicate
from gate.model.review import ReviewedImage
from gate.model.verdict import Cleared, Failed
from gate.pipeline.gather import gather, gather_all, once
from gate.registry.attempt import Told
from tests.builders.reviews import NOW, Registry, Verifier, judge

SHOP = "ghcr.io/acme/shop:1"
IMAGE = ResolvedImage(ImageReference.parse(SHOP), Digest("ab" * 32))
TIME = SigningTime(NOW, Clock.LOG, "rekor.example")


def attestation(
    name: bytes, *times: SigningTime, storage: Storage = Storage.REFERRERS
) -> VerifiedAttestation[Predicate]:
    attached = Attached(AttachedKind.BUNDLE, name, storage, IMAGE.digest)
    verified = Verifier().verify(attached, IMAGE)
    assert isinstance(verified, VerifiedAttestation)
    return replace(verified, times=times, statement=Digest.of(b"the statement"))


def test_a_statement_that_is_stored_in_two_forms_counts_once_and_as_a_bundle() -> None:
    bundle, legacy = attestation(b"z"), attestation(b"a", storage=Storage.ATT_TAG)
    assert list(once([legacy, bundle])) == [bundle]


def test_of_two_copies_the_one_that_a_log_vouches_for_counts() -> None:
    bundle, legacy = attestation(b"a"), attestation(b"b", TIME, storage=Storage.ATT_TAG)
    assert list(once([bundle, legacy])) == [legacy]


def test_copies_that_each_have_a_time_of_their_own_both_count() -> None:
    other = replace(TIME, authority="tsa.example")
    one, two = attestation(b"a", TIME), attestation(b"b", other)
    assert set(map(str, once([two, one]))) == {str(one), str(two)}


def test_other_statements_and_other_signers_count_each() -> None:
    one = attestation(b"a")
    others = [
        replace(one, statement=Digest.of(b"another")),
        replace(one, signers=("ci", "release")),
        replace(one, subject=Digest("cd" * 32)),
    ]
    assert len(list(once([one, *others]))) == 4


class Watched(Attached):
    """Something attached that can be watched."""

    __slots__ = ("__weakref__",)


class Streaming:
    """Yields attestations, and tells how many of them are still held when the next is made."""

    def __init__(self) -> None:
        self.held: list[int] = []

    def resolve(self, reference: ImageReference) -> ResolvedImage:
        return ResolvedImage(reference, IMAGE.digest)

    def attached(
        self, image: ResolvedImage, wanted: frozenset[str] | None = None
    ) -> Iterator[Attached | Unread]:
        del wanted
        alive: list[weakref.ref[Watched]] = []
        for number in range(4):
            self.held.append(sum(one() is not None for one in alive))
            kind, storage = AttachedKind.BUNDLE, Storage.REFERRERS
            item = Watched(kind, b"%d" % number, storage, image.digest)
            alive.append(weakref.ref(item))
            yield item
            del item

    def attached_in_order(self, image: ResolvedImage) -> Iterator[Attached]:
        raise AssertionError(image)

    def configurations(self, image: ResolvedImage) -> tuple[ImageConfiguration, ...]:
        raise AssertionError(image)


class Refusing(Verifier):
    def verify(self, attached: Attached, image: ResolvedImage) -> Rejection:
        return Rejection(
            attached=attached.digest,
            code="unsigned",
            message="it is unsigned",
            kind=attached.kind,
            storage=attached.storage,
            subject=image.digest,
        )


def test_no_two_contents_are_held_at_the_same_time() -> None:
    registry = Streaming()
    found = gather(SHOP, ImageReference.parse(SHOP), registry, Refusing())
    assert isinstance(found, ImageEvidence)
    assert (len(found.rejections), registry.held) == (4, [0, 0, 0, 0])


def test_the_registry_is_told_which_types_the_checks_of_the_entry_look_for() -> None:
    asked: list[frozenset[str] | None] = []

    class Asked(Registry):
        def attached(
            self, image: ResolvedImage, wanted: frozenset[str] | None = None
        ) -> tuple[Told, ...]:
            asked.append(wanted)
            return super().attached(image, wanted)

    judge(SHOP, registry=Asked())
    assert asked == [
        frozenset(
            (
                "https://sigstore.dev/cosign/sign/v1",
                "application/vnd.dev.cosign.simplesigning.v1+json",
            )
        )
    ]


NOTE = PlaceNote("it was read through mirror.example, which has no list", "ask the origin")


@dataclass
class Mirrored(Registry):
    """Reads through a mirror that may not show everything."""

    def attached(
        self, image: ResolvedImage, wanted: frozenset[str] | None = None
    ) -> tuple[Told, ...]:
        return (*super().attached(image, wanted), NOTE)


def test_a_place_that_may_not_show_everything_is_named_where_something_is_absent() -> None:
    (result,) = (
        r
        for r in judge(
            SHOP, registry=Mirrored(frozenset({SHOP.rpartition(":")[0]}))
        ).verdict.results
        if r.question.check == "signature"
    )
    assert isinstance(result.outcome, Failed)
    (finding,) = result.outcome.findings
    assert finding.code == "signature-absent"
    assert finding.message.endswith(f"; {NOTE.said}")
    assert finding.remedy.endswith(f"; or {NOTE.remedy}")


def test_a_place_that_may_not_show_everything_is_no_word_where_all_is_there() -> None:
    assert isinstance(judge(SHOP, registry=Mirrored()).verdict, Cleared)


def test_an_artifact_that_was_read_is_not_looked_up_again() -> None:
    reference = ImageReference.parse(SHOP)
    registry = Registry()
    found = gather(SHOP, reference, registry, Verifier(), known=IMAGE)
    assert isinstance(found, ImageEvidence)
    assert (found.image, registry.asked) == (IMAGE, [])
    away = Unavailable(SHOP, "timeout", "it took too long", "run again")
    assert gather(SHOP, reference, registry, Verifier(), known=away) is away
    assert registry.asked == []


@pytest.mark.parametrize("configured", [False, True])
def test_configurations_are_fetched_where_they_are_asked_for_alone(configured: bool) -> None:  # noqa: FBT001  # a table of cases
    class Configured(Registry):
        def configurations(self, image: ResolvedImage) -> tuple[ImageConfiguration, ...]:
            assert image == IMAGE
            return ()

    registry = Configured()
    reference = ImageReference.parse(f"{SHOP}@{IMAGE.digest}")
    found = gather(SHOP, reference, registry, Verifier(), configured=configured, known=IMAGE)
    assert isinstance(found, ImageEvidence)
    assert found.configurations == (() if configured else None)


def test_each_image_is_told_before_it_is_asked_for_and_a_chart_has_no_configuration() -> None:
    told: list[ImageReference] = []
    reference = ImageReference.parse(SHOP)
    plain = ReviewedImage(name=SHOP, reference=reference, uses=())
    chart = replace(plain, artifact=NamedArtifact(reference=reference, found=IMAGE))
    registry = Registry()
    found = gather_all(
        [plain, chart, replace(plain, reference=None)],
        (),
        (),
        registry,
        Verifier(),
        wanted=lambda _: None,
        then=lambda image: image.evidence,
        progress=told.append,
    )
    assert [type(one) for one in found] == [ImageEvidence, ImageEvidence, type(None)]
    assert (told, registry.asked) == ([reference] * 2, ["ghcr.io/acme/shop"])
    (evidence,) = gather_all(
        [chart], (), (SHOP,), registry, Verifier(),
        wanted=lambda _: None, then=lambda image: image.evidence,
    )  # fmt: skip
    assert isinstance(evidence, ImageEvidence)
    assert evidence.configurations is None


def test_what_has_no_statement_is_told_apart_by_its_bytes() -> None:
    one, other = (replace(attestation(name), statement=None) for name in (b"a", b"b"))
    assert set(map(str, once([one, other]))) == {str(one), str(other)}
    assert len(list(once([one, other]))) == 2


def test_of_two_copies_that_are_vouched_for_alike_one_counts() -> None:
    assert len(list(once([attestation(b"a", TIME), attestation(b"b", TIME)]))) == 1
