"""An in-toto layout and its links, carried together as `{"layout": …, "links": […]}`.

in-toto keeps them as files side by side and names no predicate type for the set. This one
is gate's own. Each part stays as in-toto signed it, DSSE or traditional metadata.
"""

from __future__ import annotations

import json
from typing import Final

from gate.documents import strict
from gate.model.predicates import LayoutSet
from gate.predicates import fields

LINKS: Final = 1_000
"""The most links that a set may have."""


def parse(predicate: object) -> LayoutSet:
    """Read a set. Raises ValueError with one sentence. Verifies nothing."""
    document = fields.unwrapped(predicate, "the layout set")
    layout = strict.mapping(document.get("layout"), "layout")
    links = strict.sequence(document.get("links"), "links")
    if len(links) > LINKS:
        msg = f"there are more than {LINKS} links"
        raise ValueError(msg)
    return LayoutSet(
        json.dumps(layout), tuple(json.dumps(strict.mapping(link, "a link")) for link in links)
    )
