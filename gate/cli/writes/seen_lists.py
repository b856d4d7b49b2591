"""Which list of ended passes this machine saw last, so that an older one is told.

One small file a list, in the user's state folder. A machine that is new each time, such as a CI
runner, remembers nothing: there the list's own end and `max-age` bound what an older one can do.

https://specifications.freedesktop.org/basedir-spec/latest/
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from gate.cli.writes.files import write_whole
from gate.documents.strict_json import read_json
from gate.errors import GateError
from gate.model.image import Digest
from gate.model.records import dataclass

_MOST: Final = 4096


@dataclass(frozen=True, slots=True)
class SeenLists:
    """The lists that were seen, each in a file under its name's hash."""

    folder: Path

    @classmethod
    def of(cls, environ: Mapping[str, str], home: Path) -> SeenLists:
        """Return those of this user: in `XDG_STATE_HOME`, else `~/.local/state`."""
        state = environ.get("XDG_STATE_HOME", "")
        base = Path(state) if Path(state).is_absolute() else home / ".local" / "state"
        return cls(base / "gate" / "revocations")

    def last(self, name: str) -> tuple[int, Digest] | None:
        """Return the highest serial under a name, and its list; None where none is remembered.

        A file that gate did not write is no memory: who can write it can delete it too.
        """
        try:
            with self._file(name).open("rb") as file:
                said = read_json(file.read(_MOST + 1), max_bytes=_MOST, max_depth=2)
            return _serial(said["serial"]), Digest.parse(said["digest"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def remember(self, name: str, serial: int, digest: Digest) -> None:
        """Keep a list that was verified. Does nothing where no file can be written."""
        path = self._file(name)
        said = {"name": name, "serial": serial, "digest": str(digest)}
        with suppress(OSError, GateError):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_whole(path, json.dumps(said).encode())

    def _file(self, name: str) -> Path:
        return self.folder / f"{hashlib.sha256(name.encode()).hexdigest()}.json"


def _serial(value: Any) -> int:  # noqa: ANN401  # whatever the file holds
    if type(value) is not int:
        raise ValueError
    return value
