"""A verdict about an image, under the name that it has after a promotion."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gate.errors import UsageError
from gate.model.evidence import ImageEvidence
from gate.model.image import Digest, ImageReference
from gate.model.verdict import Cleared
from gate.pipeline.moved import demand_alike, demand_covered, demand_waived, moved
from tests.builders.reviews import OTHER, POLICY, SHOP, Registry, judge, load

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


MILD = """\
  - match: ghcr.io/other/**
    digest: required
"""
ANY = POLICY.replace("registries", "#") + MILD


@pytest.mark.parametrize(
    ("here", "to", "refused"),
    [
        ("ghcr.io/acme/shop:1", "ghcr.io/acme/production:1", False),
        ("ghcr.io/other/shop:1", "ghcr.io/acme/production:1", True),
        ("ghcr.io/acme/shop:1", "ghcr.io/other/shop:1", True),
        ("ghcr.io/acme/shop:1", "quay.io/acme/shop:1", False),  # is told as not covered
        ("quay.io/acme/shop:1", "ghcr.io/acme/shop:1", False),  # was blocked for that
    ],
)
def test_a_place_of_which_the_policy_asks_something_else_gets_no_pass(
    here: str, to: str, *, refused: bool
) -> None:
    def call() -> None:
        demand_alike(load(ANY), ImageReference.parse(here), ImageReference.parse(to))

    if not refused:
        call()
        return
    with pytest.raises(UsageError) as error:
        call()
    assert error.value.code == "promote-other-demands"


def test_two_entries_that_ask_the_same_are_alike() -> None:
    policy = (
        POLICY.replace("acme/**", "acme/shop") + "  - {match: quay.io/**, signature: {by: [ci]}}\n"
    )
    demand_alike(load(policy), ImageReference.parse(SHOP), ImageReference.parse("quay.io/a/b:1"))


WAIVER = """\
  - check: signature
    finding: signature-absent
    image: ghcr.io/acme/NAME@DIGEST
    owner: a
    reason: b
    expires: DAY
"""


@pytest.mark.parametrize(
    ("name", "day", "refused"),
    [
        ("prod/shop", "2026-12-01", False),
        ("prod/shop", "2026-12-02", False),
        ("prod/shop", "2026-11-30", True),
        ("prod/other", "2026-12-01", True),
        (None, "", True),
    ],
)
def test_a_waiver_of_the_place_that_an_image_comes_from_is_none_for_where_it_goes(
    name: str | None, day: str, *, refused: bool
) -> None:
    waivers = "waivers:\n" + WAIVER.replace("NAME", "shop").replace("DAY", "2026-12-01")
    if name is not None:
        waivers += WAIVER.replace("NAME", name).replace("DAY", day)
    policy = POLICY + waivers.replace("DIGEST", str(HELD))
    done = judge(
        names=(SHOP,), policy=policy, registry=Registry(unsigned=frozenset({"ghcr.io/acme/shop"}))
    )
    assert isinstance(done.verdict, Cleared)
    if not refused:
        demand_waived(done, load(policy), TO)
        return
    with pytest.raises(UsageError) as error:
        demand_waived(done, load(policy), TO)
    assert error.value.code == "promote-not-waived"
