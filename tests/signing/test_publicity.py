from __future__ import annotations

import json

import pytest

from gate.errors import SigningError
from gate.signing.ambient import IdentityToken
from gate.signing.publicity import refuse_publication


def config(*urls: str) -> bytes:
    services = [{"url": url} for url in urls]
    return json.dumps({"signingConfig": {"caUrls": services, "rekorTlogUrls": []}}).encode()


def refused(
    claims: dict[str, object], trust_config: bytes | None = None, *, allowed: bool = False
) -> str:
    """The code of the refusal, or nothing."""
    try:
        refuse_publication(IdentityToken("", claims), trust_config, allowed=allowed)
    except SigningError as error:
        return error.code
    return ""


PRIVATE: dict[str, object] = {"repository_visibility": "private"}


@pytest.mark.parametrize("claim", ["repository_visibility", "project_visibility"])
@pytest.mark.parametrize(
    ("visibility", "code"),
    [
        ("public", ""),
        ("private", "would-be-published"),
        ("internal", "would-be-published"),
        ("Public", "would-be-published"),
        (["public"], "would-be-published"),
    ],
)
def test_only_a_repository_that_is_public_is_told_of(
    claim: str, visibility: object, code: str
) -> None:
    assert refused({claim: visibility}) == code


def test_a_token_that_says_nothing_of_a_repository_counts_as_one_of_a_private_repository() -> None:
    with pytest.raises(SigningError) as raised:
        refuse_publication(IdentityToken("", {"email": "me@acme.example"}), None, allowed=False)
    assert raised.value.problem == (
        "the repository is not known to be public, and a public log would show to everyone for "
        "ever: identity me@acme.example"
    )


def test_a_policy_may_allow_it() -> None:
    assert refused(PRIVATE, allowed=True) == ""


@pytest.mark.parametrize(
    "trust_config",
    [
        None,
        config("https://fulcio.sigstore.dev"),
        config("https://fulcio.acme.example", "https://fulcio.sigstage.sigstore.dev."),
        config("HTTPS://me@FULCIO.SIGSTORE.DEV:443/"),
        config(),
        b"",
        b"{}",
        b"[]",
        b'{"signingConfig": {"caUrls": [{}], "rekorTlogUrls": []}}',
        b'{"signingConfig": {"caUrls": [{"url": 1}], "rekorTlogUrls": []}}',
        config("https://[broken"),
    ],
)
def test_where_a_signature_may_go_to_a_public_log_nothing_private_is_signed(
    trust_config: bytes | None,
) -> None:
    assert refused(PRIVATE, trust_config) == "would-be-published"


@pytest.mark.parametrize(
    "url",
    ["https://fulcio.acme.example", "https://sigstore.dev.acme.example", "https://nosigstore.dev"],
)
def test_a_log_of_ones_own_may_be_told(url: str) -> None:
    assert refused(PRIVATE, config(url)) == ""
