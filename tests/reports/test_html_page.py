"""The HTML report: what is on the page, what its policy allows, and what it leaves out.

How a browser shows it is tested in tests/browser.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from gate.model.image import Digest
from gate.model.report import (
    CheckReport,
    ErrorReport,
    PassReport,
    PassState,
    ReliedOn,
    Report,
    Status,
)
from gate.model.verdict import Age
from gate.reports import html_page
from gate.reports.html_page.ages import age_words, share
from gate.reports.html_page.tags import raw, tag
from tests.builders.big_report import big
from tests.reports.sample import UNSIGNED, report

AT = report().at
DAY = timedelta(days=1)
SIGNED = ReliedOn(
    kind="signature",
    predicate_type="https://sigstore.dev/cosign/sign/v1",
    digest=Digest("d" * 64),
    signers=("ci",),
    identity="key <b>",
    signed_at=AT,
)


def proven(*evidence: ReliedOn, passed: PassState = PassState.SIGNED) -> Report:
    check = CheckReport(check="signature", status=Status.PASSED, evidence=evidence)
    image = replace(report().images[0], checks=(check,))
    return replace(report(cleared=True), images=(image,), passed=PassReport(state=passed))


def text(page: str) -> str:
    return re.sub(r"<[^>]*>", "|", page)


def test_the_page_allows_the_style_and_the_script_that_are_in_it_and_nothing_else() -> None:
    page = html_page.render(report())
    hashes = [
        base64.b64encode(hashlib.sha256(found.encode()).digest()).decode()
        for name in ("style", "script")
        for found in re.findall(rf"<{name}>(.*?)</{name}>", page, re.DOTALL)
    ]
    assert len(hashes) == 2
    assert (
        'content="default-src &#x27;none&#x27;; '
        f"style-src &#x27;sha256-{hashes[0]}&#x27;; script-src &#x27;sha256-{hashes[1]}&#x27;; "
        'base-uri &#x27;none&#x27;; form-action &#x27;none&#x27;"'
    ) in page
    assert " style=" not in page
    assert not re.search(r" on\w+=", page)


@pytest.mark.parametrize(
    ("shown", "verdict"),
    [
        (report(), "Blocked"),
        (report(cleared=True), "Cleared"),
        (replace(report(), findings=()), "Undecided"),
        (replace(report(), error=ErrorReport(code="c", problem="p", remedy="r")), "No verdict"),
        (
            replace(report(cleared=True), error=ErrorReport(code="c", problem="p", remedy="r")),
            "Cleared, but not finished",
        ),
    ],
)
def test_the_verdict_is_the_heading(shown: Report, verdict: str) -> None:
    assert re.findall("<h1>(.*)</h1>", html_page.render(shown)) == [verdict]


def test_a_problem_has_its_code_place_message_and_next_step() -> None:
    page = text(html_page.render(replace(report(), findings=(UNSIGNED,))))
    for part in ("signature-absent", "manifests/web.yaml:20:18", UNSIGNED.message, UNSIGNED.remedy):
        assert f"|{part}|" in page


def test_the_picture_leads_from_the_image_over_evidence_and_signer_to_the_pass() -> None:
    page = html_page.render(proven(SIGNED))
    assert "signature signed by ci (key &lt;b&gt;)" in page
    assert page.count('class="edge"') == 3
    assert "<li>pass: signed</li>" in page


def test_an_image_without_evidence_is_drawn_as_one() -> None:
    page = html_page.render(proven(passed=PassState.NOT_ASKED))
    assert "<title>no evidence</title>" in page
    assert "<li>pass: not asked</li>" in page


def test_a_blocked_run_has_no_pass_in_the_picture() -> None:
    assert "<li>pass: no pass</li>" in html_page.render(report())


def test_many_groups_and_signers_are_drawn_as_eight() -> None:
    images = tuple(
        replace(
            report().images[0],
            name=f"ghcr.io/acme/{n}:1",
            resolved=None,
            checks=(
                CheckReport(
                    check="signature",
                    status=Status.PASSED,
                    evidence=(replace(SIGNED, signers=(f"team-{n}",)),),
                ),
            ),
        )
        for n in range(30)
    )
    page = html_page.render(replace(report(cleared=True), images=images))
    assert "<title>23 images</title>" in page
    assert "<title>23 more signers</title>" in page


@pytest.mark.parametrize(
    ("age", "part", "words"),
    [
        (Age(of="scan", since=AT - 9 * DAY, until=AT - 2 * DAY), 9 / 7, "9d of 7d"),
        (Age(of="scan", since=AT - DAY / 24, until=AT + DAY), 1 / 25, "1h of 1d 1h"),
        (Age(of="scan", since=AT, until=AT + DAY), 0, "0m of 1d"),
        (
            Age(of="scan", since=AT + DAY, until=AT + 2 * DAY),
            0,
            "dated in the future: 2026-11-22T10:00:00Z",
        ),
    ],
)
def test_an_age_is_a_part_of_its_limit(age: Age, part: float, words: str) -> None:
    assert share(age, AT) == pytest.approx(part)
    assert age_words(age, AT) == words


def test_text_is_text_in_an_element_and_in_an_attribute() -> None:
    assert tag("p", "<b>&\"'\n", title="\"'>").markup == (
        '<p title="&quot;&#x27;&gt;">&lt;b&gt;&amp;&quot;&#x27;\\x0a</p>'
    )


def test_a_style_sheet_cannot_end_its_own_element() -> None:
    with pytest.raises(ValueError, match="would end it"):
        raw("style", "a{}</style><script>")


def test_a_page_of_any_size_stays_within_its_bound_and_has_no_dead_link() -> None:
    long = tuple(replace(f, message="<" * 900) for f in big(20, 9_000).findings)
    page = html_page.render(replace(big(3_000, 1), findings=long))
    assert len(page.encode()) <= html_page.MAX_BYTES
    assert re.search(r"[\d,]+ more problems are not shown here\. The JSON report has all", page)
    assert re.search(r"[\d,]+ more images are not shown here\.", page)
    ids = set(re.findall(r' id="([^"]+)"', page))
    assert set(re.findall(r' href="#([^"]+)"', page)) <= ids
