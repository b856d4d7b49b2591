from __future__ import annotations

import base64
import json
from threading import Event
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from securesystemslib.signer import SIGNER_FOR_URI_SCHEME, Key, Signature, SSlibKey

from gate.errors import SigningError
from gate.keys.public import fingerprint, signed_by
from gate.signing import kms
from gate.signing.envelope import pae
from gate.signing.kms import KmsKey
from tests.fakes.sigstore import SigningKey, new_key

STATEMENT = b'{"_type": "https://in-toto.io/Statement/v1"}'
URI = "awskms:alias/passes"


class Service:
    """A key management service that holds one key, in the place of securesystemslib's own."""

    def __init__(self, key: SigningKey, scheme: str | None = None) -> None:
        self.key = key
        self.scheme = scheme
        self.imported: tuple[str, ...] = ()
        self.answer: str | None = None

    def import_(self, *named: str) -> tuple[str, SSlibKey]:
        self.imported = named
        return "awskms:the-key", SSlibKey.from_crypto(self.key.public_key(), scheme=self.scheme)

    def from_priv_key_uri(self, uri: str, public_key: Key, _: object = None) -> Service:
        assert uri == "awskms:the-key"
        self.public_key = public_key
        return self

    def sign(self, data: bytes) -> Signature:
        return Signature(self.public_key.keyid, self.answer or _signature(self.key, data).hex())


def _signature(key: SigningKey, data: bytes) -> bytes:
    match key:
        case ec.EllipticCurvePrivateKey():
            return key.sign(data, ec.ECDSA(hashes.SHA256()))
        case ed25519.Ed25519PrivateKey():
            return key.sign(data)
        case rsa.RSAPrivateKey():
            return key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def installed(monkeypatch: pytest.MonkeyPatch, service: Service, scheme: str = "awskms") -> Service:
    monkeypatch.setitem(SIGNER_FOR_URI_SCHEME, scheme, service)
    return service


def refusal(uri: str = URI) -> SigningError:
    with pytest.raises(SigningError) as raised:
        KmsKey(uri).sign_statement(STATEMENT)
    return raised.value


@pytest.mark.parametrize(
    ("key", "scheme"),
    [
        (new_key(), None),
        (ed25519.Ed25519PrivateKey.generate(), None),
        (rsa.generate_private_key(65537, 2048), "rsa-pkcs1v15-sha256"),
    ],
    ids=["p256", "ed25519", "rsa"],
)
def test_a_statement_is_signed_by_the_key_that_the_service_holds(
    monkeypatch: pytest.MonkeyPatch, key: SigningKey, scheme: str | None
) -> None:
    installed(monkeypatch, Service(key, scheme))
    held = KmsKey(URI)
    bundle: dict[str, Any] = json.loads(held.sign_statement(STATEMENT))
    signature = base64.b64decode(bundle["dsseEnvelope"]["signatures"][0]["sig"])
    hint = base64.b64decode(bundle["verificationMaterial"]["publicKey"]["hint"])
    assert fingerprint(held.public_key) == fingerprint(key.public_key())
    assert signed_by(key.public_key(), signature, pae(STATEMENT))
    assert hint.hex() == fingerprint(key.public_key()).hex


@pytest.mark.parametrize(
    ("uri", "named"),
    [
        ("awskms:alias/passes", ("alias/passes",)),
        ("awskms:arn:aws:kms:eu-west-1:1:key/a-b", ("arn:aws:kms:eu-west-1:1:key/a-b",)),
        ("azurekms://acme-keys.vault.azure.net/keys/passes", ("acme-keys", "passes")),
        (
            "gcpkms:projects/p/locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1",
            ("projects/p/locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1",),
        ),
        ("hv:passes", ("passes",)),
    ],
)
def test_a_uri_names_the_key_as_its_service_does(
    monkeypatch: pytest.MonkeyPatch, uri: str, named: tuple[str, ...]
) -> None:
    service = installed(monkeypatch, Service(new_key()))
    installed(monkeypatch, service, uri.partition(":")[0])
    KmsKey(uri)
    assert service.imported == named


@pytest.mark.parametrize("uri", ["", "aws:x", "file2:key.pem", "hsm:", "gnupg:", "https://x"])
def test_a_uri_of_no_key_management_service_is_refused(uri: str) -> None:
    assert refusal(uri).code == "kms-scheme-unknown"


@pytest.mark.parametrize(
    "uri",
    [
        "awskms:",
        "awskms:a b",
        "awskms:\x1b",
        "azurekms://evil.example/keys/passes",
        "azurekms://acme.vault.azure.net.evil.example/keys/passes",
        "azurekms://acme.vault.azure.net/keys/passes/../x",
        "gcpkms:projects/p/locations/l/keyRings/r/cryptoKeys/k",
        "hv:../secret",
        "hv:passes/3",
    ],
)
def test_a_uri_of_another_form_is_refused_with_the_right_one(uri: str) -> None:
    error = refusal(uri)
    assert (error.code, "\x1b" in str(error)) == ("kms-uri-malformed", False)
    assert error.remedy.startswith(f"write it as {uri.partition(':')[0]}:")


@pytest.mark.parametrize(
    ("uri", "extra"),
    [
        ("awskms:alias/passes", "aws"),
        ("azurekms://acme.vault.azure.net/keys/passes", "azure"),
        ("hv:passes", "vault"),
        ("gcpkms:projects/p/locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1", "gcp"),
    ],
)
def test_a_missing_library_is_named_by_the_extra_that_brings_it(uri: str, extra: str) -> None:
    error = refusal(uri)
    assert (error.code, error.remedy) == ("kms-library-missing", f"pip install 'gatepass[{extra}]'")


def test_a_key_of_an_algorithm_that_verifiers_do_not_read_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    installed(monkeypatch, Service(rsa.generate_private_key(65537, 2048), "rsassa-pss-sha256"))
    error = refusal()
    assert (error.code, "rsassa-pss-sha256" in error.problem) == ("kms-key-unsupported", True)


def test_a_weak_key_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    weak = rsa.generate_private_key(65537, 1024)  # noqa: S505  # the point of the test
    installed(monkeypatch, Service(weak, "rsa-pkcs1v15-sha256"))
    assert refusal().code == "kms-key-unsupported"


@pytest.mark.parametrize("answer", ["00", "not hex", _signature(new_key(), b"another").hex()])
def test_a_signature_that_the_key_did_not_make_is_refused(
    monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    installed(monkeypatch, Service(new_key())).answer = answer
    assert refusal().code == "kms-signature-wrong"


@pytest.mark.parametrize("step", ["import_", "from_priv_key_uri", "sign"])
def test_a_service_that_fails_is_a_signing_error(
    monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*_: object) -> None:
        msg = "access denied \x1b[2J"
        raise OSError(msg)

    monkeypatch.setattr(installed(monkeypatch, Service(new_key())), step, fail)
    error = refusal()
    assert (error.code, "access denied \\x1b[2J" in error.problem) == ("kms-refused", True)


def test_a_service_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    given_up = Event()
    service = installed(monkeypatch, Service(new_key()))
    monkeypatch.setattr(service, "import_", lambda *_: given_up.wait(10))
    monkeypatch.setattr(kms, "SECONDS", 0.01)
    error = refusal()
    given_up.set()
    assert (error.code, "no answer within 0.01 seconds" in error.problem) == ("kms-refused", True)
