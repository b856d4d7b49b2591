"""The pages that people copy from: every policy in them loads, and every command is one."""

from __future__ import annotations

import re
import runpy
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from gate.checks import CHECKS
from gate.cli.app import COMMANDS as COMMANDS_OF_GATE
from gate.cli.app import build
from gate.lint.settings import check_rules
from gate.policy.load import load_policy

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r"(?ms)^```(\w+)\n(.*?)^```$")
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
KEY = b"-----BEGIN PUBLIC KEY-----\n"


def blocks(language: str) -> Iterator[tuple[str, str]]:
    for page in PAGES:
        text = page.read_text()
        for found in BLOCK.finditer(text):
            if found[1] == language:
                line = text.count("\n", 0, found.start()) + 2
                yield f"{page.name}:{line}", found[2]


WHOLE = re.compile(r"(?:#.*\n)*version: 1\n")
INLINE = re.compile(r"`(gate [^`\n]+)`")
POLICIES = [(at, text) for at, text in blocks("yaml") if WHOLE.match(text)]
COMMANDS = [
    (at, line.strip().removeprefix("$ "))
    for language, said in (("console", r"\$ (.*\| )?gate "), ("sh", r" *gate "))
    for at, text in blocks(language)
    for line in text.replace("\\\n", " ").splitlines()
    if re.match(said, line)
]


def named() -> Iterator[tuple[str, str]]:
    """Yield each command in a sentence: of the pages, of the examples, and of gate itself."""
    pages = [*PAGES, *ROOT.glob("docs/*/*.md"), *ROOT.glob("examples/*/*.md")]
    for path in sorted([*pages, *(ROOT / "gate").rglob("*.py")]):
        name = str(path.relative_to(ROOT))
        yield from ((name, line) for line in INLINE.findall(path.read_text()))


@cache
def options(name: str) -> frozenset[str]:
    """Return the options of a command; of gate itself, where there is no name."""
    if not name:
        return frozenset({"--version", "--registries", "--help"})
    return frozenset(o for p in build(name).params for o in p.opts) | {"--help"}


def unknown(line: str) -> list[str]:
    """Return what is in a line after `gate` and gate does not have."""
    words = shlex.split(line.partition(" > ")[0].partition(" || ")[0], comments=True)
    if words[1:2] == ["--registries"]:
        words = [words[0], *words[3:]]
    name = next((word for word in words[1:] if word[:1].islower()), "")
    if name and name not in COMMANDS_OF_GATE:
        return [name]
    said = [word.strip("[]").partition("=")[0] for word in words if word.lstrip("[")[:2] == "--"]
    return [word for word in said if word not in options(name)]


@pytest.mark.parametrize(("at", "text"), POLICIES, ids=[at for at, _ in POLICIES])
def test_a_policy_on_a_page_is_one_that_gate_reads(at: str, text: str) -> None:
    policy = load_policy(
        text.replace("sha256:…", f"sha256:{'0' * 64}").encode(),
        at,
        checks={name: check.params for name, check in CHECKS.items()},
        check_rules=check_rules,
        read=lambda _: KEY,
    )
    assert policy.images


@pytest.mark.parametrize(("at", "line"), COMMANDS, ids=[at for at, _ in COMMANDS])
def test_a_command_on_a_page_is_one_that_gate_has(at: str, line: str) -> None:
    called = next(part for part in line.split("| ") if part.startswith("gate "))
    assert unknown(called) == [], at


def test_a_command_in_a_sentence_is_one_that_gate_has() -> None:
    found = list(named())
    wrong = {(at, line): words for at, line in found if (words := unknown(line)) != []}
    assert (wrong, len(found) > 500) == ({}, True)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("gate check --dry-run manifests/", []),
        ("gate judge manifests/", ["judge"]),
        ("gate check --wet-run manifests/", ["--wet-run"]),
        ("gate lint --fix [--diff]", []),
        ("gate lint --fix [--differ]", ["--differ"]),
    ],
)
def test_a_command_that_gate_does_not_have_is_found(line: str, words: list[str]) -> None:
    assert unknown(line) == words


def test_the_pages_have_policies_and_commands_to_hold() -> None:
    assert {at.partition(":")[0] for at, _ in POLICIES} >= {"README.md", "cookbook.md"}
    assert {at.partition(":")[0] for at, _ in COMMANDS} >= {"README.md", "cookbook.md"}


def test_every_list_and_page_that_is_made_from_the_code_says_what_the_code_says() -> None:
    made: dict[str, str] = runpy.run_path(str(ROOT / "docs" / "generate.py"))["generated"]()
    stale = [name for name, text in made.items() if (ROOT / name).read_text() != text]
    assert stale == [], "run `make docs`"


@pytest.mark.parametrize("command", COMMANDS_OF_GATE)
def test_every_command_is_told_of_on_a_page(command: str) -> None:
    assert any(re.search(rf"\bgate {command}\b", page.read_text()) for page in PAGES)


def test_no_two_decisions_have_one_number() -> None:
    named = [path.name[:4] for path in (ROOT / "docs" / "decisions").glob("*.md")]
    assert sorted(named) == sorted(set(named))
