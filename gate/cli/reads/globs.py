"""Globs that the shell did not expand, such as `deploy/**/*.yaml` in quotes."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Final

from gate.cli.reads.folders import Search, below

_ANY: Final = "**"


def has_wildcard(path: str) -> bool:
    """Whether a text that names no file is a glob."""
    return glob.has_magic(path)


def expand(pattern: str, search: Search) -> Iterator[str]:
    """Yield the files that a glob matches, sorted. A name that begins with a dot matches too.

    `**` spans folders. A link that the glob meets is noted in `search` and not followed. Each
    segment looks at each entry of the tree at most once, however many `**` there are.
    """
    *above, last = pattern.split("/")
    folders = ["."]
    for number, segment in enumerate(above):
        if segment or number == 0:
            folders = list(dict.fromkeys(_folders(folders, segment or "/", search)))
    if last == _ANY:
        folders, last = list(dict.fromkeys(_folders(folders, _ANY, search))), "*"
    found = (entry for folder in folders for entry in _matching(folder, last, search))
    for path, entry in sorted(found, key=lambda pair: pair[0]):
        if not entry.is_dir(follow_symlinks=False) and search.takes(path, entry):
            yield path


def _folders(folders: Iterable[str], segment: str, search: Search) -> Iterator[str]:
    """Yield the folders that one segment leads to from each of `folders`."""
    for folder in folders:
        if segment == _ANY:
            yield folder
            yield from search.folders_below(folder)
        elif not has_wildcard(segment):
            named = below(folder, segment)
            if os.path.isdir(named):  # noqa: PTH112  # as the path was written
                yield named
        else:
            for path, entry in _matching(folder, segment, search):
                if search.enters(path, entry):
                    yield path


def _matching(folder: str, segment: str, search: Search) -> Iterator[tuple[str, os.DirEntry[str]]]:
    for entry in search.listed(folder):
        if fnmatchcase(entry.name, segment):
            yield below(folder, entry.name), entry
