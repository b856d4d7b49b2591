"""The chain from the images over their evidence and its signers to the pass, as a picture.

Images whose evidence is alike are drawn as one. The same is there as a list, for those who do
not see the picture.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

from gate.model.records import dataclass
from gate.model.report import ImageReport, PassState, Report, Status
from gate.model.words import clipped, listed, short_digests
from gate.reports.html_page.tags import Html, tag

_MOST: Final = 8
"""How many nodes a column has; the others are one node."""
_X: Final = (0, 270, 480, 720)
_W: Final = (230, 170, 200, 150)
_ROW, _TOP, _BOX = 46, 34, 34
"""Of the picture, in its own units: the step of rows, where they begin, how high a box is."""
_LETTERS: Final = (30, 21, 25, 18)
"""How many characters fit in a box of each column."""
_HEADS: Final = ("Images", "Evidence", "Signers", "Pass")
_NO_EVIDENCE: Final = "no evidence"
_OPEN: Final = frozenset({Status.FAILED, Status.UNDECIDED})
_STATES: Final = {
    PassState.SIGNED: "signed",
    PassState.STILL_GOOD: "an earlier one holds",
    PassState.DRY_RUN: "dry run: unsigned",
    PassState.NOT_ASKED: "not asked",
    PassState.FAILED: "not stored",
}

_Proof: TypeAlias = tuple[str, str, str]
"""Kind of evidence, the policy's names of its signer, the identity; empty where there is none."""


@dataclass(frozen=True, slots=True)
class _Group:
    """Images that rest on the same kinds of evidence by the same signers."""

    names: tuple[str, ...]
    proofs: frozenset[_Proof]
    clear: bool

    @property
    def label(self) -> str:
        """Return the one image's name, or how many there are."""
        return self.names[0] if len(self.names) == 1 else f"{len(self.names):,} images"


def chain(report: Report) -> Iterator[Html]:
    """Yield the section with the picture, and the same as a list."""
    groups = _groups(report.images)
    if not groups:
        return
    end = _end(report)
    yield tag(
        "section",
        tag("h2", "From image to pass", id="chain"),
        tag(
            "div",
            _picture(groups, end, cleared=report.cleared),
            class_="wide",
            tabindex="0",
            role="region",
            aria_labelledby="chain",
        ),
        tag("details", tag("summary", "The same as a list"), tag("ul", *_list(groups, end))),
    )


def _end(report: Report) -> str:
    if report.error is not None or not report.cleared:
        return "no pass"
    if report.passed is not None:
        return _STATES[report.passed.state]
    return "may be deployed" if report.command == "admit" else "no pass asked"


def _groups(images: Sequence[ImageReport]) -> tuple[_Group, ...]:
    """Return the images in groups, what is not clear first; the last takes what is too many."""
    alike: dict[tuple[bool, frozenset[_Proof]], list[str]] = defaultdict(list)
    for image in images:
        clear = not any(check.status in _OPEN for check in image.checks)
        proofs = frozenset(
            (e.kind, "/".join(e.signers), e.identity) for c in image.checks for e in c.evidence
        )
        alike[clear, proofs].append(short_digests(str(image.resolved or image.name)))
    found = [_Group(tuple(names), proofs, clear) for (clear, proofs), names in alike.items()]
    found.sort(key=lambda g: (g.clear, -len(g.names), g.names))
    if len(found) <= _MOST:
        return tuple(found)
    rest = found[_MOST - 1 :]
    names = tuple(name for group in rest for name in group.names)
    proofs = frozenset(proof for group in rest for proof in group.proofs)
    clear = all(group.clear for group in rest)
    return (*found[: _MOST - 1], _Group(names, proofs, clear))


def _list(groups: Sequence[_Group], end: str) -> Iterator[Html]:
    for group in groups:
        named = short_digests(listed(group.names, 3))
        state = "clear" if group.clear else "not clear"
        lines = [
            tag("li", f"{kind} signed by {signers} ({short_digests(identity)})")
            for kind, signers, identity in sorted(group.proofs)[: 3 * _MOST]
        ] or [tag("li", _NO_EVIDENCE)]
        yield tag("li", f"{group.label}, {state}: {named}", tag("ul", *lines))
    yield tag("li", f"pass: {end}")


def _picture(groups: Sequence[_Group], end: str, *, cleared: bool) -> Html:
    kinds = Counter(k for g in groups for k in {kind for kind, _, _ in g.proofs} or {_NO_EVIDENCE})
    signers = _signers(groups)
    columns = (
        [g.label for g in groups],
        sorted(kinds, key=lambda k: (k == _NO_EVIDENCE, k)),
        list(dict.fromkeys(signers.values())),
        [end],
    )
    edges = dict.fromkeys(_edges(groups, columns, signers))
    high = _TOP + _ROW * max(map(len, columns))
    boxes = [
        _box(column, row, label, bad=_is_bad(column, row, label, groups, cleared=cleared))
        for column, labels in enumerate(columns)
        for row, label in enumerate(labels)
    ]
    return tag(
        "svg",
        tag(
            "title", "Images, the evidence that counted, who signed it, and the pass", id="chain-t"
        ),
        *(tag("text", head, x=_X[n], y=16, class_="head") for n, head in enumerate(_HEADS)),
        *(_edge(*edge) for edge in edges),
        *boxes,
        viewBox=f"-1 0 {_X[-1] + _W[-1] + 2} {high}",
        role="img",
        aria_labelledby="chain-t",
        class_="chain",
    )


def _signers(groups: Sequence[_Group]) -> dict[str, str]:
    """Return the label of each signer; those that are too many share one."""
    often = Counter(s for g in groups for _, s, _ in g.proofs)
    names = sorted(often, key=lambda s: (-often[s], s))
    if len(names) <= _MOST:
        return {name: name for name in names}
    rest = f"{len(names) - _MOST + 1:,} more signers"
    return {name: name if n < _MOST - 1 else rest for n, name in enumerate(names)}


_Edge: TypeAlias = tuple[int, int, int, bool]
"""The column that it leaves, the rows at its ends, and whether it leads to a pass."""


def _edges(
    groups: Sequence[_Group], columns: Sequence[list[str]], signers: dict[str, str]
) -> Iterator[_Edge]:
    rows = [{label: row for row, label in enumerate(labels)} for labels in columns]
    for row, group in enumerate(groups):
        if not group.proofs:
            yield (0, row, rows[1][_NO_EVIDENCE], group.clear)
        for kind, signer, _ in sorted(group.proofs):
            yield (0, row, rows[1][kind], group.clear)
            yield (1, rows[1][kind], rows[2][signers[signer]], True)
            yield (2, rows[2][signers[signer]], 0, True)


def _edge(column: int, left: int, right: int, good: bool) -> Html:  # noqa: FBT001  # of a tuple
    x, to = _X[column] + _W[column], _X[column + 1]
    y, end = (_TOP + row * _ROW + _BOX // 2 for row in (left, right))
    middle = (x + to) // 2
    path = f"M{x} {y}C{middle} {y} {middle} {end} {to} {end}"
    return tag("path", d=path, class_="edge" if good else "edge broken")


def _is_bad(column: int, row: int, label: str, groups: Sequence[_Group], *, cleared: bool) -> bool:
    by_column = (
        column == 0 and not groups[row].clear,
        column == 1 and label == _NO_EVIDENCE and not cleared,
        column == len(_HEADS) - 1 and not cleared,
    )
    return any(by_column)


def _box(column: int, row: int, label: str, *, bad: bool) -> Html:
    x, y = _X[column], _TOP + row * _ROW
    return tag(
        "g",
        tag("title", label),
        tag("rect", x=x, y=y, width=_W[column], height=_BOX, rx=6, class_="bad" if bad else "box"),
        tag("text", clipped(label, _LETTERS[column]), x=x + 10, y=y + 22),
    )
