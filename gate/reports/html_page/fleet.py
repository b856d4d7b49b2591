"""A fleet of clusters as one HTML page: images by cluster, what ends first, and each image.

As the page of a report, it asks for nothing from elsewhere and stays within bounds; it has no
script at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from gate.model.report import Status
from gate.model.words import counted, short_digests, timestamp
from gate.reports.fleet import Fleet, FleetCluster, FleetImage, FleetPass, FleetRun
from gate.reports.html_page import content_policy, page_file
from gate.reports.html_page.tags import Html, cut, fitting, raw, tag

_MATRIX: Final = 1_500_000
"""The most bytes of the rows of the matrix."""
_DETAILS: Final = 2_000_000
"""The most bytes of the images, one by one."""
_ENDS: Final = 200
"""How many ends are listed: those that come first."""
_LISTED: Final = 20
"""How many objects of one image in one cluster are listed."""
_VERDICTS: Final = {0: ("cleared", "In order"), 1: ("blocked", "Not in order")}
_UNDECIDED: Final = ("undecided", "Undecided")


def render(fleet: Fleet) -> str:
    """Return the page, with a line feed at its end."""
    style = page_file("page.css")
    kind, heading = _VERDICTS.get(fleet.exit_code, _UNDECIDED)
    body = tag(
        "body",
        tag("a", "Skip to the images", href="#matrix", class_="skip"),
        tag(
            "header",
            tag("p", "gate merge --audit", class_="command"),
            tag("h1", heading),
            tag("p", _sentence(fleet)),
            class_=f"verdict {kind}",
        ),
        tag(
            "main",
            *_problems(fleet),
            _clusters(fleet.clusters),
            *_matrix(fleet),
            *_ends(fleet),
            *_images(fleet.images),
        ),
    )
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=content_policy(style)),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", f"gate merge --audit: {heading.lower()}"),
        raw("style", style),
    )
    return f"<!doctype html>\n{tag('html', head, body, lang='en').markup}\n"


def _sentence(fleet: Fleet) -> str:
    counts = (len(fleet.clusters), len(fleet.images), len(fleet.problems))
    words = ("cluster", "image", "problem")
    return ", ".join(counted(number, word) for number, word in zip(counts, words, strict=True))


def _problems(fleet: Fleet) -> Iterator[Html]:
    if fleet.problems:
        lines = [f"{p.message} [{p.code}]. Next: {p.remedy}." for p in fleet.problems]
        items = (tag("li", short_digests(line)) for line in lines)
        yield tag("section", tag("h2", "Problems", id="problems"), tag("ul", *items))


def _clusters(clusters: Sequence[FleetCluster]) -> Html:
    heads = ("Cluster", "", "Images", "Blocking", "Undecided", "Looked at", "Policy", "gate")
    rows = [
        tag(
            "tr",
            tag("th", one.name, scope="row"),
            tag("td", one.status.value, class_=one.status.value),
            *(tag("td", f"{number:,}") for number in (one.images, one.blocking, one.undecided)),
            tag("td", timestamp(one.at)),
            tag("td", short_digests(one.policy) or "no verdict"),
            tag("td", one.tool),
        )
        for one in clusters
    ]
    return _table("Clusters", "clusters", "What each audit said", heads, rows)


def _table(
    title: str, anchor: str, caption: str, heads: Sequence[str], rows: Sequence[Html]
) -> Html:
    cells = (tag("th", head or "Verdict", scope="col") for head in heads)
    table = tag(
        "table",
        tag("caption", caption),
        tag("thead", tag("tr", *cells)),
        tag("tbody", *rows),
        class_="matrix",
    )
    return tag(
        "section",
        tag("h2", title, id=anchor),
        tag("div", table, class_="wide", tabindex="0", role="region", aria_labelledby=anchor),
    )


def _matrix(fleet: Fleet) -> Iterator[Html]:
    names = [cluster.name for cluster in fleet.clusters]
    rows = fitting((_row(image, names) for image in fleet.images), _MATRIX)
    if rows:
        yield _table(
            "Images by cluster",
            "matrix",
            "The worst answer about each image in each cluster",
            ("Image", *names),
            rows,
        )
        yield from cut(len(fleet.images) - len(rows), "images")
        items = (tag("li", status.value, class_=status.value) for status in Status)
        absent = tag("li", "does not run", class_="unasked")
        yield tag("ul", *items, absent, class_="legend")


def _row(image: FleetImage, clusters: Sequence[str]) -> Html:
    found = {run.cluster: run for run in image.runs}
    cells = (_cell(found.get(cluster)) for cluster in clusters)
    return tag("tr", tag("th", short_digests(image.name), scope="row"), *cells)


def _cell(run: FleetRun | None) -> Html:
    if run is None:
        return tag("td", "does not run", class_="unasked")
    return tag("td", run.status.value, class_=run.status.value)


def _ends(fleet: Fleet) -> Iterator[Html]:
    rows = [
        tag(
            "tr",
            tag("th", timestamp(end.at), scope="row"),
            tag("td", end.cluster),
            tag("td", f"{end.check}: {end.of}" if end.of else end.check),
            tag("td", short_digests(end.image)),
        )
        for end in fleet.ends[:_ENDS]
    ]
    if rows:
        caption = "After this time the door lets no new Pod of the image in"
        yield _table("What ends first", "ends", caption, ("At", "Cluster", "Check", "Image"), rows)
        yield from cut(len(fleet.ends) - len(rows), "ends")


def _images(images: Sequence[FleetImage]) -> Iterator[Html]:
    made = fitting(map(_image, images), _DETAILS)
    if made:
        yield tag(
            "section",
            tag("h2", "Images, one by one", id="images"),
            tag("ul", *made, class_="plain"),
            *cut(len(images) - len(made), "images"),
        )


def _image(image: FleetImage) -> Html:
    parts = [tag("p", tag("code", image.name))]
    for run in image.runs:
        lines = [*run.objects[:_LISTED]]
        more = len(run.objects) - _LISTED
        lines += [f"and {more:,} more objects"] if more > 0 else []
        lines += [_pass_line(one) for one in run.passes] or ["no pass"]
        parts += (
            tag("h3", f"{run.cluster}: {run.status.value}"),
            tag("ul", *(tag("li", line) for line in lines)),
        )
    return tag("li", tag("details", tag("summary", tag("code", short_digests(image.name))), *parts))


def _pass_line(one: FleetPass) -> str:
    when = f" at {one.signed_at}" if one.signed_at else " at no verified time"
    return f"pass {one.digest} by {'/'.join(one.signers)}: {one.identity}{when}"
