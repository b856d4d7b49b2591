"""The public keys that `gate init` tries: those of the call, and those beside the policy."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from gate.cli.reads.plain_file import read_plain
from gate.errors import UsageError
from gate.keys.public import MAX_KEY_BYTES, MalformedKey, PublicKey, load_public_key

MAX_KEYS: Final = 16
"""The most keys that are tried: each is held against all that is attached to each image."""
_FOLDERS: Final = (".", "keys")


def find_keys(named: Sequence[str], folder: Path) -> dict[str, PublicKey]:
    """Return public keys by their path from a folder: the named ones, then `*.pub` found there.

    Looked for in the folder and in its `keys`. What is found and is no key is left out; what is
    named and is no key raises UsageError.
    """
    found: dict[str, PublicKey] = {}
    for name in named:
        try:
            key = load_public_key(_read(Path(name)))
        except (OSError, MalformedKey) as error:
            raise UsageError(
                "key-unusable",
                f"{name} cannot be used as a public key: {_why(error)}",
                remedy=getattr(error, "remedy", "")
                or "name the file of a public key in PEM form, such as cosign.pub",
            ) from error
        found[_path(Path(name), folder)] = key
    for below in _FOLDERS:
        for path in sorted((folder / below).glob("*.pub")):
            try:
                key = load_public_key(read_plain(path, MAX_KEY_BYTES + 1))
            except (OSError, MalformedKey):
                continue
            if len(found) < MAX_KEYS and not path.is_symlink():
                found.setdefault(_path(path, folder), key)
    return found


def _path(path: Path, folder: Path) -> str:
    return os.path.relpath(path, folder)


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_KEY_BYTES + 1)


def _why(error: Exception) -> str:
    return error.strerror or "it cannot be read" if isinstance(error, OSError) else str(error)
