"""The HTML report in a real browser: it renders, filters, asks for nothing, and can be used by all.

Every page is opened in one run of the browser.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import pytest

from gate.model.report import Report
from gate.reports import FORMATS
from gate.reports.html_page import MAX_BYTES
from tests.browser.chromium import Asked, Look, look
from tests.builders.big_report import big
from tests.builders.fleets import BAD, BROKEN, OTHER, PROD, audit, hostile_audit, page_of
from tests.reports.hostile import FRAGMENTS, hostile
from tests.reports.sample import report

IMAGES, FINDINGS = 1_000, 5_000
LOADS: Final = 3
REPORTS: Final[Mapping[str, Callable[[], Report]]] = {
    "small": lambda: big(12, 30),
    "cleared": lambda: report(cleared=True),
    "hostile": lambda: hostile("".join(FRAGMENTS)),
    "large": lambda: big(IMAGES, FINDINGS),
}
FLEETS: Final[Mapping[str, Callable[[], str]]] = {
    "fleet": lambda: page_of(prod=PROD, eu=BAD, us=BROKEN, test=audit(policy=OTHER)),
    "hostile-fleet": lambda: page_of(prod=hostile_audit("".join(FRAGMENTS))),
}
_FORBIDDEN: Final = """
    (() => new Promise((done) => {
      const heard = [];
      document.addEventListener("securitypolicyviolation", (e) => heard.push(e.effectiveDirective));
      const script = document.createElement("script");
      script.textContent = "window.broken = true";
      const image = document.createElement("img");
      image.src = "http://127.0.0.1:9/x.png";
      const text = document.createElement("p");
      text.setAttribute("style", "color: red");
      document.body.append(script, image, text);
      setTimeout(() => done([...heard, String(window.broken)].sort()), 100);
    }))()
"""
_STEPS: Final[Mapping[str, tuple[str, int, bool, tuple[tuple[str, ...], ...]]]] = {
    "phone": ("small", 360, False, (("axe",), ("run", "document.body.scrollWidth"))),
    "desktop": ("small", 1280, False, (("axe",),)),
    "dark": ("small", 1280, True, (("axe",),)),
    "cleared": ("cleared", 1280, False, (("axe",), ("text", "h1"), ("text", "#problems + p"))),
    "filters": (
        "small", 1280, False,
        (
            ("text", "#count"),
            ("click", "[name=kind][value=warning]"),
            ("text", "#count"),
            ("select", "#least", "3"),
            ("text", "#count"),
            ("select", "#rule", "vulnerabilities"),
            ("fill", "#find", "CVE-2026-00014"),
            ("text", "#count"),
            ("shown", "#found > article"),
            ("click", "#filter button"),
            ("text", "#count"),
            ("click", "#only-open"),
            ("text", "#image-count"),
            ("shown", ".matrix tbody tr"),
        ),
    ),
    "links": (
        "small", 1280, False,
        (
            ("fill", "#find", "nothing has this text"),
            ("text", "#count"),
            ("click", ".matrix tr:first-child td.failed a"),
            ("run", "location.hash + ' ' + !document.querySelector(location.hash).hidden"),
            ("click", ".matrix tr:first-child th a"),
            ("run", "document.querySelector(location.hash).closest('details').open"),
        ),
    ),
    "keyboard": (
        "small", 1280, False,
        (
            ("press", "Tab"), ("focused",), ("press", "Enter"), ("hash",),
            ("run", "document.querySelector('[name=kind]').focus()"),
            ("press", "Space"), ("text", "#count"),
        ),
    ),
    "print": (
        "small", 1280, False,
        (
            ("print",), ("shown", "form"), ("shown", "#found > article"), ("pdf",),
            ("shown", "#images + ul li details[open] h3"),
        ),
    ),
    "hostile": (
        "hostile", 1280, False,
        (("axe",), ("count", "script"), ("count", "img, iframe, a[href^=http], base, link")),
    ),
    "fleet phone": (
        "fleet", 360, False, (("axe",), ("run", "document.body.scrollWidth"), ("text", "h1")),
    ),
    "fleet dark": ("fleet", 1280, True, (("axe",),)),
    "fleet hostile": (
        "hostile-fleet", 1280, False,
        (("axe",), ("count", "script, img, iframe, a[href^=http], base, link")),
    ),
    "policy": ("small", 1280, False, (("run", _FORBIDDEN),)),
    **{
        f"large {n}": (
            "large", 1280, False, (("fill", "#find", "CVE-2026-04998"), ("text", "#count")),
        )
        for n in range(LOADS)
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def looks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Look]:
    folder = tmp_path_factory.mktemp("pages")
    for name, made in REPORTS.items():
        (folder / f"{name}.html").write_text(FORMATS["html"](made()), encoding="utf-8")
    for name, page in FLEETS.items():
        (folder / f"{name}.html").write_text(page(), encoding="utf-8")
    asked = [
        Asked(folder / f"{page}.html", steps, width=width, dark=dark)
        for page, width, dark, steps in _STEPS.values()
    ]
    return dict(zip(_STEPS, look(asked), strict=True))


@pytest.mark.parametrize(
    "name",
    [
        "phone",
        "desktop",
        "dark",
        "cleared",
        "hostile",
        "fleet phone",
        "fleet dark",
        "fleet hostile",
    ],
)
def test_axe_finds_nothing_that_keeps_somebody_out(looks: dict[str, Look], name: str) -> None:
    assert looks[name].answers[0] == []


def test_on_a_phone_the_page_is_no_wider_than_the_screen(looks: dict[str, Look]) -> None:
    assert looks["phone"].answers[1] == 360
    assert looks["fleet phone"].answers[1:] == [360, "Not in order"]


@pytest.mark.parametrize("name", sorted(set(_STEPS) - {"policy"}))
def test_a_page_asks_for_nothing_and_breaks_nothing(looks: dict[str, Look], name: str) -> None:
    page = _STEPS[name][0]
    assert [Path(url).name.partition("#")[0] for url in looks[name].requests] == [f"{page}.html"]
    assert looks[name].said == []


def test_the_browser_holds_the_page_to_its_own_policy(looks: dict[str, Look]) -> None:
    assert looks["policy"].answers == [
        ["img-src", "script-src-elem", "style-src-attr", "undefined"]
    ]


def test_r293_hostile_text_makes_no_script_no_picture_and_no_link_out(
    looks: dict[str, Look],
) -> None:
    assert looks["hostile"].answers[1:] == [1, 0]
    assert looks["fleet hostile"].answers[1:] == [0]


def test_a_cleared_run_says_so_and_that_there_is_no_problem(looks: dict[str, Look]) -> None:
    assert looks["cleared"].answers[1:] == ["Cleared", "No problem was found."]


def test_filters_narrow_the_list_down_and_one_button_shows_all_again(
    looks: dict[str, Look],
) -> None:
    texts = [answer for answer in looks["filters"].answers if isinstance(answer, str | int)]
    assert texts == [
        "31 of 31 problems",
        "21 of 31 problems",
        "9 of 31 problems",
        "1 of 31 problems",
        1,
        "31 of 31 problems",
        "2 of 12 images",
        2,
    ]


def test_a_link_of_the_matrix_shows_what_a_filter_hid_and_opens_what_it_is_in(
    looks: dict[str, Look],
) -> None:
    answers = [answer for answer in looks["links"].answers if answer is not None]
    assert answers[0] == "0 of 31 problems"
    assert answers[1].startswith("#p")
    assert answers[1].endswith(" true")
    assert answers[2] is True


def test_the_keyboard_reaches_the_problems_first_and_works_the_filters(
    looks: dict[str, Look],
) -> None:
    answers = [answer for answer in looks["keyboard"].answers if answer is not None]
    assert answers == ["Skip to the problems", "#problems", "11 of 31 problems"]


def test_on_paper_everything_is_there_and_no_filter(looks: dict[str, Look]) -> None:
    _, forms, problems, size, headings = looks["print"].answers
    assert (forms, problems) == (0, 31)
    assert size > 10_000
    assert headings >= 12


def test_a_large_release_opens_in_two_seconds_and_stays_under_five_megabytes(
    looks: dict[str, Look],
) -> None:
    page = FORMATS["html"](big(IMAGES, FINDINGS))
    assert len(page.encode()) < MAX_BYTES == 5_000_000
    assert "not shown here" not in page
    # The fastest of some loads: the others say how busy this machine is.
    assert min(looks[f"large {n}"].seconds for n in range(LOADS)) < 2
    assert looks["large 0"].answers[1] == "1 of 5,001 problems"
