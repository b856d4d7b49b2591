"""Links between the pages of this repository. Links to other places are not followed."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"(?m)^#{1,6} (.+?) *#*$")
CODE = re.compile(r"(?s)```.*?```|`[^`\n]*`")
ELSEWHERE = ("https://", "http://", "mailto:")


def pages() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],  # noqa: S607  # git of the one who tests
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    found = [ROOT / name for name in listed.stdout.splitlines()] or sorted(
        ROOT.glob("docs/**/*.md")
    )
    return [page for page in found if page.is_file()]


def anchors(page: Path) -> set[str]:
    """Return the anchors that GitHub and GitLab give to the headings of a page."""
    text = re.sub(r"(?s)```.*?```", "", page.read_text())
    plain = (re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", h.lower()) for h in HEADING.findall(text))
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in plain}


def broken(page: Path) -> list[str]:
    wrong = []
    for target in LINK.findall(CODE.sub("", page.read_text())):
        if target.startswith(ELSEWHERE):
            continue
        name, _, anchor = target.partition("#")
        there = (page.parent / name).resolve() if name else page
        missing = not there.exists()
        if missing or (anchor and there.suffix == ".md" and anchor not in anchors(there)):
            wrong.append(target)
    return wrong


def test_every_link_of_a_page_leads_to_something() -> None:
    found = pages()
    wrong = {str(page.relative_to(ROOT)): broken(page) for page in found}
    assert ({name: links for name, links in wrong.items() if links}, found != []) == ({}, True)


def test_a_link_to_nothing_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# A page\n[a](other.md) [b](#a-page) [c](#b) `[d](gone.md)`\n")
    assert broken(page) == ["other.md", "#b"]
