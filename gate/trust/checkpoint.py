"""What a log signs about its tree: a checkpoint in a signed note.

https://github.com/C2SP/C2SP/blob/main/tlog-checkpoint.md,
https://github.com/C2SP/C2SP/blob/main/signed-note.md
"""

from __future__ import annotations

import re
from typing import Final

from gate.model.expressions import expression
from gate.model.records import dataclass
from gate.trust.proto_json import decode_base64
from gate.trust.refusal import malformed

MAX_CHARACTERS: Final = 64 * 1024
MAX_SIGNATURES: Final = 16
_SIGNATURE: Final = expression("\u2014 ([^ \n]{1,256}) ([A-Za-z0-9+/=]{1,4096})")
_SIZE: Final = expression(r"0|[1-9][0-9]{0,18}", re.ASCII)
_HEADER_LINES: Final = 3
_KEY_ID_BYTES: Final = 4


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One line under a checkpoint, by the log or a witness."""

    name: str
    key_id: bytes
    """The first 4 bytes of the key's name."""
    signature: bytes


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The size and root of a tree, and who says so."""

    note: bytes
    """What is signed."""
    name: str
    """The log's, as the note has it; without Rekor's tree id."""
    size: int
    root: bytes
    signatures: tuple[NoteSignature, ...]


def parse_checkpoint(text: str) -> Checkpoint:
    """Read a checkpoint. Raises Refusal."""
    head, _, tail = text.partition("\n\n")
    lines = head.split("\n")
    if len(text) > MAX_CHARACTERS or not tail.endswith("\n"):
        raise malformed("the checkpoint is not a signed note")
    if len(lines) < _HEADER_LINES or not lines[0] or not _SIZE.fullmatch(lines[1]):
        raise malformed("the checkpoint lacks its origin, size or root hash")
    signatures = tail.removesuffix("\n").split("\n")
    if len(signatures) > MAX_SIGNATURES:
        raise malformed(f"the checkpoint has more than {MAX_SIGNATURES} signatures")
    return Checkpoint(
        note=f"{head}\n".encode(),
        name=lines[0].partition(" - ")[0],
        size=int(lines[1]),
        root=decode_base64(lines[2], "the checkpoint's root hash"),
        signatures=tuple(map(_signature, signatures)),
    )


def _signature(line: str) -> NoteSignature:
    form = _SIGNATURE.fullmatch(line)
    if form is None:
        raise malformed("a signature under the checkpoint is not one of a signed note")
    raw = decode_base64(form[2], "a checkpoint's signature")
    return NoteSignature(form[1], raw[:_KEY_ID_BYTES], raw[_KEY_ID_BYTES:])
