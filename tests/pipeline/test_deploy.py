"""What `gate admit` demands of its policy and its call before anything is asked."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from gate.checks import CHECKS
from gate.errors import GateError, PolicyError, UsageError
from gate.lint.settings import check_rules
from gate.manifests.load import load_manifests
from gate.pipeline.deploy import demand_objects, demand_pass
from gate.policy.document import Policy
from gate.policy.load import load_policy

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


def test_an_object_or_a_file_that_cannot_be_read_is_something_to_judge() -> None:
    one = b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
    assert refused_names(policy(ENTRY), SHOP, text=one) is None
    assert refused_names(policy(ENTRY), SHOP, text=b"{") is None
