"""Ports, addresses, networks and headers: which values the API server takes.

Each function returns what its kind in `gate.lint.kubernetes.formats` returns.
"""

from __future__ import annotations

import ipaddress
from typing import Any, Final

from gate.lint.kubernetes.formats import ALNUM, LOWER, is_fraction, is_whole

_PORTS: Final = range(1, 65536)
_PORT_NAME: Final = 15
_HEADER: Final = ALNUM | frozenset("-")


def port(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold the number of a port."""
    wrong = is_whole(value) and value not in _PORTS
    return "between 1 and 65535" if wrong else None


def port_or_zero(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold the number of a port where 0 means that the server chooses."""
    return None if is_whole(value) and value == 0 else port(value)


def port_name(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold the name of a port, as RFC 6335 says."""
    wrong = isinstance(value, str) and value and not is_port_name(value)
    return (
        "at most 15 lower case letters, digits and '-', with a letter, without '--', and with no "
        "'-' at either end"
        if wrong
        else None
    )


def is_port_name(text: str) -> bool:
    """Whether a text is the name of a port.

    >>> is_port_name("http-2"), is_port_name("8080"), is_port_name("a--b")
    (True, False, False)
    """
    return (
        0 < len(text) <= _PORT_NAME
        and LOWER.issuperset(text)
        and not text.isdigit()
        and any(char.isalpha() for char in text)
        and "--" not in text
        and text[0] != "-"
        and text[-1] != "-"
    )


def port_or_name(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold the number or the name of a port."""
    if is_fraction(value):
        return "the number or the name of a port"
    return port_name(value) if isinstance(value, str) else port(value)


def port_or_name_or_zero(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold the number or the name of a port where 0 means another port that is named."""
    return None if is_whole(value) and value == 0 else port_or_name(value)


def address(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold an address of IPv4 or IPv6. Zeros before a number are taken, as older objects have."""
    if not isinstance(value, str):
        return None
    try:
        ipaddress.ip_address(_plain(value))
    except ValueError:
        return "an IP address, such as 10.0.0.1 or 2001:db8::1"
    return "an IP address without a zone" if "%" in value else None


def strict_address(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold an address that is written in one way only, as releases since 1.36 do."""
    return _strict(value) if isinstance(value, str) and address(value) is None else None


def strict_network(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold a network whose address is its first one and is written in one way only.

    Releases since 1.36 do.
    """
    if not isinstance(value, str) or network(value):
        return None
    host, _, length = value.partition("/")
    if must := _strict(host):
        return must
    if length[:1] == "0" and length != "0":
        return "a network with no zero before its length"
    first = ipaddress.ip_network(value, strict=False)
    return None if ipaddress.ip_address(host) == first.network_address else f"{first}"


def _strict(text: str) -> str | None:
    if _plain(text) != text:
        return "an IP address with no zeros before a number"
    parsed = ipaddress.ip_address(text)
    mapped = parsed.version == 6 and parsed.ipv4_mapped  # noqa: PLR2004  # IPv6
    return f"{mapped}, the same address in IPv4" if mapped else None


def cluster_address(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold the address of a Service, or None."""
    return None if value in ("None", "") or address(value) is None else "an IP address or None"


def network(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold a network in CIDR notation: an address, `/`, and how many bits are the network's."""
    if not isinstance(value, str):
        return None
    host, slash, length = value.partition("/")
    fits = slash and length.isascii() and length.isdigit() and address(host) is None and host
    if fits and int(length[:4]) <= (128 if ":" in host else 32):
        return None
    return "a network such as 10.0.0.0/8 or 2001:db8::/32"


def header_name(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold the name of an HTTP header, which has fewer characters here than in RFC 9110."""
    wrong = isinstance(value, str) and not (value and _HEADER.issuperset(value))
    return "the name of an HTTP header: letters, digits and '-'" if wrong else None


def _plain(text: str) -> str:
    """Return an address without zeros before the numbers of IPv4, which older releases take."""
    head, colon, last = text.rpartition(":")
    if "." not in last:
        return text
    numbers = [part.lstrip("0") or part[-1:] for part in last.split(".")]
    return head + colon + ".".join(numbers)
