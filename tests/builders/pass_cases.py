"""What several tests make of pass cases."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final


def _named() -> frozenset[int]:
    tests = Path(__file__).parent.parent
    names = [
        name
        for path in tests.rglob("test_*.py")
        for name in re.findall(r"^ *def (test_\w+)", path.read_text(), re.MULTILINE)
    ]
    return frozenset(int(n) for name in names for n in re.findall(r"_r([0-9]{3})(?=_|$)", name))


NAMED: Final = _named()
"""The cases that stand in the name of a test, anywhere."""
