"""Who a policy may trust, and what is refused when it is loaded."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from gate.policy.match_identity import MAX_IDENTITY, IdentityPattern
from gate.policy.roots import RootSource
from gate.policy.signers import KeylessSigner, KeySigner, ProofRule
from tests.builders.sections import read_signer

ISSUER = "https://token.actions.githubusercontent.com"
WORKFLOW = "https://github.com/acme/shop/.github/workflows/release.yml"
PEM = "-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----\n"


def test_a_key_in_a_file_is_named_and_one_in_the_policy_needs_no_file() -> None:
    file, inline = (read_signer({"key": key}) for key in ("keys/ci.pub", PEM))
    assert isinstance(file, KeySigner)
    assert file.files() == ("keys/ci.pub",)
    assert inline.files() == ()
    assert (file.root, file.log, file.timestamp) == (
        "public-good",
        ProofRule.OPTIONAL,
        ProofRule.OPTIONAL,
    )


def test_a_keyless_signer_needs_the_log_and_its_own_repository_by_default() -> None:
    signer = read_signer({"issuer": ISSUER, "identity": f"{WORKFLOW}@refs/tags/*"})
    assert isinstance(signer, KeylessSigner)
    assert signer.repository == "https://github.com/acme/shop"
    assert (signer.root, signer.log, signer.files()) == ("public-good", ProofRule.REQUIRED, ())


def test_one_trigger_and_a_list_of_them_are_the_same() -> None:
    asked = {"issuer": ISSUER, "identity": f"{WORKFLOW}@refs/heads/main"}
    one = KeylessSigner.model_validate(asked | {"trigger": "push"})
    many = KeylessSigner.model_validate(asked | {"trigger": ["push"]})
    assert one == many
    assert one.trigger == ("push",)


@pytest.mark.parametrize(
    ("signer", "reason"),
    [
        ({}, "issuer"),
        ("ci", "should be a valid dictionary"),
        ({"issuer": ISSUER}, "identity"),
        ({"identity": "a@b.example"}, "issuer"),
        ({"issuer": ISSUER, "identity": ""}, "may not be empty"),
        ({"issuer": "", "identity": "a@b.example"}, "may not be empty"),
        ({"issuer": ISSUER, "identity": "*"}, "alone"),
        ({"issuer": ISSUER, "identity": "**"}, "alone"),
        ({"issuer": "https://*.example", "identity": "a@b.example"}, "takes no pattern"),
        ({"issuer": "accounts.google.com", "identity": "a@b.example"}, "URL"),
        ({"issuer": ISSUER, "identity": WORKFLOW}, "ends in @"),
        ({"issuer": ISSUER, "identity": f"{WORKFLOW}@*", "trigger": []}, "at least 1"),
        ({"issuer": ISSUER, "identity": f"{WORKFLOW}@*", "trigger": "*"}, "no pattern"),
        ({"issuer": ISSUER, "identity": f"{WORKFLOW}@*", "ref": "main"}, "in full"),
        ({"issuer": ISSUER, "identity": f"{WORKFLOW}@*", "ref": "refs/*"}, "in full"),
        ({"issuer": ISSUER, "identity": f"{WORKFLOW}@*", "ref": "refs/tags/v[0-9]"}, "only"),
        ({"issuer": ISSUER, "identity": f"{WORKFLOW}@*", "repository-id": 7}, "string"),
        ({"issuer": ISSUER, "identity": f"{WORKFLOW}@*", "repository-id": ""}, "pattern"),
        ({"issuer": ISSUER, "identity": f"{WORKFLOW}@*", "source-repository": ""}, "empty"),
        ({"issuer": ISSUER, "identity": f"{WORKFLOW}@*", "log": "maybe"}, "required"),
        ({"key": ""}, "at least 1"),
        ({"key": "two\nlines"}, "path"),
        ({"key": "k.pub", "issuer": ISSUER}, "Extra inputs"),
        ({"key": "k.pub", "root": ""}, "at least 1"),
    ],
)
def test_r068_a_signer_that_demands_nothing_or_nonsense_is_refused(
    signer: Any,  # noqa: ANN401  # whatever a file can hold
    reason: str,
) -> None:
    with pytest.raises(ValidationError, match=reason):
        read_signer(signer)


@pytest.mark.parametrize(
    "text",
    [
        "https://*/acme/shop/.github/workflows/release.yml@refs/tags/v1",
        "https://github.com/*/shop/.github/workflows/release.yml@refs/tags/v1",
        "https://github.com/acme/*/.github/workflows/release.yml@refs/tags/v1",
        "https://github.com/acme*",
        "https://github.com*",
        "*https://github.com/acme/shop/x@y",
        "https://gitlab.com/group/sub/*//.gitlab-ci.yml@refs/heads/main",
        "release@*.example",
        "release@acme.*",
        "release*",
    ],
)
def test_r060_the_host_owner_and_repository_take_no_pattern(text: str) -> None:
    with pytest.raises(ValueError, match=r"no pattern"):
        IdentityPattern(text)


@pytest.mark.parametrize("text", ["a[!b]@c.example", "a[^b]@c.example", f"^{WORKFLOW}@.*$", "a|b"])
def test_r070_other_kinds_of_pattern_are_refused_and_not_taken_literally(text: str) -> None:
    with pytest.raises(ValueError, match=r"only \* is a pattern"):
        IdentityPattern(text)


@pytest.mark.parametrize("text", ["réview@acme.example", "a b@acme.example", "a@b\n", "x" * 1025])
def test_text_that_no_identity_has_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="printable ASCII"):
        IdentityPattern(text)


@pytest.mark.parametrize(
    ("pattern", "identity", "expected"),
    [
        (f"{WORKFLOW}@refs/tags/*", f"{WORKFLOW}@refs/tags/v1.2", True),
        (f"{WORKFLOW}@refs/tags/*", f"{WORKFLOW}@refs/tags/v1/2", False),
        (f"{WORKFLOW}@refs/tags/*", f"{WORKFLOW}@refs/heads/v1", False),
        (f"{WORKFLOW}@refs/tags/*", f"{WORKFLOW}@refs/tags/a@b", False),
        (f"{WORKFLOW}@refs/tags/*", f"{WORKFLOW}@refs/tags/v1\n", False),
        (f"{WORKFLOW}@refs/tags/v1", f"{WORKFLOW}@refs/tags/v1\n", False),
        (f"{WORKFLOW}@refs/tags/v*.*", f"{WORKFLOW}@refs/tags/v1.2", True),
        (f"{WORKFLOW}@refs/tags/v*.*", f"{WORKFLOW}@refs/tags/v12", False),
        (f"{WORKFLOW}@refs/tags/*a*a", f"{WORKFLOW}@refs/tags/a", False),
        ("https://github.com/org/repo", "https://github.com/org/repo-evil/x", False),
        ("https://github.com/org/repo", "https://github.com/org/repo-evil", False),
        ("a.b@acme.example", "axb@acme.example", False),
        ("*@acme.example", "anna@acme.example", True),
        ("*@acme.example", "anna@evil@acme.example", False),
        ("*@acme.example", "anna@acme.example.evil", False),
    ],
)
def test_r056_r057_r058_whole_identities_are_compared(
    pattern: str,
    identity: str,
    expected: bool,  # noqa: FBT001  # a column of the table
) -> None:
    assert IdentityPattern(pattern).matches(identity) is expected


@pytest.mark.parametrize(
    ("identity", "repository"),
    [
        (f"{WORKFLOW}@refs/heads/main", "https://github.com/acme/shop"),
        (
            "https://gitlab.com/group/sub/shop//.gitlab-ci.yml@refs/heads/main",
            "https://gitlab.com/group/sub/shop",
        ),
        ("https://kubernetes.io/namespaces/a/serviceaccounts/b", None),
        ("anna@acme.example", None),
    ],
)
def test_the_repository_of_a_workflow_is_read_from_its_identity(
    identity: str, repository: str | None
) -> None:
    assert IdentityPattern(identity).repository == repository


def test_a_root_is_a_pinned_file_or_a_pinned_tuf_repository() -> None:
    digest = "ab" * 32
    file = RootSource.model_validate({"file": "root.json", "sha256": f"sha256:{digest}"})
    tuf = RootSource.model_validate(
        {"tuf": "https://tuf.acme.example", "root": "1.root.json", "sha256": digest}
    )
    assert (file.files(), file.digest) == (("root.json",), digest)
    assert (tuf.files(), tuf.digest) == (("1.root.json",), digest)


@pytest.mark.parametrize(
    ("root", "reason"),
    [
        ({}, "either a file"),
        ({"file": "a", "tuf": "https://t.example", "sha256": "ab" * 32}, "either a file"),
        ({"file": "a"}, "needs the sha256"),
        ({"file": "a", "sha256": "AB" * 32}, "pattern"),
        ({"file": "a", "sha256": "ab" * 32, "root": "r"}, "belongs to a tuf"),
        ({"tuf": "https://t.example", "sha256": "ab" * 32}, "needs root"),
        ({"tuf": "https://t.example", "root": "r"}, "needs the sha256"),
        ({"tuf": "http://t.example", "root": "r", "sha256": "ab" * 32}, "pattern"),
    ],
)
def test_a_root_that_nothing_pins_is_refused(root: dict[str, str], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        RootSource.model_validate(root)


@pytest.mark.parametrize("text", ["ci-bot[bot]@users.example.org", "1+a[bot]@b.example"])
def test_the_address_of_a_bot_is_literal(text: str) -> None:
    assert IdentityPattern(text).matches(text)
    assert not IdentityPattern(text).matches(text.replace("[bot]", "b"))


@pytest.mark.parametrize(
    "text",
    [
        "https://github.com/acme/shop/.github/workflows/[ab].yml@refs/heads/main",
        "https://github.com/acme/shop/.github/workflows/a[bot]@refs/heads/main",
        "*[bot]@users.example.org",
        "[ab]@users.example.org",
        "ci[bot]x@users.example.org",
    ],
)
def test_characters_in_brackets_are_refused_elsewhere(text: str) -> None:
    with pytest.raises(ValueError, match="has no meaning"):
        IdentityPattern(text)


def test_an_identity_of_the_most_characters_is_read_and_one_more_is_refused() -> None:
    start = "https://a.example/b/c/"
    longest = start + "x" * (MAX_IDENTITY - len(start))
    assert IdentityPattern(longest).matches(longest)
    with pytest.raises(ValueError, match=str(MAX_IDENTITY)):
        IdentityPattern(longest + "x")


def test_two_wildcards_in_an_identity_have_no_meaning() -> None:
    with pytest.raises(ValueError, match=r"'\*\*' has no meaning"):
        IdentityPattern("https://github.com/acme/shop/.github/workflows/**")


@pytest.mark.parametrize("ref", ["evil", "v1/x", "v1@x", "xv1", ""])
def test_a_wildcard_of_tags_has_a_head_and_ends_at_a_boundary(ref: str) -> None:
    start = "https://github.com/acme/shop/.github/workflows/ci.yml@refs/tags/"
    assert IdentityPattern(f"{start}v*").matches(f"{start}v1")
    assert not IdentityPattern(f"{start}v*").matches(f"{start}{ref}")
    assert IdentityPattern(f"{start}*-rc").matches(f"{start}1-rc")
    assert not IdentityPattern(f"{start}*-rc").matches(f"{start}1-rcx")
