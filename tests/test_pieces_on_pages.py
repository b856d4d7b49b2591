"""Pieces of YAML and JSON on the pages: each is of a known kind, and holds what that kind may.

Whole policies and commands are held by `test_documentation.py`, whole pages by `tests/acceptance/`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import jsonschema
import pytest
import yaml

from gate.explain.schema import policy_schema, registries_schema
from gate.lint.settings import lint_settings
from gate.manifests.load import load_manifests
from gate.policy.manifests import ManifestsSection
from gate.policy.profile import Profile
from tests.fakes.linted import linted

ROOT: Final = Path(__file__).parent.parent
PAGES: Final = sorted(
    [ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *(ROOT / "docs/decisions").glob("*.md")]
)
BLOCK: Final = re.compile(r"(?ms)^```(yaml|json)\n(.*?)^```$")
OURS: Final = re.compile(r"(?:OWNER|<owner>)/gate(?:/([\w./-]+))?@(?:COMMIT|<commit>)")
TEMPLATE: Final = re.compile(r"gitlab/templates/(\w+)/template\.yml")
ROW: Final = re.compile(r"(?m)^\| ([^|]+) \|[^|]*\|[^|]*\|$")
REFUSED_BY_A_SERVER: Final = {
    *("unknown-field", "unknown-kind", "invalid-value", "schema-validation", "yaml-parse-error")
}
OF_A_WORKFLOW: Final = ["permissions", "jobs", "steps", "uses", "with", "secrets", "run"]
OF_A_PIPELINE: Final = ["include", "inputs", "variables", "id_tokens", "script"]
OF_THE_REGISTRY: Final = {"version", "log", "storage", "http"}


def pieces() -> Iterator[tuple[str, str, str]]:
    for page in PAGES:
        text = page.read_text()
        for found in BLOCK.finditer(text):
            line = text.count("\n", 0, found.start()) + 2
            yield f"{page.name}:{line}", found[1], found[2]


PIECES: Final = list(pieces())


def read(text: str) -> Any:  # noqa: ANN401  # any YAML
    """Return what a piece says, with a digest where it leaves one out, and days as texts."""
    whole = re.sub(r"(sha256: ?)[0-9a-f]*…", r"\g<1>" + "a" * 64, text)
    return json.loads(json.dumps(yaml.safe_load(whole), default=str))


def mappings(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in inner:
        yield from mappings(one)


@cache
def parts_of_a_policy() -> tuple[dict[str, Any], ...]:
    """Return the schemas of a policy and of its parts: a page may show some keys of one alone."""

    def loose(node: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in node.items() if key != "required"}

    whole = json.loads(json.dumps(policy_schema()), object_hook=loose)
    parts = (whole, whole["properties"]["images"]["items"], *whole["$defs"].values())
    return tuple({**part, "$defs": whole["$defs"]} for part in parts if "properties" in part)


def fits(value: object, schema: Mapping[str, Any]) -> bool:
    return jsonschema.Draft202012Validator(schema).is_valid(value)


def refused_by_a_server(text: str) -> list[str]:
    manifests = load_manifests([("page.yaml", text.encode())])
    section = ManifestsSection.model_validate({"profile": Profile.ALL.value})
    found = [*manifests.findings, *linted(manifests.objects, lint_settings(section)).findings]
    return [f.message for f in found if f.rule in REFUSED_BY_A_SERVER]


@cache
def taken(place: str) -> frozenset[str]:
    """Return the inputs, and of a workflow the secrets, of what a page calls of gate."""
    if place.endswith("template.yml"):
        spec = next(yaml.safe_load_all((ROOT / place).read_text()))
        return frozenset(spec["spec"]["inputs"])
    said = yaml.safe_load((ROOT / place).read_text())
    call = said[True]["workflow_call"] if True in said else said
    return frozenset({*call["inputs"], *call.get("secrets", ())})


def called(name: str | None) -> str:
    if name is None:
        return "action.yml"
    return name if name.endswith(".yml") else f"{name}/action.yml"


def not_taken(value: object) -> list[str]:
    """Return what a piece gives to an action, a workflow or a template that does not take it."""
    wrong = []
    for one in mappings(value):
        ours = OURS.fullmatch(str(one.get("uses")))
        template = TEMPLATE.fullmatch(str(one.get("file")))
        given = {**one.get("with", {}), **one.get("secrets", {})} if ours else {}
        place = called(ours[1]) if ours else ""
        if template:
            given, place = one["inputs"], template[0]
        wrong += [f"{place}: {key}" for key in given if key not in taken(place)]
    return wrong


def of_something_known(at: str, text: str) -> bool:
    """Whether a piece is right as one of what the pages show. Asserts what its kind demands."""
    value = read(text)
    keys = set(value) if isinstance(value, dict) else {key for one in value for key in one}
    if "apiVersion" in keys:
        assert refused_by_a_server(text) == []
        return True
    if any(fits(value, schema) for schema in (*parts_of_a_policy(), registries_schema())):
        return True
    if any(key in one for one in mappings(value) for key in (*OF_A_WORKFLOW, *OF_A_PIPELINE)):
        assert not_taken(value) == []
        return True
    if "repos" in keys:
        hooks = {
            hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
        }
        return {hook["id"] for repo in value["repos"] for hook in repo["hooks"]} <= hooks
    if at.startswith("admission.md"):
        return keys <= set(yaml.safe_load((ROOT / "charts/gate/values.yaml").read_text()))
    return at.startswith("walk-through.md") and keys == OF_THE_REGISTRY


@pytest.mark.parametrize(("at", "language", "text"), PIECES, ids=[at for at, _, _ in PIECES])
def test_a_piece_on_a_page_is_one_that_its_reader_takes(at: str, language: str, text: str) -> None:
    if language == "json":
        assert json.loads(text) != {}
    else:
        assert of_something_known(at, text)


@pytest.mark.parametrize(
    "text",
    [
        "signature: {by: [ci], atleast: 2}",
        "plain-htttp: [localhost]",
        "jobs: {gate: {uses: OWNER/gate@COMMIT, with: {manifest: k8s/}}}",
        "include: [{file: gitlab/templates/gate/template.yml, inputs: {keypath: a}}]",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {container: []}",
        "repos: [{repo: a, hooks: [{id: gate-check}]}]",
    ],
)
def test_a_piece_with_a_slip_is_found(text: str) -> None:
    try:
        known = of_something_known("page.md:1", text)
    except AssertionError:
        known = False
    assert not known


@pytest.mark.parametrize(
    ("page", "places"),
    [
        ("github.md", ["action.yml"]),
        ("gitlab.md", [f"gitlab/templates/{name}/template.yml" for name in ("gate", "admit")]),
    ],
)
def test_the_table_of_inputs_has_each_that_there_is_and_no_other(
    page: str, places: list[str]
) -> None:
    section = re.split(r"(?m)^## Inputs.*\n", (ROOT / "docs" / page).read_text())[1]
    rows = ROW.findall(section.partition("\n## ")[0])
    told = {name for row in rows for name in re.findall(r"`([\w-]+)`", row)}
    assert told == set().union(*map(taken, places))
