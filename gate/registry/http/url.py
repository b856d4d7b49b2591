"""URLs of http and https, read strictly: what two readers could read differently is refused.

A URL from outside says where a request goes. So there is one reader of it here, and what it found
is what is connected to, compared and sent: nothing reads the text again.

https://www.rfc-editor.org/rfc/rfc3986
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import unquote_plus, urlencode

from gate.model.expressions import expression
from gate.model.records import dataclass

_LONGEST: Final = 8192
_LONGEST_HOST: Final = 253
_LAST_PORT: Final = 65535
_PORTS: Final = {"http": 80, "https": 443}
_NAME: Final = r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?\.?"
_ESCAPE: Final = "%[0-9a-f]{2}"
_URL: Final = expression(
    rf"(https?)://({_NAME}|\[[0-9a-f:.]+\])(?::([1-9][0-9]{{0,4}}))?"
    rf"((?:/(?:[^?#\\%]++|{_ESCAPE})*+)?)((?:\?(?:[^#\\%]++|{_ESCAPE})*+)?)",
    re.IGNORECASE | re.ASCII,
)
_WHOLE: Final = expression(r"[^/?]*:")
"""How a location begins that is no part of a URL, or none at all."""
_FOUR_NUMBERS: Final = expression(r"\d+\.\d+\.\d+\.\d+", re.ASCII)
_ESCAPED_IN_PATH: Final = {ord(character): f"%{ord(character):02X}" for character in ' "<>`{}'}
"""Characters that no URL holds, and that some write into one. A query may hold the last three."""
_ESCAPED_IN_QUERY: Final = {code: _ESCAPED_IN_PATH[code] for code in map(ord, ' "<>')}


@dataclass(frozen=True, slots=True)
class Url:
    """Where one request goes. It has no user, no password and no fragment."""

    scheme: str
    """`http` or `https`."""
    host: str
    """A name or an address in lower case; of IPv6 without its brackets. Not more than ASCII."""
    port: int
    """From 1 to 65535, where the text names none the scheme's own."""
    target: str
    """Path and query, as they are sent: `/v2/`, `/token?service=a`."""

    @classmethod
    def parse(cls, text: str) -> Url:
        """Read a whole URL. Raises ValueError, which does not repeat it.

        >>> str(Url.parse("HTTPS://Registry.example:443/v2/./a b/../?n=1"))
        'https://registry.example/v2/?n=1'
        """
        plain = text.isascii() and text.isprintable() and not text.endswith(" ")
        form = _URL.fullmatch(text) if plain and len(text) <= _LONGEST else None
        if form is None:
            msg = "it is no plain URL of http or https"
            raise ValueError(msg)
        scheme, host, port, path, query = form.groups()
        scheme = scheme.lower()
        number = int(port) if port else _PORTS[scheme]
        if number > _LAST_PORT:
            msg = f"a port is at most {_LAST_PORT}"
            raise ValueError(msg)
        if "/." in path:
            path = _without_dots(path)
        path = path.translate(_ESCAPED_IN_PATH) or "/"
        query = "" if query == "?" else query.translate(_ESCAPED_IN_QUERY)
        return cls(scheme, _host(host), number, f"{path}{query}")

    @property
    def authority(self) -> str:
        """`host[:port]`, the port only where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port: what credentials belong to."""
        return self.scheme, self.host, self.port

    def join(self, location: str) -> Url | None:
        """Return the URL that a header of this one's answer leads to; None unless it is plain.

        A location is a URL, or one without scheme, without host, or relative to this path.
        """
        path, _, _ = self.target.partition("?")
        if location in ("", "?") or location[0] in " ;" or len(location) > _LONGEST:
            return None
        if _WHOLE.match(location):
            text = location
        elif location.startswith("//"):
            text = f"{self.scheme}:{location}"
        elif location.startswith("/"):
            text = f"{self._root}{location}"
        elif location.startswith("?"):
            text = f"{self._root}{path}{location}"
        elif "//" in location.partition("?")[0]:  # an empty name, which some readers leave out
            return None
        else:
            text = f"{self._root}{path[: path.rindex('/') + 1]}{location}"
        try:
            return Url.parse(text)
        except ValueError:
            return None

    def asking(self, parameters: Iterable[tuple[str, str]]) -> Url:
        """Return it with one or more parameters, in place of what its query says under their names.

        >>> str(Url.parse("https://a.example/t?b=1&service=old").asking([("service", "a b")]))
        'https://a.example/t?b=1&service=a+b'
        """
        path, _, query = self.target.partition("?")
        pairs = tuple(parameters)
        names = {name for name, _ in pairs}
        kept = [p for p in query.split("&") if p and _name(p) not in names]
        return Url(*self.origin, f"{path}?{'&'.join((*kept, urlencode(pairs)))}")

    @property
    def _root(self) -> str:
        return f"{self.scheme}://{self.authority}"

    def __str__(self) -> str:
        """Return its text, which `parse` reads as the same."""
        return f"{self._root}{self.target}"


def _host(text: str) -> str:
    """Return a host in lower case. Raises ValueError for addresses that are none."""
    host = text.lower()
    if host.startswith("["):
        ipaddress.IPv6Address(host[1:-1])
        return host[1:-1]
    if len(host) > _LONGEST_HOST:
        msg = f"a host has at most {_LONGEST_HOST} characters"
        raise ValueError(msg)
    if _FOUR_NUMBERS.fullmatch(host):
        ipaddress.IPv4Address(host)
    return host


def _without_dots(path: str) -> str:
    """Return a path without `.` and `..`, as section 5.2.4 has it.

    Raises ValueError where an empty name is among others: readers go back from it differently.
    """
    names = path.split("/")[1:]
    dotted = {".", ".."} & set(names)
    if dotted and "//" in path:
        msg = "a path with an empty name goes back"
        raise ValueError(msg)
    kept: list[str] = []
    for name in names:
        if name == "..":
            del kept[-1:]
        elif name != ".":
            kept.append(name)
    return f"/{'/'.join(kept)}{'/' if names[-1] in dotted and kept else ''}"


def _name(pair: str) -> str:
    return unquote_plus(pair.partition("=")[0])
