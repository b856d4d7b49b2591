"""What `gate admit` demands of its policy and its call before anything is asked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import yaml

from gate.checks import CHECKS
from gate.errors import GateError, PolicyError, UsageError
from gate.lint.settings import check_rules
from gate.manifests.load import load_manifests
from gate.model.evidence import VerifiedAttestation
from gate.model.image import Digest
from gate.model.predicates import LetGo, Predicate, Sbom
from gate.model.release import ReleaseObject
from gate.model.review import Review
from gate.model.verdict import Blocked, Failed, Finding, Passed, Question, Result, Severity
from gate.pipeline.deploy import demand_objects, demand_pass, deployment_of
from gate.policy.document import Policy
from gate.policy.load import load_policy
from tests.builders.passes import signed, summary
from tests.builders.reviews import judge
from tests.checks.given import attested

PASS = {
    "by": ["gate"],
    "verifier": "https://acme.example/gate",
    "environment": "production",
    "policies": [f"sha256:{'0' * 64}"],
    "max-age": "24h",
    "manifests": "exact",
}
ENTRY: dict[str, Any] = {"match": "ghcr.io/acme/**", "pass": PASS}
BARE: dict[str, Any] = {"match": "docker.io/library/*", "signature": {"by": ["gate"]}}
REASON = "signed by its publisher, and never built here"
SIGNS = {"environment": "production", "valid-for": "24h", "sign": {"key": "gate.key"}}
SHOP = "ghcr.io/acme/shop:1.0"


def policy(*entries: dict[str, Any], **more: object) -> Policy:
    written = {
        "version": 1,
        "verifier": "https://acme.example/gate",
        "signers": {"gate": {"key": "gate.pub"}},
        "images": list(entries),
        **more,
    }
    return load_policy(
        yaml.safe_dump(written, sort_keys=False).encode(),
        "admit.yaml",
        checks={name: check.params for name, check in CHECKS.items()},
        check_rules=check_rules,
        read=lambda _: b"",
    )


def refusal(policy: Policy, *, found: bool = False) -> tuple[str, str] | None:
    """Return the code and the place of what is wrong with a policy for `gate admit`."""
    try:
        demand_pass(policy, found=found)
    except (UsageError, PolicyError) as error:  # which have exit code 2
        return error.code, str(error.location or "")
    return None


@pytest.mark.parametrize("found", [False, True])
def test_a_policy_whose_every_entry_asks_for_the_pass_is_taken(*, found: bool) -> None:
    assert refusal(policy(ENTRY), found=found) is None


@pytest.mark.parametrize(
    ("entries", "line"),
    [((BARE,), 7), ((ENTRY, BARE), 17), ((BARE, ENTRY), 7)],
    ids=["alone", "last", "first"],
)
def test_an_entry_without_a_pass_is_refused_at_its_place(
    entries: tuple[dict[str, Any], ...], line: int
) -> None:
    assert refusal(policy(*entries)) == ("policy-without-pass", f"admit.yaml:{line}:3")


def test_an_entry_that_says_why_it_needs_no_pass_is_taken() -> None:
    assert refusal(policy(ENTRY, {**BARE, "without-pass": REASON})) is None
    assert refusal(policy({**BARE, "without-pass": REASON})) is None


def test_an_entry_that_asks_for_a_pass_and_says_why_it_needs_none_is_refused() -> None:
    both = policy({**ENTRY, "without-pass": REASON})
    assert refusal(both) == ("policy-without-pass", "admit.yaml:7:3")


@pytest.mark.parametrize("reason", ["", " ", "\n", "x" * 513])
def test_a_reason_that_says_nothing_or_too_much_is_refused(reason: str) -> None:
    with pytest.raises(GateError) as caught:
        policy({**BARE, "without-pass": reason})
    assert caught.value.code in {"policy-bad-value", "policy-empty-value"}
    assert "without-pass" in caught.value.problem


def test_a_reason_is_no_check() -> None:
    with pytest.raises(GateError) as caught:
        policy({"match": "**", "without-pass": REASON})
    assert caught.value.code == "policy-asks-nothing"


@pytest.mark.parametrize(
    "check",
    [policy(ENTRY, **{"pass": SIGNS}), policy(BARE), policy({**BARE, "without-pass": REASON})],
    ids=["signs", "asks for none", "asks for none and says why"],
)
def test_a_policy_that_nobody_named_is_taken_only_if_it_is_one_of_the_deploy_step(
    check: Policy,
) -> None:
    assert refusal(check, found=True) == ("policy-not-for-admit", "")


def test_a_policy_that_nobody_named_may_admit_some_images_without_a_pass() -> None:
    some = policy(ENTRY, {**BARE, "without-pass": REASON})
    assert refusal(some, found=True) is None


def test_a_named_policy_may_sign_passes_too() -> None:
    assert refusal(policy(ENTRY, **{"pass": SIGNS})) is None


def refused_names(asked: Policy, *names: str, text: bytes = b"") -> str | None:
    try:
        demand_objects(asked, names, load_manifests([("m.yaml", text)] if text else []))
    except UsageError as error:
        return error.code
    return None


def test_exact_manifests_without_any_object_are_refused() -> None:
    assert refused_names(policy(ENTRY), SHOP) == "no-objects-to-bind"
    assert refused_names(policy(ENTRY), "Not A Name", SHOP) == "no-objects-to-bind"


def test_images_alone_need_no_object_where_the_policy_binds_images_alone() -> None:
    images = {**ENTRY, "pass": {**PASS, "manifests": "images"}}
    assert refused_names(policy(images), SHOP) is None
    assert refused_names(policy(ENTRY, {**BARE, "without-pass": REASON}), "redis:7") is None
    assert refused_names(policy(ENTRY), "quay.io/of/nobody:1") is None


def test_an_object_or_a_file_that_cannot_be_read_is_something_to_judge() -> None:
    one = b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
    assert refused_names(policy(ENTRY), SHOP, text=one) is None
    assert refused_names(policy(ENTRY), SHOP, text=b"{") is None


DEPLOYED = ReleaseObject("Pod/p0", Digest("a" * 64))
GONE, LOST = Digest("b" * 64), Digest("c" * 64)


def passing(*objects: Digest, **names: str) -> VerifiedAttestation[Predicate]:
    """Return a pass that binds objects, of which some have names, by their digests' letter."""
    called = tuple((Digest(letter * 64), name) for letter, name in names.items())
    return signed(summary(objects=objects, object_names=called))


def judged(*answers: Result) -> Review:
    """Return a review of a release of one object, and of two images, with these answers."""
    done = judge(SHOP, "ghcr.io/acme/cart:1.0", "Not A Name")
    plan = done.verdict.plan
    plan = replace(plan, release=replace(plan.release, objects=(DEPLOYED,)))
    return replace(done, verdict=Blocked(plan, answers))


def answer(
    *relied_on: VerifiedAttestation[Predicate], of: str = SHOP, check: str = "pass"
) -> Result:
    return Result(Question(check, of), Passed(relied_on))


def not_deployed(*answers: Result, asked: Policy | None = None) -> list[tuple[str, Digest]]:
    told = deployment_of(judged(*answers), asked or policy(ENTRY))
    return [(one.name, one.digest) for one in told.not_deployed]


def test_what_a_pass_binds_and_nobody_deploys_is_told_by_its_name() -> None:
    assert not_deployed(answer(passing(DEPLOYED.digest))) == []
    bound = passing(LOST, DEPLOYED.digest, GONE, b="Pod/p1")
    assert not_deployed(answer(bound)) == [("", LOST), ("Pod/p1", GONE)]
    assert not_deployed(answer(signed(summary(objects=None)))) == []


def test_what_the_passes_of_several_images_bind_is_told_once() -> None:
    cart = answer(passing(GONE, LOST, c="Pod/a"), of="ghcr.io/acme/cart:1.0")
    assert not_deployed(answer(passing(GONE, b="Pod/b")), cart) == [("", GONE), ("Pod/a", LOST)]


def test_of_several_passes_of_an_image_the_one_that_lacks_least_is_about_this_release() -> None:
    earlier, this = passing(GONE, LOST), passing(GONE, DEPLOYED.digest)
    other = attested(LetGo(Sbom))
    for relied_on in ((earlier, this, other), (other, this, earlier)):
        assert not_deployed(answer(*relied_on)) == [("", GONE)]


def test_only_what_a_check_of_the_pass_compared_is_told() -> None:
    bound = passing(GONE)
    finding = Finding(rule="pass", code="c", severity=Severity.HIGH, message="m", remedy="r")
    failed = Result(Question("pass", SHOP), Failed((finding,), relied_on=(bound,)))
    images = policy({**ENTRY, "pass": {**PASS, "manifests": "images"}})
    without = policy({**ENTRY, "match": "ghcr.io/acme/cart"})
    assert not_deployed(failed) == []
    assert not_deployed(answer(bound, check="signature")) == []
    assert not_deployed(answer(bound, of="Not A Name")) == []
    assert not_deployed(answer(bound), asked=images) == []
    assert not_deployed(answer(bound), asked=without) == []
    assert not_deployed(answer(bound)) == [("", GONE)]


def test_what_the_policy_admits_without_a_pass_is_told_with_its_reason() -> None:
    free = {**BARE, "match": "ghcr.io/acme/cart", "without-pass": REASON}
    told = deployment_of(judged(), policy(free, ENTRY)).without_pass
    assert [(one.image, one.entry, one.reason) for one in told] == [
        ("ghcr.io/acme/cart:1.0", "ghcr.io/acme/cart", REASON)
    ]
    assert deployment_of(judged(), policy({**ENTRY, "match": "quay.io/**"})).without_pass == ()
