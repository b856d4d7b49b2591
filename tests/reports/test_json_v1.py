"""The JSON report."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from gate.reports import json_v1
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
