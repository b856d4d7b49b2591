"""The files of `--bundle`: every form in which tools keep signed statements about images.

A file holds one JSON document, or several one after the other (JSON Lines). Each is

- a Sigstore bundle (`cosign attest --bundle`, `gate sign --bundle`);
- a DSSE envelope alone (`cosign download attestation`, `NAME.dsse.json`), which has no proof
  beside its signature: it counts where the policy demands a key;
- the answer of GitHub's attestations API, `{"attestations": [{"bundle": …}]}`;
- a list of these, or of objects that hold one as `bundle` or under `attestation` (what
  `gh attestation verify --format json` prints).

Example: a file of two lines, a bundle each, is two things that count as attached. A file in
which any document is something else is a wrong call: an image is never called unsigned because
a path was.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from gate.documents.strict_json import MalformedJson, read_json
from gate.errors import UsageError
from gate.model.evidence import AttachedKind
from gate.model.expressions import expression
from gate.model.records import dataclass
from gate.registry.oci.contents import BUNDLE_TYPE
from gate.trust.bundle import MAX_BYTES

MAX_FILE_BYTES: Final = 2 * MAX_BYTES
"""Of one file, which may hold several bundles."""
MAX_BUNDLES: Final = 1024
"""In one file."""

_TOKEN: Final = expression(rb'"[^"\\]*(?:\\.[^"\\]*)*"?|[{}\[\]]', re.DOTALL)
_BLANK: Final = expression(rb"\s*")
_DEPTH: Final = 64
"""Of what is taken apart here; deeper JSON is refused when it is read."""
_OLD_SIGNATURE: Final = frozenset(("base64Signature", "Base64Signature"))
_GZIP: Final = b"\x1f\x8b"
_STATEMENT: Final = "https://in-toto.io/Statement/"
_WANTED: Final = "a Sigstore bundle, a DSSE envelope, or a list of them"


@dataclass(frozen=True, slots=True)
class FromFile:
    """Something signed, as a file holds it. Nothing of it is believed yet."""

    kind: AttachedKind
    content: bytes


def read_bundles(path: str) -> tuple[FromFile, ...]:
    """Return all that a file holds, at least one. Raises UsageError with the file and line."""
    data = _data(path)
    found: list[FromFile] = []
    for line, text in _documents(data):
        try:
            value = read_json(text, max_bytes=MAX_FILE_BYTES)
        except MalformedJson as error:
            why = str(error).removeprefix("the text is not JSON: ")
            raise _malformed(f"{path}:{line} is not JSON: {why}") from error
        found += _held(value, text, f"{path}:{line}")
        if len(found) > MAX_BUNDLES:
            raise UsageError(
                "bundle-too-large",
                f"the file {path} holds more than {MAX_BUNDLES} bundles",
                remedy="keep the bundles of this release's images, and name them",
            )
    if not found:
        raise _malformed(f"the file {path} holds no bundle")
    return tuple(found)


def _data(path: str) -> bytes:
    try:
        with Path(path).open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise UsageError(
            "bundle-unreadable",
            f"the bundle {path} cannot be read: {error.strerror}",
            remedy="name a file that is there",
        ) from error
    if len(data) > MAX_FILE_BYTES:
        raise UsageError(
            "bundle-too-large",
            f"the bundle {path} is larger than {MAX_FILE_BYTES} bytes",
            remedy="name a Sigstore bundle",
        )
    if data.startswith(_GZIP):
        raise UsageError(
            "bundle-malformed",
            f"the file {path} is compressed with gzip",
            remedy="decompress it, and name the file that comes of it",
        )
    return data


def _documents(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield each JSON document with its first line, 1 and up. What is not JSON is yielded too."""
    start = len(data) - len(data.lstrip())
    line, depth = 1 + data.count(b"\n", 0, start), 0
    for token in _TOKEN.finditer(data):
        text, end = token[0], token.end()
        depth += (text in b"{[") - (text in b"}]")
        if depth > _DEPTH:
            break
        if text in b"}]" and depth <= 0:
            yield line, data[start:end]
            after = _BLANK.match(data, end)
            start, depth, last = after.end() if after else end, 0, start
            line += data.count(b"\n", last, start)
    if start < len(data):
        yield line, data[start:]


def _held(value: object, text: bytes | None, where: str) -> Iterator[FromFile]:
    """Yield what one document holds; `text` are its bytes, where it is a whole document."""
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from _held(item, None, f"{where}, item {number}")
        return
    if not isinstance(value, dict):
        raise _malformed(f"{where} is not an object; {_WANTED} is expected")
    if isinstance(value.get("attestations"), list):
        yield from _held(value["attestations"], None, where)
    elif isinstance(inner := value.get("attestation") or value.get("bundle"), dict):
        yield from _held(inner, None, where)
    else:
        kind = _kind(value, where)
        yield FromFile(kind, text or json.dumps(value, ensure_ascii=False).encode())


def _kind(value: Mapping[str, Any], where: str) -> AttachedKind:
    media_type = value.get("mediaType")
    if isinstance(media_type, str) and media_type.startswith(BUNDLE_TYPE):
        if value.get("dsseEnvelope") is None and value.get("messageSignature") is not None:
            raise UsageError(
                "bundle-malformed",
                f"{where} signs the bytes of a file, and says nothing of an image",
                remedy="sign the image: `gate sign --bundle FILE IMAGE`, or `cosign sign`",
            )
        return AttachedKind.BUNDLE
    if "payload" in value and "payloadType" in value and "signatures" in value:
        return AttachedKind.COSIGN_ATTESTATION
    if value.get("bundle_url"):
        raise UsageError(
            "bundle-malformed",
            f"{where} holds no bundle, only the address where it can be downloaded",
            remedy="download what bundle_url names, decompress it, and name that file",
        )
    if not _OLD_SIGNATURE.isdisjoint(value):
        raise UsageError(
            "bundle-malformed",
            f"{where} is in cosign's older form, which is no Sigstore bundle",
            remedy="have cosign write it with --new-bundle-format, or attach it to the image",
        )
    if str(value.get("_type")).startswith(_STATEMENT):
        raise UsageError(
            "bundle-malformed",
            f"{where} is a statement without a signature",
            remedy="name the bundle or envelope that holds it signed",
        )
    raise _malformed(f"{where} is something else than {_WANTED}")


def _malformed(problem: str) -> UsageError:
    return UsageError(
        "bundle-malformed",
        problem,
        remedy=f"name a file that holds {_WANTED}, as JSON or JSON Lines",
    )
