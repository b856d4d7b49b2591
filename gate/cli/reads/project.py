"""What the checkout around a call tells: where its code lives, and which CI system it has."""

from __future__ import annotations

import configparser
import re
from pathlib import Path
from typing import Final, Literal, TypeAlias

from gate.cli.reads.plain_file import read_plain
from gate.model.expressions import expression
from gate.model.records import dataclass

CiSystem: TypeAlias = Literal["github", "gitlab"]
CI_SYSTEMS: Final[tuple[CiSystem, ...]] = ("github", "gitlab")
MAX_CONFIG_BYTES: Final = 1024 * 1024
_REMOTE: Final = expression(
    r"(?:(?:https|ssh|git)://(?:[^@/\s]+@)?|[A-Za-z0-9._-]+@)"
    r"([A-Za-z0-9.-]+)(?::[0-9]{1,5}(?=/))?[:/]([A-Za-z0-9._~/-]+?)(?:\.git)?/?"
)


@dataclass(frozen=True, slots=True)
class Checkout:
    """A folder under version control, or one that is not."""

    root: Path
    remote: tuple[str, str] | None
    """Host and path of the remote `origin`, such as `github.com` and `acme/shop`."""
    ci: CiSystem | None
    """None where there is no sign of one that gate knows."""


def find_checkout(start: Path) -> Checkout:
    """Look from a folder upwards for a repository. Nothing in it is run, and git is not asked."""
    root = next((f for f in (start, *start.parents) if (f / ".git").exists()), start)
    remote = _remote(root / ".git" / "config")
    return Checkout(root, remote, _ci(root, remote))


def _remote(config: Path) -> tuple[str, str] | None:
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    try:
        text = read_plain(config, MAX_CONFIG_BYTES).decode(errors="replace")
        parser.read_string(re.sub(r"(?m)^[ \t]+", "", text.replace("\r\n", "\n")))
        url = parser.get('remote "origin"', "url")
    except (OSError, configparser.Error):
        return None
    form = _REMOTE.fullmatch(url or "")
    return (form[1].lower(), form[2].strip("/")) if form else None


def _ci(root: Path, remote: tuple[str, str] | None) -> CiSystem | None:
    if (root / ".github" / "workflows").is_dir():
        return "github"
    if (root / ".gitlab-ci.yml").is_file():
        return "gitlab"
    host = remote[0] if remote else ""
    return next((ci for ci in CI_SYSTEMS if host == f"{ci}.com"), None)
