from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from gate.checks.provenance import CHECK, ProvenanceParams, level_of, matches
from gate.model.clock import TOLERANCE
from gate.model.predicates import Provenance
from gate.model.verdict import Passed
from gate.predicates import parse
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
        ({"finished": NOW + TOLERANCE + timedelta(seconds=1)}, {}, "provenance-from-the-future"),
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


def test_a_level_that_is_too_low_is_further_away_than_another_builder() -> None:
    other = "https://example.com/builder"
    far = attested(Provenance(**SAID), predicate_type=TYPE)
    near = attested(Provenance(**{**SAID, "builder": other, "ref": "x"}), predicate_type=TYPE)
    levels = {"levels": {BUILDER: 1, other: 3}, "minimum_level": 2}
    policy = asked(ProvenanceParams, by=["ci"], builder=BUILDER, ref="refs/tags/v1", **levels)
    assert codes(CHECK.run(image(far, near), policy, NOW)) == [
        "provenance-wrong-builder",
        "provenance-wrong-ref",
    ]
    assert codes(CHECK.run(image(far), policy, NOW)) == ["provenance-level-too-low"]


def test_a_builder_that_is_no_run_is_not_called_one_though_the_pattern_begins_like_it() -> None:
    usual = findings(run(builder="https://example.com/other"))[0].remedy
    said = {"builder": "https://example.com/b"}
    assert findings(run(said, builder="https://example.com/b/*"))[0].remedy == usual


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


SOURCE = "https://github.com/acme/shop"
TEKTON = "https://tekton.dev/chains/v2"


@pytest.mark.parametrize(
    ("said", "params", "code"),
    [
        ({}, {}, None),
        ({"source": "https://github.com/acme/pipelines"}, {}, None),
        ({}, {"levels": {TEKTON: 2}, "minimum_level": 2, "builder": None}, None),
        ({}, {"source_from": "parameters"}, "provenance-wrong-source"),
        ({}, {"builder": "https://tekton.dev/chains/*"}, "provenance-wrong-source"),
        (
            {"source": SOURCE, "inputs": (("https://e.example/x", ""),)},
            {},
            "provenance-wrong-source",
        ),
        (
            {"source": SOURCE, "inputs": ((SOURCE, ""), ("https://e.example/x", ""))},
            {},
            "provenance-wrong-source",
        ),
        ({"source": SOURCE, "inputs": ()}, {}, None),
        (
            {"source": SOURCE, "inputs": ()},
            {"source_from": "resolved-dependencies"},
            "provenance-wrong-source",
        ),
        (
            {"builder": "https://ci.example", "source": ""},
            {"builder": "https://ci.example"},
            "provenance-wrong-source",
        ),
        (
            {"builder": "https://ci.example", "source": ""},
            {"builder": "https://ci.example", "source_from": "resolved-dependencies"},
            None,
        ),
        ({"inputs": ((SOURCE, "refs/tags/v1"),)}, {"ref": "refs/tags/v1"}, None),
        ({"inputs": ((SOURCE, ""),)}, {"ref": "refs/tags/v1"}, "provenance-wrong-ref"),
    ],
)
def test_the_input_of_a_tekton_run_is_its_source_where_the_policy_says_so(
    said: dict[str, Any], params: dict[str, Any], code: str | None
) -> None:
    whole = {"builder": TEKTON, "source": "", "inputs": ((SOURCE, ""),), **said}
    outcome = run(whole, **{"builder": TEKTON, "source": SOURCE, **params})
    assert (None if isinstance(outcome, Passed) else codes(outcome)[0]) == code


def test_the_next_step_names_what_would_take_a_tekton_input_or_what_to_give_up() -> None:
    one = run({"builder": "b", "source": "", "inputs": ((SOURCE, ""),)}, builder="b", source=SOURCE)
    two = run(
        {"builder": "b", "source": "", "inputs": ((SOURCE, ""), ("https://e.example/x", ""))},
        builder="b",
        source=SOURCE,
    )
    assert [found.remedy for found in (*findings(one), *findings(two))] == [
        "`source-from: resolved-dependencies` takes the input of the Tekton run for it",
        f"let the run name one repository as its input, not {SOURCE}, https://e.example/x",
    ]


RUNS = f"{SOURCE}/actions/runs"


@pytest.mark.parametrize(
    ("builder", "passes"),
    [
        (f"{RUNS}/17/attempts/2", True),
        (f"{RUNS}/*/attempts/*", True),
        (f"{RUNS}/*", True),
        (f"{RUNS}/17", True),
        (f"{RUNS}/18", False),
        ("https://github.com/acme/other/actions/runs/*", False),
        (f"{RUNS}/17/attempts/1", False),
    ],
)
def test_a_builder_that_is_a_run_of_github_actions_is_matched_with_all_its_attempts(
    builder: str, *, passes: bool
) -> None:
    said = {"builder": f"{RUNS}/17/attempts/2"}
    assert isinstance(run(said, builder=builder), Passed) is passes
    levels = run(said, builder=None, levels={builder: 2}, minimum_level=2)
    assert isinstance(levels, Passed) is passes


def test_a_policy_that_names_one_run_is_shown_the_line_that_takes_all_of_its_repository() -> None:
    (own,) = findings(run({"builder": f"{RUNS}/18/attempts/1"}, builder=f"{RUNS}/17/attempts/1"))
    stranger = "https://github.com/evil/shop/actions/runs/18/attempts/1"
    (other,) = findings(run({"builder": stranger}, builder=f"{RUNS}/17/attempts/1"))
    assert own.remedy == (
        f"its builder is one run of GitHub Actions; `builder: {RUNS}/*/attempts/*` takes every run"
    )
    assert other.remedy == "build the image in the pipeline that the policy names, with provenance"


@pytest.mark.parametrize(
    "stated",
    [
        "https://user@github.com/acme/shop",
        "https://github.com@evil.example/acme/shop",
        "https://github.com:443/acme/shop",
        "https://github.com/acme/sh%6Fp",
        "https://github.com/acme/./shop",
        "https://github.com//acme/shop",
        "https://GitHub.com/acme/shop",
        "http://github.com/acme/shop",
        "https://github.com/acme/shop?x",
        "https://github.com/acme/shop#x",
        "https://github.com/acme/shop/..",
        "github.com/acme/shop",
        " https://github.com/acme/shop",
        "https://github.com/acme/shop\n",
    ],
)
def test_a_source_repository_is_the_demanded_one_in_its_one_spelling_alone(stated: str) -> None:
    read = parse(TYPE, document({"source": stated}))
    assert isinstance(read, Provenance)
    outcome = CHECK.run(
        image(attested(read, predicate_type=TYPE)),
        asked(ProvenanceParams, by=["ci"], builder="b", source=SOURCE),
        NOW,
    )
    assert codes(outcome) == ["provenance-wrong-source"]


def document(parameters: dict[str, Any]) -> dict[str, Any]:
    return {
        "buildDefinition": {"buildType": "t", "externalParameters": parameters},
        "runDetails": {"builder": {"id": "b"}},
    }


GOOD = {"repository": SOURCE, "ref": "refs/heads/main", "path": "a.yml"}


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"workflow": GOOD}, (SOURCE, "refs/heads/main", "a.yml")),
        ({"source": f"git+{SOURCE}.git/@refs/heads/main"}, (SOURCE, "refs/heads/main", "")),
        ({"workflow": GOOD, "source": f"{SOURCE}@refs/heads/main"}, (*GOOD.values(),)),
        ({"workflow": GOOD, "source": "git+https://evil.example/x"}, ("", "", "")),
        ({"buildConfigSource": GOOD, "sourceToBuild": {**GOOD, "ref": "x"}}, ("", "", "")),
        ({"buildConfigSource": GOOD, "sourceToBuild": {"dir": "."}}, (*GOOD.values(),)),
        ({"source": {"uri": f"{SOURCE}@refs/tags/v1", "ref": "refs/heads/main"}}, ("", "", "")),
        (
            {"source": f"{SOURCE}@evil/repo@refs/tags/v1"},
            (f"{SOURCE}@evil/repo@refs/tags/v1", "", ""),
        ),
        ({"source": 7, "workflow": [GOOD]}, ("", "", "")),
    ],
)
def test_a_document_that_names_two_sources_states_none(
    parameters: dict[str, Any], expected: tuple[str, str, str]
) -> None:
    read = parse(TYPE, document(parameters))
    assert isinstance(read, Provenance)
    assert (read.source, read.ref, read.entry_point) == expected


@pytest.mark.parametrize(
    ("pattern", "text", "is_it"),
    [
        (".github/workflows/*", ".github/workflows/release.yml", True),
        (".github/workflows/*", ".github/workflows/..", False),
        (".github/*/release.yml", ".github/../release.yml", False),
        (".github/*/release.yml", ".github/./release.yml", False),
        (".github/*/release.yml", ".github//release.yml", False),
        ("refs/tags/*", "refs/tags/", False),
        ("refs/tags/v*", "refs/tags/v", True),
        ("refs/tags/v*", "refs/tags/v1\n", False),
        ("refs/tags/v*", "refs/tags/v1/x", False),
        ("https://b/*", "https://b/x@y", False),
        ("https://b.*", "https://bx", False),
        ("a/../b", "a/../b", True),
        ("main", "refs/heads/main", False),
        ("refs/heads/main", "main", False),
    ],
)
def test_a_star_stands_for_part_of_one_segment_and_never_for_a_way_out_of_it(
    pattern: str,
    text: str,
    is_it: bool,  # noqa: FBT001  # a table of cases
) -> None:
    assert matches(pattern, text) is is_it


@pytest.mark.parametrize(
    ("levels", "builder", "level"),
    [
        ({"https://b/*": 3, "https://b/laptop": 1}, "https://b/laptop", 1),
        ({"https://b/*": 1, "https://b/hosted": 3}, "https://b/hosted", 3),
        ({"https://b/*": 3, "https://b/l*": 1}, "https://b/laptop", 1),
        ({"https://b/*": 3, "https://b/l*": 1}, "https://b/hosted", 3),
        ({"https://b/*": 3}, "https://c/hosted", 0),
        ({"https://b/*": 3}, "", 0),
    ],
)
def test_a_builder_has_its_own_level_or_else_the_lowest_of_its_patterns(
    levels: dict[str, int], builder: str, level: int
) -> None:
    assert level_of(builder, levels) == level


@pytest.mark.parametrize(
    ("pattern", "text", "is_it"),
    [
        ("refs/tags/v*", "refs/tags/v1@evil", False),
        ("go.yml@v*", "go.yml", False),
        ("go.yml@v*", "evil.yml@v1", False),
        ("go.yml@v*", "go.yml@evil", False),
        ("go.yml@v*", "go.yml@v1", True),
        ("a*@v*", "ab@v1@v2", False),
        ("", "", False),
        ("a", "", False),
    ],
)
def test_both_sides_of_an_at_sign_must_fit_and_no_more_of_them_than_the_pattern_has(
    pattern: str,
    text: str,
    is_it: bool,  # noqa: FBT001  # a table of cases
) -> None:
    assert matches(pattern, text) is is_it


@pytest.mark.parametrize("field", ["build_type", "entry_point", "ref"])
def test_only_a_builder_is_taken_for_the_run_of_which_it_is_an_attempt(field: str) -> None:
    attempt = f"{RUNS}/17/attempts/2"
    assert isinstance(run({field: attempt}, **{field: attempt}), Passed)
    code = f"provenance-wrong-{field.replace('_', '-')}"
    assert codes(run({field: attempt}, **{field: f"{RUNS}/17"})) == [code]


@pytest.mark.parametrize("wrong", [" a", "a ", "a\n", "a\x00b", "a\u202eb", "a/**", "*", ""])
def test_a_pattern_that_cannot_be_read_as_it_is_printed_is_refused(wrong: str) -> None:
    said = {"by": ["ci"], "builder": BUILDER}
    with pytest.raises(ValidationError):
        asked(ProvenanceParams, **said, entry_point=wrong)
    assert asked(ProvenanceParams, **said, entry_point="a b").entry_point == "a b"


def test_only_a_builder_that_is_a_run_is_told_of_a_line_for_every_run() -> None:
    plain = "build the image in the pipeline that the policy names, with provenance"
    (found,) = findings(run({"builder": f"{BUILDER}0"}))
    assert found.remedy == plain
    attempt = f"{RUNS}/18/attempts/1"
    (found,) = findings(
        run({"builder": attempt, "ref": "a"}, builder=attempt, ref=f"{RUNS}/17/attempts/1")
    )
    assert found.remedy == plain


@pytest.mark.parametrize("inputs", [(), ((SOURCE, ""),), (("https://e.example/x", ""),)])
def test_where_another_field_is_wrong_no_input_of_a_run_is_the_remedy(
    inputs: tuple[tuple[str, str], ...],
) -> None:
    plain = "build the image in the pipeline that the policy names, with provenance"
    said = {"builder": "b", "inputs": inputs, "ref": "a", "source": SOURCE}
    (found,) = findings(run(said, builder="b", source=SOURCE, ref="b"))
    assert found.remedy == plain
    (found,) = findings(run({**said, "inputs": (("https://e.example/x", ""),) * 1, "source": ""},
                            builder="b", source=SOURCE))  # fmt: skip
    assert found.remedy == plain


def test_two_inputs_of_a_run_are_no_remedy_where_its_ref_alone_is_wrong() -> None:
    said = {"builder": "b", "inputs": ((SOURCE, ""), ("https://e.example/x", "")), "ref": "a"}
    (found,) = findings(run(said, builder="b", source=SAID["source"], ref=SOURCE))
    assert found.remedy == "build the image in the pipeline that the policy names, with provenance"
    one = {"builder": "b", "inputs": ((SOURCE, ""),), "ref": "a"}
    (found,) = findings(run(one, builder="b", source=SAID["source"], ref=SOURCE))
    assert found.remedy == "build the image in the pipeline that the policy names, with provenance"


def test_what_has_more_right_is_told_before_what_has_less() -> None:
    low = attested(Provenance(**{**SAID, "builder": "x"}), predicate_type=TYPE)
    other = attested(Provenance(**{**SAID, "ref": "a"}), predicate_type=TYPE)
    future = attested(Provenance(**{**SAID, "finished": NOW + 2 * TOLERANCE}), predicate_type=TYPE)
    params = asked(
        ProvenanceParams, by=["ci"], levels={BUILDER: 2}, minimum_level=2, ref="refs/tags/*"
    )
    assert codes(CHECK.run(image(future, low), params, NOW)) == ["provenance-level-too-low"]
    assert codes(CHECK.run(image(low, other, future), params, NOW)) == ["provenance-wrong-ref"]
