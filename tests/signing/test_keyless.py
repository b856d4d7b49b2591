from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Event
from types import SimpleNamespace

import pytest
from sigstore.models import Bundle, ClientTrustConfig
from sigstore.sign import Signer
from sigstore.verify import Verifier
from sigstore.verify.policy import Identity

from gate.errors import SigningError
from gate.model.dsse import PAYLOAD_TYPE
from gate.model.memory import without_collector
from gate.signing import keyless
from gate.signing.keyless import KeylessSigning
from tests.fakes.sigstore import (
    WORKFLOW,
    LocalSigstore,
    RekorVersion,
    Reply,
    SigstoreServer,
    trusted_root,
)

STATEMENT = json.dumps(
    {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "ghcr.io/acme/shop", "digest": {"sha256": "0" * 64}}],
        "predicateType": "https://slsa.dev/verification_summary/v1",
        "predicate": {"verificationResult": "PASSED"},
    },
    indent=1,  # not how any library writes it: the bytes must come back as they are
).encode()
BOTH_LOGS = pytest.mark.parametrize("rekor", [1, 2])


@pytest.fixture(scope="module")
def sigstore() -> LocalSigstore:
    return LocalSigstore()


@pytest.fixture
def server(sigstore: LocalSigstore, monkeypatch: pytest.MonkeyPatch) -> Iterator[SigstoreServer]:
    with SigstoreServer(sigstore) as running:
        for name, value in running.github_environment().items():
            monkeypatch.setenv(name, value)
        yield running


def verified(server: SigstoreServer, bundle: bytes) -> tuple[str, bytes]:
    config = ClientTrustConfig.from_json(server.trust_config().decode())
    signer = Identity(identity=WORKFLOW, issuer=server.url)
    return Verifier(trusted_root=config.trusted_root).verify_dsse(Bundle.from_json(bundle), signer)


def refusal(server: SigstoreServer, config: bytes | None = None) -> SigningError:
    with pytest.raises(SigningError) as raised:
        KeylessSigning(config or server.trust_config()).sign_statement(STATEMENT)
    return raised.value


def public_good(server: SigstoreServer, host: str = "rekor.sigstore.dev") -> bytes:
    """A trust config that, as far as anybody can see, signs to a public log."""
    config = json.loads(server.trust_config())
    config["signingConfig"]["rekorTlogUrls"][0]["url"] = f"https://{host}"
    return json.dumps(config).encode()


@BOTH_LOGS
def test_exactly_the_bytes_of_the_statement_are_signed_and_verify(
    server: SigstoreServer, rekor: RekorVersion
) -> None:
    signer = KeylessSigning(server.trust_config(rekor=rekor))
    assert verified(server, signer.sign_statement(STATEMENT)) == (PAYLOAD_TYPE, STATEMENT)


def test_nobody_is_asked_for_an_identity_before_there_is_something_to_sign(
    server: SigstoreServer,
) -> None:
    KeylessSigning(server.trust_config())
    assert server.requests == []


def test_one_certificate_signs_many_statements(server: SigstoreServer) -> None:
    signer = KeylessSigning(server.trust_config(rekor=1))
    assert signer.sign_statement(STATEMENT) != signer.sign_statement(STATEMENT)
    assert server.requests.count("POST /api/v2/signingCert") == 1


@BOTH_LOGS
def test_many_statements_signed_together_share_identity_certificate_and_connections(
    server: SigstoreServer, rekor: RekorVersion
) -> None:
    signer = KeylessSigning(server.trust_config(rekor=rekor))
    stated = [STATEMENT.replace(b"shop", b"shop%d" % number) for number in range(20)]
    before = server.connections
    with ThreadPoolExecutor(4) as pool:
        bundles = tuple(pool.map(signer.sign_statement, stated))
    opened = server.connections - before
    assert [verified(server, bundle)[1] for bundle in bundles] == stated
    assert server.requests.count("POST /api/v2/signingCert") == 1
    assert server.requests.count("GET /token") == 1
    assert server.requests.count(f"POST /api/v{rekor}/log/entries") == 20
    # Each of four threads keeps one to the log and one to the authority; the identity, what the
    # issuer says of itself and the certificate take one each.
    assert opened <= 4 * 2 + 3


def test_an_aged_certificate_is_replaced(server: SigstoreServer) -> None:
    times = iter([0.0, 299.0, 301.0])
    signer = KeylessSigning(server.trust_config(rekor=1), clock=lambda: next(times))
    for _ in range(3):
        signer.sign_statement(STATEMENT)
    assert server.requests.count("POST /api/v2/signingCert") == 2
    assert server.requests.count("GET /token") == 2


def test_a_log_without_time_needs_a_timestamp_authority(server: SigstoreServer) -> None:
    error = refusal(server, server.trust_config(rekor=2, tsa=False))
    assert (error.code, error.exit_code) == ("timestamp-missing", 3)


def test_a_timestamp_authority_that_fails_is_an_error_and_no_warning(
    server: SigstoreServer,
) -> None:
    server.reply("/api/v1/timestamp", 500, b"{}")
    assert refusal(server).code == "timestamp-missing"


def test_a_log_with_a_time_of_its_own_needs_no_timestamp_authority(
    server: SigstoreServer,
) -> None:
    server.reply("/api/v1/timestamp", 500, b"{}")
    bundle = KeylessSigning(server.trust_config(rekor=1, tsa=True)).sign_statement(STATEMENT)
    assert verified(server, bundle) == (PAYLOAD_TYPE, STATEMENT)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/token", "ambient-identity-refused"),
        ("/api/v2/signingCert", "certificate-refused"),
        ("/api/v2/log/entries", "log-refused"),
    ],
)
@pytest.mark.parametrize(
    "reply",
    [
        Reply(500, b"\x1b[2J out of order"),
        Reply(200, b"{}"),
        Reply(200, b"[" * 100_000),
        Reply(200, b'{"value": "a.b.c"}'),
    ],
    ids=["500", "empty", "deep", "foreign"],
)
def test_a_service_that_does_not_do_its_part_is_named(
    server: SigstoreServer, path: str, code: str, reply: Reply
) -> None:
    server.scripted[path] = lambda: reply
    gc.collect()
    # What is freed at the bottom of a deep stack has none left to be freed with.
    with without_collector():
        error = refusal(server)
    assert (error.code, "\x1b" in str(error), bool(error.remedy)) == (code, False, True)


def test_a_certificate_that_the_log_of_the_trusted_root_has_not_seen_is_refused(
    server: SigstoreServer,
) -> None:
    config = json.loads(server.trust_config())
    config["trustedRoot"]["ctlogs"] = trusted_root(LocalSigstore())["ctlogs"]
    assert refusal(server, json.dumps(config).encode()).code == "certificate-refused"


def test_a_service_that_never_answers_is_given_up(
    server: SigstoreServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyless, "SECONDS", 0.01)
    given_up = Event()

    def answer_late() -> Reply:
        given_up.wait(10)
        return Reply(500, b"")

    server.scripted["/api/v2/signingCert"] = answer_late
    error = refusal(server)
    given_up.set()
    assert error.code == "certificate-refused"
    assert "no answer within 0.01 seconds" in error.problem


def test_a_job_without_the_permission_is_told_which_one(
    server: SigstoreServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN")
    error = refusal(server)
    assert (error.code, error.problem) == (
        "id-token-permission",
        'missing "id-token" permission: add permissions: id-token: write',
    )
    assert "fork" in error.remedy


def test_outside_of_ci_there_is_no_identity(
    server: SigstoreServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_ACTIONS")
    assert refusal(server).code == "no-ambient-identity"


@pytest.mark.parametrize(
    "config", [b"", b"{}", b"[]", b"\xff", b"null", b'{"signingConfig": {}, "trustedRoot": {}}']
)
def test_a_trust_config_that_cannot_be_read_is_refused(config: bytes) -> None:
    with pytest.raises(SigningError) as raised:
        KeylessSigning(config)
    assert raised.value.code == "trust-config-malformed"


@pytest.mark.parametrize(
    "statement", [b"", b"{}", b"\xff", b"[]", STATEMENT.replace(b"sha256", b"md5")]
)
def test_what_is_no_statement_is_not_signed(server: SigstoreServer, statement: bytes) -> None:
    with pytest.raises(SigningError) as raised:
        KeylessSigning(server.trust_config()).sign_statement(statement)
    assert (raised.value.code, server.requests) == ("statement-malformed", [])


@pytest.mark.parametrize("host", ["rekor.sigstore.dev", "SIGSTORE.DEV.", "a.b.SigStore.dev:443"])
@pytest.mark.parametrize("visibility", ["private", "internal", None, 1, "PUBLIC"])
def test_a_repository_that_is_not_public_is_not_told_of_in_a_public_log(
    server: SigstoreServer, visibility: object, host: str
) -> None:
    server.oidc.claims["repository_visibility"] = visibility
    error = refusal(server, public_good(server, host))
    assert error.code == "would-be-published"
    assert server.requests == ["GET /token"]


def test_the_refusal_names_what_would_be_published(server: SigstoreServer) -> None:
    server.oidc.claims["repository_visibility"] = "private"
    assert refusal(server, public_good(server)).problem == (
        "the repository is private, and a public log would show to everyone for ever: "
        "repository acme/shop, "
        "identity acme/ci/.github/workflows/gate.yml@refs/heads/main, "
        f"ref refs/heads/main, commit {'a' * 40}"
    )


def test_a_private_log_may_be_told_of_a_private_repository(server: SigstoreServer) -> None:
    server.oidc.claims["repository_visibility"] = "private"
    bundle = KeylessSigning(server.trust_config()).sign_statement(STATEMENT)
    assert verified(server, bundle) == (PAYLOAD_TYPE, STATEMENT)


@pytest.mark.parametrize(("visibility", "allowed"), [("private", True), ("public", False)])
def test_a_public_repository_or_a_policy_that_allows_it_goes_on_to_the_log(
    server: SigstoreServer, visibility: str, *, allowed: bool
) -> None:
    server.oidc.claims["repository_visibility"] = visibility
    signer = KeylessSigning(public_good(server, "sigstore.dev.localhost"), publish_private=allowed)
    with pytest.raises(SigningError) as raised:
        signer.sign_statement(STATEMENT)
    assert raised.value.code == "log-refused"
    assert "POST /api/v2/signingCert" in server.requests


def test_a_signature_without_a_time_is_refused_even_if_sigstore_lets_it_pass(
    server: SigstoreServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = datetime.now(UTC)
    untimed = server.sigstore.keyless_bundle(STATEMENT, at=at, rekor=2, tsa=False).decode()
    monkeypatch.setattr(Signer, "sign_dsse", lambda *_: SimpleNamespace(to_json=lambda: untimed))
    assert refusal(server).code == "timestamp-missing"


def test_without_an_identity_nothing_is_downloaded_to_sign_with(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    asked: list[str] = []
    monkeypatch.setattr(keyless, "_public_good", lambda: asked.append("TUF"))
    with pytest.raises(SigningError) as raised:
        KeylessSigning().sign_statement(STATEMENT)
    assert (raised.value.code, asked) == ("no-ambient-identity", [])
