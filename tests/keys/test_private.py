"""Private keys: PKCS #8 and cosign's encrypted files."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa, x25519
from hypothesis import given
from hypothesis import strategies as st

from gate.keys import cosign, secretbox
from gate.keys.cosign import _Cost, decrypt, encrypted_pem, is_cosign_key
from gate.keys.private import PrivateKey, generate, load_private_key, private_pem
from gate.keys.public import MAX_KEY_BYTES, MalformedKey, fingerprint, public_pem

KEY = generate()
SEALED = encrypted_pem(KEY, b"secret")
LABEL = b"ENCRYPTED SIGSTORE PRIVATE KEY"


def _same(key: PrivateKey) -> bool:
    return fingerprint(key.public_key()) == fingerprint(KEY.public_key())


def _changed(**fields: object) -> bytes:
    body = json.loads(base64.b64decode(b"".join(SEALED.splitlines()[1:-1])))
    for path, value in fields.items():
        *parents, last = path.split("__")
        target = body
        for name in parents:
            target = target[name]
        target[last] = value
    text = base64.b64encode(json.dumps(body).encode())
    return b"-----BEGIN " + LABEL + b"-----\n" + text + b"\n-----END " + LABEL + b"-----\n"


def test_a_generated_key_is_p256_and_comes_back_from_its_pem() -> None:
    assert KEY.curve.name == "secp256r1"
    assert _same(load_private_key(private_pem(KEY), None))


def test_an_encrypted_pkcs8_key_opens_with_its_password_only() -> None:
    pem = KEY.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"secret"),
    )
    assert _same(load_private_key(pem, b"secret"))
    with pytest.raises(MalformedKey, match="give its password"):
        load_private_key(pem, None)
    with pytest.raises(MalformedKey, match="wrong password"):
        load_private_key(pem, b"other")


def test_a_password_for_a_key_that_has_none_is_refused() -> None:
    with pytest.raises(MalformedKey, match="not encrypted"):
        load_private_key(private_pem(KEY), b"secret")


def test_a_key_that_could_not_be_verified_with_is_not_signed_with() -> None:
    weak = rsa.generate_private_key(65537, 1024)  # noqa: S505  # weak on purpose
    with pytest.raises(MalformedKey, match="1024 bits"):
        load_private_key(private_pem(weak), None)
    with pytest.raises(MalformedKey, match="secp224r1"):
        load_private_key(private_pem(ec.generate_private_key(ec.SECP224R1())), None)


def _unencrypted(key: dsa.DSAPrivateKey | x25519.X25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


@pytest.mark.parametrize(
    "key",
    [rsa.generate_private_key(65537, 2048), ed25519.Ed25519PrivateKey.generate(), KEY],
    ids=lambda key: type(key).__name__,
)
def test_each_kind_of_key_that_is_verified_with_is_signed_with(key: PrivateKey) -> None:
    read = load_private_key(private_pem(key), None)
    assert fingerprint(read.public_key()) == fingerprint(key.public_key())


@pytest.mark.parametrize(
    ("data", "password", "reason"),
    [
        (public_pem(KEY.public_key()), None, "this is a public key"),
        (public_pem(KEY.public_key()), b"secret", "this is a public key"),
        (b"", None, "the file is empty"),
        (b"-----BEGIN OPENSSH PRIVATE KEY-----\n", None, "this is an OpenSSH private key"),
        (b"-----BEGIN OPENSSH PRIVATE KEY-----\n", b"a", "this is an OpenSSH private key"),
        (b"\xff", None, "this is not a private key in PEM form"),
        (b"\xff", b"secret", "wrong password"),
        (b"\n" * (MAX_KEY_BYTES + 1), None, f"at most {MAX_KEY_BYTES} bytes"),
        (_unencrypted(dsa.generate_private_key(1024)), None, "keys of this kind are not accepted"),  # noqa: S505  # made at once, and refused
        (_unencrypted(x25519.X25519PrivateKey.generate()), None, "keys of this kind are not"),
    ],
)
def test_what_is_no_private_key_is_refused_for_what_it_is(
    data: bytes, password: bytes | None, reason: str
) -> None:
    with pytest.raises(MalformedKey, match=reason):
        load_private_key(data, password)


def test_a_private_key_file_is_read_up_to_its_bound() -> None:
    assert _same(load_private_key(private_pem(KEY).ljust(MAX_KEY_BYTES, b"\n"), None))
    assert _same(load_private_key(private_pem(KEY), b""))


def test_what_opens_and_is_no_pkcs8_key_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cosign, "decrypt", lambda *_: b"opened")
    with pytest.raises(MalformedKey, match="what it holds is not a PKCS #8 key"):
        load_private_key(SEALED, b"secret")


@pytest.mark.parametrize(
    ("n", "r", "p"), [(2, 1, 1), (1 << 18, 8, 1), (1 << 18, 8, 2), (1 << 21, 1, 2)]
)
def test_a_cost_up_to_the_bounds_of_memory_and_time_is_paid(n: int, r: int, p: int) -> None:
    cost = _Cost(n=n, r=r, p=p)
    assert (cost.n, cost.r, cost.p) == (n, r, p)


@pytest.mark.parametrize(
    ("n", "r", "p"),
    [
        *((1, 8, 1), (0, 8, 1), (3, 8, 1), (16, 0, 1), (16, -1, 1), (16, 8, 0), (16, 8, -1)),
        *((1 << 19, 8, 1), (1 << 22, 1, 1), (1 << 18, 8, 3), (2, 1, (1 << 21) + 1)),
    ],
)
def test_a_cost_beyond_the_bounds_is_refused_before_it_is_paid(n: int, r: int, p: int) -> None:
    with pytest.raises(MalformedKey, match="out of bounds"):
        _Cost(n=n, r=r, p=p)


def test_a_key_under_another_label_is_none_of_cosigns() -> None:
    with pytest.raises(MalformedKey, match="not one of cosign's"):
        decrypt(SEALED.replace(LABEL, b"PRIVATE KEY"), b"secret")
    with pytest.raises(MalformedKey, match="not one of cosign's"):
        decrypt(SEALED + b".", b"secret")


def test_a_cosign_key_has_lines_of_64_characters() -> None:
    _, *lines, last, _ = SEALED.decode().splitlines()
    assert {len(line) for line in lines} == {64}
    assert 0 < len(last) <= 64


@pytest.mark.parametrize("field", [("kdf", "salt"), ("cipher", "nonce"), ("ciphertext",)])
def test_base64_with_anything_else_in_it_is_damaged(field: tuple[str, ...]) -> None:
    body = json.loads(base64.b64decode(b"".join(SEALED.splitlines()[1:-1])))
    for name in field:
        body = body[name]
    with pytest.raises(MalformedKey, match="damaged"):
        load_private_key(_changed(**{"__".join(field): f"{body}!"}), b"secret")


def test_a_body_that_is_not_base64_alone_is_damaged() -> None:
    with pytest.raises(MalformedKey, match="damaged"):
        load_private_key(SEALED.replace(b"-----\n", b"-----\n=", 1), b"secret")


def test_a_cosign_key_opens_with_its_password_under_both_labels() -> None:
    old = SEALED.replace(b"SIGSTORE", b"COSIGN")
    assert is_cosign_key(SEALED)
    assert is_cosign_key(old)
    assert _same(load_private_key(SEALED, b"secret"))
    assert _same(load_private_key(old, b"secret"))
    with pytest.raises(MalformedKey, match="wrong password"):
        load_private_key(SEALED, b"Secret")


def test_cosign_writes_an_empty_password_for_none() -> None:
    assert _same(load_private_key(encrypted_pem(KEY, b""), None))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"kdf__params__N": 1 << 30}, "out of bounds"),
        ({"kdf__params__N": 65537}, "out of bounds"),
        ({"kdf__params__N": -2}, "out of bounds"),
        ({"kdf__params__r": 1 << 20}, "out of bounds"),
        ({"kdf__params__p": 1 << 20}, "out of bounds"),
        ({"kdf__params__p": 0}, "out of bounds"),
        ({"kdf__params__N": 2}, "wrong password"),
        ({"kdf__params__N": 65536.0}, "whole numbers"),
        ({"kdf__params__N": True}, "whole numbers"),
        ({"kdf__name": "pbkdf2"}, "another way"),
        ({"cipher__name": "aes"}, "another way"),
        ({"cipher__nonce": "AAAA"}, "nonce has 3 bytes"),
        ({"ciphertext": ""}, "wrong password"),
        ({"ciphertext": 7}, "damaged"),
        ({"kdf__salt": None}, "damaged"),
        ({"kdf": []}, "damaged"),
    ],
)
def test_a_hostile_cosign_key_is_refused(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(MalformedKey, match=reason):
        load_private_key(_changed(**changes), b"secret")


@given(st.binary(max_size=300))
def test_no_bytes_make_anything_but_a_malformed_key_escape(data: bytes) -> None:
    sealed = b"-----BEGIN " + LABEL + b"-----\n" + base64.b64encode(data)
    for text in (data, sealed, sealed + b"\n-----END " + LABEL + b"-----\n"):
        with pytest.raises(MalformedKey):
            load_private_key(text, b"secret")


def test_secretbox_gives_the_bytes_of_nacls_own_test() -> None:
    # https://nacl.cr.yp.to/valid.html, tests/secretbox
    key = bytes.fromhex("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389")
    nonce = bytes.fromhex("69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37")
    message = bytes.fromhex(
        "be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffc"
        "e5ecbaaf33bd751a1ac728d45e6c61296cdc3c01233561f41db66cce314adb31"
        "0e3be8250c46f06dceea3a7fa1348057e2f6556ad6b1318a024a838f21af1fde"
        "048977eb48f59ffd4924ca1c60902e52f0a089bc76897040e082f937763848645e0705"
    )
    box = secretbox.seal(key, nonce, message)
    assert box[:16].hex() == "f3ffc7703f9400e52a7dfb4b3d3305d9"
    assert secretbox.unseal(key, nonce, box) == message
    assert secretbox.unseal(key, nonce, box[:-1] + b"\x00") is None
    assert secretbox.unseal(key, nonce, b"") is None


@pytest.mark.parametrize("size", [0, 1, 31, 32, 33, 96, 97, 160, 161])
def test_secretbox_opens_what_it_sealed_whatever_its_length(size: int) -> None:
    key, nonce, message = b"k" * 32, b"n" * 24, b"m" * size
    box = secretbox.seal(key, nonce, message)
    assert (len(box), secretbox.unseal(key, nonce, box)) == (16 + size, message)
    assert secretbox.unseal(b"K" * 32, nonce, box) is None
