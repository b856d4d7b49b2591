from __future__ import annotations

import re
from pathlib import Path

from gate.explain.rules import list_rules

PAGE = Path(__file__).parents[2] / "docs" / "peers.md"
_NAME = re.compile(r"[a-z]+(?:-[a-z0-9]+)+")


def _rules_named() -> set[str]:
    """Return what stands in the columns of rules, where it has the shape of a rule's name."""
    named: set[str] = set()
    peer = ""
    for line in PAGE.read_text().splitlines():
        if line.startswith("## "):
            peer = line[3:]
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        column = 0 if peer == "KubeLinter" else 1
        if len(cells) in (3, 4) and peer != "How it was measured":
            words = cells[column].replace(" and the like", "").split(", ")
            named |= {word for word in words if _NAME.fullmatch(word)}
    return named


def test_the_page_on_peers_names_rules_that_there_are() -> None:
    known = {rule.name for rule in list_rules()}
    named = _rules_named()
    assert named - known == set()
    assert len(named) > 50
