"""Ways to make a policy milder on its way from another tool: none is, or the account says so."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from gate.errors import UsageError
from gate.export.imports.words import identity_pattern, image_pattern
from gate.keys.private import generate
from gate.keys.public import public_pem
from tests.builders.imported_policies import (
    CIP,
    FLOW,
    GITHUB,
    KYVERNO,
    SUBJECT,
    asks,
    imported,
    told,
)

SECOND: Final = f'keyless: {{issuer: {GITHUB}, subject: "{FLOW}/v2"}}'
ENTRY: Final = "ghcr.io/acme/**"


@pytest.mark.parametrize(
    "expression",
    [
        r"^https://github\.com/acme/shop/\.github/workflows/\*\.yml@refs/heads/main$",
        *("a|b", r"a\.?b", r"a\nb", "a.{3}b", "(?i)abc", "a*", "^^a$$", r"^a\\$", "a(b)"),
    ],
)
def test_an_expression_that_no_pattern_says_is_none(expression: str) -> None:
    assert identity_pattern(expression) is None


@pytest.mark.parametrize("glob", ["GHCR.io/acme/*", "?hcr.io/a/b", "ghcr.io/acme/{a,b}"])
def test_a_glob_that_no_pattern_says_is_none(glob: str) -> None:
    assert (image_pattern(glob, spans=False), image_pattern(glob, spans=True)) == (None, None)


@pytest.mark.parametrize(
    ("text", "part", "why"),
    [
        (CIP.replace(f"{FLOW}/v1", f"{FLOW}/v*"), "0", "here * is a character"),
        (
            CIP.replace(SUBJECT, r"subjectRegExp: '^https://github\.com/acme/\*@main$'"),
            "0",
            "this one is no pattern",
        ),
        (CIP.replace(f"issuer: {GITHUB}", "issuer: 'https://*'"), "0", "takes no pattern"),
        (CIP.replace(f"issuer: {GITHUB}", "issuerRegExp: '.*'"), "0", "no pattern of issuers"),
        (CIP.replace(f"issuer: {GITHUB}, ", ""), "0", "no identity without its issuer"),
    ],
)
def test_an_identity_that_would_be_wider_is_not_imported(
    text: str, part: str, why: str, tmp_path: Path
) -> None:
    assert why in told(text)[part]
    with pytest.raises(UsageError, match="no demand"):
        imported(tmp_path, text)


def test_an_authority_that_lets_all_in_takes_nothing_from_another(tmp_path: Path) -> None:
    text = f"{CIP}    - name: all\n      static: {{action: pass}}\n"
    policy, _ = imported(tmp_path, text)
    assert asks(policy) == {ENTRY: {"signature": (["release"], 1)}}
    assert "gate lets no image in unasked" in told(text)["static"]


@pytest.mark.parametrize(
    ("count", "least"),
    [("0", 2), ("-1", 2), ("'2'", 2), ("2.0", 2), ("null", 2), ("3", 2), ("99999999999", 2)],
)
def test_a_count_that_is_none_asks_for_every_signer(count: str, least: int, tmp_path: Path) -> None:
    policy, _ = imported(tmp_path, KYVERNO.replace("count: 1", f"count: {count}"))
    assert asks(policy)[ENTRY]["signature"] == (["release", "release-2"], least)


def test_a_count_that_the_policy_cannot_reach_is_told() -> None:
    text = KYVERNO.replace("count: 1", "count: 2").replace(SECOND, "certificates: {cert: x}")
    assert told(text)["count"] == "1 of its signers are in the policy"
    assert "count" not in told(KYVERNO.replace("count: 1", "count: 2"))


def test_two_keys_of_one_entry_are_not_two_entries(tmp_path: Path) -> None:
    keys = "".join(public_pem(generate().public_key()).decode() for _ in range(2))
    both = f'keys: {{publicKeys: "{keys}", rekor: {{ignoreTlog: true}}}}'.replace("\n", "\\n")
    text = KYVERNO.replace(SECOND, both)
    policy, _ = imported(tmp_path, text.replace("count: 1", "count: 2"))
    assert asks(policy)[ENTRY]["signature"] == (["key", "key-2", "release"], 3)
    policy, _ = imported(tmp_path, text)
    assert asks(policy)[ENTRY]["signature"] == (["key", "key-2", "release"], 1)
