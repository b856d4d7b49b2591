"""The link files of an in-toto run, read from the folder that the call names.

Nothing is followed out of the folder: a link file is a plain file in it, or it is not read. What
is not called `*.link` is passed over.
"""

from __future__ import annotations

import os
import stat
from typing import Final

from gate.checks.in_toto.signed import MAX_METADATA_BYTES
from gate.errors import UsageError
from gate.model.link_files import LinkFile, LinkFolder
from gate.predicates.layout import LINKS

SUFFIX: Final = ".link"
MAX_ENTRIES: Final = 100_000
"""The most names in a folder that are looked at."""
MAX_FOLDER_BYTES: Final = 64 * 1024 * 1024
"""The most bytes that all link files of a folder may have together."""
_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_READ: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class _UnreadError(Exception):
    """Why not all of a folder can be read, in one sentence."""


def read_links(path: str) -> LinkFolder:
    """Read a folder. Raises UsageError where there is none; what else is wrong, it says."""
    try:
        folder = os.open(path, _FOLDER)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise UsageError(
            "links-unreadable",
            f"the folder of links {path} cannot be opened: {reason}",
            remedy="name a folder that is there",
        ) from error
    try:
        return LinkFolder(path, _links(folder))
    except _UnreadError as error:
        return LinkFolder(path, problem=f"the links in {path} cannot all be read: {error}")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return LinkFolder(path, problem=f"the links in {path} cannot all be read: {reason}")
    finally:
        os.close(folder)


def _links(folder: int) -> tuple[LinkFile, ...]:
    found = []
    left = MAX_FOLDER_BYTES
    for name in _names(folder):
        content = _content(folder, name, min(left, MAX_METADATA_BYTES))
        left -= len(content)
        found.append(LinkFile(name, content))
    return tuple(found)


def _names(folder: int) -> list[str]:
    names = []
    with os.scandir(folder) as entries:
        for number, entry in enumerate(entries):
            if number >= MAX_ENTRIES:
                msg = f"it holds more than {MAX_ENTRIES} files"
                raise _UnreadError(msg)
            if entry.name.endswith(SUFFIX):
                names.append(entry.name)
    if len(names) > LINKS:
        msg = f"there are {len(names)}, and at most {LINKS} are read"
        raise _UnreadError(msg)
    return sorted(names)


def _content(folder: int, name: str, most: int) -> bytes:
    try:
        descriptor = os.open(name, _READ, dir_fd=folder)
    except OSError as error:
        msg = f"{name}: {error.strerror}; a link file is a plain file, and no symbolic link"
        raise _UnreadError(msg) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        msg = f"{name} is no plain file"
        raise _UnreadError(msg)
    with os.fdopen(descriptor, "rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        msg = (
            f"{name} is too large: a link may have {MAX_METADATA_BYTES} bytes, and all of them "
            f"{MAX_FOLDER_BYTES}"
        )
        raise _UnreadError(msg)
    return content
