"""What runs in a cluster, held against the policy of its door: each object by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from gate.errors import RegistryError
from gate.manifests.load import load_manifests
from gate.model.evidence import Attached, Rejection, Storage, Unread, VerifiedAttestation
from gate.model.image import Digest, ResolvedImage
from gate.model.predicates import Predicate
from gate.model.review import Review, ReviewedImage
from gate.model.revocations import EndedBy, EndedDigest, Revocation, RevocationList
from gate.model.verdict import (
    Action,
    Blocked,
    Cleared,
    Failed,
    Finding,
    Outcome,
    Passed,
    Question,
    Result,
    Severity,
    Undecided,
)
from gate.pipeline import audit as room
from gate.pipeline.audit import audit
from gate.pipeline.release import bind
from gate.registry.attempt import Told
from tests.builders.passes import GATE, POLICY, signed, summary
from tests.builders.reviews import NOW, POD, Registry, Verifier, load

DAY = timedelta(days=1)
DIGEST = Digest("a" * 64)
SHOP, CART = (f"ghcr.io/acme/{name}@{DIGEST}" for name in ("shop", "cart"))
DOOR = f"""\
version: 1
signers: {{ci: {{key: ci.pub}}}}
images:
  - match: ghcr.io/acme/**
    pass: {{by: [ci], verifier: {GATE}, environment: production, policies: ["{POLICY}"],
           max-age: 24h, manifests: exact}}
"""
LIST = "r.example/security/ended:production"
NAMED = f"revocations: {{from: '{LIST}', by: [ci], max-age: 1d}}\n"


def pods(*images: str) -> bytes:
    return "---\n".join(
        POD.replace("NAME", f"p{number}").replace("IMAGE", image)
        for number, image in enumerate(images)
    ).encode()


def digests(*images: str) -> tuple[Digest, ...]:
    """Return what a pass binds of pods with these images."""
    seen = audited(*images, covers=()).images
    release, _ = bind(seen, load_manifests([("m.yaml", pods(*images))]))
    return tuple(one.digest for one in release.objects)


@dataclass(frozen=True)
class Passing(Verifier):
    """Takes what is attached for a pass of the image that covers some objects."""

    covers: tuple[Digest, ...]

    def verify(
        self, attached: Attached, image: ResolvedImage
    ) -> VerifiedAttestation[Predicate] | Rejection:
        del attached
        said = summary(
            resource=f"{image.repository}@{image.digest}",
            verified_at=NOW - 30 * DAY,
            not_after=NOW - 29 * DAY,
            images=(SHOP, CART),
            objects=self.covers,
        )
        return replace(signed(said), subject=image.digest)


def audited(
    *images: str,
    covers: tuple[Digest, ...],
    registry: Registry | None = None,
    policy: str = DOOR,
    revocations: RevocationList | None = None,
) -> Review:
    return audit(
        load_manifests([("m.yaml", pods(*images))]),
        load(policy),
        registry=registry or Registry(),
        verifier=Passing(covers),
        rules=None,
        now=NOW,
        revocations=revocations,
    )


def outcomes(done: Review, check: str = "pass") -> dict[str, Outcome]:
    return {
        r.question.subject: r.outcome for r in done.verdict.results if r.question.check == check
    }


def told(outcome: Outcome) -> list[tuple[str, str]]:
    """Return the code of each finding, and the object that it is about."""
    assert isinstance(outcome, Failed)
    return [(f.code, f.object.name if f.object else "") for f in outcome.findings]


def test_what_was_let_in_by_a_pass_stays_whatever_the_age_of_the_pass() -> None:
    registry = Registry()
    done = audited(SHOP, CART, SHOP, covers=digests(SHOP, CART, SHOP), registry=registry)
    assert isinstance(done.verdict, Cleared)
    assert sorted(registry.asked) == ["ghcr.io/acme/cart", "ghcr.io/acme/shop"]
    assert [str(i) for i in done.verdict.plan.release.images] == [CART, SHOP]
    assert len(done.verdict.plan.release.objects) == 3


def test_an_object_that_no_pass_covers_is_a_finding_beside_others_that_one_covers() -> None:
    first, second, third = digests(SHOP, SHOP, CART)
    done = audited(SHOP, SHOP, CART, covers=(first, third))
    assert isinstance(done.verdict, Blocked)
    assert told(outcomes(done)[SHOP]) == [("pass-manifests-changed", "p1")]
    assert not isinstance(outcomes(done)[CART], Failed)
    assert told(outcomes(audited(SHOP, SHOP, CART, covers=(second, third)))[SHOP]) == [
        ("pass-manifests-changed", "p0")
    ]
    assert told(outcomes(audited(SHOP, SHOP, covers=()))[SHOP]) == [
        ("pass-manifests-changed", "p0"),
        ("pass-manifests-changed", "p1"),
    ]


def test_each_object_is_judged_with_its_own_images_alone() -> None:
    other = f"ghcr.io/acme/other@{DIGEST}"
    done = audited(SHOP, other, covers=digests(SHOP, other))
    assert told(outcomes(done)[other]) == [("pass-incomplete-release", "p1")]
    assert not isinstance(outcomes(done)[SHOP], Failed)


def test_a_name_without_a_digest_blocks_and_is_not_asked_for() -> None:
    registry = Registry()
    done = audited("ghcr.io/acme/shop:1", CART, covers=digests(CART), registry=registry)
    assert registry.asked == ["ghcr.io/acme/cart"]
    assert told(outcomes(done, "reference")["ghcr.io/acme/shop:1"]) == [("digest-required", "p0")]
    assert list(outcomes(done)) == [CART]


def test_a_registry_that_does_not_answer_leaves_every_object_of_its_image_undecided() -> None:
    down = RegistryError("unreachable", "ghcr.io did not answer", remedy="run again")
    registry = Registry(failing={"ghcr.io/acme/shop": down})
    found = outcomes(audited(SHOP, SHOP, CART, covers=digests(CART), registry=registry))
    assert [(str(o.code) if isinstance(o, Undecided) else "") for o in found.values()] == [
        "",
        "unreachable",
    ]


class Partly(Registry):
    """Has lost something that is attached to each image."""

    def attached(
        self, image: ResolvedImage, wanted: frozenset[str] | None = None
    ) -> tuple[Told, ...]:
        lost = Unread(
            storage=Storage.REFERRERS,
            subject=image.digest,
            digest=None,
            kind="a bundle",
            code="missing-blob",
            reason="it was lost",
            remedy="push it again",
        )
        return (*super().attached(image, wanted), lost)


def test_what_is_undecided_of_one_object_is_not_passed_because_another_is_covered() -> None:
    for covered in digests(SHOP, SHOP):
        found = outcomes(audited(SHOP, SHOP, covers=(covered,), registry=Partly()))[SHOP]
        assert isinstance(found, Undecided)
        assert found.code == "missing-blob"
    assert not isinstance(
        outcomes(audited(SHOP, covers=digests(SHOP), registry=Partly()))[SHOP], Undecided
    )


WARNING = Finding(
    rule="pass",
    code="pass-old",
    severity=Severity.LOW,
    message="it ends soon",
    remedy="renew it",
    action=Action.WARN,
)
WARNED = Failed((WARNING,))
BLOCKED = Failed((replace(WARNING, action=Action.BLOCK),))
UNDECIDED = Undecided("timeout", "ghcr.io did not answer", "run again")


@pytest.mark.parametrize(
    ("one", "other", "says"),
    [
        (WARNED, UNDECIDED, UNDECIDED),
        (BLOCKED, UNDECIDED, BLOCKED),
        (WARNED, Passed(), WARNED),
        (UNDECIDED, Passed(), UNDECIDED),
    ],
)
def test_of_two_objects_the_failure_that_blocks_is_told_then_what_is_undecided(
    one: Outcome, other: Outcome, says: Outcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {"p0": one, "p1": other}

    def judged(image: ReviewedImage, *_: object) -> Iterator[Result]:
        yield Result(Question("pass", image.name), said[image.uses[0].object.name])

    monkeypatch.setattr(room, "judge_evidence", judged)
    assert outcomes(audited(SHOP, SHOP, covers=()))[SHOP] == says
    said |= {"p0": other, "p1": one}
    assert outcomes(audited(SHOP, SHOP, covers=()))[SHOP] == says


def test_a_pass_that_the_list_ends_covers_no_object() -> None:
    lines = (Revocation(EndedDigest(EndedBy.IMAGE, DIGEST), "a backdoor", NOW),)
    ended = RevocationList(LIST, 1, NOW, NOW + DAY, lines)
    done = audited(SHOP, covers=digests(SHOP), policy=DOOR + NAMED, revocations=ended)
    assert told(outcomes(done)[SHOP]) == [("pass-revoked", "p0")]


def test_an_audit_that_forgot_the_list_takes_no_pass_for_one_that_goes_on() -> None:
    found = outcomes(audited(SHOP, covers=digests(SHOP), policy=DOOR + NAMED))[SHOP]
    assert isinstance(found, Undecided)
    assert found.code == "not-answered"
    lasting = RevocationList(LIST, 1, NOW, NOW + DAY)
    done = audited(SHOP, covers=digests(SHOP), policy=DOOR + NAMED, revocations=lasting)
    assert isinstance(done.verdict, Cleared)
