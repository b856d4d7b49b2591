"""What lies in a named folder: manifests, what the policy leaves out, and what cannot be read.

kubectl, Argo CD and Flux read files whose names end in .yaml, .yml or .json, in lower case:
https://github.com/kubernetes/cli-runtime/blob/v0.37.2/pkg/resource/builder.go. So these are
read, and `Kustomization`, which kustomize knows by its name. Nothing that lies in the folder
decides what is read: only `.git` is not entered. A link is never followed, and blocks.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from operator import attrgetter
from pathlib import Path
from typing import Final

from gate.model.location import Location
from gate.model.verdict import Finding, Severity
from gate.policy.paths import PathPattern

SUFFIXES: Final = (".yaml", ".yml", ".json")
_KUSTOMIZATION: Final = "Kustomization"
_GIT: Final = ".git"
_NAME: Final = attrgetter("name")
_RULE: Final = "input-not-read"
_EXCLUDE: Final = "leave it out with `manifests: {exclude: […]}`"


def below(folder: str, name: str) -> str:
    """Return the path of an entry as reports print it: what lies in `.` has its name alone."""
    return name if folder == "." else os.path.join(folder, name)  # noqa: PTH118  # a Path for each entry takes longer than the search


class Search:
    """One search for manifests, and what came of it besides the files."""

    def __init__(self, exclude: Sequence[str] = ()) -> None:
        """Take the patterns of what is left out, each as `PathPattern` reads it."""
        self._exclude = tuple(map(PathPattern, exclude))
        self._here = Path.cwd().as_posix().rstrip("/") + "/"
        self._findings: dict[str, Finding] = {}
        self._excluded: dict[str, None] = {}

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return one for each entry that was not read and might be applied."""
        return tuple(self._findings.values())

    @property
    def excluded(self) -> tuple[str, ...]:
        """Return what a pattern left out: files, and folders with a slash at their end."""
        return tuple(self._excluded)

    def manifests(self, top: str) -> Iterator[str]:
        """Yield the paths of the manifests below a folder: its own by name, then its folders'."""
        waiting = [top]
        while waiting:
            folder = waiting.pop()
            folders, files = [], []
            for entry in self._entries(folder):
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry)
                elif _means_manifest(entry):
                    files.append(entry)
            for entry in sorted(files, key=_NAME):
                path = below(folder, entry.name)
                if self.takes(path, entry):
                    yield path
            paths = ((below(folder, entry.name), entry) for entry in sorted(folders, key=_NAME))
            waiting += reversed([path for path, entry in paths if self.enters(path, entry)])

    def folders_below(self, top: str) -> Iterator[str]:
        """Yield each folder below a folder, and note the links to others."""
        waiting = [top]
        while waiting:
            folder = waiting.pop()
            paths = ((below(folder, entry.name), entry) for entry in self.listed(folder))
            folders = [path for path, entry in paths if self.enters(path, entry)]
            yield from folders
            waiting += reversed(folders)

    def listed(self, folder: str) -> list[os.DirEntry[str]]:
        """Return the entries of a folder by name; one that cannot be opened is noted."""
        return sorted(self._entries(folder), key=_NAME)

    def _entries(self, folder: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(folder) as entries:
                return list(entries)
        except OSError as error:
            self.cannot_open(folder, error)
            return []

    def enters(self, path: str, entry: os.DirEntry[str]) -> bool:
        """Whether an entry is a folder to look into. A link to one is noted, and does not count."""
        if entry.name == _GIT or not _leads_to_folder(entry):
            return False
        if self.leaves_out(path, folder=not entry.is_symlink()):
            return False
        if entry.is_symlink():
            self.linked(path)
            return False
        return True

    def takes(self, path: str, entry: os.DirEntry[str]) -> bool:
        """Whether an entry is a file to read. A link, and what is no file, is noted."""
        if self.leaves_out(path):
            return False
        if entry.is_symlink():
            self.linked(path)
            return False
        if not entry.is_file(follow_symlinks=False):
            self.special(path)
            return False
        return True

    def leaves_out(self, path: str, *, folder: bool = False) -> bool:
        """Whether the policy leaves a path out; if so it is noted, a folder with a slash."""
        if not self._exclude:
            return False
        name = os.path.normpath(path).removeprefix(self._here)
        if not any(pattern.matches(name) for pattern in self._exclude):
            return False
        self._excluded[f"{path}/" if folder else path] = None
        return True

    def linked(self, path: str) -> None:
        """Note a link: where it leads may change, and lie outside of the folder."""
        self._note(
            path,
            "linked-input",
            "this is a link: gate does not follow it, and kubectl may",
            f"put the file or folder itself in its place, or {_EXCLUDE}",
        )

    def special(self, path: str) -> None:
        """Note a pipe, a socket or a device."""
        self._note(
            path,
            "special-input",
            "this is a pipe, a socket or a device, and no file",
            f"remove it, or {_EXCLUDE}",
        )

    def cannot_open(self, path: str, error: OSError) -> None:
        """Note a file or folder that the system does not let this run read."""
        self._note(
            path,
            "unreadable-input",
            f"this cannot be read: {error.strerror or error}",
            f"correct its permissions, or {_EXCLUDE}",
        )

    def _note(self, path: str, code: str, message: str, remedy: str) -> None:
        self._findings[path] = Finding(
            rule=_RULE,
            code=code,
            severity=Severity.HIGH,
            message=message,
            remedy=remedy,
            location=Location(path, 1),
        )


def _means_manifest(entry: os.DirEntry[str]) -> bool:
    """Whether some reader would look into what is no folder; a link to a folder counts."""
    name = entry.name
    if name.endswith(SUFFIXES) or name == _KUSTOMIZATION:
        return True
    return entry.is_symlink() and name != _GIT and _leads_to_folder(entry)


def _leads_to_folder(entry: os.DirEntry[str]) -> bool:
    """Whether an entry is a folder or a link to one. A link that leads nowhere may be one."""
    if not entry.is_symlink():
        return entry.is_dir()
    try:
        return stat.S_ISDIR(entry.stat().st_mode)
    except OSError:
        return True
