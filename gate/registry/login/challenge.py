"""How a host says that it wants to be asked: the WWW-Authenticate header.

https://www.rfc-editor.org/rfc/rfc9110#name-www-authenticate
"""

from __future__ import annotations

import re
from typing import Final

from gate.errors import RegistryError
from gate.model.expressions import expression
from gate.model.records import dataclass
from gate.registry.codes import Code
from gate.registry.wire import quote

_PARAMETER: Final = expression(r'([a-z]+)="([^"\x00-\x1f]{0,4096})"(?:,\s*|$)', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Challenge:
    """How a host wants to be asked."""

    scheme: str
    """`basic` or `bearer`."""
    realm: str = ""
    service: str = ""


def parse_challenge(header: str, host: str) -> Challenge:
    """Read a WWW-Authenticate header. Raises RegistryError where it asks for what we lack."""
    scheme, _, rest = header.strip().partition(" ")
    found: dict[str, str] = {}
    position = 0
    while form := _PARAMETER.match(rest, position):
        found.setdefault(form[1].lower(), form[2])
        position = form.end()
    if scheme.lower() == "basic":
        return Challenge("basic")
    if scheme.lower() == "bearer" and found.get("realm"):
        return Challenge("bearer", found["realm"], found.get("service", ""))
    raise RegistryError(
        Code.DENIED,
        f"{quote(host)} wants credentials of a kind that gate does not have",
        remedy="Check the registry's address; gate logs in by token or by user and password.",
    )
