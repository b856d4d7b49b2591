"""A run that demands passes: the list of ended ones, and when a first pass is all that it takes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from gate.errors import UsageError
from gate.manifests.load import load_manifests
from gate.model.evidence import Attached, ImageEvidence, Rejection, VerifiedAttestation
from gate.model.image import ImageReference, ResolvedImage
from gate.model.predicates import Predicate
from gate.model.review import Review, ReviewedImage
from gate.model.revocations import (
    EndedBy,
    EndedDigest,
    Revocation,
    RevocationList,
    Revocations,
)
from gate.model.verdict import Blocked, Cleared, Failed, Undecided
from gate.pipeline.answered import needs_release
from gate.pipeline.review import review
from gate.registry.attempt import Told
from tests.builders.passes import GATE, HERE, POLICY, signed, summary
from tests.builders.reviews import NOW, POD, SHOP, Registry, Verifier, judge, load
from tests.builders.reviews import POLICY as REVIEWED
from tests.checks.given import INDEX, OTHER

HOUR = timedelta(hours=1)
LIST = "r.example/security/ended:production"
NAMED = f"revocations: {{from: '{LIST}', by: [ci], max-age: 1d}}\n"
DEPLOY = f"""\
version: 1
signers: {{ci: {{key: ci.pub}}}}
images:
  - match: ghcr.io/acme/**
    pass: {{by: [ci], verifier: {GATE}, environment: production, policies: ["{POLICY}"],
           max-age: 24h, manifests: images}}
"""


class Passing(Verifier):
    """Takes what is attached for a pass of the image."""

    def verify(
        self, attached: Attached, image: ResolvedImage
    ) -> VerifiedAttestation[Predicate] | Rejection:
        del attached, image
        return signed(summary())


def ending(reason: str) -> RevocationList:
    lines = (Revocation(EndedDigest(EndedBy.IMAGE, INDEX), reason, NOW),) if reason else ()
    return RevocationList(LIST, 1, NOW - HOUR, NOW + HOUR, lines)


def admitted(text: str, revocations: Revocations | None, *, sparing: bool) -> Review:
    return review(
        load_manifests([]),
        [str(HERE)],
        load(text),
        registry=Registry(),
        verifier=Passing(),
        rules=None,
        now=NOW,
        sparing=sparing,
        revocations=revocations,
    )


def outcome_codes(done: Review) -> list[str]:
    found = []
    for result in done.verdict.results:
        if isinstance(result.outcome, Undecided):
            found.append(result.outcome.code)
        elif isinstance(result.outcome, Failed):
            found += [finding.code for finding in result.outcome.findings]
    return found


@pytest.mark.parametrize("sparing", [False, True])
def test_a_caller_that_forgot_the_list_gets_no_verdict_that_admits(sparing: bool) -> None:  # noqa: FBT001  # a table of cases
    done = admitted(DEPLOY + NAMED, None, sparing=sparing)
    assert isinstance(done.verdict, Blocked)
    assert outcome_codes(done) == ["not-answered"]


def test_a_list_that_ends_nothing_and_a_policy_without_a_list_admit() -> None:
    for text, known in ((DEPLOY + NAMED, ending("")), (DEPLOY, None)):
        done = admitted(text, known, sparing=False)
        assert (outcome_codes(done), type(done.verdict)) == ([], Cleared)


@pytest.mark.parametrize("sparing", [False, True])
def test_the_list_that_the_run_knows_ends_a_pass(sparing: bool) -> None:  # noqa: FBT001  # a table of cases
    done = admitted(DEPLOY + NAMED, ending("a backdoor"), sparing=sparing)
    assert outcome_codes(done) == ["pass-revoked"]


@dataclass
class Ordered(Registry):
    """Tells which of the two ways to ask for evidence was taken."""

    ways: list[tuple[str, str]] = field(default_factory=list)

    def attached(
        self, image: ResolvedImage, wanted: frozenset[str] | None = None
    ) -> tuple[Told, ...]:
        self.ways.append(("all", image.repository))
        return super().attached(image, wanted)

    def attached_in_order(self, image: ResolvedImage) -> Iterable[Attached]:
        self.ways.append(("first", image.repository))
        for told in super().attached(image):
            assert isinstance(told, Attached)
            yield told


NAME = "ghcr.io/acme/shop"
OTHERS = """\
  - match: ghcr.io/other/**
    signature: {by: [ci]}
"""


ANYWHERE = f"{DEPLOY.replace('ghcr.io/acme/**', repr('**'))}registries: {{allow: [ghcr.io/acme]}}\n"


@pytest.mark.parametrize(
    ("text", "names", "sparing", "ways"),
    [
        (DEPLOY, [str(HERE)], True, [("first", NAME)]),
        (DEPLOY, [str(HERE)], False, [("all", NAME)]),
        (DEPLOY.replace("max-age: 24h,", "max-age: 24h, on: platforms,"), [str(HERE)], True,
         [("all", NAME)]),
        (DEPLOY + OTHERS, [str(HERE), "ghcr.io/other/x:1"], True,
         [("all", NAME), ("all", "ghcr.io/other/x")]),
        (DEPLOY, [str(HERE), "ghcr.io/nobody/x:1"], True, [("all", NAME)]),
        (ANYWHERE, [str(HERE), f"quay.io/x/y@{INDEX}"], True, [("all", NAME)]),
    ],
    ids=["sparing", "not sparing", "each platform", "a check that needs all", "a blocked name",
         "a blocked registry"],
)  # fmt: skip
def test_the_first_pass_suffices_only_where_every_image_is_opened_by_its_first(
    text: str,
    names: list[str],
    sparing: bool,  # noqa: FBT001  # a table of cases
    ways: list[tuple[str, str]],
) -> None:
    registry = Ordered()
    review(
        load_manifests([]),
        names,
        load(text),
        registry=registry,
        verifier=Passing(),
        rules=None,
        now=NOW,
        sparing=sparing,
    )
    assert sorted(registry.ways) == ways


def of_manifests(text: str, policy: str = DEPLOY) -> Review:
    return review(
        load_manifests([("m.yaml", text.encode())] if text else []),
        (),
        load(policy),
        registry=Registry(),
        verifier=Passing(),
        rules=None,
        now=NOW,
    )


def test_what_cannot_be_read_blocks_though_no_image_is_known() -> None:
    for text, code in (("{", "yaml"), (POD.replace("IMAGE", "{a: b}"), "image")):
        done = of_manifests(text)
        assert isinstance(done.verdict, Blocked)
        assert [found.startswith(code) for found in outcome_codes(done)] == [True]


CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
CHECKED = (
    "version: 1\nsigners: {ci: {key: ci.pub}}\nimages: [{match: '**', signature: {by: [ci]}}]\n"
)
EXEMPT = CHECKED.replace("signature: {by: [ci]}", "digest: required, without-pass: by others")


GIVE = "name manifests that run something, or images with --image"
BELONG = "name with --image the image that they belong to, here and in `gate check`"
RULES = "add `manifests: {profile: gate}` to the policy, or name images with --image"


@pytest.mark.parametrize(
    ("text", "policy", "remedy"),
    [
        ("", DEPLOY, GIVE),
        ("", f"{CHECKED}manifests: {{profile: gate}}\n", GIVE),
        (CONFIG, DEPLOY, BELONG),
        (CONFIG, DEPLOY + OTHERS, BELONG),
        (CONFIG, EXEMPT, BELONG),
        (CONFIG, CHECKED, RULES),
    ],
    ids=["nothing", "no object", "passes", "one pass", "no pass is asked", "no rules"],
)
def test_a_release_of_which_the_policy_asks_nothing_is_refused(
    text: str, policy: str, remedy: str
) -> None:
    with pytest.raises(UsageError) as caught:
        of_manifests(text, policy)
    assert caught.value.code == "nothing-to-judge"
    assert caught.value.remedy.startswith(remedy)


def test_a_release_whose_images_were_lost_is_no_release_of_objects_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gate.pipeline.review.named_images", lambda *_: ())
    with pytest.raises(UsageError) as caught:
        of_manifests(POD.replace("IMAGE", SHOP), f"{CHECKED}manifests: {{profile: gate}}\n")
    assert caught.value.remedy == GIVE


def test_objects_alone_are_judged_where_the_policy_has_rules_for_them() -> None:
    done = of_manifests(CONFIG, f"{CHECKED}manifests: {{profile: gate}}\n")
    assert isinstance(done.verdict, Cleared)
    assert done.objects == 1


def test_without_rules_for_manifests_no_rule_was_asked() -> None:
    assert (judge(SHOP).objects, judge(SHOP).rules) == (1, 0)


def test_the_values_of_objects_are_kept_where_a_pass_will_declare_them() -> None:
    signs = (
        "verifier: https://acme.example/gate\n"
        "pass: {environment: production, valid-for: 24h, sign: {keyless: true}}\n"
    )
    kept, light = (judge(SHOP, policy=policy) for policy in (REVIEWED + signs, REVIEWED))
    assert [o.value["kind"] for o in kept.verdict.plan.release.objects] == ["Pod"]
    assert [o.value for o in light.verdict.plan.release.objects] == [{}]


def test_after_its_checks_a_pass_keeps_what_it_says_for_what_a_deploy_step_tells() -> None:
    class Stated(Passing):
        def verify(
            self, attached: Attached, image: ResolvedImage
        ) -> VerifiedAttestation[Predicate] | Rejection:
            del attached, image
            return replace(signed(summary()), statement=OTHER)

    done = review(
        load_manifests([]),
        [str(HERE)],
        load(DEPLOY),
        registry=Registry(),
        verifier=Stated(),
        rules=None,
        now=NOW,
    )
    evidence = done.images[0].evidence
    assert isinstance(evidence, ImageEvidence)
    assert [(a.predicate, a.statement) for a in evidence.attestations] == [(summary(), OTHER)]


def test_one_check_among_others_that_asks_for_the_release_waits_for_it() -> None:
    both = load(DEPLOY + "    signature: {by: [ci]}\n")
    reference = ImageReference.parse(str(HERE))
    image = ReviewedImage(name=str(HERE), reference=reference, uses=())
    assert needs_release(image, both)
    assert not needs_release(image, load(CHECKED))
    assert not needs_release(replace(image, reference=None), both)
