"""Equal documents of a run share one value (docs/decisions/0044): rules only read it."""

from __future__ import annotations

from copy import deepcopy

from gate.explain.rule_examples import example_of
from gate.lint.engine import lint
from gate.lint.rules import RULES
from gate.lint.settings import lint_settings
from gate.manifests.images import image_uses
from gate.manifests.load import load_manifests
from gate.policy.profile import Profile, ProfileAlone


def test_judging_an_object_leaves_its_value_as_it_is() -> None:
    examples = [(rule.name, example_of(rule.name)) for rule in RULES]
    objects = load_manifests((name, one.bad.encode()) for name, one in examples if one).objects
    before = deepcopy([obj.value for obj in objects])
    report = lint(
        objects, image_uses(objects).uses, lint_settings(ProfileAlone(profile=Profile.ALL))
    )
    assert len({finding.rule for finding in report.findings}) > 100
    assert [obj.value for obj in objects] == before
