"""A verdict about an image, under the name that it has after a promotion."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gate.errors import UsageError
from gate.model.evidence import ImageEvidence
from gate.model.image import Digest, ImageReference
from gate.model.verdict import Cleared
from gate.pipeline.moved import demand_covered, moved
from tests.builders.reviews import OTHER, POLICY, SHOP, judge, load

HELD = Digest.of(b"ghcr.io/acme/shop")
TO = ImageReference.parse(f"ghcr.io/acme/prod/shop:1@{HELD}")


def test_the_answers_about_an_image_are_those_of_its_digest_under_another_name() -> None:
    before = judge(names=(SHOP,))
    after = moved(before, TO)
    assert isinstance(after.verdict, Cleared)
    (image,) = after.images
    assert isinstance(image.evidence, ImageEvidence)
    assert (image.name, image.reference, image.evidence.image.reference) == (str(TO), TO, TO)
    plan = after.verdict.plan
    assert [str(i) for i in plan.release.images] == [f"ghcr.io/acme/prod/shop@{HELD}"]
    assert plan.images == (image.evidence.image,)
    assert plan.questions == tuple(sorted(plan.questions))
    told = {(r.question.check, r.question.subject, r.outcome) for r in after.verdict.results}
    assert told == {(r.question.check, str(TO), r.outcome) for r in before.verdict.results}


def test_an_answer_about_the_run_itself_keeps_its_subject() -> None:
    waiver = """\
waivers:
  - check: signature
    finding: signature-absent
    image: ghcr.io/acme/other@DIGEST
    owner: a
    reason: b
    expires: 2026-12-01
""".replace("DIGEST", str(HELD))
    after = moved(judge(names=(SHOP,), policy=POLICY + waiver), TO)
    subjects = {r.question.check: r.question.subject for r in after.verdict.results}
    assert subjects == {
        "images": str(TO),
        "registry": str(TO),
        "signature": str(TO),
        "waivers": "policy",
    }


def test_only_a_review_of_this_one_image_with_evidence_is_moved() -> None:
    other = ImageReference.parse(f"ghcr.io/acme/shop:1@{Digest('5' * 64)}")
    done = judge(names=(SHOP,))
    bare = replace(done, images=(replace(done.images[0], evidence=None),))
    for review, to in ((done, other), (bare, TO)):
        with pytest.raises(ValueError, match="not a review of this image"):
            moved(review, to)
    with pytest.raises(ValueError, match="unpack"):
        moved(judge(names=(SHOP, OTHER)), TO)


@pytest.mark.parametrize(
    ("policy", "name", "said"),
    [
        (POLICY, "ghcr.io/acme/shop:1", None),
        (POLICY, "quay.io/acme/shop:1", "does not allow the registry of quay.io/acme/shop"),
        (POLICY.replace("acme/**", "acme/x/**"), "ghcr.io/acme/shop:1", "has no entry for ghcr.io"),
        (POLICY.replace("ghcr.io/acme/**", '"**"'), "quay.io/x/y:1", "does not allow the registry"),
        (POLICY.replace("registries", "#"), "ghcr.io/acme/shop:1", None),
        (POLICY.replace("registries", "#"), "quay.io/acme/shop:1", "has no entry for quay.io"),
    ],
)
def test_a_destination_that_the_policy_would_not_take_an_image_from_is_refused(
    policy: str, name: str, said: str | None
) -> None:
    to = ImageReference.parse(name)
    if said is None:
        demand_covered(load(policy), to)
        return
    with pytest.raises(UsageError) as refused:
        demand_covered(load(policy), to)
    assert refused.value.code == "promote-not-covered"
    assert f"the policy {said}" in str(refused.value)
