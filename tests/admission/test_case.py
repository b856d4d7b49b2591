"""What a request makes gate ask of its images, and what becomes of the answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pytest

from gate.admission.changes import CONTROLLERS
from gate.admission.decision import Allowed, CouldNotTell, Denied, Objection
from gate.admission.judge import Case, ImageAnswer, ImageQuestion, open_case
from gate.admission.request import read_review
from gate.lint.settings import lint_settings
from gate.model.verdict import Action, Failed, Finding, Outcome, Passed, Severity, Undecided
from tests.builders.admission import NOW, POLICY, Shelf, encoded, pinned, pod, request

SHOP, WORKER, OTHER = map(pinned, ("shop", "worker", "other"))
SYSTEM: Final = SHOP.replace("/acme/", "/system/")
TAG: Final = "registry.example/acme/shop:1"
EXACT: Final = POLICY.replace("manifests: images", "manifests: exact")
UNKNOWN: Final = Undecided("timeout", "no answer", "try again")


def opened(value: dict[str, Any], text: str = POLICY) -> Case:
    policy = Shelf().policy(text)
    found = open_case(
        read_review(encoded(request(value))),
        policy,
        rules=lint_settings(policy.manifests) if policy.manifests else None,
        now=NOW,
        controllers=CONTROLLERS,
    )
    assert isinstance(found, Case)
    return found


def asked(case: Case) -> list[str]:
    return [question.pinned for _, question in case.questions]


def finding(
    code: str = "pass-absent",
    action: Action = Action.BLOCK,
    severity: Severity = Severity.HIGH,
    **more: Any,  # noqa: ANN401  # other fields
) -> Finding:
    return Finding(
        rule="pass",
        code=code,
        severity=severity,
        message=f"{code} it is",
        remedy="mend it",
        action=action,
        **more,
    )


def answers(case: Case, outcome: Outcome) -> Mapping[ImageQuestion, ImageAnswer]:
    return {question: ImageAnswer({"pass": outcome}) for _, question in case.questions}


BLOCKS, WARNS = Failed((finding(),)), Failed((finding(action=Action.WARN),))


@pytest.mark.parametrize(
    ("outcomes", "blocks", "unknown"),
    [
        ([], True, True),
        ([Passed()], False, False),
        ([WARNS], False, False),
        ([UNKNOWN], True, True),
        ([Passed(), UNKNOWN], True, True),
        ([WARNS, UNKNOWN], True, True),
        ([BLOCKS], True, False),
        ([Passed(), BLOCKS], True, False),
        ([Failed((finding(action=Action.WARN), finding()))], True, False),
        ([BLOCKS, UNKNOWN], True, False),
    ],
)
def test_an_answer_blocks_where_a_check_fails_or_is_unknown(
    outcomes: list[Outcome],
    blocks: bool,  # noqa: FBT001  # what is said
    unknown: bool,  # noqa: FBT001  # what is said
) -> None:
    answer = ImageAnswer({str(n): one for n, one in enumerate(outcomes)})
    assert (answer.blocks, answer.is_unknown) == (blocks, unknown)


def test_an_image_without_an_answer_is_never_let_in() -> None:
    case = opened(pod(SHOP, WORKER))
    assert asked(case) == [SHOP, WORKER]
    fine = answers(case, Passed())
    for given in ({}, dict([*fine.items()][:1]), dict([*fine.items()][1:])):
        decision = case.close(given)
        assert isinstance(decision, CouldNotTell)
        assert [one.code for one in decision.reasons] == ["not-answered"]
    assert case.close(fine) == Allowed(images=(SHOP, WORKER))


def test_an_answer_without_outcomes_is_never_let_in() -> None:
    case = opened(pod(SHOP))
    decision = case.close({question: ImageAnswer({}) for _, question in case.questions})
    assert isinstance(decision, CouldNotTell)
    assert [one.code for one in decision.reasons] == ["not-answered"]


def test_what_fails_is_told_before_what_is_unknown_and_the_gravest_first() -> None:
    case = opened(pod(SHOP, WORKER))
    low, high = finding("low", severity=Severity.LOW), finding("high")
    incomplete, absent = finding("pass-incomplete-release"), finding("pass-absent")
    warned = finding("warned", Action.WARN)
    shop, worker = (question for _, question in case.questions)
    given = {
        shop: ImageAnswer({"pass": Failed((low, incomplete, absent, high, warned))}),
        worker: ImageAnswer({"pass": UNKNOWN}),
    }
    decision = case.close(given)
    assert isinstance(decision, Denied)
    assert [one.code for one in decision.reasons] == [
        *("pass-absent", "high", "pass-incomplete-release", "low"),
        "timeout",
    ]
    assert [one.code for one in decision.warnings] == ["warned"]
    assert decision.images == (SHOP, WORKER)


def test_what_only_warns_lets_in_and_is_told() -> None:
    case = opened(pod(SHOP))
    warning = Objection("pass-absent", "pass-absent it is", "mend it", "", "container c0")
    assert case.close(answers(case, WARNS)) == Allowed(images=(SHOP,), warnings=(warning,))


def test_what_is_unknown_names_its_image() -> None:
    case = opened(pod(SHOP))
    assert case.close(answers(case, UNKNOWN)) == CouldNotTell(
        reasons=(Objection("timeout", "no answer", "try again", SHOP),), images=(SHOP,)
    )


@pytest.mark.parametrize(
    ("said", "image", "place"),
    [
        ({}, "", ""),
        ({"image": SHOP}, SHOP, ""),
        ({"field": "spec.x"}, "", "spec.x"),
        ({"field": "spec.x", "container": "web"}, "", "container web"),
    ],
)
def test_an_objection_names_the_image_and_the_container_or_else_the_field(
    said: dict[str, Any], image: str, place: str
) -> None:
    wanted = Objection("pass-absent", "pass-absent it is", "mend it", image, place)
    assert Objection.of(finding(**said)) == wanted


def test_a_waiver_that_excuses_nothing_here_is_nothing_to_warn_of() -> None:
    waiver = (
        "waivers: [{check: signature, finding: signature-absent, owner: a, reason: b, "
        f"image: '{SYSTEM}', expires: 2026-12-01}}]\n"
    )
    case = opened(pod(SHOP), POLICY + waiver)
    assert case.close(answers(case, Passed())) == Allowed(images=(SHOP,))


@pytest.mark.parametrize(
    "image",
    [TAG, SHOP.replace("registry.example", "evil.example"), "auto"],
    ids=["a tag", "an image that no entry matches", "no image"],
)
def test_nobody_is_asked_for_what_its_name_alone_refuses(image: str) -> None:
    case = opened(pod(SHOP, image))
    assert asked(case) == [SHOP]
    assert isinstance(case.close(answers(case, Passed())), Denied)


def test_a_pass_must_list_the_images_beside_it_but_those_that_need_none() -> None:
    case = opened(pod(SHOP, SYSTEM, WORKER))
    assert sorted(asked(case)) == sorted([SHOP, SYSTEM, WORKER])
    for _, question in case.questions:
        assert [str(one) for one in question.covered.images] == [SHOP, WORKER]


TWO: Final = POLICY.replace(
    "  - match: registry.example/**\n",
    "  - match: registry.example/acme/shop\n"
    + EXACT.partition("registry.example/**\n")[2]
    + "  - match: registry.example/**\n",
)
"""The passes of one repository must cover manifests too, those of others the images alone."""


@pytest.mark.parametrize(
    ("text", "images", "held"),
    [
        (POLICY, [SHOP], False),
        (EXACT, [SHOP], True),
        (EXACT, [SYSTEM], False),
        (TWO, [SHOP, WORKER], True),
        (TWO, [WORKER, SHOP], True),
        (TWO, [WORKER], False),
    ],
)
def test_the_object_is_a_part_of_what_is_asked_where_one_pass_must_cover_manifests(
    text: str,
    images: list[str],
    held: bool,  # noqa: FBT001  # what is said
) -> None:
    for _, question in opened(pod(*images), text).questions:
        assert [one.name for one in question.covered.objects] == ["shop/Pod/web"] * held


def test_an_object_with_an_image_that_is_not_pinned_is_covered_by_nothing() -> None:
    ((_, question),) = opened(pod(SHOP, TAG), EXACT).questions
    assert question.covered.objects == ()


def test_the_kinds_that_the_policy_names_as_patches_need_no_image() -> None:
    text = POLICY + "manifests: {patches: [ops.example.org/Broker]}\n"
    broker = {
        "apiVersion": "ops.example.org/v1",
        "kind": "Broker",
        "metadata": {"name": "b", "namespace": "shop"},
        "spec": {"template": {"spec": {"containers": [{"name": "c"}]}}},
    }
    assert opened(broker, text).close({}) == Allowed()
    for value, policy in (({**broker, "kind": "Cache"}, text), (broker, POLICY)):
        decision = opened(value, policy).close({})
        assert isinstance(decision, Denied)
        assert "image-missing" in [one.code for one in decision.reasons]


def test_a_kind_that_others_define_may_have_a_pod_without_containers() -> None:
    broker = {
        "apiVersion": "ops.example.org/v1",
        "kind": "Broker",
        "metadata": {"name": "b", "namespace": "shop"},
        "spec": {"template": {"spec": {"initContainers": [{"name": "c", "image": SHOP}]}}},
    }
    assert asked(opened(broker)) == [SHOP]


@pytest.mark.parametrize("operation", ["CONNECT", "DELETE", "UPDATE"])
def test_what_changes_nothing_that_is_judged_is_answered_without_a_question(operation: str) -> None:
    decision = open_case(
        read_review(encoded(request(pod(OTHER), pod(OTHER), operation=operation))),
        Shelf().policy(),
        rules=None,
        now=NOW,
        controllers=CONTROLLERS,
    )
    if operation == "CONNECT":
        assert isinstance(decision, Denied)
        assert [one.code for one in decision.reasons] == ["admission-operation-unjudged"]
    else:
        assert decision == Allowed(judged=False)


def test_a_question_that_is_kept_is_equal_and_holds_no_object() -> None:
    ((_, question),) = opened(pod(SHOP), EXACT).questions
    kept = question.kept()
    assert kept == question
    assert [one.value for one in kept.covered.objects] == [{}]
