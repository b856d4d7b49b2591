"""Whether a pass opens this deployment. Each case that must not, and its reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from gate.checks.verdict_pass import CHECK
from gate.live.shape import declare
from gate.model.image import Digest
from gate.model.predicates import VerificationSummary
from gate.model.release import ReleaseImage, release_of
from gate.model.verdict import Failed, Passed
from gate.predicates.verification_summary import TYPES, release_resource
from tests.builders.passes import (
    DAY,
    DEPLOYMENT,
    ELSEWHERE,
    GATE,
    HERE,
    HOUR,
    NAME,
    OBJECT,
    POLICY,
    RELEASE,
    deployed,
    params,
    refused,
    signed,
    stored,
    summary,
)
from tests.checks.given import AMD64, INDEX, NOW, OTHER, codes, image, rejected


def test_r300_a_pass_for_exactly_this_release_opens_it() -> None:
    given = signed(summary())
    assert CHECK.run(deployed(given), params(), NOW) == Passed((given,), until=NOW + HOUR)


def test_it_tells_how_old_the_pass_is_and_the_first_moment_that_ends_it() -> None:
    outcome = CHECK.run(deployed(signed(summary())), params(), NOW)
    assert isinstance(outcome, Passed)
    assert [(a.of, a.until) for a in outcome.ages] == [("pass", NOW + HOUR)]


def test_r301_a_pass_that_does_not_verify_is_none() -> None:
    evidence = deployed()
    broken = replace(rejected("signature-invalid"), predicate_type=TYPES[0])
    outcome = CHECK.run(replace(evidence, rejections=(broken,)), params(), NOW)
    assert codes(outcome) == ["pass-not-verified"]


def test_r121_no_pass_at_all_is_absent() -> None:
    assert codes(CHECK.run(deployed(), params(), NOW)) == ["pass-absent"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        pytest.param({"resource": f"{NAME}@{OTHER}"}, "pass-wrong-resource", id="R302"),
        pytest.param({"environment": "staging"}, "pass-wrong-environment", id="R303"),
        pytest.param({"environment": None}, "pass-wrong-environment", id="R303-missing"),
        pytest.param({"environment": "*"}, "pass-wrong-environment", id="R303-star"),
        pytest.param({"not_after": NOW - HOUR}, "pass-expired", id="R305"),
        pytest.param({"not_after": None}, "pass-endless", id="R305-missing"),
        pytest.param({"verified_at": NOW + HOUR}, "pass-from-the-future", id="R306"),
        pytest.param({"verified_at": NOW - 2 * DAY}, "pass-too-old", id="R305-age"),
        pytest.param({"policy": Digest("9" * 64)}, "pass-wrong-policy", id="R307"),
        pytest.param({"policy": None}, "pass-wrong-policy", id="R307-missing"),
        pytest.param({"result": "FAILED"}, "pass-not-passed", id="R308"),
        pytest.param({"result": "passed"}, "pass-not-passed", id="R308-case"),
        pytest.param({"result": "PASSED "}, "pass-not-passed", id="R308-space"),
        pytest.param({"verifier": "https://other/gate"}, "pass-wrong-verifier", id="R310"),
        pytest.param({"images": ()}, "pass-incomplete-release", id="R312"),
        pytest.param({"objects": ()}, "pass-manifests-changed", id="R315"),
        pytest.param({"objects": None}, "pass-manifests-unbound", id="R315-unbound"),
        pytest.param({"waivers_expire": NOW - HOUR}, "pass-waiver-expired", id="R317"),
        pytest.param({"evidence_until": NOW - HOUR}, "pass-evidence-expired", id="R318"),
        pytest.param({"unsettled": ("sbom",)}, "pass-check-not-passed", id="R320"),
        pytest.param({"unsigned": True}, "pass-dry-run", id="dry-run"),
    ],
)
def test_a_pass_with_one_thing_wrong_is_refused_for_that(
    changed: dict[str, Any], code: str
) -> None:
    assert refused(summary(**changed)) == [code]


def test_r309_r311_a_pass_signed_by_who_signed_the_evidence_is_refused() -> None:
    said = summary(evidence_identities=("https://example.com/ci (issuer https://issuer)",))
    assert refused(said) == ["pass-same-signer"]
    assert refused(said, same_signer="accepted") == []


def test_r306_a_pass_signed_at_another_time_than_it_says_is_refused() -> None:
    late = signed(summary(), at=NOW - HOUR + timedelta(minutes=6))
    assert codes(CHECK.run(deployed(late), params(), NOW)) == ["pass-time-differs"]
    near = signed(summary(), at=NOW - HOUR + timedelta(minutes=4))
    assert CHECK.run(deployed(near), params(), NOW) == Passed((near,), until=NOW + HOUR)


def test_r312_a_release_of_two_images_needs_one_pass_that_lists_both() -> None:
    both = release_of([HERE, ELSEWHERE], [OBJECT])
    alone = signed(summary())
    other = signed(summary(images=(str(ELSEWHERE),)))
    outcome = CHECK.run(deployed(alone, other, release=both), params(), NOW)
    assert codes(outcome) == ["pass-incomplete-release"]
    whole = signed(summary(images=(str(HERE), str(ELSEWHERE))))
    assert CHECK.run(deployed(whole, release=both), params(), NOW) == Passed(
        (whole,), until=NOW + HOUR
    )


def test_r313_a_platform_that_the_index_lists_may_be_what_the_pass_is_about() -> None:
    given = signed(summary(resource=f"{NAME}@{AMD64}"))
    index = replace(image(given, platforms=True), release=RELEASE)
    assert CHECK.run(index, params(), NOW) == Passed((given,), until=NOW + HOUR)


def whole(*images: ReleaseImage, **changed: Any) -> VerificationSummary:  # noqa: ANN401  # as above
    """Return a summary of a release of these images."""
    digest = release_of(images, [OBJECT]).digest
    said = {"resource": release_resource(GATE, digest), "release": digest}
    return summary(images=tuple(map(str, images)), **(said | changed))


def test_a_summary_of_the_release_opens_each_image_that_it_lists() -> None:
    given = signed(whole(HERE, ELSEWHERE))
    assert CHECK.run(deployed(given), params(), NOW) == Passed((given,), until=NOW + HOUR)
    both = release_of([HERE, ELSEWHERE], [OBJECT])
    assert CHECK.run(deployed(given, release=both), params(), NOW) == Passed(
        (given,), until=NOW + HOUR
    )


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(whole(ELSEWHERE), id="the image is not in it"),
        pytest.param(whole(ReleaseImage("ghcr.io/acme/copy", INDEX)), id="another repository"),
        pytest.param(whole(HERE, release=Digest("8" * 64)), id="another release"),
        pytest.param(whole(HERE, release=None), id="no release"),
        pytest.param(
            whole(HERE, release=None, resource=f"{GATE}/release@None"), id="a release of no name"
        ),
    ],
)
def test_r302_a_summary_of_a_release_without_the_image_is_refused(
    said: VerificationSummary,
) -> None:
    assert refused(said) == ["pass-wrong-resource"]


def test_r312_two_summaries_of_parts_of_a_release_are_never_joined() -> None:
    parts = (signed(whole(HERE)), signed(whole(ELSEWHERE)))
    both = release_of([HERE, ELSEWHERE], [OBJECT])
    outcome = CHECK.run(deployed(*parts, release=both), params(), NOW)
    assert codes(outcome) == ["pass-incomplete-release"]


def test_r305_the_stricter_of_the_pass_and_the_policy_decides() -> None:
    long = summary(not_after=NOW + 300 * DAY, evidence_until=NOW + 300 * DAY)
    assert refused(long, max_age="30m") == ["pass-too-old"]
    assert refused(summary(not_after=NOW - timedelta(seconds=1)), max_age="90d") == ["pass-expired"]


@pytest.mark.parametrize(
    ("changed", "end"),
    [
        ({}, NOW + 3 * HOUR),
        ({"not_after": NOW + 2 * HOUR}, NOW + 2 * HOUR),
        ({"waivers_expire": NOW + HOUR}, NOW + HOUR),
        ({"evidence_until": NOW}, NOW),
    ],
)
def test_what_rests_on_a_pass_holds_until_that_pass_does_not(
    changed: dict[str, Any], end: datetime
) -> None:
    given = signed(summary(**{"not_after": NOW + 9 * HOUR, **changed}))
    outcome = CHECK.run(deployed(given), params(max_age="4h"), NOW)
    assert isinstance(outcome, Passed)
    assert outcome.until == end


@pytest.mark.parametrize(("verified", "signed_at"), [(61, 58), (58, 61)])
def test_a_pass_is_as_old_as_the_older_of_its_own_time_and_its_signature(
    verified: int, signed_at: int
) -> None:
    minutes = [NOW - timedelta(minutes=n) for n in (verified, signed_at)]
    given = signed(summary(verified_at=minutes[0]), at=minutes[1])
    for max_age, code in (("60m", ["pass-too-old"]), ("61m", None)):
        outcome = CHECK.run(deployed(given), params(max_age=max_age), NOW)
        assert (None if isinstance(outcome, Passed) else codes(outcome)) == code


def test_r315_one_object_changed_is_named() -> None:
    outcome = CHECK.run(
        deployed(
            signed(summary()),
            release=release_of([HERE], [replace(OBJECT, digest=Digest("3" * 64))]),
        ),
        params(),
        NOW,
    )
    assert isinstance(outcome, Failed)
    assert outcome.findings[0].message == (
        "shop/Deployment/web is not as it was when the pass was given"
    )


def test_manifests_do_not_matter_where_the_policy_asks_for_images_alone() -> None:
    assert refused(summary(objects=None), manifests="images") == []


def test_of_two_passes_one_in_order_is_enough() -> None:
    good, bad = signed(summary()), signed(summary(environment="staging"))
    assert CHECK.run(deployed(bad, good), params(), NOW) == Passed((good,), until=NOW + HOUR)
    assert CHECK.run(deployed(good, bad), params(), NOW) == Passed((good,), until=NOW + HOUR)


@pytest.mark.parametrize("age", [timedelta(), HOUR, 23 * HOUR, 24 * HOUR])
def test_r098_more_age_never_helps(age: timedelta) -> None:
    said = summary(verified_at=NOW - age, not_after=NOW + DAY)
    assert refused(said) == []
    assert refused(replace(said, verified_at=NOW - age - DAY - HOUR)) == ["pass-too-old"]


@pytest.mark.parametrize(
    "wrong",
    [{"policies": []}, {"policies": ["sha256:x"]}, {"environment": ""}, {"environment": "*"},
     {"verifier": ""}, {"max_age": "0d"}, {"manifests": "some"}, {"by": []}, {"by": ["nobody"]},
     {"same_signer": True}],
)  # fmt: skip
def test_r303_a_demand_that_demands_nothing_is_refused_at_load(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="."):
        params(**wrong)


def test_r199_a_consumer_may_refuse_a_pass_that_rests_on_waivers() -> None:
    waived = summary(waivers_expire=NOW + DAY)
    assert refused(waived) == []
    assert refused(waived, waivers="refused") == ["pass-rests-on-waivers"]
    assert refused(summary(), waivers="refused") == []


def test_r096_a_pass_under_a_policy_that_is_no_longer_accepted_is_refused() -> None:
    newer = str(Digest("3" * 64))
    assert refused(summary(), policies=[str(POLICY), newer]) == []
    assert refused(summary(), policies=[newer]) == ["pass-wrong-policy"]


@pytest.mark.parametrize(
    ("changed", "remedy"),
    [
        ({"environment": "staging"}, "run `gate check` with the policy whose pass is for 'prod"),
        ({"verifier": "https://o"}, "run `gate check` with the policy whose verifier is 'https:"),
        ({"verified_at": NOW + HOUR}, "set the clock that is wrong; `gate doctor` compares"),
        ({"objects": None}, "add a section to the policy of `gate check`, such as `manifests: "),
    ],
)
def test_where_running_again_mends_nothing_the_policy_to_mend_is_named(
    changed: dict[str, Any], remedy: str
) -> None:
    outcome = CHECK.run(deployed(signed(summary(**changed))), params(), NOW)
    assert isinstance(outcome, Failed)
    assert [f.remedy[: len(remedy)] for f in outcome.findings] == [remedy]


def stored_messages(live: dict[str, Any], said: VerificationSummary) -> list[str]:
    outcome = CHECK.run(deployed(signed(said), release=stored(live)), params(), NOW)
    return [f.message for f in outcome.findings] if isinstance(outcome, Failed) else []


def declaring(*names: str) -> VerificationSummary:
    return summary(
        declared=tuple(declare(name, OBJECT.digest, DEPLOYMENT) for name in names),
        object_names=((OBJECT.digest, "shop/Deployment/web"),),
    )


def test_an_object_as_a_cluster_stores_it_is_opened_by_what_was_declared_of_it() -> None:
    live = {**DEPLOYMENT, "spec": {"replicas": 2, "revisionHistoryLimit": 10}, "status": {}}
    assert stored_messages(live, declaring("shop/Deployment/web")) == []


def test_a_field_that_differs_in_a_cluster_is_named_with_how_many_more() -> None:
    live = {**DEPLOYMENT, "spec": {"replicas": 3, "paused": True, "minReadySeconds": 5}}
    message = (
        "shop/Deployment/web is not as it was when the pass was given: spec.replicas is not as "
        "declared: 2 was declared, and it is 3 (2 more differ)"
    )
    assert stored_messages(live, declaring("shop/Deployment/web")) == [message]


def test_one_field_that_differs_alone_is_named_alone() -> None:
    message = (
        "shop/Deployment/web is not as it was when the pass was given: spec.replicas is not as "
        "declared: 2 was declared, and it is 3"
    )
    live = {**DEPLOYMENT, "spec": {"replicas": 3}}
    assert stored_messages(live, declaring("shop/Deployment/web")) == [message]


def test_an_object_cannot_be_compared_with_a_pass_that_tells_no_field_and_no_name() -> None:
    outcome = CHECK.run(deployed(signed(summary()), release=stored(DEPLOYMENT)), params(), NOW)
    assert codes(outcome) == ["pass-object-not-comparable"]


def test_an_object_that_no_manifest_declared_is_not_covered() -> None:
    other = {**DEPLOYMENT, "metadata": {"name": "miner", "namespace": "shop"}}
    assert stored_messages(other, declaring("shop/Deployment/web")) == [
        "the pass covers no object shop/Deployment/miner"
    ]


def test_an_object_that_the_pass_lists_without_its_fields_cannot_be_compared() -> None:
    message = (
        "the pass does not tell which fields shop/Deployment/web declares: the object is too "
        "large, or another version of gate signed the pass"
    )
    assert stored_messages(DEPLOYMENT, declaring("shop/Deployment/other")) == [message]
    assert stored_messages(DEPLOYMENT, declaring()) == [message]


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"verified_at": NOW - 40 * DAY, "not_after": NOW - 39 * DAY},
        {"waivers_expire": NOW - HOUR},
        {"evidence_until": NOW - HOUR},
    ],
    ids=["none has passed", "age", "waiver", "evidence"],
)
def test_an_image_that_a_controller_runs_again_needs_a_pass_past_whichever_end(
    changed: dict[str, Any],
) -> None:
    given = signed(summary(**changed))
    again = replace(deployed(given), again=True)
    assert CHECK.run(again, params(), NOW) == Passed((given,))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"verified_at": NOW + HOUR}, "pass-from-the-future"),
        ({"not_after": None}, "pass-endless"),
        ({"environment": "staging"}, "pass-wrong-environment"),
    ],
)
def test_an_image_that_runs_again_needs_a_pass_that_is_in_order_but_for_its_age(
    changed: dict[str, Any], code: str
) -> None:
    again = replace(deployed(signed(summary(**changed))), again=True)
    assert codes(CHECK.run(again, params(), NOW)) == [code]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            {"environment": None},
            "the pass is for the environment '', and 'production' is demanded",
        ),
        (
            {"policy": None},
            (
                "the pass was given under the policy (none named), which this deployment does not "
                "accept"
            ),
        ),
    ],
)
def test_a_pass_that_leaves_a_field_out_is_told_so(changed: dict[str, Any], message: str) -> None:
    outcome = CHECK.run(deployed(signed(summary(**changed))), params(), NOW)
    assert isinstance(outcome, Failed)
    assert [finding.message for finding in outcome.findings] == [message]


@pytest.mark.parametrize("field", ["not_after", "waivers_expire", "evidence_until"])
def test_a_pass_opens_at_the_moment_of_each_end_and_not_after_it(field: str) -> None:
    assert refused(summary(**{"not_after": NOW + HOUR, field: NOW})) == []
    assert (
        len(refused(summary(**{"not_after": NOW + HOUR, field: NOW - timedelta(seconds=1)}))) == 1
    )


@pytest.mark.parametrize(
    ("signed_at", "found"),
    [
        (timedelta(minutes=5), []),
        (timedelta(minutes=5, seconds=1), ["pass-time-differs"]),
        (timedelta(minutes=-5), []),
        (timedelta(minutes=-5, seconds=-1), ["pass-time-differs"]),
    ],
)
def test_five_minutes_may_lie_between_a_pass_and_its_signature(
    signed_at: timedelta, found: list[str]
) -> None:
    given = signed(summary(), at=NOW - HOUR + signed_at)
    outcome = CHECK.run(deployed(given), params(), NOW)
    assert ([] if isinstance(outcome, Passed) else codes(outcome)) == found


def test_a_pass_that_was_signed_in_the_future_is_refused_though_its_own_time_is_near() -> None:
    near, ahead = NOW + timedelta(minutes=3), NOW + timedelta(minutes=6)
    given = signed(summary(verified_at=near, not_after=NOW + HOUR), at=ahead)
    assert codes(CHECK.run(deployed(given), params(), NOW)) == ["pass-from-the-future"]
    given = signed(summary(verified_at=near, not_after=NOW + HOUR), at=near)
    assert isinstance(CHECK.run(deployed(given), params(), NOW), Passed)
