"""Why a host gave no answer: a broken connection, a time that ran out, TLS that is not trusted."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Callable, Iterator
from typing import Final

from gate.errors import RegistryError
from gate.registry.codes import Code
from gate.registry.http.url import Url
from gate.registry.wire import quote

NO_HTTPS: Final = "does not speak https"
"""What is said of a host that answers in plain http."""

_NO_ROUTE: Final = frozenset((errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN))
_MOST_CAUSES: Final = 16
_UNKNOWN_ISSUER: Final = frozenset((18, 19, 20, 21))
"""OpenSSL's X509_V_ERR codes of a chain that ends at no authority that is trusted."""
_REMEDY: Final = "Check that the registry is up and can be reached from here, and run again."


class UnansweredError(Exception):
    """A try that gave no answer; another may."""

    def __init__(self, code: Code, problem: str, remedy: str = _REMEDY, *, at: str = "") -> None:
        """Take the code, the problem as the end of a sentence, the next step, and which host."""
        super().__init__(problem)
        self._at = at
        self._code = code
        self._problem = problem
        self._remedy = remedy

    def final(self, host: str) -> RegistryError:
        """Return the error of a host that is not asked again."""
        sent = f"{quote(host)} sends us to {quote(self._at)}, which"
        return RegistryError(
            self._code,
            f"{sent if self._at not in ('', host) else quote(host)} cannot be asked: "
            f"{self._problem}",
            remedy=self._remedy,
        )


def unanswered(
    url: Url, error: Exception, issuer: Callable[[], str]
) -> UnansweredError | RegistryError:
    """Return what an exception of the connection means: all that a library raises is no answer.

    `issuer` finds out who issued the host's certificate.
    """
    at = url.authority
    if isinstance(error, TimeoutError):
        return UnansweredError(
            Code.TIMEOUT,
            "it did not answer in time",
            "Check whether a firewall or proxy holds the connection back, and run again.",
            at=at,
        )
    if (broken := _tls_error(error)) is not None:
        return _untrusted(url, broken, issuer)
    return UnansweredError(Code.UNREACHABLE, *_broken(error), at=at)


def _broken(error: BaseException) -> tuple[str, str]:
    """Return how a connection failed, as the end of a sentence, and the next step."""
    for one in _causes(error):
        if isinstance(one, socket.gaierror):
            said = "its name is not found in the DNS"
            return said, "Correct the name, or run where the DNS knows it."
        if isinstance(one, ConnectionRefusedError):
            said = "nothing listens at its address and port (connection refused)"
            return said, "Correct the port, or start the registry, and run again."
        if isinstance(one, ConnectionResetError):
            return "it broke the connection off (connection reset)", _REMEDY
        if isinstance(one, OSError) and one.errno in _NO_ROUTE:
            said = "no network leads to its address"
            return said, "Connect this machine to the registry's network, and run again."
    return f"the connection failed ({type(error).__name__})", _REMEDY


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    for _ in range(_MOST_CAUSES):
        if seen is None:
            return
        yield seen
        seen = seen.__cause__ or seen.__context__


def _tls_error(error: BaseException) -> ssl.SSLError | None:
    for one in _causes(error):
        if isinstance(one, ssl.SSLError):
            return None if isinstance(one, ssl.SSLEOFError | ssl.SSLZeroReturnError) else one
    return None


def _untrusted(url: Url, error: ssl.SSLError, issuer: Callable[[], str]) -> RegistryError:
    """Return what is wrong with the registry's TLS: its certificate, or that it has none."""
    host = quote(url.authority)
    if error.reason == "WRONG_VERSION_NUMBER":  # what OpenSSL says of an answer in plain http
        return RegistryError(
            Code.TLS_FAILED,
            f"{host} {NO_HTTPS}",
            remedy=f"If it is meant to speak plain http, say so with --plain-http {host}.",
        )
    return RegistryError(
        Code.TLS_FAILED,
        f"{host} has no certificate that is trusted for it{_why(error)}{_whose(error, issuer)}",
        remedy="Name its certificate authority as `ca-file` in the file of --registries, or repair "
        "the server.",
    )


def _whose(error: ssl.SSLError, issuer: Callable[[], str]) -> str:
    """Return who issued a certificate that nobody here trusts; empty for any other fault."""
    if getattr(error, "verify_code", 0) not in _UNKNOWN_ISSUER:
        return ""
    name = issuer()
    return f"; it was issued by {' '.join(map(quote, name.split()))}" if name else ""


def _why(error: ssl.SSLError) -> str:
    """Return OpenSSL's own reason, such as `self-signed certificate`."""
    said = getattr(error, "verify_message", "")
    return f": {' '.join(map(quote, said.split()))}" if isinstance(said, str) and said else ""
