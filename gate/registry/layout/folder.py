"""Files of one OCI layout folder, read and written without following anything out of it.

Every step below the folder that the caller named is opened relative to the one before it,
with O_NOFOLLOW. Links of both kinds, devices, sockets and pipes are refused. Writes go
to a new file first and are renamed into place, so that a reader never sees half of one.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NoReturn

from gate.errors import RegistryError
from gate.registry.codes import Code

_PIECE: Final = 1 << 18
_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_READ: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class Folder:
    """One folder. Paths are given as parts, none of which comes from outside unchecked."""

    def __init__(self, path: Path) -> None:
        """Take the folder's path as the caller names it. Nothing is opened yet."""
        self.path = path

    def read(self, *parts: str, most: int) -> bytes | None:
        """Return a file's bytes; None where there is no such file. Raises RegistryError.

        More than `most` bytes is an error.
        """
        *parents, name = parts
        try:
            with self._open(parents) as parent:
                descriptor = os.open(name, _READ, dir_fd=parent)
                try:
                    return self._content(descriptor, parts, most)
                finally:
                    os.close(descriptor)
        except FileNotFoundError:
            return None
        except OSError as error:
            self._unsafe(parts, error)

    def pieces(self, *parts: str) -> Iterator[bytes] | None:
        """Return a file of any size, piece by piece; None where there is none.

        Raises RegistryError, also while it is read.
        """
        *parents, name = parts
        try:
            with self._open(parents) as parent:
                descriptor = os.open(name, _READ, dir_fd=parent)
        except FileNotFoundError:
            return None
        except OSError as error:
            self._unsafe(parts, error)
        return self._pieces(descriptor, parts)

    def _pieces(self, descriptor: int, parts: tuple[str, ...]) -> Iterator[bytes]:
        with os.fdopen(descriptor, "rb", buffering=0) as file:
            self._demand_plain(descriptor, parts)
            while piece := file.read(_PIECE):
                yield piece

    def write(self, content: bytes, *parts: str) -> None:
        """Put a file in place, whole or not at all. Raises RegistryError."""
        self.write_pieces((content,), *parts)

    def write_pieces(self, pieces: Iterable[bytes], *parts: str) -> None:
        """Put a file in place as its content comes, whole or not at all. Raises RegistryError.

        What `pieces` raises comes through, and nothing is put in place.
        """
        *parents, name = parts
        temporary = f".{name[:32]}.{secrets.token_hex(8)}"
        try:
            with self._open(parents, create=True) as parent:
                descriptor = os.open(temporary, _NEW, 0o644, dir_fd=parent)
                try:
                    with os.fdopen(descriptor, "wb") as file:
                        file.writelines(pieces)
                        file.flush()
                        os.fsync(file.fileno())
                    os.rename(temporary, name, src_dir_fd=parent, dst_dir_fd=parent)
                except BaseException:
                    with contextlib.suppress(OSError):
                        os.unlink(temporary, dir_fd=parent)
                    raise
        except OSError as error:
            self._unsafe(parts, error)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes that lock the folder out while a file is read and replaced."""
        try:
            with self._open([], create=True) as folder:
                fcntl.flock(folder, fcntl.LOCK_EX)
                yield
        except OSError as error:
            self._unsafe((), error)

    @contextlib.contextmanager
    def _open(self, parents: list[str], *, create: bool = False) -> Iterator[int]:
        if create:
            self.path.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path, _FOLDER)
        try:
            for part in parents:
                if create:
                    with contextlib.suppress(FileExistsError):
                        os.mkdir(part, dir_fd=descriptor)
                inner = os.open(part, _FOLDER | os.O_NOFOLLOW, dir_fd=descriptor)
                os.close(descriptor)
                descriptor = inner
            yield descriptor
        finally:
            os.close(descriptor)

    def _content(self, descriptor: int, parts: tuple[str, ...], most: int) -> bytes:
        self._demand_plain(descriptor, parts)
        content = bytearray()
        while chunk := os.read(descriptor, min(1 << 20, most + 1 - len(content))):
            content += chunk
            if len(content) > most:
                raise RegistryError(
                    Code.TOO_LARGE,
                    f"{self.path.joinpath(*parts)} is larger than {most} bytes",
                    remedy="Check what was put there; gate reads only manifests and attestations.",
                )
        return bytes(content)

    def _demand_plain(self, descriptor: int, parts: tuple[str, ...]) -> None:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1:
            self._unsafe(parts, "it is not a plain file of its own")

    def _unsafe(self, parts: tuple[str, ...], problem: object) -> NoReturn:
        if isinstance(problem, NotADirectoryError) and self.path.is_file():
            raise RegistryError(
                Code.NOT_FOUND,
                f"{self.path} is a file, and an OCI layout is a folder",
                remedy="Name the folder, such as one that skopeo copy wrote.",
            )
        reason = problem.strerror if isinstance(problem, OSError) else problem
        raise RegistryError(
            Code.LAYOUT_UNSAFE,
            f"{self.path.joinpath(*parts)} cannot be used: {reason}",
            remedy="Make the layout of plain files in plain folders; links are never followed.",
        )
