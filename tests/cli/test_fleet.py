"""`gate merge --audit`: reports of audits from many clusters, seen as one."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from gate.model.report import Report, Status
from gate.reports import json_v1
from tests.builders.commands import called
from tests.builders.fleets import (
    BAD,
    BROKEN,
    EU,
    OTHER,
    PASS,
    PINNED,
    PROD,
    audit,
    hostile_audit,
    image,
    page_of,
)
from tests.reports.hostile import FRAGMENTS, texts
from tests.reports.sample import UNSIGNED


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "audits").mkdir()


def put(**clusters: Report) -> None:
    for name, one in clusters.items():
        Path("audits", f"{name}.json").write_text(json_v1.render(one))


def merged(**clusters: Report) -> tuple[int, dict[str, Any]]:
    put(**clusters)
    done = called("merge", "--audit", "audits", "-f", "json")
    return done.returncode, json.loads(done.stdout)


def test_the_view_tells_which_image_runs_where_under_which_pass_and_what_ends_first() -> None:
    code, fleet = merged(prod=PROD, eu=EU)
    assert code == fleet["exitCode"] == 0
    assert [(c["name"], c["status"], c["tool"]) for c in fleet["clusters"]] == [
        ("eu", "passed", "0.1.1"),
        ("prod", "passed", "0.1.0"),
    ]
    (one,) = fleet["images"]
    assert one["name"] == PINNED
    assert one["runs"] == [
        {
            "cluster": cluster,
            "status": "passed",
            "objects": ["shop/Deployment/web"],
            "passes": [
                {
                    "digest": str(PASS.digest),
                    "signers": ["gate"],
                    "identity": PASS.identity,
                    "signedAt": "2026-11-21T10:00:00Z",
                }
            ],
        }
        for cluster in ("eu", "prod")
    ]
    assert [(e["at"], e["cluster"], e["check"], e["of"]) for e in fleet["ends"]] == [
        ("2026-11-21T12:00:00Z", "eu", "pass", "pass"),
        ("2026-11-21T15:00:00Z", "prod", "pass", "pass"),
    ]


def test_a_cluster_that_is_not_in_order_is_the_exit_code_of_all() -> None:
    code, fleet = merged(prod=PROD, eu=BAD)
    assert code == 1
    assert [run["status"] for run in fleet["images"][0]["runs"]] == ["failed", "passed"]
    assert fleet["images"][0]["runs"][0]["passes"] == []


@pytest.mark.parametrize(
    ("status", "code"),
    [(Status.FAILED, 1), (Status.UNDECIDED, 3), (Status.WARNED, 0), (Status.WAIVED, 0)],
)
def test_a_cluster_is_in_no_better_order_than_an_image_of_it_whatever_its_verdict_says(
    status: Status, code: int
) -> None:
    found, fleet = merged(prod=PROD, eu=audit(images=(image(status),)))
    assert found == code
    assert fleet["clusters"][0]["status"] == {1: "failed", 3: "undecided", 0: "passed"}[code]


def test_an_audit_without_a_verdict_leaves_the_fleet_undecided_by_its_name() -> None:
    code, fleet = merged(prod=PROD, eu=BROKEN)
    assert code == 3
    assert [(p["code"], p["cluster"]) for p in fleet["problems"]] == [
        ("audit-without-verdict", "eu")
    ]


def test_a_report_of_another_policy_is_told_and_leaves_the_fleet_undecided() -> None:
    code, fleet = merged(a=PROD, b=EU, c=audit(policy=OTHER))
    assert code == 3
    assert [(p["code"], p["cluster"]) for p in fleet["problems"]] == [("audit-other-policy", "c")]
    assert str(OTHER.digest) in fleet["problems"][0]["message"]


def test_an_image_that_nobody_asked_about_is_undecided() -> None:
    _, fleet = merged(prod=audit(images=(replace(image(), checks=()),)))
    assert fleet["images"][0]["runs"][0]["status"] == "undecided"


def twice_in_folders() -> None:
    put(prod=PROD)
    Path("audits/b").mkdir()
    Path("audits/b/prod.json").write_text(json_v1.render(EU))


def text_file(name: str, content: str) -> Callable[[], None]:
    def write() -> None:
        put(prod=PROD)
        Path("audits", name).write_text(content)

    return write


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: None, "audits-unreadable"),
        (twice_in_folders, "audit-twice"),
        (lambda: put(prod=PROD, copy=PROD), "audit-twice"),
        (lambda: put(prod=replace(PROD, command="check")), "audit-foreign"),
        (text_file("eu.json", "{}"), "audits-unreadable"),
        (text_file("eu.json", json_v1.render(EU)[:500]), "audits-unreadable"),
        (text_file("eu.json", '{"schema": "gate/report/v1", "schema": 1}'), "audits-unreadable"),
        (text_file("eu<b>.json", json_v1.render(EU)), "audits-unreadable"),
        (
            text_file(
                "eu.json",
                json_v1.render(EU).replace("2026-11-21T10:00:00Z", "0001-01-01T00:00:00+14:00"),
            ),
            "audits-unreadable",
        ),
    ],
)
def test_what_is_no_report_of_one_cluster_is_refused(make: Callable[[], None], code: str) -> None:
    make()
    done = called("merge", "--audit", "audits")
    assert done.returncode == 2
    assert f"[{code}]" in done.stderr
    assert done.stdout == ""


def test_reports_that_are_too_large_together_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    put(prod=PROD)
    monkeypatch.setattr("gate.cli.runs.fleet.MAX_SUM", Path("audits/prod.json").stat().st_size)
    assert called("merge", "--audit", "audits").returncode == 0
    put(eu=EU)
    assert "[audits-unreadable]" in called("merge", "--audit", "audits").stderr


@pytest.mark.parametrize(
    "more", [("--policy", "p.yaml"), ("manifests",), ("--dry-run",), ("--pass-file", "f")]
)
def test_an_option_of_a_release_is_refused(more: tuple[str, ...]) -> None:
    put(prod=PROD)
    done = called("merge", "--audit", "audits", *more)
    assert done.returncode == 2
    assert "[audit-option]" in done.stderr


def test_a_format_that_the_view_has_not_is_refused() -> None:
    put(prod=PROD)
    assert "[format-unknown]" in called("merge", "--audit", "audits", "-f", "sarif").stderr


def test_a_report_is_in_order_only_under_a_policy_and_without_a_finding_that_blocks() -> None:
    code, fleet = merged(a=audit(policy=None))
    assert (code, fleet["clusters"][0]["status"]) == (3, "undecided")
    code, fleet = merged(a=audit(findings=(UNSIGNED,)))
    assert (code, fleet["clusters"][0]["status"]) == (1, "failed")
    assert merged(a=PROD)[0] == 0


def test_the_text_has_what_is_wrong_what_ends_and_a_line_for_each_cluster() -> None:
    put(prod=PROD, eu=BAD, us=audit(policy=OTHER))
    wide = {**os.environ, "COLUMNS": "100"}
    done = called("merge", "--audit", "audits", "--output", "html=fleet.html", environment=wide)
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "eu  failed  ghcr.io/acme/shop@sha256:aaaaaaaaaaaa…",
        "    shop/Deployment/web",
        "undecided audit-other-policy  us",
        "    us was judged by the policy sha256:eeeeeeeeeeee…, and eu by sha256:cccccccccccc…",
        "    → run `gate audit` in every cluster with one policy",
        "2026-11-21T15:00:00Z  prod  pass (pass)  ghcr.io/acme/shop@sha256:aaaaaaaaaaaa…",
        "2026-11-21T15:00:00Z  us  pass (pass)  ghcr.io/acme/shop@sha256:aaaaaaaaaaaa…",
        "eu  not in order  1 image, 1 blocking finding, 0 undecided, at 2026-11-21T10:00:00Z",
        "prod  in order  1 image, 0 blocking findings, 0 undecided, at 2026-11-21T10:00:00Z",
        "us  in order  1 image, 0 blocking findings, 0 undecided, at 2026-11-21T10:00:00Z",
    ]
    assert "<h1>Not in order</h1>" in Path("fleet.html").read_text()


def test_the_page_allows_its_own_style_and_nothing_else() -> None:
    page = page_of(prod=PROD, eu=BAD)
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    known = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert (
        'content="default-src &#x27;none&#x27;; '
        f"style-src &#x27;sha256-{known}&#x27;; base-uri &#x27;none&#x27;; "
        'form-action &#x27;none&#x27;"'
    ) in page
    assert "<script" not in page
    assert not re.search(r" on\w+=| style=|https?://", page)


def test_every_table_of_the_page_has_a_caption_and_heads_with_a_scope() -> None:
    page = page_of(prod=PROD, eu=BAD)
    assert page.count("<table") == page.count("<caption>") == 3
    assert not re.search(r"<th(?! scope=)[ >]", page)
    assert '<td class="failed">failed</td><td class="passed">passed</td>' in page


class Tags(HTMLParser):
    """Collects the elements of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self.seen.append(tag)


def tags(page: str) -> list[str]:
    parser = Tags()
    parser.feed(page)
    return parser.seen


@settings(max_examples=20, deadline=None)
@given(texts)
def test_hostile_text_of_a_report_makes_no_element(text: str) -> None:
    assert tags(page_of(prod=hostile_audit(text))) == tags(page_of(prod=hostile_audit("plain")))


def test_every_hostile_fragment_makes_no_element() -> None:
    every = "".join(FRAGMENTS)
    assert tags(page_of(prod=hostile_audit(every))) == tags(page_of(prod=hostile_audit("plain")))
