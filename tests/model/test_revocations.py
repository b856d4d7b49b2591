"""Which line of a list of ended passes ends one, and what is known of the evidence of an image."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from gate.model.evidence import (
    AttachedKind,
    Clock,
    ImageEvidence,
    Rejection,
    SigningTime,
    Storage,
    Unread,
    VerifiedAttestation,
)
from gate.model.identity import CertificateIdentity, KeyIdentity
from gate.model.image import Digest, ImageReference, ResolvedImage
from gate.model.predicates import ImageSignature, LayoutSet
from gate.model.release import ReleaseImage, ReleaseObject, release_of
from gate.model.revocations import EndedBy, EndedDigest, EndedSigner, Revocation, RevocationList

ONE, TWO = Digest("1" * 64), Digest("2" * 64)
AT: Final = datetime(2026, 11, 29, tzinfo=UTC)
SECOND: Final = timedelta(seconds=1)
KEY: Final = KeyIdentity(ONE)
CI: Final = CertificateIdentity("https://e.org/ci", "https://issuer.example")
IMAGE: Final = ResolvedImage(ImageReference.parse("e.org/a"), ONE)
SIGNED: Final = VerifiedAttestation(
    predicate=ImageSignature(),
    predicate_type="t",
    signers=("ci", "other"),
    identity=KEY,
    subject=ONE,
    times=(),
    attached=TWO,
    storage=Storage.REFERRERS,
)


def listed(*lines: Revocation) -> RevocationList:
    return RevocationList("e.org/list:a", 1, AT, AT + SECOND, lines)


def test_a_digest_ends_what_it_is_the_digest_of_alone() -> None:
    line = Revocation(EndedDigest(EndedBy.IMAGE, ONE), "why", AT)
    ended = listed(Revocation(EndedSigner(KEY), "why", AT), line)
    assert ended.of_digest(EndedBy.IMAGE, ONE) == line
    assert ended.of_digest(EndedBy.IMAGE, TWO) is None
    assert ended.of_digest(EndedBy.RELEASE, ONE) is None


@pytest.mark.parametrize("signed_at", [None, AT - SECOND, AT, AT + SECOND])
def test_a_signer_that_is_ended_without_a_time_is_ended_for_ever(
    signed_at: datetime | None,
) -> None:
    line = Revocation(EndedSigner(KEY), "why", AT)
    ended = listed(Revocation(EndedDigest(EndedBy.IMAGE, ONE), "why", AT), line)
    assert ended.of_signer(KEY, signed_at) == line
    assert ended.of_signer(KeyIdentity(TWO), signed_at) is None
    assert ended.of_signer(CI, signed_at) is None


@pytest.mark.parametrize(
    ("signed_at", "is_ended"), [(None, True), (AT - SECOND, False), (AT, True), (AT + SECOND, True)]
)
def test_of_a_signer_that_is_ended_since_a_time_what_is_proven_to_be_older_lives_on(
    signed_at: datetime | None, *, is_ended: bool
) -> None:
    line = Revocation(EndedSigner(CI, AT), "why", AT)
    assert listed(line).of_signer(CI, signed_at) == (line if is_ended else None)


def test_what_is_ended_is_called_by_its_kind() -> None:
    assert str(EndedDigest(EndedBy.POLICY, ONE)) == f"policy {ONE}"
    assert str(EndedSigner(KEY)) == f"signer key {ONE}"
    assert str(EndedSigner(KEY, AT)) == f"signer key {ONE} since 2026-11-29T00:00:00Z"


@pytest.mark.parametrize("text", ["e.org/a", f"@{ONE}", "", "e.org/a@sha512:1", "e.org/a@"])
def test_an_image_without_its_digest_is_none_of_a_release(text: str) -> None:
    with pytest.raises(ValueError, match="not an image pinned|unsupported digest"):
        ReleaseImage.parse(text)
    assert str(ReleaseImage.parse(f"e.org/a@{ONE}")) == f"e.org/a@{ONE}"


def test_a_release_has_one_digest_in_any_order() -> None:
    images = [ReleaseImage("e.org/b", ONE), ReleaseImage("e.org/a", TWO)]
    objects = [ReleaseObject("b", TWO), ReleaseObject("a", TWO), ReleaseObject("c", ONE)]
    release = release_of(images, objects)
    text = f'{{"images":["e.org/a@{TWO}","e.org/b@{ONE}"],"objects":["{ONE}","{TWO}"]}}'
    assert release.digest == Digest.of(text.encode())
    assert release == release_of([*images[::-1], images[0]], objects[::-1])


def test_a_statement_was_signed_at_its_first_time() -> None:
    assert SIGNED.signed_at is None
    times = tuple(SigningTime(at, Clock.LOG, "log") for at in (AT, AT + SECOND))
    assert replace(SIGNED, times=times).signed_at == AT


def test_evidence_is_of_a_kind_and_by_somebody_who_is_asked_for() -> None:
    layout = VerifiedAttestation(LayoutSet("{}", ()), "t", ("ci",), KEY, ONE, (), ONE, Storage.FILE)
    evidence = ImageEvidence(IMAGE, attestations=(SIGNED, layout))
    assert evidence.attested(ImageSignature, by=["ci"]) == (SIGNED,)
    assert evidence.attested(ImageSignature, by=["nobody", "other"]) == (SIGNED,)
    assert evidence.attested(ImageSignature, by=["nobody"]) == ()
    assert evidence.attested(ImageSignature, by=[]) == ()


def test_a_rejection_that_claims_no_type_comes_first() -> None:
    one = Rejection(ONE, "c", "m", AttachedKind.BUNDLE, Storage.FILE, ONE)
    typed = replace(one, predicate_type="")
    assert sorted([typed, one], key=lambda rejection: rejection.order) == [one, typed]
    assert one.order[-3:] == (False, "", "")
    assert replace(one, predicate_type="t").order[-3:] == (True, "t", "")


def test_what_is_unread_is_named_with_its_digest_where_it_has_one() -> None:
    unread = Unread(
        storage=Storage.INDEX, subject=ONE, digest=TWO, kind="k", code="c", reason="r", remedy=""
    )
    assert str(unread) == f"k {TWO} (index): r"
    assert str(replace(unread, digest=None)) == "k (index): r"
