"""What is there to be applied, where a call that cannot be read would have written it.

Such a call judges nothing, and the step behind it may not look at its exit code. So no manifest
that an earlier run admitted stays there, and no pass that it signed. Reports stay: they tell of
their own run.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from gate.cli.writes.files import make_room, make_room_for_passes
from gate.errors import UsageError

_PINNED: Final = "--pinned"
_PASSES: Final = "--pass-file"
_COMMANDS: Final = frozenset(("check", "admit", "merge"))
"""The commands with one of these options."""


def remove_earlier(words: Sequence[str]) -> None:
    """Remove what the words of a call name for its output. What the call names besides stays.

    Never raises: what cannot be removed is left, as by a run that cannot write there.
    """
    if not words or words[0] not in _COMMANDS:
        return
    for option, value, others in _values(words):
        with contextlib.suppress(UsageError, OSError, ValueError):
            if option == _PASSES:
                make_room_for_passes(Path(value))
            else:
                make_room(Path(value), others)


def _values(words: Sequence[str]) -> Iterator[tuple[str, str, list[str]]]:
    """Yield each option that names output, with its value and all other words of the call."""
    for at, word in enumerate(words):
        option, equals, value = word.partition("=")
        if option not in (_PINNED, _PASSES):
            continue
        if equals:
            yield option, value, [*words[:at], *words[at + 1 :]]
        elif at + 1 < len(words):
            yield option, words[at + 1], [*words[: at + 1], *words[at + 2 :]]
