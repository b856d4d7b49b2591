from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from gate.checks.provenance import CHECK, ProvenanceParams
from gate.model.predicates import Provenance
from gate.model.verdict import Passed
from tests.checks.given import NOW, asked, attested, codes, findings, image

TYPE = "https://slsa.dev/provenance/v1"
BUILDER = "https://github.com/acme/builders/.github/workflows/go.yml@refs/tags/v2.1.0"
SAID: dict[str, Any] = {
    "version": "1",
    "builder": BUILDER,
    "build_type": "https://actions.github.io/buildtypes/workflow/v1",
    "source": "https://github.com/acme/shop",
    "ref": "refs/tags/v1",
    "entry_point": ".github/workflows/release.yml",
}


def run(said: dict[str, Any] | None = None, **params: Any) -> Any:  # noqa: ANN401  # an Outcome
    evidence = attested(Provenance(**{**SAID, **(said or {})}), predicate_type=TYPE)
    policy = asked(ProvenanceParams, **{"by": ["ci"], "builder": BUILDER, **params})
    return CHECK.run(image(evidence), policy, NOW)


def test_provenance_that_says_all_that_is_asked_passes() -> None:
    outcome = run(
        source="https://github.com/acme/shop",
        ref="refs/tags/*",
        entry_point=".github/workflows/release.yml",
        build_type=SAID["build_type"],
    )
    assert isinstance(outcome, Passed)


@pytest.mark.parametrize(
    ("said", "params", "code"),
    [
        ({"builder": "https://evil.example"}, {}, "provenance-wrong-builder"),
        ({"builder": ""}, {}, "provenance-wrong-builder"),
        ({"source": "https://github.com/acme/shop-evil"}, {}, "provenance-wrong-source"),
        ({"source": ""}, {}, "provenance-wrong-source"),
        ({"ref": "refs/heads/main"}, {"ref": "refs/tags/*"}, "provenance-wrong-ref"),
        ({"ref": "refs/tags/a/b"}, {"ref": "refs/tags/*"}, "provenance-wrong-ref"),
        ({"entry_point": "x.yml"}, {"entry_point": "release.yml"}, "provenance-wrong-entry-point"),
        ({"build_type": "x"}, {"build_type": "y"}, "provenance-wrong-build-type"),
        ({"finished": NOW + timedelta(seconds=1)}, {}, "provenance-from-the-future"),
    ],
)
def test_r077_provenance_that_says_something_else_is_refused_for_that(
    said: dict[str, Any], params: dict[str, Any], code: str
) -> None:
    assert codes(run(said, source="https://github.com/acme/shop", **params)) == [code]


def test_of_several_attestations_the_one_that_came_nearest_is_told() -> None:
    far = attested(Provenance(**{**SAID, "builder": "b"}), predicate_type=TYPE)
    near = attested(Provenance(**{**SAID, "ref": "refs/heads/x"}), predicate_type=TYPE)
    policy = asked(ProvenanceParams, by=["ci"], builder=BUILDER, ref="refs/tags/v1")
    (finding,) = findings(CHECK.run(image(far, near), policy, NOW))
    assert finding.message == "the source ref is 'refs/heads/x'; the policy demands refs/tags/v1"


def test_a_builder_has_the_level_that_the_policy_gives_it() -> None:
    levels = {BUILDER.replace("v2.1.0", "*"): 3, "https://example.com/laptop": 1}
    for said, level, code in (
        ({}, 3, None),
        ({"builder": "https://example.com/laptop"}, 2, "provenance-level-too-low"),
        ({"builder": "https://example.com/unheard-of"}, 1, "provenance-level-too-low"),
    ):
        outcome = run(said, builder=None, levels=levels, minimum_level=level)
        assert (None if isinstance(outcome, Passed) else codes(outcome)[0]) == code


def test_no_provenance_is_absent() -> None:
    policy = asked(ProvenanceParams, by=["ci"], builder=BUILDER)
    assert codes(CHECK.run(image(), policy, NOW)) == ["provenance-absent"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"builder": None},
        {"builder": ""},
        {"builder": "*"},
        {"builder": "https://a/**"},
        {"levels": {BUILDER: 3}},
        {"minimum_level": 3},
        {"levels": {BUILDER: 1}, "minimum_level": 2},
        {"levels": {BUILDER: 4}, "minimum_level": 2},
        {"levels": {}, "minimum_level": 1},
        {"source": "https://github.com/acme/*"},
        {"source": "acme/shop"},
        {"ref": "*"},
    ],
)
def test_a_wrong_policy_is_refused_at_load(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        asked(ProvenanceParams, **{"by": ["ci"], "builder": BUILDER, **wrong})
