"""The JSON report."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.model.kubernetes import ObjectName
from gate.model.location import Location
from gate.model.verdict import Action, Finding, Severity, WaivedFinding
from gate.reports import FORMATS, json_v1
from tests.reports.sample import UNSIGNED, report

SCHEMA = json.loads(Path("docs/report-v1.schema.json").read_text())


@pytest.mark.parametrize("cleared", [True, False])
def test_a_report_fits_the_schema_that_is_published(*, cleared: bool) -> None:
    value = json.loads(json_v1.render(report(cleared=cleared)))
    jsonschema.Draft202012Validator(SCHEMA).validate(value)
    assert value["verdict"] == ("cleared" if cleared else "blocked")


def test_a_finding_says_rule_code_action_place_and_remedy() -> None:
    value = json.loads(json_v1.render(report()))
    assert value["findings"][0] == {
        "rule": "signature",
        "code": "signature-absent",
        "id": "signature-absent",
        "action": "block",
        "severity": "high",
        "object": {"kind": "Deployment", "namespace": "shop", "name": "web"},
        "container": "web",
        "image": "ghcr.io/acme/shop@sha256:" + "a" * 64,
        "location": {"path": "manifests/web.yaml", "line": 20, "column": 18},
        "field": None,
        "message": "nobody signed ghcr.io/acme/shop",
        "remedy": "sign it with `gate sign`",
        "fingerprint": UNSIGNED.fingerprint,
        "also": [],
    }


def test_undecided_and_waived_stand_apart_from_findings() -> None:
    value = json.loads(json_v1.render(report()))
    assert [u["code"] for u in value["undecided"]] == ["timeout"]
    assert [(w["owner"], w["expires"]) for w in value["waived"]] == [("team-web", "2026-12-31")]
    assert len(value["findings"]) == 2


def test_the_same_report_gives_the_same_bytes() -> None:
    assert json_v1.render(report()) == json_v1.render(report())
    assert json_v1.render(report()).isascii()


def test_the_pieces_of_a_report_are_the_report_and_a_finding_is_made_when_it_is_asked_for() -> None:
    whole = replace(report(), findings=(UNSIGNED,) * 3)
    assert "".join(json_v1.pieces(whole)) == json_v1.render(whole)
    broken: Any = (UNSIGNED, "no finding")
    pieces = json_v1.pieces(replace(report(), findings=broken))
    begun = list(itertools.takewhile(lambda piece: UNSIGNED.fingerprint not in piece, pieces))
    assert begun[-1] == ',\n "findings": '
    with pytest.raises(AttributeError):
        next(pieces)


def test_lists_have_a_line_for_each_item_and_none_where_they_are_empty() -> None:
    lines = json_v1.render(replace(report(), findings=(UNSIGNED,) * 2, known=())).splitlines()
    at = lines.index(' "findings": [')
    assert [line[:5] for line in lines[at + 1 : at + 4]] == ['  {"a', '  {"a', " ],"]
    assert ' "known": [],' in lines


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_gives_in_pieces_what_it_gives_as_a_whole(name: str) -> None:
    assert "".join(FORMATS[name].pieces(report())) == FORMATS[name](report())


TEXTS = st.text('ab#"/\n\x7f\u00e9\u2028\ud800\U0001f600', max_size=4)
PLACES = st.builds(Location, TEXTS, st.integers(1, 300), st.integers(1, 300))
NAMES = st.builds(ObjectName, TEXTS, st.none() | TEXTS, TEXTS, st.none() | TEXTS)
FINDINGS = st.builds(
    Finding,
    rule=TEXTS,
    code=TEXTS,
    severity=st.sampled_from(Severity),
    message=TEXTS,
    remedy=TEXTS,
    id=TEXTS,
    action=st.sampled_from(Action),
    location=st.none() | PLACES,
    field=st.none() | TEXTS,
    object=st.none() | NAMES,
    container=st.none() | TEXTS,
    image=st.none() | TEXTS,
    also=st.lists(TEXTS, max_size=2).map(tuple),
)


@given(st.lists(FINDINGS, min_size=1, max_size=4))
def test_a_finding_has_the_same_json_wherever_it_is_and_keys_are_sorted(
    found: list[Finding],
) -> None:
    waived = tuple(WaivedFinding(one, "o", "r", date(2026, 1, 1)) for one in found)
    told = replace(report(), findings=tuple(found), waived=waived, known=tuple(found))
    text = json_v1.render(told)
    value = json.loads(text)
    more = {"owner": "o", "reason": "r", "expires": "2026-01-01"}
    assert [{**one, **more} for one in value["findings"]] == value["waived"]
    assert value["known"] == value["findings"]
    lines = text.replace("\\u0023", "#").splitlines()
    for one in value["findings"]:
        assert (
            lines.count(f"  {json.dumps(one, sort_keys=True)}")
            + lines.count(f"  {json.dumps(one, sort_keys=True)},")
            >= 2
        )
