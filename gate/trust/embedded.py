"""The trusted root of Sigstore's public instance, as it came with this release of gate."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Final

from gate.trust.trusted_root import TrustedRoot, parse_trusted_root

_FILE: Final = "public-good.json"


@cache
def embedded_root() -> TrustedRoot:
    """Return the root. `gate.trust.policy.EMBEDDED_AT` says of which day it is.

    It is read once in a process: many statements are held against it, and it never changes.
    """
    return parse_trusted_root(resources.files("gate.trust").joinpath("roots", _FILE).read_bytes())
