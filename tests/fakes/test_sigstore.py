from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from sigstore.dsse import Statement
from sigstore.errors import VerificationError
from sigstore.models import Bundle, ClientTrustConfig, InvalidBundle
from sigstore.oidc import IdentityToken, detect_credential
from sigstore.sign import SigningContext
from sigstore.verify import Verifier
from sigstore.verify.policy import Identity

from tests.fakes.sigstore import (
    GITHUB,
    IN_TOTO,
    WORKFLOW,
    Holder,
    LocalSigstore,
    RekorVersion,
    SigstoreServer,
    Window,
    client_trust_config,
    new_key,
    signing_config,
    trusted_root,
)

STATEMENT = json.dumps(
    {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "image", "digest": {"sha256": "0" * 64}}],
        "predicateType": "https://example.test/predicate",
        "predicate": {},
    }
).encode()
AT = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)
SIGNER = Identity(identity=WORKFLOW, issuer=GITHUB)
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


def verifier(sigstore: LocalSigstore, **windows: Window) -> Verifier:
    config = client_trust_config(
        trusted_root(sigstore, **windows), signing_config("http://127.0.0.1", rekor=1, tsa=False)
    )
    return Verifier(trusted_root=ClientTrustConfig.from_json(json.dumps(config)).trusted_root)


def sign(server: SigstoreServer, rekor: RekorVersion) -> Bundle:
    config = ClientTrustConfig.from_json(server.trust_config(rekor=rekor).decode())
    token = detect_credential()
    assert token is not None
    with SigningContext.from_trust_config(config).signer(IdentityToken(token)) as signer:
        return signer.sign_dsse(Statement(STATEMENT))


@BOTH_LOGS
def test_what_sigstore_signs_over_loopback_sigstore_verifies(
    server: SigstoreServer, rekor: RekorVersion
) -> None:
    bundle = sign(server, rekor)
    stamped = ["POST /api/v1/timestamp"] if rekor == 2 else []
    signer = Identity(identity=WORKFLOW, issuer=server.url)
    assert verifier(server.sigstore).verify_dsse(bundle, signer) == (IN_TOTO, STATEMENT)
    assert server.requests == [
        "GET /token",
        "POST /api/v2/signingCert",
        *stamped,
        f"POST /api/v{rekor}/log/entries",
    ]


@BOTH_LOGS
def test_an_artifact_that_sigstore_signs_over_loopback_sigstore_verifies(
    server: SigstoreServer, rekor: RekorVersion
) -> None:
    config = ClientTrustConfig.from_json(server.trust_config(rekor=rekor).decode())
    token = IdentityToken(server.oidc.token(datetime.now(UTC)))
    with SigningContext.from_trust_config(config).signer(token) as signer:
        bundle = signer.sign_artifact(b"artifact")
    identity = Identity(identity=WORKFLOW, issuer=server.url)
    verifier(server.sigstore).verify_artifact(b"artifact", bundle, identity)
    assert server.requests[-1] == f"POST /api/v{rekor}/log/entries"


def test_a_person_is_certified_by_e_mail_address(server: SigstoreServer) -> None:
    server.oidc.claims = {"sub": "1", "email": "dev@acme.example", "email_verified": True}
    signer = Identity(identity="dev@acme.example", issuer=server.url)
    assert verifier(server.sigstore).verify_dsse(sign(server, 1), signer) == (IN_TOTO, STATEMENT)


def test_a_scripted_answer_takes_the_place_of_the_service(server: SigstoreServer) -> None:
    server.reply("/token", 500, b"{}")
    with pytest.raises(Exception, match="code=500"):
        detect_credential()
    assert server.requests == ["GET /token"]


@BOTH_LOGS
def test_a_bundle_made_in_process_verifies(sigstore: LocalSigstore, rekor: RekorVersion) -> None:
    bundle = sigstore.keyless_bundle(STATEMENT, at=AT, rekor=rekor)
    parsed = Bundle.from_json(bundle)
    assert verifier(sigstore).verify_dsse(parsed, SIGNER) == (IN_TOTO, STATEMENT)
    assert parsed.signing_certificate.not_valid_before_utc == AT


@BOTH_LOGS
def test_an_artifact_signed_in_process_verifies(
    sigstore: LocalSigstore, rekor: RekorVersion
) -> None:
    bundle = Bundle.from_json(sigstore.keyless_signature(b"artifact", at=AT, rekor=rekor))
    verifier(sigstore).verify_artifact(b"artifact", bundle, SIGNER)
    with pytest.raises(VerificationError, match="digest mismatch"):
        verifier(sigstore).verify_artifact(b"another", bundle, SIGNER)


def test_a_subject_with_an_at_sign_is_an_e_mail_address(sigstore: LocalSigstore) -> None:
    bundle = sigstore.keyless_bundle(
        STATEMENT, at=AT, subject="dev@acme.example", issuer="https://accounts.google.com"
    )
    signer = Identity(identity="dev@acme.example", issuer="https://accounts.google.com")
    parsed = Bundle.from_json(bundle)
    assert verifier(sigstore).verify_dsse(parsed, signer) == (IN_TOTO, STATEMENT)


LATE = AT + timedelta(hours=1)


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"logged_at": LATE}, "not valid at validation time"),
        ({"rekor": 2, "stamped_at": LATE}, "not valid at validation time"),
        ({"rekor": 2, "stamped": b"another"}, "not enough sources of verified time"),
        ({"sct": False}, "does not contain a signed certificate timestamp"),
    ],
)
def test_a_bundle_that_is_wrong_in_one_way_is_refused_for_it(
    sigstore: LocalSigstore, told: dict[str, object], reason: str
) -> None:
    bundle = sigstore.keyless_bundle(STATEMENT, at=AT, **told)  # type: ignore[arg-type]  # a table
    with pytest.raises(VerificationError, match=reason):
        verifier(sigstore).verify_dsse(Bundle.from_json(bundle), SIGNER)


@BOTH_LOGS
def test_an_entry_of_another_signature_is_refused(
    sigstore: LocalSigstore, rekor: RekorVersion
) -> None:
    holder = sigstore.holder(AT)
    other = holder.envelope(b"{}")
    bundle = sigstore.bundle(holder.envelope(STATEMENT), holder, AT, rekor=rekor, logged=other)
    with pytest.raises(VerificationError, match="log entry"):
        verifier(sigstore).verify_dsse(Bundle.from_json(bundle), SIGNER)


def test_an_entry_of_a_log_without_time_needs_a_timestamp(sigstore: LocalSigstore) -> None:
    bundle = sigstore.keyless_bundle(STATEMENT, at=AT, rekor=2, tsa=False)
    with pytest.raises(InvalidBundle, match="inclusion promise or signed timestamp"):
        Bundle.from_json(bundle)


def test_another_sigstore_is_not_trusted(sigstore: LocalSigstore) -> None:
    bundle = Bundle.from_json(LocalSigstore().keyless_bundle(STATEMENT, at=AT))
    with pytest.raises(VerificationError):
        verifier(sigstore).verify_dsse(bundle, SIGNER)


def test_a_keyed_bundle_names_its_key_and_holds_what_it_is_told(sigstore: LocalSigstore) -> None:
    key = new_key()
    shapes = [
        json.loads(sigstore.keyed_bundle(STATEMENT, key, at=AT)),
        json.loads(sigstore.keyed_bundle(STATEMENT, key, at=AT, rekor=1)),
        json.loads(sigstore.keyed_bundle(STATEMENT, key, at=AT, rekor=2)),
        json.loads(sigstore.keyed_signature(b"artifact", key, at=AT, tsa=True)),
    ]
    materials = [shape["verificationMaterial"] for shape in shapes]
    stamps = [m["timestampVerificationData"]["rfc3161Timestamps"] for m in materials]
    hints = {m["publicKey"]["hint"] for m in materials}
    assert hints == {Holder(key).material["publicKey"]["hint"]}
    assert [len(m["tlogEntries"]) for m in materials] == [0, 1, 1, 0]
    assert [len(one) for one in stamps] == [0, 0, 1, 1]


def test_a_dsse_envelope_signs_its_pre_authentication_encoding() -> None:
    key = new_key()
    envelope = Holder(key).envelope(b"payload", "text/plain")
    assert envelope.signed == b"DSSEv1 10 text/plain 7 payload"
    key.public_key().verify(envelope.signature, envelope.signed, ec.ECDSA(hashes.SHA256()))


def test_an_entry_of_the_old_attestation_kind_holds_the_signature_twice_encoded(
    sigstore: LocalSigstore,
) -> None:
    bundle = json.loads(sigstore.keyless_bundle(STATEMENT, at=AT, kind="intoto"))
    entry = bundle["verificationMaterial"]["tlogEntries"][0]
    assert entry["kindVersion"] == {"kind": "intoto", "version": "0.0.2"}


def test_an_artifact_has_no_entry_of_an_envelope(sigstore: LocalSigstore) -> None:
    with pytest.raises(ValueError, match="kind dsse cannot hold Artifact"):
        sigstore.keyless_signature(b"artifact", at=AT, kind="dsse")
