"""YAML as Kubernetes reads it, from libyaml events, with the place of every part."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from gate.documents.json_stream import JsonObject, NotJsonError, json_objects
from gate.documents.kept import Kept
from gate.documents.merging import size
from gate.documents.yaml_limits import MAX_BYTES, MAX_DOCUMENTS, refuse, too_many_documents
from gate.documents.yaml_stream import check_lines
from gate.errors import DocumentError
from gate.model.document import Document
from gate.model.expressions import expression
from gate.model.location import Location
from gate.model.value import Value

_BOM: Final = b"\xef\xbb\xbf"
_UTF32: Final = (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")
_LOOKED_AT: Final = 64
"""Bytes of which every other one is zero where characters have two bytes."""
_SHORT: Final = 3
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
# C0 but tab, line feed and carriage return; DEL; C1 with NEL; LS and PS, which YAML 1.1
# takes for line breaks and editors do not; a byte order mark inside the text; U+FFFE and U+FFFF,
# which are no characters.
_FORBIDDEN: Final = expression(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]"
)
_CONTROLS: Final = bytes(b for b in range(0x20) if b not in b"\t\n\r") + b"\x7f"
"""Those of them that are ASCII."""
_IGNORE: Final = expression(r"(?:^|\s)#\s*gate: ignore\[([^\]]{1,500})\](.{0,500})")


def read_yaml(
    data: bytes,
    path: str,
    *,
    kept: Kept | None = None,
    keys_as_written: bool = False,
) -> tuple[Document, ...]:
    """Return the documents of a YAML or JSON file, empty ones left out.

    Scalars mean what go-yaml v2 says (`yes` is true, `0755` is 493, `22:22` is text);
    `<<` merges; keys that are not text become text as in JSON. JSON objects may follow each
    other with white space between. Refused, each with its place and a stable code: a repeated
    key, more than 16 MiB, 64 levels, a million parts (counted after aliases) or 5,000 documents,
    bytes that are not UTF-8 text, tags other than YAML's own, directives, and what the tools
    that apply manifests read differently (docs/decisions/0011-judge-what-is-applied.md has the
    table): odd separators and line ends, anchors that are used twice, on a key or inside
    themselves, odd numbers and keys, merges that override. `kept` is shared by the
    files of one run, so that equal texts are kept once, and equal documents are read once and
    share their value. With `keys_as_written`, as in a policy, every key is the text that
    is there: `on` is "on", and not "true"; nothing is shared then.

    Raises DocumentError and nothing else.
    """
    text = _checked(data, path)
    found = _documents(text, path, kept or Kept(), keys_as_written=keys_as_written)
    if b"gate: ignore[" not in text:
        return found
    ignores = _ignores(text.decode("utf-8"))
    return tuple(replace(document, ignores=ignores) for document in found)


def _documents(
    text: bytes, path: str, kept: Kept, *, keys_as_written: bool
) -> tuple[Document, ...]:
    # yaml is loaded with the first document, not with the rooms that mention this one.
    from gate.documents.yaml_once import build_once  # noqa: PLC0415  # yaml is loaded with the first document
    from gate.documents.yaml_parse import build  # noqa: PLC0415  # yaml is loaded with the first document

    check_lines(text, path)
    if text.lstrip(b" \t\r\n").startswith(b"{"):
        decoded = text.decode("utf-8")
        try:
            objects = _objects(decoded, path)
        except NotJsonError:
            pass
        else:
            return tuple(
                _json(read, decoded, path, kept.strings, keys_as_written=keys_as_written)
                for read in objects
            )
    # kubectl reads line by line, and ends the last line where the file does not.
    ended = text if text.endswith(b"\n") else text + b"\n"
    found = None if keys_as_written else build_once(ended, path, kept)
    return build(ended, path, kept.strings, as_written=keys_as_written) if found is None else found


def _objects(text: str, path: str) -> list[JsonObject]:
    objects: list[JsonObject] = []
    for read in json_objects(text):
        if len(objects) >= MAX_DOCUMENTS:
            raise too_many_documents(Location(path, read.line + 1, read.column + 1))
        objects.append(read)
    return objects


def _json(
    read: JsonObject, text: str, path: str, strings: dict[str, str], *, keys_as_written: bool
) -> Document:
    """Return an object with its places, which libyaml knows; JSON says what it means."""
    from gate.documents.yaml_parse import build  # noqa: PLC0415  # as above

    part = text[read.start : read.end] if read.masked is None else read.masked
    origin = (read.line, read.column)
    found = build(part.encode(), path, strings, as_written=keys_as_written, origin=origin)
    if len(found) == 1:
        (document,) = found
        if document.value == read.value:
            return document
        if read.masked is not None and len(document.marks) == size(read.value) + 1:
            return replace(document, held=Value(read.value))
    raise _differs(read, path)


def _differs(read: JsonObject, path: str) -> DocumentError:
    return refuse(
        "yaml-json",
        "this object is not the same when it is read as JSON and as YAML",
        Location(path, read.line + 1, read.column + 1),
        remedy="write it as JSON without repeated keys, or as YAML",
    )


def _checked(data: bytes, path: str) -> bytes:
    if len(data) > MAX_BYTES:
        raise refuse(
            "yaml-too-large",
            f"the file has {len(data)} bytes, and at most {MAX_BYTES} are read",
            Location(path, 1),
            remedy="split the file",
        )
    if wide := _wide(data):
        raise refuse(
            "yaml-encoding", f"the file is {wide}", Location(path, 1), remedy="save it as UTF-8"
        )
    data = data.removeprefix(_BOM)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise refuse(
            "yaml-encoding",
            f"byte {data[error.start]:#04x} is not UTF-8",
            _location(data[: error.start].decode("utf-8"), path),
            remedy="save the file as UTF-8",
        ) from error
    # Bytes are deleted ten times as fast as a pattern is searched for.
    clean = data.isascii() and len(data.translate(None, _CONTROLS)) == len(data)
    found = None if clean else _FORBIDDEN.search(text)
    if found:
        raise refuse(
            "yaml-encoding",
            f"the character U+{ord(found[0]):04X} is not allowed in YAML text",
            _location(text[: found.start()], path),
            remedy="remove the character, or write it as an escape inside double quotes",
        )
    return data


def _wide(data: bytes) -> str | None:
    """Return the encoding of a text whose characters have two or four bytes; None for another."""
    if data.startswith(_UTF32) or data[:4].count(0) == 3:  # noqa: PLR2004  # of four bytes
        return "UTF-32"
    first = data[:_LOOKED_AT]
    every_other = len(first) > _SHORT and (not any(first[1::2]) or not any(first[::2]))
    return "UTF-16" if data.startswith(_UTF16) or every_other else None


def _ignores(text: str) -> dict[int, list[tuple[tuple[str, ...], str]]]:
    found: dict[int, list[tuple[tuple[str, ...], str]]] = {}
    waiting: list[tuple[tuple[str, ...], str]] = []
    for number, line in enumerate(text.split("\n"), 1):
        match = _IGNORE.search(line)
        alone = line.lstrip().startswith("#")
        if match:
            rules = tuple(name.strip() for name in match[1].split(","))
            waiting.append((rules, match[2].strip()))
        if waiting and not alone:
            found.setdefault(number, []).extend(waiting)
            waiting = []
    return found


def _location(before: str, path: str) -> Location:
    line = before.count("\n")
    return Location(path, line + 1, len(before) - (before.rfind("\n") + 1) + 1)
