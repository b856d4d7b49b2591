from __future__ import annotations

import io
from pathlib import Path

import pytest

from gate.cli.reads.inputs import collect
from gate.errors import UsageError

NOTHING = io.BytesIO()


def _write(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)


def _found(root: Path, *paths: str) -> list[str]:
    given = [str(root / path) for path in paths]
    return [str(Path(name).relative_to(root)) for name, _ in collect(given, NOTHING)]


def test_a_folder_is_searched_to_the_bottom_in_order(tmp_path: Path) -> None:
    _write(tmp_path, "b.yml", "a.yaml", "c.json", "d.txt", "x/y/z.yaml", ".git/e.yaml")
    assert _found(tmp_path, ".") == ["a.yaml", "b.yml", "c.json", "x/y/z.yaml"]


def test_gitignore_files_are_respected_at_every_level(tmp_path: Path) -> None:
    _write(
        tmp_path, "a.yaml", "gen/a.yaml", "x/a.yaml", "x/b.yaml", "x/keep/b.yaml", "y/gen/a.yaml"
    )
    (tmp_path / ".gitignore").write_text("# c\n/gen/\nb.yaml\n!keep/b.yaml\n")
    (tmp_path / "x" / ".gitignore").write_text("a.*\n!keep/*\n")
    assert _found(tmp_path, ".") == ["a.yaml", "x/keep/b.yaml", "y/gen/a.yaml"]


def test_a_file_that_is_named_is_read_even_if_git_ignores_it(tmp_path: Path) -> None:
    _write(tmp_path, "a.txt")
    (tmp_path / ".gitignore").write_text("*\n")
    assert _found(tmp_path, "a.txt") == ["a.txt"]


def test_globs_span_folders_and_no_file_is_read_twice(tmp_path: Path) -> None:
    _write(tmp_path, "a.yaml", "x/b.yaml")
    assert _found(tmp_path, "**/*.yaml", "a.yaml", ".") == ["a.yaml", "x/b.yaml"]


def test_links_to_folders_do_not_loop(tmp_path: Path) -> None:
    _write(tmp_path, "x/a.yaml")
    (tmp_path / "x" / "loop").symlink_to(tmp_path)
    assert _found(tmp_path, ".") == ["x/a.yaml"]


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("missing", "there is no 'PATH' here"),
        ("*.none", "'PATH' matches no file"),
        ("empty", "the folder 'PATH' holds no manifest that is not hidden or ignored"),
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
    assert collect(["-"], io.BytesIO(b"x: 1")) == [("<stdin>", b"x: 1")]
    ((_, cut),) = collect(["-"], io.BytesIO(b"0123456789"), max_file_bytes=4)
    assert cut == b"01234"
    with pytest.raises(UsageError) as caught:
        collect([str(tmp_path)], NOTHING, max_total_bytes=3)
    assert caught.value.code == "input-too-large"
