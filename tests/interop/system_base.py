"""Base images from this system's own Debian packages, so that no registry is asked for any."""

from __future__ import annotations

import io
import os
import re
import subprocess
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

PYTHON: Final = ("python3-minimal", "libpython3-stdlib", "libc6")
"""What runs gate: no shell is among them."""
BUILDER: Final = (*PYTHON, "dash", "coreutils")
"""What installs gate too, with pip beside them."""
_LEFT_OUT: Final = (
    "/usr/share/doc/",
    "/usr/share/man/",
    "/usr/share/locale/",
    "/usr/share/lintian/",
)
_NOT_NEEDED: Final = frozenset(("debconf", "dpkg", "debianutils", "media-types", "mailcap"))
"""What packages depend on to be installed, and no program to be run."""


def write_base(target: Path, packages: Iterable[str], *, pip: Path | None = None) -> None:
    """Write the root folder of an image as a tar: the packages, and all that they depend on.

    `pip` is its wheel; with it there is a program `python`, as in the official images, and what it
    installs comes from the folder `/wheels`.
    """
    with tarfile.open(target, "w") as tar:
        for name in ("bin", "lib", "lib64", "sbin"):
            _link(tar, name, f"usr/{name}")
        _folder(tar, "tmp", 0o1777)
        for name in ("proc", "dev", "etc"):
            _folder(tar, name, 0o755)
        for path in _files(_closure(packages)):
            tar.add(path, path.lstrip("/"), recursive=False)
        if pip is not None:
            _link(tar, "usr/bin/python", "python3")
            _file(tar, "etc/pip.conf", b"[global]\nno-index = true\nfind-links = /wheels\n")
            with zipfile.ZipFile(pip) as wheel:
                for name in wheel.namelist():
                    _file(tar, f"usr/lib/python3/dist-packages/{name}", wheel.read(name))


def _link(tar: tarfile.TarFile, name: str, to: str) -> None:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = tarfile.SYMTYPE, to
    tar.addfile(entry)


def _file(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o644
    tar.addfile(entry, io.BytesIO(content))


def _folder(tar: tarfile.TarFile, name: str, mode: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.type, entry.mode = tarfile.DIRTYPE, mode
    tar.addfile(entry)


def _closure(packages: Iterable[str]) -> set[str]:
    found: set[str] = set()
    left = list(packages)
    while left:
        name = left.pop()
        if name in found or name in _NOT_NEEDED:
            continue
        asked = _dpkg("dpkg-query", "-W", "-f", "${Pre-Depends},${Depends}", name)
        if asked is None:
            continue  # one of several that would do
        found.add(name)
        left += (re.split(r"[ :(|]", one.strip())[0] for one in asked.split(",") if one.strip())
    return found


def _files(packages: Iterable[str]) -> Iterator[str]:
    """Yield each file once, by the path that no link of a folder leads around."""
    seen: set[str] = set()
    for package in sorted(packages):
        for line in (_dpkg("dpkg-query", "-L", package) or "").splitlines():
            path = os.path.join(os.path.realpath(os.path.dirname(line)), os.path.basename(line))  # noqa: PTH118, PTH119, PTH120  # the last part is not to be resolved
            is_file = os.path.lexists(path) and (os.path.islink(path) or os.path.isfile(path))  # noqa: PTH113, PTH114  # names as bytes of the system have them
            if is_file and path not in seen and not path.startswith(_LEFT_OUT):
                seen.add(path)
                yield path


def _dpkg(*command: str) -> str | None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603  # a fixed program
    return done.stdout if done.returncode == 0 else None
