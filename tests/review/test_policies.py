"""Ways to write a policy that asks for less than it seems to: each is refused for what it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest

from gate.errors import PolicyError
from gate.explain.schema import policy_schema
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


WHOLE: Final[dict[str, Any]] = {
    "version": 1,
    "verifier": "https://acme.example/gate",
    "signers": {
        "ci": {
            "issuer": "https://token.actions.githubusercontent.com",
            "identity": "https://github.com/acme/shop/.github/workflows/a.yml@refs/tags/*",
            "source-repository": "https://github.com/acme/shop",
            "repository-id": "12",
            "owner-id": "3",
            "ref": "refs/tags/v*",
            "trigger": ["push"],
            "runner-environment": "github-hosted",
            "visibility": "public",
        },
        "k": {"key": "keys/scanner.pub", "root": "own", "log": "required"},
    },
    "trusted-roots": {"own": {"file": "keys/scanner.pub", "sha256": "0" * 64}},
    "registries": {"allow": ["ghcr.io/acme"]},
    "images": [
        {
            "match": "ghcr.io/acme/**",
            "signature": {"by": ["ci"], "at-least": 1, "on": "platforms"},
            "provenance": {
                "by": ["ci"],
                "levels": {"https://b/*": 3},
                "minimum-level": 2,
                "source": "https://github.com/acme/shop",
                "ref": "refs/tags/*",
                "entry-point": "a.yml",
                "build-type": "t",
            },
            "vulnerabilities": {"by": ["k"], "fail-on": "high", "deny": ["CVE-2026-1"]},
            "scan-age": {"by": ["k"], "max-age": "7d", "max-database-age": "3d"},
            "sbom": {"by": ["ci"], "forbid-licenses": ["MIT"]},
        }
    ],
    "manifests": {"profile": "gate", "warn": ["unset-cpu-requirements"], "exclude": ["a/**"]},
    "revocations": {"from": "ghcr.io/acme/ended:1", "by": ["k"], "max-age": "1h"},
    "pass": {"environment": "p", "valid-for": "24h", "sign": {"keyless": True}},
}


def emptied(value: object) -> Iterator[object]:
    """Yield what a value is with each of its keys and items emptied in turn, and the value null."""
    yield None
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from ({**value, key: other} for other in emptied(inner))
    if isinstance(value, list):
        for at, inner in enumerate(value):
            yield from ([*value[:at], other, *value[at + 1 :]] for other in emptied(inner))


def test_a_key_or_item_with_nothing_behind_it_is_refused_wherever_it_is() -> None:
    load(json.dumps(WHOLE))
    _, *texts = map(json.dumps, emptied(WHOLE))
    assert {refused(text) for text in texts} == {"policy-empty-value"}
    assert refused(entry("provenance: {by: [ci], builder: b, source: }")) == "policy-empty-value"


def test_no_key_of_the_schema_may_be_null() -> None:
    assert '"null"' not in json.dumps(policy_schema())


def test_the_policy_that_is_changed_above_is_read() -> None:
    assert sorted(load(HEAD + ASKS).signers) == ["ci"]
