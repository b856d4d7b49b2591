"""The JSON report."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

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
