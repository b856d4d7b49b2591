"""Which tests are asked for which room: those of a plain checkout, that start no program."""

from __future__ import annotations

from typing import Final

ROOMS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "trust": (("gate/trust/*.py",), ("tests/trust", "tests/keys")),
}
"""For each room the modules, and the tests."""
