"""Archives of charts and of manifests: tar, mostly inside of gzip, read in memory.

helm, Flux, Argo CD and oras unpack the same bytes with readers of their own. So only what all of
them read alike is taken: plain files and folders, in the POSIX and the GNU form, each name once.
https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html
"""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Iterable, Iterator
from typing import Final

from gate.errors import DocumentError
from gate.model.expressions import expression
from gate.model.records import dataclass
from gate.registry.bounds import Bounds
from gate.registry.codes import Code
from gate.registry.wire import quote

_BLOCK: Final = 512
_POSIX: Final = b"ustar\x0000"
_GNU: Final = b"ustar  \x00"
_OCTAL: Final = expression(rb" *([0-7]{1,11})[ \x00]*")
_UNUSED: Final = ((100, 108), (108, 116), (116, 124), (136, 148), (329, 337), (337, 345))
"""Where a header has a mode, owners, a time and devices: nothing depends on these numbers, but
readers drop an entry that has another text there."""
_ANY_OCTAL: Final = expression(rb" *[0-7]*[ \x00]*")
_BINARY: Final = expression(rb"(?s:\x80\x00*|\xff+).{7}")
"""Such as of a large owner, or of a time before 1970; more than 56 bits are too many for Go."""
_EXTENSION_BYTES: Final = 64 * 1024
"""One extended header, such as of a long name."""
_HARMLESS: Final = expression(
    r"(?:[amc]time|[ug]id|[ug]name|comment|LIBARCHIVE\..+|SCHILY\.(?!realsize).+)"
)
"""What an extended header may say besides a path: nothing of it changes names or contents."""
_LONGEST_NAME: Final = 255
"""Bytes of one name in a path, as most file systems have it."""
_FIRST_SLICE: Final = 1024
_LONGEST_SLICE: Final = 64 * 1024
"""Bytes of gzip that zlib gets at once."""
_DRIVE: Final = expression(r"[A-Za-z]:")


def unpack(content: bytes, *, gzipped: bool, bounds: Bounds) -> dict[str, bytes]:
    """Return the content of each file by its path, in the order of the archive.

    A path has slashes and is relative; none of its parts is `.`, `..` or empty. Nothing is
    written to the disk. Raises DocumentError `archive-malformed`; `archive-unsafe` for a link, a
    device, a path that leads out, and a path that is there twice; `archive-too-large` over a bound.
    """
    tar = _inflated(content, bounds) if gzipped else content
    if len(tar) > bounds.unpacked_bytes:
        raise _too_large(f"more than {bounds.unpacked_bytes} bytes")
    return _by_path(_entries(tar, bounds))


def files_by_path(titled: Iterable[tuple[str, bytes]], bounds: Bounds) -> dict[str, bytes]:
    """Return files by their titles, which are held to what the paths of an archive are held to.

    Raises DocumentError as `unpack` does.
    """
    return _by_path((_checked(title.removeprefix("./"), bounds), data) for title, data in titled)


def _by_path(entries: Iterable[tuple[str, bytes | None]]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    folders: set[str] = set()
    for name, data in entries:
        parts = name.split("/")
        folders |= {"/".join(parts[:end]) for end in range(1, len(parts))}
        if data is None:
            folders.add(name)
        elif name in files:
            raise _unsafe(f"{quote(name)} is there twice")
        else:
            files[name] = data
    if both := next((name for name in files if name in folders), None):
        raise _unsafe(f"{quote(both)} is a file in it, and a folder")
    return files


def _inflated(content: bytes, bounds: Bounds) -> bytes:
    """Return what gzip holds, in one part or in several as some tools write it."""
    out, at = bytearray(), 0
    for _ in range(bounds.unpacked_files):
        at = _part(content, at, out, bounds.unpacked_bytes)
        if at == len(content):
            return bytes(out)
    raise _too_large(f"more than {bounds.unpacked_files} parts")


def _part(content: bytes, at: int, out: bytearray, most: int) -> int:
    """Add what one part of gzip holds, and return where the next one begins.

    zlib copies what follows a part in its slice. Slices begin small and grow, so that of many
    small parts only little is copied after each.
    """
    stream, size = zlib.decompressobj(wbits=31), _FIRST_SLICE
    while not stream.eof:
        piece = content[at : at + size]
        if not piece:
            raise _malformed("its gzip ends too early")
        try:
            out += stream.decompress(piece, most + 1 - len(out))
        except zlib.error as error:
            raise _malformed("it is not gzip, or damaged") from error
        if len(out) > most:
            raise _too_large(f"more than {most} bytes")
        at, size = at + len(piece), min(2 * size, _LONGEST_SLICE)
    return at - len(stream.unused_data)


@dataclass(frozen=True, slots=True)
class _Header:
    """One block that begins an entry."""

    name: bytes
    size: int
    kind: bytes


def _entries(tar: bytes, bounds: Bounds) -> Iterator[tuple[str, bytes | None]]:
    """Yield the path of each file with its content, and of each folder with None."""
    longer: str | None = None
    for header, data in _blocks(tar, bounds):
        if header.kind in b"gxL":
            if longer is not None or header.size > _EXTENSION_BYTES:
                raise _malformed("an entry has two extended headers, or one that is too long")
            longer = _extended(header.kind, data)
            continue
        name = _path(_text(header.name) if longer is None else longer, header, bounds)
        longer = None
        if header.kind != b"5":
            yield name, data
        elif name:
            yield name, None
    if longer is not None:
        raise _malformed("its last entry is missing")


def _blocks(tar: bytes, bounds: Bounds) -> Iterator[tuple[_Header, bytes]]:
    """Yield the header of each entry, extended ones too, with what follows it."""
    at = 0
    for count in itertools.count():
        block = tar[at : at + _BLOCK]
        if not block.strip(b"\x00"):
            if tar[at:].strip(b"\x00") or len(tar) % _BLOCK:
                raise _malformed("something follows its end")
            return
        if count == bounds.unpacked_files:
            raise _too_large(f"more than {count} entries")
        header = _header(block)
        start, end = at + _BLOCK, at + _BLOCK + header.size
        at = end + -header.size % _BLOCK
        if at > len(tar):
            raise _malformed("an entry is longer than the archive")
        yield header, tar[start:end]


def _header(block: bytes) -> _Header:
    magic = block[257:265]
    if len(block) < _BLOCK or magic not in (_POSIX, _GNU):
        raise _malformed("it is no tar of the POSIX or the GNU form")
    if _number(block[148:156]) != sum(block) - sum(block[148:156]) + 8 * ord(" "):
        raise _malformed("the checksum of an entry is wrong")
    prefix = block[345:500] if magic == _POSIX else b""
    if block[500:].strip(b"\x00") or (magic == _GNU and block[345:500].strip(b"\x00")):
        raise _malformed("an entry has fields that readers take in different ways")
    for start, end in _UNUSED:
        if not (_ANY_OCTAL.fullmatch(block, start, end) or _BINARY.fullmatch(block, start, end)):
            raise _malformed("an entry has a number that is not octal")
    name = block[:100].partition(b"\x00")[0]
    if prefix := prefix.partition(b"\x00")[0]:
        name = prefix + b"/" + name
    return _Header(name, _number(block[124:136]), block[156:157])


def _number(field: bytes) -> int:
    found = _OCTAL.fullmatch(field)
    if found is None:
        raise _malformed("an entry has a number that is not octal")
    return int(found[1], 8)


def _extended(kind: bytes, data: bytes) -> str | None:
    """Return the path that an extended header gives to the next entry; None where it gives none."""
    if kind == b"L":
        return _text(data.removesuffix(b"\x00"))
    said: dict[str, str] = {}
    while data:
        length, space, _ = data.partition(b" ")
        if not space or not length.isdigit() or not len(length) + 1 < int(length[:6]) <= len(data):
            raise _malformed("an extended header is not well formed")
        record, data = data[len(length) + 1 : int(length)], data[int(length) :]
        key, equals, value = _text(record.removesuffix(b"\n")).partition("=")
        if not equals or not record.endswith(b"\n") or key in said:
            raise _malformed("an extended header is not well formed")
        said[key] = value
    named = said.pop("path", None) if kind == b"x" else None
    if strange := next((key for key in said if not _HARMLESS.fullmatch(key)), None):
        raise _malformed(
            f"an extended header says {quote(strange)}, which readers take differently"
        )
    return named


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise _malformed("a name in it is no UTF-8") from error


def _path(text: str, header: _Header, bounds: Bounds) -> str:
    """Return the path of a file or folder, empty for the archive's own folder."""
    kinds = {b"0": "file", b"\x00": "file", b"5": "folder"}
    kind = kinds.get(header.kind)
    if kind is None:
        what = "a link" if header.kind in b"12" else "no plain file and no folder"
        raise _unsafe(f"{quote(text)} in it is {what}")
    if kind == "folder" and header.size:
        raise _malformed("a folder in it has content")
    if kind == "folder" and text in (".", "./"):
        return ""
    name = text.removesuffix("/") if kind == "folder" else text
    return _checked(name.removeprefix("./"), bounds)


def _checked(name: str, bounds: Bounds) -> str:
    """Return a path that every reader takes for the same place below the artifact."""
    parts = name.split("/")
    strange = not {"", ".", ".."}.isdisjoint(parts) or "\\" in name or not name.isprintable()
    if strange or _DRIVE.match(name):
        raise _unsafe(f"the path {quote(name)} leads out of it, or is read in different ways")
    longest = max(len(part.encode()) for part in parts)
    if (
        len(name.encode()) > bounds.unpacked_path
        or len(parts) > bounds.unpacked_depth
        or longest > _LONGEST_NAME
    ):
        raise _too_large(
            f"a path of more than {bounds.unpacked_path} bytes, {bounds.unpacked_depth} folders, "
            f"or {_LONGEST_NAME} bytes in one name"
        )
    return name


def _malformed(problem: str) -> DocumentError:
    return DocumentError(
        Code.ARCHIVE_MALFORMED,
        f"the archive cannot be read: {problem}",
        remedy="package and push it again with a current tool, such as `helm push`, "
        "`flux push artifact` or `oras push`",
    )


def _unsafe(problem: str) -> DocumentError:
    return DocumentError(
        Code.ARCHIVE_UNSAFE,
        f"the archive is not taken: {problem}",
        remedy="put plain files and folders into it, each under one relative path",
    )


def _too_large(problem: str) -> DocumentError:
    return DocumentError(
        Code.ARCHIVE_TOO_LARGE,
        f"the archive holds {problem}",
        remedy="put only what is applied into it",
    )
