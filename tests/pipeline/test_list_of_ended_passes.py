"""The list of ended passes is believed if it is there, signed, of this place, fresh and the newest.

Else it is unknown, with the code of the first thing that is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from gate.errors import RegistryError
from gate.model.evidence import (
    Attached,
    AttachedKind,
    Rejection,
    Storage,
    Unread,
    VerifiedAttestation,
)
from gate.model.image import Digest, ImageReference, ResolvedImage
from gate.model.predicates import ImageSignature, Predicate, Sbom
from gate.model.revocations import RevocationList, Revocations, RevocationsUnknown
from gate.pipeline.revocations import revocations_of, rolled_back, signs, stale
from gate.predicates.revocations import write
from gate.registry.artifact import StoredDocument
from gate.registry.attempt import Told
from gate.registry.repository import Stored
from tests.builders.reviews import NOW, load
from tests.checks.given import OTHER, attested, rejected

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
NAME = "r.example/security/ended:production"
DEPLOY = f"""\
version: 1
signers: {{gate: {{key: gate.pub}}, security: {{key: security.pub}}}}
images:
  - match: ghcr.io/acme/**
    pass: {{by: [gate], verifier: "https://acme.example/gate", environment: production,
           policies: ["sha256:{"1" * 64}"], max-age: 24h, manifests: images}}
revocations: {{from: "{NAME}", by: [security], max-age: 24h}}
"""
PLAIN = """\
version: 1
signers: {gate: {key: gate.pub}, security: {key: security.pub}}
images: [{match: ghcr.io/acme/**, signature: {by: [gate]}}]
"""
SECTION = load(DEPLOY).revocations
assert SECTION is not None
MADE = RevocationList(NAME, 7, NOW - HOUR, NOW + HOUR)
IMAGE = ResolvedImage(ImageReference.parse(NAME), Digest("ab" * 32))
ITEM = Attached(AttachedKind.BUNDLE, b"one", Storage.REFERRERS, IMAGE.digest)
UNREAD = Unread(
    storage=Storage.REFERRERS,
    subject=IMAGE.digest,
    digest=None,
    kind="a bundle",
    code="timeout",
    reason="it took too long",
    remedy="run again",
)
SIGNED = attested(
    ImageSignature(),
    by="security",
    predicate_type="https://sigstore.dev/cosign/sign/v1",
    subject=IMAGE.digest,
)


@dataclass
class Registry:
    """Has one list, or raises what a test wants."""

    content: bytes = write(MADE)
    items: tuple[Told, ...] = (ITEM,)
    breaks: Exception | None = None

    def artifact(self, reference: ImageReference, media_type: str, most: int) -> StoredDocument:
        assert (str(reference), media_type) == (
            NAME,
            "application/vnd.gatepass.revocations.v1+json",
        )
        assert most >= len(self.content)
        if self.breaks:
            raise self.breaks
        return StoredDocument(IMAGE, self.content, Stored(b"{}"))

    def attached(
        self, image: ResolvedImage, wanted: frozenset[str] | None = None
    ) -> Iterable[Told]:
        assert (image, wanted) == (IMAGE, None)
        return self.items


@dataclass
class Verifier:
    """Says the same of all that is attached."""

    says: VerifiedAttestation[Predicate] | Rejection = SIGNED

    def verify(
        self, attached: Attached, image: ResolvedImage
    ) -> VerifiedAttestation[Predicate] | Rejection:
        assert (attached, image) == (ITEM, IMAGE)
        return self.says


@dataclass
class Seen:
    """What was seen before, and what it is told to remember."""

    before: tuple[int, Digest] | None = None
    told: list[tuple[str, int, Digest]] = field(default_factory=list)

    def last(self, name: str) -> tuple[int, Digest] | None:
        assert name == NAME
        return self.before

    def remember(self, name: str, serial: int, digest: Digest) -> None:
        self.told.append((name, serial, digest))


def asked(
    registry: Registry | None = None,
    verifier: Verifier | None = None,
    *,
    policy: str = DEPLOY,
    now: datetime = NOW,
    seen: Seen | None = None,
) -> Revocations | None:
    return revocations_of(
        load(policy), registry or Registry(), verifier or Verifier(), now, seen or Seen()
    )


def unknown(found: Revocations | None) -> RevocationsUnknown:
    assert isinstance(found, RevocationsUnknown), found
    return found


def test_a_list_that_is_signed_and_fresh_is_believed_and_remembered() -> None:
    seen = Seen()
    assert asked(seen=seen) == MADE
    assert seen.told == [(NAME, 7, IMAGE.digest)]


def test_no_list_is_asked_for_where_no_pass_is_demanded_or_no_list_is_named() -> None:
    untouched = Registry(breaks=AssertionError("nobody asks for it"))
    assert asked(untouched, policy=PLAIN) is None
    assert asked(untouched, policy=PLAIN + DEPLOY[DEPLOY.index("revocations:") :]) is None
    assert asked(untouched, policy=DEPLOY[: DEPLOY.index("revocations:")]) is None


def test_one_entry_that_demands_a_pass_among_others_asks_for_the_list() -> None:
    other = "images:\n  - {match: ghcr.io/other/**, signature: {by: [gate]}}\n"
    assert asked(policy=DEPLOY.replace("images:\n", other)) == MADE


@pytest.mark.parametrize(
    ("breaks", "code", "reason"),
    [
        (
            RegistryError("not-found", "mirror.example/x has no tag y", remedy="x"),
            "revocations-absent",
            f"there is no list of ended passes at {NAME}: mirror.example/x has no tag y",
        ),
        (
            RegistryError("unreachable", "it is down", remedy="x"),
            "unreachable",
            "the list of ended passes cannot be read: it is down",
        ),
        (ValueError("x"), "internal-error", "gate broke on this image: ValueError: x"),
    ],
    ids=["absent", "down", "a defect"],
)
def test_a_list_that_cannot_be_had_is_unknown(breaks: Exception, code: str, reason: str) -> None:
    found = unknown(asked(Registry(breaks=breaks)))
    assert (found.code, found.reason) == (code, reason)


def test_a_list_without_a_signature_is_not_verified_and_says_what_was_refused() -> None:
    bare = unknown(asked(Registry(items=())))
    assert bare.code == "revocations-not-verified"
    assert bare.reason == f"the list at {NAME} has no signature by security"
    refused = unknown(asked(verifier=Verifier(rejected("bad-signature"))))
    assert (refused.code, refused.reason) == (bare.code, f"{bare.reason}: the verifier's own words")


def test_a_list_whose_signature_cannot_be_read_has_the_code_of_that() -> None:
    found = unknown(asked(Registry(items=(UNREAD,))))
    assert (found.code, found.remedy) == ("timeout", "run again")
    assert found.reason.startswith("a signature of the list of ended passes cannot be read: ")


def test_one_signature_that_counts_is_enough_beside_one_that_cannot_be_read() -> None:
    assert asked(Registry(items=(UNREAD, ITEM))) == MADE


@pytest.mark.parametrize(
    ("one", "counts"),
    [
        (SIGNED, True),
        (replace(SIGNED, signers=("gate", "security")), True),
        (replace(SIGNED, signers=("gate",)), False),
        (replace(SIGNED, subject=OTHER), False),
        (attested(Sbom("cyclonedx", "1.5", 1), by="security", subject=IMAGE.digest), False),
        (rejected("bad-signature"), False),
    ],
    ids=["by one", "by two names", "another signer", "another digest", "an SBOM", "rejected"],
)
def test_a_signature_of_the_list_counts_if_it_is_of_its_digest_and_by_one_of_by(
    one: VerifiedAttestation[Predicate] | Rejection,
    counts: bool,  # noqa: FBT001  # the answer itself
) -> None:
    assert signs(one, IMAGE.digest, ("security",)) is counts
    assert isinstance(asked(verifier=Verifier(one)), RevocationList) is counts


def test_bytes_that_are_no_list_are_malformed() -> None:
    assert unknown(asked(Registry(b"{}"))).code == "revocations-malformed"


def test_a_list_that_was_made_for_another_place_is_refused() -> None:
    staging = replace(MADE, name="r.example/security/ended:staging")
    found = unknown(asked(Registry(write(staging))))
    assert found.code == "revocations-of-another"
    assert found.reason == f"the list at {NAME} was made for {staging.name}"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"issued": NOW + 5 * 60 * SECOND}, None),
        ({"issued": NOW + 301 * SECOND}, "revocations-from-the-future"),
        ({"expires": NOW}, None),
        ({"expires": NOW - SECOND}, "revocations-stale"),
        ({"issued": NOW - 24 * HOUR}, None),
        ({"issued": NOW - 24 * HOUR - SECOND}, "revocations-stale"),
    ],
)
def test_a_list_holds_to_the_second_of_its_ends(
    changed: dict[str, datetime], code: str | None
) -> None:
    assert SECTION is not None
    made = replace(MADE, **{"expires": NOW + HOUR, **changed})  # type: ignore[arg-type]  # dates
    found = stale(made, SECTION, NOW)
    assert (None if found is None else found.code) == code
    full = asked(Registry(write(made)))
    assert (full.code if isinstance(full, RevocationsUnknown) else None) == code


def test_a_list_that_expired_says_so_and_one_that_is_too_old_names_the_policys_bound() -> None:
    assert SECTION is not None
    ended = unknown(stale(replace(MADE, expires=NOW - SECOND), SECTION, NOW))
    assert ended.reason == "the list of ended passes expired at 2026-11-21T11:59:59Z"
    old = unknown(stale(replace(MADE, issued=NOW - 25 * HOUR), SECTION, NOW))
    assert old.reason.endswith("and the policy takes one of at most 1d")


@pytest.mark.parametrize(
    ("before", "problem"),
    [
        (None, None),
        ((7, IMAGE.digest), None),
        ((6, OTHER), None),
        ((6, IMAGE.digest), None),
        ((7, OTHER), f"two lists have the serial 7: {IMAGE.digest}, and {OTHER}, which was seen"),
        ((8, OTHER), "the list has the serial 7, and one with 8 was seen here"),
        ((8, IMAGE.digest), "the list has the serial 7, and one with 8 was seen here"),
    ],
)
def test_a_list_is_remembered_unless_a_newer_one_or_its_twin_was_seen(
    before: tuple[int, Digest] | None, problem: str | None
) -> None:
    seen = Seen(before)
    found = rolled_back(MADE, IMAGE.digest, seen)
    if problem is None:
        assert (found, seen.told) == (None, [(NAME, 7, IMAGE.digest)])
    else:
        assert (unknown(found).code, seen.told) == ("revocations-rolled-back", [])
        assert problem in unknown(found).reason


def test_a_stale_list_is_never_remembered() -> None:
    seen = Seen()
    old = replace(MADE, expires=NOW - SECOND)
    assert unknown(asked(Registry(write(old)), seen=seen)).code == "revocations-stale"
    assert seen.told == []


def test_a_list_that_was_put_back_is_unknown_to_the_run() -> None:
    assert unknown(asked(seen=Seen((8, OTHER)))).code == "revocations-rolled-back"
