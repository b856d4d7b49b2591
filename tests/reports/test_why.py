"""`gate why` as text and as JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from gate.model.image import Digest
from gate.model.report import PolicyReport, Status
from gate.model.why import CheckAnswer, Evidence, ReasonWhy, Why
from gate.reports import why
from gate.reports.page import Page
from tests.reports.sample import IMAGE

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
FOUND = Evidence(
    predicate_type="https://cyclonedx.org/bom",
    digest=f"sha256:{'d' * 64}",
    storage="referrers",
    about="the image",
    signer="ci: key 1",
    time="2026-11-20T00:00:00Z by transparency-log",
    counts=False,
    code="sbom-empty",
    message="the SBOM lists no component",
)
EMPTY = ReasonWhy(
    code="sbom-empty",
    message="the SBOM lists no component",
    remedy="make another",
    status=Status.FAILED,
)
BLOCKED = Why(
    name="ghcr.io/acme/shop:1.0",
    resolved=IMAGE,
    entry="ghcr.io/acme/**",
    answers=(
        CheckAnswer(
            check="sbom",
            status=Status.FAILED,
            reasons=(EMPTY,),
            demanded=("ci: key 1 (ci.pub)",),
            evidence=(FOUND,),
            commands=("gate attest x", "cosign attest x"),
        ),
        CheckAnswer(check="signature", status=Status.UNDECIDED, demanded=("ci: key 1 (ci.pub)",)),
        CheckAnswer(check="scan-age", status=Status.PASSED, until=NOW),
    ),
    others=(replace(FOUND, predicate_type="", signer="", code="unsigned", message="by nobody"),),
    cleared=False,
    exit_code=1,
    at=NOW,
    policy=PolicyReport(path=".gate.yaml", digest=Digest("c" * 64)),
)
EXPECTED = f"""\
ghcr.io/acme/shop@sha256:{"a" * 64}
  named ghcr.io/acme/shop:1.0; the policy's entry ghcr.io/acme/** decides

✗ sbom failed
  failed sbom-empty
    the SBOM lists no component
    → make another
    run gate attest x
    or cosign attest x
    demanded of ci: key 1 (ci.pub)
  ✗ https://cyclonedx.org/bom  sbom-empty
      by ci: key 1, 2026-11-20T00:00:00Z by transparency-log
      sha256:{"d" * 64}, in referrers, about the image

? signature undecided
    demanded of ci: key 1 (ci.pub)
    what is attached was not looked at

✓ scan-age passed  until 2026-11-21T10:00:00Z

attached, and no check of this image asks for it
  · of an unknown kind  unsigned
      sha256:{"d" * 64}, in referrers, attached to the image
      by nobody

BLOCKED  1 passed, 1 failed, 1 undecided
policy .gate.yaml sha256:{"c" * 64}, at 2026-11-21T10:00:00Z
"""


def test_each_check_has_its_reason_what_would_meet_it_and_its_evidence() -> None:
    assert why.render(BLOCKED, Page(width=120)) == EXPECTED


def test_as_json_it_holds_the_same_facts() -> None:
    said = json.loads(why.render_json(BLOCKED))
    assert (said["schema"], said["verdict"], said["exitCode"]) == ("gate/why/v1", "blocked", 1)
    assert [a["check"] for a in said["checks"]] == ["sbom", "signature", "scan-age"]
    assert said["checks"][0]["reasons"][0] == {
        "code": "sbom-empty",
        "message": "the SBOM lists no component",
        "remedy": "make another",
        "status": "failed",
    }
    assert said["checks"][0]["evidence"][0]["predicateType"] == "https://cyclonedx.org/bom"
    assert said["checks"][2]["until"] == "2026-11-21T10:00:00Z"
    assert said["others"][0]["code"] == "unsigned"


@pytest.mark.parametrize("width", [80, 200])
def test_r291_foreign_text_moves_no_cursor_and_gives_no_command(width: int) -> None:
    bad = "x\x1b[2J\n::error::x \u202e"
    hostile = replace(
        BLOCKED,
        name=bad,
        resolved=None,
        entry=bad,
        answers=(
            CheckAnswer(
                check="sbom",
                status=Status.FAILED,
                reasons=(replace(EMPTY, message=bad, remedy=bad),),
                demanded=(bad,),
                evidence=(
                    replace(FOUND, predicate_type=bad, signer=bad, about=bad, message=bad + "."),
                ),
                commands=(bad,),
            ),
        ),
        policy=PolicyReport(path=bad, digest=Digest("c" * 64)),
    )
    shown = why.render(hostile, Page(width=width))
    assert not {"\x1b", "\u202e"} & set(shown)
    assert not [line for line in shown.splitlines() if line.lstrip().startswith("::")]


def test_one_document_that_is_stored_in_two_places_is_shown_once_with_both() -> None:
    twice = (FOUND, replace(FOUND, digest=f"sha256:{'e' * 64}", storage="att-tag"))
    other = replace(FOUND, code="sbom-time-missing", message="it has no time")
    answer = CheckAnswer(check="sbom", status=Status.PASSED, evidence=(twice[0], other, twice[1]))
    shown = why.render(replace(BLOCKED, answers=(answer,), others=()), Page(width=120))
    assert shown.count("  ✗ https://cyclonedx.org/bom") == 2
    first, _, second = shown.partition("sbom-time-missing")
    assert f"sha256:{'d' * 64}, in referrers" in first
    assert f"sha256:{'e' * 64}, in att-tag" in first
    assert f"sha256:{'d' * 64}, in referrers" in second
