"""What `gate sign` and `gate attest` store, and what they refuse to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from gate.cli.reads.places import Access
from gate.cli.reads.signer import Signer
from gate.cli.runs import sign
from gate.cli.runs.sign import Signing, run_sign
from gate.errors import SigningError, UsageError
from gate.keys.private import generate, private_pem
from gate.model.image import Digest
from gate.signing.key import sign_statement
from tests.builders.layouts import make_image

NAME = "registry.example/shop"
TYPE = "https://acme.example/approval/v1"
PUBLIC = generate().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
ENCRYPTED = generate().private_bytes(
    Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"password")
)
SMALL = rsa.generate_private_key(65537, 1024).private_bytes(  # noqa: S505  # what is refused
    Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
)


def attest(
    folder: Path, predicate: dict[str, object], about: frozenset[Digest] = frozenset()
) -> None:
    key = folder / "gate.key"
    key.write_bytes(private_pem(generate()))
    key.chmod(0o600)
    signing = Signing(key=str(key), trust_config=None, publish_private=False)
    layouts = [f"{NAME}={folder / 'images'}"]
    run_sign(f"{NAME}:1.0", TYPE, predicate, signing, access=Access(layouts=layouts), about=about)


def stored(folder: Path) -> int:
    return len(list((folder / "images" / "blobs" / "sha256").iterdir()))


def test_a_statement_is_stored_up_to_the_size_that_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_image(tmp_path / "images", "1.0")
    before = stored(tmp_path)
    monkeypatch.setattr(sign, "MAX_PAYLOAD", 1000)
    with pytest.raises(UsageError) as refused:
        attest(tmp_path, {"text": "a" * 1000})
    assert refused.value.code == "attest-too-large"
    assert stored(tmp_path) == before
    attest(tmp_path, {"text": "a"})
    assert stored(tmp_path) > before


def test_a_document_about_another_image_is_refused_before_it_is_signed(tmp_path: Path) -> None:
    make_image(tmp_path / "images", "1.0")
    before = stored(tmp_path)
    other = Digest("a" * 64)
    with pytest.raises(UsageError) as refused:
        attest(tmp_path, {"text": "a"}, frozenset({other}))
    assert refused.value.code == "attest-another-image"
    assert f"the document says that it is about {other}" in refused.value.problem
    assert stored(tmp_path) == before
    index = json.loads((tmp_path / "images" / "index.json").read_text())
    own = Digest.parse(index["manifests"][0]["digest"])
    attest(tmp_path, {"text": "a"}, frozenset({own, other}))
    assert stored(tmp_path) > before


def test_the_largest_statement_fits_into_the_largest_bundle(tmp_path: Path) -> None:
    make_image(tmp_path / "images", "1.0")
    room = sign.MAX_PAYLOAD - len(json.dumps({"text": ""})) - 400
    before = stored(tmp_path)
    attest(tmp_path, {"text": "a" * room})
    assert stored(tmp_path) > before


def test_what_the_signer_signed_wrongly_is_not_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_image(tmp_path / "images", "1.0")
    before = stored(tmp_path)
    mine, other = generate(), generate()
    wrong = Signer(sign=lambda payload: sign_statement(payload, other), key=mine.public_key())
    monkeypatch.setattr(sign, "key_signer", lambda _: wrong)
    with pytest.raises(SigningError) as refused:
        attest(tmp_path, {"text": "a"})
    assert refused.value.code == "own-signature-not-verified"
    assert stored(tmp_path) == before


@pytest.mark.parametrize(
    "key", ["-----BEGIN PRIVATE KEY-----\nMIGH\n", "a\nMIGH", "MIGH" * 46, "-----BEGIN MIGH\0"]
)
def test_a_key_in_place_of_its_file_is_shown_nowhere(key: str) -> None:
    with pytest.raises(UsageError) as refused:
        Signing(key=key, trust_config=None, publish_private=False).signer()
    told = f"{refused.value.problem} {refused.value.remedy}"
    assert (refused.value.code, "MIGH" in told) == ("key-itself", False)
    assert refused.value.remedy.startswith("write the key to a file")


def test_a_name_of_a_key_that_no_file_can_have_is_a_wrong_call() -> None:
    with pytest.raises(UsageError) as refused:
        Signing(key="a\0b", trust_config=None, publish_private=False).signer()
    assert refused.value.code == "key-unreadable"


@pytest.mark.parametrize(
    ("held", "code", "remedy"),
    [
        (None, "key-unreadable", "check the path that --key names"),
        (b"no key", "key-malformed", "name a PEM key"),
        (PUBLIC, "key-malformed", "name its private half, such as gate.key"),
        (ENCRYPTED, "key-malformed", "put its password into GATE_KEY_PASSWORD"),
        (SMALL, "key-malformed", "make another key, such as with `gate keygen`"),
    ],
)
def test_a_key_that_is_none_is_a_wrong_call(
    tmp_path: Path, held: bytes | None, code: str, remedy: str
) -> None:
    key = tmp_path / "gate.key"
    if held is not None:
        key.write_bytes(held)
    with pytest.raises(UsageError) as refused:
        Signing(key=str(key), trust_config=None, publish_private=False).signer()
    assert refused.value.code == code
    assert refused.value.exit_code == 2
    assert refused.value.remedy.startswith(remedy)


def test_a_trust_configuration_that_is_not_there_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        Signing(key=None, trust_config=str(tmp_path / "no"), publish_private=False).signer()
    assert refused.value.remedy == "check the path that --trust-config names"


@pytest.mark.parametrize("sign", [1, -1])
def test_a_whole_number_that_readers_round_is_not_signed(tmp_path: Path, sign: int) -> None:
    make_image(tmp_path / "images", "1.0")
    before = stored(tmp_path)
    with pytest.raises(UsageError) as refused:
        attest(tmp_path, {"a": [sign * 2**53]})
    assert (refused.value.code, stored(tmp_path)) == ("attest-file", before)
    assert "a whole number over 9007199254740991" in refused.value.problem
    attest(tmp_path, {"a": [sign * (2**53 - 1)]})
    assert stored(tmp_path) > before


def test_a_file_in_place_of_the_image_is_told_before_a_registry_is_asked_for_it(
    tmp_path: Path,
) -> None:
    file = tmp_path / "sbom.json"
    file.write_text("{}")
    signing = Signing(key=None, trust_config=None, publish_private=False)
    with pytest.raises(UsageError) as refused:
        run_sign(str(file), TYPE, {}, signing, access=Access())
    assert refused.value.code == "image-reference-malformed"
    assert "is a file" in refused.value.problem
