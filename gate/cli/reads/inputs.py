"""Which manifests a call means: files, folders, globs and standard input."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Final

from gate.cli.reads.folders import Search
from gate.cli.reads.globs import expand, has_wildcard
from gate.errors import UsageError
from gate.model.location import IN_REGISTRY, STDIN
from gate.model.records import dataclass
from gate.model.report import Rendered
from gate.model.verdict import Finding

MAX_FILE_BYTES: Final = 16 * 1024 * 1024
MAX_TOTAL_BYTES: Final = 512 * 1024 * 1024
_FOUND: Final = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
"""How a file that was found is opened: it may have become a link or a pipe since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What the paths of a call mean."""

    files: tuple[tuple[str, bytes], ...] = ()
    """Names and contents, in the order of the paths, then by name."""
    named: frozenset[str] = frozenset()
    """The files that the call names itself, standard input among them; no glob, no folder."""
    findings: tuple[Finding, ...] = ()
    """Each entry of a named folder that was not read and might be applied. All block."""
    excluded: tuple[str, ...] = ()
    """Each file, and each folder with a slash at its end, that a pattern left out; in order."""
    rendered: tuple[Rendered, ...] = ()
    """The folders that a tool rendered, each with the tool; its output is among the files."""


def collect(
    paths: Sequence[str],
    stdin: BinaryIO,
    *,
    exclude: Sequence[str] = (),
    max_file_bytes: int = MAX_FILE_BYTES,
    max_total_bytes: int = MAX_TOTAL_BYTES,
) -> Inputs:
    """Return the name and the content of every file that `paths` mean, each file once.

    A file is read under any name. A folder is searched to the bottom for .yaml, .yml and
    .json; neither .gitignore nor a dot before a name leaves anything out, and only `.git` is
    not entered. A text with `*`, `?` or `[` that names no file is a glob (`**` spans folders).
    `-` is standard input, named `<stdin>`. What `exclude` matches is left out and named.

    A link, a pipe or an entry that cannot be opened, in a folder or matched by a glob, is a
    finding, and the others are still read. A link that the call itself names is followed.

    A file over `max_file_bytes` is cut one byte above it, so that its parser sees
    that it is too large. Raises UsageError for a path that means no file, a named one that
    cannot be read, and more than `max_total_bytes` in all.
    """
    search = Search(exclude)
    files: list[tuple[str, bytes]] = []
    seen: dict[tuple[int, int], bytes] = {}
    total = 0
    for path in paths:
        for name, content, identity in _contents(path, stdin, search, max_file_bytes + 1):
            if identity is not None:
                if seen.get(identity) == content:
                    continue
                seen[identity] = content
            total += len(content)
            if total > max_total_bytes:
                raise UsageError(
                    "input-too-large",
                    f"the files have more than {max_total_bytes} bytes",
                    remedy="judge fewer files in one run",
                )
            files.append((name, content))
    return Inputs(
        files=tuple(files),
        named=frozenset(STDIN if path == "-" else path for path in paths),
        findings=search.findings,
        excluded=search.excluded,
    )


_Read = tuple[str, bytes, tuple[int, int] | None]
"""The name, the content, and the device and number of a file; None for standard input."""


def _contents(path: str, stdin: BinaryIO, search: Search, limit: int) -> Iterator[_Read]:
    if path == "-":
        yield STDIN, stdin.read(limit), None
        return
    given = Path(path)
    before = len(search.findings) + len(search.excluded)
    if given.is_file():
        if not search.leaves_out(path):
            yield _named(path, limit)
        return
    if given.is_dir():
        found = iter(()) if search.leaves_out(path, folder=True) else search.manifests(str(given))
    elif has_wildcard(path):
        found = expand(path, search)
    else:
        raise _nothing(path)
    empty = True
    for name in found:
        empty = False
        read = _found(name, search, limit)
        if read is not None:
            yield read
    if empty and before == len(search.findings) + len(search.excluded):
        raise _nothing(path)


def _named(path: str, limit: int) -> _Read:
    try:
        return _open(path, os.O_RDONLY | os.O_CLOEXEC, limit)
    except OSError as error:
        raise UsageError(
            "cannot-read",
            f"{path!r} cannot be read: {error.strerror}",
            remedy="check the file and its permissions",
        ) from error


def _found(path: str, search: Search, limit: int) -> _Read | None:
    try:
        return _open(path, _FOUND, limit)
    except _SpecialFileError:
        search.special(path)
    except OSError as error:
        search.cannot_open(path, error)
    return None


class _SpecialFileError(OSError):
    """What was a file when its folder was listed, and no longer is."""


def _open(path: str, flags: int, limit: int) -> _Read:
    with open(os.open(path, flags), "rb", buffering=0) as file:  # noqa: PTH123  # of a descriptor
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise _SpecialFileError
        parts, left = [], limit
        while left > 0 and (part := file.read(min(left, status.st_size + 1))):
            parts.append(part)
            left -= len(part)
        return path, b"".join(parts), (status.st_dev, status.st_ino)


def _nothing(path: str) -> UsageError:
    given = Path(path)
    if path.startswith(IN_REGISTRY):
        return UsageError(
            "nothing-found",
            f"{path!r} is in a registry, and this command reads files",
            remedy="`gate check` and `gate admit` read charts and bundles in registries",
        )
    if given.is_dir():
        problem = f"the folder {path!r} holds no .yaml, .yml or .json"
    elif given.exists():
        return UsageError(
            "cannot-read",
            f"{path!r} is neither a file nor a folder",
            remedy="use - and a pipe for anything that is not a file",
        )
    elif has_wildcard(path):
        problem = f"{path!r} matches no file"
    else:
        problem = f"there is no {path!r} here"
    return UsageError(
        "nothing-found",
        problem,
        remedy="name a file, a folder that holds .yaml, .yml or .json, a glob, or -",
    )
