"""How old evidence is against its limit, as bars."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from gate.model.report import ImageReport
from gate.model.verdict import Age
from gate.model.words import short_digests, timestamp
from gate.reports.html_page.tags import Html, tag

_SHOWN: Final = 25
"""How many bars are drawn: those that end first."""
_WIDTH, _LIMIT, _HEIGHT = 240, 160, 14
"""Of a bar, in units of its picture: the limit is at two thirds of it."""


def ages(named: Sequence[tuple[str, ImageReport]], at: datetime) -> Iterator[Html]:
    """Yield the section with a bar for each age, the one that is nearest to its limit first."""
    every = sorted(
        {
            (-share(age, at), heading, age)
            for heading, image in named
            for check in image.checks
            for age in check.ages
        }
    )
    if not every:
        return
    rows = [
        tag(
            "tr",
            tag("th", short_digests(heading), scope="row"),
            tag("td", age.of),
            tag("td", age_words(age, at)),
            tag("td", _bar(age, at)),
        )
        for _, heading, age in every[:_SHOWN]
    ]
    heads = [
        tag("th", text, scope="col")
        for text in ("Image", "Of", "Age and limit", "As a bar: the line is the limit")
    ]
    caption = "Ages against their limits, the nearest to its limit first"
    table = tag(
        "table",
        tag("caption", caption),
        tag("thead", tag("tr", *heads)),
        tag("tbody", *rows),
        class_="ages",
    )
    more = len(every) - _SHOWN
    yield tag(
        "section",
        tag("h2", "Ages", id="ages"),
        tag("div", table, class_="wide", tabindex="0", role="region", aria_labelledby="ages"),
        *([tag("p", f"{more:,} more ages have more time left.", class_="cut")] if more > 0 else []),
    )


def share(age: Age, at: datetime) -> float:
    """Return which part of its time is over: 1.0 at the limit, more after it, 0 in the future."""
    allowed = age.until - age.since
    gone = max(at - age.since, timedelta())
    return gone / allowed if allowed > timedelta() else 9.0


def age_words(age: Age, at: datetime) -> str:
    """Return an age and its limit: `9d 4h of 7d`."""
    if age.since > at:
        return f"dated in the future: {timestamp(age.since)}"
    return f"{_span(at - age.since)} of {_span(age.until - age.since)}"


def age_text(age: Age, at: datetime) -> str:
    """Return what is how old: `scan: 9d 4h of 7d, until 2026-11-28T10:00:00Z`."""
    return f"{age.of}: {age_words(age, at)}, until {timestamp(age.until)}"


def _span(age: timedelta) -> str:
    """Return `9d 4h`, `3h` or `12m`, rounded down."""
    minutes = max(age, timedelta()) // timedelta(minutes=1)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days}d {hours}h" if hours else f"{days}d"
    return f"{hours}h" if hours else f"{minutes}m"


def _bar(age: Age, at: datetime) -> Html:
    """Return the bar: the age as its length, and a line at the limit."""
    part = share(age, at)
    long = min(round(part * _LIMIT), _WIDTH)
    kind = "over" if at > age.until else ("near" if part > 2 / 3 else "fresh")
    return tag(
        "svg",
        tag("rect", width=_WIDTH, height=_HEIGHT, class_="track"),
        tag("rect", width=long, height=_HEIGHT, class_=kind),
        tag("rect", x=_LIMIT, width=2, height=_HEIGHT, class_="limit"),
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
        aria_hidden="true",
        class_="bar",
    )
