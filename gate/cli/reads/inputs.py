"""Which manifests a call means: files, folders, globs and standard input."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Final

from gate.cli.reads.gitignore import Ignore
from gate.errors import UsageError

SUFFIXES: Final = (".yaml", ".yml", ".json")
MAX_FILE_BYTES: Final = 16 * 1024 * 1024
MAX_TOTAL_BYTES: Final = 512 * 1024 * 1024
STDIN: Final = "<stdin>"


def collect(
    paths: Sequence[str],
    stdin: BinaryIO,
    *,
    max_file_bytes: int = MAX_FILE_BYTES,
    max_total_bytes: int = MAX_TOTAL_BYTES,
) -> list[tuple[str, bytes]]:
    """Return the name and the content of every file that `paths` mean, each file once.

    A file is read whatever its name. A folder is searched to the bottom for .yaml, .yml
    and .json, without what its .gitignore files leave out, hidden folders, and links to
    folders. A text with `*`, `?` or `[` that names no file is a glob (`**` spans folders).
    `-` is standard input, named `<stdin>`. The order is that of `paths`, then by name.

    A file over `max_file_bytes` is cut one byte above it, so that whoever parses it sees
    that it is too large. Raises UsageError for a path that means no file, one that cannot
    be read, and more than `max_total_bytes` in all.
    """
    found: list[tuple[str, bytes]] = []
    seen: set[tuple[int, int]] = set()
    total = 0
    for path in paths:
        for name, content in _contents(path, stdin, seen, max_file_bytes + 1):
            total += len(content)
            if total > max_total_bytes:
                raise UsageError(
                    "input-too-large",
                    f"the files have more than {max_total_bytes} bytes",
                    remedy="judge fewer files in one run",
                )
            found.append((name, content))
    return found


def _contents(
    path: str, stdin: BinaryIO, seen: set[tuple[int, int]], limit: int
) -> Iterator[tuple[str, bytes]]:
    if path == "-":
        yield STDIN, stdin.read(limit)
        return
    names = list(_names(path))
    if not names:
        raise UsageError(
            "nothing-found",
            _nothing(path),
            remedy="name a file, a folder that holds .yaml, .yml or .json, a glob, or -",
        )
    for name in names:
        try:
            with Path(name).open("rb") as file:
                status = os.fstat(file.fileno())
                identity = (status.st_dev, status.st_ino)
                if identity in seen:
                    continue
                seen.add(identity)
                content = file.read(limit)
        except OSError as error:
            raise UsageError(
                "cannot-read",
                f"{name!r} cannot be read: {error.strerror}",
                remedy="check the file and its permissions",
            ) from error
        yield name, content


def _nothing(path: str) -> str:
    if Path(path).is_dir():
        return f"the folder {path!r} holds no manifest that is not hidden or ignored"
    return f"{path!r} matches no file" if glob.has_magic(path) else f"there is no {path!r} here"


def _names(path: str) -> Iterator[str]:
    given = Path(path)
    if given.is_dir():
        yield from _folder(given)
    elif given.is_file():
        yield path
    elif glob.has_magic(path):
        for name in sorted(glob.glob(path, recursive=True)):  # noqa: PTH207  # keeps the path's form
            if Path(name).is_file():
                yield name
    elif given.exists():
        raise UsageError(
            "cannot-read",
            f"{path!r} is neither a file nor a folder",
            remedy="use - and a pipe for anything that is not a file",
        )


def _folder(top: Path) -> Iterator[str]:
    """Yield the manifests below a folder. Links to folders are not followed, so it ends."""
    ignore = Ignore(top)
    for folder, folders, files in os.walk(top, onerror=_unreadable):
        here = Path(folder)
        ignore.enter(here)
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and not ignore.matches(here / name, is_folder=True)
        )
        for name in sorted(files):
            path = here / name
            if name.endswith(SUFFIXES) and not ignore.matches(path) and path.is_file():
                yield str(path)


def _unreadable(error: OSError) -> None:
    raise UsageError(
        "cannot-read",
        f"{error.filename!r} cannot be read: {error.strerror}",
        remedy="check the folder and its permissions",
    ) from error
