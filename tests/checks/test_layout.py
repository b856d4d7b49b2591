from __future__ import annotations

import base64
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from gate.checks.in_toto.signed import REMEDIES
from gate.checks.layout import CHECK, LayoutParams
from gate.model.predicates import LayoutSet
from gate.model.verdict import Outcome, Passed
from gate.predicates import parse
from tests.builders.in_toto import (
    BUILD,
    BUILDER,
    OTHER,
    OWNER,
    dsse,
    keyid,
    layout,
    link,
    pem,
    public,
    step,
)
from tests.checks.given import INDEX, NOW, asked, attested, codes, findings, image

TYPE = "urn:gate:in-toto-layout:v1"


def run(signed: Any, *links: Any, keys: Any = (OWNER,), now: Any = NOW) -> Outcome:  # noqa: ANN401
    said = parse(TYPE, {"layout": signed, "links": list(links)})
    assert isinstance(said, LayoutSet)
    params = asked(LayoutParams, by=["ci"], keys=[pem(k) for k in keys])
    return CHECK.run(image(attested(said, predicate_type=TYPE)), params, now)


def test_a_layout_whose_last_product_is_the_image_passes() -> None:
    assert isinstance(run(layout(), BUILD), Passed)


@pytest.mark.parametrize(
    ("signed", "links", "code"),
    [
        (layout(), [], "layout-step-unproven"),
        (layout(), [link("build", product="b" * 64)], "layout-another-product"),
        (layout(), [link("build", product=INDEX.hex, key=OTHER)], "layout-step-unproven"),
        (layout(key=OTHER), [BUILD], "layout-wrong-signer"),
        (layout(expires="2026-11-21T12:00:00Z"), [BUILD], "layout-expired"),
        (layout(expires="soon"), [BUILD], "layout-malformed"),
        (layout(inspect=[{"run": ["rm", "-rf", "/"]}]), [BUILD], "layout-has-inspections"),
        (layout(inspect=None), [BUILD], "layout-has-inspections"),
        (layout(steps=[]), [BUILD], "layout-proves-nothing"),
        (layout(steps="x"), [BUILD], "layout-malformed"),
        (layout(step("build", ["DISALLOW", "*"])), [BUILD], "layout-rule-broken"),
        (layout(step("build", ["REQUIRE", "x"])), [BUILD], "layout-rule-broken"),
        (layout(step("build", threshold=2)), [BUILD, BUILD], "layout-step-unproven"),
        ({"signed": {}, "signatures": []}, [BUILD], "layout-has-inspections"),
        ({"payload": "!", "signatures": []}, [BUILD], "layout-malformed"),
        ({}, [BUILD], "layout-malformed"),
        (layout(), [{}], "layout-malformed"),
    ],
)
def test_a_layout_that_does_not_hold_is_refused_for_that(
    signed: Any,  # noqa: ANN401  # JSON
    links: list[Any],
    code: str,
) -> None:
    assert codes(run(signed, *links)) == [code]


def test_a_threshold_counts_keys_and_links_must_agree() -> None:
    two = layout(step("build", threshold=2, keys=(BUILDER, OTHER)))
    agree = link("build", product=INDEX.hex, key=OTHER)
    differ = link("build", product="b" * 64, key=OTHER)
    assert isinstance(run(two, BUILD, agree), Passed)
    assert codes(run(two, BUILD, differ)) == ["layout-links-disagree"]


def test_every_key_of_the_policy_must_have_signed_the_layout() -> None:
    assert codes(run(layout(), BUILD, keys=(OWNER, OTHER))) == ["layout-wrong-signer"]


def test_at_the_second_of_expiry_a_layout_has_expired() -> None:
    second = layout(expires="2026-11-21T12:00:01Z")
    assert isinstance(run(second, BUILD), Passed)
    assert codes(run(second, BUILD, now=NOW + timedelta(seconds=1))) == ["layout-expired"]


@pytest.mark.parametrize(
    "wrong",
    [{}, {"layout": []}, {"layout": {}, "links": [{}] * 1001}, {"layout": {}, "links": 1}],
)
def test_a_layout_set_that_is_not_one_is_refused(wrong: object) -> None:
    assert not isinstance(parse(TYPE, wrong), LayoutSet)


@pytest.mark.parametrize("keys", [[], ["x"], [""]])
def test_a_policy_without_a_readable_key_is_refused_at_load(keys: list[str]) -> None:
    with pytest.raises(ValidationError):
        asked(LayoutParams, by=["ci"], keys=keys)


@pytest.mark.parametrize("key", ["expires", "steps"])
def test_r260_a_layout_that_parsers_read_differently_proves_nothing(key: str) -> None:
    body = base64.b64decode(layout()["payload"])
    again = json.dumps({key: json.loads(body)[key]}).encode()[:-1] + b"," + body[1:]
    kind = b"application/vnd.in-toto+json"
    signature = OWNER.sign(b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(again), again))
    twice = {
        "payloadType": kind.decode(),
        "payload": base64.b64encode(again).decode(),
        "signatures": [{"keyid": "", "sig": base64.b64encode(signature).decode()}],
    }
    assert codes(run(twice, BUILD)) == ["layout-malformed"]


def said(outcome: Outcome) -> list[str]:
    return [f.message for f in findings(outcome)]


def test_every_step_without_links_is_named() -> None:
    both = layout(step("clone"), step("build"))
    lacks = "has 0 links by distinct authorised keys; the layout demands 1"
    assert said(run(both)) == [f"step clone {lacks}; step build {lacks}"]


def test_a_broken_rule_is_told_with_its_step_and_its_artifacts_in_one_order() -> None:
    made = {name: {"sha256": "b" * 64} for name in "gfedcba"}
    body = json.loads(base64.b64decode(BUILD["payload"])) | {"products": made}
    strict = layout(step("build", ["ALLOW", "a"], ["DISALLOW", "*"]))
    assert said(run(strict, dsse(body, BUILDER))) == [
        "step build, its products: DISALLOW * matches b, c, d, e, f and 1 more"
    ]


def test_a_required_artifact_that_is_not_there_is_named() -> None:
    assert said(run(layout(step("build", ["REQUIRE", "x"])), BUILD)) == [
        "step build, its products: REQUIRE x does not find it"
    ]


def test_links_that_disagree_are_told_with_the_artifact() -> None:
    two = layout(step("build", threshold=2, keys=(BUILDER, OTHER)))
    differ = link("build", product="b" * 64, key=OTHER)
    assert said(run(two, BUILD, differ)) == ["step build: its links disagree on build"]


@pytest.mark.parametrize("reverse", [False, True])
def test_two_links_of_one_key_that_differ_count_neither_way(reverse: bool) -> None:  # noqa: FBT001  # a parameter of the test
    links = [BUILD, link("build", product="b" * 64)]
    outcome = run(layout(), *(reversed(links) if reverse else links))
    assert codes(outcome) == ["layout-links-disagree"]


def test_a_key_written_in_two_ways_is_one_functionary() -> None:
    again = {**public(BUILDER), "keyid": "a" * 64}
    keys = {keyid(BUILDER): public(BUILDER), "a" * 64: again}
    two = step("build", threshold=2) | {"pubkeys": [keyid(BUILDER), "a" * 64]}
    assert codes(run(layout(two, keys=keys), BUILD)) == ["layout-step-unproven"]


def test_a_pass_ends_with_the_last_second_of_the_layout() -> None:
    outcome = run(layout(), BUILD)
    assert isinstance(outcome, Passed)
    assert outcome.until == datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("wrong", [{}, {"by": []}])
def test_a_layout_by_nobody_and_from_no_file_is_refused_at_load(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        asked(LayoutParams, keys=[pem(OWNER)], **wrong)


def test_that_a_layout_expired_hides_nothing_else_that_is_wrong() -> None:
    past: dict[str, Any] = {"expires": "2026-11-21T12:00:00Z"}
    elsewhere = link("build", product="b" * 64)
    assert codes(run(layout(**past), elsewhere)) == ["layout-expired", "layout-another-product"]
    assert codes(run(layout(**past))) == ["layout-expired", "layout-step-unproven"]
    broken = layout(step("build", ["DISALLOW", "*"]), **past)
    assert codes(run(broken, BUILD)) == ["layout-expired", "layout-rule-broken"]


def test_every_problem_of_a_layout_has_its_own_next_step() -> None:
    source = "".join(
        p.read_text() for p in (Path(__file__).parents[2] / "gate" / "checks").rglob("*.py")
    )
    codes = set(re.findall(r'Problem\(\s*"([a-z-]+)"', source)) | {"layout-expired"}
    assert codes == set(REMEDIES)
    assert len(set(REMEDIES.values())) == len(REMEDIES)
