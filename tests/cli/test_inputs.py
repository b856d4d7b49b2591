from __future__ import annotations

import io
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from gate.cli.reads.folders import Search
from gate.cli.reads.inputs import Inputs, collect
from gate.errors import UsageError
from gate.model.verdict import Action

NOTHING = io.BytesIO()


def _write(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)


def _found(root: Path, *paths: str) -> list[str]:
    given = [str(root / path) for path in paths]
    found = collect(given, NOTHING)
    assert (found.findings, found.excluded) == ((), ())
    return [str(Path(name).relative_to(root)) for name, _ in found.files]


def _codes(found: Inputs, root: Path) -> list[tuple[str, str]]:
    """Return the place and the code of each finding."""
    return [
        (str(Path(f.location.path).relative_to(root)), f.code) for f in found.findings if f.location
    ]


def test_a_folder_is_searched_to_the_bottom_in_order(tmp_path: Path) -> None:
    _write(tmp_path, "b.yml", "a.yaml", "c.json", "d.txt", "x/y/z.yaml", ".git/e.yaml")
    assert _found(tmp_path, ".") == ["a.yaml", "b.yml", "c.json", "x/y/z.yaml"]


def test_neither_an_ignore_file_nor_a_dot_before_a_name_leaves_anything_out(tmp_path: Path) -> None:
    _write(tmp_path, "a.yaml", "gen/a.yaml", ".b.yaml", ".x/y/c.yml", "x/d.json", "x/.git/e.yaml")
    (tmp_path / ".gitignore").write_text("*\n")
    (tmp_path / "x" / ".gitignore").write_text("d.json\n")
    assert _found(tmp_path, ".") == [".b.yaml", "a.yaml", ".x/y/c.yml", "gen/a.yaml", "x/d.json"]


def test_the_names_that_kubectl_reads_in_a_folder_are_read_and_no_others(tmp_path: Path) -> None:
    _write(tmp_path, "a.yaml", "b.YAML", "c.Json", "d.yaml.bak", "e.txt", ".yaml", "Kustomization")
    assert _found(tmp_path, ".") == [".yaml", "Kustomization", "a.yaml"]


def test_globs_span_folders_and_no_file_is_read_twice(tmp_path: Path) -> None:
    _write(tmp_path, "a.yaml", "x/b.yaml")
    assert _found(tmp_path, "**/*.yaml", "a.yaml", ".") == ["a.yaml", "x/b.yaml"]


def test_a_file_with_two_names_is_read_once_and_another_with_its_number_is_not_lost(
    tmp_path: Path,
) -> None:
    _write(tmp_path, "a.yaml", "b.yaml")
    (tmp_path / "c.yaml").hardlink_to(tmp_path / "a.yaml")
    assert _found(tmp_path, ".") == ["a.yaml", "b.yaml"]


def test_links_block_where_a_reader_would_follow_them_and_are_never_followed(
    tmp_path: Path,
) -> None:
    _write(tmp_path, "m/a.yaml", "out/b.yaml", "out/c.txt")
    links = {
        "m/file.yaml": "../out/b.yaml",
        "m/folder": "../out",
        "m/loop": ".",
        "m/lost": "../nowhere",
        "m/lost.json": "../nowhere",
    }
    for name, target in links.items():
        (tmp_path / name).symlink_to(target)
    (tmp_path / "m" / "text").symlink_to("../out/c.txt")  # kubectl does not read this name
    found = collect([str(tmp_path / "m")], NOTHING)
    assert [Path(name).name for name, _ in found.files] == ["a.yaml"]
    assert _codes(found, tmp_path) == [(name, "linked-input") for name in sorted(links)]
    assert {(f.rule, f.action) for f in found.findings} == {("input-not-read", Action.BLOCK)}


def test_a_link_that_the_call_names_itself_is_followed(tmp_path: Path) -> None:
    _write(tmp_path, "m/a.yaml")
    (tmp_path / "file").symlink_to("m/a.yaml")
    (tmp_path / "folder").symlink_to("m")
    assert _found(tmp_path, "file") == ["file"]
    assert _found(tmp_path, "folder") == ["folder/a.yaml"]


def test_pipes_and_sockets_with_a_manifests_name_block_and_do_not_hold_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(tmp_path, "a.yaml")
    monkeypatch.chdir(tmp_path)  # a socket's path is short
    os.mkfifo(tmp_path / "pipe.yaml")
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("s.json")
        found = collect([str(tmp_path)], NOTHING)
    assert [Path(name).name for name, _ in found.files] == ["a.yaml"]
    assert _codes(found, tmp_path) == [("pipe.yaml", "special-input"), ("s.json", "special-input")]


def test_what_becomes_a_link_or_a_pipe_after_the_folder_was_listed_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(tmp_path, "m/a.yaml", "m/b.yaml", "secret")
    search = Search.manifests

    def swapped(self: Search, top: str) -> Iterator[str]:
        for path in list(search(self, top)):
            Path(path).unlink()
            yield path

    def swap(path: str, flags: int) -> int:
        if path.endswith("a.yaml"):
            Path(path).symlink_to(tmp_path / "secret")
        else:
            os.mkfifo(path)
        return opened(path, flags)

    opened = os.open
    monkeypatch.setattr(Search, "manifests", swapped)
    monkeypatch.setattr(os, "open", swap)
    found = collect([str(tmp_path / "m")], NOTHING)
    assert found.files == ()
    assert _codes(found, tmp_path) == [
        ("m/a.yaml", "unreadable-input"),
        ("m/b.yaml", "special-input"),
    ]


def test_a_folder_and_a_file_that_cannot_be_opened_block_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(tmp_path, "a.yaml", "closed/b.yaml", "shut.yaml")
    scan, opened = os.scandir, os.open

    def scandir(path: str) -> Iterator[os.DirEntry[str]]:
        if path.endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return scan(path)

    def open_(path: str, flags: int) -> int:
        if path.endswith("shut.yaml"):
            raise PermissionError(13, "Permission denied")
        return opened(path, flags)

    monkeypatch.setattr(os, "scandir", scandir)
    monkeypatch.setattr(os, "open", open_)
    found = collect([str(tmp_path)], NOTHING)
    assert [Path(name).name for name, _ in found.files] == ["a.yaml"]
    assert _codes(found, tmp_path) == [
        ("shut.yaml", "unreadable-input"),
        ("closed", "unreadable-input"),
    ]


def test_what_a_pattern_matches_is_left_out_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(tmp_path, "a.yaml", "vendor/b.yaml", "x/vendor/c.yaml", "x/d.yaml", "x/e.txt", "v.yaml")
    (tmp_path / "x" / "link.yaml").symlink_to("d.yaml")
    monkeypatch.chdir(tmp_path)
    patterns = ("**/vendor", "x/*.*", "v.yaml")
    names = ["a.yaml"]
    left_out = ("v.yaml", "vendor/", "x/d.yaml", "x/link.yaml", "x/vendor/")
    for path in (".", str(tmp_path)):
        found = collect([path], NOTHING, exclude=patterns)
        assert [os.path.relpath(name) for name, _ in found.files] == names
        assert found.findings == ()
        shown = (name.removeprefix(f"{tmp_path}/") for name in found.excluded)
        assert tuple(sorted(shown)) == left_out


def test_a_file_that_is_named_is_left_out_too_and_nothing_else_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(tmp_path, "vendor/x/a.yaml", "b.yaml")
    monkeypatch.chdir(tmp_path)
    found = collect(["vendor/x/a.yaml", "./b.yaml"], NOTHING, exclude=("vendor",))
    assert (found.excluded, [name for name, _ in found.files]) == (
        ("vendor/x/a.yaml",),
        ["./b.yaml"],
    )
    assert collect(["vendor"], NOTHING, exclude=("vendor",)).excluded == ("vendor/",)


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("*.yaml", [".a.yaml", "b.yaml"]),
        ("**/*.yaml", [".a.yaml", ".x/d.yaml", "b.yaml", "x/e.yaml", "x/y/f.yaml"]),
        ("**/**/**/f.yaml", ["x/y/f.yaml"]),
        ("x/**", ["x/e.yaml", "x/y/f.yaml"]),
        ("[bx].yaml", ["b.yaml"]),
        ("*/e.yaml", ["x/e.yaml"]),
    ],
)
def test_a_glob_finds_what_is_there_hidden_or_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pattern: str, names: list[str]
) -> None:
    _write(tmp_path, ".a.yaml", "b.yaml", ".x/d.yaml", "x/e.yaml", "x/y/f.yaml", ".git/g.yaml")
    monkeypatch.chdir(tmp_path)
    found = collect([pattern], NOTHING)
    assert [name for name, _ in found.files] == names
    absolute = collect([str(tmp_path / pattern)], NOTHING)
    assert [os.path.relpath(name) for name, _ in absolute.files] == names


def test_a_glob_follows_no_link_and_names_each_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(tmp_path, "a.yaml")
    for name in ("loop", "again"):
        (tmp_path / name).symlink_to(".")
    monkeypatch.chdir(tmp_path)
    found = collect(["**/**/*.yaml"], NOTHING)
    assert [name for name, _ in found.files] == ["a.yaml"]
    assert [str(f.location) for f in found.findings] == ["again:1:1", "loop:1:1"]


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("missing", "there is no 'PATH' here"),
        ("*.none", "'PATH' matches no file"),
        ("empty", "the folder 'PATH' holds no .yaml, .yml or .json"),
    ],
)
def test_a_path_that_means_no_file_is_refused(tmp_path: Path, path: str, problem: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError) as caught:
        collect([str(tmp_path / path)], NOTHING)
    expected = problem.replace("PATH", str(tmp_path / path))
    assert (caught.value.code, caught.value.problem) == ("nothing-found", expected)


def test_standard_input_and_bounds(tmp_path: Path) -> None:
    _write(tmp_path, "a.yaml")
    assert collect(["-"], io.BytesIO(b"x: 1")) == Inputs(
        files=(("<stdin>", b"x: 1"),), named=frozenset(("<stdin>",))
    )
    ((_, cut),) = collect(["-"], io.BytesIO(b"0123456789"), max_file_bytes=4).files
    assert cut == b"01234"
    with pytest.raises(UsageError) as caught:
        collect([str(tmp_path)], NOTHING, max_total_bytes=3)
    assert caught.value.code == "input-too-large"
