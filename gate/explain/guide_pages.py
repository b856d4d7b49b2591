"""The pages of `docs/`, which messages point to: in the installed package as in a checkout."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import gate
from gate.model.expressions import expression

_NAME: Final = expression(r"(?:docs/)?([a-z][a-z-]*)(?:\.md)?")
_HERE: Final = Path(gate.__file__).parent
_PLACES: Final = (_HERE / "docs", _HERE.parent / "docs")
"""Where a wheel has them, and where a checkout has them."""


def guide_names() -> tuple[str, ...]:
    """Return the name of every page, such as `evidence`, sorted."""
    return tuple(sorted(path.stem for path in _folder().glob("*.md")))


def guide_page(name: str) -> str | None:
    """Return the Markdown of `evidence`, `evidence.md` or `docs/evidence.md`; None for others."""
    form = _NAME.fullmatch(name)
    if form is None or form[1] not in guide_names():
        return None
    return (_folder() / f"{form[1]}.md").read_text(encoding="utf-8")


def _folder() -> Path:
    return next((place for place in _PLACES if (place / "pass.md").is_file()), _PLACES[0])
