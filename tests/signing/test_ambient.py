from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.errors import SigningError
from gate.signing.ambient import IdentityToken, ambient_token, parse_token
from tests.fakes.sigstore import SigstoreServer


def written(claims: object) -> str:
    middle = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{middle}.c2ln"


@pytest.fixture(autouse=True)
def no_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GITHUB_ACTIONS", "GITLAB_CI", "BUILDKITE", "CIRCLECI", "SIGSTORE_ID_TOKEN"):
        monkeypatch.delenv(name, raising=False)


def test_a_github_job_is_who_its_token_says(monkeypatch: pytest.MonkeyPatch) -> None:
    with SigstoreServer() as server:
        for name, value in server.github_environment().items():
            monkeypatch.setenv(name, value)
        token = ambient_token()
    assert token.claim("repository") == "acme/shop"
    assert token.claim("iss") == server.url


def test_a_gitlab_job_gives_its_token_in_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITLAB_CI", "true")
    monkeypatch.setenv("SIGSTORE_ID_TOKEN", written({"aud": "sigstore", "project_path": "a/b"}))
    assert ambient_token().claim("repository", "project_path") == "a/b"


@pytest.mark.parametrize(
    "token", ["", "not a token", written({"aud": "somebody else"}), written([1])]
)
def test_r335_a_gitlab_token_that_is_not_for_sigstore_is_refused(
    monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    monkeypatch.setenv("GITLAB_CI", "true")
    monkeypatch.setenv("SIGSTORE_ID_TOKEN", token)
    with pytest.raises(SigningError) as raised:
        ambient_token()
    assert raised.value.code == "ambient-identity-refused"


def test_a_token_is_not_shown_where_it_is_printed() -> None:
    raw = written({"sub": "me"})
    assert raw not in repr(parse_token(raw))


def test_what_a_token_says_is_shortened_and_neutralised() -> None:
    token = IdentityToken("", {"ref": "\x1b[2J" + "x" * 1000, "sha": 7, "run_id": ""})
    assert token.claim("ref") == "\\x1b[2J" + "x" * 196
    assert token.claim("sha", "run_id", "unsaid") == ""


@given(
    st.one_of(
        st.text(max_size=200),
        st.binary(max_size=200).map(lambda b: f"a.{base64.urlsafe_b64encode(b).decode()}.c"),
        st.just(f"a.{base64.urlsafe_b64encode(b'[' * 100_000).decode()}.c"),
    )
)
def test_any_text_is_a_token_with_claims_or_is_refused(raw: str) -> None:
    try:
        assert isinstance(parse_token(raw).claims, dict)
    except SigningError as error:
        assert error.code == "identity-token-malformed"  # noqa: PT017  # either is right
