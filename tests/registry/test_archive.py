"""Archives of charts and bundles: what every reader takes alike is taken, and nothing else."""

from __future__ import annotations

import gzip
import hashlib
import io
import itertools
import tarfile
import zlib
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.errors import DocumentError
from gate.registry.bounds import BOUNDS, Bounds
from gate.registry.oci.archive import files_by_path, unpack
from tests.builders.artifacts import END, entry, packed, read_by_python, tar_of

FILES = {"shop/Chart.yaml": b"name: shop\n", "shop/templates/a.yaml": b"a: 1\n", "b.json": b""}
LONG = f"{'folder/' * 20}{'n' * 60}.yaml"


def refused(tar: bytes, *, gzipped: bool = False, bounds: Bounds = BOUNDS) -> tuple[str, str]:
    with pytest.raises(DocumentError) as error:
        unpack(tar, gzipped=gzipped, bounds=bounds)
    return error.value.code, error.value.problem.partition(": ")[2]


def written(form: int, files: dict[str, bytes]) -> bytes:
    """Return what Python's own writer makes of files and their folders."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as tar:
        for folder in sorted({n.rpartition("/")[0] for n in files if "/" in n}):
            info = tarfile.TarInfo(f"./{folder}")
            info.type = tarfile.DIRTYPE
            tar.addfile(info)
        for name, data in files.items():
            info = tarfile.TarInfo(f"./{name}")
            info.size, info.mtime = len(data), 1.5
            tar.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_what_usual_writers_make_is_read_whole_and_in_order(form: int) -> None:
    files = FILES | {LONG: b"x", f"{'n' * 98}": b"y", f"{'p' * 99}/{'q' * 99}": b"z"}
    tar = written(form, files)
    found = unpack(gzip.compress(tar), gzipped=True, bounds=BOUNDS)
    assert (found, list(found)) == (files, list(files))
    assert unpack(tar, gzipped=False, bounds=BOUNDS) == files


def test_gzip_in_several_parts_is_read_as_one() -> None:
    tar = tar_of(FILES)
    parts = gzip.compress(tar[:700]) + gzip.compress(b"") + gzip.compress(tar[700:])
    assert unpack(parts, gzipped=True, bounds=BOUNDS) == FILES


SLICES = [1024 * (2**count - 1) for count in range(1, 8)]
"""Where one slice of gzip ends and the next begins, in the first part."""
NOISE = {"noise": hashlib.shake_256(b"noise").digest(140_000)}


@pytest.mark.parametrize("boundary", SLICES)
def test_a_part_of_gzip_may_end_anywhere_around_the_end_of_a_slice(boundary: int) -> None:
    tar = tar_of(NOISE)
    for end in range(boundary - 20, boundary + 12):
        first = _stored(tar, end)
        parts = first + gzip.compress(tar[len(gzip.decompress(first)) :], compresslevel=0)
        assert gzip.decompress(parts) == tar
        assert unpack(parts, gzipped=True, bounds=BOUNDS) == NOISE


def _stored(tar: bytes, length: int) -> bytes:
    """Return the first part of an archive as gzip of exactly so many bytes."""
    count = length - len(gzip.compress(b"x", compresslevel=0)) + 1
    found = gzip.compress(tar[:count], compresslevel=0)
    while len(found) > length:
        count -= 1
        found = gzip.compress(tar[:count], compresslevel=0)
    assert len(found) == length
    return found


@settings(max_examples=50)
@given(st.lists(st.integers(0, 140_000), max_size=12), st.integers(0, 9))
def test_gzip_in_any_parts_is_read_as_python_reads_it(ends: list[int], level: int) -> None:
    tar = tar_of(NOISE)
    cuts = [0, *sorted(ends), len(tar)]
    parts = b"".join(gzip.compress(tar[a:b], level) for a, b in itertools.pairwise(cuts))
    assert gzip.decompress(parts) == tar
    assert unpack(parts, gzipped=True, bounds=BOUNDS) == NOISE


class Counted(bytes):
    """Bytes that count how many of them were taken."""

    taken = 0

    def __getitem__(self, key: Any) -> Any:  # noqa: ANN401  # as the base has it
        found = super().__getitem__(key)
        if isinstance(key, slice):
            self.taken += len(found)
        return found


def test_r273_many_small_parts_before_a_large_one_cost_no_more_than_their_bytes() -> None:
    empty, count = gzip.compress(b""), 2_000
    large = gzip.compress(tar_of(NOISE), compresslevel=0)
    content = Counted(empty * count + large)
    assert unpack(content, gzipped=True, bounds=BOUNDS) == NOISE
    assert len(content) <= content.taken <= 2 * len(content) + 1024 * count


def test_an_archive_without_an_end_is_read_as_go_and_python_read_it() -> None:
    tar = entry("a.yaml", b"a: 1\n")
    assert unpack(tar, gzipped=False, bounds=BOUNDS) == {"a.yaml": b"a: 1\n"}


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("link.yaml", tarfile.SYMTYPE, "is a link"),
        ("hard.yaml", tarfile.LNKTYPE, "is a link"),
        ("pipe.yaml", tarfile.FIFOTYPE, "is no plain file and no folder"),
        ("device.yaml", tarfile.CHRTYPE, "is no plain file and no folder"),
        ("sparse.yaml", tarfile.GNUTYPE_SPARSE, "is no plain file and no folder"),
        ("contiguous.yaml", tarfile.CONTTYPE, "is no plain file and no folder"),
    ],
)
def test_r271_what_is_no_plain_file_is_refused_beside_files_that_are_in_order(
    name: str, kind: bytes, said: str
) -> None:
    tar = tar_of(FILES)[: -len(END)] + entry(name, kind=kind, link="b.json") + END
    code, problem = refused(tar)
    assert (code, problem) == ("archive-unsafe", f"{name} in it {said}")


@pytest.mark.parametrize(
    "name",
    [
        *("/a.yaml", "../a.yaml", "a/../b.yaml", "a//b.yaml", "a/./b.yaml", "a\\b.yaml"),
        *("C:/a.yaml", "a/", ".", "..", "", "a\nb.yaml", "a\x1b[2Jb.yaml"),
    ],
)
def test_r271_a_path_that_leads_out_or_that_readers_take_differently_is_refused(name: str) -> None:
    tar = entry(name.removesuffix("/") or "x", b"a: 1\n")
    if name in {"a/", ""}:
        tar = tar[:0] + _named(tar, name.encode())
    assert refused(tar + END)[0] == "archive-unsafe"
    with pytest.raises(DocumentError, match="the path") as error:
        files_by_path([(name, b"a: 1\n")], BOUNDS)
    assert error.value.code == "archive-unsafe"


def _named(tar: bytes, name: bytes) -> bytes:
    """Return an entry with another name, which no writer would give it."""
    return _sealed(name.ljust(100, b"\0") + tar[100:512]) + tar[512:]


def _sealed(header: bytes) -> bytes:
    """Return a header with the checksum that it has to have."""
    blank = header[:148] + b" " * 8 + header[156:]
    return blank[:148] + b"%06o\0 " % sum(blank) + blank[156:]


def test_an_ordinary_path_is_taken_with_and_without_its_leading_dot() -> None:
    assert files_by_path([("./a/b.yaml", b"x"), ("c.yaml", b"y")], BOUNDS) == {
        "a/b.yaml": b"x",
        "c.yaml": b"y",
    }


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["a.yaml", "./a.yaml"], "a.yaml is there twice"),
        (["a", "a/b.yaml"], "a is a file in it, and a folder"),
        (["a/b.yaml", "a"], "a is a file in it, and a folder"),
    ],
)
def test_a_path_is_there_once(names: list[str], said: str) -> None:
    tar = b"".join(entry(name, b"x") for name in names) + END
    assert refused(tar) == ("archive-unsafe", said)


def test_an_empty_folder_has_no_file_s_path() -> None:
    tar = entry("a/", kind=tarfile.DIRTYPE) + entry("a", b"x") + END
    assert refused(tar) == ("archive-unsafe", "a is a file in it, and a folder")


def test_a_folder_may_be_there_twice_and_the_folder_of_all_is_no_path() -> None:
    folders = b"".join(entry(n, kind=tarfile.DIRTYPE) for n in ("./", ".", "a/", "./a", "a/"))
    tar = folders + entry("a/b.yaml", b"x") + END
    assert unpack(tar, gzipped=False, bounds=BOUNDS) == {"a/b.yaml": b"x"}


def _changed(at: int, value: bytes) -> bytes:
    header = entry("a.yaml", b"a: 1\n")
    sealed = _sealed(header[:at] + value + header[at + len(value) : 512])
    return sealed + header[512:] + END


def _gnu(at: int, value: bytes) -> bytes:
    """Return an archive in the GNU form, with something in the header's last fields."""
    header = _changed(257, b"ustar  \0")
    return _sealed(header[:at] + value + header[at + len(value) : 512]) + header[512:]


def test_a_path_in_two_fields_is_one_path_and_a_field_may_be_full() -> None:
    for prefix, name in ((b"a", b"b.yaml"), (b"p" * 155, b"n" * 100)):
        tar = _changed(345, prefix)
        tar = _sealed(name.ljust(100, b"\0") + tar[100:512]) + tar[512:]
        whole = f"{prefix.decode()}/{name.decode()}"
        assert unpack(tar, gzipped=False, bounds=BOUNDS) == {whole: b"a: 1\n"}
    assert unpack(_gnu(345, b""), gzipped=False, bounds=BOUNDS) == {"a.yaml": b"a: 1\n"}


@pytest.mark.parametrize(
    ("tar", "said"),
    [
        (b"a: 1\n" * 200, "it is no tar of the POSIX or the GNU form"),
        (_changed(257, b"\0" * 8), "it is no tar of the POSIX or the GNU form"),
        (_changed(508, b"tar\0"), "an entry has fields that readers take in different ways"),
        (_changed(500, b"x"), "an entry has fields that readers take in different ways"),
        (_gnu(345, b"x"), "an entry has fields that readers take in different ways"),
        (_gnu(499, b"x"), "an entry has fields that readers take in different ways"),
        (_changed(257, b"ustar  \0")[:350], "it is no tar of the POSIX or the GNU form"),
        (_changed(124, b"\x80" + b"\0" * 10 + b"\5"), "an entry has a number that is not octal"),
        (_changed(124, b"-0000000005\0"), "an entry has a number that is not octal"),
        (_changed(124, b"77777777777\0"), "an entry is longer than the archive"),
        (entry("a.yaml", b"x")[:700], "an entry is longer than the archive"),
        (tar_of(FILES) + b"x" * 512, "something follows its end"),
        (bytes(512) + entry("a.yaml", b"x"), "something follows its end"),
        (tar_of(FILES) + bytes(5), "something follows its end"),
        (_changed(0, b"\xff.yaml"), "a name in it is no UTF-8"),
        (entry("a", b"x", kind=tarfile.DIRTYPE), "a folder in it has content"),
    ],
)
def test_r273_what_is_damaged_or_read_differently_is_refused(tar: bytes, said: str) -> None:
    assert refused(tar) == ("archive-malformed", said)


UNUSED = ((100, 8), (108, 8), (116, 8), (136, 12), (329, 8), (337, 8))
"""Where a header has numbers that gate has no use for, and how long each is."""
FILE = {"a.yaml": b"a: 1\n"}


@pytest.mark.parametrize(("at", "size"), UNUSED)
@pytest.mark.parametrize(
    "value", [b"0100490", b"-1", b"0_1", b"0o7", b"\0" * 2 + b"7", b"7\0" * 2, b"\x81", b"1 2"]
)
def test_a_number_for_which_readers_drop_an_entry_is_refused(
    at: int, size: int, value: bytes
) -> None:
    tar = _changed(at, value.ljust(size, b"\0"))
    assert refused(tar) == ("archive-malformed", "an entry has a number that is not octal")


@pytest.mark.parametrize(("at", "size"), UNUSED)
@pytest.mark.parametrize(
    "value",
    [b"", b" ", b"  17 ", b"0" * 7, b"\x80" + b"\0" * 4 + b"\xff", b"\xff" * 6],
)
def test_a_number_that_all_readers_take_changes_nothing(at: int, size: int, value: bytes) -> None:
    filled = value.rjust(size, value[:1]) if value[:1] == b"\xff" else value.ljust(size, b"\0")
    tar = _changed(at, filled)
    assert unpack(tar, gzipped=False, bounds=BOUNDS) == read_by_python(tar) == FILE


def test_r273_a_wrong_checksum_is_refused() -> None:
    tar = bytearray(entry("a.yaml", b"a: 1\n") + END)
    tar[0:1] = b"b"
    assert refused(bytes(tar)) == ("archive-malformed", "the checksum of an entry is wrong")


def _record(key: str, value: str) -> bytes:
    body = f" {key}={value}\n".encode()
    length = len(body) + 1
    while len(b"%d" % length) + len(body) != length:
        length += 1
    return b"%d" % length + body


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE])
@pytest.mark.parametrize(
    "key", ["size", "linkpath", "GNU.sparse.major", "hdrcharset", "SCHILY.realsize", "Path"]
)
def test_r273_an_extended_header_that_readers_take_differently_is_refused(
    kind: bytes, key: str
) -> None:
    tar = entry("x", _record(key, "5"), kind=kind) + entry("a.yaml", b"x") + END
    said = f"an extended header says {key}, which readers take differently"
    assert refused(tar) == ("archive-malformed", said)


def test_an_extended_header_of_times_owners_and_a_commit_changes_nothing() -> None:
    said = b"".join(
        _record(k, "1")
        for k in ("mtime", "uid", "uname", "SCHILY.xattr.user.a", "LIBARCHIVE.creationtime")
    )
    tar = entry("x", _record("comment", "a" * 40), kind=tarfile.XGLTYPE)
    tar += entry("x", said, kind=tarfile.XHDTYPE) + entry("a.yaml", b"x") + END
    assert unpack(tar, gzipped=False, bounds=BOUNDS) == {"a.yaml": b"x"}


@pytest.mark.parametrize(
    "record",
    [
        *(
            b"path=a\n",
            b"9 path=a",
            b"8 path=a",
            b"99 path=a\n",
            b"0 path=a\n",
            b"x path=a\n",
            b"9 path.a\n",
        ),
        _record("path", "a") * 2,
        b"9" * 5000,
    ],
)
def test_r273_an_extended_header_out_of_form_is_refused(record: bytes) -> None:
    tar = entry("x", record, kind=tarfile.XHDTYPE) + entry("a.yaml", b"x") + END
    assert refused(tar) == ("archive-malformed", "an extended header is not well formed")


def test_r273_one_entry_has_one_extended_header_and_the_last_one_has_an_entry() -> None:
    named = entry("x", _record("path", "b.yaml"), kind=tarfile.XHDTYPE)
    plain = entry("a.yaml", b"x")
    assert unpack(named + plain, gzipped=False, bounds=BOUNDS) == {"b.yaml": b"x"}
    said = "an entry has two extended headers, or one that is too long"
    assert refused(named + named + plain + END) == ("archive-malformed", said)
    long = entry("x", _record("comment", "a" * 70_000), kind=tarfile.XHDTYPE)
    assert refused(long + plain + END) == ("archive-malformed", said)
    assert refused(named + END) == ("archive-malformed", "its last entry is missing")
    whole = _record("comment", "a" * (65_536 - 15))
    assert len(whole) == 65_536
    most = entry("x", whole, kind=tarfile.XHDTYPE) + plain + END
    assert unpack(most, gzipped=False, bounds=BOUNDS) == {"a.yaml": b"x"}


def test_a_path_in_a_global_header_is_for_no_file() -> None:
    tar = entry("x", _record("path", "b.yaml"), kind=tarfile.XGLTYPE) + entry("a.yaml", b"x")
    said = "an extended header says path, which readers take differently"
    assert refused(tar + END) == ("archive-malformed", said)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (tar_of(FILES), "it is not gzip, or damaged"),
        (packed(FILES)[:-9], "its gzip ends too early"),
        (packed(FILES) + b"garbage", "it is not gzip, or damaged"),
        (packed(FILES)[:-8] + b"\0" * 8, "it is not gzip, or damaged"),
        (zlib.compress(tar_of(FILES)), "it is not gzip, or damaged"),
    ],
)
def test_r273_gzip_that_is_damaged_or_followed_by_something_is_refused(
    content: bytes, said: str
) -> None:
    assert refused(content, gzipped=True) == ("archive-malformed", said)


@pytest.mark.parametrize(
    "bounds",
    [
        replace(BOUNDS, unpacked_bytes=3583),
        replace(BOUNDS, unpacked_files=2),
        replace(BOUNDS, unpacked_path=20),
        replace(BOUNDS, unpacked_depth=2),
    ],
)
def test_r273_each_bound_holds_and_one_more_would_do(bounds: Bounds) -> None:
    assert refused(packed(FILES), gzipped=True, bounds=bounds)[0] == "archive-too-large"
    enough = replace(
        BOUNDS, unpacked_bytes=3584, unpacked_files=3, unpacked_path=21, unpacked_depth=3
    )
    assert unpack(packed(FILES), gzipped=True, bounds=enough) == FILES


def test_r273_the_bound_on_bytes_is_one_of_all_parts_and_of_what_is_not_compressed() -> None:
    tar = tar_of(FILES)
    exact, less = (replace(BOUNDS, unpacked_bytes=len(tar) - n) for n in (0, 1))
    parts = gzip.compress(tar[:1000]) + gzip.compress(tar[1000:])
    assert unpack(parts, gzipped=True, bounds=exact) == FILES
    assert unpack(tar, gzipped=False, bounds=exact) == FILES
    assert refused(parts, gzipped=True, bounds=less)[0] == "archive-too-large"
    assert refused(tar, bounds=less)[0] == "archive-too-large"


def test_r273_a_bomb_is_given_up_at_the_bound() -> None:
    bomb = gzip.compress(bytes(20_000_000))
    bounds = replace(BOUNDS, unpacked_bytes=1_000_000)
    assert refused(bomb, gzipped=True, bounds=bounds)[0] == "archive-too-large"
    many = gzip.compress(b"") * 40
    assert (
        refused(many, gzipped=True, bounds=replace(BOUNDS, unpacked_files=20))[0]
        == "archive-too-large"
    )


def test_a_name_longer_than_file_systems_have_it_is_refused() -> None:
    assert files_by_path([("n" * 255, b"")], BOUNDS) == {"n" * 255: b""}
    for name in ("é" * 128, f"{'n' * 256}/a", f"a/{'n' * 256}"):
        with pytest.raises(DocumentError, match="255 bytes in one name"):
            files_by_path([(name, b"")], BOUNDS)


@given(st.dictionaries(st.from_regex(r"[a-z]{1,9}(/[a-z]{1,9}){0,2}", fullmatch=True), st.binary()))
def test_what_is_read_is_what_python_reads(files: dict[str, bytes]) -> None:
    tar = tar_of(files)
    try:
        found = unpack(tar, gzipped=False, bounds=BOUNDS)
    except DocumentError as error:
        assert error.code == "archive-unsafe"  # noqa: PT017  # a file that is a folder too
    else:
        assert found == read_by_python(tar)
