"""The images of a release by check, as a matrix, and each image with its evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final, TypeAlias

from gate.model.image import PlatformManifest
from gate.model.report import CheckReport, ImageReport, Status
from gate.model.words import short_digests, timestamp
from gate.reports.html_page.ages import age_text
from gate.reports.html_page.tags import Html, Part, cut, fitting, tag

_MATRIX: Final = 600_000
"""The most bytes of the rows of the matrix."""
_DETAILS: Final = 1_400_000
"""The most bytes of the images, one by one."""
_LISTED: Final = 20
"""How many places, platforms and attached things of one image are listed."""
_CLEAR: Final = frozenset({Status.PASSED, Status.WARNED, Status.WAIVED})
Reach: TypeAlias = Mapping[tuple[str, str], int]
"""The first problem of an image and a check, of those that are on the page."""
Named: TypeAlias = Sequence[tuple[str, ImageReport]]
"""Images with their headings."""


def matrix(named: Named, first: Reach, parts: int) -> Iterator[Html]:
    """Yield the section with a row for each image and a column for each check.

    A cell links to the first problem of its image and check, where `first` has one, and an
    image to its part of the page: the first `parts` have one.
    """
    if not named:
        return
    checks = sorted({check.check for _, image in named for check in image.checks})
    head = [tag("th", "Image", scope="col"), *(tag("th", c, scope="col") for c in checks)]
    rows = fitting(
        (
            _row(heading, image, checks, first, f"#i{number}" if number < parts else "")
            for number, (heading, image) in enumerate(named)
        ),
        _MATRIX,
    )
    table = tag(
        "table",
        tag("caption", "How each check of each image came out"),
        tag("thead", tag("tr", *head)),
        tag("tbody", *rows),
        class_="matrix",
    )
    yield tag(
        "section",
        tag("h2", "Images by check", id="matrix"),
        _filter(len(rows)),
        tag("div", table, class_="wide", tabindex="0", role="region", aria_labelledby="matrix"),
        *cut(len(named) - len(rows), "images"),
        _legend(),
    )


def _filter(number: int) -> Html:
    return tag(
        "form",
        tag("label", "Find an image ", tag("input", type="search", id="find-image")),
        tag(
            "label",
            tag("input", type="checkbox", id="only-open"),
            " Only images that are not clear",
        ),
        tag("output", f"{number:,} of {number:,} images", id="image-count", aria_live="polite"),
        id="image-filter",
        class_="filter",
        hidden=True,
        aria_label="Filter the images",
    )


def _legend() -> Html:
    """Return what the marks mean, which the style sheet draws."""
    items = (tag("li", status.value, class_=status.value) for status in Status)
    return tag("ul", *items, tag("li", "not asked", class_="unasked"), class_="legend")


def _row(heading: str, image: ImageReport, checks: Sequence[str], first: Reach, link: str) -> Html:
    answers = {check.check: check for check in image.checks}
    clear = all(c.status in _CLEAR for c in image.checks)
    name: Part = short_digests(heading)
    if link:
        name = tag("a", name, href=link)
    cells = (_cell(image, check, answers.get(check), first) for check in checks)
    return tag("tr", tag("th", name, scope="row"), *cells, data_clear="yes" if clear else "no")


def _cell(image: ImageReport, check: str, answer: CheckReport | None, first: Reach) -> Html:
    if answer is None:
        return tag("td", "not asked", class_="unasked")
    word = answer.status.value
    subjects = (str(image.resolved or image.name), image.name)
    there = next((first[s, check] for s in subjects if (s, check) in first), None)
    shown: Part = word if there is None else tag("a", word, href=f"#p{there}")
    return tag("td", shown, class_=answer.status.value)


def parts_of(named: Named, at: datetime) -> list[Html]:
    """Return what there is to tell of each image, as many as fit."""
    made = (_image(number, heading, image, at) for number, (heading, image) in enumerate(named))
    return fitting(made, _DETAILS)


def images(named: Named, made: Sequence[Html]) -> Iterator[Html]:
    """Yield the section that tells of each image: where it is used, and its evidence."""
    if named:
        yield tag(
            "section",
            tag("h2", "Images, one by one", id="images"),
            tag("ul", *made, class_="plain"),
            *cut(len(named) - len(made), "images"),
        )


def _image(number: int, heading: str, image: ImageReport, at: datetime) -> Html:
    parts = [
        tag("p", tag("code", heading), id=f"i{number}"),
        *_list("Used at", [f"{u.location} {u.object}" for u in image.uses]),
        *_list("Platforms", [f"{p.platform} {p.digest}" for p in _platforms(image)]),
        *_evidence(image.checks),
        *_list("Ages", [age_text(age, at) for c in image.checks for age in c.ages]),
    ]
    passed = all(c.status is Status.PASSED for c in image.checks)
    parts += _list("Found on the image", image.unread if passed else image.attached)
    summary = tag("summary", tag("code", short_digests(heading)))
    return tag("li", tag("details", summary, *parts))


def _platforms(image: ImageReport) -> Sequence[PlatformManifest]:
    return image.resolved.platforms if image.resolved else ()


def _evidence(checks: Sequence[CheckReport]) -> Iterator[Html]:
    """Yield the chain of one image: what each check relied on, who signed it, and when."""
    items = []
    for check in checks:
        for one in check.evidence:
            when = f" at {timestamp(one.signed_at)}" if one.signed_at else " at no verified time"
            signers = "/".join(one.signers)
            chain = f"{check.check} → {one.kind} → {signers}: {one.identity}{when}"
            items.append(short_digests(f"{chain}, {one.digest}"))
    yield from _list("Evidence", items)


def _list(title: str, lines: Sequence[str]) -> Iterator[Html]:
    if lines:
        more = len(lines) - _LISTED
        items = [tag("li", line) for line in lines[:_LISTED]]
        if more > 0:
            items.append(tag("li", f"and {more:,} more, in the JSON report", class_="cut"))
        yield tag("h3", title)
        yield tag("ul", *items)
