"""`gate explain PAGE`: every page that a message points to is in the installed package."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gate.cli.commands.explain import explain
from gate.errors import UsageError
from gate.explain.guide_pages import guide_names, guide_page
from gate.explain.pages import names, page_of
from gate.explain.rules import explain as explain_rule
from gate.explain.rules import list_rules
from gate.lint.settings import ALWAYS
from gate.lint.suppress import Request, annotated
from gate.manifests.load import load_manifests

ROOT = Path(__file__).parents[2]
SAID = re.compile(r"`docs/([a-z-]+)\.md`")


def test_every_page_that_a_message_names_is_there() -> None:
    sources = "".join(path.read_text() for path in ROOT.glob("gate/**/*.py"))
    named = set(SAID.findall(sources + "".join(page_of(name) or "" for name in names())))
    assert len(named) > 3
    assert named - set(guide_names()) == set()


@pytest.mark.parametrize("name", ["evidence", "evidence.md", "docs/evidence.md"])
def test_a_page_is_printed_by_each_of_its_names(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert explain(name) == 0
    assert capsys.readouterr().out == (ROOT / "docs/evidence.md").read_text()


@pytest.mark.parametrize(
    "name", ["../README", "docs/../README.md", "decisions/0001", "/etc/passwd"]
)
def test_no_other_file_is_printed(name: str) -> None:
    assert guide_page(name) is None
    with pytest.raises(UsageError):
        explain(name)


def test_a_code_that_points_to_a_page_says_how_to_read_it_here(
    capsys: pytest.CaptureFixture[str],
) -> None:
    explain("unjudged-image")
    assert "\n`gate explain docs/images.md` prints that page.\n" in capsys.readouterr().out


def test_a_rule_says_its_name_once(capsys: pytest.CaptureFixture[str]) -> None:
    explain("run-as-non-root")
    assert capsys.readouterr().out.startswith("# run-as-non-root\n\nContainers")


@pytest.mark.parametrize("rule", [r.name for r in list_rules()])
def test_what_a_rules_page_says_about_silence_is_what_lint_obeys(rule: str) -> None:
    page = explain_rule(rule) or ""
    section = page.partition("## Silence\n")[2]
    if rule in ALWAYS:
        assert (
            section
            == "\nNo policy and no manifest silences this rule: what it finds was not judged.\n"
        )
        return
    comment, metadata = re.findall(r"(?s)```yaml\n(# gate: [^\n]+)\n(metadata:.*?)```", section)[0]
    text = f"apiVersion: v1\nkind: Pod\n{comment}\n{metadata}  name: web\nspec: {{}}\n"
    (obj,) = load_manifests([("pod.yaml", text.encode())]).objects
    assert obj.document.ignores[4] == [((rule,), "the reason")]
    asked = list(annotated(obj, ()))
    assert Request(rule, "the reason") in asked
    assert ("checkov" in section) is (len(asked) > 1)
