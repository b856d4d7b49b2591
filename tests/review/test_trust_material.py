"""Ways to write what a policy believes so that more is believed than was meant."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed448, rsa, x25519
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from securesystemslib.signer import SIGNER_FOR_URI_SCHEME

from gate.cli.reads.find_policy import find_policy
from gate.errors import GateError, PolicyError, SigningError, TrustRootError
from gate.signing.kms import KmsKey
from gate.trust.policy import verifier_of
from gate.trust.refresh import fetch_trusted_root
from tests.builders.policies import load
from tests.builders.tuf import Repository
from tests.fakes.sigstore import new_key
from tests.trust.given import NOW, root_document

ASKS: Final = 'images: [{match: "**", signature: {by: [ci]}}]\n'
Json = Any


def pem(key: Any) -> str:  # noqa: ANN401  # a private key of any kind
    form = Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    return str(key.public_key().public_bytes(*form).decode())


def refused(text: str, files: dict[str, bytes] | None = None) -> str:
    """Return the code of the error; `read` where there is none."""
    try:
        verifier_of(load(text, files), NOW, None)
    except GateError as error:
        return error.code
    return "read"


KEY: Final = pem(new_key())
DER: Final = new_key().public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def unusual(old: str, new: str) -> str:
    der = DER.replace(bytes.fromhex(old), bytes.fromhex(new))
    return (
        "-----BEGIN PUBLIC KEY-----\n"
        + base64.encodebytes(der).decode()
        + ("-----END PUBLIC KEY-----\n")
    )


PRIVATE: Final = new_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
MALFORMED: Final = "policy-key-malformed"


@pytest.mark.parametrize(
    ("key", "code"),
    [
        (KEY, "read"),
        (KEY.replace("\n", "\r\n"), "read"),
        (f"{KEY}behind it\n", "read"),
        (f"in front\n{KEY}", MALFORMED),
        (KEY + KEY, MALFORMED),
        (PRIVATE.decode(), MALFORMED),
        (unusual("06072a8648ce3d0201", "06072a8648ce3d0209"), MALFORMED),
        (unusual("06082a8648ce3d030107", "06082a8648ce3d030109"), MALFORMED),
        (pem(x25519.X25519PrivateKey.from_private_bytes(b"\1" * 32)), MALFORMED),
        (pem(ed448.Ed448PrivateKey.from_private_bytes(b"\1" * 57)), MALFORMED),
        (pem(ec.derive_private_key(7, ec.SECP256K1())), MALFORMED),
        ("https://keys.example/k.pub", "policy-file-unreadable"),
        ("awskms:///alias/release", "policy-file-unreadable"),
        ("env://COSIGN_PUBLIC_KEY", "policy-file-unreadable"),
        ("k8s://gate/keys", "policy-file-unreadable"),
        ("../keys/scanner.pub", "policy-file-unreadable"),
        ("a\0b", "policy-bad-value"),
        ("a\nb", "policy-bad-value"),
    ],
)
def test_the_key_of_a_signer_is_one_key_in_a_file_or_in_the_policy(key: str, code: str) -> None:
    assert refused(f"version: 1\nsigners: {{ci: {{key: {json.dumps(key)}}}}}\n{ASKS}") == code


def test_a_short_key_is_refused() -> None:
    numbers = rsa.RSAPublicNumbers(65537, (1 << 1023) + 1).public_key()
    short = numbers.public_bytes(Encoding.PEM, PublicFormat.PKCS1).decode()
    text = f"version: 1\nsigners: {{ci: {{key: {json.dumps(short)}}}}}\n{ASKS}"
    assert refused(text) == MALFORMED


def rooted(source: Json, document: bytes = b"{}") -> str:
    signer = "{key: k.pub, root: own, log: required}"
    roots = f"trusted-roots: {{own: {json.dumps(source)}}}\n"
    files = {"k.pub": KEY.encode(), "root.json": document}
    return refused(f"version: 1\n{roots}signers: {{ci: {signer}}}\n{ASKS}", files)


def pinned(document: bytes) -> Json:
    return {"file": "root.json", "sha256": hashlib.sha256(document).hexdigest()}


ROOT: Final = json.dumps(root_document()).encode()
NOUGHT: Final = "0" * 64


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (pinned(ROOT), "read"),
        ({**pinned(ROOT), "sha256": NOUGHT}, "trust-root-digest"),
        ({**pinned(ROOT), "sha256": pinned(ROOT)["sha256"].upper()}, "policy-bad-value"),
        ({**pinned(ROOT), "sha256": f"{pinned(ROOT)['sha256']}\n"}, "policy-bad-value"),
        ({**pinned(ROOT), "sha256": [NOUGHT]}, "policy-bad-value"),
        ({"file": "root.json"}, "policy-bad-value"),
        ({"sha256": NOUGHT}, "policy-bad-value"),
        ({}, "policy-bad-value"),
        ({**pinned(ROOT), "root": "root.json"}, "policy-bad-value"),
        ({**pinned(ROOT), "tuf": "https://tuf.example"}, "policy-bad-value"),
        ({"tuf": "https://tuf.example", "sha256": NOUGHT}, "policy-bad-value"),
        ({**pinned(ROOT), "max-age": "1d"}, "policy-unknown-key"),
        ({**pinned(ROOT), "file": "https://tuf.example/root.json"}, "policy-file-unreadable"),
    ],
)
def test_a_trusted_root_is_pinned_in_one_of_two_ways(source: Json, code: str) -> None:
    assert rooted(source, ROOT) == code


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://tuf.example", "trust-root-digest"),
        ("https://tuf.example:8443/a@b/", "trust-root-digest"),
        ("https://[2001:db8::1]/", "trust-root-digest"),
        *(
            (url, "policy-bad-value")
            for url in (
                "http://tuf.example",
                "file:///etc/tuf",
                "HTTPS://tuf.example",
                "https://user:secret@tuf.example",
                "https://token@tuf.example",
                "https://tuf.example/?token=secret",
                "https://tuf.example/?",
                "https://tuf.example/#x",
                "https:///tuf.example",
                "https://:443/",
                "https://[2001:db8::1",
                "https://tuf.example:99999",
                "https://tuf.example:0",
                "https://tuf.example\n",
                "https://tuf.example/a b",
            )
        ),
    ],
)
def test_a_tuf_repository_is_a_host_and_a_path(url: str, code: str) -> None:
    assert rooted({"tuf": url, "root": "root.json", "sha256": NOUGHT}) == code


@pytest.mark.parametrize(
    ("media", "code"),
    [
        ("application/vnd.dev.sigstore.trustedroot+json;version=0.1", "read"),
        ("application/vnd.dev.sigstore.trustedroot.v0.1+json", "read"),
        ("application/vnd.dev.sigstore.trustedroot.v0.2+json", "read"),
        *(
            (media, "policy-root-malformed")
            for media in (
                "application/vnd.dev.sigstore.trustedroot.v0.3+json",
                "application/vnd.dev.sigstore.trustedroot.v1+json",
                "application/vnd.dev.sigstore.trustedroot",
                "application/vnd.dev.sigstore.trustedroot.evil",
                "application/vnd.dev.sigstore.bundle.v0.3+json",
                "",
                None,
            )
        ),
    ],
)
def test_a_trusted_root_is_of_a_version_that_is_read(media: Json, code: str) -> None:
    document = json.dumps(root_document() | {"mediaType": media}).encode()
    assert rooted(pinned(document), document) == code


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"[]",
        b"[" * 100_000,
        ROOT[:-1] + b', "tlogs": []}',
        json.dumps(root_document() | {"tlogs": {}}).encode(),
        json.dumps(root_document() | {"tlogs": [None]}).encode(),
        json.dumps(root_document() | {"tlogs": [{}] * 65}).encode(),
    ],
)
def test_a_document_that_is_no_trusted_root_is_refused(document: bytes) -> None:
    assert rooted(pinned(document), document) == "policy-root-malformed"


def roles(threshold: int) -> Json:
    names = ("root", "timestamp", "snapshot", "targets")
    return {name: {"keyids": [], "threshold": threshold} for name in names}


def first_root(**changes: Json) -> Json:
    signed = {
        "_type": "root",
        "spec_version": "1.0.31",
        "version": 1,
        "expires": "2036-01-01T00:00:00Z",
        "keys": {},
        "roles": roles(1),
        "consistent_snapshot": True,
    }
    return {"signatures": [], "signed": {**signed, **changes}}


@pytest.mark.parametrize(
    "first",
    [
        b"",
        b"[]",
        b"[" * 100_000,
        json.dumps(first_root()).encode(),
        json.dumps(first_root(roles=roles(0))).encode(),
        json.dumps(first_root(roles={})).encode(),
        json.dumps(first_root(keys={"a": {"keytype": "x", "scheme": "y", "keyval": {}}})).encode(),
        json.dumps(first_root(_type="targets")).encode(),
        json.dumps(first_root(version=0)).encode(),
    ],
)
def test_a_first_root_of_tuf_that_proves_nothing_asks_nobody(first: bytes) -> None:
    with pytest.raises(TrustRootError) as refusal:
        fetch_trusted_root("https://tuf.invalid", first)
    assert refusal.value.code == "trust-root-unverified"


def test_a_first_root_that_somebody_signed_again_proves_nothing(tmp_path: Path) -> None:
    document = json.loads(Repository(tmp_path).first)
    document["signed"]["expires"] = "2046-01-01T00:00:00Z"
    with pytest.raises(TrustRootError) as refusal:
        fetch_trusted_root("https://tuf.invalid", json.dumps(document).encode())
    assert refusal.value.code == "trust-root-unverified"


POLICY: Final = f"version: 1\nsigners: {{ci: {{key: k.pub}}}}\n{ASKS}"


@contextmanager
def told(folder: Path) -> Iterator[None]:
    (folder / "p.yaml").write_text(POLICY)
    with pytest.raises(PolicyError) as error:
        yield
    assert error.value.code == "policy-file-unreadable"


def test_a_file_that_a_policy_names_is_a_plain_one(tmp_path: Path) -> None:
    policy, key = str(tmp_path / "p.yaml"), tmp_path / "k.pub"
    os.mkfifo(key)
    with told(tmp_path):
        find_policy(policy, None)
    key.unlink()
    key.symlink_to("/dev/null")
    with told(tmp_path):
        find_policy(policy, None)
    key.unlink()
    key.mkdir()
    with told(tmp_path):
        find_policy(policy, None)
    key.rmdir()
    key.write_text(KEY)
    assert sorted(find_policy(policy, None).signers) == ["ci"]


class Service:
    """A key management service whose public key is what it says."""

    def __init__(self, scheme: str, keyval: Json) -> None:
        self.public_key, self.scheme, self.keyval = self, scheme, keyval

    def import_(self, *_: str) -> tuple[str, Service]:
        return "awskms:the-key", self

    def from_priv_key_uri(self, *_: object) -> Service:
        return self


@pytest.mark.parametrize(
    ("scheme", "keyval"),
    [
        ("ed25519", {"public": f"01{'00' * 31}"}),
        ("ed25519", {"public": None}),
        ("ed25519", {}),
        ("ed25519", []),
        ("ecdsa-sha2-nistp256", {"public": 7}),
        ("ecdsa-sha2-nistp256", {"public": KEY + KEY}),
        ("rsassa-pss-sha256", {"public": KEY}),
    ],
)
def test_a_service_whose_key_cannot_be_used_signs_nothing(
    scheme: str, keyval: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SIGNER_FOR_URI_SCHEME, "awskms", Service(scheme, keyval))
    with pytest.raises(SigningError) as refusal:
        KmsKey("awskms:alias/passes")
    assert refusal.value.code == "kms-key-unsupported"


def test_a_service_whose_key_can_be_used_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    service = Service("ecdsa-sha2-nistp256", {"public": KEY})
    monkeypatch.setitem(SIGNER_FOR_URI_SCHEME, "awskms", service)
    public = KmsKey("awskms:alias/passes").public_key
    assert public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode() == KEY
