"""What `gate diff` tells of two runs."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from gate.model.image import Digest
from gate.model.report import CheckReport, ErrorReport, PolicyReport, ReliedOn, Report, Status
from gate.model.verdict import Action, Severity
from gate.reports import json_v1
from gate.reports.changes import ChangeKind, RunChange, changes
from gate.reports.changes_shown import as_json, as_markdown, as_text, has_news
from gate.reports.recorded import RecordedReport, UnreadableReport, read_report
from tests.reports.sample import IMAGE, UNSIGNED, WRITABLE, report

QUIET = replace(report(cleared=True), images=())
RELIED = ReliedOn(
    kind="signature",
    predicate_type="t",
    digest=Digest("1" * 64),
    signers=("ci",),
    identity="key k",
    signed_at=None,
)


def recorded(run: Report) -> RecordedReport:
    return read_report(json_v1.render(run).encode())


def between(old: Report, new: Report) -> tuple[RunChange, ...]:
    return changes(recorded(old), recorded(new))


def told(old: Report, new: Report) -> list[tuple[str, str]]:
    return [(change.kind.value, change.about) for change in between(old, new)]


def image(*checks: CheckReport, name: str = "ghcr.io/acme/shop:1.0", digest: str = "a") -> Report:
    resolved = replace(IMAGE, digest=Digest(digest * 64))
    one = replace(report().images[0], name=name, resolved=resolved, checks=checks)
    return replace(QUIET, images=(one,))


def check(status: Status, *evidence: ReliedOn) -> CheckReport:
    return CheckReport(check="signature", status=status, evidence=evidence)


@pytest.mark.parametrize("run", [report(), report(cleared=True)])
def test_a_run_and_itself_do_not_differ(run: Report) -> None:
    assert between(run, run) == ()


def test_what_is_found_for_the_first_time_is_new_and_has_its_next_step() -> None:
    (change,) = between(QUIET, replace(QUIET, findings=(UNSIGNED,)))
    assert (change.kind, change.about) == (ChangeKind.NEW, "signature-absent")
    assert change.note == "blocks (high): nobody signed ghcr.io/acme/shop"
    assert change.remedy == UNSIGNED.remedy
    assert has_news((change,))


def test_what_is_found_no_more_is_gone_and_is_no_news() -> None:
    found = between(replace(QUIET, findings=(UNSIGNED,)), QUIET)
    assert [(c.kind, c.remedy) for c in found] == [(ChangeKind.GONE, "")]
    assert not has_news(found)


def test_a_second_finding_of_one_fingerprint_is_new() -> None:
    both = replace(QUIET, findings=(WRITABLE, replace(WRITABLE, message="and once more")))
    assert told(replace(QUIET, findings=(WRITABLE,)), both) == [("new", WRITABLE.code)]


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"action": Action.BLOCK}, "worse"),
        ({"severity": Severity.CRITICAL}, "worse"),
        ({"severity": Severity.LOW}, "better"),
        ({"message": "reworded", "remedy": "else"}, None),
    ],
)
def test_a_finding_grows_worse_by_what_it_does_and_by_its_severity(
    changed: dict[str, Any], kind: str | None
) -> None:
    old, new = (replace(QUIET, findings=(f,)) for f in (WRITABLE, replace(WRITABLE, **changed)))
    assert told(old, new) == ([(kind, WRITABLE.code)] if kind else [])


def test_a_finding_that_is_waived_now_is_excused_and_one_whose_waiver_ended_is_worse() -> None:
    found = replace(QUIET, findings=(UNSIGNED,))
    waived = replace(QUIET, waived=report().waived)
    assert told(found, waived) == [("excused", "signature-absent")]
    assert told(waived, found) == [("worse", "signature-absent")]
    assert told(QUIET, waived) == [("excused", "signature-absent")]


def test_a_question_that_cannot_be_answered_any_more_is_new() -> None:
    asked = replace(QUIET, undecided=report().undecided)
    assert told(QUIET, asked) == [("new", "timeout")]
    assert told(asked, QUIET) == [("gone", "timeout")]


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        (Status.PASSED, Status.FAILED, "worse"),
        (Status.PASSED, Status.UNDECIDED, "worse"),
        (Status.FAILED, Status.UNDECIDED, "better"),
        (Status.WARNED, Status.PASSED, "better"),
    ],
)
def test_a_check_grows_better_or_worse(old: Status, new: Status, kind: str) -> None:
    assert told(image(check(old)), image(check(new))) == [(kind, "signature")]


def test_a_check_that_is_asked_no_more_is_worse_and_one_that_is_asked_now_is_not() -> None:
    with_it, without = image(check(Status.PASSED)), image()
    assert told(with_it, without) == [("worse", "signature")]
    assert told(without, with_it) == [("changed", "signature")]


def test_other_evidence_of_the_same_image_is_told() -> None:
    other = replace(RELIED, digest=Digest("2" * 64))
    found = between(image(check(Status.PASSED, RELIED)), image(check(Status.PASSED, other)))
    assert [c.note for c in found] == [
        "it relies on signature by ci (key k) sha256:222222222222…",
        "no longer on signature by ci (key k) sha256:111111111111…",
    ]
    assert not has_news(found)


def test_of_a_new_build_of_an_image_only_another_signer_is_told() -> None:
    old = image(check(Status.PASSED, RELIED))
    built = replace(RELIED, digest=Digest("2" * 64))
    new = image(check(Status.PASSED, built), name="ghcr.io/acme/shop:1.1", digest="f")
    assert told(old, new) == [("changed", "image")]
    by_other = image(check(Status.PASSED, replace(built, identity="key o")), digest="f")
    assert told(old, by_other)[:2] == [
        ("changed", "evidence of signature"),
        ("changed", "evidence of signature"),
    ]


def test_an_image_that_comes_or_goes_is_told() -> None:
    assert told(QUIET, image()) == [("changed", "image added")]
    assert told(image(), QUIET) == [("changed", "image removed")]


def test_two_images_of_one_repository_are_told_apart_by_their_names() -> None:
    one, two = image().images[0], image(name="ghcr.io/acme/shop:2.0", digest="f").images[0]
    both = replace(QUIET, images=(one, two))
    assert told(both, both) == []
    assert told(replace(QUIET, images=(one,)), both) == [("changed", "image added")]


def test_the_verdict_the_policy_and_the_tool_are_told() -> None:
    other = PolicyReport(path=".gate.yaml", digest=Digest("9" * 64))
    new = replace(QUIET, cleared=False, exit_code=1, policy=other, tool_version="0.2.0")
    assert told(QUIET, new) == [("worse", "verdict"), ("changed", "gate"), ("changed", "policy")]
    assert told(new, QUIET)[0] == ("better", "verdict")


def test_a_new_run_that_came_to_no_verdict_is_worse_and_nothing_is_called_gone() -> None:
    broken = replace(QUIET, error=ErrorReport(code="registry-down", problem="p", remedy="r"))
    assert told(replace(report(), passed=QUIET.passed), broken) == [("worse", "registry-down")]


@pytest.mark.parametrize(
    ("changed", "cause"),
    [
        (b"", "JSON"),
        (b"[]", "its schema is not gate/report/v1"),
        (b'{"schema": "gate/report/v2"}', "its schema is not gate/report/v1"),
        (b'{"schema": "gate/report/v1", "schema": "gate/report/v1"}', "twice"),
        (b"[" * 100 + b"]" * 100, "deep"),
    ],
)
def test_what_is_no_report_is_refused_with_its_cause(changed: bytes, cause: str) -> None:
    with pytest.raises(UnreadableReport, match=cause):
        read_report(changed)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("findings", {}),
        ("findings", [{}]),
        ("verdict", "CLEARED"),
        ("at", "yesterday"),
        ("policy", {"digest": 1}),
        ("images", [{"name": "a", "digest": None, "checks": [{"check": "c", "status": "fine"}]}]),
    ],
)
def test_a_field_of_another_kind_is_refused_and_named(place: str, value: object) -> None:
    whole = json.loads(json_v1.render(report()))
    with pytest.raises(UnreadableReport, match=f"^{place}"):
        read_report(json.dumps({**whole, place: value}).encode())


def test_keys_of_a_later_version_are_not_looked_at_and_an_unknown_severity_is_the_highest() -> None:
    whole = json.loads(json_v1.render(replace(QUIET, findings=(WRITABLE,))))
    whole["findings"][0]["severity"] = "extreme"
    assert read_report(json.dumps({**whole, "later": 1}).encode()).findings[0].rank is (
        Severity.CRITICAL
    )


def test_text_tells_what_is_new_last_with_its_next_step() -> None:
    found = between(replace(QUIET, findings=(WRITABLE,)), replace(QUIET, findings=(UNSIGNED,)))
    assert as_text(found).splitlines() == [
        "- gone no-read-only-root-fs  shop/Deployment/web at manifests/web.yaml:19",
        "    it was: warns (medium)",
        "+ new signature-absent  ghcr.io/acme/shop@sha256:aaaaaaaaaaaa… at manifests/web.yaml:20",
        "    blocks (high): nobody signed ghcr.io/acme/shop",
        "    → sign it with `gate sign`",
        "1 new, 1 gone",
    ]
    assert as_text(()) == "no change\n"


def test_json_has_every_change_and_whether_there_is_news() -> None:
    value = json.loads(as_json(between(QUIET, replace(QUIET, findings=(UNSIGNED,)))))
    assert (value["schema"], value["news"]) == ("gate/diff/v1", True)
    assert [c["kind"] for c in value["changes"]] == ["new"]


def test_hostile_text_commands_neither_a_log_nor_a_page() -> None:
    evil = replace(UNSIGNED, id="x\n::error::y", message="<script> | \x1b[31m @octocat")
    found = between(QUIET, replace(QUIET, findings=(evil,)))
    assert "\x1b" not in as_text(found)
    assert not any(line.startswith("::") for line in as_text(found).splitlines())
    page = as_markdown(found)
    assert "<script>" not in page
    assert "@octocat" not in page
    assert page.splitlines()[-1].count("|") == 4


def test_markdown_stays_below_what_github_takes_and_says_what_is_cut() -> None:
    many = tuple(replace(UNSIGNED, id=f"CVE-{n}", message="<" * 900) for n in range(3_000))
    page = as_markdown(between(QUIET, replace(QUIET, findings=many)))
    assert len(page.encode()) < 1024 * 1024
    assert "2800 more are not shown here" in page
