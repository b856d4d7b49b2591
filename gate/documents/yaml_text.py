"""YAML as Kubernetes reads it, from libyaml events, with the place of every part."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from gate.documents.yaml_limits import MAX_BYTES, refuse
from gate.model.document import Document
from gate.model.location import Location

_BOM: Final = b"\xef\xbb\xbf"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
# C0 but tab, line feed and carriage return; DEL; C1 with NEL; LS and PS, which YAML 1.1
# takes for line breaks and editors do not; a byte order mark inside the text.
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff]")

_IGNORE: Final = re.compile(r"(?:^|\s)#\s*gate: ignore\[([^\]]{1,500})\](.{0,500})")


def read_yaml(
    data: bytes,
    path: str,
    *,
    strings: dict[str, str] | None = None,
    keys_as_written: bool = False,
) -> tuple[Document, ...]:
    """Return the documents of a YAML or JSON file, empty ones left out.

    Scalars mean what go-yaml v2 says (`yes` is true, `0755` is 493, `22:22` is text);
    `<<` merges; keys that are not text become text as in JSON. Refused, each with its
    place and a stable code: a repeated key, more than 16 MiB, 64 levels, a million parts
    (counted after aliases) or 5,000 documents, bytes that are not UTF-8 text, tags other
    than YAML's own, an alias inside its own anchor, and a merge that would override what
    the mapping itself says (parsers disagree on who wins). `strings` may be shared by
    several calls so that equal texts are kept once. With `keys_as_written`, as in a policy,
    every key is the text that stands there: `on` is "on", and not "true".

    Raises DocumentError and nothing else.
    """
    # yaml is loaded with the first document, not with the rooms that mention this one.
    from gate.documents.yaml_events import build  # noqa: PLC0415

    text = _checked(data, path)
    kept = {} if strings is None else strings
    found = build(text, path, kept, as_written=keys_as_written)
    if b"gate: ignore[" not in text:
        return found
    ignores = _ignores(text.decode("utf-8"))
    return tuple(replace(document, ignores=ignores) for document in found)


def _checked(data: bytes, path: str) -> bytes:
    if len(data) > MAX_BYTES:
        raise refuse(
            "yaml-too-large",
            f"the file has {len(data)} bytes, and at most {MAX_BYTES} are read",
            Location(path, 1),
            remedy="split the file",
        )
    if data.startswith(_UTF16):
        raise refuse(
            "yaml-encoding", "the file is UTF-16", Location(path, 1), remedy="save it as UTF-8"
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
    found = _FORBIDDEN.search(text)
    if found:
        raise refuse(
            "yaml-encoding",
            f"the character U+{ord(found[0]):04X} cannot stand in YAML text",
            _location(text[: found.start()], path),
            remedy="remove the character, or write it as an escape inside double quotes",
        )
    return data


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
