"""The report for people."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gate.model.lines import Lines
from gate.model.location import Location
from gate.model.report import ErrorReport, Report
from gate.model.verdict import Action, Finding, Severity
from gate.reports import concise, text
from gate.reports.page import Page
from tests.reports.sample import IMAGE, PLACE, UNSIGNED, WEB, WRITABLE, report

EXPECTED = """\
shop/Deployment/web
  warn medium no-read-only-root-fs  manifests/web.yaml:19:11
    spec.template.spec.containers[0].securityContext
    container web can write to its root file system
    → set readOnlyRootFilesystem: true

  waived signature signature-absent until 2026-12-31 by team-web: being moved
  suppressed no-read-only-root-fs at manifests/web.yaml:19:11: writes a cache

ghcr.io/acme/shop@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
  ✓ registry  ✗ signature
    found on the image:
      unsigned: buildkit-statement

ghcr.io/acme/other:1
  undecided timeout  sbom
    ghcr.io did not answer in 30 s
    → run again

shop/Deployment/web
  block high signature-absent  manifests/web.yaml:20:18
    ghcr.io/acme/shop@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
    nobody signed ghcr.io/acme/shop
    → sign it with `gate sign`

BLOCKED  1 blocking finding (1 high), 1 warning, 1 undecided, 1 waived
judged 1 image, 3 checks, 1 object, 1 file, 13 lint rules
policy .gate.yaml sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc
pass dry-run: a dry run signs nothing
"""


def test_what_decides_stands_right_above_the_verdict_with_place_cause_and_next_step() -> None:
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
    assert [line for line in page.splitlines() if "  a.yaml:" in line] == [
        f"  block high at-{line}  a.yaml:{line}:1" for line in (2, 9, 10, 100)
    ]


def test_a_long_list_ends_with_how_often_each_code_was_found() -> None:
    many = [replace(UNSIGNED, id=str(n)) for n in range(30)]
    page = text.render(replace(report(), findings=(*many, *(3 * [WRITABLE]))))
    lines = page.splitlines()
    start = lines.index("how often")
    assert start < lines.index("shop/Deployment/web", start)
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
    assert f"\nit did not answer [log-refused]\n  → run again\n\n\x1b[1;31m{words}" in page


MANIFEST = """\
spec:
  containers:
  - {name: a, env: [{name: DB_PASSWORD, value: hunter2}], image: b:latest}
  - \x1b[31mimage: ::error::c
  - "--token", s3cr3t
  - url: https://me:pw@example.org/
  - automountServiceAccountToken: true
"""


def quoted(line: int, column: int, *, rule: str = "latest-tag", text: str = MANIFEST) -> list[str]:
    at = Location("m.yaml", line, column)
    finding = replace(UNSIGNED, image=None, rule=rule, code=rule, location=at)
    shown = text_of(
        replace(report(), findings=(finding,), lines=Lines([("m.yaml", text.encode())]))
    )
    return [part for part in shown.splitlines() if " | " in part]


def text_of(one: Report, page: Page | None = None) -> str:
    return text.render(one, page)


def test_a_finding_shows_its_line_with_a_mark_under_the_column() -> None:
    assert quoted(2, 3) == ["      2 |   containers:", "        |   ^"]
    assert quoted(7, 5) == ["      7 |   - automountServiceAccountToken: true", "        |     ^"]


def test_what_a_line_holds_of_a_secret_is_masked_and_so_is_what_moves_a_terminal() -> None:
    shown = quoted(3, 57)
    assert (
        shown[0] == "      3 |   - {name: a, env: [{name: DB_PASSWORD, value: …}], image: b:latest}"
    )
    assert not any("hunter2" in line for line in shown)
    assert "\x1b" not in "".join(quoted(4, 3))
    assert "::error::" not in "".join(quoted(4, 3))
    assert quoted(6, 5) == []


@pytest.mark.parametrize(
    ("line", "rule"), [(5, "latest-tag"), (2, "env-var-secret"), (2, "configmap-secret")]
)
def test_no_line_is_shown_of_a_finding_about_a_secret_or_with_an_option_for_one(
    line: int, rule: str
) -> None:
    assert quoted(line, 3, rule=rule) == []


@pytest.mark.parametrize("text", ["a: 1\rb: 2\nc: 3", "a: \u2028\nb: 2", "", "a: 1"])
def test_no_line_is_shown_where_it_could_be_a_wrong_one(text: str) -> None:
    assert quoted(2, 1, text=text) == []


def test_a_long_line_is_shown_around_its_column() -> None:
    [line, mark] = quoted(1, 301, text=f"{'x' * 300}y{'z' * 300}")
    assert len(line) <= 110
    assert line[mark.index("^")] == "y"
    assert line.endswith("z…")


def folded(*findings: Finding) -> list[str]:
    shown = text.render(replace(report(), findings=findings))
    return [line.strip() for line in shown.splitlines() if "and the same" in line]


def test_what_holds_of_several_objects_is_told_once() -> None:
    names = ("web", "shop", "cart", "mail", "list")
    many = [
        replace(
            WRITABLE,
            object=replace(WEB, name=name),
            container=name,
            message=f"container {name} can write to its root file system",
            location=Location("m.yaml", line),
        )
        for line, name in enumerate(names, 1)
    ]
    assert folded(*many[:1]) == []
    assert folded(*many[:2]) == ["… and the same in 1 other workload: shop/Deployment/shop"]
    [line] = folded(*many)
    assert line.startswith("… and the same in 4 other workloads: shop/Deployment/shop")
    assert folded(many[0], replace(many[0], location=Location("m.yaml", 9))) == [
        "… and the same in 1 other place of it"
    ]
    config = replace(WEB, kind="ConfigMap")
    assert folded(many[0], replace(many[0], object=config)) == [
        "… and the same in 1 other object: shop/ConfigMap/web"
    ]


@pytest.mark.parametrize(
    "other",
    [
        replace(WRITABLE, message="container web can write to /tmp"),
        replace(WRITABLE, action=Action.BLOCK),
        replace(WRITABLE, severity=Severity.LOW),
        replace(WRITABLE, rule="x", code="x"),
    ],
)
def test_what_differs_is_not_folded(other: Finding) -> None:
    assert folded(WRITABLE, replace(other, object=replace(WEB, name="other"))) == []


def test_findings_about_images_are_not_folded() -> None:
    second = replace(UNSIGNED, object=replace(WEB, name="b"), location=Location("m.yaml", 9))
    assert folded(UNSIGNED, second) == []


def test_quiet_leaves_what_decides_and_the_verdict() -> None:
    shown = text.render(report(), Page(quiet=True)).splitlines()
    assert shown[0] == "ghcr.io/acme/other:1"
    assert shown[-1].startswith("BLOCKED  1 blocking finding")
    assert not any("no-read-only-root-fs" in line for line in shown)
    assert text.render(report(cleared=True), Page(quiet=True)).count("\n") == 1


def test_lesser_warnings_are_left_out_and_counted_and_what_blocks_stays() -> None:
    minor = replace(UNSIGNED, severity=Severity.LOW)
    shown = text.render(
        replace(report(), findings=(minor, WRITABLE), suppressed=()), Page(least=Severity.HIGH)
    )
    assert "no-read-only-root-fs" not in shown
    assert "block low signature-absent" in shown
    assert "1 blocking finding (1 low), 1 warning" in shown
    assert "no-read-only-root-fs" in text.render(report(), Page(least=Severity.MEDIUM))


def test_concise_has_a_line_for_each_problem_in_the_order_of_the_files() -> None:
    assert concise.render(report()).splitlines() == [
        (
            "ghcr.io/acme/other:1: error timeout sbom could not be decided: "
            "ghcr.io did not answer in 30 s"
        ),
        (
            "manifests/web.yaml:19:11: warning no-read-only-root-fs container web can write to its "
            "root file system (shop/Deployment/web)"
        ),
        f"{PLACE}: error signature-absent nobody signed ghcr.io/acme/shop ({IMAGE})",
    ]
    assert concise.render(report(cleared=True)) == ""


def test_what_is_attached_is_told_with_short_digests_and_the_image_with_its_whole_one() -> None:
    line = "unsigned: sha256:" + "e" * 64
    one = replace(report().images[0], attached=(line,))
    page = text.render(replace(report(), images=(one,)))
    assert "unsigned: sha256:eeeeeeeeeeee…\n" in page
    assert f"{one.resolved}\n" in page
