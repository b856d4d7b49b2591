"""`--bundle FILE`: every form in which tools keep bundles, and what is a wrong call."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path
from typing import Any, Final

import pytest

from gate.cli.reads import bundle_files
from gate.cli.reads.bundle_files import FromFile, read_bundles
from gate.cli.reads.places import Access
from gate.cli.runs.sign import SIGNATURE, Signing, run_sign
from gate.errors import UsageError
from gate.keys.private import generate, private_pem
from gate.model.evidence import AttachedKind
from tests.builders.layouts import make_image

MEDIA: Final = "application/vnd.dev.sigstore.bundle.v0.3+json"


def _envelope(text: str) -> dict[str, Any]:
    payload = base64.b64encode(text.encode()).decode()
    signatures = [{"sig": "AA=="}]
    return {"payload": payload, "payloadType": "a/b", "signatures": signatures}


def _bundle(text: str) -> dict[str, Any]:
    return {"mediaType": MEDIA, "verificationMaterial": {}, "dsseEnvelope": _envelope(text)}


A, B = _bundle('a {["\\'), _bundle("b")
LINES: Final = json.dumps(A) + "\n" + json.dumps(B) + "\n"


def _read(folder: Path, text: str) -> list[tuple[AttachedKind, Any]]:
    (folder / "f.json").write_text(text, encoding="utf-8")
    found = read_bundles(str(folder / "f.json"))
    return [(one.kind, json.loads(one.content)) for one in found]


@pytest.mark.parametrize(
    "text",
    [
        LINES,
        LINES.replace("\n", "\r\n"),
        f"\n\n{LINES}\n\n",
        json.dumps(A, indent=2) + json.dumps(B, indent=2),
        json.dumps([A, B]),
        json.dumps([{"bundle": A}, {"bundle": B, "repository_id": 1}]),
        json.dumps({"attestations": [{"bundle": A, "bundle_url": "x"}, {"bundle": B}]}, indent=1),
        json.dumps([{"attestation": {"bundle": A}, "verificationResult": {}}, B]),
    ],
)
def test_two_bundles_are_found_in_every_form(tmp_path: Path, text: str) -> None:
    assert _read(tmp_path, text) == [(AttachedKind.BUNDLE, A), (AttachedKind.BUNDLE, B)]


def test_a_file_of_one_bundle_is_taken_byte_for_byte(tmp_path: Path) -> None:
    content = json.dumps(A, indent=3).encode()
    path = tmp_path / "a.json"
    path.write_bytes(content + b"\n")
    assert read_bundles(str(path)) == (FromFile(AttachedKind.BUNDLE, content),)


def test_an_envelope_without_a_bundle_is_read_as_cosign_stores_one(tmp_path: Path) -> None:
    alone, beside = _envelope("x"), json.dumps(_envelope("x")) + "\n" + json.dumps(A)
    assert _read(tmp_path, json.dumps(alone)) == [(AttachedKind.COSIGN_ATTESTATION, alone)]
    kinds = [kind for kind, _ in _read(tmp_path, beside)]
    assert kinds == [AttachedKind.COSIGN_ATTESTATION, AttachedKind.BUNDLE]


SIGNS_A_FILE: Final = {
    "mediaType": MEDIA,
    "verificationMaterial": {},
    "messageSignature": {"signature": "AA=="},
}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "the file {} holds no bundle"),
        ("\n \n", "the file {} holds no bundle"),
        ("[]", "the file {} holds no bundle"),
        ('{"attestations": []}', "the file {} holds no bundle"),
        ('{"hello": "world"}', "{}:1 is something else than a Sigstore bundle"),
        ('{"_type": "https://in-toto.io/Statement/v1"}', "{}:1 is a statement without a signature"),
        ("hello\nworld", "{}:1 is not JSON: Expecting value"),
        ("\n\nhello", "{}:3 is not JSON"),
        ('"a"', "{}:1 is not an object"),
        ("[1]", "{}:1, item 0 is not an object"),
        (LINES + "{", "{}:3 is not JSON"),
        (LINES + "}", "{}:3 is not JSON"),
        (LINES + '\n{"hello": 1}', "{}:4 is something else than"),
        (json.dumps([A, {"hello": 1}]), "{}:1, item 1 is something else than"),
        ('{"attestations": [{"bundle": null, "bundle_url": "u"}]}', "{}:1, item 0 holds no bundle"),
        ('{"base64Signature": "AA=="}', "{}:1 is in cosign's older form"),
        (json.dumps(SIGNS_A_FILE), "{}:1 signs the bytes of a file"),
        ('{"mediaType": "a", "mediaType": "b"}', "{}:1 is not JSON"),
        ("%PDF {}", "{}:1 is not JSON"),
    ],
)
def test_a_file_of_anything_else_is_a_wrong_call_with_its_place(
    tmp_path: Path, text: str, problem: str
) -> None:
    with pytest.raises(UsageError) as refused:
        _read(tmp_path, text)
    assert refused.value.code == "bundle-malformed"
    assert refused.value.problem.startswith(problem.format(tmp_path / "f.json"))


def test_a_compressed_file_is_a_wrong_call_that_says_to_decompress_it(tmp_path: Path) -> None:
    (tmp_path / "a.json.gz").write_bytes(gzip.compress(LINES.encode()))
    with pytest.raises(UsageError) as refused:
        read_bundles(str(tmp_path / "a.json.gz"))
    assert refused.value.problem.endswith("a.json.gz is compressed with gzip")
    assert refused.value.remedy == "decompress it, and name the file that comes of it"


def test_a_file_that_is_not_there_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        read_bundles(str(tmp_path / "none.json"))
    assert refused.value.code == "bundle-unreadable"


def test_too_many_bytes_or_bundles_are_a_wrong_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle_files, "MAX_BUNDLES", 1)
    with pytest.raises(UsageError) as many:
        _read(tmp_path, LINES)
    monkeypatch.setattr(bundle_files, "MAX_FILE_BYTES", len(LINES) - 1)
    with pytest.raises(UsageError) as long:
        _read(tmp_path, LINES)
    assert (many.value.code, long.value.code) == ("bundle-too-large", "bundle-too-large")


@pytest.mark.parametrize("text", ["\n" * 2_000_000, "a\n" * 1_000_000, '"' * 200_001])
def test_a_long_file_of_nothing_is_told_at_once(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError) as refused:
        _read(tmp_path, text)
    assert refused.value.code == "bundle-malformed"


def test_sign_writes_a_bundle_file_and_nothing_beside_the_image(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_image(tmp_path / "images", "1.0")
    before = sorted((tmp_path / "images").rglob("*"))
    key, file = tmp_path / "gate.key", tmp_path / "s.json"
    key.write_bytes(private_pem(generate()))
    key.chmod(0o600)
    signing = Signing(key=str(key), trust_config=None, publish_private=False)
    layouts = [f"registry.example/shop={tmp_path / 'images'}"]
    name = "registry.example/shop:1.0"
    access = Access(layouts=layouts)
    assert run_sign(name, SIGNATURE, {}, signing, access=access, bundle_file=str(file)) == 0
    assert sorted((tmp_path / "images").rglob("*")) == before
    assert capsys.readouterr().out.endswith(f"written to {file}\n")
    (found,) = read_bundles(str(file))
    assert (found.kind, found.content) == (AttachedKind.BUNDLE, file.read_bytes())
