"""Who issued a host's certificate, for the message where it is not trusted.

Python's TLS tells that a certificate failed, and not whose it is: so it is asked for once more, and
nothing is sent. What is found is only told.
"""

from __future__ import annotations

import socket
import ssl
from typing import Final

from cryptography import x509

from gate.registry.configuration import RegistryConfiguration
from gate.registry.http.addresses import look_up
from gate.registry.http.transport import check_addresses
from gate.registry.http.url import Url

_SECONDS: Final = 5.0
_LONGEST: Final = 200


def issuer_of(url: Url, configuration: RegistryConfiguration) -> str:
    """Return the issuer's name, such as `CN=Acme Root,O=Acme`; empty where it cannot be had.

    Asks the host itself, so not through a proxy. Never raises.
    """
    if configuration.proxies.choose(*url.origin):
        return ""
    unchecked = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    unchecked.check_hostname = False
    unchecked.verify_mode = ssl.CERT_NONE
    try:
        addresses = look_up(url.host, url.port, _SECONDS)
        check_addresses(url.host, url.port, addresses, configuration)
        with (
            socket.create_connection((str(addresses[0]), url.port), _SECONDS) as plain,
            unchecked.wrap_socket(plain, server_hostname=url.host) as secure,
        ):
            shown = secure.getpeercert(binary_form=True)
        name = x509.load_der_x509_certificate(shown or b"").issuer.rfc4514_string()
    except Exception:  # noqa: BLE001  # it words a message: whatever goes wrong, there is no name
        return ""
    return name[:_LONGEST]
