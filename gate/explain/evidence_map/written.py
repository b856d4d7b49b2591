"""The map as Markdown, JSON and HTML. The same policy gives the same bytes."""

from __future__ import annotations

import html
import json
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from gate.explain.evidence_map.answers import AnswerState, ItemAnswer
from gate.explain.evidence_map.item import Framework
from gate.policy.document import Policy
from gate.reports.neutral import html as plain_html
from gate.reports.neutral import markdown as plain_markdown

NOTE: Final = (
    "An answer is evidence for an item. Whether it is enough is for the auditor to say. The words "
    "are ours: read the item itself at its source."
)


def write_markdown(framework: Framework, policy: Policy, found: Sequence[ItemAnswer]) -> str:
    """Return a page with a table."""
    lines = [
        f"# {framework.title}",
        "",
        f"Policy {plain_markdown(policy.path)}, {policy.digest}. {_summary(found)}",
        "",
        f"{NOTE} Source: {framework.source}",
        "",
        "| item | it says | state | asked by this policy | what a pass proves |",
        "| --- | --- | --- | --- | --- |",
    ]
    for one in found:
        cells = (one.item.identifier, one.item.text, one.state, _asked(one), _proofs(one))
        lines.append(f"| {' | '.join(cells)} |")
    return "".join(f"{line}\n" for line in lines)


def write_json(framework: Framework, policy: Policy, found: Sequence[ItemAnswer]) -> str:
    """Return one JSON object."""
    value = {
        "framework": framework.name,
        "title": framework.title,
        "source": framework.source,
        "policy": {"path": policy.path, "digest": str(policy.digest)},
        "counts": {str(state): n for state, n in _counts(found).items()},
        "items": [
            {
                "id": one.item.identifier,
                "text": one.item.text,
                "state": one.state,
                "checks": [
                    {"name": name, "entries": by, "ofEntries": of} for name, by, of in one.asked
                ],
                "rules": list(one.rules),
                "rulesThatSpeakToIt": one.speaking,
                "couldAsk": list(one.could),
                "passProves": list(one.proofs),
            }
            for one in found
        ],
    }
    return json.dumps(value, indent=2) + "\n"


def write_html(framework: Framework, policy: Policy, found: Sequence[ItemAnswer]) -> str:
    """Return a page that loads nothing."""
    rows = "".join(
        "<tr>"
        + "".join(
            f"<td>{html.escape(cell)}</td>"
            for cell in (
                one.item.identifier,
                one.item.text,
                one.state,
                _asked(one),
                _proofs(one),
            )
        )
        + "</tr>\n"
        for one in found
    )
    title = html.escape(framework.title)
    about = f"Policy {plain_html(policy.path)}, {policy.digest}. {html.escape(_summary(found))}"
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">"
        f"<title>{title}</title><style>body{{font-family:sans-serif}}"
        "td,th{border:1px solid;padding:.3em;text-align:left;vertical-align:top}"
        "table{border-collapse:collapse}</style></head>\n"
        f"<body><h1>{title}</h1>\n<p>{about}</p>\n"
        f"<p>{html.escape(NOTE)} Source: {html.escape(framework.source)}</p>\n"
        "<table><tr><th>item</th><th>it says</th><th>state</th><th>asked by this policy</th>"
        f"<th>what a pass proves</th></tr>\n{rows}</table></body></html>\n"
    )


MAP_FORMATS: Final[dict[str, Callable[[Framework, Policy, Sequence[ItemAnswer]], str]]] = {
    "markdown": write_markdown,
    "json": write_json,
    "html": write_html,
}


def _counts(found: Sequence[ItemAnswer]) -> dict[AnswerState, int]:
    counted = Counter(one.state for one in found)
    return {state: counted[state] for state in AnswerState}


def _summary(found: Sequence[ItemAnswer]) -> str:
    told = (f"{count} {state}" for state, count in _counts(found).items())
    return f"{len(found)} items: {', '.join(told)}."


def _asked(one: ItemAnswer) -> str:
    parts = [name if by == of else f"{name} ({by} of {of} entries)" for name, by, of in one.asked]
    if one.rules:
        parts.append(f"{len(one.rules)} of {one.speaking} rules: {', '.join(one.rules)}")
    if one.could:
        parts.append(f"it could ask: {', '.join(one.could)}")
    return "; ".join(parts)


def _proofs(one: ItemAnswer) -> str:
    return "; ".join(one.proofs)
