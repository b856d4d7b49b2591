"""Ways to pack an artifact so that another reader finds something else in it: each is refused."""

from __future__ import annotations

import gzip
import struct
import zlib
from pathlib import Path
from typing import Any, Final

import pytest

from gate.errors import DocumentError, UsageError
from gate.model.image import Digest
from gate.registry.bounds import BOUNDS
from gate.registry.layout.repository import LayoutRepository
from gate.registry.oci.archive import files_by_path, unpack
from gate.registry.oci.manifest import OCI_MANIFEST
from gate.registry.registries_file import load_reach
from tests.builders.artifacts import END, entry
from tests.fakes.registry import descriptor, encode

PLAIN: Final = entry("a.yaml", b"a: 1\n")
FILES: Final = {"a.yaml": b"a: 1\n"}
TAR: Final = PLAIN + END


def zipped(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def header(at: int, value: bytes) -> bytes:
    """Return an archive of one file, with other bytes in its header and the checksum of these."""
    changed = PLAIN[:at] + value + PLAIN[at + len(value) : 512]
    blank = changed[:148] + b" " * 8 + changed[156:]
    return blank[:148] + b"%06o\0 " % sum(blank) + blank[156:] + PLAIN[512:] + END


def record(key: str, value: str) -> bytes:
    body = f" {key}={value}\n".encode()
    length = len(body) + 1
    while len(b"%d" % length) + len(body) != length:
        length += 1
    return b"%d" % length + body


def said(data: bytes, kind: bytes = b"x") -> bytes:
    return entry("h", data, kind=kind)


def named(path: str) -> bytes:
    return said(record("path", path))


def code(tar: bytes, *, gzipped: bool = False) -> str:
    with pytest.raises(DocumentError) as caught:
        unpack(tar, gzipped=gzipped, bounds=BOUNDS)
    return caught.value.code.removeprefix("archive-")


@pytest.mark.parametrize(
    ("tar", "expected"),
    [
        (said(b"b.yaml\0c.yaml\0", b"L") + TAR, "unsafe"),
        (said(b"b.yaml\0\0", b"L") + TAR, "unsafe"),
        (said(b"\0", b"L") + TAR, "unsafe"),
        (said(b"b.yaml\0", b"K") + TAR, "unsafe"),
        (said(record("path", "b.yaml"), b"X") + TAR, "unsafe"),
        (said(b"b.yaml\0", b"L") + named("c.yaml") + TAR, "malformed"),
        (named("c.yaml") + said(record("comment", "x"), b"g") + TAR, "malformed"),
        (named("") + TAR, "unsafe"),
        (named("/etc/a.yaml") + TAR, "unsafe"),
        (named("b.yaml\0.txt") + TAR, "unsafe"),
        (named("b.yaml/") + TAR, "unsafe"),
        (said(b"015 path=b.yaml\n") + TAR, "malformed"),
        (said("\uff11\uff15 path=b.yaml\n".encode()) + TAR, "malformed"),
        (said(b"15\tpath=b.yaml\n") + TAR, "malformed"),
        (said(record("path", "b.yaml") + bytes(5)) + TAR, "malformed"),
        (said(record("GNU.sparse.name", "b.yaml")) + TAR, "malformed"),
        (said(record("Atime", "1")) + TAR, "malformed"),
        *((header(156, kind), "unsafe") for kind in (b"7", b"D", b"M", b"V", b"A", b"S")),
        (header(0, b"dir/" + bytes(10)), "unsafe"),
        (header(0, b".//a.yaml" + bytes(10)), "unsafe"),
        (header(0, b"././a.yaml" + bytes(10)), "unsafe"),
        (header(345, b"/etc"), "unsafe"),
        (header(345, b".."), "unsafe"),
        (header(345, b"x/"), "unsafe"),
        (header(124, bytes(12)), "malformed"),
        (header(124, b" " * 12), "malformed"),
        (header(124, b"\x000000000005\0"), "malformed"),
        (header(124, b"5 7        \0"), "malformed"),
        (header(124, b"000000000005"), "malformed"),
        (header(124, b"00000000000\0"), "malformed"),
        (header(257, b"ustar\x0001"), "malformed"),
        (header(257, b"ustar 00"), "malformed"),
        (PLAIN + bytes(512) + entry("b.yaml", b"x") + END, "malformed"),
        (PLAIN + bytes(100), "malformed"),
        (entry("a\u202e.yaml", b"1") + END, "unsafe"),
    ],
)
def test_an_entry_that_readers_take_in_different_ways_is_refused(tar: bytes, expected: str) -> None:
    assert code(tar) == expected


@pytest.mark.parametrize(
    ("tar", "files"),
    [
        (said(b"b.yaml", b"L") + TAR, {"b.yaml": b"a: 1\n"}),
        (said(record("comment", "z\n15 path=c.yaml")) + TAR, FILES),
        (said(record("path", "b.yaml") + record("comment", "path=c")) + TAR, {"b.yaml": b"a: 1\n"}),
        (named("b/") + entry("a/", kind=b"5") + TAR, FILES),
        (said(record("mtime", "1")) + said(b"b.yaml\0", b"L") + TAR, {"b.yaml": b"a: 1\n"}),
        (header(157, b"../../etc/passwd"), FILES),
        (PLAIN + bytes(512), FILES),
        (TAR + bytes(10240 - len(TAR)), FILES),
        (entry("e\u0301.yaml", b"1") + entry("\u00e9.yaml", b"2") + END, None),
        (entry("a.yaml ", b"1") + END, {"a.yaml ": b"1"}),
    ],
)
def test_what_every_reader_takes_alike_is_taken(tar: bytes, files: dict[str, bytes] | None) -> None:
    found = unpack(tar, gzipped=False, bounds=BOUNDS)
    assert found == (files or {"e\u0301.yaml": b"1", "\u00e9.yaml": b"2"})


def packed(flags: int, *fields: bytes) -> bytes:
    """Return gzip with flags, and the fields that belong to them."""
    stream = zlib.compressobj(wbits=-15)
    body = stream.compress(TAR) + stream.flush()
    start = b"\x1f\x8b\x08" + bytes([flags]) + bytes(5) + b"\xff" + b"".join(fields)
    return start + body + struct.pack("<II", zlib.crc32(TAR), len(TAR))


@pytest.mark.parametrize(
    "content",
    [
        packed(0x20),
        packed(0x80),
        packed(2, b"zz"),
        zipped(TAR) + bytes(512),
        zipped(TAR) + b"\0",
        zipped(TAR) + zipped(entry("b.yaml", b"x") + END),
        zipped(TAR) + zipped(TAR)[:15],
        zipped(zipped(TAR)),
        zipped(TAR)[:-4] + b"\1\0\0\0",
    ],
)
def test_gzip_that_readers_end_at_different_places_is_refused(content: bytes) -> None:
    assert code(content, gzipped=True) == "malformed"


@pytest.mark.parametrize(
    "content",
    [
        packed(0),
        packed(8, b"../x\0"),
        packed(4, struct.pack("<H", len(TAR)), TAR),
        zipped(b"") + zipped(TAR),
    ],
)
def test_what_gzip_says_beside_its_content_changes_nothing(content: bytes) -> None:
    assert unpack(content, gzipped=True, bounds=BOUNDS) == FILES


@pytest.mark.parametrize("title", ["././a.yaml", "a.yaml/", "C:a.yaml", "a:b.yaml", "a\u2028.yaml"])
def test_a_title_that_is_another_path_elsewhere_is_refused(title: str) -> None:
    with pytest.raises(DocumentError) as caught:
        files_by_path([(title, b"")], BOUNDS)
    assert caught.value.code == "archive-unsafe"


def test_what_is_written_to_a_layout_keeps_what_has_an_empty_name(tmp_path: Path) -> None:
    layout = LayoutRepository(tmp_path, BOUNDS)
    layout.prepare()
    one, two = (encode(manifest(word)) for word in ("one", "two"))
    layout.put_tag("", one, OCI_MANIFEST, over=None)
    layout.put_manifest(two, OCI_MANIFEST)
    index = LayoutRepository(tmp_path, BOUNDS)
    assert {entry.digest for entry in index._index.entries} == {Digest.of(one), Digest.of(two)}  # noqa: SLF001  # what is stored is seen there alone


def manifest(word: str) -> dict[str, Any]:
    empty = descriptor("application/vnd.oci.empty.v1+json", b"{}")
    head = {"schemaVersion": 2, "mediaType": OCI_MANIFEST, "artifactType": f"a/{word}"}
    return {**head, "config": empty, "layers": [empty]}


@pytest.mark.parametrize(
    "text",
    [
        "mirrors: {docker.io: 'https://mirror.example'}",
        "mirrors: {docker.io: 'mirror.example/../x'}",
        "mirrors: {docker.io: 'user@mirror.example'}",
        "mirrors: {docker.io: 'mirror.example/hub:latest'}",
        "mirrors: {docker.io: 'mirror.example/hub?x'}",
        "mirrors: {docker.io: [mirror.example]}",
        "mirrors: {'*': mirror.example}",
        "mirrors: {docker.io/library: mirror.example}",
        "mirrors: {docker.io: a.example, docker.io: b.example}",
        "mirrors: {}",
        "plain-http: registry.example",
        "plain-http: ['*.example']",
        "plain-http: [registry.example/path]",
        "private: []",
        "private: ['10.0.0.0/8']",
        "token-servers: {registry.example: ['https://auth.example']}",
        "token-servers: {registry.example: auth.example}",
        "evidence: {ghcr.io/acme: registry.example}",
        "evidence: {ghcr.io/acme: 'registry.example/x@sha256:00'}",
        "evidence-at-origin: [docker.io]",
        "github: {api: 'http://api.github.com'}",
        "github: {api: 'https://user@api.github.com'}",
        "github: {api: 'https://api.github.com?x=1'}",
        "github: {api: 'https://api.github.com', owners: {ghcr.io: '../acme'}}",
        "insecure: true",
        "[]",
        "private: [a.example]\n---\nprivate: [b.example]\n",
    ],
)
def test_a_registries_file_that_reaches_more_than_it_says_is_refused(
    tmp_path: Path, text: str
) -> None:
    file = tmp_path / "registries.yaml"
    file.write_text(text)
    with pytest.raises(UsageError) as caught:
        load_reach(file)
    assert caught.value.code == "registries-malformed"
