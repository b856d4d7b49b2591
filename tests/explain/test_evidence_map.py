"""The map for auditors: unanswered items first, nothing claimed that the policy does not ask."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gate.checks import CHECKS
from gate.cli.app import app
from gate.cli.commands.evidence_map import FrameworkName, MapFormat
from gate.cli.reads.find_policy import find_policy
from gate.explain.evidence_map.answers import FRAMEWORKS, PROVES, AnswerState, answers
from gate.explain.evidence_map.item import PASSES, REGISTRIES, REVOCATIONS
from gate.explain.evidence_map.written import MAP_FORMATS
from gate.keys.private import generate
from gate.keys.public import public_pem
from gate.lint.rules import RULES
from gate.policy.document import Policy

EVERY = sorted(FRAMEWORKS)
SIGNED = "signature: {by: [ci]}"


def policy(folder: Path, *demands: str, more: str = "") -> Policy:
    (folder / "ci.pub").write_bytes(public_pem(generate().public_key()))
    entries = "".join(f"  - {{match: ghcr.io/acme/a{n}, {d}}}\n" for n, d in enumerate(demands))
    text = f"version: 1\nsigners: {{ci: {{key: ci.pub}}}}\nimages:\n{entries}{more}"
    (folder / "p.yaml").write_text(text)
    return find_policy(str(folder / "p.yaml"), None)


def state(framework: str, identifier: str, read: Policy) -> AnswerState:
    found = answers(FRAMEWORKS[framework], read)
    return next(one.state for one in found if one.item.identifier == identifier)


def test_every_framework_and_format_can_be_asked_for() -> None:
    assert [str(one) for one in sorted(FrameworkName)] == EVERY
    assert sorted(map(str, MapFormat)) == sorted(MAP_FORMATS)


@pytest.mark.parametrize("name", EVERY)
def test_an_item_has_one_identifier_and_names_what_there_is(name: str) -> None:
    items = FRAMEWORKS[name].items
    assert len({item.identifier for item in items}) == len(items)
    parts = {check for item in items for check in item.checks}
    assert parts <= {*CHECKS, REGISTRIES, PASSES, REVOCATIONS}
    assert parts <= PROVES.keys()
    known = {f"cis {rule.references.cis}" for rule in RULES}
    known |= {f"owasp-2025 {rule.references.owasp_2025}" for rule in RULES}
    named = {tag for item in items for tag in item.tags}
    if name not in ("cis", "owasp"):  # of these two, items are listed that no rule speaks to
        assert named - {"owasp-2025 K09"} <= known


def test_every_rule_of_the_benchmark_has_its_item() -> None:
    tags = {tag for item in FRAMEWORKS["cis"].items for tag in item.tags}
    assert {f"cis {r.references.cis}" for r in RULES if r.references.cis} <= tags
    tags = {tag for item in FRAMEWORKS["owasp"].items for tag in item.tags}
    named = {r.references.owasp_2025 for r in RULES if r.references.owasp_2025}
    assert {f"owasp-2025 {one}" for one in named} <= tags


@pytest.mark.parametrize("name", EVERY)
def test_items_without_an_answer_come_first(name: str, tmp_path: Path) -> None:
    found = answers(FRAMEWORKS[name], policy(tmp_path, SIGNED, more="manifests: {profile: gate}\n"))
    order = [list(AnswerState).index(one.state) for one in found]
    assert order == sorted(order)
    assert len(found) == len(FRAMEWORKS[name].items)


def test_an_item_is_answered_only_where_every_image_is_asked(tmp_path: Path) -> None:
    item = ("nist-800-190", "4.1.5")
    assert state(*item, policy(tmp_path, "digest: required")) is AnswerState.NOT_ASKED
    assert state(*item, policy(tmp_path, SIGNED, "digest: required")) is AnswerState.IN_PART
    assert state(*item, policy(tmp_path, SIGNED, SIGNED)) is AnswerState.ANSWERED
    assert state("nist-800-190", "4.1.3", policy(tmp_path, SIGNED)) is AnswerState.NOTHING


def test_an_item_is_answered_only_where_every_rule_blocks(tmp_path: Path) -> None:
    item = ("cis", "5.2.2")
    assert state(*item, policy(tmp_path, SIGNED)) is AnswerState.NOT_ASKED
    every = [r.name for r in RULES if r.references.cis == "5.2.2"]
    assert len(every) == 2
    for block, off, expected in (
        (every, [], AnswerState.ANSWERED),
        (every[:1], every[1:], AnswerState.IN_PART),
        ([], every, AnswerState.NOT_ASKED),
    ):
        said = [
            f"{k}: [{', '.join(names)}]" for k, names in (("block", block), ("off", off)) if names
        ]
        rules = f"manifests: {{{', '.join(said)}}}\n"
        assert state(*item, policy(tmp_path, SIGNED, more=rules)) is expected


def test_a_pass_proves_what_is_asked_and_no_more(tmp_path: Path) -> None:
    read = policy(tmp_path, SIGNED)
    for name in EVERY:
        for one in answers(FRAMEWORKS[name], read):
            assert set(one.proofs) <= {PROVES["signature"]}
            asked = {check for check, _, _ in one.asked}
            assert asked == set(one.item.checks) & {"signature"}


def test_the_three_formats_say_the_same(tmp_path: Path) -> None:
    read = policy(tmp_path, SIGNED, "digest: required")
    framework = FRAMEWORKS["cra"]
    found = answers(framework, read)
    text = {name: write(framework, read, found) for name, write in MAP_FORMATS.items()}
    parsed = json.loads(text["json"])
    identifiers = [one.item.identifier for one in found]
    assert [item["id"] for item in parsed["items"]] == identifiers
    rows = [line.split(" | ")[0].removeprefix("| ") for line in text["markdown"].splitlines()]
    assert rows[-len(identifiers) :] == identifiers
    assert re.findall(r"<tr><td>(.*?)</td>", text["html"]) == identifiers
    assert sum(parsed["counts"].values()) == len(identifiers)
    assert "signature (1 of 2 entries)" in text["markdown"]


def test_the_name_of_a_policy_is_text_in_every_format(tmp_path: Path) -> None:
    folder = tmp_path / "<b>|x"
    folder.mkdir()
    read = policy(folder, SIGNED)
    found = answers(FRAMEWORKS["slsa"], read)
    assert "<b>" not in MAP_FORMATS["html"](FRAMEWORKS["slsa"], read, found)
    assert "<b>" not in MAP_FORMATS["markdown"](FRAMEWORKS["slsa"], read, found)


def test_it_is_written_to_a_file_or_printed(tmp_path: Path) -> None:
    policy(tmp_path, SIGNED)
    call = ["evidence-map", "--framework", "slsa", "--policy", str(tmp_path / "p.yaml")]
    printed = CliRunner().invoke(app, call)
    assert printed.exit_code == 0
    out = tmp_path / "map.md"
    assert CliRunner().invoke(app, [*call, "--output", str(out)]).exit_code == 0
    assert out.read_text() == printed.output
