"""A layout that the policy names, and link files from the folders of the run."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from gate.checks.in_toto.signed import REMEDIES
from gate.checks.layout import CHECK, LayoutParams
from gate.model.identity import KeyIdentity
from gate.model.image import Digest, Platform, PlatformManifest
from gate.model.link_files import LinkFile, LinkFolder
from gate.model.predicates import LayoutSet
from gate.model.verdict import Failed, Outcome, Passed, Undecided
from gate.pipeline.considered import pieces
from tests.builders.in_toto import BUILD, BUILDER, OTHER, OWNER, layout, link, pem, step
from tests.checks.given import AMD64, ARM64, INDEX, NOW, attested, codes, findings, image

OWNED = {"keys": [pem(OWNER)], "file": "release.layout"}
TWO = layout(step("build", threshold=2, keys=(BUILDER, OTHER)))


def data(value: Any) -> bytes:  # noqa: ANN401  # JSON
    return value if isinstance(value, bytes) else json.dumps(value).encode()


def folder(*links: Any, path: str = "run") -> LinkFolder:  # noqa: ANN401  # JSON
    return LinkFolder(path, tuple(LinkFile(f"{n}.link", data(v)) for n, v in enumerate(links)))


def params(signed: Any, **more: Any) -> LayoutParams:  # noqa: ANN401  # JSON
    return LayoutParams.model_validate(
        {**OWNED, **more},
        context={"signers": ("ci",), "read": {"release.layout": data(signed)}.__getitem__},
    )


def run(
    signed: Any,  # noqa: ANN401  # JSON
    *folders: LinkFolder,
    platforms: bool = False,
    now: datetime = NOW,
    **more: Any,  # noqa: ANN401  # what a policy holds
) -> Outcome:
    evidence = replace(image(platforms=platforms), links=folders)
    return CHECK.run(evidence, params(signed, **more), now)


def test_an_image_that_the_links_of_the_run_made_passes_and_names_each_file_and_its_key() -> None:
    outcome = run(layout(), folder(BUILD))
    assert isinstance(outcome, Passed)
    owner, builder = (KeyIdentity(fingerprint(key)) for key in (OWNER, BUILDER))
    assert {(f.digest, f.signers) for f in outcome.files} == {
        (Digest.of(data(layout())), (owner,)),
        (Digest.of(data(BUILD)), (builder,)),
    }
    assert outcome.until == datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)


def fingerprint(key: Any) -> Digest:  # noqa: ANN401  # a private key
    from gate.keys.public import fingerprint as of  # noqa: PLC0415  # the name is taken here

    return of(key.public_key())


def test_links_that_prove_nothing_here_are_no_input_of_a_pass() -> None:
    other = link("elsewhere", product="b" * 64)
    outcome = run(layout(), folder(other, BUILD))
    assert isinstance(outcome, Passed)
    assert Digest.of(data(other)) not in {f.digest for f in outcome.files}


@pytest.mark.parametrize(
    ("signed", "links", "code"),
    [
        (layout(), [], "layout-step-unproven"),
        (layout(), [link("build", product="b" * 64)], "layout-another-product"),
        (layout(), [link("build", product=INDEX.hex, key=OTHER)], "layout-step-unproven"),
        (layout(expires="2026-11-21T12:00:00Z"), [BUILD], "layout-expired"),
        (layout(step("build", ["DISALLOW", "*"])), [BUILD], "layout-rule-broken"),
        (TWO, [BUILD, BUILD], "layout-step-unproven"),
        (TWO, [BUILD, link("build", product="b" * 64, key=OTHER)], "layout-links-disagree"),
        (layout(), [b"{"], "layout-malformed"),
        (layout(), [b"\xff"], "layout-malformed"),
        (layout(), [b'{"signed": {}, "signed": {}, "signatures": []}'], "layout-malformed"),
        (layout(), [BUILD, b"["], "layout-malformed"),
    ],
)
def test_links_that_do_not_prove_the_image_are_refused_for_that(
    signed: Any,  # noqa: ANN401  # JSON
    links: list[Any],
    code: str,
) -> None:
    assert codes(run(signed, folder(*links))) == [code]


def test_each_step_without_links_is_a_finding_of_its_own() -> None:
    found = findings(run(layout(step("clone"), step("build"))))
    assert [(f.code, f.id) for f in found] == [
        ("layout-step-unproven", "clone"),
        ("layout-step-unproven", "build"),
    ]
    assert {f.remedy for f in found} == {"give the folder of this run's link files with --links"}
    assert len({f.fingerprint for f in found}) == 2


def test_the_folder_is_only_asked_for_where_no_folder_was_given_and_a_link_is_lacking() -> None:
    asks, gives = "give the folder of this run's link files with --links", REMEDIES
    unproven, expired = gives["layout-step-unproven"], gives["layout-expired"]
    past = layout(expires="2026-11-21T12:00:00Z")
    assert [f.remedy for f in findings(run(layout(), folder()))] == [unproven]
    assert [f.remedy for f in findings(run(past))] == [expired, asks]
    assert [f.remedy for f in findings(run(past, folder()))] == [expired, unproven]


def test_a_link_that_cannot_be_read_is_named() -> None:
    (found,) = findings(run(layout(), folder(BUILD, b"{")))
    assert found.message.startswith("the link 1.link cannot be read: ")


def test_a_folder_that_could_not_be_read_is_undecided() -> None:
    outcome = run(layout(), LinkFolder("run", problem="the links in run cannot all be read: x"))
    assert isinstance(outcome, Undecided)
    assert (outcome.code, outcome.reason) == (
        "layout-links-unreadable",
        "the links in run cannot all be read: x",
    )


def test_what_could_be_read_of_a_folder_proves_nothing_where_the_rest_could_not() -> None:
    partly = replace(folder(BUILD), problem="the links in run cannot all be read: x")
    outcome = run(layout(), partly)
    assert isinstance(outcome, Undecided)
    assert outcome.code == "layout-links-unreadable"


def test_of_two_folders_that_could_not_be_read_the_first_by_its_problem_is_told() -> None:
    told = [
        run(layout(), LinkFolder("a", problem=one), LinkFolder("b", problem=other))
        for one, other in (("x", "y"), ("y", "x"))
    ]
    assert [o.reason for o in told if isinstance(o, Undecided)] == ["x", "x"]


def test_a_failure_may_change_when_the_layout_ends_where_its_links_prove_something() -> None:
    elsewhere = folder(link("build", product="b" * 64))
    last = datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)
    for folders, until in (([elsewhere], last), ([folder()], None)):
        outcome = run(layout(), *folders)
        assert isinstance(outcome, Failed)
        assert (outcome.until, outcome.lacking) == (until, True)


@pytest.mark.parametrize(
    "other",
    [
        LinkFolder("a", problem="it cannot be read"),
        folder(b"{", path="a"),
        folder(link("build", product="b" * 64), path="a"),
        folder(path="z"),
    ],
)
def test_one_folder_more_takes_nothing_from_what_another_proves(other: LinkFolder) -> None:
    proving = folder(BUILD)
    assert isinstance(run(layout(), proving), Passed)
    assert run(layout(), proving, other) == run(layout(), other, proving)
    assert isinstance(run(layout(), proving, other), Passed)


def test_links_of_different_runs_are_not_mixed() -> None:
    both = layout(step("clone"), step("build"))
    clone = link("clone", product="c" * 64)
    assert isinstance(run(both, folder(clone, BUILD)), Passed)
    apart = run(both, folder(clone, path="one"), folder(BUILD, path="two"))
    assert codes(apart) == ["layout-step-unproven"]


def test_every_platform_may_be_a_product_where_the_index_is_none() -> None:
    made = [folder(link("build", product=d.hex), path=d.hex) for d in (AMD64, ARM64)]
    assert isinstance(run(layout(), *made, platforms=True), Passed)
    assert codes(run(layout(), made[0], platforms=True)) == ["layout-another-product"]
    assert codes(run(layout(), *made, platforms=True, on="index")) == ["layout-another-product"]
    index = folder(BUILD)
    assert codes(run(layout(), index, platforms=True, on="platforms")) == ["layout-another-product"]
    past = layout(expires="2026-11-21T12:00:00Z")
    assert codes(run(past, index, platforms=True)) == ["layout-expired"]


def test_at_most_three_of_the_digests_that_nothing_made_are_named() -> None:
    digests = [Digest(c * 64) for c in "1234"]
    four = tuple(PlatformManifest(Platform("linux", d.hex[0]), d) for d in digests)
    whole = image()
    evidence = replace(whole, image=replace(whole.image, platforms=four), links=(folder(BUILD),))
    (found,) = findings(CHECK.run(evidence, params(layout(), on="platforms"), NOW))
    named = ", ".join(map(str, digests[:3]))
    assert found.message == (
        f"no product of the last step is {named}, so the layout says nothing of it"
    )


def test_an_attested_set_does_not_stand_in_for_the_files() -> None:
    said = LayoutSet(json.dumps(layout()), (json.dumps(BUILD),))
    evidence = image(attested(said, predicate_type="urn:gate:in-toto-layout:v1"))
    outcome = CHECK.run(evidence, params(layout()), NOW)
    assert codes(outcome) == ["layout-step-unproven"]
    assert pieces(CHECK, evidence, params(layout()), outcome, NOW) == ()


@pytest.mark.parametrize(
    ("signed", "more", "said"),
    [
        (layout(inspect=[{"run": ["touch", "/x"]}]), {}, "has inspections"),
        (layout(key=OTHER), {}, "not signed by key 1"),
        (layout(steps=[]), {}, "has 0 steps"),
        (layout(expires="soon"), {}, "cannot be read"),
        (b"{", {}, "cannot be read"),
        (layout(), {"by": ["ci"]}, "drop `by`"),
        (layout(), {"at-least": 2}, "drop it"),
    ],
)
def test_a_layout_that_can_prove_nothing_is_refused_with_the_policy(
    signed: Any,  # noqa: ANN401  # JSON
    more: dict[str, Any],
    said: str,
) -> None:
    with pytest.raises(ValidationError) as refused:
        params(signed, **more)
    assert said in str(refused.value)


def test_a_layout_is_not_looked_at_where_its_keys_are_refused() -> None:
    with pytest.raises(ValidationError) as refused:
        params(layout(), keys=["x"])
    assert {error["loc"][0] for error in refused.value.errors()} == {"keys"}


def test_a_layout_that_expired_is_no_mistake_of_the_policy() -> None:
    assert params(layout(expires="2020-01-01T00:00:00Z")).file is not None


def test_that_a_layout_expired_hides_nothing_else_that_is_wrong() -> None:
    past: dict[str, Any] = {"expires": "2026-11-21T12:00:00Z"}
    elsewhere = folder(link("build", product="b" * 64))
    assert codes(run(layout(**past), elsewhere)) == ["layout-expired", "layout-another-product"]
    assert codes(run(layout(**past), folder())) == ["layout-expired", "layout-step-unproven"]
    assert codes(run(layout(**past), elsewhere, folder(BUILD, path="other"))) == ["layout-expired"]
