"""How it is said that a file, or a run, holds nothing that can be judged."""

from __future__ import annotations

import pytest

from gate.errors import DocumentError
from gate.manifests.load import load_manifests
from gate.manifests.refused import nothing_to_judge, unreadable
from gate.model.location import Location

REMEDY = "name a manifest"


def _first(*files: tuple[str, bytes]) -> tuple[str, str, str | None]:
    """Return the problem, the remedy and the place of a run over these files."""
    error = nothing_to_judge(load_manifests(files).findings, "nothing here", remedy=REMEDY)
    assert (error.code, error.exit_code) == ("nothing-to-judge", 2)
    return error.problem, error.remedy, str(error.location) if error.location else None


def test_a_run_without_any_file_says_what_the_call_can_do() -> None:
    assert _first() == ("nothing here", REMEDY, None)


def test_a_run_without_objects_says_what_its_files_are_before_what_is_broken_in_others() -> None:
    problem, remedy, place = _first(("a.yaml", b"a: ["), ("c/values.yaml", b"a: 1"))
    assert problem.startswith("nothing here; c: these are Helm values without their chart")
    assert ("gate check CHART --values" in remedy, place) == (True, "c/values.yaml:1:1")
    problem, _, place = _first(("a.yaml", b"a: ["))
    assert (problem.startswith("nothing here; "), place) == (True, "a.yaml:1:5")


@pytest.mark.parametrize(
    ("text", "rule", "code"),
    [
        ("a: [", "yaml-parse-error", "yaml-parse-error"),
        ("a: !x b", "yaml-parse-error", "yaml-tag"),
        ("a: 1\na: 2", "yaml-duplicate-key", "yaml-duplicate-key"),
        ("a: {{ b }}\na: 2", "yaml-parse-error", "template-not-rendered"),
        ("[" * 100, "yaml-limits", "yaml-too-deep"),
        ("[" * 100 + "{{", "yaml-limits", "yaml-too-deep"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_finding_of_its_kind(
    text: str, rule: str, code: str
) -> None:
    (finding,) = load_manifests([("f", text.encode())]).findings
    assert (finding.rule, finding.code) == (rule, code)


def test_an_error_without_a_place_is_at_the_beginning_of_its_file() -> None:
    error = DocumentError("yaml-parse-error", "it is odd", remedy="correct it")
    assert unreadable(error, b"", "f").location == Location("f", 1)
