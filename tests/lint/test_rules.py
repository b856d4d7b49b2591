"""For each rule, a manifest on which it fires, and one that differs little and passes.

They are the examples of the rules' pages.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

from gate.explain.rule_examples import example_of
from gate.explain.rules import explain, list_rules
from gate.lint import rules
from gate.lint.rule import Rule, Scope
from gate.lint.settings import lint_settings
from gate.manifests.images import image_uses
from gate.manifests.load import load_manifests
from gate.policy.manifests import ManifestsSection
from gate.policy.profile import Profile
from tests.fakes.linted import linted

RULES = {rule.name: rule for rule in list_rules()}
ALONE = {"yaml-limits", "input-not-read"}
"""Rules about a file's size and kind: no few lines of text show them."""
EVERY_RULE = lint_settings(
    ManifestsSection.model_validate({"profile": Profile.ALL.value, "complete": True})
)


def _of_objects(text: str) -> set[str]:
    manifests = load_manifests([("f.yaml", text.encode())])
    assert not manifests.findings
    found = linted(manifests.objects, EVERY_RULE).findings
    return {name for finding in found for name in (finding.rule, *finding.also)}


def _of_files(text: str) -> set[str]:
    manifests = load_manifests([("f.yaml", text.encode())])
    uses = image_uses(manifests.objects, manifests.positions)
    return {finding.rule for finding in (*manifests.findings, *uses.findings)}


@pytest.mark.parametrize("name", sorted(RULES.keys() - ALONE))
def test_the_rule_fires_on_what_it_is_about_and_on_nothing_near_it(name: str) -> None:
    example = example_of(name)
    assert example is not None, f"write gate/lint/examples/{name}.yaml"
    reported = _of_files if RULES[name].scope is Scope.FILE else _of_objects
    assert name in reported(example.bad)
    assert name not in reported(example.good)


def test_every_example_is_of_a_rule() -> None:
    folder = Path(__file__).parents[2] / "gate" / "lint" / "examples"
    assert {path.stem for path in folder.iterdir()} == RULES.keys() - ALONE


def test_every_rule_that_is_written_is_in_its_topics_table_and_every_topic_is_asked() -> None:
    topics = [import_module(f"{rules.__name__}.{m.name}") for m in iter_modules(rules.__path__)]
    written = {rule.name for t in topics for rule in vars(t).values() if isinstance(rule, Rule)}
    assert written == {rule.name for rule in rules.RULES}


@pytest.mark.parametrize("name", RULES)
def test_every_rule_says_why_when_it_passes_and_what_to_do(name: str) -> None:
    sections = RULES[name].sections
    assert all(sections[part] for part in ("headline", "Why", "Passes when", "Remedy"))


@pytest.mark.parametrize("name", RULES)
def test_a_page_shows_the_example_that_the_tests_hold(name: str) -> None:
    example, page = example_of(name), explain(name)
    assert page
    texts = (example.bad, example.good) if example else ()
    assert [text in page for text in texts] == [True for _ in texts]


def test_a_field_keeps_its_case_where_a_sentence_begins_with_it() -> None:
    page = explain("host-network")
    assert page
    assert "**Passes when:** hostNetwork is not true." in page
    assert "**Why:** The pod can listen" in page


def test_no_sentence_of_a_page_begins_with_a_field_in_another_case() -> None:
    firsts = {
        rule.sections[part].split()[0]: (name, part)
        for name, rule in RULES.items()
        for part in ("Why", "Passes when", "Remedy")
    }
    pages = {name: explain(name) or "" for name in RULES}
    fields = {word: at for word, at in firsts.items() if any(c.isupper() for c in word[1:])}
    assert len(fields) > 20
    assert [
        word for word, (name, part) in fields.items() if f"**{part}:** {word}" not in pages[name]
    ] == []
