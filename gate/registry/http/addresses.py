"""Which network addresses a name that comes from outside may lead to.

The name of an image is written by everybody who edits a manifest, and redirects, token realms and
links by those who run a registry. Without this check each could make a build machine talk
to its own loopback, its neighbours, or a cloud's metadata service.
"""

from __future__ import annotations

import ipaddress
import queue
import socket
import threading
from typing import Final, TypeAlias

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

_NOT_PUBLIC: Final = tuple(
    ipaddress.ip_network(network)
    for network in (
        "100.64.0.0/10",  # shared space of carriers
        "192.0.0.0/24",  # protocol assignments, one cloud's metadata service among them
        "64:ff9b::/96",  # NAT64: any IPv4 address, private ones too
        "64:ff9b:1::/48",
        "2002::/16",  # 6to4, likewise
        "fec0::/10",
    )
)


def is_public(address: Address) -> bool:
    """Whether an address is one that anybody on the internet may be sent to."""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return is_public(address.ipv4_mapped)
    if not address.is_global or address.is_multicast:
        return False
    return not any(
        address in network for network in _NOT_PUBLIC if network.version == address.version
    )


def look_up(host: str, port: int, seconds: float) -> tuple[Address, ...]:
    """Return the addresses of a name, each once, in the system's order.

    All that the system accepts as an address (`127.1`, `2130706433`) is resolved as the
    system would, so that what is checked is what is connected to. A name is looked up as its
    bytes: it is ASCII, and Python reads nothing into them. Raises OSError, and TimeoutError when
    the answer takes longer: the system's resolver has no bound of its own.
    """
    if known := written(host):
        return known
    answers: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host.encode("ascii"), port, type=socket.SOCK_STREAM)
            answers.put([str(entry[4][0]) for entry in found])
        except (OSError, UnicodeError) as error:
            answers.put(error if isinstance(error, OSError) else OSError("not a host name"))

    threading.Thread(target=ask, daemon=True, name="look-up").start()
    try:
        answer = answers.get(timeout=max(seconds, 0))
    except queue.Empty:
        msg = "name resolution took too long"
        raise TimeoutError(msg) from None
    if isinstance(answer, OSError):
        raise answer
    return tuple(dict.fromkeys(ipaddress.ip_address(a.partition("%")[0]) for a in answer))


def written(host: str) -> tuple[Address, ...]:
    """Return the address that a host is written as, in any way the system reads; asks nobody."""
    try:
        found = socket.getaddrinfo(host.encode("ascii"), None, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return ()
    return tuple(dict.fromkeys(ipaddress.ip_address(str(entry[4][0])) for entry in found))
