"""Foreign text in reports, read by parsers that are not ours: it makes nothing but text."""

from __future__ import annotations

import json
import re
from collections import Counter
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from markdown_it import MarkdownIt

from gate.reports import (
    FORMATS,
    codequality,
    dotenv,
    github,
    html_page,
    json_v1,
    junit,
    markdown,
    sarif,
    text,
)
from tests.reports.hostile import FRAGMENTS, hostile, texts

EVERYTHING = "".join(FRAGMENTS)
BENIGN = hostile("benign")


@given(texts)
@example(EVERYTHING)
@example(":::error::x")
def test_r292_no_report_holds_a_command_of_a_ci_system(foreign: str) -> None:
    for name, render in FORMATS.items():
        page = render(hostile(foreign))
        assert not re.search(r"##\w*\[", page), name
        own = "::error file=", "::error title=", "::warning file=", "::warning title="
        starts = [line for line in re.split(r"[\r\n]", page) if line.lstrip().startswith("::")]
        assert all(name == "github" and line.startswith(own) for line in starts)
        assert not re.search(r"section_(start|end):\d+:[^\r\n]*\r", page), name
        assert "\x1b" not in page, name


@given(texts)
@example(EVERYTHING)
def test_r295_junit_has_the_elements_of_a_harmless_report(foreign: str) -> None:
    root = ET.fromstring(junit.render(hostile(foreign)))  # noqa: S314  # our own document
    benign = ET.fromstring(junit.render(BENIGN))  # noqa: S314  # our own document
    assert _tags(root) == _tags(benign)
    assert {k: root.get(k) for k in ("tests", "failures", "errors", "skipped")} == {
        k: benign.get(k) for k in ("tests", "failures", "errors", "skipped")
    }


@given(texts)
@example(EVERYTHING)
def test_r295_sarif_has_no_link_no_placeholder_and_the_results_of_a_harmless_report(
    foreign: str,
) -> None:
    run = json.loads(sarif.render(hostile(foreign)))["runs"][0]
    messages = [r["message"]["text"] for r in run["results"]]
    assert len(messages) == len(json.loads(sarif.render(BENIGN))["runs"][0]["results"])
    assert not any(re.search(r"\]\(|\{\d+\}|(?<!\w)@\w", m) for m in messages)
    for result in run["results"]:
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"file:///[A-Za-z0-9._~/%-]*|[A-Za-z0-9._~/%-]+", uri)
        assert uri.startswith("file:///") or not uri.startswith("/")


@given(texts)
@example(EVERYTHING)
def test_r293_markdown_has_the_elements_of_a_harmless_report_and_no_link(foreign: str) -> None:
    page = markdown.render(hostile(foreign))
    assert _html(page) == _html(markdown.render(BENIGN))


@given(texts)
@example(EVERYTHING)
def test_r293_nothing_in_the_prose_of_markdown_is_linked_or_mentioned(foreign: str) -> None:
    html = MarkdownIt("commonmark").enable("table").render(markdown.render(hostile(foreign)))
    prose = _Text()
    prose.feed(html)
    shown = prose.text
    assert not re.search(r"(?<!\w)@\w|#\d|!\d|~\w|GH-\d", shown, re.IGNORECASE)
    assert not re.search(r"\w+://|www\.\w|\w@\w+\.\w|:[a-z]\w*:", shown)


@given(texts)
@example(EVERYTHING)
def test_r293_the_page_has_the_elements_of_a_harmless_report_and_no_address(foreign: str) -> None:
    assert _elements(html_page.render(hostile(foreign))) == _elements(html_page.render(BENIGN))


@given(texts)
@example(EVERYTHING)
def test_r290_dotenv_has_lines_that_hold_no_space_quote_or_comment(foreign: str) -> None:
    lines = dotenv.render(hostile(foreign)).split("\n")
    assert lines[-1] == ""
    assert all(re.fullmatch(r"GATE_[A-Z_0-9]+=[A-Za-z0-9._:/@+-]+", line) for line in lines[:-1])
    assert lines == dotenv.render(BENIGN).split("\n")


@given(texts)
@example(EVERYTHING)
def test_r296_annotations_have_the_lines_of_a_harmless_report(foreign: str) -> None:
    lines = github.render(hostile(foreign)).splitlines()
    assert len(lines) == len(github.render(BENIGN).splitlines())
    for line in lines:
        found = re.fullmatch(r"::(error|warning) ([^:]*)::(.*)", line)
        assert found, line
        keys = [part.partition("=")[0] for part in found[2].split(",")]
        assert keys in (["file", "line", "col", "title"], ["title"])
        assert "%0A" not in found[0].upper().replace("%250A", "")


@given(texts)
@example(EVERYTHING)
def test_r295_code_quality_has_the_issues_of_a_harmless_report(foreign: str) -> None:
    issues = json.loads(codequality.render(hostile(foreign)))
    assert len(issues) == len(json.loads(codequality.render(BENIGN)))
    for issue in issues:
        path = issue["location"]["path"]
        assert path
        assert not path.startswith(("/", "./"))
        assert ".." not in path.split("/")
        shown = issue["description"] + path
        assert all(c.isprintable() or c.isspace() for c in shown)
        assert not set(shown) & set("\n\r\t\x1b\u2028")


@given(texts)
@example(EVERYTHING)
def test_r291_json_holds_foreign_text_exactly(foreign: str) -> None:
    value = json.loads(json_v1.render(hostile(foreign)))
    assert value["findings"][0]["message"] == foreign
    assert value["policy"]["path"] == foreign


@given(texts)
@example(EVERYTHING)
def test_r296_the_text_report_has_no_line_that_begins_with_foreign_text(foreign: str) -> None:
    page = text.render(hostile("\n" + foreign))
    assert "\\x0a" in page
    assert page.isprintable() or not set(page) & set("\r\x1b\u202e\u200b\u2028\x00\x85")


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_r290_every_report_can_be_written_as_utf_8(name: str) -> None:
    FORMATS[name](hostile("\ud800\udfff")).encode()
    assert FORMATS[name](hostile("\ud800")) == FORMATS[name](hostile("\ud800"))


class _Text(HTMLParser):
    """What stands in no `code` element: there GitHub and GitLab look for links."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.depth = 0

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        self.depth += tag == "code"

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag == "code"

    def handle_data(self, data: str) -> None:
        self.text += " " if self.depth else data


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags[f"{tag} {attrs}"] += 1

    def handle_comment(self, _data: str) -> None:
        self.tags["comment"] += 1

    def handle_decl(self, _decl: str) -> None:
        self.tags["declaration"] += 1

    def handle_pi(self, _data: str) -> None:
        self.tags["instruction"] += 1


def _elements(page: str) -> Counter[str]:
    """Return the elements of a page, with the names of their attributes and where links lead."""
    parser = _Elements()
    parser.feed(page)
    parser.close()
    return parser.tags


class _Elements(_Tags):
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # type: ignore[override]  # what HTMLParser hands over
        where = [v for name, v in attrs if name in {"href", "src"}]
        assert all(v is not None and v.startswith("#") for v in where)
        self.tags[f"{tag} {[name for name, _ in attrs]}"] += 1


def _html(page: str) -> Counter[str]:
    parser = _Tags()
    parser.feed(MarkdownIt("commonmark").enable("table").render(page))
    assert not any(tag.startswith(("a ", "img ", "script ")) for tag in parser.tags)
    return parser.tags


def _tags(root: ET.Element) -> Counter[str]:
    return Counter(element.tag for element in root.iter())
