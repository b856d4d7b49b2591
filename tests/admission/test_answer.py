"""A decision as the API server gets it: its exact words, counts and bounds."""

from __future__ import annotations

from typing import Any, Final

import pytest

from gate.admission.answer import (
    MAX_MESSAGE,
    MAX_WARNING,
    MAX_WARNINGS,
    answer_to,
    codes_of,
    outcome_of,
    refusal_of,
)
from gate.admission.decision import Allowed, CouldNotTell, Decision, Denied, Objection
from gate.admission.request import MalformedReviewError
from gate.model.image import Digest

POLICY: Final = Digest("5" * 64)
ABSENT: Final = Objection("pass-absent", "no pass is attached.", "run `gate check`.")
SLOW: Final = Objection("timeout", "no answer", "try again")


def response(decision: Decision) -> dict[str, Any]:
    found: dict[str, Any] = answer_to("u1", decision, policy=POLICY)["response"]
    return found


def numbered(count: int) -> tuple[Objection, ...]:
    return tuple(Objection(f"code-{n}", f"problem {n}", f"step {n}") for n in range(count))


def test_an_answer_that_allows_says_no_more_than_there_is_to_say() -> None:
    assert answer_to("u1", Allowed(judged=False), policy=POLICY) == {
        "apiVersion": "admission.k8s.io/v1",
        "kind": "AdmissionReview",
        "response": {
            "uid": "u1",
            "allowed": True,
            "auditAnnotations": {"outcome": "not-judged", "policy": str(POLICY)},
        },
    }


@pytest.mark.parametrize(
    ("decision", "allowed", "status", "outcome", "codes"),
    [
        (Allowed(), True, None, "allowed", ()),
        (Allowed(judged=False), True, None, "not-judged", ()),
        (Allowed(would=Denied(reasons=(ABSENT,))), True, None, "would-deny", ("pass-absent",)),
        (Allowed(would=CouldNotTell(reasons=(SLOW,))), True, None, "would-not-tell", ("timeout",)),
        (
            Denied(reasons=(SLOW, ABSENT, ABSENT)),
            False,
            (403, "Forbidden"),
            "denied",
            ("pass-absent", "timeout"),
        ),
        (
            CouldNotTell(reasons=(SLOW,)),
            False,
            (503, "ServiceUnavailable"),
            "could-not-tell",
            ("timeout",),
        ),
    ],
)
def test_each_decision_has_its_word_and_its_status(
    decision: Decision,
    allowed: bool,  # noqa: FBT001  # what a decision says
    status: tuple[int, str] | None,
    outcome: str,
    codes: tuple[str, ...],
) -> None:
    said = response(decision)
    assert said["allowed"] is allowed
    assert ((said["status"]["code"], said["status"]["reason"]) if "status" in said else None) == (
        status
    )
    assert (outcome_of(decision), codes_of(decision)) == (outcome, codes)
    assert said["auditAnnotations"]["outcome"] == outcome


def test_annotations_name_images_and_passes_also_of_what_would_be_refused() -> None:
    allowed = response(Allowed(images=("a@1", "b@2"), passes=("p1", "p2")))
    would = response(Allowed(images=("a@1",), would=Denied(reasons=(ABSENT,), images=("a@1",))))
    policy = str(POLICY)
    assert allowed["auditAnnotations"] == {
        "outcome": "allowed",
        "policy": policy,
        "images": "a@1,b@2",
        "passes": "p1,p2",
    }
    assert would["auditAnnotations"] == {
        "outcome": "would-deny",
        "policy": policy,
        "codes": "pass-absent",
        "images": "a@1",
    }


def message(*reasons: Objection) -> str:
    return str(response(Denied(reasons=reasons))["status"]["message"])


def test_a_message_has_the_first_reason_whole_three_more_and_the_number_of_the_rest() -> None:
    first = "[code-0] problem 0. Next: step 0."
    one, two, three = (f"[code-{n}] problem {n}" for n in (1, 2, 3))
    assert message(*numbered(1)) == first
    assert message(*numbered(2)) == f"{first} Also: {one}."
    assert message(*numbered(4)) == f"{first} Also: {one}; {two}; {three}."
    assert message(*numbered(5)) == f"{first} Also: {one}; {two}; {three}; and 1 more."
    assert message(*numbered(6)) == f"{first} Also: {one}; {two}; {three}; and 2 more."


def test_what_is_said_twice_is_said_once_and_ends_in_one_stop() -> None:
    assert message(ABSENT, ABSENT) == ("[pass-absent] no pass is attached. Next: run `gate check`.")


def test_what_could_not_be_told_says_so_first() -> None:
    said = response(CouldNotTell(reasons=(SLOW,)))["status"]["message"]
    assert said == "gate could not tell, and denies: [timeout] no answer. Next: try again."


@pytest.mark.parametrize(
    ("image", "place", "said"),
    [
        ("", "", "[c] a/b:1 is bad. Next: r."),
        ("x/y:1", "", "[c] x/y:1: a/b:1 is bad. Next: r."),
        ("", "container web", "[c] container web: a/b:1 is bad. Next: r."),
        ("x/y:1", "container web", "[c] container web: x/y:1: a/b:1 is bad. Next: r."),
        ("a/b:1", "container web", "[c] container web: a/b:1 is bad. Next: r."),
    ],
)
def test_a_reason_names_its_place_and_its_image_once(image: str, place: str, said: str) -> None:
    assert message(Objection("c", "a/b:1 is bad", "r", image, place)) == said


def test_as_many_warnings_as_fit_are_shown_and_the_rest_is_counted() -> None:
    all_fit = response(Allowed(warnings=numbered(MAX_WARNINGS)))["warnings"]
    assert all_fit == [f"gate: [code-{n}] problem {n}" for n in range(15)]
    too_many = response(Allowed(warnings=numbered(MAX_WARNINGS + 1)))["warnings"]
    assert too_many == [*all_fit[:14], "gate: and 2 more warnings"]


def test_what_would_be_refused_is_warned_of_before_all_else() -> None:
    would = Denied(reasons=(ABSENT,), warnings=(SLOW,))
    assert response(Allowed(would=would, warnings=numbered(1)))["warnings"] == [
        "gate would refuse this: [pass-absent] no pass is attached",
        "gate: [timeout] no answer",
        "gate: [code-0] problem 0",
    ]


def test_long_texts_are_cut_at_their_bounds() -> None:
    long = Objection("c", "x" * 5_000, "r")
    assert len(message(long)) == MAX_MESSAGE
    assert [len(w) for w in response(Allowed(warnings=(long,)))["warnings"]] == [MAX_WARNING]


def test_the_refusal_of_what_cannot_be_read_has_the_uid_and_the_version_of_its_request() -> None:
    error = MalformedReviewError("c", "it is cut", "send it whole", uid="u1", version="v9")
    assert refusal_of(error) == {
        "apiVersion": "v9",
        "kind": "AdmissionReview",
        "response": {
            "uid": "u1",
            "allowed": False,
            "status": {
                "code": 403,
                "reason": "Forbidden",
                "message": "[c] it is cut. Next: send it whole.",
            },
        },
    }
