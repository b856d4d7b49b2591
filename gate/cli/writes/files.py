"""Files and folders that a call names for output: through no link, whole, and nothing old left.

A checkout is somebody else's: the author of a change puts links into it, and one of them may lead
to where that author would like to have a file replaced, or a key or a pass published.
See docs/decisions/0012-what-is-applied-is-emitted.md.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from gate.errors import UsageError
from gate.model.expressions import expression

_PASS: Final = expression(r"(?:release|.+-[0-9a-f]{12})\.(?:sigstore|dsse|predicate)\.json")
"""The files that `gate check --pass-file` writes, and no others."""
_REMEDY: Final = "name a file in a folder that exists and that you may write to"


def check_file(path: Path) -> None:
    """Refuse a file that could not be written, or would lie elsewhere. Raises UsageError.

    It is asked before anything is judged, and not after a pass was signed.
    """
    _no_link(path)
    if path.exists() and not path.is_file():
        raise _unwritable(path, "what is there is no plain file")
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise _unwritable(path, f"no file can be made in {path.parent}")


def make_room(path: Path, inputs: Iterable[str] = ()) -> None:
    """Check a file, and remove what a former run left there. Raises UsageError.

    A run that is killed then leaves no file that is not its own. A file among `inputs` is read
    by this run, so that it is refused and stays.
    """
    check_file(path)
    if any(_same(path, name) for name in inputs):
        raise _unwritable(path, "this run reads it", "name another file for what is written")
    _remove(path)


def make_room_for_passes(folder: Path) -> None:
    """Check the folder of the passes, and remove those of a former run. Raises UsageError."""
    check_folder(folder)
    if not folder.exists():
        raise _unwritable(folder, "it is not there", "make the folder first")
    if not folder.is_dir():
        raise _unwritable(folder, "what is there is no folder")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise _unwritable(folder, "no file can be made in it")
    for path in sorted(folder.iterdir()):
        if _PASS.fullmatch(path.name):
            _remove(path)


def check_folder(folder: Path) -> None:
    """Refuse a folder that is a link, or behind one. It need not exist. Raises UsageError."""
    _no_link(folder)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file in one step, so that nobody reads half of it. Raises UsageError.

    A file that is there already is replaced and keeps its permissions.
    """
    write_parts(path, (data,))


def replace_whole(path: Path, before: bytes, data: bytes) -> None:
    """Write a file that still is as it was read. Raises UsageError, also where it is not."""
    try:
        now = path.read_bytes()
    except OSError as error:
        raise _unwritable(path, error.strerror or str(error)) from error
    if now != before:
        raise _unwritable(path, "somebody else changed it while gate read it", "run again")
    write_whole(path, data)


def write_parts(path: Path, parts: Iterable[bytes]) -> None:
    """Write a file that is made part by part, as `write_whole` does: what breaks leaves none.

    Raises UsageError.
    """
    import tempfile  # random numbers and their hashes come with it, and a run may write no file

    _no_link(path)
    try:
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".gate-", delete=False) as file:
            part = Path(file.name)
            try:
                for data in parts:
                    file.write(data)
                file.close()
                part.chmod(mode)
                part.replace(path)
            except BaseException:
                part.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise _unwritable(path, error.strerror or str(error)) from error


def _no_link(path: Path) -> None:
    """Refuse a path that leads through a link. Raises UsageError.

    That are all links below the working folder's checkout, every one in a relative path, and the
    last part. A link above the checkout in an absolute path is the machine's own, as `/tmp` is.
    """
    here = Path(path.anchor) if path.is_absolute() else Path.cwd()
    top = None
    parts = path.parts[1:] if path.is_absolute() else path.parts
    for number, part in enumerate(parts, 1):
        here = here.parent if part == ".." else here / part
        if not os.path.islink(here):  # noqa: PTH114  # raises nothing for a folder that is closed
            continue
        top = top or _checkout()
        if number == len(parts) or not path.is_absolute() or here.is_relative_to(top):
            raise _unwritable(
                path,
                f"{Path(*path.parts[: number + path.is_absolute()])} is a link",
                "name a place that no link leads to",
            )
        here = here.resolve()


def _checkout() -> Path:
    """Return the outermost folder with `.git` that holds the working folder, else that one."""
    here = Path.cwd()
    return next((p for p in reversed((here, *here.parents)) if (p / ".git").exists()), here)


def _same(path: Path, other: str) -> bool:
    try:
        return path.samefile(other)
    except (OSError, ValueError):
        return False


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(path, f"{error.strerror}, so it cannot be replaced") from error


def _unwritable(path: Path, why: str, remedy: str = _REMEDY) -> UsageError:
    return UsageError("output-unwritable", f"{path} cannot be written: {why}", remedy=remedy)
