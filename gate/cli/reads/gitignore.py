"""Which files a tree's .gitignore files leave out: https://git-scm.com/docs/gitignore."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_MAX_BYTES: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Pattern:
    folder: str
    """Of the .gitignore file, with a slash at its end."""
    form: re.Pattern[str]
    negated: bool
    only_folders: bool


class Ignore:
    """The patterns that hold below one folder, and those of the repository above it."""

    def __init__(self, top: Path) -> None:
        """Read the .gitignore files from the repository's root down to `top`."""
        self._patterns: list[_Pattern] = []
        above: list[Path] = []
        absolute = top.absolute()
        for folder in (absolute, *absolute.parents):
            above.append(folder)
            if (folder / ".git").exists():
                break
        else:
            above = [absolute]
        for folder in reversed(above[1:]):
            self._read(folder)

    def enter(self, folder: Path) -> None:
        """Take the patterns of a folder that is walked. Call it before its content is asked."""
        self._read(folder.absolute())

    def matches(self, path: Path, *, is_folder: bool = False) -> bool:
        """Whether the last pattern that fits the path leaves it out."""
        name = path.absolute().as_posix()
        for pattern in reversed(self._patterns):
            if (
                name.startswith(pattern.folder)
                and (is_folder or not pattern.only_folders)
                and pattern.form.fullmatch(name[len(pattern.folder) :])
            ):
                return not pattern.negated
        return False

    def _read(self, folder: Path) -> None:
        try:
            with (folder / ".gitignore").open("rb") as file:
                lines = file.read(_MAX_BYTES).decode("utf-8", "replace").splitlines()
        except OSError:
            return
        base = folder.as_posix().rstrip("/") + "/"
        for line in lines:
            pattern = _pattern(line, base)
            if pattern:
                self._patterns.append(pattern)


def _pattern(line: str, folder: str) -> _Pattern | None:
    if not line.endswith("\\ "):
        line = line.rstrip(" ")
    if not line or line.startswith("#"):
        return None
    negated = line.startswith("!")
    body = line[1:] if negated else line
    only_folders = body.endswith("/")
    body = body.rstrip("/")
    anchored = "/" in body
    body = body.lstrip("/")
    if not body:
        return None
    form = ("" if anchored else "(?:.*/)?") + _regex(body)
    try:
        return _Pattern(folder, re.compile(form, re.DOTALL), negated, only_folders)
    except re.error:
        return None


_TOKEN: Final = re.compile(r"\*\*/|/\*\*$|\*+|\?|\[[!^]?\]?[^\]]*\]|\\.|.", re.DOTALL)


def _regex(body: str) -> str:
    parts = []
    for part in _TOKEN.findall(body):
        if part == "**/":
            parts.append("(?:.*/)?")
        elif part == "/**":
            parts.append("/.*")
        elif part.startswith("*"):
            parts.append("[^/]*")
        elif part == "?":
            parts.append("[^/]")
        elif part.startswith("[") and len(part) > 1:
            inner = part[1:-1].replace("\\", "\\\\")
            parts.append("[" + ("^" + inner[1:] if inner[:1] in "!^" else inner) + "]")
        else:
            parts.append(re.escape(part[-1]))
    return "".join(parts)
