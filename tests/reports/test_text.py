"""The report for people."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gate.model.location import Location
from gate.model.report import ErrorReport
from gate.reports import text
from gate.reports.page import Page
from tests.reports.sample import IMAGE, UNSIGNED, WRITABLE, report

EXPECTED = """\
manifests/web.yaml:20:18  shop/Deployment/web
  block high signature-absent
    nobody signed ghcr.io/acme/shop
    → sign it with `gate sign`

manifests/web.yaml:19:11  shop/Deployment/web
  warn medium no-read-only-root-fs
    spec.template.spec.containers[0].securityContext
    container web can write to its root file system
    → set readOnlyRootFilesystem: true

ghcr.io/acme/other:1
  undecided timeout  sbom
    ghcr.io did not answer in 30 s
    → run again

  waived signature signature-absent until 2026-12-31 by team-web: being moved
  suppressed no-read-only-root-fs at manifests/web.yaml:19:11  shop/Deployment/web: writes a cache

ghcr.io/acme/shop@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
  ✓ registry  ✗ signature
    found on the image:
      unsigned: buildkit-statement

BLOCKED  1 blocking finding (1 high), 1 warning, 1 undecided, 1 waived
judged 1 image, 3 checks, 1 object, 1 file, 13 lint rules
policy .gate.yaml sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc
pass dry-run: a dry run signs nothing
unsigned statement, which proves nothing:
{"a": 1}
"""


def test_what_blocks_stands_first_with_place_cause_and_next_step() -> None:
    assert text.render(report()) == EXPECTED


def test_two_names_of_one_image_have_headings_that_tell_them_apart() -> None:
    image = report().images[0]
    named = [
        replace(image, name=name)
        for name in ("ghcr.io/acme/shop:1.0", "ghcr.io/acme/shop:2.0", str(IMAGE))
    ]
    shown = text.render(replace(report(), images=tuple(named)))
    assert [line for line in shown.splitlines() if line.startswith("ghcr.io/acme/shop")] == [
        f"{IMAGE} (named ghcr.io/acme/shop:1.0)",
        f"{IMAGE} (named ghcr.io/acme/shop:2.0)",
        str(IMAGE),
    ]


def test_what_is_stored_twice_and_reads_the_same_is_told_once() -> None:
    image = report().images[0]
    twice = replace(image, attached=image.attached * 2)
    shown = text.render(replace(report(), images=(twice,)))
    assert shown.count("unsigned: buildkit-statement") == 1
    assert "      unsigned: buildkit-statement (2 times)\n" in shown


def test_a_cleared_run_is_short() -> None:
    lines = text.render(report(cleared=True)).splitlines()
    assert lines[:4] == [
        "ghcr.io/acme/shop@sha256:" + "a" * 64,
        "  ✓ registry  ✓ signature",
        "",
        "CLEARED  0 blocking findings, 0 warnings, 0 undecided, 0 waived",
    ]


def test_colour_is_only_there_when_the_page_takes_it() -> None:
    assert "\x1b[" not in text.render(report())
    assert "\x1b[1;31mBLOCKED\x1b[0m" in text.render(report(), Page(colour=True))


@pytest.mark.parametrize("width", [1, 40, 80, 200])
def test_prose_fits_the_width_of_the_terminal(width: int) -> None:
    long = replace(UNSIGNED, message="word " * 60)
    page = text.render(replace(report(), findings=(long,)), Page(width=width))
    prose = [line for line in page.splitlines() if line.startswith("    word")]
    assert max(map(len, prose)) <= min(max(width, 40), 120)


def test_r291_foreign_text_cannot_move_the_cursor() -> None:
    evil = replace(UNSIGNED, message="\x1b[2Jgone\n::error::x", image="\u202eevil")
    page = text.render(replace(report(), findings=(replace(evil, location=None),)))
    assert "\\x1b[2Jgone" in page
    assert "\n::error" not in page
    assert "\\u{202e}evil" in page


def test_findings_of_a_file_stand_in_the_order_of_their_lines() -> None:
    found = tuple(
        replace(UNSIGNED, location=Location("a.yaml", line), code=f"at-{line}")
        for line in (2, 9, 10, 100)
    )
    page = text.render(replace(report(), findings=found))
    assert [line for line in page.splitlines() if line.startswith("a.yaml:")] == [
        f"a.yaml:{line}:1  shop/Deployment/web" for line in (2, 9, 10, 100)
    ]


def test_a_long_list_ends_with_how_often_each_code_was_found() -> None:
    many = [replace(UNSIGNED, id=str(n)) for n in range(30)]
    page = text.render(replace(report(), findings=(*many, *(3 * [WRITABLE]))))
    lines = page.splitlines()
    start = lines.index("how often")
    assert lines[start + 1 : start + 3] == [
        "  30  block  signature-absent",
        "   3  warn   no-read-only-root-fs",
    ]
    assert "how often" not in text.render(report())


@pytest.mark.parametrize("width", [80, 200])
def test_every_line_of_words_fits_the_terminal(width: int) -> None:
    page = text.render(replace(report(), passed=None), Page(width=width))
    long = [line for line in page.splitlines() if len(line) > min(width, 120)]
    assert all(len(max(line.split(), key=len)) > min(width, 120) - 10 for line in long)


@pytest.mark.parametrize(
    ("cleared", "words"), [(True, "CLEARED BUT NOT FINISHED"), (False, "NO VERDICT")]
)
def test_a_run_that_did_not_come_to_its_end_never_looks_good(*, cleared: bool, words: str) -> None:
    error = ErrorReport(code="log-refused", problem="it did not answer", remedy="run again")
    shown = replace(report(cleared=cleared), error=error)
    page = text.render(shown, Page(colour=True))
    assert f"\x1b[1;31m{words}\x1b[0m" in page
    assert page.startswith("it did not answer [log-refused]\n  → run again\n")
