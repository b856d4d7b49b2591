"""Ways to write a policy that asks for less than it seems to: each is refused for what it is."""

from __future__ import annotations

from typing import Final

import pytest

from gate.errors import PolicyError
from tests.builders.policies import load

HEAD: Final = "version: 1\nsigners: {ci: {key: keys/scanner.pub}}\n"
ASKS: Final = 'images: [{match: "**", signature: {by: [ci]}}]\n'


def entry(demands: str) -> str:
    return f'{HEAD}images: [{{match: "**", {demands}}}]\n'


def refused(text: str) -> str:
    with pytest.raises(PolicyError) as caught:
        load(text)
    return caught.value.code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (entry("signature: null"), "policy-empty-value"),
        (entry("signature: false"), "policy-bad-value"),
        (entry("signature: {by: [ci], threshold: 0}"), "policy-unknown-key"),
        (entry("exempt: true"), "policy-unknown-key"),
        (entry("sbom: {by: [nobody]}"), "policy-bad-value"),
        (entry("scan-age: {by: [ci], max-age: 0d}"), "policy-bad-value"),
        (entry("scan-age: {by: [ci], max-age: -2d}"), "policy-bad-value"),
        (entry("scan-age: {by: [ci], max-age: 99999999d}"), "policy-bad-value"),
        (entry("vulnerabilities: {by: [ci], fail-on: none}"), "policy-bad-value"),
        (entry("vulnerabilities: {by: [ci], fail-on: HIGH}"), "policy-bad-value"),
        (f"{HEAD}x: &x {{sbom: {{by: [ci]}}}}\n{ASKS[:-3]}, <<: *x}}]\n", "policy-unknown-key"),
        (f"{HEAD}{ASKS}images: []\n", "yaml-duplicate-key"),
        (f"{HEAD}{ASKS}---\nversion: 1\n", "policy-not-one-document"),
        (f"{HEAD}images: {'[' * 200}{']' * 200}\n", "yaml-too-deep"),
        (HEAD + ASKS.replace("**", ""), "policy-bad-value"),
        (HEAD + ASKS.replace("**", "registry.example/ACME/*"), "policy-bad-value"),
        (f'{HEAD}registries: {{allow: ["*"]}}\n{ASKS}', "policy-bad-value"),
        (f"{HEAD}registries: {{allow: []}}\n{ASKS}", "policy-bad-value"),
        (HEAD.replace("1", '"1"') + ASKS, "policy-bad-value"),
        (HEAD.replace("1", "true") + ASKS, "policy-bad-value"),
    ],
)
def test_a_policy_that_asks_for_less_than_it_seems_to_is_refused(text: str, code: str) -> None:
    assert refused(text) == code


def test_the_policy_that_is_changed_above_is_read() -> None:
    assert sorted(load(HEAD + ASKS).signers) == ["ci"]
