"""How a policy names files."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from gate.policy.manifests import MAX_PATTERNS, ManifestsSection
from gate.policy.paths import PathPattern


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("vendor", "vendor"),
        ("vendor", "vendor/a/b.yaml"),
        ("vendor/*", "vendor/a/b.yaml"),
        ("*.yaml", "a.yaml"),
        ("**/vendor", "vendor/a.yaml"),
        ("**/vendor", "x/y/vendor/a.yaml"),
        ("x/**/c.json", "x/c.json"),
        ("x/**", "x/c.json"),
        ("**/a b.yaml", "x/a b.yaml"),
    ],
)
def test_a_pattern_matches_a_path_and_all_below_a_folder(pattern: str, path: str) -> None:
    assert PathPattern(pattern).matches(path)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("vendor", "x/vendor/a.yaml"),
        ("vendor", "vendors/a.yaml"),
        ("*.yaml", "x/a.yaml"),
        ("*.yaml", "a.YAML"),
        ("x/**", "x"),
        ("x/**/c.json", "x/y/d.json"),
        ("a.yaml", "aXyaml"),
    ],
)
def test_a_pattern_matches_nothing_else(pattern: str, path: str) -> None:
    assert not PathPattern(pattern).matches(path)


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("", "the only wildcards"),
        ("!keep.yaml", "the only wildcards"),
        ("[ab].yaml", "the only wildcards"),
        ("a?.yaml", "the only wildcards"),
        ("{a,b}.yaml", "the only wildcards"),
        ("/vendor", "as reports print it"),
        ("vendor/", "as reports print it"),
        ("./vendor", "as reports print it"),
        ("../vendor", "as reports print it"),
        ("a\nb", "as reports print it"),
        ("a**/b", "** is a whole segment"),
        ("a" * 2000, "at most"),
    ],
)
def test_what_means_something_else_in_other_tools_is_refused(pattern: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem.replace("*", r"\*")):
        PathPattern(pattern)
    with pytest.raises(ValidationError, match=problem.replace("*", r"\*")):
        ManifestsSection.model_validate({"exclude": [pattern]})


def test_a_policy_excludes_a_few_patterns_each_once_and_never_none() -> None:
    some = [f"a{number}" for number in range(MAX_PATTERNS)]
    assert ManifestsSection.model_validate({"exclude": some}).exclude == tuple(some)
    for wrong in ([], ["a", "a"], [*some, "b"], "a", [1]):
        with pytest.raises(ValidationError):
            ManifestsSection.model_validate({"exclude": wrong})
